"""`make bench`: what filing and ringing cost on this machine, by the real app on the local tables. Never a test."""

import argparse
import logging
import time
from datetime import timedelta
from statistics import median

import pytest
from moto.server import ThreadedMotoServer
from rich.console import Console
from rich.progress import track
from rich.table import Table

import app
from infra.local.aws import REGION
from infra.local.functions import scheduled_event
from tests.house import FRIDAY, House, open_house


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--complaints", type=int, default=10_000, help="how many to file and to ring (10000)")
    many: int = parser.parse_args().complaints
    for chatty in ("redress", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    results = Table("what", "figure", title=f"{many} complaints, one process, CPU of app and local AWS together")
    with pytest.MonkeyPatch.context() as patch, open_house(patch, f"http://{host}:{port}") as house:
        for name, figure in [*file(house, many), *sweep(house, many)]:
            results.add_row(name, figure)
    server.stop()
    Console().print(results)


def file(house: House, many: int) -> list[tuple[str, str]]:
    """Files complaints; the median cost of twenty filings after the 100th, the 5,000th and at the end."""
    costs = []
    for _ in track(range(many), "filing"):
        began = time.process_time()
        house.file()
        costs.append((time.process_time() - began) * 1000)
    marks = [mark for mark in (100, 5_000, many - 20) if mark + 20 <= many]
    return [(f"filing no. {mark}", f"{median(costs[mark : mark + 20]):.2f} ms") for mark in marks]


def sweep(house: House, many: int) -> list[tuple[str, str]]:
    """A sweep of all of them, each with a reminder and a breach due."""
    house.now = FRIDAY + timedelta(hours=24)
    with house.counting() as calls:
        began = time.perf_counter()
        swept = app.sweep(scheduled_event("sweep", REGION, house.now), None)
        seconds = time.perf_counter() - began
    rung = swept["rung"]
    return [
        ("a sweep of all", f"{seconds:.1f} s, {swept['failed']} failed"),
        ("complaints rung a second", f"{rung / seconds:.0f}"),
        ("alarms raised a second", f"{2 * rung / seconds:.0f}"),
        ("AWS calls for a complaint rung", f"{len(calls) / rung:.2f}"),
    ]


if __name__ == "__main__":
    main()
