"""Text that is one of a list of the description, which is made from what is there (`json/vocabularies.py`)."""

from typing import Annotated

from pydantic import WithJsonSchema

MARK = "x-list"


def of(name: str) -> WithJsonSchema:
    """For the description only: nothing is checked."""
    return WithJsonSchema({"type": "string", MARK: name})


ProblemCode = Annotated[str, of("ProblemCode")]
Reason = Annotated[str, of("Reason")]
FaultCode = Annotated[str, of("FaultCode")]
