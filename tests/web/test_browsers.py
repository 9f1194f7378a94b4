"""Browsers: what every answer tells them, and whose pages may call."""

import pytest

from tests.house import Answer, House, refused

SHOP = "https://shop.example"


@pytest.fixture
def open_to_the_shop(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    house.set(monkeypatch, REDRESS_CORS_ORIGINS=f"{SHOP}, https://m.shop.example")
    return house


def asked(house: House, path: str = "/v1/complaints", origin: str = SHOP) -> Answer:
    return house.send("OPTIONS", path, Origin=origin, Access_Control_Request_Method="POST")


@pytest.mark.parametrize("path", ["/v1/health", "/v1/complaints", "/v1/complaints/rubbish"])
def test_every_answer_is_for_nobodys_frame_cache_or_guess(house: House, path: str):
    headers = house.get(path).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"].startswith("max-age=")


def test_a_page_of_a_listed_origin_may_ask_and_read(open_to_the_shop: House):
    answer = asked(open_to_the_shop)
    assert (answer.status, answer.text) == (204, "")
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "idempotency-key", "if-match", "if-none-match"} == set(allowed)
    read = open_to_the_shop.get("/v1/health", Origin=SHOP).headers
    assert (read["access-control-allow-origin"], read["vary"]) == (SHOP, "Origin")
    assert "X-Request-Id" in read["access-control-expose-headers"]


def test_it_may_ask_whether_what_it_has_is_still_so(open_to_the_shop: House):
    receipt = open_to_the_shop.file()
    path, token = f"/v1/complaints/{receipt['complaint_id']}", receipt["consumer_token"]
    tag = open_to_the_shop.get(path, token=token, Origin=SHOP).headers["etag"]
    answer = open_to_the_shop.get(path, token=token, Origin=SHOP, If_None_Match=tag)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (304, SHOP)
    assert "ETag" in answer.headers["access-control-expose-headers"]


def test_it_may_read_refusals_too(open_to_the_shop: House):
    answer = open_to_the_shop.get("/v1/complaints", Origin=SHOP)
    refused(answer, 401, "unauthenticated")
    assert answer.headers["access-control-allow-origin"] == SHOP


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil.example", "null", "*", ""])
def test_a_page_of_another_origin_may_not(open_to_the_shop: House, origin: str):
    for answer in (asked(open_to_the_shop, origin=origin), open_to_the_shop.get("/v1/health", Origin=origin)):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["vary"] == "Origin", "or a cache would serve one origin with the answer for another"


def test_credentials_of_the_browser_are_never_asked_for(open_to_the_shop: House):
    assert "access-control-allow-credentials" not in asked(open_to_the_shop).headers


def test_every_resource_may_be_asked_about(open_to_the_shop: House):
    for path in open_to_the_shop.get("/v1/openapi.json").json["paths"]:
        there = path.replace("{complaint_id}", "7K2M9-XD4F0").replace("{", "").replace("}", "")
        assert asked(open_to_the_shop, there).status == 204, path


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/complaints", "GET, POST"), ("/v1/openapi.json", "GET"), ("/v1/sign-in", "POST")],
)
def test_a_resource_says_what_it_takes(open_to_the_shop: House, path: str, methods: str):
    headers = asked(open_to_the_shop, path).headers
    assert (headers["allow"], headers["access-control-allow-methods"]) == (methods, methods)


def test_where_no_origin_is_listed_there_is_no_such_method(house: House, monkeypatch: pytest.MonkeyPatch):
    house.set(monkeypatch, REDRESS_CORS_ORIGINS="")
    answer = asked(house)
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, POST"
    assert not [name for name in house.get("/v1/health", Origin=SHOP).headers if name.startswith("access-control-")]
