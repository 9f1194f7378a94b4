"""The description that is committed is that of the code, its examples are true, and it breaks no client of before."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from chalicelib.adapters import orders, webhook_call
from chalicelib.adapters.webhooks import Webhook
from chalicelib.casework import lost_links as asking
from chalicelib.casework import session
from chalicelib.web import APIS
from chalicelib.web.json.contract import examples, served, tags, whole
from chalicelib.web.problems import MEDIA_TYPE
from tests.house import House

from .answers import HASH
from .comparison import breaking
from .released import ACCEPTED, RELEASED

JSON = "application/json"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def committed() -> Any:
    return json.loads(served.WRITTEN.read_text("utf-8"))


def operations(document: Any) -> dict[str, Any]:
    return {one["operationId"]: one for methods in document["paths"].values() for one in methods.values()}


def validator(document: Any, schema: Any) -> Draft202012Validator:
    return Draft202012Validator(schema | {"components": document["components"]}, format_checker=FormatChecker())


def test_what_is_committed_is_what_the_code_says(committed: Any) -> None:
    known = [operation for api in APIS for operation in api.operations]
    now = whole.document(known, examples.taken_from(committed))
    assert json.loads(whole.written(now)) == committed, "the code says something else by now: make openapi"


def test_no_client_of_the_last_release_is_broken(committed: Any) -> None:
    said = breaking(json.loads(RELEASED.read_text("utf-8")), committed)
    assert set(said) == ACCEPTED.keys(), "this breaks clients: add beside what is there, or say why in released.py"


def test_each_operation_shows_what_is_sent_and_what_is_answered(committed: Any) -> None:
    shown = examples.taken_from(committed)
    taking = {name for name, one in operations(committed).items() if "requestBody" in one}
    answering = {
        name
        for name, one in operations(committed).items()
        if any(JSON in answer.get("content", ()) for status, answer in one["responses"].items() if status[0] == "2")
    }
    assert taking == shown.sent.keys()
    assert answering - shown.answered.keys() == {
        "describe",  # it would show itself
        *("show_policy_in_force", "show_policy_version", "show_operating"),  # as long as a book
    }
    assert shown.problems.keys() == {"400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "500", "503"}


def test_examples_are_as_the_schemas_say(committed: Any) -> None:
    places = [one["requestBody"] for one in operations(committed).values() if "requestBody" in one]
    places += [answer for one in operations(committed).values() for answer in one["responses"].values()]
    places += [*committed["components"]["responses"].values()]
    places += [one["post"]["requestBody"] for one in committed["webhooks"].values() if "post" in one]
    seen = 0
    for content in (content for place in places for content in place.get("content", {}).values()):
        values = [one["value"] for one in content.get("examples", {}).values()]
        for value in [*values, *([content["example"]] if "example" in content else [])]:
            validator(committed, content["schema"]).validate(value)
            seen += 1
    assert seen > 200


def test_no_example_has_a_credential(committed: Any) -> None:
    shown = set(re.findall(r"eyJ[\w-]{10,}|whsec_[\w+/]{10,}|[0-9a-f]{24,}", json.dumps(committed["paths"])))
    assert {one for one in shown if not HASH.startswith(one)} == set()


def test_refusals_say_how_long_to_wait_and_what_credentials_are_wanted(committed: Any) -> None:
    for name, answer in committed["components"]["responses"].items():
        assert ("Retry-After" in answer["headers"]) == (name in ("Throttled", "Unavailable"))
        assert ("WWW-Authenticate" in answer["headers"]) == (name == "Unauthenticated")
        assert answer["content"].keys() == {MEDIA_TYPE}


def test_each_operation_stands_under_one_heading_that_is_explained(committed: Any) -> None:
    explained = {one["name"] for one in committed["tags"] if one["description"]}
    assert {tag for one in operations(committed).values() for tag in one["tags"]} == explained
    assert {name for name, _, _ in tags.TAGS} == explained
    with pytest.raises(LookupError, match="/v1/kettles has no heading yet"):
        tags.tag_of("/v1/kettles")


def test_whoever_is_served_it_finds_where_he_is_and_where_tokens_are(house: House, monkeypatch: Any) -> None:
    told = served.document("https://api.shop.example/api", "https://login.shop.example/oauth2/token")
    flows = told["components"]["securitySchemes"]["storefront"]["flows"]
    assert told["servers"] == [{"url": "https://api.shop.example/api"}]
    assert flows["clientCredentials"]["tokenUrl"] == "https://login.shop.example/oauth2/token"
    house.set(monkeypatch, REDRESS_TOKEN_URL="https://login.shop.example/oauth2/token")
    answer = house.get("/v1/openapi.json").json
    assert answer["components"]["securitySchemes"] == told["components"]["securitySchemes"]
    assert answer["servers"] == [{"url": whole.SERVER}], "nobody said under which name it was asked"


def test_what_the_order_system_is_asked_is_signed_as_described(house: House, committed: Any) -> None:
    sent = orders._signed("GET", "/orders/1", datetime(2026, 10, 9, tzinfo=UTC)).keys()
    told = {one["name"] for one in committed["webhooks"]["order"]["get"]["parameters"]}
    assert told == {name for name in sent if name.startswith("X-Redress")}


def test_what_webhooks_are_called_with_is_described(house: House, committed: Any) -> None:
    webhook = Webhook(storefront="shop", state="on", url="https://shop.example", set_at=house.now)
    signed = webhook_call.signed(webhook, "7K2M9-XD4FQ-3", "{}", house.now, house.now)
    for called in ("complaint", "webhook.test"):
        told = committed["webhooks"][called]["post"]["parameters"]
        assert {one["name"] for one in told} == {*signed, *webhook_call.marks(2, repeated=True)}
        assert {one["name"] for one in told if one["required"]} == {*signed, *webhook_call.marks(1, repeated=False)}


def test_whatever_is_asked_is_explained(committed: Any) -> None:
    assert all(one["description"] for asked in operations(committed).values() for one in asked["parameters"])


def test_the_order_system_may_tell_more_than_is_asked(committed: Any) -> None:
    [content] = committed["webhooks"]["order"]["get"]["responses"]["200"]["content"].values()
    validator(committed, content["schema"]).validate(
        {"order_number": "E1", "colour": "red", "lines": [{"product_name": "Kettle", "colour": 1}]}
    )


def test_the_introduction_tells_the_limits_that_there_are(committed: Any) -> None:
    said = committed["info"]["description"]
    for heading in (
        "Who calls",
        "Errors",
        "Once, whatever happens",
        "Lists",
        "Generated clients",
        "Limits",
        "Versions of the contract",
    ):
        assert f"\n## {heading}\n" in f"\n{said}"
    assert f"lost links | {asking.OF_ADDRESS} an hour" in said
    assert f"codes of text messages | {session.OF_ADDRESS} wrong ones an hour" in said
