"""Staff see what anybody was told about a complaint: what, by which channel, how far it has come; never an address."""

from typing import Any

import pytest

import app
from tests.casework.mailroom import HARD, Mailroom, mail_event
from tests.house import PLAN, REPORT, House, refused

MAIL_ONLY = {"name": "王芳", "email": "wang@example.cn"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def shown(house: House, complaint_id: str, who: str = "cs.lin") -> Any:
    answer = house.get(f"/v1/complaints/{complaint_id}/notices", who)
    assert answer.status == 200, answer
    assert answer.json.keys() == {"items", "next_cursor"}
    assert answer.json["next_cursor"] is None
    return answer.json["items"]


def test_a_notice_shows_its_whole_way(house: House, room: Mailroom) -> None:
    complaint_id = house.file()["complaint_id"]
    assert shown(house, complaint_id) == []
    room.react()
    receipt = {
        "seq": 1,
        "kind": "receipt",
        "audience": "consumer",
        "state": "queued",
        "queued_at": "2026-10-09T07:40:00Z",
        "attempts": 0,
        "repeated": False,
        "channels": [],
    }
    [first] = [notice for notice in shown(house, complaint_id) if notice["audience"] == "consumer"]
    assert first == receipt
    house.pass_time(minutes=1)
    room.settle()
    [first] = [notice for notice in shown(house, complaint_id) if notice["audience"] == "consumer"]
    by_mail = {"channel": "email", "state": "sent", "to": "w***@example.cn", "at": "2026-10-09T07:41:00Z"}
    assert first == receipt | {"state": "sent", "attempts": 1, "channels": [by_mail]}


def test_notices_are_listed_oldest_first_with_everyone_who_was_told(house: House, room: Mailroom) -> None:
    house.take_off_duty("cs.lin", "cs.chen", "cs.lead")
    complaint_id = house.file(category="product_quality")["complaint_id"]
    house.do(complaint_id, "assignment", {"assignee": "cs.chen"})
    house.do(complaint_id, "acknowledgement")
    room.settle()
    house.do(complaint_id, "inquiries/1/answer", {"assessment": "玻璃太薄。"}, "quality.he")
    house.do(complaint_id, "investigation-report", REPORT)
    house.do(complaint_id, "resolution-plan", PLAN)
    room.settle()
    notices = shown(house, complaint_id, "audit.qin")
    assert [(one["kind"], one["audience"]) for one in notices] == [
        ("receipt", "consumer"),
        ("assigned", "assignee"),
        ("acknowledgement", "consumer"),
        ("inquiry_asked", "quality"),
        ("inquiry_answered", "assignee"),
        ("inquiry_answered", "customer_service"),
        ("plan", "consumer"),
    ]
    assert {one["state"] for one in notices} == {"sent"}
    channels = {(one["kind"], one["audience"]): one["channels"] for one in notices}
    assert [one["channel"] for one in channels["plan", "consumer"]] == ["email", "sms"]
    assert [(one["channel"], one["to"]) for one in channels["inquiry_asked", "quality"]] == [("topic", "quality")]
    assert [one["to"] for one in channels["assigned", "assignee"]] == ["c***@staff.example"]


def test_an_address_is_masked_wherever_it_stands(house: House, room: Mailroom) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    room.settle()
    answer = house.get(f"/v1/complaints/{complaint_id}/notices", "cs.lin")
    for known in ("wang@", "13800138000", "王芳", "cs.lin@", "cs.chen@", "cs.lead@"):
        assert known not in answer.text, known
    assert "+86138****8000" in answer.text
    assert "w***@example.cn" in answer.text


def test_what_became_of_a_message_is_shown_with_the_time_it_was_heard(house: House, room: Mailroom) -> None:
    complaint_id = house.file(contact=MAIL_ONLY)["complaint_id"]
    room.settle()
    house.pass_time(minutes=5)
    [mailed] = [item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer")]
    assert app.mail_events(mail_event(house, "Bounce", mailed, **HARD), None) == 1
    room.settle()
    receipt = shown(house, complaint_id)[0]
    [by_mail] = receipt["channels"]
    assert (by_mail["state"], by_mail["at"]) == ("bounced", "2026-10-09T07:45:00Z")
    assert receipt["state"] == "undeliverable"
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["contact"]["email_unusable"] is True


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_walking_the_pages_gives_each_notice_once_oldest_first(house: House, room: Mailroom, limit: int) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    house.do(complaint_id, "feedback", {"satisfied": False, "opinion": "不够"})
    room.react()
    whole = shown(house, complaint_id)
    walked, cursor = [], ""
    while cursor is not None:
        answer = house.get(f"/v1/complaints/{complaint_id}/notices?limit={limit}{cursor}", "cs.lin").json
        assert 1 <= len(answer["items"]) <= limit
        walked += answer["items"]
        cursor = answer["next_cursor"] and f"&cursor={answer['next_cursor']}"
    assert walked == whole
    assert len(whole) >= 6


def test_a_page_of_notices_costs_one_query_and_its_cursor_holds_for_that_complaint_only(
    house: House, room: Mailroom
) -> None:
    first, second = (house.file()["complaint_id"] for _ in range(2))
    room.react()
    with house.counting() as calls:
        page = house.get(f"/v1/complaints/{first}/notices?limit=1", "cs.lin").json
    assert calls == ["dynamodb:Query"]
    path = f"/v1/complaints/{second}/%s?cursor={page['next_cursor']}"
    for other in ("notices", "timeline"):
        refused(house.get(path % other, "cs.lin"), 400, "malformed")


def test_each_complaint_has_its_own(house: House, room: Mailroom) -> None:
    first, second = (house.file()["complaint_id"] for _ in range(2))
    house.do(first, "acknowledgement")
    room.react()
    kinds = [
        [one["kind"] for one in shown(house, number) if one["audience"] == "consumer"] for number in (first, second)
    ]
    assert kinds == [["receipt", "acknowledgement"], ["receipt"]]


def test_the_notices_of_a_complaint_that_is_not_there_are_not_there(house: House) -> None:
    refused(house.get("/v1/complaints/00000-00000/notices", "cs.lin"), 404, "not_found")
