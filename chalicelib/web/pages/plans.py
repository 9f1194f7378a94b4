"""Plans as the piece shows them, and what is possible after them: another person's decision, another round."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.telling import letters
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import DECISION_REVIEW
from chalicelib.domain.vocabulary.terms import Outcome
from chalicelib.web import part_views

from .piece import Page
from .speech import Speech

if TYPE_CHECKING:
    from markupsafe import Markup


class ShownPlan(NamedTuple):
    """A plan as it is said, with the consumer's answer and the files shown with it; `time`: when it will be done."""

    title: "Markup"
    said: dict[str, Any]
    within: str
    time: "Markup"
    files: list[part_views.EvidenceView]
    answer: list["Markup | str"]
    opinion: str | None


def _shown(page: Page, plan: submissions.ResolutionPlan, title: "Markup", number: int | None = None) -> ShownPlan:
    """`number`: of the round, whose answer stands with it; none for a plan that somebody else answers."""
    answer = page.answers.get(number) if number else None
    within = page.say.period(plan.complete_within_days)
    return ShownPlan(
        title,
        letters.proposal(plan, page.say.locale),
        within,
        page.say("plan.within" if number else "plan.within.other", days=within),
        [one for one in page.view.evidence if one.evidence_id in plan.evidence],
        _answered(answer, page.say) if answer else [],
        answer.opinion if answer else None,
    )


def _answered(answer: part_views.AnswerView, say: Speech) -> list["Markup | str"]:
    how = "accept" if answer.satisfied else "review" if answer.asks_for_review else "object"
    by_staff: list[Markup | str] = [say("plan.answered.by_staff")] if answer.by == "staff" else []
    said: list[Markup | str] = [say(f"plan.answered.{how}", at=answer.at)]
    return said + by_staff if answer.satisfied else by_staff + said  # what was said against it follows


def present(page: Page) -> ShownPlan | None:
    """The plan of the present round, once there is one."""
    view = page.view
    if view.resolution_plan is None:
        return None
    kind = "agreed" if view.outcome is Outcome.SATISFIED else "adjusted" if len(view.plans) > 1 else None
    return _shown(page, view.resolution_plan, page.say(f"plan.title.{kind}" if kind else "plan.title"), view.round)


def earlier(page: Page) -> Iterator[ShownPlan]:
    """Those that hold no more, the last one first."""
    for number, one in reversed([*enumerate(page.view.plans, 1)]):
        if not one.in_force:
            nth = spoken.ordinal(number, page.say.locale)
            yield _shown(page, one.plan, page.say("plan.earlier", nth=nth, at=one.proposed_at), one.round)


def of_other(page: Page) -> ShownPlan | None:
    """That of the complaint which is handled in the place of this one, as its consumer was told last."""
    found = (one.event.plan for one in page.entries if isinstance(one.event, events.OtherPlanProposed))
    plan = next(found, None) if page.view.merged_into else None
    return _shown(page, plan, page.say("plan.title.other")) if plan else None


def review(page: Page) -> list["Markup"]:
    """What it means to have another person decide, and by when."""
    view, policy, say = page.view, page.policy, page.say
    if view.review_until is None:
        return []
    said = [say("review.means", until=view.review_until)]
    if view.outcome is None:
        said.append(say("review.after", days=say.period(policy.review_days)))
    if takes := policy.clocks[DECISION_REVIEW].working_days:
        said.append(say("review.takes", days=say.period(takes, "working_days")))
    return said


def reopening(page: Page) -> dict[str, Any]:
    """What is possible once it is closed, or would be then; and why not."""
    view, policy, say, times = page.view, page.policy, page.say, page.complaint.reopened
    resumed = view.outcome in (Outcome.WITHDRAWN, Outcome.MERGED)
    refused = view.why_not.get(Action.REOPEN) if view.outcome and not view.merged_into else None
    left = times < policy.reopenings
    days = say.period(policy.reopening_days)
    return {
        "summary": say("reopen.summary.resume" if resumed else "reopen.summary"),
        "means": view.reopen_until
        and say("reopen.means", until=view.reopen_until, most=policy.reopenings, times=times),
        "refused": refused and refused.detail,
        "after_accepting": say("accept.reopen", days=days) if left else say("accept.last", times=times),
        "after_withdrawing": say("withdraw.reopen", days=days) if left else say("accept.last", times=times),
    }
