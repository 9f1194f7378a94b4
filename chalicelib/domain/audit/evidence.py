"""What a machine's rule looks at, of one closure (6.3): the entries of a complaint, and what is known beside them.

A rule looks at the span of that closure: what happened after the closure before it, or since the filing, up to the
entry that closed it; and at what became of it afterwards, until it was opened again. Instants are aware; days are the
policy's. What is not known is None: a rule that needs it cannot be decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeVar

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.record import Event
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import Stage

E = TypeVar("E", bound=Event)
A_DAY = timedelta(days=1)
"""So long after something its notice may be on its way, or the call in its place to be made."""
Fared = Literal["arrived", "failed", "under_way", "outdated"]


class Told(NamedTuple):
    """A notice about entry `seq` and how it fared; `sent_at`: when it first went out. `outdated`: what it would have
    said was over, or was told together with other things."""

    seq: int
    kind: str
    audience: str
    fared: Fared
    sent_at: datetime | None = None


class Moment(NamedTuple):
    """An entry, and the complaint `before` it (None: there was none) and `after`."""

    entry: Entry
    event: Event
    before: Complaint | None
    after: Complaint

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def was(self) -> Complaint:
        """The complaint that it happened to."""
        return self.before or self.after


@dataclass(frozen=True)
class Evidence:
    """What is known of the `closure`-th closure `now`.

    `entries`: all of the complaint, from the first. `head`: the complaint as it is stored. `reachable`: whether its
    contact details have a name and a way (4.1b). `evidence_hashes`: by id of each file of it that is kept, the SHA-256
    in hexadecimal of what lies there. `studied`: when members of staff confirmed the version that the complaint goes
    by; `study_due`: by when they had to, None: they need not. `texts`: the words of plans' notices to the consumer, by
    the `seq` of the plan.

    What its entries make raises Unreadable, if they make no complaint, or it has not so many closures.
    """

    entries: Sequence[Entry]
    closure: int
    policy: Policy
    now: datetime
    head: Complaint | None = None
    reachable: bool | None = None
    notices: Sequence[Told] | None = None
    evidence_hashes: Mapping[str, str] | None = None
    studied: Mapping[str, datetime] | None = None
    study_due: Mapping[str, datetime | None] = field(default_factory=dict)
    texts: Mapping[int, str] | None = None

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        try:
            return tuple(_lived(self.entries))
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
            raise Unreadable(type(fault).__name__) from None

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        """The places of the closing entries."""
        return tuple(place for place, one in enumerate(self.moments) if closes(one.entry))

    @cached_property
    def span(self) -> tuple[Moment, ...]:
        if not 0 < self.closure <= len(self._ends):
            raise Unreadable("closure")
        first = self._ends[self.closure - 2] + 1 if self.closure > 1 else 0
        return self.moments[first : self._ends[self.closure - 1] + 1]

    @cached_property
    def afterwards(self) -> tuple[Moment, ...]:
        """What followed while it stayed closed."""
        later = self.moments[self.closing.seq :]
        again = next((place for place, one in enumerate(later) if one.entry.enters), len(later))
        return later[:again]

    @property
    def closing(self) -> Moment:
        return self.span[-1]

    @property
    def complaint(self) -> Complaint:
        """As that closure made it."""
        return self.closing.after

    @property
    def latest(self) -> Complaint:
        return self.moments[-1].after

    @property
    def erased(self) -> bool:
        """Whether some words are gone, or going."""
        return self.latest.erased_at is not None or any(entry.has_lost_words for entry in self.entries)

    def happened(self, *kinds: type[Event]) -> Iterator[Moment]:
        """What of these kinds happened in the span."""
        return (one for one in self.span if isinstance(one.event, kinds))

    def of(self, kind: type[E], *, later: bool = False) -> Iterator[tuple[Moment, E]]:
        """The same of one kind, each with its event; `later`: in the span, and while it stayed closed."""
        for one in (*self.span, *self.afterwards) if later else self.span:
            if isinstance(one.event, kind):
                yield one, one.event


class Unreadable(Exception):
    """The entries make no complaint, or it has no such closure."""


def _lived(entries: Iterable[Entry]) -> Iterator[Moment]:
    before: Complaint | None = None
    for entry in entries:
        after = evolve(before, entry)
        yield Moment(entry, entry.event, before, after)
        before = after


def closes(entry: Entry) -> bool:
    """Whether the complaint is closed by it."""
    return entry.enters is not None and entry.enters.stage == Stage.CLOSED


def is_said(*words: str | None) -> bool | None:
    """Whether something was typed in each; None where one is erased, and nothing says what was."""
    if not all(one and one.strip() for one in words):
        return False
    return None if ERASED in words else True


def as_written(model: Any) -> Any:
    """What two submissions are compared by."""
    return model.model_dump(mode="json")
