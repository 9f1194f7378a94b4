"""What whoever reads a complaint may do about it now, why not the rest, and the form of what they are about to do.

Every action of the lifecycle appears by itself. What is here is in which order, and which of it is the work that waits.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from chalicelib.casework import rules
from chalicelib.casework.canned import Offered, offered
from chalicelib.casework.preview import ALWAYS_FORESEEN, FORESEEN, Foreseen
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import decisions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.errors import (
    FieldFault,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    Stale,
)
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.door import Call
from chalicelib.web.pages.speech import Speech

from . import begun, canned, forms, names, since
from .acts import Act
from .asked import ComplaintQuery
from .door import Sent
from .forms import Field
from .shapes import shapes_of
from .timeline import Happening

BY_SCRIPT = frozenset({Action.ADD_EVIDENCE})
"""What has a place of its own on the page."""


def _is_with_legal(complaint: Complaint) -> bool:
    draft = complaint.plan_draft
    return draft is not None and draft.number not in [one.review.draft for one in complaint.legal_reviews]


def _always(complaint: Complaint) -> bool:
    return True


STEPS: Mapping[Action, Callable[[Complaint], bool]] = {
    Action.CALL: lambda it: it.to_call_since is not None or it.clock("safety_call") is not None,
    Action.ASSESS_SAFETY: lambda it: it.clock("safety_assessment") is not None,
    Action.TELL_AUTHORITY: lambda it: any(clock.name.startswith("safety_report") for clock in it.clocks),
    Action.ANSWER_INQUIRY: _always,
    Action.READ_INFORMATION: _always,
    Action.ACKNOWLEDGE: _always,
    Action.REPORT: _always,
    Action.REVIEW: _is_with_legal,
    Action.PROPOSE_PLAN: _always,
    Action.DRAFT_PLAN: lambda it: it.legal_issue and not it.legally_approved and not _is_with_legal(it),
    Action.COMPLETE_FOLLOW_UP: _always,
    Action.REVIEW_SURVEY: _always,
    Action.STATE: _always,
    Action.DECIDE: _always,
}
"""The work that waits, the most urgent first, if it does; all else is done when there is a reason for it."""
OFTEN = (
    *(Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN, Action.NOTE, Action.CALL, Action.ASK, Action.REQUEST_INFORMATION),
    *(Action.GIVE_INFORMATION, Action.UPDATE_DELIVERY, Action.ASSIGN, Action.EXTEND, Action.TRIAGE),
)
OWN_WORDS = frozenset(
    (
        *(Action.OBJECT_TO_PLAN, Action.REQUEST_REVIEW, Action.GIVE_INFORMATION, Action.WITHDRAW, Action.REOPEN),
        *(Action.ANSWER_SURVEY, Action.CORRECT_CONTACT, Action.VIEW_CONTACT, Action.TRIAGE),
        *(Action.STATE, Action.OBJECT, Action.DECIDE),
    )
)
"""Where the consumer's own words are written down, or a reason that no other case has."""
AWAITED = (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.REVIEW)
"""The steps of every complaint: what stands against one of them is said at once. The rest wait for something of their
own, and where that is not there, nobody misses them."""
BY_LEGAL = "legal_must_approve"
"""Said in words of the desk, which know how far the draft has come."""
BY_STAGE = ("stage_forbids", "end_forbids")
"""Why what comes earlier or later is not done now, which goes without saying."""


class Form(NamedTuple):
    """What somebody is about to do. `parts`: what it can be about one of, while that is to be chosen; then there are no
    `fields` yet. `rare`: fields that are folded until they say something. `about`: which part it is about. `faults`:
    what is wrong with what is not shown, or stands against all of it. `since`: what happened since its author saw the
    complaint. `canned`: words that can be put in, in the language of their reader, and `used`, those that were.
    `preview`: what the consumer would read; None: nobody has asked. `begun`: it is that of the next step, which nobody
    has asked for yet; a narrow screen shows it once they do.
    """

    act: Act
    send: str
    parts: Sequence[Act]
    about: str
    fields: Sequence[Field]
    rare: Sequence[Field]
    is_rare_open: bool
    faulty: Sequence[Field]
    faults: Sequence[str]
    since: Sequence[Happening]
    hidden: Mapping[str, str]
    canned: Sequence[Offered]
    used: str
    preview: Sequence[Foreseen] | None
    shows_first: bool
    can_show: bool
    typed: bool
    begun: bool


class Panel(NamedTuple):
    """`next_steps`: the work that waits; `acts`: what else may be done; `why_not`: the rest, and why not now; `waits`:
    what a step waits for, and what it will ask for, said before anybody tries."""

    complaint_id: str
    next_steps: Sequence[Act]
    acts: Sequence[Act]
    why_not: Sequence[tuple[Sequence[str], str]]
    waits: Sequence[str]
    form: Form | None


class Preview(NamedTuple):
    """What the consumer would read of what was typed, which is known again by its `digest`."""

    told: Sequence[Foreseen]
    digest: str


class ShownBefore(IdempotencyMismatch):
    """What a form gives was shown in the answer to it, once."""


class Reader(NamedTuple):
    """Whoever reads the page, with what is needed to speak to them."""

    case: Case[Complaint]
    call: Call
    asked: ComplaintQuery
    say: Speech


def panel(
    case: Case[Complaint],
    possible: decisions.Possible,
    call: Call,
    asked: ComplaintQuery,
    say: Speech,
    sent: Sent | None = None,
    refusal: Refusal | None = None,
    preview: Preview | None = None,
) -> Panel:
    """The panel as of now; after something was refused, or before it is sent, with what was typed."""
    reader = Reader(case, call, asked, say)
    steps = [action for action, waits in STEPS.items() if action in possible.allowed and waits(case.state)]
    others = [one for one in sorted(possible.allowed, key=_place) if one not in steps and _is_listed(one, case, call)]
    is_theirs = asked.act in possible.allowed or asked.act in possible.why_not or sent is not None
    action = asked.act if is_theirs else (steps[0] if steps else None)
    shown = action is not None and (action in possible.allowed or sent is not None)
    return Panel(
        case.state.complaint_id,
        [_act(one, reader) for one in steps],
        [_act(one, reader) for one in others],
        _why_not(possible, say),
        [*_waits(case.state, possible, say, asked.act if sent is None else None)],
        _form(action, reader, sent, refusal, preview) if action and shown else None,
    )


def _why_not(possible: decisions.Possible, say: Speech) -> list[tuple[list[str], str]]:
    """Each reason once, with all that it stands against; what only comes earlier or later is last."""
    found: dict[str, list[str]] = {}
    ranked = sorted(possible.why_not.items(), key=lambda one: _is_by_stage(one[1]))
    for action, why in ranked:
        if action not in BY_SCRIPT:
            found.setdefault(str(names.refused(why, say)), []).append(_word(say, action, "name"))
    return [(acts, why) for why, acts in found.items()]


def _is_by_stage(why: Refusal) -> bool:
    return isinstance(why, NotAllowed) and why.reason in BY_STAGE


def _place(action: Action) -> int:
    """What is done often stands before what is not, which keeps the order of the lifecycle."""
    return OFTEN.index(action) if action in OFTEN else len(OFTEN)


def _is_listed(action: Action, case: Case[Complaint], call: Call) -> bool:
    """Not what has a place of its own on the page; a note is taken back where there is one, and contact details are
    shown to whom they are not yet."""
    if action is Action.VIEW_CONTACT and case.state.shows_contact_to(call.actor):
        return False
    return action not in BY_SCRIPT and (action is not Action.RETRACT_NOTE or bool(begun.notes_of(case, call.actor)))


def _waits(complaint: Complaint, possible: decisions.Possible, say: Speech, asked: Action | None) -> list[str]:
    """What stands against a step beside the stage, or against what is asked for; and what a report will ask for."""
    found = [
        names.refused(why, say)
        for action, why in possible.why_not.items()
        if action == asked or (action in AWAITED and not _is_by_stage(why) and getattr(why, "reason", "") != BY_LEGAL)
    ]
    found += _of_legal(complaint, say)
    if complaint.stage == "awaiting_consumer" and complaint.deadline:
        found.append(say("panel.awaits", due=complaint.deadline.due_at))
    if Action.REPORT in possible.allowed:
        found += [
            say("panel.waits_for", department=spoken.DEPARTMENTS[one.department][say.locale], due=one.due_at)
            for one in complaint.open_inquiries
        ]
    return found


def _of_legal(complaint: Complaint, say: Speech) -> Iterator[str]:
    """How a plan that needs legal stands there (5.4)."""
    if complaint.stage != "planning" or not complaint.legal_issue:
        return
    draft = complaint.plan_draft
    words = [one.review for one in complaint.legal_reviews if draft and one.review.draft == draft.number]
    if draft is None:
        yield say("panel.legal.first")
    elif not words:
        yield say("panel.legal.waits")
    elif words[-1].approved:
        yield say("panel.legal.approved")
    else:
        yield say("panel.legal.refused", advice=say.apart(words[-1].advice))


def _act(action: Action, reader: Reader, part: str | None = None, name: str = "") -> Act:
    asked = {**reader.asked.way, "act": str(action), **({"part": part} if part else {})}
    say = reader.say
    page = f"{reader.call.prefix}/console/complaints/{reader.case.state.complaint_id}"
    href = f"{page}?{urlencode(asked)}#doing"  # whole: a form that was refused stands at an address of its own
    return Act(action, name or _word(say, action, "name"), _word(say, action, "means"), href)


def _word(say: Speech, action: Action, which: str) -> str:
    """What an action is called, or what else is said of it: one that has no words yet, by its name in the contract."""
    key = f"acts.{action}.{which}"
    if say.knows(key):
        return str(say(key))
    return {"name": str(action).replace("_", " "), "send": str(say("panel.send"))}.get(which, "")


def _form(
    action: Action, reader: Reader, sent: Sent | None, refusal: Refusal | None, preview: Preview | None
) -> Form | None:
    case, call, asked, say = reader
    policy = rules.version(case.state.policy_version, call.now)
    part, parts = asked.part if action == asked.act else None, forms.NOTHING
    if action in decisions.ABOUT_A_PART:
        parts = begun.parts_of(action, case, call.actor, call.now, policy, say)
        part = parts[0][0] if part is None and sent is None and len(parts) == 1 else part
    known = part in dict(parts) or (action is Action.RETRACT_NOTE and part and not isinstance(refusal, NotFound))
    astray = sent is not None and bool(parts) and not known  # a note may be older than what was read
    if astray:
        part, refusal = None, None if isinstance(refusal, NotFound | Forbidden) else refusal
    offers = _offers(action, reader)
    typed = canned.put_in(ACTIONS[action], _typed(action, reader, sent), offers)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    to_choose = action in decisions.ABOUT_A_PART and part is None and sent is None
    fields = [] if to_choose else _fields(action, reader, policy, typed, faults)
    rare = forms.folded(action, fields)
    if astray:
        fields = [_which(parts, say), *fields]
    return Form(
        _act(action, reader, part),
        _word(say, action, "send"),
        [_act(action, reader, one, name) for one, name in parts] if to_choose else [],
        dict(parts).get(part or "", ""),
        [field for field in fields if field not in rare],
        rare,
        any(forms.says(field) or typed.one(forms.MORE) == field.name for field in rare),
        [*forms.astray(fields)],
        _said(case.state, sent, refusal, fields, say),
        [*since.happened(case, sent, call.actor, say)],
        _hidden(case.state, asked, part, preview),
        offers,
        typed.one(canned.USED),
        preview.told if preview else None,
        action in ALWAYS_FORESEEN and preview is None,
        action in FORESEEN,
        sent is not None,
        asked.act is None,
    )


def _which(parts: forms.Options, say: Speech) -> Field:
    """What was typed is about one of those that are left, or about one that nobody has named: its author says which."""
    left = [("", ""), *parts]
    return Field(
        "_part", "one", str(say("panel.which")), required=True, options=left, faults=[say("panel.which_first")]
    )


def _fields(
    action: Action, reader: Reader, policy: Policy, typed: Sent, faults: Sequence[FieldFault]
) -> Sequence[Field]:
    """What is asked for of this complaint: neither what it needs not, nor as if it could do without what it needs."""
    case, call, _, say = reader
    choices = begun.choices_of(action, case, call.now, policy, say)
    needed, idle = begun.needed(action, case.state, policy)
    return forms.form_of(action, say, choices, typed, faults, (*NOT_ASKED, *idle), needed)


def _offers(action: Action, reader: Reader) -> list[Offered]:
    """Where anything is written that could have been written before: canned words are for the consumer's ears."""
    if action in OWN_WORDS or not any(shape.kind == "text" for shape in shapes_of(ACTIONS[action])):
        return []
    complaint, actor = reader.case.state, reader.call.actor
    contact = reader.case.contact if complaint.shows_contact_to(actor) else None
    locale = complaint.locale if action in FORESEEN else reader.say.locale
    return offered(complaint, contact, actor.roles, locale, reader.call.now)


def _typed(action: Action, reader: Reader, sent: Sent | None) -> Sent:
    """What was typed; before that, with what it begins, and the words that a link asks for."""
    if sent is not None:
        return sent
    begins = forms.sent_of(begun.contents_of(action, reader.case))
    words = reader.asked.words
    return Sent(fields={**begins.fields, **canned.chosen(words).fields}) if words else begins


NOT_ASKED = ("round", "draft")
"""What the version that was seen says: which round of the plan is meant, and which draft."""


def _hidden(complaint: Complaint, asked: ComplaintQuery, part: str | None, preview: Preview | None) -> dict[str, str]:
    """What is sent along: on what it was decided, and a key by which it is done once, however often it is sent."""
    along = {f"_{name}": one for name, one in asked.way.items()} | ({"_part": part} if part else {})
    shown = {"_previewed": preview.digest} if preview else {}
    return {**since.seen(complaint), "_key": secrets.token_urlsafe(16), **along, **shown}


def _said(
    complaint: Complaint, sent: Sent | None, refusal: Refusal | None, fields: Sequence[Field], say: Speech
) -> list[str]:
    """What stands against all of it. That the complaint has moved is said whenever the form is shown again, as the
    page has its newest state then, on which the next sending counts."""
    moved = [str(say("panel.moved"))] if isinstance(refusal, Stale) or since.is_overtaken(complaint, sent) else []
    match refusal:
        case None | Stale():
            return moved
        case Invalid():
            return moved + forms.misplaced(fields, refusal.faults, say)
        case ShownBefore():
            return [str(say("panel.shown_before"))]
        case IdempotencyMismatch():
            return [str(say("panel.sent_before"))]
    return [*moved, names.refused(refusal, say)]
