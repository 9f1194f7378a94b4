"""What the consumer may see of an entry as the complaint is now: nothing of what has been taken back since."""

from typing import Any

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.record import Event


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


def can_be_retracted(entry: Entry) -> bool:
    """Whether it is such as may have been taken back: a public note, a file."""
    event = entry.event
    return isinstance(event, events.EvidenceReceived) or (isinstance(event, events.NoteAdded) and event.note.public)
