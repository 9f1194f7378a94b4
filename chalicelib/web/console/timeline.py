"""What happened to a complaint, as staff read it: each entry a sentence, with what somebody wrote below it.

The sentence of a kind of event is `complaint.entry.<kind>`. Where the words tell it apart by something that the entry
says (`complaint.entry.ConsumerCalled.false`), by that; where it leaves out what they name, `….without`. What was typed
is found by its seal in the entry, so that nothing is shown in the wrong place and a new kind needs a sentence only.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from chalicelib.domain.complaint import events, faces
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import SEALED, Entry, first_broken_link
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import GENESIS, AlarmRaised, Event
from chalicelib.web.pages.speech import Speech, Value

from . import dangers
from .names import clock_name, field_name, named

if TYPE_CHECKING:
    from markupsafe import Markup

Sort = Literal["steps", "words", "files", "clocks", "house"]
"""What an entry is: a step of the work, what somebody said, a file, a matter of times, what the house found out."""
SORTS: tuple[Sort, ...] = get_args(Sort)
_FILES = (
    events.EvidenceOffered,
    events.EvidenceReceived,
    events.EvidenceQuarantined,
    events.EvidenceRetracted,
)
_WORDS = (
    events.NoteAdded,
    events.NoteRetracted,
    events.InquiryOpened,
    events.InquiryAnswered,
    events.InformationRequested,
    events.InformationGiven,
    events.InformationRead,
    events.ConsumerCalled,
    events.DeliveryUpdated,
    events.InterimMeasureTaken,
    events.PlanAnswered,
    events.OfSurvey,
)
_CLOCKS = (AlarmRaised, events.Retimed, events.ReadingAwaited, events.BreachesRecounted)
_HOUSE = (
    events.OrderChecked,
    events.RelatedFound,
    events.ToldOf,
    events.StaffNamed,
    events.NobodyFound,
    events.WordsErased,
    events.LinkReplaced,
)
_SORTED: tuple[tuple[Sort, tuple[type[Event], ...]], ...] = (
    ("files", _FILES),
    ("words", _WORDS),
    ("clocks", _CLOCKS),
    ("house", _HOUSE),
)
ON_THE_PAGE = frozenset(
    kind.__name__
    for kind in (events.ComplaintFiled, events.InvestigationReported, events.PlanProposed, events.PlanDrafted)
)
"""What these say stands at length in a place of its own."""
NOT_WRITTEN = frozenset({"sha256", "file_name"})
"""What is sealed as if somebody had written it, and is said otherwise or not at all."""


class Happening(NamedTuple):
    """An entry as it is read. `typed`: what somebody wrote, and what it is; `public`: the consumer sees it;
    `retracted`: the entry by which it was taken back; `lost`: there were words, and they were erased;
    `may_retract`: its reader may take back what it says."""

    seq: int
    at: datetime
    by: str
    sort: Sort
    sentence: "Markup"
    typed: tuple[tuple[str, str], ...]
    public: bool
    retracted: int | None
    lost: bool
    hash: str
    may_retract: bool


GAP = "…"


def happenings(entries: Iterable[Entry], complaint: Complaint, reader: Actor, say: Speech) -> Iterator[Happening]:
    """What somebody of staff may read of entries."""
    for entry in entries:
        if faces.is_shown(entry, reader):
            yield _happening(faces.as_read_by(entry, complaint, reader), complaint, reader, say)


def _happening(entry: Entry, complaint: Complaint, reader: Actor, say: Speech) -> Happening:
    event, said = entry.event, _said(entry)
    retracted = faces.retraction_of(entry, complaint)
    public = event.public_face() is not None and retracted is None
    own = entry.actor.is_same(reader) or Role.SUPERVISOR in reader.roles
    return Happening(
        entry.seq,
        entry.at,
        _by(entry.actor, say),
        sort_of(event),
        sentence(entry.kind, said, say),
        () if entry.kind in ON_THE_PAGE else _written(entry, complaint, say),
        public,
        retracted,
        entry.has_lost_words,
        entry.hash,
        own and public and isinstance(event, events.NoteAdded),
    )


def sort_of(event: Event) -> Sort:
    return next((sort for sort, kinds in _SORTED if isinstance(event, kinds)), "steps")


def key_of(kind: str, said: dict[str, Any], say: Speech) -> str:
    """Of the sentence for a kind of event: by what it says, where that is told apart."""
    plain = f"complaint.entry.{kind}"
    tried = (f"{plain}.{str(one).lower()}" for one in said.values() if isinstance(one, str | bool))
    return next((key for key in tried if say.knows(key)), plain)


def sentence(kind: str, said: dict[str, Any], say: Speech) -> "Markup":
    """What an entry says, in words. Where it leaves out what these name, `complaint.entry.<kind>.without` takes their
    place; else there is a gap, which keeps nobody from reading the rest."""
    key = key_of(kind, said, say)
    gaps = {name: GAP for name in _named(key, say) if name not in said}
    if gaps and say.knows(without := f"{key}.without"):
        return say(without)
    return say(key, **gaps, **_values(said, say))


def _named(key: str, say: Speech) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(say.read(say.locale)[key]) if name)


def _said(entry: Entry) -> dict[str, Any]:
    """What an entry says, by the names of its fields. By when something is to be done is said by its own
    clock, whatever other clock is moved by it."""
    clock = entry.said.get("clock")
    own = {"due_at": clock["due_at"]} if isinstance(clock, dict) and "due_at" in clock else {}
    return dict(_leaves(entry.said)) | own


def _leaves(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What an entry says, by the names of its fields, the outer ones last, so that they hold."""
    for value in data.values():
        if isinstance(value, dict):
            yield from _leaves(value)
    for name, value in data.items():
        several = value if isinstance(value, list) else [value]
        if several and all(isinstance(one, str | int) for one in several):
            yield name, value


def _values(said: dict[str, Any], say: Speech) -> dict[str, Value]:
    return {name: _value(name, one, say) for name, one in said.items()}


def _value(name: str, value: Any, say: Speech) -> Value:
    if isinstance(value, list):
        return say.listed([str(_value(name, one, say)) for one in value])
    if name.endswith("_at") or name in ("answer_by", "waited_from", "waited_until", "since", "moment"):
        return datetime.fromisoformat(value)
    return clock_name(value, say) if name in ("clock", "name") else named(name, str(value), say)


def _written(entry: Entry, complaint: Complaint, say: Speech) -> tuple[tuple[str, str], ...]:
    found = tuple(_typed(entry.data, entry, say))
    if isinstance(entry.event, events.DangerFound):
        return tuple(("", one) for one in dangers.as_said((text for _, text in found), [complaint.description]))
    return found


def _typed(data: Any, entry: Entry, say: Speech, name: str = "") -> Iterator[tuple[str, str]]:
    """What somebody wrote, by what the fields are called."""
    if isinstance(data, str):
        if data.startswith(SEALED) and name not in NOT_WRITTEN and entry.words and data in entry.words.typed:
            text = entry.words.typed[data]
            if name == "delivery_state":
                yield str(say("complaint.order.delivery")), named(name, text, say)
            else:
                yield field_name(name, say), text
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _typed(value, entry, say, key)
    elif isinstance(data, list):
        for value in data:
            yield from _typed(value, entry, say, name)


def _by(actor: Actor, say: Speech) -> str:
    """Staff by user name; others by what they are."""
    return actor.id if actor.kind == "staff" else str(say(f"complaint.by.{actor.kind}"))


def checked(entries: list[Entry], complaint: Complaint) -> int | None:
    """Whether these entries, one after the other, are what was written there (4.5b), and the last of all is the one
    that the complaint was made of: the `seq` of the first that is not, None if all are."""
    if not entries:
        return None
    first = entries[0]
    previous = GENESIS if first.seq == 1 else first.previous
    broken = first_broken_link(entries, complaint.complaint_id, first.seq, previous)
    last = entries[-1]
    if broken is None and last.seq == complaint.seq and last.hash != complaint.chain:
        return last.seq
    return broken
