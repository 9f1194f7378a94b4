"""What is a fault and what is not: rights that were not held to, and what schemathesis cannot know is right."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

from chalicelib.domain.ground.faults import DESCRIBED
from chalicelib.web.door import Operation
from infra.local.staff import STAFF

from .rights import LIKE, NOBODY, OUTSIDERS, REPLACED, at_the_door, may

BEHIND_THE_DOOR = {409, 412, 422}
"""Refusals that only those are told who may: of the stage, of the version, of the content."""


def faults(operation: Operation, who: str, status: int, text: str) -> Iterator[str]:
    """What is wrong with the rights behind an answer."""
    let_in = may(operation.name, who)
    if status < 400 and not let_in:
        yield f"{who} may not do this, and could"
    # The content of a request is looked at before the question whose the complaint is.
    if not let_in and status in BEHIND_THE_DOOR - ({422} if at_the_door(operation.name, who) else set()):
        yield f"{who} may not do this, and is refused for another reason only"
    if status == 401 and who not in (NOBODY, REPLACED) and not may(operation.name, NOBODY):
        yield f"{who} was not recognised"
    if who in OUTSIDERS and (named := [name for name in STAFF if name in text]):
        yield f"{who} is told names of staff: {', '.join(named)}"
    if "Traceback" in text:
        yield "the answer shows the inside of the house"


def excused(failure: Any, operation: Operation, who: str, query: Mapping[str, Any], answer: Any) -> bool:
    """Whether what schemathesis takes for a fault is none.

    A complaint just filed is not there for other consumers, and a file just offered not before it arrives. A
    description cannot say everything: that a cursor must be one of ours, that of two fields one is needed, that a
    phone number exists. The house has codes of its own for such things; what it says of a request that the description
    allows by a code of `DESCRIBED`, the description could have said. Of the `changes` of an amendment it says nothing:
    they may be of any field of the policy, and only with their base make a whole.
    """
    if isinstance(failure, EnsureResourceAvailability):
        return operation.name == "show_evidence" or who in LIKE
    if not isinstance(failure, RejectedPositiveData):
        return False
    if answer.status_code == 400:
        return "cursor" in query
    errors = answer.json().get("errors", ())
    said = {fault["code"] for fault in errors if not fault["field"].startswith("changes.")}
    return answer.status_code == 422 and said.isdisjoint(DESCRIBED.values())


def bearer(headers: Mapping[str, Any]) -> str:
    """The token in the headers of a request that was sent; empty without one."""
    value = headers.get("Authorization", "")
    return (value[0] if isinstance(value, list) else value).removeprefix("Bearer ")
