"""Who is told of what becomes of a management review, and the words for it (6); its measures as those of reports.

Staff alone are; what anybody typed is in none of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import duties
from chalicelib.domain.supervision import improvement, management_review
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.management_review import ManagementReview, Stage
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import PERSON, Row, Tells
from chalicelib.domain.vocabulary.spoken import called, spoken, spoken_date, spoken_review
from chalicelib.domain.vocabulary.terms import Locale

from . import report_letters, rules
from .commit import commit
from .posts import posts_to_staff
from .records import Post, Telling
from .unreached import told_of
from .words import fill

KINDS: Mapping[str, NoticeKind] = {
    "review_prepared": NoticeKind(called("管理评审待召开", "管理審查待召開", "Management review to be held")),
    "review_reminder": NoticeKind(called("管理评审到期提醒", "管理審查到期提醒", "Reminder of a management review")),
    "review_late": NoticeKind(called("管理评审逾期", "管理審查逾期", "Late management review")),
    "review_held": NoticeKind(called("管理评审纪要通知", "管理審查紀錄通知", "Management review held")),
    **{kind: known for kind, known in report_letters.KINDS.items() if kind.startswith("measure_")},
}
TELLS: Tells = {
    management_review.ReviewPrepared: (Row(Role.MANAGEMENT, "review_prepared"), Row(Role.AUDIT, "review_prepared")),
    management_review.ReviewHeld: (Row(Role.MANAGEMENT, "review_held"), Row(Role.SUPERVISOR, "review_held")),
    duties.DutyReminded: (Row("told", "review_reminder"),),
    duties.DutyMissed: (Row("told", "review_late"),),
    duties.DutyEscalated: (Row("told", "review_late"),),
    **{event: rows for event, rows in report_letters.TELLS.items() if event in improvement.EVENTS},
}


def outdated(entry: Entry, state: ManagementReview, kind: str) -> bool:
    """What is to be done has been done."""
    if kind in ("review_prepared", "review_reminder", "review_late"):
        return state.stage != Stage.PREPARED
    one = improvement.about(state.measures, entry.event)
    return one is not None and one.done_at is not None


def values(entry: Entry, state: ManagementReview, locale: Locale, zone: str) -> dict[str, Any]:
    """What the words of a notice are filled with. `moves`: the figure that a measure is to move, "" for none."""
    one = improvement.about(state.measures, entry.event)
    name = spoken_review(state.half.first, locale)
    said = {
        "review_id": state.review_id,
        "review_name": name,
        "due_at": spoken(one.due_at if one else state.due_at, locale, zone),
        "measures": str(len(state.measures)),
    }
    if one is None:
        return said
    moves = definitions(locale)[one.moves].name if one.moves else ""
    return said | {
        "report_id": state.review_id,
        "report_name": name,
        "edition": "",
        "due_on": spoken_date(one.due, locale),
        "moves": moves,
        "number": str(one.number),
        "owner": one.owner,
    }


def posts(matter: Matter[ManagementReview], now: datetime) -> list[Post] | None:
    key, policy = matter.notice.key, rules.in_force(now)
    locale = policy.staff_locale
    words = fill(key.kind, locale, **values(matter.entry, matter.state, locale, policy.time_zone))
    return posts_to_staff(matter.notice, words, now)


def review_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """Whoever is to carry a measure out was not reached: the supervisor is told, once for each notice."""
    if notice.key.audience.startswith(PERSON) and (told := told_of(notice, ManagementReview)):
        state, event = told
        one = improvement.about(state.measures, event)
        if one and (entries := management_review.unreached(state, one.number, notice.key.seq, now)):
            commit(state, entries, now, rules.in_force(now))


TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=outdated,
    posts=posts,
    unreached=review_unreached,
    reached=lambda notice, now: None,
)
