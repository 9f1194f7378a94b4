"""A request is followed through the logs: by its id to what it saved, from there by complaint and entry."""

from datetime import timedelta
from typing import Any

import pytest

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.hearing import hearing
from tests.house import House

from .mailroom import Mailroom
from .streams import run


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def test_a_request_is_followed_to_the_notice_it_led_to(house: House, room: Mailroom) -> None:
    number = house.file(category="product_quality")["complaint_id"]
    room.settle()
    with hearing() as heard:
        answer = house.do(number, "acknowledgement", {})
        room.settle()
    of_request = [line for line in heard.lines if line.get("request_id") == answer.headers["x-request-id"]]
    assert [line["what"] for line in of_request] == ["saved", "request"]
    saved = of_request[0]
    assert (saved["record"], saved["first_seq"], saved["last_seq"]) == (number, 3, 4)
    mine = [line for line in heard.lines if line.get("record") == number and line.get("seq") in (3, 4)]
    told = [(line["what"], line["seq"], line.get("audience")) for line in mine]
    assert sorted(told, key=str) == [
        ("a notice was seen to", 3, "consumer"),
        ("a notice was seen to", 4, "quality"),
        ("reacted", 3, None),
        ("reacted", 4, None),
    ]


def test_each_request_has_the_lines_of_its_own(house: House) -> None:
    with hearing() as heard:
        answers = [house.post("/v1/complaints", {}, "storefront"), house.get("/v1/health")]
    assert [line["request_id"] for line in heard.lines] == [answer.headers["x-request-id"] for answer in answers]
    with hearing() as heard:
        app.sweep(scheduled_event("sweep", REGION, house.now), None)
    assert not any("request_id" in line for line in heard.lines)


def test_a_fault_has_the_request_it_belongs_to(house: House) -> None:
    def fail(call: str, moment: str) -> None:
        raise RuntimeError

    with hearing() as heard, house.interfering(fail):
        answer = house.get("/v1/complaints", "cs.lin")
    (fault,) = heard.about("a request failed")
    assert (answer.status, fault["request_id"]) == (500, answer.headers["x-request-id"])


def test_what_fails_behind_the_table_names_complaint_and_entry(house: House, room: Mailroom) -> None:
    def fail(call: str, moment: str) -> None:
        raise RuntimeError

    number = house.file()["complaint_id"]
    record, *_ = room.records()
    keyed = {name: record["dynamodb"]["NewImage"][name] for name in ("pk", "sk")}
    unreadable: dict[str, Any] = record | {"dynamodb": {"Keys": keyed, "SequenceNumber": "1", "NewImage": {}}}
    with hearing() as heard, house.interfering(fail):
        assert run(app.react, [record]) == ["1"]
        assert run(app.react, [unreadable]) == ["1"]
    assert run(app.react, [record]) == []
    messages = room.messages()
    with hearing() as failed, house.interfering(fail):
        assert len(run(app.deliver, messages)) == 1
    faults = heard.about("a reaction failed") + failed.about("a notice was not delivered")
    assert {(line["record"], line["seq"]) for line in faults} == {(number, 1)}
    assert {(line["failed"] > 0, line["seq"]) for line in heard.about("reacted")} == {(True, 1)}


@pytest.mark.parametrize("by", ["ring", "sweep"])
def test_what_the_clock_raises_is_saved_under_complaint_and_entry(house: House, room: Mailroom, by: str) -> None:
    number = house.file()["complaint_id"]
    room.settle()
    house.now += timedelta(hours=25)
    told = {"record": number, "clock": 1, "idle": 0, "at": "2026-10-10T07:40:00Z"}
    with hearing() as heard:
        getattr(app, by)(told if by == "ring" else scheduled_event("sweep", REGION, house.now), None)
    (saved,) = heard.about("saved")
    timeline = house.get(f"/v1/complaints/{number}/timeline", "cs.lin").json["items"]
    assert (saved["record"], saved["last_seq"]) == (number, timeline[-1]["seq"])


def test_a_text_that_the_carrier_reports_lost_leads_to_its_notice(house: House, room: Mailroom) -> None:
    """SNS's own log names the message alone."""
    number = house.file(contact={"name": "王芳", "phone": "+8613800138000"})["complaint_id"]
    with hearing() as heard:
        room.settle()
    (line,) = [line for line in heard.lines if line["what"] == "a text was taken"]
    assert (line["record"], line["seq"], line["kind"]) == (number, 1, "receipt")
    told = house.get(f"/v1/complaints/{number}/notices", "cs.lin").json["items"]
    assert [one["channels"][0]["state"] for one in told if one["kind"] == "receipt"] == ["sent"]
    assert len(line["message"]) > 8
    assert "13800138000" not in str(heard.lines)
