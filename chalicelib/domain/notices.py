"""Who is told of what: one table. Every kind of event has a row, or an explicit nobody; a test checks it."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from .artefacts import Locale
from .events import KINDS, Event

Audience = Literal["consumer"]
Channel = Literal["email"]

NOBODY: tuple["Row", ...] = ()


class Row(NamedTuple):
    """A notice of `kind` (a folder of words in `notices/`) goes to `audience` by `channel`."""

    audience: Audience
    kind: str
    channel: Channel


TABLE: dict[str, tuple[Row, ...]] = {
    "ComplaintFiled": (Row("consumer", "receipt", "email"),),
    "ComplaintAcknowledged": NOBODY,
    "InvestigationReported": NOBODY,
    "PlanProposed": NOBODY,
    "PlanAccepted": NOBODY,
    "PlanObjectedTo": NOBODY,
    "ComplaintAssigned": NOBODY,
    "NoteAdded": NOBODY,
    "ReminderRaised": NOBODY,
    "DeadlineMissed": NOBODY,
    "Escalated": NOBODY,
    "ComplaintLapsed": NOBODY,
    "DeadlineMoved": NOBODY,
}

if silent := set(KINDS) ^ set(TABLE):
    raise ValueError(f"each kind of event says who is told of it, these do not fit: {sorted(silent)}")


class NoticeKey(NamedTuple):
    """What makes a notice that one notice, however often it is asked for: event, audience, kind and channel."""

    complaint_id: str
    seq: int
    audience: str
    kind: str
    channel: str


def notices_of(event: Event) -> list[NoticeKey]:
    """The notices an event leads to."""
    return [NoticeKey(event.complaint_id, event.seq, *row) for row in TABLE[event.kind]]


WEEKDAYS = {
    "zh-CN": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "zh-TW": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def spoken(moment: datetime, locale: Locale, zone: str) -> str:
    """A moment in words people use, in local time; midnight is 24:00 of the day that ends with it."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if clock == "00:00":
        local, clock = local - timedelta(days=1), "24:00"
    weekday = WEEKDAYS[locale][local.weekday()]
    if locale == "en":
        return f"{clock} on {weekday}, {local.day} {MONTHS[local.month - 1]} {local.year} (China time)"
    return f"{local.year}年{local.month}月{local.day}日（{weekday}）{clock}"
