"""Moments as the contract writes them: aware, UTC, whole seconds, `2026-11-23T08:00:00Z`."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, WithJsonSchema


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, without its fraction of a second."""
    if moment.tzinfo is UTC and not moment.microsecond:
        return moment
    return moment.astimezone(UTC).replace(microsecond=0)


def written(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z`; sorts as it runs."""
    return utc(moment).isoformat()[: -len("+00:00")] + "Z"


Instant = Annotated[
    AwareDatetime,
    AfterValidator(utc),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}),
]
