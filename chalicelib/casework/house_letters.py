"""What notices about no single complaint say: the morning digest, the end of the calendar, what colleagues left, how
many dangers there are more, of what there are more complaints than usual, what got worse, what is to be studied or to
be learnt, what of the policy is to be looked at again, and which shops do not hear from us."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.adapters import alarms, places, queues
from chalicelib.adapters.places import Partition
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.governance.reviews import TOO_MANY_BREACHES, TOO_MANY_FINDINGS
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.training import Training
from chalicelib.domain.supervision.worse import worse
from chalicelib.domain.telling.kinds import (
    AUDIT_LEFT,
    AUDIT_MISSING,
    REVIEW_CALLED,
    REVIEW_DUE,
    REVIEW_FINDINGS,
    REVIEW_LATE,
    TO_REVIEW,
    WEBHOOK_DISABLED,
    WEBHOOK_GIVEN_UP,
)
from chalicelib.domain.telling.notices import PERSON, NoticeKey
from chalicelib.domain.vocabulary.ladders import WHOSE
from chalicelib.domain.vocabulary.spoken import (
    CATEGORIES,
    DEPARTMENTS,
    RISES,
    STAFF_STAGES,
    TRAINING_TOPICS,
    called,
    figure,
    spoken,
    spoken_date,
    spoken_period,
)
from chalicelib.domain.vocabulary.stages import STAGES, stage_name
from chalicelib.domain.vocabulary.terms import Locale

from . import audit_rounds, got_worse, interpretations, rising, rules, study_rounds, training, webhook_letters
from .leavers import named_in

LISTED = 10
MOST_CASES = 50
WAITS_FOR = {"handler": Role.CUSTOMER_SERVICE}


def house_values(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """The values of a notice of the house, in the language of staff; None: there is nothing to say of it any more."""
    values = HOUSE_KINDS[key.kind](key, now)
    return None if values is None else {"locale": rules.in_force(now).staff_locale} | values


def _digest(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """What a department has to do today and should have done before, read by due time; the rest is not read."""
    policy, department = rules.in_force(now), Role(key.audience)
    today = day_of(key)
    ends = datetime.combine(today + timedelta(days=1), time.min, policy.zone).astimezone(UTC)
    found = [
        summary
        for summary in queues.queue(work_of(department, policy), " ", f"{written(ends)}~", 100)
        if summary.deadline
    ]
    listed = [
        {
            "complaint_id": summary.complaint_id,
            "category_name": CATEGORIES[summary.category][policy.staff_locale],
            "stage_name": stage_name(summary.stage, summary.outcome, policy.staff_locale, to_staff=True),
            "due_at": spoken(summary.deadline.due_at, policy.staff_locale, policy.time_zone),
        }
        for summary in found[:LISTED]
        if summary.deadline
    ]
    overdue = sum(summary.overdue(now) for summary in found)
    return {
        "department_name": DEPARTMENTS[department][policy.staff_locale],
        "date": spoken_date(today, policy.staff_locale),
        "due_today": len(found) - overdue,
        "overdue": overdue,
        "oldest": listed,
        "more": len(found) - len(listed),
    }


def work_of(department: Role, policy: Policy) -> list[Partition]:
    """The stages it is late in if nothing happens, and its tasks: what it is asked, or has to read and to do."""
    stages = [
        places.queue_of(facts.responsible, stage)
        for stage, facts in STAGES.items()
        if facts.open
        and facts.responsible == department
        and any(rung.kind == "breach" for rung in policy.ladders[stage])
    ]
    return [*stages, *(places.queue_of_tasks(department, task) for task, whose in WHOSE.items() if department in whose)]


def _calendar_warning(key: NoticeKey, now: datetime) -> dict[str, Any]:
    policy = rules.in_force(now)
    ends = date(policy.calendar.last_year, 12, 31)
    return {
        "country": policy.country,
        "last_day": spoken_date(ends, policy.staff_locale),
        "days_left": (ends - day_of(key)).days,
    }


def _returned(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """Who left, and what they had: so many of each are named."""
    return {
        "left": [
            {"name": name, "held": len(those), "complaints": those[:LISTED], "more": max(0, len(those) - LISTED)}
            for name, those in named_in(key.seq).items()
        ]
    }


def _safety_more(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """How many were not told one by one, and how much stands in the queues where they are."""
    policy = rules.in_force(now)
    departments = [one for one in WHOSE["safety"] if one == key.audience] or WHOSE["safety"]
    until = datetime.strptime(str(key.seq), "%Y%m%d%H%M").replace(tzinfo=UTC)
    return {
        "number": alarms.counted(key),
        "until": spoken(until, policy.staff_locale, policy.time_zone),
        "queues": [
            {
                "department_name": DEPARTMENTS[department][policy.staff_locale],
                "open": queues.number_in(places.queue_of_tasks(department, "safety")),
            }
            for department in departments
        ],
    }


def _rising(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """Of what there are more complaints than usual, the greatest first. It is not named, which somebody typed, but for
    a cause: its complaints say what it is."""
    policy, monday = rules.in_force(now), day_of(key)
    watch = rising.kept(monday)
    alarms = watch.alarms if watch else ()
    return {
        **_week(monday, policy.staff_locale),
        "number": len(alarms),
        "alarms": [
            {
                "what": RISES[one.watched][policy.staff_locale].format(_cause(one.name, policy)),
                "number": one.number,
                "since": spoken_date(one.since, policy.staff_locale),
                "usual": _usual(one.usual, policy.staff_locale),
                "complaints": one.cases[:MOST_CASES],
                "more": max(0, len(one.cases) - MOST_CASES),
            }
            for one in alarms[:LISTED]
        ],
        "more": max(0, len(alarms) - LISTED),
    }


def _cause(code: str, policy: Policy) -> str:
    known = policy.operating.causes.get(code)
    return known.names[policy.staff_locale] if known else code


FEW: Mapping[Locale, str] = called("不到1", "不到1", "fewer than 1")


def _usual(number: float, locale: Locale) -> str:
    """As people say it: fewer than 1, 1.5, 12."""
    return FEW[locale] if number < 1 else f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def _got_worse(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """Which figures of the week are worse than those of the week before, by its report."""
    policy, monday = rules.in_force(now), day_of(key)
    locale, report = policy.staff_locale, got_worse.report_of(monday)
    names = definitions(locale)
    return {
        **_week(monday, locale),
        "report_id": report.report_id,
        "worse": [
            {
                "name": names[one.measure].name,
                "now": figure(one.now.value or 0, one.now.unit, locale),
                "n": one.now.n,
                "before": figure(one.before.value or 0, one.before.unit, locale),
                "n_before": one.before.n,
            }
            for one in worse(report)
        ],
        "bottleneck": report.bottleneck
        and {
            "stage_name": STAFF_STAGES[report.bottleneck.stage][locale],
            "waits_for": DEPARTMENTS[WAITS_FOR.get(report.bottleneck.waits_for, report.bottleneck.waits_for)][locale],
            "share": figure(report.bottleneck.share, "share", locale),
        },
    }


def _study_owed(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """What one of staff has still to study, and by when."""
    owed = study_rounds.owed(key.audience.removeprefix(PERSON), now)
    policy = rules.in_force(now)
    listed = [_owed(one, policy) for one in owed]
    return {"owed": listed, "questions": policy.study.questions, "tries": policy.study.tries_a_day} if owed else None


def _unstudied(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """Who has not studied what was due, the longest late first; so many are named."""
    late = [one for one in study_rounds.everybody(now) if one.state == "overdue" and one.due_at]
    late.sort(key=lambda one: (str(one.due_at), one.known.person))
    policy = rules.in_force(now)
    listed = [_owed(one, policy) for one in late[:LISTED]]
    return {"number": len(late), "late": listed, "more": len(late) - len(listed)} if late else None


def _owed(one: study_rounds.Standing, policy: Policy) -> dict[str, Any]:
    due = spoken(one.due_at, policy.staff_locale, policy.time_zone) if one.due_at else ""
    return {"name": one.known.person, "version": one.version, "due_at": due, "late": one.state == "overdue"}


def _training_owed(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """What somebody is to do, the soonest due first; what gave rise to it stands in the list, which they read."""
    owed, policy = training.owed(key.audience.removeprefix(PERSON)), rules.in_force(now)
    return {"owed": [_taught(one, policy, now) for one in owed]} if owed else None


def _training_late(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """What was not done in time, by name; so many are named."""
    return _trainings(training.late(now), now)


def _training_to_confirm(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    return _trainings(training.to_confirm(), now)


def _trainings(found: Sequence[Training], now: datetime) -> dict[str, Any] | None:
    policy, more = rules.in_force(now), max(0, len(found) - LISTED)
    listed = [_taught(one, policy, now) for one in found[:LISTED]]
    return {"number": len(found), "listed": listed, "more": more} if found else None


def _taught(one: Training, policy: Policy, now: datetime) -> dict[str, Any]:
    due = spoken(one.due_at, policy.staff_locale, policy.time_zone)
    topic = TRAINING_TOPICS[one.topic][policy.staff_locale]
    return {"name": one.person, "topic": topic, "due_at": due, "late": one.is_late(now)}


def _interpretations_to_review(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """Which are to be looked at with the version that was announced; as few as are left by now, if any are."""
    found = interpretations.to_review(min(key.seq, interpretations.latest_now(now)))
    if not found:
        return None
    return {
        "policy_version": key.seq,
        "number": len(found),
        "listed": [{"number": one.number, "clause": one.clause} for one in found[:LISTED]],
        "more": max(0, len(found) - LISTED),
    }


def _policy_review(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """By when; the number of the notice begins with that day."""
    return {"due_on": spoken_date(_day(str(key.seq)[:8]), rules.in_force(now).staff_locale)}


def _policy_review_due(key: NoticeKey, now: datetime) -> dict[str, Any]:
    return {**_policy_review(key, now), "months": rules.in_force(now).amendments.review_months}


def _policy_review_called(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """The two months, of which the number of the notice ends with the later."""
    locale, later = rules.in_force(now).staff_locale, _day(f"{str(key.seq)[8:]}01")
    return {
        **_policy_review(key, now),
        "earlier_report": spoken_period("monthly", (later - timedelta(days=1)).replace(day=1), locale),
        "later_report": spoken_period("monthly", later, locale),
        "most": TOO_MANY_BREACHES,
    }


def _policy_review_findings(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """The clause, of which the number of the notice ends with the place among all."""
    return {**_policy_review(key, now), "clause": CLAUSES[int(str(key.seq)[8:])], "most": TOO_MANY_FINDINGS}


def _audit_missing(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """Which quarter has none: the number of the notice is 20263 for its third."""
    year, quarter = divmod(key.seq, 10)
    return {"year": str(year), "quarter": str(quarter)}


def _audit_left(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """Who left, and what they were to do in audits: so much of each is named."""
    return {
        "left": [
            {"name": name, "number": len(those), "owed": those[:LISTED], "more": max(0, len(those) - LISTED)}
            for name, those in audit_rounds.left_by(key.seq).items()
        ]
    }


def _week(monday: date, locale: Locale) -> dict[str, str]:
    return {
        "first_day": spoken_date(monday, locale),
        "last_day": spoken_date(monday + timedelta(days=6), locale),
    }


def day_of(key: NoticeKey) -> date:
    """The day a notice of the house is about: its `seq` read as 20261201."""
    return _day(str(key.seq))


def _day(written: str) -> date:
    return datetime.strptime(written, "%Y%m%d").replace(tzinfo=UTC).date()


HOUSE_KINDS: Mapping[str, Callable[[NoticeKey, datetime], dict[str, Any] | None]] = {
    "digest": _digest,
    "calendar_warning": _calendar_warning,
    "returned": _returned,
    "safety_more": _safety_more,
    "rising": _rising,
    "got_worse": _got_worse,
    "study_asked": _study_owed,
    "study_reminder": _study_owed,
    "unstudied": _unstudied,
    "training_given": _training_owed,
    "training_reminder": _training_owed,
    "training_late": _training_late,
    "training_to_confirm": _training_to_confirm,
    TO_REVIEW: _interpretations_to_review,
    REVIEW_DUE: _policy_review_due,
    REVIEW_CALLED: _policy_review_called,
    REVIEW_FINDINGS: _policy_review_findings,
    REVIEW_LATE: _policy_review,
    AUDIT_MISSING: _audit_missing,
    AUDIT_LEFT: _audit_left,
    WEBHOOK_GIVEN_UP: webhook_letters.given_up,
    WEBHOOK_DISABLED: webhook_letters.disabled,
}
