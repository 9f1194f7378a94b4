"""Who may call what: one table written out by hand, and every operation walked with every kind of caller."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import RSAKey

from chalicelib.adapters import signing
from chalicelib.web import APIS
from tests.house import FRIDAY, KETTLE, PLAN, REPORT, Answer, House, forget, refused

# nobody: no credentials, or such as prove nothing. groupless: signed in, but in no group that means anything here.
# shop: the storefront that filed the complaint. owner: the consumer whose complaint it is.
RIGHTS = """
operation             nobody groupless customer_service quality logistics legal supervisor management audit shop other_shop owner other_consumer
file_complaint           401       403              201     403       403   403        403        403   403  201        201   403            403
list_complaints          401       403              200     200       200   200        200        200   200  403        403   403            403
show_complaint           401       403              200     200       200   200        200        200   200  200        404   200            404
show_timeline            401       403              200     200       200   200        200        200   200  403        403   200            404
assign                   401       403              200     403       403   403        200        403   403  403        403   403            403
acknowledge              401       403              200     403       403   403        403        403   403  403        403   403            403
report                   401       403              200     403       403   403        403        403   403  403        403   403            403
propose_plan             401       403              200     403       403   403        403        403   403  403        403   403            403
give_feedback            401       403              200     403       403   403        403        403   403  403        403   200            404
add_note                 401       403              201     201       201   201        201        201   201  403        403   403            403
sign_in                  200       200              200     200       200   200        200        200   200  200        200   200            200
show_health              200       200              200     200       200   200        200        200   200  200        200   200            200
describe                 200       200              200     200       200   200        200        200   200  200        200   200            200
"""  # noqa: E501
HEAD, *ROWS = [line.split() for line in RIGHTS.strip().splitlines()]
EXPECTED = {(row[0], caller): int(status) for row in ROWS for caller, status in zip(HEAD[1:], row[1:], strict=True)}
CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}

# What to send, and the stage in which it can be done.
SENT: dict[str, tuple[str, Any]] = {
    "assign": ("received", {"assignee": "cs.chen"}),
    "acknowledge": ("received", {}),
    "report": ("investigating", REPORT),
    "propose_plan": ("planning", PLAN),
    "give_feedback": ("awaiting_consumer", {"satisfied": True}),
    "add_note": ("received", {"text": "电话里很着急。"}),
    "sign_in": ("received", {"username": "cs.lin", "password": "Redress-local-1"}),
}
LEAVES_THE_STAGE = {"acknowledge", "report", "propose_plan", "give_feedback"}
OPERATIONS = {operation.name: operation for api in APIS for operation in api.operations}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    """The house with a second storefront."""
    shops = lasting_house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDRESS_STOREFRONT_CLIENT_IDS", f"{shops},another-shop")
        forget()
        yield lasting_house


@pytest.fixture(scope="module")
def receipts(house: House) -> dict[str, dict[str, Any]]:
    """A complaint of 王芳 in each stage that is needed, and one of somebody else."""
    stages = ("received", "investigating", "planning", "awaiting_consumer")
    return {stage: house.bring_to(stage) for stage in stages} | {"somebody else's": house.file()}


# ---- credentials that prove nothing --------------------------------------------------------------------------------


def made_by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """A token as an attacker writes it: HS256 over any secret, or no signature at all."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    signed = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256)) if secret else ''}"


ANOTHER_KEY = RSAKey.generate_key(2048)


def pool_key(house: House) -> RSAKey:
    """The public half of the pool's key, as anyone can fetch it."""
    keys = urllib3.request("GET", house.environment["REDRESS_KEYS_URL"]).json()["keys"]
    return RSAKey.import_key(keys[0])


def signed_with_another_key(house: House, _: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": pool_key(house).kid}, house.claims("cs.lin"), ANOTHER_KEY)


def signed_with_the_public_key(house: House, _: dict[str, Any]) -> str:
    secret = pool_key(house).as_pem(private=False)
    return made_by_hand({"alg": "HS256", "kid": "dummy"}, house.claims("cs.lin"), secret)


def signed_with_an_empty_secret(house: House, receipt: dict[str, Any]) -> str:
    return made_by_hand({"alg": "HS256", "typ": "consumer"}, {"sub": receipt["complaint_id"], "exp": 4e9}, b"\0")


def signed_by_nobody(house: House, receipt: dict[str, Any]) -> str:
    return made_by_hand({"alg": "none", "kid": "dummy"}, house.claims("cs.lin"), None)


def with_other_claims(who: str, **claims: Any) -> Callable[[House, dict[str, Any]], str]:
    return lambda house, _: house.pool_token(**(house.claims(who) | claims))


def expired(house: House, _: dict[str, Any]) -> str:
    claims = house.claims("cs.lin")
    return house.pool_token(**(claims | {"iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600}))


def without_expiry(house: House, _: dict[str, Any]) -> str:
    return house.pool_token(**{name: value for name, value in house.claims("cs.lin").items() if name != "exp"})


def expired_link(house: House, receipt: dict[str, Any]) -> str:
    issued = int(FRIDAY.timestamp()) - 1000
    return signing.sign("consumer", {"sub": receipt["complaint_id"], "iat": issued, "exp": issued + 1000})


def page_cursor(house: House, _: dict[str, Any]) -> str:
    return str(house.get("/v1/complaints?limit=1", "cs.lin").json["next_cursor"])


def signed_for_another_purpose(house: House, receipt: dict[str, Any]) -> str:
    return signing.sign("evidence", {"sub": receipt["complaint_id"], "exp": 4_000_000_000})


def changed_on_the_way(house: House, receipt: dict[str, Any]) -> str:
    head, _, signature = str(receipt["consumer_token"]).split(".")
    claims = base64.urlsafe_b64encode(json.dumps({"sub": receipt["complaint_id"], "exp": 4_000_000_000}).encode())
    return f"{head}.{claims.decode().rstrip('=')}.{signature}"


NOBODY: dict[str, Callable[[House, dict[str, Any]], str | None]] = {
    "no token": lambda *_: None,
    "garbage": lambda *_: "garbage",
    "three parts of garbage": lambda *_: "a.b.c",
    "signed with another key": signed_with_another_key,
    "HS256 with the public key": signed_with_the_public_key,
    "HS256 with a secret anyone knows": signed_with_an_empty_secret,
    "no signature": signed_by_nobody,
    "expired": expired,
    "without expiry": without_expiry,
    "another issuer": with_other_claims("cs.lin", iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
    "an id token": with_other_claims("cs.lin", token_use="id"),
    "an unknown client": with_other_claims("cs.lin", client_id="somebody-else"),
    "an unknown storefront": with_other_claims("storefront", client_id="somebody-else"),
    "a storefront without the scope": with_other_claims("storefront", scope="complaints/read"),
    "an expired link": expired_link,
    "a page cursor": page_cursor,
    "signed for another purpose": signed_for_another_purpose,
    "a link changed on the way": changed_on_the_way,
}


# ---- the walk ------------------------------------------------------------------------------------------------------


def token_of(caller: str, house: House, receipt: dict[str, Any], stranger: dict[str, Any]) -> str:
    match caller:
        case "groupless":
            return house.pool_token(**(house.claims("cs.lin") | {"cognito:groups": ["interns"]}))
        case "shop":
            return house.token("storefront")
        case "other_shop":
            return house.pool_token(**(house.claims("storefront") | {"client_id": "another-shop"}))
        case "owner":
            return str(receipt["consumer_token"])
        case "other_consumer":
            return str(stranger["consumer_token"])
    return house.token(caller)


def call(house: House, name: str, receipt: dict[str, Any], token: str | None, channel: str = "web") -> Answer:
    operation = OPERATIONS[name]
    body = KETTLE | {"channel": channel} if name == "file_complaint" else SENT[name][1] if operation.body else None
    path = operation.path.replace("{complaint_id}", receipt["complaint_id"])
    return house.send(operation.method, path, body, token=token)


def test_the_table_of_rights_names_every_operation_and_nothing_else() -> None:
    assert {row[0] for row in ROWS} == set(OPERATIONS)


@pytest.mark.parametrize("caller", HEAD[2:])
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_open_to_whom_the_table_says(
    house: House, receipts: dict[str, dict[str, Any]], name: str, caller: str
) -> None:
    expected, stage = EXPECTED[name, caller], SENT.get(name, ("received",))[0]
    receipt = house.bring_to(stage) if expected < 400 and name in LEAVES_THE_STAGE else receipts[stage]
    token, kept = token_of(caller, house, receipt, receipts["somebody else's"]), house.items_kept()
    answer = call(house, name, receipt, token, "phone" if caller == "customer_service" else "web")
    if expected < 400:
        assert answer.status == expected, answer
    else:
        refused(answer, expected, CODES[expected])
        assert house.items_kept() == kept


@pytest.mark.parametrize("kind", NOBODY)
@pytest.mark.parametrize("name", OPERATIONS)
def test_nobody_gets_in_whatever_the_credentials(
    house: House, receipts: dict[str, dict[str, Any]], name: str, kind: str
) -> None:
    expected, receipt = EXPECTED[name, "nobody"], receipts[SENT.get(name, ("received",))[0]]
    token, kept = NOBODY[kind](house, receipt), house.items_kept()
    answer = call(house, name, receipt, token)
    assert house.items_kept() == kept
    if expected < 400:
        assert answer.status == expected, answer
    else:
        refused(answer, expected, CODES[expected])
        assert answer.headers["www-authenticate"] == "Bearer"
        assert token is None or token not in answer.text


def test_a_storefront_does_not_see_what_was_filed_by_phone(house: House) -> None:
    filed = house.post("/v1/complaints", KETTLE | {"channel": "phone"}, "cs.lin").json
    refused(house.get(f"/v1/complaints/{filed['complaint_id']}", "storefront"), 404, "not_found")


def test_what_is_not_yours_looks_like_what_is_not_there(house: House, receipts: dict[str, dict[str, Any]]) -> None:
    stranger = receipts["somebody else's"]["consumer_token"]
    unknown = refused(house.get("/v1/complaints/00000-00000", token=stranger), 404, "not_found")
    hidden = refused(
        house.get(f"/v1/complaints/{receipts['received']['complaint_id']}", token=stranger), 404, "not_found"
    )
    assert {**unknown, "request_id": ""} == {**hidden, "request_id": ""}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {} {}", "Bearer\t{}"])
def test_credentials_come_as_one_bearer_token(house: House, header: str) -> None:
    token = house.token("cs.lin")
    refused(house.send("GET", "/v1/complaints", Authorization=header.format(token, token)), 401, "unauthenticated")


def test_the_scheme_may_be_written_in_any_case(house: House) -> None:
    assert house.send("GET", "/v1/complaints", Authorization=f"bearer {house.token('cs.lin')}").status == 200


def test_a_consumers_link_holds_until_it_expires(house: House) -> None:
    receipt = house.file()
    path, token = f"/v1/complaints/{receipt['complaint_id']}", receipt["consumer_token"]
    house.now = FRIDAY.replace(year=2027, month=3)
    assert house.get(path, token=token).status == 200
    house.now = FRIDAY.replace(year=2028)
    refused(house.get(path, token=token), 401, "unauthenticated")
    house.now = FRIDAY
