"""Complaints in every stage, so that what can only be done late in a life is tried too."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import requests

from tests.examples import AMENDMENT, AUDIT, EXAMPLES, JUDGED
from tests.house import KETTLE, PLAN, REPORT
from tests.running import System

from .callers import Callers
from .rights import MEMBERS, OTHER_SHOP, OWNER, SHOP

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
AUDITED: tuple[tuple[str, str], ...] = (
    ("approve_audit", "approval"),
    ("draw_sample", "sample"),
    ("examine", "items"),
    ("raise_finding", "findings"),
    ("plan_correction", "findings/1/plan"),
    ("state_case_of_finding", "findings/1/statement"),
    ("report_audit", "report"),
)
"""The life of an audit until others say what they think: by which operation, where."""
UNTIL = {"drafted": 0, "approved": 1, "drawn": 2, "examined": 3, "raised": 4, "reported": len(AUDITED)}
AGAIN = ("reopening", {"reason": "换来的也是裂的。"})


def lay_in(system: System, callers: Callers) -> list[str]:
    """One complaint of a storefront's, of the two by turns, and one of a caller's in each stage, with a file of either;
    one of each that was reopened, one that was merged, and one of which the link was replaced; their ids."""
    laid_in = []
    for steps in range(len(LIFE) + 1):
        for who, changes in ((OTHER_SHOP if steps % 2 else SHOP, {}), (CLERK, BY_PHONE)):
            laid_in.append(lay_in_one(system, callers, who, changes, LIFE[:steps]))
    for who, changes in ((OTHER_SHOP, {}), (CLERK, BY_PHONE)):
        laid_in.append(lay_in_one(system, callers, who, changes, (*LIFE, AGAIN)))
        laid_in.append(lay_in_one(system, callers, who, changes, (("merger", {"into": laid_in[0]}),)))
    lost = lay_in_one(system, callers, SHOP, {}, LIFE[:-1])
    post(system, callers.token(CLERK, None), f"/v1/complaints/{lost}/link", {})
    callers.replaced(lost)
    return [*laid_in, lost]


def amend(system: System, callers: Callers) -> list[str]:
    """An amendment that was announced, with an opinion, and one in each stage before; their names."""
    return [_amend(system, callers, number, DRAFTED[:steps]) for number, steps in enumerate((4, 0, 1, 2))]


def _amend(system: System, callers: Callers, number: int, life: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    path, legal = "/v1/policy/amendments", callers.token("legal.xu", None)
    begun = len(system.call("GET", f"{path}?limit=100", Authorization=f"Bearer {legal}").json()["items"])
    changes = {"product_danger": {"within_days": 31 + (4 * begun + number) % 300}}
    name = str(post(system, legal, path, AMENDMENT | {"changes": changes})["amendment_id"])
    for who, resource, body in life:
        post(system, callers.token(who, None), f"{path}/{name}/{resource}", body)
    return name


def lay_in_one(
    system: System, callers: Callers, who: str, changes: dict[str, Any], life: Iterable[tuple[str, dict[str, Any]]]
) -> str:
    token = callers.token(who, None)
    receipt = post(system, token, "/v1/complaints", KETTLE | changes)
    complaint_id, path = str(receipt["complaint_id"]), f"/v1/complaints/{receipt['complaint_id']}"
    callers.filed(complaint_id, receipt["consumer_token"], by=token)
    _prove(system, callers.token(CLERK if who == CLERK else OWNER, complaint_id), path)
    for resource, body in life:
        post(system, callers.token(CLERK, None), f"{path}/{resource}", body)
    return complaint_id


def _prove(system: System, token: str | None, complaint: str) -> None:
    """Its first evidence: a photograph that arrives in a moment."""
    offer = {"file_name": "1.jpg", "content_type": "image/jpeg", "size": len(PHOTOGRAPH)}
    form = post(system, token, f"{complaint}/evidence", offer)["upload"]
    answer = requests.post(form["url"], data=form["fields"], files={"file": PHOTOGRAPH}, timeout=30)
    assert answer.status_code == 204, answer.text


def post(system: System, token: str | None, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = system.call("POST", path, body, Authorization=f"Bearer {token}")
    assert answer.status in (200, 201), answer
    return dict(answer.json())


# ---- audits ----------------------------------------------------------------------------------------------------------


def audit(system: System, callers: Callers) -> list[str]:
    """An audit in each stage that one comes to in a day; their names."""
    return [audit_until(system, callers, stage) for stage in UNTIL]


def audit_until(system: System, callers: Callers, stage: str) -> str:
    """An audit of the last quarter, somebody answering for its finding. Where that quarter is none that was counted, it
    goes no further than its approval."""
    auditor, path = callers.token("audit.qin", None), "/v1/audits"
    name = str(post(system, auditor, path, AUDIT | {"period": _last_quarter(system)})["audit_id"])
    for operation, resource in AUDITED[: UNTIL[stage]]:
        if operation == "examine":
            _examine(system, callers, f"{path}/{name}/items")
            continue
        body, token = EXAMPLES[operation].body, callers.token(EXAMPLES[operation].who, None)
        known = {"answers_for": "cs.lin"} if operation == "raise_finding" else {}
        if "measures" in body:
            known = {"measures": [one | {"due": _in_days(system, 5)} for one in body["measures"]]}
        answer = system.call("POST", f"{path}/{name}/{resource}", body | known, Authorization=f"Bearer {token}")
        if answer.status == 409 and operation == "draw_sample":
            break
        assert answer.status in (200, 201), answer
    return name


def _examine(system: System, callers: Callers, items: str) -> None:
    """By one auditor alone: of those with the same groups only one calls."""
    token = callers.token("audit.qin", None)
    for one in _listed(system, callers, "audit.qin", items):
        path = f"{items}/{one['complaint_id']}"
        if one["auditor"] != "audit.qin":
            post(system, token, f"{path}/handover", {"reason": "休假。", "to": "audit.qin"})
        post(system, token, path, {"answers": JUDGED})


def records(system: System, callers: Callers) -> dict[str, list[str]]:
    """The names of the audits, sheets and reviews there are, and of the items of the audits, by the parameter of paths
    that asks for them."""
    audits = [one["audit_id"] for one in _listed(system, callers, "audit.qin", "/v1/audits")]
    items = [
        one["complaint_id"]
        for name in audits[:8]
        for one in _listed(system, callers, "audit.qin", f"/v1/audits/{name}/items")
    ]
    sheets = [one["sheet_id"] for who in MEMBERS for one in _listed(system, callers, who, "/v1/sheets")]
    reviews = [one["review_id"] for one in _listed(system, callers, "management.zhou", "/v1/management-reviews")]
    found = {"audit_id": audits, "item": sorted({*items}), "sheet_id": sheets, "review_id": reviews}
    return {parameter: names for parameter, names in found.items() if names}


def _listed(system: System, callers: Callers, who: str, path: str) -> list[dict[str, Any]]:
    answer = system.call("GET", f"{path}?limit=100", Authorization=f"Bearer {callers.token(who, None)}")
    assert answer.status == 200, answer
    return list(answer.json()["items"])


def _today(system: System) -> date:
    return datetime.fromisoformat(system.call("GET", f"{system.desk}/clock").json()["now"]).date()


def _in_days(system: System, days: int) -> str:
    return str(_today(system) + timedelta(days=days))


def _last_quarter(system: System) -> str:
    today = _today(system)
    year, quarter = divmod(today.year * 4 + (today.month - 1) // 3 - 1, 4)
    return f"{year}Q{quarter + 1}"
