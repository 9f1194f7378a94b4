"""What each operation takes, who usually calls it, and a complaint about which it can be done: for walks over all."""

from typing import Any

from chalicelib.web import APIS
from tests.house import KETTLE, PLAN, REPORT, House

from .uploads import upload

OPERATIONS = {operation.name: operation for api in APIS for operation in api.operations}
Receipt = dict[str, Any]
OWNER = "owner"
"""The consumer whose complaint it is."""

BODIES: dict[str, Any] = {
    "file_complaint": KETTLE,
    "assign": {"assignee": "cs.chen"},
    "acknowledge": {"message": "我们已受理。", "legal_issue": False},
    "report": REPORT | {"legal_issue": False, "without_inquiries": "照片已足以判断。"},
    "propose_plan": PLAN | {"reasons": "已超过退货期限。"},
    "give_feedback": {"satisfied": False, "opinion": "太慢了。"},
    "withdraw": {"reason": "已经自己解决了。"},
    "reopen": {"reason": "换来的也是裂的。"},
    "merge_into": {"into": "7K2M9-XD4FQ"},
    "replace_link": {},
    "extend": {"working_days": 2, "reason": "等待检测报告。"},
    "review": {"approved": True, "advice": "合法，可以发出。"},
    "complete_follow_up": {"note": "已回访，款已到账。"},
    "add_note": {"text": "电话里很着急。", "public": False},
    "update_delivery": {
        "status": "delayed",
        "text": "因大雪延误两天。",
        "carrier": "顺丰速运",
        "tracking_number": "SF1020",
    },
    "give_information": {"text": "壶底的批号是A17。"},
    "request_information": {"question": "请提供壶底的批号。"},
    "ask": {"department": "quality", "question": "壶身为什么会裂？"},
    "answer_inquiry": {"assessment": "玻璃厚度不足。", "recommended_solution": "全额退款。", "legal_issue": False},
    "offer_evidence": {
        "file_name": "裂缝.jpg",
        "content_type": "image/jpeg",
        "size": 1_000,
        "description": "壶身的裂缝",
    },
    "sign_in": {"username": "cs.lin", "password": "Redress-local-1"},
}
"""Every field is given. What is merged needs the id of a complaint that is there: see `body_for`."""

WHO = {
    "file_complaint": "storefront",
    "reopen": OWNER,
    "extend": "management.zhou",
    "review": "legal.xu",
    "update_delivery": "logistics.gao",
    "answer_inquiry": "quality.he",
}
"""Who usually does it, where that is not 林 of customer service."""

STAGE = {
    "report": "investigating",
    "propose_plan": "planning",
    "give_feedback": "awaiting_consumer",
    "reopen": "closed",
    "review": "planning",
    "complete_follow_up": "closed",
    "request_information": "investigating",
    "ask": "investigating",
    "answer_inquiry": "investigating",
}
"""A stage in which it can be done, where that is not the first."""


def ready_for(house: House, name: str) -> Receipt:
    """The receipt of a new complaint about which an operation can be done."""
    receipt = house.bring_to(STAGE.get(name, "received"))
    if name == "answer_inquiry":
        assert house.do(receipt["complaint_id"], "inquiries", BODIES["ask"]).status == 201
    if name == "show_evidence":
        upload(house, receipt)
    return receipt


def path_of(name: str, complaint_id: str) -> str:
    """Where an operation is called; it is about the first inquiry, measure or file of the complaint."""
    return OPERATIONS[name].path.format(complaint_id=complaint_id, inquiry_id="1", number="1", evidence_id="1")


def body_for(name: str, other: str) -> Any:
    """What an operation takes; `other` is the id of another, open complaint."""
    return {"into": other} if name == "merge_into" else BODIES.get(name)


def token_for(house: House, name: str, receipt: Receipt) -> str:
    """The token of whoever usually calls an operation."""
    who = WHO.get(name, "cs.lin")
    return str(receipt["consumer_token"]) if who == OWNER else house.token(who)
