"""`python -m infra.restore`: what the live table has lost comes back from a restored copy of it, beside which it runs.

DynamoDB restores to a table of another name only. Events are put back last: the stream hands them to `react` again,
which by then finds everything that followed from them, and does nothing twice.
"""

import argparse
from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.items import HEAD, Item, record_key
from chalicelib.domain.ground.ids import read_id
from infra.deployment import Deployment, Failed, deployed, local

ABOUT = """\
Compares a restored copy of the table with the live one, complaint by complaint, and says what the live one lacks.
With --write what is absent is put back; with --overwrite also what differs. Nothing is ever deleted."""


class Difference(NamedTuple):
    """What a partition of the live table lacks: items that are absent, items that are not what they were."""

    absent: list[Item]
    differing: list[Item]


def differences(dynamodb: Any, copy: str, live: str, partition: str) -> Difference:
    """Three parts of a partition: what is the same in both is left out."""
    there = {item["sk"]["S"]: item for item in _items(dynamodb, live, partition)}
    then = list(_items(dynamodb, copy, partition))
    absent = [item for item in then if item["sk"]["S"] not in there]
    differing = [item for item in then if there.get(item["sk"]["S"], item) != item]
    return Difference(absent, differing)


def put_back(dynamodb: Any, live: str, items: list[Item]) -> None:
    """Events come last."""
    for item in sorted(items, key=lambda one: "event" in one):
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
    left = 0
    for partition in named or partitions(dynamodb, asked.copy):
        absent, differing = differences(dynamodb, asked.copy, live, partition)
        if absent or differing:
            print(f"{partition}  absent: {len(absent)}  differing: {len(differing)}")
        if asked.write:
            put_back(dynamodb, live, absent + (differing if asked.overwrite else []))
            absent, differing = [], [] if asked.overwrite else differing
        left += bool(absent or differing)
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
