"""Wrong contact details are corrected: whoever had the links of before reads no more, whoever complains is reached.

王芳 is at wang.fang@example.cn. What was typed is wang@example.cn, which is a stranger's.
"""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

import app
from chalicelib.casework.erase import erase
from tests.house import KETTLE, Answer, House, Killed, refused

from .mailroom import HARD, Mailroom, mail_event, mails, mails_to, notices, plain, texts, token_for, told
from .streams import run

STRANGER, WANG = "wang@example.cn", "wang.fang@example.cn"
TYPED = {"name": "王芳", "email": STRANGER}
RIGHT = {"name": "王芳", "email": WANG}
REASON = "来电更正：邮箱少写了名字。"
Receipt = dict[str, Any]


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def mistyped(house: House) -> tuple[Receipt, set[str]]:
    """王芳's complaint, whose receipt a stranger got; and what was reacted to."""
    room = Mailroom(house)
    receipt = house.file(contact=TYPED)
    room.settle()
    return receipt, room.seen


@pytest.fixture
def receipt(house: House, room: Mailroom) -> Receipt:
    receipt, room.seen = house.begun(mistyped)
    return receipt


def correct(house: House, receipt: Receipt, who: str = "cs.lin", contact: Any = RIGHT, **headers: str) -> Answer:
    body = {"contact": contact, "reason": REASON}
    return house.do(receipt["complaint_id"], "contact", body, who, **headers)


def number(receipt: Receipt) -> str:
    return str(receipt["complaint_id"])


def path(receipt: Receipt) -> str:
    return f"/v1/complaints/{receipt['complaint_id']}"


def token_in(words: str) -> str:
    return words.partition("#token=")[2].split()[0].partition("&")[0]


def newest(address: str = WANG) -> str:
    return token_in(plain(mails_to(address)[-1]))


def item_of(house: House, receipt: Receipt, sort_key: str) -> dict[str, Any]:
    own = (one for one in house.items() if one["pk"]["S"] == f"RECORD#{receipt['complaint_id']}")
    return next(one for one in own if one["sk"]["S"].endswith(sort_key))


def put(house: House, item: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=item)


def hashes(house: House, receipt: Receipt) -> set[str]:
    number = receipt["complaint_id"]
    mine = (one for one in house.items() if one["pk"]["S"].startswith("CONTACT#") and number in one["sk"]["S"])
    return {one["pk"]["S"] for one in mine}


def timeline(house: House, receipt: Receipt, **by: Any) -> list[dict[str, Any]]:
    return list(house.get(f"{path(receipt)}/timeline?limit=100", **(by or {"who": "cs.lin"})).json["items"])


# ---- the stranger ----------------------------------------------------------------------------------------------------


def test_the_strangers_link_is_dead_and_nothing_more_goes_there(house: House, room: Mailroom, receipt: Receipt):
    strangers = newest(STRANGER)
    assert correct(house, receipt).status == 200
    room.settle()
    for resource, body in (("withdrawal", {}), ("information", {"text": "算了"})):
        refused(house.post(f"{path(receipt)}/{resource}", body, token=strangers), 401, "unauthenticated")
    refused(house.get(path(receipt), token=strangers), 401, "unauthenticated")
    house.do(receipt["complaint_id"], "acknowledgement", {})
    house.do(receipt["complaint_id"], "link", {})
    room.settle()
    assert len(mails_to(STRANGER)) == 1
    assert len(mails_to(WANG)) == 3
    assert house.get(path(receipt), token=newest()).status == 200
    assert house.get(path(receipt), "cs.lin").json["stage"] == "investigating"


def test_whoever_is_reached_at_last_is_told_that_it_was_corrected_and_gets_the_link(
    house: House, room: Mailroom, receipt: Receipt
):
    answer = correct(house, receipt)
    room.settle()
    (mail,) = mails_to(WANG)
    assert "联系方式已更正" in mail["Subject"]
    assert answer.json["contact"]["email"] == WANG
    seen = [answer, house.get(path(receipt), "cs.lin"), house.get(f"{path(receipt)}/notices", "cs.lin")]
    assert not any(newest() in one.text or "token" in one.text for one in seen)
    assert ("consumer", "new_link", "sent") in notices(house, number(receipt))


def test_the_timeline_says_what_was_corrected_and_to_staff_why_and_to_nobody_how(
    house: House, room: Mailroom, receipt: Receipt
):
    correct(house, receipt, contact={"name": "王方", "phone": "13800138000"})
    room.settle()
    (entry,) = [one for one in timeline(house, receipt) if one["type"] == "ContactCorrected"]
    assert entry["details"]["correction"] == {"reason": REASON, "changed": ["name", "phone", "email"], "edition": 1}
    token = token_for(house, receipt["complaint_id"], texts()[-1][1])
    (seen,) = [one for one in timeline(house, receipt, token=token) if one["type"] == "ContactCorrected"]
    assert (seen["by"], seen["details"]) == ("staff", {})
    kept = json.dumps([one for one in house.items() if one["sk"]["S"] != "CONTACT"], ensure_ascii=False)
    assert not [word for word in (STRANGER, "王方", "13800138000") if word in kept]


def test_of_a_closed_complaint_too_the_contact_is_corrected(house: House, room: Mailroom):
    receipt = house.bring_to("closed")
    assert correct(house, receipt).json["stage"] == "closed"
    room.settle()
    assert house.get(path(receipt), token=newest()).status == 200


# ---- bounces, and requests to call -----------------------------------------------------------------------------------


def bounce(house: House, notice: dict[str, Any], kind: str = "Bounce") -> int:
    return int(app.mail_events(mail_event(house, kind, notice, **(HARD if kind == "Bounce" else {})), None))


def to_call(house: House, receipt: Receipt) -> str | None:
    found: str | None = house.get(path(receipt), "cs.lin").json["to_call_since"]
    return found


def requests_to_call(receipt: Receipt) -> int:
    return [subject for subject, _ in told("customer_service")].count(f"[Redress] bounce {receipt['complaint_id']}")


def test_an_address_that_bounced_is_used_again_when_it_is_found_good_again(
    house: House, room: Mailroom, receipt: Receipt
):
    bounce(house, item_of(house, receipt, "#receipt#consumer"))
    house.do(number(receipt), "acknowledgement", {})
    room.settle()
    assert (requests_to_call(receipt), to_call(house, receipt) is not None) == (1, True)
    view = correct(house, receipt, contact=TYPED).json
    assert (view["contact"]["email_unusable"], view["to_call_since"]) == (False, None)
    room.settle()
    assert len(mails_to(STRANGER)) == 2, "the receipt, and the new link"
    (entry,) = [one for one in timeline(house, receipt) if one["type"] == "ContactCorrected"]
    assert entry["details"]["correction"]["changed"] == []
    house.do(number(receipt), "information-requests", {"question": "批号？"})
    room.settle()
    assert len(mails_to(STRANGER)) == 3
    assert requests_to_call(receipt) == 1


def test_details_by_which_nothing_reaches_lead_to_one_request_to_call(house: House, room: Mailroom, receipt: Receipt):
    assert correct(house, receipt, contact={"name": "王芳", "phone": "010-62345678"}).status == 200
    house.do(number(receipt), "acknowledgement", {})
    room.settle()
    assert requests_to_call(receipt) == 1
    assert to_call(house, receipt) is not None


def test_a_notice_that_bounced_where_it_should_not_have_gone_goes_on_to_where_it_should(
    house: House, room: Mailroom, receipt: Receipt
):
    correct(house, receipt)
    room.settle()
    assert bounce(house, item_of(house, receipt, "#receipt#consumer")) == 1
    room.settle()
    assert len(mails_to(WANG)) == 2, "the new link, and the receipt"
    assert house.get(path(receipt), "cs.lin").json["contact"]["email_unusable"] is False
    assert (requests_to_call(receipt), to_call(house, receipt)) == (0, None)
    shown = house.get(f"{path(receipt)}/notices", "cs.lin").json["items"][0]
    assert (shown["kind"], shown["state"], shown["repeated"]) == ("receipt", "sent", False)
    assert bounce(house, item_of(house, receipt, "#receipt#consumer")) == 1, "and there too"
    room.settle()
    assert house.get(path(receipt), "cs.lin").json["contact"]["email_unusable"] is True
    assert requests_to_call(receipt) == 1


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_what_is_reported_of_mail_to_the_stranger_says_nothing_of_the_right_address(
    house: House, room: Mailroom, receipt: Receipt, kind: str
):
    mailed = item_of(house, receipt, "#receipt#consumer")
    correct(house, receipt)
    room.settle()
    for _ in range(2):
        bounce(house, mailed, kind)
        room.settle()
    assert house.get(path(receipt), "cs.lin").json["contact"]["email_unusable"] is False
    house.do(number(receipt), "acknowledgement", {})
    room.settle()
    assert "受理" in plain(mails_to(WANG)[-1])


def test_what_the_stranger_got_is_not_sent_again_and_is_seen_by_the_new_link(
    house: House, room: Mailroom, receipt: Receipt
):
    house.do(number(receipt), "acknowledgement", {"message": "已受理"})
    room.settle()
    correct(house, receipt)
    room.settle()
    assert [len(mails_to(one)) for one in (STRANGER, WANG)] == [2, 1]
    told_of = [one["type"] for one in timeline(house, receipt, token=newest())]
    assert told_of == ["ComplaintFiled", "ComplaintAcknowledged", "ContactCorrected"]


def test_what_is_queued_goes_where_it_should(house: House, room: Mailroom):
    receipt = house.file(contact=TYPED)
    room.react()
    correct(house, receipt)
    room.settle()
    assert [len(mails_to(one)) for one in (STRANGER, WANG)] == [0, 2]


def test_no_link_of_now_goes_to_who_was_written_to_before_whatever_is_read_first(
    house: House, room: Mailroom, receipt: Receipt
):
    """The record and the contact are two items: whoever reads them may find one of before and one of now."""
    before = item_of(house, receipt, "CONTACT")
    house.do(number(receipt), "acknowledgement", {})
    correct(house, receipt)
    room.react()
    after = item_of(house, receipt, "CONTACT")
    put(house, before)
    about = [one for one in room.messages() if '"consumer"' in one["body"]]
    assert len(run(app.deliver, about)) == 2
    assert len(mails_to(STRANGER)) == 1
    put(house, after)
    assert run(app.deliver, about) == []
    assert [len(mails_to(one)) for one in (STRANGER, WANG)] == [1, 2]


# ---- who complains again ---------------------------------------------------------------------------------------------


def test_the_stranger_is_not_taken_for_who_complained_and_who_did_is(house: House, room: Mailroom, receipt: Receipt):
    correct(house, receipt)
    room.settle()
    theirs = house.file(order_number="E1", contact=TYPED)["complaint_id"]
    hers = house.file(order_number="E2", contact=RIGHT)["complaint_id"]
    room.settle()
    related = {one: house.get(f"/v1/complaints/{one}", "cs.lin").json["related"] for one in (theirs, hers)}
    assert related == {theirs: [], hers: [number(receipt)]}


def test_earlier_complaints_of_who_complained_are_found_when_it_is_known_who_that_is(house: House, room: Mailroom):
    earlier = house.file(order_number="E1", contact=RIGHT)["complaint_id"]
    receipt = house.file(order_number="E2", contact=TYPED)
    room.settle()
    correct(house, receipt)
    room.settle()
    assert house.get(path(receipt), "cs.lin").json["related"] == [earlier]


def test_a_detail_that_stays_is_recognised_on_and_what_goes_is_forgotten_at_once(house: House, room: Mailroom):
    receipt = house.file(contact=TYPED | {"phone": "13800138000"})
    room.settle()
    before = hashes(house, receipt)
    correct(house, receipt, contact=RIGHT | {"phone": "13800138000"})
    kept = hashes(house, receipt)
    assert (len(before), len(kept), kept < before) == (2, 1, True)
    room.settle()
    assert len(hashes(house, receipt)) == 2
    assert kept < hashes(house, receipt)


@pytest.mark.parametrize("settled", [True, False], ids=["noted", "not yet noted"])
def test_erasing_finds_everything_of_a_corrected_contact(house: House, room: Mailroom, settled: bool):
    receipt = house.file(contact=TYPED | {"phone": "13800138000"})
    room.settle()
    house.do(number(receipt), "withdrawal", {})
    correct(house, receipt, contact=RIGHT | {"phone": "13800138000"})
    if settled:
        room.settle()
    erase(number(receipt), house.now)
    room.settle()
    kept = json.dumps(house.items(), ensure_ascii=False)
    assert hashes(house, receipt) == set()
    assert not [word for word in (STRANGER, WANG, "13800138000", REASON) if word in kept]
    refused(correct(house, receipt), 409, "not_allowed")
    assert hashes(house, receipt) == set()


# ---- twice, at once, killed ------------------------------------------------------------------------------------------


def test_the_same_request_again_is_answered_again_and_does_nothing(house: House, room: Mailroom, receipt: Receipt):
    first = correct(house, receipt, Idempotency_Key="k1")
    again = correct(house, receipt, Idempotency_Key="k1")
    assert (again.json, again.headers["idempotency-replayed"]) == (first.json, "true")
    room.settle()
    assert len(mails_to(WANG)) == 1
    assert hashes(house, receipt) != set()


def test_of_two_corrections_at_once_both_are_done_one_after_the_other(house: House, room: Mailroom, receipt: Receipt):
    other = {"name": "王芳", "email": "fang@example.cn"}
    with house.meanwhile(lambda: correct(house, receipt, "cs.chen", other)):
        assert correct(house, receipt).status == 200
    room.settle()
    view = house.get(path(receipt), "cs.lin").json
    assert view["contact"]["email"] == WANG
    assert [len(mails_to(one)) for one in ("fang@example.cn", WANG)] == [0, 1]
    assert len(hashes(house, receipt)) == 1
    edits = [one["details"]["correction"] for one in timeline(house, receipt) if one["type"] == "ContactCorrected"]
    assert [(one["edition"], one["changed"]) for one in edits] == [(1, ["email"]), (2, ["email"])]


def test_a_correction_of_what_was_read_before_another_is_decided_anew(house: House, room: Mailroom, receipt: Receipt):
    """The head of now with the contact of before: the hashes of the wrong one would be forgotten."""
    before = item_of(house, receipt, "CONTACT")
    correct(house, receipt, contact={"name": "王芳", "email": "fang@example.cn"})
    room.settle()
    after = item_of(house, receipt, "CONTACT")
    put(house, before)
    with house.meanwhile(lambda: put(house, after)):
        assert correct(house, receipt).status == 200
    room.settle()
    assert len(hashes(house, receipt)) == 1
    assert house.get(path(receipt), "cs.lin").json["contact"]["email"] == WANG


def test_what_the_stranger_does_in_the_second_of_the_correction_is_not_done(
    house: House, room: Mailroom, receipt: Receipt
):
    strangers = newest(STRANGER)
    with house.meanwhile(lambda: correct(house, receipt)):
        refused(house.post(f"{path(receipt)}/withdrawal", {}, token=strangers), 401, "unauthenticated")
    assert house.get(path(receipt), "cs.lin").json["stage"] == "received"


def test_a_receipt_that_is_noted_while_it_is_corrected_leaves_no_trace_of_before(house: House, room: Mailroom):
    receipt = house.file(contact=TYPED)
    (record, *_) = room.records()
    left = iter([None])

    def interfere(call: str, moment: str) -> None:
        if call == "dynamodb:TransactWriteItems" and moment == "before" and next(left, "over") is None:
            correct(house, receipt)

    with house.interfering(interfere):
        run(app.react, [record])
    room.seen.clear()
    room.settle()
    assert len(hashes(house, receipt)) == 1
    stranger = house.file(order_number="E1", contact=TYPED)
    room.settle()
    assert house.get(path(stranger), "cs.lin").json["related"] == []


REQUESTS: dict[str, Callable[[House, Receipt], Answer]] = {
    "contact": lambda house, receipt: correct(house, receipt, Idempotency_Key="k1"),
    "link": lambda house, receipt: house.do(number(receipt), "link", {}, Idempotency_Key="k1"),
    "shop's link": lambda house, receipt: house.do(number(receipt), "link", {}, "storefront", Idempotency_Key="k1"),
}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("request_for", REQUESTS.values(), ids=REQUESTS)
def test_killed_after_any_call_it_is_done_once_by_the_next_try(
    house: House, room: Mailroom, receipt: Receipt, request_for: Callable[[House, Receipt], Answer], moment: str
):
    sent = len(mails())
    deaths = list(house.deaths(lambda: request_for(house, receipt), moment))
    assert len(deaths) >= 2
    answer = request_for(house, receipt)
    assert answer.status == 200
    room.settle()
    types = [one["type"] for one in timeline(house, receipt)]
    assert types.count("ContactCorrected") + types.count("LinkReplaced") == 1
    assert len(mails()) == sent + 1
    refused(house.get(path(receipt), token=receipt["consumer_token"]), 401, "unauthenticated")
    if "consumer_token" in answer.json:
        assert house.get(path(receipt), token=answer.json["consumer_token"]).status == 200


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_what_follows_from_it_leaves_it_to_the_next(
    house: House, room: Mailroom, receipt: Receipt, moment: str
):
    correct(house, receipt)
    records = room.records()
    assert len(list(house.deaths(lambda: run(app.react, records), moment))) >= 4
    messages = room.messages()
    with pytest.raises(Killed), house.killed_at(1, moment):
        run(app.deliver, messages[:1])
    house.pass_time(seconds=91)
    assert run(app.deliver, messages) == []
    room.settle()
    assert len(mails_to(WANG)) == 1
    assert len(hashes(house, receipt)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_report_of_mail_to_the_stranger_that_is_cut_short_is_finished_when_it_comes_again(
    house: House, room: Mailroom, receipt: Receipt, moment: str
):
    mailed = item_of(house, receipt, "#receipt#consumer")
    correct(house, receipt)
    room.settle()
    assert len(list(house.deaths(lambda: bounce(house, mailed), moment))) >= 3
    room.settle()
    assert house.get(path(receipt), "cs.lin").json["contact"]["email_unusable"] is False
    assert len(mails_to(WANG)) == 2


# ---- who may, and what ----------------------------------------------------------------------------------------------


def test_what_is_no_way_to_reach_anybody_is_refused(house: House, receipt: Receipt):
    for contact, field in (
        ({"name": "王芳"}, "contact.phone"),
        ({"name": "王芳", "email": "no"}, "contact.email"),
        ({"email": WANG}, "contact.name"),
    ):
        refused(correct(house, receipt, contact=contact), 422, "invalid", field=field)
    answer = house.do(number(receipt), "contact", {"contact": RIGHT}, "cs.lin")
    refused(answer, 422, "invalid", field="reason")
    refused(correct(house, receipt, "cs.lin", If_Match='"9"'), 412, "stale")
    assert KETTLE["contact"]["email"] == STRANGER
