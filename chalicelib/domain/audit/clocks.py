"""The clocks of an audit: of comments, findings, their effect, waivers, hearings; measures have theirs.

Each is a duty (`policy/duties.py`): what is not done in time is late. Some only end: the days for comments, a waiver,
the days in which somebody may speak or object; then what waited for that goes on.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from chalicelib.domain.audit import audit as events
from chalicelib.domain.audit import standing
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Finding, Severity, Stage
from chalicelib.domain.audit.evolution import COMMENTS, FINDING, VERIFICATION, WAIVER, evolve, numbered
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, HOUSE
from chalicelib.domain.ground.record import Alarm, ClockSetting, Event, NewStage
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import Duty
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement
from chalicelib.domain.vocabulary.ladders import HEARING, HEARING_DECISION, HEARING_OBJECTION

COMMENT_DAYS, VERIFICATION_DAYS = 5, 10
"""Working days."""
CORRECTION_DAYS: dict[Severity, int] = {"critical": 5, "major": 20, "minor": 40}
"""Working days in which a finding is to be corrected; an observation need not be."""
HEARING_DAYS: dict[str, int] = {HEARING: 3, HEARING_DECISION: 5, HEARING_OBJECTION: 5}
"""Working days (8.3)."""
ENDING = (COMMENTS, WAIVER, HEARING, HEARING_OBJECTION)
"""What is over at its due time, and never late."""


# ---- how each is set -------------------------------------------------------------------------------------------------


def comments(since: datetime, policy: Policy) -> ClockSetting:
    return duties.setting(COMMENTS, since, COMMENT_DAYS, policy)


def correction(number: int, severity: Severity, since: datetime, policy: Policy) -> ClockSetting | None:
    """Until when a finding is to be corrected."""
    days = CORRECTION_DAYS.get(severity)
    return duties.setting(f"{FINDING} {number}", since, days, policy) if days else None


def verification(number: int, done_at: datetime, policy: Policy) -> ClockSetting:
    """Until when somebody is to say whether it has helped, which nobody can before 30 days have passed."""
    due = policy.after_working_days(done_at + standing.EFFECT_AFTER, VERIFICATION_DAYS)
    return duties.until(f"{VERIFICATION} {number}", done_at, due.at, policy, provisional=due.provisional)


def waiver(number: int, until: date, policy: Policy) -> ClockSetting:
    """To the end of its last day."""
    ends = datetime.combine(until + timedelta(days=1), time.min, policy.zone)
    return ClockSetting(name=f"{WAIVER} {number}", due_at=ends, alarm_at=ends)


def of_hearing(since: datetime, policy: Policy) -> hearings.Sets:
    """How the clocks of hearings are set that begin at a moment."""
    return lambda ladder, name: duties.setting(name, since, HEARING_DAYS[ladder], policy)


def _counted(one: Duty, state: Audit, policy: Policy) -> ClockSetting | None:
    """How the clock of a duty would be set by the days that are known now; None for one that ends on a named day."""
    of, number = numbered(one.name)
    finding = state.finding(number)
    match of:
        case "comments":
            return comments(one.since, policy)
        case "finding" if finding:
            return correction(finding.number, finding.severity, one.since, policy)
        case "verification" if finding:
            return verification(finding.number, one.since, policy)
        case "waiver":
            return None
    return duties.setting(one.name, one.since, HEARING_DAYS[of], policy)


def recount(state: Audit, now: datetime, policy: Policy) -> list[Entry]:
    """What is due on another day than was thought, since the calendar of that year is known; what is late by now stays
    late. Again: nothing."""
    settings = ((one, _counted(one, state, policy)) for one in state.duties)
    changed = [event for one, clock in settings if clock and (event := duties.recounted(one, clock, now))]
    return chain.linked(state.audit_id, state, changed, HOUSE, now)


# ---- when they ring --------------------------------------------------------------------------------------------------


def next_alarm(state: Audit, policy: Policy, clock: int | None = None) -> Alarm | None:
    """The alarm whose turn it is, whenever its moment. `clock`: of the clock of that number only."""
    return min(_alarms(state, policy, clock), key=lambda alarm: alarm.moment, default=None)


def _alarms(state: Audit, policy: Policy, clock: int | None) -> Iterator[Alarm]:
    for one in state.duties:
        if alarm := duties.next_alarm([_quiet(one)], state.stage, policy, clock):
            yield _as_it_is(alarm)
    measures = standing.live_measures(state)
    if alarm := improvement.next_alarm(measures, state.stage, policy, clock):
        yield alarm


def _quiet(one: Duty) -> Duty:
    """Nobody is reminded of the end of a waiver: there is nothing to be done by then."""
    silent = numbered(one.name)[0] == WAIVER
    return one.model_copy(update={"raised": (duties.REMINDER,)}) if silent else one


def _as_it_is(alarm: Alarm) -> Alarm:
    """What is over is not late, and nobody is told that it was."""
    over = _ends(alarm)
    return alarm.model_copy(update={"kind": "lapse", "tell": ()}) if over else alarm


def _ends(alarm: Alarm) -> bool:
    return numbered(alarm.clock)[0] in ENDING and alarm.number != duties.REMINDER


def due_alarms(state: Audit, now: datetime, policy: Policy) -> list[Entry]:
    """The alarms whose moment has come, in their order."""
    raise_ = partial(_raised, now=now, policy=policy)
    return duties.ring(state, now, policy, next_alarm, raise_, evolve, state.audit_id)


def _raised(alarm: Alarm, state: Audit, now: datetime, policy: Policy) -> tuple[Event, NewStage | None]:
    of, number = numbered(alarm.clock)
    if of == "measure":
        return improvement.raised(alarm, state.measures), None
    if not _ends(alarm):
        return duties.raised(alarm, state.duties), None
    finding, hearing = state.finding(number), hearings.of(state.hearings, number)
    if of == WAIVER and finding:
        return _waiver_over(alarm, state, finding, now, policy), None
    if of in HEARING_DAYS and hearing:
        return hearings.ended(hearing, alarm, of_hearing(now, policy)), None
    return _comments_over(alarm, state)


def _comments_over(alarm: Alarm, state: Audit) -> tuple[Event, NewStage]:
    step = LIFECYCLE.step(Stage(state.stage), Action.END_COMMENTS, CLOCK)
    enters = NewStage(stage=step.target, stops=running(state, COMMENTS), was_due_at=alarm.due_at)
    return events.CommentsEnded(alarm=alarm), enters


def _waiver_over(alarm: Alarm, state: Audit, finding: Finding, now: datetime, policy: Policy) -> events.WaiverExpired:
    clock = correction(finding.number, finding.severity, now, policy)
    stops = running(state, alarm.clock)
    return events.WaiverExpired(alarm=alarm, number=finding.number, stops=stops, clock=clock)


def running(state: Audit, *names: str) -> tuple[int, ...]:
    """The numbers of the clocks of these names, as far as they run."""
    return tuple(one.clock for one in state.duties if one.name in names)


def of_finding(state: Audit, number: int) -> tuple[int, ...]:
    """The numbers of the clocks by which a finding itself is due: corrected, verified, no more waived."""
    return running(state, *(f"{of} {number}" for of in (FINDING, VERIFICATION, WAIVER)))
