"""The clocks of a complaint: how each is set, what stops it, and what it is set to when its time is counted anew."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.ladders import Ladder, before_morning
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, ClockSetting, NewStage
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import FOLLOW_UP, INFORMATION, INQUIRY, Ladders
from chalicelib.domain.vocabulary.stages import Stage


def named(ladder: Ladders, which: object) -> str:
    """The name of a clock within a complaint: "inquiry 2"."""
    return f"{ladder} {which}"


def ladder_of(clock: parts.RunningClock, stage: Stage, policy: Policy) -> Ladder:
    return Ladder(
        policy,
        clock.ladder,
        clock.since,
        clock.due_at,
        clock.name,
        stage,
        clock.held_by,
        clock.alarms_raised,
        clock.rang_at,
    )


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


def inquiry_cap(complaint: Complaint, now: datetime) -> datetime | None:
    """No inquiry is due after the stage that needs its answer, unless that has run out already."""
    stage = complaint.stage_clock
    return stage.due_at if stage and stage.due_at > now else None


def inquiry_clock(complaint: Complaint, name: str, department: Role, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of an inquiry that is opened now (4.2b)."""
    due = policy.due(INQUIRY, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy without a clock for inquiries is refused when it is loaded
    due = _capped(due, inquiry_cap(complaint, now))
    return _setting(name, Ladder(policy, INQUIRY, now, due.at, name, complaint.stage, department), due)


def information_clock(complaint: Complaint, name: str, now: datetime, policy: Policy) -> ClockSetting | None:
    """The clock of a question to the consumer: how long the stage's clock can stand still for it, if it can."""
    stage = complaint.stage_clock
    if stage is None or stage.due_at <= now:
        return None
    until = policy.longest_wait(now, stage.waits)
    if until <= now:
        return None
    return _setting(name, Ladder(policy, INFORMATION, now, until, name, complaint.stage), Due(until, False))


def follow_up_clock(complaint: Complaint, name: str, days: int, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of a measure that was promised within some days (4.3a)."""
    due = policy.after_days(now, days)
    return _setting(name, Ladder(policy, FOLLOW_UP, now, due.at, name, complaint.stage), due)


def due_anew(clock: parts.RunningClock, begun_at: datetime, policy: Policy) -> Due:
    """When a clock ends by the calendar as it is known now."""
    if clock.ladder == FOLLOW_UP:
        assert clock.days is not None  # noqa: S101 — set with every follow-up
        return policy.after_days(clock.since, clock.days)
    if clock.ladder == INFORMATION:
        return Due(clock.due_at, clock.provisional)
    due = policy.due(clock.ladder, begun_at, clock.since, clock.extended_by, clock.waits)
    assert due is not None  # noqa: S101 — a clock that runs is one of the policy's
    return _capped(due, clock.cap)


def extended(clock: parts.RunningClock, working_days: int, begun_at: datetime, policy: Policy) -> Due:
    """When a clock ends that is given more working days."""
    longer = clock.model_copy(update={"extended_by": clock.extended_by + working_days})
    return due_anew(longer, begun_at, policy)


def set_anew(
    clock: parts.RunningClock, stage: Stage, due: Due, now: datetime, policy: Policy
) -> tuple[ClockSetting, tuple[int, ...]]:
    """The setting of a running clock with another due time, and the rungs of its ladder that then count as raised.

    What was raised stays raised; alarms that are yet to come by the new count ring again.
    """
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    raised = ladder.raised_by(now)
    return _setting(clock.name, replace(ladder, raised=raised), due), raised


def set_right(
    clock: parts.RunningClock, stage: Stage, due: Due, now: datetime, policy: Policy, *, missed: bool
) -> tuple[ClockSetting, tuple[int, ...], datetime | None]:
    """The same where a corrected calendar moves the due time, and the moment that counts as that of the last alarm.

    People acted by what was known. Where the due time has passed by the new count nobody is told of it for the time
    before the correction: a breach is recorded, unless it was already (`missed`), and is escalated from now on.
    """
    if due.at > now:
        return *set_anew(clock, stage, due, now, policy), clock.rang_at
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    spared = {*clock.alarms_raised, *ladder.spared_by(now), *(ladder.breach if missed else ())}
    since = before_morning(now, policy)
    ladder = replace(ladder, raised=tuple(sorted(spared)), rang_at=max(clock.rang_at or since, since))
    return _setting(clock.name, ladder, due), ladder.raised, ladder.rang_at


def longest_due(clock: parts.RunningClock, wait: tuple[datetime, datetime], begun_at: datetime, policy: Policy) -> Due:
    """When a clock ends that stands still for the whole of a wait."""
    return due_anew(clock.model_copy(update={"waits": (*clock.waits, wait)}), begun_at, policy)


def _setting(name: str, ladder: Ladder, due: Due) -> ClockSetting:
    first = ladder.alarm()
    return ClockSetting(
        name=name,
        due_at=due.at,
        provisional=due.provisional,
        alarm_at=first and first.moment,
        operating=ladder.policy.operating.version,
    )


def _capped(due: Due, cap: datetime | None) -> Due:
    return Due(cap, due.provisional) if cap and cap < due.at else due
