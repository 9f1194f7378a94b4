"""What every kind of record has: events, by which alone it changes, clocks that are set by them, alarms these raise.

A record is known by its name: "7K2M9-XD4FQ" is a complaint. What a kind of record does with the rest of the house is
its row in `casework/records.py`.
"""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model, Written
from chalicelib.domain.ground.people import Role

GENESIS = "0" * 64
"""What the first entry of a record follows on."""
HOUSE_RECORD = "house"
"""The name of what is about the house as a whole: its notices, its marks. It has no entries."""
STAGE_CLOCK = "stage"
"""The name of the clock of the present stage."""


class State(Model):
    """What the entries of a record have made of it. `seq` is that of the last one, `chain` that one's hash.

    `version` counts what people and the clock did: what the house finds out by itself makes nobody's view stale,
    nor does that somebody has looked.
    `kept_apart`: what of it the store is known to keep apart; it is no part of the state.
    """

    stage: str
    version: int = 0
    seq: int = 0
    chain: str = GENESIS
    kept_apart: frozenset[str] = Field(frozenset(), exclude=True)


class Submission(Body):
    """What somebody hands in to have something done. It names the action it stands for, one of `actions`."""

    actions: ClassVar[tuple[str, ...]] = ()

    @property
    def action(self) -> str:
        return self.actions[0]

    def meant(self, state: Any) -> Self:
        """The same, naming what it leaves to be understood from the state of the record as it came in."""
        return self


class ClockSetting(Written):
    """A clock is set: it ends at `due_at` and first rings at `alarm_at` (None: never).

    The clock is known by the `seq` of the entry that set it. `name` says what it is for: "stage", "inquiry 2".
    `operating`: the number of the operating data whose extra days it is counted with. `length`: the policy's clock by
    which it is counted, where that is not the one of its name.
    """

    name: str = STAGE_CLOCK
    due_at: Instant
    provisional: bool = False
    alarm_at: Instant | None = None
    operating: int | None = None
    length: str | None = None


class NewStage(Written):
    """The record enters a stage: the clocks that end with the one before are `stops`, the new one is `clock`.

    `was_due_at`: when the stage before had to be done with; None if there was none, or it had no clock.
    `dispensed`: the open inquiries that the work goes on without; None if there were none. `followed_by`: the records
    that are handled together with this one, and learn of it; None if there are none.
    """

    stage: str
    clock: ClockSetting | None = None
    stops: tuple[int, ...] = ()
    was_due_at: Instant | None = None
    dispensed: tuple[str, ...] | None = None
    followed_by: tuple[str, ...] | None = None


class Alarm(Model):
    """One alarm of a clock, about what is due at `due_at`, to be raised at `moment`; `number`: the rung of its ladder.

    Whoever is to be told is told from `tell_from` on, however late it is raised, so that nobody is woken at night; of
    what is raised `day_and_night` at once.
    """

    number: int
    kind: Literal["reminder", "breach", "escalation", "nudge", "resume", "lapse", "ask", "expire", "effect"]
    clock: str = STAGE_CLOCK
    stage: str
    due_at: Instant
    moment: Instant
    tell: tuple[Role, ...]
    tell_from: Instant
    day_and_night: bool = False


EVENTS: dict[str, type["Event"]] = {}
"""Every kind of event of every kind of record, by name: each class adds itself."""


class Event(Model):
    """What happened: the data of an entry of one kind. Each kind says what its consumer may see of it.

    `erases`: from then on the record does without the words of its entries.
    """

    erases: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        known = EVENTS.setdefault(cls.__name__, cls)
        if known is not cls:
            raise ValueError(f"two kinds of events are called {cls.__name__}")

    def public_face(self) -> dict[str, Any] | None:
        """The part of the data shown to the consumer; None hides the whole event."""
        return {}


class Hidden(Event):
    """What the consumer does not see."""

    def public_face(self) -> dict[str, Any] | None:
        return None


class AlarmRaised(Hidden):
    """The clock rang. The entry's own time says when it was raised, the alarm's `moment` when it should have been."""

    alarm: Alarm


def kinds_in(module: str) -> tuple[type[Event], ...]:
    """The kinds of events that a module defines, in its order; those others are made from left out."""
    return tuple(kind for kind in EVENTS.values() if kind.__module__ == module and not kind.__subclasses__())
