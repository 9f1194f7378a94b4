"""Complaints in every stage, so that what can only be done late in a life is tried too."""

from collections.abc import Iterable
from typing import Any

import requests

from tests.examples import AMENDMENT
from tests.house import KETTLE, PLAN, REPORT
from tests.running import System

from .callers import Callers
from .rights import OTHER_SHOP, OWNER, SHOP

CLERK, BY_PHONE = "cs.lin", {"channel": "phone", "category": "product_quality"}
PHOTOGRAPH = b"\xff\xd8\xff\xe0" + bytes(100)
LIFE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("acknowledgement", {}),
    ("investigation-report", REPORT | {"without_inquiries": "电话里已经说清楚了。"}),
    ("plan-draft", PLAN),
    ("resolution-plan", PLAN),
    ("feedback", {"satisfied": True}),
)
DRAFTED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("legal.xu", "submission", {}),
    ("management.zhou", "approval", {"approved": True}),
    ("legal.xu", "announcement", {}),
    ("quality.he", "opinions", {"text": "人手不够。"}),
)
"""The life of an amendment of the operating data: who does what."""
AGAIN = ("reopening", {"reason": "换来的也是裂的。"})


def lay_in(system: System, callers: Callers) -> list[str]:
    """One complaint of a storefront's, of the two by turns, and one of a caller's in each stage, with a file of either;
    one of each that was reopened, one that was merged, and one of which the link was replaced; their ids."""
    laid_in = []
    for steps in range(len(LIFE) + 1):
        for who, changes in ((OTHER_SHOP if steps % 2 else SHOP, {}), (CLERK, BY_PHONE)):
            laid_in.append(_lay_in(system, callers, who, changes, LIFE[:steps]))
    for who, changes in ((OTHER_SHOP, {}), (CLERK, BY_PHONE)):
        laid_in.append(_lay_in(system, callers, who, changes, (*LIFE, AGAIN)))
        laid_in.append(_lay_in(system, callers, who, changes, (("merger", {"into": laid_in[0]}),)))
    lost = _lay_in(system, callers, SHOP, {}, LIFE[:-1])
    _post(system, callers.token(CLERK, None), f"/v1/complaints/{lost}/link", {})
    callers.replaced(lost)
    return [*laid_in, lost]


def amend(system: System, callers: Callers) -> list[str]:
    """An amendment that was announced, with an opinion, and one in each stage before; their names."""
    return [_amend(system, callers, number, DRAFTED[:steps]) for number, steps in enumerate((4, 0, 1, 2))]


def _amend(system: System, callers: Callers, number: int, life: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    path, legal = "/v1/policy/amendments", callers.token("legal.xu", None)
    begun = len(system.call("GET", f"{path}?limit=100", Authorization=f"Bearer {legal}").json()["items"])
    changes = {"product_danger": {"within_days": 31 + (4 * begun + number) % 300}}
    name = str(_post(system, legal, path, AMENDMENT | {"changes": changes})["amendment_id"])
    for who, resource, body in life:
        _post(system, callers.token(who, None), f"{path}/{name}/{resource}", body)
    return name


def _lay_in(
    system: System, callers: Callers, who: str, changes: dict[str, Any], life: Iterable[tuple[str, dict[str, Any]]]
) -> str:
    token = callers.token(who, None)
    receipt = _post(system, token, "/v1/complaints", KETTLE | changes)
    complaint_id, path = str(receipt["complaint_id"]), f"/v1/complaints/{receipt['complaint_id']}"
    callers.filed(complaint_id, receipt["consumer_token"], by=token)
    _prove(system, callers.token(CLERK if who == CLERK else OWNER, complaint_id), path)
    for resource, body in life:
        _post(system, callers.token(CLERK, None), f"{path}/{resource}", body)
    return complaint_id


def _prove(system: System, token: str | None, complaint: str) -> None:
    """Its first evidence: a photograph that arrives in a moment."""
    offer = {"file_name": "1.jpg", "content_type": "image/jpeg", "size": len(PHOTOGRAPH)}
    form = _post(system, token, f"{complaint}/evidence", offer)["upload"]
    answer = requests.post(form["url"], data=form["fields"], files={"file": PHOTOGRAPH}, timeout=30)
    assert answer.status_code == 204, answer.text


def _post(system: System, token: str | None, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = system.call("POST", path, body, Authorization=f"Bearer {token}")
    assert answer.status in (200, 201), answer
    return dict(answer.json())
