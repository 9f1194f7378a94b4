"""`python -m infra.restore`: what the live table has lost comes back from a restored copy of it, beside which it runs.

DynamoDB restores to a table of another name only. Entries are put back last: the stream hands them to `react` again,
which by then finds everything that followed from them, and does nothing twice. Who was erased since stays erased.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters import news
from chalicelib.adapters.items import CONTACT, HEAD, NOTICE, PART, RECORD, SHOP, TASK, Item, record_key, record_of
from chalicelib.adapters.repeats import NUMBER, NUMBERS
from chalicelib.domain.ground.ids import read_id
from infra.deployment import Deployment, Failed, deployed, local

ABOUT = """\
Compares a restored copy of the table with the live one, complaint by complaint, and says what the live one lacks.
With --write what is absent is put back; with --overwrite also what differs. Nothing is ever deleted. Of complaints that
have been erased since, no words and no contact come back, unless --overwrite says so."""


HASHES = (f"{CONTACT}#", f"{NUMBER}#")
"""How the partitions begin in which complaints are found by hash."""


class Difference(NamedTuple):
    """What a partition of the live table lacks: items that are absent, items that are not what they were."""

    absent: list[Item]
    differing: list[Item]


class Erased:
    """Which complaints have no words any more, as the live table has it; `spared`: those of which the copy has some."""

    def __init__(self, dynamodb: Any, live: str) -> None:
        self.spared: set[str] = set()
        self._has = cache(lambda record: _is_erased(dynamodb, live, record))

    def without(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items without what erasing takes from them, where their complaint was erased."""
        for item in items:
            record = _whose(item)
            if record is None or not self._has(record):
                yield item
                continue
            bare = _bare(item)
            if bare != item:
                self.spared.add(record)
            if bare:
                yield bare


def _whose(item: Item) -> str | None:
    """The record an item is of, or by whose contact or number it is recognised."""
    if item["pk"]["S"].startswith(RECORD):
        return record_of(item)
    return str(item["sk"]["S"].partition("#")[2]) if item["pk"]["S"].startswith(HASHES) else None


def _is_erased(dynamodb: Any, live: str, record: str) -> bool:
    head = dynamodb.get_item(TableName=live, Key=record_key(record, HEAD), ConsistentRead=True).get("Item")
    return bool(head and json.loads(head["head"]["S"]).get("erased_at"))


def _bare(item: Item) -> Item:
    """Without words and addresses; a contact is nothing then, nor is a task, which repeats what the order was, nor what
    was too long for a head."""
    place = item["sk"]["S"]
    if place.startswith((TASK, PART)) or place in (CONTACT, NUMBERS) or item["pk"]["S"].startswith(HASHES):
        return {}
    if place.startswith(NOTICE):
        return {name: value for name, value in item.items() if not name.endswith("_to")}
    if place.startswith(SHOP):
        return news.bare(item)
    return {name: value for name, value in item.items() if name != "words"}


def differences(dynamodb: Any, copy: str, live: str, partition: str, erased: Erased | None = None) -> Difference:
    """Three parts of a partition: what is the same in both is left out, and what was erased since."""
    there = {item["sk"]["S"]: item for item in _items(dynamodb, live, partition)}
    then = list(_items(dynamodb, copy, partition))
    if erased:
        then = list(erased.without(then))
    absent = [item for item in then if item["sk"]["S"] not in there]
    differing = [item for item in then if there.get(item["sk"]["S"], item) != item]
    return Difference(absent, differing)


def put_back(dynamodb: Any, live: str, items: list[Item]) -> None:
    """Entries come last, in their order."""
    for item in sorted(items, key=lambda one: ("entry" in one, one["sk"]["S"])):
        dynamodb.put_item(TableName=live, Item=item)


def partitions(dynamodb: Any, copy: str) -> Iterator[str]:
    """Every partition of the copy, once."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=copy, ProjectionExpression="pk")
    yield from dict.fromkeys(item["pk"]["S"] for page in pages for item in page["Items"])


def _items(dynamodb: Any, table: str, partition: str) -> Iterator[Item]:
    asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": partition}}}
    for page in dynamodb.get_paginator("query").paginate(TableName=table, ConsistentRead=True, **asked):
        yield from page["Items"]


def restore(house: Deployment, asked: argparse.Namespace) -> int:
    """Does what was asked, and says so; how many partitions still differ."""
    dynamodb, live = house.client("dynamodb"), house.name("Table")
    named = [record_key(one, HEAD)["pk"]["S"] for one in asked.complaint]
    left, erased = 0, None if asked.overwrite else Erased(dynamodb, live)
    for partition in named or partitions(dynamodb, asked.copy):
        absent, differing = differences(dynamodb, asked.copy, live, partition, erased)
        if absent or differing:
            print(f"{partition}  absent: {len(absent)}  differing: {len(differing)}")
        if asked.write:
            put_back(dynamodb, live, absent + (differing if asked.overwrite else []))
            absent, differing = [], [] if asked.overwrite else differing
        left += bool(absent or differing)
    for record in sorted(erased.spared) if erased else ():
        print(f"{record}  was erased since: its words and its contact are left out")
    print(f"{left} differ" + ("" if asked.write else "; nothing was changed, --write puts back what is absent"))
    return left


def main(given: list[str] | None = None) -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m infra.restore", description=ABOUT, formatter_class=raw)
    parser.add_argument("copy", help="the restored table")
    parser.add_argument("--stack", default="redress-prod", help="the stack whose table is the live one")
    parser.add_argument("--endpoint-url", help="instead, the local system's AWS port")
    parser.add_argument("--complaint", nargs="+", type=read_id, default=[], metavar="ID", help="only these")
    parser.add_argument("--write", action="store_true", help="put back what is absent")
    parser.add_argument("--overwrite", action="store_true", help="with --write, put back what differs too")
    asked = parser.parse_args(given)
    try:
        house = local(asked.endpoint_url) if asked.endpoint_url else deployed(asked.stack)
        return 1 if restore(house, asked) else 0
    except (BotoCoreError, ClientError, Failed) as fault:
        print(fault)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
