"""The entries of one decision as they are written down, each linked to the one before."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.clocks import entry_into
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.ground.chain import Entry, link
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import GENESIS, Event, NewStage
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import STAGES, Stage


class Draft:
    """What happens at one moment: the entries so far, and the complaint after them."""

    def __init__(self, complaint: Complaint | None, name: str, now: datetime, policy: Policy) -> None:
        self._complaint = complaint
        self._name = name
        self.now = now
        self.policy = policy
        self.entries: list[Entry] = []

    @classmethod
    def of(cls, complaint: Complaint, now: datetime, policy: Policy) -> "Draft":
        return cls(complaint, complaint.complaint_id, now, policy)

    @property
    def complaint(self) -> Complaint:
        if self._complaint is None:
            raise ValueError("a complaint begins with an event")
        return self._complaint

    def add(self, event: Event, actor: Actor, into: Stage | NewStage | None = None) -> None:
        """Something happens, and may lead into another stage, whose clock begins then unless `into` has one."""
        before = self._complaint
        begun = into if isinstance(into, NewStage) else None
        if isinstance(into, Stage) and (before is None or before.stage != into):
            asks = before is not None and not STAGES[into].open and _asks(before, event)
            begun = entry_into(before, into, self.now, self.policy, asks=asks)
        seq, previous = (before.seq + 1, before.chain) if before else (1, GENESIS)
        entry = link(self._name, seq, previous, event, actor, self.now, begun)
        self.follow([entry])

    def follow(self, entries: Iterable[Entry]) -> None:
        """These happen next."""
        for entry in entries:
            self.entries.append(entry)
            self._complaint = evolve(self._complaint, entry)


def _asks(complaint: Complaint, event: Event) -> bool:
    """Whether the consumer of a complaint that ends by this is asked how it was: after a plan, and for itself (6.2)."""
    return complaint.has_plan and not isinstance(event, events.ComplaintMerged)
