"""Text as the description has it, more narrowly than it is checked: one of a list, which is made from what is there
(`json/vocabularies.py`), or an address."""

from typing import Annotated

from pydantic import WithJsonSchema

MARK = "x-list"


def of(name: str) -> WithJsonSchema:
    """For the description only: nothing is checked."""
    return WithJsonSchema({"type": "string", MARK: name})


ProblemCode = Annotated[str, of("ProblemCode")]
Reason = Annotated[str, of("Reason")]
FaultCode = Annotated[str, of("FaultCode")]
NoticeKind = Annotated[str, of("NoticeKind")]
NoticeState = Annotated[str, of("NoticeState")]
PassageState = Annotated[str, of("PassageState")]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
