"""However much happens on a day, a consumer gets so many notices by a channel, and one that says that there is more."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib.adapters import outbox
from chalicelib.casework import rules
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import NoticesADay, Operating
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.notices import NoticeKey
from tests.house import PLAN, REPORT, House
from tests.published import publish

from .mailroom import Mailroom, mail_event, mails_to, notices, plain, texts
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
WANG = "wang@example.cn"
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
TEN = datetime(2026, 10, 12, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = TEN
    return Mailroom(house)


def write(house: House, room: Mailroom, number: str, times: int) -> None:
    for _ in range(times):
        assert house.do(number, "notes", {"text": "已联系物流。", "public": True}).status == 201
        room.settle()


def fates(house: House, number: str, kind: str) -> list[str]:
    return [state for audience, one, state in notices(house, number) if (audience, one) == ("consumer", kind)]


def test_of_thirty_notes_twenty_mails_go_out_and_one_that_says_that_there_is_more(house: House, room: Mailroom):
    receipt = house.file()
    number = receipt["complaint_id"]
    write(house, room, number, 30)
    assert len(mails_to(WANG)) == 20 + 1, "the receipt among them"
    assert fates(house, number, "note") == ["sent"] * 19 + ["held_back"] * 11
    assert fates(house, number, "more") == ["sent"]
    more = mails_to(WANG)[-1]
    assert more["Subject"] == f"您的投诉有更多进展（编号 {number}）"
    assert receipt["tracking_url"] in plain(more)


def test_of_texts_six_go_out_and_on_the_next_day_others(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 10)
    assert len(texts()) == 6 + 1
    house.now = TEN + timedelta(days=1)
    write(house, room, number, 10)
    assert len(texts()) == 2 * (6 + 1)
    assert fates(house, number, "more") == ["sent", "sent"]


def test_what_keeps_a_promise_or_lets_the_consumer_in_is_never_held_back(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 8)
    for resource, body in (
        ("interim-measures", {"text": "请先停用"}),
        ("acknowledgement", {}),
        ("information-requests", {"question": "批号是多少？"}),
        ("information", {"text": "A17"}),
        ("investigation-report", REPORT),
        ("resolution-plan", PLAN),
        ("feedback", {"satisfied": False, "opinion": "不够"}),
        ("resolution-plan", PLAN),
        ("link", {}),
        ("feedback", {"satisfied": True}),
    ):
        assert house.do(number, resource, body).status < 300
        room.settle()
    spared = ("receipt", "acknowledgement", "information_request", "plan", "adjusted_plan", "new_link", "closure")
    spared += ("interim_measure",)
    assert [fates(house, number, kind) for kind in spared] == [["sent"]] * 8
    of_another = {"other_plan", "other_closed"}
    assert {*spared, "more", "lost_link", *of_another} == {
        kind for kind, it in NOTICES.items() if it.keeps_promise or it.lets_in
    }


def test_what_is_mailed_and_has_been_texted_often_enough_goes_by_mail_alone(house: House, room: Mailroom):
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.settle()
    few(house, sms=1)
    assert len(texts()) == 1
    house.do(number, "information", {"text": "还在考虑"})
    house.do(number, "information-reading", {})
    room.settle()
    assert len(texts()) == 1
    assert fates(house, number, "answer_reminder") == ["sent"]
    assert fates(house, number, "more") == [], "they have been told of it"
    (reminder,) = [one for one in house.items() if one["sk"]["S"].endswith("#answer_reminder#consumer")]
    assert {one.channel: one.state for one in outbox.as_notice(reminder).passages} == {
        "email": "sent",
        "sms": "held_back",
    }


def few(house: House, **notices: int) -> None:
    """From now on so many a day are enough."""
    operating = versions.packaged(Operating)[1]
    few = {"version": 2, "effective_from": house.now + rules.AHEAD, "notices_a_day": NoticesADay(**notices)}
    publish(operating.model_copy(update=few), house.now)
    house.now += rules.AHEAD
    rules.forget()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_what_is_held_back_says_once_that_there_is_more(house: House, room: Mailroom, moment: str):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 5)
    house.do(number, "notes", {"text": "已联系物流。", "public": True})
    room.react()
    (message,) = room.messages()
    deaths = list(house.deaths(lambda: run(app.deliver, [message]), moment))
    assert len(deaths) >= 4, "the notice is read, those of today, the word of more is written and queued, it ends"
    room.settle()
    assert fates(house, number, "more") == ["sent"]
    assert fates(house, number, "note")[-1] == "held_back"
    assert len(texts()) == 6 + 1


def test_what_is_queued_together_is_said_once_to_be_more(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    room.settle()
    for _ in range(12):
        house.do(number, "notes", {"text": "已联系物流。", "public": True})
    room.react()
    messages = room.messages()
    for message in [*messages, *reversed(messages)]:
        run(app.deliver, [message])
    room.settle()
    assert (len(texts()), fates(house, number, "more")) == (6 + 1, ["sent"])


def test_as_long_as_there_cannot_be_too_much_nothing_is_read_for_it(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    room.settle()
    house.do(number, "notes", {"text": "已联系物流。", "public": True})
    room.react()
    (message,) = room.messages()
    with house.counting() as calls:
        run(app.deliver, [message])
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem", "sesv2:SendEmail", "dynamodb:UpdateItem"]


def test_many_things_told_to_staff_do_not_hide_those_told_to_the_consumer(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 5)
    for _ in range(40):
        house.do(number, "assignment", {"assignee": "cs.chen"})
        house.do(number, "assignment", {"assignee": "cs.lin"})
    room.settle()
    write(house, room, number, 1)
    assert fates(house, number, "note")[-1] == "held_back"


@pytest.mark.parametrize(("audience", "kind"), [("consumer", "note"), ("customer_service", "information_given")])
def test_however_many_were_held_back_or_told_to_staff_since_no_text_goes_out_again(
    house: House, room: Mailroom, audience: str, kind: str
):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 8)
    for seq in range(10_001, 10_226):
        notice = NoticeKey(number, seq, audience, kind)
        outbox.queue(notice, house.now, house.now + timedelta(days=1))
        outbox.end(notice, "held_back" if audience == "consumer" else "sent")
    write(house, room, number, 3)
    assert (len(texts()), fates(house, number, "more")) == (6 + 1, ["sent"])


def test_what_the_mail_system_reports_of_yesterdays_mails_does_not_count_today(house: House, room: Mailroom):
    few(house, email=3)
    house.now = TEN + timedelta(days=2)
    number = house.file()["complaint_id"]
    write(house, room, number, 4)
    assert len(mails_to(WANG)) == 3 + 1
    house.now += timedelta(days=1)
    for item in house.items():
        if item["sk"]["S"].endswith("#consumer") and "email_message_id" in item and item["email_message_id"]["S"]:
            assert app.mail_events(mail_event(house, "Delivery", item), None) == 1
    write(house, room, number, 5)
    assert len(mails_to(WANG)) == 2 * (3 + 1)
    assert fates(house, number, "more") == ["sent", "sent"], "one for each day"


def test_what_waited_for_the_morning_counts_on_the_day_on_which_it_goes_out(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    room.settle()
    house.now = TEN.replace(hour=23)
    write(house, room, number, 8)
    assert len(texts()) == 1, "the receipt of the day before"
    house.now = TEN.replace(hour=8) + timedelta(days=1)
    room.sweep()
    write(house, room, number, 2)
    assert (len(texts()), fates(house, number, "more")) == (1 + 6 + 1, ["sent"])


def test_two_who_hold_back_at_once_say_once_that_there_is_more(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    write(house, room, number, 5)
    for _ in range(2):
        house.do(number, "notes", {"text": "已联系物流。", "public": True})
    room.react()
    one, other = room.messages()
    left = iter([other])

    def meanwhile(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:Query", "after") and (message := next(left, None)):
            assert run(app.deliver, [message]) == []

    with house.interfering(meanwhile):
        assert run(app.deliver, [one]) == []
    assert list(left) == []
    room.settle()
    assert (len(texts()), fates(house, number, "more")) == (6 + 1, ["sent"])


def subjects() -> list[Any]:
    return [letter["Subject"] for letter in mails_to(WANG)]


def test_a_consumer_who_takes_back_and_opens_again_all_day_is_not_flooded(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    for _ in range(15):
        house.do(number, "withdrawal", {"reason": "不要了 https://evil.example"}, "cs.lead")
        house.do(number, "reopening", {"reason": "还是要 https://evil.example"}, "cs.lead")
        room.settle()
    assert len(mails_to(WANG)) <= 20 + 1
    assert "evil" not in str(mails_to(WANG))
    assert subjects()[-1].startswith("您的投诉有更多进展")
