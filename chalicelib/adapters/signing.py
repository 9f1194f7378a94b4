"""Signed, tamper-evident strings of our own: page cursors as JWS (HS256), consumers' tokens and codes by a short MAC.

The first of `REDRESS_TOKEN_KEYS` signs, all of them verify: a new key is put in front, the old one dropped when what
it signed is not needed any more. A string signed for one purpose is worth nothing for another: no JWS has a bar in what
is signed of it, and every text that is sealed begins with its purpose and one.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.domain.ground.ids import ALPHABET, write_code
from chalicelib.settings import settings

if TYPE_CHECKING:
    from joserfc.jwk import OctKey

ALGORITHM = "HS256"
SEAL_BYTES = 16


class BadSignature(Exception):
    """Not signed by us, not for this purpose, or not a signed string at all."""


@cache
def _keys(secrets: tuple[str, ...]) -> "tuple[OctKey, ...]":
    from joserfc.jwk import OctKey

    return tuple(OctKey.import_key(secret) for secret in secrets)


def seal(*said: str) -> str:
    """The MAC of what is said, 128 bits of HMAC-SHA256, as 22 characters of base64url. What is said holds no bar."""
    return _mac(settings().token_keys[0], said)


def is_sealed(mac: str, *said: str) -> bool:
    """Whether `seal` gave this for the same, by any of the keys. Takes as long whatever is wrong with it."""
    found = [hmac.compare_digest(mac.encode(), _mac(key, said).encode()) for key in settings().token_keys]
    return any(found)


def _mac(key: str, said: tuple[str, ...]) -> str:
    return urlsafe_b64encode(_digest(key, said)[:SEAL_BYTES]).decode().rstrip("=")


def code(*said: str) -> str:
    """Eight characters for people to type, 40 bits of a MAC of what is said: "7K2M-9XD4"."""
    return _code(settings().token_keys[0], said)


def is_code(typed: str, *said: str) -> bool:
    """Whether `code` gave this for the same, by any of the keys. Takes as long whatever is wrong with it."""
    found = [hmac.compare_digest(typed.encode(), _code(key, said).encode()) for key in settings().token_keys]
    return any(found)


def _code(key: str, said: tuple[str, ...]) -> str:
    bits = int.from_bytes(_digest(key, said)[:5], "big")
    return write_code("".join(ALPHABET[bits >> shift & 31] for shift in range(35, -5, -5)))


def pseudonym(username: str) -> str:
    """By which a member of staff is recognised in what leaves the table, and not named: 64 bits of a MAC, in hex.

    Under the key of contacts, which is never changed: somebody is the same one in the files of all years.
    """
    return _digest(settings().contact_key, ("staff", username)).hex()[:16]


def lot(*said: str) -> str:
    """How chance falls about what is said: always alike, and nobody outside can tell how. Under the key of contacts."""
    return _digest(settings().contact_key, ("lot", *said)).hex()


def _digest(key: str, said: tuple[str, ...]) -> bytes:
    return hmac.digest(key.encode(), "|".join(said).encode(), "sha256")


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
