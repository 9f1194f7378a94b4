"""The code of a text message: who has it gets the token that the link would bring; whoever guesses, soon nothing."""

import json
import re
from typing import Any

import pytest

import app
from chalicelib.adapters import identity, signing
from chalicelib.adapters.tries import DAY, Count, take
from chalicelib.casework.session import OF_ALL
from tests.casework.mailroom import Mailroom, code_in, texts
from tests.house import Answer, House, Killed, refused

PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
WRONG = "0000-0000"


def enter(house: House, number: str, code: str) -> Answer:
    return house.post(f"/v1/complaints/{number}/session", {"code": code})


@pytest.fixture
def texted(house: House) -> tuple[dict[str, Any], str]:
    """A receipt, and the code in the text message about it."""
    receipt = house.file(contact=PHONE_ONLY)
    Mailroom(house).settle()
    [(_, text)] = texts()
    assert receipt["consumer_token"] not in text
    assert text.endswith("https://www.example.com/complaints")
    return receipt, code_in(text)


def test_who_types_number_and_code_of_a_text_message_gets_the_token_that_opens_the_complaint(
    house: House, texted: tuple[dict[str, Any], str]
):
    receipt, code = texted
    answer = enter(house, receipt["complaint_id"], code)
    assert (answer.status, answer.json) == (200, {"consumer_token": receipt["consumer_token"]})
    token = answer.json["consumer_token"]
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=token).status == 200


def test_the_code_is_read_however_it_is_typed(house: House, texted: tuple[dict[str, Any], str]):
    receipt, code = texted
    number = receipt["complaint_id"].lower().replace("-", "")
    misread = code.replace("0", "O").replace("1", "l")
    for typed in (code.lower(), code.replace("-", ""), f" {code[:2]} {code[2:]} ", misread, code.replace("-", "—")):
        assert enter(house, number, typed).status == 200, typed


def test_the_code_is_no_piece_of_the_token_and_sealed_with_any_key_that_is_known(
    house: House, texted: tuple[dict[str, Any], str], monkeypatch: pytest.MonkeyPatch
):
    receipt, code = texted
    number = receipt["complaint_id"]
    assert signing.code("code", number, "0") == code != signing.code("token", number, "0")
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)
    old = house.environment["REDRESS_TOKEN_KEYS"]
    house.set(monkeypatch, REDRESS_TOKEN_KEYS=f"{'n' * 32},{old}")
    assert signing.code("code", number, "0") != code
    assert enter(house, number, code).status == 200
    house.set(monkeypatch, REDRESS_TOKEN_KEYS="n" * 32)
    refused(enter(house, number, code), 401, "unauthenticated")


def test_codes_differ_by_complaint_and_by_edition(house: House):
    codes = {identity.consumer_code(number, edition) for number in ("7K2M9-XD4FQ", "3ZT8P-QN6WA") for edition in (0, 9)}
    assert len(codes) == 4


def test_a_wrong_code_and_a_complaint_that_is_not_there_are_answered_alike(house: House):
    number = house.file()["complaint_id"]
    answers = [refused(enter(house, one, WRONG), 401, "unauthenticated") for one in (number, "AAAAA-AAAAA", "nothing")]
    assert len({str({**one, "request_id": ""}) for one in answers}) == 1
    assert answers[0]["reason"] == "code_wrong"


def test_and_they_cost_the_same_calls(house: House):
    number, costs = house.file()["complaint_id"], []
    for one in (number, "AAAAA-AAAAA", "nothing"):
        with house.counting() as calls:
            enter(house, one, WRONG)
        costs.append(calls)
    assert costs == [["dynamodb:UpdateItem"] * 2 + ["dynamodb:BatchGetItem"]] * 3


def test_a_code_of_a_link_that_was_replaced_is_wrong_and_that_of_the_new_one_opens(
    house: House, texted: tuple[dict[str, Any], str]
):
    receipt, code = texted
    number = receipt["complaint_id"]
    house.do(number, "link", {})
    Mailroom(house).settle()
    new = code_in(texts()[-1][1])
    assert refused(enter(house, number, code), 401, "unauthenticated")["reason"] == "code_wrong"
    token = enter(house, number, new).json["consumer_token"]
    assert token != receipt["consumer_token"]
    assert house.get(f"/v1/complaints/{number}", token=token).status == 200


def test_the_right_code_of_a_link_that_has_ended_says_so_and_a_wrong_one_does_not(house: House):
    receipt = house.bring_to("closed")
    number = receipt["complaint_id"]
    house.do(number, "follow-ups/1/completion", {})
    house.pass_time(days=365)
    code = identity.consumer_code(number, 0)
    assert refused(enter(house, number, WRONG), 401, "unauthenticated")["reason"] == "code_wrong"
    assert refused(enter(house, number, code), 401, "unauthenticated")["reason"] == "link_ended"


def test_after_five_wrong_ones_within_the_hour_the_right_one_is_refused_too_and_the_link_goes_on_working(house: House):
    receipt = house.file()
    number, code = receipt["complaint_id"], identity.consumer_code(receipt["complaint_id"], 0)
    for one in (number, "AAAAA-AAAAA", "nothing", "x" * 3_000):
        assert [enter(house, one, WRONG).status for _ in range(6)] == [401] * 5 + [429]
    answer = enter(house, number, code)
    assert refused(answer, 429, "throttled")["values"] == {"seconds": 1200, "minutes": 20}  # it is 40 past the hour
    assert answer.headers["retry-after"] == "1200"
    assert house.get(f"/v1/complaints/{number}", token=receipt["consumer_token"]).status == 200
    house.pass_time(seconds=1199)
    assert enter(house, number, code).status == 429
    house.pass_time(seconds=1)
    assert enter(house, number, code).status == 200


def test_right_ones_are_not_counted(house: House):
    number = house.file()["complaint_id"]
    code = identity.consumer_code(number, 0)
    assert [enter(house, number, code).status for _ in range(12)] == [200] * 12


def test_whoever_dies_over_it_leaves_what_a_second_try_gets_through(house: House):
    number = house.file()["complaint_id"]
    code = identity.consumer_code(number, 0)
    for moment in ("before", "after"):
        deaths = 0
        for call in range(6):
            with pytest.raises(Killed), house.killed_at(call, moment):
                enter(house, number, code)
            deaths += 1
            assert enter(house, number, code).status == 200, (moment, call)
            house.pass_time(hours=1)
        assert deaths == 6


def test_what_is_counted_has_an_end_and_nothing_of_anybody(house: House):
    house.file()
    kept = house.items_kept()
    enter(house, "7K2M9-XD4FQ", WRONG)
    counts = [item for item in house.items() if item["sk"]["S"] == "TRIES"]
    assert house.items_kept() == kept + 2 == kept + len(counts)
    for item in counts:
        assert item.keys() == {"pk", "sk", "tries", "expires_at"}
        assert re.fullmatch("TRIES#[0-9a-f]{64}", item["pk"]["S"])
        assert house.now.timestamp() < int(item["expires_at"]["N"]) < house.now.timestamp() + 3 * 86400


def test_however_many_addresses_guess_the_complaint_takes_300_wrong_ones_a_day(house: House):
    number = house.file()["complaint_id"]
    whole = Count(("session", number), DAY, OF_ALL)
    assert OF_ALL == 300
    assert all(take(whole, house.now) for _ in range(299))
    assert [enter(house, number, WRONG).status for _ in range(2)] == [401, 429]
    assert enter(house, number, identity.consumer_code(number, 0)).headers["retry-after"] == str(16 * 3600 + 20 * 60)
    house.pass_time(hours=16, minutes=20)
    assert enter(house, number, identity.consumer_code(number, 0)).status == 200


def test_of_many_at_the_same_moment_no_more_get_through_than_may(house: House):
    """While one is looked at, others are: each is counted before that."""
    number = house.file()["complaint_id"]
    statuses: list[int] = []

    def others(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:BatchGetItem", "before") and len(statuses) < 8:
            mine, house.interfere = house.interfere, lambda call, moment: None
            statuses.extend(enter(house, number, WRONG).status for _ in range(8))
            house.interfere = mine

    with house.interfering(others):
        statuses.append(enter(house, number, WRONG).status)
    assert sorted(statuses) == [401] * 5 + [429] * 4


def tried_from(address: str, number: str) -> int:
    """What a wrong code is answered that comes from an address, as API Gateway says it."""
    path = f"/v1/complaints/{number}/session"
    event = {
        "httpMethod": "POST",
        "path": path,
        "resource": "/v1/complaints/{complaint_id}/session",
        "pathParameters": {"complaint_id": number},
        "headers": {"content-type": "application/json", "X-Forwarded-For": "198.51.100.1"},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "isBase64Encoded": False,
        "body": json.dumps({"code": WRONG}),
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/v1/complaints/{complaint_id}/session",
            "path": path,
            "requestId": "r-1",
            "identity": {"sourceIp": address},
        },
    }
    return int(app.app(event, None)["statusCode"])


def test_each_address_has_its_own_five_and_the_addresses_of_one_line_have_them_together(house: House):
    number = house.file()["complaint_id"]
    assert [tried_from("203.0.113.7", number) for _ in range(6)] == [401] * 5 + [429]
    assert tried_from("203.0.113.8", number) == 401
    assert [tried_from(f"2001:db8:1:2::{n}", number) for n in range(6)] == [401] * 5 + [429]
    assert tried_from("2001:db8:1:3::1", number) == 401


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": 12345678}, {"code": WRONG, "more": 1}, {"code": "x" * 65}])
def test_what_is_no_code_at_all_is_said_and_not_counted(house: House, body: Any):
    number = house.file()["complaint_id"]
    for _ in range(6):
        refused(house.post(f"/v1/complaints/{number}/session", body), 422, "invalid")
    assert enter(house, number, identity.consumer_code(number, 0)).status == 200
