"""The versions of the policy that everybody can read: how each stands, and what it takes the place of (1.1, 8.1)."""

import re
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework import rules
from chalicelib.domain.governance import wording
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.announced import Announced, Standing
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.terms import Locale

NUMBER = re.compile("[1-9][0-9]{0,3}")


class Edition(NamedTuple):
    """A version as it stands. `base`: the one that it is compared with, the highest below it that was not withdrawn."""

    version: Announced
    standing: Standing
    base: Announced | None

    def changed(self, locale: Locale) -> list[str]:
        """What is different from its base, in words."""
        if self.base is None:
            return []
        return [one.words for one in wording.worded(_rules(self.base), _rules(self.version), locale)]


def editions(now: datetime) -> list[Edition]:
    """All that were ever announced or packaged, the highest number first."""
    return _standing(rules.announced(now), now)


def edition(number: str, now: datetime) -> Edition:
    """One by its number, as an address has it. One that may just have been announced is looked for at once.

    Raises NotFound, Unavailable.
    """
    if not NUMBER.fullmatch(number):
        raise NotFound("version_unknown")
    known = rules.announced(now)
    if int(number) == announced.following(known):
        known = rules.announced_now(now)
    for one in _standing(known, now):
        if one.version.number == int(number):
            return one
    raise NotFound("version_unknown")


def _standing(known: tuple[Announced, ...], now: datetime) -> list[Edition]:
    numbered = sorted(known, key=lambda one: -one.number)
    return [Edition(one, announced.standing(one, known, now), _base(one, numbered)) for one in numbered]


def _base(one: Announced, falling: list[Announced]) -> Announced | None:
    return next((other for other in falling if other.number < one.number and not other.withdrawn_at), None)


def _rules(one: Announced) -> Rules:
    assert isinstance(one.document, Rules)  # noqa: S101 — no other kind is listed here
    return one.document
