"""What happens next, and by when: the heading of the piece, what else is to be known at once, and the steps."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import Outcome

from . import acts
from .piece import Page
from .speech import Sentence

if TYPE_CHECKING:
    from markupsafe import Markup


def headline(page: Page) -> Sentence:
    """The one sentence of what happens next and by when; of a closed complaint, how it ended and what is still due."""
    view = page.view
    if question := page.asked_now:
        late = question.answer_by <= page.now
        return ("head.question.late", {}) if late else ("head.question", {"answer_by": question.answer_by})
    if view.outcome:
        return _ended(page, view.outcome)
    if view.deadline is None:
        return "head.stage", {"stage": view.stage_name}
    if view.deadline.waiting_for == "reading":
        return "head.reading", {}
    return _in_stage(page), {"due_at": view.deadline.due_at}


def _in_stage(page: Page) -> str:
    """By the stage; what is late is said, and so is what has led to it."""
    key, why = f"head.{page.view.stage}", "overdue" if page.overdue else _led_to_by(page)
    return f"{key}.{why}" if why and page.say.knows(f"{key}.{why}") else key


def _led_to_by(page: Page) -> str:
    """A plan that rejects; else the last answer to one, or, where there was none that objects, that it was reopened."""
    view, answer = page.view, page.answers.get(page.view.round - 1)
    if view.resolution_plan and view.resolution_plan.rejects_request:
        return "rejected"
    if view.round > 1 and (answer is None or answer.satisfied):
        return "reopened"
    return "review" if answer and answer.asks_for_review else "objected" if answer else ""


def _ended(page: Page, outcome: Outcome) -> Sentence:
    view, key = page.view, f"head.{outcome}"
    if view.merged_into:
        return f"{key}.ended" if view.other_closed_at else key, {"other": view.merged_into}
    if outcome is not Outcome.SATISFIED or not view.follow_ups:
        return key, {}
    undone = [one.due_at for one in view.follow_ups if not one.done_at]
    if not undone:
        return f"{key}.done", {}
    due_at = min(undone)
    return f"{key}.late" if due_at <= page.now else f"{key}.promised", {"due_at": due_at}


def notes(page: Page) -> Iterator["Markup | str"]:
    """What else is to be known of it at once."""
    view, say, deadline = page.view, page.say, page.view.deadline
    yield from _of_the_link(page)
    if view.merged_into:
        yield view.why_not[Action.GIVE_INFORMATION].detail
    if deadline and deadline.provisional:
        yield say("note.provisional")
    if deadline and deadline.waiting_for == "reading":
        yield say("note.reading")
    elif deadline and deadline.waiting_since and page.asked_now:
        yield say("note.waiting", answer_by=page.asked_now.answer_by)
    elif deadline and page.overdue and Action.ACCEPT_PLAN not in view.allowed:
        yield say("note.overdue")
    elif deadline and not (page.asked_now or page.to_do_first or Action.ACCEPT_PLAN in view.allowed):
        yield say("note.nothing")
    if view.outcome is Outcome.SATISFIED and view.answers and view.answers[-1].by == "staff":
        yield say("note.by_staff")
    if view.outcome is Outcome.WITHDRAWN and _withdrawn_by_staff(page):
        yield say("note.withdrawn_by_staff")


def _withdrawn_by_staff(page: Page) -> bool:
    ends = (one.actor for one in page.entries if isinstance(one.event, events.ComplaintWithdrawn))
    return any(actor.kind == "staff" for actor in islice(ends, 1))


def _of_the_link(page: Page) -> Iterator["Markup | str"]:
    """What the link that was opened offers, and cannot be done now, or not any more."""
    view, say, answer = page.view, page.say, page.asked.answer
    if page.asked.survey and page.survey.state not in ("open", "answered"):
        yield say(f"note.survey.{page.survey.state if page.survey.state in ('expired', 'declined') else 'none'}")
    given = page.answers.get(page.asked.round or view.round)
    if page.of_replaced_plan:
        yield say("note.replaced")
    elif answer is None or acts.BY_NAME[answer] in view.allowed:
        return
    elif answer in ("accept", "object") and given:
        yield say(f"note.answered.{'accept' if given.satisfied else 'object'}", at=given.at)
    elif not view.merged_into:
        yield view.why_not[acts.BY_NAME[answer]].detail


def opened(page: Page) -> str | None:
    """The form that is open from the beginning: the one that the link names, of a plan only if it is the present."""
    if page.asked.survey:
        return "survey"
    return None if page.of_replaced_plan else page.asked.answer


def steps(page: Page) -> list[tuple[str, str]]:
    """The stages in the consumer's words, and how far each has come; of a closed complaint, whether it was gone
    through at all."""
    view = page.view
    gone_through = (
        *(view.acknowledged_at, view.investigated_at, view.plan_sent_at),
        *(view.outcome is Outcome.SATISFIED, view.closed_at),
    )
    here = list(STAGES).index(view.stage)
    if view.outcome:
        return [(stage, "done" if done else "left_out") for stage, done in zip(STAGES, gone_through, strict=True)]
    return [(stage, "done" if n < here else "now" if n == here else "later") for n, stage in enumerate(STAGES)]
