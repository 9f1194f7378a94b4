"""Who is at the door: staff sign in, and every caller is recognised by a bearer token."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import admission, identity
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
    """Raises Unauthenticated or Throttled; Challenged, if the user pool asks for more than the password."""
    return _session(admission.sign_in(username, password))


def choose_password(username: str, session: str, password: str) -> Session:
    """The answer to the challenge `new_password`. Raises as `sign_in` does, and Invalid for a password that is too
    simple, after which the `session` still takes another."""
    return _session(admission.choose_password(username, session, password))


def show_code(username: str, session: str, code: str) -> Session:
    """The answer to the challenges `totp` and `totp_setup`. Raises as `sign_in` does."""
    return _session(admission.show_code(username, session, code))


def refresh(refresh_token: str) -> Session:
    """Raises Unauthenticated or Throttled."""
    return _session(admission.refresh(refresh_token))


def sign_out(refresh_token: str) -> None:
    """No access token comes of it any more; the last one is good for as long as it says (15 minutes)."""
    admission.revoke(refresh_token)


def _session(tokens: dict[str, object]) -> Session:
    refresh_token = tokens.get("RefreshToken")
    return Session(
        access_token=str(tokens["AccessToken"]),
        expires_in=int(str(tokens["ExpiresIn"])),
        token_type=str(tokens.get("TokenType") or "Bearer"),
        refresh_token=str(refresh_token) if refresh_token else None,
    )
