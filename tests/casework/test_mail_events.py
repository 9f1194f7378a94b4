"""4.1c: what the mail system reports of a notice is recorded, and a promise does not die in a mailbox."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from

import app
from chalicelib.log import Failed
from tests.house import KETTLE, PLAN, REPORT, House, Killed, refused

from .mailroom import AWAY, HARD, SOFT, Mailroom, mail_event, mails_to, notices, texts, told
from .streams import run

WANG = "wang@example.cn"
MAIL_ONLY = {"name": "王芳", "email": WANG}


def filed(house: House) -> set[str]:
    """A complaint was filed, and its receipt mailed; what was reacted to."""
    room = Mailroom(house)
    house.file(contact=MAIL_ONLY | ({"phone": "13800138000"}))
    room.settle()
    return room.seen


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house, house.begun(filed))


def receipt(house: House) -> dict[str, Any]:
    return next(item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer"))


def state(house: House) -> str:
    return str(receipt(house)["email_state"]["S"])


def number(house: House) -> str:
    return str(receipt(house)["pk"]["S"].removeprefix("RECORD#"))


def unreached(house: House, complaint_id: str) -> list[tuple[str, str | None, bool]]:
    """What did not arrive, by which channel, and whether a call was asked for then."""
    entries = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    found = [entry["details"] for entry in entries if entry["type"] == "ConsumerUnreachable"]
    return [(one["notice"], one.get("channel"), one["asks"]) for one in found]


def requests_to_call(complaint_id: str) -> int:
    return [subject for subject, _ in told("customer_service")].count(f"[Redress] bounce {complaint_id}")


def hear(house: House, kind: str, **more: Any) -> int:
    return int(app.mail_events(mail_event(house, kind, receipt(house), **more), None))


def test_a_delivery_is_recorded_with_one_call(house: House, room: Mailroom):
    entry = mail_event(house, "Delivery", receipt(house))
    with house.counting() as calls:
        assert app.mail_events(entry, None) == 1
    assert calls == ["dynamodb:UpdateItem"]
    assert state(house) == "delivered"
    shown = house.get(f"/v1/complaints/{number(house)}/notices", "cs.lin").json["items"][0]
    assert (shown["kind"], shown["state"]) == ("receipt", "sent")
    assert shown["channels"] == [
        {"channel": "email", "state": "delivered", "to": "w***@example.cn", "at": "2026-10-09T07:40:00Z"}
    ]


def test_a_hard_bounce_falls_back_to_sms_and_the_address_is_not_written_to_again(house: House, room: Mailroom):
    assert hear(house, "Bounce", **HARD) == 1
    room.settle()
    assert [to for to, _ in texts()] == ["+8613800138000"]
    assert (state(house), receipt(house)["sms_state"]["S"], receipt(house)["state"]["S"]) == ("bounced", "sent", "sent")
    house.do(number(house), "acknowledgement", {})
    room.settle()
    assert len(mails_to(WANG)) == 1
    assert len(texts()) == 2
    assert house.get(f"/v1/complaints/{number(house)}", "cs.lin").json["contact"]["email_unusable"] is True


def test_without_a_number_customer_service_is_asked_to_call(house: House):
    room = Mailroom(house)
    house.file(contact=MAIL_ONLY)
    room.settle()
    hear(house, "Bounce", **HARD)
    room.settle()
    assert ("consumer", "receipt", "undeliverable") in notices(house, number(house))
    entries = house.get(f"/v1/complaints/{number(house)}/timeline", "cs.lin").json["items"]
    assert [entry["details"] for entry in entries if entry["type"] == "ConsumerUnreachable"] == [
        {"seq": 1, "notice": "receipt", "channel": "email", "asks": True}
    ]
    (bounce,) = told("customer_service")
    assert bounce[0] == f"[Redress] bounce {number(house)}"
    assert "电话" in bounce[1]


def test_whom_nothing_reaches_keeps_the_link_there_is(house: House):
    room = Mailroom(house)
    filed = house.file(contact=MAIL_ONLY)
    room.settle()
    hear(house, "Bounce", **HARD)
    room.settle()
    refused(house.do(number(house), "link", {}), 409, "not_allowed")
    assert house.get(f"/v1/complaints/{number(house)}", token=filed["consumer_token"]).status == 200


def test_one_request_to_call_stands_until_the_consumer_has_been_reached(house: House):
    """What did not arrive is on record each time; the call tells of all of it."""
    room = Mailroom(house)
    house.file(contact=MAIL_ONLY)
    room.settle()
    hear(house, "Bounce", **HARD)
    room.settle()
    mine = number(house)
    house.do(mine, "acknowledgement", {})
    room.settle()
    house.do(mine, "calls", {"about": "notice", "reached": False, "note": "无人接听"})
    house.do(mine, "information-requests", {"question": "请提供壶底的批号。"})
    room.settle()
    assert requests_to_call(mine) == 1
    assert unreached(house, mine) == [
        ("receipt", "email", True),
        ("acknowledgement", None, False),
        ("information_request", None, False),
    ]
    assert house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"] == "2026-10-09T07:40:00Z"

    house.do(mine, "calls", {"about": "notice", "reached": True})
    assert house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"] is None
    house.do(mine, "withdrawal", {})
    room.settle()
    assert requests_to_call(mine) == 2
    assert unreached(house, mine)[-1] == ("withdrawal", None, True)


def test_whoever_has_only_a_landline_is_called_and_never_texted(house: House):
    room = Mailroom(house)
    mine = house.file(contact={"name": "王芳", "phone": "010-62345678"})["complaint_id"]
    room.settle()
    assert texts() == []
    assert ("consumer", "receipt", "undeliverable") in notices(house, mine)
    (asked,) = told("customer_service")
    assert asked[0] == f"[Redress] bounce {mine}"
    assert "“投诉收到通知”没有送达" in asked[1]
    assert unreached(house, mine) == [("receipt", None, True)]


def test_a_call_is_on_record_with_who_made_it_and_the_consumer_does_not_see_it(house: House):
    receipt = house.file()
    mine = receipt["complaint_id"]
    house.now += timedelta(hours=1)
    made = house.do(mine, "calls", {"about": "safety", "reached": False, "note": "无人接听"}, "quality.he").json
    assert made == {"seq": 2, "at": "2026-10-09T08:40:00Z", "caller": "quality.he"} | {
        "about": "safety",
        "reached": False,
        "note": "无人接听",
    }
    entry = house.get(f"/v1/complaints/{mine}/timeline", "cs.lin").json["items"][-1]
    assert (entry["type"], entry["actor"]["id"], entry["public"]) == ("ConsumerCalled", "quality.he", False)
    seen = house.get(f"/v1/complaints/{mine}/timeline", token=receipt["consumer_token"]).json["items"]
    assert [one["type"] for one in seen] == ["ComplaintFiled"]


def test_a_soft_bounce_is_left_to_the_mail_system_until_it_gives_up(house: House, room: Mailroom):
    hear(house, "DeliveryDelay")
    assert state(house) == "delayed"
    room.settle()
    assert texts() == []
    hear(house, "Bounce", **SOFT)
    room.settle()
    assert state(house) == "undelivered"
    assert len(texts()) == 1
    house.do(number(house), "acknowledgement", {})
    room.settle()
    assert len(mails_to(WANG)) == 2, "the mailbox may have room again"


@pytest.mark.parametrize("seconds", [-3, 0, 3])
@pytest.mark.parametrize("late", [False, True])
def test_an_out_of_office_answer_is_not_taken_for_a_bounce_before_or_after_the_delivery(
    house: House, room: Mailroom, seconds: int, late: bool
):
    """In whatever order the two happen, and are reported."""
    delivered = house.now + timedelta(seconds=5)
    away = lambda: hear(house, "Bounce", at=delivered + timedelta(seconds=seconds), **AWAY)  # noqa: E731
    if not late:
        away()
    hear(house, "Delivery", at=delivered)
    if late:
        assert away() == 0
    room.settle()
    assert (state(house), texts(), receipt(house)["state"]["S"]) == ("delivered", [], "sent")


def test_a_mailbox_that_is_full_after_the_delivery_is_taken_and_the_notice_goes_by_text(house: House, room: Mailroom):
    hear(house, "Delivery", at=house.now + timedelta(seconds=1))
    hear(house, "Bounce", at=house.now + timedelta(seconds=2), **SOFT)
    room.settle()
    assert (state(house), len(texts())) == ("undelivered", 1)


@pytest.mark.parametrize("later", ["Delivery", "Bounce"])
def test_in_whatever_order_reports_come_the_mail_stands_as_was_known_last(house: House, room: Mailroom, later: str):
    first, second = house.now + timedelta(seconds=1), house.now + timedelta(seconds=9)
    delivered, full = (second, first) if later == "Delivery" else (first, second)
    heard = [("Delivery", delivered, {}), ("Bounce", full, SOFT)]
    for order in (heard, heard[::-1], [*heard, *heard]):
        for kind, at, more in order:
            hear(house, kind, at=at, **more)
        assert state(house) == ("delivered" if later == "Delivery" else "undelivered")


def test_what_arrives_before_it_was_sent_otherwise_is_not_sent_otherwise(house: House, room: Mailroom):
    hear(house, "Bounce", at=house.now + timedelta(seconds=1), **SOFT)
    hear(house, "Delivery", at=house.now + timedelta(seconds=2))
    room.settle()
    assert (state(house), texts(), receipt(house)["state"]["S"]) == ("delivered", [], "sent")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_call_about_what_has_arrived_after_all_is_not_asked_for_any_more(house: House, moment: str):
    room = Mailroom(house)
    mine = house.file(contact=MAIL_ONLY)["complaint_id"]
    room.settle()
    hear(house, "Bounce", at=house.now + timedelta(seconds=1), **SOFT)
    room.settle()
    assert house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"] is not None
    entry = mail_event(house, "Delivery", receipt(house), at=house.now + timedelta(seconds=2))
    assert list(house.deaths(lambda: app.mail_events(entry, None), moment))
    assert house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"] is None
    assert (state(house), receipt(house)["state"]["S"]) == ("delivered", "sent")
    entries = house.get(f"/v1/complaints/{mine}/timeline", "cs.lin").json["items"]
    assert [one["type"] for one in entries].count("ConsumerReached") == 1


def test_a_call_stands_as_long_as_anything_else_did_not_arrive(house: House):
    room = Mailroom(house)
    mine = house.file(contact=MAIL_ONLY)["complaint_id"]
    house.do(mine, "acknowledgement", {})
    room.settle()
    items = {item["sk"]["S"].split("#")[2]: item for item in house.items() if item["sk"]["S"].endswith("#consumer")}
    for kind in ("receipt", "acknowledgement"):
        event = mail_event(house, "Bounce", items[kind], at=house.now + timedelta(seconds=1), **SOFT)
        app.mail_events(event, None)
        room.settle()
    for kind, asked in (("receipt", True), ("acknowledgement", False)):
        event = mail_event(house, "Delivery", items[kind], at=house.now + timedelta(seconds=2))
        app.mail_events(event, None)
        assert (house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"] is not None) == asked


def test_who_complains_of_the_mail_gets_no_more_of_it(house: House, room: Mailroom):
    hear(house, "Delivery")
    hear(house, "Complaint")
    house.do(number(house), "acknowledgement", {})
    room.settle()
    assert state(house) == "complained"
    assert len(mails_to(WANG)) == 1
    assert len(texts()) == 1


@pytest.fixture
def mailed(house: House, room: Mailroom) -> Callable[[], None]:
    """Brings back the moment at which the receipt had just been mailed."""
    return house.remembered()


@settings(max_examples=15)
@given(reports=lists(sampled_from(["Delivery", "DeliveryDelay", "Bounce"]), min_size=1, max_size=6))
def test_reports_that_come_twice_or_in_any_order_lead_to_one_fallback(
    house: House, mailed: Callable[[], None], reports: list[str]
):
    mailed()
    room = Mailroom(house)
    for kind in reports:
        hear(house, kind, **(HARD if kind == "Bounce" else {}))
        room.settle()
    assert len(texts()) == ("Bounce" in reports)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_report_that_is_cut_short_is_finished_when_it_comes_again(house: House, moment: str):
    room = Mailroom(house)
    house.file()
    room.settle()
    entry = mail_event(house, "Bounce", receipt(house), **HARD)
    deadly = list(house.deaths(lambda: app.mail_events(entry, None), moment))
    assert len(deadly) >= 3  # the notice, the address, the queue
    room.settle()
    assert len(texts()) == 1
    assert len(mails_to(WANG)) == 1


def test_a_report_that_is_faster_than_our_own_record_comes_again(house: House):
    room = Mailroom(house)
    house.file()
    room.react()
    (message,) = [one for one in room.messages() if "receipt" in one["body"]]
    with pytest.raises(Killed), house.killed_at(3, "before"):
        app.deliver({"Records": [message]}, None)
    early = receipt(house) | {"email_message_id": {"S": "not-recorded-yet"}}
    with pytest.raises(Failed):
        app.mail_events(mail_event(house, "Delivery", early), None)


def test_a_report_by_another_topic_or_about_another_message_changes_nothing(house: House, room: Mailroom):
    forged = mail_event(house, "Bounce", receipt(house), **HARD)
    forged["Records"][0]["Sns"]["TopicArn"] = "arn:aws:sns:us-east-1:666:evil"
    assert app.mail_events(forged, None) == 0
    other = mail_event(house, "Bounce", receipt(house) | {"email_message_id": {"S": "other"}}, **HARD)
    assert app.mail_events(other, None) == 0
    assert state(house) == "sent"


@pytest.mark.parametrize("kind", ["Open", "Click", "Send", "Rendering Failure"])
def test_other_reports_are_passed_over(house: House, room: Mailroom, kind: str):
    assert hear(house, kind) == 0


def test_mail_that_is_not_ours_is_passed_over(house: House, room: Mailroom):
    topic = house.environment["REDRESS_MAIL_EVENTS_TOPIC"]
    told_of = {"eventType": "Bounce", "mail": {"messageId": "x", "tags": {}}, **HARD}
    record = {"Sns": {"TopicArn": topic, "MessageId": "m", "Message": json.dumps(told_of)}}
    assert app.mail_events({"Records": [record]}, None) == 0


def test_the_sentence_with_which_ses_tries_the_topic_is_passed_over(house: House, room: Mailroom):
    topic = house.environment["REDRESS_MAIL_EVENTS_TOPIC"]
    sentence = "Successfully validated SNS topic for Amazon SES event publishing."
    record = {"Sns": {"TopicArn": topic, "MessageId": "m", "Message": sentence}}
    assert app.mail_events({"Records": [record]}, None) == 0


def test_a_bounce_to_a_member_of_staff_leaves_the_consumer_alone(house: House, room: Mailroom):
    item = next(one for one in house.items() if one["sk"]["S"].endswith("#assigned#assignee"))
    app.mail_events(mail_event(house, "Bounce", item, **HARD), None)
    room.settle()
    assert house.get(f"/v1/complaints/{number(house)}", "cs.lin").json["contact"]["email_unusable"] is False
    assert [name for name in notices(house, number(house)) if name[2] == "undeliverable"] == [
        ("assignee", "assigned", "undeliverable")
    ]
    ((subject, text),) = told("customer_service")
    assert subject == f"[Redress] staff_bounce {number(house)}"
    assert "承办人" in text
    assert "分派通知" in text


def test_every_notice_that_does_not_reach_its_colleague_is_passed_on_once(house: House, room: Mailroom):
    """The colleague's own address is no part of the record, and the consumer sees none of it."""
    mine = number(house)
    item = next(one for one in house.items() if one["sk"]["S"].endswith("#assigned#assignee"))
    for _ in range(2):
        app.mail_events(mail_event(house, "Bounce", item, **HARD), None)
        room.settle()
    assert len(told("customer_service")) == 1
    entries = house.get(f"/v1/complaints/{mine}/timeline", "cs.lin").json["items"]
    (unreached,) = [one for one in entries if one["type"] == "AssigneeUnreachable"]
    assert unreached["details"] == {"seq": int(item["sk"]["S"].split("#")[1]), "notice": "assigned", "channel": "email"}
    assert unreached["public"] is False
    house.do(mine, "acknowledgement", {})
    house.do(mine, "investigation-report", REPORT)
    house.do(mine, "resolution-plan", PLAN)
    house.do(mine, "feedback", {"satisfied": False, "opinion": "不够"})
    room.settle()
    objection = next(one for one in house.items() if one["sk"]["S"].endswith("#objection#assignee"))
    app.mail_events(mail_event(house, "Bounce", objection, **HARD), None)
    room.settle()
    assert len([subject for subject, _ in told("customer_service") if "staff_bounce" in subject]) == 2


def test_a_plan_that_bounced_was_texted_already(house: House):
    room = Mailroom(house)
    mine = house.file()["complaint_id"]
    house.do(mine, "acknowledgement", {})
    house.do(mine, "investigation-report", REPORT)
    house.do(mine, "resolution-plan", PLAN)
    room.settle()
    item = next(one for one in house.items() if one["sk"]["S"].endswith("#plan#consumer"))
    assert len(texts()) == 1
    app.mail_events(mail_event(house, "Bounce", item, **HARD), None)
    room.settle()
    assert len(texts()) == 1
    assert ("consumer", "plan", "sent") in notices(house, mine)
    assert KETTLE["contact"]["email"] == WANG


def thought_lost(house: House, room: Mailroom) -> tuple[str, dict[str, Any], Callable[[], object]]:
    """A receipt that an out-of-office answered, to whom there is no other channel: which complaint it is about, the
    message that is to be delivered, and what brings the report that it has arrived."""
    mine = house.file(contact=MAIL_ONLY)["complaint_id"]
    room.settle()
    hear(house, "Bounce", at=house.now + timedelta(seconds=1), **AWAY)
    (message,) = room.messages()
    arrived = mail_event(house, "Delivery", receipt(house), at=house.now + timedelta(seconds=2))
    return mine, message, lambda: app.mail_events(arrived, None)


def called_about(house: House, mine: str) -> str | None:
    return house.get(f"/v1/complaints/{mine}", "cs.lin").json["to_call_since"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("call", ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems", "dynamodb:UpdateItem"])
@pytest.mark.parametrize("looked_at", [False, True])
def test_what_arrives_while_it_is_given_up_is_sent_and_nobody_need_call(house: House, call: str, looked_at: bool):
    """Whenever it comes: after the notice is read, before the call is asked for, before it is given up. `looked_at`:
    another has looked at it by then."""
    room = Mailroom(house)
    mine, message, arrive = thought_lost(house, room)
    left = iter([True])

    def meanwhile(made: str, moment: str) -> None:
        if (made, moment) == (call, "after" if "Get" in call else "before") and next(left, False):
            arrive()
            if looked_at:
                room.settle()

    with house.interfering(meanwhile):
        assert run(app.deliver, [message]) == []
    assert next(left, None) is None
    room.settle()
    assert (state(house), receipt(house)["state"]["S"], called_about(house, mine)) == ("delivered", "sent", None)


def dying(number: int, moment: str, arrive: Callable[[], object]) -> Callable[[str, str], None]:
    """It arrives before the call is asked for, and the process dies at its `number`-th call (from 1)."""
    made, arrived, busy = 0, False, False

    def interfere(call: str, at: str) -> None:
        nonlocal made, arrived, busy
        if busy:
            return
        made += at == "before"
        if (call, at, arrived) == ("dynamodb:TransactWriteItems", "before", False):
            arrived = busy = True
            arrive()
            busy = False
        if (made, at) == (number, moment):
            raise Killed

    return interfere


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_what_arrives_while_it_is_given_up_leaves_no_call(house: House, moment: str):
    room = Mailroom(house)
    mine, message, arrive = thought_lost(house, room)
    again, deaths = house.remembered(), 0
    while True:
        again()
        try:
            with house.interfering(dying(deaths + 1, moment, arrive)):
                run(app.deliver, [message])
        except Killed:
            deaths += 1
        else:
            break
        arrive()
        assert run(app.deliver, [message]) == []
        Mailroom(house).settle()
        assert (state(house), receipt(house)["state"]["S"], called_about(house, mine)) == ("delivered", "sent", None)
    assert deaths >= 6, "it is read, the call is asked for, it is not given up, nobody need call, it is sent on"
