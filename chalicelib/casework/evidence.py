"""Evidence (4.2b): a file is offered, uploaded by the browser, looked at when it is there, and only then listed.

Offering is an action (`act`); here is what follows. Whatever is delivered twice, or cut short and delivered again,
changes nothing.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.adapters import evidence, store
from chalicelib.domain.complaint import events, files, mergers, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import offered_file
from chalicelib.domain.ground.errors import NotFound, said_in
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Event

from . import rules
from .batch import failed_messages
from .observe import observe
from .read import case

LINK_LASTS = timedelta(minutes=5)


def upload_form(complaint: Complaint, file: parts.EvidenceFile, now: datetime) -> dict[str, Any]:
    """Where to upload an offered file to, for as long as the policy says from its offer on.

    Asked for again it ends no later: by then the place of the file may be another's.
    """
    ends = file.offered_at + rules.version(complaint.policy_version, now).upload_time
    seconds = int((ends - now).total_seconds())
    return evidence.upload_form(complaint.complaint_id, file.evidence_id, seconds)


def download_link(complaint_id: str, evidence_id: str, actor: Actor, now: datetime) -> str:
    """A link that lives five minutes: staff to any file, those of what was merged into it too; consumers to their own
    and to what a plan shows them, unless it was taken back.

    Raises NotFound. One round trip, and another for a file that belongs to another complaint.
    """
    complaint = case(complaint_id, actor, now).state
    if actor.kind == "staff" and evidence_id in mergers.opened_here(complaint):
        complaint_id, evidence_id = mergers.whose(evidence_id)
        complaint = case(complaint_id, actor, now).state
    file = next((one for one in complaint.evidence if one.evidence_id == evidence_id), None)
    if file is None or (actor.kind != "staff" and not file.shown_to_consumer):
        with said_in(complaint.locale if actor.kind == "consumer" else None):
            raise NotFound("file_unknown")
    seconds = int(LINK_LASTS.total_seconds())
    kept_key = evidence.kept(evidence.KEPT, complaint_id, evidence_id, str(file.sha256))
    return evidence.download_link(kept_key, file.file_name, file.content_type, seconds)


def origin() -> str:
    """Where files are uploaded to and shown from: a page says so to the browser."""
    return evidence.origin()


def receive(messages: Iterable[dict[str, Any]], now: datetime) -> list[str]:
    """Looks at what S3 says has arrived; the ids of queue messages to be delivered again."""

    def take_in(message: dict[str, Any]) -> None:
        for told in json.loads(message["body"]).get("Records", ()):  # S3 also sends a test message, without any
            _receive(*evidence.parse(unquote_plus(told["s3"]["object"]["key"])), now)

    return failed_messages(messages, take_in, "a file was not received", lambda one: {"message": one.get("messageId")})


def _receive(complaint_id: str, evidence_id: str, now: datetime) -> None:
    arrived = evidence.look_at(complaint_id, evidence_id)
    if arrived is None:
        return
    found = store.load(complaint_id, Complaint)
    offered = _offered(found.state, evidence_id) if found else None
    if found and offered:
        content = files.look_into(arrived.content, arrived.size, arrived.sha256)
        taken = isinstance(files.arrived(found.state, offered, content, now), events.EvidenceReceived)
        if arrived.sha256:  # what nobody has read is kept nowhere
            evidence.keep(evidence.KEPT if taken else evidence.QUARANTINE, complaint_id, evidence_id, arrived)

        def finding(complaint: Complaint) -> list[Event]:
            if _is_dealt_with(complaint, evidence_id):
                return []
            return [going_along(files.arrived(complaint, offered, content, now), complaint)]

        observe(complaint_id, finding, now)
    evidence.clear(complaint_id, evidence_id, arrived)


def going_along(event: Event, complaint: Complaint) -> Event:
    """A file of a merged complaint is seen in the other one too."""
    along = isinstance(event, events.EvidenceReceived) and complaint.merged_into
    return event.model_copy(update={"into": along}) if along else event


def _offered(complaint: Complaint, evidence_id: str) -> parts.EvidenceFile | None:
    """The offer of a file that has not been dealt with. One that has left the record is looked up in its entries."""
    if complaint.erased_at:
        return None
    known = next((one for one in complaint.evidence_files if one.evidence_id == evidence_id), None)
    if known:
        return known if known.status == "offered" else None
    if not evidence_id.isdecimal() or not 0 < int(evidence_id) <= complaint.evidence_offered:
        return None
    found = store.load_with_entries(complaint.complaint_id, Complaint)
    about = [one for one in found.entries if getattr(one.event, "evidence_id", None) == evidence_id] if found else []
    only = about[0].event if len(about) == 1 else None
    return offered_file(about[0], only) if isinstance(only, events.EvidenceOffered) else None


def _is_dealt_with(complaint: Complaint, evidence_id: str) -> bool:
    return any(one.evidence_id == evidence_id and one.status != "offered" for one in complaint.evidence_files)
