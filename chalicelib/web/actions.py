"""What people do about a complaint: one resource for each action of the lifecycle."""

from collections.abc import Callable
from typing import Any

from chalicelib.casework.act import act
from chalicelib.casework.assign import assign as give_to
from chalicelib.casework.evidence import upload_form
from chalicelib.casework.link import replace_link as replace
from chalicelib.casework.merge import merge
from chalicelib.casework.once import Done
from chalicelib.domain.artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    DeliveryUpdate,
    EvidenceOffer,
    Extension,
    Feedback,
    FollowUpDone,
    Information,
    InformationRequest,
    Inquiry,
    InquiryAnswer,
    InvestigationReport,
    LegalReview,
    LinkReplacement,
    Merger,
    Note,
    Reopening,
    ResolutionPlan,
    Withdrawal,
)
from chalicelib.domain.decisions import feedback_action
from chalicelib.domain.happenings import DeliveryUpdated, Happening, InformationGiven, NoteAdded
from chalicelib.domain.lifecycle import Action, who
from chalicelib.domain.people import Role

from .api import Answer, Api, Call, View, tagged
from .part_views import (
    DeliveryView,
    EntryView,
    InformationView,
    InquiryView,
    NoteView,
    OfferedView,
    RequestView,
)
from .views import PublicView, StaffView, view_for

actions = Api(__name__)


def _do(call: Call, action: Action, artefact: Artefact, about: str | None = None) -> Done:
    return act(
        call.complaint_id, action, artefact, call.actor, call.now, seen=call.seen, request=call.request, about=about
    )


def _after(call: Call, action: Action, artefact: Artefact, about: str | None = None) -> Answer:
    """The complaint after the action, at that moment, in the view of whoever did it."""
    return _shown(call, _do(call, action, artefact, about))


def _shown(call: Call, done: Done) -> Answer:
    events = [*done.earlier, *done.events]
    view = view_for(call.actor, done.complaint, done.contact, events, events[-1].at)
    return Answer(200, view, tagged(done.complaint.version), done.replayed)


def _resource(name: str, body: type[Artefact], *stands_for: Action, answers: Any = None) -> Callable[[View], View]:
    """A resource of a complaint that stands for actions of the lifecycle, which says who may post to it."""
    open_to = frozenset[Role]().union(*(who(action) for action in stands_for))
    view = StaffView | PublicView if Role.CONSUMER in open_to else StaffView
    path = f"/v1/complaints/{{complaint_id}}/{name}"
    return actions.operation("POST", path, who=open_to, body=body, answers=answers or {200: view}, conditional=True)


@_resource("assignment", Assignment, Action.ASSIGN)
def assign(call: Call, body: Assignment) -> Answer:
    """Give a complaint to a member of customer service."""
    return _shown(call, give_to(call.complaint_id, body, call.actor, call.now, seen=call.seen, request=call.request))


@_resource("acknowledgement", Acknowledgement, Action.ACKNOWLEDGE)
def acknowledge(call: Call, body: Acknowledgement) -> Answer:
    """Confirm that a complaint is accepted (4.1c)."""
    return _after(call, Action.ACKNOWLEDGE, body)


@_resource("investigation-report", InvestigationReport, Action.REPORT)
def report(call: Call, body: InvestigationReport) -> Answer:
    """End the investigation with a complete report (4.2b, 4.2c)."""
    return _after(call, Action.REPORT, body)


@_resource("resolution-plan", ResolutionPlan, Action.PROPOSE_PLAN)
def propose_plan(call: Call, body: ResolutionPlan) -> Answer:
    """Propose a resolution plan to the consumer (4.3a, 4.3b)."""
    return _after(call, Action.PROPOSE_PLAN, body)


@_resource("feedback", Feedback, Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN)
def give_feedback(call: Call, body: Feedback) -> Answer:
    """Accept the plan, which closes the complaint, or object to it, which begins the next round (4.4a, 4.4b, 4.5a)."""
    return _after(call, feedback_action(body), body)


@_resource("withdrawal", Withdrawal, Action.WITHDRAW)
def withdraw(call: Call, body: Withdrawal) -> Answer:
    """Take an open complaint back, which closes it."""
    return _after(call, Action.WITHDRAW, body)


@_resource("reopening", Reopening, Action.REOPEN)
def reopen(call: Call, body: Reopening) -> Answer:
    """Reopen a closed complaint within 30 days, which begins the next round."""
    return _after(call, Action.REOPEN, body)


@_resource("merger", Merger, Action.MERGE)
def merge_into(call: Call, body: Merger) -> Answer:
    """Close a complaint with a pointer to another, open one about the same thing."""
    return _shown(call, merge(call.complaint_id, body, call.actor, call.now, seen=call.seen, request=call.request))


@_resource("link", LinkReplacement, Action.REPLACE_LINK)
def replace_link(call: Call, body: LinkReplacement) -> Answer:
    """Make the consumer's links of before worthless; a new one is sent to the consumer, and shown to nobody else."""
    return _shown(call, replace(call.complaint_id, body, call.actor, call.now, seen=call.seen, request=call.request))


@_resource("extension", Extension, Action.EXTEND)
def extend(call: Call, body: Extension) -> Answer:
    """Give the present stage more working days, once; the consumer is told why."""
    return _after(call, Action.EXTEND, body)


@_resource("legal-review", LegalReview, Action.REVIEW)
def review(call: Call, body: LegalReview) -> Answer:
    """Approve or refuse the plan of the present round where law is involved (5.4)."""
    return _after(call, Action.REVIEW, body)


@_resource("follow-ups/{number}/completion", FollowUpDone, Action.COMPLETE_FOLLOW_UP)
def complete_follow_up(call: Call, body: FollowUpDone) -> Answer:
    """Record that a promised measure has been carried out; the consumer is told of the last one."""
    return _after(call, Action.COMPLETE_FOLLOW_UP, body, call.path["number"])


@_resource("notes", Note, Action.NOTE, answers={201: NoteView})
def add_note(call: Call, body: Note) -> Answer:
    """Add a remark to the timeline; a public one is seen by the consumer."""
    return _added(_do(call, Action.NOTE, body), NoteAdded, NoteView, author=call.actor.id, **body.model_dump())


@_resource("delivery-updates", DeliveryUpdate, Action.UPDATE_DELIVERY, answers={201: DeliveryView})
def update_delivery(call: Call, body: DeliveryUpdate) -> Answer:
    """Say where the goods are (5.3); the consumer sees it and is told."""
    return _added(_do(call, Action.UPDATE_DELIVERY, body), DeliveryUpdated, DeliveryView, **body.model_dump())


@_resource("information", Information, Action.GIVE_INFORMATION, answers={201: InformationView})
def give_information(call: Call, body: Information) -> Answer:
    """Answer what the consumer was asked, or add something."""
    done = _do(call, Action.GIVE_INFORMATION, body)
    given = next(one for event in done.events if isinstance(one := event.happening, InformationGiven))
    return _added(done, InformationGiven, InformationView, answers=given.answers, text=body.text)


def _added(done: Done, kind: type[Happening], view: type[EntryView], **known: Any) -> Answer:
    """What was added to the timeline; more may have followed from it there."""
    event = next(event for event in done.events if isinstance(event.happening, kind))
    return Answer(201, view(seq=event.seq, at=event.at, **known), tagged(done.complaint.version), done.replayed)


@_resource("information-requests", InformationRequest, Action.REQUEST_INFORMATION, answers={201: RequestView})
def request_information(call: Call, body: InformationRequest) -> Answer:
    """Ask the consumer; the stage's clock stands still until the answer, at most 5 working days."""
    done = _do(call, Action.REQUEST_INFORMATION, body)
    complaint = done.complaint
    asked = RequestView.of(complaint.information_requests[-1], complaint.deadline)
    return Answer(201, asked, tagged(complaint.version), done.replayed)


@_resource("inquiries", Inquiry, Action.ASK, answers={201: InquiryView})
def ask(call: Call, body: Inquiry) -> Answer:
    """Ask a department (4.2b, 5.2 to 5.4); its own clock runs."""
    done = _do(call, Action.ASK, body)
    return Answer(201, InquiryView.of(done.complaint.inquiries[-1]), tagged(done.complaint.version), done.replayed)


@_resource("inquiries/{inquiry_id}/answer", InquiryAnswer, Action.ANSWER_INQUIRY, answers={200: InquiryView})
def answer_inquiry(call: Call, body: InquiryAnswer) -> Answer:
    """Give the department's assessment and the solution it recommends (5.2)."""
    inquiry_id = call.path["inquiry_id"]
    done = _do(call, Action.ANSWER_INQUIRY, body, inquiry_id)
    answered = next(one for one in done.complaint.inquiries if one.inquiry_id == inquiry_id)
    return Answer(200, InquiryView.of(answered), tagged(done.complaint.version), done.replayed)


@_resource("evidence", EvidenceOffer, Action.ADD_EVIDENCE, answers={201: OfferedView})
def offer_evidence(call: Call, body: EvidenceOffer) -> Answer:
    """Get a form to upload a file with; it is listed once it has arrived and is what it was said to be."""
    done = _do(call, Action.ADD_EVIDENCE, body)
    file = done.complaint.evidence_files[-1]
    form = upload_form(done.complaint, file, call.now)
    return Answer(201, OfferedView.of(file, form), tagged(done.complaint.version), done.replayed)
