"""The documents of an audit: its population and its sample as they were drawn, and what its report says (6.3).

Each lies under a name that holds its hash, and is written before the entry that says the hash: who dies between leaves
a document that nobody names.
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import audits, figures
from chalicelib.domain.audit import sampling, standing
from chalicelib.domain.audit.audit import Audit, Result, Sample
from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.ground.errors import NotFound, Unavailable

POPULATION, SAMPLE, DOCUMENT = "population", "sample", "document"


class Drawn(NamedTuple):
    """A sample with the ids that it was drawn of, sorted."""

    sample: Sample
    population: tuple[str, ...]


def lay_down(name: str, part: str, content: bytes) -> str:
    """Writes one, and gives its hash."""
    hashed = hashlib.sha256(content).hexdigest()
    figures.put(audits.document_key(name, part, hashed), content)
    return hashed


def read(name: str, part: str, hashed: str) -> bytes:
    """Raises Unavailable where it is not there, or is not what was written."""
    found = figures.get(audits.document_key(name, part, hashed))
    if found is None or hashlib.sha256(found.content).hexdigest() != hashed:
        raise Unavailable("document_missing")
    return found.content


def sample_of(state: Audit) -> Drawn:
    """Raises NotFound before it is drawn, Unavailable."""
    if state.sample is None:
        raise NotFound("sample_unknown")
    ids = read(state.audit_id, POPULATION, state.sample.population_hash).decode().split()
    return Drawn(state.sample, tuple(ids))


def result_of(state: Audit) -> Result:
    """What its sample says, of what was drawn by chance."""
    size, deviating = standing.counted(state)
    others = state.sample.population - state.sample.certain if state.sample else 0
    return sampling.result(deviating, size, others, state.tolerable, state.confidence)


def report(state: Audit, edition: int, now: datetime) -> str:
    """Lays down what its report says as it stands, and gives the hash. `edition`: 0 of the draft."""
    known = state.model_dump(mode="json", include={"audit_id", "conclusion"}) | {"edition": edition}
    return lay_down(state.audit_id, DOCUMENT, canonical(known))
