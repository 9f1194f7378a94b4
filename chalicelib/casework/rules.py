"""The policy by the number of a version, and the one in force at a time (1.1, 7.1): packaged, or announced since.

A container reads the list of what is announced once in five minutes and keeps each document for ever, since none ever
changes. Nothing takes effect earlier than ten minutes after its announcement, and nothing is withdrawn later than ten
minutes before: so every container knows it by then, and all go over to it at the same second, or none does. If the list
cannot be read, what is known goes on, and an alarm says so.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib import log
from chalicelib.adapters import policies
from chalicelib.domain.ground.errors import NotFound, Unavailable
from chalicelib.domain.policy import announced as standings
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.announced import Announced as Announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.policy.versions import AHEAD as AHEAD

from .gauges import measure

KEPT = timedelta(minutes=5)
AGAIN = timedelta(minutes=1)  # after the list could not be read
NUMBER = re.compile("[1-9][0-9]{0,3}")
AHEAD_OF_US = 10
"""So many numbers more than a container knows of may have been given since it read the list."""
Kinds = type[Rules] | type[Operating]


class Shelf:
    """What one container knows: every document it has read, and the policies it has made of them."""

    def __init__(self) -> None:
        self._known: dict[Kinds, dict[int, Announced]] = {kind: _packaged(kind) for kind in (Rules, Operating)}
        self._policies: dict[tuple[int, int], Policy] = {}
        self._taken: set[tuple[Kinds, int]] = set()
        self._read_at: datetime | None = None
        self._kept = KEPT

    def version(self, number: int, now: datetime) -> Policy:
        """The rules of a version with the operating data in force now.

        Raises Unavailable for a version that cannot be read, or that this code does not understand.
        """
        rules = self._numbered(Rules, number, now).document
        assert isinstance(rules, Rules)  # noqa: S101 — what was asked for
        return self._policy(rules, now)

    def numbered(self, kind: Kinds, number: int, now: datetime) -> Announced:
        """The same of one document, withdrawn or not."""
        return self._hashed(self._numbered(kind, number, now))

    def _numbered(self, kind: Kinds, number: int, now: datetime) -> Announced:
        self._look(now)
        if number not in self._known[kind]:
            self._read_at_once(now)
        if number not in self._known[kind]:
            raise Unavailable("policy_unknown", version=number)
        return self._known[kind][number]

    def in_force(self, now: datetime) -> Policy:
        self._look(now)
        return self._policy(self._holding(Rules, now), now)

    def announced(self, kind: Kinds, now: datetime, *, at_once: bool = False) -> tuple[Announced, ...]:
        """All that are known of a kind, by number. `at_once`: as the list is now; raises Unavailable."""
        (self._read_at_once if at_once else self._look)(now)
        return tuple(self._hashed(one) for _, one in sorted(self._known[kind].items()))

    def _hashed(self, one: Announced) -> Announced:
        """With its hash, which what is packaged has none of until somebody asks."""
        if one.hash:
            return one
        from chalicelib.domain.governance import changes

        kind: Kinds = type(one.document)
        other = self._known[Rules if kind is Operating else Operating][one.beside].document
        made = one._replace(hash=changes.hash_of_both(one.document, other))
        self._known[kind] = self._known[kind] | {one.number: made}
        return made

    def _policy(self, rules: Rules, now: datetime) -> Policy:
        operating = self._holding(Operating, now)
        numbers = rules.version, operating.version
        if numbers not in self._policies:
            self._policies[numbers] = Policy.of(rules, operating)
        return self._policies[numbers]

    def _holding(self, kind: type[versions.Document], now: datetime) -> versions.Document:
        known = [one.document for one in self._known[kind].values() if not one.withdrawn_at]
        return versions.in_force([one for one in known if isinstance(one, kind)], now)

    def _look(self, now: datetime) -> None:
        """The list is read if it is not kept any more."""
        if self._read_at and timedelta() <= now - self._read_at < self._kept:
            return
        try:
            self._read(now)
        except Exception:  # whatever it is, work goes on by what is known
            log.fault("the published policies could not be read")
            measure(PolicyUnread=1)
            self._read_at, self._kept = now, AGAIN

    def _read_at_once(self, now: datetime) -> None:
        try:
            self._read(now)
        except Exception as fault:
            log.fault("the published policies could not be read")
            measure(PolicyUnread=1)
            raise Unavailable("policy_unread") from fault

    def _read(self, now: datetime) -> None:
        for one in policies.published():
            try:
                self._take(one)
            except ValueError:  # of newer code: the others hold all the same
                log.fault("a published policy is not understood", kind=one.kind.__name__, version=one.version)
                measure(PolicyUnread=1)
        self._read_at, self._kept = now, KEPT

    def _take(self, one: policies.Published) -> None:
        """Where a number is packaged too, what was published is what complaints have pinned. A document is read once;
        what stands beside it, whenever the list is.

        Raises ValueError for what is not understood.
        """
        known = self._known[one.kind].get(one.version)
        seen = (one.kind, one.version) in self._taken
        document = known.document if known and seen else _read(one)
        taken = policies.as_announced(one, document)
        self._known[one.kind] = self._known[one.kind] | {one.version: taken}
        self._taken.add((one.kind, one.version))
        if known and not seen and known.document != document:
            self._policies.clear()
            log.fault("a packaged policy is not what was published", kind=one.kind.__name__, version=one.version)
            measure(PolicyUnread=1)


def _packaged(kind: Kinds) -> dict[int, Announced]:
    packaged: Iterable[Rules | Operating] = versions.packaged(kind).values()
    return {one.version: Announced(one) for one in packaged}


def _read(one: policies.Published) -> Rules | Operating:
    rules = one.kind is Rules
    document = versions.read(Rules, one.text) if rules else versions.read(Operating, one.text)
    if document.version != one.version:
        raise ValueError("it is kept under another number than its own")
    return document


_shelf = Shelf()


def version(number: int, now: datetime) -> Policy:
    """The policy of a version. Raises Unavailable for one that is not known and cannot be read."""
    return _shelf.version(number, now)


def in_force(now: datetime) -> Policy:
    """The policy that is in effect now (7.1)."""
    return _shelf.in_force(now)


def announced(now: datetime, kind: Kinds = Rules) -> tuple[Announced, ...]:
    """Every version there is, by number: packaged, in force, to come, superseded, withdrawn. How one stands at a time
    says `domain/policy/announced.py`."""
    return _shelf.announced(kind, now)


def announced_now(now: datetime, kind: Kinds = Rules) -> tuple[Announced, ...]:
    """The same as the list is at this moment, whatever this container has read of it before. Raises Unavailable."""
    return _shelf.announced(kind, now, at_once=True)


def announced_as(number: str, now: datetime) -> Announced:
    """A version by its number, as an address has it. Only for one that may just have been announced the list is read
    anew: whoever asks for what there never was costs nothing. Raises NotFound, Unavailable."""
    known = announced(now)
    if NUMBER.fullmatch(number) and 0 <= int(number) - standings.following(known) < AHEAD_OF_US:
        known = announced_now(now)
    for one in known:
        if str(one.number) == number:
            return one
    raise NotFound("version_unknown")


def rules_numbered(number: int, now: datetime) -> Announced:
    """The announcement of one version, withdrawn or not. Raises Unavailable for one that is not known."""
    return _shelf.numbered(Rules, number, now)


def operating_numbered(number: int, now: datetime) -> Announced:
    """The same of operating data."""
    return _shelf.numbered(Operating, number, now)


def forget() -> None:
    """Drop what is known, as a new container would."""
    global _shelf
    _shelf = Shelf()
