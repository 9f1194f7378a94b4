"""Who is at the door: staff sign in, and every caller is recognised by a bearer token."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import identity
from chalicelib.domain.ground.errors import Unauthenticated
from chalicelib.domain.ground.people import Actor


class Session(NamedTuple):
    """What a sign-in gives; `expires_in` in seconds. A refresh gives no new refresh token."""

    access_token: str
    expires_in: int
    token_type: str
    refresh_token: str | None


def recognise(authorization: str | None, machine_time: datetime) -> Actor:
    """The caller behind an `Authorization` header. Raises Unauthenticated, or Unavailable without the pool's keys."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("token_missing")
    return identity.caller(token.strip(), machine_time)


def sign_in(username: str, password: str) -> Session:
    """Raises Unauthenticated or Throttled."""
    return _session(identity.sign_in(username, password))


def refresh(refresh_token: str) -> Session:
    """Raises Unauthenticated or Throttled."""
    return _session(identity.refresh(refresh_token))


def _session(tokens: dict[str, object]) -> Session:
    refresh_token = tokens.get("RefreshToken")
    return Session(
        access_token=str(tokens["AccessToken"]),
        expires_in=int(str(tokens["ExpiresIn"])),
        token_type=str(tokens.get("TokenType") or "Bearer"),
        refresh_token=str(refresh_token) if refresh_token else None,
    )
