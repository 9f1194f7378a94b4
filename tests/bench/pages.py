"""What a page of a queue costs when the table holds more and more: calls, read units and CPU stay what they are."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

import app
from chalicelib.adapters.items import HEAD
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.vocabulary.stages import STAGES
from infra.aws import REGION
from tests.house import FRIDAY, House

from .asked import OPERATIONS, event
from .complaints import brought_to
from .consumption import Scales
from .meter import Meter
from .results import Results
from .samples import API, Studio, invoke

PAGES = {
    "one stage": "stage=received&limit=25",
    "all open stages": "limit=25",
    "one order": "order_number=E-40&limit=25",
    "a page in the middle": "",
}


def pages(studio: Studio, sizes: tuple[int, ...], rounds: int, said: Callable[[str], None]) -> Results:
    """For each number of complaints, each kind of page."""
    results = Results(
        "A page of 25 of a queue, as the table fills",
        ["complaints", "page", "AWS calls", "read units", "handler CPU ms", "table CPU ms"],
        remarks=[
            f"Medians of {rounds} requests through the real handler on the local table, which reads as DynamoDB does;",
            "read units by DynamoDB's rules from the items that were read; the CPU of the local table beside it.",
        ],
    )
    house = studio.house
    house.now = FRIDAY
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[house.environment["REDRESS_TABLE"]]
    meter = Meter(Scales(table))
    heads, there = _heads(house), 0
    with meter.on(app.app):
        studio.renew()
        for size in sizes:
            said(f"filling the table with {size:,} complaints")
            while there < size:
                table.put_item(_another(heads[there % len(heads)], there))
                there += 1
            for name, query in PAGES.items():
                _measure(results, studio, meter, size, name, query or _middle(house, size), rounds)
    return results


def _heads(house: House) -> list[dict[str, Any]]:
    """The item of a complaint in each open stage."""
    ids = [brought_to(house, stage)["complaint_id"] for stage, facts in STAGES.items() if facts.open]
    found = {item["pk"]["S"]: item for item in house.items() if item["sk"]["S"] == HEAD}
    return [found[f"RECORD#{one}"] for one in ids]


def _another(head: dict[str, Any], number: int) -> dict[str, Any]:
    """The same for another complaint, due at another time; ten are about one order."""
    own_id = head["pk"]["S"].removeprefix("RECORD#")
    due = head["due_sk"]["S"].partition("#")[0]
    order, its_own = json.loads(head["summary"]["S"])["order_number"], f"E-{number // 10}"
    later = written(datetime.fromisoformat(due) + timedelta(seconds=number * 7919 % 1_000_000))
    changes = {own_id: f"{number:05}-XXXXX", due: later, order: its_own, order_key(order): order_key(its_own)}
    return {name: {kind: _changed(value, changes) for kind, value in content.items()} for name, content in head.items()}


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def _middle(house: House, size: int) -> str:
    """The page that follows one deep in the queue."""
    cursor = ""
    for _ in range(min(size // 400, 20)):
        page = house.get(f"/v1/complaints?stage=received&limit=100{cursor}", "cs.lin").json
        cursor = f"&cursor={page['next_cursor']}"
    return f"stage=received&limit=25{cursor}"


def _measure(results: Results, studio: Studio, meter: Meter, size: int, name: str, query: str, rounds: int) -> None:
    asked = event(OPERATIONS["list_complaints"], "", query, studio.house.token("cs.lin"))
    meter.invocations.clear()
    for _ in range(rounds + 3):
        meter.measured(API, query, lambda: invoke(API, asked))
    own = meter.invocations[3:]
    reads = sum(call.used.get("read_units", 0) for call in own[0].calls)
    results.add(
        f"{size:,}",
        name,
        str(len(own[0].calls)),
        f"{reads:g}",
        f"{median(one.cpu for one in own) * 1000:.2f}",
        f"{median(one.aws_cpu for one in own) * 1000:.2f}",
    )
