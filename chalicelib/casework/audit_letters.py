"""Who is told of what becomes of an audit, its findings and who answers for them, and the words for it (6.3, 8.3).

Staff alone are; what anybody typed is in none of it, and what is told to all of staff names nobody.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.audit import audit as events
from chalicelib.domain.audit import decisions, standing
from chalicelib.domain.audit.audit import Audit, Finding, Stage
from chalicelib.domain.audit.evolution import numbered
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import AlarmRaised, Event
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import DutyRaised
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement
from chalicelib.domain.supervision.improvement import Improvement
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import NOBODY_IS_TOLD, PERSON, Row, Tells, person
from chalicelib.domain.vocabulary.spoken import SEVERITIES, called, spoken, spoken_date
from chalicelib.domain.vocabulary.terms import Locale

from . import report_letters, rules
from .commit import commit
from .posts import posts_to_person, posts_to_staff
from .records import Post, Telling
from .unreached import told_of
from .words import fill

OWNER = "finding_owner"
"""Whoever owns the finding by then; who that is, the record says."""
KINDS: Mapping[str, NoticeKind] = {
    "audit_drafted": NoticeKind(called("审计方案待批准", "稽核計畫待核准", "Audit to be approved")),
    "audit_approved": NoticeKind(called("审计方案批准", "稽核計畫核准", "Audit approved")),
    "audit_cancelled": NoticeKind(called("审计取消通知", "稽核取消通知", "Audit cancelled")),
    "audit_items": NoticeKind(called("审计检查任务", "稽核查核工作", "Items to examine")),
    "audit_item_open": NoticeKind(
        called("审计样本待指定检查人", "稽核樣本待指定查核人", "Item that nobody can examine")
    ),
    "audit_comments": NoticeKind(called("审计报告征求意见", "稽核報告徵詢意見", "Audit report open to comments")),
    "audit_commented": NoticeKind(called("审计报告待发布", "稽核報告待發布", "Audit report to be published")),
    "audit_published": NoticeKind(called("审计报告发布通知", "稽核報告發布通知", "Audit report published")),
    "audit_corrected": NoticeKind(called("审计报告更正通知", "稽核報告更正通知", "Audit report corrected")),
    "finding_raised": NoticeKind(called("审计发现整改通知", "稽核發現改善通知", "Finding to correct")),
    "finding_dropped": NoticeKind(called("审计发现撤销通知", "稽核發現撤銷通知", "Finding taken back")),
    "finding_waived": NoticeKind(called("审计发现暂缓整改通知", "稽核發現暫緩改善通知", "Finding waived for a time")),
    "finding_reopened": NoticeKind(called("审计发现重新整改通知", "稽核發現重新改善通知", "Finding open again")),
    "finding_done": NoticeKind(called("整改效果待验证", "改善成效待驗證", "Correction to be verified")),
    "finding_untold": NoticeKind(
        called("审计发现负责人未收到通知", "稽核發現負責人未收到通知", "Owner of a finding who was not reached")
    ),
    "finding_hearing": NoticeKind(called("审计发现陈述通知", "稽核發現陳述通知", "Finding to answer for")),
    "finding_to_decide": NoticeKind(called("审计发现责任待决定", "稽核發現責任待決定", "Hearing to be decided")),
    "finding_decided": NoticeKind(called("审计发现责任决定", "稽核發現責任決定", "Hearing decided")),
    "audit_due": NoticeKind(called("审计事项到期提醒", "稽核事項到期提醒", "Reminder of an audit")),
    "audit_late": NoticeKind(called("审计事项逾期", "稽核事項逾期", "Late in an audit")),
    **{kind: known for kind, known in report_letters.KINDS.items() if kind.startswith("measure_")},
}
ALL_OF_STAFF = tuple(role for role in Role if role in STAFF)


def auditors(event: events.SampleDrawn) -> tuple[str, ...]:
    """Whoever has something of it to examine, each once."""
    return tuple(person(name) for name in sorted({one.auditor for one in event.items if one.auditor}))


def auditor(event: Any) -> tuple[str, ...]:
    """Whoever has the item now."""
    name = event.item.auditor if isinstance(event, events.ItemPicked) else event.to
    return (person(name),) if name else ()


def owner(event: Any) -> tuple[str, ...]:
    """Whoever owns the finding that is named so, or owes what is due."""
    return (person(event.owner),) if event.owner else ()


def finding_owner(event: Any) -> tuple[str, ...]:
    """Whoever owns the finding by then."""
    return (OWNER,)


def answering(event: Any) -> tuple[str, ...]:
    """Whoever answers for it."""
    return (person(event.person),)


def commenting(event: events.AuditReported) -> tuple[str, ...]:
    """The departments that are audited, and the supervisor."""
    return (*event.departments, Role.SUPERVISOR)


def staff(event: Event) -> tuple[str, ...]:
    """Every department and role."""
    return ALL_OF_STAFF


_DUE = (Row(owner, "audit_due"), Row("told", "audit_due"))
_LATE = (Row(owner, "audit_late"), Row("told", "audit_late"))
TELLS: Tells = {
    events.AuditDrafted: (Row(Role.MANAGEMENT, "audit_drafted"),),
    events.AuditApproved: (Row(Role.AUDIT, "audit_approved"),),
    events.AuditRefused: (Row(Role.AUDIT, "audit_cancelled"),),
    events.AuditCancelled: (Row(Role.AUDIT, "audit_cancelled"), Row(Role.MANAGEMENT, "audit_cancelled")),
    events.SampleDrawn: (
        Row(auditors, "audit_items"),
        Row(Role.MANAGEMENT, "audit_item_open", lambda it: any(one.auditor is None for one in it.items)),
    ),
    events.ItemPicked: (
        Row(auditor, "audit_items"),
        Row(Role.MANAGEMENT, "audit_item_open", lambda it: it.item.auditor is None),
    ),
    events.ItemHandedOver: (
        Row(auditor, "audit_items"),
        Row(Role.MANAGEMENT, "audit_item_open", lambda it: it.to is None),
    ),
    events.ItemExamined: NOBODY_IS_TOLD,
    events.FindingRaised: (Row(owner, "finding_raised"),),
    events.FindingDropped: (Row(finding_owner, "finding_dropped"),),
    events.AuditReported: (Row(commenting, "audit_comments"),),
    events.AuditCommented: NOBODY_IS_TOLD,
    events.CommentsEnded: (Row(Role.AUDIT, "audit_commented"),),
    events.AuditPublished: (Row(staff, "audit_published"),),
    events.AuditCorrected: (Row(staff, "audit_corrected"),),
    events.CorrectionPlanned: NOBODY_IS_TOLD,
    events.CorrectionCompleted: (Row(Role.AUDIT, "finding_done"),),
    events.CorrectionVerified: (Row(finding_owner, "finding_reopened", lambda it: not it.effective),),
    events.FindingWaived: (Row(finding_owner, "finding_waived"),),
    events.WaiverExpired: (Row(finding_owner, "finding_reopened"),),
    events.FindingReassigned: (Row(owner, "finding_raised"),),
    events.FindingOwnerUnreachable: (Row(Role.SUPERVISOR, "finding_untold"), Row(Role.MANAGEMENT, "finding_untold")),
    events.AuditClosed: NOBODY_IS_TOLD,
    hearings.HearingOpened: (Row(answering, "finding_hearing"),),
    hearings.CaseStated: (Row(Role.MANAGEMENT, "finding_to_decide"),),
    hearings.HearingDecided: (Row(answering, "finding_decided"),),
    hearings.DecisionObjectedTo: (Row(Role.MANAGEMENT, "finding_to_decide"),),
    hearings.HearingEnded: (Row(Role.MANAGEMENT, "finding_to_decide", lambda it: it.clock is not None),),
    duties.DutyReminded: _DUE,
    duties.DutyMissed: _LATE,
    duties.DutyEscalated: _LATE,
    duties.DutyRecounted: NOBODY_IS_TOLD,
    **{event: rows for event, rows in report_letters.TELLS.items() if event in improvement.EVENTS},
}


def outdated(entry: Entry, state: Audit, kind: str) -> bool:
    """What is to be done has been done, or need not be any more."""
    over = OVER.get(kind)
    return over is not None and over(entry.event, state)


def _decided(event: Event, state: Audit) -> bool:
    return state.stage != Stage.DRAFT


def _examined(event: Any, state: Audit) -> bool:
    return state.stage not in (Stage.SAMPLED, Stage.FIELDWORK) or not standing.left(state)


def _named(event: Any, state: Audit) -> bool:
    return _examined(event, state) or all(one.auditor or one.examined_at for one in state.items)


def _answered(event: Any, state: Audit) -> bool:
    finding = state.finding(event.number)
    return finding is not None and finding.state in ("done", "closed", "dropped", "waived")


def _verified(event: Any, state: Audit) -> bool:
    finding = state.finding(event.number)
    return finding is not None and finding.state != "done"


def _spoken(event: Any, state: Audit) -> bool:
    hearing = hearings.of(state.hearings, event.number)
    return hearing is None or not hearing.waits_for_person


def _heard(event: Any, state: Audit) -> bool:
    hearing = hearings.of(state.hearings, event.number)
    return hearing is None or not hearing.waits_for_decision


def _met(event: DutyRaised, state: Audit) -> bool:
    return duties.named(state.duties, event.alarm.clock) is None


def _carried_out(event: Any, state: Audit) -> bool:
    one = improvement.about(state.measures, event)
    return one is not None and (one.done_at is not None or one not in standing.live_measures(state))


OVER: Mapping[str, Callable[[Any, Audit], bool]] = {
    "audit_drafted": _decided,
    "audit_items": _examined,
    "audit_item_open": _named,
    "audit_comments": lambda event, state: state.stage != Stage.DRAFT_REPORT,
    "audit_commented": lambda event, state: state.stage != Stage.COMMENTED,
    "finding_raised": _answered,
    "finding_reopened": _answered,
    "finding_untold": _answered,
    "finding_done": _verified,
    "finding_hearing": _spoken,
    "finding_to_decide": _heard,
    "audit_due": _met,
    "audit_late": _met,
    **dict.fromkeys((kind for kind in KINDS if kind.startswith("measure_")), _carried_out),
}
"""When what a notice asks for is over; any other is news."""


# ---- its words -------------------------------------------------------------------------------------------------------

OWED: Mapping[str, Mapping[Locale, str]] = {
    "comments": called("对审计报告提出意见", "對稽核報告提出意見", "comments on the audit report"),
    "finding": called("第{}项审计发现的整改", "第{}項稽核發現的改善", "the correction of finding {}"),
    "verification": called("第{}项审计发现的效果验证", "第{}項稽核發現的成效驗證", "the verification of finding {}"),
    "hearing": called("就第{}项审计发现作出陈述", "就第{}項稽核發現提出陳述", "the statement on finding {}"),
    "hearing_decision": called("第{}项审计发现的责任决定", "第{}項稽核發現的責任決定", "the decision on finding {}"),
    "hearing_objection": called("对第{}项决定的异议", "對第{}項決定的異議", "an objection on finding {}"),
}
"""What is due, by the names of clocks."""
MAY = frozenset({"comments", "hearing", "hearing_objection"})
"""What nobody owes: they may."""


def audit_name(state: Audit, locale: Locale) -> str:
    """ "Internal audit of Q4 2026"."""
    year, quarter = state.period[:4], state.period[5:]
    names = called(
        f"{year}年第{quarter}季度内部审计", f"{year}年第{quarter}季內部稽核", f"Internal audit of Q{quarter} {year}"
    )
    return names[locale]


def values(entry: Entry, state: Audit, audience: str, policy: Policy, locale: Locale) -> dict[str, Any]:
    """What the words of a notice are filled with."""
    event, zone = entry.event, policy.time_zone
    known: dict[str, Any] = {
        "audit_id": state.audit_id,
        "audit_name": audit_name(state, locale),
        "edition": str(len(state.editions)),
        "items": str(_items_of(audience, state)),
        "number": str(getattr(event, "number", "")),
        "due_at": spoken(due, locale, zone) if (due := _due(entry)) else None,
    }
    if isinstance(event, DutyRaised):
        of, number = numbered(event.alarm.clock)
        known |= {"owed": OWED[of][locale].format(number), "owner": event.owner or "", "may": of in MAY}
        known["owed"] = known["owed"][:1].upper() + known["owed"][1:] if locale == "en" else known["owed"]
    elif one := improvement.about(state.measures, event):
        known |= _of_measure(one, state, locale, zone)
    elif finding := state.finding(getattr(event, "number", None)):
        known |= _of_finding(finding, locale, policy)
    return known


def _items_of(audience: str, state: Audit) -> int:
    """How many are left to examine for whoever is told; of those that nobody has, for management."""
    name = audience.removeprefix(PERSON) if audience.startswith(PERSON) else None
    return sum(one.auditor == name for one in standing.left(state))


def _due(entry: Entry) -> datetime | None:
    clock, _ = entry.sets_clock
    if isinstance(entry.event, AlarmRaised) and clock is None:
        return entry.event.alarm.due_at
    return clock.due_at if clock else None


def _of_finding(one: Finding, locale: Locale, policy: Policy) -> dict[str, Any]:
    zone = policy.time_zone
    return {
        "severity": SEVERITIES[one.severity][locale],
        "clause": one.clause,
        "owner": one.owner,
        "repeats": one.repeats,
        "due": spoken(one.due_at, locale, zone) if one.due_at else None,
        "until": spoken_date(one.waived_until, locale) if one.waived_until else None,
        "verifiable_from": spoken_date(standing.verifiable_from(one, policy), locale) if one.done_at else None,
    }


def _of_measure(one: Improvement, state: Audit, locale: Locale, zone: str) -> dict[str, Any]:
    return {
        "report_name": audit_name(state, locale),
        "report_id": state.audit_id,
        "edition": None,
        "owner": one.owner,
        "moves": None,
        "due_at": spoken(one.due_at, locale, zone),
        "due_on": spoken_date(one.due, locale),
    }


def posts(matter: Matter[Audit], now: datetime) -> list[Post] | None:
    notice, state, _, entry = matter
    key, policy = notice.key, rules.in_force(now)
    locale = policy.staff_locale
    words = fill(key.kind, locale, **values(entry, state, key.audience, policy, locale))
    if key.audience == OWNER:
        finding = state.finding(getattr(entry.event, "number", None))
        return posts_to_person(notice, finding.owner, words, now) if finding else None
    return posts_to_staff(notice, words, now)


def unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """Whoever is to correct a finding, or to carry a measure out, was not reached: that is told, once for each
    notice."""
    to_somebody = notice.key.audience == OWNER or notice.key.audience.startswith(PERSON)
    if to_somebody and (told := told_of(notice, Audit)):
        state, event = told
        if entries := _untold(state, event, notice.key.seq, now):
            commit(state, entries, now, rules.in_force(now))


def _untold(state: Audit, event: Event, about: int, now: datetime) -> list[Entry]:
    if measure := improvement.about(state.measures, event):
        return decisions.measure_unreached(state, measure.number, about, now)
    if isinstance(event, DutyRaised):
        of, number = numbered(event.alarm.clock)
        return decisions.unreached(state, number or 0, about, now) if of == "finding" else []
    if isinstance(event, hearings.KINDS):
        return []
    return decisions.unreached(state, getattr(event, "number", 0), about, now)


TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=outdated,
    posts=posts,
    unreached=unreached,
    reached=lambda notice, now: None,
)
