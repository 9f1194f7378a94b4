"""A consumer's link opens the complaint for as long as there is something to do or to see. One that has come into other
hands is replaced: from then on it is worth nothing, and the new one is known to the consumer and their shop alone."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.adapters import identity
from chalicelib.domain.ground.people import Role
from tests.casework.mailroom import Mailroom, mails, mails_to, plain, texts, token_for, told
from tests.examples import EXAMPLES
from tests.house import FRIDAY, KETTLE, PLAN, Answer, House, refused

from .examples import OPERATIONS, OWNER, WHO, Receipt, body_for, path_of, ready_for
from .uploads import OFFER

WANG = "wang@example.cn"
FOR_CONSUMERS = [name for name, operation in OPERATIONS.items() if operation.who and Role.CONSUMER in operation.who]


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def replace(house: House, receipt: Receipt, who: str = "cs.lin") -> Answer:
    answer = house.do(receipt.get("filed", receipt["complaint_id"]), "link", {}, who)
    assert answer.status == 200, answer.text
    return answer


def token_in(words: str) -> str:
    found = re.search(r"#token=([\w.-]+)", words)
    assert found
    return found[1]


def newest(room: Mailroom) -> str:
    """The token in the last mail to a consumer, once all mail is out."""
    room.settle()
    return token_in([words for words in map(plain, mails()) if "#token=" in words][-1])


def call(house: House, name: str, receipt: Receipt, token: str, **headers: str) -> Answer:
    path, body = path_of(name, receipt["complaint_id"]), body_for(name, "7K2M9-XD4FQ")
    return house.send(OPERATIONS[name].method, path, body, token=token, **headers)


@pytest.mark.parametrize("name", FOR_CONSUMERS)
def test_a_link_that_was_replaced_opens_nothing_and_the_new_one_does(house: House, room: Mailroom, name: str) -> None:
    receipt = ready_for(house, name)
    replace(house, receipt, "cs.lead" if WHO.get(name) == OWNER else "cs.lin")
    kept = house.items_kept()
    answer = call(house, name, receipt, receipt["consumer_token"])
    assert refused(answer, 401, "unauthenticated")["reason"] == "link_replaced"
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
    token = token_for(house, receipt["complaint_id"], texts()[-1][1])
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=token).status == 200


def test_both_sides_see_in_the_timeline_that_it_was_replaced(house: House, room: Mailroom) -> None:
    receipt = house.file()
    replace(house, receipt, "cs.lead")
    path = f"/v1/complaints/{receipt['complaint_id']}/timeline"
    staff, consumer = house.get(path, "quality.he").json["items"], house.get(path, token=newest(room)).json["items"]
    (entry,) = [one for one in staff if one["type"] == "LinkReplaced"]
    assert (entry["actor"], entry["details"], entry["public"]) == (
        {"kind": "staff", "id": "cs.lead", "groups": ["customer_service", "supervisor"]},
        {"sent": True},
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
    receipt = settled(house)
    path = f"/v1/complaints/{receipt['complaint_id']}"
    house.now = FRIDAY + timedelta(days=181)
    for part in ("", "/timeline"):
        told = refused(house.get(path + part, token=receipt["consumer_token"]), 401, "unauthenticated")
        assert told["reason"] == "link_ended"
    refused(house.post(f"{path}/evidence", OFFER, token=receipt["consumer_token"]), 401, "unauthenticated")
    replace(house, receipt)
    token = newest(room)
    house.pass_time(days=180)
    assert house.get(path, token=token).status == 200
    house.pass_time(days=1)
    refused(house.get(path, token=token), 401, "unauthenticated")


def settled(house: House) -> Receipt:
    """A complaint that is closed, and all that was promised done."""
    receipt = house.bring_to("closed")
    assert house.do(receipt["complaint_id"], "follow-ups/1/completion", {}).status == 200
    return receipt


def test_a_token_is_short_names_whose_it_is_and_the_edition_and_says_nothing_of_time(
    house: House, room: Mailroom
) -> None:
    receipt = house.file()
    number = receipt["complaint_id"]
    assert re.fullmatch(rf"rt1\.{number}\.0\.[\w-]{{22}}", receipt["consumer_token"])
    house.pass_time(days=1)
    replace(house, receipt)
    token = newest(room)
    assert re.fullmatch(rf"rt1\.{number}\.[1-9][0-9]?\.[\w-]{{22}}", token)
    assert len(identity.consumer_token(number, 99_999_999)) <= 48


def test_the_link_of_an_open_complaint_acts_however_old_it_is(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    house.now = FRIDAY + timedelta(days=400)
    answer = call(house, "give_feedback", receipt, receipt["consumer_token"])
    assert (answer.status, answer.json["stage"]) == (200, "planning")


def test_while_a_promised_measure_is_not_done_the_link_reads(house: House) -> None:
    receipt = house.bring_to("closed")
    path = f"/v1/complaints/{receipt['complaint_id']}"
    house.now = FRIDAY + timedelta(days=300)
    assert house.get(path, token=receipt["consumer_token"]).status == 200
    house.do(receipt["complaint_id"], "follow-ups/1/completion", {})
    refused(house.get(path, token=receipt["consumer_token"]), 401, "unauthenticated")


def test_while_what_it_was_merged_into_is_handled_the_link_reads(house: House) -> None:
    receipt, other = house.file(), house.file()
    assert house.do(receipt["complaint_id"], "merger", {"into": other["complaint_id"]}).status == 200
    house.now = FRIDAY + timedelta(days=300)
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).status == 200


def test_by_the_link_a_complaint_is_reopened_though_it_was_received_a_year_ago(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    house.now = FRIDAY + timedelta(days=360)
    assert house.do(receipt["complaint_id"], "feedback", {"satisfied": True}).status == 200
    house.pass_time(days=29)
    assert call(house, "reopen", receipt, receipt["consumer_token"]).status == 200


# ---- who asks for a new one ------------------------------------------------------------------------------------------

OUR_OWN = {"REDRESS_TRACKING_URL": "https://{api}.execute-api.us-east-1.amazonaws.com/api/track"}


def filed_on_aws(house: House, **headers: str) -> dict[str, Any]:
    """The receipt, as API Gateway brings the request to the function and the answer back."""
    answer = posted_on_aws("/v1/complaints", KETTLE, house.token("storefront"), **headers)
    assert answer["statusCode"] == 201, answer
    return dict(json.loads(answer["body"]))


def posted_on_aws(path: str, body: Any, token: str, **headers: str) -> dict[str, Any]:
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
    event = {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": path,
            "path": f"/api{path}",
            "httpMethod": "POST",
            "apiId": "abc123",
            "domainName": sent.get("host"),
            "stage": "api",
            "requestId": "r1",
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
    return dict(app.app(event, None))


def test_where_something_new_is_stands_behind_the_stage_of_the_gateway(house: House) -> None:
    for operation, path, who in (
        ("draft_amendment", "/v1/policy/amendments", "legal.xu"),
        ("interpret_policy", "/v1/policy/interpretations", "cs.lin"),
        ("review_policy", "/v1/policy/reviews", "management.zhou"),
    ):
        answer = posted_on_aws(path, EXAMPLES[operation].body, house.token(who))
        assert answer["statusCode"] == 201, answer
        (where,) = answer["multiValueHeaders"].get("Location", [answer["headers"].get("Location")])
        assert where.rpartition("/")[0] == f"/api{path}"


def test_a_link_to_our_own_page_names_the_api_that_was_called_whatever_the_caller_says(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.set(monkeypatch, **OUR_OWN)
    for said in ({}, {"host": "evil.example"}, {"x-forwarded-host": "evil.example", "origin": "https://evil.example"}):
        receipt = filed_on_aws(house, **said)
        own = f"https://abc123.execute-api.us-east-1.amazonaws.com/api/track/{receipt['complaint_id']}"
        assert receipt["tracking_url"] == f"{own}#token={receipt['consumer_token']}"


def test_the_mail_has_the_link_of_the_receipt(house: House, room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    house.set(monkeypatch, **OUR_OWN)
    receipt = filed_on_aws(house)
    delivers = OUR_OWN["REDRESS_TRACKING_URL"].replace("{api}", "abc123")  # as functions.yaml tells it
    house.set(monkeypatch, REDRESS_TRACKING_URL=delivers)
    room.settle()
    assert receipt["tracking_url"] in plain(mails_to(WANG)[-1])


UNREACHED = {"contact": {"name": "王芳", "phone": "010-62345678"}}


def test_the_shop_that_filed_it_gets_the_new_link_and_so_does_the_consumer(house: House, room: Mailroom) -> None:
    receipt = house.file()
    path, key = f"/v1/complaints/{receipt['complaint_id']}", {"Idempotency_Key": "k1"}
    answer = house.post(f"{path}/link", {}, "storefront", **key)
    token = answer.json["consumer_token"]
    assert (answer.status, answer.json.keys()) == (200, {"view", "consumer_token", "tracking_url"})
    assert answer.json["tracking_url"].endswith(f"/{receipt['complaint_id']}#token={token}")
    assert newest(room) == token
    assert [house.get(path, token=one).status for one in (receipt["consumer_token"], token)] == [401, 200]
    again = house.post(f"{path}/link", {}, "storefront", **key)
    assert (again.json, again.headers["idempotency-replayed"]) == (answer.json, "true")


def test_where_nothing_reaches_the_consumer_the_shop_gets_it_and_nobody_is_asked_to_call(
    house: House, room: Mailroom
) -> None:
    receipt = house.file(**UNREACHED)
    room.settle()
    asked = len(told("customer_service"))
    path = f"/v1/complaints/{receipt['complaint_id']}"
    token = house.post(f"{path}/link", {}, "storefront").json["consumer_token"]
    room.settle()
    assert house.get(path, token=token).status == 200
    assert len(told("customer_service")) == asked


def test_staff_can_end_the_links_without_sending_one_even_where_nothing_reaches(house: House, room: Mailroom) -> None:
    for receipt in (house.file(), house.file(**UNREACHED)):
        room.settle()
        sent = len(mails()) + len(texts())
        path = f"/v1/complaints/{receipt['complaint_id']}"
        answer = house.do(receipt["complaint_id"], "link", {"send": False}, "cs.lead")
        room.settle()
        assert answer.status == 200
        refused(house.get(path, token=receipt["consumer_token"]), 401, "unauthenticated")
        assert len(mails()) + len(texts()) == sent


def test_one_that_was_on_its_way_is_not_sent_any_more_once_the_links_are_ended(house: House, room: Mailroom) -> None:
    receipt = house.file()
    room.settle()
    sent = len(mails())
    replace(house, receipt)
    room.react()
    house.do(receipt["complaint_id"], "link", {"send": False})
    room.settle()
    assert len(mails()) == sent


def test_where_nothing_reaches_staff_are_told_what_to_do_instead(house: House) -> None:
    receipt = house.file(**UNREACHED)
    told = refused(house.do(receipt["complaint_id"], "link", {}), 409, "not_allowed")
    assert told["reason"] == "nothing_reaches_consumer"
    assert '{"send": false}' in told["detail"]
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).status == 200


def test_a_shop_cannot_only_end_the_links(house: House) -> None:
    receipt = house.file()
    refused(house.do(receipt["complaint_id"], "link", {"send": False}, "storefront"), 403, "forbidden")
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).status == 200


def test_a_link_replaced_in_the_second_it_is_used_does_all_or_nothing(house: House, room: Mailroom) -> None:
    receipt = house.bring_to("awaiting_consumer")
    with house.meanwhile(lambda: replace(house, receipt)):
        refused(call(house, "give_feedback", receipt, receipt["consumer_token"]), 401, "unauthenticated")
    view = house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json
    assert (view["stage"], view["feedback"]) == ("awaiting_consumer", [])
    assert call(house, "give_feedback", receipt, newest(room)).status == 200


# ---- the link of a plan ----------------------------------------------------------------------------------------------


def answer_plan(house: House, receipt: Receipt, token: str, **body: Any) -> Answer:
    return house.do(receipt["complaint_id"], "feedback", body, None, token=token)


def test_the_link_of_the_first_plans_mail_accepts_no_second_plan(house: House, room: Mailroom) -> None:
    receipt = house.bring_to("awaiting_consumer")
    token = newest(room)
    assert f"#token={token}&round=1&answer=accept" in plain(mails_to(WANG)[-1])
    assert answer_plan(house, receipt, token, satisfied=False, opinion="不够", round=1).status == 200
    house.do(receipt["complaint_id"], "resolution-plan", PLAN)
    room.settle()
    assert f"#token={token}&round=2&answer=accept" in plain(mails_to(WANG)[-1])
    told = refused(answer_plan(house, receipt, token, satisfied=True, round=1), 409, "plan_replaced")
    assert told["values"]["round"] == 2
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["stage"] == "awaiting_consumer"
    assert answer_plan(house, receipt, token, satisfied=True, round=2).json["outcome"] == "satisfied"


def test_an_answer_that_was_taken_is_answered_again_though_the_plan_has_been_replaced(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    body, key = {"satisfied": False, "opinion": "不够", "round": 1}, {"Idempotency_Key": "k1"}
    path, token = f"/v1/complaints/{receipt['complaint_id']}/feedback", receipt["consumer_token"]
    first = house.post(path, body, token=token, **key)
    again = house.post(path, body, token=token, **key)
    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (200, first.json, "true")
    refused(house.post(path, body, token=token), 409, "plan_replaced")


@pytest.mark.parametrize("number", [0, -1, 1.5, "1", True])
def test_a_round_is_a_whole_number_from_one(house: House, number: Any) -> None:
    receipt = house.bring_to("awaiting_consumer")
    answer = answer_plan(house, receipt, receipt["consumer_token"], satisfied=True, round=number)
    refused(answer, 422, "invalid", field="round")


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
