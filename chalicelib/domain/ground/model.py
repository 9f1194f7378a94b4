"""What all models have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo

HANDED_IN = {"handed_in": True}
"""The context in which that is read which somebody hands in now: lists that are amended hold for it, and not for what
was accepted by those of before, which must stay readable."""


class Model(BaseModel):
    """Never changes. What checks it is built when it is first used, since one container uses few of all models.

    What it refuses it does not quote: faults of stored records end in logs, and records are what people wrote.
    """

    model_config = ConfigDict(frozen=True, defer_build=True, hide_input_in_errors=True)


class Written(Model):
    """Part of what is written once and hashed. Whatever later code knows no more is kept as it was written, and what
    later code adds is absent from what was written before: so its hash is the same for ever.
    """

    model_config = ConfigDict(extra="allow")


class Body(Model):
    """What somebody sends: a field that is not known is refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid")


def is_handed_in(info: ValidationInfo) -> bool:
    """Whether a validator looks at what is handed in now."""
    context: dict[str, Any] = info.context or {}
    return bool(context.get("handed_in"))
