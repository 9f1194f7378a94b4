"""Lines of queues with what is to be done of each, as lists show them that are looked at in passing."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework import read
from chalicelib.casework.read import Count, Filters
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.door import Call
from chalicelib.web.pages.speech import Speech

from . import lines, view


class Chore(NamedTuple):
    """`act`: what is to be done, if the line stands for that, and `do`: where it is."""

    line: lines.Line
    act: Action | None
    do: str


class Part(NamedTuple):
    """The soonest due of a view, under a heading; `more`: there are others."""

    name: str
    chores: list[Chore]
    more: bool
    view: str


def chores_of(found: Iterable[Summary], say: Speech, now: datetime, stand: str) -> list[Chore]:
    """Those of the view `stand`, to which their complaints lead back."""
    return [_chore(one) for one in lines.lines_of(found, say, now, stand)]


def _chore(line: lines.Line) -> Chore:
    act = lines.asked_of(line.it).get("act")
    return Chore(line, Action(act) if act else None, line.do)


def view_of(filters: Filters) -> str:
    """The same as the query of an address."""
    given = {name: value for name, value in filters._asdict().items() if value is not None}
    return view.written(view.Asked.model_validate(given))


def part(name: str, filters: Filters, call: Call, say: Speech, most: int) -> Part:
    found, cursor = read.queue(filters, call.now, most, None)
    stand = view_of(filters)
    return Part(name, chores_of(found, say, call.now, stand), cursor is not None, stand)


def number(count: Count) -> str:
    """As it is read: 100+ where more were not counted."""
    return f"{count.number}{'+' if count.more else ''}"
