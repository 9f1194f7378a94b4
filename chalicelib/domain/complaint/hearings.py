"""Hearings (8.3): whoever missed a due time, or is named by a finding of an audit, answers for it. One mechanism for
every record that has any.

They are heard within three working days; management, which is another person, decides within five, with reasons; they
may object within five, and another of management decides that, for good. Whoever does not speak has been heard all the
same. No measure is money, and nothing follows by itself.

What is here is the same for every record: it hands in its hearings, and says how the clock of one is counted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden, NotAllowed, NotFound, Refusal
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised, ClockSetting, Hidden, Submission, kinds_in
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.vocabulary.ladders import HEARING, HEARING_DECISION, HEARING_OBJECTION, Hearings

STATE, DECIDE, OBJECT = "state_case", "decide_hearing", "object_to_decision"
Measure = Literal["not_attributable", "talk", "training", "written_reminder", "appraisal_note", "duty_change"]
"""What may follow: a closed list, none of it money."""
MEASURES: tuple[Measure, ...] = get_args(Measure)
Hint = Literal["assigned_late", "department_late", "notice_bounced", "system_down", "many_open"]
"""What speaks for them, computed: it was given to them less than 4 working hours before it was due; a department was
late; a notice had bounced; the house stood still; they had more than N open complaints."""


class Statement(Submission):
    """What whoever answers for it says."""

    actions = (STATE,)

    text: Annotated[str, Text(5000, lines=True)]


class HearingDecision(Submission):
    """Management's decision; a second one is that on the objection."""

    actions = (DECIDE,)

    measure: Measure
    reasons: Annotated[str, Text(5000, lines=True)]


class HearingObjection(Submission):
    actions = (OBJECT,)

    text: Annotated[str, Text(5000, lines=True)]


class HearingOpened(Hidden):
    """`number`: of the breach, or of the finding, that it is about; `person`: who answers for it; `clock`: until they
    are heard."""

    number: int
    person: str
    hints: tuple[Hint, ...] = ()
    clock: ClockSetting


class CaseStated(Hidden):
    """`stops`: the clock of the hearing; `clock`: until it is decided."""

    number: int
    person: str
    text: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class HearingDecided(Hidden):
    """`final`: after an objection, or since there is nothing that they answer for. `clock`: until they may object."""

    number: int
    person: str
    measure: Measure
    reasons: Typed
    final: bool = False
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class DecisionObjectedTo(Hidden):
    number: int
    person: str
    text: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class HearingEnded(AlarmRaised):
    """The days in which they could speak are over, or those in which they could object. `clock`: until it is decided,
    where it is not."""

    number: int
    person: str
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class HearingReminded(AlarmRaised):
    """Whoever it is about can still say something, and the last day for it begins."""

    number: int
    person: str


class DecisionAwaited(AlarmRaised):
    """A decision is due soon (the alarm's kind says so), or is late."""

    number: int
    person: str


KINDS = kinds_in(__name__)
"""Every kind of event of a hearing."""


# ---- as it stands ----------------------------------------------------------------------------------------------------


class Decided(Model):
    at: Instant
    by: str
    measure: Measure
    reasons: Typed


class Hearing(Model):
    """A hearing as it stands: `hearing` until they have spoken or their days are over, then `deciding`, `decided` until
    they may not object any more, `objected`, `final`. `clock`: the number of the one that runs, which ends at `due_at`.
    `void`: what it was about turned out to be none, so nothing follows."""

    number: int
    person: str
    hints: tuple[Hint, ...] = ()
    stage: Literal["hearing", "deciding", "decided", "objected", "final"] = "hearing"
    opened_at: Instant
    due_at: Instant | None = None
    clock: int | None = None
    statement: Typed | None = None
    stated_at: Instant | None = None
    decisions: tuple[Decided, ...] = Field((), max_length=2)
    objection: Typed | None = None
    objected_at: Instant | None = None
    void: bool = False

    @property
    def measure(self) -> Measure | None:
        """What was decided last; None: nothing, or nothing follows any more."""
        return self.decisions[-1].measure if self.decisions and not self.void else None

    @property
    def clock_name(self) -> str | None:
        """That of the clock that runs."""
        ladder = LADDER.get(self.stage)
        return named(ladder, self.number) if ladder else None

    @property
    def waits_for_person(self) -> bool:
        """Whether they may say something now."""
        return self.stage in ("hearing", "decided")

    @property
    def waits_for_decision(self) -> bool:
        return self.stage in ("deciding", "objected")


def of(known: Iterable[Hearing], number: str | int | None) -> Hearing | None:
    """The hearing about the breach, or the finding, of a number."""
    return next((one for one in known if str(one.number) == str(number)), None)


def may_be_read(person: str, actor: Actor) -> bool:
    """Whether somebody may read what was said and decided of a person: they, supervisors, management and audit do."""
    if actor.kind == "system":
        return True
    return actor.kind == "staff" and (actor.id == person or bool(actor.roles & READERS))


READERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
"""Who may read every hearing, beside the person whose it is."""


# ---- what must hold --------------------------------------------------------------------------------------------------


def require(
    known: Iterable[Hearing], number: str | int | None, action: str, actor: Actor, others: Iterable[str]
) -> Hearing:
    """The hearing about which somebody does one of the three actions now. `others`: what the record allows beside it.

    Raises NotFound, Forbidden (it is another's; whoever decides is the person, or has decided before), NotAllowed. To
    those who may not read any it is another's also where there is none.
    """
    hearing = of(known, number)
    if hearing is None and (action == DECIDE or actor.roles & READERS):
        raise NotFound("hearing_unknown")
    if hearing is None or (action != DECIDE and actor.id != hearing.person):
        raise Forbidden("hearing_of_another")
    if action == DECIDE:
        _require_another(hearing, actor)
    if hearing.void:
        raise NotAllowed("hearing_void", others)
    _require_turn(hearing, action, others)
    return hearing


def next_of(hearing: Hearing, actor: Actor, open_to_them: Collection[str]) -> str | None:
    """Which of the three actions somebody can do now, of those that the record's lifecycle opens to them; None where it
    is another's turn."""
    for action in (one for one in (STATE, OBJECT, DECIDE) if one in open_to_them):
        try:
            require([hearing], hearing.number, action, actor, ())
        except Refusal:
            continue
        return action
    return None


def _require_turn(hearing: Hearing, action: str, others: Iterable[str]) -> None:
    if action == STATE and hearing.stage != "hearing":
        raise NotAllowed("heard_already", others)
    if action == OBJECT and hearing.stage != "decided":
        raise NotAllowed("nothing_to_object_to", others)
    if action == DECIDE and not hearing.waits_for_decision:
        raise NotAllowed("not_heard_yet" if hearing.stage == "hearing" else "hearing_decided", others)


def _require_another(hearing: Hearing, actor: Actor) -> None:
    """Nobody decides about themselves, nor about what they have decided."""
    if actor.id == hearing.person:
        raise Forbidden("own_hearing")
    if hearing.stage == "objected" and actor.id in [one.by for one in hearing.decisions]:
        raise Forbidden("another_decides")


# ---- what follows ----------------------------------------------------------------------------------------------------

LADDER: Mapping[str, Hearings] = {
    "hearing": HEARING,
    "deciding": HEARING_DECISION,
    "decided": HEARING_OBJECTION,
    "objected": HEARING_DECISION,
}
"""By which clock each stage of a hearing ends."""
Sets = Callable[[Hearings, str], ClockSetting]
"""How a record sets the clock of a ladder now, by the name of the clock: "hearing 3"."""


def named(ladder: Hearings, number: int) -> str:
    """The name of a clock of a hearing."""
    return f"{ladder} {number}"


def opened(number: int, person: str, hints: Iterable[Hint], sets: Sets) -> HearingOpened:
    """Somebody has to answer for the breach, or the finding, of a number."""
    return HearingOpened(number=number, person=person, hints=tuple(hints), clock=_clock(HEARING, number, sets))


def stated(hearing: Hearing, it: Statement, sets: Sets) -> CaseStated:
    clock = _clock(HEARING_DECISION, hearing.number, sets)
    return CaseStated(**_of(hearing), text=it.text, clock=clock)


def decided(hearing: Hearing, it: HearingDecision, sets: Sets) -> HearingDecided:
    """They may object, unless they did, or there is nothing to object to."""
    final = hearing.stage == "objected" or it.measure == "not_attributable"
    clock = None if final else _clock(HEARING_OBJECTION, hearing.number, sets)
    return HearingDecided(**_of(hearing), measure=it.measure, reasons=it.reasons, final=final, clock=clock)


def objected(hearing: Hearing, it: HearingObjection, sets: Sets) -> DecisionObjectedTo:
    clock = _clock(HEARING_DECISION, hearing.number, sets)
    return DecisionObjectedTo(**_of(hearing), text=it.text, clock=clock)


def ended(hearing: Hearing, alarm: Alarm, sets: Sets) -> HearingEnded:
    """Their time is over: to speak, so it is decided without; or to object, so that it stays as it was decided."""
    clock = _clock(HEARING_DECISION, hearing.number, sets) if hearing.stage == "hearing" else None
    return HearingEnded(**_of(hearing), alarm=alarm, clock=clock)


def _clock(ladder: Hearings, number: int, sets: Sets) -> ClockSetting:
    return sets(ladder, named(ladder, number))


def _of(hearing: Hearing) -> dict[str, Any]:
    stops = (hearing.clock,) if hearing.clock else ()
    return {"number": hearing.number, "person": hearing.person, "stops": stops}


# ---- what an event changes -------------------------------------------------------------------------------------------


def evolve(known: tuple[Hearing, ...], entry: Entry) -> tuple[Hearing, ...]:
    """The hearings of a record after one of these events; any other changes none. Opened anew, after what it was about
    was none for a while, a hearing begins anew."""
    event = entry.event
    if isinstance(event, HearingOpened):
        new = Hearing(number=event.number, person=event.person, hints=event.hints, opened_at=entry.at)
        return (*(one for one in known if one.number != event.number), _runs(new, entry, event.clock))
    if not isinstance(event, CaseStated | HearingDecided | DecisionObjectedTo | HearingEnded):
        return known
    return tuple(_after(one, entry, event) if one.number == event.number else one for one in known)


def voided(known: Iterable[Hearing], numbers: Collection[int]) -> tuple[Hearing, ...]:
    """Those after what these numbers are about turned out to be none. Their clocks are for the record to stop."""
    none = {"stage": "final", "void": True, "clock": None, "due_at": None}
    return tuple(one.model_copy(update=none) if one.number in numbers else one for one in known)


def retimed(known: Iterable[Hearing], name: str, clock: int, due_at: datetime) -> tuple[Hearing, ...]:
    """Those after a calendar was corrected: the clock of a name is another, and due then."""
    anew = {"clock": clock, "due_at": due_at}
    return tuple(one.model_copy(update=anew) if one.clock_name == name else one for one in known)


def _after(
    hearing: Hearing, entry: Entry, event: CaseStated | HearingDecided | DecisionObjectedTo | HearingEnded
) -> Hearing:
    changes: dict[str, Any] = {}
    match event:
        case CaseStated():
            changes = {"stage": "deciding", "statement": event.text, "stated_at": entry.at}
        case HearingDecided():
            decision = Decided(at=entry.at, by=entry.actor.id, measure=event.measure, reasons=event.reasons)
            stage = "final" if event.final else "decided"
            changes = {"stage": stage, "decisions": (*hearing.decisions, decision)}
        case DecisionObjectedTo():
            changes = {"stage": "objected", "objection": event.text, "objected_at": entry.at}
        case HearingEnded():
            changes = {"stage": "deciding" if hearing.stage == "hearing" else "final"}
    return _runs(hearing.model_copy(update=changes), entry, event.clock)


def _runs(hearing: Hearing, entry: Entry, clock: ClockSetting | None) -> Hearing:
    running = {"clock": clock and entry.seq, "due_at": clock and clock.due_at}
    return hearing.model_copy(update=running)
