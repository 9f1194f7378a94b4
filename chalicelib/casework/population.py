"""A population is read, frozen and drawn of (6.3): from the lines of closed days, into documents that never change.

A day's lines are read as they were exported when it was closed, one day at a time: a listing and an object a day, some
ninety round trips. What is kept of each closure is small; the price is that an audit of millions of closures takes
longer than a request may.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.adapters import figures, signing
from chalicelib.domain.audit import decisions, guards, population, sampling
from chalicelib.domain.audit.audit import Audit
from chalicelib.domain.audit.population import KINDS, ROW, Changed, Facts, Population, Recorded, Row
from chalicelib.domain.audit.sampling import Draw, Member
from chalicelib.domain.ground.errors import NotAllowed, Unavailable

from .study_rounds import staff_by_name

_BEGINNINGS = tuple(f'{{"kind":"{kind}",'.encode() for kind in KINDS)


class Frozen(NamedTuple):
    """What was drawn; `hash`: of the document of the sample."""

    draw: Draw
    hash: str


class Pointed(NamedTuple):
    """Of the `n` acceptances of somebody's plans all were recorded by staff: at 100 %, somebody asks why
    (`checks.SHARES`). `person`: None, where whoever it was works here no more."""

    person: str | None
    n: int


def read(state: Audit) -> Population:
    """The population of an audit as it is now. Raises NotAllowed until all days of its period are closed, Unavailable
    where a day cannot be read."""
    closed = figures.closed_days(state.first, state.last)
    if state.last not in closed:
        raise NotAllowed("period_not_counted", guards.allowed(state), period=state.period, day=state.last.isoformat())
    found = Population(state.scope, state.first, state.last)
    for day in sorted(closed):
        found.take_in(day, _rows(day))
    return found


def freeze(state: Audit, nonce: str) -> Frozen:
    """Lays down who an audit is about, and draws of them. Of nobody nothing is laid down, and nothing drawn. Again, of
    the same, it changes nothing. Raises as `read` does."""
    known = read(state)
    members = known.members()
    drawn = sampling.draw(
        members,
        state.audit_id,
        nonce,
        tolerable=state.tolerable,
        confidence=state.confidence,
        deviations=state.deviations,
    )
    beside = {"tested": known.tally().model_dump(), "recorded": [list(one) for one in known.recorded()]}
    document = sampling.as_bytes(drawn, state.audit_id, nonce, members, beside)
    hashed = hashlib.sha256(document).hexdigest()
    if members:
        ids = sampling.listed(one.complaint_id for one in members)
        figures.put(_key_of_population(state.audit_id, drawn.population_hash), ids, "text/plain")
        figures.put(_key_of_sample(state.audit_id, hashed), document)
    return Frozen(drawn, hashed)


def frozen_ids(state: Audit) -> tuple[str, ...]:
    """Whom an audit with a sample is about, sorted. Raises Unavailable."""
    assert state.sample  # noqa: S101 — it has been drawn
    found = figures.get(_key_of_population(state.audit_id, state.sample.population_hash))
    if found is None:
        raise Unavailable("document_missing")
    return tuple(found.content.decode().split())


def sample_document(state: Audit) -> bytes:
    """The document of its sample, by which it can be drawn again. Raises Unavailable."""
    assert state.sample  # noqa: S101 — it has been drawn
    found = figures.get(_key_of_sample(state.audit_id, state.sample.hash))
    if found is None:
        raise Unavailable("document_missing")
    return found.content


def facts(state: Audit) -> Facts:
    """Raises Unavailable."""
    return Facts.model_validate_json(sample_document(state))


class Recomputed(NamedTuple):
    """Whether each step of a draw comes to the same again: the `nonce` to the hash that the plan wrote down, the
    frozen ids to the hash of the `population`, both and the name to the `seed`, and that to the `items` in their order.
    `planned`: the size that was shared out; `strata`: of how many each is, and how many were drawn."""

    nonce: bool
    population: bool
    seed: bool
    items: bool
    planned: int
    strata: Mapping[str, tuple[int, int]]


def recompute(state: Audit) -> Recomputed:
    """Draws a sample again, of what was frozen with it. Raises Unavailable."""
    assert state.sample  # noqa: S101 — it has been drawn
    sample = state.sample
    members = [_member(name, *said) for name, said in facts(state).members.items()]
    again = sampling.draw(
        members,
        state.audit_id,
        sample.nonce,
        tolerable=state.tolerable,
        confidence=state.confidence,
        deviations=state.deviations,
    )
    return Recomputed(
        decisions.nonce_hash(sample.nonce) == state.nonce_hash,
        sampling.population_hash(frozen_ids(state)) == again.population_hash == sample.population_hash,
        again.seed == sample.seed,
        [one.complaint_id for one in again.items] == [one.complaint_id for one in state.items if not one.picked],
        again.planned,
        again.strata,
    )


def _member(name: str, stratum: str, closure: str, *certain: str) -> Member:
    handler, _, outcome = stratum.partition(" ")
    return Member(name, handler, outcome, certain, int(closure))


def changed(state: Audit) -> Changed:
    """What the lines say now that they did not when the population was frozen. It changes nothing. Raises as `read`
    and `frozen_ids` do."""
    return population.changed(frozen_ids(state), [row.id for row in read(state).closures()])


def pointed_out(found: Sequence[Recorded], now: datetime) -> tuple[Pointed, ...]:
    """Who is to be asked about acceptances, by name; it is for auditors to see whether there is a finding in it."""
    if not found:
        return ()
    names = {signing.pseudonym(name): name for name in staff_by_name(now)}
    known = (Pointed(names.get(one.person), one.n) for one in found)
    return tuple(sorted(known, key=lambda one: (one.person is None, one.person or "", one.n)))


def _rows(day: date) -> Iterator[Row]:
    found = figures.get(figures.key_of_lines(day))
    if found is None:
        raise Unavailable("document_missing")
    return (ROW.validate_json(row) for row in found.content.splitlines() if row.startswith(_BEGINNINGS))


def _key_of_population(audit_id: str, population_hash: str) -> str:
    return figures.key_of_audit(audit_id, f"population-{population_hash}.txt")


def _key_of_sample(audit_id: str, sample_hash: str) -> str:
    return figures.key_of_audit(audit_id, f"sample-{sample_hash}.json")
