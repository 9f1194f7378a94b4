"""What was before the fuzz begins: a quarter is over in which complaints were closed, so that there is something to
audit, a review to hold and sheets to read; and somebody answers for what was missed.
"""

from typing import Any

from tests.examples import EXAMPLES
from tests.running import System

from .callers import Callers
from .stock import BY_PHONE, CLERK, LIFE, audit_until, lay_in_one, post

BEGINS = "2026-06-29T02:00:00Z"
"""A Monday, the day before the quarter ends."""
HERS = (("assignment", {"assignee": CLERK}),)
IN_JULY, SHEETS_ARE_SHOWN, NOW = "2026-07-24T02:00:00Z", "2026-08-04T02:00:00Z", "2026-08-07T07:40:00Z"


def lived(system: System) -> list[str]:
    """It is a Friday in August; the complaints of which somebody answers for something."""
    callers = Callers(system)
    for _ in range(2):
        lay_in_one(system, callers, CLERK, BY_PHONE, LIFE)
    system.settle()
    system.move_clock(set=IN_JULY)
    callers = Callers(system)
    reported = [audit_until(system, callers, "reported") for _ in range(2)]
    system.move_clock(set=SHEETS_ARE_SHOWN)
    callers = Callers(system)
    late = [lay_in_one(system, callers, CLERK, BY_PHONE, HERS) for _ in range(3)]
    system.settle()
    system.move_clock(set=NOW)
    callers = Callers(system)
    _publish(system, callers, reported[0])
    _say(system, callers, late[1:])
    return late


def _publish(system: System, callers: Callers, name: str) -> None:
    _do(system, callers, "publish_audit", f"/v1/audits/{name}/publication")


def _say(system: System, callers: Callers, late: list[str]) -> None:
    """Of the first somebody has spoken, of the others it is decided too."""
    for number, complaint in enumerate(late):
        path = f"/v1/complaints/{complaint}/breaches/1"
        _do(system, callers, "state_case", f"{path}/statement")
        if number:
            _do(system, callers, "decide_hearing", f"{path}/decision")


def _do(system: System, callers: Callers, name: str, path: str) -> dict[str, Any]:
    return post(system, callers.token(EXAMPLES[name].who, None), path, EXAMPLES[name].body)
