"""A part of the operating data is changed by a form: that begins an amendment, which a second person confirms (8.1)."""

import json
import secrets
from hashlib import sha256

from chalicelib.casework import amendments, documents, once
from chalicelib.domain.governance import wording
from chalicelib.domain.governance.amendment import Draft, Reasons
from chalicelib.domain.ground.errors import FieldFault, Invalid, Refusal, StaleBase, Unauthenticated
from chalicelib.domain.ground.model import Body
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.vocabulary.spoken import AMENDMENT_STAGES
from chalicelib.web.console import forms, names
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.page import back, page, speech
from chalicelib.web.door import PRINTABLE_ASCII, Answer, Call, read_as
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import editing
from .operating import DRAFTERS, PATH, latest, under_way

operating_changes = Console(__name__)
CHANGES = PATH + "/changes"
SUMMARY = 200


class RuleQuery(PageQuery):
    """`rule`: the part that is to be changed, by its path; of a long list one, or the list itself for a new one."""

    rule: str = ""


class Because(Body):
    reasons: Reasons


@operating_changes.operation("GET", CHANGES, who=DRAFTERS, query=RuleQuery, answers={200: str})
def show_change_of_operating(call: Call, query: RuleQuery) -> Answer:
    """The form by which a part of the operating data is changed, as that is now."""
    return _form(call, query.rule, latest(call))


def _form(
    call: Call, rule: str, base: Operating, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    name = editing.named(rule, base, say.locale)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    fields = [*editing.fields(rule, base, say, sent, faults), *forms.fields_of(Because, say, {}, sent, faults)]
    others = [] if refusal is None or isinstance(refusal, Invalid) else [names.refused(refusal, say)]
    moved = [say("panel.moved_page")] if isinstance(refusal, StaleBase) else []
    return page(
        call,
        "policy/operating_change.html",
        say,
        status=status,
        rule=rule,
        name=name,
        adds=rule in editing.LISTED,
        fields=fields,
        faulty=[*forms.faulty(fields)],
        faults=[*moved, *(forms.misplaced(fields, faults, say) or others)],
        hidden={"_rule": rule, "_seen": str(base.version), "_key": secrets.token_urlsafe(16)},
        typed=sent is not None,
        under_way=under_way(),
        stages=AMENDMENT_STAGES,
    )


@operating_changes.operation("POST", CHANGES, who=DRAFTERS, body=Sent, answers={303: None})
def send_change_of_operating(call: Call, sent: Sent) -> Answer:
    """Begins an amendment of the operating data by what was typed; or shows the form again, and what is against it."""
    rule, base = sent.one("_rule"), latest(call)
    if forms.is_for_more(sent):
        return _form(call, rule, base, sent)
    say = speech(call)
    try:
        draft = _draft(rule, base, sent, say)
        done = amendments.draft(draft, call.actor, call.now, idempotency=_once(call, sent), locale=say.locale)
    except Unauthenticated:
        raise
    except Refusal as refusal:
        return _form(call, rule, base, sent, refusal, refusal.status)
    return back(call, f"/console/policy/amendments/{done.state.amendment_id}")


def _draft(rule: str, base: Operating, sent: Sent, say: Speech) -> Draft:
    """Its summary is what it changes, in words. Raises Invalid, which names all that is wrong."""
    faults: list[FieldFault] = []
    patch, because = {}, None
    try:
        patch = editing.changed(rule, base, base, sent)
        if not patch:
            faults.append(FieldFault(editing.RULE, "changes_nothing"))
    except Invalid as refusal:
        faults += refusal.faults
    try:
        because = read_as(Because, forms.content_of(Because, sent))
    except Invalid as refusal:
        faults += refusal.faults
    if faults or not isinstance(because, Because):
        raise Invalid(faults)
    said = "; ".join(one.words for one in wording.worded(base, documents.whole(base, patch), say.locale))
    seen = sent.one("_seen")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 5 else base.version
    return Draft(summary=_short(said), reasons=because.reasons, changes=patch, base=number)


def _short(said: str) -> str:
    return said if len(said) <= SUMMARY else f"{said[: SUMMARY - 1]}…"


def _once(call: Call, sent: Sent) -> once.Idempotency | None:
    """So that a form is done once, however often it is sent."""
    key = sent.one("_key")
    if not PRINTABLE_ASCII.fullmatch(key):
        return None
    typed = sorted((name, [*values]) for name, values in sent.fields.items() if name not in ("_key", "_seen", "_who"))
    asked = json.dumps(["POST", CHANGES, sha256(json.dumps(typed).encode()).hexdigest()])
    return once.idempotency(f"staff {call.actor.id}", key, asked.encode(), call.now)
