"""Signed, tamper-evident strings of our own: consumers' tokens and page cursors, as JWS (HS256).

The first of `REDRESS_TOKEN_KEYS` signs, all of them verify: a new key is put in front, the old one dropped when what
it signed has run out. A string signed for one purpose is worth nothing for another.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.settings import settings

if TYPE_CHECKING:
    from joserfc.jwk import OctKey

ALGORITHM = "HS256"


class BadSignature(Exception):
    """Not signed by us, not for this purpose, or not a signed string at all."""


@cache
def _keys(secrets: tuple[str, ...]) -> "tuple[OctKey, ...]":
    from joserfc.jwk import OctKey

    return tuple(OctKey.import_key(secret) for secret in secrets)


def sign(purpose: str, claims: dict[str, Any]) -> str:
    """A compact JWS of `claims`. The same claims give the same string for as long as the key is the same."""
    from joserfc import jwt

    return jwt.encode({"alg": ALGORITHM, "typ": purpose}, claims, _keys(settings().token_keys)[0])


def verify(purpose: str, signed: str) -> dict[str, Any]:
    """The claims of a string that `sign` made for the same purpose. Raises BadSignature. Says nothing about expiry."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    for key in _keys(settings().token_keys):
        try:
            token = jwt.decode(signed, key, algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            continue
        if token.header.get("typ") == purpose:
            return dict(token.claims)
    raise BadSignature
