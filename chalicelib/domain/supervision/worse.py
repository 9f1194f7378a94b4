"""What got worse since the period before: figures of a report that moved by more than a little in a bad direction."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from chalicelib.domain.supervision.figures import SHOWN_FROM, Document, Figure, Measure

BAD: Mapping[Measure, Literal["more", "less"]] = {
    "M01": "more",
    "M02": "more",
    "M03": "less",
    "M05": "less",
    "M08": "more",
    "M11": "more",
    "M14": "less",
    "M16": "more",
    "M17": "more",
    "M19": "more",
    "M21": "more",
}
"""Which way is worse. Of what is not here no way is (remedies, causes), or it takes weeks to ripen (reopenings,
repeats, satisfaction), and would be compared with what had more time."""
POINTS = 0.02
TENTH = 0.1


class Worse(NamedTuple):
    """A figure, and the same of the period before."""

    measure: Measure
    now: Figure
    before: Figure


def worse(document: Document) -> list[Worse]:
    """By more than two points of a share, or more than a tenth of anything else; what grew most comes first.

    What has too few cases is not compared; but a count may have been small before. Nor is what has not ripened.
    """
    if document.before is None:
        return []
    found = []
    for measure, bad in BAD.items():
        now, before = document.figures.get(measure), document.before.figures.get(measure)
        if now and before and _are_compared(now, before):
            change = _change(now, before) * (1 if bad == "more" else -1)
            if change > (POINTS if now.unit == "share" else TENTH):
                found.append((-change, Worse(measure, now, before)))
    return [one for _, one in sorted(found, key=lambda one: (one[0], one[1].measure))]


def _are_compared(now: Figure, before: Figure) -> bool:
    enough = now.n >= SHOWN_FROM and (before.n >= SHOWN_FROM or now.unit == "count")
    return enough and now.ripe and before.ripe and now.value is not None and before.value is not None


def _change(now: Figure, before: Figure) -> float:
    """Of a share in points, of anything else as a part of what it was, which is one at least."""
    moved = float(now.value or 0) - float(before.value or 0)
    return moved if now.unit == "share" else moved / max(float(before.value or 0), 1.0)
