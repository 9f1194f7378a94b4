"""6.1: storefronts say how much they sold, so that complaints can be counted per 10,000 orders."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.adapters import volumes
from chalicelib.adapters.aws import client
from tests.house import FRIDAY, House, refused

DAY = "/v1/volumes/2026-10-08"
SOLD = {"orders": 1200, "parcels": 1350, "by_seller": {"云杉家电旗舰店": 340, "晨光小家电": 12}}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def kept(house: House, month: str = "2026-10") -> dict[str, Any]:
    """What is kept of a month, by its sort key."""
    found = [item for item in house.items() if item["pk"]["S"] == f"VOLUMES#{month}"]
    return {item["sk"]["S"]: json.loads(item["volumes"]["S"]) for item in found}


def test_a_storefront_says_what_it_sold_on_a_day_and_is_answered_with_what_is_kept(house: House) -> None:
    answer = house.put(DAY, SOLD, "storefront")
    assert (answer.status, answer.json) == (200, SOLD | {"date": "2026-10-08"})
    shop = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    assert kept(house)[f"2026-10-08#{shop}"] == SOLD


def test_orders_are_enough(house: House) -> None:
    answer = house.put(DAY, {"orders": 0}, "storefront")
    assert answer.json == {"date": "2026-10-08", "orders": 0, "parcels": None, "by_seller": {}}


def test_it_is_one_call_and_the_last_one_counts(house: House) -> None:
    house.put(DAY, SOLD, "storefront")
    before = house.items_kept()
    with house.counting() as calls:
        for orders in (7, 8, 8):
            assert house.put(DAY, {"orders": orders}, "storefront").json["orders"] == orders
    assert set(calls) <= {"dynamodb:PutItem", "dynamodb:Query"}, "the policy is read now and then"
    assert calls.count("dynamodb:PutItem") == 3
    assert house.items_kept() == before
    assert [one["orders"] for one in kept(house).values()] == [8]


def test_each_storefront_has_its_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shops = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    house.set(monkeypatch, REDRESS_STOREFRONT_CLIENT_IDS=f"{shops},another-shop")
    other = house.pool_token(**(house.claims("storefront") | {"client_id": "another-shop"}))
    house.put(DAY, {"orders": 5}, "storefront")
    assert house.send("PUT", DAY, {"orders": 6}, token=other).status == 200
    assert kept(house)[f"2026-10-08#{shops}"] == {"orders": 5, "by_seller": {}}
    assert kept(house)["2026-10-08#another-shop"] == {"orders": 6, "by_seller": {}}


def test_a_day_is_one_of_china_and_has_begun(house: House) -> None:
    house.now = datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC)
    assert house.put("/v1/volumes/2026-10-09", SOLD, "storefront").status == 200
    refused(house.put("/v1/volumes/2026-10-10", SOLD, "storefront"), 422, "invalid", field="date")
    house.now = datetime(2026, 10, 9, 16, 0, tzinfo=UTC)
    assert house.put("/v1/volumes/2026-10-10", SOLD, "storefront").status == 200


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20261008", "2026-W41-4", "1999-12-31", "today", "2026-10-8", "2026-10-08T00:00"]
)
def test_what_is_no_day_is_refused(house: House, day: str) -> None:
    before = house.items_kept()
    refused(house.put(f"/v1/volumes/{day}", SOLD, "storefront"), 422, "invalid", field="date")
    assert house.items_kept() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "orders"),
        ({"orders": -1}, "orders"),
        ({"orders": "9"}, "orders"),
        ({"orders": 1.5}, "orders"),
        ({"orders": 10**9 + 1}, "orders"),
        ({"orders": 9, "parcels": -1}, "parcels"),
        ({"orders": 9, "by_seller": {"店": -1}}, "by_seller.店"),
        ({"orders": 9, "by_seller": {"店": 1, " 店": 2}}, "by_seller"),
        ({"orders": 9, "by_seller": {f"店{n}": 1 for n in range(2_001)}}, "by_seller"),
        ({"orders": 9, "sellers": {}}, "sellers"),
    ],
)
def test_what_is_wrong_is_named(house: House, body: dict[str, Any], field: str) -> None:
    refused(house.put(DAY, body, "storefront"), 422, "invalid", field=field)


def test_only_storefronts_have_anything_to_say(house: House) -> None:
    refused(house.put(DAY, SOLD, "cs.lead"), 403, "forbidden")
    refused(house.send("PUT", DAY, SOLD, token=house.file()["consumer_token"]), 403, "forbidden")


def test_a_browser_is_told_that_it_can_be_put(house: House) -> None:
    asked = house.send("OPTIONS", DAY, Origin="https://www.example.com", Access_Control_Request_Method="PUT")
    assert (asked.status, asked.headers["access-control-allow-methods"]) == (204, "PUT")


def test_a_key_of_idempotency_is_for_posts_and_changes_nothing(house: House) -> None:
    for orders in (1, 2):
        answer = house.send("PUT", DAY, {"orders": orders}, token=house.token("storefront"), Idempotency_Key="the same")
        assert (answer.status, answer.json["orders"]) == (200, orders)
        assert "idempotency-replayed" not in answer.headers


def test_what_all_storefronts_sold_is_read_by_day_over_the_turn_of_a_year(house: House) -> None:
    house.put("/v1/volumes/2026-09-08", SOLD, "storefront")
    table = house.environment["REDRESS_TABLE"]
    own = next(item for item in house.items() if item["pk"]["S"] == "VOLUMES#2026-09")
    for day, shop, sold in (
        ("2026-12-31", "one", {"orders": 10, "by_seller": {"甲": 3, "乙": 1}}),
        ("2026-12-31", "other", {"orders": 5, "by_seller": {"甲": 4}}),
        ("2027-01-01", "one", {"orders": 7}),
        ("2027-01-02", "one", {"orders": 9}),
    ):
        key = {"pk": {"S": f"VOLUMES#{day[:7]}"}, "sk": {"S": f"{day}#{shop}"}}
        client("dynamodb").put_item(TableName=table, Item=own | key | {"volumes": {"S": json.dumps(sold)}})
    found = volumes.of_days(date(2026, 12, 30), date(2027, 1, 1))
    assert found == {date(2026, 12, 31): (15, {"甲": 7, "乙": 1}), date(2027, 1, 1): (7, {})}
    assert volumes.of_days(date(2026, 9, 8), date(2026, 9, 8)) == {date(2026, 9, 8): (1200, SOLD["by_seller"])}
    assert volumes.of_days(date(2026, 11, 1), date(2026, 11, 30)) == {}
