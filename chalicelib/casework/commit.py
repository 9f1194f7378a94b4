"""What happened is applied and saved, with the time at which the record's clock rings next: the one way to write."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import TypeVar

from chalicelib import log
from chalicelib.adapters import store
from chalicelib.adapters.items import Idempotency, Item
from chalicelib.adapters.store import Beside
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Contact
from chalicelib.domain.ground.record import State
from chalicelib.domain.policy.policies import Policy

from .records import kind_of

S = TypeVar("S", bound=State)


def commit(
    before: S | None,
    entries: Sequence[Entry],
    now: datetime,
    policy: Policy,
    *,
    contact: Contact | None = None,
    more: Sequence[Item] = (),
    idempotency: Idempotency | None = None,
    conditions: Sequence[store.Condition] = (),
) -> S:
    """The record after the entries, which are saved with it. `conditions`: what must hold of other records then.

    `contact`: that of a new record; `more`: what else is written in the same transaction.

    The log says which entries these are: by record and number they are followed through whatever reacts to them.

    Raises Stale if somebody else was faster or a condition does not hold, TooLarge.
    """
    first, last = entries[0], entries[-1]
    kind = kind_of(first.record)
    after: S = reduce(kind.evolve, entries[1:], kind.evolve(before, first))
    alarm = kind.next_alarm(after, policy, None)
    tasks = (kind.tasks(before) if before else (), kind.tasks(after))
    apart = store.write(
        kind.head(after),
        entries,
        now,
        seen=before.seq if before else 0,
        rings_at=alarm.moment if alarm else None,
        beside=Beside(tasks, contact, more, conditions, idempotency),
        kept_apart=after.kept_apart,
    )
    log.note("saved", record=first.record, first_seq=first.seq, last_seq=last.seq)
    return after if apart == after.kept_apart else after.model_copy(update={"kept_apart": apart})


def only_rings(entries: Sequence[Entry]) -> bool:
    """Whether so many alarms were due that what was to happen has not happened yet: decide again on what they leave."""
    return all(entry.actor.is_same(CLOCK) for entry in entries)
