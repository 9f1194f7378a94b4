"""What the live table has lost comes back from a restored copy, and nobody is told anything twice."""

from argparse import Namespace
from typing import Any

import boto3
import pytest

from chalicelib.casework.erase import erase
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


def test_entries_are_put_back_after_the_head_and_all_that_stands_beside(
    house: House, room: Mailroom, monkeypatch: pytest.MonkeyPatch
):
    number = house.bring_to("planning")["complaint_id"]
    room.settle()
    copied(house)
    lose(house, number, *(item["sk"]["S"] for item in house.items() if item["pk"]["S"] == f"RECORD#{number}"))
    put: list[str] = []

    class Noting:
        """The client, but one that says what it puts."""

        def __getattr__(self, name: str) -> Any:
            return getattr(boto3.client("dynamodb"), name)

        def put_item(self, **asked: Any) -> Any:
            put.append(asked["Item"]["sk"]["S"])
            return boto3.client("dynamodb").put_item(**asked)

    noting = Noting()
    reached = Deployment(
        lambda service: noting, {"Table": house.environment["REDRESS_TABLE"]}, lambda name, entry: None
    )
    asked = Namespace(copy=COPY, complaint=[number], write=True, overwrite=False)
    assert restore.restore(reached, asked) == 0
    entries = [sort_key for sort_key in put if sort_key.startswith("ENTRY#")]
    assert entries == sorted(entries)
    assert put[-len(entries) :] == entries
    assert {"HEAD", "CONTACT"} < set(put[: -len(entries)])
    assert any(sort_key.startswith("NOTICE#") for sort_key in put[: -len(entries)])


def test_who_was_erased_since_stays_erased_whatever_else_was_lost(house: House, room: Mailroom, capsys: Any):
    number, other = house.bring_to("closed")["complaint_id"], house.file()["complaint_id"]
    room.settle()
    assert any(item["sk"]["S"].startswith("TASK#") for item in house.items()), "it says which order it is about"
    copied(house)
    then = {item["sk"]["S"] for item in house.items()}
    house.do(number, "follow-ups/1/completion", {"note": "已回访"})
    room.settle()
    erase(number, house.now)
    clean = kept(house)
    lost = [item["sk"]["S"] for item in clean if item["pk"]["S"] == f"RECORD#{number}" and item["sk"]["S"] != "HEAD"]
    lose(house, number, *(sort_key for sort_key in lost if sort_key in then))
    lose(house, other, "CONTACT")
    assert restored(house) == 1, "the head differs"
    assert without_states(kept(house)) == without_states(clean)
    said = capsys.readouterr().out
    assert f"{number}  was erased since" in said
    assert f"{other}  was erased since" not in said
    assert restored(house, number, overwrite=True) == 0
    assert any("words" in item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}")


def without_states(found: list[Any]) -> list[Any]:
    """Whether a notice had gone out is as it was then."""
    return [{name: value for name, value in item.items() if name != "state"} for item in found]
