"""Who is in a department, and on duty: whom something can be given to."""

from datetime import datetime
from typing import NamedTuple

from chalicelib import log
from chalicelib.adapters import roster
from chalicelib.domain.ground.people import Role

from . import rules


class Colleague(NamedTuple):
    """`name`: that by which they sign in; `called`: what people call them. `takes_turns`: they are on duty and not
    away today, so new complaints are given to them."""

    name: str
    called: str | None
    on_duty: bool
    takes_turns: bool


def colleagues(department: Role, now: datetime) -> list[Colleague]:
    """The members of a department by name, known for a minute. Raises ClientError or BotoCoreError."""
    today = now.astimezone(rules.in_force(now).zone).date()
    members = roster.members(department, now)
    return [Colleague(one.name, one.called, one.on_duty, one.takes_turns(today)) for one in members]


def to_choose_from(department: Role, now: datetime) -> list[Colleague]:
    """The same; nobody, if the user pool does not answer, and a page that names them beside its work opens still."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return colleagues(department, now)
    except (BotoCoreError, ClientError):
        log.fault("the user pool did not say who works here")
        return []
