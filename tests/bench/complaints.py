"""Complaints for the bench: each about an order of its own, by a consumer of its own, so that none is a repeat."""

from itertools import count
from typing import Any

from tests.house import KETTLE, PLAN, REPORT, House

STEPS = (
    ("investigating", "acknowledgement", {}),
    ("planning", "investigation-report", REPORT),
    ("awaiting_consumer", "resolution-plan", PLAN),
    ("closed", "feedback", {"satisfied": True}),
)
_number = count(1)


def complaint(*, phone: bool = True) -> dict[str, Any]:
    """The body of a filing; its consumer leaves an e-mail address, and a phone number too if wanted."""
    number = next(_number)
    contact = {"name": "王芳", "email": f"wang{number}@example.cn"}
    if phone:
        contact["phone"] = f"+86138{number:08}"
    return KETTLE | {"order_number": f"E20261009-{number:06}", "contact": contact}


def filed(house: House) -> dict[str, Any]:
    return house.file(**complaint())


def brought_to(house: House, stage: str) -> dict[str, Any]:
    """A complaint in a stage; its receipt."""
    receipt = filed(house)
    names = ["received", *(name for name, _, _ in STEPS)]
    for _, resource, body in STEPS[: names.index(stage)]:
        assert house.do(receipt["complaint_id"], resource, body).status == 200
    return receipt
