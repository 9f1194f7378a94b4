"""What people do about a complaint: one resource for each action of the lifecycle."""

from collections.abc import Callable
from typing import Any

from chalicelib.casework import verbs
from chalicelib.casework.evidence import upload_form
from chalicelib.casework.file import consumer_link
from chalicelib.casework.once import Done
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import Event, Submission
from chalicelib.web import part_views, views
from chalicelib.web.bodies import ContactCorrectionBody, NoteRetractionBody
from chalicelib.web.door import Answer, Call, View, tagged

from .api import Api

actions = Api(__name__)


def _do(call: Call, body: Submission, part: str | None = None) -> Done[Complaint]:
    asked = call.complaint_id, body, call.actor, call.now
    return verbs.do(*asked, seen=call.seen, idempotency=call.idempotency, part=part)


def _after(call: Call, body: Submission, part: str | None = None) -> Answer:
    """The complaint after the action, at that moment, in the view of whoever did it."""
    return _shown(call, _do(call, body, part))


def _shown(call: Call, done: Done[Complaint], *, unmasked: bool = False) -> Answer:
    entries = done.earlier if done.cut else [*done.earlier, *done.entries]
    case = Case(done.state, done.contact, entries, done.cut)
    view = views.view_for(call.actor, case, done.entries[-1].at, unmasked=unmasked)
    return Answer(200, view, tagged(done.state.version), done.replayed)


def _resource(name: str, body: type[Submission], answers: Any = None) -> Callable[[View], View]:
    """A resource of a complaint, to post a submission to. Who may says the lifecycle, by the actions it stands for."""
    open_to = frozenset[Role]().union(*(LIFECYCLE.who(Action(action)) for action in body.actions))
    view = views.StaffView | views.PublicView if Role.CONSUMER in open_to else views.StaffView
    path = f"/v1/complaints/{{complaint_id}}/{name}"
    return actions.operation("POST", path, who=open_to, body=body, answers=answers or {200: view}, conditional=True)


@_resource("assignment", submissions.Assignment)
def assign(call: Call, body: submissions.Assignment) -> Answer:
    """Give a complaint to a member of customer service, or back to nobody (null): then the department has it."""
    return _after(call, body)


@_resource("acknowledgement", submissions.Acknowledgement)
def acknowledge(call: Call, body: submissions.Acknowledgement) -> Answer:
    """Confirm that a complaint is accepted (4.1c)."""
    return _after(call, body)


@_resource("investigation-report", submissions.InvestigationReport)
def report(call: Call, body: submissions.InvestigationReport) -> Answer:
    """End the investigation with a complete report (4.2b, 4.2c)."""
    return _after(call, body)


@_resource("resolution-plan", submissions.ResolutionPlan)
def propose_plan(call: Call, body: submissions.ResolutionPlan) -> Answer:
    """Propose a resolution plan to the consumer (4.3a, 4.3b)."""
    return _after(call, body)


@_resource("plan-draft", submissions.PlanDraft)
def draft_plan(call: Call, body: submissions.PlanDraft) -> Answer:
    """Save a resolution plan for legal to read (5.4); nothing is sent, and the newest draft counts."""
    return _after(call, body)


@_resource("feedback", submissions.Feedback)
def give_feedback(call: Call, body: submissions.Feedback) -> Answer:
    """Accept the plan, which closes the complaint, or object to it, which begins the next round (4.4a, 4.4b, 4.5a)."""
    return _after(call, body)


@_resource("review-request", submissions.ReviewRequest)
def request_review(call: Call, body: submissions.ReviewRequest) -> Answer:
    """Ask that another person decide what a plan has rejected: while it is awaited, or 15 days from the closure by it;
    once a complaint (3.3, 4.4b)."""
    return _after(call, body)


@_resource("calls", submissions.MadeCall, {201: part_views.CallView})
def record_call(call: Call, body: submissions.MadeCall) -> Answer:
    """Record a call to the consumer, whether they were reached or not; whoever posts it has made it."""
    return _added(
        _do(call, body), events.ConsumerCalled, part_views.CallView, caller=call.actor.id, **body.model_dump()
    )


@_resource("triage", submissions.Triage)
def triage(call: Call, body: submissions.Triage) -> Answer:
    """Say by hand how dangerous it is: raised or lowered, with a reason. Act: the consumer is called within 2 hours."""
    return _after(call, body)


@_resource("safety-assessment", submissions.SafetyAssessment)
def assess_safety(call: Call, body: submissions.SafetyAssessment) -> Answer:
    """Assess a danger: who was harmed, whether to stop selling, which authorities are to be told."""
    return _after(call, body)


@_resource("authority-reports", submissions.AuthorityReport, {201: part_views.AuthorityReportView})
def tell_authority(call: Call, body: submissions.AuthorityReport) -> Answer:
    """Record that an authority has been told of a danger; whoever posts it has told it."""
    return _added(
        _do(call, body),
        events.AuthorityTold,
        part_views.AuthorityReportView,
        told_by=call.actor.id,
        **body.model_dump(),
    )


@_resource("interim-measures", submissions.InterimMeasure, {201: part_views.InterimMeasureView})
def take_interim_measure(call: Call, body: submissions.InterimMeasure) -> Answer:
    """Tell the consumer what to do, or what is done for them, before the report is there."""
    return _added(_do(call, body), events.InterimMeasureTaken, part_views.InterimMeasureView, text=body.text)


@_resource("withdrawal", submissions.Withdrawal)
def withdraw(call: Call, body: submissions.Withdrawal) -> Answer:
    """Take an open complaint back, which closes it."""
    return _after(call, body)


@_resource("reopening", submissions.Reopening)
def reopen(call: Call, body: submissions.Reopening) -> Answer:
    """Reopen a closed complaint within 30 days, which begins the next round."""
    return _after(call, body)


@_resource("merger", submissions.Merger)
def merge_into(call: Call, body: submissions.Merger) -> Answer:
    """Close a complaint with a pointer to another, open one about the same thing; or undo that while that is open."""
    return _after(call, body)


@_resource("link", submissions.LinkReplacement, answers={200: views.StaffView | views.LinkView})
def replace_link(call: Call, body: submissions.LinkReplacement) -> Answer:
    """Make the consumer's links of before worthless; a new one is sent to the consumer, and shown to no staff."""
    done = _do(call, body)
    if call.actor.kind == "staff":
        return _shown(call, done)
    token, link = consumer_link(done.state, call.api)
    view = views.LinkView(consumer_token=token, tracking_url=link)
    return Answer(200, view, tagged(done.state.version), done.replayed)


@_resource("contact", ContactCorrectionBody)
def correct_contact(call: Call, body: ContactCorrectionBody) -> Answer:
    """Correct how the consumer is reached; the links of before end, and a new one goes where they are reached now."""
    return _after(call, body)


@_resource("contact/view", submissions.ContactView)
def view_contact(call: Call, body: submissions.ContactView) -> Answer:
    """See how the consumer is reached, which is shown in part else, this once; who did, and why, stays on record."""
    return _shown(call, _do(call, body), unmasked=True)


@_resource("extension", submissions.Extension)
def extend(call: Call, body: submissions.Extension) -> Answer:
    """Give the present stage more working days, once; the consumer is told why."""
    return _after(call, body)


@_resource("legal-review", submissions.LegalReview)
def review(call: Call, body: submissions.LegalReview) -> Answer:
    """Approve or refuse the newest draft of a plan; where law is involved, only what is approved goes out (5.4)."""
    return _after(call, body)


@_resource("follow-ups/{number}/completion", submissions.FollowUpDone)
def complete_follow_up(call: Call, body: submissions.FollowUpDone) -> Answer:
    """Record that a promised measure has been carried out; the consumer is told of the last one."""
    return _after(call, body, call.path["number"])


@_resource("notes", submissions.Note, answers={201: part_views.NoteView})
def add_note(call: Call, body: submissions.Note) -> Answer:
    """Add a remark to the timeline; a public one is seen by the consumer."""
    return _added(_do(call, body), events.NoteAdded, part_views.NoteView, author=call.actor.id, **body.model_dump())


@_resource("timeline/{seq}/retraction", NoteRetractionBody)
def retract_note(call: Call, body: NoteRetractionBody) -> Answer:
    """Take back a public note that was shown by mistake: its author, or a supervisor. Staff still see it."""
    return _after(call, body, call.path["seq"])


@_resource("evidence/{evidence_id}/retraction", submissions.EvidenceRetraction)
def retract_evidence(call: Call, body: submissions.EvidenceRetraction) -> Answer:
    """Take back a file that was shown by mistake: whoever of staff added it, or a supervisor. Staff still see it."""
    return _after(call, body, call.path["evidence_id"])


@_resource("delivery-updates", submissions.DeliveryUpdate, answers={201: part_views.DeliveryView})
def update_delivery(call: Call, body: submissions.DeliveryUpdate) -> Answer:
    """Say where the goods are (5.3); the consumer sees it and is told."""
    return _added(_do(call, body), events.DeliveryUpdated, part_views.DeliveryView, **body.model_dump())


@_resource("information", submissions.Information, answers={201: part_views.InformationView})
def give_information(call: Call, body: submissions.Information) -> Answer:
    """Answer what the consumer was asked, or add something."""
    done = _do(call, body)
    given = next(one for entry in done.entries if isinstance(one := entry.event, events.InformationGiven))
    return _added(done, events.InformationGiven, part_views.InformationView, answers=given.answers, text=body.text)


@_resource("information-reading", submissions.InformationReading)
def read_information(call: Call, body: submissions.InformationReading) -> Answer:
    """Record that what the consumer wrote since the plan is neither acceptance nor objection; else give feedback."""
    return _after(call, body)


def _added(done: Done[Complaint], kind: type[Event], view: type[part_views.EntryView], **known: Any) -> Answer:
    """What was added to the timeline; more may have followed from it there."""
    entry = next(entry for entry in done.entries if isinstance(entry.event, kind))
    return Answer(201, view(seq=entry.seq, at=entry.at, **known), tagged(done.state.version), done.replayed)


@_resource("information-requests", submissions.InformationRequest, answers={201: part_views.RequestView})
def request_information(call: Call, body: submissions.InformationRequest) -> Answer:
    """Ask the consumer; the stage's clock stands still until the answer, at most 5 working days."""
    done = _do(call, body)
    complaint = done.state
    asked = part_views.RequestView.of(complaint.information_requests[-1], complaint.deadline)
    return Answer(201, asked, tagged(complaint.version), done.replayed)


@_resource("inquiries", submissions.Inquiry, answers={201: part_views.InquiryView})
def ask(call: Call, body: submissions.Inquiry) -> Answer:
    """Ask a department (4.2b, 5.2 to 5.4); its own clock runs."""
    done = _do(call, body)
    return Answer(201, part_views.InquiryView.of(done.state.inquiries[-1]), tagged(done.state.version), done.replayed)


@_resource("inquiries/{inquiry_id}/answer", submissions.InquiryAnswer, answers={200: part_views.InquiryView})
def answer_inquiry(call: Call, body: submissions.InquiryAnswer) -> Answer:
    """Give the department's assessment and the solution it recommends (5.2)."""
    inquiry_id = call.path["inquiry_id"]
    done = _do(call, body, inquiry_id)
    answered = next(one for one in done.state.inquiries if one.inquiry_id == inquiry_id)
    return Answer(200, part_views.InquiryView.of(answered), tagged(done.state.version), done.replayed)


@_resource("evidence", submissions.EvidenceOffer, answers={201: part_views.OfferedView})
def offer_evidence(call: Call, body: submissions.EvidenceOffer) -> Answer:
    """Get a form to upload a file with, which is listed once it is there; what a storefront adds is the consumer's."""
    done = _do(call, body)
    file = done.state.evidence_files[-1]
    form = upload_form(done.state, file, call.now)
    return Answer(
        201, part_views.OfferedView.to(form, file, done.state.locale), tagged(done.state.version), done.replayed
    )
