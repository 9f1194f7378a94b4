"""Announced documents of the policy as time passes over them: to come, in force, superseded, withdrawn (7.1, 8.1).

Time alone decides what is in force, among those that were not withdrawn; no stream, no record of an amendment does.
Packaged documents were never announced: `announced_at` is None, and no amendment made them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules

States = Literal["to_come", "in_force", "superseded", "withdrawn"]


class Announced(NamedTuple):
    """A document as it stands in the list. `amendment`: the name of the record that made it; `beside`: the number of
    the other document that was in force beside it when it was proposed; `hash`: of both, as `governance/changes.py`
    makes it ("" where it is still to be computed)."""

    document: Rules | Operating
    announced_at: datetime | None = None
    amendment: str | None = None
    beside: int = 1
    hash: str = ""
    withdrawn_at: datetime | None = None

    @property
    def number(self) -> int:
        return self.document.version

    @property
    def effective_from(self) -> datetime:
        return self.document.effective_from


class Standing(NamedTuple):
    """`superseded_at`, `superseded_by`: since when which number holds instead, None while none does."""

    state: States
    superseded_at: datetime | None = None
    superseded_by: int | None = None

    @property
    def begun(self) -> bool:
        """Whether it is in force, or was."""
        return self.state in ("in_force", "superseded")


def standing(one: Announced, known: Iterable[Announced], at: datetime) -> Standing:
    """How a document stands among all that are known of its kind."""
    if one.withdrawn_at:
        return Standing("withdrawn")
    later = [
        other for other in known if not other.withdrawn_at and other.effective_from <= at and other.number > one.number
    ]
    if later:
        following = min(later, key=lambda other: other.effective_from)
        return Standing("superseded", following.effective_from, following.number)
    return Standing("to_come" if at < one.effective_from else "in_force")


def ends_at(one: Announced, known: Iterable[Announced]) -> datetime | None:
    """From when on another holds instead, by all that is announced; None while none is to."""
    later = (other for other in known if not other.withdrawn_at and other.number > one.number)
    return min((other.effective_from for other in later), default=None)


def in_force(known: Iterable[Announced], at: datetime) -> Announced:
    """As `versions.in_force`, of those that were not withdrawn. Raises ValueError if there is none."""
    begun = (one for one in known if not one.withdrawn_at and one.effective_from <= at)
    return max(begun, key=lambda one: one.number)


def latest(known: Iterable[Announced]) -> Announced:
    """What an amendment is of: the highest number that was not withdrawn, in force or to come."""
    return max((one for one in known if not one.withdrawn_at), key=lambda one: one.number)


def base_of(one: Announced, known: Iterable[Announced]) -> Announced | None:
    """What an announced document was made of: the highest number before it that was not withdrawn by then."""
    earlier = [other for other in known if other.number < one.number and not _gone(other, one.announced_at)]
    return max(earlier, key=lambda other: other.number, default=None)


def _gone(one: Announced, by: datetime | None) -> bool:
    return bool(by and one.withdrawn_at and one.withdrawn_at <= by)


def following(known: Iterable[Announced]) -> int:
    """The number of the next: those of what was withdrawn are not used again."""
    return max(one.number for one in known) + 1
