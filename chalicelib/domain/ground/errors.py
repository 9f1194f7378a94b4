"""Refusals: each carries its HTTP status and code; one place turns them into answers (`web/problems.py`)."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class FieldFault(NamedTuple):
    """One fault of one field, as the caller may read it: `field` in dots ("contact.email"), never the value."""

    field: str
    message: str


class Refusal(Exception):
    """What the house will not or cannot do. `detail` is read by people, `extra` by programs."""

    status = 500
    code = "internal"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Malformed(Refusal):
    """Not readable at all: broken JSON, a tampered cursor."""

    status, code = 400, "malformed"


class Unauthenticated(Refusal):
    """No credentials, or credentials that prove nothing."""

    status, code = 401, "unauthenticated"


class Forbidden(Refusal):
    """We know who is calling, and this caller may not do that."""

    status, code = 403, "forbidden"


class NotFound(Refusal):
    """Unknown, or not the caller's to see: the two look the same from outside."""

    status, code = 404, "not_found"


class NotAllowed(Refusal):
    """The state the complaint is in does not allow the action; `allowed` names the actions its stage does."""

    status, code = 409, "not_allowed"

    def __init__(self, detail: str, allowed: Iterable[str], **more: Any) -> None:
        super().__init__(detail, allowed=list(allowed), **more)


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
        super().__init__(
            "The request has faults in: " + ", ".join(dict.fromkeys(fault.field for fault in self.faults)) + ".",
            errors=[fault._asdict() for fault in self.faults],
        )


class IdempotencyMismatch(Refusal):
    """The idempotency key was used for another request."""

    status, code = 422, "idempotency_mismatch"


class Throttled(Refusal):
    """Too many requests; `retry_after` in seconds."""

    status, code = 429, "throttled"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something the house needs does not answer. It may have been done all the same: repeat under the same key."""

    status, code = 503, "unavailable"
    retry_after = 1
