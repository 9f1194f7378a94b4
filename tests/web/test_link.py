"""A consumer's link that has come into other hands is replaced: from then on it is worth nothing, and the new one is
known to the consumer alone."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ground.people import Role
from tests.casework.mailroom import Mailroom, mails_to, plain, texts
from tests.house import FRIDAY, KETTLE, Answer, House, refused

from .examples import OPERATIONS, OWNER, WHO, Receipt, body_for, path_of, ready_for

WANG = "wang@example.cn"
FOR_CONSUMERS = [name for name, operation in OPERATIONS.items() if operation.who and Role.CONSUMER in operation.who]


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def replace(house: House, receipt: Receipt, who: str = "cs.lin") -> Answer:
    answer = house.do(receipt["complaint_id"], "link", {}, who)
    assert answer.status == 200, answer.text
    return answer


def token_in(words: str) -> str:
    found = re.search(r"#token=([\w.-]+)", words)
    assert found
    return found[1]


def newest(room: Mailroom) -> str:
    """The token in the last mail to 王芳, once all mail is out."""
    room.settle()
    return token_in(plain(mails_to(WANG)[-1]))


def call(house: House, name: str, receipt: Receipt, token: str, **headers: str) -> Answer:
    path, body = path_of(name, receipt["complaint_id"]), body_for(name, "7K2M9-XD4FQ")
    return house.send(OPERATIONS[name].method, path, body, token=token, **headers)


@pytest.mark.parametrize("name", FOR_CONSUMERS)
def test_a_link_that_was_replaced_opens_nothing_and_the_new_one_does(house: House, room: Mailroom, name: str) -> None:
    receipt = ready_for(house, name)
    replace(house, receipt, "cs.lead" if WHO.get(name) == OWNER else "cs.lin")
    kept = house.items_kept()
    answer = call(house, name, receipt, receipt["consumer_token"])
    assert "has been replaced" in refused(answer, 401, "unauthenticated")["detail"]
    assert answer.headers["www-authenticate"] == "Bearer"
    assert house.items_kept() == kept
    assert call(house, name, receipt, newest(room)).status in (200, 201, 302)


def test_the_new_link_is_sent_to_the_consumer_and_shown_to_nobody_else(house: House, room: Mailroom) -> None:
    receipt = house.file()
    answer = replace(house, receipt)
    token = newest(room)
    assert mails_to(WANG)[-1]["Subject"] == f"您的投诉链接已更换（编号 {receipt['complaint_id']}）"
    assert token != receipt["consumer_token"]
    path = f"/v1/complaints/{receipt['complaint_id']}"
    seen = [answer, *(house.get(path + part, "cs.lin") for part in ("", "/timeline", "/notices"))]
    assert not any(token in one.text or "token" in one.text for one in seen)
    assert token not in str(house.items())


def test_who_has_no_mail_gets_it_as_a_text_message(house: House, room: Mailroom) -> None:
    receipt = house.file(contact={"name": "王芳", "phone": "+8613800138000"}, locale="en")
    replace(house, receipt)
    room.settle()
    token = token_in(texts()[-1][1])
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=token).status == 200


def test_both_sides_see_in_the_timeline_that_it_was_replaced(house: House, room: Mailroom) -> None:
    receipt = house.file()
    replace(house, receipt, "cs.lead")
    path = f"/v1/complaints/{receipt['complaint_id']}/timeline"
    staff, consumer = house.get(path, "quality.he").json["items"], house.get(path, token=newest(room)).json["items"]
    (entry,) = [one for one in staff if one["type"] == "LinkReplaced"]
    assert (entry["actor"], entry["details"], entry["public"]) == (
        {"kind": "staff", "id": "cs.lead", "groups": ["customer_service", "supervisor"]},
        {},
        True,
    )
    (seen,) = [one for one in consumer if one["type"] == "LinkReplaced"]
    assert (seen["by"], seen["details"]) == ("staff", {})


def test_each_replacement_ends_the_one_before_even_within_a_second(house: House, room: Mailroom) -> None:
    receipt = house.file()
    replace(house, receipt)
    second = newest(room)
    replace(house, receipt)
    third = newest(room)
    path = f"/v1/complaints/{receipt['complaint_id']}"
    assert len({receipt["consumer_token"], second, third}) == 3
    assert [house.get(path, token=one).status for one in (receipt["consumer_token"], second, third)] == [401, 401, 200]


def test_what_was_queued_before_goes_out_with_the_link_that_holds(house: House, room: Mailroom) -> None:
    receipt = house.file()
    room.react()
    replace(house, receipt)
    room.settle()
    path = f"/v1/complaints/{receipt['complaint_id']}"
    tokens = {token_in(plain(mail)) for mail in mails_to(WANG)}
    assert len(mails_to(WANG)) == 2
    assert [house.get(path, token=one).status for one in tokens] == [200]
    house.do(receipt["complaint_id"], "acknowledgement", {})
    assert house.get(path, token=newest(room)).status == 200


def test_what_the_old_link_did_is_not_told_again_to_whoever_has_it(house: House, room: Mailroom) -> None:
    receipt, key = house.file(), {"Idempotency_Key": "k1"}
    assert call(house, "give_information", receipt, receipt["consumer_token"], **key).status == 201
    replace(house, receipt)
    refused(call(house, "give_information", receipt, receipt["consumer_token"], **key), 401, "unauthenticated")
    again = call(house, "give_information", receipt, newest(room), **key)
    assert (again.status, again.headers.get("idempotency-replayed")) == (201, "true")


def test_a_new_link_lasts_as_long_as_a_first_one_and_helps_who_has_one_that_ran_out(
    house: House, room: Mailroom
) -> None:
    receipt = house.bring_to("closed")
    path = f"/v1/complaints/{receipt['complaint_id']}"
    house.now = FRIDAY + timedelta(days=181)
    refused(house.get(path, token=receipt["consumer_token"]), 401, "unauthenticated")
    replace(house, receipt)
    token = newest(room)
    house.pass_time(days=179)
    assert house.get(path, token=token).status == 200
    house.pass_time(days=1)
    refused(house.get(path, token=token), 401, "unauthenticated")


def test_the_links_of_other_complaints_hold_those_merged_into_it_included(house: House) -> None:
    receipt, merged, other = house.file(), house.file(), house.file(order_number="E1")
    assert house.do(merged["complaint_id"], "merger", {"into": receipt["complaint_id"]}).status == 200

    def opened() -> list[int]:
        links = [(one["complaint_id"], one["consumer_token"]) for one in (receipt, merged, other)]
        return [house.get(f"/v1/complaints/{number}", token=token).status for number, token in links]

    replace(house, receipt)
    assert opened() == [401, 200, 200]
    replace(house, merged)
    assert opened() == [401, 401, 200]


def test_the_receipt_is_answered_again_as_it_was(house: House) -> None:
    key: dict[str, Any] = {"Idempotency_Key": "k1"}
    first = house.post("/v1/complaints", KETTLE, "storefront", **key)
    replace(house, first.json)
    assert house.post("/v1/complaints", KETTLE, "storefront", **key).json == first.json
