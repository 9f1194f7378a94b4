"""What is read of an audit (6.3): in a list, whole, its sample, its items, its findings. Whoever of staff has no part
in it reads a face without names: no owner, auditor, author or complaint is in it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from chalicelib.casework import rules
from chalicelib.casework.population import Pointed
from chalicelib.domain.audit import decisions, guards, readers, sampling, standing
from chalicelib.domain.audit.audit import (
    STAGE_NAMES,
    Audit,
    Finding,
    FindingState,
    Item,
    Question,
    Severity,
    Stage,
)
from chalicelib.domain.audit.checks import OfPeople
from chalicelib.domain.audit.population import Changed
from chalicelib.domain.audit.verdicts import Rule
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor, Department
from chalicelib.domain.vocabulary.terms import Category, Locale

from .hearing_views import FindingHearingView
from .reports import MeasureView

NAMELESS = "Null to whom the names in it are not shown."


class FindingView(Model):
    """A finding, what is done about it, and whether that has helped.

    `shown_by`: how many complaints show it; `verifiable_from`: before that its effect cannot be seen; `hearing`: of who
    answers for it (8.3), to them, supervisors, management and audit only.
    """

    audit_id: str
    number: int
    severity: Severity
    clause: str
    what: str
    department: Department
    repeats: str | None = Field(description="An earlier finding on the clause, for which it went a class up.")
    state: FindingState
    raised_at: datetime
    due_at: datetime | None
    provisional: bool
    overdue: bool
    shown_by: int
    items: list[str] | None = Field(description=NAMELESS)
    owner: str | None = Field(description=NAMELESS)
    by: str | None = Field(description=NAMELESS)
    correction: str | None
    cause: str | None
    planned_at: datetime | None
    measures: list[MeasureView] | None = Field(description=NAMELESS)
    evidence: str | None
    done_at: datetime | None
    done_by: str | None
    verifiable_from: date | None
    verified_at: datetime | None
    verified_by: str | None
    effective: bool | None
    verification: str | None
    waived_until: date | None
    waiver: str | None
    missed: int
    reopened: int
    hearing: FindingHearingView | None
    allowed: list[str] = Field(description="What may be done about it now by whoever asks.")

    @classmethod
    def of(cls, one: Finding, state: Audit, actor: Actor, now: datetime) -> "FindingView":
        named, policy = readers.reads_names(state, actor), rules.in_force(now)
        hearing = next((heard for heard in state.hearings if heard.number == one.number), None)
        known = one.model_dump(exclude={"untold"} | (set() if named else readers.NAMING))
        measures = [MeasureView.of(state.audit_id, done) for done in state.measures if done.finding == one.number]
        return cls.model_validate(
            {
                **dict.fromkeys(readers.NAMING),
                **known,
                "audit_id": state.audit_id,
                "shown_by": len(one.items),
                "overdue": one.state in ("open", "planned") and one.due_at is not None and one.due_at <= now,
                "measures": measures if named else None,
                "verifiable_from": standing.verifiable_from(one, policy) if one.done_at else None,
                "hearing": FindingHearingView.of(hearing)
                if hearing and readers.reads_hearing(hearing, actor)
                else None,
                "allowed": decisions.may_about(state, one.number, guards.OF_FINDINGS, actor, now, policy),
            }
        )


class FindingPage(Model):
    items: list[FindingView]
    next_cursor: str | None


class JudgedView(Model):
    judgement: str
    note: str | None


class ItemView(Model):
    """An item of the sample. `broken`, `undecided`: the machine's rules (`GET /v1/audits/rules`), run again when it was
    examined."""

    audit_id: str
    complaint_id: str
    stratum: str = Field(description="Why it was drawn: certainty, or whose closures, by their outcome.")
    picked: bool = Field(description="By hand, so it counts in no rate.")
    auditor: str | None = Field(description="Who examines it; null: management has to name somebody.")
    examined_at: datetime | None
    examined_by: str | None
    answers: Mapping[Question, JudgedView]
    broken: list[str]
    undecided: list[str]
    erased: bool = Field(description="The complaint's words are gone; what can still be judged is.")

    @classmethod
    def of(cls, one: Item, state: Audit) -> "ItemView":
        return cls(audit_id=state.audit_id, **one.model_dump())


class ItemPage(Model):
    items: list[ItemView]
    next_cursor: str | None


class ResultView(Model):
    """What the sample says. `limit`: the upper limit in per cent of the share that deviates; `supported`: it is not
    above the tolerable one."""

    size: int
    deviating: int
    limit: Decimal
    supported: bool


class AuditCommentView(Model):
    at: datetime
    by: str | None = Field(description=NAMELESS)
    text: str


class EditionView(Model):
    number: int
    at: datetime
    by: str | None = Field(description=NAMELESS)
    hash: str
    reason: str | None


class DrawnSampleView(Model):
    """By what a sample was drawn, so that everybody can draw it again."""

    population: int
    population_hash: str
    nonce: str
    seed: str
    size: int = Field(description="Of what was drawn by chance.")
    certain: int = Field(description="Of what is looked at in any case.")
    hash: str = Field(description="SHA-256 of the document of the sample.")
    drawn_at: datetime


class AuditSummary(Model):
    """An audit in a list."""

    audit_id: str
    stage: Stage
    period: str
    first: date
    last: date
    departments: list[Department]
    categories: list[Category]
    tolerable: int
    confidence: int
    deviations: int
    drafted_at: datetime
    approved_at: datetime | None
    reported_at: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    edition: int = Field(description="Of what was published; 0: nothing yet.")
    findings_open: int | None = Field(description="Null until it is published.")
    version: int

    @classmethod
    def known_of(cls, state: Audit) -> dict[str, Any]:
        same = {name: getattr(state, name) for name in AuditSummary.model_fields if hasattr(state, name)}
        return same | {
            "departments": state.scope.departments,
            "categories": state.scope.categories,
            "edition": len(state.editions),
            "findings_open": sum(one.is_open for one in state.findings) if state.published_at else None,
        }

    @classmethod
    def of(cls, state: Audit) -> "AuditSummary":
        return cls.model_validate(cls.known_of(state))


class AuditPage(Model):
    items: list[AuditSummary]
    next_cursor: str | None


class AuditView(AuditSummary):
    """An audit. `names`: whether whoever asks is shown them; `items`, `examined`: how many there are, and were."""

    names: bool
    stage_name: str
    author: str | None = Field(description=NAMELESS)
    approved_by: str | None = Field(description=NAMELESS)
    nonce_hash: str
    sample: DrawnSampleView | None
    items: int
    examined: int
    result: ResultView | None
    in_words: str | None = Field(description="The same in words.")
    conclusion: str | None
    reported_by: str | None = Field(description=NAMELESS)
    comments: list[AuditCommentView]
    editions: list[EditionView]
    cancelled_because: str | None
    findings: list[FindingView] = Field(description="Those that turned out to be none are left out of the face.")
    allowed: list[str] = Field(description="What may be done now by whoever asks.")

    @classmethod
    def at(cls, state: Audit, actor: Actor, now: datetime, locale: Locale) -> "AuditView":
        named, policy = readers.reads_names(state, actor), rules.in_force(now)
        sample, result, stage = state.sample, state.result, Stage(state.stage)
        shown = [one for one in state.findings if named or one.state != "dropped"]
        return cls.model_validate(
            {
                **cls.known_of(state),
                "names": named,
                "stage_name": STAGE_NAMES[stage][locale],
                "author": state.author if named else None,
                "approved_by": state.approved_by if named else None,
                "nonce_hash": state.nonce_hash,
                "sample": sample and DrawnSampleView(**sample.model_dump()),
                "items": len(state.items),
                "examined": sum(one.examined_at is not None for one in state.items),
                "result": result and ResultView(**result.model_dump()),
                "in_words": result and sampling.in_words(result, state.tolerable, locale),
                "conclusion": state.conclusion,
                "reported_by": state.reported_by if named else None,
                "comments": [_nameless(one.model_dump(), named) for one in state.comments],
                "editions": [_nameless(one.model_dump(), named) for one in state.editions],
                "cancelled_because": state.cancelled_because,
                "findings": [FindingView.of(one, state, actor, now) for one in shown],
                "allowed": decisions.may(state, actor, now, policy),
            }
        )


def _nameless(known: dict[str, Any], named: bool) -> dict[str, Any]:
    return known if named else known | {"by": None}


class ChangedView(Model):
    """Closures of the period that came, or went, since it was frozen; they change nothing."""

    added: int
    gone: int


class DrawnItemView(Model):
    """An item of a sample, without what was said of it: the items of the audit have that, page by page."""

    complaint_id: str
    stratum: str = Field(description="Why it was drawn: certainty, or whose closures, by their outcome.")
    auditor: str | None = Field(description="Who examines it; null: management has to name somebody.")
    examined_at: datetime | None
    deviates: bool | None = Field(description="Whether a rule is broken or a judgement is no; null until examined.")

    @classmethod
    def of(cls, one: Item) -> "DrawnItemView":
        same = {name: getattr(one, name) for name in cls.model_fields}
        return cls(**same | {"deviates": one.deviates if one.examined_at else None})


class RecordedView(Model):
    """Of the `n` acceptances of somebody's plans, five or more, every one was recorded by staff: it is for auditors to
    see whether there is a finding in it. The calls may have been so."""

    person: str | None = Field(description="Null: whoever works here no more.")
    n: int


class SampleView(DrawnSampleView):
    """A sample as it was drawn: nobody can choose, everybody can recompute. `drawn`: `items` with how far each is; what
    was picked by hand is in neither."""

    audit_id: str
    items: list[str]
    drawn: list[DrawnItemView]
    method: str = Field(description="How it was drawn, exactly.")
    changed: ChangedView
    recorded: list[RecordedView] = Field(description="By name; `4.5a-shares` of the rules.")

    @classmethod
    def of(cls, state: Audit, changed: Changed, recorded: Iterable[Pointed]) -> "SampleView":
        assert state.sample  # noqa: S101 — whoever asks has seen to it
        drawn = [DrawnItemView.of(one) for one in state.items if not one.picked]
        return cls(
            **state.sample.model_dump(),
            audit_id=state.audit_id,
            items=[one.complaint_id for one in drawn],
            drawn=drawn,
            method=sampling.METHOD,
            changed=ChangedView(added=changed.added, gone=changed.gone),
            recorded=[RecordedView(person=one.person, n=one.n) for one in recorded],
        )


class RuleView(Model):
    """One of the machine's rules, which every closure is held against, or somebody's closures all together. `clause`:
    of the policy."""

    id: str
    clause: str
    of: Literal["closure", "person"]
    looks_for: str

    @classmethod
    def of_rule(cls, rule: Rule | OfPeople, of: Literal["closure", "person"], locale: Locale) -> "RuleView":
        return cls(id=rule.id, clause=rule.clause, of=of, looks_for=rule.looks_for[locale])


class RulesView(Model):
    items: list[RuleView]
