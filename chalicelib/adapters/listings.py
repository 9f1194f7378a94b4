"""Lists of records in the index of queues: those of a kind or a stage, the newest first; what somebody is to do, the
soonest due first. Each page is one round trip, whatever the list holds."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.complaint.hearings import Hearing
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

EVERYBODYS = "measures of all"


def measures(record: str, known: Iterable[Improvement]) -> Iterator[Task]:
    """What is still to be done, in the queue of whoever is to do it beside that of all."""
    for one in known:
        if not one.done_at:
            due = f"{written(one.due_at)}#{record}#{one.number:03}"
            yield Task(name=f"measure {one.number}", queue=_of_owner(one.owner), due=due, summary="{}")
            yield Task(name=f"measure {one.number} of all", queue=EVERYBODYS, due=due, summary="{}")


def measures_of(owner: str | None, after: str, limit: int) -> list[Place]:
    """What somebody is to carry out, soonest due first; by None, what anybody is."""
    return soonest(_of_owner(owner) if owner else EVERYBODYS, after, limit)


def _of_owner(owner: str) -> str:
    return f"measures#{owner}"


# ---- who is heard, whatever record it is about -----------------------------------------------------------------------

SPEAKING, DECIDING = "hearings to speak", "hearings to decide"
A_PAGE = 100


def hearings(record: str, known: Iterable[Hearing]) -> Iterator[Task]:
    """What waits for somebody to speak, in a queue of theirs beside that of all, or for management to decide."""
    for one in known:
        if not (one.due_at and one.clock_name):
            continue
        due = f"{written(one.due_at)}#{record}#{one.number:03}"
        queue = DECIDING if one.waits_for_decision else SPEAKING
        yield Task(name=one.clock_name, queue=queue, due=due, summary="{}")
        if one.waits_for_person:
            yield Task(name=f"{one.clock_name} own", queue=_of_person(one.person), due=due, summary="{}")


def hearings_of(person: str, after: str, limit: int) -> list[Place]:
    """What somebody can say something about, soonest due first."""
    return soonest(_of_person(person), after, limit)


def hearings_to_decide(after: str, limit: int) -> list[Place]:
    return soonest(DECIDING, after, limit)


def heard() -> Iterator[str]:
    """The records in which somebody is heard, or a hearing is to be decided."""
    for queue in (SPEAKING, DECIDING):
        after = ""
        while page := soonest(queue, after, A_PAGE):
            yield from (one.name for one in page)
            after = page[-1].place


def _of_person(person: str) -> str:
    return f"hearings of {person}"
