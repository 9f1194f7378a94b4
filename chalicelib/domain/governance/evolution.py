"""What each event of an amendment changes: `evolve`, and a row of `CHANGES` for each kind."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.governance import amendment as events
from chalicelib.domain.governance.amendment import Amendment, Decision, OpinionHeld, Replay, Running, Stage
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.record import AlarmRaised, Event

Changes = dict[str, Any]
SAYS = (
    *("document", "base", "beside", "summary", "reasons", "impact"),
    *("staff_impact", "staff_impact_by_house", "changes", "hash"),
)


def evolve(state: Amendment | None, entry: Entry) -> Amendment:
    """The amendment after an entry. Folding all of them gives the one that is stored."""
    event = entry.event
    if isinstance(event, events.AmendmentDrafted):
        state = _begun(entry, event)
    assert state  # noqa: S101 — nothing comes before it was drafted
    changes: Changes = {
        **chain.followed(state, entry),
        **_clocks(state, entry),
    }
    return state.model_copy(update=changes | CHANGES[type(event)](state, entry, event))


def _begun(entry: Entry, event: events.AmendmentDrafted) -> Amendment:
    return Amendment(
        stage=Stage.DRAFT,
        amendment_id=entry.record,
        **_said(event),
        author=entry.actor.id,
        drafted_at=entry.at,
        changed_at=entry.at,
        hands=(entry.actor.id,),
    )


def _said(event: events.Proposed) -> Changes:
    return {name: getattr(event, name) for name in SAYS}


def _clocks(state: Amendment, entry: Entry) -> Changes:
    """The clock of the stage, and the replay, which is given up with its clock while it is not finished."""
    setting, stops = entry.sets_clock
    running, replay = state.running, state.replay
    if running and running.clock in stops:
        running = None
    if replay and replay.clock in stops:
        replay = None
    if setting and entry.enters:
        running = Running(name=setting.name, clock=entry.seq, since=entry.at, due_at=setting.due_at)
    return {"running": running, "replay": replay}


# ---- what it says, and whether it may --------------------------------------------------------------------------------


def _nothing(state: Amendment, entry: Entry, event: Event) -> Changes:
    return {}


def _changed(state: Amendment, entry: Entry, event: events.AmendmentChanged) -> Changes:
    anew = {"submitted_at": None, "submitted_by": None, "consultation": None}
    return {**_said(event), **anew, "changed_at": entry.at, "hands": _with(state, entry)}


def _submitted(state: Amendment, entry: Entry, event: events.AmendmentSubmitted) -> Changes:
    by = {"submitted_at": entry.at, "submitted_by": entry.actor.id}
    return {**by, "consultation": event.consultation, "hands": _with(state, entry)}


def _with(state: Amendment, entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*state.hands, entry.actor.id)))


def _decided(state: Amendment, entry: Entry, event: events.AmendmentApproved | events.AmendmentReturned) -> Changes:
    decision = Decision(
        at=entry.at,
        by=entry.actor.id,
        approved=isinstance(event, events.AmendmentApproved),
        hash=event.hash,
        reasons=event.reasons,
    )
    return {"decisions": (*state.decisions, decision)}


# ---- replay ----------------------------------------------------------------------------------------------------------


def _replay_started(state: Amendment, entry: Entry, event: events.ReplayStarted) -> Changes:
    started = {"started_at": entry.at, "clock": entry.seq, "due_at": event.clock.due_at}
    return {"replay": Replay(first=event.first, last=event.last, hash=event.hash, **started)}


def _replay_stalled(state: Amendment, entry: Entry, event: events.ReplayStalled) -> Changes:
    assert state.replay  # noqa: S101 — its clock rang
    return {"replay": state.replay.model_copy(update={"stalls": event.alarm.number, "rang_at": entry.at})}


def _replay_finished(state: Amendment, entry: Entry, event: events.ReplayFinished) -> Changes:
    assert state.replay  # noqa: S101 — it was begun
    finished = {"clock": None, "finished_at": entry.at, "sum": event.sum}
    return {"replay": state.replay.model_copy(update=finished)}


# ---- announced -------------------------------------------------------------------------------------------------------


def _announced(state: Amendment, entry: Entry, event: events.AmendmentAnnounced) -> Changes:
    by = {"announced_at": entry.at, "announced_by": entry.actor.id}
    return {"number": event.number, "effective_from": event.effective_from, **by}


def _opinion_given(state: Amendment, entry: Entry, event: events.OpinionGiven) -> Changes:
    given = OpinionHeld(number=event.number, seq=entry.seq, at=entry.at, by=entry.actor)
    return {"opinions": (*state.opinions, given)}


def _opinion_answered(state: Amendment, entry: Entry, event: events.OpinionAnswered) -> Changes:
    return _of_opinion(state, event.number, {"answer_seq": entry.seq})


def _opinion_erased(state: Amendment, entry: Entry, event: events.OpinionErased) -> Changes:
    return _of_opinion(state, event.number, {"erased_at": entry.at})


def _of_opinion(state: Amendment, number: int, known: Changes) -> Changes:
    opinions = (one.model_copy(update=known) if one.number == number else one for one in state.opinions)
    return {"opinions": tuple(opinions)}


def _withdrawn(state: Amendment, entry: Entry, event: events.AmendmentWithdrawn) -> Changes:
    return {"withdrawn_at": entry.at}


def _took_effect(state: Amendment, entry: Entry, event: events.AmendmentTookEffect) -> Changes:
    """At its moment, however late somebody noticed."""
    return {"in_force_at": event.alarm.moment}


def _superseded(state: Amendment, entry: Entry, event: events.AmendmentSuperseded) -> Changes:
    return {"superseded_by": event.by}


def _rang(state: Amendment, entry: Entry, event: AlarmRaised) -> Changes:
    assert state.running  # noqa: S101 — it rang
    raised = (*state.running.raised, event.alarm.number)
    return {"running": state.running.model_copy(update={"raised": raised})}


def _untold(state: Amendment, entry: Entry, event: events.AuthorUnreachable) -> Changes:
    return {"untold": (*state.untold, event.about)}


CHANGES: Mapping[type[Event], Callable[[Amendment, Entry, Any], Changes]] = {
    events.AmendmentDrafted: _nothing,
    events.AmendmentChanged: _changed,
    events.ReplayStarted: _replay_started,
    events.ReplayStalled: _replay_stalled,
    events.ReplayFinished: _replay_finished,
    events.AmendmentSubmitted: _submitted,
    events.AmendmentApproved: _decided,
    events.AmendmentReturned: _decided,
    events.AmendmentAnnounced: _announced,
    events.OpinionGiven: _opinion_given,
    events.OpinionAnswered: _opinion_answered,
    events.OpinionErased: _opinion_erased,
    events.AmendmentWithdrawn: _withdrawn,
    events.AmendmentTookEffect: _took_effect,
    events.AmendmentSuperseded: _superseded,
    events.DecisionReminded: _rang,
    events.DecisionLate: _rang,
    events.AnswersReminded: _rang,
    events.AnswersLate: _rang,
    events.AuthorUnreachable: _untold,
}
