"""Findings of audits (6.3): what somebody is to correct, and each with what is done about it and who answers for it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import Field

from chalicelib.casework import audits as casework
from chalicelib.casework import rules
from chalicelib.domain.audit import audit, decisions, evolution, guards, readers, standing
from chalicelib.domain.audit.audit import Action, Audit, Finding
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground.errors import NotFound, Refusal
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.improvement import Finished, Improvement
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console import acts, due
from chalicelib.web.console.acts import Acts, ActsQuery, How, Name
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.names import named
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.console.places import page_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from .audit_names import called, quarter

findings = Console(__name__)
LISTED = "/console/findings"
ONE = "/console/audits/{audit_id}/findings/{number}"
LINES, FEW = 25, 10
OPEN = ("open", "planned")
"""The states of a finding in which its owner has something to do."""
SHORT = 40
"""Characters of a measure by which it is chosen."""
BODIES: dict[str, type[Submission]] = {
    Action.PLAN: audit.PlanCorrection,
    Action.FINISH_MEASURE: Finished,
    Action.COMPLETE: audit.CompleteCorrection,
    Action.VERIFY: audit.VerifyCorrection,
    Action.STATE: hearings.Statement,
    Action.OBJECT: hearings.HearingObjection,
    Action.DECIDE: hearings.HearingDecision,
    Action.REASSIGN: audit.ReassignFinding,
    Action.WAIVE: audit.WaiveFinding,
    Action.DROP: audit.DropFinding,
}
KIND = Acts(ONE, "findings", BODIES)


class FindingsQuery(PageQuery):
    owner: Name | None = Field(None, description="Whose; by default one's own.")
    cursor: str | None = None
    done: Name | None = None


@findings.operation("GET", LISTED, who=STAFF, query=FindingsQuery, answers={200: str})
def show_findings(call: Call, query: FindingsQuery) -> Answer:
    """The findings that somebody is to correct, soonest due first; and those whose effect one can verify."""
    say, owner = speech(call), query.owner or call.actor.id
    readers.require_findings_of(owner, call.actor)
    found, cursor = casework.findings_of(owner, LINES, query.cursor)
    is_to_verify = owner == call.actor.id and not query.cursor and call.actor.roles & guards.VERIFIERS
    return page(
        call,
        "supervision/findings.html",
        say,
        owner=owner,
        listed=found,
        cursor=cursor,
        to_verify=casework.to_verify(casework.newest(), call.actor, call.now) if is_to_verify else [],
        people=who(call.now) if call.actor.roles & readers.FINDINGS_OF_OTHERS else (),
        done=KIND.word(say, query.done, "done") if query.done else "",
        **spoken_of(call, say),
    )


def spoken_of(call: Call, say: Speech) -> dict[str, Any]:
    """By which templates say how a finding stands, and the rules of their own."""
    return {
        "more_style": style_of("supervision/findings"),
        "now": call.now,
        "called": lambda audit: called(audit, say),
        "audit_name": lambda state: audit_name(state, say),
        "clause": lambda one: clause(one, say),
        "due_of": due_of,
        "named": lambda field, value: named(field, value, say),
        "consequence": {one: of[say.locale].capitalize() for one, of in spoken.HEARING_MEASURES.items()},
        "severity": {one: of[say.locale] for one, of in spoken.SEVERITIES.items()},
        "state_of": {one: of[say.locale] for one, of in spoken.FINDING_STATES.items()},
        "left": lambda at: say.tell(due.left(at, call.now, say)),
    }


def clause(one: str, say: Speech) -> str:
    """What a clause is about, beside its number."""
    return named("clause", one, say)


def due_of(state: Audit, one: Finding) -> datetime | None:
    """By when it is to be corrected, or its correction verified; None, where neither is due."""
    if one.state in OPEN:
        return one.due_at
    name = f"{evolution.VERIFICATION} {one.number}"
    return next((duty.due_at for duty in state.duties if duty.name == name and one.state == "done"), None)


def audit_name(state: Audit, say: Speech) -> str:
    """What people call an audit."""
    return say("audits.of", quarter=quarter(state.period, say))


@findings.operation("GET", ONE, who=STAFF, query=ActsQuery, answers={200: str})
def show_finding_page(call: Call, query: ActsQuery) -> Answer:
    """A finding, what has been done about it, and what may be."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say, policy = speech(call), rules.in_force(call.now)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    finding = casework.finding(state, call.path["number"], call.actor)
    hearing = hearings.of(state.hearings, finding.number)
    measures = [one for one in state.measures if one.finding == finding.number]
    known = _may(call, state, finding, measures)
    panel = acts.panel(KIND, known._replace(choices=_choices(call, asked, finding)), call, asked, say, sent, refusal)
    examines = bool(call.actor.roles & readers.ALL_OF_IT)
    return page(
        call,
        "supervision/finding.html",
        say,
        status=status,
        panel=panel,
        audit=state,
        finding=finding,
        names=readers.reads_names(state, call.actor),
        items_of=f"/console/audits/{state.audit_id}/items" if examines else "/console/complaints",
        measures=measures,
        to_finish=[part for part, _ in known.parts.get(Action.FINISH_MEASURE, ())],
        hearing=hearing if readers.reads_hearing(hearing, call.actor) else None,
        verifiable_from=standing.verifiable_from(finding, policy) if finding.done_at else None,
        figure={name: it.name for name, it in definitions(say.locale).items()},
        **spoken_of(call, say),
    )


def _may(call: Call, state: Audit, finding: Finding, measures: list[Improvement]) -> acts.Page:
    """What somebody may do about it now, in the order in which it is done, and what not yet."""
    policy, actor, now = rules.in_force(call.now), call.actor, call.now
    may = {*decisions.may_about(state, finding.number, guards.OF_FINDINGS, actor, now, policy)}
    parts = [
        (str(one.number), one.what if len(one.what) <= SHORT else f"{one.what[:SHORT]}…")
        for one in measures
        if not one.done_at and decisions.may_about(state, one.number, guards.OF_MEASURES, actor, now, policy)
    ]
    may |= {Action.FINISH_MEASURE} if parts else set()
    begins = {"correction": finding.correction, "cause": finding.cause}
    return acts.Page(
        [one for one in BODIES if one in may],
        state.version,
        begins={Action.PLAN: begins},
        parts={Action.FINISH_MEASURE: parts} if parts else {},
        why_not={
            str(action): why
            for action, why in decisions.refused_about(state, finding.number, actor, now, policy).items()
        },
    )


def _choices(call: Call, asked: ActsQuery, finding: Finding) -> dict[str, dict[str, Options]]:
    """Who there is to choose from, where the open form asks for somebody."""
    if asked.act == Action.PLAN:
        return {Action.PLAN: {"owner": who(call.now)}}
    if asked.act == Action.REASSIGN:
        return {Action.REASSIGN: {"owner": who(call.now, Role(finding.department))}}
    return {}


def _do(call: Call, action: str, body: Submission, how: How) -> str | None:
    """Whoever may read no more of it once it is done goes on to their own findings. Raises NotFound for a measure that
    corrects another."""
    part = how.part if action == Action.FINISH_MEASURE else call.path["number"]
    if action == Action.FINISH_MEASURE:
        state = casework.shown(call.path["audit_id"], call.actor, call.now).state
        if not any((str(one.number), str(one.finding)) == (part, call.path["number"]) for one in state.measures):
            raise NotFound("improvement_unknown")
    asked = {**how._asdict(), "part": part}
    after = casework.do(call.path["audit_id"], body, call.actor, call.now, **asked)
    return None if readers.reads(after.state, call.actor) else f"{LISTED}?done={action}"


acts.declare(findings, KIND, STAFF, ActsQuery, show, _do)


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """What one is to correct: one round trip. What one can verify is among the audits that wait."""
    for state, one in casework.findings_of(call.actor.id, FEW, None)[0]:
        if one.state in OPEN:
            yield wait("correct", state, one, say), page_of(state.audit_id, one.number)


def wait(what: str, state: Audit, one: Finding, say: Speech) -> str:
    severity = spoken.SEVERITIES[one.severity][say.locale]
    key = f"findings.waits.{what}" if one.due_at or what == "verify" else "findings.waits.undue"
    return say(key, audit=audit_name(state, say), number=one.number, severity=severity, due=one.due_at or one.raised_at)
