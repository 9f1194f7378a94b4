"""What is asked for beside the password: a new one, and the code of an app."""

from typing import Any

import boto3
import pytest

from infra.aws import REGION
from infra.local.staff import STAFF_PASSWORD
from tests.house import Answer, House, refused
from tests.totp import code, no_code

MEI, OWN = {"username": "cs.mei"}, "Kettle-of-2026"


def cognito() -> Any:
    return boto3.client("cognito-idp", region_name=REGION)


def make(house: House, name: str) -> None:
    """An account of customer service whose first password is for one thing: to choose another."""
    made = {"UserPoolId": house.pool_id, "Username": name}
    cognito().admin_create_user(**made, TemporaryPassword=STAFF_PASSWORD, MessageAction="SUPPRESS")
    cognito().admin_add_user_to_group(**made, GroupName="customer_service")


def demand_codes(house: House, how: str) -> None:
    codes = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": how}
    cognito().set_user_pool_mfa_config(UserPoolId=house.pool_id, **codes)


@pytest.fixture
def mei(house: House) -> House:
    """The house on the day on which 梅 begins there, who is to sign in with an app that shows codes."""
    make(house, "cs.mei")
    demand_codes(house, "ON")
    return house


def answer(house: House, **given: str) -> Answer:
    return house.post("/v1/sign-in", MEI | given)


def asked(told: Answer, challenge: str) -> dict[str, Any]:
    """The answer asks for that; what it says beside it."""
    body = refused(told, 401, "challenge")
    assert body["challenge"] == challenge
    return body


def test_the_first_sign_in_asks_for_a_new_password_then_for_an_app_and_lets_in(mei: House) -> None:
    first = asked(answer(mei, password=STAFF_PASSWORD), "new_password")
    second = asked(answer(mei, session=first["session"], new_password=OWN), "totp_setup")
    let_in = answer(mei, session=second["session"], totp=code(second["secret"]))
    assert let_in.status == 200, let_in.text
    assert mei.get("/v1/complaints", token=let_in.json["access_token"]).status == 200

    later = asked(answer(mei, password=OWN), "totp")
    assert "secret" not in later
    assert answer(mei, session=later["session"], totp=code(second["secret"])).status == 200


def test_a_code_that_is_wrong_can_be_entered_again(mei: House) -> None:
    first = asked(answer(mei, password=STAFF_PASSWORD), "new_password")
    second = asked(answer(mei, session=first["session"], new_password=OWN), "totp_setup")
    wrong = refused(answer(mei, session=second["session"], totp=no_code(second["secret"])), 401, "unauthenticated")
    assert wrong["reason"] == "second_factor_wrong"
    assert answer(mei, session=second["session"], totp=code(second["secret"])).status == 200

    later = asked(answer(mei, password=OWN), "totp")
    wrong = refused(answer(mei, session=later["session"], totp=no_code(second["secret"])), 401, "unauthenticated")
    assert wrong["reason"] == "second_factor_wrong"
    assert answer(mei, session=later["session"], totp=code(second["secret"])).status == 200


@pytest.mark.parametrize("password", ["short-1Z", "with a blank in it, 1 Z", "long-but-all-small-letters-1", "长" * 20])
def test_a_new_password_that_is_too_simple_can_be_chosen_again(mei: House, password: str) -> None:
    session = asked(answer(mei, password=STAFF_PASSWORD), "new_password")["session"]
    refused(answer(mei, session=session, new_password=password), 422, "invalid", field="new_password")
    asked(answer(mei, session=session, new_password=OWN), "totp_setup")


def test_the_session_of_one_person_is_good_for_nobody_else(mei: House) -> None:
    session = asked(answer(mei, password=STAFF_PASSWORD), "new_password")["session"]
    stolen = mei.post("/v1/sign-in", {"username": "cs.lin", "session": session, "new_password": OWN})
    assert refused(stolen, 401, "unauthenticated")["reason"] == "sign_in_over"
    assert mei.post("/v1/sign-in", {"username": "cs.lin", "password": STAFF_PASSWORD}).status == 200


@pytest.mark.parametrize("session", ["x", "setup.x", "s" * 20, "setup." + "s" * 20, "长" * 20, "0" * 2100])
@pytest.mark.parametrize("given", [{"totp": "123456"}, {"new_password": OWN}])
def test_what_is_no_session_is_one_that_is_over(lasting_house: House, session: str, given: dict[str, str]) -> None:
    told = lasting_house.post("/v1/sign-in", {"username": "cs.lin", "session": session, **given})
    assert refused(told, 401, "unauthenticated")["reason"] == "sign_in_over"


def test_whoever_does_not_know_the_password_is_not_told_what_else_is_asked_for(mei: House) -> None:
    wrong = refused(answer(mei, password="Redress-local-2"), 401, "unauthenticated")
    nobody = refused(mei.post("/v1/sign-in", {"username": "cs.nobody", "password": OWN}), 401, "unauthenticated")
    assert wrong | {"request_id": ""} == nobody | {"request_id": ""}
