"""Days that are closed: the sum of each, in editions, and all of them as a mapping that reads one at a time."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from chalicelib import log
from chalicelib.adapters import figures, lines
from chalicelib.domain.supervision.sums import Sum

from .export import export_day


class Edition(NamedTuple):
    """Which edition of a day's sum there is, and its SHA-256."""

    number: int
    sha256: str


def close_day(day: date) -> None:
    """Adds up the lines of a day that is over, and exports them. Doing it again changes nothing but what has changed.

    Raises Stale if somebody else closes the same day at the same time, to other ends.
    """
    key = figures.key_of_day(day)
    found = figures.get(key)
    known = _parted(found.content)[0] if found else Edition(0, "")
    of_day = [*lines.of_day(day)]
    export_day(day, of_day)
    written = Sum.of(of_day).as_json().encode()
    edition = Edition(known.number + 1, hashlib.sha256(written).hexdigest())
    if edition.sha256 == known.sha256:
        return
    figures.replace(key, json.dumps(edition).encode() + b"\n" + written, found)
    log.note("a day closed", day=str(day), edition=edition.number, lines=len(of_day))


def is_before_the_house(last: date) -> bool:
    """Whether a time that ended with that day was over before the house's first day: the first that was closed."""
    first = figures.first_closed_day()
    return first is not None and last < first


def _parted(content: bytes) -> tuple[Edition, bytes]:
    """What is kept of a day: a line with its edition, a line with its sum."""
    head, _, written = content.partition(b"\n")
    number, sha256 = json.loads(head)
    return Edition(number, sha256), written


class Days(Mapping[date, Sum]):
    """The sums of days that are closed, each read when it is asked for, and again: one at a time is in memory.

    `sources`: the edition of each that was read. It is what these sums are, or reading fails: a day that is closed anew
    meanwhile is not another one half way through a report.
    """

    def __init__(self, wanted: Iterable[date]) -> None:
        self._wanted = dict.fromkeys(sorted(wanted))
        self.sources: dict[date, tuple[int, str]] = {}

    def __getitem__(self, day: date) -> Sum:
        if day not in self:
            raise KeyError(day)
        found = figures.get(figures.key_of_day(day))
        if found is None:
            raise LookupError(f"{day} was closed and is gone")
        edition, written = _parted(found.content)
        if self.sources.setdefault(day, (edition.number, edition.sha256)) != (edition.number, edition.sha256):
            raise ClosedMeanwhile(str(day))
        return Sum.from_json(written)

    def editions(self) -> Iterator[tuple[date, tuple[int, str]]]:
        """Which there is of each now."""
        for day in self:
            found = figures.get(figures.key_of_day(day))
            if found:
                edition = _parted(found.content)[0]
                yield day, (edition.number, edition.sha256)

    def __contains__(self, day: object) -> bool:
        return day in self._wanted

    def __iter__(self) -> Iterator[date]:
        return iter(self._wanted)

    def __len__(self) -> int:
        return len(self._wanted)


class ClosedMeanwhile(Exception):
    """A day was closed anew while it was read. Whoever reads begins again."""
