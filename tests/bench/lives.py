"""Whole lives of one complaint on the local system, each told as its parties would: what is asked for, and when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.tour import parties
from infra.tour.calls import Line
from infra.tour.parties import Party
from tests.house import PLAN, REPORT

from .complaints import complaint

BEGINS = "2026-10-09T01:00:00Z"  # a Friday, 09:00 in Shanghai


@dataclass
class Life:
    """Who takes part. Staff and storefront have been signed in for hours: that is not part of any one complaint."""

    line: Line
    shop: Party
    clerk: Party
    complaint_id: str = ""
    consumer: Party | None = None

    def file(self, *, phone: bool) -> None:
        receipt = self.shop.post("/v1/complaints", complaint(phone=phone))
        self.complaint_id = receipt["complaint_id"]
        self.consumer = Party(self.line, "consumer", token=receipt["consumer_token"])
        self.line.settle()

    def works(self, resource: str, body: dict[str, Any]) -> None:
        """Customer service finds the complaint in its queue, reads it, and does something about it."""
        self.clerk.get("/v1/complaints?assignee=cs.lin")
        self.clerk.get(f"/v1/complaints/{self.complaint_id}")
        self.clerk.post(f"/v1/complaints/{self.complaint_id}/{resource}", body)
        self.line.settle()

    def answers(self, body: dict[str, Any]) -> None:
        """The consumer follows the link, reads the plan, and says yes or no."""
        assert self.consumer
        self.consumer.get(f"/v1/complaints/{self.complaint_id}")
        self.consumer.post(f"/v1/complaints/{self.complaint_id}/feedback", body)
        self.line.settle()

    def wait(self, duration: str) -> None:
        self.line.at_desk("bench", "POST", "/clock", json={"advance": duration})


def _good(life: Life, *, phone: bool) -> None:
    """Everything in time, the first plan pleases."""
    life.file(phone=phone)
    life.wait("PT2H")
    life.works("acknowledgement", {"message": "我们已受理，马上调查。"})
    life.wait("P3D")  # Monday
    life.works("investigation-report", REPORT)
    life.wait("P1D")
    life.works("resolution-plan", PLAN)
    life.wait("PT5H")
    life.answers({"satisfied": True})
    life.wait("P12D")  # whatever was promised comes due


def good(life: Life) -> None:
    """A good life, by e-mail alone"""
    _good(life, phone=False)


def good_with_texts(life: Life) -> None:
    """A good life, by e-mail and text message"""
    _good(life, phone=True)


def bad(life: Life) -> None:
    """A bad life: acknowledged late, planned late, two objections"""
    life.file(phone=False)
    life.wait("P3D")  # the first breach, and its escalation
    life.works("acknowledgement", {"message": "抱歉，让您久等了。"})
    life.works("investigation-report", REPORT)
    life.wait("P5D")  # the second
    life.works("resolution-plan", PLAN)
    for opinion in ("太少了。", "还是太少，也太慢。"):
        life.wait("P1D")
        life.answers({"satisfied": False, "opinion": opinion})
        life.wait("P1D")
        life.works("resolution-plan", PLAN)
    life.wait("P4D")  # the consumer is reminded
    life.answers({"satisfied": True})
    life.wait("P12D")


Live = Callable[[Life], None]
LIVES: tuple[Live, ...] = (good, good_with_texts, bad)


@contextmanager
def begun(api: str, desk: str) -> Iterator[Life]:
    """A life whose staff and storefront are signed in."""
    line = Line(api, desk)
    life = Life(line, parties.storefront(line), parties.staff(line, "cs.lin"))
    life.shop.sign_in()
    life.clerk.sign_in()
    life.clerk.get("/v1/complaints?assignee=cs.lin")  # fetches the pool's keys
    line.settle()
    yield life
