"""When the clock of a stage stands still, when it runs again, and what goes with it (4.2b, 4.2c, 4.4b).

It stands still for the answer to a question, and, while a plan awaits the consumer, for what they wrote since: that may
be an objection in the wrong box, so nothing lapses until customer service has read it.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from chalicelib.domain.complaint import clocks, events
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import HOUSE, Actor
from chalicelib.domain.ground.record import STAGE_CLOCK, ClockSetting

Sent = TypeVar("Sent", events.InformationGiven, events.EvidenceReceived)


def stood_still(draft: Draft, clock: ClockSetting) -> events.Hold:
    """What it means for the stage's clock to stand still from now until that other clock has run out."""
    stage = draft.complaint.stage_clock
    assert stage is not None  # noqa: S101 — an open stage has one, and only there is anybody asked or heard
    due = clocks.due_anew(clocks.waited(stage, draft.now, clock.due_at), draft.complaint, draft.policy)
    return events.Hold(due_at=due.at, provisional=due.provisional)


def take_in(draft: Draft, sent: Sent, actor: Actor) -> None:
    """Something comes from the consumer, and answers what they were asked.

    Or it is read, where a plan awaits them; more of it waits for the same reading.
    """
    complaint = draft.complaint
    asked = complaint.awaited_request
    stops = complaint.numbers([clocks.named("information", asked.request_id)]) if asked else ()
    told = told_together(draft, at_once=isinstance(sent, events.InformationGiven))
    known = {"answers": asked and asked.request_id, "stops": stops, **told}
    draft.add(sent.model_copy(update=known), actor)
    if stops:
        resume(draft, draft.now, HOUSE)
    if Action.READ_INFORMATION in LIFECYCLE.allowed(complaint.stage) and not complaint.words_clock:
        await_reading(draft, clocks.words_clock(draft.complaint, draft.now, draft.policy))


def told_together(draft: Draft, *, at_once: bool) -> dict[str, Any]:
    """From when on staff are told of what has come from the consumer: not twice within some minutes, so what comes
    until then is told with it, and by what is due then. Words are told at once if none were told lately; files are
    waited for, since of nine photographs the first says little."""
    news, operating = draft.complaint.news, draft.policy.operating
    if news and draft.now < news.tell_from:
        return {}
    waits = timedelta(minutes=operating.told_together_minutes)
    soonest = max(draft.now, news.tell_from + waits) if news else draft.now
    return {"tell_from": soonest if at_once else draft.now + waits, "operating": operating.version}


def await_reading(draft: Draft, clock: ClockSetting, **more: Any) -> None:
    """What the consumer wrote is to be read, by that clock, where a plan awaits them."""
    stops = draft.complaint.numbers([STAGE_CLOCK])
    draft.add(events.ReadingAwaited(clock=clock, stops=stops, hold=stood_still(draft, clock), **more), HOUSE)


def resume(draft: Draft, until: datetime, actor: Actor) -> None:
    """The stage's clock, if it stood still until then, runs again: it ends later by what it stood still for."""
    complaint, policy = draft.complaint, draft.policy
    clock = complaint.stage_clock
    if clock is None or clock.waiting_since is None:
        return
    waited = clocks.waited(clock, clock.waiting_since, until)
    due = clocks.due_anew(waited, complaint, policy)
    setting, raised = clocks.set_anew(waited, complaint.stage, due, clock.waiting_since, policy)
    event = events.ClockResumed(
        clock=setting,
        was_due_at=clock.due_at,
        alarms_raised=raised,
        waited_from=clock.waiting_since,
        waited_until=until,
    )
    draft.add(event, actor)
    move_inquiries(draft, actor)


def move_inquiries(draft: Draft, actor: Actor) -> None:
    """The stage is due at another time: no inquiry is due after it, and none sooner than it has to be (4.2b)."""
    for clock in draft.complaint.clocks:
        due = clocks.due_anew(clock, draft.complaint, draft.policy) if clock.capped else None
        if due and (due.at, due.provisional) != (clock.due_at, clock.provisional):
            setting, raised = clocks.set_anew(clock, draft.complaint.stage, due, draft.now, draft.policy)
            moved = events.InquiryMoved(
                clock=setting, stops=(clock.number,), was_due_at=clock.due_at, alarms_raised=raised
            )
            draft.add(moved, actor)
