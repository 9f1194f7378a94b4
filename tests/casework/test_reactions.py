"""3.1: the consumer gets a receipt by e-mail, once, whatever is repeated, reordered or cut short on the way."""

import json
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import lists, sampled_from
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

import app
from chalicelib.adapters import outbox
from chalicelib.casework.react import queue_notices, react
from chalicelib.domain.events import Event
from chalicelib.domain.notices import NoticeKey
from infra.local.aws import REGION
from tests.house import FRIDAY, KETTLE, House, Killed

from .streams import new_records, run


def records(house: House) -> list[dict[str, Any]]:
    """All events of the table as its stream would deliver them."""
    return new_records(house, set())


def messages(house: House) -> list[dict[str, Any]]:
    """What waits in the queue of notices, as it is delivered to the function; taken out of the queue."""
    sqs, url = boto3.client("sqs"), house.environment["REDRESS_NOTICES_QUEUE_URL"]
    found = []
    while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages"):
        for message in taken:
            found.append({"messageId": message["MessageId"], "body": message["Body"]})
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def mailed() -> list[EmailMessage]:
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return [message_from_bytes(one.raw_data.encode(), policy=default) for one in sent]  # type: ignore[arg-type, misc]


def state(house: House) -> dict[str, Any]:
    return next(item for item in house.items() if item["sk"]["S"].startswith("NOTICE#"))


def test_the_receipt_reaches_the_consumer_with_number_date_and_link(house: House):
    receipt = house.file()
    assert run(app.react, records(house)) == []
    assert run(app.deliver, messages(house)) == []
    (mail,) = mailed()
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert mail["To"] == "wang@example.cn"
    assert mail["Subject"] == f"我们已收到您的投诉（编号 {receipt['complaint_id']}）"
    assert mail["X-Redress-Complaint"] == receipt["complaint_id"]
    assert "王芳" in text
    assert "2026年10月10日（星期六）15:40" in text
    assert receipt["tracking_url"] in text
    assert receipt["tracking_url"] in html
    notice = state(house)
    assert (notice["state"]["S"], notice["sent_at"]["S"]) == ("sent", "2026-10-09T07:40:00Z")
    assert notice["message_id"]["S"]


@pytest.mark.parametrize(
    ("locale", "subject"), [("zh-TW", "我們已收到您的申訴"), ("en", "We have received your complaint")]
)
def test_the_receipt_is_in_the_consumers_language(house: House, locale: str, subject: str):
    house.file(locale=locale)
    run(app.react, records(house))
    run(app.deliver, messages(house))
    assert mailed()[0]["Subject"].startswith(subject)


def test_what_the_consumer_typed_stays_text(house: House):
    hostile = "{{ 7*7 }}<script>alert(1)</script>%s"
    house.file(product_name=hostile, contact=KETTLE["contact"] | {"name": hostile})
    run(app.react, records(house))
    run(app.deliver, messages(house))
    (mail,) = mailed()
    assert hostile in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "{{ 7*7 }}&lt;script&gt;" in html


def test_who_left_no_address_is_not_mailed_and_that_is_recorded(house: House):
    house.file(contact={"name": "王芳", "phone": "13800138000"})
    run(app.react, records(house))
    assert run(app.deliver, messages(house)) == []
    assert mailed() == []
    assert state(house)["state"]["S"] == "no_address"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(deliveries=lists(sampled_from(["stream", "queue", "queue twice"]), max_size=6))
def test_however_often_records_and_messages_come_the_receipt_comes_once(house: House, deliveries: list[str]):
    number = house.file()["complaint_id"]
    mine = [one for one in records(house) if number in str(one)]
    for delivery in [*deliveries, "stream", "queue"]:
        if delivery == "stream":
            assert run(app.react, mine * 2) == []
        else:
            batch = messages(house)
            run(app.deliver, batch * (2 if delivery == "queue twice" else 1))
    receipts = [mail for mail in mailed() if mail["X-Redress-Complaint"] == number]
    assert len(receipts) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reaction_that_dies_at_any_call_is_healed_by_the_next_delivery(house: House, moment: str):
    house.file()
    batch = records(house)
    deadly = list(house.deaths(lambda: run(app.react, batch), moment))
    assert deadly == [0, 1, 2]  # set the clock, record the notice, queue it
    run(app.deliver, messages(house))
    assert len(mailed()) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(4))  # claim, read, send, record
def test_a_delivery_that_dies_is_taken_up_when_its_claim_has_run_out(house: House, number: int, moment: str):
    house.file()
    run(app.react, records(house))
    batch = messages(house)
    with pytest.raises(Killed), house.killed_at(number, moment):
        run(app.deliver, batch)
    dead_after_sending = (number, moment) in [(2, "after"), (3, "before")]
    if (number, moment) not in [(0, "before"), (3, "after")]:
        assert run(app.deliver, batch) == [batch[0]["messageId"]], "another may still be at it"
    house.now += outbox.CLAIM + timedelta(seconds=1)
    assert run(app.deliver, batch) == []
    assert run(app.deliver, batch) == []
    assert len(mailed()) == (2 if dead_after_sending else 1), "a repeat is possible only between sending and recording"
    assert state(house)["state"]["S"] == "sent"


def test_a_mail_system_that_is_down_keeps_the_notice_until_it_is_back(house: House):
    house.file()
    run(app.react, records(house))
    batch = messages(house)

    def down(call: str, moment: str) -> None:
        if call.startswith("sesv2") and moment == "before":
            raise EndpointConnectionError(endpoint_url="https://email.example")

    with house.interfering(down):
        assert run(app.deliver, batch) == [batch[0]["messageId"]]
    assert state(house)["state"]["S"] == "queued"
    assert run(app.deliver, batch) == []
    assert len(mailed()) == 1


def test_a_record_that_cannot_be_read_is_named_and_holds_up_no_other(house: House):
    house.file()
    (good,) = records(house)
    poison = {"eventID": "p", "dynamodb": {"SequenceNumber": "666", "NewImage": {"event": {"S": "{}"}}}}
    assert run(app.react, [poison, good]) == ["666"]
    assert len(messages(house)) == 1


def test_a_failing_reaction_keeps_no_other_from_running(house: House):
    house.file()
    seen: list[Event] = []

    def broken(event: Event, now: Any) -> None:
        raise RuntimeError("out of order")

    def counting(event: Event, now: Any) -> None:
        seen.append(event)

    assert react(records(house), FRIDAY, (broken, counting, queue_notices)) == ["1"]
    assert len(seen) == 1
    assert len(messages(house)) == 1


@pytest.mark.parametrize("body", ["not json", "{}", '{"complaint_id": "x"}', "[]"])
def test_a_message_that_is_no_notice_is_given_back_for_the_dead_letters(house: House, body: str):
    assert run(app.deliver, [{"messageId": "m1", "body": body}]) == ["m1"]


def test_messages_and_log_lines_carry_no_personal_data(house: House, capsys: pytest.CaptureFixture[str]):
    house.file()
    run(app.react, records(house))
    batch = messages(house)
    run(app.deliver, batch)
    left_the_table = json.dumps(batch, ensure_ascii=False) + capsys.readouterr().out
    for mark in ("王芳", "13800138000", "wang@example.cn", KETTLE["description"]):
        assert mark not in left_the_table


def test_the_key_of_a_notice_is_made_from_its_event(house: House):
    number = house.file()["complaint_id"]
    run(app.react, records(house))
    (message,) = messages(house)
    assert outbox.parse(message["body"]) == NoticeKey(number, 1, "consumer", "receipt", "email")
    assert state(house)["sk"]["S"] == "NOTICE#00000001#consumer#receipt#email"
