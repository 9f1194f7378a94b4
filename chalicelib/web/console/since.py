"""What has happened to a complaint since somebody opened a form of it: it is said to them before they send it again."""

from collections.abc import Iterator

from chalicelib.casework.read import Case
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Actor
from chalicelib.web.pages.speech import Speech

from .door import Sent
from .timeline import Happening, happenings

MOST = 10
"""Of what happened, the last that are said; all of it stands further down the page."""


def seen(complaint: Complaint) -> dict[str, str]:
    """What a form says of the state that its author sees: the version on which they decide, and the last entry."""
    return {"_seen": str(complaint.version), "_entry": str(complaint.seq)}


def is_overtaken(complaint: Complaint, sent: Sent | None) -> bool:
    """Whether the complaint is not any more as the author of a form saw it."""
    return sent is not None and sent.one("_seen") not in ("", str(complaint.version))


def happened(case: Case[Complaint], sent: Sent | None, reader: Actor, say: Speech) -> Iterator[Happening]:
    """What did, in its order, as its reader may know of it; nothing, where the version is what they saw."""
    entry = sent.one("_entry") if sent else ""
    if is_overtaken(case.state, sent) and entry.isascii() and entry.isdecimal() and len(entry) < 10:
        later = (one for one in case.entries if one.seq > int(entry))
        yield from [*happenings(later, case.state, reader, say)][-MOST:]
