"""A view of the queue: what it is narrowed to, as it stands in the address of a page, and nothing else does.

Views are links, which people keep and send to each other. What a link says that no view has is as if it were not
there; words that are looked for are typed, and stand in no address.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from chalicelib.casework import read
from chalicelib.domain.ground.text import Text
from chalicelib.web.bodies import QueueQuery
from chalicelib.web.pages.page import PageQuery

PLACE = r"^[0-9TZ:.+-]{20,30}#[0-9A-HJKMNP-TV-Z-]{11}(#[A-Za-z0-9_:. -]{1,80})?$"
LONGEST = 1_000
"""Characters of a view in an address."""
NOT_OF_IT = {"limit", "cursor", "words", "done"}
"""What of a query says which page of a view is shown, and what stands in no address."""
AMONG = r"^(?:[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}(?:,|$)){0,100}$"
Among = Annotated[str, Field(pattern=AMONG)]
"""Of what was found by words, which stand in no address: the complaints that come after this one."""
Place = Annotated[str, Field(pattern=PLACE)]
"""Where a line stands in its queue, as `due_key` says it."""


class Asked(QueueQuery):
    """A view, and which page of it: what of it cannot be read is not narrowed to."""

    model_config = ConfigDict(extra="ignore")

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_not_at_all(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        try:
            return handler(value) if str(value).strip() else cls.model_fields[str(info.field_name)].default
        except ValueError:
            return cls.model_fields[str(info.field_name)].default

    words: Annotated[str, Text(100)] | None = None
    done: Literal["last"] | None = None

    def filters(self) -> read.Filters:
        return read.Filters(**{name: getattr(self, name) for name in read.Filters._fields})


class NextQuery(PageQuery):
    """Which line comes after the one at a place of a view: what is no place is none. `among`: or which are left of
    those that were found."""

    view: Annotated[str, Field(max_length=LONGEST)] | None = None
    place: Place | None = None
    among: Among | None = None


def narrowed(asked: Asked) -> dict[str, str]:
    """What a view is narrowed to, by the names and values of its address."""
    said = asked.model_dump(mode="json", exclude=NOT_OF_IT, exclude_none=True)
    return {name: _value(one) for name, one in said.items()}


def _value(one: Any) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    return ",".join(map(str, one)) if isinstance(one, list | tuple) else str(one)


def written(asked: Asked, without: Iterable[str] = (), **more: str) -> str:
    """A view as the query of an address, in one way."""
    kept = {name: one for name, one in narrowed(asked).items() if name not in without}
    return urlencode({**kept, **more}, safe=",:")


def view_of(text: str) -> Asked:
    """The view that an address names; of what is none, all that is open."""
    return of_fields(dict(parse_qsl(text[:LONGEST])))


def of_fields(fields: Mapping[str, str]) -> Asked:
    """The same of what a form or a query says."""
    try:
        return Asked.model_validate({name: one for name, one in fields.items() if name not in NOT_OF_IT})
    except ValidationError:
        return Asked()
