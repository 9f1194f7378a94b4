"""Signature Version 4 as S3 checks it: of a form's policy, and of a link. Only that: requests with an `Authorization`
header are the AWS CLI's and the app's own, which moto takes as they are.

By hand: botocore's signers sign what they are given, and giving them a link again takes more than the sums do."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote

from infra.aws.clock import format_instant

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST = 604_800  # seconds, a week
UNRESERVED = "-_.~"
NOT_SUPPORTED = f"The authorization mechanism you have provided is not supported. Please use {ALGORITHM}."
NEEDED = {f"X-Amz-{name}" for name in ("Credential", "Date", "Expires", "Signature", "SignedHeaders")}
EARLY = timedelta(minutes=15)
"""So far may the clock of whoever signs be ahead."""


class S3Error(Exception):
    """What S3 answers to a request that it refuses; `more` are further elements of the answer."""

    def __init__(self, status: int, code: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


@dataclass(frozen=True)
class Credentials:
    key_id: str
    secret: str


@dataclass(frozen=True)
class Link:
    """A request by a signed link: its path and query as they came, and its headers by lower-case name."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


def is_signed(query: str) -> bool:
    """Whether a request says in its query who signed it."""
    return not {name.lower() for name, _ in parse_qsl(query)}.isdisjoint({"x-amz-signature", "signature"})


def check_link(link: Link, credentials: Credentials, now: datetime) -> None:
    """Raises S3Error unless the link was signed with these credentials and is good at this moment."""
    pairs = parse_qsl(link.query, keep_blank_values=True)
    given = dict(pairs)
    if given.get("X-Amz-Algorithm") != ALGORITHM:
        raise S3Error(400, "InvalidRequest", NOT_SUPPORTED)
    if not given.keys() >= NEEDED:
        raise S3Error(400, "AuthorizationQueryParametersError", f"A signed link needs {', '.join(sorted(NEEDED))}.")
    signed_at, lasts = _signed_at(given["X-Amz-Date"]), _lasting(given["X-Amz-Expires"])
    canonical = _canonical(link, pairs, given["X-Amz-SignedHeaders"])
    scope = given["X-Amz-Credential"].partition("/")[2]
    to_sign = "\n".join([ALGORITHM, given["X-Amz-Date"], scope, sha256(canonical.encode()).hexdigest()])
    check_signature(to_sign, given["X-Amz-Credential"], given["X-Amz-Signature"], credentials)
    if now < signed_at - EARLY:
        raise S3Error(403, "AccessDenied", "Request is not yet valid", ServerTime=format_instant(now))
    if now >= signed_at + lasts:
        ended = format_instant(signed_at + lasts)
        raise S3Error(403, "AccessDenied", "Request has expired", Expires=ended, ServerTime=format_instant(now))


def _canonical(link: Link, pairs: Sequence[tuple[str, str]], signed_headers: str) -> str:
    """The request as it was signed."""
    query = sorted((_quoted(name), _quoted(value)) for name, value in pairs if name != "X-Amz-Signature")
    headers = [f"{name}:{' '.join(link.headers.get(name, '').split())}" for name in signed_headers.split(";")]
    path = quote(unquote(link.path), safe="/" + UNRESERVED)
    asked = "&".join(f"{name}={value}" for name, value in query)
    return "\n".join([link.method, path, asked, *headers, "", signed_headers, "UNSIGNED-PAYLOAD"])


def check_signature(to_sign: str, credential: str, signature: str, credentials: Credentials) -> None:
    """Raises S3Error unless `to_sign` was signed by these credentials, in the scope that `credential` names."""
    key_id, *scope = credential.split("/")
    if len(scope) != 4 or scope[2:] != ["s3", "aws4_request"]:
        raise S3Error(400, "AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter")
    if key_id != credentials.key_id:
        raise S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    key = f"AWS4{credentials.secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, to_sign.encode(), "sha256").hex().encode(), signature.encode()):
        detail = "The request signature we calculated does not match the signature you provided. "
        raise S3Error(403, "SignatureDoesNotMatch", detail + "Check your key and signing method.")


def _quoted(text: str) -> str:
    return quote(text, safe=UNRESERVED)


def _signed_at(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        detail = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise S3Error(400, "AuthorizationQueryParametersError", detail) from None


def _lasting(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= LONGEST):
        detail = "X-Amz-Expires must be a number of seconds, less than a week"
        raise S3Error(400, "AuthorizationQueryParametersError", detail)
    return timedelta(seconds=int(text))
