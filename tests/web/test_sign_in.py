"""Staff sign in: with user name and password, or with a refresh token."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from chalicelib.adapters import aws
from infra.aws import REGION
from infra.local.staff import STAFF, STAFF_PASSWORD
from tests.house import House, refused

LIN = {"username": "cs.lin", "password": STAFF_PASSWORD}
ACCOUNTS = {
    "customer_service": {"cs.lin", "cs.chen", "cs.lead"},
    "supervisor": {"cs.lead"},
    "quality": {"quality.he", "quality.xie"},
    "logistics": {"logistics.gao"},
    "legal": {"legal.xu", "legal.tan"},
    "management": {"management.zhou", "management.wu"},
    "audit": {"audit.qin", "audit.lu"},
}


def sign_in(house: House, body: Any) -> Any:
    return house.post("/v1/sign-in", body)


@pytest.fixture
def house(lasting_house: House) -> House:
    return lasting_house


def test_the_local_system_has_the_staff_accounts_of_the_contract() -> None:
    groups = {group for own in STAFF.values() for group in own}
    assert {group: {name for name, own in STAFF.items() if group in own} for group in groups} == ACCOUNTS


@pytest.mark.parametrize("username", STAFF)
def test_staff_sign_in_and_their_token_opens_the_queue(house: House, username: str) -> None:
    answer = sign_in(house, LIN | {"username": username})
    assert answer.status == 200
    session = answer.json
    assert session.keys() == {"access_token", "refresh_token", "expires_in", "token_type"}
    assert (session["token_type"], session["expires_in"]) == ("Bearer", 3600)
    assert house.get("/v1/complaints", token=session["access_token"]).status == 200


def test_what_staff_do_after_signing_in_is_done_in_their_name(house: House) -> None:
    token = sign_in(house, LIN).json["access_token"]
    complaint_id = house.file()["complaint_id"]
    assert house.post(f"/v1/complaints/{complaint_id}/notes", {"text": "a"}, token=token).json["author"] == "cs.lin"


def test_a_refresh_token_gives_another_access_token(house: House) -> None:
    first = sign_in(house, LIN).json
    answer = sign_in(house, {"refresh_token": first["refresh_token"]})
    assert answer.status == 200
    assert {"access_token", "expires_in", "token_type"} <= answer.json.keys()
    assert house.get("/v1/complaints", token=answer.json["access_token"]).status == 200


@pytest.mark.parametrize("token", ["x", "\0", "长" * 100, "a" * 8192])
def test_what_is_no_refresh_token_is_refused_the_same_way(house: House, token: str) -> None:
    refused(sign_in(house, {"refresh_token": token}), 401, "unauthenticated")


def test_an_access_token_refreshes_nothing(house: House) -> None:
    access = sign_in(house, LIN).json["access_token"]
    refused(sign_in(house, {"refresh_token": access}), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "cs.lin"}, "password"),
        ({"password": STAFF_PASSWORD}, "username"),
        (LIN | {"refresh_token": "x"}, "refresh_token"),
        ({"username": "cs.lin", "refresh_token": "x"}, "refresh_token"),
        ({"username": "", "password": ""}, "username"),
        ({"refresh_token": ""}, "refresh_token"),
        ({"refresh_token": None}, "username"),
        (LIN | {"password": 12345678}, "password"),
        (LIN | {"username": ["cs.lin"]}, "username"),
        (LIN | {"username": "a" * 129}, "username"),
        (LIN | {"password": "a" * 257}, "password"),
        (LIN | {"grant_type": "password"}, "grant_type"),
        ({"username": "cs.lin", "session": "s" * 20}, "session"),
        ({"username": "cs.lin", "new_password": "x"}, "session"),
        ({"session": "s" * 20, "totp": "123456"}, "username"),
        (LIN | {"session": "s" * 20, "totp": "123456"}, "session"),
        ({"username": "cs.lin", "session": "s" * 20, "totp": "123456", "new_password": "x"}, "session"),
        ({"username": "cs.lin", "session": "s" * 20, "totp": "12345"}, "totp"),
        ({"session": "s" * 20, "refresh_token": "x"}, "refresh_token"),
    ],
)
def test_there_are_several_ways_in_and_each_is_taken_whole(house: House, body: Any, field: str) -> None:
    refused(sign_in(house, body), 422, "invalid", field=field)


@pytest.mark.parametrize(
    "body",
    [
        LIN | {"password": "S3cret-that-is-wrong"},
        LIN | {"username": "cs.nobody", "password": "S3cret-that-is-wrong"},
        {"password": "S3cret-that-is-wrong"},
        LIN | {"password": "S3cret-that-is-wrong" * 20},
        LIN | {"password": ["S3cret-that-is-wrong"]},
        LIN | {"refresh_token": "S3cret-that-is-wrong"},
        {"refresh_token": "S3cret-that-is-wrong"},
        {"username": "cs.lin", "session": "S3cret-that-is-wrong", "totp": "123456"},
        {"username": "cs.lin", "session": "s" * 20, "new_password": "S3cret-that-is-wrong"},
        LIN | {"pasword": "S3cret-that-is-wrong"},
        ["S3cret-that-is-wrong"],
    ],
)
def test_no_answer_and_no_log_repeats_a_secret(
    house: House, body: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = sign_in(house, body)
    assert answer.status in (401, 422)
    told = answer.text + str(answer.headers) + caplog.text + "".join(capsys.readouterr())
    assert "S3cret" not in told


@pytest.mark.parametrize("username", [" ", "\0", "cs.lin\n", "长 name with spaces", "\u202e", "a" * 128, "'; --"])
def test_a_user_name_of_any_shape_is_just_not_known(house: House, username: str) -> None:
    refused(sign_in(house, LIN | {"username": username}), 401, "unauthenticated")


# ---- when the user pool has its own ideas --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ("NotAuthorizedException", 401, "unauthenticated"),
        ("UserNotConfirmedException", 401, "unauthenticated"),
        ("PasswordResetRequiredException", 401, "unauthenticated"),
        ("InvalidParameterException", 401, "unauthenticated"),  # a user name with a space in it, for one
        ("TooManyRequestsException", 429, "throttled"),
        ("InternalErrorException", 503, "unavailable"),
        ("ResourceNotFoundException", 500, "internal"),
    ],
)
def test_what_the_user_pool_refuses_is_told_in_our_words(house: House, error: str, status: int, code: str) -> None:
    with house.interfering(refusing(error)):
        answer = sign_in(house, LIN)
    refused(answer, status, code)
    assert "S3cret" not in answer.text
    assert ("retry-after" in answer.headers) == (status in (429, 503))


def refusing(error: str) -> Callable[[str, str], None]:
    """The user pool answers with an error of its own."""

    def refuse(call: str, moment: str) -> None:
        kind = getattr(aws.client("cognito-idp").exceptions, error)
        http = 500 if error == "InternalErrorException" else 400
        message = {"Error": {"Code": error, "Message": "S3cret"}, "ResponseMetadata": {"HTTPStatusCode": http}}
        raise kind(message, "InitiateAuth")

    return refuse


def test_whoever_is_not_let_in_gets_one_and_the_same_answer(house: House) -> None:
    house.hire("cs.gone")
    boto3.client("cognito-idp", region_name=REGION).admin_disable_user(UserPoolId=house.pool_id, Username="cs.gone")
    nobody, gone = LIN | {"username": "cs.nobody"}, LIN | {"username": "cs.gone"}
    wrong = LIN | {"password": "Redress-local-2"}
    answers = [sign_in(house, body) for body in (wrong, nobody, gone, {"refresh_token": "x"})]
    for error in ("UserNotFound", "NotAuthorized", "UserNotConfirmed", "PasswordResetRequired", "InvalidParameter"):
        with house.interfering(refusing(f"{error}Exception")):
            answers.append(sign_in(house, LIN))
    told = [answer.headers | answer.json | {"x-request-id": "", "request_id": ""} for answer in answers]
    refused(answers[0], 401, "unauthenticated")
    assert [one for one in told if one != told[0]] == []
