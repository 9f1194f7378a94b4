"""6: a management review is prepared by the house, held in time, and closed when all that it decided is done."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed
from chalicelib.domain.supervision import management_review as reviews
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.improvement import Finished, Planned
from chalicelib.domain.supervision.management_review import (
    Action,
    Inputs,
    ManagementReview,
    Minutes,
    Stage,
)
from tests.domain.cases import POLICY

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALF = period_of("half_yearly", date(2026, 3, 1))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
LEAD = people.staff("cs.lead", frozenset({"supervisor"}))
HE = people.staff("quality.he", frozenset({"quality"}))
DONE = Finished(note="已完成。")


def china(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


class Story:
    """The review of the first half of 2026, prepared on Friday 3 July."""

    def __init__(self) -> None:
        inputs = Inputs(review_id="review_2026H1", half=HALF, prepared_at=china(7, 3), policy_version=1)
        self.entries: list[Entry] = [reviews.prepared(inputs, china(7, 3), POLICY)]
        self.state: ManagementReview = reviews.evolve(None, self.entries[0])

    def add(self, entries: list[Entry]) -> list[str]:
        for entry in entries:
            self.state = reviews.evolve(self.state, entry)
        self.entries += entries
        return [entry.kind for entry in entries]

    def do(self, handed_in: Any, actor: people.Actor, now: datetime, part: str | None = None) -> list[str]:
        return self.add(reviews.decide(self.state, handed_in, actor, now, POLICY, part))

    def ring(self, now: datetime) -> list[str]:
        return self.add(reviews.due_alarms(self.state, now, POLICY))


def minutes(day: date, *owners: str) -> Minutes:
    measures = tuple(Planned(what="增加复核人员", owner=one, due=date(2026, 9, 30)) for one in owners)
    return Minutes(held_on=day, participants=("management.zhou", "cs.lead"), text="已逐项评审。", measures=measures)


def test_it_is_named_after_the_half_year_that_it_looks_back_on():
    assert reviews.name_of(HALF) == "review_2026H1"
    assert [reviews.is_name(one) for one in ("review_2026H2", "review_2026H3", "review_2026-H1")] == [
        True,
        False,
        False,
    ]


def test_it_is_held_within_twenty_working_days_or_management_hears_of_it():
    story = Story()
    assert story.state.due_at == china(8, 1, 0)
    assert story.ring(china(7, 30)) == []
    assert story.ring(china(7, 31)) == ["DutyReminded"]
    assert story.ring(china(8, 1)) == ["DutyMissed"]
    assert story.ring(china(8, 20)) == ["DutyEscalated"]
    assert story.ring(china(12, 20)) == []
    assert [entry.event.alarm.tell for entry in story.entries[1:]] == [
        ("management",),
        ("management", "supervisor"),
        ("management",),
    ]


def test_whoever_holds_it_late_has_it_recorded_all_the_same_and_nothing_rings_any_more():
    story = Story()
    assert story.do(minutes(date(2026, 8, 5), "quality.he"), ZHOU, china(8, 5)) == [
        "DutyReminded",
        "DutyMissed",
        "DutyEscalated",
    ]
    assert story.do(minutes(date(2026, 8, 5), "quality.he"), ZHOU, china(8, 5)) == ["ReviewHeld", "MeasureDecided"]
    assert (story.state.stage, story.state.duties, story.state.recorded_by) == (Stage.HELD, (), "management.zhou")
    assert story.ring(china(9, 1)) == []


def test_the_last_measure_that_is_done_closes_it():
    story = Story()
    story.do(minutes(date(2026, 7, 6), "quality.he", "cs.lead"), ZHOU, china(7, 6))
    story.do(DONE, LEAD, china(7, 20), "2")
    assert (story.state.stage, story.state.closed_at) == (Stage.HELD, None)
    with pytest.raises(Forbidden, match="owner_only"):
        story.do(DONE, ZHOU, china(7, 20), "1")
    story.do(DONE, HE, china(7, 21), "1")
    assert (story.state.stage, story.state.closed_at) == (Stage.CLOSED, china(7, 21))
    assert reviews.next_alarm(story.state, POLICY, None) is None


def test_one_at_which_nothing_is_decided_is_closed_at_once():
    story = Story()
    assert story.do(minutes(date(2026, 7, 6)), ZHOU, china(7, 6)) == ["ReviewHeld"]
    assert story.state.stage == Stage.CLOSED


def test_a_measure_that_is_late_is_told_as_any_other():
    story = Story()
    story.do(minutes(date(2026, 7, 6), "quality.he"), ZHOU, china(7, 6))
    assert story.ring(china(10, 20)) == ["MeasureReminded", "MeasureMissed", "MeasureEscalated"]


@pytest.mark.parametrize(("day", "reason"), [(date(2026, 7, 2), "before_prepared"), (date(2026, 7, 7), "day_to_come")])
def test_it_is_held_neither_before_it_was_prepared_nor_in_time_to_come(day: date, reason: str):
    with pytest.raises(Invalid) as found:
        Story().do(minutes(day), ZHOU, china(7, 6))
    assert [(fault.field, fault.code) for fault in found.value.faults] == [("held_on", reason)]


HANDED_IN = {Action.HOLD: minutes(date(2026, 7, 6)), Action.FINISH_MEASURE: DONE}
OPEN = {(Stage.PREPARED, Action.HOLD), (Stage.HELD, Action.FINISH_MEASURE)}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("action", HANDED_IN)
def test_each_action_in_each_stage_is_what_the_lifecycle_says(stage: Stage, action: Action):
    story = Story()
    if stage != Stage.PREPARED:
        story.do(minutes(date(2026, 7, 6), *["quality.he"] * (stage == Stage.HELD)), ZHOU, china(7, 6))
    actor = ZHOU if action == Action.HOLD else HE
    if (stage, action) in OPEN:
        assert story.do(HANDED_IN[action], actor, china(7, 6), "1")
    else:
        with pytest.raises(NotAllowed, match=f"management_review_stage_forbids review_stage={stage}"):
            story.do(HANDED_IN[action], actor, china(7, 6), "1")


def test_only_management_holds_it():
    for other in (LEAD, HE, people.staff("audit.qin", frozenset({"audit"}))):
        with pytest.raises(Forbidden, match="role_not_open"):
            Story().do(minutes(date(2026, 7, 6)), other, china(7, 6))
