"""Lists of records in the index of queues: those of a kind or a stage, the newest first; what somebody is to do, the
soonest due first. Each page is one round trip, whatever the list holds."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.improvement import Improvement
from chalicelib.settings import settings

from .aws import client
from .items import Task, house_key, record_of
from .store import query


class Place(NamedTuple):
    """Where a record stands in a list, or what is to be done of it: the last part of that place says which."""

    name: str
    place: str

    @property
    def number(self) -> int:
        return int(self.place.rpartition("#")[2])


def place_of(one: Place) -> str:
    return one.place


def newest(queue: str, before: str, limit: int) -> list[Place]:
    """The newest first, from the one that stands `before` another on."""
    high = f"{before[:-1]}{chr(ord(before[-1]) - 1)}~" if before else "~"
    return _read(queue, " ", high, limit, backwards=True)


def up_to(queue: str, high: str, limit: int) -> list[Place]:
    """Those that stand before `high`, or there, the last first."""
    return _read(queue, " ", high, limit, backwards=True)


def soonest(queue: str, after: str, limit: int) -> list[Place]:
    """From the one that stands `after` another on."""
    return _read(queue, f"{after} ", "~", limit)


def _read(queue: str, low: str, high: str, limit: int, *, backwards: bool = False) -> list[Place]:
    found = query(
        IndexName="queue",
        KeyConditionExpression="queue_pk = :pk AND due_sk BETWEEN :low AND :high",
        ExpressionAttributeValues={":pk": {"S": queue}, ":low": {"S": low}, ":high": {"S": high}},
        ScanIndexForward=not backwards,
        Limit=limit,
    )
    return [Place(record_of(item), item["due_sk"]["S"]) for item in islice(found, limit)]


def next_number(counter: str) -> int:
    """Of what is numbered from 1; one that is then not begun leaves a gap."""
    answer = client("dynamodb").update_item(
        TableName=settings().table,
        Key=house_key(counter),
        UpdateExpression="ADD #last :one",
        ExpressionAttributeNames={"#last": "last"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["last"]["N"])


# ---- what somebody is to carry out, whatever record decided it -------------------------------------------------------


def measures(record: str, known: Iterable[Improvement]) -> Iterator[Task]:
    """What is still to be done, in the queue of whoever is to do it."""
    for one in known:
        if not one.done_at:
            due = f"{written(one.due_at)}#{record}#{one.number:03}"
            yield Task(name=f"measure {one.number}", queue=_of_owner(one.owner), due=due, summary="{}")


def measures_of(owner: str, after: str, limit: int) -> list[Place]:
    """What somebody is to carry out, soonest due first."""
    return soonest(_of_owner(owner), after, limit)


def _of_owner(owner: str) -> str:
    return f"measures#{owner}"
