"""What notices about no single complaint say: the morning digest, the end of the calendar, what colleagues left, how
many dangers there are more."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.adapters import alarms, places, queues
from chalicelib.adapters.places import Partition
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.domain.vocabulary.ladders import WHOSE
from chalicelib.domain.vocabulary.spoken import CATEGORIES, DEPARTMENTS, spoken, spoken_date
from chalicelib.domain.vocabulary.stages import STAGES, stage_name

from . import rules
from .leavers import named_in

LISTED = 10


def house_values(key: NoticeKey, now: datetime) -> dict[str, Any]:
    """The values of a notice of the house, in the language of staff."""
    return {"locale": rules.in_force(now).staff_locale} | HOUSE_KINDS[key.kind](key, now)


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


def day_of(key: NoticeKey) -> date:
    """The day a notice of the house is about: its `seq` read as 20261201."""
    return datetime.strptime(str(key.seq), "%Y%m%d").replace(tzinfo=UTC).date()


HOUSE_KINDS: Mapping[str, Callable[[NoticeKey, datetime], dict[str, Any]]] = {
    "digest": _digest,
    "calendar_warning": _calendar_warning,
    "returned": _returned,
    "safety_more": _safety_more,
}
