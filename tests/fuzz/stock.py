"""Complaints in every stage, so that what can only be done late in a life is tried too."""

from collections.abc import Iterable
from typing import Any

import requests

from tests.house import KETTLE, PLAN, REPORT
from tests.running import System

from .callers import SHOP, Callers

CLERK, BY_PHONE = "cs.lin", {"channel": "phone", "category": "product_quality"}
PHOTOGRAPH = b"\xff\xd8\xff\xe0" + bytes(100)
LIFE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("acknowledgement", {}),
    ("investigation-report", REPORT | {"without_inquiries": "电话里已经说清楚了。"}),
    ("resolution-plan", PLAN),
    ("feedback", {"satisfied": True}),
)


def lay_in(system: System, callers: Callers) -> list[str]:
    """One complaint of the storefront's and one of a caller's in each stage; their ids."""
    laid_in = []
    for steps in range(len(LIFE) + 1):
        for who, changes in ((SHOP, {}), (CLERK, BY_PHONE)):
            receipt = _post(system, callers, who, "/v1/complaints", KETTLE | changes)
            callers.filed(receipt["complaint_id"], receipt["consumer_token"])
            _prove(system, callers, f"/v1/complaints/{receipt['complaint_id']}")
            _bring(system, callers, f"/v1/complaints/{receipt['complaint_id']}", LIFE[:steps])
            laid_in.append(receipt["complaint_id"])
    return laid_in


def _prove(system: System, callers: Callers, complaint: str) -> None:
    """Its first evidence: a photograph that arrives in a moment."""
    offer = {"file_name": "1.jpg", "content_type": "image/jpeg", "size": len(PHOTOGRAPH)}
    form = _post(system, callers, CLERK, f"{complaint}/evidence", offer)["upload"]
    answer = requests.post(form["url"], data=form["fields"], files={"file": PHOTOGRAPH}, timeout=30)
    assert answer.status_code == 204, answer.text


def _bring(system: System, callers: Callers, complaint: str, steps: Iterable[tuple[str, dict[str, Any]]]) -> None:
    for resource, body in steps:
        _post(system, callers, CLERK, f"{complaint}/{resource}", body)


def _post(system: System, callers: Callers, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = system.call("POST", path, body, Authorization=f"Bearer {callers.token(who, None)}")
    assert answer.status in (200, 201), answer
    return dict(answer.json())
