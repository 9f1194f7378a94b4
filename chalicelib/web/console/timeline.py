"""What happened to a complaint, as staff read it: each entry a sentence, with what somebody wrote below it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib.domain.complaint import faces
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor

Sort = Literal["steps", "words", "files", "clocks", "house"]
"""What an entry is: a step of the work, what somebody said, a file, a matter of times, what the house found out."""


class Happening(NamedTuple):
    """An entry as it is read. `public`: the consumer sees it; `retracted`: the entry by which it was taken back."""

    seq: int
    at: datetime
    kind: str
    by: Actor
    public: bool
    retracted: int | None


def happenings(entries: Iterable[Entry], complaint: Complaint, reader: Actor) -> Iterator[Happening]:
    """What somebody of staff may read of entries."""
    for entry in entries:
        if not faces.is_shown(entry, reader):
            continue
        shown = faces.as_read_by(entry, complaint, reader)
        retracted = faces.retraction_of(shown, complaint)
        public = shown.event.public_face() is not None and retracted is None
        yield Happening(entry.seq, entry.at, entry.kind, entry.actor, public, retracted)
