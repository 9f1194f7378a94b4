"""What a complaint's consumer reads of it, and everything they may do, as the template takes it.

No word stands here and no rule: the words are in `words/content.<locale>.json`, what may be done says the view.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.casework import read, rules
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import events, files, parts, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.file_types import EXTENSIONS
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling import letters
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import DECISION_REVIEW
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import Locale, Outcome
from chalicelib.settings import settings
from chalicelib.web import languages, part_views, views
from chalicelib.web.door import Call

from . import acts
from .history import history
from .page import PageQuery
from .speech import Sentence, Speech

if TYPE_CHECKING:
    from markupsafe import Markup

LinkAnswer = Literal["accept", "object", "reopen", "review"]
"""What a link in a notice offers to do; it opens the form for it, and does nothing."""
TYPES = ",".join([*EXTENSIONS, *(f".{ending}" for endings in EXTENSIONS.values() for ending in endings)])
BROWSER_FAULTS = ("too_large", "empty", "not_a_type_we_take", "too_many")
"""What is wrong with a file that a browser can know before it is sent."""


class ContentQuery(PageQuery):
    """`round`, `answer`: as the link says that was opened; `before`: with what happened before an entry."""

    lang: Locale | None = None
    round: int | None = None
    answer: LinkAnswer | None = None
    before: int | None = None


class Page(NamedTuple):
    """What it is made of."""

    view: views.PublicView
    complaint: Complaint
    policy: Policy
    now: datetime
    asked: ContentQuery
    say: Speech

    @property
    def asked_now(self) -> parts.AskedInformation | None:
        """The question that waits for the consumer's answer."""
        return self.complaint.open_request if Action.GIVE_INFORMATION in self.view.allowed else None

    @property
    def overdue(self) -> bool:
        return self.view.deadline is not None and self.view.deadline.overdue

    @property
    def of_replaced_plan(self) -> bool:
        """The link that was opened came with the plan of another round than the present."""
        return self.asked.round not in (None, self.view.round)

    @property
    def answers(self) -> dict[int, part_views.AnswerView]:
        """The last one to the plan of each round."""
        return {one.round: one for one in self.view.answers}


def content(case: Case[Complaint], call: Call, asked: ContentQuery) -> dict[str, Any]:
    """The values of the template."""
    complaint, now = case.state, call.now
    policy = rules.version(complaint.policy_version, now)
    locale = asked.lang or complaint.locale
    view = views.PublicView.at(case._replace(entries=[], cut=False), call.actor, now, policy, locale)
    say = Speech(locale, policy.time_zone)
    page = Page(view, complaint, policy, now, asked, say)
    plan, earlier = present_plan(page), [*earlier_plans(page)]
    newest = read.last_page(case.entries)
    told = list(history(newest, complaint, say))
    before = newest[-1].seq if newest else 1
    here = f"{call.prefix}/track/{view.complaint_id}/content?lang={locale}"
    house = settings()
    return {
        "view": view,
        "say": say,
        "locale": locale,
        "foreign": complaint.locale if complaint.locale != locale else None,
        "languages": languages.NATIVE,
        "prefix": call.prefix,
        "head": say.tell(headline(page)),
        "notes": [*notes(page)],
        "safety": [one for one in told if one.kind == events.InterimMeasureTaken.__name__],
        "question": page.asked_now,
        "unanswered": complaint.awaited_request,
        "delivered": complaint.delivery and spoken.DELIVERY_STATUSES[complaint.delivery.update.status][locale],
        "forms": acts.forms(view, call.prefix, opened(page)),
        "plan": plan,
        "other_plan": _other_plan(newest, page),
        "earlier": earlier,
        "review": _review(page),
        "reopening": _reopening(page),
        "steps": steps(page),
        "measures": [(one, say.tell(_measure(one, now))) for one in view.follow_ups],
        "files": _files(page, sum(len(one.files) for one in (*([plan] if plan else []), *earlier))),
        "facts": [*_facts(page)],
        "history": told,
        "more": f"{here}&before={before}" if before > 1 else None,
        "newest": here if asked.before else None,
        "asked_before": asked.before,
        "operator": house.operator,
        "mail": say.mail(house.contact),
        "phone": house.service_phone,
        "privacy_url": house.privacy_url or f"{call.prefix}/privacy#{locale}",
        "policy_url": f"{call.prefix}/policy?lang={locale}",
    }


# ---- what happens next, and by when ----------------------------------------------------------------------------------


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
    """By the stage; what is late is said, and so is what the last answer has led to."""
    key, answer = f"head.{page.view.stage}", page.answers.get(page.view.round - 1)
    if page.overdue:
        return f"{key}.overdue"
    why = "review" if answer and answer.asks_for_review else "objected" if answer and not answer.satisfied else ""
    return f"{key}.{why}" if why and page.say.knows(f"{key}.{why}") else key


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
    elif deadline and Action.ACCEPT_PLAN not in view.allowed:
        yield say("note.overdue" if page.overdue else "note.nothing")
    if view.outcome is Outcome.SATISFIED and view.answers and view.answers[-1].by == "staff":
        yield say("note.by_staff")


def _of_the_link(page: Page) -> Iterator["Markup | str"]:
    """What the link that was opened offers, and cannot be done now, or not any more."""
    view, say, answer = page.view, page.say, page.asked.answer
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


# ---- plans -----------------------------------------------------------------------------------------------------------


class ShownPlan(NamedTuple):
    """A plan as it is said; `nth` of those there were, with the consumer's answer and the files shown with it."""

    title: "Markup"
    said: dict[str, Any]
    within: str
    files: list[part_views.EvidenceView]
    answer: list["Markup | str"]
    opinion: str | None


def _shown(page: Page, plan: submissions.ResolutionPlan, title: "Markup", number: int | None = None) -> ShownPlan:
    """`number`: of the round, whose answer stands with it."""
    answer = page.answers.get(number) if number else None
    return ShownPlan(
        title,
        letters.proposal(plan, page.say.locale),
        page.say.period(plan.complete_within_days),
        [one for one in page.view.evidence if one.evidence_id in plan.evidence],
        _answered(answer, page.say) if answer else [],
        answer.opinion if answer else None,
    )


def _answered(answer: part_views.AnswerView, say: Speech) -> list["Markup | str"]:
    how = "accept" if answer.satisfied else "review" if answer.asks_for_review else "object"
    by_staff = [say("plan.answered.by_staff")] if answer.by == "staff" else []
    return [*by_staff, say(f"plan.answered.{how}", at=answer.at)]


def present_plan(page: Page) -> ShownPlan | None:
    """The plan of the present round, once there is one."""
    view = page.view
    if view.resolution_plan is None:
        return None
    kind = "agreed" if view.outcome is Outcome.SATISFIED else "adjusted" if len(view.plans) > 1 else None
    return _shown(page, view.resolution_plan, page.say(f"plan.title.{kind}" if kind else "plan.title"), view.round)


def earlier_plans(page: Page) -> Iterator[ShownPlan]:
    """Those that hold no more, the last one first."""
    for number, one in reversed([*enumerate(page.view.plans, 1)]):
        if not one.in_force:
            nth = spoken.ordinal(number, page.say.locale)
            yield _shown(page, one.plan, page.say("plan.earlier", nth=nth, at=one.proposed_at), one.round)


def _other_plan(entries: list[Any], page: Page) -> ShownPlan | None:
    """That of the complaint which is handled in the place of this one, as its consumer was told last."""
    found = (one.event.plan for one in entries if isinstance(one.event, events.OtherPlanProposed))
    plan = next(found, None) if page.view.merged_into else None
    return _shown(page, plan, page.say("plan.title.other")) if plan else None


def _review(page: Page) -> list["Markup"]:
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


def _reopening(page: Page) -> dict[str, Any]:
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


def _measure(one: part_views.MeasureView, now: datetime) -> Sentence:
    if one.done_at:
        return "measures.done", {"at": one.done_at}
    return "measures.late" if one.due_at <= now else "measures.due", {"due_at": one.due_at}


# ---- files, and what was told ----------------------------------------------------------------------------------------


def _files(page: Page, with_plans: int) -> dict[str, Any]:
    """The consumer's own, with those that are on their way. `most`: how many the page may list, with new ones, and with
    those that it lists with plans."""
    view, locale = page.view, page.say.locale
    taking = files.with_a_place(page.complaint, "consumer", page.now, page.policy)
    coming = [part_views.EvidenceView.of(one, locale) for one in taking if one.status == "offered"]
    own = [*(one for one in view.evidence if one.added_by == "consumer"), *coming]
    left = max(0, files.MOST_FILES - len(taking))
    return {
        "listed": own,
        "may_add": Action.ADD_EVIDENCE in view.allowed,
        "left": left,
        "most_in_all": files.MOST_FILES,
        "most": len(own) + with_plans + left,
        "largest": submissions.LARGEST_FILE,
        "types": TYPES,
        "faults": [(name, spoken.REFUSALS[name][locale]) for name in BROWSER_FAULTS],
        "refused": view.why_not[Action.ADD_EVIDENCE].detail if Action.ADD_EVIDENCE in view.why_not else None,
    }


def _facts(page: Page) -> Iterator[tuple[str, str, bool]]:
    """What was filed, but the description: a key, what is said, and whether the consumer typed it."""
    view, locale = page.view, page.say.locale
    yield "yours.order", view.order_number, True
    yield "yours.product", view.product_name, True
    yield "yours.category", spoken.CATEGORIES[view.category][locale], False
    if view.requested_remedy:
        yield "yours.remedy", spoken.REMEDIES[view.requested_remedy][locale], False
    yield "yours.filed", page.say.time(view.received_at), False
