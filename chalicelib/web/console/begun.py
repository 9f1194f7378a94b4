"""With what a form begins: what there is to choose from, and what stands in it before anybody types.

All of it can be changed. What is not here begins blank, as every action that is added does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.casework import interpretations, merge
from chalicelib.casework.colleagues import Colleague, to_choose_from
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import decisions, events, faces, guards, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.governance.interpretations import Interpretation
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import stage_name
from chalicelib.web.pages.speech import Speech

from .forms import Options

FEW_CHARACTERS = 60
"""Of what somebody wrote, where one thing is told from others."""


def choices_of(action: Action, case: Case[Complaint], now: datetime, policy: Policy, say: Speech) -> dict[str, Options]:
    """By field: what there is to choose from that only the complaint, the policy or the house knows."""
    if action is Action.ASSIGN:
        people = to_choose_from(Role.CUSTOMER_SERVICE, now)  # a name is typed where nobody knows whom there is
        return {"assignee": [(one.name, _called(one, say)) for one in people]} if people else {}
    if action is Action.MERGE:
        others = merge.could_take_in(case.state)
        return {"into": [(one.complaint_id, _other(one, say)) for one in others]} if others else {}
    known: dict[str, Options] = {}
    if action in (Action.REPORT, Action.PROPOSE_PLAN, Action.DRAFT_PLAN):
        known["evidence"] = _files(case.state, action)
    if action is Action.REPORT:
        causes = policy.operating.causes
        known["cause_code"] = [(code, cause.names[say.locale]) for code, cause in causes.items()]
        known["interpretations"] = [(str(one.number), _ruling(one, say)) for one in interpretations.to_cite()]
    return known


def _ruling(one: Interpretation, say: Speech) -> str:
    return say("panel.interpretation", number=one.number, clause=one.clause, question=say.apart(_short(one.question)))


def _other(one: Complaint, say: Speech) -> str:
    stage = stage_name(one.stage, one.outcome, say.locale, to_staff=True)
    return say("panel.other", id=one.complaint_id, product=say.apart(one.product_name), stage=stage)


def _called(one: Colleague, say: Speech) -> str:
    whole = f"{one.called} ({one.name})" if one.called else one.name
    return whole if one.takes_turns else str(say("panel.off_duty", name=whole))


def _files(complaint: Complaint, action: Action) -> Options:
    """Those that are there; of what was merged into it too, which no plan can show."""
    own = [(one.evidence_id, one.file_name) for one in complaint.evidence if not one.retracted]
    taken = [(one.evidence_id, one.evidence_id) for one in complaint.taken_files] if action is Action.REPORT else []
    return own + taken


def needed(action: Action, complaint: Complaint, policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What this complaint does not go without, though the model of the action does; and what is of no use to it."""
    if action is not Action.REPORT:
        return (), ()
    coded = guards.needed_in_report(policy)
    return ((*coded, "without_inquiries"), ()) if complaint.open_inquiries else (coded, ("without_inquiries",))


# ---- before anybody types --------------------------------------------------------------------------------------------


def contents_of(action: Action, case: Case[Complaint]) -> dict[str, Any]:
    """What stands in the form already, as it would be handed in."""
    return BEGUN[action](case) if action in BEGUN else {}


def _plan(case: Case[Complaint]) -> dict[str, Any]:
    """The draft that legal has read, which goes out to the letter; else the last plan, which is adjusted (4.4b)."""
    complaint = case.state
    last = complaint.resolution_plans[-1].plan if complaint.resolution_plans else None
    plan = complaint.plan_draft.plan if complaint.plan_draft else last
    return plan.model_dump(mode="json", exclude_none=True) if plan else {}


def _contact(case: Case[Complaint]) -> dict[str, Any]:
    known = case.contact
    return {"contact": {"name": known.name, "phone": known.phone, "email": known.email}}


def _tier(case: Case[Complaint]) -> dict[str, Any]:
    return {"tier": case.state.safety.tier} if case.state.safety else {}


def _call(case: Case[Complaint]) -> dict[str, Any]:
    """About what somebody has to call, if anybody has to."""
    if case.state.clock("safety_call"):
        return {"about": "safety"}
    return {"about": "notice"} if case.state.to_call_since else {}


def _report(case: Case[Complaint]) -> dict[str, Any]:
    """The shop has confirmed the order, which is one way to check it."""
    check = case.state.order_check
    return {"order_verified": True} if check and check.found else {}


def _parcel(case: Case[Complaint]) -> dict[str, Any]:
    """Which parcel it is about: by the update before, else by the shop's order."""
    told, check = case.state.delivery, case.state.order_check
    known = told.update if told else check.facts if check else None
    return {name: one for name in ("carrier", "tracking_number") if (one := getattr(known, name, None))}


BEGUN: Mapping[Action, Callable[[Case[Complaint]], dict[str, Any]]] = {
    Action.ASSIGN: lambda case: {"assignee": case.state.assignee},
    Action.REPORT: _report,
    Action.UPDATE_DELIVERY: _parcel,
    Action.PROPOSE_PLAN: _plan,
    Action.DRAFT_PLAN: _plan,
    Action.CORRECT_CONTACT: _contact,
    Action.MERGE: lambda case: {"into": case.state.duplicate_of},
    Action.TRIAGE: _tier,
    Action.CALL: _call,
}


# ---- one of several --------------------------------------------------------------------------------------------------


def parts_of(
    action: Action, case: Case[Complaint], actor: Actor, now: datetime, policy: Policy, say: Speech
) -> Options:
    """What the action can be about one of now, and what each is called; nothing, if there is none."""
    if action is Action.RETRACT_NOTE:
        return notes_of(case, actor)
    named = NAMES.get(action)
    found = decisions.about_one_of(case.state, action, actor, now, policy)
    return [(part, named(case.state, part, say) if named else part) for part in found]


def notes_of(case: Case[Complaint], actor: Actor) -> Options:
    """The public ones that whoever wrote them, or a supervisor, can take back: of what was read of the timeline."""
    supervises = Role.SUPERVISOR in actor.roles
    return [
        (str(entry.seq), _short(entry.event.note.text))
        for entry in case.entries
        if isinstance(entry.event, events.NoteAdded)
        and entry.event.note.public
        and (supervises or entry.actor.is_same(actor))
        and faces.retraction_of(entry, case.state) is None
    ]


def _inquiry(complaint: Complaint, part: str, say: Speech) -> str:
    one: parts.OpenedInquiry = next(one for one in complaint.inquiries if one.inquiry_id == part)
    return f"{spoken.DEPARTMENTS[one.department][say.locale]}: {_short(one.question)}"


def _measure(complaint: Complaint, part: str, say: Speech) -> str:
    return _short(next(one.measure for one in complaint.follow_ups if str(one.number) == part))


def _file(complaint: Complaint, part: str, say: Speech) -> str:
    return next(str(one.file_name) for one in complaint.evidence_files if one.evidence_id == part)


def _breach(complaint: Complaint, part: str, say: Speech) -> str:
    missed = complaint.breaches[int(part) - 1]
    stage = spoken.STAFF_STAGES[missed.stage][say.locale]
    return say("panel.breach", number=part, stage=stage, due=missed.due_at)


def _short(text: str) -> str:
    return text if len(text) <= FEW_CHARACTERS else f"{text[:FEW_CHARACTERS]}…"


NAMES: Mapping[Action, Callable[[Complaint, str, Speech], str]] = {
    Action.ANSWER_INQUIRY: _inquiry,
    Action.COMPLETE_FOLLOW_UP: _measure,
    Action.RETRACT_EVIDENCE: _file,
    **dict.fromkeys((Action.STATE, Action.DECIDE, Action.OBJECT), _breach),
}
