"""Who may call what: every operation, walked with every kind of caller, is open to whom `tests/rights.py` says."""

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
from tests.house import KETTLE, Answer, House, forget, refused
from tests.rights import RIGHTS, STAFF

from .examples import BODIES, OPERATIONS, Receipt, body_for, other_for, path_of, ready_for
from .uploads import upload

CALLERS: dict[str, set[str]] = {
    "nobody": {"everybody"},
    "groupless": {"everybody"},
    **{group: {"everybody", "staff", group} for group in sorted(STAFF)},
    "quality": {"everybody", "staff", "quality", "asked"},
    "shop": {"everybody", "storefronts", "its_storefront"},
    "other_shop": {"everybody", "storefronts"},
    "owner": {"everybody", "its_consumer", "consumers"},
    "other_consumer": {"everybody", "consumers"},
}
"""nobody: no credentials, or such as prove nothing. groupless: signed in, but in no group that means anything here.
shop: the storefront that filed the complaint. owner: the consumer whose complaint it is."""
LIKE = {"other_shop": "shop", "other_consumer": "owner"}
"""As whom they come in at the door, where only the complaint tells that it is not theirs."""


def expected_of(name: str, caller: str) -> int:
    right = RIGHTS[name]
    if right.who & CALLERS[caller]:
        return right.answer
    if caller == "nobody":
        return 401
    if name == "examine_item" and caller in STAFF - {"audit", "management"}:
        return 404  # what is not published is not theirs to see
    return 404 if right.who & CALLERS[LIKE.get(caller, caller)] else 403


CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}

AGAIN_AND_AGAIN = {
    *("list_interpretations", "show_interpretation", "interpret_policy"),
    *("list_policy_reviews", "show_policy_review", "review_policy"),
    *("list_training", "list_management_reviews", "show_management_review"),
    *("list_reports", "show_report", "list_cases", "list_measures"),
    *("list_sheets", "show_sheet"),
    *("draft_amendment", "list_amendments", "show_amendment", "show_replay", "list_opinions", "show_operating"),
    *(
        "draft_audit",
        "list_audits",
        "list_rules",
        "show_audit",
        "show_audit_report",
        "show_sample",
        "list_items",
        "show_item",
    ),
    *("list_findings", "list_findings_of_audit", "raise_finding", "comment_audit", "correct_audit"),
    *("show_study", "open_section", "show_roster"),
    *("show_policy_in_force", "list_policy_versions", "show_policy_version"),
    *("file_complaint", "list_complaints", "show_complaint", "show_timeline", "show_evidence", "show_notices"),
    *("show_survey", "list_surveys", "search_complaints", "list_staff", "view_contact"),
    *("assign", "replace_link", "add_note", "update_delivery", "give_information", "ask", "offer_evidence"),
    *("put_volumes", "list_events", "sign_in", "show_health", "describe", "open_session", "send_lost_link"),
}
"""What can be done twice about one complaint."""

COUNTED = {"open_session", "send_lost_link"}
"""What anybody may try, so often: of that a count is kept."""


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    """The house with a second storefront."""
    shops = lasting_house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDRESS_STOREFRONT_CLIENT_IDS", f"{shops},another-shop")
        forget()
        yield lasting_house


@pytest.fixture(scope="module")
def receipts(house: House) -> dict[str, Receipt]:
    """A complaint of 王芳 for each operation, and one of somebody else."""
    return {name: ready_for(house, name) for name in OPERATIONS} | {"somebody else's": house.file()}


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


def signed_with_another_key(house: House, _: Receipt) -> str:
    return jwt.encode({"alg": "RS256", "kid": pool_key(house).kid}, house.claims("cs.lin"), ANOTHER_KEY)


def signed_with_the_public_key(house: House, _: Receipt) -> str:
    secret = pool_key(house).as_pem(private=False)
    return made_by_hand({"alg": "HS256", "kid": "dummy"}, house.claims("cs.lin"), secret)


def signed_with_an_empty_secret(house: House, receipt: Receipt) -> str:
    return made_by_hand({"alg": "HS256", "typ": "consumer"}, {"sub": receipt["complaint_id"], "exp": 4e9}, b"\0")


def signed_by_nobody(house: House, receipt: Receipt) -> str:
    return made_by_hand({"alg": "none", "kid": "dummy"}, house.claims("cs.lin"), None)


def with_other_claims(who: str, **claims: Any) -> Callable[[House, Receipt], str]:
    return lambda house, _: house.pool_token(**(house.claims(who) | claims))


def expired(house: House, _: Receipt) -> str:
    claims = house.claims("cs.lin")
    return house.pool_token(**(claims | {"iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600}))


def without_expiry(house: House, _: Receipt) -> str:
    return house.pool_token(**{name: value for name, value in house.claims("cs.lin").items() if name != "exp"})


def signed_as_a_cursor_is(house: House, receipt: Receipt) -> str:
    return signing.sign("consumer", {"sub": receipt["complaint_id"], "exp": 4_000_000_000})


def sealed_for_another_purpose(house: House, receipt: Receipt) -> str:
    return f"rt1.{receipt['complaint_id']}.0.{signing.seal('code', receipt['complaint_id'], '0')}"


def sealed_with_another_key(house: House, receipt: Receipt) -> str:
    mac = hmac.digest(b"another key of thirty-two bytes!", f"token|{receipt['complaint_id']}|0".encode(), "sha256")
    return f"rt1.{receipt['complaint_id']}.0.{base64.urlsafe_b64encode(mac[:16]).decode().rstrip('=')}"


def with_the_whole_mac(house: House, receipt: Receipt) -> str:
    key = house.environment["REDRESS_TOKEN_KEYS"].split(",")[0].encode()
    mac = hmac.digest(key, f"token|{receipt['complaint_id']}|0".encode(), "sha256")
    return f"rt1.{receipt['complaint_id']}.0.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def changed(part: int, becomes: Callable[[str], str]) -> Callable[[House, Receipt], str]:
    """The consumer's own token, in which a part between the dots is another."""

    def change(house: House, receipt: Receipt) -> str:
        parts = str(receipt["consumer_token"]).split(".")
        parts[part] = becomes(parts[part])
        return ".".join(parts)

    return change


def page_cursor(house: House, _: Receipt) -> str:
    return str(house.get("/v1/complaints?limit=1", "cs.lin").json["next_cursor"])


def signed_for_another_purpose(house: House, receipt: Receipt) -> str:
    return signing.sign("evidence", {"sub": receipt["complaint_id"], "exp": 4_000_000_000})


NOBODY: dict[str, Callable[[House, Receipt], str | None]] = {
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
    "a link as it was before": signed_as_a_cursor_is,
    "a link with the MAC of another purpose": sealed_for_another_purpose,
    "a link with another key": sealed_with_another_key,
    "a link with the whole MAC": with_the_whole_mac,
    "a link of a later version": changed(0, lambda _: "rt2"),
    "a link to another complaint": changed(1, lambda _: "AAAAA-AAAAA"),
    "a link whose id is spelt otherwise": changed(1, lambda number: number.lower()),
    "a link whose id has no dash": changed(1, lambda number: number.replace("-", "")),
    "a link of another edition": changed(2, lambda _: "1"),
    "a link whose edition is spelt otherwise": changed(2, lambda _: "00"),
    "a link whose edition is in other digits": changed(2, lambda _: "０"),
    "a link cut short": changed(3, lambda mac: mac[:-1]),
    "a link with something behind it": changed(3, lambda mac: mac + "="),
    "a link without a MAC": changed(3, lambda _: ""),
    "a link with one character changed": changed(3, lambda mac: ("B" if mac[0] == "A" else "A") + mac[1:]),
    "a link whose last bits are others": changed(3, lambda mac: mac[:-1] + chr(ord(mac[-1]) + 1)),
    "a page cursor": page_cursor,
    "signed for another purpose": signed_for_another_purpose,
}


# ---- the walk ------------------------------------------------------------------------------------------------------


def token_of(caller: str, house: House, receipt: Receipt, stranger: Receipt) -> str:
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


def call(house: House, name: str, receipt: Receipt, other: str, token: str | None, **changes: str) -> Answer:
    body = body_for(name, other, receipt["complaint_id"])
    path = path_of(name, receipt["complaint_id"])
    return house.send(OPERATIONS[name].method, path, body | changes if changes else body, token=token)


def test_the_table_of_rights_names_every_operation_and_nothing_else() -> None:
    assert set(RIGHTS) == set(OPERATIONS)


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller != "nobody"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_open_to_whom_the_table_says(
    house: House, receipts: dict[str, Receipt], name: str, caller: str
) -> None:
    expected, stranger = expected_of(name, caller), receipts["somebody else's"]
    receipt = ready_for(house, name) if expected < 400 and name not in AGAIN_AND_AGAIN else receipts[name]
    by_phone = {"channel": "phone"} if (name, caller) == ("file_complaint", "customer_service") else {}
    other = other_for(house, name) if name == "pick_item" else stranger["complaint_id"]
    token, kept = token_of(caller, house, receipt, stranger), house.items_kept()
    answer = call(house, name, receipt, other, token, **by_phone)
    if expected < 400:
        assert answer.status == expected, answer
    else:
        refused(answer, expected, CODES[expected])
        assert house.items_kept() == kept


@pytest.mark.parametrize("kind", NOBODY)
def test_nobody_gets_in_whatever_the_credentials(house: House, receipts: dict[str, Receipt], kind: str) -> None:
    """At every fifth operation, each kind beginning with another one: what reads credentials is the same for all."""
    fifth = 1 if kind == "no token" else 5
    for name in list(OPERATIONS)[list(NOBODY).index(kind) % fifth :: fifth]:
        expected, receipt = expected_of(name, "nobody"), receipts[name]
        token, kept = NOBODY[kind](house, receipt), house.items_kept()
        answer = call(house, name, receipt, receipts["somebody else's"]["complaint_id"], token)
        assert house.items_kept() == kept or name in COUNTED, name
        if expected < 400:
            assert answer.status == expected, (name, answer)
        else:
            refused(answer, expected, CODES[expected])
            assert answer.headers["www-authenticate"] == "Bearer", name
            assert token is None or token not in answer.text, name


def test_a_department_answers_what_it_was_asked_and_not_what_others_were(house: House) -> None:
    complaint_id, body = ready_for(house, "answer_inquiry")["complaint_id"], BODIES["answer_inquiry"]
    for department in ("logistics", "legal"):
        house.do(complaint_id, "inquiries", {"department": department, "question": "请核查。"})
    departments = ("quality.he", "logistics.gao", "legal.xu")
    for number, asked in enumerate(departments, start=1):
        for other in departments:
            if other != asked:
                refused(house.do(complaint_id, f"inquiries/{number}/answer", body, other), 403, "forbidden")
        assert house.do(complaint_id, f"inquiries/{number}/answer", body, asked).status == 200


def test_a_consumer_gets_no_file_of_staffs_though_staff_get_the_consumers(house: House) -> None:
    receipt = house.file()
    mine, theirs = upload(house, receipt), upload(house, receipt, "cs.lin")
    path, wang = f"/v1/complaints/{receipt['complaint_id']}/evidence", receipt["consumer_token"]
    assert [house.get(f"{path}/{one}", "quality.he").status for one in (mine, theirs)] == [302, 302]
    assert house.get(f"{path}/{mine}", token=wang).status == 302
    hidden = refused(house.get(f"{path}/{theirs}", token=wang), 404, "not_found")
    unknown = refused(house.get(f"{path}/9", token=wang), 404, "not_found")
    assert {**hidden, "request_id": ""} == {**unknown, "request_id": ""}


def test_a_storefront_does_not_see_what_was_filed_by_phone(house: House) -> None:
    filed = house.post("/v1/complaints", KETTLE | {"channel": "phone"}, "cs.lin").json
    refused(house.get(f"/v1/complaints/{filed['complaint_id']}", "storefront"), 404, "not_found")


def test_what_is_not_yours_looks_like_what_is_not_there(house: House, receipts: dict[str, Receipt]) -> None:
    stranger = receipts["somebody else's"]["consumer_token"]
    unknown = refused(house.get("/v1/complaints/00000-00000", token=stranger), 404, "not_found")
    hidden = refused(
        house.get(f"/v1/complaints/{receipts['add_note']['complaint_id']}", token=stranger), 404, "not_found"
    )
    assert {**unknown, "request_id": ""} == {**hidden, "request_id": ""}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {} {}", "Bearer\t{}"])
def test_credentials_come_as_one_bearer_token(house: House, header: str) -> None:
    token = house.token("cs.lin")
    refused(house.send("GET", "/v1/complaints", Authorization=header.format(token, token)), 401, "unauthenticated")


def test_the_scheme_may_be_written_in_any_case(house: House) -> None:
    assert house.send("GET", "/v1/complaints", Authorization=f"bearer {house.token('cs.lin')}").status == 200
