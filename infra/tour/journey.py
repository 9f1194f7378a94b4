"""One row of a file from intake to closure, without a word said."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.tour import words
from infra.tour.calls import Line, NoAnswer, Refused
from infra.tour.parties import Party, staff, storefront
from infra.tour.rows import Row

RUN = secrets.token_hex(4)
"""Marks the order numbers and addresses of this run, so that the next one over the same file stays apart."""
ASKED_FOR = 10
"""How often a consumer looks whether they are asked how it was."""
Steps = Iterator[int]
"""Each is done when the next one is asked for; the number says how many half days people take before it."""


@dataclass
class Journey:
    """How far a row got. `fault` says why it did not get to the end; `offline`: because nothing answers any more.

    `unhurried`: it is one of a month's, in which people take their time, departments answer what they are asked,
    promises are kept, and consumers say how it was (`surveyed`).
    """

    row: Row
    unhurried: bool = False
    complaint_id: str = ""
    objections: int = 0
    satisfied: bool = False
    surveyed: bool = False
    fault: str = ""
    offline: bool = False

    @property
    def email(self) -> str:
        return f"row-{self.row.number}-{RUN}@example.cn"

    @property
    def order_number(self) -> str:
        """In a month one that the shop's order system knows, so that seller and carrier are known."""
        return f"{'E' if self.unhurried else 'F'}-{RUN}-{self.row.number}"


class Crew:
    """A storefront and members of staff on a line of their own. For one thread."""

    def __init__(self, line: Line) -> None:
        self._line, self._shop = line, storefront(line)
        self._lin, self._xu = staff(line, "cs.lin"), staff(line, "legal.xu")
        self._departments = {
            name: staff(line, user)
            for name, user in (("quality", "quality.he"), ("logistics", "logistics.gao"), ("legal", "legal.tan"))
        }

    def take(self, row: Row) -> Journey:
        """File the row and settle it, at once. Whatever goes wrong stands in the journey."""
        journey = Journey(row)
        for _ in self.steps(journey):
            pass
        return journey

    def steps(self, journey: Journey) -> Steps:
        """The same step by step, for those who take their time."""
        try:
            yield from self._go(journey)
        except (Refused, NoAnswer) as fault:
            journey.fault, journey.offline = str(fault), isinstance(fault, NoAnswer)

    def _go(self, journey: Journey) -> Steps:
        row = journey.row
        receipt = self._shop.post("/v1/complaints", _filing(journey))
        journey.complaint_id = receipt["complaint_id"]
        consumer = Party(self._line, "consumer", token=receipt["consumer_token"])
        path = f"/v1/complaints/{journey.complaint_id}"
        if journey.unhurried:
            self._mind_danger(path)
        yield 4 if row.number % 29 == 0 else 1
        self._lin.post(f"{path}/acknowledgement", {"message": words.MESSAGE})
        yield 1 + row.number % 4
        if journey.unhurried:
            self._answer_inquiries(path)
            yield 8 if row.number % 17 == 0 else 1
        report = words.REPORT | row.coded | {"without_inquiries": words.ALONE}
        after = self._lin.post(f"{path}/investigation-report", report)
        yield 1 + row.number % 3
        self._propose(path, words.REPLACEMENT, after["legal_issue"])
        yield 1 + row.number % 5
        if row.objects:
            consumer.post(f"{path}/feedback", {"satisfied": False, "opinion": words.OPINION})
            journey.objections += 1
            yield 2
            self._propose(path, words.REFUND, after["legal_issue"])
            yield 2
        after = consumer.post(f"{path}/feedback", {"satisfied": True})
        journey.satisfied = (after["stage"], after["outcome"]) == ("closed", "satisfied")
        if not journey.satisfied:
            journey.fault = f"ended in stage {after['stage']}, outcome {after['outcome']}"
        elif journey.unhurried:
            yield from self._afterwards(journey, path, consumer)

    def _mind_danger(self, path: str) -> None:
        """Who may be in danger is called at once, and quality control says whether anybody was harmed."""
        if self._lin.get(path)["safety"]:
            self._lin.post(f"{path}/calls", words.CALL)
            self._departments["quality"].post(f"{path}/safety-assessment", words.NO_HARM)

    def _answer_inquiries(self, path: str) -> None:
        for inquiry in self._lin.get(path)["inquiries"]:
            if not inquiry.get("answered_at") and inquiry["department"] in self._departments:
                self._departments[inquiry["department"]].post(
                    f"{path}/inquiries/{inquiry['inquiry_id']}/answer", words.ASSESSMENT
                )

    def _propose(self, path: str, plan: dict[str, Any], legal_issue: bool) -> None:
        """Where law is involved, legal reads and approves each plan before it goes out (5.4)."""
        if legal_issue:
            draft = self._lin.post(f"{path}/plan-draft", plan)["plan_draft"]["number"]
            self._xu.post(f"{path}/legal-review", words.APPROVAL | {"draft": draft})
        self._lin.post(f"{path}/resolution-plan", plan)

    def _afterwards(self, journey: Journey, path: str, consumer: Party) -> Steps:
        """What was promised is done; three in five say how it was, when they are asked."""
        yield 2
        for promise in self._lin.get(path)["follow_ups"]:
            self._lin.post(f"{path}/follow-ups/{promise['number']}/completion", {})
        if journey.row.number % 5 > 2:
            return
        for _ in range(ASKED_FOR):
            yield 1
            if consumer.get(f"{path}/survey")["state"] == "open":
                consumer.post(f"{path}/survey", _answer(journey))
                journey.surveyed = True
                return


def _filing(journey: Journey) -> dict[str, Any]:
    row = journey.row
    return {
        "order_number": journey.order_number,
        "product_name": row.product,
        "description": row.text,
        "contact": {"name": f"顾客{row.number}", "email": journey.email},
        "channel": row.channel,
        "category": row.category,
    }


def _answer(journey: Journey) -> dict[str, Any]:
    """Whoever had to object is less content; one in thirteen is not content at all."""
    row = journey.row
    if row.number % 13 == 0:
        return {"overall": 2, "solved": "partly", "fair": 2, "easy": 3, "informed": 2, "words": words.STILL_UNHAPPY}
    lower = int(row.objects) + int(row.number % 7 == 0)
    return {"overall": 5 - lower, "solved": "yes", "fair": 5 - lower, "easy": 4, "informed": 5 - row.number % 2}
