"""Every door is tried by everybody to whom it is closed, with a request that would do something were it open.

Chance does not come by each of them in the little time of a test, and a door left open is the worst that can be found.
"""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.web.door import Operation
from tests.running import System
from tests.web.examples import body_for, path_of

from .callers import OPERATIONS, Callers
from .rights import CALLERS, at_the_door, may


class Knock(NamedTuple):
    """One request and what it was answered; `again` says how to do it again."""

    operation: Operation
    who: str
    again: str
    status: int
    text: str


def knocks(system: System, callers: Callers, complaints: list[str]) -> Iterator[Knock]:
    """About one complaint; by those who may, but with their own only, about each: another stage may close it too."""
    for operation in OPERATIONS.values():
        for who in CALLERS:
            if not may(operation.name, who):
                about = [one for one in complaints if callers.whose(callers.token(who, one) or "", one) == who]
                for complaint in about if at_the_door(operation.name, who) else about[:1]:
                    yield _knock(system, operation, who, callers.token(who, complaint), complaint, complaints[0])


def _knock(system: System, operation: Operation, who: str, token: str | None, complaint: str, other: str) -> Knock:
    path, body = path_of(operation.name, complaint), body_for(operation.name, other)
    shown = {"Authorization": f"Bearer {token}"} if token else {}
    answer = system.call(operation.method, path, body, **shown)
    again = f"{operation.method} {path} {body or ''}, with the token of {who}"
    return Knock(operation, who, again, answer.status, answer.body.decode(errors="replace"))
