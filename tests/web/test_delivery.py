"""5.3: logistics keeps the delivery status current for the consumer, who sees it."""

from typing import Any

import pytest

from tests.house import FRIDAY, House, refused

LATE = {"status": "delayed", "text": "因大雪延误两天。", "carrier": "顺丰速运", "tracking_number": "SF1020"}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def test_an_update_is_answered_as_it_was_written(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    answer = house.do(complaint_id, "delivery-updates", LATE, "logistics.gao")
    assert (answer.status, answer.json) == (201, {"seq": 2, "at": "2026-10-09T07:40:00Z", **LATE})


def test_what_is_not_known_of_the_carrier_need_not_be_said(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    answer = house.do(complaint_id, "delivery-updates", {"status": "lost", "text": "包裹丢失。"}, "logistics.gao")
    assert (answer.json["carrier"], answer.json["tracking_number"]) == (None, None)


def test_staff_consumer_and_storefront_see_the_latest_and_the_timeline_all(house: House) -> None:
    receipt = house.file()
    complaint_id, path = receipt["complaint_id"], f"/v1/complaints/{receipt['complaint_id']}"
    house.do(complaint_id, "delivery-updates", LATE, "logistics.gao")
    house.pass_time(hours=1)
    house.do(complaint_id, "delivery-updates", LATE | {"status": "delivered", "text": "已送达。"}, "logistics.gao")
    views = [
        house.get(path, "audit.qin").json,
        house.get(path, token=receipt["consumer_token"]).json,
        house.get(path, "storefront").json,
    ]
    for view in views:
        assert view["delivery"]["at"] == "2026-10-09T08:40:00Z"
        assert view["delivery"]["update"] == LATE | {"status": "delivered", "text": "已送达。"}
    updates = [entry for entry in views[1]["timeline"] if entry["type"] == "DeliveryUpdated"]
    assert [(entry["by"], entry["details"]["status"]) for entry in updates] == [
        ("staff", "delayed"),
        ("staff", "delivered"),
    ]
    assert "logistics.gao" not in house.get(path, token=receipt["consumer_token"]).text


@pytest.mark.parametrize("stage", ["received", "awaiting_consumer", "closed"])
def test_goods_arrive_whatever_the_stage(house: House, stage: str) -> None:
    receipt = house.bring_to(stage)
    assert house.do(receipt["complaint_id"], "delivery-updates", LATE, "logistics.gao").status == 201
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["stage"] == stage


@pytest.mark.parametrize("status", ["delayed", "in_transit", "delivered", "returned", "lost", "damaged"])
def test_goods_can_be_in_each_of_the_states_of_the_contract(house: House, status: str) -> None:
    answer = house.do(house.file()["complaint_id"], "delivery-updates", LATE | {"status": status}, "logistics.gao")
    assert (answer.status, answer.json["status"]) == (201, status)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "eaten"}, "status"),
        ({"status": None}, "status"),
        ({"text": None}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"carrier": ""}, "carrier"),
        ({"carrier": "长" * 65}, "carrier"),
        ({"tracking_number": "1" * 65}, "tracking_number"),
        ({"eta": "2026-10-12"}, "eta"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field(house: House, changes: Any, field: str) -> None:
    answer = house.do(house.file()["complaint_id"], "delivery-updates", LATE | changes, "logistics.gao")
    refused(answer, 422, "invalid", field=field)
