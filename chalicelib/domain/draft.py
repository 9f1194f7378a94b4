"""The events of one decision as they are written down, each linked to the one before."""

from datetime import datetime

from .clocks import entry_into
from .complaint import Complaint
from .events import GENESIS, Event, link
from .evolution import evolve
from .happenings import Happening
from .lifecycle import Stage
from .people import Actor
from .policy import Policy


class Draft:
    """What happens at one moment: the events so far, and the complaint after them."""

    def __init__(self, complaint: Complaint | None, complaint_id: str, now: datetime, policy: Policy) -> None:
        self._complaint = complaint
        self._complaint_id = complaint_id
        self.now = now
        self.policy = policy
        self.events: list[Event] = []

    @classmethod
    def of(cls, complaint: Complaint, now: datetime, policy: Policy) -> "Draft":
        return cls(complaint, complaint.complaint_id, now, policy)

    @property
    def complaint(self) -> Complaint:
        if self._complaint is None:
            raise ValueError("a complaint begins with an event")
        return self._complaint

    def add(self, happening: Happening, actor: Actor, into: Stage | None = None) -> None:
        """Something happens, and may lead into another stage."""
        before = self._complaint
        entry = None
        if into and (before is None or before.stage != into):
            entry = entry_into(before, into, self.now, self.policy)
        seq, previous = (before.seq + 1, before.chain) if before else (1, GENESIS)
        event = link(self._complaint_id, seq, previous, happening, actor, self.now, entry)
        self.events.append(event)
        self._complaint = evolve(before, event)
