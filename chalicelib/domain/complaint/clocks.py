"""The clocks of a complaint: how each is set, what stops it, and what it is set to when its time is counted anew."""

from datetime import datetime

from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.ladders import EXACT, Ladder
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
    since = clock.rings_from or clock.since
    return Ladder(policy, clock.ladder, since, clock.due_at, clock.name, stage, clock.held_by)


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
        followed_by=followers(complaint) if complaint else None,
    )


def followers(complaint: Complaint) -> tuple[str, ...] | None:
    """What is handled together with a complaint, and learns of the stages it enters."""
    return tuple(one.complaint_id for one in complaint.taken_in) or None


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
) -> tuple[ClockSetting, int]:
    """The setting of a running clock with another due time, and how many of its alarms then count as raised.

    What was raised stays raised; alarms that are yet to come by the new count ring again.
    """
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    raised = ladder.raised_by(now, clock.alarms_raised)
    return _setting(clock.name, ladder, due, raised), raised


def longest_due(clock: parts.RunningClock, wait: tuple[datetime, datetime], begun_at: datetime, policy: Policy) -> Due:
    """When a clock ends that stands still for the whole of a wait."""
    return due_anew(clock.model_copy(update={"waits": (*clock.waits, wait)}), begun_at, policy)


def taken_up(complaint: Complaint, now: datetime, policy: Policy) -> tuple[parts.RunningClock, ClockSetting]:
    """The clock of a merged complaint as it goes on when that is undone, and the setting of it.

    It has run on where the house has to act: a merger buys no time. Where the consumer has to, who could not answer
    meanwhile, it stood still. Nobody is told of alarms that they were spared; a due time that has passed is a breach.
    """
    stood, merged_at = complaint.merged, complaint.closed_at
    assert stood is not None  # noqa: S101 — a guard has seen to it
    assert merged_at is not None  # noqa: S101 — what is merged is closed
    clock = stood.clock
    lapses = any(rung.kind == "lapse" for rung in policy.ladders[clock.ladder])
    since, until = clock.waiting_since or merged_at, now if lapses else merged_at
    waits = (*clock.waits, (since, until)) if since < until else clock.waits
    ladder = ladder_of(clock, stood.stage, policy)
    exact = [ladder.alarm(number + 1) for number in range(clock.alarms_raised)]
    anew = {
        "waits": waits,
        "waiting_since": None,
        "rings_from": now,
        "alarms_raised": sum(alarm is not None and alarm.kind in EXACT for alarm in exact),
    }
    clock = clock.model_copy(update=anew)
    setting, raised = set_anew(clock, stood.stage, due_anew(clock, complaint.begun_at, policy), now, policy)
    return clock.model_copy(update={"alarms_raised": raised, "due_at": setting.due_at}), setting


def _setting(name: str, ladder: Ladder, due: Due, raised: int = 0) -> ClockSetting:
    first = ladder.alarm(raised + 1)
    return ClockSetting(
        name=name,
        due_at=due.at,
        provisional=due.provisional,
        alarm_at=first and first.moment,
        operating=ladder.policy.operating.version,
    )


def _capped(due: Due, cap: datetime | None) -> Due:
    return Due(cap, due.provisional) if cap and cap < due.at else due
