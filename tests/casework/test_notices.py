"""4.1c, 4.3b, 4.4a, 4.5a, 5.3: everyone is told, once, in their own language, whatever is repeated or cut short."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from hypothesis import given, settings
from hypothesis.strategies import lists, permutations, sampled_from

import app
from chalicelib.adapters import mail, outbox
from chalicelib.casework.react import queue_notices, react
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.notices import NoticeKey
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.furnished import forget_clients
from tests.house import FRIDAY, KETTLE, PLAN, REPORT, House, Killed, forget

from .mailroom import Mailroom, mails, mails_to, notices, plain, texts, told
from .streams import new_records, run

WANG = "wang@example.cn"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
MAIL_ONLY = {"name": "王芳", "email": WANG}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def sweep() -> Any:
    return app.sweep(scheduled_event("sweep", REGION, FRIDAY), None)


def item_of(house: House, kind: str) -> dict[str, Any]:
    return next(item for item in house.items() if item["sk"]["S"].split("#")[2:3] == [kind])


def failing(service: str, fault: Exception, *, to: Callable[[], bool] = lambda: True) -> Callable[[str, str], None]:
    """The calls of a service fail before they have an effect."""

    def fail(call: str, moment: str) -> None:
        if call.startswith(service) and moment == "before" and to():
            raise fault

    return fail


NO_ANSWER = ReadTimeoutError(endpoint_url="https://email.example")
DOWN = EndpointConnectionError(endpoint_url="https://email.example")
THROTTLED = ClientError(
    {"Error": {"Code": "TooManyRequestsException"}, "ResponseMetadata": {"HTTPStatusCode": 429}},  # type: ignore[typeddict-item]
    "SendEmail",
)


# ---- who is told what ----------------------------------------------------------------------------------------------


def test_the_receipt_reaches_the_consumer_with_number_date_and_link(house: House, room: Mailroom):
    receipt = house.file()
    room.settle()
    (letter,) = mails_to(WANG)
    text, html = plain(letter), letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert letter["Subject"] == f"我们已收到您的投诉（编号 {receipt['complaint_id']}）"
    assert letter["X-Redress-Record"] == receipt["complaint_id"]
    assert letter["Reply-To"] is None
    assert text.startswith("您好：")
    assert "2026年10月10日（星期六）15:40" in text
    assert receipt["tracking_url"] in text
    assert receipt["tracking_url"] in html.replace("&amp;", "&")
    notice = item_of(house, "receipt")
    assert (notice["state"]["S"], notice["email_at"]["S"]) == ("sent", "2026-10-09T07:40:00Z")
    assert notice["email_message_id"]["S"]
    assert notice["email_to"]["S"] == "w***@example.cn"


def test_the_receipt_names_the_privacy_page_of_the_settings(
    house: House, room: Mailroom, monkeypatch: pytest.MonkeyPatch
):
    house.set(
        monkeypatch,
        REDRESS_SENDER="示例商城 <complaints@example.com>",
        REDRESS_PRIVACY_URL="https://shop.example/privacy",
    )
    house.file()
    room.settle()
    text = plain(mails_to(WANG)[0])
    assert "由示例商城处理" in text
    assert "https://shop.example/privacy" in text


def test_a_whole_life_is_told_step_by_step(house: House, room: Mailroom):
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.settle()
    house.do(number, "feedback", {"satisfied": False, "opinion": "我要换一个新的"})
    room.settle()
    house.do(number, "resolution-plan", PLAN)
    room.settle()
    house.do(number, "feedback", {"satisfied": True})
    house.do(number, "follow-ups/1/completion", {})
    room.settle()
    consumer = [(kind, state) for audience, kind, state in notices(house, number) if audience == "consumer"]
    kinds = ["receipt", "acknowledgement", "plan", "adjusted_plan", "closure", "follow_ups_done"]
    assert consumer == [(kind, "sent") for kind in kinds]
    assert len(mails_to(WANG)) == len(kinds)
    assert [to for to, _ in texts()] == ["+8613800138000"] * 2, "the two plans have a deadline"
    assert "调整了处理方案" in plain(mails_to(WANG)[3])
    assert "我要换一个新的" not in str(mails_to(WANG)), "nobody has confirmed the address"
    assert told("customer_service")[0][0] == f"[Redress] objection {number}"


@pytest.mark.parametrize(
    ("locale", "subject"), [("zh-TW", "我們已收到您的申訴"), ("en", "We have received your complaint")]
)
def test_the_receipt_is_in_the_consumers_language(house: House, room: Mailroom, locale: str, subject: str):
    house.file(locale=locale)
    room.settle()
    assert mails_to(WANG)[0]["Subject"].startswith(subject)


def test_what_staff_typed_stays_text(house: House, room: Mailroom):
    hostile = "{{ 7*7 }}<script>alert(1)</script>%s"
    house.do(house.file()["complaint_id"], "notes", {"text": hostile, "public": True})
    room.settle()
    letter = mails_to(WANG)[-1]
    assert hostile in plain(letter)
    html = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "{{ 7*7 }}&lt;script&gt;" in html


def test_a_line_break_never_gets_into_a_header(house: House):
    with pytest.raises(ValueError, match="Header values"):
        mail.send(WANG, "收到\r\nBcc: all@example.cn", "", "", NoticeKey("7K2M9-XD4FQ", 1, "consumer", "receipt"))
    assert mails() == []


def test_who_has_no_mailbox_is_texted(house: House, room: Mailroom):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    room.settle()
    ((to, text),) = texts()
    assert to == "+8613800138000"
    assert number in text
    assert (item_of(house, "receipt")["sms_state"]["S"], item_of(house, "receipt")["sms_to"]["S"]) == (
        "sent",
        "+86138****8000",
    )
    assert mails_to(WANG) == []


def test_a_new_complaint_has_somebody_who_is_mailed(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    room.settle()
    assignee = house.get(f"/v1/complaints/{number}", "cs.lin").json["assignee"]
    (letter,) = mails_to(f"{assignee}@staff.example")
    assert number in letter["Subject"]


def test_where_nobody_has_the_complaint_only_the_department_is_told(house: House, room: Mailroom):
    house.take_off_duty("cs.lin", "cs.chen", "cs.lead")
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    house.do(number, "feedback", {"satisfied": False, "opinion": "不够"})
    room.settle()
    objection = [(audience, state) for audience, kind, state in notices(house, number) if kind == "objection"]
    assert sorted(objection) == [("assignee", "nobody"), ("customer_service", "sent")]


def test_staff_notices_carry_no_words_that_anybody_typed(house: House, room: Mailroom):
    number = house.file(category="product_quality")["complaint_id"]
    house.do(number, "acknowledgement", {})
    room.settle()
    house.do(number, "inquiries/1/answer", {"assessment": "玻璃太薄"}, "quality.he")
    house.do(number, "investigation-report", REPORT)
    house.do(number, "resolution-plan", PLAN)
    house.do(number, "feedback", {"satisfied": False, "opinion": "王芳说不够"})
    room.settle()
    said = told("quality") + told("customer_service")
    assert [subject.split()[1] for subject, _ in said] == ["inquiry_asked", "inquiry_answered", "objection"]
    for words in (KETTLE["description"], "玻璃太薄", "王芳", "请对投诉所述"):
        assert words not in str(said)


def test_an_sms_goes_out_by_whatever_sender_the_settings_name(
    house: House, room: Mailroom, monkeypatch: pytest.MonkeyPatch
):
    house.set(monkeypatch, REDRESS_SMS_SENDER="tests.casework.carrier_pigeon")
    house.file(contact=PHONE_ONLY)
    room.settle()
    from .carrier_pigeon import SENT

    assert [to for to, _, _ in SENT] == ["+8613800138000"]
    assert item_of(house, "receipt")["sms_message_id"]["S"] == "pigeon-1"
    assert texts() == []


# ---- once ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(house: House) -> Callable[[], None]:
    """Brings back the moment at which a complaint was just closed, and nothing of its life was delivered yet."""
    house.bring_to("closed")
    return house.remembered()


@settings(max_examples=12)
@given(order=permutations(range(6)), twice=lists(sampled_from(range(6)), max_size=4))
def test_doubled_delayed_and_reordered_deliveries_lead_to_the_same_outbox(
    house: House, closed: Callable[[], None], order: list[int], twice: list[int]
):
    closed()
    records = new_records(house, set())
    assert len(records) == len(order)
    for index in [*order, *twice]:
        assert run(app.react, [records[index]]) == []
    room = Mailroom(house)
    messages = room.messages()
    for message in [*messages, *reversed(messages)]:
        run(app.deliver, [message])
    house.pass_time(minutes=6)
    sweep()
    while waiting := room.messages():
        run(app.deliver, waiting)
    number = records[0]["dynamodb"]["NewImage"]["pk"]["S"].rpartition("#")[2]
    kinds = {kind for audience, kind, state in notices(house, number) if (audience, state) == ("consumer", "sent")}
    assert kinds == {"receipt", "acknowledgement", "plan", "closure"}
    assert len(mails_to(WANG)) == 4


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("contact", [MAIL_ONLY, PHONE_ONLY, KETTLE["contact"]])
def test_a_delivery_that_dies_at_any_call_is_taken_up_and_repeats_only_what_may_have_gone_out(
    house: House, contact: dict[str, str], moment: str
):
    number = house.file(contact=contact)["complaint_id"]
    house.do(number, "acknowledgement", {})
    house.do(number, "investigation-report", REPORT)
    house.do(number, "resolution-plan", PLAN)
    room = Mailroom(house)
    room.react()
    message = next(one for one in room.messages() if json.loads(one["body"])["kind"] == "plan")
    once = len(mails_to(WANG)) + len(texts())
    deaths = 0
    while True:
        try:
            with house.killed_at(deaths, moment):
                assert run(app.deliver, [message]) == []
        except Killed:
            deaths += 1
        else:
            break
        house.now += outbox.CLAIM + timedelta(seconds=1)
        while run(app.deliver, [message]):
            house.now += outbox.CLAIM + timedelta(seconds=1)
        channels = 2 if contact == KETTLE["contact"] else 1
        sent = len(mails_to(WANG)) + len(texts()) - once
        assert channels <= sent <= channels + 1, "bounded to one repeat"
        assert outbox.as_notice(item_of(house, "plan")).repeated >= (sent > channels), "and marked"
        house.forget_notice("plan")
        room.seen.clear()
        room.react()
        message = next(one for one in room.messages() if json.loads(one["body"])["kind"] == "plan")
        once = len(mails_to(WANG)) + len(texts())
    assert deaths >= 4


def test_two_consumers_at_once_send_one_mail(house: House, room: Mailroom):
    house.file()
    room.react()
    (message,) = [one for one in room.messages() if "receipt" in one["body"]]
    at_the_same_time: list[list[str]] = []

    def meanwhile(call: str, moment: str) -> None:
        if call == "dynamodb:UpdateItem" and moment == "before" and not at_the_same_time:
            at_the_same_time.append([])
            at_the_same_time[0] = run(app.deliver, [message])

    with house.interfering(meanwhile):
        assert run(app.deliver, [message]) == [message["messageId"]], "the second finds it claimed"
    assert at_the_same_time == [[]]
    assert run(app.deliver, [message]) == []
    assert len(mails_to(WANG)) == 1


def test_when_two_senders_have_died_over_a_notice_people_are_asked_instead(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    room.react()
    (message,) = [one for one in room.messages() if "receipt" in one["body"]]
    for _ in range(2):
        with pytest.raises(Killed), house.killed_at(2, "before"):
            run(app.deliver, [message])
        house.now += outbox.CLAIM + timedelta(seconds=1)
    assert run(app.deliver, [message]) == []
    assert ("consumer", "receipt", "uncertain") in notices(house, number)
    room.settle()
    assert [subject for subject, _ in told("customer_service")] == [f"[Redress] bounce {number}"]
    assert mails_to(WANG) == []


def test_a_record_that_cannot_be_read_is_named_and_holds_up_no_other(house: House, room: Mailroom):
    house.file()
    (good,) = room.records()
    poison = {"eventID": "p", "dynamodb": {"SequenceNumber": "666", "NewImage": {"entry": {"S": "{}"}}}}
    assert run(app.react, [poison, good]) == ["666"]
    assert len(room.messages()) == 1


def test_a_failing_reaction_keeps_no_other_from_running(house: House, room: Mailroom):
    house.file()
    seen: list[Entry] = []

    def broken(entry: Entry, now: Any) -> None:
        raise RuntimeError("out of order")

    def counting(entry: Entry, now: Any) -> None:
        seen.append(entry)

    assert react(room.records(), FRIDAY, lambda entry: (broken, counting, queue_notices)) == ["1"]
    assert len(seen) == 1
    assert len(room.messages()) == 1


@pytest.mark.parametrize("body", ["not json", "{}", '{"complaint_id": "x"}', "[]", '"x"'])
def test_a_message_that_is_no_notice_is_given_back_for_the_dead_letters(house: House, body: str):
    assert run(app.deliver, [{"messageId": "m1", "body": body}]) == ["m1"]


# ---- when a sender is down -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [DOWN, THROTTLED])
def test_what_cannot_be_sent_now_is_sent_when_it_can_be_without_anybodys_help(
    house: House, room: Mailroom, fault: Exception
):
    number = house.file()["complaint_id"]
    room.react()
    receipt = next(one for one in room.messages() if "receipt" in one["body"])
    with house.interfering(failing("sesv2", fault)):
        for receives in (1, 2):
            again = run(app.deliver, [receipt | {"attributes": {"ApproximateReceiveCount": str(receives)}}])
            assert again == [receipt["messageId"]]
            assert ("consumer", "receipt", "queued") in notices(house, number)
        assert run(app.deliver, [receipt | {"attributes": {"ApproximateReceiveCount": "3"}}]) == [], "it waits"
    assert sweep()["woken"] == 0
    house.now += timedelta(minutes=5)
    assert sweep()["woken"] == 1
    room.settle()
    assert len(mails_to(WANG)) == 1
    house.now += timedelta(days=1)
    assert sweep()["woken"] == 0, "it left its place in the index"


def test_a_sender_that_took_it_and_did_not_answer_is_asked_once_more_and_no_oftener(house: House, room: Mailroom):
    number = house.file(contact=MAIL_ONLY)["complaint_id"]
    room.react()
    (receipt,) = [one for one in room.messages() if "receipt" in one["body"]]

    def silent(call: str, moment: str) -> None:
        if call.startswith("sesv2") and moment == "after":
            raise NO_ANSWER

    with house.interfering(silent):
        for receives in range(1, 6):
            again = run(app.deliver, [receipt | {"attributes": {"ApproximateReceiveCount": str(receives)}}])
            assert again == ([receipt["messageId"]] if receives < 3 else [])
            house.now += outbox.CLAIM + timedelta(seconds=1)
    assert len(mails_to(WANG)) == 2
    assert outbox.as_notice(item_of(house, "receipt")).repeated
    assert ("consumer", "receipt", "uncertain") in notices(house, number)


def test_an_outage_of_the_mail_system_delays_nothing_else(house: House, room: Mailroom):
    house.file()
    house.file(contact=PHONE_ONLY, order_number="E2")
    room.react()
    with house.interfering(failing("sesv2", DOWN)):
        room.deliver(receives=3)
    assert len(texts()) == 1
    assert mails() == []


def test_a_long_outage_is_asked_about_less_and_less_often(house: House, room: Mailroom):
    house.file(contact=MAIL_ONLY)
    room.react()
    pauses = []
    with house.interfering(failing("sesv2", DOWN)):
        for _ in range(16):
            room.deliver(receives=3)
            wakes = datetime.fromisoformat(item_of(house, "receipt")["alarm_sk"]["S"].split("#")[0])
            pauses.append((wakes - house.now).total_seconds() / 60)
            house.now = wakes
            sweep()
    assert pauses[0] == 5
    assert pauses[-1] == 60
    assert pauses == sorted(pauses)


def test_a_plan_never_arrives_after_its_reminder(house: House, room: Mailroom):
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.react()
    plan = next(one for one in room.messages() if '"plan"' in one["body"])
    with house.interfering(failing("sesv2", DOWN)):
        run(app.deliver, [plan | {"attributes": {"ApproximateReceiveCount": "3"}}])
    house.now = datetime(2026, 10, 14, 8, 1, tzinfo=SHANGHAI)
    sweep()
    room.react()
    reminder = next(one for one in room.messages() if "answer_reminder" in one["body"])
    assert run(app.deliver, [reminder]) == []
    assert ("consumer", "answer_reminder", "queued") in notices(house, number)
    assert run(app.deliver, [plan]) == []
    house.now += timedelta(minutes=6)
    sweep()
    room.settle()
    mine = [letter["Subject"] for letter in mails_to(WANG) if number in letter["Subject"]]
    assert len(mine) == len(set(mine))
    assert "提醒" in mine[-1] or "确认" in mine[-1], mine
    assert [
        kind for _, kind, state in notices(house, number) if (state == "sent" and "plan" in kind) or "answer" in kind
    ]


def test_a_plan_accepted_by_phone_before_it_was_sent_is_had_in_writing_and_the_acceptance_told_after_it(
    house: House, room: Mailroom
):
    number = house.bring_to("planning")["complaint_id"]
    room.settle()
    house.do(number, "resolution-plan", PLAN)
    room.react()
    (plan,) = room.messages()
    with house.interfering(failing("s", DOWN, to=lambda: house.calls[-1].startswith(("sesv2", "sns")))):
        run(app.deliver, [plan])
    assert house.do(number, "feedback", {"satisfied": True}).status == 200
    room.react()
    assert run(app.deliver, [plan]) == []
    room.settle()
    states = {kind: state for audience, kind, state in notices(house, number) if audience == "consumer"}
    assert (states["plan"], states["closure"]) == ("sent", "sent")
    assert "电话中所说" in plain(mails_to(WANG)[-1])


def test_a_question_that_was_answered_before_it_was_sent_is_dropped(house: House, room: Mailroom):
    receipt = house.bring_to("investigating")
    number = receipt["complaint_id"]
    room.settle()
    sent = len(mails_to(WANG)), len(texts())
    house.do(number, "information-requests", {"question": "请问裂缝在哪里？"})
    assert house.do(number, "information", {"text": "在底部。"}, None, token=receipt["consumer_token"]).status == 201
    room.settle()
    assert ("consumer", "information_request", "outdated") in notices(house, number)
    assert (len(mails_to(WANG)), len(texts())) == sent


# ---- at the right time -----------------------------------------------------------------------------------------------


def test_a_breach_of_the_night_is_told_in_the_morning(house: House, room: Mailroom):
    number = house.bring_to("planning")["complaint_id"]
    house.do(number, "assignment", {"assignee": "cs.chen"})
    room.settle()
    house.now = datetime(2026, 10, 13, 0, 1, tzinfo=SHANGHAI)
    sweep()
    room.settle()
    assert told("supervisor") == []
    assert ("supervisor", "breach", "queued") in notices(house, number)
    house.now = datetime(2026, 10, 13, 8, 0, tzinfo=SHANGHAI)
    sweep()
    room.settle()
    assert [subject for subject, _ in told("supervisor")] == [f"[Redress] breach {number}"]
    assert any("逾期" in str(letter["Subject"]) for letter in mails_to("cs.chen@staff.example"))


def test_a_reminder_that_came_too_late_to_be_of_use_is_not_sent(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    room.settle()
    house.now = FRIDAY + timedelta(hours=20)
    sweep()
    house.do(number, "acknowledgement", {})
    room.settle()
    reminders = {(audience, state) for audience, kind, state in notices(house, number) if kind == "reminder"}
    assert reminders == {("assignee", "outdated"), ("customer_service", "outdated")}


def test_a_danger_is_told_even_of_a_complaint_that_was_taken_back_meanwhile(house: House, room: Mailroom):
    number = house.file(description="用了一次就过敏，去了急诊")["complaint_id"]
    house.do(number, "withdrawal", {})
    room.settle()
    assert [subject.split()[1] for subject, _ in told("management")] == ["safety"]


def test_a_danger_is_told_to_management_at_once(house: House, room: Mailroom):
    house.now = datetime(2026, 10, 10, 2, 0, tzinfo=SHANGHAI)
    house.file(description="用了一次就过敏，去了急诊")
    room.settle()
    assert [subject.split()[1] for subject, _ in told("management")] == ["safety"]


def test_every_department_has_a_digest_each_working_morning_once(house: House, room: Mailroom):
    for order in range(12):
        house.file(order_number=f"E{order}")
    asked = house.file(category="product_quality")["complaint_id"]
    house.do(asked, "acknowledgement", {})
    house.now = datetime(2026, 10, 10, 8, 0, tzinfo=SHANGHAI)  # a make-up working Saturday
    entry = scheduled_event("rounds", REGION, house.now)
    assert [app.rounds(entry, None)["digest"] for _ in range(2)] == [1, 0]
    room.settle()
    (for_quality,), (for_us,) = told("quality")[1:], [one for one in told("customer_service") if "digest" in one[0]]
    assert f"[Redress] digest {'house'}" == for_us[0]
    assert "12" in for_us[1]
    assert asked in for_quality[1]
    assert len([one for one in told("logistics") if "digest" in one[0]]) == 1
    house.now = datetime(2026, 10, 11, 8, 0, tzinfo=SHANGHAI)  # a Sunday
    assert app.rounds(entry, None)["digest"] == 0


# ---- what it costs, and what it keeps to itself ----------------------------------------------------------------------


def test_a_notice_costs_four_calls_to_deliver_and_two_to_queue(house: House, room: Mailroom):
    house.file()
    records = room.records()
    with house.counting() as queueing:
        react(records, FRIDAY, lambda entry: (queue_notices,))
    assert queueing == ["dynamodb:PutItem", "sqs:SendMessage"]
    (message,) = room.messages()
    with house.counting() as delivering:
        run(app.deliver, [message])
    assert delivering == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem", "sesv2:SendEmail", "dynamodb:UpdateItem"]
    with house.counting() as again:
        run(app.deliver, [message])
    assert again == ["dynamodb:BatchGetItem"]


def test_no_personal_data_leaves_the_table_but_in_mails_and_texts(
    house: House, room: Mailroom, capsys: pytest.CaptureFixture[str]
):
    marked = {"name": "马可波罗九", "phone": "13912345678", "email": "marked.person@example.cn"}
    number = house.file(contact=marked, category="product_quality")["complaint_id"]
    left: list[Any] = []
    inputs: list[str] = []

    def watch(model: Any, params: dict[str, Any], **_: Any) -> None:
        inputs.append(json.dumps(params, ensure_ascii=False, default=str))

    boto3.DEFAULT_SESSION.events.register("before-parameter-build.sqs", watch)  # type: ignore[union-attr]
    boto3.DEFAULT_SESSION.events.register("before-parameter-build.stepfunctions", watch)  # type: ignore[union-attr]
    forget_clients()  # those made so far are not watched
    forget()
    steps = [("acknowledgement", {}, "cs.lin"), ("inquiries/1/answer", {"assessment": "薄"}, "quality.he")]
    steps += [("investigation-report", REPORT, "cs.lin"), ("resolution-plan", PLAN, "cs.lin")]
    steps += [("feedback", {"satisfied": False, "opinion": "不够"}, "cs.lin"), ("resolution-plan", PLAN, "cs.lin")]
    for resource, body, who in steps:
        assert house.do(number, resource, body, who).status == 200
        room.settle()
    house.now += timedelta(days=40)
    sweep()
    room.settle()
    left += inputs + [
        str(one) for department in ("customer_service", "quality", "supervisor") for one in told(department)
    ]
    left += [item["entry"]["S"] for item in house.items() if "entry" in item]
    left += [str(letter) for letter in mails() if letter["To"] != marked["email"]]
    left.append(capsys.readouterr().out)
    assert any("notice" in one or "kind" in one for one in inputs)
    for mark in ("马可波罗九", "13912345678", "marked.person"):
        assert mark not in str(left)
