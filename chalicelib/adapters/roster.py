"""The members of departments, as the user pool knows them: who is on duty, whose turn it is, where their mail goes.

A member is who is in the group and whose account is enabled: whoever is not works here no more. Asked for at most once
a minute and container. An attribute `custom:duty` that is not "on" takes a member off duty, and so do the days of
`custom:absent`; `name` says what people call them.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from chalicelib import log
from chalicelib.domain.ground.people import Role, absences
from chalicelib.settings import settings

from .aws import client
from .items import house_key

TURNS, TAKEN = "turns", "/taken"  # no user name has a slash


class Member(NamedTuple):
    """`name`: that by which they sign in."""

    name: str
    email: str | None
    on_duty: bool
    absences: tuple[tuple[date, date], ...] = ()
    called: str | None = None

    def takes_turns(self, today: date) -> bool:
        """Whether new complaints are given to them; `today` is the day in China."""
        return self.on_duty and not any(first <= today <= last for first, last in self.absences)


def members(department: Role, now: datetime) -> tuple[Member, ...]:
    """The members of a department by name. Raises ClientError or BotoCoreError."""
    return _members(department, int(now.timestamp()) // 60)


@lru_cache(maxsize=16)
def _members(department: Role, minute: int) -> tuple[Member, ...]:
    pages = client("cognito-idp").get_paginator("list_users_in_group")
    found = []
    for page in pages.paginate(UserPoolId=_pool_id(), GroupName=department):
        for user in page["Users"]:
            known = {attribute["Name"]: attribute["Value"] for attribute in user.get("Attributes", ())}
            on_duty = known.get("custom:duty") == "on"
            if user.get("Enabled", True):
                absent = _absences(user["Username"], known.get("custom:absent", ""))
                found.append(Member(user["Username"], known.get("email"), on_duty, absent, known.get("name")))
    return tuple(sorted(found, key=lambda member: member.name))


def _absences(name: str, written: str) -> tuple[tuple[date, date], ...]:
    """None, where they are spelt as nobody can read them."""
    try:
        return absences(written) if written.strip() else ()
    except ValueError:
        log.note("dates of absence cannot be read", member=name)
        return ()


def member(department: Role, name: str, now: datetime) -> Member | None:
    """The member of a department of that name, or None. Raises ClientError or BotoCoreError."""
    return next((one for one in members(department, now) if one.name == name), None)


def email_of(username: str, now: datetime) -> str | None:
    """Where a member of staff reads mail; None if the pool does not know, or the account is disabled.

    Raises ClientError or BotoCoreError.
    """
    return _email_of(username, int(now.timestamp()) // 600)


@lru_cache(maxsize=256)
def _email_of(username: str, ten_minutes: int) -> str | None:
    cognito = client("cognito-idp")
    try:
        user = cognito.admin_get_user(UserPoolId=_pool_id(), Username=username)
    except cognito.exceptions.UserNotFoundException:
        return None
    if not user.get("Enabled", True):
        return None
    return next((one["Value"] for one in user["UserAttributes"] if one["Name"] == "email"), None)


class Turns(NamedTuple):
    """How many turns there have been, and which was the last of each member."""

    taken: int
    last: dict[str, int]


def turns() -> Turns:
    answer = client("dynamodb").get_item(TableName=settings().table, Key=house_key(TURNS), ConsistentRead=True)
    known = {name: int(value["N"]) for name, value in answer.get("Item", {}).items() if "N" in value}
    return Turns(known.pop(TAKEN, 0), known)


def take_turn(name: str, seen: Turns) -> bool:
    """It is this member's turn; False if somebody else has had one since `seen`."""
    dynamodb = client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=settings().table,
            Key=house_key(TURNS),
            UpdateExpression="SET #taken = :next, #name = :next",
            ConditionExpression="#taken = :seen" if seen.taken else "attribute_not_exists(#taken)",
            ExpressionAttributeNames={"#taken": TAKEN, "#name": name},
            ExpressionAttributeValues={
                ":next": {"N": str(seen.taken + 1)},
                **({":seen": {"N": str(seen.taken)}} if seen.taken else {}),
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _pool_id() -> str:
    return settings().issuer.rpartition("/")[2]


def forget() -> None:
    """Drop what is known, as a new container would."""
    _members.cache_clear()
    _email_of.cache_clear()
