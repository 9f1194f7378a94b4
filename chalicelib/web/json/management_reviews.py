"""Management reviews (6): what there was to look at, what was decided, what became of it."""

from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from chalicelib.casework import management_reviews as casework
from chalicelib.casework import rules
from chalicelib.casework.management_reviews import Read
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Finished
from chalicelib.domain.supervision.management_review import (
    LIFECYCLE,
    READERS,
    Action,
    Inputs,
    ManagementReview,
    Minutes,
    Stage,
)
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, tagged
from chalicelib.web.languages import DEFAULT, preferred
from chalicelib.web.printable import printable
from chalicelib.web.reporting import review_page as page

from .api import Api
from .reports import MeasureView

management_reviews = Api(__name__)
PATH = "/v1/management-reviews"


class ReviewQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of the document; instead of what Accept-Language prefers.")


class ReviewSummary(Model):
    """A management review in a list. `half`: the half-year that it looks back on; `due_at`: until when it is held."""

    review_id: str
    half: str
    first: date
    last: date
    stage: Stage
    hash: str
    prepared_at: datetime
    due_at: datetime
    overdue: bool
    held_on: date | None
    recorded_at: datetime | None
    closed_at: datetime | None
    version: int

    @classmethod
    def known_of(cls, state: ManagementReview, now: datetime) -> dict[str, Any]:
        half = state.half
        same = state.model_dump(include=set(ReviewSummary.model_fields) - {"half", "first", "last", "overdue"})
        late = state.stage == Stage.PREPARED and state.due_at <= now
        return {**same, "half": half.name, "first": half.first, "last": half.last, "overdue": late}


class ReviewPage(Model):
    items: list[ReviewSummary]
    next_cursor: str | None


class ReviewView(ReviewSummary):
    """A review with what there was to look at, which never changes, and what was decided."""

    inputs: Inputs
    recorded_by: str | None
    participants: tuple[str, ...]
    minutes: str | None
    measures: list[MeasureView]
    allowed: list[str] = Field(description="What may be done now by whoever asks.")

    @classmethod
    def at(cls, read: Read, roles: frozenset[Role], now: datetime) -> "ReviewView":
        state, inputs = read
        may = LIFECYCLE.actions_of(roles)
        said = state.model_dump(include={"recorded_by", "participants", "minutes"})
        decided = {
            "inputs": inputs,
            "measures": [MeasureView.of(state.review_id, one) for one in state.measures],
            "allowed": [action for action in LIFECYCLE.allowed(Stage(state.stage)) if action in may],
        }
        return cls.model_validate({**cls.known_of(state, now), **said, **decided})


@management_reviews.operation("GET", PATH, who=READERS, query=PageQuery, answers={200: ReviewPage})
def list_management_reviews(call: Call, query: PageQuery) -> Answer:
    """The management reviews, the newest first."""
    found, cursor = casework.listed(query.limit, query.cursor)
    items = [ReviewSummary.model_validate(ReviewSummary.known_of(one, call.now)) for one in found]
    return Answer(200, ReviewPage(items=items, next_cursor=cursor))


@management_reviews.operation("GET", f"{PATH}/{{review_id}}", who=READERS, query=ReviewQuery, answers={200: ReviewView})
def show_management_review(call: Call, query: ReviewQuery) -> Answer:
    """A management review; with .html as a document to read and print."""
    name, _, form = call.path["review_id"].partition(".")
    found = casework.read(name if form == "html" else call.path["review_id"], call.actor, call.now)
    if form == "html":
        return _page(found, query.lang or preferred(call.accepted, DEFAULT), call.now)
    return Answer(200, ReviewView.at(found, call.actor.roles, call.now), tagged(found.state.version))


def _page(found: Read, locale: Locale, now: datetime) -> Answer:
    policy = rules.in_force(now)
    written = page.as_html(found.state, found.inputs, locale, policy, now.astimezone(policy.zone).date())
    return printable(written, locale, found.state.version)


def _do(call: Call, body: Submission, part: str | None = None) -> Answer:
    done = casework.do(
        call.path["review_id"],
        body,
        call.actor,
        call.now,
        seen=call.seen,
        idempotency=call.idempotency,
        part=part,
    )
    if part is not None:
        one = next(one for one in done.state.measures if str(one.number) == part)
        return Answer(200, MeasureView.of(done.state.review_id, one), tagged(done.state.version), done.replayed)
    view = ReviewView.at(casework.whole(done.state), call.actor.roles, call.now)
    return Answer(200, view, tagged(done.state.version), done.replayed)


@management_reviews.operation(
    "POST",
    f"{PATH}/{{review_id}}/minutes",
    who=LIFECYCLE.who(Action.HOLD),
    body=Minutes,
    answers={200: ReviewView},
    conditional=True,
)
def hold_management_review(call: Call, body: Minutes) -> Answer:
    """Record that a management review was held: the day, who took part, what was said, and the measures decided."""
    return _do(call, body)


@management_reviews.operation(
    "POST",
    f"{PATH}/{{review_id}}/measures/{{number}}/completion",
    who=LIFECYCLE.who(Action.FINISH_MEASURE),
    body=Finished,
    answers={200: MeasureView},
    conditional=True,
)
def complete_review_measure(call: Call, body: Finished) -> Answer:
    """Record that a measure of a management review has been carried out: its owner, or a supervisor. The last one
    closes the review."""
    return _do(call, body, call.path["number"])
