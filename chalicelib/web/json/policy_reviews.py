"""Reviews of the policy (7.2): what there was to look at, what management decided, when the next is due."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from chalicelib.casework import policy_reviews as casework
from chalicelib.casework import rules
from chalicelib.domain.governance.reviews import HOLDERS, READERS, Cause, Inputs, PolicyReview, PolicyReviewBody
from chalicelib.domain.ground.model import Model
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, tagged

from .api import Api

policy_reviews = Api(__name__)
PATH = "/v1/policy/reviews"


class PolicyReviewView(Model):
    """A review, which never changes. `cause`: months, if its time had come; breaches, if two months running had more
    than 10 for each 100 closures; findings, if audits found what is major on one clause three times in 12 months;
    by_choice, if none of it. `hash`: SHA-256 of the record."""

    number: int
    at: datetime
    by: str
    decision: Literal["keep", "revise"]
    reasons: str
    cause: Cause
    due_on: date = Field(description="The last day for it, of China.")
    late: bool
    inputs: Inputs = Field(description="What there was to look at, as the house filled it in.")
    hash: str

    @classmethod
    def of(cls, one: PolicyReview) -> "PolicyReviewView":
        return cls.model_validate({**dict(one), "hash": one.hash})


class DueView(Model):
    """When the next is due. `months`: the two that made it due so soon, by their first days."""

    on: date
    reminded_on: date
    months: tuple[date, ...]
    overdue: bool


class PolicyReviewPage(Model):
    items: list[PolicyReviewView]
    next_cursor: str | None
    next_due: DueView


@policy_reviews.operation("GET", PATH, who=READERS, query=PageQuery, answers={200: PolicyReviewPage})
def list_policy_reviews(call: Call, query: PageQuery) -> Answer:
    """The reviews of the policy, the newest first, and when the next is due (7.2)."""
    found, cursor = casework.listed(query.limit, query.cursor)
    by, today = casework.due(call.now), call.now.astimezone(rules.in_force(call.now).zone).date()
    due = DueView(on=by.on, reminded_on=by.reminded_on, months=by.months or (), overdue=today > by.on)
    items = [PolicyReviewView.of(one) for one in found]
    return Answer(200, PolicyReviewPage(items=items, next_cursor=cursor, next_due=due))


@policy_reviews.operation("GET", f"{PATH}/{{policy_review}}", who=READERS, answers={200: PolicyReviewView})
def show_policy_review(call: Call) -> Answer:
    """A review of the policy."""
    return Answer(200, PolicyReviewView.of(casework.shown(call.path["policy_review"])), tagged(1))


@policy_reviews.operation("POST", PATH, who=HOLDERS, body=PolicyReviewBody, answers={201: PolicyReviewView})
def review_policy(call: Call, body: PolicyReviewBody) -> Answer:
    """Record that the policy was looked over (7.2): it is kept, or to be revised, with reasons. What there was to look
    at is filled in: the figures of the last months, interpretations, amendments and opinions since the last review."""
    kept = casework.review(body, call.actor, call.now, call.idempotency)
    where = {"Location": f"{call.prefix}{PATH}/{kept.one.number}"}
    return Answer(201, PolicyReviewView.of(kept.one), where | tagged(1), kept.replayed)
