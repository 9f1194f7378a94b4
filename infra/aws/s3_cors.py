"""Which pages may do what with a bucket: its CORS rules, as S3 applies them and browsers ask for them.

Here nobody is kept from anything: a browser keeps an answer from a page unless the answer names the page's origin.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from infra.aws.s3_signing import S3Error

REFUSED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)
VARIES = ("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
OWN = ("access-control-", "vary")
"""How the names of these headers begin."""


class Rule(NamedTuple):
    """What pages of these origins may do. Each origin and each header may have one `*` in it."""

    methods: tuple[str, ...]
    origins: tuple[str, ...]
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    seconds: str | None = None


def for_page(rules: Iterable[Rule], origin: str | None, method: str) -> list[tuple[str, str]]:
    """What the answer to a request of a page says besides; nothing where no rule fits."""
    rule = next((one for one in rules if origin and _fits(one, origin, method)), None)
    return _said(rule, origin, ()) if rule and origin else []


def preflight(rules: list[Rule], asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers of the answer to what a browser asks first, by lower-case names. Raises S3Error."""
    origin, method = asked.get("origin"), asked.get("access-control-request-method")
    if not origin:
        raise S3Error(400, "BadRequest", "Insufficient information. Origin request header needed.")
    if not method:
        raise S3Error(400, "BadRequest", "Invalid Access-Control-Request-Method: null")
    if not rules:
        raise S3Error(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
    wanted = asked.get("access-control-request-headers", "").split(",")
    headers = [one.strip().lower() for one in wanted if one.strip()]
    for rule in rules:
        if _fits(rule, origin, method) and all(any(_like(one, each) for each in rule.headers) for one in headers):
            return _said(rule, origin, headers)
    raise S3Error(403, "AccessForbidden", REFUSED)


def _fits(rule: Rule, origin: str, method: str) -> bool:
    return method in rule.methods and any(_like(origin, one) for one in rule.origins)


def _like(said: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.lower().split("*"))), said.lower()) is not None


def _said(rule: Rule, origin: str, headers: Iterable[str]) -> list[tuple[str, str]]:
    anybody = "*" in rule.origins
    said = {
        "Access-Control-Allow-Origin": "*" if anybody else origin,
        "Access-Control-Allow-Credentials": "" if anybody else "true",
        "Access-Control-Allow-Methods": ", ".join(rule.methods),
        "Access-Control-Allow-Headers": ", ".join(headers),
        "Access-Control-Expose-Headers": ", ".join(rule.exposed),
        "Access-Control-Max-Age": rule.seconds or "",
    }
    return [*((name, value) for name, value in said.items() if value), VARIES]
