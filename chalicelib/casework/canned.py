"""Canned words: which are offered for a complaint, with what it says in their places, and how often they are used."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib import log
from chalicelib.adapters import canned
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Contact, Role
from chalicelib.domain.policy.canned import CannedWords
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

from . import rules

MOST_COUNTED = 20
"""Of one act."""


class Offered(NamedTuple):
    """Canned words as they stand in a text field: of a complaint."""

    id: str
    name: str
    text: str


def known(now: datetime) -> tuple[CannedWords, ...]:
    """All that are in force."""
    return rules.in_force(now).operating.canned_words


def offered(
    complaint: Complaint, contact: Contact | None, roles: Collection[Role], locale: Locale, now: datetime
) -> list[Offered]:
    """Those of the departments of whoever reads it, in a language. `contact`: as they may see it."""
    values = _values(complaint, contact, locale, now)
    theirs = (one for one in known(now) if one.department in roles and one.locale == locale)
    return [Offered(one.id, one.name, one.filled(values)) for one in theirs]


def count(ids: Iterable[str], now: datetime) -> None:
    """Some were used in something that has been done. What cannot be counted is not: no figure is worth an error."""
    there = {one.id for one in known(now)}
    counted = [one for one in ids if one in there][:MOST_COUNTED]
    if not counted:
        return
    try:
        canned.add(month_of(now), counted, now)
    except Exception:  # whatever it is, what was to be done is done
        log.fault("the use of canned words was not counted")


def used(month: str) -> Mapping[str, int]:
    """By id, how often they were used in a month ("2026-10")."""
    return canned.used(month)


def month_of(now: datetime) -> str:
    """In local time."""
    return f"{now.astimezone(rules.in_force(now).zone):%Y-%m}"


def _values(complaint: Complaint, contact: Contact | None, locale: Locale, now: datetime) -> Mapping[str, str | None]:
    ends = complaint.deadline
    return {
        "complaint_id": complaint.complaint_id,
        "order_number": complaint.order_number,
        "product_name": complaint.product_name,
        "consumer_name": contact.name if contact else None,
        "due_at": spoken.spoken(ends.due_at, locale, rules.in_force(now).time_zone) if ends else None,
        "assignee": complaint.assignee,
    }
