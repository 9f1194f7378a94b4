"""Management reviews (6): their list, and each with what there was to look at, what was said and decided, and what
became of that; as a document to print."""

from collections.abc import Iterator

from chalicelib.casework import management_reviews as casework
from chalicelib.casework import rules
from chalicelib.casework.completion import may_finish
from chalicelib.casework.management_reviews import Read
from chalicelib.casework.measures import Owed
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Finished
from chalicelib.domain.supervision.management_review import (
    LIFECYCLE,
    READERS,
    Action,
    ManagementReview,
    Minutes,
    Stage,
)
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.places import page_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech
from chalicelib.web.printable import printable
from chalicelib.web.reporting import document, review_page

management_reviews = Console(__name__)
LISTED = "/console/management-reviews"
ONE = LISTED + "/{review_id}"
LINES = 25
WAITING = 2
"""Of reviews that are to be held so many are looked for among the newest: there are two a year."""
KIND = Acts(ONE, "management_reviews", {Action.HOLD: Minutes, Action.FINISH_MEASURE: Finished})


class ReviewsQuery(PageQuery):
    cursor: str | None = None


@management_reviews.operation("GET", LISTED, who=READERS, query=ReviewsQuery, answers={200: str})
def show_management_reviews(call: Call, query: ReviewsQuery) -> Answer:
    """The management reviews, the newest first."""
    say = speech(call)
    found, cursor = casework.listed(LINES, query.cursor)
    stages = {stage: facts.names[say.locale] for stage, facts in LIFECYCLE.stages.items()}
    return page(
        call,
        "supervision/management_reviews.html",
        say,
        reviews=[(one, _title(one, say), is_late(one, call)) for one in found],
        stages=stages,
        cursor=cursor,
    )


def _title(review: ManagementReview, say: Speech) -> str:
    called = review_page.title(review, say.locale)
    return called[:1].upper() + called[1:]


def is_late(review: ManagementReview, call: Call) -> bool:
    return review.stage == Stage.PREPARED and review.due_at <= call.now


@management_reviews.operation("GET", ONE, who=READERS, query=ActsQuery, answers={200: str})
def show_management_review_page(call: Call, query: ActsQuery) -> Answer:
    """A management review, and what may be done about it."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    found = casework.read(call.path["review_id"], call.actor, call.now)
    review, panel = found.state, acts.panel(KIND, _about(found, call, asked), call, asked, say, sent, refusal)
    about = {
        "review": review,
        "title": _title(review, say),
        "body": _body(found, call, say),
        "more_style": document.style_of_part(),
    }
    return page(call, "supervision/management_review.html", say, status=status, panel=panel, **about)


def _about(found: Read, call: Call, asked: ActsQuery) -> acts.Page:
    """What its reader may do: to hold it, whom the lifecycle names; of measures, those that they may say are done."""
    review, own = found.state, LIFECYCLE.actions_of(call.actor.roles)
    open_ones = [(str(one), _what(review, one)) for one in _finishable(review, call)]
    may = [one for one in LIFECYCLE.allowed(Stage(review.stage)) if one in own and one in KIND.bodies]
    may = [one for one in may if one != Action.FINISH_MEASURE or open_ones]
    choices: dict[str, dict[str, Options]] = {}
    if asked.act == Action.HOLD:
        people = who(call.now)
        choices[Action.HOLD] = {"participants": people, "owner": people}
    today = call.now.astimezone(rules.in_force(call.now).zone).date()
    begins: dict[str, dict[str, str]] = {Action.HOLD: {"held_on": today.isoformat()}}
    return acts.Page(may, review.version, choices, begins, {Action.FINISH_MEASURE: open_ones})


def _finishable(review: ManagementReview, call: Call) -> Iterator[int]:
    """The numbers of those of its measures that the reader may say are done."""
    return (one.number for one in review.measures if may_finish(Owed(review.review_id, one), call.actor))


def _what(review: ManagementReview, number: int) -> str:
    return next(str(one.what) for one in review.measures if one.number == number)


def _body(found: Read, call: Call, say: Speech) -> str:
    policy = rules.in_force(call.now)
    name = KIND.word(say, Action.FINISH_MEASURE, "name")
    here = f"{call.prefix}{KIND.address(call)}?act={Action.FINISH_MEASURE}&part="
    return review_page.body(
        found.state,
        found.inputs,
        say.locale,
        policy,
        call.now.astimezone(policy.zone).date(),
        lambda record: record and f"{call.prefix}{page_of(record)}",
        {one: review_page.Link(name, f"{here}{one}#doing") for one in _finishable(found.state, call)},
    )


@management_reviews.operation("GET", f"{ONE}/print", who=READERS, query=PageQuery, answers={200: str})
def print_management_review(call: Call, query: PageQuery) -> Answer:
    """A management review as a document to file."""
    locale, policy = speech(call).locale, rules.in_force(call.now)
    state, inputs = casework.read(call.path["review_id"], call.actor, call.now)
    today = call.now.astimezone(policy.zone).date()
    return printable(review_page.as_html(state, inputs, locale, policy, today), locale, state.version)


def _do(call: Call, action: str, body: Submission, how: How) -> None:
    casework.do(call.path["review_id"], body, call.actor, call.now, **how._asdict())


acts.declare(management_reviews, KIND, READERS, ActsQuery, show, _do)


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """The reviews that management is still to hold: a sentence, and the address below the prefix. Two round trips, for
    management alone."""
    if Action.HOLD not in LIFECYCLE.actions_of(call.actor.roles):
        return
    for one in casework.listed(WAITING, None)[0]:
        if one.stage == Stage.PREPARED:
            said = say("management_reviews.waits", review=_title(one, say), due=one.due_at)
            yield said, f"{LISTED}/{one.review_id}"
