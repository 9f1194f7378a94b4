"""The findings of one audit, and how one is raised (6.3): about the whole, or beginning with an item of the sample."""

from typing import get_args

from chalicelib.casework import audits as casework
from chalicelib.casework import rules
from chalicelib.domain.audit import decisions
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, RaiseFinding
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF, Department
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How, Name
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .findings import LINES, clause, spoken_of

raising = Console(__name__)
KIND = Acts("/console/audits/{audit_id}/findings", "raising", {Action.RAISE: RaiseFinding})
DEPARTMENTS: tuple[Department, ...] = get_args(Department)
MOST_ITEMS = 60
"""Of more items those that deviate are offered, and any can be begun with from its own page."""


class RaisingQuery(ActsQuery):
    item: Name | None = None
    cursor: str | None = None


@raising.operation("GET", KIND.path, who=STAFF, query=RaisingQuery, answers={200: str})
def show_findings_of_audit(call: Call, query: RaisingQuery) -> Answer:
    """The findings of an audit in the order in which they were raised; and the form by which one is."""
    return show(call, query)


def show(
    call: Call, asked: RaisingQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    found, cursor = casework.findings(state, call.actor, LINES, asked.cursor)
    may = decisions.may(state, call.actor, call.now, rules.in_force(call.now))
    known = acts.Page([Action.RAISE] if Action.RAISE in may else [], state.version)
    if known.may and asked.act == Action.RAISE:
        known = _begun(known, call, state, asked.item, say)
    panel = acts.panel(KIND, known, call, asked, say, sent, refusal)
    about = {"audit": state, "listed": found, "cursor": cursor}
    return page(call, "supervision/raising.html", say, status=status, panel=panel, **about, **spoken_of(call, say))


def _begun(known: acts.Page, call: Call, state: Audit, item: str | None, say: Speech) -> acts.Page:
    return known._replace(
        begins={str(Action.RAISE): {"items": [item]}} if item else {},
        keeps={"item": item} if item else {},
        choices={str(Action.RAISE): _choices(call, state, item, say)},
    )


def _choices(call: Call, state: Audit, item: str | None, say: Speech) -> dict[str, Options]:
    clauses = [(one, clause(one, say)) for one in CLAUSES]
    offered = {"owner": _owners(call, say), "answers_for": who(call.now), "clause": clauses}
    return {**offered, "items": _items(state, item, say)} if state.items else offered


def _items(state: Audit, item: str | None, say: Speech) -> Options:
    """Those that deviate first."""
    known = sorted(state.items, key=lambda one: not one.deviates)
    if len(known) > MOST_ITEMS:
        known = [one for one in known if one.deviates or one.complaint_id == item]
    ids = ((one.complaint_id, one.deviates) for one in known)
    return [(one, say("raising.deviates", id=one) if deviates else one) for one, deviates in ids]


def _owners(call: Call, say: Speech) -> Options:
    """Who works in a department whose findings there can be, with its name: whoever corrects one works there."""
    found: dict[str, list[str]] = {}
    called: dict[str, str] = {}
    for department in DEPARTMENTS:
        for name, known in who(call.now, department):
            called[name] = known
            found.setdefault(name, []).append(spoken.DEPARTMENTS[department][say.locale])
    return [(name, f"{called[name]} · {say.listed(of)}") for name, of in sorted(found.items())]


def _do(call: Call, action: str, body: Submission, how: How) -> None:
    casework.do(call.path["audit_id"], body, call.actor, call.now, **how._replace(part=None)._asdict())


acts.declare(raising, KIND, LIFECYCLE.who(Action.RAISE), RaisingQuery, show, _do)
