"""Days and moments as somebody hands them in: written, as the contract says, and never a number of seconds.

Each is refused by a code of its own. What was kept is read by `instants`.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from chalicelib.domain.ground import instants
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.text import Wrong

MOMENT = r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"


def _day(said: Any) -> date:
    """Not with a time of day, which pydantic would take too."""
    try:
        return said if type(said) is date else instants.day(said)
    except (TypeError, ValueError):
        raise Wrong("not_a_day") from None


def _moment(said: Any) -> datetime:
    """With its zone: nobody has to guess whose midnight is meant."""
    if isinstance(said, datetime) and said.tzinfo:
        return said
    try:
        if re.fullmatch(MOMENT, said):
            return instants.utc(datetime.fromisoformat(said))
    except (TypeError, ValueError, OverflowError):
        pass
    raise Wrong("not_a_moment")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": instants.DAY}),
]
Moment = Annotated[Instant, BeforeValidator(_moment)]
