"""A little of `make fuzz` at every run of the tests: no 5xx, nothing outside the description, no right overstepped."""

import json
import re
from collections import Counter
from io import StringIO
from itertools import count

import pytest
from rich.console import Console

from chalicelib.web import PAGES
from tests.fuzz.attack import Attack
from tests.fuzz.callers import OPERATIONS, Callers
from tests.fuzz.neighbours import trespasses
from tests.fuzz.report import by_caller, by_operation
from tests.fuzz.rights import CALLERS, NOBODY, OTHER_SHOP, OWNER, REPLACED, RIGHTS, SHOP, STRANGER
from tests.fuzz.verdict import faults
from tests.running import Reply, running_system

EXAMPLES = 1  # a phase and operation: bounded in count, so that a busy machine tries no less


def test_whatever_is_sent_by_whomever_is_answered_as_described_and_as_their_rights_are():
    with running_system() as system:
        attack = Attack(system, seed=20261009, examples=EXAMPLES)
        phases = set(attack.run())
    assert not attack.found, "\n\n".join(map(str, attack.found.values()))
    assert {"doors", "neighbours", "fuzzing", "stateful"} <= phases
    assert {who for _, who, _ in attack.seen} == set(CALLERS)


@pytest.mark.parametrize(
    ("name", "who", "status", "text"),
    [
        ("acknowledge", "quality.he", 200, "{}"),
        ("acknowledge", NOBODY, 200, "{}"),
        ("list_staff", SHOP, 200, "{}"),
        ("show_complaint", STRANGER, 200, "{}"),
        ("show_complaint", OTHER_SHOP, 200, "{}"),
        ("extend", "cs.lin", 200, "{}"),
        ("extend", "cs.lin", 422, "{}"),
        ("withdraw", STRANGER, 409, "{}"),
        ("acknowledge", STRANGER, 422, "{}"),
        ("show_complaint", REPLACED, 200, "{}"),
        ("show_complaint", OWNER, 200, '{"by": "cs.lin"}'),
        ("show_complaint", OWNER, 401, "{}"),
        ("show_complaint", "cs.lin", 422, "Traceback (most recent call last)"),
    ],
)
def test_a_right_overstepped_is_seen(name: str, who: str, status: int, text: str):
    assert list(faults(OPERATIONS[name], who, status, text))


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("acknowledge", "cs.lin", 200),
        ("acknowledge", "quality.he", 403),
        ("show_complaint", STRANGER, 404),
        ("show_complaint", OWNER, 200),
        ("show_complaint", SHOP, 200),
        ("withdraw", STRANGER, 422),
        ("withdraw", REPLACED, 401),
        ("sign_in", NOBODY, 200),
        ("sign_in", "cs.lin", 401),
    ],
)
def test_a_right_held_to_is_no_fault(name: str, who: str, status: int):
    assert list(faults(OPERATIONS[name], who, status, "{}")) == []


def test_the_rights_that_answers_are_held_against_name_every_operation_and_nothing_else():
    pages = {operation.name for door in PAGES for operation in door.operations}  # tests/web walks them
    assert set(RIGHTS) - pages == set(OPERATIONS)


def test_what_a_run_tells_can_be_read_on_a_narrow_console():
    console = Console(width=80, file=StringIO())
    seen = Counter({("complete_follow_up", "management.zhou", 403): 12_345, ("show_complaint", OTHER_SHOP, 404): 7})
    for results in (by_operation(seen), by_caller(seen)):
        console.print(results.table())
    assert {*OPERATIONS, *CALLERS, "12345"} <= set(re.split(" *│ *| {2,}", console.file.getvalue()))


class OneShop:
    """A house that takes all storefronts for one: whoever comes, everything is there, and every key is known."""

    desk = ""

    def __init__(self) -> None:
        self._filed: dict[str, Reply] = {}
        self._numbers = count(1)

    def call(self, method: str, url: str, content: object = None, **headers: str) -> Reply:
        if url.endswith("/oauth2/token") or url == "/v1/sign-in":
            return self._answer(200, access_token=f"token {next(self._numbers)}")
        if method == "POST" and url == "/v1/complaints":
            key = headers["Idempotency_Key"]
            number = next(self._numbers)
            made = self._answer(201, complaint_id=f"C-{number}", consumer_token=f"secret {number}")
            return self._filed.setdefault(key, made)
        if method == "GET" and url.startswith("/v1/complaints?"):
            listed = [{"complaint_id": one.json()["complaint_id"]} for one in self._filed.values()]
            return self._answer(200, items=listed, next_cursor="next")
        return self._answer(201 if url.endswith("/evidence") else 200, evidence_id="1")

    def _answer(self, status: int, **content: object) -> Reply:
        return Reply(status, {}, json.dumps(content).encode())


def test_storefronts_that_are_taken_for_one_are_seen():
    house = OneShop()
    found = Counter(one.operation for one in trespasses(house, Callers(house)))
    both = ("show_complaint", "show_timeline", "show_notices", "show_evidence", "offer_evidence", "replace_link")
    assert found == dict.fromkeys(both, 2) | {"file_complaint": 4, "list_complaints": 4}


def test_the_secret_of_another_storefronts_consumer_is_seen():
    callers = Callers(OneShop())
    first, second = callers.shops
    callers.filed("C-1", "secret of 1", by=first)
    assert callers.secrets_of_others(second, '{"link": "secret of 1"}')
    assert not callers.secrets_of_others(first, '{"link": "secret of 1"}')
    assert callers.whose(first, "C-1") == callers.whose(callers.token(SHOP, "C-1"), "C-1") == SHOP
    assert callers.whose(second, "C-1") == callers.whose(callers.token(OTHER_SHOP, "C-1"), "C-1") == OTHER_SHOP
