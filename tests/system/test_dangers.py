"""A product burns many at once, on the running system: no reader has a siren, and every alarm is told or counted.

BURNT=500 .venv/bin/pytest -s tests/system/test_dangers.py    # as many as may complain in a bad hour
"""

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import local
from typing import Any

from infra.tour import parties
from infra.tour.calls import Line, NoAnswer, Refused
from tests.house import KETTLE
from tests.running import running_system

COMPLAINTS, THREADS = int(os.environ.get("BURNT", "24")), 4
MONDAY = "2026-10-12T02:03:00Z"  # 10:03 in Shanghai
ONE_BY_ONE = 10
ROLES = ("CustomerService", "Quality", "Supervisor", "Management")
ALARMS = {"safety", "safety_call", "safety_assessment", "product_danger"}


def test_however_many_are_burnt_at_once_each_reader_is_told_of_ten_and_of_how_many_there_are_more() -> None:
    own = local()  # a connection and a token for each thread
    with running_system(REDRESS_CLOCK=MONDAY) as system, ThreadPoolExecutor(THREADS) as threads:

        def file(number: int) -> str:
            if not hasattr(own, "shop"):
                own.shop = parties.storefront(Line(system.api, system.desk))
            contact = {"name": "顾客", "email": f"consumer-{number}@example.cn"}
            said = {
                "description": "插上电就冒烟着火了，手被烫伤",
                "product_name": f"电热毯{number}",
                "product_id": None,
            }
            filing = KETTLE | said | {"order_number": f"N{number}", "contact": contact}
            return str(own.shop.post("/v1/complaints", filing)["complaint_id"])

        numbers = list(threads.map(file, range(COMPLAINTS)))
        line = Line(system.api, system.desk)
        settle(line)
        first = line.outbox()
        with suppress(NoAnswer, Refused):  # it waits for what follows, and gives up before many are told
            line.at_desk("test", "POST", "/clock", json={"advance": "PT20M"})
        settle(line)
        sent = line.outbox()
        assert Counter(one["complaint_id"] for one in first if "@example.cn" in one["to"]) == Counter(numbers)
        assert sum("分派" in one["subject"] for one in first) == COMPLAINTS, "and work is given to somebody"
        for role in ROLES:
            singly, more = told(first, role)
            assert (singly, more) == (min(ONE_BY_ONE, COMPLAINTS), 0), role
            singly, more = told(sent, role)
            assert singly + more == COMPLAINTS, role
            assert singly == min(ONE_BY_ONE, COMPLAINTS), role
        persons = {one["to"] for one in sent if "立即致电" in one["subject"]}
        assert persons
        assert all(
            sum(one["to"] == to and "立即致电" in one["subject"] for one in sent) <= ONE_BY_ONE for to in persons
        )
        assert "Traceback" not in system.output


def settle(line: Line) -> None:
    """However long it takes: each time it is waited for two minutes."""
    for _ in range(30):
        with suppress(NoAnswer, Refused):
            line.settle()
            return
    raise AssertionError("it never comes to rest")


def told(sent: list[dict[str, Any]], role: str) -> tuple[int, int]:
    """How many alarms a topic got one by one, and of how many more it was told."""
    ours = [one for one in sent if one["to"].endswith(f"{role}Topic")]
    kinds = [(one["subject"].split()[1], one["text"]) for one in ours]
    counted = [int(re.findall(r"另有(\d+)条", text)[0]) for kind, text in kinds if kind == "safety_more"]
    return sum(kind in ALARMS for kind, _ in kinds), sum(counted)
