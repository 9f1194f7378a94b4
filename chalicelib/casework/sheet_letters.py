"""Who is told of what becomes of an appraisal sheet, and the words for it (6.2).

No figure and no word of anybody is in a notice: it says that there is something to read, and until when. Whose it is
stands only where supervisors are told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters import store
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import AlarmRaised
from chalicelib.domain.policy import duties
from chalicelib.domain.supervision import sheet
from chalicelib.domain.supervision.sheet import Sheet, Stage
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import PERSON, Row, Tells, person
from chalicelib.domain.vocabulary.spoken import called, spoken
from chalicelib.domain.vocabulary.terms import Locale

from . import rules
from .commit import commit
from .posts import posts_to_staff
from .records import Post, Telling
from .words import fill

KINDS: Mapping[str, NoticeKind] = {
    "sheet_shown": NoticeKind(called("考核表待本人阅看", "考核表待本人閱覽", "Sheet to be read by the person")),
    "sheet_reminder": NoticeKind(called("考核表异议期限提醒", "考核表異議期限提醒", "Reminder to comment on a sheet")),
    "sheet_contested": NoticeKind(called("考核表异议", "考核表異議", "Contested sheet")),
    "sheet_answer_reminder": NoticeKind(called("异议答复提醒", "異議答覆提醒", "Reminder to answer for a sheet")),
    "sheet_answer_late": NoticeKind(called("异议答复逾期", "異議答覆逾期", "Late answer for a sheet")),
    "sheet_answered": NoticeKind(called("考核表异议答复", "考核表異議答覆", "Answer to what was contested")),
    "sheet_final": NoticeKind(called("考核表定稿通知", "考核表定稿通知", "Final sheet")),
    "sheet_untold": NoticeKind(called("本人未收到考核表通知", "本人未收到考核表通知", "Person who was not reached")),
}


def its_person(event: Any) -> tuple[str, ...]:
    """Whose sheet it is."""
    return (person(event.person),)


def owner(event: Any) -> tuple[str, ...]:
    """Who of staff owes it, if it is one person's to do."""
    return (person(event.owner),) if event.owner else ()


def _is_owned(event: Any) -> bool:
    return event.owner is not None


TELLS: Tells = {
    sheet.SheetShown: (Row(its_person, "sheet_shown", lambda it: not it.left),),
    sheet.SheetCommented: (Row(Role.SUPERVISOR, "sheet_contested", lambda it: bool(it.contested)),),
    sheet.SheetAnswered: (Row(its_person, "sheet_answered"),),
    sheet.SheetCommentsEnded: (Row(its_person, "sheet_final"),),
    sheet.SheetPersonUnreachable: (Row(Role.SUPERVISOR, "sheet_untold"),),
    duties.DutyReminded: (
        Row(owner, "sheet_reminder", _is_owned),
        Row("told", "sheet_answer_reminder", lambda it: not _is_owned(it)),
    ),
    duties.DutyMissed: (Row("told", "sheet_answer_late"),),
    duties.DutyEscalated: (Row("told", "sheet_answer_late"),),
}


def outdated(entry: Entry, state: Sheet, kind: str) -> bool:
    """It was answered, or is over."""
    match kind:
        case "sheet_shown" | "sheet_reminder":
            return state.comments_until is None
        case "sheet_contested" | "sheet_answer_reminder" | "sheet_answer_late":
            return not state.unanswered
        case "sheet_final":
            return state.stage != Stage.FINAL
        case _:
            return False


def values(entry: Entry, state: Sheet, locale: Locale, zone: str) -> dict[str, Any]:
    """What the words of a notice are filled with."""
    said: dict[str, Any] = {
        "sheet_id": state.sheet_id,
        "person": state.person,
        "year": state.quarter[:4],
        "quarter": state.quarter[-1],
        "contested": str(len(state.unanswered)),
        "due_at": None,
    }
    event, clock = entry.event, entry.sets_clock[0]
    if isinstance(event, AlarmRaised):
        said["due_at"] = spoken(event.alarm.due_at, locale, zone)
    elif clock:
        said["due_at"] = spoken(clock.due_at, locale, zone)
    elif owed := duties.named(state.duties, sheet.ANSWERS):
        said["due_at"] = spoken(owed.due_at, locale, zone)
    return said


def posts(matter: Matter[Sheet], now: datetime) -> list[Post] | None:
    key, policy = matter.notice.key, rules.in_force(now)
    locale = policy.staff_locale
    words = fill(key.kind, locale, **values(matter.entry, matter.state, locale, policy.time_zone))
    return posts_to_staff(matter.notice, words, now) or []  # no address: not reached, and somebody has to tell them


def person_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """The person was not reached: the supervisor is told, once for each notice."""
    found = store.load(notice.key.record, Sheet) if notice.key.audience.startswith(PERSON) else None
    if found and (entries := sheet.unreached(found.state, notice.key.seq, now)):
        commit(found.state, entries, now, rules.in_force(now))


TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=outdated,
    posts=posts,
    unreached=person_unreached,
    reached=lambda notice, now: None,
)
