"""Who is told of what becomes of an amendment, and the words for it (8.1): every department, of all that it changes.

Staff alone are; consumers read the versions on their page. What anybody typed about an amendment is in none of it: what
is different is said by the house itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters import store
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance import decisions, wording
from chalicelib.domain.governance.amendment import Amendment, Stage
from chalicelib.domain.governance.changes import Difference
from chalicelib.domain.governance.wording import Worded
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import AlarmRaised, Event
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import NOBODY_IS_TOLD, Row, Tells
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.domain.vocabulary.spoken import AMENDED, beginning, called, spoken
from chalicelib.domain.vocabulary.terms import Locale

from . import documents, rules
from .commit import commit
from .posts import posts_to_person, posts_to_staff
from .records import Post, Telling
from .words import fill

AUTHOR = "author"
MOST = 60
"""Differences that a notice says one by one."""
KINDS: Mapping[str, NoticeKind] = {
    "amendment_submitted": NoticeKind(called("制度修改待审批", "制度修改待核准", "Amendment to be decided")),
    "amendment_returned": NoticeKind(called("制度修改退回", "制度修改退回", "Amendment returned")),
    "amendment_approved": NoticeKind(called("制度修改批准", "制度修改核准", "Amendment approved")),
    "policy_announced": NoticeKind(called("制度新版本公示", "制度新版本公告", "New version of the policy")),
    "operating_announced": NoticeKind(called("运营数据更新", "營運資料更新", "New operating data")),
    "policy_in_force": NoticeKind(called("制度新版本生效", "制度新版本生效", "Version in force")),
    "policy_withdrawn": NoticeKind(called("公示版本撤回", "公告版本撤回", "Version withdrawn")),
    "decision_reminder": NoticeKind(called("审批到期提醒", "核准到期提醒", "Reminder of a decision")),
    "decision_late": NoticeKind(called("审批逾期", "核准逾期", "Late decision")),
    "answers_reminder": NoticeKind(called("意见答复到期提醒", "意見答覆到期提醒", "Reminder of answers")),
    "answers_late": NoticeKind(called("意见答复逾期", "意見答覆逾期", "Late answers")),
    "author_untold": NoticeKind(called("起草人未收到通知", "起草人未收到通知", "Author who was not reached")),
}
ALL_OF_STAFF = tuple(role for role in Role if role in STAFF)


def author(event: Event) -> tuple[str, ...]:
    """Whoever drafted it; who that is, the record says."""
    return (AUTHOR,)


def staff(event: Event) -> tuple[str, ...]:
    """Every department and role (8.1)."""
    return ALL_OF_STAFF


TELLS: Tells = {
    governance.AmendmentDrafted: NOBODY_IS_TOLD,
    governance.AmendmentChanged: NOBODY_IS_TOLD,
    governance.ReplayStarted: NOBODY_IS_TOLD,
    governance.ReplayStalled: NOBODY_IS_TOLD,
    governance.ReplayFinished: NOBODY_IS_TOLD,
    governance.AmendmentSubmitted: (Row(Role.MANAGEMENT, "amendment_submitted"),),
    governance.AmendmentApproved: (Row(author, "amendment_approved"),),
    governance.AmendmentReturned: (Row(author, "amendment_returned"),),
    governance.AmendmentAnnounced: (
        Row(staff, "policy_announced", lambda it: it.document == "rules"),
        Row(staff, "operating_announced", lambda it: it.document == "operating"),
    ),
    governance.OpinionGiven: NOBODY_IS_TOLD,
    governance.OpinionAnswered: NOBODY_IS_TOLD,
    governance.OpinionErased: NOBODY_IS_TOLD,
    governance.AmendmentWithdrawn: (Row(staff, "policy_withdrawn", lambda it: it.number is not None),),
    governance.AmendmentTookEffect: (Row(staff, "policy_in_force", lambda it: it.document == "rules"),),
    governance.AmendmentSuperseded: NOBODY_IS_TOLD,
    governance.DecisionReminded: (Row("told", "decision_reminder"),),
    governance.DecisionLate: (Row("told", "decision_late"),),
    governance.AnswersReminded: (Row("told", "answers_reminder"),),
    governance.AnswersLate: (Row("told", "answers_late"),),
    governance.AuthorUnreachable: (Row(Role.SUPERVISOR, "author_untold"),),
}


def outdated(entry: Entry, state: Amendment, kind: str) -> bool:
    """It was decided, answered or withdrawn before anybody heard of it."""
    match kind:
        case "amendment_submitted" | "decision_reminder" | "decision_late":
            return state.stage != Stage.SUBMITTED
        case "answers_reminder" | "answers_late":
            return not state.unanswered
        case "policy_announced" | "operating_announced":
            return state.stage == Stage.WITHDRAWN
        case _:
            return False


# ---- its words -------------------------------------------------------------------------------------------------------


def values(entry: Entry, state: Amendment, audience: str, policy: Policy, locale: Locale) -> dict[str, Any]:
    """What the words of a notice are filled with, but for what is different."""
    event, zone = entry.event, policy.time_zone
    said: dict[str, Any] = {
        "amendment_id": state.amendment_id,
        "document": state.document,
        "document_name": AMENDED[state.document][locale],
        "unanswered": str(len(state.unanswered)),
        "author": state.author,
        "study_days": str(policy.study.due_working_days),
        "party": PARTIES[audience][locale] if audience in PARTIES else "",
    }
    if state.number and state.effective_from:
        said |= {"number": str(state.number), "effective_from": beginning(state.effective_from, locale, zone)}
    if isinstance(event, AlarmRaised):
        said["due_at"] = spoken(event.alarm.due_at, locale, zone)
    elif entry.enters and entry.enters.clock:
        said["due_at"] = spoken(entry.enters.clock.due_at, locale, zone)
    return said


def different(told: list[Worded], audience: str) -> dict[str, Any]:
    """What is different, in words: what concerns the audience, and the rest."""
    own = [one.words for one in told if audience in wording.concerned([Difference(*one[:3])])]
    rest = [one.words for one in told if one.words not in own]
    shown = (own + rest)[:MOST]
    return {
        "own": [words for words in shown if words in own],
        "rest": [words for words in shown if words not in own],
        "more": str(len(told) - len(shown)) if len(told) > len(shown) else None,
    }


TELLS_ALL = frozenset({"amendment_submitted", "policy_announced", "operating_announced", "policy_in_force"})
"""The notices that say what is different."""


def posts(matter: Matter[Amendment], now: datetime) -> list[Post] | None:
    notice, state, _, entry = matter
    key, policy = notice.key, rules.in_force(now)
    locale = policy.staff_locale
    said = values(entry, state, key.audience, policy, locale)
    if key.kind in TELLS_ALL:
        said |= different(wording.worded(*documents.of(state, now), locale), key.audience)
    words = fill(key.kind, locale, **said)
    if key.audience == AUTHOR:
        return posts_to_person(notice, state.author, words, now)
    return posts_to_staff(notice, words, now)


def author_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """The author was not reached: the supervisor is told, once for each notice."""
    found = store.load(notice.key.record, Amendment) if notice.key.audience == AUTHOR else None
    if found and (entries := decisions.unreached(found.state, notice.key.seq, now)):
        commit(found.state, entries, now, rules.in_force(now))


TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=outdated,
    posts=posts,
    unreached=author_unreached,
    reached=lambda notice, now: None,
)
