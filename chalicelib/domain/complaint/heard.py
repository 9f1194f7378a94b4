"""Who answers for a breach of a complaint (8.3): when a hearing begins, what speaks for them, and what follows from
what they and management say.

Only a person is heard: what a department missed nobody answers for alone. What is the same for every record is in
`hearings`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.complaint import clocks, events, hearings, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.guards import Attempt
from chalicelib.domain.complaint.hearings import Hearing, Hint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Role
from chalicelib.domain.ground.record import Alarm, ClockSetting, Event
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import Hearings

SOON = timedelta(hours=4)
"""Working time: whoever is given something less before it is due has hardly time to do it."""
LATE = timedelta(minutes=15)
"""A due time that is recorded later than that was missed while the house stood still."""
MANY = 30
"""Open complaints: whoever has more can hardly have each in mind."""


def to_open(complaint: Complaint, entry: Entry) -> list[int]:
    """The breaches, by number, that a person answers for from this entry on: one is recorded by it, or stands again."""
    event, recorded = entry.event, enumerate(complaint.breaches, start=1)
    standing = {number: one for number, one in recorded if not one.void and one.held_by not in set(Role)}
    known = {one.number: one for one in complaint.hearings}
    if isinstance(event, events.DeadlineMissed):
        missed = event.alarm.clock, event.alarm.due_at, entry.at
        return [
            number
            for number, one in standing.items()
            if (one.clock, one.due_at, one.recorded_at) == missed and number not in known
        ]
    return [number for number in standing if number in known and known[number].void]


def opened(complaint: Complaint, number: int, load: int, now: datetime, policy: Policy) -> hearings.HearingOpened:
    """`load`: how many open complaints they have."""

    def sets(ladder: Hearings, name: str) -> ClockSetting:
        return clocks.hearing_clock(complaint, ladder, name, now, policy)

    breach = complaint.breaches[number - 1]
    return hearings.opened(number, breach.held_by, hints(complaint, breach, load, policy), sets)


def hints(complaint: Complaint, breach: parts.Breach, load: int, policy: Policy) -> Iterator[Hint]:
    """What speaks for whoever missed it."""
    given = [one.since for one in complaint.holders if one.assignee == breach.held_by and one.since < breach.due_at]
    if given and policy.working_time(given[-1], breach.due_at) < SOON:
        yield "assigned_late"
    if any(_was_late(one, breach) for one in complaint.inquiries):
        yield "department_late"
    if complaint.unreached:
        yield "notice_bounced"
    corrected = breach.counted.rang_at is not None and breach.counted.rang_at > breach.due_at
    if breach.recorded_at - breach.due_at >= LATE and not corrected:
        yield "system_down"
    if load > MANY:
        yield "many_open"


def _was_late(inquiry: parts.OpenedInquiry, breach: parts.Breach) -> bool:
    if inquiry.asked_at < breach.begun_at or inquiry.due_at > breach.due_at or inquiry.status == "dispensed":
        return False
    return inquiry.answered_at is None or inquiry.answered_at >= inquiry.due_at


# ---- what follows ----------------------------------------------------------------------------------------------------


def state(draft: Draft, attempt: Attempt) -> None:
    draft.add(hearings.stated(_hearing(draft, attempt.part), attempt.submission, _sets(draft)), attempt.actor)


def decide(draft: Draft, attempt: Attempt) -> None:
    draft.add(hearings.decided(_hearing(draft, attempt.part), attempt.submission, _sets(draft)), attempt.actor)


def object_to(draft: Draft, attempt: Attempt) -> None:
    draft.add(hearings.objected(_hearing(draft, attempt.part), attempt.submission, _sets(draft)), attempt.actor)


def ring(draft: Draft, alarm: Alarm) -> None:
    """A clock of a hearing rings: somebody is reminded, the time to speak is over, or a decision is late."""
    hearing = _hearing(draft, alarm.clock.rpartition(" ")[2])
    about = {"alarm": alarm, "number": hearing.number, "person": hearing.person}
    event: Event
    if hearing.waits_for_decision:
        event = hearings.DecisionAwaited(**about)
    elif alarm.kind == "reminder":
        event = hearings.HearingReminded(**about)
    else:
        event = hearings.ended(hearing, alarm, _sets(draft))
    draft.add(event, CLOCK)


def _hearing(draft: Draft, number: str | None) -> Hearing:
    hearing = hearings.of(draft.complaint.hearings, number)
    assert hearing is not None  # noqa: S101 — a guard has seen to it, or it is its clock that rings
    return hearing


def _sets(draft: Draft) -> hearings.Sets:
    def sets(ladder: Hearings, name: str) -> ClockSetting:
        return clocks.hearing_clock(draft.complaint, ladder, name, draft.now, draft.policy)

    return sets
