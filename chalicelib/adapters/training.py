"""The training list (6.2): an item a training, all in one partition, by person.

`TRAINING` / `cs.lin/conduct-20261128`: some hundreds a year, so that the list is read as a whole. It is JSON, with the
number of its edition: it is put where there is none, or in the place of the edition before. What is known of what
staff did lately lies in the bucket of figures, `training/recent.json.gz`: added up from lines, and made anew from them.
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.supervision.recent import Recent
from chalicelib.domain.supervision.training import Training
from chalicelib.settings import settings

from . import figures, store
from .aws import client
from .figures import Found
from .items import Idempotency, Item

TRAINING = "TRAINING"
BY_PERSON = "/"  # no user name has one
RECENT = "training/recent.json.gz"


def put(one: Training, now: datetime, idempotency: Idempotency | None = None) -> None:
    """Raises Stale where somebody else was faster, or the request had been done."""
    condition: Item = {"ConditionExpression": "attribute_not_exists(pk)"}
    if one.edition > 1:
        seen = {":seen": {"N": str(one.edition - 1)}}
        condition = {"ConditionExpression": "edition = :seen", "ExpressionAttributeValues": seen}
    written = {"training": {"S": one.model_dump_json(exclude_none=True)}, "edition": {"N": str(one.edition)}}
    item = _key(one.person, one.id) | written
    writes: list[Item] = [{"Put": {"TableName": settings().table, "Item": item, **condition}}]
    if idempotency:
        writes.append(store.once(idempotency, TRAINING, one.edition, one.edition, now))
    store.transact(writes)


def of(person: str, training_id: str) -> Training | None:
    """One round trip."""
    found = client("dynamodb").get_item(TableName=settings().table, Key=_key(person, training_id), ConsistentRead=True)
    return _read(found["Item"]) if "Item" in found else None


def listed(person: str | None = None, after: str = "") -> Iterator[Training]:
    """Everybody's by name, or somebody's; those that stand after one. One round trip a megabyte."""
    begins = f"{person}{BY_PERSON}" if person else ""
    found = store.query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": {"S": TRAINING},
            ":first": {"S": f"{after} " if after else begins or " "},
            ":last": {"S": f"{begins}~"},
        },
        ConsistentRead=True,
    )
    return map(_read, found)


def place_of(one: Training) -> str:
    """Where it stands in the list."""
    return f"{one.person}{BY_PERSON}{one.id}"


def _key(person: str, training_id: str) -> Item:
    return {"pk": {"S": TRAINING}, "sk": {"S": f"{person}{BY_PERSON}{training_id}"}}


def _read(item: Item) -> Training:
    return Training.model_validate_json(item["training"]["S"])


# ---- what staff did lately -------------------------------------------------------------------------------------------


def recent() -> tuple[Recent, Found | None]:
    """What is known of it, and exactly what lay there."""
    found = figures.get(RECENT)
    return (Recent.model_validate_json(found.content) if found else Recent()), found


def keep_recent(recent: Recent, instead_of: Found | None) -> None:
    """Raises Stale where somebody else has kept something since."""
    figures.replace(RECENT, recent.model_dump_json(exclude_none=True).encode(), instead_of)
