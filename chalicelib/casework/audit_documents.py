"""What an audit's report says, laid down under a name that holds its hash (6.3).

It is written before the entry that says the hash: who dies between leaves a document that nobody names.
"""

from datetime import datetime

from chalicelib.adapters import figures
from chalicelib.domain.audit import documents
from chalicelib.domain.audit.audit import Audit
from chalicelib.domain.audit.documents import AuditDocument
from chalicelib.domain.ground.errors import NotFound, Unavailable

from . import population


def lay_down(state: Audit, edition: int, now: datetime, reason: str | None = None) -> AuditDocument:
    """What its report says as `state` has it, which has been drawn, written down. `edition`: 0 of the draft. Raises
    Unavailable."""
    said = documents.document(state, population.facts(state), edition, now, reason)
    figures.put(_key(state.audit_id, documents.hash_of(said)), documents.as_bytes(said))
    return said


def of(state: Audit, edition: int | None = None) -> AuditDocument:
    """What its report says: an edition, by default the last; before there is any the draft. Raises NotFound,
    Unavailable."""
    hashed = _hash_of(state, edition)
    if hashed is None:
        raise NotFound("audit_not_reported")
    found = figures.get(_key(state.audit_id, hashed))
    if found is None:
        raise Unavailable("document_missing")
    return AuditDocument.model_validate_json(found.content)


def _hash_of(state: Audit, edition: int | None) -> str | None:
    if edition is not None:
        return next((one.hash for one in state.editions if one.number == edition), None)
    return state.editions[-1].hash if state.editions else state.draft_hash


def _key(audit_id: str, hashed: str) -> str:
    return figures.key_of_audit(audit_id, f"document-{hashed}.json")
