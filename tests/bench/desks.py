"""What the console's pages cost: on the server beside the JSON that says the same, and until they are painted on a slow
line, in real Chromium at the running local system. `browser.py` says what the line and the processor leave out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.web import CONSOLE
from tests.browser import install
from tests.house import REPORT, House
from tests.system.cast import Cast, on_stage

from . import asked, handlers
from .asked import Prepare, event
from .browser import BITS, FRIDAY, KILOBYTE, ROUND_TRIP, SLOWED, Taken, chromium_of_the_tests, slowed, watched
from .complaints import brought_to, filed
from .results import Results
from .samples import API, Studio, invoke

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OPERATIONS = {one.name: one for door in CONSOLE for one in door.operations}
LINES = 25
WHO = "cs.lin"
COOKIE = "__Host-redress"
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}


def queue(house: House) -> dict[str, Any]:
    """The queue of 25, as a page."""
    for _ in range(LINES + 1):
        filed(house)
    return _of_console(house, "show_queue", "stage=received")


def case(house: House) -> dict[str, Any]:
    """A complaint whose plan is to be made, as a page."""
    receipt = brought_to(house, "planning")
    return _of_console(house, "show_case", "", str(receipt["complaint_id"]))


def today(house: House) -> dict[str, Any]:
    return _of_console(house, "show_today", "")


def board(house: House) -> dict[str, Any]:
    return _of_console(house, "show_board", "", who="cs.lead")


def _of_console(house: House, name: str, query: str, complaint_id: str = "", who: str = WHO) -> dict[str, Any]:
    made = event(OPERATIONS[name], complaint_id, query, None)
    own = {"accept": "text/html", "accept-language": "zh-CN", "cookie": f"{COOKIE}={house.token(who)}"}
    made["headers"] |= own
    made["multiValueHeaders"] |= {name: [value] for name, value in own.items()}
    return made


PAGES: dict[str, tuple[Prepare, str | None]] = {
    "the queue of 25": (queue, "list_complaints"),
    "a complaint": (case, "show_complaint"),
    "Today": (today, None),
    "the board of supervisors": (board, None),
}
"""By what it is, the request, and the operation that says the same in JSON."""


def served(studio: Studio, rounds: int, said: Callable[[str], None]) -> Results:
    """The CPU of each page on the server, and of its JSON."""
    results = Results(
        "The console's pages on the server, beside their JSON",
        ["page", "AWS calls", "page ms", "JSON ms", "ratio"],
        remarks=[
            f"CPU: medians of {rounds} calls of the real handler, warm, AWS's answers played from a recording. JSON",
            "says less: neither who may do what as buttons and forms, nor names in words.",
        ],
    )
    for what, (prepare, in_json) in PAGES.items():
        said(f"page of the console, {what}")
        page, calls = _cost(studio, what, prepare, rounds)
        if in_json is None:
            results.add(what, f"{calls}", f"{page:.2f}", "", "")
            continue
        beside, _ = _cost(studio, in_json, asked.prepared()[in_json], rounds)
        results.add(what, f"{calls}", f"{page:.2f}", f"{beside:.2f}", f"{page / beside:.2f}")
    return results


def _cost(studio: Studio, what: str, prepare: Prepare, rounds: int) -> tuple[float, int]:
    """Milliseconds, and calls of AWS."""
    studio.record(API, what, prepare)  # whatever a container asks for only once has been asked for
    sample = studio.record(API, what, prepare)
    with studio.playing(sample):
        invoke(API, sample.event)
        return median(handlers.cost(lambda: invoke(API, sample.event)) for _ in range(rounds)), len(sample.calls)


# ---- until it is painted ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Aim:
    """`sign`: what is the last of it to be painted."""

    seconds: float
    sign: str


AIMS = {
    "the queue of 25": Aim(1.1, f"tr[data-line]:nth-child({LINES})"),
    "a complaint": Aim(1.3, ".case > aside .sends button"),
}


class Opened(NamedTuple):
    """By page: as one signs in, with nothing kept, and as one comes back to it."""

    first: Taken
    again: Taken


def painted(many: int, said: Callable[[str], None]) -> Results:
    """The queue of 25 and a complaint, opened by so many browsers that never saw the console, and by each again."""
    results = Results(
        "The console on a slow line",
        ["page", "median", "worst", "aim", ""],
        remarks=[
            f"{many} browsers of 1280 pixels, one by one: {BITS // 1000} kbit/s, a round trip of {ROUND_TRIP} ms, the "
            f"processor {SLOWED} times slower,",
            "all by the browser's own emulation (see above what it leaves out). Painted: the last line of the queue,",
            "or what may be done about the complaint, is there and painted; bytes are compressed, with headers.",
        ],
    )
    try:
        with chromium_of_the_tests(said) as (chromium, version), on_stage(FRIDAY) as cast:
            results.remarks.append(f"Chromium {version}.")
            paths = laid_out(cast)
            for what, aim in AIMS.items():
                said(f"opening {what} of the console on a slow line")
                found = [opened(chromium, cast, paths[what], aim.sign) for _ in range(many)]
                _add(results, what, found, aim)
    except install.NotToBeHad as why:
        results.missed.append(f"{results.title}: not measured. {why}")
    return results


def _add(results: Results, what: str, found: list[Opened], aim: Aim) -> None:
    for visit, takes in (("first", [one.first for one in found]), ("again", [one.again for one in found])):
        seconds, size = [one.seconds for one in takes], [one.bytes / KILOBYTE for one in takes]
        shown = f"{median(seconds):.2f} s", f"{max(seconds):.2f} s"
        results.add(f"{what}, {visit}: painted", *shown, aim=aim.seconds, got=median(seconds), unit="s")
        results.add(f"{what}, {visit}: over the wire", f"{median(size):.1f} KB", f"{max(size):.1f} KB")


def laid_out(cast: Cast) -> dict[str, str]:
    """A queue of 25, and a complaint whose plan is to be made; by page its path."""
    case = cast.file()
    case.do("acknowledgement")
    case.do("investigation-report", REPORT)
    cast.be(cast.now() + timedelta(minutes=1))
    for _ in range(LINES):
        cast.file()
    return {
        "the queue of 25": "/console/queue?stage=received",
        "a complaint": f"/console/complaints/{case.complaint_id}",
    }


def opened(chromium: "Browser", cast: Cast, path: str, sign: str) -> Opened:
    """Somebody who has signed in opens a page, closes it, and opens it again."""
    context = chromium.new_context(**DESKTOP)
    try:
        cookie = {"name": "redress", "value": cast.token(WHO), "url": cast.system.api, "httpOnly": True}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a dict like theirs
        first, again = _visits(context, cast.system.api + path, sign)
        return Opened(first, again)
    finally:
        context.close()


def _visits(context: Any, address: str, sign: str) -> Iterator[Taken]:
    for _ in Opened._fields:
        with slowed(context, sign) as page:
            visit = watched(page, address)
            yield replace(visit.whole, seconds=visit.usable.seconds)
