"""How much a storefront sold on a day, so that complaints can be counted per 10,000 orders (6.1)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema

from chalicelib.adapters import volumes
from chalicelib.domain.complaint.submissions import WHOLE, Line200
from chalicelib.domain.ground import instants
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.model import Body
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.text import NO_CONTROLS, Wrong

from . import rules

MOST, MOST_SELLERS = 1_000_000_000, 2_000
BY_SELLER = {
    "type": "object",
    "propertyNames": {"minLength": 1, "maxLength": 200, "pattern": NO_CONTROLS},
    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST},
    "maxProperties": MOST_SELLERS,
}
"""As pydantic would describe it, were it not for names that no pattern fits."""
Count = Annotated[int, Strict(), Field(ge=0, le=MOST), WHOLE]


def _each_seller_once(named: Any) -> Any:
    if isinstance(named, Mapping):
        names = [name.strip() for name in named if isinstance(name, str)]
        if len(set(names)) < len(names):
            raise Wrong("seller_twice")
    return named


class Volumes(Body):
    """What was sold on a day. `by_seller`: the orders of each; one order may be of several sellers."""

    orders: Count
    parcels: Count | None = Field(None, description="Sent on that day.")
    by_seller: Annotated[
        dict[Line200, Count],
        Field(max_length=MOST_SELLERS),
        BeforeValidator(_each_seller_once),
        WithJsonSchema(BY_SELLER),
    ] = Field(default_factory=dict, description="Orders, by the name of the seller.")


def keep(day: str, sold: Volumes, storefront: Actor, now: datetime) -> date:
    """The volumes of a storefront for a day in China; the last ones count. Raises Invalid for a day that is none, or
    has not begun."""
    try:
        read = instants.day(day)
    except ValueError:
        raise Invalid([FieldFault("date", "not_a_day")]) from None
    if read > now.astimezone(rules.in_force(now).zone).date():
        raise Invalid([FieldFault("date", "day_not_begun")])
    volumes.keep(read, storefront.id, sold.model_dump_json(exclude_none=True), now)
    return read
