"""Help: by which keys, how views work, what is kept, and who may do what, which the lifecycles say."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.domain.audit import audit
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, TABLE, Action
from chalicelib.domain.governance import amendment
from chalicelib.domain.ground.lifecycle import Lifecycle
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.supervision import management_review, report, sheet
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from . import acts
from .door import Console
from .page import page, speech

guide = Console(__name__)
KEYS = ("j", "k", "Enter", "/", "?", "Ctrl+Enter")
ROLES = tuple(role for role in Role if role in STAFF)
RECORDS: Mapping[str, Lifecycle[Any, Any]] = {
    "reports": report.LIFECYCLE,
    "management_reviews": management_review.LIFECYCLE,
    "audits": audit.LIFECYCLE,
    "sheets": sheet.LIFECYCLE,
    "amendments": amendment.LIFECYCLE,
}
"""What clauses 6 to 8 keep records of, by the name of their pages."""
NARROWED: Mapping[str, str] = {
    **dict.fromkeys((audit.Action.EXAMINE, audit.Action.PLAN, audit.Action.COMPLETE), "given"),
    **dict.fromkeys((audit.Action.STATE, audit.Action.OBJECT, sheet.Action.COMMENT), "own"),
    audit.Action.FINISH_MEASURE: "owner",
    audit.Action.VERIFY: "another",
}
"""What the lifecycle opens to all staff, and a guard only to whom it is about."""


class Deed(NamedTuple):
    """Something that is done about records: by whom of staff, and in which stages; None: in all of them. `own`: the
    reader may."""

    action: str
    name: str
    who: tuple[str, ...]
    stages: tuple[str, ...] | None
    own: bool = False


@guide.operation("GET", "/console/help", who=STAFF, answers={200: str})
def show_help(call: Call) -> Answer:
    """How the console is used, and who may do what."""
    say = speech(call)
    own = {*LIFECYCLE.actions_of(call.actor.roles)}
    every = deeds(say)
    return page(
        call,
        "guide.html",
        say,
        keys=KEYS,
        own=[one for one in every if one.action in own],
        others=[one for one in every if one.action not in own],
        roles=[role_name(role, say) for role in ROLES if role in call.actor.roles],
        records=[(part, [*_of_record(one, call.actor.roles, say)]) for part, one in RECORDS.items()],
    )


def deeds(say: Speech) -> list[Deed]:
    """All that anybody of staff may do, in the order of the lifecycle."""
    return [_deed(action, say) for action in LIFECYCLE.actions if LIFECYCLE.who(action) & STAFF]


def _deed(action: Action, say: Speech) -> Deed:
    sources = {step.source for step in TABLE if step.action == action}
    names = tuple(spoken.STAFF_STAGES[stage][say.locale] for stage in STAGES if stage in sources)
    return Deed(
        action,
        str(say("common.nav.new" if action == Action.FILE else f"acts.{action}.name")),
        _who(LIFECYCLE.who(action) & STAFF, say),
        None if len(names) in (0, len(STAGES)) else names,
    )


def _who(roles: frozenset[Role], say: Speech) -> tuple[str, ...]:
    if roles == STAFF:
        return (str(say("desk.help.everybody")),)
    return tuple(role_name(role, say) for role in ROLES if role in roles)


def _of_record(lifecycle: Lifecycle[Any, Any], roles: frozenset[Role], say: Speech) -> Iterator[Deed]:
    """What staff do about records of a kind, as the forms of their pages call it."""
    for action in lifecycle.actions:
        who, name = lifecycle.who(action) & STAFF, called(action, say)
        if not who or not name:
            continue
        sources = {step.source for step in lifecycle.table if step.action == action}
        stages = tuple(facts.names[say.locale] for stage, facts in lifecycle.stages.items() if stage in sources)
        narrowed = NARROWED.get(action)
        said = (str(say(f"desk.help.who.{narrowed}")),) if narrowed else _who(who, say)
        yield Deed(action, name, said, stages or None, not narrowed and bool(who & roles))


def called(action: str, say: Speech) -> str:
    """What the form of an action is called, or an action that has a page instead; nothing, where it has neither."""
    own = f"desk.help.act.{action}"
    named = (kind.word(say, action, "name") for kind in acts.KINDS if action in kind.bodies)
    return next(named, str(say(own)) if say.knows(own) else "")


def role_name(role: Role, say: Speech) -> str:
    known = spoken.DEPARTMENTS.get(role)
    return known[say.locale] if known else str(say(f"desk.role.{role}"))
