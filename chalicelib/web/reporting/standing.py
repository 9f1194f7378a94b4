"""What has become of a report since it was computed, as its document shows it."""

from collections.abc import Callable

from chalicelib.casework.reports import Followed, Read
from chalicelib.domain.supervision.report import Stage

from .document import Remark, Standing, Step


def standing_of(found: Read, to_do: Callable[[Followed], str] = lambda _: "") -> Standing:
    """`to_do`: where somebody who reads it says that a measure is done, if they may."""
    state = found.state
    remarks = tuple(Remark(one.at, one.by, one.text) for one in state.comments)
    steps = tuple(_step(one, to_do(one)) for one in found.measures)
    return Standing(state.hash, Stage(state.stage).value, state.issued_at, remarks, steps)


def _step(followed: Followed, do: str) -> Step:
    one = followed.measure
    return Step(one.what, one.owner, one.due, one.moves, followed.before, followed.now, one.done_at, one.note, do)
