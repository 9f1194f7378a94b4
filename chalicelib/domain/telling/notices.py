"""Who is told of what: one table. Every kind of event has a row, or an explicit nobody; a test checks it.

A notice is told once to one audience about one event. The channel depends on who it is: consumers get e-mail, and SMS
where something has a deadline or cannot be mailed; departments have their topic; a member of staff gets e-mail. The
words are in `chalicelib/notices/<kind>/`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from chalicelib.domain.complaint import events, hearings
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Contact, Role
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised, Event
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import (
    HEARING_DECIDED,
    HEARING_LATE,
    HEARING_OPENED,
    HEARING_REMINDER,
    HEARING_TO_DECIDE,
    LOST_LINK,
    NOTICES,
)
from chalicelib.domain.vocabulary.ladders import INQUIRY, SURVEY_ANSWER, SURVEY_REVIEW

Channel = Literal["email", "sms", "topic"]
Audience = Literal["consumer", "assignee", "told", "asked"] | Role | Callable[[Any], tuple[str, ...]]
"""`told`: whoever the alarm says; `asked`: the department an inquiry asks; `assignee`: who has the complaint.

Or a function of what happened that names them: a role, or one `person`.
"""
PERSON = "person/"


def person(username: str) -> str:
    """The audience that is one member of staff, whatever their name: no role is spelt like that."""
    return PERSON + username


SHOP = "shop/"


def shop(storefront: str) -> str:
    """The audience that a storefront has named itself, to be told by mail how its webhook fares; by client id."""
    return SHOP + storefront


class Row(NamedTuple):
    """A notice of `kind` goes to `audience`, if what happened is such (`when`)."""

    audience: Audience
    kind: str
    when: Callable[[Any], bool] = lambda event: True


Tells = Mapping[type[Event], tuple[Row, ...]]
"""Who is told of what: rows by what happened."""


def _is(kind: str, clock: str = "") -> Callable[[AlarmRaised], bool]:
    return lambda it: it.alarm.kind == kind and it.alarm.clock.startswith(clock)


def _is_of_others(it: AlarmRaised, *ladders: str) -> bool:
    """Whether whoever has the complaint need not know of it: what a low answer asks of a supervisor, which measures
    them, and what else is said."""
    return it.alarm.clock.startswith((SURVEY_REVIEW, *ladders))


def _to_customer_service(kind: str, when: Callable[[Any], bool] = lambda event: True) -> tuple[Row, ...]:
    return Row("assignee", kind, when), Row(Role.CUSTOMER_SERVICE, kind, when)


def _is_told(sent: events.InformationGiven | events.EvidenceReceived) -> bool:
    """Of what follows within minutes staff are told with it."""
    return sent.tell_from is not None


def sender(it: events.EvidenceQuarantined) -> tuple[str, ...]:
    """The member of staff who sent the file."""
    return (person(str(it.sent_by)),)


def _is_acute(it: events.DangerFound | events.DangerTriaged) -> bool:
    """Harm has happened or is at hand, and that was not known before."""
    return it.raises and it.tier == "act"


def _asks(task: str) -> Callable[[events.SafetyTaskBegun], bool]:
    return lambda it: it.task == task


def department(it: events.SafetyTaskBegun) -> tuple[str, ...]:
    """Whose it is to do."""
    return (it.department,)


def heard(it: hearings.HearingOpened | hearings.HearingReminded | hearings.HearingDecided) -> tuple[str, ...]:
    """Who answers for it."""
    return (person(it.person),)


NOBODY_IS_TOLD: tuple[Row, ...] = ()
TABLE: Tells = {
    events.ComplaintFiled: (Row("consumer", "receipt"),),
    events.ComplaintAcknowledged: (Row("consumer", "acknowledgement"),),
    events.InvestigationReported: NOBODY_IS_TOLD,
    events.PlanProposed: (
        Row("consumer", "plan", lambda it: it.round == 1),
        Row("consumer", "adjusted_plan", lambda it: it.round > 1),
    ),
    events.PlanAccepted: (Row("consumer", "closure"),),
    events.PlanObjectedTo: _to_customer_service("objection"),
    events.ReviewRequested: _to_customer_service("objection"),
    events.ComplaintLapsed: (Row("consumer", "closure"),),
    events.ComplaintWithdrawn: (Row("consumer", "withdrawal"),),
    events.ComplaintReopened: (Row("consumer", "reopening"), *_to_customer_service("reopened")),
    events.ComplaintMerged: (Row("consumer", "merged"),),
    events.MergerUndone: (Row("consumer", "separated"),),
    events.MergerMoved: (Row("consumer", "merged"),),
    events.OtherPlanProposed: (Row("consumer", "other_plan"),),
    events.OtherClosed: (Row("consumer", "other_closed"),),
    events.OtherReopened: (Row("consumer", "merged"),),
    events.ComplaintJoined: NOBODY_IS_TOLD,
    events.ComplaintParted: NOBODY_IS_TOLD,
    events.ComplaintAssigned: (Row("assignee", "assigned"),),
    events.ComplaintReturned: NOBODY_IS_TOLD,
    events.NobodyFound: (Row(Role.SUPERVISOR, "nobody_to_give_to"),),
    events.StaffNamed: NOBODY_IS_TOLD,
    events.NoteAdded: (Row("consumer", "note", lambda it: it.note.public),),
    events.NoteRetracted: NOBODY_IS_TOLD,
    events.EvidenceRetracted: NOBODY_IS_TOLD,
    events.InquiryOpened: (Row("asked", "inquiry_asked"),),
    events.InquiryAnswered: _to_customer_service("inquiry_answered"),
    events.LegalIssueRaised: (Row(Role.LEGAL, "legal_issue"),),
    events.DangerFound: (Row(Role.MANAGEMENT, "safety", lambda it: _is_acute(it) and it.of is None),),
    events.DangerTriaged: (Row(Role.MANAGEMENT, "safety", lambda it: _is_acute(it)),),
    events.SafetyTaskBegun: (
        *(
            Row(whom, "safety_call", _asks("safety_call"))
            for whom in ("assignee", Role.CUSTOMER_SERVICE, Role.SUPERVISOR)
        ),
        Row(Role.QUALITY, "safety_assessment", _asks("safety_assessment")),
        Row(department, "safety_task", lambda it: it.task not in ("safety_call", "safety_assessment")),
        Row(Role.SUPERVISOR, "safety_task", _asks("safety_privacy")),
    ),
    events.SafetyAssessed: (
        *_to_customer_service("safety_assessed"),
        Row(Role.SUPERVISOR, "safety_assessed"),
        Row(Role.MANAGEMENT, "safety_assessed"),
    ),
    events.DangerRepeated: (Row(Role.QUALITY, "product_danger"), Row(Role.MANAGEMENT, "product_danger")),
    events.AuthorityTold: NOBODY_IS_TOLD,
    events.InterimMeasureTaken: (Row("consumer", "interim_measure"),),
    events.PlanDrafted: (Row(Role.LEGAL, "plan_drafted"),),
    events.LegalReviewed: _to_customer_service("legal_reviewed"),
    events.LinkReplaced: (Row("consumer", "new_link", lambda it: it.sent),),
    events.ContactCorrected: (Row("consumer", "new_link"),),
    events.ContactViewed: NOBODY_IS_TOLD,
    events.DeliveryUpdated: (Row("consumer", "delivery_update"),),
    events.InformationRequested: (Row("consumer", "information_request"),),
    events.InformationGiven: _to_customer_service("information_given", _is_told),
    events.ReadingAwaited: NOBODY_IS_TOLD,
    events.InformationRead: (Row("consumer", "answer_reminder"),),
    events.FollowUpPromised: NOBODY_IS_TOLD,
    events.FollowUpCompleted: (Row("consumer", "follow_ups_done", lambda it: it.last),),
    events.EvidenceOffered: NOBODY_IS_TOLD,
    events.EvidenceReceived: _to_customer_service("information_given", _is_told),
    events.EvidenceQuarantined: (
        Row("consumer", "file_refused", lambda it: it.tell_from is not None and it.sent_by is None),
        Row(sender, "own_file_refused", lambda it: it.tell_from is not None and it.sent_by is not None),
    ),
    events.OrderChecked: NOBODY_IS_TOLD,
    events.RelatedFound: NOBODY_IS_TOLD,
    events.ConsumerUnreachable: _to_customer_service("bounce", lambda it: it.asks),
    events.ConsumerReached: NOBODY_IS_TOLD,
    events.ConsumerCalled: NOBODY_IS_TOLD,
    events.AssigneeUnreachable: (Row(Role.CUSTOMER_SERVICE, "staff_bounce"),),
    events.WordsErased: NOBODY_IS_TOLD,
    events.SurveyDue: NOBODY_IS_TOLD,
    events.SurveySent: (Row("consumer", "survey"),),
    events.SurveySpared: NOBODY_IS_TOLD,
    events.SurveyUndelivered: NOBODY_IS_TOLD,
    events.SurveyAnswered: NOBODY_IS_TOLD,
    events.SurveyDeclined: NOBODY_IS_TOLD,
    events.SurveyReviewed: NOBODY_IS_TOLD,
    events.SurveyExpired: NOBODY_IS_TOLD,
    events.ReminderRaised: (
        Row("consumer", "answer_reminder", _is("nudge", STAGE_CLOCK)),
        Row("consumer", "information_request", _is("nudge", "information")),
        Row("consumer", "survey_reminder", _is("nudge", SURVEY_ANSWER)),
        Row("told", "reminder", _is("reminder")),
        Row("assignee", "reminder", lambda it: it.alarm.kind == "reminder" and not _is_of_others(it, INQUIRY)),
    ),
    events.DeadlineMissed: (Row("told", "breach"), Row("assignee", "breach", lambda it: not _is_of_others(it))),
    events.Escalated: (Row("told", "escalation"),),
    events.WaitExpired: (Row("told", "reminder"), Row("assignee", "reminder")),
    events.DeadlineMoved: (Row("consumer", "sooner", lambda it: it.tell_from is not None),),
    events.InquiryMoved: NOBODY_IS_TOLD,
    events.BreachesRecounted: NOBODY_IS_TOLD,
    events.DeadlineExtended: (Row("consumer", "extension"),),
    events.ClockResumed: NOBODY_IS_TOLD,
    hearings.HearingOpened: (Row(heard, HEARING_OPENED),),
    hearings.HearingReminded: (Row(heard, HEARING_REMINDER),),
    hearings.CaseStated: (Row(Role.MANAGEMENT, HEARING_TO_DECIDE),),
    hearings.HearingEnded: (Row(Role.MANAGEMENT, HEARING_TO_DECIDE, lambda it: it.clock is not None),),
    hearings.DecisionObjectedTo: (Row(Role.MANAGEMENT, HEARING_TO_DECIDE),),
    hearings.HearingDecided: (Row(heard, HEARING_DECIDED),),
    hearings.DecisionAwaited: (Row("told", HEARING_LATE),),
}

if silent := set(events.KINDS) ^ set(TABLE):
    raise ValueError(f"each kind of event says who is told of it, these do not fit: {sorted(map(str, silent))}")
if nameless := {row.kind for rows in TABLE.values() for row in rows} - set(NOTICES):
    raise ValueError(f"these kinds of notices are not described: {sorted(nameless)}")


ASKED_FOR = 10_000_000_000_000
"""From here on `seq` is a moment, of 14 digits; entries have eight at most."""


class NoticeKey(NamedTuple):
    """What makes a notice that one notice, however often it is asked for: event, audience and kind.

    `record`: the name of a record and `seq` its entry's, or the second in which somebody asked for it (20261201093000);
    or the house, and `seq` a day as 20261201, or a moment.
    """

    record: str
    seq: int
    audience: str
    kind: str

    @property
    def entry(self) -> int:
        """The number of the entry that it is about: what no entry led to is about the whole, which the first began."""
        return self.seq if self.seq < ASKED_FOR else 1


def link_asked_for(record: str, at: datetime) -> NoticeKey:
    """The notice that brings the link once more, asked for at a time."""
    return NoticeKey(record, int(f"{at.astimezone(UTC):%Y%m%d%H%M%S}"), "consumer", LOST_LINK)


def notices_of(entry: Entry, tells: Tells = TABLE) -> list[NoticeKey]:
    """The notices an entry leads to."""
    event = entry.event
    return [
        NoticeKey(entry.record, entry.seq, audience, row.kind)
        for row in tells[type(event)]
        if row.when(event)
        for audience in _audiences(row.audience, event)
    ]


def _audiences(audience: Audience, event: Event) -> tuple[str, ...]:
    if callable(audience):
        return audience(event)
    if audience == "told" and isinstance(event, AlarmRaised):
        return tuple(role for role in event.alarm.tell if role != Role.CONSUMER)
    if audience == "asked" and isinstance(event, events.InquiryOpened):
        return (event.inquiry.department,)
    return (audience,)


def not_before(entry: Entry) -> datetime:
    """From when on people may be told of an event: nobody is woken at night by an alarm."""
    event = entry.event
    if isinstance(event, AlarmRaised):
        return event.alarm.tell_from
    return getattr(event, "tell_from", None) or entry.at


OF_ANOTHER = (events.MergerMoved, events.OtherPlanProposed, events.OtherClosed, events.OtherReopened)
BY_CLOCKS = (AlarmRaised, events.DeadlineMoved, events.SurveySent, hearings.HearingOpened, *OF_ANOTHER)
"""What happens by itself, day or night: an alarm, a corrected calendar, a survey, a hearing that begins,
what becomes of another complaint."""


def can_be_told_at(entry: Entry, now: datetime, policy: Policy) -> datetime:
    """When people may be told of an event that they have not been told of by now: by night of nothing that happened
    by itself, however long the notice was on its way, unless somebody is in danger. What somebody did is told at
    once."""
    event = entry.event
    if not isinstance(event, BY_CLOCKS) or (isinstance(event, AlarmRaised) and event.alarm.day_and_night):
        return now
    return policy.waking(now, earlier=False)


ABOUT_DANGER = (events.DangerFound, events.DangerTriaged, events.SafetyTaskBegun, events.DangerRepeated)


def is_alarm(entry: Entry) -> bool:
    """Whether staff are told by it of a danger, or that nothing has been done about one: of many such they are told
    together. That somebody has assessed one is no alarm."""
    event = entry.event
    if isinstance(event, AlarmRaised):
        return event.alarm.clock.startswith("safety_")
    return isinstance(event, ABOUT_DANGER)


def texted_from(kind: str, entry: Entry, now: datetime, policy: Policy, *, mailed: bool) -> datetime:
    """When a text may go out that has not by now: nobody is woken by one, whatever it is about.

    Unless somebody is in danger, and is told what to do; or a promise is kept by it that would be broken by the
    morning, and no mail keeps it (`mailed`).
    """
    if isinstance(entry.event, events.InterimMeasureTaken) and entry.event.in_danger:
        return now
    morning = policy.waking(now, earlier=False)
    due_at = _promised_by(entry) if NOTICES[kind].keeps_promise and not mailed else None
    return now if due_at and entry.at <= due_at < morning else morning


def _promised_by(entry: Entry) -> datetime | None:
    """By when the consumer is to be told of an event: before the stage was due that ended with it; where none did, as
    with a question, before the clock runs out that it sets them."""
    if entry.enters:
        return entry.enters.was_due_at
    clock, _ = entry.sets_clock
    return clock.due_at if clock else None


def channels_to_consumer(kind: str, contact: Contact, failed: Collection[str]) -> list[Channel]:
    """How a consumer is told: by e-mail where that works, by SMS what is urgent or cannot be mailed.

    By none, where the phone takes no texts either: then somebody has to call.
    """
    mailed = contact.email is not None and not contact.email_unusable and "email" not in failed
    textable = contact.phone is not None and contact.takes_texts and "sms" not in failed
    texted = textable and (NOTICES[kind].urgent or not mailed)
    return [*(["email"] if mailed else []), *(["sms"] if texted else [])]  # type: ignore[list-item]


# What becomes of a message once the mail system has taken it: each state and those it may follow on. Reports come late,
# twice and in any order; one that does not follow on what is known already, or is older, changes nothing.
AFTER: Mapping[str, frozenset[str]] = {
    "delayed": frozenset({"sent"}),
    "delivered": frozenset({"sent", "delayed", "undelivered"}),
    "undelivered": frozenset({"sent", "delayed", "delivered"}),
    "bounced": frozenset({"sent", "delayed", "delivered", "undelivered"}),
    "complained": frozenset({"sent", "delayed", "delivered", "undelivered"}),
}
FAILED = frozenset({"undelivered", "bounced", "refused"})
"""States of a channel by which the notice did not reach its reader."""
UNUSABLE = frozenset({"bounced", "complained"})
"""After these an address is not written to again: they hold whatever was reported before or after."""
NOT_YET = frozenset({"uncertain", "held_back"})
"""States of a channel by which it is not known to have reached its reader, nor to have failed."""


def masked(address: str) -> str:
    """An address or a number as staff may see it in a list: enough to recognise it, not enough to use it."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1] if len(name) > 1 else ''}***@{domain}"
    first, last = (6, 4) if len(address) >= 14 else (3, 2)
    return f"{address[:first]}****{address[-last:]}"


def masked_contact(contact: Contact) -> Contact:
    """The same of all by which a consumer is known: of the name its first character."""
    shown = {"name": contact.name and f"{contact.name[0]}**"} | {
        way: masked(address) for way in ("phone", "email") if (address := getattr(contact, way))
    }
    return contact.model_copy(update=shown)
