"""What a complaint's consumer reads of it, and everything they may do, as the template takes it.

No word stands here and no rule: the words are in `words/content.<locale>.json`, what may be done says the view.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.casework import read, rules
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import events, files, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.file_types import EXTENSIONS
from chalicelib.domain.vocabulary import spoken
from chalicelib.settings import settings
from chalicelib.web import languages, part_views, views
from chalicelib.web.door import Call

from . import acts, opinions, outlook, plans
from .history import history
from .page import privacy_page
from .piece import ContentQuery as ContentQuery
from .piece import Page
from .speech import Sentence, Speech

TYPES = ",".join(dict.fromkeys([*EXTENSIONS, *(f".{one}" for endings in EXTENSIONS.values() for one in endings)]))
BROWSER_FAULTS = ("too_large", "empty", "not_a_type_we_take", "too_many")
"""What is wrong with a file that a browser can know before it is sent."""


def content(case: Case[Complaint], call: Call, asked: ContentQuery) -> dict[str, Any]:
    """The values of the template."""
    complaint, now = case.state, call.now
    policy = rules.version(complaint.policy_version, now)
    locale = asked.lang or complaint.locale
    view = views.PublicView.at(case._replace(entries=[], cut=False), call.actor, now, policy, locale)
    say = Speech(locale, policy.time_zone)
    newest = read.last_page(case.entries)
    survey = part_views.SurveyView.of(complaint, call.actor, policy)
    page = Page(view, survey, complaint, policy, now, asked, say, newest)
    plan, earlier = plans.present(page), [*plans.earlier(page)]
    told = [*history(newest, complaint, say)]
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
        "head": say.tell(outlook.headline(page)),
        "notes": [*outlook.notes(page)],
        "safety": [one for one in told if one.kind == events.InterimMeasureTaken.__name__],
        "question": page.asked_now,
        "unanswered": complaint.awaited_request,
        "delivered": complaint.delivery and spoken.DELIVERY_STATUSES[complaint.delivery.update.status][locale],
        "forms": acts.forms(view, call.prefix, outlook.opened(page)),
        "plan": plan,
        "other_plan": plans.of_other(page),
        "earlier": earlier,
        "review": plans.review(page),
        "reopening": plans.reopening(page),
        "survey": survey,
        "steps": outlook.steps(page),
        "measures": [(one, say.tell(_measure(one, now))) for one in view.follow_ups],
        "files": _files(page, sum(len(one.files) for one in (*([plan] if plan else []), *earlier))),
        "amendments": [*opinions.asked(view.complaint_id, call.prefix, locale, now)],
        "facts": [*_facts(page)],
        "history": told,
        "more": f"{here}&before={before}" if before > 1 else None,
        "newest": here if asked.before else None,
        "operator": house.operator,
        "mail": say.mail(house.contact),
        "phone": house.service_phone,
        "privacy_url": privacy_page(call.prefix, locale),
        "policy_url": f"{call.prefix}/policy?lang={locale}",
    }


def _measure(one: part_views.MeasureView, now: datetime) -> Sentence:
    if one.done_at:
        return "measures.done", {"at": one.done_at}
    return "measures.late" if one.due_at <= now else "measures.due", {"due_at": one.due_at}


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
    if view.seller:
        yield "yours.seller", view.seller, True
    yield "yours.category", spoken.CATEGORIES[view.category][locale], False
    if view.requested_remedy:
        yield "yours.remedy", spoken.REMEDIES[view.requested_remedy][locale], False
    if money := view.amount_disputed:
        yield "yours.amount", spoken.money(money.value, money.currency, locale), False
    yield "yours.filed", page.say.time(view.received_at), False
