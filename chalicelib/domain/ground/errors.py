"""Refusals: each carries its HTTP status, code and reason; one place turns them into answers (`web/problems.py`).

No sentence stands where something is refused: it is said in the language of whoever reads it, from the reason and its
values (`vocabulary/refusals.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

Value = str | int | datetime | Sequence[str]
"""What a sentence names: ids, numbers, names of the contract, a moment in the zone in which it is said. Never what
somebody typed, never a secret."""
Values = Mapping[str, Value]


class FieldFault(NamedTuple):
    """One fault of one field: `field` in dots ("contact.email"), never what stood there."""

    field: str
    code: str
    values: Values = {}  # noqa: RUF012 — never changed


class Refusal(Exception):
    """What the house will not or cannot do, and why: `reason` is finer than `code`, which the contract fixes.

    `extra`: what stands in the answer beside that. `locale`: the language it is said in, if it is known.
    """

    status = 500
    code = "internal"

    def __init__(self, reason: str, /, **values: Value) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values
        self.extra: dict[str, Any] = {}
        self.locale: str | None = None

    def __str__(self) -> str:
        return " ".join([f"{self.code}: {self.reason}", *(f"{name}={value}" for name, value in self.values.items())])


@contextmanager
def said_in(locale: str | None) -> Iterator[None]:
    """Refusals within it are said in this language; None: in whichever the request asks for."""
    try:
        yield
    except Refusal as refusal:
        refusal.locale = locale or refusal.locale
        raise


class Malformed(Refusal):
    """Not readable at all: broken JSON, a tampered cursor."""

    status, code = 400, "malformed"


class Unauthenticated(Refusal):
    """No credentials, or credentials that prove nothing."""

    status, code = 401, "unauthenticated"


class Challenged(Refusal):
    """The password was right, and something more is asked for. In `extra`: `challenge`, what that is; `session`, by
    which it is answered; `secret`, of an app that is to be set up first, in base 32."""

    status, code = 401, "challenge"

    def __init__(self, reason: str, /, **asked: str) -> None:
        super().__init__(reason)
        self.extra |= asked


class Forbidden(Refusal):
    """We know who is calling, and this caller may not do that."""

    status, code = 403, "forbidden"


class NotFound(Refusal):
    """Unknown, or not the caller's to see: the two look the same from outside."""

    status, code = 404, "not_found"


class NotAllowed(Refusal):
    """The state the complaint is in does not allow the action; `allowed` names the actions its stage does."""

    status, code = 409, "not_allowed"

    def __init__(self, reason: str, allowed: Iterable[str], /, **values: Value) -> None:
        super().__init__(reason, **values)
        self.extra["allowed"] = list(allowed)


class StaleBase(NotAllowed):
    """Another version was announced since; what the amendment would change of that one is in `extra`, as `diff`."""

    code = "stale_base"


class StaleHash(NotAllowed):
    """It is no more what was read before it was approved."""

    code = "stale_hash"


class PlanReplaced(NotAllowed):
    """The answer is to a plan of another round than the present one."""

    code = "plan_replaced"


class Conflict(Refusal):
    """Others kept changing the same complaint at the same moment; trying again is safe."""

    status, code = 409, "conflict"


class Stale(Refusal):
    """The complaint is no longer in the version the caller has seen (`If-Match`)."""

    status, code = 412, "stale"


class TooLarge(Refusal):
    status, code = 413, "too_large"


class NotJson(Refusal):
    status, code = 415, "not_json"


class Invalid(Refusal):
    """Readable, but wrong: `errors` says which field and why."""

    status, code = 422, "invalid"

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = list(faults)
        super().__init__("fields_faulty", fields=list(dict.fromkeys(fault.field for fault in self.faults)))


class NoSuchMethod(Refusal):
    """The resource is there, and takes other methods."""

    status, code = 405, "method_not_allowed"


class IdempotencyMismatch(Refusal):
    """The idempotency key was used for another request."""

    status, code = 422, "idempotency_mismatch"


class Throttled(Refusal):
    """Too many requests; `retry_after` in seconds."""

    status, code = 429, "throttled"

    def __init__(self, reason: str, /, *, retry_after: int = 1, **values: Value) -> None:
        super().__init__(reason, seconds=retry_after, **values)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something the house needs does not answer. It may have been done all the same: repeat under the same key."""

    status, code = 503, "unavailable"
    retry_after = 1


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for finer in kind.__subclasses__():
        yield from _kinds(finer)


STATUSES = {kind.code: kind.status for kind in _kinds(Refusal)}
"""The HTTP status of each code of the contract."""
