"""What a browser keeps for the console: who has signed in, and by which language they read.

The session is an access token of the user pool, which lasts a quarter of an hour. Beside it stands the refresh token,
by which it is renewed as long as that is good, and which ends when somebody signs out. No script can read either, and
no form of another site brings them along (Lax, so that a link in a mail still opens the page).
"""

from typing import NamedTuple, Self

from chalicelib.casework.callers import Session

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
WORKING_DAY = 12 * 3600
"""Seconds; as long as refresh tokens are good (`RefreshTokenValidity`)."""
YEAR = 365 * 86_400


class Names(NamedTuple):
    """What the cookies are called, and what else is said of each."""

    session: str
    again: str
    left: str
    more: str

    @classmethod
    def at(cls, host: str) -> Self:
        """Safari takes no `__Host-` cookie over http, which is only spoken on one machine."""
        before, more = ("", "") if is_loopback(host) else ("__Host-", "; Secure")
        return cls(f"{before}redress", f"{before}redress-again", f"{before}redress-left", more)

    def kept(self, session: Session) -> list[str]:
        """Set-Cookie, for somebody who has signed in or goes on."""
        found = [self._set(self.session, session.access_token, session.expires_in)]
        return found + ([self._set(self.again, session.refresh_token, WORKING_DAY)] if session.refresh_token else [])

    def dropped(self) -> list[str]:
        """Set-Cookie, for somebody who has signed out: it is said on the next page."""
        return [self._set(self.session, "", 0), self._set(self.again, "", 0), self._set(self.left, "1", 60)]

    def said(self) -> str:
        """Set-Cookie, once that was said."""
        return self._set(self.left, "", 0)

    def language(self, name: str, locale: str) -> str:
        return self._set(name, locale, YEAR)

    def _set(self, name: str, value: str, seconds: int) -> str:
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{self.more}"


def is_loopback(host: str) -> bool:
    """Whether the browser is on this machine: no other is ever told such a host."""
    return host in LOOPBACK or host.rpartition(":")[0] in LOOPBACK


def cookies(header: str) -> dict[str, str]:
    """By name; of one that is there twice, the first. What others have spelt otherwise takes none of ours along."""
    found: dict[str, str] = {}
    for one in header.split(";"):
        name, _, value = one.partition("=")
        found.setdefault(name.strip(), value.strip().strip('"'))
    return found
