"""The counting rules (6.1): published with every report, and true of each of its figures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain, pairwise
from time import process_time
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, permutations, sampled_from

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import OrderFacts
from chalicelib.domain.supervision import lines, ratios
from chalicelib.domain.supervision.account import lines_of
from chalicelib.domain.supervision.counting import band, cases
from chalicelib.domain.supervision.cusum import Alarm, with_cases
from chalicelib.domain.supervision.cusum import counted as counted_by_week
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.documents import a_year_before, before, document, hash_of, period_of
from chalicelib.domain.supervision.figures import Document, Figure, Measure, Open, Period, Row
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.measures import bottleneck, figures
from chalicelib.domain.supervision.sums import Sum
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Locale
from tests.domain.cases import ALLERGY, CRACKED, FAKE, KETTLE, POLICY, REPORT, WANG, Story, story_in
from tests.domain.test_lines import STEPS, lived

from .forty import china, forty, merged, objected, surveys, unanswered
from .made import NOON, made, many
from .test_forty import FEBRUARY, Sold, by_day

MARCH = period_of("monthly", date(2026, 3, 1))
OCTOBER = period_of("monthly", date(2026, 10, 1))
LATER = date(2026, 12, 31)
Day = tuple[int, int, int]
DAY = timedelta(days=1)


def of(
    counted: Iterable[Line],
    period: Period = MARCH,
    as_of: date = LATER,
    volumes: Mapping[date, Any] | None = None,
    still_open: tuple[Open, ...] = (),
) -> dict[Measure, Figure]:
    return figures(period, by_day(counted), as_of, volumes or {}, still_open, POLICY.calendar)


def rows(figure: Figure, by: str) -> dict[str, Row]:
    return {row.key: row for row in figure.rows if row.by == by}


# ---- adding up ---------------------------------------------------------------------------------------------------

EVERYTHING = (*forty(), *surveys())


@settings(max_examples=20, deadline=None)
@given(permutations(range(len(EVERYTHING))), lists(integers(0, len(EVERYTHING)), max_size=5))
def test_neither_order_nor_repetition_nor_where_they_are_split_makes_a_difference(order: list[int], cuts: list[int]):
    shuffled = [EVERYTHING[place] for place in order]
    ends = [0, *sorted(cuts), len(shuffled)]
    parts = [shuffled[first:last] for first, last in pairwise(ends)]
    whole = Sum.of(EVERYTHING)
    assert sum((Sum.of(chain(part, part[:3])) for part in parts), Sum()) == whole
    assert Sum.from_json(whole.as_json()) == whole


@settings(max_examples=20, deadline=None)
@given(permutations(range(len(EVERYTHING))))
def test_a_document_made_of_lines_in_another_order_is_the_same_to_the_bit(order: list[int]):
    def reported(counted: Iterable[Line]) -> Document:
        return document(
            report_id="report_monthly-2026-02-1", period=FEBRUARY, edition=1, computed_at=NOON, as_of=LATER,
            days=by_day(counted), volumes={}, open_items=(), calendar=POLICY.calendar, sources={}, cases={},
        )  # fmt: skip

    assert hash_of(reported(EVERYTHING[place] for place in order)) == hash_of(reported(EVERYTHING))


@given(sampled_from(range(1, 28)))
def test_a_month_in_two_parts_counts_what_the_month_does(cut: int):
    whole, days = of(EVERYTHING, FEBRUARY), by_day(EVERYTHING)
    first, last = FEBRUARY.first, FEBRUARY.last
    middle = first + cut * DAY
    parts = [
        figures(FEBRUARY.model_copy(update=part), days, LATER, {}, (), POLICY.calendar)
        for part in ({"last": middle - DAY}, {"first": middle, "last": last})
    ]
    for measure, figure in whole.items():
        assert sum(part[measure].n for part in parts) == figure.n, measure


def test_days_after_the_one_that_was_read_do_not_count():
    counted = [*many(lines.Closed, 6), made(lines.Reopened, 0, NOON + 9 * DAY, closed_day=NOON.date())]
    assert of(counted, as_of=NOON.date() + 8 * DAY)["M09"].value == 0
    assert of(counted, as_of=NOON.date() + 9 * DAY)["M09"].value == pytest.approx(1 / 6)


def test_a_month_without_closures_has_figures_that_say_nothing():
    nothing = of([])
    assert set(nothing) == set(get_args(Measure))
    for measure, figure in nothing.items():
        assert figure.n == 0, measure
        assert not figure.value, measure
    assert bottleneck(nothing, nothing) is None
    empty = document(
        report_id="report_monthly-2026-03-1", period=MARCH, edition=1, computed_at=NOON, as_of=LATER, days={},
        volumes={}, open_items=(), calendar=POLICY.calendar, sources={}, cases={},
    )  # fmt: skip
    assert (empty.before, empty.year_before, empty.policy_versions, empty.bottleneck) == (None, None, (), None)


# ---- too few, nearest rank, intervals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "percent", "place"), [(5, 50, 3), (10, 50, 5), (10, 90, 9), (11, 90, 10), (20, 95, 19), (21, 95, 20)]
)
def test_a_percentile_is_the_nearest_rank(n: int, percent: int, place: int):
    assert ratios.nearest_rank(range(1, n + 1), percent) == place


def test_of_four_no_percentile_and_no_share_is_shown():
    assert ratios.nearest_rank([1, 2, 3, 4], 50) is None
    assert (ratios.share(4, 4), ratios.share(5, 5)) == (None, 1)
    four = of(many(lines.Closed, 4))
    assert (four["M07"].n, four["M07"].value, four["M07"].note) == (4, None, "too_few")
    assert of(many(lines.Closed, 5))["M07"].value == 1


@pytest.mark.parametrize(("n", "low", "high"), [(10, 49, 94), (30, 63, 91), (100, 71, 87)])
def test_wilson_s_interval_at_eighty_percent_is_as_published(n: int, low: int, high: int):
    assert [100 * end for end in ratios.wilson(n * 8 // 10, n)] == pytest.approx([low, high], abs=0.52)


def test_of_none_and_of_all_the_interval_ends_where_shares_do():
    assert [ratios.wilson(0, n)[0] for n in range(1, 40)] == [0] * 39
    assert [ratios.wilson(n, n)[1] for n in range(1, 40)] == [1] * 39


@pytest.mark.parametrize(
    ("working", "days", "name"),
    [(3, 11, "3_working_days"), (4, 7, "7_days"), (4, 8, "15_days"), (9, 15, "15_days"), (9, 28, "28_days"),
     (30, 56, "56_days"), (30, 57, "more")],
)  # fmt: skip
def test_an_age_is_in_the_first_band_that_it_is_within(working: int, days: int, name: str):
    assert band(working, days) == name


def test_what_is_open_over_new_year_is_young_by_working_days():
    since = NOON.replace(month=2, day=14)
    open_ones = tuple(Open(str(n), Stage.PLANNING, since, since) for n in range(5))
    ages = rows(of([], FEBRUARY, as_of=date(2026, 2, 26), still_open=open_ones)["M06"], "open")
    assert ages["3_working_days"].n == 5  # the 24th to the 26th are the first ones worked
    ages = rows(of([], FEBRUARY, as_of=date(2026, 2, 27), still_open=open_ones)["M06"], "open")
    assert (ages["15_days"].n, ages["3_working_days"].n) == (5, 0)


# ---- decided cases only ------------------------------------------------------------------------------------------


def test_what_was_withdrawn_in_time_is_not_decided_and_what_was_withdrawn_late_is_late():
    left: dict[str, Any] = {"stage": "received", "into": "closed", "outcome": "withdrawn"}
    in_time = many(lines.StageLeft, 5, **left)
    assert of(in_time)["M03"].n == of(in_time)["M05"].n == 0
    late = many(lines.StageLeft, 5, **left, due_at=NOON - timedelta(seconds=1))
    assert (of(late)["M03"].n, of(late)["M03"].value) == (5, 0)
    assert (of(late)["M05"].n, of(late)["M05"].value) == (5, 0)


def test_at_the_due_time_it_is_late():
    assert of(many(lines.StageLeft, 5, stage="received", due_at=NOON))["M03"].value == 0
    assert of(many(lines.StageLeft, 5, stage="received", due_at=NOON + timedelta(seconds=1)))["M03"].value == 1


def test_the_consumer_s_own_time_is_nobody_s_breach():
    lapsed = many(lines.StageLeft, 5, stage="awaiting_consumer", into="closed", outcome="no_response", due_at=NOON)
    found = of(lapsed)
    assert found["M04"].n == 5
    assert found["M05"].n == found["M17"].n == 0
    assert not rows(found["M16"], "holder")


def test_an_inquiry_dispensed_with_in_time_is_not_decided_and_one_overdue_is_late():
    dispensed: dict[str, Any] = {"ended": "dispensed"}
    counted = [
        *many(lines.InquiryEnded, 5),
        *many(lines.InquiryEnded, 2, first=5, due_at=NOON),
        *many(lines.InquiryEnded, 2, first=7, **dispensed),
        *many(lines.InquiryEnded, 1, first=9, **dispensed, due_at=NOON),
    ]
    figure = of(counted)["M14"]
    values = rows(figure, "department")["quality"].values
    assert (figure.n, figure.value) == (10, pytest.approx(5 / 8))
    assert [values[one] for one in ("answered", "in_time", "late", "dispensed")] == [7, 5, 2, 3]
    assert (values["p50"], values["p90"]) == (24 * 3600, 24 * 3600)


def test_a_promise_that_need_not_be_kept_any_more_is_not_decided_unless_it_was_late():
    counted = [
        *many(lines.TaskEnded, 4),
        *many(lines.TaskEnded, 4, first=4, ended="stopped"),
        *many(lines.TaskEnded, 1, first=8, ended="stopped", due_at=NOON),
        *many(lines.Missed, 1, first=8, ladder="follow_up"),
    ]
    assert of(counted)["M12"].values["promises"] == 5
    assert of(counted)["M12"].values["promises_in_time"] == pytest.approx(4 / 5)


def test_a_promise_that_nobody_keeps_and_a_call_that_nobody_makes_are_late_when_they_are_missed():
    found = of([*many(lines.Missed, 3, ladder="follow_up"), *many(lines.Missed, 2, first=3, ladder="safety_call")])
    assert (found["M12"].values["promises"], found["M19"].values["calls_due"]) == (3, 2)
    done = [
        *many(lines.TaskEnded, 3),
        *many(lines.Missed, 2, first=3, ladder="follow_up"),
        *many(lines.TaskEnded, 1, first=3, due_at=NOON),  # late, after all: once
        *many(lines.Missed, 1, first=5, ladder="follow_up", void=True),
    ]
    values = of(done)["M12"].values
    assert (values["promises"], values["promises_in_time"]) == (5, pytest.approx(3 / 5))


def test_an_undetermined_verdict_decides_nothing_and_is_shown():
    verdicts = ["founded"] * 3 + ["partly_founded"] * 2 + ["unfounded"] * 5 + ["undetermined"] * 10 + [None]
    figure = of(made(lines.Closed, n, verdict=verdict) for n, verdict in enumerate(verdicts))["M11"]
    assert (figure.n, figure.value) == (10, 0.5)
    assert figure.values == {"undetermined": 10, "uncoded": 1, "of_all": 0.25}


def test_asking_for_another_person_s_decision_is_an_objection():
    answers = ["accepted"] * 5 + ["objected"] * 3 + ["review"] * 2 + ["lapsed"] * 10
    figure = of(made(lines.Answered, n, answer=answer) for n, answer in enumerate(answers))["M08"]
    assert (figure.n, figure.value, figure.values["lapsed"]) == (10, 0.5, 0.5)


def test_the_time_of_a_plan_that_lapsed_and_is_then_to_be_decided_by_another_person_is_over_once():
    life = unanswered().story
    life.now = china(2, 26, 10)
    life.do(Action.REQUEST_REVIEW)
    values = of(lines_of(life.entries, life.policy), FEBRUARY)["M08"].values
    assert (values["plans_over"], values["lapsed_n"]) == (1, 1)
    assert rows(of(lines_of(life.entries, life.policy), FEBRUARY)["M08"], "answer")["review"].n == 1


def test_a_breach_that_turned_out_to_be_none_is_none():
    counted = [*many(lines.Missed, 2), *many(lines.Missed, 3, first=2, void=True)]
    figure = of(counted)["M16"]
    assert (rows(figure, "ladder")["inquiry"].n, rows(figure, "holder")["quality"].values["breaches"]) == (2, 2)


def test_of_lateness_the_median_by_holder():
    hours = (1, 2, 3, 4, 50)
    counted = [made(lines.StageLeft, n, due_at=NOON - timedelta(hours=late)) for n, late in enumerate(hours)]
    values = rows(of(counted)["M16"], "holder")["cs.lin"].values
    assert (values["late"], values["per_100"], values["median_late"]) == (5, 100, 3 * 3600)


def test_questions_in_the_last_hours_are_counted_by_who_asked():
    counted = [*many(lines.WaitEnded, 2, asked_late=True), *many(lines.WaitEnded, 6, first=2)]
    figure = of([*counted, made(lines.WaitEnded, 9, waits_for="reading")])["M17"]
    assert figure.values["questions_late_share"] == pytest.approx(2 / 8)
    assert rows(figure, "asked_by")["cs.lin"].n == 8


def test_the_time_to_the_first_call_is_counted_in_seconds():
    counted = [made(lines.Called, n, tier="act", after=60 * (n + 1)) for n in range(10)]
    values = of([*many(lines.Danger, 10), *counted])["M19"].values
    assert (values["called"], values["to_call_p50"], values["to_call_p90"]) == (10, 300, 540)


# ---- merged ones -------------------------------------------------------------------------------------------------


def test_merged_ones_are_received_and_closed_and_in_no_rate():
    came, left = made(lines.Received), made(lines.StageLeft, hours=1)
    back: dict[str, Any] = {"seq": 5, "day": NOON.date() + DAY, "sign": -1, "for_day": NOON.date()}
    closed = made(lines.Closed, at=NOON + DAY, seq=5, outcome="merged", could_reopen=False)
    lived = [came, left, closed, came.model_copy(update=back), left.model_copy(update=back)]
    alone, found = of(many(lines.StageLeft, 6, first=1)), of([*many(lines.StageLeft, 6, first=1), *lived])
    assert found["M01"].n == 1
    for measure in get_args(Measure):
        if measure not in ("M01", "M15"):
            assert found[measure] == alone[measure], measure
    again = [one.model_copy(update={"sign": 1, "seq": 6, "day": NOON.date() + 2 * DAY}) for one in lived[-2:]]
    undone = of([*lived, *again, *many(lines.StageLeft, 6, first=1)])
    assert (undone["M02"].n, undone["M04"].n) == (1, 7)


def test_a_complaint_that_was_merged_after_days_of_work_leaves_no_trace_in_a_rate_until_that_is_undone():
    life = objected().story  # a life of two rounds, merged after it was reopened
    since_new_year = period_of("half_yearly", date(2026, 3, 1))
    life.now = china(2, 25, 10)
    life.do(Action.REOPEN, WANG)
    reopened = next(one.seq for one in life.entries if isinstance(one.event, events.ComplaintReopened))
    closed_once = lines_of(life.entries[: reopened - 1], life.policy)
    life.now = china(2, 26, 10)
    life.do(Action.PROPOSE_PLAN)
    life.now = china(2, 27, 10)
    life.do(Action.MERGE)
    before, merged = (of(made_of, since_new_year) for made_of in (closed_once, lines_of(life.entries, life.policy)))
    for measure in ("M02", "M03", "M04", "M05", "M06", "M07", "M08", "M11", "M12", "M13", "M17", "M22"):
        assert merged[measure] == before[measure], measure  # its first closure stands, and what was done since does not
    life.now = china(2, 28, 10)
    life.do(Action.UNDO_MERGER)
    undone = of(lines_of(life.entries, life.policy), since_new_year)
    assert (undone["M04"].n, undone["M05"].n) == (before["M04"].n + 1, before["M05"].n + 1)  # the third plan


def test_a_promise_that_was_missed_since_a_reopening_is_in_no_rate_while_it_is_merged():
    life = objected().story
    life.now = china(2, 11, 10)
    life.do(Action.REOPEN, WANG)
    life.now = china(3, 10, 10)  # meanwhile the promise was missed
    life.do(Action.MERGE)
    found = [of(lines_of(life.entries, life.policy), AGES)["M12"].values["promises"]]
    life.now += timedelta(hours=1)
    life.do(Action.UNDO_MERGER)
    figures_then = of(lines_of(life.entries, life.policy), AGES)
    assert [*found, figures_then["M12"].values["promises"]] == [0, 1]
    assert {row.key: row.n for row in figures_then["M16"].rows if row.by == "ladder"}["follow_up"] == 1


def test_a_complaint_merged_before_its_first_closure_is_in_no_rate_until_that_is_undone():
    life = merged().story
    assert [of(lines_of(life.entries, life.policy), FEBRUARY)[one].n for one in ("M01", "M02", "M03")] == [1, 0, 0]
    life.now += timedelta(hours=1)
    life.do(Action.UNDO_MERGER)
    assert [of(lines_of(life.entries, life.policy), FEBRUARY)[one].n for one in ("M01", "M02", "M03")] == [1, 1, 1]


def test_what_was_still_asked_as_a_complaint_was_merged_is_neither_asked_nor_dispensed_with():
    cut_off: dict[str, Any] = {"ended": "dispensed", "merged": True}
    found = of([made(lines.InquiryEnded, **cut_off), *many(lines.WaitEnded, 6, asked_late=True, **cut_off)])
    assert (found["M14"].n, found["M14"].rows) == (0, ())
    assert (found["M17"].values["questions"], found["M17"].values["questions_late_share"]) == (0, None)


def test_a_duplicate_that_is_merged_is_no_repeat_until_that_is_undone():
    story = Story().found(events.RelatedFound(related=("AAAAA-AAAAA",), repeats=("order",)))
    assert of(lines_of(story.entries, story.policy), OCTOBER)["M10"].values["repeats"] == 1
    story.do(Action.MERGE)
    figure = of(lines_of(story.entries, story.policy), OCTOBER)["M10"]
    assert (figure.values["repeats"], rows(figure, "by"), rows(figure, "seller")) == (0, {}, {})
    story.do(Action.UNDO_MERGER)
    figure = of(lines_of(story.entries, story.policy), OCTOBER)["M10"]
    assert (figure.values["repeats"], rows(figure, "by")["order"].n) == (1, 1)


def test_what_comes_while_a_complaint_is_merged_counts_in_no_rate_until_that_is_undone():
    facts = OrderFacts(order_number="E1", seller="云杉家电", carrier="顺丰速运")
    story = Story(KETTLE.model_copy(update={"seller": None})).do(Action.MERGE)
    story.found(events.OrderChecked(found=True, facts=facts))
    story.found(events.RelatedFound(related=("AAAAA-AAAAA",), repeats=("contact",)))
    merged_ones = of(lines_of(story.entries, story.policy), OCTOBER)
    assert rows(merged_ones["M01"], "carrier")["顺丰速运"].n == rows(merged_ones["M01"], "seller")["云杉家电"].n == 1
    assert (rows(merged_ones["M02"], "seller"), merged_ones["M10"].values["repeats"]) == ({}, 0)
    story.do(Action.UNDO_MERGER)
    undone = of(lines_of(story.entries, story.policy), OCTOBER)
    assert (rows(undone["M02"], "seller")["云杉家电"].n, undone["M10"].values["repeats"]) == (1, 1)


@pytest.mark.parametrize("then", [(Action.MERGE,), (Action.MERGE, Action.UNDO_MERGER)])
def test_what_alarms_count_of_a_cause_a_merger_in_another_week_leaves_as_it_was(then: tuple[Action, ...]):
    story = story_in(Stage.PLANNING)
    week = [Sum.of(lines_of(story.entries, story.policy))]
    assert counted_by_week(week)["cause"] == {REPORT.cause_code: 1}
    for weeks, action in enumerate(then, 1):
        story.now += weeks * timedelta(weeks=1)
        story.do(action)
        since = [line for line in lines_of(story.entries, story.policy) if line.day == story.now.date()]
        assert [line for line in since if line.for_day]
        assert counted_by_week([Sum.of(since)])["cause"] == {}
        assert not {what for line in since for what in with_cases((FOUND,), [line])[0].cases}


FOUND = Alarm(watched="cause", name=str(REPORT.cause_code), since=date(2026, 10, 12), number=1, usual=1)


RATES: tuple[Measure, ...] = ("M03", "M05", "M07", "M08", "M09", "M10", "M11", "M12", "M17", "M22")
AGES = Period(kind="half_yearly", name="all", first=date(2026, 1, 1), last=date(2028, 12, 31))


@settings(max_examples=150, deadline=None)
@given(filing=sampled_from([KETTLE, CRACKED, ALLERGY, FAKE]), steps=STEPS)
def test_whatever_becomes_of_a_complaint_no_rate_is_more_than_all_and_what_came_left_or_is_there(filing, steps):
    story = lived(filing, steps)
    made_of = lines_of(story.entries, story.policy)
    n: Counter[tuple[str, str, str]] = Counter()
    hits: Counter[tuple[str, str, str]] = Counter()
    for case in chain.from_iterable(cases(line, AGES) for line in made_of):
        n[case.measure, case.by, case.key] += case.n
        hits[case.measure, case.by, case.key] += case.hits
    for name, number in n.items():
        assert number >= 0, name
        if name[0] in RATES and name[1] != "currency":
            assert 0 <= hits[name] <= number, name
    for stage, facts in STAGES.items():
        if facts.open:
            is_there = story.complaint.stage == stage
            assert n["M15", "in", stage] - n["M15", "out", stage] == is_there, stage
    assert n["M15", "in", "all"] - n["M15", "out", "all"] == STAGES[story.complaint.stage].open
    if story.complaint.merged_into and not any(isinstance(line, lines.Closed) and line.is_rated for line in made_of):
        assert not {name: number for name, number in n.items() if name[0] in {"M02", "M06", "M14", *RATES} and number}
    whole = figures(AGES, by_day(made_of), LATER, {}, (), story.policy.calendar)
    assert all(figure.n == n[measure, "", ""] for measure, figure in whole.items())


# ---- what ripens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("measure", "days"), [("M07", 30), ("M09", 30), ("M10", 90), ("M20", 18)])
def test_what_needs_time_is_unripe_until_nothing_can_change_it(measure: Measure, days: int):
    last = MARCH.last + days * DAY
    ripe = of([], as_of=last)[measure]
    unripe = of([], as_of=last - DAY)[measure]
    assert (ripe.ripe, ripe.ripe_on) == (True, None)
    assert (unripe.ripe, unripe.ripe_on) == (False, last + DAY)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (30, True), (31, False)])
def test_a_reopening_counts_up_to_the_thirtieth_day_however_long_its_right_was(days: int, counts: bool):
    late = made(lines.Reopened, 0, NOON + days * DAY, seq=9, closed_day=NOON.date())
    found = of([*many(lines.Closed, 10), late])
    assert (found["M07"].value, found["M09"].value) == ((0.9, 0.1) if counts else (1, 0))


def test_a_complaint_reopened_in_both_months_counts_in_each():
    april = NOON + 25 * DAY
    counted = [
        *many(lines.Closed, 5),
        made(lines.Reopened, 0, NOON + 20 * DAY, seq=2, closed_day=NOON.date()),
        made(lines.Closed, 0, april, seq=3, number=2, round=2, reopened_before=1),
        made(lines.Reopened, 0, april + DAY, seq=4, closed_day=april.date(), round=2),
        *many(lines.Closed, 4, april, first=5),
    ]
    march, of_april = of(counted), of(counted, period_of("monthly", april.date()))
    assert [(one["M09"].n, one["M09"].value) for one in (march, of_april)] == [(5, 0.2), (5, 0.2)]
    assert (march["M07"].value, of_april["M07"].value) == (0.8, 0.8)  # of April four: the fifth closed in round 2


def test_a_merger_that_was_undone_is_no_reopening():
    undone = made(lines.Reopened, 0, NOON + DAY, seq=9, closed_day=NOON.date(), after="merged", with_plan=False)
    found = of([*many(lines.Closed, 5, first=1), undone])
    assert (found["M09"].n, found["M09"].value) == (5, 0)


# ---- orders, causes, the bottleneck ------------------------------------------------------------------------------


def test_only_days_whose_sales_are_known_are_in_the_rate():
    counted = [*many(lines.Received, 6), *many(lines.Received, 3, NOON + DAY, first=6)]
    known = of(counted, volumes={NOON.date(): Sold(2_000, {})})["M02"]
    assert (known.n, known.value, known.note) == (9, 30, "volumes_incomplete")
    assert known.values == {"orders": 2_000, "counted": 6, "days_missing": 30}
    assert (of(counted)["M02"].value, of(counted)["M02"].note) == (None, "no_volumes")
    none_sold = of(counted, volumes={day: Sold(0, {}) for day in MARCH.days})["M02"]
    assert (none_sold.value, none_sold.note) == (None, "no_volumes")


def test_a_rate_per_order_is_ripe_when_none_of_the_period_is_open_any_more():
    came = Open("1", Stage.PLANNING, NOON, NOON + 40 * DAY)
    assert not of([], still_open=(came,))["M02"].ripe
    assert of([], still_open=(came._replace(received_at=NOON + 40 * DAY),))["M02"].ripe


def test_of_fewer_than_twenty_causes_only_numbers_are_shown():
    nineteen = many(lines.Closed, 19, cause="delivery.late", party="carrier")
    figure = of(nineteen)["M13"]
    assert (figure.note, figure.rows[0].n, figure.rows[0].values["share"]) == ("too_few", 19, None)
    twenty = [*nineteen, made(lines.Closed, 19, cause="delivery.lost")]
    figure = of(twenty)["M13"]
    assert [(row.key, row.values["vital"]) for row in figure.rows] == [
        ("delivery.late carrier", 1),
        ("delivery.lost undetermined", 0),
    ]


def spent(hours: Mapping[str, int], n: int = 5, **said: Any) -> list[Line]:
    return list(many(lines.Closed, n, spent={where: 3600 * long for where, long in hours.items()}, **said))


def test_the_bottleneck_is_the_largest_part_of_the_house_that_is_late_or_has_grown():
    in_time = [*many(lines.StageLeft, 20), *many(lines.InquiryEnded, 20)]
    time = {"investigating handler": 6, "investigating quality": 3, "awaiting_consumer consumer": 11}
    now = of([*spent(time), *in_time])
    assert bottleneck(now, None) is None  # all in time, and nothing to compare with
    assert bottleneck(now, now) is None

    late = [*in_time[:-2], *many(lines.InquiryEnded, 2, first=18, due_at=NOON)]
    found = bottleneck(of([*spent(time), *late]), now)
    assert found
    assert (found.stage, found.waits_for, found.share, found.in_time) == ("investigating", "quality", 0.15, 0.9)

    earlier = of([*spent(time | {"investigating handler": 4, "awaiting_consumer consumer": 13}), *in_time])
    found = bottleneck(now, earlier)
    assert found
    assert (found.waits_for, found.share, found.growth) == ("handler", 0.3, pytest.approx(0.5))
    fifth = of([*spent(time | {"investigating handler": 5, "awaiting_consumer consumer": 12}), *in_time])
    assert bottleneck(fifth, of([*spent(time | {"investigating handler": 5}), *in_time])) is None


def test_of_two_parts_as_large_the_bottleneck_is_the_one_that_is_late_more_often():
    time = {"investigating logistics": 3, "investigating quality": 3, "awaiting_consumer consumer": 14}
    late = [
        *many(lines.InquiryEnded, 8, department="quality"),
        *many(lines.InquiryEnded, 2, first=8, department="quality", due_at=NOON),
        *many(lines.InquiryEnded, 5, first=10, department="logistics"),
        *many(lines.InquiryEnded, 5, first=15, department="logistics", due_at=NOON),
    ]
    for spans in (time, dict(reversed(time.items()))):
        found = bottleneck(of([*spent(spans), *late]), None)
        assert found
        assert (found.waits_for, found.in_time) == ("logistics", 0.5)


def test_of_four_closures_there_is_no_bottleneck():
    late = many(lines.StageLeft, 20, due_at=NOON)
    assert bottleneck(of([*spent({"investigating handler": 6}, 4), *late]), None) is None


# ---- satisfaction ------------------------------------------------------------------------------------------------


def answers(*overall: int, first: int = 0, **said: Any) -> list[Line]:
    said |= {"closed_day": NOON.date()}
    return [made(lines.Surveyed, first + n, overall=one, **said) for n, one in enumerate(overall)]


def sent(n: int, **said: Any) -> list[Line]:
    return list(many(lines.Surveyed, n, seq=0, closed_day=NOON.date(), **{"what": "sent"} | said))


def test_satisfaction_is_shown_from_ten_and_compared_from_thirty():
    nine, ten, thirty = (of(answers(*[5] * n))["M20"] for n in (9, 10, 30))
    assert (nine.value, nine.values["low"], nine.note) == (None, None, "too_few")
    assert (ten.value, ten.values["comparable"], thirty.values["comparable"]) == (1, 0, 1)


def test_it_is_representative_from_fifteen_percent_and_five_of_each_stratum():
    closed = many(lines.Closed, 100)
    assert of([*closed, *answers(*[5] * 15), *sent(100)])["M20"].note is None
    assert of([*closed, *answers(*[5] * 14), *sent(100)])["M20"].note == "not_representative"
    assert of([*closed, *answers(*[5] * 14), *sent(100), *sent(10, what="undelivered", nth=1)])["M20"].note is None
    of_late = many(lines.Closed, 5, first=100, breaches=1)
    thin = [*closed, *of_late, *answers(*[5] * 20), *answers(*[1] * 4, first=100, breached=True), *sent(105)]
    assert of(thin)["M20"].note == "not_representative"
    enough = of([*thin, *answers(1, first=104, breached=True)])["M20"]
    assert (enough.note, enough.value, enough.values["post_stratified"]) == (None, 0.8, pytest.approx(100 / 105))


def test_a_changed_answer_counts_in_place_of_the_first_whatever_came_first_and_on_whatever_day():
    first = answers(*[1] * 10)
    changed = made(lines.Surveyed, 0, NOON + DAY, closed_day=NOON.date(), seq=2, overall=5, first=False)
    for counted in ([*first, changed], [changed, *first]):
        figure = of(counted)["M20"]
        assert (figure.n, figure.value) == (10, 0.1)


def test_closing_as_satisfied_is_no_answer():
    assert of(many(lines.Closed, 50))["M20"].n == 0


# ---- periods, definitions, versions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "name", "first", "last", "earlier", "year_ago"),
    [
        ("daily", (2024, 2, 29), "2024-02-29", (2024, 2, 29), (2024, 2, 29), "2024-02-28", "2023-02-28"),
        ("weekly", (2027, 1, 2), "2026-W53", (2026, 12, 28), (2027, 1, 3), "2026-W52", "2025-W52"),
        ("monthly", (2026, 1, 31), "2026-01", (2026, 1, 1), (2026, 1, 31), "2025-12", "2025-01"),
        ("half_yearly", (2026, 12, 31), "2026-H2", (2026, 7, 1), (2026, 12, 31), "2026-H1", "2025-H2"),
        ("half_yearly", (2026, 1, 1), "2026-H1", (2026, 1, 1), (2026, 6, 30), "2025-H2", "2025-H1"),
    ],
)
def test_each_day_is_in_one_period_of_a_kind(
    kind: Any, day: Day, name: str, first: Day, last: Day, earlier: str, year_ago: str
):
    period = period_of(kind, date(*day))
    assert (period.name, period.first, period.last) == (name, date(*first), date(*last))
    assert (before(period).name, a_year_before(period).name) == (earlier, year_ago)


@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_measure_is_defined_in_every_language(locale: Locale):
    assert set(definitions(locale)) == set(get_args(Measure))


def test_a_report_names_the_versions_that_were_mixed_in_its_period_and_what_it_is_compared_with():
    counted = [
        *many(lines.Closed, 6),
        made(lines.Closed, 7, policy_version=2),
        made(lines.Received, 8, NOON + 40 * DAY, policy_version=3),
        *many(lines.Closed, 5, NOON - 30 * DAY, first=20, round=2),
    ]
    made_of = document(
        report_id="report_monthly-2026-03-1", period=MARCH, edition=1, computed_at=NOON, as_of=LATER,
        days=by_day(counted), volumes={}, open_items=(), calendar=POLICY.calendar, sources={}, cases={},
    )  # fmt: skip
    assert made_of.policy_versions == (1, 2)
    assert made_of.before
    assert (made_of.before.period.name, made_of.before.figures["M07"].value) == ("2026-02", 0)
    assert not any(figure.rows for figure in made_of.before.figures.values())
    assert made_of.year_before is None


def test_what_it_is_compared_with_may_not_be_ripe_either():
    of_february = made(lines.Received, 8, NOON - 30 * DAY)
    still_open = (Open(of_february.id, Stage.PLANNING, of_february.at, of_february.at),)
    made_of = document(
        report_id="report_monthly-2026-03-1", period=MARCH, edition=1, computed_at=NOON, as_of=LATER,
        days=by_day([of_february]), volumes={}, open_items=still_open, calendar=POLICY.calendar, sources={}, cases={},
    )  # fmt: skip
    assert made_of.before
    assert not made_of.before.figures["M02"].ripe, "it may be merged yet"
    assert "open" not in made_of.before.figures["M06"].values


def test_a_line_costs_microseconds():
    counted = [line.model_copy(update={"id": f"{line.id}{n}"}) for n in range(20) for line in EVERYTHING]
    begun = process_time()
    Sum.of(counted)
    assert (process_time() - begun) / len(counted) < 100e-6  # a few on an idle machine
