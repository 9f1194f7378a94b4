"""An amendment is begun, and its rules are changed one after the other, each by a form of its own; no JSON anywhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import Field

from chalicelib.casework import amendments as casework
from chalicelib.casework import rules
from chalicelib.domain.governance import wording
from chalicelib.domain.governance.amendment import DRAFTERS, Action, Change, Draft
from chalicelib.domain.ground.errors import Invalid, Refusal, Unauthenticated
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console import acts, forms
from chalicelib.web.console.acts import Act, Form
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.page import arrived, back, page, speech
from chalicelib.web.door import Answer, Call, read_as
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import editing
from .amendments import LISTED, ONE, ONLY_OF_RULES, may_do
from .editing import Document

amending = Console(__name__)
NEW = LISTED + "/new"
CHANGES = ONE + "/changes"
BESIDE = ("changes", "base")
"""What a draft says by its rules, and not by itself."""


class RuleQuery(PageQuery):
    rule: str | None = Field(None, max_length=140, description="Which is to be changed; by default one is chosen.")


class Edited(NamedTuple):
    """What is edited: the version that it is of, and what a draft makes of that; the same, where none is begun."""

    base: Document
    drafted: Document


# ---- a new one -------------------------------------------------------------------------------------------------------


@amending.operation("GET", NEW, who=DRAFTERS, query=RuleQuery, answers={200: str})
def show_new_amendment(call: Call, query: RuleQuery) -> Answer:
    """Which rule a new amendment changes first; of one that is chosen, its form, and what the amendment is about."""
    return _new(call, query.rule)


def _new(call: Call, rule: str | None, sent: Sent | None = None, refusal: Refusal | None = None) -> Answer:
    say = speech(call)
    if rule is None:
        known = [_latest(kind, call.now) for kind in (Rules, Operating)]
        return _choose(call, say, NEW, [Edited(one, one) for one in known])
    latest = _latest(editing.kind_of(rule), call.now)
    own = forms.fields_of(Draft, say, {}, sent, _faults(refusal), _fixed(rule))
    return _filled(call, say, NEW, rule, Edited(latest, latest), latest.version, own, sent, refusal)


def _fixed(rule: str) -> Sequence[str]:
    """What nobody is asked besides."""
    return BESIDE if editing.kind_of(rule) is Rules else (*BESIDE, *ONLY_OF_RULES)


@amending.operation("POST", NEW, who=DRAFTERS, body=Sent, answers={303: None})
def begin_amendment(call: Call, sent: Sent) -> Answer:
    """Begins an amendment with the rule that was filled in, of the version that was shown; or shows the form again."""
    rule = sent.one("_part")
    if forms.is_for_more(sent):
        return _new(call, rule, sent)
    try:
        how = acts.how(call, NEW, Action.DRAFT, sent)
        latest = _latest(editing.kind_of(rule), call.now)
        said = forms.content_of(Draft, sent)
        content = {name: said[name] for name in said if name not in _fixed(rule)} | {
            "changes": editing.changed(rule, latest, latest, sent)
        }
        draft = read_as(Draft, content | {"base": next(iter(how.seen or ()), None)})
        assert isinstance(draft, Draft)  # noqa: S101 — as which it was read
        once = how.idempotency
        made = casework.draft(draft, call.actor, call.now, idempotency=once, locale=speech(call).locale)
    except Unauthenticated:
        raise
    except Refusal as refusal:
        return _new(call, rule, sent, refusal)
    return _on(call, f"{LISTED}/{made.state.amendment_id}")


def _latest(kind: type[Rules] | type[Operating], now: datetime) -> Document:
    """Raises Unavailable where the list cannot be read."""
    return announced.latest(rules.announced_now(now, kind)).document


# ---- one that is begun -----------------------------------------------------------------------------------------------


@amending.operation("GET", CHANGES, who=DRAFTERS, query=RuleQuery, answers={200: str, 303: None})
def show_changes(call: Call, query: RuleQuery) -> Answer:
    """Which rule an amendment is to change besides, or otherwise; of one that is chosen, its form."""
    return _changes(call, query.rule)


def _changes(call: Call, rule: str | None, sent: Sent | None = None, refusal: Refusal | None = None) -> Answer:
    say, name = speech(call), call.path["amendment_id"]
    state = casework.shown(name, call.actor, call.now).state
    if sent is None and Action.CHANGE not in may_do(state, call.actor, call.now):
        return back(call, f"{LISTED}/{name}")
    edited = Edited(*casework.documents_of(state, call.now))
    address = CHANGES.format(**call.path)
    if rule is None:
        return _choose(call, say, address, [edited])
    return _filled(call, say, address, rule, edited, state.version, [], sent, refusal)


@amending.operation("POST", CHANGES, who=DRAFTERS, body=Sent, answers={303: None})
def change_rule(call: Call, sent: Sent) -> Answer:
    """Changes a rule in an amendment as it was filled in; or shows the form again, and what stands against it."""
    rule, name = sent.one("_part"), call.path["amendment_id"]
    if forms.is_for_more(sent):
        return _changes(call, rule, sent)
    try:
        how = acts.how(call, CHANGES, Action.CHANGE, sent)
        state = casework.shown(name, call.actor, call.now).state
        patch = editing.changed(rule, *casework.documents_of(state, call.now), sent)
        once, locale = how.idempotency, speech(call).locale
        change = Change(changes=patch)
        casework.do(name, change, call.actor, call.now, seen=how.seen, idempotency=once, locale=locale)
    except Unauthenticated:
        raise
    except Refusal as refusal:
        return _changes(call, rule, sent, refusal)
    return _on(call, f"{LISTED}/{name}")


def _on(call: Call, address: str) -> Answer:
    return arrived(call, address, done=Action.CHANGE)


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _choose(call: Call, say: Speech, address: str, edited: Sequence[Edited]) -> Answer:
    """All rules, with what they say now, and which of them a draft changes."""
    parts = [(type(one.base).__name__.lower(), editing.groups(one.drafted, say.locale)) for one in edited]
    changed = {path for one in edited for path in _changed(one, say.locale)}
    return page(
        call,
        "policy/choosing.html",
        say,
        parts=parts,
        changed=changed,
        address=address,
        amendment_id=call.path.get("amendment_id"),
    )


def _changed(edited: Edited, locale: Locale) -> set[str]:
    found = {one.path for one in wording.worded(edited.base, edited.drafted, locale)}
    return found | {".".join(path.split(".")[:2]) for path in found}


def _filled(
    call: Call,
    say: Speech,
    address: str,
    rule: str,
    edited: Edited,
    version: int,
    own: Sequence[forms.Field],
    sent: Sent | None,
    refusal: Refusal | None,
) -> Answer:
    """The form of a rule, and of what else is asked for."""
    fields = [*editing.fields(rule, edited.drafted, say, sent, _faults(refusal)), *own]
    known = acts.Page([], version)
    name = editing.named(rule, edited.drafted, say.locale)
    form = Form(
        Act(
            "",
            say("amendments.rule.form"),
            say("amendments.rule.new" if rule in editing.LISTED else "amendments.rule.means"),
            "",
        ),
        say("amendments.rule.send"),
        f"{call.prefix}{address}",
        f"{address.removeprefix('/console/')} {rule}",
        [],
        "",
        fields,
        [],
        False,
        [*forms.astray(fields)],
        acts.said(known, sent, refusal, fields, say),
        acts.hidden(known, rule),
        sent is not None,
    )
    status = refusal.status if refusal else 200
    return page(
        call,
        "policy/changing.html",
        say,
        status=status,
        form=form,
        name=name,
        address=address,
        amendment_id=call.path.get("amendment_id"),
    )


def _faults(refusal: Refusal | None) -> Sequence[Any]:
    return refusal.faults if isinstance(refusal, Invalid) else ()
