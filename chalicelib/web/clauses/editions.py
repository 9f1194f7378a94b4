"""The versions of the policy that everybody can read: how each stands, and what it takes the place of (1.1, 8.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework import rules
from chalicelib.domain.governance import wording
from chalicelib.domain.governance.wording import Worded
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.announced import Announced, Standing
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.terms import Locale


class Edition(NamedTuple):
    """A version as it stands. `base`: what it was made of, and is compared with."""

    version: Announced
    standing: Standing
    base: Announced | None

    @property
    def rules(self) -> Rules:
        return _rules(self.version)

    def changed(self, locale: Locale) -> list[Worded]:
        """What is different from its base, in words."""
        return wording.worded(_rules(self.base), self.rules, locale) if self.base else []


def editions(now: datetime) -> list[Edition]:
    """All that were ever announced or packaged, the highest number first."""
    known = rules.announced(now)
    return [_edition(one, known, now) for one in reversed(known)]


def edition(number: str, now: datetime) -> Edition:
    """One by its number, as an address has it. Raises NotFound, Unavailable."""
    one = rules.announced_as(number, now)
    return _edition(one, rules.announced(now), now)


def _edition(one: Announced, known: Iterable[Announced], now: datetime) -> Edition:
    return Edition(one, announced.standing(one, known, now), announced.base_of(one, known))


def _rules(one: Announced) -> Rules:
    assert isinstance(one.document, Rules)  # noqa: S101 — no other kind is listed here
    return one.document
