"""HTTP calls of systems that are not ours: bounded in time and in size, whatever they do, and no redirect is followed.

An address that somebody else chose (`resolve`) leads nowhere but to the public internet: its name is resolved once,
every address of it must be public, also one that is wrapped in another, and the call goes to that address, under the
name. So what is resolved otherwise a moment later changes nothing.
"""

import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.ground.text import Wrong
from chalicelib.domain.telling.attempts import Problem
from chalicelib.settings import settings

LARGEST_HEAD = 64 * 1024  # bytes
NAMED_WITHIN = 3.0  # seconds
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
PORTS = {"https": 443, "http": 80}
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
CLOSED = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
"""For protocols, and the gate to 6to4: nobody's host."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Place(NamedTuple):
    """Where a call goes. `addresses`: of which the first two are tried; none: whatever the name stands for."""

    scheme: str
    host: str
    port: int | None
    path: str
    addresses: tuple[str, ...] = ()


class Bounds(NamedTuple):
    """Seconds: `reached` by TCP, and again by TLS; `answered` in all. `longest`: bytes of an answer of 200 that are
    read; 0: none of any."""

    reached: float
    answered: float
    longest: int = 0


class Answer(NamedTuple):
    """`content`: one byte more than `longest` where it goes on."""

    status: int
    headers: HTTPMessage
    content: bytes


class NoAnswer(Exception):
    """By the name of what happened. `problem`: as `attempts.Problem` says."""

    def __init__(self, fault: BaseException, otherwise: Problem) -> None:
        super().__init__(type(fault).__name__)
        self.problem: Problem = (
            "tls" if isinstance(fault, ssl.SSLError) else "timeout" if isinstance(fault, TimeoutError) else otherwise
        )


class Unreached(NoAnswer):
    """It has not got the whole request, so that it cannot have taken it."""


class Unanswered(NoAnswer):
    """It has got it, and nothing that can be read came back: nobody knows whether it has taken it."""


def ask(place: Place, method: str, headers: Mapping[str, str], bounds: Bounds, content: bytes | None = None) -> Answer:
    """One request. By the library below urllib3, which sends the path as it is told, and by whose reads the time can be
    kept. Raises Unreached, Unanswered."""
    ends = time.monotonic() + bounds.answered
    try:
        connection = _connection(place, bounds, ends)
    except (HTTPException, ValueError) as fault:
        raise Unreached(fault, "unreachable") from None
    try:
        try:
            connection.connect()
            connection.request(method, place.path, body=content, headers={**headers, "Connection": "close"})
        except (OSError, HTTPException, ValueError) as fault:
            raise Unreached(fault, "unreachable") from None
        try:
            answer = connection.getresponse()
            read = answer.read(bounds.longest + 1) if bounds.longest and answer.status == 200 else b""
        except (OSError, HTTPException, ValueError) as fault:
            raise Unanswered(fault, "no_answer") from None
        return Answer(answer.status, answer.headers, read)
    finally:
        connection.close()


def _connection(place: Place, bounds: Bounds, ends: float) -> HTTPConnection:
    most = LARGEST_HEAD + bounds.longest
    connection: Any = (
        HTTPSConnection(place.host, place.port, timeout=bounds.reached, context=_trust())
        if place.scheme == "https"
        else HTTPConnection(place.host, place.port, timeout=bounds.reached)
    )
    connection._create_connection = _reaching(place.addresses)
    connection.response_class = lambda own, *args, **named: HTTPResponse(_Until(own, ends, most), *args, **named)  # type: ignore[arg-type]
    return connection  # type: ignore[no-any-return]


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _reaching(addresses: Sequence[str]) -> Callable[..., socket.socket]:
    """By the first address, or the second; the library would try all there are, each for as long."""

    def reach(place: tuple[str, int], timeout: float, *_: Any) -> socket.socket:
        fault: OSError = ConnectionError()
        for address in (addresses or _addresses(*place))[:2]:
            try:
                return socket.create_connection((address, place[1]), timeout)
            except OSError as refused:
                fault = refused
        raise fault

    return reach


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class _Until:
    """A socket that a response reads from until a moment of the machine's clock, however slowly it comes, and so many
    bytes at most."""

    def __init__(self, own: socket.socket, ends: float, most: int) -> None:
        self._arriving = _Arriving(own, ends, most)

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._arriving)


class _Arriving(io.RawIOBase):
    """Each read has what is left of the time."""

    def __init__(self, own: socket.socket, ends: float, most: int) -> None:
        self._own, self._ends, self._left = own, ends, most
        self._raw = own.makefile("rb", buffering=0)  # keeps the socket open for as long as this is

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        time_left = self._ends - time.monotonic()
        if time_left <= 0:
            raise TimeoutError
        if self._left < 0:
            raise ValueError("it answers without end")
        self._own.settimeout(time_left)
        read = self._raw.readinto(buffer)
        self._left -= read or 0
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


# ---- addresses that somebody else chose ------------------------------------------------------------------------------


def resolve(url: str) -> Place:
    """Where such an address leads: by https, to a public host, without user and fragment. Hosts of
    `REDRESS_WEBHOOK_HOSTS` need be neither: with a port, at that one only. Raises Wrong."""
    parts = _parts(url)
    host, port = str(parts.hostname), parts.port or PORTS.get(parts.scheme, 0)
    is_own = not {parts.netloc, host}.isdisjoint(settings().webhook_hosts)
    if parts.scheme != "https" and not (is_own and parts.scheme == "http"):
        raise Wrong("not_https")
    found = tuple(_named_in_time(host, port))
    if not is_own and not all(map(is_public, found)):
        raise Wrong("not_public")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, path, found)


def _parts(url: str) -> SplitResult:
    """Raises Wrong for what two readers may read differently."""
    try:
        parts = urlsplit(url)
        port, known = parts.port, parts.scheme in PORTS
    except ValueError:
        raise Wrong("wrong_form") from None
    plain = re.fullmatch(r"[!-~]+", url) and not set(url) & set('\\"<>^`{|}')
    named = HOST.fullmatch(parts.netloc.removesuffix(f":{port}" if port else ""))
    if not (plain and known and named and parts.hostname) or "@" in parts.netloc or "#" in url or port == 0:
        raise Wrong("wrong_form")
    return parts


def _named_in_time(host: str, port: int) -> list[str]:
    """The addresses of a host. Whoever answers for its name may take their time, which nobody waits for."""
    found: list[str] = []

    def look_up() -> None:
        try:
            found.extend(_addresses(host, port))
        except (OSError, UnicodeError):
            return

    looking = Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(NAMED_WITHIN)
    if not found:
        raise Wrong("unresolved")
    return list(found)


def is_public(address: str) -> bool:
    """Whether an address, and whatever is wrapped in it, is one of the public internet."""
    try:
        own = ipaddress.ip_address(address)
    except ValueError:  # with a zone, which is that of a link
        return False
    return all(_is_global(one) for one in (own, *_within(own)))


def _is_global(one: IP) -> bool:
    if any(one in closed for closed in CLOSED):
        return False
    is_site = isinstance(one, ipaddress.IPv6Address) and one.is_site_local
    is_wrapped = isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped is not None
    special = one.is_multicast or one.is_unspecified or one.is_loopback or one.is_link_local or is_site
    return is_wrapped or (one.is_global and not special and not (one.is_reserved and one not in NAT64))


def _within(one: IP) -> list[IP]:
    """IPv4 addresses to which an IPv6 address may be translated on its way."""
    if isinstance(one, ipaddress.IPv4Address):
        return []
    found: list[IP | None] = [one.ipv4_mapped, one.sixtofour, *(one.teredo or ())]
    if one in NAT64:
        found.append(ipaddress.IPv4Address(int(one) & 0xFFFFFFFF))
    return [wrapped for wrapped in found if wrapped is not None]
