"""The policy by the number of a version, and the one in force at a time (1.1, 7.1): packaged, or published since.

A container reads the list of what is published once in five minutes and keeps each document for ever, since none ever
changes. Nothing takes effect earlier than ten minutes after its publication: so every container knows it by then, and
all go over to it at the same second. If the list cannot be read, what is known goes on, and an alarm says so.
"""

from datetime import datetime, timedelta
from typing import Any

from chalicelib import log
from chalicelib.adapters import policies
from chalicelib.domain.ground.errors import FieldFault, Invalid, Stale, Unavailable
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.policy.versions import AHEAD as AHEAD
from chalicelib.domain.policy.versions import LARGEST

from .gauges import measure

KEPT = timedelta(minutes=5)
AGAIN = timedelta(minutes=1)  # after the list could not be read


class Shelf:
    """What one container knows: every document it has read, and the policies it has made of them."""

    def __init__(self) -> None:
        self._rules = versions.packaged(Rules)
        self._operating = versions.packaged(Operating)
        self._policies: dict[tuple[int, int], Policy] = {}
        self._taken: set[tuple[type[Rules] | type[Operating], int]] = set()
        self._read_at: datetime | None = None
        self._kept = KEPT

    def version(self, number: int, now: datetime) -> Policy:
        """The rules of a version with the operating data in force now.

        Raises Unavailable for a version that cannot be read, or that this code does not understand.
        """
        self._look(now)
        if number not in self._rules:
            self._read_at_once(now)
        if number not in self._rules:
            raise Unavailable("policy_unknown", version=number)
        return self._policy(self._rules[number], now)

    def in_force(self, now: datetime) -> Policy:
        self._look(now)
        return self._policy(versions.in_force(self._rules.values(), now), now)

    def publish(self, document: Rules | Operating, now: datetime) -> None:
        _check(document)
        if document.effective_from < now + AHEAD:
            raise Invalid([FieldFault("effective_from", "too_soon", {"minutes": AHEAD // timedelta(minutes=1)})])
        self._read_at_once(now)
        known = self._rules if isinstance(document, Rules) else self._operating
        following = max(known) + 1
        if document.version != following or not policies.publish(document, now):
            raise Stale("not_the_next_version", version=document.version, following=following)
        self._read_at = None

    def _policy(self, rules: Rules, now: datetime) -> Policy:
        operating = versions.in_force(self._operating.values(), now)
        numbers = rules.version, operating.version
        if numbers not in self._policies:
            self._policies[numbers] = Policy.of(rules, operating)
        return self._policies[numbers]

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
        """Where a number is packaged too, what was published is what complaints have pinned.

        Raises ValueError for what is not understood.
        """
        if (one.kind, one.version) in self._taken:
            return
        if one.kind is Rules:
            rules = _read(Rules, one)
            document: Rules | Operating = rules
            packaged: Rules | Operating | None = self._rules.get(one.version)
            self._rules = self._rules | {one.version: rules}
        else:
            operating = _read(Operating, one)
            document, packaged = operating, self._operating.get(one.version)
            self._operating = self._operating | {one.version: operating}
        self._taken.add((one.kind, one.version))
        if packaged and packaged != document:
            self._policies.clear()
            log.fault("a packaged policy is not what was published", kind=one.kind.__name__, version=one.version)
            measure(PolicyUnread=1)


def _read(kind: type[versions.Document], one: policies.Published) -> versions.Document:
    document = versions.read(kind, one.text)
    if document.version != one.version:
        raise ValueError("it is kept under another number than its own")
    return document


def _check(document: Rules | Operating) -> None:
    """It can be kept, and read again as it is. Raises Invalid, which names the fields."""
    text = versions.written(document)
    kind: Any = type(document)
    if versions.read_as_written(kind, text) != document:
        raise Invalid([FieldFault("document", "not_read_again")])
    if len(text.encode()) > LARGEST:
        raise Invalid([FieldFault("document", "document_too_large", {"most": LARGEST})])


_shelf = Shelf()


def version(number: int, now: datetime) -> Policy:
    """The policy of a version. Raises Unavailable for one that is not known and cannot be read."""
    return _shelf.version(number, now)


def in_force(now: datetime) -> Policy:
    """The policy that is in effect now (7.1)."""
    return _shelf.in_force(now)


def publish(document: Rules | Operating, now: datetime) -> None:
    """Publishes a document. Raises Invalid if it could not be used or takes effect in less than ten minutes, Stale if
    its number is not the next one, Unavailable."""
    _shelf.publish(document, now)


def forget() -> None:
    """Drop what is known, as a new container would."""
    global _shelf
    _shelf = Shelf()
