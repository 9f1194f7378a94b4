"""Closures for tests of the machine's rules: what is known of a life, and the same with a fault planted in it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.audit.checks import run
from chalicelib.domain.audit.evidence import Evidence, Fared, Told
from chalicelib.domain.audit.verdicts import Says
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import MadeCall, ResolutionPlan
from chalicelib.domain.ground.chain import Entry, link
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import GENESIS, Event, NewStage
from chalicelib.domain.telling.notices import notices_of
from chalicelib.domain.vocabulary import spoken
from tests.domain.cases import FRIDAY, KETTLE, LIN, NUMBER, PLAN, WANG, Story

LONG_AGO = FRIDAY - timedelta(days=60)
CALL = MadeCall(about="acceptance", reached=True, note="王女士在电话中同意退款。")
OTHER_PLAN = PLAN.model_copy(update={"summary": "我们为您换一只新壶，并另付补偿。"})
WAYS = " ".join((spoken.RECOURSE["zh-CN"], *(route["zh-CN"] for route in spoken.ROUTES)))


def told(entries: Iterable[Entry], fared: Fared = "arrived") -> tuple[Told, ...]:
    """Everybody who is told of something has been, at once."""
    return tuple(
        Told(key.seq, key.kind, key.audience, fared, entry.at) for entry in entries for key in notices_of(entry)
    )


def seen(story: Story, closure: int | None = None, **known: Any) -> Evidence:
    """All that can be known of a closure, by default of the last: everything is as it should be beside the entries."""
    entries = tuple(known.pop("entries", story.entries))
    complaint = fold(entries)
    everybody = {entry.actor.id: LONG_AGO for entry in entries if entry.actor.kind == "staff"}
    return replace(
        Evidence(
            entries,
            closure or complaint.closures,
            story.policy,
            story.now,
            head=complaint,
            reachable=True,
            notices=told(entries),
            evidence_hashes={one.evidence_id: str(one.sha256) for one in complaint.evidence},
            studied=everybody,
            study_due=everybody,
            texts={entry.seq: WAYS for entry in entries},
        ),
        **known,
    )


def says(rule: str, evidence: Evidence) -> Says:
    return next(one.verdict.says for one in run(evidence) if one.rule == rule)


def seqs(rule: str, evidence: Evidence) -> tuple[int, ...]:
    return next(one.verdict.seqs for one in run(evidence) if one.rule == rule)


def broken(evidence: Evidence) -> set[str]:
    return {one.rule for one in run(evidence) if one.verdict.says == "broken"}


def seq_of(story: Story, kind: str) -> int:
    """The number of the last entry of a kind."""
    return next(entry.seq for entry in reversed(story.entries) if entry.kind == kind)


def altered(
    story: Story,
    kind: str,
    *,
    event: Callable[[Any], Event] = lambda it: it,
    actor: Actor | None = None,
    enters: NewStage | None = None,
) -> list[Entry]:
    """The entries as if the last one of a kind had been otherwise from the beginning: their chain is whole."""
    seq = seq_of(story, kind)

    def mine(one: Entry) -> tuple[Event, Actor, datetime, NewStage | None]:
        return event(one.event), actor or one.actor, one.at, enters or one.enters

    return _chained(mine(one) if one.seq == seq else _as_is(one) for one in story.entries)


def dropped(story: Story, kind: str) -> list[Entry]:
    """As if the last one of a kind had never been."""
    return _chained(_as_is(one) for one in story.entries if one.seq != seq_of(story, kind))


def _as_is(one: Entry) -> tuple[Event, Actor, datetime, NewStage | None]:
    return one.event, one.actor, one.at, one.enters


def _chained(happened: Iterable[tuple[Event, Actor, datetime, NewStage | None]]) -> list[Entry]:
    made: list[Entry] = []
    for seq, (what, who, at, enters) in enumerate(happened, start=1):
        made.append(link(NUMBER, seq, made[-1].hash if made else GENESIS, what, who, at, enters))
    return made


# ---- lives -----------------------------------------------------------------------------------------------------------


def later(story: Story, **time: float) -> Story:
    story.now += timedelta(**time)
    return story


def planned(story: Story | None = None, plan: ResolutionPlan = PLAN) -> Story:
    """A complaint whose plan the consumer has, each step after two hours."""
    story = story or Story(KETTLE)
    later(story, hours=2).do(Action.ACKNOWLEDGE)
    later(story, hours=2).do(Action.REPORT)
    return later(story, hours=2).do(Action.PROPOSE_PLAN, submission=plan)


def closed(story: Story | None = None, plan: ResolutionPlan = PLAN) -> Story:
    """And who has accepted it."""
    return later(planned(story, plan), hours=2).do(Action.ACCEPT_PLAN, WANG)


def closed_for_caller(*, call: MadeCall | None = CALL) -> Story:
    """Somebody of staff has recorded the acceptance."""
    story = later(planned(), hours=2)
    if call:
        story.do(Action.CALL, LIN, call)
    return story.do(Action.ACCEPT_PLAN, LIN)
