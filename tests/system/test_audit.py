"""The audit of a quarter on the running system (6.3): sixty complaints, faults planted among them, found by the machine's
rules and by the sample; findings corrected, verified, published, closed; and nobody's name in what everybody reads.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import PLAN, REPORT

from .cast import CONSUMER, Case, Cast, china, on_stage
from .test_policy_life import studies

BEGINS = china(9, 21, 9)
"""A Monday; the quarter ends with the month."""


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(BEGINS) as everybody:
        yield everybody


PLAIN = PLAN
FOUND = REPORT | {"without_inquiries": "照片已足以判断。"}
WITHOUT_BASIS = PLAIN | {
    "methods": [{"kind": "explanation", "detail": "说明不予退款的原因。"}],
    "rejects_request": True,
    "reasons": "已超过退货期限。",
    "basis": [],
}


def post(case: Case, resource: str, body: Any = None, by: str = "cs.lin") -> None:
    """Somebody does something; what follows from it is not waited for."""
    path = f"/v1/complaints/{case.complaint_id}/{resource}"
    token = case.token if by == CONSUMER else case.cast.token(by)
    reply = case.cast.call("POST", path, token, json=body or {})
    assert reply.status in (200, 201), reply


def filed(cast: Cast, many: int) -> list[Case]:
    from tests.house import KETTLE

    made = []
    for n in range(many):
        filing = KETTLE | {
            "order_number": f"E20260921-{n:04}",
            "contact": {"name": "王芳", "email": f"w{n}@example.cn"},
        }
        reply = cast.call("POST", "/v1/complaints", cast.token("storefront"), json=filing)
        assert reply.status == 201, reply
        made.append(Case(cast, reply.body["complaint_id"], reply.body["consumer_token"], filing))
    cast.line.settle()
    return made


def test_timing(cast: Cast) -> None:
    import time

    t = time.time()

    def lap(what):
        nonlocal t
        print(what, round(time.time() - t, 1), flush=True)
        t = time.time()

    studies(cast, "cs.lin", 1)
    lap("study")
    all_ = filed(cast, 60)
    lap("file")
    cast.be(china(9, 21, 14))
    for case in all_[:58]:
        post(case, "acknowledgement")
    cast.line.settle()
    lap("ack")
    cast.be(china(9, 22, 10))
    lap("tuesday")
    for case in all_[:30]:
        post(case, "withdrawal", {}, CONSUMER)
    cast.line.settle()
    lap("withdraw 30")
    for case in all_[30:58]:
        post(case, "investigation-report", FOUND)
        post(case, "resolution-plan", PLAIN)
        post(case, "feedback", {"satisfied": True}, CONSUMER)
        post(case, "follow-ups/1/completion", {})
    cast.line.settle()
    lap("full 28")
    for day in (china(9, 23, 10), china(9, 30, 10), china(10, 8, 10), china(10, 31, 10), china(11, 30, 10)):
        cast.be(day)
        lap(str(day))
