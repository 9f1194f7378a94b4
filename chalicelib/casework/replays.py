"""A draft of the policy is tried on past complaints (7.2), some at a time, from mark to mark.

A message names the amendment and nothing else: whoever takes it goes on from the mark, lays down the next one, and
queues the same message again until all is done. So it does not matter who dies where, nor how many go on at once: of
two who lay down the same mark one has, and the other stops. What stands still is queued again by the amendment's
clock. As soon as the draft says something else, or is withdrawn, nobody goes on.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from chalicelib import log
from chalicelib.adapters import lines, replays, store
from chalicelib.adapters.replays import Progress
from chalicelib.domain.governance import clocks, decisions
from chalicelib.domain.governance.amendment import Amendment, Replay, ReplayStalled, ReplayStarted, is_name
from chalicelib.domain.governance.replay import replayed
from chalicelib.domain.governance.tally import Outcome, Tally
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict, NotFound, Stale
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules

from . import documents, rules
from .batch import failed_messages
from .commit import commit
from .once import ATTEMPTS

A_CHUNK = 1_000  # complaints from mark to mark: some ten seconds, of which a message has five minutes
SOME_DAYS = 100  # days from mark to mark at most: where hardly anything was received, days are what takes time
A_PAGE = 1_000  # entries
DAY = timedelta(days=1)
STANDS_STILL = timedelta(minutes=10)  # without a mark: several times what a chunk takes


class Shown(NamedTuple):
    """A replay as it is read: of `days` days so many are `done`. `current`: it is of what the draft says now."""

    state: Amendment
    replay: Replay
    current: bool
    days: int
    done: int
    outcome: Outcome


# ---- how it goes on --------------------------------------------------------------------------------------------------


def begin(entry: Entry, now: datetime) -> None:
    """Reaction: a replay that is started, or stands still, is queued. One that was marked lately does not."""
    if entry.kind not in (ReplayStarted.__name__, ReplayStalled.__name__):
        return
    wanted = _wanted(entry.record)
    if wanted and (entry.kind == ReplayStarted.__name__ or now - _marked_at(*wanted) > STANDS_STILL):
        replays.queue(entry.record)


def _marked_at(state: Amendment, replay: Replay) -> datetime:
    return replays.progress(state.amendment_id, replay).progress.marked_at


def go_on(messages: Iterable[dict[str, Any]], now: datetime, chunk: int = A_CHUNK) -> list[str]:
    """The replays of the amendments that queue messages name, each to its next mark, which is so many complaints on;
    the ids of messages to be delivered again."""

    def to_the_next_mark(message: dict[str, Any]) -> None:
        _go_on(message["body"], now, chunk)

    return failed_messages(messages, to_the_next_mark, "a replay did not go on", _ids)


def _ids(message: dict[str, Any]) -> dict[str, Any]:
    return {"message": message.get("messageId"), "record": message.get("body")}


def _wanted(name: str) -> tuple[Amendment, Replay] | None:
    """The amendment and its replay, if that is to go on."""
    found = store.load(name, Amendment)
    state = found.state if found else None
    if state is None or state.replay is None or state.replay.hash != state.hash:
        return None
    return (state, state.replay) if state.replay.runs and state.replay_clock else None


def _go_on(name: str, now: datetime, chunk: int) -> None:
    wanted = _wanted(name)
    if wanted is None:
        log.note("a replay is over", record=name)
        return
    state, replay = wanted
    come, file = replays.progress(name, replay)
    if come.day:
        come = _tried(come, replay, Pair.of(state, now), now, chunk)
        try:
            replays.mark(name, replay, come, file)
        except Stale:
            log.note("somebody else goes on with a replay", record=name)
            return
    if come.day:
        replays.queue(name)
    else:
        _finish(name, replay, come.outcome, now)


class Pair(NamedTuple):
    """The policy that an amendment is of, and what it makes of that, each with the other document beside it."""

    base: Policy
    draft: Policy

    @classmethod
    def of(cls, state: Amendment, now: datetime) -> "Pair":
        before, after = documents.of(state, now)
        other = rules.operating_numbered if state.document == "rules" else rules.rules_numbered
        beside = other(state.beside, now).document
        return cls(_policy(before, beside), _policy(after, beside))


def _policy(one: Rules | Operating, other: Rules | Operating) -> Policy:
    promised, used = (one, other) if isinstance(one, Rules) else (other, one)
    if not (isinstance(promised, Rules) and isinstance(used, Operating)):
        raise TypeError("a policy is made of rules and of operating data")
    return Policy.of(promised, used)


def _tried(at: Progress, replay: Replay, pair: Pair, now: datetime, chunk: int) -> Progress:
    """So many complaints more."""
    tally = Tally(at.outcome)
    last = min(replay.last, (at.day or replay.last) + SOME_DAYS * DAY)
    tried = list(islice(_received(at, last), chunk))
    for one in tried:
        _try(one.complaint_id, pair, replay.started_at, tally)
    following = last + DAY if last < replay.last else None
    day, place = (tried[-1].day, tried[-1].place) if len(tried) == chunk else (following, "")
    return Progress(begun_at=at.begun_at, marked_at=now, day=day, place=place, outcome=tally.outcome())


class Place(NamedTuple):
    """Where a complaint stands among those that were received."""

    day: date
    place: str
    complaint_id: str


def _received(at: Progress, last: date) -> Iterator[Place]:
    """The complaints received from the mark on, in order. A merger takes its line back, which is no other complaint."""
    day, after = at.day, at.place
    while day and day <= last:
        yield from (
            Place(day, place, line.id) for place, line in lines.of_kind(day, "received", after) if line.seq == 1
        )
        day, after = day + DAY, ""


def _try(complaint_id: str, pair: Pair, until: datetime, tally: Tally) -> None:
    """One that cannot be read is left out, and keeps no other from being tried."""
    entries = store.timeline(complaint_id, 0, A_PAGE)
    try:
        effect = replayed(list(entries), *pair, until)
    except (ValueError, KeyError, AssertionError):
        log.fault("a complaint could not be tried by another policy", record=complaint_id)
        tally.leave_out()
        return
    if effect:
        tally.add(effect)


def _finish(name: str, replay: Replay, outcome: Outcome, now: datetime) -> None:
    """It is noted once, unless something else is tried by now."""
    for _ in range(ATTEMPTS):
        found = store.load(name, Amendment)
        if found is None or not found.state.replay_clock:
            return
        policy = rules.in_force(now)
        entries = clocks.due_alarms(found.state, now, policy) or decisions.replay_finished(
            found.state, replay.first, replay.last, replay.hash, outcome.sum, now
        )
        if not entries:
            return
        try:
            commit(found.state, entries, now, policy)
        except Stale:
            continue
    raise Conflict("changed_by_others")


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(name: str, actor: Actor) -> Shown:
    """The last replay of an amendment, finished or not, to staff. Raises NotFound."""
    found = store.load(name, Amendment) if is_name(name) and actor.kind == "staff" else None
    if found is None:
        raise NotFound("amendment_unknown")
    if found.state.replay is None:
        raise NotFound("replay_unknown")
    return progress(found.state, found.state.replay)


def progress(state: Amendment, replay: Replay) -> Shown:
    """How far a replay of an amendment has come."""
    known = replays.progress(state.amendment_id, replay).progress
    days = (replay.last - replay.first).days + 1
    done = (known.day - replay.first).days if known.day else days
    return Shown(state, replay, replay.hash == state.hash, days, done, known.outcome)
