"""6.2: what gives rise to a training, what becomes of it, and what was counted before and after it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed
from chalicelib.domain.supervision import recent, training
from chalicelib.domain.supervision.lines import Line, Missed, Surveyed
from chalicelib.domain.supervision.recent import Counted, Recent
from chalicelib.domain.supervision.training import Completion, Evidence, Training
from tests.domain.cases import POLICY, missed_by_lin

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 10, 12)
CHEN = people.staff("cs.chen", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"supervisor"}))
WU = people.staff("management.wu", frozenset({"management"}))
NOTE = Completion(note="复盘了两通电话。")


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def survey(number: int, day: date, what: str = "answered", *, planner: str = "cs.chen", **more: Any) -> Surveyed:
    return Surveyed(
        id=f"{number:05}-AAAAA", seq=9 + (what != "answered"), at=at(day), day=day, what=what, closed_day=day,
        closure=1, outcome="satisfied", later_round=False, breached=False, category="delivery", planner=planner, **more,
    )  # fmt: skip


def missed(number: int, day: date, *, held_by: str = "cs.chen", **more: Any) -> Missed:
    shared = {"ladder": "investigating", "stage": "investigating", "held_by": held_by}
    return Missed(id=f"{number:05}-AAAAA", seq=3, at=at(day), day=day, due_at=at(day, 0), **shared, **more)


def low(number: int, day: date) -> list[Line]:
    return [survey(number, day), survey(number, day, "reviewed", fault="conduct")]


def known_of(*days: tuple[date, list[Line]]) -> Recent:
    known = Recent()
    for day, lines in days:
        known = recent.read(known, day, lines)
    return known


def given_on(day: date, topic: training.Topic = "conduct", known: Recent = Recent()) -> Training:  # noqa: B008
    evidence = [Evidence(what="version_unread", of="2", at=at(day))]
    one = training.given("cs.chen", topic, f"{day:%Y%m%d}", evidence, at(day), POLICY)
    return training.looked_back(one, known, POLICY)


# ---- what gives rise to one ------------------------------------------------------------------------------------------


def test_two_low_answers_by_conduct_in_the_last_twenty_do_and_one_does_not():
    one = known_of((MONDAY, low(1, MONDAY)))
    assert training.of_conduct(one.of("cs.chen"), []) == []
    two = recent.read(one, MONDAY + timedelta(days=1), low(2, MONDAY + timedelta(days=1)))
    assert [answer.id for answer in training.of_conduct(two.of("cs.chen"), [])] == ["00001-AAAAA", "00002-AAAAA"]


def test_low_answers_about_products_and_processes_count_for_nobody():
    lines: list[Line] = [survey(1, MONDAY), survey(2, MONDAY), survey(3, MONDAY)]
    lines += [survey(n, MONDAY, "reviewed", fault=fault) for n, fault in ((1, "product"), (2, "process"))]
    assert training.of_conduct(known_of((MONDAY, lines)).of("cs.chen"), []) == []


def test_what_twenty_better_answers_came_after_is_forgotten():
    known = known_of((MONDAY, [*low(1, MONDAY), *low(2, MONDAY)]))
    later = MONDAY + timedelta(days=1)
    known = recent.read(known, later, [survey(n, later) for n in range(10, 29)])
    assert training.of_conduct(known.of("cs.chen"), []) == [], "of the last twenty one"


def test_an_answer_that_a_reopening_voids_is_none():
    later = MONDAY + timedelta(days=1)
    known = known_of((MONDAY, [*low(1, MONDAY), *low(2, MONDAY)]), (later, [survey(2, later, "voided")]))
    assert training.of_conduct(known.of("cs.chen"), []) == []


def test_two_times_missed_within_a_month_do_whoever_was_merged_or_had_no_breach_at_all():
    later = MONDAY + timedelta(days=29)
    lines: list[Line] = [missed(1, MONDAY), missed(4, MONDAY, void=True), missed(5, MONDAY, merged=True)]
    known = known_of((MONDAY, [*lines, missed(6, MONDAY, held_by="quality")]))
    assert training.of_deadlines(known.of("cs.chen"), []) == []
    two = recent.read(known, later, [missed(2, later)])
    assert [one.id for one in training.of_deadlines(two.of("cs.chen"), [])] == ["00001-AAAAA", "00002-AAAAA"]
    assert "quality" not in two.people, "a department is nobody"
    too_late = recent.read(known, later + timedelta(days=1), [missed(2, later + timedelta(days=1))])
    assert training.of_deadlines(too_late.of("cs.chen"), []) == []


def test_while_one_is_open_there_is_no_other_on_its_topic_and_what_came_before_it_was_done_counts_no_more():
    known = known_of((MONDAY, [*low(1, MONDAY), *low(2, MONDAY)])).of("cs.chen")
    given_one = given_on(MONDAY)
    assert training.of_conduct(known, [given_one]) == []
    done = training.completed(given_one, NOTE, CHEN, at(MONDAY + timedelta(days=3)))
    assert training.of_conduct(known, [done]) == []
    before = training.completed(given_one, NOTE, CHEN, at(MONDAY - timedelta(days=3)))
    assert len(training.of_conduct(known, [before])) == 2


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_a_day_that_is_read_again_says_the_same(order: list[int], again: list[int]):
    days = {
        MONDAY + timedelta(days=n): [*low(n, MONDAY + timedelta(days=n)), missed(n, MONDAY + timedelta(days=n))]
        for n in range(6)
    }
    whole = known_of(*days.items())
    known = whole
    for n in again:
        day = MONDAY + timedelta(days=n)
        known = recent.read(known, day, [days[day][one] for one in order if one < 3])
    assert known == whole


def test_who_was_here_when_the_list_began_is_no_newcomer_and_nobody_is_after_thirty_days():
    begun = at(MONDAY)
    joined = begun + timedelta(days=10)
    assert not training.is_new(begun, begun, begun)
    assert training.is_new(joined, begun, joined + timedelta(days=29))
    assert not training.is_new(joined, begun, joined + timedelta(days=30))


def test_what_was_missed_is_named_by_the_number_of_its_hearing_as_long_as_it_stands():
    complaint = missed_by_lin().complaint
    breach = complaint.breaches[0]
    later = breach.model_copy(update={"due_at": breach.due_at + timedelta(days=1)})
    line = missed(1, MONDAY, held_by="cs.lin").model_copy(update={"due_at": later.due_at})
    (one,) = recent.read(Recent(), MONDAY, [line]).of("cs.lin").missed
    twice = complaint.model_copy(update={"breaches": (breach, later)})
    assert training.still_held_as(one, twice, "cs.lin") == 2
    assert training.still_held_as(one, twice, "cs.chen") is None
    void = complaint.model_copy(update={"breaches": (breach, later.model_copy(update={"void": True}))})
    assert training.still_held_as(one, void, "cs.lin") is None


# ---- what becomes of it ----------------------------------------------------------------------------------------------


def test_it_is_due_at_the_end_of_the_twentieth_working_day():
    assert given_on(MONDAY).due_at == datetime(2026, 11, 10, tzinfo=SHANGHAI)
    over_new_year = given_on(date(2026, 12, 21))
    assert over_new_year.provisional
    assert training.recounted(over_new_year, POLICY) is over_new_year


def test_they_say_that_it_is_done_and_a_supervisor_confirms_it():
    one = given_on(MONDAY)
    done = training.completed(one, NOTE, CHEN, at(MONDAY, 12))
    assert (done.state, done.done_by, done.note, done.edition) == ("done", "cs.chen", NOTE.note, 3)
    with pytest.raises(NotAllowed, match="training_done"):
        training.completed(done, NOTE, CHEN, at(MONDAY, 13))
    confirmed = training.completed(done, Completion(note="已核实。"), LEAD, at(MONDAY, 14))
    assert (confirmed.state, confirmed.confirmed_by, confirmed.done_at) == ("confirmed", "cs.lead", done.done_at)
    with pytest.raises(NotAllowed, match="training_confirmed"):
        training.completed(confirmed, NOTE, LEAD, at(MONDAY, 15))


def test_a_supervisor_confirms_in_one_step_what_nobody_wrote_down_but_never_their_own():
    assert training.completed(given_on(MONDAY), NOTE, LEAD, at(MONDAY, 14)).state == "confirmed"
    own = given_on(MONDAY).model_copy(update={"person": "cs.lead"})
    assert training.completed(own, NOTE, LEAD, at(MONDAY, 14)).state == "done"


def test_nobody_else_says_that_it_is_done():
    for other in (WU, people.staff("cs.lin", frozenset({"customer_service"}))):
        with pytest.raises(Forbidden, match="training_of_another"):
            training.completed(given_on(MONDAY), NOTE, other, at(MONDAY))


def test_of_the_policy_only_the_quiz_says_so():
    one = given_on(MONDAY, "policy")
    for who in (CHEN, LEAD):
        with pytest.raises(NotAllowed, match="training_by_quiz version=2"):
            training.completed(one, NOTE, who, at(MONDAY))
    assert training.studied(one, at(MONDAY)).state == "confirmed"


def test_of_a_newcomer_three_closures_are_looked_at_by_whoever_confirms_it():
    one = given_on(MONDAY, "newcomer")
    three = Completion(note="三件均已复核。", complaints=("A", "B", "C"))
    with pytest.raises(Invalid) as found:
        training.completed(one, three, CHEN, at(MONDAY))
    assert [fault.code for fault in found.value.faults] == ["by_supervisor"]
    with pytest.raises(Invalid) as found:
        training.completed(one, three.model_copy(update={"complaints": ("A", "B", "A")}), LEAD, at(MONDAY))
    assert [(fault.code, fault.values) for fault in found.value.faults] == [("too_few_closures", {"least": 3})]
    assert training.completed(one, three, LEAD, at(MONDAY)).complaints == ("A", "B", "C")


def test_sixty_days_after_it_was_done_it_is_seen_what_was_counted_since_beside_what_was_before():
    known = known_of((MONDAY, [*low(1, MONDAY), *low(2, MONDAY), missed(3, MONDAY)]))
    given_at = MONDAY + timedelta(days=1)
    one = given_on(given_at, known=known)
    assert one.before == Counted(answers=2, conduct=2, missed=1)
    done = training.completed(one, NOTE, CHEN, at(given_at))
    last = given_at + timedelta(days=60)
    known = recent.read(known, last - timedelta(days=1), low(7, last - timedelta(days=1)))
    assert not training.is_to_be_measured(done, known, POLICY)
    known = recent.read(known, last, [survey(8, last)])
    assert training.is_to_be_measured(done, known, POLICY)
    effect = training.measured(done, known, POLICY).effect
    assert effect
    assert (effect.first, effect.last) == (given_at + timedelta(days=1), last)
    assert effect.counted == Counted(answers=2, conduct=1, missed=0)
