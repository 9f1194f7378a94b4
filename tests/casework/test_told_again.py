"""After the contact details are corrected, what did not arrive goes out again by itself, once, if it still matters."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib.adapters import outbox
from chalicelib.domain.telling.notices import NoticeKey
from tests.house import PLAN, REPORT, House
from tests.web.uploads import upload

from .mailroom import HARD, Mailroom, mail_event, mails_to, notices, plain, texts, told
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
WRONG, RIGHT = "wnag@example.cn", "wang@example.cn"
MAIL_ONLY = {"name": "王芳", "email": WRONG}


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = datetime(2026, 10, 12, 10, 0, tzinfo=SHANGHAI)
    return Mailroom(house)


def planned(house: House, room: Mailroom, contact: dict[str, str]) -> dict[str, Any]:
    """A complaint whose plan was sent, told."""
    receipt = house.file(contact=contact)
    for resource, body in (("acknowledgement", {}), ("investigation-report", REPORT), ("resolution-plan", PLAN)):
        house.do(receipt["complaint_id"], resource, body)
    room.settle()
    return receipt


def bounce(house: House, room: Mailroom, number: str, *kinds: str) -> None:
    for item in house.items():
        if item["pk"]["S"] == f"RECORD#{number}" and item["sk"]["S"].endswith(
            tuple(f"#{kind}#consumer" for kind in kinds)
        ):
            app.mail_events(mail_event(house, "Bounce", item, **HARD), None)
    room.settle()


def correct(house: House, number: str, **contact: str) -> None:
    body = {"contact": {"name": "王芳", **contact}, "reason": "来电更正：邮箱写错了。"}
    assert house.do(number, "contact", body).status == 200


def in_five_minutes(house: House, room: Mailroom) -> None:
    house.now += timedelta(minutes=5)
    room.sweep()


def subjects() -> list[str]:
    return [str(letter["Subject"]) for letter in mails_to(RIGHT)]


def test_a_plan_that_bounced_arrives_at_the_corrected_address_with_the_new_link(house: House, room: Mailroom):
    old = planned(house, room, MAIL_ONLY)
    number = old["complaint_id"]
    bounce(house, room, number, "receipt", "acknowledgement", "plan")
    assert ("consumer", "plan", "undeliverable") in notices(house, number)
    correct(house, number, email=RIGHT)
    room.settle()
    in_five_minutes(house, room)
    link, plan = mails_to(RIGHT)
    assert "联系方式已更正" in link["Subject"]
    assert "请您确认投诉处理方案" in plan["Subject"], "what it followed on is over, and said by it"
    token = plain(plan).partition("#token=")[2].partition("&round=1")[0]
    assert token not in old["tracking_url"]
    path = f"/v1/complaints/{number}/feedback"
    assert house.post(path, {"satisfied": True, "round": 1}, token=token).status == 200
    assert ("consumer", "plan", "sent") in notices(house, number)
    in_five_minutes(house, room)
    assert len([one for one in subjects() if "请您确认投诉处理方案" in one]) == 1


def test_a_plan_that_bounced_and_was_texted_is_mailed_to_the_corrected_address_and_not_texted_again(
    house: House, room: Mailroom
):
    number = planned(house, room, MAIL_ONLY | {"phone": "13800138000"})["complaint_id"]
    bounce(house, room, number, "plan")
    texted = len([text for _, text in texts() if "处理方案" in text])
    correct(house, number, email=RIGHT, phone="13800138000")
    room.settle()
    in_five_minutes(house, room)
    assert any("请您确认投诉处理方案" in one for one in subjects())
    assert len([text for _, text in texts() if "处理方案" in text]) == texted == 1


def test_what_is_over_is_not_told_again(house: House, room: Mailroom):
    number = planned(house, room, MAIL_ONLY)["complaint_id"]
    bounce(house, room, number, "receipt", "acknowledgement", "plan")
    house.do(number, "feedback", {"satisfied": True})
    room.settle()
    correct(house, number, email=RIGHT)
    room.settle()
    in_five_minutes(house, room)
    assert not any("请您确认" in one for one in subjects())
    assert any("已办结" in one for one in subjects()), "the closure reached nobody before"


def test_what_arrived_is_not_told_again(house: House, room: Mailroom):
    number = planned(house, room, MAIL_ONLY)["complaint_id"]
    correct(house, number, email=RIGHT)
    room.settle()
    in_five_minutes(house, room)
    assert len(mails_to(RIGHT)) == 1, "the new link"


def test_however_much_was_told_since_what_did_not_arrive_is_told_again(house: House, room: Mailroom):
    number = planned(house, room, MAIL_ONLY)["complaint_id"]
    bounce(house, room, number, "plan")
    for seq in range(10_001, 10_226):
        notice = NoticeKey(number, seq, "customer_service", "information_given")
        outbox.queue(notice, house.now, house.now + timedelta(days=1))
        outbox.end(notice, "sent")
    correct(house, number, email=RIGHT)
    room.settle()
    in_five_minutes(house, room)
    assert any("请您确认投诉处理方案" in one for one in subjects())


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_it_or_does_it_twice_has_it_told_once(house: House, room: Mailroom, moment: str):
    number = planned(house, room, MAIL_ONLY)["complaint_id"]
    bounce(house, room, number, "plan")
    correct(house, number, email=RIGHT)
    records = room.records()
    corrected = [one for one in records if "ContactCorrected" in one["dynamodb"]["NewImage"]["entry"]["S"]]
    assert list(house.deaths(lambda: run(app.react, corrected), moment))
    for _ in range(2):
        assert run(app.react, corrected) == []
        room.settle()
        in_five_minutes(house, room)
    assert len([one for one in subjects() if "请您确认投诉处理方案" in one]) == 1


def test_what_does_not_arrive_there_either_is_told_again_once_it_is_corrected_again(house: House, room: Mailroom):
    number = planned(house, room, MAIL_ONLY)["complaint_id"]
    bounce(house, room, number, "plan")
    correct(house, number, email="wang@example.com")
    room.settle()
    in_five_minutes(house, room)
    bounce(house, room, number, "plan")
    asked = [subject for subject, _ in told("customer_service")].count(f"[Redress] bounce {number}")
    assert asked == 2, "once for each address"
    correct(house, number, email=RIGHT)
    room.settle()
    in_five_minutes(house, room)
    assert any("请您确认投诉处理方案" in one for one in subjects())


def test_nine_photographs_are_told_once_to_whoever_has_the_complaint_and_once_to_the_topic(
    house: House, room: Mailroom
):
    receipt = house.file()
    room.settle()
    known = len(told("customer_service"))
    for _ in range(9):
        upload(house, receipt)
        house.now += timedelta(seconds=10)
    room.settle()
    assert len(told("customer_service")) == known
    in_five_minutes(house, room)
    (message,) = told("customer_service")[known:]
    assert "文件9份" in message[1]
    assignee = house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["assignee"]
    mine = [one for one in mails_to(f"{assignee}@staff.example") if "补充了信息" in str(one["Subject"])]
    assert len(mine) == 1
