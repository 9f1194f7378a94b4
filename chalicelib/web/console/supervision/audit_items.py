"""An item of an audit (6.3): the complaint beside the four questions, and what the machine's rules find in it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from chalicelib.casework import audits as casework
from chalicelib.casework import read, rules
from chalicelib.domain.audit import audit, auditors, checks, decisions, guards, readers, standing
from chalicelib.domain.audit.audit import Action, Audit, Item
from chalicelib.domain.ground.errors import Forbidden, NotFound, Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.case import Reader, content
from chalicelib.web.console.complaint import SHOWN, history_of, parts_of
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .audit_names import names
from .audits import ONE

audit_items = Console(__name__)
ITEM = ONE + "/items/{complaint_id}"
KIND = Acts(ITEM, "audit_items", {Action.EXAMINE: audit.ExamineItem, Action.HAND_OVER: audit.HandOver})
NOT_JUDGED = ("contact",)
"""Parts of a complaint that no question is about: how its consumer is reached."""
RULES = {one.id: one for one in checks.CATALOGUE}


class Broken(NamedTuple):
    """A rule of the machine's, as it is said: what it looks for, of which clause. `says`: broken, or undecided."""

    rule: str
    clause: str
    looks_for: str
    says: str


@audit_items.operation("GET", ITEM, who=STAFF, query=ActsQuery, answers={200: str})
def show_audit_item(call: Call, query: ActsQuery) -> Answer:
    """An item, with the complaint: to whoever examines it, audit and management."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    item = _item(state, call)
    reader = Reader(call.actor, call.now, speech(call))
    case, notices = read.whole(item.complaint_id, call.actor, call.now)
    said = content(case, notices[:SHOWN], reader)
    return page(
        call,
        "supervision/audit_item.html",
        reader.say,
        status=status,
        **said,
        **history_of(case, reader),
        here_is=f"{call.prefix}/console/complaints/{item.complaint_id}",
        act_name=lambda action: "",
        told_more=len(notices[SHOWN:]),
        parts=[one for one in parts_of(said) if one not in NOT_JUDGED],
        panel=_panel(state, item, call, asked, reader.say, sent, refusal),
        audit=state,
        item=item,
        closure=casework.closure_of(state, item),
        rules=[*_found(state, item, call, reader.say)],
        may_raise=Action.RAISE in decisions.may(state, call.actor, call.now, rules.in_force(call.now)),
        more_style=style_of("supervision/audit_item"),
        following=_following(state, call, item.complaint_id),
        **names(reader.say),
    )


def _item(state: Audit, call: Call) -> Item:
    """Raises Forbidden, where it is another's; of which complaints are in the sample, those others learn nothing."""
    one = state.item(call.path["complaint_id"])
    if not (readers.reads_item(one, call.actor) if one else call.actor.roles & readers.ALL_OF_IT):
        raise Forbidden("item_of_another")
    if one is None:
        raise NotFound("item_unknown")
    return one


def _panel(
    state: Audit,
    item: Item,
    call: Call,
    asked: ActsQuery,
    say: Speech,
    sent: Sent | None,
    refusal: Refusal | None,
) -> acts.Panel:
    """What is still to be examined by its reader has the questions open beside it at once."""
    policy = rules.in_force(call.now)
    may = decisions.may_about(state, item.complaint_id, guards.OF_ITEMS, call.actor, call.now, policy)
    if Action.EXAMINE in may and asked.act is None and not item.examined_at:
        asked = asked.model_copy(update={"act": Action.EXAMINE})
    choices: dict[str, dict[str, Options]] = {}
    if asked.act == Action.HAND_OVER:
        choices[Action.HAND_OVER] = {"to": _others(call)}
    begins: dict[str, Mapping[str, Any]] = {
        Action.EXAMINE: {"answers": {name: one.model_dump() for name, one in item.answers.items()}}
    }
    of_page = acts.Page([one for one in KIND.bodies if one in may], state.version, choices, begins)
    return acts.panel(KIND, of_page, call, asked, say, sent, refusal)


def _others(call: Call) -> Options:
    """Whom an item can be given to."""
    return [one for one in who(call.now, *auditors.recipients(call.actor)) if one[0] != call.actor.id]


def _found(state: Audit, item: Item, call: Call, say: Speech) -> Iterable[Broken]:
    """What the machine's rules found as it was examined; before that, what they find now."""
    said = (
        {"broken": item.broken, "undecided": item.undecided}
        if item.examined_at
        else casework.tested(state, item, call.now)
    )
    for says, found in said.items():
        for one in found:
            looks_for = RULES[one].looks_for[say.locale] if one in RULES else ""
            yield Broken(one, one.partition("-")[0], looks_for, says)


def _following(state: Audit, call: Call, after: str) -> str:
    """The next item that is still to be examined by whoever asks, in the order of the sample; nothing, if none is."""
    mine = [one.complaint_id for one in standing.left(state) if one.auditor == call.actor.id]
    order = [one.complaint_id for one in state.items]
    here = order.index(after) if after in order else 0
    later = [one for one in mine if order.index(one) > here]
    return next((one for one in [*later, *mine] if one != after), "")


def _do(call: Call, action: str, body: Submission, how: How) -> str | None:
    """After a judgement on to the next item, unless something is wrong with this one, which may be a finding; whoever
    gave theirs away may not read it any more."""
    item = call.path["complaint_id"]
    state = casework.do(call.path["audit_id"], body, call.actor, call.now, **how._replace(part=item)._asdict()).state
    following, address = _following(state, call, item), ONE.format(audit_id=state.audit_id)
    if isinstance(body, audit.ExamineItem) and any(one.judgement == "no" for one in body.answers.values()):
        return f"{address}/items/{item}?done={action}#main"
    if following:
        return f"{address}/items/{following}?done={action}#main"
    if readers.reads(state, call.actor):
        return f"{address}?done={action}#main"
    return "/console/audits"


acts.declare(audit_items, KIND, STAFF, ActsQuery, show, _do)


# ---- the machine's rules ---------------------------------------------------------------------------------------------


@audit_items.operation("GET", "/console/audits/rules", who=STAFF, answers={200: str})
def show_audit_rules(call: Call) -> Answer:
    """What the machine looks for in every closure, and in all closures of somebody."""
    closures, people = checks.CATALOGUE, checks.OF_PEOPLE
    return page(call, "supervision/audit_rules.html", closures=closures, people=people)
