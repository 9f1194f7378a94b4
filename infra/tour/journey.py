"""One row of a file from intake to closure, without a word said."""

import secrets
from dataclasses import dataclass
from typing import Any

from infra.tour import words
from infra.tour.calls import Line, NoAnswer, Refused
from infra.tour.parties import Party, staff, storefront
from infra.tour.rows import Row

RUN = secrets.token_hex(4)
"""Marks the order numbers and addresses of this run, so that the next one over the same file stays apart."""


@dataclass
class Journey:
    """How far a row got. `fault` says why it did not get to the end; `offline`: because nothing answers any more."""

    row: Row
    complaint_id: str = ""
    objections: int = 0
    satisfied: bool = False
    fault: str = ""
    offline: bool = False

    @property
    def email(self) -> str:
        return f"row-{self.row.number}-{RUN}@example.cn"


class Crew:
    """A storefront and two members of staff on a line of their own. For one thread."""

    def __init__(self, line: Line) -> None:
        self._line, self._shop = line, storefront(line)
        self._lin, self._xu = staff(line, "cs.lin"), staff(line, "legal.xu")

    def take(self, row: Row) -> Journey:
        """File the row and settle it. Whatever goes wrong stands in the journey."""
        journey = Journey(row)
        try:
            self._go(journey)
        except (Refused, NoAnswer) as fault:
            journey.fault, journey.offline = str(fault), isinstance(fault, NoAnswer)
        return journey

    def _go(self, journey: Journey) -> None:
        receipt = self._shop.post("/v1/complaints", _filing(journey))
        journey.complaint_id = receipt["complaint_id"]
        consumer = Party(self._line, "consumer", token=receipt["consumer_token"])
        path = f"/v1/complaints/{journey.complaint_id}"
        self._lin.post(f"{path}/acknowledgement", {"message": words.MESSAGE})
        after = self._lin.post(f"{path}/investigation-report", words.REPORT | {"without_inquiries": words.ALONE})
        self._propose(path, words.REPLACEMENT, after["legal_issue"])
        if journey.row.objects:
            consumer.post(f"{path}/feedback", {"satisfied": False, "opinion": words.OPINION})
            journey.objections += 1
            self._propose(path, words.REFUND, after["legal_issue"])
        after = consumer.post(f"{path}/feedback", {"satisfied": True})
        journey.satisfied = (after["stage"], after["outcome"]) == ("closed", "satisfied")
        if not journey.satisfied:
            journey.fault = f"ended in stage {after['stage']}, outcome {after['outcome']}"

    def _propose(self, path: str, plan: dict[str, Any], legal_issue: bool) -> None:
        """Where law is involved, legal reads and approves each plan before it goes out (5.4)."""
        if legal_issue:
            draft = self._lin.post(f"{path}/plan-draft", plan)["plan_draft"]["number"]
            self._xu.post(f"{path}/legal-review", words.APPROVAL | {"draft": draft})
        self._lin.post(f"{path}/resolution-plan", plan)


def _filing(journey: Journey) -> dict[str, Any]:
    row = journey.row
    return {
        "order_number": f"F-{RUN}-{row.number}",
        "product_name": row.product,
        "description": row.text,
        "contact": {"name": f"顾客{row.number}", "email": journey.email},
        "channel": row.channel,
        "category": row.category,
    }
