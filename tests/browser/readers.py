"""A consumer with the link: how the page of their complaint is opened, and what it sent."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from playwright.sync_api import Page, Route, expect

from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Case, Cast

from .devices import Device


def link(case: Case, mark: str = "#", **asked: str | int) -> str:
    """As a notice has it, below the API; what it asks for follows the token."""
    return f"/track/{case.complaint_id}{mark}{urlencode({'token': case.token, **asked})}"


def read(device: Device, case: Case, **asked: str | int) -> Page:
    """Their page, once it is there and all of its script."""
    page = device.open(link(case, **asked))
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.locator("#complaint h1")).to_be_visible()
    page.evaluate("() => rest().then(() => null)")  # all of its script


def entered(page: Page) -> None:
    """The way in by number and code is there."""
    expect(page.locator("#number")).to_be_visible()


def keeps_the_token_to_itself(device: Device, page: Page, case: Case) -> None:
    """Neither the address nor any request has it, and nobody else was asked for anything."""
    assert case.token not in page.url
    assert not [one for one in device.addresses if case.token in one]
    assert device.elsewhere() == []


def planned(cast: Cast, **changes: object) -> Case:
    """A complaint whose plan waits for the consumer's answer."""
    case = cast.file(**changes)
    case.do("acknowledgement", {})
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    return case


def answered(case: Case, what: str) -> list[str]:
    """The kinds of what happened that begin so."""
    return [one for one in case.happened(CONSUMER) if one == what]


@contextmanager
def stopped(page: Page, address: str, after: bool = False) -> Iterator[list[str]]:
    """Requests to such an address do not get through, or their answers do not; what was tried."""
    tried: list[str] = []

    def stop(route: Route) -> None:
        tried.append(route.request.url)
        if after:
            route.fetch()
        route.abort("connectionfailed")

    page.route(address, stop)
    yield tried
    page.unroute(address)


def photograph(side: int = 8, noise: bytes = b"") -> bytes:
    """A PNG that browsers show."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + b"\x80" * side for _ in range(side))
    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    said = part(b"tEXt", b"Comment\0" + noise) if noise else b""
    return b"\x89PNG\r\n\x1a\n" + head + said + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
