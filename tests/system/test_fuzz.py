"""A little of `make fuzz` at every run of the tests: no 5xx, nothing outside the description, no right overstepped."""

import pytest

from tests.fuzz.attack import Attack
from tests.fuzz.callers import NOBODY, OPERATIONS, OWNER, ROLES, SHOP, STRANGER
from tests.fuzz.verdict import faults
from tests.running import running_system

EXAMPLES = 4  # a phase and operation: bounded in count, so that a busy machine tries no less


def test_whatever_is_sent_by_whomever_is_answered_as_described_and_as_their_rights_are():
    with running_system() as system:
        attack = Attack(system, seed=20261009, examples=EXAMPLES)
        phases = set(attack.run())
    assert not attack.found, "\n\n".join(map(str, attack.found.values()))
    assert {"fuzzing", "stateful"} <= phases
    assert {who for _, who, _ in attack.seen} == set(ROLES)


@pytest.mark.parametrize(
    ("name", "who", "status", "text"),
    [
        ("acknowledge", "quality.he", 200, "{}"),
        ("acknowledge", NOBODY, 200, "{}"),
        ("list_complaints", SHOP, 200, "{}"),
        ("show_complaint", STRANGER, 200, "{}"),
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
        ("sign_in", NOBODY, 200),
        ("sign_in", "cs.lin", 401),
    ],
)
def test_a_right_held_to_is_no_fault(name: str, who: str, status: int):
    assert list(faults(OPERATIONS[name], who, status, "{}")) == []
