"""The policy of an upload form, as S3 checks it: every field of the form must be as the signed policy says."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from infra.aws.clock import parse_instant
from infra.aws.s3_signing import ALGORITHM, NOT_SUPPORTED, Credentials, S3Error, check_signature

SIGNED_BY = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
NEED_NO_CONDITION = {"policy", "x-amz-signature"}
IGNORED = "x-ignore-"
OLD_SIGNATURE = "signature"


class Condition(NamedTuple):
    """`kind` is eq, starts-with or content-length-range; `field` in lower case, and empty for the last."""

    kind: str
    field: str
    operands: tuple[Any, ...]
    said: str


def check_form(fields: Mapping[str, str], size: int, credentials: Credentials, now: datetime) -> None:
    """Raises S3Error unless the form's policy was signed with these credentials, is good at this moment and allows it.

    `fields`: by lower-case name, what the form says, and `bucket`, where it was sent to. `size`: of the file in bytes.
    """
    _need(fields, "key")
    if "policy" not in fields:
        raise S3Error(403, "AccessDenied", "Access Denied")
    if OLD_SIGNATURE in fields or fields.get("x-amz-algorithm", ALGORITHM) != ALGORITHM:
        raise S3Error(400, "InvalidRequest", NOT_SUPPORTED)
    _need(fields, *SIGNED_BY)
    check_signature(fields["policy"], fields["x-amz-credential"], fields["x-amz-signature"], credentials)
    policy = _policy(fields["policy"])
    if now >= _expiration(policy):
        raise _not_allowed("Policy expired.")
    conditions = list(_conditions(policy))
    for condition in conditions:
        _check(condition, fields, size)
    _check_that_all_are_covered(fields, {condition.field for condition in conditions})


def _need(fields: Mapping[str, str], *names: str) -> None:
    for name in names:
        if not fields.get(name):
            detail = f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of "
            raise S3Error(400, "InvalidArgument", detail + "the fields.", ArgumentName=name, ArgumentValue="")


def _policy(encoded: str) -> dict[str, Any]:
    try:
        policy = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise _malformed("Invalid JSON.") from None
    if not isinstance(policy, dict) or not isinstance(policy.get("conditions"), list):
        raise _malformed("Policy missing conditions.")
    return policy


def _expiration(policy: Mapping[str, Any]) -> datetime:
    try:
        return parse_instant(policy.get("expiration"))
    except ValueError:
        raise _malformed("Policy missing expiration, or it is no date.") from None


def _conditions(policy: Mapping[str, Any]) -> Iterator[Condition]:
    for one in policy["conditions"]:
        said = json.dumps(one, ensure_ascii=False)
        match one:
            case dict():
                for name, value in one.items():
                    yield Condition("eq", name.lower(), (str(value),), said)
            case [str(kind), int(low), int(high)] if kind.lower() == "content-length-range":
                yield Condition("content-length-range", "", (low, high), said)
            case [str(kind), str(name), value] if kind.lower() in ("eq", "starts-with") and name.startswith("$"):
                yield Condition(kind.lower(), name[1:].lower(), (str(value),), said)
            case _:
                raise _malformed(f"Invalid Simple-Condition: {said}")


def _check(condition: Condition, fields: Mapping[str, str], size: int) -> None:
    value = fields.get(condition.field, "")
    match condition.kind:
        case "content-length-range":
            low, high = condition.operands
            if size > high:
                detail = "Your proposed upload exceeds the maximum allowed size"
                raise S3Error(400, "EntityTooLarge", detail, ProposedSize=str(size), MaxSizeAllowed=str(high))
            if size < low:
                detail = "Your proposed upload is smaller than the minimum allowed size"
                raise S3Error(400, "EntityTooSmall", detail, ProposedSize=str(size), MinSizeAllowed=str(low))
        case "eq" if value != condition.operands[0]:
            raise _not_allowed(f"Policy Condition failed: {condition.said}")
        case "starts-with" if not value.startswith(condition.operands[0]):
            raise _not_allowed(f"Policy Condition failed: {condition.said}")


def _check_that_all_are_covered(fields: Mapping[str, str], covered: set[str]) -> None:
    extra = [name for name in fields if name not in covered | NEED_NO_CONDITION and not name.startswith(IGNORED)]
    if extra:
        raise _not_allowed(f"Extra input fields: {', '.join(extra)}")


def _not_allowed(why: str) -> S3Error:
    return S3Error(403, "AccessDenied", f"Invalid according to Policy: {why}")


def _malformed(why: str) -> S3Error:
    return S3Error(400, "InvalidPolicyDocument", f"Invalid Policy: {why}")
