"""When the clocks of a complaint ring (3.2, 4.1c to 4.4b, 8.3), and what is raised then.

An alarm is raised once, in its turn, as an event that carries the moment it was meant for and the moment it was raised.
While a stage's clock stands still, its alarms do too.
"""

from datetime import datetime

from chalicelib.domain.complaint import events, heard, parts
from chalicelib.domain.complaint.clocks import WAITED_FOR, due_anew, due_of_breach, ladder_of, set_right
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.waits import resume
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK
from chalicelib.domain.ground.record import Alarm
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import FOLLOW_UP, HEARINGS, INFORMATION
from chalicelib.domain.vocabulary.stages import Stage

ANSWERED_BY_CONSUMER = (Stage.AWAITING_CONSUMER, INFORMATION)
"""The clocks by which the consumer has to answer."""
TOLD_TO_CONSUMER = (*ANSWERED_BY_CONSUMER, FOLLOW_UP)
"""Those whose due times were told to the consumer: to answer by, or to wait for."""
MOST_AT_ONCE = 15  # events of one transaction, which holds 100 items, those of 60 tasks among them


def next_alarm(complaint: Complaint, policy: Policy, number: int | None = None, *, lapse: bool = True) -> Alarm | None:
    """The alarm whose turn it is, whenever its moment; None if no clock runs or the ladders have ended.

    `number`: that of one clock, to ask for its alarms only. Without `lapse` as if the complaint could not lapse.
    """
    ringing = (clock for clock in complaint.clocks if not clock.waiting_since and number in (None, clock.number))
    alarms = (ladder_of(clock, complaint.stage, policy).alarm() for clock in ringing)
    to_come = (alarm for alarm in alarms if alarm and (lapse or alarm.kind != "lapse"))
    return min(to_come, key=lambda alarm: alarm.moment, default=None)


def due_alarms(
    complaint: Complaint, now: datetime, policy: Policy, *, lapse: bool = True, left: str | None = None
) -> list[Entry]:
    """The alarms whose moment has come and that were not raised yet, about `MOST_AT_ONCE` of them.

    Without `lapse` the complaint does not lapse: whoever acts on it before it was closed is in time. `left`: who works
    here no more, and is charged with nothing: the department is.
    """
    draft = Draft.of(complaint, now, policy)
    while len(draft.entries) < MOST_AT_ONCE and (alarm := _due(draft.complaint, now, policy, lapse)):
        _ring(draft, alarm, left)
    return draft.entries


def are_due(complaint: Complaint, now: datetime, policy: Policy, *, lapse: bool = True) -> bool:
    """Whether there are any."""
    return _due(complaint, now, policy, lapse) is not None


def _due(complaint: Complaint, now: datetime, policy: Policy, lapse: bool) -> Alarm | None:
    alarm = next_alarm(complaint, policy, lapse=lapse)
    return alarm if alarm and alarm.moment <= now else None


def _ring(draft: Draft, alarm: Alarm, left: str | None) -> None:
    """However late it is raised, and by whom: nobody is told at night, and it concerns who had the complaint then."""
    awake = draft.now if alarm.day_and_night else draft.policy.waking(draft.now, earlier=False)
    alarm = alarm.model_copy(update={"tell_from": max(alarm.tell_from, awake)})
    complaint = draft.complaint
    clock = complaint.clock(alarm.clock)
    if clock and clock.ladder in HEARINGS:
        heard.ring(draft, alarm)
        return
    held_by = (clock and clock.held_by) or complaint.held_by(alarm.moment)
    held_by = complaint.department if held_by == left else held_by
    match alarm.kind:
        case "breach":
            draft.add(events.DeadlineMissed(alarm=alarm, held_by=held_by), CLOCK)
        case "escalation":
            draft.add(events.Escalated(alarm=alarm, held_by=held_by), CLOCK)
        case "lapse":
            step = LIFECYCLE.step(complaint.stage, Action.LAPSE, CLOCK)
            draft.add(events.ComplaintLapsed(alarm=alarm), CLOCK, step.target)
        case "resume":
            draft.add(events.WaitExpired(alarm=alarm, stops=complaint.numbers([alarm.clock])), CLOCK)
            resume(draft, alarm.moment, CLOCK)
        case "ask":
            stops = complaint.numbers([alarm.clock])
            draft.add(events.SurveyDue(alarm=alarm, closure=complaint.closures, stops=stops), CLOCK)
        case "expire":
            stops = complaint.numbers([alarm.clock])
            draft.add(events.SurveyExpired(alarm=alarm, closure=complaint.closures, stops=stops), CLOCK)
        case _:
            draft.add(events.ReminderRaised(alarm=alarm), CLOCK)


def recount(complaint: Complaint, now: datetime, policy: Policy) -> list[Entry]:
    """The due times counted anew, by the calendar as it is known now, and what was missed by it; no event for what is
    as it was. About `MOST_AT_ONCE` of them: again until there are none.

    First those of what a stage stands still for, by which that is due at the latest; inquiries after their stage.
    """
    draft = Draft.of(complaint, now, policy)
    void = _void(complaint, now, policy)
    standing = {breach.promise for number, breach in enumerate(complaint.breaches, start=1) if number not in void}
    for clock in sorted(complaint.clocks, key=lambda clock: (clock.ladder not in WAITED_FOR, clock.capped)):
        if len(draft.entries) < MOST_AT_ONCE:
            _recount(draft, clock, clock.promise in standing)
    if void != tuple(number for number, breach in enumerate(complaint.breaches, start=1) if breach.void):
        over = (one.clock for one in complaint.hearings if one.number in void)
        draft.add(events.BreachesRecounted(void=void, stops=tuple(clock for clock in over if clock)), CLOCK)
    return draft.entries


def _recount(draft: Draft, clock: parts.RunningClock, missed: bool) -> None:
    stage, now, policy = draft.complaint.stage, draft.now, draft.policy
    due = due_anew(clock, draft.complaint, policy)
    if (due.at, due.provisional) == (clock.due_at, clock.provisional):
        return
    awake = policy.waking(now, earlier=False)
    sooner = clock.ladder in TOLD_TO_CONSUMER and due.at < clock.due_at and not clock.waiting_since
    if sooner and clock.ladder in ANSWERED_BY_CONSUMER and due.at <= awake:
        return  # the consumer would hear of it when it is too late
    setting, raised, rang_at = set_right(clock, stage, due, now, policy, missed=missed)
    moves = (one.event for one in draft.entries if isinstance(one.event, events.DeadlineMoved))
    told = {move.clock.due_at for move in moves if move.tell_from}
    moved = events.DeadlineMoved(
        clock=setting,
        stops=() if clock.waiting_since else (clock.number,),
        was_due_at=clock.due_at,
        alarms_raised=raised,
        rang_at=rang_at,
        tell_from=awake if sooner and due.at > awake and due.at not in told else None,  # of those of one plan once
    )
    draft.add(moved, CLOCK)


def _void(complaint: Complaint, now: datetime, policy: Policy) -> tuple[int, ...]:
    """The breaches that are none, by number: by the calendar of now the due time had not come when the work was done,
    or has not yet. Of several breaches of one promise the last stands.
    """
    last = {breach.promise: number for number, breach in enumerate(complaint.breaches, start=1)}
    return tuple(
        number
        for number, breach in enumerate(complaint.breaches, start=1)
        if last[breach.promise] != number or due_of_breach(breach, complaint, policy).at > (breach.until or now)
    )
