"""A complaint as its page and its case file say it: what its view says, put into words and in the order of the work."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from chalicelib.casework import rules
from chalicelib.casework.read import Case, Notice
from chalicelib.domain.complaint import files, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.decisions import Possible
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.mergers import whose
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling import letters
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import stage_name
from chalicelib.web import languages, part_views, views
from chalicelib.web.door import Call
from chalicelib.web.pages.content import TYPES
from chalicelib.web.pages.speech import Sentence, Speech

from . import dangers, due, names
from .told import told

PARTS = (
    *("filed", "contact", "safety", "order", "related", "files", "inquiries", "report", "plans", "legal"),
    *("questions", "delivery", "measures", "breaches", "survey", "told", "history"),
)
"""What a complaint's page has, in its order."""
SMALL = 300_000  # bytes: larger photographs are shown to whoever opens them
SEEN = ("image/jpeg", "image/png", "image/gif", "image/webp")
HEARD = ("audio/mpeg", "audio/mp4", "audio/wav")
WATCHED = ("video/mp4", "video/quicktime")
"""What browsers show of what the house has looked into: a file of any other type is only ever saved."""


class Plan(NamedTuple):
    """A plan of a round, with what was answered to it; a draft has a number and no round yet."""

    round: int
    at: datetime
    by: str
    in_force: bool
    plan: submissions.ResolutionPlan
    said: dict[str, Any]
    answers: list[part_views.AnswerView]
    number: int | None = None


class File(NamedTuple):
    """A file; `how` a browser may show it on the page: image, audio, video, or not at all."""

    it: part_views.EvidenceView
    how: str
    cited: bool
    shown: bool
    advice: str
    may_retract: bool


class Reader(NamedTuple):
    """Who reads a complaint, when, and in which language."""

    actor: Actor
    now: datetime
    say: Speech


def content(
    case: Case[Complaint],
    notices: Iterable[Notice],
    reader: Reader,
    *,
    unmasked: bool = False,
    possible: Possible | None = None,
) -> dict[str, Any]:
    """The values of the templates. `unmasked`: they have said why they must see how the consumer is reached;
    `possible`: what they may do, where that is known."""
    complaint, (actor, now, say) = case.state, reader
    policy = rules.version(complaint.policy_version, now)
    view = views.StaffView.at(case, actor, now, policy, unmasked=unmasked, possible=possible)
    return {
        "view": view,
        "complaint": complaint,
        "now": now,
        "stage": stage_name(view.stage, view.outcome, say.locale, to_staff=True),
        "clock": [say.tell(one) for one in due.of_stage(view.deadline, now, say)],
        "marks": [say.tell(one) for one in _marks(view)],
        "said": dangers.as_said(view.safety.words, _texts(case)) if view.safety else [],
        "left": lambda moment: say.tell(due.left(moment, now, say)),
        "named": lambda field, value: names.named(field, str(value), say),
        "listed": lambda field, values: say.listed(names.named(field, one, say) for one in values),
        "cause": partial(names.cause_name, say=say),
        "clock_name": partial(names.clock_name, say=say),
        "money": lambda one: spoken.money(one.value, one.currency, say.locale),
        "language": languages.NATIVE[view.locale],
        "words": names.words_found(complaint),
        "files": [_file(one, complaint, view, reader) for one in view.evidence],
        "plans": [*_plans(complaint, say)],
        "draft": _draft(complaint, say),
        "survey": part_views.SurveyView.of(complaint, actor, policy),
        "told": [*told(notices, say)],
        "room": files.MOST_FILES - len(files.with_a_place(complaint, "staff", now, policy)),
        "coming": [one for one in files.with_a_place(complaint, "staff", now, policy) if one.status == "offered"],
    }


def _texts(case: Case[Complaint]) -> list[str]:
    """What the consumer filed, and what was written in the entries that were read."""
    return [case.state.description, *(text for one in case.entries if one.words for text in one.words.typed.values())]


def to_act(call: Call, say: Speech) -> dict[str, Any]:
    """What a page needs besides on which something can be done about parts."""
    return {
        "here_is": f"{call.prefix}/console/complaints/{call.complaint_id}",
        "act_name": partial(names.act_name, say=say),
        "largest": submissions.LARGEST_FILE,
        "types": TYPES,
    }


def _marks(view: views.StaffView) -> Iterator[Sentence]:
    """What is to be known of it before anything else."""
    if view.safety and view.safety.tier != "none":
        yield f"complaint.mark.safety.{view.safety.tier}", {}
    if view.legal_issue:
        yield "complaint.mark.legal", {}
    if view.to_call_since:
        yield "complaint.mark.call", {}
    if view.left_to_supervisor_at:
        yield "complaint.mark.supervisor", {}
    if view.review_requested_at and view.outcome is None:
        yield "complaint.mark.review", {}
    if view.duplicate_of:
        yield "complaint.mark.duplicate", {"other": view.duplicate_of}
    if view.named:
        yield "complaint.mark.named", {"names": ", ".join(view.named)}
    if view.merged_into and view.other_closed_at:
        yield "complaint.mark.other_closed", {"other": view.merged_into, "at": view.other_closed_at}
    elif view.merged_into:
        yield "complaint.mark.merged", {"other": view.merged_into}


def _plans(complaint: Complaint, say: Speech) -> Iterator[Plan]:
    """The newest first."""
    answers = [part_views.AnswerView.of(one) for one in complaint.feedback]
    for one in reversed(complaint.resolution_plans):
        yield Plan(
            one.round,
            one.proposed_at,
            one.proposed_by or "",
            one is complaint.plan_in_force,
            one.plan,
            letters.proposal(one.plan, say.locale),
            [given for given in answers if given.round == one.round],
        )


def _draft(complaint: Complaint, say: Speech) -> Plan | None:
    """What is there for legal to read."""
    draft = complaint.plan_draft
    if draft is None:
        return None
    said = letters.proposal(draft.plan, say.locale)
    return Plan(complaint.round, draft.drafted_at, draft.drafted_by, False, draft.plan, said, [], draft.number)


def _file(one: part_views.EvidenceView, complaint: Complaint, view: views.StaffView, reader: Reader) -> File:
    known = {file.evidence_id: file for file in complaint.evidence_files}.get(one.evidence_id)
    report = complaint.investigation_report
    own = known is not None and (known.sent_by == reader.actor.id or "supervisor" in reader.actor.roles)
    return File(
        one,
        _how(one),
        report is not None and one.evidence_id in report.evidence,
        known is not None and known.shown_with is not None and known.retracted is None,
        spoken.REFUSALS[one.refused.reason][reader.say.locale] if one.refused else "",
        own and one.status == "received" and one.retracted is None and Action.RETRACT_EVIDENCE in view.allowed,
    )


def _how(one: part_views.EvidenceView) -> str:
    """By its type, which is that of what was found in it."""
    if one.status != "received" or whose(one.evidence_id)[0]:
        return ""
    if one.content_type in SEEN and one.size <= SMALL:
        return "image"
    return "audio" if one.content_type in HEARD else "video" if one.content_type in WATCHED else ""
