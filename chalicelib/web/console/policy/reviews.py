"""The policy is looked over (7.2): when that is due, what there was to look at, what management decided."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from chalicelib.casework import policy_reviews as casework
from chalicelib.casework import rules
from chalicelib.domain.governance.reviews import CAME_TO, HOLDERS, READERS, Month, PolicyReview, PolicyReviewBody
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech
from chalicelib.web.reporting.reading import Reading

policy_reviews = Console(__name__)
LISTED = "/console/policy/reviews"
ONE = LISTED + "/{policy_review}"
LINES = 25
KIND = Acts(LISTED, "policy_reviews", {"review": PolicyReviewBody})
UNITS = {"M01": "count", "M16": "per_100"}
"""Of the figures that a review keeps; the others are shares."""


class ReviewsQuery(ActsQuery):
    cursor: str | None = None


class Line(NamedTuple):
    """A month, and what its report says, by measure; nothing, where that is of too few."""

    month: Month
    called: str
    figures: list[tuple[str, str]]


@policy_reviews.operation("GET", LISTED, who=READERS, query=ReviewsQuery, answers={200: str})
def show_policy_reviews(call: Call, query: ReviewsQuery) -> Answer:
    """The reviews of the policy, the newest first, and when the next is due."""
    return _show(call, query)


def _show(
    call: Call, asked: Any, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    found, cursor = casework.listed(LINES, asked.cursor)
    by, policy = casework.due(call.now), rules.in_force(call.now)
    may = [*KIND.bodies] if call.actor.roles & HOLDERS else []
    return page(
        call,
        "policy/reviews.html",
        say,
        status=status,
        panel=acts.panel(KIND, acts.Page(may), call, asked, say, sent, refusal),
        found=found,
        cursor=cursor,
        due=by,
        cause=by.cause_on(by.on),
        overdue=call.now.astimezone(policy.zone).date() > by.on,
    )


@policy_reviews.operation("GET", ONE, who=READERS, query=ActsQuery, answers={200: str})
def show_policy_review_page(call: Call, query: ActsQuery) -> Answer:
    """A review of the policy, with what there was to look at."""
    say = speech(call)
    one = casework.shown(call.path["policy_review"])
    return page(
        call,
        "policy/review.html",
        say,
        one=one,
        done=KIND.word(say, query.done, "done") if query.done else "",
        measures=_measures(say),
        months=_months(one, call, say),
        since=Tongue(say.locale, rules.version(one.inputs.version, call.now)).since(one.inputs.since).text,
        stages={stage: names[say.locale] for stage, names in spoken.AMENDMENT_STAGES.items()},
    )


def _measures(say: Speech) -> list[str]:
    known = definitions(say.locale)
    return [known[name].name for name in CAME_TO]


def _months(review: PolicyReview, call: Call, say: Speech) -> list[Line]:
    reading = Reading(say.locale, say.zone, {})
    return [
        Line(
            one,
            reading.period(period_of("monthly", one.first)),
            [(name, _said(one.figures.get(name), name, reading)) for name in CAME_TO],
        )
        for one in review.inputs.months
    ]


def _said(value: float | None, measure: str, reading: Reading) -> str:
    return "" if value is None else reading.number(value, UNITS.get(measure, "share"))


def _review(call: Call, action: str, body: Any, how: How) -> str:
    kept = casework.review(body, call.actor, call.now, how.idempotency)
    return f"{LISTED}/{kept.one.number}?done={action}#main"


acts.declare(policy_reviews, KIND, HOLDERS, ReviewsQuery, _show, _review)


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """For whoever holds it, that the next is due, from when on they are reminded of it."""
    if not call.actor.roles & HOLDERS:
        return
    by, today = casework.due_by_period(call.now), call.now.astimezone(rules.in_force(call.now).zone).date()
    if today >= by.reminded_on:
        which = "overdue" if today > by.on else "due"
        yield say(f"policy_reviews.{which}", day=say.day(by.on)), f"{LISTED}?act=review"
