"""A measure that is decided with a report has an owner, a day and a figure; its clock runs until it is done."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.supervision import report
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.improvement import Finished, Intended
from chalicelib.domain.supervision.report import LIFECYCLE, Comment, Issue, Report, ReportComputed
from tests.domain.cases import POLICY

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
HE = people.staff("quality.he", frozenset({"quality"}))
XIE = people.staff("quality.xie", frozenset({"quality"}))
DONE = Finished(note="已改为每日两次")


def computed() -> Report:
    event = ReportComputed(
        period=period_of("monthly", date(2026, 10, 1)), edition=1, hash="ab", as_of=date(2026, 11, 2), closures=7
    )
    return report.evolve(None, report.computed(event, TUESDAY))


def after(state: Report, handed_in: Any, actor: Actor, at: datetime = TUESDAY, part: str | None = None) -> Report:
    for entry in report.decide(state, handed_in, actor, at, POLICY, part):
        state = report.evolve(state, entry)
    return state


def intended(due: date = date(2026, 11, 20)) -> Intended:
    return Intended(what="质检每日两次处理协查", owner="quality.he", due=due, moves="M05")


def commented(*due: date) -> Report:
    return after(computed(), Comment(text="延误", measures=tuple(map(intended, due or (date(2026, 11, 20),)))), LEAD)


def rung(state: Report, until: datetime) -> list[tuple[str, datetime]]:
    """What rings until a moment, and when it was to."""
    found = []
    while (alarm := report.next_alarm(state, POLICY, None)) and alarm.moment <= until:
        for entry in report.due_alarms(state, alarm.moment, POLICY):
            state = report.evolve(state, entry)
            found.append((entry.kind, alarm.moment.astimezone(SHANGHAI)))
    return found


def test_a_report_is_computed_commented_and_then_issued():
    assert [row[1:] for row in LIFECYCLE.rows()] == [
        ("→ computed", "–", "–", "system"),
        ("→ commented", "stays", "–", "supervisor"),
        ("–", "→ issued", "–", "management, supervisor"),
        ("–", "stays", "stays", ", ".join(sorted(people.STAFF))),
    ]
    issued = after(commented(), Issue(), ZHOU)
    assert (issued.stage, issued.issued_by, issued.version) == ("issued", "management.zhou", 4)
    with pytest.raises(NotAllowed, match="report_stage_forbids report_stage=issued"):
        after(issued, Comment(text="再补"), LEAD)
    with pytest.raises(NotAllowed, match="report_stage_forbids report_stage=computed"):
        after(computed(), Issue(), ZHOU)


def test_its_owner_is_reminded_two_days_before_then_it_is_late_and_three_working_days_after_management_hears():
    assert rung(commented(), TUESDAY + timedelta(days=60)) == [
        ("MeasureReminded", datetime(2026, 11, 18, 21, tzinfo=SHANGHAI)),
        ("MeasureMissed", datetime(2026, 11, 21, 0, tzinfo=SHANGHAI)),
        ("MeasureEscalated", datetime(2026, 11, 26, 8, tzinfo=SHANGHAI)),
    ]


def test_what_is_due_tomorrow_is_not_reminded_of():
    assert [kind for kind, _ in rung(commented(date(2026, 11, 4)), TUESDAY + timedelta(days=2))] == ["MeasureMissed"]


def test_several_have_clocks_of_their_own():
    state = commented(date(2026, 11, 20), date(2026, 11, 27))
    state = after(state, DONE, HE, TUESDAY, "1")
    assert {moment.day for _, moment in rung(state, TUESDAY + timedelta(days=60))} == {25, 28, 3}
    assert report.next_alarm(state, POLICY, state.measures[0].clock) is None


def test_only_its_owner_or_a_supervisor_says_that_it_is_done_and_once():
    with pytest.raises(Forbidden, match="owner_only"):
        after(commented(), DONE, XIE, part="1")
    with pytest.raises(NotFound, match="improvement_unknown"):
        after(commented(), DONE, HE, part="2")
    done = after(commented(), DONE, LEAD, part="1")
    assert (done.measures[0].done_by, done.measures[0].note) == ("cs.lead", "已改为每日两次")
    with pytest.raises(NotAllowed, match="improvement_done number=1"):
        after(done, DONE, HE, part="1")
    assert report.next_alarm(done, POLICY, None) is None


@pytest.mark.parametrize("due", ["1792454400", 1792454400, "2026-11-20T00:00:00Z", "20261120", "2026-02-30", None, ""])
def test_its_day_is_written_as_a_day(due: object):
    with pytest.raises(ValidationError, match="not_a_day"):
        Intended.model_validate({"what": "质检", "owner": "quality.he", "due": due, "moves": "M05"})


@pytest.mark.parametrize(("due", "code"), [(date(2026, 11, 3), "day_passed"), (date(2027, 11, 5), "day_too_far")])
def test_it_is_due_on_a_day_to_come_within_a_year(due: date, code: str):
    with pytest.raises(Invalid) as refusal:
        commented(due)
    assert [(one.field, one.code) for one in refusal.value.faults] == [("measures.0.due", code)]


def test_a_report_has_twenty_measures_and_fifty_comments_at_most():
    state = commented(*[date(2026, 11, 20)] * 10)
    state = after(state, Comment(text="又", measures=(intended(),) * 10), LEAD)
    with pytest.raises(NotAllowed, match="too_many_measures most=20"):
        after(state, Comment(text="又", measures=(intended(),)), LEAD)
    for _ in range(48):
        state = after(state, Comment(text="又"), LEAD)
    with pytest.raises(NotAllowed, match="too_many_comments most=50"):
        after(state, Comment(text="又"), LEAD)


def test_whoever_acts_after_it_was_due_hears_that_it_was_late_first():
    state = commented(date(2026, 11, 4))
    entries = report.decide(state, DONE, HE, TUESDAY + timedelta(days=3), POLICY, "1")
    assert [entry.kind for entry in entries] == ["MeasureMissed"]


def test_its_entries_are_a_chain():
    event = ReportComputed(
        period=period_of("monthly", date(2026, 10, 1)), edition=1, hash="ab", as_of=date(2026, 11, 2), closures=7
    )
    entries = [report.computed(event, TUESDAY)]
    state = report.evolve(None, entries[0])
    entries += report.decide(state, Comment(text="延误", measures=(intended(),) * 2), LEAD, TUESDAY, POLICY, None)
    assert first_broken_link(entries) is None
    assert [entry.enters.stage if entry.enters else None for entry in entries] == ["computed", "commented", None, None]


def test_an_owner_who_was_not_reached_is_noted_once_for_each_notice():
    state = commented()
    (entry,) = report.unreached(state, 1, 3, TUESDAY)
    state = report.evolve(state, entry)
    assert report.unreached(state, 1, 3, TUESDAY) == []
    assert state.version == 3, "what the house finds out makes nobody's view stale"


@pytest.mark.parametrize(
    "name",
    [
        "report_daily-2026-10-09-1",
        "report_weekly-2026-W41-12",
        "report_monthly-2026-10-1",
        "report_half_yearly-2026-H2-1",
    ],
)
def test_a_report_is_called_what_it_is_of(name: str):
    assert report.is_name(name)
    assert not report.is_name(f"{name}/..")
    assert not report.is_name(name.rpartition("-")[0] + "-0")
