"""The keys that tokens are checked with: the pool's, fetched rarely; our own, rotated; and tokens of any shape."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import RSAKey

from chalicelib import wallclock
from chalicelib.adapters.identity import PoolKeys
from chalicelib.domain.ground.errors import Unauthenticated, Unavailable
from tests.hearing import hearing
from tests.house import House, forget, refused

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST, SECOND = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second"))


class Pool:
    """A user pool's key set on a server of its own; `asked` counts the requests, the next `failing` of which fail."""

    def __init__(self) -> None:
        self.asked, self.failing = 0, 0
        self.begun, self.go_on = Event(), Event()
        self.go_on.set()
        self.answer: Any = None
        self.has(FIRST)
        pool = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pool.asked += 1
                pool.begun.set()
                pool.go_on.wait(10)
                pool.failing -= 1
                self.send_response(503 if pool.failing >= 0 else 200)
                self.end_headers()
                self.wfile.write(pool.answer if isinstance(pool.answer, bytes) else json.dumps(pool.answer).encode())

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/.well-known/jwks.json"

    def has(self, *keys: RSAKey) -> None:
        self.answer = {"keys": [key.as_dict(private=False) for key in keys]}


@pytest.fixture
def pool() -> Iterator[Pool]:
    served = Pool()
    thread = Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()
    thread.join()


# ---- the pool's keys -----------------------------------------------------------------------------------------------


def test_the_key_set_is_fetched_once_however_often_a_key_is_needed(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    assert {keys.key("first", NOON + n * MINUTE).kid for n in range(1000)} == {"first"}
    assert pool.asked == 1


def test_requests_that_come_while_the_key_set_is_fetched_wait_for_it_instead_of_being_turned_away(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    pool.go_on.clear()
    with ThreadPoolExecutor(8) as callers:
        first = callers.submit(keys.key, "first", NOON)
        assert pool.begun.wait(10)
        others = [callers.submit(keys.key, "first", NOON) for _ in range(7)]
        done, _ = wait(others, timeout=0.2)
        pool.go_on.set()
        assert not done
        assert {call.result().kid for call in [first, *others]} == {"first"}
    assert pool.asked == 1


def test_the_key_set_is_fetched_again_when_a_key_appears_that_is_not_in_it(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    pool.has(FIRST, SECOND)
    assert keys.key("second", NOON + MINUTE).kid == "second"
    assert keys.key("first", NOON + MINUTE).kid == "first"
    assert pool.asked == 2


def test_unknown_keys_make_nobody_fetch_more_than_once_a_minute(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    for second in range(120):
        with pytest.raises(Unauthenticated):
            keys.key(f"made up {second}", NOON + timedelta(seconds=second))
    assert pool.asked == 2  # at noon and a minute later
    assert keys.key("first", NOON).kid == "first"


def test_a_key_that_the_pool_dropped_is_worth_nothing_once_that_is_known(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    pool.has(SECOND)
    keys.key("second", NOON + MINUTE)
    with pytest.raises(Unauthenticated):
        keys.key("first", NOON + MINUTE)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>sign in to the hotel's network</html>",
        {},
        [],
        None,
        {"keys": None},
        {"keys": [{}]},
        {"keys": []},
        "x",
    ],
)
def test_without_a_readable_key_set_nobody_is_refused_as_a_stranger(pool: Pool, answer: Any) -> None:
    pool.answer = answer
    keys = PoolKeys(pool.url)
    with pytest.raises(Unavailable), hearing() as heard:
        keys.key("first", NOON)
    assert len(heard.about("the key set of the user pool was not fetched")) == pool.asked == 2, "once more at once"
    pool.has(FIRST)
    with pytest.raises(Unavailable):
        keys.key("first", NOON + timedelta(seconds=0.9))
    assert pool.asked == 2
    assert keys.key("first", NOON + timedelta(seconds=1)).kid == "first"


def test_one_fetch_that_fails_is_not_noticed_by_who_calls_and_stands_in_the_log(pool: Pool) -> None:
    pool.failing = 1
    with hearing() as heard:
        assert PoolKeys(pool.url).key("first", NOON).kid == "first"
    (line,) = heard.about("the key set of the user pool was not fetched")
    assert (line["level"], line["status"]) == ("error", 503)


def test_a_pool_that_cannot_be_asked_is_asked_again_after_seconds_then_less_often(pool: Pool) -> None:
    pool.failing = 1_000
    keys, asked = PoolKeys(pool.url), []
    for second in range(240):
        before = pool.asked
        with pytest.raises(Unavailable):
            keys.key("first", NOON + timedelta(seconds=second))
        if pool.asked > before:
            asked.append(second)
    assert asked == [0, 1, 3, 7, 15, 31, 63, 123, 183]


def test_known_keys_survive_a_pool_that_cannot_be_asked_and_unknown_ones_are_told_to_try_again(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    pool.failing = 2
    with pytest.raises(Unavailable):
        keys.key("second", NOON + MINUTE)
    assert keys.key("first", NOON + MINUTE).kid == "first"
    pool.has(FIRST, SECOND)
    assert keys.key("second", NOON + MINUTE + timedelta(seconds=1)).kid == "second"


def test_a_known_key_does_not_wait_while_somebody_asks_for_an_unknown_one(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    pool.begun.clear()
    pool.go_on.clear()
    with ThreadPoolExecutor(1) as others:
        stranger = others.submit(keys.key, "made up", NOON + MINUTE)
        assert pool.begun.wait(10)
        assert keys.key("first", NOON + MINUTE).kid == "first"
        pool.go_on.set()
        assert isinstance(stranger.exception(), Unauthenticated)


def test_while_the_pool_is_out_of_reach_staff_are_told_to_try_again(
    house: House, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = house.file()
    pool.failing = 1_000
    monkeypatch.setenv("REDRESS_KEYS_URL", pool.url)
    forget()
    answer = house.get("/v1/complaints", "cs.lin")
    refused(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    path = f"/v1/complaints/{receipt['complaint_id']}"
    assert house.get(path, token=receipt["consumer_token"]).status == 200  # consumers do not depend on the pool


# ---- our own keys --------------------------------------------------------------------------------------------------

OLD, NEW = "the-key-of-the-years-before-0001", "the-key-that-follows-it-00000002"


def test_links_and_cursors_signed_with_the_old_key_hold_until_it_is_dropped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def use(keys: str) -> None:
        monkeypatch.setenv("REDRESS_TOKEN_KEYS", keys)
        forget()

    use(OLD)
    before, _ = house.file(), house.file()
    path = f"/v1/complaints/{before['complaint_id']}"
    cursor = house.get("/v1/complaints?limit=1", "cs.lin").json["next_cursor"]

    use(f"{NEW},{OLD}")
    after = house.file()
    assert house.get(path, token=before["consumer_token"]).status == 200
    assert house.get(f"/v1/complaints?limit=1&cursor={cursor}", "cs.lin").status == 200

    use(NEW)
    assert house.get(f"/v1/complaints/{after['complaint_id']}", token=after["consumer_token"]).status == 200
    refused(house.get(path, token=before["consumer_token"]), 401, "unauthenticated")
    refused(house.get(f"/v1/complaints?limit=1&cursor={cursor}", "cs.lin"), 400, "malformed")


# ---- tokens of any shape -------------------------------------------------------------------------------------------

PARTS = st.one_of(
    st.text(max_size=20),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["HS256", "RS256", "none", "consumer", "dummy"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "sub", "exp"]), inner, max_size=5)
        ),
        max_leaves=8,
    ),
)


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@settings(max_examples=60)
@given(parts=st.lists(PARTS, min_size=1, max_size=4), raw=st.booleans())
def test_a_token_of_any_shape_is_no_token(house: House, parts: list[Any], raw: bool) -> None:
    texts = [part if raw and isinstance(part, str) else encoded(part) for part in parts]
    refused(house.get("/v1/complaints", token=".".join(texts)), 401, "unauthenticated")


def test_a_header_of_a_thousand_brackets_is_no_token(house: House) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 3000).rstrip(b"=").decode()
    refused(house.get("/v1/complaints", token=f"{deep}.x.x"), 401, "unauthenticated")


# ---- claims of any shape, well signed --------------------------------------------------------------------------------

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["supervisor", "cs.lin", "complaints/submit", "\ud800", "x" * 200, "a b", ""]),
    st.lists(st.one_of(st.none(), st.integers(), st.sampled_from(["supervisor", "audit", "\ud800"])), max_size=3),
    st.dictionaries(st.sampled_from(["supervisor", "x"]), st.integers(), max_size=2),
)
NAMES = ["username", "cognito:groups", "scope", "client_id", "exp", "iat", "nbf", "iss", "aud", "token_use", "sub"]


@settings(max_examples=150)
@given(
    odd=st.dictionaries(st.sampled_from(NAMES), ODD, min_size=1, max_size=3),
    left_out=st.sets(st.sampled_from(NAMES), max_size=2),
    client=st.sampled_from(["STAFF_CLIENT_ID", "STOREFRONT_CLIENT_IDS"]),
    path=st.sampled_from(["/v1/complaints", "/v1/complaints/AAAAA-AAAAA"]),
)
def test_a_signed_token_with_claims_of_any_shape_is_never_an_error_of_ours(
    signing_house: House, odd: dict[str, Any], left_out: set[str], client: str, path: str
) -> None:
    token = signed(signing_house, client, odd, left_out)
    answer = signing_house.get(path, token=token)
    assert answer.status in (200, 401, 403, 404), answer


@pytest.mark.parametrize("groups", [None, "supervisor", [None], ["supervisor", 1], {"supervisor": 1}, 1, True])
def test_groups_that_are_no_list_of_names_open_nothing(signing_house: House, groups: Any) -> None:
    token = signed(signing_house, "STAFF_CLIENT_ID", {"cognito:groups": groups})
    refused(signing_house.get("/v1/complaints", token=token), 401, "unauthenticated")


@pytest.mark.parametrize("scope", [None, 1, ["complaints/submit"], {"complaints/submit": 1}, True, ""])
def test_a_scope_that_is_no_text_opens_nothing(signing_house: House, scope: Any) -> None:
    token = signed(signing_house, "STOREFRONT_CLIENT_IDS", {"scope": scope})
    refused(signing_house.get("/v1/complaints/AAAAA-AAAAA", token=token), 401, "unauthenticated")


def test_tokens_of_the_right_shape_are_taken(signing_house: House) -> None:
    staff, shop = signed(signing_house, "STAFF_CLIENT_ID", {}), signed(signing_house, "STOREFRONT_CLIENT_IDS", {})
    assert signing_house.get("/v1/complaints", token=staff).status == 200
    assert signing_house.get("/v1/complaints/AAAAA-AAAAA", token=shop).status == 404


@pytest.fixture
def signing_house(house: House, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose user pool signs whatever it is asked to."""
    house.set(monkeypatch, REDRESS_KEYS_URL=pool.url)
    return house


def signed(house: House, client: str, odd: dict[str, Any], left_out: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    now = int(wallclock.machine_time().timestamp())
    claims = {
        "sub": "1",
        "iss": house.environment["REDRESS_ISSUER"],
        "token_use": "access",
        "client_id": house.environment[f"REDRESS_{client}"],
        "username": "cs.lin",
        "cognito:groups": ["customer_service"],
        "scope": "complaints/submit",
        "iat": now,
        "exp": now + 3600,
    }
    claims = {name: claim for name, claim in (claims | odd).items() if name not in left_out}
    return jws.serialize_compact({"alg": "RS256", "kid": "first"}, json.dumps(claims).encode(), FIRST)
