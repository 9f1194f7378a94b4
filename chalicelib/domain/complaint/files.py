"""The files of a complaint: how many each party may have, which leave the record, what becomes of one that has arrived.

The parties are the consumer, with the storefront, and staff: what one of them sends takes no room of the other's.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from chalicelib.domain.complaint import events, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.submissions import LARGEST_FILE
from chalicelib.domain.ground.file_names import name_for
from chalicelib.domain.ground.file_places import has_place
from chalicelib.domain.ground.file_types import Refusal, type_of, why_not
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy

MOST_FILES = 20  # of each party
REFUSED_SHOWN = 5  # of each party: older ones are in the timeline only
LATE = timedelta(minutes=5)  # between the end of an upload and the news of it
TOLD_AFTER = timedelta(minutes=5)  # what is refused within it is told of together

Party = Literal["consumer", "staff"]


class Content(NamedTuple):
    """What is in a file that has arrived: its type, if it is one that is taken, or why not; its size in bytes."""

    content_type: str | None
    why_not: Refusal | None
    size: int
    sha256: str | None
    has_place: bool


def look_into(content: bytes | None, size: int, sha256: str | None) -> Content:
    """`content`: None if there is more than is looked at."""
    if content is None or size > LARGEST_FILE:
        return Content(None, "too_large", size, sha256, False)
    content_type = type_of(content)
    if content_type is None:
        return Content(None, why_not(content), size, sha256, False)
    return Content(content_type, None, size, sha256, has_place(content, content_type))


def party(actor: Actor) -> Party:
    """What a storefront adds it adds for the consumer."""
    return "staff" if actor.kind == "staff" else "consumer"


def with_a_place(complaint: Complaint, of: Party, now: datetime, policy: Policy) -> list[parts.EvidenceFile]:
    """The files of a party that are there, and those that may still come."""
    return [
        file
        for file in complaint.evidence_files
        if file.added_by == of
        and (file.status == "received" or (file.status == "offered" and not _is_over(file, now, policy)))
    ]


def forgotten(complaint: Complaint, of: Party, now: datetime, policy: Policy) -> tuple[str, ...]:
    """What leaves the record when a party begins another upload: what never came, and old refusals."""
    own = [file for file in complaint.evidence_files if file.added_by == of]
    refused = [file.evidence_id for file in own if file.status == "refused"]
    never_came = [file.evidence_id for file in own if file.status == "offered" and _is_over(file, now, policy)]
    return (*never_came, *refused[:-REFUSED_SHOWN])


def _is_over(file: parts.EvidenceFile, now: datetime, policy: Policy) -> bool:
    return now >= file.offered_at + policy.upload_time + LATE


def arrived(
    complaint: Complaint, offered: parts.EvidenceFile, content: Content, now: datetime
) -> events.EvidenceReceived | events.EvidenceQuarantined:
    """What becomes of a file that was offered, by what is in it.

    Its offer may have left the record since: then the event says what that said.
    """
    there = [one for one in complaint.evidence if one.added_by == offered.added_by]
    if content.content_type is None or len(there) >= MOST_FILES:
        return _refused(complaint, offered, content, content.why_not or "too_many", now)
    known = any(one.evidence_id == offered.evidence_id for one in complaint.evidence_files)
    return events.EvidenceReceived(
        evidence_id=offered.evidence_id,
        file_name=name_for(offered.file_name, content.content_type),
        content_type=content.content_type,
        size=content.size,
        sha256=str(content.sha256),
        added_by=offered.added_by,
        description=None if known else offered.description,
        has_place=content.has_place,
    )


def _refused(
    complaint: Complaint, offered: parts.EvidenceFile, content: Content, why: Refusal, now: datetime
) -> events.EvidenceQuarantined:
    """Whoever sent it is told in some minutes, of all that was refused by then."""
    waiting = any(one.sent_by == offered.sent_by and one.tell_from > now for one in complaint.refusals)
    return events.EvidenceQuarantined(
        evidence_id=offered.evidence_id,
        file_name=offered.file_name,
        reason=why,
        size=content.size,
        sha256=content.sha256,
        added_by=offered.added_by,
        sent_by=offered.sent_by,
        tell_from=None if waiting else now + TOLD_AFTER,
    )
