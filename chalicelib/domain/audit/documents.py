"""What an audit's report says (6.3): a pure function of the audit and of what was frozen with its sample.

It names nobody: no auditor, no owner, no handler, no complaint; only counts, clauses, and what people wrote of the
whole. So there is one document for everybody inside the company; who does what stands in the record. An edition never
changes.

Counting rules: an item deviates if a rule is broken in it or a judgement is no. What is concluded is of the items that
were drawn by chance; certain and picked ones are counted beside. A judgement that could not be made counts neither
way. Of fewer than `SHOWN_FROM` no limit is given. Rules are counted over every closure of the population that they were
run on.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from pydantic import Field

from chalicelib.domain.audit import audit, sampling, standing
from chalicelib.domain.audit.audit import Audit, Finding, FindingState, Item, Question, Result, Severity
from chalicelib.domain.audit.population import Facts
from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Department
from chalicelib.domain.vocabulary.terms import Category

SHOWN_FROM = 10
"""A limit of fewer than so many is not shown."""
QUESTIONS: tuple[Question, ...] = get_args(Question)


class Counted(Model):
    """Of `n` items, `deviating`; `limit`: not more of the population do, in per cent, None of too few."""

    n: int
    deviating: int
    limit: Decimal | None = None


class Judged(Counted):
    """The same of a question, of those of which it could be said; of `not_assessable` it could not."""

    question: Question
    not_assessable: int


class Ruled(Model):
    """What a machine's rule says of all closures of the population (`broken`, `undecided`), and of the items that were
    drawn by chance, run again (`sample`)."""

    rule: str
    broken: int
    undecided: int
    sample: Counted


class Told(Model):
    """A finding, without names. `items`: how many complaints show it."""

    number: int
    severity: Severity
    clause: str
    department: Department
    what: str
    items: int
    repeats: str | None = None
    state: FindingState
    due_at: Instant | None = None
    correction: str | None = None
    cause: str | None = None


class AuditDocument(Model):
    """A report of an audit. `edition`: 0, a draft. `planned`: the size that was shared out; `of`: the population
    without those that are certain, which is what was drawn of by chance; `tested`: closures that the rules were run on;
    `people`: of how many every plan that was accepted was accepted through staff (`checks.SHARES`).
    """

    audit_id: str
    edition: int
    reason: str | None = None
    computed_at: Instant
    period: str
    first: date
    last: date
    departments: tuple[Department, ...]
    categories: tuple[Category, ...] = ()
    tolerable: int
    confidence: int
    deviations: int
    population: int
    population_hash: str
    nonce: str
    seed: str
    sample_hash: str
    planned: int
    of: int
    result: Result
    certain: Counted
    picked: Counted
    erased: int
    tested: int
    people: int = 0
    rules: tuple[Ruled, ...]
    questions: tuple[Judged, ...]
    findings: tuple[Told, ...]
    severities: Mapping[Severity, int] = Field(default_factory=dict)
    conclusion: str | None = None
    comments: int = 0


def document(state: Audit, facts: Facts, edition: int, now: datetime, reason: str | None = None) -> AuditDocument:
    """What its report says now; `edition`: 0 of the draft. `state` has the conclusion that it is to say. Raises
    ValueError before a sample is drawn."""
    sample = state.sample
    if sample is None:
        raise ValueError("no sample was drawn")
    examined = [one for one in state.items if one.examined_at]
    chance = [one for one in examined if one.by_chance]
    size, deviating = standing.counted(state)
    findings = [one for one in state.findings if one.state != "dropped"]
    return AuditDocument(
        audit_id=state.audit_id,
        edition=edition,
        reason=reason,
        computed_at=now,
        period=state.period,
        first=state.first,
        last=state.last,
        departments=state.scope.departments,
        categories=state.scope.categories,
        tolerable=state.tolerable,
        confidence=state.confidence,
        deviations=state.deviations,
        population=sample.population,
        population_hash=sample.population_hash,
        nonce=sample.nonce,
        seed=sample.seed,
        sample_hash=sample.hash,
        planned=facts.planned,
        of=facts.of,
        result=sampling.result(deviating, size, facts.of, state.tolerable, state.confidence),
        certain=_beside(one for one in examined if one.stratum.startswith(audit.CERTAINTY)),
        picked=_beside(one for one in examined if one.picked),
        erased=sum(one.erased for one in examined),
        tested=facts.tested.n,
        people=len(facts.recorded),
        rules=tuple(_ruled(rule, facts, chance, state.confidence) for rule in _rules(facts, examined)),
        questions=tuple(_judged(question, chance, facts.of, state.confidence) for question in QUESTIONS),
        findings=tuple(_told(one) for one in findings),
        severities={name: sum(one.severity == name for one in findings) for name in reversed(audit.SEVERITIES)},
        conclusion=state.conclusion,
        comments=len(state.comments),
    )


def as_bytes(said: AuditDocument) -> bytes:
    """The canonical form, as it is kept."""
    return canonical(said.model_dump(mode="json"))


def hash_of(said: AuditDocument) -> str:
    """The SHA-256 of its canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(as_bytes(said)).hexdigest()


def _rules(facts: Facts, examined: Iterable[Item]) -> list[str]:
    """Those of which there is something to say."""
    found = {*facts.tested.broken, *facts.tested.undecided}
    return sorted(found.union(*((*one.broken, *one.undecided) for one in examined)))


def _ruled(rule: str, facts: Facts, chance: list[Item], confidence: int) -> Ruled:
    decided = [one for one in chance if rule not in one.undecided]
    return Ruled(
        rule=rule,
        broken=facts.tested.broken.get(rule, 0),
        undecided=facts.tested.undecided.get(rule, 0),
        sample=Counted(**_limited(sum(rule in one.broken for one in decided), len(decided), facts.of, confidence)),
    )


def _judged(question: Question, chance: list[Item], of: int, confidence: int) -> Judged:
    said = [one.answers[question].judgement for one in chance if question in one.answers]
    no, unknown = said.count("no"), said.count("not_assessable")
    return Judged(question=question, not_assessable=unknown, **_limited(no, len(said) - unknown, of, confidence))


def _limited(deviating: int, n: int, of: int, confidence: int) -> dict[str, int | Decimal | None]:
    limit = sampling.upper_limit(deviating, n, of, confidence) if n >= SHOWN_FROM else None
    return {"n": n, "deviating": deviating, "limit": limit}


def _beside(items: Iterable[Item]) -> Counted:
    found = [one.deviates for one in items]
    return Counted(n=len(found), deviating=sum(found))


def _told(finding: Finding) -> Told:
    return Told(
        number=finding.number,
        severity=finding.severity,
        clause=finding.clause,
        department=finding.department,
        what=finding.what,
        items=len(finding.items),
        repeats=finding.repeats,
        state=finding.state,
        due_at=finding.due_at,
        correction=finding.correction,
        cause=finding.cause,
    )
