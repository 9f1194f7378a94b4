"""How far staff have come with the versions of the policy (8.2), and since when each has been in their departments.

One item a version and person, `STUDY#2` / the user name: a thousand people on one morning wait for nobody. It is JSON,
and a number that each change counts, on condition that nobody else changed it since: so a try is counted once. The
items of a version are one partition, which the list of who has not reads as a whole.

One item a person, in the partition `STAFF`, which the round writes that looks at who works here.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.governance.study import Study
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.settings import settings

from . import store
from .aws import client
from .items import Idempotency, Item

NAME = "study"
"""What an idempotency key names that answered a quiz, in the place of a record; and which try it was."""
STAFF = "STAFF"


class Known(NamedTuple):
    """Somebody of staff: their groups, and since when they have been in all of these."""

    person: str
    groups: tuple[Role, ...]
    since: datetime


def of(version: int, person: str) -> Study | None:
    """How far somebody has come. One round trip."""
    found = client("dynamodb").get_item(TableName=settings().table, Key=_key(version, person), ConsistentRead=True)
    return _as_study(found["Item"]) if "Item" in found else None


def of_person(person: str, versions: Iterable[int]) -> tuple[dict[int, Study], Known | None]:
    """By version, how far somebody has come with each, and what is known of them. One round trip."""
    found = store.get_all([_staff_key(person), *(_key(version, person) for version in versions)])
    studied = (_as_study(item) for item in found if "study" in item)
    return {one.version: one for one in studied}, next((_as_known(item) for item in found if "groups" in item), None)


def keep(study: Study, now: datetime, idempotency: Idempotency | None = None) -> None:
    """Stores the next edition of a study in one round trip, and with it that a request was its last try.

    Raises Stale if anybody has stored that edition before, or the same request was made before.
    """
    put = {
        "TableName": settings().table,
        "Item": {
            **_key(study.version, study.person),
            "study": {"S": study.model_dump_json(exclude_none=True)},
            "edition": {"N": str(study.edition)},
        },
        "ConditionExpression": "edition = :before" if study.edition > 1 else "attribute_not_exists(pk)",
    }
    if study.edition > 1:
        put["ExpressionAttributeValues"] = {":before": {"N": str(study.edition - 1)}}
    if idempotency:
        store.transact([{"Put": put}, store.once(idempotency, NAME, study.tried, 0, now)])
        return
    dynamodb = client("dynamodb")
    try:
        dynamodb.put_item(**put)
    except dynamodb.exceptions.ConditionalCheckFailedException as fault:
        raise Stale("changed_meanwhile") from fault


def confirmed(version: int, people: Iterable[str], department: Role) -> set[str]:
    """Who of them has studied a version for a department. One round trip for a hundred."""
    found = map(_as_study, store.get_all([_key(version, one) for one in people]))
    return {one.person for one in found if one.confirmed({department})}


def standing(version: int, people: Collection[str]) -> tuple[dict[str, Study], dict[str, Known]]:
    """By name, how far these have come with a version, and who of them is known to work here. One round trip for
    fifty."""
    wanted = [key for one in people for key in (_key(version, one), _staff_key(one))]
    found = store.get_all(wanted) if wanted else []
    studied = (_as_study(item) for item in found if "study" in item)
    known = (_as_known(item) for item in found if "groups" in item)
    return {one.person: one for one in studied}, {one.person: one for one in known}


def all_of(version: int) -> dict[str, Study]:
    """By person, how far each has come with a version. One round trip a megabyte."""
    found = (_as_study(item) for item in _partition(f"STUDY#{version}"))
    return {one.person: one for one in found}


def staff() -> dict[str, Known]:
    """By name, everybody who is known to work here."""
    return {one.person: one for one in map(_as_known, _partition(STAFF))}


def known(person: str) -> Known | None:
    """The same of one person. One round trip."""
    found = client("dynamodb").get_item(TableName=settings().table, Key=_staff_key(person), ConsistentRead=True)
    return _as_known(found["Item"]) if "Item" in found else None


def note(changed: Iterable[Known]) -> None:
    """Writes down who came, or in which departments they are now. One round trip each."""
    for one in changed:
        item = {"groups": {"S": json.dumps(one.groups)}, "since": {"S": written(one.since)}}
        client("dynamodb").put_item(TableName=settings().table, Item={**_staff_key(one.person), **item})


def strike(gone: Iterable[str]) -> None:
    """Whoever left is on no list any more; what they studied stays."""
    for person in gone:
        client("dynamodb").delete_item(TableName=settings().table, Key=_staff_key(person))


def _partition(name: str) -> Iterable[Item]:
    return store.query(
        KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": name}}, ConsistentRead=True
    )


def _as_study(item: Item) -> Study:
    return Study.model_validate_json(item["study"]["S"])


def _as_known(item: Item) -> Known:
    groups = [Role(one) for one in json.loads(item["groups"]["S"])]
    return Known(item["sk"]["S"], tuple(groups), datetime.fromisoformat(item["since"]["S"]))


def _key(version: int, person: str) -> Item:
    return {"pk": {"S": f"STUDY#{version}"}, "sk": {"S": person}}


def _staff_key(person: str) -> Item:
    return {"pk": {"S": STAFF}, "sk": {"S": person}}
