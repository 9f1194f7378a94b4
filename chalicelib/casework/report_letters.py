"""Who is told of what becomes of a report and of the measures decided with it, and the words for it (6.1).

Staff alone are; what anybody typed is in none of it. A daily report tells nobody: it is there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.supervision import improvement, report
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.report import Report
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import NOBODY_IS_TOLD, PERSON, Row, Tells, person
from chalicelib.domain.vocabulary.spoken import called, spoken, spoken_date, spoken_period
from chalicelib.domain.vocabulary.terms import Locale

from . import rules
from .commit import commit
from .posts import posts_to_staff
from .records import Post, Telling
from .unreached import told_of
from .words import fill

KINDS: Mapping[str, NoticeKind] = {
    "report_computed": NoticeKind(called("报告待点评", "報告待講評", "Report to be commented")),
    "report_edition": NoticeKind(called("报告更新版", "報告更新版", "New edition of a report")),
    "report_issued": NoticeKind(called("报告发布通知", "報告發布通知", "Report issued")),
    "measure_given": NoticeKind(called("改进措施分派", "改善措施指派", "Improvement measure")),
    "measure_reminder": NoticeKind(called("改进措施到期提醒", "改善措施到期提醒", "Reminder of a measure")),
    "measure_late": NoticeKind(called("改进措施逾期", "改善措施逾期", "Late measure")),
    "measure_untold": NoticeKind(called("措施负责人未收到通知", "措施負責人未收到通知", "Owner who was not reached")),
}


def owner(event: Any) -> tuple[str, ...]:
    """Whoever is to carry the measure out."""
    return (person(event.owner),)


def _is_told_of(event: report.ReportComputed) -> bool:
    return event.period.kind != "daily"


TELLS: Tells = {
    report.ReportComputed: (
        Row(Role.SUPERVISOR, "report_computed", lambda it: _is_told_of(it) and it.edition == 1),
        Row(Role.SUPERVISOR, "report_edition", lambda it: _is_told_of(it) and it.edition > 1),
        Row(Role.MANAGEMENT, "report_edition", lambda it: _is_told_of(it) and it.edition > 1),
    ),
    report.ReportCommented: NOBODY_IS_TOLD,
    report.ReportIssued: (Row(Role.MANAGEMENT, "report_issued"), Row(Role.SUPERVISOR, "report_issued")),
    improvement.MeasureDecided: (Row(owner, "measure_given"),),
    improvement.MeasureFinished: NOBODY_IS_TOLD,
    improvement.MeasureReminded: (Row(owner, "measure_reminder"),),
    improvement.MeasureMissed: (Row(owner, "measure_late"), Row("told", "measure_late")),
    improvement.MeasureEscalated: (Row("told", "measure_late"),),
    improvement.OwnerUnreachable: (Row(Role.SUPERVISOR, "measure_untold"),),
}


def outdated(entry: Entry, state: Report, kind: str) -> bool:
    """What is to be done has been done."""
    one = improvement.about(state.measures, entry.event)
    return one is not None and one.done_at is not None


def values(entry: Entry, state: Report, locale: Locale, zone: str) -> dict[str, Any]:
    """What the words of a notice are filled with."""
    one = improvement.about(state.measures, entry.event)
    said = {
        "report_id": state.report_id,
        "report_name": spoken_period(state.period.kind, state.period.first, locale),
        "edition": str(state.edition),
        "measures": str(len(state.measures)),
    }
    if one is None:
        return said
    due = {"due_at": spoken(one.due_at, locale, zone), "due_on": spoken_date(one.due, locale)}
    moves = {"moves": definitions(locale)[one.moves].name if one.moves else None}
    return said | due | moves | {"number": str(one.number), "owner": one.owner}


def posts(matter: Matter[Report], now: datetime) -> list[Post] | None:
    key, policy = matter.notice.key, rules.in_force(now)
    locale = policy.staff_locale
    words = fill(key.kind, locale, **values(matter.entry, matter.state, locale, policy.time_zone))
    return posts_to_staff(matter.notice, words, now)


def report_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """Whoever is to carry a measure out was not reached: the supervisor is told, once for each notice."""
    if notice.key.audience.startswith(PERSON) and (told := told_of(notice, Report)):
        state, event = told
        one = improvement.about(state.measures, event)
        if one and (entries := report.unreached(state, one.number, notice.key.seq, now)):
            commit(state, entries, now, rules.in_force(now))


TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=outdated,
    posts=posts,
    unreached=report_unreached,
    reached=lambda notice, now: None,
)
