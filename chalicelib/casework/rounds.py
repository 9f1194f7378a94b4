"""The rounds of the house: what is done regularly, each a row. Once an hour whatever is due is done.

A mark says up to which occasion a round was made, so that it is made once, and what was missed while nothing ran is
made up. It is set after the round: who dies between, or runs at the same time, makes it twice. So what a round does has
keys made of its occasion, and doing it twice has one effect.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time
from typing import Literal, NamedTuple

from chalicelib import log
from chalicelib.adapters import store
from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import timetable
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.timetable import When

from . import amendments, audit_rounds, calendar, compute, got_worse, policy_reviews, rising, rules, study_rounds
from .close import close
from .digest import queue_digests
from .leavers import take_back


class Round(NamedTuple):
    """What is done (`what`, told the occasion and the time), and when.

    Of those that were missed, `each` is made up (reports), oldest first, or only the `latest` (what is told of today).
    A round is made while people are awake, since somebody may be told; one that tells nobody may be made `by_night`.
    """

    name: str
    when: When
    what: Callable[[datetime, datetime], object]
    missed: Literal["each", "latest"]
    by_night: bool = False


EVERY_HOUR_OF_THE_DAY = When(timetable.every_day, tuple(time(hour) for hour in range(8, 21)))
EVERY_THIRD_HOUR = When(timetable.every_day, tuple(time(hour) for hour in range(2, 24, 3)))
"""The last before midnight, when what is due on a day falls due."""

EVERY_NIGHT = When(timetable.every_day, (time(1),))
"""A day is closed when its last lines have been written."""

ROUNDS = (
    Round("digest", When(timetable.every_working_day, (time(8),)), queue_digests, "latest"),
    Round("calendar", When(timetable.every_day, (time(9),)), lambda _, now: calendar.warn(now), "latest"),
    Round("policy", When(timetable.every_day, (time(8),)), lambda _, now: amendments.keep_all_up(now), "latest"),
    Round("study", When(timetable.every_working_day, (time(8),)), study_rounds.look, "latest"),
    Round("leavers", EVERY_HOUR_OF_THE_DAY, take_back, "latest"),
    Round("daily close", EVERY_NIGHT, close, "each", True),
    Round("daily report", EVERY_NIGHT, compute.daily, "each", True),
    Round("weekly report", When(timetable.mondays, (time(8),)), compute.weekly, "each"),
    Round("rising", When(timetable.mondays, (time(8),)), rising.look, "each"),
    Round("got worse", When(timetable.mondays, (time(8),)), got_worse.tell, "latest"),
    Round("monthly report", When(timetable.working_day_of_month(2), (time(8),)), compute.monthly, "each"),
    Round("half-yearly report", When(timetable.working_day_of_half_year(2), (time(8),)), compute.half_yearly, "each"),
    Round("policy review", When(timetable.every_working_day, (time(9),)), policy_reviews.remind, "latest"),
    Round("audit programme", When(timetable.working_day_of_quarter(10), (time(9),)), audit_rounds.remind, "latest"),
    Round("audit leavers", When(timetable.every_working_day, (time(9),)), audit_rounds.look_for_leavers, "latest"),
    Round("audit recount", EVERY_THIRD_HOUR, lambda _, now: audit_rounds.recount(now), "latest", True),
    Round("recount", EVERY_THIRD_HOUR, lambda _, now: calendar.recount(now), "latest", True),
)


def make(now: datetime, rounds: Iterable[Round] = ROUNDS) -> dict[str, int]:
    """Makes what is due; how often each was made. One that fails keeps no other, and the next hour comes back to it.

    Raises, after all of them, what the first failed of: so it is tried again sooner, and somebody is told.
    """
    made: dict[str, int] = {}
    faults: list[Exception] = []
    policy, rows = rules.in_force(now), tuple(rounds)
    awake = policy.waking(now, earlier=False) == now
    marks = store.marks(_mark(one) for one in rows)
    for one in rows:
        try:
            made[one.name] = _make(one, marks.get(_mark(one)), now, policy) if awake or one.by_night else 0
        except Exception as fault:  # whatever it is, the others are made
            log.fault("a round failed", round=one.name)
            faults.append(fault)
    log.note("rounds made", **made)
    if faults:
        raise faults[0]
    return made


def _mark(one: Round) -> str:
    return f"round {one.name}"


def _make(one: Round, last: str | None, now: datetime, policy: Policy) -> int:
    made = 0
    for occasion in _due(one, datetime.fromisoformat(last) if last else None, now, policy):
        one.what(occasion, now)
        store.set_mark(_mark(one), written(occasion))
        made += 1
    return made


def _due(one: Round, last: datetime | None, now: datetime, policy: Policy) -> Iterator[datetime]:
    """The occasions to make; where none was ever made, the latest only."""
    if last and one.missed == "each":
        yield from one.when.since(last, now, policy)
    elif (latest := one.when.latest(now, policy)) and (last is None or last < latest):
        yield latest
