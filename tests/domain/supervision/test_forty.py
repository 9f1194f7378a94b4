"""What a report of February 2026 says of forty complaints, worked out by hand, measure by measure.

A plain 10 · L dangerous 2 · B objected 5 · C unanswered 4 · D withdrawn 3 · E merged 3 · F late 4 · G extended 3 ·
H reopened in the month 2 · I reopened in March 1 · J reopened too late to count 1 · K asked 2. Closures that are not
merged: 10 + 2 + 5 + 4 + 3 + 4 + 3 + 2·2 + 1 + 1 + 2 = 39, of which 36 with a plan (without D).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple, get_args

import pytest

from chalicelib.casework.compute import taken_back
from chalicelib.domain.supervision.counting import cases
from chalicelib.domain.supervision.documents import document, hash_of, period_of
from chalicelib.domain.supervision.figures import Document, Figure, Listing, Measure, Open, Row
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.sums import Sum
from chalicelib.domain.vocabulary.stages import Stage
from tests.domain.cases import POLICY

from .forty import china, forty, name_of, surveys

FEBRUARY = period_of("monthly", date(2026, 2, 1))
AS_OF = date(2026, 4, 30)
HOUR = 3600
SELLER = "云杉家电旗舰店"
STILL_OPEN = (Open(name_of(37), Stage.PLANNING, china(2, 2, 9), china(3, 9, 10)),)


class Sold(NamedTuple):
    orders: int
    by_seller: Mapping[str, int]


VOLUMES = {day: Sold(1_000, {SELLER: 500}) for day in FEBRUARY.days}


def by_day(lines: Iterable[Line]) -> dict[date, Sum]:
    days: defaultdict[date, list[Line]] = defaultdict(list)
    for line in lines:
        days[line.day].append(line)
    return {day: Sum.of(of_day) for day, of_day in days.items()}


@cache
def everything() -> tuple[Line, ...]:
    return (*forty(), *surveys())


@cache
def report() -> Document:
    return document(
        report_id="report_monthly-2026-02-1",
        period=FEBRUARY,
        edition=1,
        computed_at=china(5, 1, 1),
        as_of=AS_OF,
        days=by_day(everything()),
        volumes=VOLUMES,
        open_items=STILL_OPEN,
        calendar=POLICY.calendar,
        sources={},
        cases={},
    )


def figure(measure: Measure) -> Figure:
    return report().figures[measure]


def counted(measure: Measure, by: str) -> dict[str, int]:
    return {row.key: row.n for row in figure(measure).rows if row.by == by}


def row(measure: Measure, by: str, key: str) -> Row:
    (one,) = [one for one in figure(measure).rows if (one.by, one.key) == (by, key)]
    return one


def about(number: float) -> Any:
    return pytest.approx(number, abs=1e-9)


def test_m01_all_forty_were_received_the_merged_ones_too():
    assert (figure("M01").n, figure("M01").value) == (40, 40)
    assert counted("M01", "category") == {"after_sales_service": 38, "product_quality": 2}
    assert counted("M01", "channel") == {"web": 40}
    assert counted("M01", "seller") == {SELLER: 40}
    assert counted("M01", "product") == {"KT-1700": 40}
    assert counted("M01", "carrier") == {"顺丰速运": 10}
    assert counted("M01", "locale") == {"zh-CN": 40}


def test_m02_thirty_seven_that_are_not_merged_in_28_000_orders():
    assert (figure("M02").n, figure("M02").value) == (37, about(10_000 * 37 / 28_000))
    assert row("M02", "seller", SELLER).values == {"per_10000": about(10_000 * 37 / 14_000), "orders": 14_000}


def test_m03_acknowledged_in_time_is_said_neither_of_who_withdrew_before_nor_of_merged_ones():
    assert (figure("M03").n, figure("M03").value) == (34, about(30 / 34))  # F was late


@pytest.mark.parametrize(
    ("key", "n", "elapsed", "working"),
    [
        ("received 1", 37, (1, 48, 48), (1, 48, 48)),  # 25 of 1 h, 8 of 2 h, 4 of 48 h (D among them)
        ("investigating 1", 34, (48, 240, 240), (24, 50, 120)),  # F: 24 working hours over New Year; G: 144 less 24
        ("planning 1", 34, (24, 48, 48), (24, 48, 48)),
        ("planning 2", 7, (48, 48, 48), (11, 24, 24)),  # B from a Saturday off
        ("awaiting_consumer 1", 34, (24, 470, 470), (24, 206, 206)),  # C over New Year
        ("awaiting_consumer 2", 7, (24, 24, 24), (24, 24, 24)),
    ],
)
def test_m04_time_by_stage_and_round(key: str, n: int, elapsed: tuple[int, ...], working: tuple[int, ...]):
    one = row("M04", "stage", key)
    assert one.n == n
    names = ("p50", "p90", "p95")
    assert [one.values[f"elapsed_{name}"] for name in names] == [hours * HOUR for hours in elapsed]
    assert [one.values[f"working_{name}"] for name in names] == [hours * HOUR for hours in working]


def test_m04_counts_each_stage_that_was_left():
    assert figure("M04").n == 37 + 34 + 34 + 7 + 34 + 7


def test_m05_what_was_extended_is_late_by_the_first_promise():
    assert (figure("M05").n, figure("M05").value) == (109, about(102 / 109))  # 34 + 34 + 41; F and G are late
    assert figure("M05").values["extended"] == about(105 / 109)
    assert row("M05", "stage", "investigating").values == {"share": about(31 / 34), "extended": 1}
    assert row("M05", "stage", "planning").n == 34 + 7


def test_m06_ages_of_closures_by_make_up_days_and_new_year():
    assert figure("M06").n == 39
    bands = {"3_working_days": 21, "7_days": 7, "15_days": 7, "28_days": 4, "56_days": 0, "more": 0}
    assert counted("M06", "closed") == bands
    assert {key: n for key, n in counted("M06", "open").items() if n} == {"56_days": 1}  # 52 days since 9 March
    assert figure("M06").values == {"open": 1}


def test_m07_right_first_time_unless_reopened_within_thirty_days():
    assert (figure("M07").n, figure("M07").value) == (36, about(22 / 36))  # 25 in round 1, less H 2 and I 1; J counts
    assert row("M07", "category", "product_quality").values == {"share": None}  # two are too few
    assert row("M07", "category", "after_sales_service").values == {"share": about(20 / 34)}


def test_m08_objections_and_plans_that_lapsed():
    assert (figure("M08").n, figure("M08").value) == (37, about(5 / 37))
    assert figure("M08").values == {"lapsed": about(4 / 41), "lapsed_n": 4, "plans_over": 41}
    assert counted("M08", "round") == {"1": 30, "2": 7}
    assert counted("M08", "answer") == {"accepted": 32, "objected": 5}


def test_m09_reopened_of_february_s_closures_be_it_in_march():
    assert (figure("M09").n, figure("M09").value) == (39, about(3 / 39))


def test_m10_one_closure_was_followed_by_another_complaint_and_that_may_still_change():
    assert (figure("M10").n, figure("M10").value) == (39, about(1 / 39))
    assert (figure("M10").ripe, figure("M10").ripe_on) == (False, date(2026, 5, 30))


def test_m11_upheld_of_what_was_decided():
    assert (figure("M11").n, figure("M11").value) == (34, about(30 / 34))
    assert figure("M11").values == {"undetermined": 2, "uncoded": 3, "of_all": about(30 / 36)}
    verdicts = {"founded": 25, "partly_founded": 5, "unfounded": 4, "undetermined": 2}
    assert counted("M11", "verdict") == verdicts


def test_m12_what_was_granted_and_what_was_asked():
    assert (figure("M12").n, figure("M12").value) == (36, about(32 / 36))
    assert counted("M12", "grants") == {"full": 32, "none": 4}
    assert row("M12", "currency", "CNY").values == {"given": about(1916.80), "asked": about(2156.40), "asked_n": 36}
    assert counted("M12", "asked_given") == {"refund refund": 32, "refund explanation": 4}
    assert figure("M12").values == {"uncoded": 0, "promises": 14, "promises_in_time": 1}  # A 10, H 2, I and J


def test_m13_causes_from_the_most_frequent_to_eighty_percent():
    assert (figure("M13").n, figure("M13").values, figure("M13").note) == (36, {"uncoded": 3}, None)
    said = [(one.key, one.n, one.values["cumulative"], one.values["vital"]) for one in figure("M13").rows]
    assert said == [
        ("delivery.damaged_packing carrier", 18, about(18 / 36), 1),
        ("product.defect_function seller", 5, about(23 / 36), 1),
        ("consumer.changed_mind consumer", 4, about(27 / 36), 1),
        ("delivery.late carrier", 4, about(31 / 36), 1),
        ("product.defect_material seller", 3, about(34 / 36), 0),
        ("product.safety undetermined", 2, about(1), 0),
    ]


def test_m14_quality_control_answered_late_and_was_waited_for():
    values = row("M14", "department", "quality").values
    assert (figure("M14").n, values["answered"], values["late"], values["in_time"]) == (2, 2, 2, 0)
    assert (values["dispensed"], values["share"], values["p50"]) == (0, None, None)  # two are too few
    assert values["of_investigation"] == about(96 / 2452)


def test_m15_where_the_time_of_all_closures_went_and_the_bottleneck():
    assert (figure("M15").n, figure("M15").values["seconds"]) == (39, 6749 * HOUR)
    seconds = {one.key: (one.values["seconds"] or 0) / HOUR for one in figure("M15").rows if one.by == "time"}
    assert seconds == {
        "received handler": 233,
        "investigating handler": 2284,
        "investigating quality": 96,
        "investigating consumer": 72,
        "planning handler": 1200,
        "awaiting_consumer consumer": 2864,
    }
    found = report().bottleneck
    assert found
    assert (found.stage, found.waits_for) == ("received", "handler")  # all else of the house is in time
    assert (found.share, found.in_time, found.growth) == (about(233 / 6749), about(30 / 34), None)


def test_m15_what_came_left_and_is_in_hand_on_each_day():
    assert counted("M15", "in")["all"] == 40 + 2  # H came again
    assert counted("M15", "out")["all"] == 39 + 3
    flow = {one.key: one.values for one in report().charts["flow"]}
    assert flow["2026-02-02 all"] == {"in": 18, "out": 0, "in_hand": 18}  # A, L, C, I, J
    assert flow["2026-02-28 all"] == {"in": 0, "out": 2, "in_hand": 0}
    assert flow["2026-02-26 awaiting_consumer"] == {"in": 6, "out": 0, "in_hand": 6}  # F, H
    assert len(flow) == 28 * 5


def test_m16_breaches_by_who_held_it():
    assert (figure("M16").n, figure("M16").value) == (39, about(100 * 6 / 39))
    assert (figure("M16").values["breaches"], figure("M16").values["median_late"]) == (6, 24 * HOUR)
    assert counted("M16", "ladder") == {"received": 4, "inquiry": 2}
    assert row("M16", "holder", "quality").values["breaches"] == 2


def test_m17_extensions_and_questions():
    assert (figure("M17").n, figure("M17").value) == (112, about(3 / 112))
    values = {"extensions": 3, "questions": 3, "questions_late": 0, "questions_late_share": None}
    assert figure("M17").values == values


def test_m19_two_dangers_are_too_few_for_a_time_to_the_call():
    assert (figure("M19").n, counted("M19", "tier")) == (2, {"act": 2})
    values = {"called": 2, "calls_due": 2, "called_in_time": None, "to_call_p50": None, "to_call_p90": None}
    assert figure("M19").values == values


def test_m20_satisfaction_by_the_last_answer_of_each_with_its_interval():
    it = figure("M20")
    assert (it.n, it.value, it.note, it.ripe) == (15, about(11 / 15), "not_representative", True)
    assert (it.values["low"], it.values["high"]) == (pytest.approx(0.4805, abs=1e-4), pytest.approx(0.8910, abs=1e-4))
    assert it.values["response"] == about(15 / 19)
    assert it.values["post_stratified"] == about((19 * 0.8 + 7 * 0.6) / 26)
    strata = {one.key: (one.values["closures"], one.n) for one in it.rows if one.by == "stratum"}
    assert strata == {
        "satisfied first kept": (19, 10),
        "satisfied later kept": (7, 5),
        "satisfied first breached": (6, 0),
        "no_response first kept": (4, 0),
    }
    assert counted("M20", "overall") == {"5": 8, "4": 3, "3": 1, "2": 2, "1": 1}


def test_m21_a_notice_that_reached_nobody_and_the_call_after_it():
    assert (figure("M21").n, figure("M21").value) == (1, 1)
    assert figure("M21").values == {"arrived": 0, "calls": 1, "reached": 1}


def test_m22_what_staff_recorded_for_callers():
    assert (figure("M22").n, figure("M22").value) == (32, about(5 / 32))
    assert counted("M22", "person") == {"cs.lin": 5}


def test_behind_every_figure_there_are_exactly_its_cases():
    """Of a figure and of each row that cases belong to: as many as its n."""
    behind: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    hits: Counter[tuple[str, str, str]] = Counter()
    for line in everything():
        for case in cases(line, FEBRUARY):
            behind[case.measure, case.by, case.key][line.id] += case.n
            hits[case.measure, case.by, case.key] += case.hits
    for measure, shown in report().figures.items():
        assert sum(behind[measure, "", ""].values()) == shown.n, measure
        assert min(behind[measure, "", ""].values(), default=0) >= 0, measure
        for one in shown.rows:
            if (measure, one.by) in NOT_OF_LINES:
                continue
            assert sum(behind[measure, one.by, one.key].values()) == one.n, (measure, one)
            if one.by not in OF_ALL and (share := one.values.get("share")):
                assert hits[measure, one.by, one.key] == about(share * one.n), (measure, one)
        if shown.unit == "share" and shown.value and measure not in ("M14", "M20"):
            assert hits[measure, "", ""] == about(shown.value * shown.n), measure
    merged = {name_of(number) for number in range(24, 27)}
    for (measure, by, _), ids in behind.items():
        if measure != "M01" and by not in ("in", "out"):
            assert not {one for one, n in ids.items() if n} & merged, (measure, by)


BESIDE: Mapping[str, str] = {
    "M06.open": "open",
    "M08.over": "plans_over",
    "M10.repeats": "repeats",
    "M12.promises": "promises",
    "M16.ladder": "missed",
    "M17.questions": "questions",
    "M19.called": "called",
    "M19.calls": "calls_due",
    "M20.survey": "sent",
    "M21.arrived": "arrived",
    "M21.calls": "calls",
}
"""Of which value each list of cases is that is not its figure's."""


@pytest.mark.parametrize("listing", [one for one in get_args(Listing) if one not in get_args(Measure)])
def test_what_is_counted_beside_a_figure_has_its_own_cases(listing: str):
    measure, _, by = listing.partition(".")
    counted = report().figures[measure].values[BESIDE[listing]]
    behind = [
        case for line in everything() for case in cases(line, FEBRUARY) if (case.measure, case.by) == (measure, by)
    ]
    if listing == "M06.open":
        assert counted == len(STILL_OPEN)
    else:
        assert sum(case.n for case in behind if case.key in ("sent", "") or measure == "M16") == counted


OF_ALL = ("closed", "cause_party", "time", "department", "person")
"""Rows whose share is of the whole, or of other cases than n."""
NOT_OF_LINES = {("M06", "open"), ("M20", "overall"), ("M20", "solved"), ("M20", "category"), ("M20", "stratum")}
"""Of what is open, and of what an answer says, which may be changed, no line is a case for good."""


def test_what_was_open_on_a_day_is_found_from_the_lines_since_though_mergers_take_things_back():
    since = [line for line in forty() if line.day > date(2026, 2, 11)]
    was = taken_back({one.id: one for one in STILL_OPEN}, since)
    unanswered = dict.fromkeys(range(17, 21), "awaiting_consumer")
    merged, extended = dict.fromkeys(range(24, 27), "investigating"), dict.fromkeys(range(31, 34), "planning")
    expected = {name_of(number): stage for number, stage in (unanswered | merged | extended).items()}
    assert {name: str(one.stage) for name, one in was.items()} == expected


def test_a_document_s_hash_is_that_of_all_it_says():
    assert hash_of(report()) == hash_of(Document.model_validate_json(report().model_dump_json()))
    assert hash_of(report()) != hash_of(report().model_copy(update={"edition": 2}))
