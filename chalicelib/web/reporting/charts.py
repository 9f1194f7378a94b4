"""The geometry of a report's charts: rows become places in a drawing, which templates draw as SVG.

A drawing is `WIDTH` wide whatever the screen, so that its letters can be read at 360 pixels. What is told apart is told
apart by pattern, and named; no chart needs colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from chalicelib.domain.supervision.figures import Number, Row

WIDTH, MARGIN = 340.0, 4.0
LABEL, BAR, GAP = 15.0, 9.0, 9.0
"""Heights: of the line of words above the bars of a lane, of a bar, of what is between lanes."""
PANEL, AXIS = 90.0, 16.0
MOST_DAYS = 62
"""Of more days a chart of flow has weeks."""


class Bar(NamedTuple):
    """`kind`: by which pattern it is filled."""

    x: float
    y: float
    width: float
    height: float
    kind: str


class Lane(NamedTuple):
    """One row: its words stand above its bars, at `y`. `dot`, `whisker`: a point, and the interval around it."""

    row: Row
    y: float
    middle: float
    bars: tuple[Bar, ...]
    dot: float | None = None
    whisker: tuple[float, float] | None = None


class Lanes(NamedTuple):
    """`marks`: places of the axis, and what they are worth; `line`: through the dots."""

    height: float
    foot: float
    lanes: tuple[Lane, ...]
    marks: tuple[tuple[float, float], ...]
    line: str = ""


class Panel(NamedTuple):
    """A part of a chart by days. `top`: what its upper edge is worth."""

    y: float
    top: float
    bars: tuple[Bar, ...]
    line: str = ""


class Columns(NamedTuple):
    """`days`: places of some, and which."""

    height: float
    panels: tuple[Panel, ...]
    days: tuple[tuple[float, date], ...]


def lanes(
    rows: Iterable[Row],
    series: Mapping[str, str],
    *,
    most: float | None = None,
    dot: str = "",
    ends: Sequence[str] = (),
    joined: bool = False,
) -> Lanes:
    """A lane for each row, with a bar for each value of `series`, by name and pattern, one below the other.

    `most`: what the whole width is worth; else what the longest bar is. `dot`: the value that is a point; `ends`: those
    of the interval around it; `joined`: a line goes through the points.
    """
    shown = [*rows]
    whole = most or max((one.values.get(name) or 0 for one in shown for name in series), default=0) or 1

    def place(value: Number) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * min(1.0, max(0.0, float(value) / whole))

    made, y = [], 0.0
    depth = max(1, len(series)) * BAR
    for row in shown:
        at = y + LABEL
        bars = [
            Bar(MARGIN, at + n * BAR, place(value) - MARGIN, BAR - 1, pattern)
            for n, (name, pattern) in enumerate(series.items())
            if (value := row.values.get(name)) is not None
        ]
        point = row.values.get(dot)
        low, high = ([row.values.get(name) for name in ends] + [None, None])[:2]
        between = None if low is None or high is None else (place(low), place(high))
        made.append(
            Lane(row, y + LABEL - 4, at + depth / 2, (*bars,), None if point is None else place(point), between)
        )
        y = at + depth + GAP
    line = " ".join(f"{one.dot:.1f},{one.middle:.1f}" for one in made if joined and one.dot is not None)
    marks = tuple((place(whole * part), whole * part) for part in (0, 0.5, 1)) if most else ()
    return Lanes(y + (AXIS if marks else 0), y, (*made,), marks, line)


def stacked(rows: Iterable[Row], patterns: Mapping[str, str]) -> Lanes:
    """A lane for each group of rows whose keys begin with the same word, one bar made of them; the second word says by
    which pattern. The longest is as wide as the drawing."""
    groups = [(name, [*parts]) for name, parts in groupby(rows, key=lambda one: one.key.partition(" ")[0])]
    whole = max((sum(_share(one) for one in parts) for _, parts in groups), default=0) or 1
    made, y = [], 0.0
    for name, parts in groups:
        x, bars = MARGIN, []
        for one in parts:
            width = (WIDTH - 2 * MARGIN) * _share(one) / whole
            bars.append(Bar(x, y + LABEL, width, 1.6 * BAR, patterns.get(one.key.partition(" ")[2], "solid")))
            x += width
        total = sum(_share(one) for one in parts)
        lane = Row(by="stage", key=name, n=sum(one.n for one in parts), values={"share": total})
        made.append(Lane(lane, y + LABEL - 4, y + LABEL, (*bars,)))
        y += LABEL + 1.6 * BAR + GAP
    return Lanes(y, y, (*made,), ())


def _share(row: Row) -> float:
    return float(row.values.get("share") or 0)


def flow(rows: Sequence[Row]) -> Columns:
    """What came in and went out, day by day, and below it what was in hand at the end of each."""
    days = [date.fromisoformat(one.key) for one in rows]
    step = (WIDTH - 2 * MARGIN) / max(1, len(rows))
    width = max(0.6, step * 0.4)

    def bars(name: str, kind: str, top: float, aside: float) -> list[Bar]:
        sizes = [PANEL * (one.values.get(name) or 0) / top for one in rows]
        return [
            Bar(MARGIN + n * step + aside, AXIS + PANEL - size, width, size, kind)
            for n, size in enumerate(sizes)
            if size
        ]

    most = max((one.values.get(name) or 0 for one in rows for name in ("in", "out")), default=0) or 1
    held = [one.values.get("in_hand") or 0 for one in rows]
    top, below = max(held, default=0) or 1, 2 * AXIS + PANEL
    line = " ".join(
        f"{MARGIN + (n + 0.5) * step:.1f},{below + AXIS + PANEL * (1 - value / top):.1f}"
        for n, value in enumerate(held)
    )
    upper = Panel(AXIS, most, (*bars("in", "solid", most, step * 0.08), *bars("out", "hatch", most, step * 0.52)))
    some = sorted({0, len(days) // 2, len(days) - 1}) if days else []
    return Columns(
        below + AXIS + PANEL + AXIS,
        (upper, Panel(below + AXIS, top, (), line)),
        tuple((MARGIN + (n + 0.5) * step, days[n]) for n in some),
    )


def by_week(rows: Sequence[Row], most_days: int = MOST_DAYS) -> Sequence[Row]:
    """The flow of so many days that a day is a hair, by weeks: what came and went is added up, what was in hand is that
    of the last day."""
    if len(rows) <= most_days:
        return rows
    weeks = [[*days] for _, days in groupby(rows, key=lambda one: date.fromisoformat(one.key).isocalendar()[:2])]
    return [
        Row(
            by="week",
            key=days[0].key,
            n=sum(one.n for one in days),
            values={
                **{name: sum(one.values.get(name) or 0 for one in days) for name in ("in", "out")},
                "in_hand": days[-1].values.get("in_hand"),
            },
        )
        for days in weeks
    ]
