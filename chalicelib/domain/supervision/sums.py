"""Sums of lines: what is kept of a day, and added up to a period, in whatever order and parts."""

import json
from array import array
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from chalicelib.domain.supervision import counting
from chalicelib.domain.supervision.lines import Line, Surveyed

Cell = tuple[date, str, str, str]
"""Day, measure, by, key."""
SECONDS = "L"

_NAMES = ("closed_day", "seq", "stratum", "category", "overall", "solved", "fair", "easy", "informed", "by_phone")


class Answer(tuple[Any, ...]):
    """What a survey was answered with, as of `seq`: a later one takes its place."""

    __slots__ = ()

    @classmethod
    def of(cls, line: Surveyed) -> Self:
        stratum = counting.stratum(line.outcome, line.later_round, line.breached)
        said = line.overall, line.solved, line.fair, line.easy, line.informed
        return cls((line.closed_day, line.seq, stratum, line.category, *said, line.by_phone))

    def __getattr__(self, name: str) -> Any:
        try:
            return self[_NAMES.index(name)]
        except ValueError:
            raise AttributeError(name) from None


class Sum:
    """Counts (n, hits) of each cell; the exact seconds of those that percentiles are made of; of each survey's answers
    the last, by complaint and closure. Adding is all that can be done with it: in any order it is the same.

    Cells have days of their own: what ripens belongs to the day of a closure, which may be long before.
    """

    __slots__ = ("answers", "counts", "seconds")

    def __init__(self) -> None:
        self.counts: dict[Cell, list[int]] = {}
        self.seconds: dict[Cell, array[int]] = {}
        self.answers: dict[str, Answer] = {}

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Sum":
        """A line that comes twice counts once."""
        one = cls()
        counts, seconds = one.counts, one.seconds
        seen: set[tuple[str, int, str, int]] = set()
        for line in lines:
            name = (line.id, line.seq, line.kind, line.nth)
            if name in seen:
                continue
            seen.add(name)
            for day, measure, by, key, n, hits in counting.counts(line):
                cell = (day, measure, by, key)
                held = counts.get(cell)
                if held is None:
                    counts[cell] = [n, hits]
                else:
                    held[0] += n
                    held[1] += hits
            for day, measure, by, key, time in counting.times(line):
                cell = (day, measure, by, key)
                kept = seconds.get(cell)
                if kept is None:
                    seconds[cell] = array(SECONDS, (time,))
                else:
                    kept.append(time)
            if isinstance(line, Surveyed) and line.what == "answered":
                one._answer(f"{line.id} {line.closure}", Answer.of(line))
        return one

    def __add__(self, other: "Sum") -> "Sum":
        return Sum.total((self, other))

    @classmethod
    def total(cls, sums: Iterable["Sum"], first: date = date.min, last: date = date.max) -> "Sum":
        """All of them together; of their cells those of the days between `first` and `last`, both counted."""
        whole = cls()
        for one in sums:
            for cell, (n, hits) in one.counts.items():
                if first <= cell[0] <= last:
                    held = whole.counts.setdefault(cell, [0, 0])
                    held[0] += n
                    held[1] += hits
            for cell, times in one.seconds.items():
                if first <= cell[0] <= last:
                    whole.seconds.setdefault(cell, array(SECONDS)).extend(times)
            for key, answer in one.answers.items():
                if first <= answer.closed_day <= last:
                    whole._answer(key, answer)
        return whole

    def rows(self, measure: str, by: str) -> dict[str, int]:
        """How many there are of each key of a table, all days together."""
        found: dict[str, int] = {}
        for (_, of, which, key), (n, _) in self.counts.items():
            if (of, which) == (measure, by):
                found[key] = found.get(key, 0) + n
        return found

    def _answer(self, key: str, answer: Answer) -> None:
        known = self.answers.get(key)
        if known is None or known.seq < answer.seq:
            self.answers[key] = answer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sum) and self.as_json() == other.as_json()

    __hash__ = None  # type: ignore[assignment]

    def as_json(self) -> str:
        """Canonical: equal sums are written equally."""
        counts = {cell: held for cell, held in self.counts.items() if held != [0, 0]}
        seconds = {cell: sorted(times) for cell, times in self.seconds.items()}
        answers = {key: [answer[0].isoformat(), *answer[1:]] for key, answer in self.answers.items()}
        written = {"counts": _nested(counts), "seconds": _nested(seconds), "answers": answers}
        return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, written: str | bytes) -> "Sum":
        read = json.loads(written)
        one = cls()
        one.counts = _flat(read["counts"])
        one.seconds = {cell: array(SECONDS, times) for cell, times in _flat(read["seconds"]).items()}
        one.answers = {
            key: Answer((date.fromisoformat(answer[0]), *answer[1:])) for key, answer in read["answers"].items()
        }
        return one


def _nested(cells: Mapping[Cell, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for (day, measure, by, key), value in cells.items():
        nested.setdefault(day.isoformat(), {}).setdefault(measure, {}).setdefault(by, {})[str(key)] = value
    return nested


def _flat(nested: Mapping[str, Any]) -> dict[Cell, Any]:
    return {
        (date.fromisoformat(day), measure, by, key): value
        for day, measures in nested.items()
        for measure, rows in measures.items()
        for by, keys in rows.items()
        for key, value in keys.items()
    }
