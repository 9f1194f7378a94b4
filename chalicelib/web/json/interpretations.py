"""Interpretations of the policy (7.1): what was asked of a clause, what customer service ruled, whether it holds."""

from datetime import date, datetime

from pydantic import Field

from chalicelib.casework import interpretations as casework
from chalicelib.casework.interpretations import Kept
from chalicelib.domain.governance.interpretations import (
    INTERPRETERS,
    Clause,
    Interpretation,
    InterpretationReview,
    Outcome,
    Ruling,
    Standing,
)
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, tagged

from .api import Api

interpretations = Api(__name__)
PATH = "/v1/policy/interpretations"


class InterpretationsQuery(PageQuery):
    clause: Clause | None = Field(None, description="Of which clause only.")
    state: Standing | None = Field(None, description="Only those that stand so.")


class ReviewedView(Model):
    """`version`: with which version it was looked at; `ruling`: what it says since then, where it was revised."""

    at: datetime
    by: str
    version: int
    decision: Outcome
    reasons: str
    ruling: str | None


class InterpretationView(Model):
    """An interpretation. `ruling`: what it says now; `as_given`: what it said first; `policy_version`: the one that was
    in force then."""

    number: int
    clause: str
    question: str
    ruling: str
    as_given: str
    holds_from: date
    policy_version: int
    given_at: datetime
    given_by: str
    state: Standing = Field(description="to_review: it holds, and a version is announced with which nobody has looked.")
    reviews: list[ReviewedView]
    version: int

    @classmethod
    def of(cls, kept: Kept) -> "InterpretationView":
        one: Interpretation = kept.one
        same = {name: getattr(one, name) for name in ("number", "clause", "question", "ruling", "as_given")}
        return cls.model_validate(
            {
                **same,
                "holds_from": one.holds_from,
                "policy_version": one.version,
                "given_at": one.at,
                "given_by": one.by,
                "state": kept.standing,
                "reviews": [ReviewedView(**dict(review)) for review in one.reviews],
                "version": one.edition,
            }
        )


class InterpretationPage(Model):
    items: list[InterpretationView]
    next_cursor: str | None


@interpretations.operation("GET", PATH, who=STAFF, query=InterpretationsQuery, answers={200: InterpretationPage})
def list_interpretations(call: Call, query: InterpretationsQuery) -> Answer:
    """The interpretations of the policy, the newest first (7.1): all, of a clause, or those to be looked at again."""
    found, cursor = casework.listed(query.clause, query.state, call.now, query.limit, query.cursor)
    return Answer(200, InterpretationPage(items=[InterpretationView.of(one) for one in found], next_cursor=cursor))


@interpretations.operation("GET", f"{PATH}/{{interpretation}}", who=STAFF, answers={200: InterpretationView})
def show_interpretation(call: Call) -> Answer:
    """An interpretation of the policy, with what became of it."""
    kept = casework.shown(call.path["interpretation"], call.now)
    return Answer(200, InterpretationView.of(kept), tagged(kept.one.edition))


@interpretations.operation("POST", PATH, who=INTERPRETERS, body=Ruling, answers={201: InterpretationView})
def interpret_policy(call: Call, body: Ruling) -> Answer:
    """Say what a clause of the policy means (7.1): a question, the ruling, and the day from which it holds."""
    kept = casework.interpret(body, call.actor, call.now, call.idempotency)
    where = {"Location": f"{call.prefix}{PATH}/{kept.one.number}"}
    return Answer(201, InterpretationView.of(kept), where | tagged(kept.one.edition), kept.replayed)


@interpretations.operation(
    "POST",
    f"{PATH}/{{interpretation}}/review",
    who=INTERPRETERS,
    body=InterpretationReview,
    answers={200: InterpretationView},
)
def review_interpretation(call: Call, body: InterpretationReview) -> Answer:
    """Look at an interpretation again: it is kept, revised or ended, with reasons. Each is to be, with each
    new version of the policy."""
    kept = casework.review(call.path["interpretation"], body, call.actor, call.now, call.idempotency)
    return Answer(200, InterpretationView.of(kept), replayed=kept.replayed)
