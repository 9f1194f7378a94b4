"""The clocks of one past complaint as a policy sets them, lets them stand still and ring, by what its entries say.

`replay.py` says by which rule. How a clock is set is what the complaint's own rules say of it: nothing is counted here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.complaint import clocks, events, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.governance.gates import Gate, closed_by
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import STAGE_CLOCK, Alarm
from chalicelib.domain.policy.policies import INSTANT, Policy
from chalicelib.domain.vocabulary.ladders import INFORMATION, INQUIRY, SURVEY, SURVEY_ANSWER
from chalicelib.domain.vocabulary.stages import Stage

BY_ITSELF: Mapping[str, str] = {
    events.ComplaintLapsed.__name__: STAGE_CLOCK,
    events.SurveyDue.__name__: SURVEY,
    events.SurveyExpired.__name__: SURVEY_ANSWER,
}
"""What ends a clock because it rang, and that clock: by another policy it goes on, until it rings there."""
ENDS = ("resume", "ask", "expire", "lapse")
TELLS = ("reminder", "breach", "escalation", "nudge")
"""The alarms by which somebody is told."""
_RINGS = frozenset(kind.__name__ for kind in (events.ReminderRaised, events.DeadlineMissed, events.Escalated))


@dataclass
class Run:
    """A clock of a complaint by one policy: when it was due in the end, which alarms it raised, by kind."""

    ladder: str
    due_at: datetime
    alarms: Counter[str] = field(default_factory=Counter)

    @property
    def breaches(self) -> int:
        return self.alarms["breach"]

    @property
    def told(self) -> int:
        """How often somebody was told."""
        return sum(self.alarms[kind] for kind in TELLS)


class Life:
    """The clocks of one complaint as a policy sets them, while its entries are followed.

    A clock is known by the number of the entry that began it and its name, whatever the policy. `runs`: all that there
    were; `names`: what they are called; `told_on`: messages to departments by the day; `complaint`: the recorded one
    with the clocks of this policy.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.runs: dict[str, Run] = {}
        self.names: dict[str, str] = {}
        self.gates: set[Gate] = set()
        self._recorded: Complaint | None = None
        self._clocks: tuple[parts.RunningClock, ...] = ()
        self._whole: Complaint | None = None
        self._keys: dict[str, str] = {}
        self._next: dict[str, Alarm] = {}
        self._alone: list[tuple[str, parts.RunningClock]] = []
        self._stood: tuple[parts.RunningClock, str] | None = None
        self.told_on: Counter[date] = Counter()

    @property
    def complaint(self) -> Complaint:
        if self._whole is None:
            assert self._recorded is not None  # noqa: S101 — an entry was followed
            self._whole = self._recorded.model_copy(update={"clocks": self._clocks})
        return self._whole

    @property
    def _stage(self) -> Stage:
        assert self._recorded is not None  # noqa: S101 — an entry was followed
        return self._recorded.stage

    def _clock(self, name: str) -> parts.RunningClock | None:
        return next((clock for clock in self._clocks if clock.name == name), None)

    def follow(self, before: Complaint | None, entry: Entry, after: Complaint) -> None:
        """An entry happened. Alarms of the record are not looked at: this policy raises its own."""
        if entry.kind in _RINGS:
            self._recorded, self._whole = after, None
            return
        self._ring_until(entry.at)
        if gate := closed_by(before, entry, after, self.policy):
            self.gates.add(gate)
        changed = before is None or before.clocks != after.clocks
        was = self.complaint if entry.kind == events.MergerUndone.__name__ else None
        self._recorded, self._whole = after, None
        if not changed and not entry.data.get("answers"):
            return
        self._stop(before, entry, after)
        if was is not None:
            self._take_up(was, entry)
        elif entry.kind == events.DeadlineExtended.__name__:
            self._extend(entry)
        for clock in after.clocks:
            if _begins(clock, before, entry) and clock.name not in self._keys:
                self._begin(clock, entry)

    def end(self, until: datetime) -> None:
        """Time passes until then, and nothing else happens."""
        self._ring_until(until)
        for key, clock in self._alone:
            self._ring_alone(key, clock, until)

    def due_on(self) -> Mapping[date, int]:
        """How many due times there are on each day."""
        return Counter(self._day(one.due_at) for one in self.runs.values())

    # ---- clocks begin and end ----------------------------------------------------------------------------------------

    def _begin(self, recorded: parts.RunningClock, entry: Entry) -> None:
        """`recorded`: as the record has it. What a stage stands still for makes it stand still here."""
        key = f"{entry.seq} {recorded.name}"
        clock = recorded.model_copy(update={"alarms_raised": (), "rang_at": None, "waits": (), "waiting_since": None})
        if clock.ladder in clocks.WAITED_FOR:
            self._wait_no_more(entry.at, whatever_runs=True)
        if clock.ladder == INFORMATION:
            setting, holds = clocks.information_clock(self.complaint, clock.name, entry.at, self.policy)
            due_at = setting.due_at
        else:
            holds = clock.ladder in clocks.WAITED_FOR
            if clock.ladder == INQUIRY:
                clock = clock.model_copy(update={"capped": clocks.caps_inquiries(self.complaint, entry.at)})
            due_at = clocks.due_anew(clock, self.complaint, self.policy).at
        clock = clock.model_copy(update={"due_at": due_at})
        self._keys[clock.name], self.names[key] = key, clock.name
        if clock.since < entry.at:
            spared = clocks.ladder_of(clock, self._stage, self.policy).spared_by(entry.at)
            clock = clock.model_copy(update={"alarms_raised": spared})
        self.runs[key] = Run(clock.ladder, due_at)
        self._put(clock)
        if holds and (stage := self._clock(STAGE_CLOCK)):
            self._put(stage.model_copy(update={"waiting_since": entry.at}))
            self._recount(STAGE_CLOCK, None)
            self._recount_inquiries(entry.at)

    def _stop(self, before: Complaint | None, entry: Entry, after: Complaint) -> None:
        """Those end that the record ends, but for what ended there because it rang."""
        there = {clock.name for clock in after.clocks if not _begins(clock, before, entry)}
        gone = {clock.name for clock in before.clocks if clock.name not in there} if before else set[str]()
        if entry.kind == events.WaitExpired.__name__:
            return
        if answered := entry.data.get("answers"):
            gone.add(clocks.named("information", answered))
        if entry.enters:
            gone |= {clock.name for clock in self._clocks if clock.ends_with_stage}
        goes_on = BY_ITSELF.get(entry.kind)
        merged = entry.kind == events.ComplaintMerged.__name__
        for clock in self._clocks:
            if clock.name not in gone:
                continue
            key = self._keys[clock.name]
            if clock.name == goes_on and clock.name in self._next:
                self._alone.append((key, clock))
            if merged and clock.name == STAGE_CLOCK:
                self._stood = clock, key
            self._drop(clock.name)
        if not entry.enters:
            self._wait_no_more(entry.at)

    def _extend(self, entry: Entry) -> None:
        """The stage was given more working days."""
        event, stage = entry.event, self._clock(STAGE_CLOCK)
        if isinstance(event, events.DeadlineExtended) and stage:
            days = stage.extended_by + event.extension.working_days
            self._put(stage.model_copy(update={"extended_by": days}))
            self._recount(STAGE_CLOCK, entry.at)
            self._recount_inquiries(entry.at)

    def _take_up(self, was: Complaint, entry: Entry) -> None:
        """A merger is undone: the stage's clock of before goes on."""
        if self._stood is None or was.merged is None:
            return
        stood, key = self._stood
        merged = was.model_copy(update={"merged": was.merged.model_copy(update={"clock": stood})})
        clock, _ = clocks.taken_up(merged, entry.at, self.policy)
        self._keys[STAGE_CLOCK] = key
        self.runs[key].due_at = clock.due_at
        self._put(clock)

    # ---- clocks stand still, and are counted anew --------------------------------------------------------------------

    def _wait_no_more(self, until: datetime, *, whatever_runs: bool = False) -> None:
        """The stage's clock, if it stood still for what is waited for no more, runs again."""
        for clock in self._clocks:
            if clock.ladder in clocks.WAITED_FOR:
                if not whatever_runs:
                    return
                self._drop(clock.name)
        stage = self._clock(STAGE_CLOCK)
        if stage is None or stage.waiting_since is None:
            return
        self._put(clocks.waited(stage, stage.waiting_since, until))
        self._recount(STAGE_CLOCK, stage.waiting_since)
        self._recount_inquiries(until)

    def _recount_inquiries(self, now: datetime) -> None:
        for clock in self._clocks:
            if clock.capped:
                self._recount(clock.name, now)

    def _recount(self, name: str, now: datetime | None) -> None:
        """A clock is due at another time: alarms that are yet to come by the new count ring again (None: none does)."""
        clock = self._clock(name)
        assert clock is not None  # noqa: S101 — it was put there
        due_at = clocks.due_anew(clock, self.complaint, self.policy).at
        anew = clock.model_copy(update={"due_at": due_at})
        self.runs[self._keys[name]].due_at = due_at
        if now:
            raised = clocks.ladder_of(anew, self._stage, self.policy).raised_by(now)
            anew = anew.model_copy(update={"alarms_raised": raised})
        self._put(anew)

    # ---- clocks ring -------------------------------------------------------------------------------------------------

    def _ring_until(self, now: datetime) -> None:
        """Whoever answers at the very moment of a lapse is in time."""
        while due := [one for one in self._next.values() if _has_come(one, now)]:
            self._ring(min(due, key=lambda one: one.moment))

    def _ring(self, alarm: Alarm) -> None:
        clock = self._clock(alarm.clock)
        assert clock is not None  # noqa: S101 — it rings
        self._count(self._keys[clock.name], alarm)
        if alarm.kind in ("resume", "ask", "expire"):
            self._drop(clock.name)
            self._wait_no_more(alarm.moment)
        else:
            self._put(_rung(clock, alarm))

    def _ring_alone(self, key: str, clock: parts.RunningClock, until: datetime) -> None:
        """A clock that had ended by ringing in the record."""
        while alarm := clocks.ladder_of(clock, self._stage, self.policy).alarm():
            if not _has_come(alarm, until):
                return
            self._count(key, alarm)
            if alarm.kind in ENDS:
                return
            clock = _rung(clock, alarm)

    def _count(self, key: str, alarm: Alarm) -> None:
        alarms = self.runs[key].alarms
        if alarm.kind == "lapse" and alarms["lapse"]:
            return  # it had lapsed already; people went on
        alarms[alarm.kind] += 1
        departments = sum(role in STAFF for role in alarm.tell)
        if departments:
            self.told_on[self._day(alarm.tell_from)] += departments

    # ---- what else follows -------------------------------------------------------------------------------------------

    def _put(self, clock: parts.RunningClock) -> None:
        """The clock as it is from now on, with the alarm whose turn it is."""
        others = self._clocks
        known = any(one.name == clock.name for one in others)
        held = tuple(clock if one.name == clock.name else one for one in others) if known else (*others, clock)
        self._clocks, self._whole = held, None
        ladder = clocks.ladder_of(clock, self._stage, self.policy)
        alarm = None if clock.waiting_since else ladder.alarm()
        if alarm:
            self._next[clock.name] = alarm
        else:
            self._next.pop(clock.name, None)

    def _drop(self, name: str) -> None:
        self._clocks, self._whole = tuple(one for one in self._clocks if one.name != name), None
        self._next.pop(name, None)
        del self._keys[name]

    def _day(self, moment: datetime) -> date:
        """24:00 belongs to the day that it ends."""
        return (moment - INSTANT).astimezone(self.policy.zone).date()


def _begins(clock: parts.RunningClock, before: Complaint | None, entry: Entry) -> bool:
    """Whether a clock that runs after an entry began with it, and was not only set anew."""
    if before is None or before.clock(clock.name) is None:
        return True
    return entry.enters is not None and clock.number == entry.seq


def _has_come(alarm: Alarm, now: datetime) -> bool:
    """Whether it rings by then; whoever answers at the very moment of a lapse is in time."""
    return alarm.moment < now or (alarm.moment == now and alarm.kind != "lapse")


def _rung(clock: parts.RunningClock, alarm: Alarm) -> parts.RunningClock:
    raised = tuple(sorted({*clock.alarms_raised, alarm.number}))
    return clock.model_copy(
        update={"alarms_raised": raised, "rang_at": max(clock.rang_at or alarm.moment, alarm.moment)}
    )
