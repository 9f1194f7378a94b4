"""Everything that people do about a complaint by handing something in, by one name: JSON, pages and bulk call `do`.

Most of it is `act` alone. What besides looks at something else, or writes it, has a row in `OF_THEIR_OWN`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission

from .act import act
from .assign import assign
from .contact import correct_contact
from .interpretations import cited_by
from .link import replace_link
from .merge import merge
from .once import Done, Idempotency
from .retract import retract_note

Verb = Callable[..., Done[Complaint]]
"""To be called with who does it and when, `seen` and `idempotency`."""


def do(
    complaint_id: str,
    submission: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
    part: str | None = None,
) -> Done[Complaint]:
    """Does what the submission stands for; `part`: which part of the complaint it is about: an inquiry, a measure, a
    file, a breach, or the note that is entry `part`.

    A correction of the contact has the new details as its `contact`, and a retraction of a note only its `reason`, as
    they are handed in (`web.bodies`); what the domain makes of them needs the complaint first.

    Raises what `act` raises, and what the verb does that is meant.
    """
    verb = OF_THEIR_OWN.get(submission.action, _simply)(complaint_id, submission, part)
    return verb(actor, now, seen=seen, idempotency=idempotency)


def _simply(complaint_id: str, it: Submission, part: str | None) -> Verb:
    return partial(act, complaint_id, it, part=part)


OF_THEIR_OWN: Mapping[str, Callable[[str, Any, str | None], Verb]] = {
    Action.ASSIGN: lambda record, it, part: partial(assign, record, it),
    Action.REPORT: lambda record, it, part: partial(act, record, it, first=cited_by(it)),
    Action.MERGE: lambda record, it, part: partial(merge, record, it),
    Action.UNDO_MERGER: lambda record, it, part: partial(merge, record, it),
    Action.REPLACE_LINK: lambda record, it, part: partial(replace_link, record, it),
    Action.CORRECT_CONTACT: lambda record, it, part: partial(correct_contact, record, it.contact.contact(), it.reason),
    Action.RETRACT_NOTE: lambda record, it, part: partial(retract_note, record, part or "", it.reason),
}
"""The verbs beside `act`, by what they do."""
