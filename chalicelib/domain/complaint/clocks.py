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
from chalicelib.domain.vocabulary.ladders import (
    FOLLOW_UP,
    INFORMATION,
    INQUIRY,
    SURVEY,
    SURVEY_ANSWER,
    SURVEY_REVIEW,
    WORDS,
    Hearings,
    Ladders,
    Safety,
)
from chalicelib.domain.vocabulary.stages import Stage

WAITED_FOR = (INFORMATION, WORDS)
"""The ladders of what a stage's clock can stand still for; where one does, no two of these run."""


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
        clock.waits,
        clock.alarms_raised,
        clock.rang_at,
    )


def entry_into(
    complaint: Complaint | None,
    stage: Stage,
    now: datetime,
    policy: Policy,
    by: Ladders | None = None,
    *,
    asks: bool = False,
) -> NewStage:
    """The complaint enters a stage: its clock is set, those that end with the present one are stopped.

    `by`: the clock that takes the place of the stage's own. `asks`: its consumer is asked in it how it was (6.2). One
    that was closed begins anew. The inquiries that
    are still open are dispensed with, and the entry names them (4.2b).
    """
    begun_at = complaint.begun_at if complaint and not complaint.closed_at else now
    due = policy.due(by or stage, begun_at, now)
    running = (clock for clock in complaint.clocks if not clock.waiting_since) if complaint else ()
    ended = tuple(clock.number for clock in running if clock.ends_with_stage)
    unanswered = tuple(inquiry.inquiry_id for inquiry in complaint.open_inquiries) if complaint else ()
    left = complaint.stage_clock if complaint else None
    clock = due and _setting(STAGE_CLOCK, Ladder(policy, by or stage, now, due.at, within=stage), due)
    return NewStage(
        stage=stage,
        clock=survey_clock(stage, now, policy) if asks else clock,
        stops=ended,
        was_due_at=left and left.due_at,
        dispensed=unanswered or None,
        followed_by=followers(complaint) if complaint else None,
    )


def caps_inquiries(complaint: Complaint, now: datetime) -> bool:
    """No inquiry is due after the stage that needs its answer, unless that has run out when it is asked."""
    return complaint.deadline is not None and not complaint.deadline.overdue(now)


def followers(complaint: Complaint) -> tuple[str, ...] | None:
    """What is handled together with a complaint, and learns of the stages it enters."""
    return tuple(one.complaint_id for one in complaint.taken_in) or None


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


def safety_clock(
    complaint: Complaint, task: Safety, name: str, department: Role, now: datetime, policy: Policy
) -> ClockSetting:
    """The clock of what a department has to do about a danger."""
    due = policy.due(task, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy that does not name this clock has its default
    return _setting(name, Ladder(policy, task, now, due.at, name, complaint.stage, department), due)


def survey_clock(stage: Stage, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of a complaint that closes now: when its consumer is asked how it was (6.2)."""
    due = Due(policy.asks_at(now), provisional=False)
    return _setting(SURVEY, Ladder(policy, SURVEY, now, due.at, SURVEY, stage), due)


def answer_clock(complaint: Complaint, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of a consumer who is asked now."""
    due = Due(policy.answers_until(now), provisional=False)
    return _setting(SURVEY_ANSWER, Ladder(policy, SURVEY_ANSWER, now, due.at, SURVEY_ANSWER, complaint.stage), due)


def survey_review_clock(complaint: Complaint, closure: int, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of a low answer, which a supervisor looks into."""
    due = policy.due(SURVEY_REVIEW, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy that does not name this clock has its default
    name = named(SURVEY_REVIEW, closure)
    return _setting(name, Ladder(policy, SURVEY_REVIEW, now, due.at, name, complaint.stage, Role.SUPERVISOR), due)


def hearing_clock(complaint: Complaint, ladder: Hearings, name: str, now: datetime, policy: Policy) -> ClockSetting:
    """The clock of whoever is heard about a breach, or of those who decide (8.3)."""
    due = policy.due(ladder, complaint.begun_at, now)
    assert due is not None  # noqa: S101 — a policy that does not name this clock has its default
    return _setting(name, Ladder(policy, ladder, now, due.at, name, complaint.stage), due)


def due_anew(clock: parts.RunningClock, complaint: Complaint, policy: Policy) -> Due:
    """When a clock ends by the calendar as it is known now, and as the stage is due now.

    One that stands still ends so if that lasts as long as it may.
    """
    if clock.ladder == FOLLOW_UP:
        assert clock.days is not None  # noqa: S101 — set with every follow-up
        return policy.after_days(clock.since, clock.days)
    if clock.ladder == SURVEY:
        return Due(policy.asks_at(clock.since), provisional=False)
    if clock.ladder == SURVEY_ANSWER:
        return Due(policy.answers_until(clock.since), provisional=False)
    if clock.ladder == INFORMATION:
        stage = complaint.stage_clock
        return policy.longest_wait(clock.since, stage.waits if stage and stage.waiting_since else ())
    waits = clock.waits
    if clock.waiting_since:
        waits += tuple((clock.waiting_since, one.due_at) for one in complaint.clocks if one.ladder in WAITED_FOR)
    due = policy.due(clock.ladder, complaint.begun_at, clock.since, clock.extended_by, waits)
    assert due is not None  # noqa: S101 — a clock that runs is one of the policy's
    return _capped(due, complaint) if clock.capped else due


def clocks_beside(clock: parts.RunningClock, complaint: Complaint) -> tuple[parts.RunningClock, ...]:
    """Those that the due time of a clock depends on: that of the stage, and of what the stage stands still for."""
    if not clock.capped:
        return ()
    return tuple(one for one in complaint.clocks if one.name == STAGE_CLOCK or one.ladder in WAITED_FOR)


def due_of_breach(breach: parts.Breach, complaint: Complaint, policy: Policy) -> Due:
    """When what was missed was due, by the calendar as it is known now and as the stage stood then."""
    then = complaint.model_copy(update={"begun_at": breach.begun_at, "clocks": breach.beside})
    for clock in sorted(breach.beside, key=lambda one: one.ladder not in WAITED_FOR):
        anew = clock.model_copy(update={"due_at": due_anew(clock, then, policy).at})
        clocks = tuple(anew if one.number == clock.number else one for one in then.clocks)
        then = then.model_copy(update={"clocks": clocks})
    return due_anew(breach.counted, then, policy)


def review_until(complaint: Complaint, now: datetime, policy: Policy) -> datetime | None:
    """Until when another person can be asked to decide; None: it is not possible, or not any more (3.3).

    While the plan is awaited that is as long as it is: if it closes the complaint there are days more.
    """
    if complaint.rejection_to_review is None or complaint.erased_at:
        return None
    if complaint.closed_at is None:
        return complaint.deadline.due_at if complaint.deadline else None
    until = policy.after_days(complaint.closed_at, policy.review_days).at
    return until if now < until else None


def reopening_ends(complaint: Complaint, policy: Policy) -> datetime | None:
    """When the days are over in which it can be reopened: from its closure, or from that of the one it was merged into;
    None while it is open, or handled together with another."""
    since = complaint.other_closed_at if complaint.merged_into else complaint.closed_at
    return policy.after_days(since, policy.reopening_days).at if since else None


def reopen_until(complaint: Complaint, now: datetime, policy: Policy) -> datetime | None:
    """Until when its consumer can reopen it; None: it is not possible, or not any more."""
    often = complaint.reopened >= policy.reopenings
    until = None if often or complaint.other_agreed or complaint.erased_at else reopening_ends(complaint, policy)
    return until if until and now < until else None


def extended(clock: parts.RunningClock, working_days: int, complaint: Complaint, policy: Policy) -> Due:
    """When a clock ends that is given more working days."""
    longer = clock.model_copy(update={"extended_by": clock.extended_by + working_days})
    return due_anew(longer, complaint, policy)


def set_anew(
    clock: parts.RunningClock, stage: Stage, due: Due, now: datetime, policy: Policy
) -> tuple[ClockSetting, tuple[int, ...]]:
    """The setting of a running clock with another due time, and the rungs of its ladder that then count as raised.

    What was raised stays raised; alarms that are yet to come by the new count ring again, once it runs.
    """
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    raised = ladder.raised_by(now)
    setting = _setting(clock.name, replace(ladder, raised=raised), due)
    return (setting.model_copy(update={"alarm_at": None}) if clock.waiting_since else setting), raised


def set_right(
    clock: parts.RunningClock, stage: Stage, due: Due, now: datetime, policy: Policy, *, missed: bool
) -> tuple[ClockSetting, tuple[int, ...], datetime | None]:
    """The same where a corrected calendar moves the due time, and the moment that counts as that of the last alarm.

    People acted by what was known. Where the due time has passed by the new count nobody is told of it for the time
    before the correction: a breach is recorded, unless it was already (`missed`), and is escalated from now on.
    """
    if clock.waiting_since or due.at > now:
        return *set_anew(clock, stage, due, now, policy), clock.rang_at
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    spared = {*clock.alarms_raised, *ladder.spared_by(now), *(ladder.breach if missed else ())}
    since = before_morning(now, policy)
    ladder = replace(ladder, raised=tuple(sorted(spared)), rang_at=max(clock.rang_at or since, since))
    return _setting(clock.name, ladder, due), ladder.raised, ladder.rang_at


def waited(clock: parts.RunningClock, since: datetime, until: datetime) -> parts.RunningClock:
    """A clock that has stood still, and runs again."""
    return clock.model_copy(update={"waits": (*clock.waits, (since, until)), "waiting_since": None})


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
    if since < until:
        clock = waited(clock, since, until)
    clock = clock.model_copy(update={"waiting_since": None})
    return _going_on(clock, due_anew(clock, complaint, policy), stood.stage, now, policy)


def still_unread(complaint: Complaint, now: datetime, policy: Policy) -> tuple[parts.RunningClock, ClockSetting] | None:
    """The same for what the consumer wrote since the plan and nobody had read when it was merged; None if nothing."""
    stood = complaint.merged
    if stood is None or stood.words is None:
        return None
    return _going_on(stood.words, due_anew(stood.words, complaint, policy), stood.stage, now, policy)


def _going_on(
    clock: parts.RunningClock, due: Due, stage: Stage, now: datetime, policy: Policy
) -> tuple[parts.RunningClock, ClockSetting]:
    ladder = ladder_of(clock.model_copy(update={"due_at": due.at}), stage, policy)
    raised = tuple(sorted({*ladder.raised_by(now), *ladder.spared_by(now)}))
    spared = before_morning(now, policy)
    ladder = replace(ladder, raised=raised, rang_at=max(clock.rang_at or spared, spared))
    setting = _setting(clock.name, ladder, due)
    anew = {"alarms_raised": ladder.raised, "rang_at": ladder.rang_at, "due_at": due.at}
    return clock.model_copy(update=anew), setting


def _setting(name: str, ladder: Ladder, due: Due) -> ClockSetting:
    first = ladder.alarm()
    return ClockSetting(
        name=name,
        due_at=due.at,
        provisional=due.provisional,
        alarm_at=first and first.moment,
        operating=ladder.policy.operating.version,
        length=None if name != STAGE_CLOCK or isinstance(ladder.of, Stage) else ladder.of,
    )


def _capped(due: Due, complaint: Complaint) -> Due:
    stage = complaint.stage_clock
    return Due(stage.due_at, stage.provisional) if stage and stage.due_at < due.at else due
