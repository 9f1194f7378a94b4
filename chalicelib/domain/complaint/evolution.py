"""What each event changes of a complaint: `evolve`, pure. Each kind of event has a row in `CHANGES`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce
from typing import Any, Literal, TypeVar

from chalicelib.domain.complaint import events, files, hearings, parts, submissions
from chalicelib.domain.complaint.clocks import caps_inquiries, clocks_beside, named
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import HOUSE, Role
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised, ClockSetting, Event, NewStage
from chalicelib.domain.ground.text import erased
from chalicelib.domain.vocabulary.ladders import SURVEY, SURVEY_ANSWER, SURVEY_REVIEW
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import NO_TIER, Outcome, Tier

Changes = dict[str, Any]
P = TypeVar("P", bound=Model)
MOST_REFUSALS = 10  # that are known to wait, or to have been told


def evolve(complaint: Complaint | None, entry: Entry) -> Complaint:
    """The complaint after an event; None before the first."""
    event = entry.event
    if complaint is None:
        assert isinstance(event, events.ComplaintFiled)  # noqa: S101 — nothing else comes first
        assert entry.enters  # noqa: S101 — a filed complaint is in its first stage
        complaint = _filed(entry, entry.enters, event)
    changes = dict(CHANGES[type(event)](complaint, entry, event))
    if entry.enters:
        changes |= _entered(complaint.model_copy(update=changes), entry, entry.enters)
    if isinstance(event, events.MergerUndone) and complaint.merged:
        changes |= _taken_up(complaint.merged, changes["clocks"], entry, event)
    version = complaint.version + (not entry.actor.is_same(HOUSE) and not isinstance(event, events.ContactViewed))
    changes |= {"version": version, "seq": entry.seq, "chain": entry.hash} | _taken_part(complaint, entry, event)
    changes |= _waits_for_us(complaint, entry, event)
    if event.public_face() is not None:
        changes["updated_at"] = entry.at
    after = complaint.model_copy(update=changes)
    return _with_promises_ended(after, entry) if after.breaches else after


def fold(entries: Iterable[Entry]) -> Complaint:
    """The complaint that its events make. Raises ValueError if there are none."""
    complaint: Complaint | None = reduce(evolve, entries, None)
    if complaint is None:
        raise ValueError("a complaint begins with an event")
    return complaint


# ---- stages ----------------------------------------------------------------------------------------------------------


def _filed(entry: Entry, begun: NewStage, event: events.ComplaintFiled) -> Complaint:
    return Complaint(
        **vars(event.filing),
        complaint_id=entry.record,
        filed_by=entry.actor,
        policy_version=event.policy_version,
        received_at=entry.at,
        received_microsecond=event.microsecond,
        begun_at=entry.at,
        stage=begun.stage,
        entered_at=entry.at,
    )


def _entered(complaint: Complaint, entry: Entry, begun: NewStage) -> Changes:
    """Another stage: its clock runs alone beside those of promised measures, open questions are dispensed with, and a
    draft of a plan has been used or is worth nothing."""
    clocks = tuple(clock for clock in complaint.clocks if not clock.ends_with_stage)
    if begun.clock:
        own = begun.clock.length or (begun.stage if begun.clock.name == STAGE_CLOCK else begun.clock.name)
        clocks += (_running(begun.clock, entry, own),)
    dispensed = {"status": "dispensed"}
    unanswered = ("open", "expired")
    return {
        "stage": Stage(begun.stage),
        "entered_at": entry.at,
        "extended": False,
        "clocks": clocks,
        "plan_draft": None,
        **_surveyed(complaint, begun),
        "inquiries": _updated(complaint.inquiries, lambda one: one.status == "open", dispensed),
        "information_requests": _updated(
            complaint.information_requests, lambda one: one.status in unanswered, dispensed
        ),
    }


def _surveyed(complaint: Complaint, begun: NewStage) -> Changes:
    """A closure has a survey of its own; where it is undone, so is that (6.2)."""
    if STAGES[Stage(begun.stage)].open:
        return {"surveys": _updated(complaint.surveys, lambda one: one.is_voidable, {"state": "void"})}
    closures = complaint.closures + 1
    new = (parts.Survey(closure=closures),) if begun.clock and begun.clock.name == SURVEY else ()
    return {"closures": closures, "surveys": (*complaint.surveys, *new)}


def _taken_part(complaint: Complaint, entry: Entry, event: Event) -> Changes:
    """Whoever of staff does something about a complaint is measured by its survey; who asks the consumer is not, nor
    who answers for a breach, or decides about that, nor who only looks."""
    name = entry.actor.id
    about_survey = isinstance(event, (events.OfSurvey, events.ContactViewed, *hearings.KINDS)) or (
        isinstance(event, events.ConsumerCalled) and event.call.about == "survey"
    )
    if entry.actor.kind != "staff" or about_survey or name in complaint.took_part:
        return {}
    return {"took_part": (*complaint.took_part, name)}


SAID = (
    events.InformationGiven,
    events.EvidenceReceived,
    events.PlanObjectedTo,
    events.ReviewRequested,
    events.ComplaintReopened,
)
"""By which the consumer says something that customer service has to do with."""
WHO_ANSWERS = frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR})


def _waits_for_us(complaint: Complaint, entry: Entry, event: Event) -> Changes:
    """What the consumer says waits until customer service, or a supervisor, does anything about the complaint (5.1):
    to give it to somebody, to look, or to ask how it was, is nothing of the kind. Once it is closed nothing waits."""
    if entry.enters and not STAGES[Stage(entry.enters.stage)].open:
        return {"answered": None}
    if entry.actor.roles & WHO_ANSWERS:
        aside = isinstance(event, (events.ComplaintAssigned, events.ContactViewed, events.OfSurvey, *hearings.KINDS))
        return {} if aside else {"answered": None}
    own = isinstance(event, events.EvidenceReceived) and event.added_by == "consumer"
    by = "consumer" if own else entry.actor.kind
    if complaint.answered or not isinstance(event, SAID) or by not in ("consumer", "storefront"):
        return {}
    return {"answered": parts.Answered(at=entry.at, by=by)}


def _answered(complaint: Complaint, entry: Entry, event: events.PlanAnswered) -> Changes:
    answer = parts.GivenFeedback(
        round=complaint.round, given_at=entry.at, given_by=entry.actor.kind, feedback=event.feedback
    )
    return {"feedback": (*complaint.feedback, answer)}


def _proposed(complaint: Complaint, entry: Entry, event: events.PlanProposed) -> Changes:
    """The consumer sees the files that it shows them from now on."""
    plan = parts.ProposedPlan(round=complaint.round, proposed_at=entry.at, proposed_by=entry.actor.id, plan=event.plan)
    new = [one.evidence_id for one in complaint.evidence_files if one.shown_with is None]
    shown = {*event.plan.evidence} & {*new}
    return {
        "plan_sent_at": entry.at,
        "resolution_plans": (*complaint.resolution_plans, plan),
        "evidence_files": _updated(
            complaint.evidence_files, lambda one: one.evidence_id in shown, {"shown_with": entry.seq}
        ),
    }


def _review_requested(complaint: Complaint, entry: Entry, event: events.ReviewRequested) -> Changes:
    """An objection to the plan that rejects, whether it is awaited or has closed the complaint."""
    opinion = submissions.Feedback(satisfied=False, opinion=event.request.reason, round=event.request.round)
    answer = parts.GivenFeedback(
        round=complaint.round, given_at=entry.at, given_by=entry.actor.kind, feedback=opinion, asks_for_review=True
    )
    begun_at = entry.at if complaint.closed_at else complaint.begun_at
    anew: Changes = {"round": complaint.round + 1, "begun_at": begun_at, "review_requested_at": entry.at}
    return _OPEN_AGAIN | anew | {"feedback": (*complaint.feedback, answer)}


def _closed(outcome: Outcome, entry: Entry, **more: Any) -> Changes:
    return {"outcome": outcome, "closed_at": entry.at, **more}


def _reopened(complaint: Complaint, entry: Entry, event: events.ComplaintReopened) -> Changes:
    reason = event.reopening.reason
    anew: Changes = {"round": complaint.round + 1, "reopened": complaint.reopened + 1, "begun_at": entry.at}
    return _OPEN_AGAIN | anew | {"reopened_because": reason}


# ---- mergers ---------------------------------------------------------------------------------------------------------

_OTHER_UNKNOWN: Changes = {"other_round": None, "other_rejects": False, "other_closed_at": None, "other_agreed": False}
_OPEN_AGAIN: Changes = {"outcome": None, "closed_at": None, "merged": None, "merged_into": None, **_OTHER_UNKNOWN}


def _merged(complaint: Complaint, entry: Entry, event: events.ComplaintMerged) -> Changes:
    """What it takes to undo that is kept."""
    assert complaint.stage_clock is not None  # noqa: S101 — an open stage has one
    stood = parts.Merged(
        into=event.into,
        stage=complaint.stage,
        entered_at=complaint.entered_at,
        extended=complaint.extended,
        clock=complaint.stage_clock,
        words=complaint.words_clock,
        draft=complaint.plan_draft,
        asked=tuple(one.inquiry_id for one in complaint.open_inquiries),
    )
    return _closed(Outcome.MERGED, entry, merged_into=event.into, merged=stood)


def _taken_up(
    stood: parts.Merged, clocks: tuple[parts.RunningClock, ...], entry: Entry, event: events.MergerUndone
) -> Changes:
    """The stage that was entered again goes on as it was, by the clock it had, and with the draft."""
    waited = (event.waited_from, event.waited_until)
    goes_on = {
        "since": stood.clock.since,
        "extended_by": stood.clock.extended_by,
        "waits": (*stood.clock.waits, waited) if event.waited_from else stood.clock.waits,
        "alarms_raised": event.alarms_raised,
        "rang_at": event.rang_at,
    }
    clocks = _updated(clocks, lambda one: one.name == STAGE_CLOCK, goes_on)
    return {
        "entered_at": stood.entered_at,
        "extended": stood.extended,
        "clocks": clocks,
        "plan_draft": stood.draft,
    }


def _taken_in(complaint: Complaint, entry: Entry, event: events.ComplaintJoined) -> Changes:
    taken = {one.complaint_id: one for one in (*complaint.taken_in, event.taken)}
    related = dict.fromkeys((*complaint.related, event.taken.complaint_id))
    return {"taken_in": tuple(taken.values()), "related": tuple(related)}


def _let_go(complaint: Complaint, entry: Entry, event: events.ComplaintParted) -> Changes:
    return {"taken_in": tuple(one for one in complaint.taken_in if one.complaint_id != event.complaint_id)}


# ---- within a stage --------------------------------------------------------------------------------------------------


def _held_from_now(complaint: Complaint, entry: Entry, assignee: str | None) -> Changes:
    holders = (*complaint.holders, parts.Holder(since=entry.at, assignee=assignee))
    return {"holders": holders, "left_to_supervisor_at": None}


def _inquiry_opened(complaint: Complaint, entry: Entry, event: events.InquiryOpened) -> Changes:
    inquiry, clock = event.inquiry, event.clock
    opened = parts.OpenedInquiry(
        inquiry_id=event.inquiry_id,
        department=inquiry.department,
        question=inquiry.question,
        asked_at=entry.at,
        asked_by=entry.actor.id,
        due_at=clock.due_at,
    )
    capped = caps_inquiries(complaint, entry.at)
    running = _running(clock, entry, "inquiry", held_by=Role(inquiry.department), capped=capped)
    return {"inquiries": (*complaint.inquiries, opened), "clocks": (*complaint.clocks, running)}


def _inquiry_answered(complaint: Complaint, entry: Entry, event: events.InquiryAnswered) -> Changes:
    answer = {
        "status": "answered",
        "answered_at": entry.at,
        "answered_by": entry.actor.id,
        "assessment": event.answer.assessment,
        "recommended_solution": event.answer.recommended_solution,
    }
    mine = _updated(complaint.inquiries, lambda one: one.inquiry_id == event.inquiry_id, answer)
    return {"inquiries": mine, "clocks": _without(complaint, event.stops)}


def _information_requested(complaint: Complaint, entry: Entry, event: events.InformationRequested) -> Changes:
    clock = event.clock
    asked = parts.AskedInformation(
        request_id=event.request_id,
        question=event.request.question,
        asked_at=entry.at,
        answer_by=clock.due_at,
    )
    clocks = (*_held(complaint, entry, event.hold), _running(clock, entry, "information"))
    return {"information_requests": (*complaint.information_requests, asked), "clocks": clocks}


def _reading_awaited(complaint: Complaint, entry: Entry, event: events.ReadingAwaited) -> Changes:
    running = _running(event.clock, entry, "words", held_by=Role.CUSTOMER_SERVICE)
    goes_on = {"alarms_raised": event.alarms_raised, "rang_at": event.rang_at, "since": event.since or entry.at}
    return {"clocks": (*_held(complaint, entry, event.hold), running.model_copy(update=goes_on))}


def _held(complaint: Complaint, entry: Entry, hold: events.Hold | None) -> tuple[parts.RunningClock, ...]:
    """The clocks; that of the stage stands still, if it does."""
    waiting = {"waiting_since": entry.at, "due_at": hold.due_at, "provisional": hold.provisional} if hold else {}
    return _updated(complaint.clocks, lambda one: one.name == STAGE_CLOCK, waiting)


def _information_given(complaint: Complaint, entry: Entry, event: events.InformationGiven) -> Changes:
    return _answered_request(complaint, entry, event) | {"news": _news(complaint, entry, event, messages=1)}


def _news(
    complaint: Complaint,
    entry: Entry,
    event: events.InformationGiven | events.EvidenceReceived,
    *,
    messages: int = 0,
    files: int = 0,
) -> parts.News | None:
    """Of what comes until staff are told they are told together."""
    if event.tell_from:
        return parts.News(number=entry.seq, tell_from=event.tell_from, messages=messages, files=files)
    if known := complaint.news:
        more = {"messages": known.messages + messages, "files": known.files + files}
        return known.model_copy(update=more)
    return None


def _answered_request(
    complaint: Complaint, entry: Entry, event: events.InformationGiven | events.EvidenceReceived
) -> Changes:
    answer = {"status": "answered", "answered_at": entry.at}
    mine = _updated(complaint.information_requests, lambda one: one.request_id == event.answers, answer)
    return {"information_requests": mine, "clocks": _without(complaint, event.stops)}


def _follow_up_promised(complaint: Complaint, entry: Entry, event: events.FollowUpPromised) -> Changes:
    clock = event.clock
    promised = parts.FollowUp(number=event.number, measure=event.measure, due_at=clock.due_at)
    running = _running(clock, entry, "follow_up", held_by=complaint.department, days=event.within_days)
    return {"follow_ups": (*complaint.follow_ups, promised), "clocks": (*complaint.clocks, running)}


def _follow_up_completed(complaint: Complaint, entry: Entry, event: events.FollowUpCompleted) -> Changes:
    done = {"done_at": entry.at, "done_by": entry.actor.id, "note": event.done.note}
    mine = _updated(complaint.follow_ups, lambda one: one.number == event.number, done)
    return {"follow_ups": mine, "clocks": _without(complaint, event.stops)}


def _drafted(complaint: Complaint, entry: Entry, event: events.PlanDrafted) -> Changes:
    draft = parts.DraftedPlan(number=entry.seq, drafted_at=entry.at, drafted_by=entry.actor.id, plan=event.plan)
    return {"plan_draft": draft}


def _legal_issue_raised(complaint: Complaint, entry: Entry, event: events.LegalIssueRaised) -> Changes:
    """What legal read before says nothing of it: it is drafted, and read, anew (5.4); in what is merged, too."""
    stood = complaint.merged and complaint.merged.model_copy(update={"draft": None})
    return {"legal_issue": True, "plan_draft": None, "merged": stood}


def _danger_found(complaint: Complaint, entry: Entry, event: events.DangerFound) -> Changes:
    before = complaint.safety
    found = tuple(parts.KnownWord(word=word, tier=event.tier) for word in event.words)
    words = (*(before.words if before else ()), *found)
    known = _in_tier(complaint, entry, event.tier, "system", event.of) if event.raises else before
    own: Changes = (
        {"of": None} if known and event.words and event.tier == known.tier else {}
    )  # its own consumer says so
    safety = known and known.model_copy(update={"words": words, **own})
    return {"safety": safety, "clocks": _without(complaint, event.stops)}


def _danger_triaged(complaint: Complaint, entry: Entry, event: events.DangerTriaged) -> Changes:
    same = complaint.safety is not None and complaint.safety.tier == event.triage.tier
    known = complaint.safety if same else _in_tier(complaint, entry, event.triage.tier, entry.actor.id)
    return {"safety": known, "clocks": _without(complaint, event.stops)}


def _in_tier(
    complaint: Complaint, entry: Entry, tier: Literal[Tier, "none"], by: str, of: str | None = None
) -> parts.Safety:
    """From now on; who was called in another tier is to be called again."""
    begun: Changes = {"tier": tier, "since": entry.at, "by": by, "of": of, "called_at": None}
    return complaint.safety.model_copy(update=begun) if complaint.safety else parts.Safety(**begun)


def _with_safety(complaint: Complaint, entry: Entry, stops: tuple[int, ...], **known: Any) -> Changes:
    """What is found out of a danger, also where nobody thought of one before."""
    safety = complaint.safety or _in_tier(complaint, entry, NO_TIER, entry.actor.id)
    return {"safety": safety.model_copy(update=known), "clocks": _without(complaint, stops)}


def _assessed(complaint: Complaint, entry: Entry, event: events.SafetyAssessed) -> Changes:
    assessed = parts.Assessed(at=entry.at, by=entry.actor.id, assessment=event.assessment)
    return _with_safety(complaint, entry, event.stops, assessed=assessed)


def _authority_told(complaint: Complaint, entry: Entry, event: events.AuthorityTold) -> Changes:
    told = parts.ToldAuthority(at=entry.at, by=entry.actor.id, report=event.report)
    before = complaint.safety.reports if complaint.safety else ()
    return _with_safety(complaint, entry, event.stops, reports=(*before, told))


def _called(complaint: Complaint, entry: Entry, event: events.ConsumerCalled) -> Changes:
    """Whoever is reached is told on the phone of all that did not arrive."""
    if not event.call.reached:
        return {}
    safe = event.call.about == "safety" and complaint.safety is not None
    return _NOBODY_TO_CALL | (_with_safety(complaint, entry, event.stops, called_at=entry.at) if safe else {})


def _task_begun(complaint: Complaint, entry: Entry, event: events.SafetyTaskBegun) -> Changes:
    running = _running(event.clock, entry, event.task, held_by=event.department)
    return {"clocks": (*complaint.clocks, running)}


def _legally_reviewed(complaint: Complaint, entry: Entry, event: events.LegalReviewed) -> Changes:
    """Of each draft the last word counts; those of before are in the timeline."""
    others = tuple(one for one in complaint.legal_reviews if one.review.draft != event.review.draft)
    review = parts.GivenReview(round=event.round, reviewed_at=entry.at, reviewed_by=entry.actor.id, review=event.review)
    return {"legal_reviews": (*others, review)}


def offered_file(entry: Entry, event: events.EvidenceOffered) -> parts.EvidenceFile:
    """The file that somebody is about to upload."""
    of = files.party(entry.actor)
    return parts.EvidenceFile(
        evidence_id=event.evidence_id,
        added_by=of,
        offered_at=entry.at,
        sent_by=entry.actor.id if of == "staff" else None,
        **vars(event.offer),
    )


def _evidence_offered(complaint: Complaint, entry: Entry, event: events.EvidenceOffered) -> Changes:
    kept = tuple(file for file in complaint.evidence_files if file.evidence_id not in event.forgets)
    offered = complaint.evidence_offered + 1
    return {"evidence_files": (*kept, offered_file(entry, event)), "evidence_offered": offered}


def _evidence_received(complaint: Complaint, entry: Entry, event: events.EvidenceReceived) -> Changes:
    found = {name: getattr(event, name) for name in ("file_name", "content_type", "size", "sha256", "has_place")}
    there = _arrived(complaint, entry, event, {"status": "received", **found}, description=event.description)
    news = _news(complaint, entry, event, files=int(event.added_by == "consumer"))
    return _answered_request(complaint, entry, event) | there | {"news": news}


def _evidence_quarantined(complaint: Complaint, entry: Entry, event: events.EvidenceQuarantined) -> Changes:
    """What is refused while another refusal of the same sender waits to be told is told with that."""
    found = {"status": "refused", "refused": event.reason, "size": event.size, "sha256": event.sha256}
    there = _arrived(complaint, entry, event, found, file_name=event.file_name, content_type="", sent_by=event.sent_by)
    before = [one for one in complaint.refusals if one.sent_by == event.sent_by]
    if event.tell_from:
        told = {"seq": entry.seq, "sent_by": event.sent_by, "tell_from": event.tell_from}
        fresh = parts.Refusals(**told, number=1, reasons=(event.reason,))
        return there | {"refusals": (*complaint.refusals, fresh)[-MOST_REFUSALS:]}
    more = {
        "number": before[-1].number + 1,
        "reasons": tuple(dict.fromkeys((*before[-1].reasons, event.reason))),
    }
    return there | {"refusals": _updated(complaint.refusals, lambda one: one.seq == before[-1].seq, more)}


def _arrived(
    complaint: Complaint,
    entry: Entry,
    event: events.EvidenceReceived | events.EvidenceQuarantined,
    found: Changes,
    **otherwise: Any,
) -> Changes:
    """A file that is there; what the house has written was not offered before, and some offers are known no more."""
    arrived = {**found, "received_at": entry.at}
    if event.evidence_id in {file.evidence_id for file in complaint.evidence_files}:
        mine = _updated(complaint.evidence_files, lambda one: one.evidence_id == event.evidence_id, arrived)
        return {"evidence_files": mine}
    known = {"evidence_id": event.evidence_id, "added_by": event.added_by, "offered_at": entry.at}
    return {"evidence_files": (*complaint.evidence_files, parts.EvidenceFile(**otherwise, **known, **arrived))}


def _evidence_retracted(complaint: Complaint, entry: Entry, event: events.EvidenceRetracted) -> Changes:
    back = {"retracted": entry.seq}
    return {
        "evidence_files": _updated(complaint.evidence_files, lambda one: one.evidence_id == event.evidence_id, back)
    }


def _related(complaint: Complaint, entry: Entry, event: events.RelatedFound) -> Changes:
    related = dict.fromkeys((*complaint.related, *event.related))
    repeats = dict.fromkeys((*complaint.repeats, *event.repeats))
    duplicate_of = event.duplicate_of or complaint.duplicate_of
    return {"related": tuple(related), "repeats": tuple(repeats), "duplicate_of": duplicate_of}


MOST_UNREACHED = 100
_NOBODY_TO_CALL: Changes = {"to_call_since": None, "to_call_about": None}


def _consumer_unreached(complaint: Complaint, entry: Entry, event: events.ConsumerUnreachable) -> Changes:
    """One call tells of everything that did not arrive: from the first on, until the consumer is reached."""
    about = (*(complaint.to_call_about or ()), event.mark)[-MOST_UNREACHED:]
    known = {"to_call_since": complaint.to_call_since or entry.at, "to_call_about": about}
    return _unreached(complaint, entry, event) | known


def _reached(complaint: Complaint, entry: Entry, event: events.ConsumerReached) -> Changes:
    """If it was all that they were to be called about, nobody need call any more."""
    about = tuple(one for one in complaint.to_call_about or () if one != event.mark)
    return {"to_call_about": about, "to_call_since": complaint.to_call_since} if about else _NOBODY_TO_CALL


def _unreached(complaint: Complaint, entry: Entry, event: events.Unreachable) -> Changes:
    """The last ones are known: what is reported of one before them once more is noted once more."""
    return {"unreached": (*complaint.unreached, event.mark)[-MOST_UNREACHED:]}


def _contact_corrected(complaint: Complaint, entry: Entry, event: events.ContactCorrected) -> Changes:
    """What did not arrive did not arrive elsewhere; whoever read the links there reads no more, nor agreed to it."""
    anew: Changes = {"contact_edition": event.correction.edition, "other_agreed": False}
    known: Changes = anew | {"unreached": (), **_NOBODY_TO_CALL}
    return known | _link_replaced(complaint, entry, event)


def _link_replaced(complaint: Complaint, entry: Entry, event: Event) -> Changes:
    return {"link": parts.IssuedLink(edition=entry.seq, issued_at=entry.at)}


def _words_erased(complaint: Complaint, entry: Entry, event: events.WordsErased) -> Changes:
    """The files go too, and the link of the consumer is worth nothing any more: none takes its place."""
    bare = erased(complaint)
    files = _updated(bare.evidence_files, lambda one: True, {"status": "erased"})
    surveys = _updated(bare.surveys, lambda one: one.answer is None and one.is_voidable, {"state": "void"})
    asked = {"surveys": surveys, "clocks": _without(bare, event.stops)}
    changes: Changes = {"erased_at": entry.at, "evidence_files": files} | asked
    return vars(bare) | changes | _link_replaced(complaint, entry, event)


# ---- the survey ------------------------------------------------------------------------------------------------------


def _of_survey(
    complaint: Complaint,
    event: events.OfSurvey | events.SurveyDue | events.SurveyExpired,
    *clocks: parts.RunningClock,
    **known: Any,
) -> Changes:
    """Something is known of the survey of that closure, and its clocks are others."""
    mine = _updated(complaint.surveys, lambda one: one.closure == event.closure, known)
    stops: tuple[int, ...] = getattr(event, "stops", ())
    return {"surveys": mine, "clocks": (*_without(complaint, stops), *clocks)}


def _survey_sent(complaint: Complaint, entry: Entry, event: events.SurveySent) -> Changes:
    running = _running(event.clock, entry, SURVEY_ANSWER)
    asked = {"state": "open", "sent_at": entry.at, "answer_by": event.clock.due_at}
    return _of_survey(complaint, event, running, **asked)


def _survey_answered(complaint: Complaint, entry: Entry, event: events.SurveyAnswered) -> Changes:
    low = [_running(event.clock, entry, SURVEY_REVIEW, held_by=Role.SUPERVISOR)] if event.clock else []
    first = {"answered_at": entry.at} if event.first else {}
    said = {"state": "answered", "answer": event.answer, "said_in": entry.seq}
    return _of_survey(complaint, event, *low, **said, **first, by_phone=entry.actor.kind == "staff")


def _survey_reviewed(complaint: Complaint, entry: Entry, event: events.SurveyReviewed) -> Changes:
    reviewed = parts.ReviewedSurvey(at=entry.at, by=entry.actor.id, review=event.review)
    return _of_survey(complaint, event, reviewed=reviewed)


# ---- clocks ----------------------------------------------------------------------------------------------------------


def _rang(complaint: Complaint, entry: Entry, event: AlarmRaised) -> Changes:
    alarm = event.alarm
    clock = complaint.clock(alarm.clock)
    if clock is None:
        return {}
    raised = tuple(sorted({*clock.alarms_raised, alarm.number}))
    rang = {"alarms_raised": raised, "rang_at": max(clock.rang_at or alarm.moment, alarm.moment)}
    return {"clocks": _updated(complaint.clocks, lambda one: one.name == alarm.clock, rang)}


def _wait_expired(complaint: Complaint, entry: Entry, event: events.WaitExpired) -> Changes:
    expired = _updated(complaint.information_requests, lambda one: one.status == "open", {"status": "expired"})
    return {"information_requests": expired, "clocks": _without(complaint, event.stops)}


def _missed(complaint: Complaint, entry: Entry, event: events.DeadlineMissed) -> Changes:
    alarm = event.alarm
    clock = complaint.clock(alarm.clock)
    assert clock is not None  # noqa: S101 — it rang
    breach = parts.Breach(
        stage=alarm.stage,
        clock=alarm.clock,
        due_at=alarm.due_at,
        recorded_at=entry.at,
        held_by=event.held_by,
        counted=clock,
        beside=clocks_beside(clock, complaint),
        begun_at=complaint.begun_at,
    )
    return _rang(complaint, entry, event) | {"breaches": (*complaint.breaches, breach)}


def _retimed(complaint: Complaint, entry: Entry, event: events.Retimed, **more: Any) -> Changes:
    """A running clock has another due time; so has what it runs for."""
    clock = event.clock
    anew = {
        "number": entry.seq,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "alarms_raised": event.alarms_raised,
    }
    due, answer_by = {"due_at": clock.due_at}, {"answer_by": clock.due_at}
    asked = complaint.information_requests
    return {
        "clocks": _updated(complaint.clocks, lambda one: one.name == clock.name, anew | more),
        "hearings": hearings.retimed(complaint.hearings, clock.name, entry.seq, clock.due_at),
        "inquiries": _updated(complaint.inquiries, lambda one: named("inquiry", one.inquiry_id) == clock.name, due),
        "follow_ups": _updated(complaint.follow_ups, lambda one: named("follow_up", one.number) == clock.name, due),
        "information_requests": _updated(
            asked, lambda one: named("information", one.request_id) == clock.name, answer_by
        ),
    }


def _inquiry_moved(complaint: Complaint, entry: Entry, event: events.InquiryMoved) -> Changes:
    clock = complaint.clock(event.clock.name)
    return _retimed(complaint, entry, event, moved=clock.moved + 1 if clock else 0)


def _breaches_recounted(complaint: Complaint, entry: Entry, event: events.BreachesRecounted) -> Changes:
    """Nobody answers for one that is none."""
    breaches = enumerate(complaint.breaches, start=1)
    return {
        "breaches": tuple(one.model_copy(update={"void": number in event.void}) for number, one in breaches),
        "hearings": hearings.voided(complaint.hearings, event.void),
        "clocks": _without(complaint, event.stops),
    }


def _heard(complaint: Complaint, entry: Entry, event: Event) -> Changes:
    clock, stops = entry.sets_clock
    running = [_running(clock, entry, clock.name.partition(" ")[0])] if clock else []
    return {
        "hearings": hearings.evolve(complaint.hearings, entry),
        "clocks": (*_without(complaint, stops), *running),
    }


def _with_promises_ended(complaint: Complaint, entry: Entry) -> Complaint:
    """What was missed is done now, or was given more time: from then on its due time could not pass any more."""

    def ended(breach: parts.Breach) -> bool:
        clock = complaint.clock(breach.clock)
        left = entry.enters is not None and breach.counted.ends_with_stage
        return breach.until is None and (left or clock is None or clock.promise != breach.promise)

    return complaint.model_copy(update={"breaches": _updated(complaint.breaches, ended, {"until": entry.at})})


def _extended(complaint: Complaint, entry: Entry, event: events.DeadlineExtended) -> Changes:
    days = (complaint.stage_clock.extended_by if complaint.stage_clock else 0) + event.extension.working_days
    return _retimed(complaint, entry, event, extended_by=days) | {"extended": True}


def _resumed(complaint: Complaint, entry: Entry, event: events.ClockResumed) -> Changes:
    waits = complaint.stage_clock.waits if complaint.stage_clock else ()
    waits += ((event.waited_from, event.waited_until),)
    return _retimed(complaint, entry, event, waits=waits, waiting_since=None)


def _running(clock: ClockSetting, entry: Entry, ladder: str, **more: Any) -> parts.RunningClock:
    return parts.RunningClock(
        name=clock.name,
        number=entry.seq,
        ladder=ladder,
        since=entry.at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        **more,
    )


def _without(complaint: Complaint, numbers: Collection[int]) -> tuple[parts.RunningClock, ...]:
    return tuple(clock for clock in complaint.clocks if clock.number not in numbers)


def _updated(parts: tuple[P, ...], which: Callable[[P], bool], changes: Changes) -> tuple[P, ...]:
    """The parts, those that fit changed."""
    return tuple(part.model_copy(update=changes) if which(part) else part for part in parts)


Change = Callable[[Complaint, Entry, Any], Changes]


def _nothing(complaint: Complaint, entry: Entry, event: Event) -> Changes:
    """It is only counted."""
    return {}


CHANGES: Mapping[type[Event], Change] = {
    events.ComplaintFiled: _nothing,
    events.NoteAdded: _nothing,
    events.ComplaintAcknowledged: lambda complaint, entry, _: {"acknowledged_at": entry.at},
    events.InvestigationReported: lambda complaint, entry, it: {
        "investigated_at": entry.at,
        "investigation_report": it.report,
    },
    events.PlanProposed: _proposed,
    events.PlanAccepted: lambda complaint, entry, it: (
        _answered(complaint, entry, it) | _closed(Outcome.SATISFIED, entry)
    ),
    events.PlanObjectedTo: lambda complaint, entry, it: (
        _answered(complaint, entry, it) | {"round": complaint.round + 1}
    ),
    events.ReviewRequested: _review_requested,
    events.ComplaintWithdrawn: lambda complaint, entry, _: _closed(Outcome.WITHDRAWN, entry),
    events.ComplaintMerged: _merged,
    events.MergerUndone: lambda complaint, entry, it: _OPEN_AGAIN,
    events.MergerMoved: lambda complaint, entry, it: {"merged_into": it.into, **_OTHER_UNKNOWN},
    events.OtherPlanProposed: lambda complaint, entry, it: {
        "other_round": it.round,
        "other_rejects": it.plan.rejects_request,
    },
    events.OtherClosed: lambda complaint, entry, it: {"other_closed_at": it.closed_at, "other_agreed": it.agreed},
    events.OtherReopened: lambda complaint, entry, it: {"other_closed_at": None, "other_agreed": False},
    events.ComplaintJoined: _taken_in,
    events.ComplaintParted: _let_go,
    events.ComplaintReopened: _reopened,
    events.ComplaintAssigned: lambda complaint, entry, it: _held_from_now(complaint, entry, it.assignment.assignee),
    events.ComplaintReturned: lambda complaint, entry, it: _held_from_now(complaint, entry, None),
    events.NobodyFound: lambda complaint, entry, _: {"left_to_supervisor_at": entry.at},
    events.StaffNamed: lambda complaint, entry, it: {"named": tuple(dict.fromkeys((*complaint.named, *it.names)))},
    events.NoteRetracted: lambda complaint, entry, it: {
        "retracted": (*complaint.retracted, (it.retraction.note, entry.seq))
    },
    events.EvidenceRetracted: _evidence_retracted,
    events.InquiryOpened: _inquiry_opened,
    events.InquiryAnswered: _inquiry_answered,
    events.LegalIssueRaised: _legal_issue_raised,
    events.DangerFound: _danger_found,
    events.DangerTriaged: _danger_triaged,
    events.SafetyTaskBegun: _task_begun,
    events.SafetyAssessed: _assessed,
    events.DangerRepeated: lambda complaint, entry, it: _with_safety(complaint, entry, (), same_product=it.complaints),
    events.AuthorityTold: _authority_told,
    events.InterimMeasureTaken: _nothing,
    events.PlanDrafted: _drafted,
    events.LegalReviewed: _legally_reviewed,
    events.LinkReplaced: _link_replaced,
    events.ContactCorrected: _contact_corrected,
    events.ContactViewed: _nothing,
    events.DeliveryUpdated: lambda complaint, entry, it: {
        "delivery": parts.ToldDelivery(at=entry.at, update=it.update)
    },
    events.InformationRequested: _information_requested,
    events.InformationGiven: _information_given,
    events.ReadingAwaited: _reading_awaited,
    events.InformationRead: lambda complaint, entry, it: {"clocks": _without(complaint, it.stops)},
    events.FollowUpPromised: _follow_up_promised,
    events.FollowUpCompleted: _follow_up_completed,
    events.EvidenceOffered: _evidence_offered,
    events.EvidenceReceived: _evidence_received,
    events.EvidenceQuarantined: _evidence_quarantined,
    events.OrderChecked: lambda complaint, entry, it: {
        "order_check": parts.OrderCheck(checked_at=entry.at, found=it.found, why=it.why, facts=it.facts)
    },
    events.RelatedFound: _related,
    events.ConsumerUnreachable: _consumer_unreached,
    events.AssigneeUnreachable: _unreached,
    events.ConsumerReached: _reached,
    events.ConsumerCalled: _called,
    events.WordsErased: _words_erased,
    events.SurveyDue: lambda complaint, entry, it: _of_survey(complaint, it, state="due"),
    events.SurveySent: _survey_sent,
    events.SurveySpared: lambda complaint, entry, it: _of_survey(complaint, it, state="spared", why=it.why),
    events.SurveyUndelivered: lambda complaint, entry, it: _of_survey(complaint, it, undelivered_at=entry.at),
    events.SurveyAnswered: _survey_answered,
    events.SurveyDeclined: lambda complaint, entry, it: _of_survey(complaint, it, state="declined"),
    events.SurveyReviewed: _survey_reviewed,
    events.SurveyExpired: lambda complaint, entry, it: _of_survey(complaint, it, state="expired"),
    events.ReminderRaised: _rang,
    events.Escalated: _rang,
    events.WaitExpired: _wait_expired,
    events.DeadlineMissed: _missed,
    events.ComplaintLapsed: lambda complaint, entry, it: (
        _rang(complaint, entry, it) | _closed(Outcome.NO_RESPONSE, entry)
    ),
    events.DeadlineMoved: lambda complaint, entry, it: _retimed(complaint, entry, it, rang_at=it.rang_at),
    events.InquiryMoved: _inquiry_moved,
    events.BreachesRecounted: _breaches_recounted,
    events.DeadlineExtended: _extended,
    events.ClockResumed: _resumed,
    **dict.fromkeys(hearings.KINDS, _heard),
    hearings.HearingReminded: _rang,
    hearings.DecisionAwaited: _rang,
}

if unknown := set(events.KINDS) ^ set(CHANGES):
    raise ValueError(f"each kind of event says what it changes, these do not: {sorted(map(str, unknown))}")
