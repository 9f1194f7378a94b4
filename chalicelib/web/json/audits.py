"""Internal audits (6.3): planned, approved, drawn, examined, reported, commented, published, closed."""

from collections.abc import Callable
from typing import Any

from pydantic import ConfigDict, Field

from chalicelib.casework import audits as casework
from chalicelib.casework import rules
from chalicelib.casework.once import Done
from chalicelib.domain.audit import audit as handed_in
from chalicelib.domain.audit import checks, readers
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Stage
from chalicelib.domain.audit.documents import AuditDocument
from chalicelib.domain.audit.population import Changed
from chalicelib.domain.ground.errors import Forbidden, NotFound
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, View, tagged
from chalicelib.web.printable import printable
from chalicelib.web.reporting import audit_page

from .api import Api
from .audit_views import (
    AuditPage,
    AuditSummary,
    AuditView,
    ItemPage,
    ItemView,
    RulesView,
    RuleView,
    SampleView,
)

audits = Api(__name__)
LISTED = "/v1/audits"
ONE = LISTED + "/{audit_id}"


class AuditsQuery(PageQuery):
    stage: Stage | None = Field(None, description="Only those in this stage.")


class AuditQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of words and document; instead of what Accept-Language prefers.")


def _locale(call: Call) -> Locale:
    return languages.preferred(call.accepted, languages.DEFAULT)


def shown(call: Call, state: Audit, lang: Locale | None = None) -> tuple[AuditView, dict[str, str]]:
    """An audit to whoever asks, and the headers of the answer."""
    locale = lang or _locale(call)
    headers = {"Content-Language": locale, "Vary": "Accept-Language"} | tagged(state.version)
    return AuditView.at(state, call.actor, call.now, locale), headers


def read(call: Call) -> Audit:
    """The audit of the path. Raises NotFound where it is not theirs to read."""
    return casework.shown(call.path["audit_id"], call.actor, call.now).state


def done(call: Call, body: Submission, part: str | None = None) -> Done[Audit]:
    return casework.do(
        call.path["audit_id"],
        body,
        call.actor,
        call.now,
        seen=call.seen,
        idempotency=call.idempotency,
        part=part,
    )


def resource(
    door: Api, path: str, body: type[Submission], action: Action, answers: dict[int, Any]
) -> Callable[[View], View]:
    """A resource of an audit, to post a submission to. Who may, says the lifecycle."""
    return door.operation(
        "POST", f"{ONE}/{path}", who=LIFECYCLE.who(action), body=body, answers=answers, conditional=True
    )


def _resource(
    path: str, body: type[Submission], action: Action, answers: dict[int, Any] | None = None
) -> Callable[[View], View]:
    return resource(audits, path, body, action, answers or {200: AuditView})


def _after(call: Call, body: Submission) -> Answer:
    """The audit after what was done about it."""
    after = done(call, body)
    view, headers = shown(call, after.state)
    return Answer(200, view, headers, after.replayed)


# ---- all of them -----------------------------------------------------------------------------------------------------


@audits.operation("POST", LISTED, who=LIFECYCLE.who(Action.DRAFT), body=handed_in.DraftAudit, answers={201: AuditView})
def draft_audit(call: Call, body: handed_in.DraftAudit) -> Answer:
    """Plan an audit of a quarter: whose work, what share of deviations would still be borne, how sure the result is to
    be. The SHA-256 of the nonce that will draw the sample is committed to at once."""
    after = casework.draft(body, call.actor, call.now, idempotency=call.idempotency)
    view, headers = shown(call, after.state)
    location = {"Location": f"{call.prefix}{LISTED}/{after.state.audit_id}"}
    return Answer(201, view, location | headers, after.replayed)


@audits.operation("GET", LISTED, who=STAFF, query=AuditsQuery, answers={200: AuditPage})
def list_audits(call: Call, query: AuditsQuery) -> Answer:
    """The audits there are, the newest first; which of them one may read, says each."""
    found, cursor = casework.listed(query.stage, query.limit, query.cursor)
    return Answer(200, AuditPage(items=[AuditSummary.of(one) for one in found], next_cursor=cursor))


@audits.operation("GET", LISTED + "/rules", who=STAFF, query=AuditQuery, answers={200: RulesView})
def list_rules(call: Call, query: AuditQuery) -> Answer:
    """The machine's rules, which every closure is held against, each with its clause and what it looks for; and
    those about what somebody did in all closures of an audit."""
    locale = query.lang or _locale(call)
    listed = [RuleView.of_rule(one, "closure", locale) for one in checks.CATALOGUE]
    listed += [RuleView.of_rule(one, "person", locale) for one in checks.OF_PEOPLE]
    return Answer(200, RulesView(items=listed), {"Content-Language": locale, "Vary": "Accept-Language"})


@audits.operation("GET", ONE, who=STAFF, query=AuditQuery, answers={200: AuditView})
def show_audit(call: Call, query: AuditQuery) -> Answer:
    """An audit; with .html its report as a document to read and print. What is published is read by all of staff,
    without names; by audit, management and who owns one of its findings with them."""
    name, _, form = call.path["audit_id"].partition(".")
    locale = query.lang or _locale(call)
    if form != "html":
        return Answer(200, *shown(call, read(call), locale))
    state = casework.shown(name, call.actor, call.now).state
    written = audit_page.as_html(casework.document_of(state), locale, rules.in_force(call.now))
    return printable(written, locale, state.version)


# ---- until it is drawn -----------------------------------------------------------------------------------------------


@_resource("approval", handed_in.ApproveAudit, Action.APPROVE)
def approve_audit(call: Call, body: handed_in.ApproveAudit) -> Answer:
    """Approve the plan of an audit, or refuse it with reasons, which cancels it."""
    return _after(call, body)


@_resource("cancellation", handed_in.CancelAudit, Action.CANCEL)
def cancel_audit(call: Call, body: handed_in.CancelAudit) -> Answer:
    """Cancel an audit, before anything of it was examined."""
    return _after(call, body)


@_resource("sample", handed_in.DrawSample, Action.DRAW, answers={200: SampleView})
def draw_sample(call: Call, body: handed_in.DrawSample) -> Answer:
    """Freeze the population, and draw the sample of it: by its hash, the audit's name and the nonce, so that nobody can
    choose and everybody can recompute."""
    after = done(call, body)
    view = SampleView.of(after.state, Changed(0, 0), casework.recorded(after.state, call.now))
    return Answer(200, view, tagged(after.state.version), after.replayed)


@audits.operation("GET", f"{ONE}/sample", who=readers.ALL_OF_IT, answers={200: SampleView})
def show_sample(call: Call) -> Answer:
    """The sample of an audit, how it was drawn, how many closures came or went since, and who is to be asked why staff
    recorded all acceptances of their plans."""
    state = read(call)
    changed = casework.sample(state, call.now).changed
    return Answer(200, SampleView.of(state, changed, casework.recorded(state, call.now)))


# ---- its items -------------------------------------------------------------------------------------------------------


@audits.operation("GET", f"{ONE}/items", who=STAFF, query=PageQuery, answers={200: ItemPage})
def list_items(call: Call, query: PageQuery) -> Answer:
    """The items of an audit in the order of the sample, those picked by hand last; to others than audit and management
    those that they are to examine."""
    state = read(call)
    found, cursor = casework.items(state, call.actor, query.limit, query.cursor)
    return Answer(200, ItemPage(items=[ItemView.of(one, state) for one in found], next_cursor=cursor))


@_resource("items", handed_in.PickItem, Action.PICK, answers={201: ItemView})
def pick_item(call: Call, body: handed_in.PickItem) -> Answer:
    """Have a complaint looked at that was not drawn; it counts in no rate."""
    after = done(call, body)
    picked = next(one.event.item for one in after.entries if isinstance(one.event, handed_in.ItemPicked))
    return _item(call, after, picked.complaint_id, 201)


@audits.operation("GET", f"{ONE}/items/{{item}}", who=STAFF, answers={200: ItemView})
def show_item(call: Call) -> Answer:
    """One item: who examines it, what was found, by judgement and by the machine's rules. `item`: the complaint."""
    state = read(call)
    one = state.item(call.path["item"])
    if not (readers.reads_item(one, call.actor) if one else call.actor.roles & readers.ALL_OF_IT):
        raise Forbidden("item_of_another")
    if one is None:
        raise NotFound("item_unknown")
    return Answer(200, ItemView.of(one, state), tagged(state.version))


@_resource("items/{item}", handed_in.ExamineItem, Action.EXAMINE, answers={200: ItemView})
def examine_item(call: Call, body: handed_in.ExamineItem) -> Answer:
    """Answer the four questions of judgement about an item; the machine's rules are run again."""
    return _item(call, done(call, body, call.path["item"]), call.path["item"])


@_resource("items/{item}/handover", handed_in.HandOver, Action.HAND_OVER, answers={200: ItemView})
def hand_over_item(call: Call, body: handed_in.HandOver) -> Answer:
    """Give an item to another auditor, since whoever acted in a complaint does not examine it; where none is left
    management names somebody."""
    return _item(call, done(call, body, call.path["item"]), call.path["item"])


def _item(call: Call, after: Done[Audit], complaint_id: str, status: int = 200) -> Answer:
    one = after.state.item(complaint_id)
    if one is None:
        raise NotFound("item_unknown")
    return Answer(status, ItemView.of(one, after.state), tagged(after.state.version), after.replayed)


# ---- its report ------------------------------------------------------------------------------------------------------


@_resource("report", handed_in.ReportAudit, Action.REPORT)
def report_audit(call: Call, body: handed_in.ReportAudit) -> Answer:
    """Draft the report, once every item was examined: the result is computed, the conclusion is yours. For five working
    days the audited departments can comment on it."""
    return _after(call, body)


@audits.operation("GET", f"{ONE}/report", who=STAFF, answers={200: AuditDocument})
def show_audit_report(call: Call) -> Answer:
    """What the report says, in its last edition, or the draft: the result, by rule and by question, the findings. It
    names nobody."""
    return Answer(200, casework.document_of(read(call)))


@_resource("comments", handed_in.CommentAudit, Action.COMMENT)
def comment_audit(call: Call, body: handed_in.CommentAudit) -> Answer:
    """Say something about the draft of the report."""
    return _after(call, body)


@_resource("publication", handed_in.PublishAudit, Action.PUBLISH)
def publish_audit(call: Call, body: handed_in.PublishAudit) -> Answer:
    """Publish the report inside the company: everybody of staff is told, and may read it, without names. What was
    typed is read as it stands, so name nobody in it."""
    return _after(call, body)


@_resource("correction", handed_in.CorrectAudit, Action.CORRECT)
def correct_audit(call: Call, body: handed_in.CorrectAudit) -> Answer:
    """Publish another edition, with the reason; everybody is told again, and what was published before stays."""
    return _after(call, body)


@_resource("closure", handed_in.CloseAudit, Action.CLOSE)
def close_audit(call: Call, body: handed_in.CloseAudit) -> Answer:
    """Close an audit of which no finding is open."""
    return _after(call, body)
