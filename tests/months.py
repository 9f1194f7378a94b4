"""A month of a busy house, as lines: made up, but of lives that hang together, and the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from chalicelib.domain.ground.ids import ALPHABET
from chalicelib.domain.policy.causes import packaged_causes
from chalicelib.domain.supervision.lines import (
    Answered,
    Checked,
    Closed,
    InquiryEnded,
    Line,
    Missed,
    Received,
    Reopened,
    StageLeft,
    Surveyed,
    WaitEnded,
)
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome
from tests.domain.cases import POLICY

CAUSES = tuple(packaged_causes())
STAFF = tuple(f"cs.{number:02}" for number in range(60))
LEAD_TIME = timedelta(days=25)
"""So long before the month the first complaint comes of which it sees the end: most are closed by then."""
LENGTHS = {Stage.RECEIVED: 1.0, Stage.INVESTIGATING: 3.0, Stage.PLANNING: 2.0, Stage.AWAITING_CONSUMER: 15.0}
"""Days."""
USUAL = {Stage.RECEIVED: 0.25, Stage.INVESTIGATING: 1.4, Stage.PLANNING: 0.8, Stage.AWAITING_CONSUMER: 3.0}


def month(first: date, last: date, closures: int, seed: int = 1) -> Iterator[Line]:
    """The lines of the days from `first` to `last`, in which about so many complaints close; life by life."""
    random = Random(seed)
    opened = datetime.combine(first, time(), tzinfo=POLICY.zone) - LEAD_TIME
    seconds = int((datetime.combine(last, time(), tzinfo=POLICY.zone) + timedelta(days=1) - opened).total_seconds())
    lives = round(closures * seconds / (((last - first).days + 1) * 24 * 3600))
    for _ in range(lives):
        for line in _Life(random, opened + timedelta(seconds=random.randrange(seconds))).lived():
            if first <= line.day <= last:
                yield line


@dataclass
class _Life:
    random: Random
    now: datetime
    seq: int = 1
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        marks = "".join(self.random.choices(ALPHABET, k=10))
        self.id = f"{marks[:5]}-{marks[5:]}"
        self.begun = self.now
        self.about: dict[str, Any] = {
            "category": self.random.choice(("product_quality", "after_sales_service", "delivery", "other")),
            "channel": self.random.choice(("web", "app", "phone")),
            "locale": self.random.choice(("zh-CN", "zh-CN", "zh-CN", "zh-TW", "en")),
            "storefront": "web-shop",
            "seller": f"S-{self.random.randrange(200)}",
            "product": f"P-{int(self.random.paretovariate(0.5)) % 500}",
            "policy_version": 1,
        }
        self.carrier = self.random.choice(("SF", "YTO", "ZTO", "JD", "EMS"))
        self.holder = self.random.choice(STAFF)
        cause = min(int(self.random.paretovariate(0.6)), len(CAUSES)) - 1
        self.found: dict[str, Any] = {
            "verdict": self.random.choice(("founded", "founded", "partly_founded", "unfounded")),
            "cause": CAUSES[cause],
            "party": self.random.choice(("seller", "seller", "carrier", "platform")),
        }
        self.spent: dict[str, int] = {}
        self.breaches = 0

    def lived(self) -> list[Line]:
        self._say(Received, **self.about)
        self._say(Checked, carrier=self.carrier)
        if self.random.random() < 0.03:
            self._stage(Stage.RECEIVED, 1, Stage.CLOSED, outcome=Outcome.MERGED, merged=True)
            self._close(Outcome.MERGED, 1)
            return self.lines
        self._stage(Stage.RECEIVED, 1, Stage.INVESTIGATING)
        self._investigate()
        return self._conclude(1)

    def _investigate(self) -> None:
        begun = self.now
        for department, often in (("quality", 0.6), ("logistics", 0.25)):
            if self.random.random() < often:
                self._span(InquiryEnded, begun, 2.0, 0.6, held_by=department, department=department, ended="answered")
        if self.random.random() < 0.2:
            self._span(
                WaitEnded, self.now, 5.0, 1.0, held_by=self.holder, waits_for="answer", stage="investigating",
                ended="answered",
            )  # fmt: skip
        self._stage(Stage.INVESTIGATING, 1, Stage.PLANNING, since=begun, **self.found)

    def _conclude(self, round_: int) -> list[Line]:
        self._stage(Stage.PLANNING, round_, Stage.AWAITING_CONSUMER)
        answer = self.random.random()
        if answer < 0.1 and round_ < 4:
            self._stage(Stage.AWAITING_CONSUMER, round_, Stage.PLANNING)
            self._say(Answered, answer="objected", round=round_)
            return self._conclude(round_ + 1)
        accepted = answer < 0.88
        ended = Outcome.SATISFIED if accepted else Outcome.NO_RESPONSE
        self._stage(Stage.AWAITING_CONSUMER, round_, Stage.CLOSED, outcome=ended)
        self._say(Answered, answer="accepted" if accepted else "lapsed", round=round_)
        closed = self.now
        self._close(ended, round_)
        self._afterwards(closed, ended, round_)
        return self.lines

    def _afterwards(self, closed: datetime, outcome: Outcome, round_: int) -> None:
        survey = {
            "closed_day": _day(closed), "closure": 1, "outcome": outcome, "later_round": round_ > 1,
            "breached": self.breaches > 0, "category": self.about["category"], "planner": self.holder,
        }  # fmt: skip
        self.now += timedelta(days=3)
        self._say(Surveyed, what="sent", **survey)
        if self.random.random() < 0.25:
            self.now += timedelta(hours=self.random.randrange(1, 200))
            given = {name: self.random.choice((2, 3, 4, 4, 5, 5)) for name in ("overall", "fair", "easy", "informed")}
            self._say(Surveyed, what="answered", solved=self.random.choice(("yes", "yes", "no")), **survey, **given)
        if self.random.random() < 0.03:
            self.now += timedelta(days=self.random.randrange(1, 20))
            self._say(
                Reopened, closed_day=_day(closed), after=outcome, round=round_, with_plan=True,
                days=(self.now - closed).days, into="investigating", by="consumer", category=self.about["category"],
            )  # fmt: skip

    def _close(self, outcome: Outcome, round_: int) -> None:
        planned = outcome is not Outcome.MERGED
        self._say(
            Closed, number=1, outcome=outcome, round=round_, received_at=self.begun, begun_at=self.begun,
            working_days=(self.now - self.begun).days * 5 // 7, carrier=self.carrier, with_plan=planned,
            breaches=self.breaches, spent=self.spent, could_reopen=planned, **self.about,
            **(self.found | {
                "asked": "refund", "grants": "full", "methods": ("refund",), "planner": self.holder,
                "amounts": {"CNY": Decimal(self.random.randrange(100, 50_000)) / 100},
                "accepted_by": "consumer" if outcome is Outcome.SATISFIED else None,
            } if planned else {}),
        )  # fmt: skip

    def _stage(self, stage: Stage, round_: int, into: Stage, since: datetime | None = None, **more: Any) -> None:
        begun = since or self.now
        due = begun + timedelta(days=LENGTHS[stage])
        self.now = max(self.now, begun + self._takes(USUAL[stage]))
        if self.now >= due:
            self.breaches += 1
            late, self.now = self.now, due
            self._say(Missed, ladder=stage.value, stage=stage, due_at=due, held_by=self.holder)
            self.now = late
        elapsed = int((self.now - begun).total_seconds())
        whose = "consumer" if stage is Stage.AWAITING_CONSUMER else "handler"
        waited = {"consumer": elapsed} if whose == "consumer" else {}
        if stage is Stage.INVESTIGATING and (self.lines[-1].kind == "inquiry"):
            whose, waited = "quality", {"quality": elapsed // 2}
        key = f"{stage} {whose}"
        self.spent[key] = self.spent.get(key, 0) + elapsed
        self._say(
            StageLeft, stage=stage, round=round_, into=into, begun_at=begun, due_at=due, promised_at=due,
            elapsed=elapsed, working=elapsed // 3, held_by=self.holder, waited=waited,
            category=self.about["category"], product=self.about["product"], seller=self.about["seller"],
            carrier=self.carrier, **more,
        )  # fmt: skip

    def _span(self, kind: Any, begun: datetime, length: float, usual: float, **more: Any) -> None:
        self.now = max(self.now, begun + self._takes(usual))
        elapsed = int((self.now - begun).total_seconds())
        due = begun + timedelta(days=length)
        self._say(kind, begun_at=begun, due_at=due, elapsed=elapsed, working=elapsed // 3, **more)

    def _takes(self, days: float) -> timedelta:
        return timedelta(seconds=int(self.random.expovariate(1 / (days * 24 * 3600))))

    def _say(self, kind: Any, **more: Any) -> None:
        self.lines.append(kind(id=self.id, seq=self.seq, at=self.now, day=_day(self.now), **more))
        self.seq += 1


def _day(moment: datetime) -> date:
    return moment.astimezone(POLICY.zone).date()
