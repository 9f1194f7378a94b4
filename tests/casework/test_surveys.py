"""6.2: each contact is asked once in thirty days how it was, in its own language, and not who does not want to be."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import boto3
import pytest

import app
from chalicelib.adapters import repeats, surveyed
from chalicelib.casework import erase, surveys
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Contact
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import House

from .mailroom import Mailroom, mails_to, notices, plain, texts
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
WANG = {"name": "王芳", "phone": "+8613800138000", "email": "wang@example.cn"}
PHONE_ONLY = {"name": "王芳", "phone": "+8613800138000"}
LI = {"name": "李雷", "email": "li@example.cn"}
LOW = {"overall": 1, "solved": "no", "fair": 2, "easy": 3, "informed": 1, "words": "没有人回电话。"}


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = datetime(2026, 10, 12, 15, 40, tzinfo=SHANGHAI)  # a Monday
    return Mailroom(house)


def closed(room: Mailroom, **changes: object) -> str:
    number = str(room.house.bring_to("closed", **changes)["complaint_id"])
    room.settle()
    return number


def after(room: Mailroom, **duration: float) -> None:
    room.house.pass_time(**duration)
    room.sweep()


def state(house: House, number: str, who: str = "audit.qin") -> str:
    return str(house.get(f"/v1/complaints/{number}/survey", who).json["state"])


def kinds(house: House, number: str) -> list[str]:
    return [kind for _, kind, _ in notices(house, number) if kind.startswith("survey")]


def test_three_days_after_a_closure_the_consumer_is_asked_and_reminded_once(room: Mailroom) -> None:
    number = closed(room)
    after(room, days=2)
    assert (state(room.house, number), kinds(room.house, number)) == ("planned", [])
    after(room, days=1)
    assert state(room.house, number) == "open"
    mail = plain(mails_to("wang@example.cn")[-1])
    assert "&survey=1" in mail
    assert "五个简短的问题" in mail
    after(room, days=5)
    after(room, days=4)
    assert kinds(room.house, number) == ["survey", "survey_reminder"]
    after(room, days=6)
    assert state(room.house, number) == "expired"


def test_without_a_mailbox_it_goes_by_text(room: Mailroom) -> None:
    number = closed(room, contact=PHONE_ONLY)
    before = len(texts())
    after(room, days=4)
    assert len(texts()) == before + 1
    assert number in texts()[-1][1]


def test_nobody_is_asked_twice_in_thirty_days_by_whichever_of_their_ways(room: Mailroom) -> None:
    first = closed(room)
    after(room, days=4)
    same_phone, other = closed(room, contact=PHONE_ONLY), closed(room, contact=LI)
    after(room, days=4)
    assert [state(room.house, one) for one in (first, same_phone, other)] == ["open", "none", "open"]
    late = closed(room)
    after(room, days=27)
    assert state(room.house, late) == "open", "thirty days later they are"


def test_whoever_declined_is_asked_by_no_complaint_any_more(room: Mailroom) -> None:
    receipt = room.house.bring_to("closed")
    room.settle()
    after(room, days=4)
    path = f"/v1/complaints/{receipt['complaint_id']}/survey"
    declined = room.house.post(path, {"decline": True}, token=receipt["consumer_token"])
    assert (declined.status, declined.json["state"]) == (201, "declined")
    room.settle()
    room.house.pass_time(days=60)
    again = closed(room)
    after(room, days=4)
    assert (state(room.house, again), kinds(room.house, again)) == ("none", [])


def test_a_redelivered_or_doubled_record_asks_once_and_finds_the_same(room: Mailroom) -> None:
    number = closed(room)
    room.house.pass_time(days=4)
    app.sweep(scheduled_event("sweep", REGION, room.house.now), None)
    records = room.records()
    for _ in range(3):
        assert run(app.react, records) == []
    room.settle()
    surveys.ask(number, 1, room.house.now)
    assert (state(room.house, number), kinds(room.house, number)) == ("open", ["survey"])


def test_whoever_dies_between_the_claim_and_the_entry_asks_all_the_same(room: Mailroom) -> None:
    number = closed(room)
    room.house.pass_time(days=4)
    app.sweep(scheduled_event("sweep", REGION, room.house.now), None)
    for _ in room.house.deaths(lambda: surveys.ask(number, 1, room.house.now), "after"):
        pass
    room.settle()
    assert (state(room.house, number), kinds(room.house, number)) == ("open", ["survey"])


def test_reopened_before_it_is_asked_nobody_is(room: Mailroom) -> None:
    number = closed(room)
    room.house.do(number, "reopening", {"reason": "还是裂的。"})
    after(room, days=4)
    assert (state(room.house, number), kinds(room.house, number)) == ("void", [])


def test_what_reached_nobody_is_counted_and_nobody_is_asked_to_call(room: Mailroom) -> None:
    number = closed(room, contact=LI)
    contact = {"pk": {"S": f"RECORD#{number}"}, "sk": {"S": "CONTACT"}}
    boto3.client("dynamodb").update_item(
        TableName=room.house.environment["REDRESS_TABLE"],
        Key=contact,
        UpdateExpression="SET email_unusable = :true",
        ExpressionAttributeValues={":true": {"BOOL": True}},
    )
    after(room, days=4)
    timeline = room.house.get(f"/v1/complaints/{number}/timeline?limit=100", "cs.lin").json["items"]
    happened = [entry["type"] for entry in timeline]
    assert happened[-1] == "SurveyUndelivered"
    assert "ConsumerUnreachable" not in happened
    assert room.house.get(f"/v1/complaints/{number}", "cs.lin").json["to_call_since"] is None
    assert state(room.house, number) == "open", "by the page they can answer it still"


def test_while_it_waits_to_be_asked_a_complaint_can_be_erased_and_is_asked_nothing(room: Mailroom) -> None:
    number = closed(room)
    with pytest.raises(NotAllowed, match="follow_up"):
        erase.erase(number, room.house.now)
    room.house.do(number, "follow-ups/1/completion", {})
    room.settle()
    erase.erase(number, room.house.now)
    after(room, days=4)
    assert state(room.house, number) == "void"


def test_a_claim_goes_by_hashes_and_ends_by_itself_but_no_refusal_does(room: Mailroom) -> None:
    contact, now = Contact(name="王芳", phone="+8613800138000", email="wang@example.cn"), room.house.now
    until = now + timedelta(days=30)
    assert surveyed.claim(contact, "A 1", now, until) == "claimed"
    assert surveyed.claim(contact, "A 1", now, until) == "claimed"
    assert surveyed.claim(contact, "B 1", now, until) == "asked_lately"
    assert surveyed.claim(contact, "B 1", until, until + timedelta(days=30)) == "claimed"
    surveyed.opt_out(contact)
    assert surveyed.claim(contact, "B 1", now, until) == "opted_out"
    kept = [item for item in room.house.items() if item["pk"]["S"].startswith("SURVEYED#")]
    assert {item["pk"]["S"] for item in kept} == {f"SURVEYED#{one}" for one in repeats.hashes(contact)}
    assert all("expires_at" not in item for item in kept)


def test_a_low_answer_stands_in_the_queue_of_supervisors_until_somebody_has_looked_into_it(room: Mailroom) -> None:
    receipt = room.house.bring_to("closed")
    number = receipt["complaint_id"]
    room.settle()
    after(room, days=4)
    path = f"/v1/complaints/{number}/survey"
    assert room.house.post(path, LOW, token=receipt["consumer_token"]).status == 201
    queue = room.house.get("/v1/complaints?task=survey_review", "cs.lead").json["items"]
    assert [(one["complaint_id"], one["task"], one["department"]) for one in queue] == [
        (number, "survey_review 1", "supervisor")
    ]
    found = {"called": True, "reopening_offered": True, "class": "conduct", "note": "已回访。"}
    reviewed = room.house.post(f"{path}/review", found, "cs.lead")
    assert (reviewed.status, reviewed.json["review"]["class"]) == (200, "conduct")
    assert room.house.get("/v1/complaints?task=survey_review", "cs.lead").json["items"] == []
