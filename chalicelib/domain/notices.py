"""Who is told of what: one table. Every kind of event has a row, or an explicit nobody; a test checks it.

A notice is told once to one audience about one event. To whom by which channel depends on how they can be reached:
consumers by e-mail, and by SMS what has a deadline or cannot be mailed; departments by their topic; a member of staff
by e-mail. The words are in `chalicelib/notices/<kind>/`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from .artefacts import Contact
from .complaint import Complaint
from .events import Event
from .happenings import KINDS as EVENTS
from .happenings import (
    STAGE_CLOCK,
    AlarmRaised,
    AssigneeUnreachable,
    ClockResumed,
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintFiled,
    ComplaintLapsed,
    ComplaintMerged,
    ComplaintReopened,
    ComplaintWithdrawn,
    ConsumerUnreachable,
    DeadlineExtended,
    DeadlineMissed,
    DeadlineMoved,
    DeliveryUpdated,
    Escalated,
    EvidenceOffered,
    EvidenceQuarantined,
    EvidenceReceived,
    FollowUpCompleted,
    FollowUpPromised,
    Happening,
    InformationGiven,
    InformationRequested,
    InquiryAnswered,
    InquiryOpened,
    InvestigationReported,
    LegalIssueRaised,
    LegalReviewed,
    LinkReplaced,
    MergerMoved,
    NoteAdded,
    OrderChecked,
    PlanAccepted,
    PlanObjectedTo,
    PlanProposed,
    RelatedFound,
    ReminderRaised,
    WaitExpired,
)
from .people import Role

Channel = Literal["email", "sms", "topic"]
Audience = Literal["consumer", "assignee", "told", "asked"] | Role
"""`told`: whoever the alarm says; `asked`: the department an inquiry asks; `assignee`: who has the complaint."""

HOUSE = "house"
"""What a notice is about that is about no single complaint."""


class Kind(NamedTuple):
    """`urgent`: goes by SMS too, since it has a deadline. `follows`: what must have been sent before it."""

    urgent: bool = False
    follows: frozenset[str] = frozenset()


_PLANS = frozenset({"plan", "adjusted_plan"})
KINDS: Mapping[str, Kind] = {
    "receipt": Kind(),
    "acknowledgement": Kind(),
    "plan": Kind(urgent=True),
    "adjusted_plan": Kind(urgent=True, follows=_PLANS),
    "answer_reminder": Kind(urgent=True, follows=_PLANS),
    "closure": Kind(follows=_PLANS),
    "delivery_update": Kind(),
    "information_request": Kind(urgent=True),
    "extension": Kind(),
    "withdrawal": Kind(),
    "reopening": Kind(),
    "follow_ups_done": Kind(),
    "merged": Kind(),
    "separated": Kind(follows=frozenset({"merged"})),
    "new_link": Kind(),
    "assigned": Kind(),
    "reminder": Kind(),
    "breach": Kind(),
    "escalation": Kind(),
    "objection": Kind(),
    "inquiry_asked": Kind(),
    "inquiry_answered": Kind(),
    "information_given": Kind(),
    "legal_issue": Kind(),
    "legal_reviewed": Kind(),
    "safety": Kind(),
    "reopened": Kind(),
    "bounce": Kind(),
    "staff_bounce": Kind(),
    "digest": Kind(),
    "calendar_warning": Kind(),
}


class Row(NamedTuple):
    """A notice of `kind` goes to `audience`, if what happened is such (`when`)."""

    audience: Audience
    kind: str
    when: Callable[[Any], bool] = lambda happening: True


def _is(kind: str, clock: str = "") -> Callable[[AlarmRaised], bool]:
    return lambda it: it.alarm.kind == kind and it.alarm.clock.startswith(clock)


def _to_customer_service(kind: str) -> tuple[Row, ...]:
    return Row("assignee", kind), Row(Role.CUSTOMER_SERVICE, kind)


NOBODY: tuple[Row, ...] = ()
TABLE: Mapping[type[Happening], tuple[Row, ...]] = {
    ComplaintFiled: (Row("consumer", "receipt"),),
    ComplaintAcknowledged: (Row("consumer", "acknowledgement"),),
    InvestigationReported: NOBODY,
    PlanProposed: (
        Row("consumer", "plan", lambda it: it.round == 1),
        Row("consumer", "adjusted_plan", lambda it: it.round > 1),
    ),
    PlanAccepted: (Row("consumer", "closure"),),
    PlanObjectedTo: _to_customer_service("objection"),
    ComplaintLapsed: (Row("consumer", "closure"),),
    ComplaintWithdrawn: (Row("consumer", "withdrawal"),),
    ComplaintReopened: (Row("consumer", "reopening"), *_to_customer_service("reopened")),
    ComplaintMerged: (Row("consumer", "merged"),),
    MergerMoved: (
        Row("consumer", "merged", lambda it: it.into is not None),
        Row("consumer", "separated", lambda it: it.into is None),
    ),
    ComplaintAssigned: (Row("assignee", "assigned"),),
    NoteAdded: NOBODY,
    InquiryOpened: (Row("asked", "inquiry_asked"),),
    InquiryAnswered: _to_customer_service("inquiry_answered"),
    LegalIssueRaised: (
        Row(Role.LEGAL, "legal_issue"),
        Row(Role.MANAGEMENT, "safety", lambda it: it.why == "safety"),
    ),
    LegalReviewed: _to_customer_service("legal_reviewed"),
    LinkReplaced: (Row("consumer", "new_link"),),
    DeliveryUpdated: (Row("consumer", "delivery_update"),),
    InformationRequested: (Row("consumer", "information_request"),),
    InformationGiven: _to_customer_service("information_given"),
    FollowUpPromised: NOBODY,
    FollowUpCompleted: (Row("consumer", "follow_ups_done", lambda it: it.last),),
    EvidenceOffered: NOBODY,
    EvidenceReceived: tuple(
        row._replace(when=lambda it: it.added_by == "consumer") for row in _to_customer_service("information_given")
    ),
    EvidenceQuarantined: NOBODY,
    OrderChecked: NOBODY,
    RelatedFound: NOBODY,
    ConsumerUnreachable: _to_customer_service("bounce"),
    AssigneeUnreachable: (Row(Role.CUSTOMER_SERVICE, "staff_bounce"),),
    ReminderRaised: (
        Row("consumer", "answer_reminder", _is("nudge", STAGE_CLOCK)),
        Row("consumer", "information_request", _is("nudge", "information")),
        Row("told", "reminder", _is("reminder")),
        Row(
            "assignee", "reminder", lambda it: it.alarm.kind == "reminder" and not it.alarm.clock.startswith("inquiry")
        ),
    ),
    DeadlineMissed: (Row("told", "breach"), Row("assignee", "breach")),
    Escalated: (Row("told", "escalation"),),
    WaitExpired: (Row("told", "reminder"), Row("assignee", "reminder")),
    DeadlineMoved: NOBODY,
    DeadlineExtended: (Row("consumer", "extension"),),
    ClockResumed: NOBODY,
}

if silent := set(EVENTS.values()) ^ set(TABLE):
    raise ValueError(f"each kind of event says who is told of it, these do not fit: {sorted(map(str, silent))}")
if nameless := {row.kind for rows in TABLE.values() for row in rows} - set(KINDS):
    raise ValueError(f"these kinds of notices are not described: {sorted(nameless)}")


class NoticeKey(NamedTuple):
    """What makes a notice that one notice, however often it is asked for: event, audience and kind.

    `about`: a complaint's id and `seq` its event's; or the house, and `seq` a day as 20261201.
    """

    about: str
    seq: int
    audience: str
    kind: str


def notices_of(event: Event) -> list[NoticeKey]:
    """The notices an event leads to."""
    happening = event.happening
    return [
        NoticeKey(event.complaint_id, event.seq, audience, row.kind)
        for row in TABLE[type(happening)]
        if row.when(happening)
        for audience in _audiences(row.audience, happening)
    ]


def _audiences(audience: Audience, happening: Happening) -> tuple[str, ...]:
    if audience == "told" and isinstance(happening, AlarmRaised):
        return tuple(role for role in happening.alarm.tell if role != Role.CONSUMER)
    if audience == "asked" and isinstance(happening, InquiryOpened):
        return (happening.inquiry.department,)
    return (audience,)


def not_before(event: Event) -> datetime:
    """From when on people may be told of an event: nobody is woken at night by an alarm."""
    happening = event.happening
    return happening.alarm.tell_from if isinstance(happening, AlarmRaised) else event.at


def outdated(event: Event, complaint: Complaint) -> bool:
    """Whether it is about something that is over: to be asked or reminded of what has been done is noise."""
    happening = event.happening
    if isinstance(happening, InquiryOpened):
        return happening.inquiry_id not in [inquiry.inquiry_id for inquiry in complaint.open_inquiries]
    if isinstance(happening, MergerMoved):
        return complaint.merged_into != happening.into or (happening.into is None and complaint.separated_at is None)
    if isinstance(happening, WaitExpired):
        return complaint.stage != happening.alarm.stage
    if not isinstance(happening, AlarmRaised) or happening.alarm.kind not in ("reminder", "escalation", "nudge"):
        return False
    clock = complaint.clock(happening.alarm.clock)
    return clock is None or clock.number > event.seq


def channels_to_consumer(kind: str, contact: Contact, failed: Collection[str]) -> list[Channel]:
    """How a consumer is told: by e-mail where that works, by SMS what is urgent or cannot be mailed."""
    mailed = contact.email is not None and not contact.email_unusable and "email" not in failed
    texted = contact.phone is not None and "sms" not in failed and (KINDS[kind].urgent or not mailed)
    return [*(["email"] if mailed else []), *(["sms"] if texted else [])]  # type: ignore[list-item]


# What becomes of a message once the mail system has taken it: each state and those it may follow on. Reports come late,
# twice and in any order; one that does not follow on what is known already changes nothing.
AFTER: Mapping[str, frozenset[str]] = {
    "delayed": frozenset({"sent"}),
    "delivered": frozenset({"sent", "delayed"}),
    "undelivered": frozenset({"sent", "delayed"}),
    "bounced": frozenset({"sent", "delayed", "delivered"}),
    "complained": frozenset({"sent", "delayed", "delivered"}),
}
FAILED = frozenset({"undelivered", "bounced", "refused"})
"""States of a channel by which the notice did not reach its reader."""
UNUSABLE = frozenset({"bounced", "complained"})
"""After these an address is not written to again."""


def masked(address: str) -> str:
    """An address or a number as staff may see it in a list: enough to recognise it, not enough to use it."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1] if len(name) > 1 else ''}***@{domain}"
    first, last = (6, 4) if len(address) >= 14 else (3, 2)
    return f"{address[:first]}****{address[-last:]}"
