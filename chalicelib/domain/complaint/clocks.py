"""The clocks of a complaint: how each is set, what stops it, and what it is set to when its time is counted anew."""

from datetime import datetime

from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.ladders import Ladder
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, ClockSetting, NewStage
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import FOLLOW_UP, INFORMATION, INQUIRY, WORDS, Ladders
from chalicelib.domain.vocabulary.stages import Stage

WAITED_FOR = (INFORMATION, WORDS)
"""The ladders of what a stage's clock can stand still for; where one does, no two of these run."""


def named(ladder: Ladders, which: object) -> str:
    """The name of a clock within a complaint: "inquiry 2"."""
    return f"{ladder} {which}"


def ladder_of(clock: parts.RunningClock, stage: Stage, policy: Policy) -> Ladder:
    return Ladder(policy, clock.ladder, clock.since, clock.due_at, clock.name, stage, clock.held_by, clock.waits)


def entry_into(complaint: Complaint | None, stage: Stage, now: datetime, policy: Policy) -> NewStage:
    """The complaint enters a stage: its clock is set, those that end with the present one are stopped.

    One that was closed begins anew. The inquiries that are still open are dispensed with, and the entry names them
    (4.2b).
    """
    begun_at = complaint.begun_at if complaint and not complaint.closed_at else now
    due = policy.due(stage, begun_at, now)
    running = (clock for clock in complaint.clocks if not clock.waiting_since) if complaint else ()
    ended = tuple(clock.number for clock in running if clock.ends_with_stage)
    unanswered = tuple(inquiry.inquiry_id for inquiry in complaint.open_inquiries) if complaint else ()
    return NewStage(
        stage=stage,
        clock=due and _setting(STAGE_CLOCK, Ladder(policy, stage, now, due.at), due),
        stops=ended,
        dispensed=unanswered or None,
    )


def caps_inquiries(complaint: Complaint, now: datetime) -> bool:
    """No inquiry is due after the stage that needs its answer, unless that has run out when it is asked."""
    return complaint.deadline is not None and not complaint.deadline.overdue(now)


def inquiry_clock(complaint: Complaint, name: str, department: Role, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of an inquiry that is opened now (4.2b)."""
    due = policy.due(INQUIRY, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy without a clock for inquiries is refused when it is loaded
    if caps_inquiries(complaint, now):
        due = _capped(due, complaint)
    return _setting(name, Ladder(policy, INQUIRY, now, due.at, name, complaint.stage, department), due)


def information_clock(complaint: Complaint, name: str, now: datetime, policy: Policy) -> tuple[ClockSetting, bool]:
    """The clock of a question to the consumer, and whether the stage's clock stands still for it.

    It does for what is left of the policy's days. Where none are, or the stage is overdue, the consumer has the usual
    time.
    """
    stage = complaint.stage_clock
    due = policy.longest_wait(now, stage.waits if stage else ())
    holds = stage is not None and min(stage.due_at, due.at) > now
    due = due if holds else policy.longest_wait(now, ())
    return _setting(name, Ladder(policy, INFORMATION, now, due.at, name, complaint.stage), due), holds


def words_clock(complaint: Complaint, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of what the consumer wrote since the plan, in the complaint's last entry: it is to be read (4.4b)."""
    due = policy.due(WORDS, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy without this clock is refused when it is loaded
    name = named(WORDS, complaint.seq)
    return _setting(name, Ladder(policy, WORDS, now, due.at, name, complaint.stage), due)


def follow_up_clock(complaint: Complaint, name: str, days: int, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of a measure that was promised within some days (4.3a)."""
    due = policy.after_days(now, days)
    return _setting(name, Ladder(policy, FOLLOW_UP, now, due.at, name, complaint.stage), due)


def due_anew(clock: parts.RunningClock, complaint: Complaint, policy: Policy) -> Due:
    """When a clock ends by the calendar as it is known now, and as the stage is due now.

    One that stands still ends so if that lasts as long as it may.
    """
    if clock.ladder == FOLLOW_UP:
        assert clock.days is not None  # noqa: S101 — set with every follow-up
        return policy.after_days(clock.since, clock.days)
    if clock.ladder == INFORMATION:
        stage = complaint.stage_clock
        return policy.longest_wait(clock.since, stage.waits if stage and stage.waiting_since else ())
    waits = clock.waits
    if clock.waiting_since:
        waits += tuple((clock.waiting_since, one.due_at) for one in complaint.clocks if one.ladder in WAITED_FOR)
    due = policy.due(clock.ladder, complaint.begun_at, clock.since, clock.extended_by, waits)
    assert due is not None  # noqa: S101 — a clock that runs is one of the policy's
    return _capped(due, complaint) if clock.capped else due


def extended(clock: parts.RunningClock, working_days: int, complaint: Complaint, policy: Policy) -> Due:
    """When a clock ends that is given more working days."""
    longer = clock.model_copy(update={"extended_by": clock.extended_by + working_days})
    return due_anew(longer, complaint, policy)


def set_anew(
    clock: parts.RunningClock, stage: Stage, due: Due, now: datetime, policy: Policy
) -> tuple[ClockSetting, int]:
    """The setting of a running clock with another due time, and how many of its alarms then count as raised.

    What was raised stays raised; alarms that are yet to come by the new count ring again, once it runs.
    """
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    raised = ladder.raised_by(now, clock.alarms_raised)
    setting = _setting(clock.name, ladder, due, raised)
    return (setting.model_copy(update={"alarm_at": None}) if clock.waiting_since else setting), raised


def waited(clock: parts.RunningClock, since: datetime, until: datetime) -> parts.RunningClock:
    """A clock that has stood still, and runs again."""
    return clock.model_copy(update={"waits": (*clock.waits, (since, until)), "waiting_since": None})


def _setting(name: str, ladder: Ladder, due: Due, raised: int = 0) -> ClockSetting:
    first = ladder.alarm(raised + 1)
    return ClockSetting(
        name=name,
        due_at=due.at,
        provisional=due.provisional,
        alarm_at=first and first.moment,
        operating=ladder.policy.operating.version,
    )


def _capped(due: Due, complaint: Complaint) -> Due:
    stage = complaint.stage_clock
    return Due(stage.due_at, stage.provisional) if stage and stage.due_at < due.at else due
