"""How much this machine does in a second: the running local system over HTTP, and the app on the local tables alone."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from typing import Any

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from infra.tour import parties
from infra.tour.calls import Line
from tests.casework.mailroom import Mailroom
from tests.casework.streams import run
from tests.house import FRIDAY
from tests.running import running_system

from .complaints import complaint, filed
from .results import Results
from .samples import Studio

AT_ONCE = 4
BATCH = 10  # messages that a mapping hands over at once


def over_http(many: int, said: Callable[[str], None]) -> Results:
    """Files complaints from several threads, then waits for everything that follows."""
    results = Results(
        "The running local system, over HTTP",
        ["what", "figure"],
        remarks=["API, queues, table, functions and mail in one process, clients in another, on this machine."],
    )
    with running_system() as system:

        def file(number: int) -> None:
            shop = parties.storefront(Line(system.api, system.desk))
            shop.sign_in()
            for _ in range(number):
                shop.post("/v1/complaints", complaint(phone=False))

        said(f"filing {many} complaints over HTTP")
        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(file, [many // AT_ONCE] * AT_ONCE))
        filing = time.perf_counter() - began
        line = Line(system.api, system.desk)
        line.settle()
        settled = time.perf_counter() - began
        told = len(line.outbox())
    results.add(f"filings a second, {AT_ONCE} clients at once", f"{many / filing:.0f}")
    results.add("notices a second that reach their mailbox meanwhile and after", f"{told / settled:.0f}")
    results.add("seconds from the last filing until nothing is left to do", f"{settled - filing:.1f}")
    return results


def in_process(studio: Studio, many: int, said: Callable[[str], None]) -> Results:
    """The same without HTTP and threads: CPU of the app and of the local AWS together."""
    results = Results(
        "The app on the local tables, one thread",
        ["what", "figure"],
        remarks=["Seconds are seconds of CPU, of the app and of the local AWS that answers it."],
    )
    studio.house.now = FRIDAY
    _file(results, studio, many, said)
    _tell(results, studio, min(many, 1000), said)
    _sweep(results, studio, said)
    return results


def _file(results: Results, studio: Studio, many: int, said: Callable[[str], None]) -> None:
    said(f"filing {many} complaints")
    costs = []
    for _ in range(many):
        began = time.process_time()
        filed(studio.house)
        costs.append((time.process_time() - began) * 1000)
    for mark in (mark for mark in (100, 5_000, many - 20) if 0 <= mark <= many - 20):
        results.add(f"filing no. {mark:,}", f"{median(costs[mark : mark + 20]):.2f} ms")


def _tell(results: Results, studio: Studio, many: int, said: Callable[[str], None]) -> None:
    said(f"telling of {many} complaints")
    house, room = studio.house, Mailroom(studio.house)
    records = room.records()[-many:]
    with house.counting() as reacting:
        reacted = _seconds(app.react, records)
    messages = room.messages()
    with house.counting() as delivering:
        delivered = _seconds(app.deliver, messages)
    results.add("events a second through `react`", f"{len(records) / reacted:.0f}")
    results.add("AWS calls for a complaint filed, in `react`", f"{len(reacting) / len(records):.1f}")
    results.add("notices a second through `deliver`", f"{len(messages) / delivered:.0f}")
    results.add("AWS calls for a notice, in `deliver`", f"{len(delivering) / len(messages):.1f}")


def _seconds(function: Any, batch: list[dict[str, Any]]) -> float:
    began = time.process_time()
    for start in range(0, len(batch), BATCH):
        assert run(function, batch[start : start + BATCH]) == []
    return time.process_time() - began


def _sweep(results: Results, studio: Studio, said: Callable[[str], None]) -> None:
    """A sweep of all of them, each with a reminder and a breach due."""
    said("sweeping all of them")
    house = studio.house
    house.now = FRIDAY + timedelta(hours=24)
    with house.counting() as calls:
        began = time.process_time()
        swept = app.sweep(scheduled_event("sweep", REGION, house.now), None)
        seconds = time.process_time() - began
    rung = swept["rung"]
    results.add(f"a sweep of {rung:,} complaints", f"{seconds:.1f} s, {swept['failed']} failed")
    results.add("complaints rung a second", f"{rung / seconds:.0f}")
    results.add("AWS calls for a complaint rung", f"{len(calls) / rung:.2f}")
