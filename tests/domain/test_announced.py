"""Announced versions as time passes over them: by the clock alone, and never a withdrawn one."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.policy import announced, versions
from chalicelib.domain.policy.announced import Announced, Standing, standing
from chalicelib.domain.policy.rules import Rules

NOON = datetime(2026, 10, 9, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def version(number: int, days: int, *, withdrawn: bool = False) -> Announced:
    document = versions.packaged(Rules)[1].model_copy(
        update={"version": number, "effective_from": NOON + timedelta(days=days)}
    )
    return Announced(document, NOON, withdrawn_at=NOON if withdrawn else None)


FIRST, SECOND_ONE, GONE, LAST = version(1, -9), version(2, 8), version(3, 9, withdrawn=True), version(4, 10)
KNOWN = (LAST, FIRST, GONE, SECOND_ONE)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOON, ("in_force", "to_come", "withdrawn", "to_come")),
        (SECOND_ONE.effective_from - SECOND, ("in_force", "to_come", "withdrawn", "to_come")),
        (SECOND_ONE.effective_from, ("superseded", "in_force", "withdrawn", "to_come")),
        (GONE.effective_from, ("superseded", "in_force", "withdrawn", "to_come")),
        (LAST.effective_from, ("superseded", "superseded", "withdrawn", "in_force")),
    ],
)
def test_a_version_stands_as_its_second_says(at: datetime, said: tuple[str, ...]):
    assert tuple(standing(one, KNOWN, at).state for one in (FIRST, SECOND_ONE, GONE, LAST)) == said
    (holding,) = [one for one in KNOWN if standing(one, KNOWN, at).state == "in_force"]
    assert announced.in_force(KNOWN, at) == holding


def test_what_is_superseded_says_since_when_and_by_what_followed_at_once():
    at = LAST.effective_from
    assert standing(FIRST, KNOWN, at) == Standing("superseded", SECOND_ONE.effective_from, 2)
    assert standing(SECOND_ONE, KNOWN, at) == Standing("superseded", LAST.effective_from, 4)


def test_an_amendment_is_of_the_highest_number_that_holds_and_a_number_is_never_given_twice():
    assert announced.latest(KNOWN).number == 4
    assert announced.latest([FIRST, SECOND_ONE, GONE]).number == 2
    assert announced.following([FIRST, SECOND_ONE, GONE]) == 4
