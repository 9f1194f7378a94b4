"""A public note was shown by mistake: the consumer sees it no more. The note stays, and who took it back, and why."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters import store
from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import events, guards, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import NotAllowed, NotFound
from chalicelib.domain.ground.people import Actor

from .act import Asked, act
from .once import Done, Idempotency


def retract_note(
    complaint_id: str,
    seq: str,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Takes back the note that is entry `seq`. Raises what `act` raises; NotFound if there is no such entry, NotAllowed
    for one that is no public note. One round trip more than other actions, since the note says who wrote it."""

    def asking(case: Case[Complaint]) -> Asked:
        number = int(seq) if seq.isascii() and seq.isdecimal() and len(seq) <= 8 else 0
        entry = next(store.timeline(complaint_id, number - 1, 1), None) if 0 < number <= case.state.seq else None
        if entry is None or entry.seq != number:
            raise NotFound("entry_unknown")
        event = entry.event
        if not isinstance(event, events.NoteAdded):
            raise NotAllowed("not_a_note", guards.allowed(case.state))
        if not event.note.public:
            raise NotAllowed("note_not_public", guards.allowed(case.state))
        return Asked(submissions.NoteRetraction(reason=reason, note=number, author=entry.actor.id))

    return act(complaint_id, asking, actor, now, seen=seen, idempotency=idempotency)
