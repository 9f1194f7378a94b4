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
from joserfc.jwk import RSAKey

from chalicelib.adapters.identity import PoolKeys
from chalicelib.domain.ground.errors import Unauthenticated, Unavailable
from tests.house import House, forget, refused

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST, SECOND = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second"))


class Pool:
    """A user pool's key set on a server of its own; `asked` counts the requests."""

    def __init__(self) -> None:
        self.asked, self.status = 0, 200
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
                self.send_response(pool.status)
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
    "answer", [b"", b"<html>sign in to the hotel's network</html>", {}, [], None, {"keys": None}, {"keys": [{}]}, "x"]
)
def test_without_a_readable_key_set_nobody_is_refused_as_a_stranger(pool: Pool, answer: Any) -> None:
    pool.answer = answer
    keys = PoolKeys(pool.url)
    with pytest.raises(Unavailable):
        keys.key("first", NOON)
    pool.has(FIRST)
    with pytest.raises(Unavailable):
        keys.key("first", NOON + timedelta(seconds=59))
    assert pool.asked == 1
    assert keys.key("first", NOON + MINUTE).kid == "first"


def test_known_keys_survive_a_pool_that_cannot_be_asked(pool: Pool) -> None:
    keys = PoolKeys(pool.url)
    keys.key("first", NOON)
    pool.status = 503
    with pytest.raises(Unauthenticated):
        keys.key("second", NOON + MINUTE)
    assert keys.key("first", NOON + MINUTE).kid == "first"
    pool.status = 200
    pool.has(FIRST, SECOND)
    assert keys.key("second", NOON + 2 * MINUTE).kid == "second"


def test_while_the_pool_is_out_of_reach_staff_are_told_to_try_again(
    house: House, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = house.file()
    pool.status = 500
    monkeypatch.setenv("REDRESS_KEYS_URL", pool.url)
    forget()
    answer = house.get("/v1/complaints", "cs.lin")
    refused(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    path = f"/v1/complaints/{receipt['complaint_id']}"
    assert house.get(path, token=receipt["consumer_token"]).status == 200  # consumers do not depend on the pool
    refused(house.get(path, "cs.lin"), 503, "unavailable")
    assert pool.asked == 1


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
