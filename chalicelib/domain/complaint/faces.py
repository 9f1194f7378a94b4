"""What the consumer may see of an entry as the complaint is now: nothing of what has been taken back since."""

from typing import Any

from chalicelib.domain.complaint import events, hearings
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Event
from chalicelib.domain.vocabulary.ladders import HEARINGS

_OF_HEARINGS = frozenset(kind.__name__ for kind in hearings.KINDS)
SAID_IN_SURVEY = events.SurveyAnswered | events.SurveyReviewed
_SAID_IN_SURVEY = (events.SurveyAnswered.__name__, events.SurveyReviewed.__name__)
READERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
"""Who of staff may read what a consumer says in a survey, unless they took part."""


def may_read_words(complaint: Complaint, actor: Actor) -> bool:
    """Whether somebody may read what the consumer wrote of how it was: who is measured by it never does."""
    if actor.kind == "staff":
        return bool(actor.roles & READERS) and not complaint.is_measured(actor.id)
    return actor.kind == "consumer"


def retraction_of(entry: Entry, complaint: Complaint) -> int | None:
    """The `seq` of the entry by which this one was taken back, which says by whom and why; None: it was not."""
    return _retraction(entry.seq, entry.event, complaint)


def _retraction(seq: int, event: Event, complaint: Complaint) -> int | None:
    if isinstance(event, events.EvidenceReceived):
        file = next((one for one in complaint.evidence_files if one.evidence_id == event.evidence_id), None)
        return file.retracted if file else None
    return dict(complaint.retracted).get(seq)


def public_face(entry: Entry, complaint: Complaint) -> dict[str, Any] | None:
    """The part of an entry that is shown to the consumer; None: nothing is."""
    event = entry.event  # which is made anew each time it is asked for
    return None if _retraction(entry.seq, event, complaint) else event.public_face()


def depends(entry: Entry) -> bool:
    """Whether what is shown of it depends on how the complaint stands: a public note or a file may have been taken
    back, and not everybody of staff reads what was said in a survey."""
    event = entry.event
    if isinstance(event, events.EvidenceReceived | SAID_IN_SURVEY):
        return True
    return isinstance(event, events.NoteAdded) and event.note.public


def is_shown(entry: Entry, actor: Actor) -> bool:
    """Whether somebody of staff sees an entry at all: of what a person answers for (8.3) only the four who may."""
    if entry.kind in _OF_HEARINGS:
        return hearings.may_be_read(str(entry.data["person"]), actor)
    moved = entry.kind == events.DeadlineMoved.__name__ and entry.data["clock"]["name"].partition(" ")[0] in HEARINGS
    return not moved or hearings.may_be_read("", actor)


def as_read_by(entry: Entry, complaint: Complaint | None, actor: Actor) -> Entry:
    """The entry as somebody of staff may read it: without what was said in a survey that measures them (6.2)."""
    if entry.kind not in _SAID_IN_SURVEY or (complaint and may_read_words(complaint, actor)):
        return entry
    return entry.without_words()
