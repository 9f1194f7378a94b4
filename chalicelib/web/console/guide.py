"""Help: by which keys, how views work, what is kept, and who may do what, which the lifecycle says."""

from typing import NamedTuple

from chalicelib.domain.complaint.lifecycle import LIFECYCLE, TABLE, Action
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .door import Console
from .page import page, speech

guide = Console(__name__)
KEYS = ("j", "k", "Enter", "/", "?", "Ctrl+Enter")
ROLES = tuple(role for role in Role if role in STAFF)


class Deed(NamedTuple):
    """Something that is done about complaints: by whom of staff, and in which stages; None: in all of them."""

    action: Action
    name: str
    who: tuple[str, ...]
    stages: tuple[str, ...] | None


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
    )


def deeds(say: Speech) -> list[Deed]:
    """All that anybody of staff may do, in the order of the lifecycle."""
    return [_deed(action, say) for action in LIFECYCLE.actions if LIFECYCLE.who(action) & STAFF]


def _deed(action: Action, say: Speech) -> Deed:
    who = LIFECYCLE.who(action) & STAFF
    sources = {step.source for step in TABLE if step.action == action}
    names = tuple(spoken.STAFF_STAGES[stage][say.locale] for stage in STAGES if stage in sources)
    everybody = (str(say("desk.help.everybody")),)
    return Deed(
        action,
        str(say("common.nav.new" if action == Action.FILE else f"acts.{action}.name")),
        everybody if who == STAFF else tuple(role_name(role, say) for role in ROLES if role in who),
        None if len(names) in (0, len(STAGES)) else names,
    )


def role_name(role: Role, say: Speech) -> str:
    known = spoken.DEPARTMENTS.get(role)
    return known[say.locale] if known else str(say(f"desk.role.{role}"))
