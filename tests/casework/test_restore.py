"""What the live table has lost comes back from a restored copy, and nobody is told anything twice."""

from argparse import Namespace
from typing import Any

import boto3
import pytest

from infra import restore
from infra.deployment import Deployment
from tests.house import House

from .mailroom import Mailroom, mails

COPY = "redress-restored"


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def copied(house: House) -> None:
    """The table as it is, beside itself."""
    dynamodb = boto3.client("dynamodb")
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    kinds = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    dynamodb.create_table(TableName=COPY, KeySchema=keys, AttributeDefinitions=kinds, BillingMode="PAY_PER_REQUEST")
    for item in house.items():
        dynamodb.put_item(TableName=COPY, Item=item)


def restored(house: House, *complaints: str, write: bool = True, overwrite: bool = False) -> int:
    reached = Deployment(boto3.client, {"Table": house.environment["REDRESS_TABLE"]}, lambda name, entry: None)
    asked = Namespace(copy=COPY, complaint=complaints, write=write, overwrite=overwrite)
    return restore.restore(reached, asked)


def lose(house: House, number: str, *sort_keys: str) -> None:
    for sort_key in sort_keys:
        key = {"pk": {"S": f"RECORD#{number}"}, "sk": {"S": sort_key}}
        boto3.client("dynamodb").delete_item(TableName=house.environment["REDRESS_TABLE"], Key=key)


def kept(house: House) -> list[Any]:
    return sorted(house.items(), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_a_complaint_that_was_lost_is_back_as_it_was_and_the_consumer_hears_nothing_new(house: House, room: Mailroom):
    number = house.bring_to("planning")["complaint_id"]
    room.settle()
    copied(house)
    before, told = kept(house), len(mails())
    lose(house, number, *(item["sk"]["S"] for item in before if item["pk"]["S"].endswith(number)))
    assert restored(house) == 0
    assert kept(house) == before
    room.seen.clear()
    room.settle()
    assert (len(mails()), kept(house)) == (told, before)


def test_without_write_nothing_is_changed(house: House):
    number = house.file()["complaint_id"]
    copied(house)
    lose(house, number, "HEAD")
    before = kept(house)
    assert restored(house, write=False) == 1
    assert kept(house) == before


def test_what_people_have_done_since_is_kept_unless_it_is_to_be_overwritten(house: House):
    number = house.file()["complaint_id"]
    copied(house)
    house.do(number, "acknowledgement", {})
    assert restored(house) == 1, "the head differs"
    assert house.get(f"/v1/complaints/{number}", "cs.lin").json["stage"] == "investigating"
    assert restored(house, overwrite=True) == 0
    assert house.get(f"/v1/complaints/{number}", "cs.lin").json["stage"] == "received"


def test_only_the_complaints_that_were_named_are_touched(house: House):
    first, second = house.file()["complaint_id"], house.file()["complaint_id"]
    copied(house)
    for number in (first, second):
        lose(house, number, "HEAD")
    assert restored(house, first) == 0
    statuses = [house.get(f"/v1/complaints/{number}", "cs.lin").status for number in (first, second)]
    assert statuses == [200, 404]
