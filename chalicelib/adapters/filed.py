"""What a storefront filed, in the index of queues: all of it, in the order in which anything last happened that its
consumer may see; and by what the shop calls it, as long as the words are there.

A line says where a complaint stands there and nothing else, so that it is written anew only when it moves. All of them
are in a few partitions, since one shop may have as many complaints as all others together.
"""

import hashlib
from collections.abc import Iterator
from zlib import crc32

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.instants import written

from . import listings
from .items import Task
from .listings import Place

SHARDS = 4
LINE = "shop"
"""The name of the task that is a line of the list: it has no words, and stays when they go."""


def lines(complaint: Complaint) -> Iterator[Task]:
    """Where a complaint stands among those of the storefront that filed it; nowhere, if staff did."""
    if complaint.filed_by.kind != "storefront":
        return
    storefront, record = complaint.filed_by.id, complaint.complaint_id
    shard = crc32(record.encode()) % SHARDS
    yield Task(LINE, _all_of(storefront, shard), f"{written(complaint.moved_at)}#{record}", "{}")
    if complaint.external_ref and not complaint.erased_at:
        received = f"{written(complaint.received_at)}#{record}"
        yield Task("shop external", _called(storefront, complaint.external_ref), received, "{}")


def updated_since(storefront: str, after: str, limit: int) -> list[Place]:
    """Those that anything happened to behind a place, the longest ago first: a round trip for each of the `SHARDS`."""
    found = [one for queue in _queues(storefront) for one in listings.soonest(queue, after, limit)]
    return sorted(found, key=listings.place_of)[:limit]


def latest(storefront: str, before: str, limit: int) -> list[Place]:
    """The same before a place, the latest first."""
    found = [one for queue in _queues(storefront) for one in listings.newest(queue, before, limit)]
    return sorted(found, key=listings.place_of, reverse=True)[:limit]


def called(storefront: str, external_ref: str, limit: int) -> list[Place]:
    """Those that the shop calls so, the latest received first: one round trip."""
    return listings.newest(_called(storefront, external_ref), "", limit)


def _queues(storefront: str) -> list[str]:
    return [_all_of(storefront, shard) for shard in range(SHARDS)]


def _all_of(storefront: str, shard: int) -> str:
    return f"shop#{storefront}#{shard}"


def _called(storefront: str, external_ref: str) -> str:
    """By a digest without a key: what it is of stands in the head as it is, and both go together."""
    return f"shop external#{hashlib.sha256(f'{storefront} {external_ref}'.encode()).hexdigest()}"
