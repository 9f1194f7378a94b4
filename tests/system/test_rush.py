"""A rush: everybody complains at once, and everybody has a receipt, once, at the right address or number."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import local

from infra.tour import parties
from infra.tour.calls import Line
from tests.house import KETTLE
from tests.running import running_system

from .cast import take_all_off_duty

COMPLAINTS, THREADS = 200, 4


def test_200_complaints_at_once_lead_to_200_receipts_each_once_and_each_to_the_right_address() -> None:
    own = local()  # a connection and a token for each thread
    with running_system() as system, ThreadPoolExecutor(THREADS) as threads:
        take_all_off_duty(system)

        def file(number: int) -> tuple[str, str]:
            if not hasattr(own, "shop"):
                own.shop = parties.storefront(Line(system.api, system.desk))
            how = {"email": f"consumer-{number}@example.cn"} if number % 2 else {"phone": f"+861380013{number:04}"}
            filing = KETTLE | {"order_number": f"N{number}", "contact": {"name": f"顾客{number}", **how}}
            (address,) = how.values()
            return address, own.shop.post("/v1/complaints", filing)["complaint_id"]

        filed = Counter(threads.map(file, range(COMPLAINTS)))
        line = Line(system.api, system.desk)
        line.settle()
        sent = line.outbox()
        assert len(filed) == COMPLAINTS
        assert Counter((one["to"], one["complaint_id"]) for one in sent) == filed
        assert all("收到" in one["text"] for one in sent)
        assert "Traceback" not in system.output
