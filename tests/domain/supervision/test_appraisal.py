"""What a quarter's lines say of each member of staff, beside what their cases come to in others' hands (6.2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.supervision import appraisal, lines, quarters
from chalicelib.domain.supervision.appraisal import Said, Tally
from chalicelib.domain.supervision.lines import Line
from tests.domain.supervision.made import DEFAULTS

QUARTER = quarters.named("2026Q4")
NOON = datetime.fromisoformat("2026-11-10T12:00:00+08:00")


def made(kind: type[Any], number: int, at: datetime = NOON, **said: Any) -> Any:
    known = DEFAULTS[kind] | {"id": f"C{number:05}", "seq": 9, "at": at, "day": at.date()}
    if kind in (lines.Surveyed, lines.Reopened):
        known |= {"closed_day": at.date()}
    return kind(**known | said)


def closed(number: int, planner: str | None = "cs.lin", **said: Any) -> Any:
    return made(lines.Closed, number, planner=planner, **said)


def tally(*found: Iterable[Line]) -> Tally:
    made_of = Tally(QUARTER)
    made_of.add(line for group in found for line in group)
    return made_of


def item(made_of: Tally, name: appraisal.Item, who: str = "cs.lin") -> Said:
    return next(one for one in made_of.of(who) if one.item == name)


# ---- quarters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        ("2026-01-01", "2026Q1", "2026-01-01", "2026-03-31"),
        ("2026-06-30", "2026Q2", "2026-04-01", "2026-06-30"),
        ("2028-02-29", "2028Q1", "2028-01-01", "2028-03-31"),
        ("2026-12-31", "2026Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_quarter_has_its_days(day: str, name: str, first: str, last: str) -> None:
    found = quarters.quarter_of(date.fromisoformat(day))
    assert (found.name, str(found.first), str(found.last)) == (name, first, last)
    assert quarters.named(name) == found


def test_the_quarter_before_the_first_is_the_last_of_the_year_before() -> None:
    assert quarters.before(date(2027, 2, 10)).name == "2026Q4"


@pytest.mark.parametrize("name", ["2026Q5", "2026", "26Q1", "2026Q4 "])
def test_what_is_no_quarter_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        quarters.named(name)


def test_of_the_quarter_all_kinds_are_read_and_after_it_only_what_ripens() -> None:
    read = dict(appraisal.quarter_days(QUARTER, date(2027, 2, 3)))
    assert len(read) == 92 + 34
    assert "missed" in read[date(2026, 12, 31)]
    assert read[date(2027, 1, 1)] == appraisal.RIPENING


# ---- what is counted -------------------------------------------------------------------------------------------------


def test_closures_are_counted_for_whoever_held_the_last_planning_stage_and_merged_ones_for_nobody() -> None:
    found = tally([closed(1), closed(2, "cs.wang"), closed(3, None), closed(4, outcome="merged")])
    assert item(found, "closures").n == 1
    assert item(found, "closures", "cs.wang").n == 1
    assert {*found.people} == {"cs.lin", "cs.wang"}


def test_of_another_quarter_nothing_is_counted() -> None:
    later = NOON + timedelta(days=90)
    found = tally([closed(1, at=later, day=later.date()), made(lines.Missed, 2, at=later, held_by="cs.lin")])
    assert item(found, "closures").n == 0
    assert item(found, "breaches").n == 0


def test_right_first_time_is_satisfied_in_round_one_and_not_reopened_in_thirty_days() -> None:
    late = {"at": NOON + timedelta(days=31), "day": (NOON + timedelta(days=31)).date()}
    reopened = [
        made(lines.Reopened, 1, planner="cs.lin", day=(NOON + timedelta(days=30)).date()),
        made(lines.Reopened, 2, planner="cs.lin", closed_day=NOON.date(), **late),
        made(lines.Reopened, 4, planner="cs.lin", after="no_response"),
    ]
    closures = [closed(1), closed(2), closed(3, round=2), closed(4, outcome="no_response"), closed(5, with_plan=False)]
    found = item(tally(closures, reopened), "right_first_time")
    assert (found.n, found.count, found.cases) == (4, 1, ("C00001", "C00003", "C00004"))


def test_objections_are_counted_for_whose_plan_it_was_and_who_does_not_answer_does_not_object() -> None:
    answers = [
        made(lines.Answered, number, answer=answer, planner="cs.lin", category="delivery")
        for number, answer in enumerate(("accepted", "objected", "review", "lapsed"))
    ]
    found = item(tally(answers), "objections")
    assert (found.n, found.count, found.cases) == (3, 2, ("C00001", "C00002"))


def test_what_a_merger_takes_back_is_taken_back_here_too_by_its_own_day() -> None:
    known = {"planner": "cs.lin", "category": "delivery", "recorded_by": "cs.lin"}
    later = NOON + timedelta(days=70)
    given = [made(lines.Answered, 1, **known), made(lines.Answered, 2, answer="objected", **known)]
    taken = [one.model_copy(update={"sign": -1, "for_day": one.day, "day": later.date(), "at": later}) for one in given]
    found = tally(given, taken)
    assert item(found, "objections") == item(tally(), "objections").model_copy(
        update={"compared": item(found, "objections").compared}
    )
    assert item(found, "acceptances").cases == ()


def test_a_breach_counts_for_the_person_who_held_it_and_a_void_one_for_nobody() -> None:
    missed = [
        made(lines.Missed, 1, held_by="cs.lin"),
        made(lines.Missed, 2, held_by="cs.lin", ladder="planning"),
        made(lines.Missed, 3, held_by="cs.lin", void=True),
        made(lines.Missed, 4, held_by="quality"),
    ]
    found = tally(missed)
    assert item(found, "breaches").by == {"inquiry": 1, "planning": 1}
    assert "quality" not in found.people


@pytest.mark.parametrize(("last", "counted"), [("not_attributable", 0), ("talk", 1)])
def test_a_breach_that_was_decided_not_to_be_theirs_is_not_counted_and_the_last_decision_is_what_counts(
    last: str, counted: int
) -> None:
    first = "talk" if last == "not_attributable" else "not_attributable"
    later = NOON + timedelta(days=60)
    known = {"number": 1, "department": "customer_service"}
    decided = [
        lines.Heard(id="C00001", seq=seq, at=later, day=later.date(), measure=measure, **known)  # type: ignore[arg-type]
        for seq, measure in ((20, first), (22, last))
    ]
    missed = [made(lines.Missed, 1, held_by="cs.lin").model_copy(update={"number": 1})]
    for found in (tally(missed, decided), tally(decided[::-1], missed)):
        assert item(found, "breaches").count == counted


def test_an_answer_that_was_changed_counts_as_it_was_changed_whichever_comes_first() -> None:
    low = made(lines.Surveyed, 1, planner="cs.lin", overall=1, seq=10)
    mended = made(lines.Surveyed, 1, planner="cs.lin", overall=5, seq=11, first=False)
    for found in (tally([low, mended]), tally([mended, low]), tally([low], [mended])):
        assert (item(found, "satisfied").n, item(found, "satisfied").count) == (1, 1)
        assert item(found, "low_answers").n == 0


def test_low_answers_stand_by_what_they_were_found_to_be_about() -> None:
    answered = [made(lines.Surveyed, number, planner="cs.lin", overall=2) for number in range(3)]
    reviewed = [
        made(lines.Surveyed, number, planner="cs.lin", what="reviewed", overall=None, fault=fault, seq=12)
        for number, fault in enumerate(("product", "conduct"))
    ]
    found = item(tally(answered, reviewed), "low_answers")
    assert (found.count, found.by) == (3, {"conduct": 1, "product": 1, "unreviewed": 1})


def test_findings_are_named() -> None:
    found = tally([closed(1)]).of("cs.lin", ("audit_2026Q4-1 3",))[-1]
    assert (found.item, found.count, found.cases) == ("findings", 1, ("audit_2026Q4-1 3",))


@pytest.mark.parametrize(("n", "rate"), [(9, None), (10, 1.0)])
def test_of_fewer_than_ten_no_rate_is_said_and_no_comparison(n: int, rate: float | None) -> None:
    others = [closed(1000 + number, "cs.wang", outcome="no_response") for number in range(20)]
    found = item(tally([closed(number) for number in range(n)], others), "right_first_time")
    assert (found.n, found.rate, found.low is None) == (n, rate, rate is None)
    assert found.compared
    assert (found.compared.ratio is None) == (rate is None)


# ---- case mix --------------------------------------------------------------------------------------------------------


def closures(planner: str, n: int, wrong: int, first: int, **said: Any) -> list[Any]:
    ends = ["no_response"] * wrong + ["satisfied"] * (n - wrong)
    return [closed(first + number, planner, outcome=outcome, **said) for number, outcome in enumerate(ends)]


HARD = {"category": "false_advertising", "rejects": True, "tier": "look"}


def test_the_person_whose_raw_rate_is_worst_is_not_pointed_out_where_their_cases_explain_it() -> None:
    """陈 has the hard cases, where half go wrong for everybody; 林 and 王 mostly have the others."""
    found = tally(
        closures("cs.chen", 60, 31, 0, **HARD),
        closures("cs.lin", 40, 20, 100, **HARD),
        *(closures(name, 200, 20, first) for name, first in (("cs.lin", 200), ("cs.wang", 400))),
        closures("cs.chen", 10, 1, 700),
    )
    said = {name: item(found, "right_first_time", name) for name in ("cs.chen", "cs.lin", "cs.wang")}
    assert min(said, key=lambda name: said[name].rate or 0) == "cs.chen"
    chen = said["cs.chen"].compared
    assert chen
    assert chen.n == 70
    assert chen.observed == 32
    assert chen.expected == pytest.approx(31.0)
    assert [one.compared.flag for one in said.values() if one.compared] == [None, None, None]


def test_whose_cases_do_not_explain_it_is_pointed_out_and_so_is_who_does_better() -> None:
    found = tally(closures("cs.chen", 60, 31, 0), closures("cs.lin", 600, 60, 100), closures("cs.wang", 60, 0, 800))
    flags = [item(found, "right_first_time", name).compared for name in ("cs.chen", "cs.lin", "cs.wang")]
    assert [one.flag for one in flags if one] == ["more", "fewer", "fewer"]
    assert flags[0]
    assert flags[0].low == pytest.approx(21.06 / (60 * 60 / 660), rel=0.001)


def test_nothing_is_pointed_out_of_fewer_than_thirty_or_where_fewer_than_five_are_expected() -> None:
    few = item(tally(closures("cs.chen", 29, 29, 0), closures("cs.lin", 600, 150, 100)), "right_first_time")
    chen = item(tally(closures("cs.chen", 29, 29, 0), closures("cs.lin", 600, 150, 100)), "right_first_time", "cs.chen")
    rare = item(tally(closures("cs.chen", 40, 20, 0), closures("cs.lin", 600, 6, 100)), "right_first_time", "cs.chen")
    assert few.compared
    assert chen.compared
    assert rare.compared
    assert chen.compared.low
    assert rare.compared.low
    assert chen.compared.low > 1 < rare.compared.low
    assert chen.compared.flag is rare.compared.flag is None


def test_what_nobody_else_had_is_not_compared_and_it_says_of_how_many() -> None:
    found = item(tally(closures("cs.chen", 40, 20, 0, **HARD)), "right_first_time", "cs.chen").compared
    assert found
    assert (found.n, found.left_out, found.flag, found.ratio) == (0, 40, None, None)


def test_a_later_round_is_never_right_first_time_and_is_not_held_against_who_took_it_over() -> None:
    taken_over = closures("cs.chen", 50, 0, 0, round=2)
    found = item(tally(taken_over, closures("cs.lin", 100, 10, 100)), "right_first_time", "cs.chen")
    assert (found.rate, found.compared and found.compared.n) == (0.0, 0)


CHANCE = st.lists(
    st.tuples(st.sampled_from(["cs.lin", "cs.wang", None]), st.booleans(), st.booleans(), st.integers(1, 3)),
    max_size=30,
)


@given(CHANCE, st.randoms())
def test_in_whatever_order_lines_come_they_say_the_same_and_all_are_somebodys(drawn: Any, order: Any) -> None:
    found = [
        closed(number, planner, rejects=rejects, round=round_, outcome="satisfied" if right else "no_response")
        for number, (planner, rejects, right, round_) in enumerate(drawn)
    ]
    shuffled = [*found]
    order.shuffle(shuffled)
    one, other = tally(found), tally(shuffled)
    for who in ("cs.lin", "cs.wang"):
        assert one.of(who) == other.of(who)
        compared = item(one, "right_first_time", who).compared
        assert compared
        assert compared.n + compared.left_out == sum(p == who and r == 1 for p, _, _, r in drawn)
