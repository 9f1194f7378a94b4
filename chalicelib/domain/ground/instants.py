"""Moments as the contract writes them: aware, UTC, whole seconds, `2026-11-23T08:00:00Z`; and days: `2026-11-23`."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, WithJsonSchema

DAY = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


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


def day(said: str) -> date:
    """A day as it is written. Raises ValueError for what is none, or is written otherwise, as "20261123"."""
    if not re.fullmatch(DAY, said):
        raise ValueError(f"not a day: {said!r}")
    return date.fromisoformat(said)
