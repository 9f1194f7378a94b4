"""A link that was lost is sent once more, to the contact that was filed and nobody else, and nobody learns whether."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib.adapters import identity, lost_links
from chalicelib.casework import erase
from chalicelib.casework.lost_links import OF_ADDRESS
from tests.house import Answer, House, Killed, refused

from .mailroom import HARD, Mailroom, mail_event, mails, mails_to, plain, refusing, texts, told
from .streams import run
from .test_caps import fates

WANG, PHONE = "wang@example.cn", "13800138000"
PHONE_ONLY = {"name": "王芳", "phone": PHONE}
MAIL_ONLY = {"name": "王芳", "email": WANG}
ORDER = "E20261009-0042"
ACCEPTED = {"sent": "if_it_matches"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def filed(house: House, room: Mailroom, **changes: Any) -> dict[str, Any]:
    """A complaint whose receipt has gone out."""
    receipt = house.file(**changes)
    room.settle()
    return receipt


def ask(house: House, **asked: str) -> Answer:
    return house.post("/v1/lost-links", asked)


def lost(house: House, receipt: dict[str, Any]) -> list[str]:
    return fates(house, receipt["complaint_id"], "lost_link")


def sent() -> int:
    return len(mails_to(WANG)) + len(texts())


def test_the_present_link_goes_to_the_contact_that_was_filed_and_no_link_dies_of_it(house: House, room: Mailroom):
    receipt = filed(house, room)
    before = len(mails_to(WANG)), len(texts())
    assert ask(house, complaint_id=receipt["complaint_id"], phone=PHONE).json == ACCEPTED
    room.settle()
    assert (len(mails_to(WANG)), len(texts())) == (before[0] + 1, before[1] + 1)
    assert receipt["tracking_url"] in plain(mails_to(WANG)[-1])
    to, text = texts()[-1]
    assert (to, identity.consumer_code(receipt["complaint_id"], 0) in text) == ("+8613800138000", True)
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).status == 200
    assert [item["sk"]["S"] for item in house.items() if "LinkReplaced" in str(item)] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"phone": "+86 138-0013-8000"},
        {"email": "WANG@example.cn"},
    ],
)
def test_a_contact_is_known_however_it_is_written(house: House, room: Mailroom, asked: dict[str, str]):
    receipt = filed(house, room)
    number = receipt["complaint_id"].lower().replace("-", " ")
    assert ask(house, complaint_id=number, **asked).status == 202
    room.settle()
    assert lost(house, receipt) == ["sent"]


def test_whatever_there_is_the_answer_and_its_calls_are_the_same(house: House, room: Mailroom):
    receipt = filed(house, room)
    number, answers = receipt["complaint_id"], []
    for asked in (
        {"complaint_id": number, "email": WANG},
        {"complaint_id": number, "email": "somebody@example.cn"},
        {"complaint_id": number, "phone": "13900139000"},
        {"complaint_id": "AAAAA-AAAAA", "email": WANG},
    ):
        with house.counting() as calls:
            answer = ask(house, **asked)
        answers.append((answer.status, answer.json, calls))
    assert answers == [(202, ACCEPTED, ["dynamodb:UpdateItem", "sqs:SendMessage"])] * 4
    by_order = []
    for order_number, email in ((ORDER, WANG), (ORDER, "somebody@example.cn"), ("E-0", WANG)):
        with house.counting() as calls:
            answer = ask(house, order_number=order_number, email=email)
        by_order.append((answer.status, answer.json, calls))
    assert by_order == [(202, ACCEPTED, ["dynamodb:UpdateItem", "dynamodb:Query", "sqs:SendMessage"])] * 3
    before = sent()
    room.settle()
    assert (lost(house, receipt), sent()) == (["sent"], before + 2), "once within ten minutes, however it was asked for"


def test_nothing_goes_to_whoever_else_asks(house: House, room: Mailroom):
    receipt = filed(house, room)
    before = len(mails()), len(texts())
    ask(house, complaint_id=receipt["complaint_id"], email="somebody@example.cn")
    ask(house, order_number=ORDER, phone="13900139000")
    room.settle()
    assert (lost(house, receipt), (len(mails()), len(texts()))) == ([], before)


def test_of_an_order_those_complaints_that_have_the_contact_and_three_at_most(house: House, room: Mailroom):
    mine = [filed(house, room) for _ in range(4)]
    others = filed(house, room, contact={"name": "林", "email": "lin@example.cn"})
    ask(house, order_number=ORDER.lower(), email=WANG)
    room.settle()
    assert sorted(len(lost(house, one)) for one in mine) == [0, 1, 1, 1]
    assert lost(house, others) == []


def test_no_queue_knows_a_phone_number_an_address_or_the_number_of_an_order(house: House, room: Mailroom):
    filed(house, room)
    ask(house, order_number=ORDER, email=WANG)
    ask(house, order_number=ORDER, phone=PHONE)
    bodies = [message["body"] for message in room.messages()]
    assert len(bodies) == 2
    for body in bodies:
        assert json.loads(body)["lost_link"].keys() == {"complaints", "contact", "at"}
        assert not any(word in body.lower() for word in (ORDER.lower(), "wang", "13800138000"))


def test_at_most_once_in_ten_minutes_and_three_times_in_a_day(house: House, room: Mailroom):
    receipt = filed(house, room)
    counts = []
    for minutes in (0, 9, 1, 10, 10, 60, 22 * 60 + 28, 2):
        house.pass_time(minutes=minutes)
        ask(house, complaint_id=receipt["complaint_id"], email=WANG)
        room.settle()
        counts.append(len(lost(house, receipt)))
    assert counts == [1, 1, 2, 3, 3, 3, 3, 4]


def test_a_message_that_comes_twice_or_late_sends_once(house: House, room: Mailroom):
    receipt = filed(house, room)
    ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    [message] = room.messages()
    before = sent()
    for minutes in (0, 0, 30):
        house.pass_time(minutes=minutes)
        assert run(app.deliver, [message]) == []
        room.settle()
    assert (lost(house, receipt), sent()) == (["sent"], before + 2)


def test_whoever_dies_over_it_leaves_what_is_sent_once(house: House, room: Mailroom):
    receipt = filed(house, room)
    ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    [message] = room.messages()
    deaths = list(house.deaths(lambda: run(app.deliver, [message]), "after"))
    assert len(deaths) == 5, "contacts, place, what is on its way, the notice, its message"
    before = sent()
    room.settle()
    assert (lost(house, receipt), sent()) == (["sent"], before + 2)


def test_who_asks_again_after_a_failure_is_served(house: House, room: Mailroom):
    receipt = filed(house, room)
    for call in range(2):
        with pytest.raises(Killed), house.killed_at(call, "before"):
            ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    with house.interfering(refusing("sqs", "ServiceUnavailable", "not now")):
        assert ask(house, complaint_id=receipt["complaint_id"], email=WANG).status >= 500
    assert ask(house, complaint_id=receipt["complaint_id"], email=WANG).status == 202
    room.settle()
    assert lost(house, receipt) == ["sent"]


def at_night(house: House) -> None:
    house.now = datetime(2026, 10, 12, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_by_night_it_goes_by_mail_alone(house: House, room: Mailroom):
    receipt = filed(house, room)
    at_night(house)
    room.sweep()
    before = len(mails_to(WANG)), len(texts())
    ask(house, complaint_id=receipt["complaint_id"], phone=PHONE)
    room.settle()
    assert (lost(house, receipt), len(mails_to(WANG)), len(texts())) == (["sent"], before[0] + 1, before[1])
    house.pass_time(hours=10)
    room.sweep()
    assert [text for _, text in texts()[before[1] :] if "再次发送" in text] == []


def test_who_has_no_mail_is_texted_once_in_the_morning_however_often_they_asked_by_night(house: House, room: Mailroom):
    receipt = filed(house, room, contact=PHONE_ONLY)
    at_night(house)
    before = len(texts())
    for _ in range(3):
        ask(house, complaint_id=receipt["complaint_id"], phone=PHONE)
        room.settle()
        house.pass_time(minutes=20)
    assert (len(texts()), lost(house, receipt)) == (before, ["queued"])
    house.pass_time(hours=9)
    room.sweep()
    assert len([text for _, text in texts() if "再次发送" in text]) == 1
    assert lost(house, receipt) == ["sent"]


def test_it_is_never_held_back_and_takes_nothing_of_what_a_day_has_room_for(house: House, room: Mailroom):
    receipt = filed(house, room, contact=PHONE_ONLY)
    number = receipt["complaint_id"]
    ask(house, complaint_id=number, phone=PHONE)
    room.settle()
    for _ in range(5):
        house.do(number, "notes", {"text": "已联系仓库", "public": True})
        room.settle()
    assert fates(house, number, "note") == ["sent"] * 5, "with the receipt they are six"
    for _ in range(2):
        house.do(number, "notes", {"text": "已联系仓库", "public": True})
        room.settle()
    house.pass_time(minutes=10)
    ask(house, complaint_id=number, phone=PHONE)
    room.settle()
    assert (fates(house, number, "note")[-1], lost(house, receipt)) == ("held_back", ["sent", "sent"])


def test_where_it_does_not_arrive_nobody_is_called(house: House, room: Mailroom):
    receipt = filed(house, room, contact=MAIL_ONLY)
    ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    room.settle()
    before = told("customer_service")
    [item] = [one for one in house.items() if "#lost_link#" in one["sk"]["S"]]
    app.mail_events(mail_event(house, "Bounce", item, **HARD), None)
    room.settle()
    assert lost(house, receipt) == ["undeliverable"]
    assert told("customer_service") == before


def test_it_goes_where_the_corrected_contact_is_with_the_link_of_now(house: House, room: Mailroom):
    receipt = filed(house, room)
    number = receipt["complaint_id"]
    corrected = {"contact": {"name": "王芳", "email": "fang@example.cn"}, "reason": "来电更正"}
    assert house.do(number, "contact", corrected).status == 200
    room.settle()
    before = len(mails_to(WANG)), len(mails_to("fang@example.cn"))
    ask(house, complaint_id=number, email=WANG)
    room.settle()
    assert len(mails_to(WANG)) == before[0], "that was theirs before"
    ask(house, complaint_id=number, email="fang@example.cn")
    room.settle()
    assert len(mails_to("fang@example.cn")) == before[1] + 1
    token = plain(mails_to("fang@example.cn")[-1]).partition("#token=")[2].split()[0]
    assert house.get(f"/v1/complaints/{number}", token=token).status == 200


def test_a_link_that_has_ended_is_said_to_have(house: House, room: Mailroom):
    receipt = house.bring_to("closed")
    house.do(receipt["complaint_id"], "follow-ups/1/completion", {})
    room.settle()
    house.pass_time(days=365)
    ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    room.settle()
    assert "办结已久" in plain(mails_to(WANG)[-1])
    assert "查询码7" not in texts()[-1][1]


def test_nothing_is_sent_about_what_was_erased(house: House, room: Mailroom):
    receipt = house.bring_to("closed")
    house.do(receipt["complaint_id"], "follow-ups/1/completion", {})
    room.settle()
    house.pass_time(days=3000)
    erase.erase(receipt["complaint_id"], house.now)
    ask(house, complaint_id=receipt["complaint_id"], email=WANG)
    ask(house, order_number=ORDER, email=WANG)
    before = sent()
    room.settle()
    assert (sent(), lost(house, receipt)) == (before, [])


def test_an_address_that_asks_for_too_many_is_told_to_wait(house: House):
    answers = [ask(house, complaint_id="AAAAA-AAAAA", email=WANG) for _ in range(OF_ADDRESS + 1)]
    assert [answer.status for answer in answers] == [202] * OF_ADDRESS + [429]
    assert refused(answers[-1], 429, "throttled")["reason"] == "too_many_lost_links"
    assert answers[-1].headers["retry-after"] == "1200"
    house.pass_time(minutes=20)
    assert ask(house, complaint_id="AAAAA-AAAAA", email=WANG).status == 202


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "complaint_id"),
        ({"complaint_id": "7K2M9-XD4FQ"}, "phone"),
        ({"complaint_id": "7K2M9-XD4FQ", "phone": PHONE, "email": WANG}, "phone"),
        ({"complaint_id": "7K2M9-XD4FQ", "order_number": ORDER, "email": WANG}, "complaint_id"),
        ({"complaint_id": "nothing", "email": WANG}, "complaint_id"),
        ({"complaint_id": "7K2M9-XD4FQ", "phone": "12"}, "phone"),
        ({"order_number": "", "email": WANG}, "order_number"),
    ],
)
def test_what_names_no_complaint_or_no_contact_is_said(house: House, asked: dict[str, str], field: str):
    refused(house.post("/v1/lost-links", asked), 422, "invalid", field=field)


@pytest.mark.parametrize("body", ['{"lost_link": {}}', '{"lost_link": {"complaints": [], "contact": "x"}}'])
def test_a_message_that_is_none_goes_to_the_dead_letters(house: House, body: str):
    with pytest.raises(KeyError):
        lost_links.parse(body)
    assert run(app.deliver, [{"messageId": "m", "body": body}]) == ["m"]


def test_places_are_taken_by_one_of_many(house: House, room: Mailroom):
    """Two messages of the same minute are looked at by two at once."""
    receipt = filed(house, room)
    for _ in range(2):
        ask(house, complaint_id=receipt["complaint_id"], email=WANG)
        house.pass_time(seconds=1)
    first, second = room.messages()

    def meanwhile(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:UpdateItem", "before"):
            house.interfere = lambda call, moment: None
            assert run(app.deliver, [second]) == []

    with house.interfering(meanwhile):
        assert run(app.deliver, [first]) == []
    room.settle()
    assert lost(house, receipt) == ["sent"]
