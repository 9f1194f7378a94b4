"""Audits (6.3): the programme, and each with its items, findings, comments and editions.

Who has no part in one reads its face: no name, no complaint, and only what is published.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pydantic import Field

from chalicelib.casework import audit_rounds, rules
from chalicelib.casework import audits as casework
from chalicelib.domain.audit import audit, decisions, guards, readers, sampling, standing
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Stage
from chalicelib.domain.audit.evolution import COMMENTS
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .audit_names import names, quarter
from .findings import spoken_of

audits = Console(__name__)
LISTED = "/console/audits"
ONE = LISTED + "/{audit_id}"
LINES = 25
OFFERED = 6
"""Quarters that an audit can be planned of: from the one that runs, back."""
PROGRAMME = Acts(
    LISTED,
    "audit_programme",
    {Action.DRAFT: audit.DraftAudit},
    rare={Action.DRAFT: ("tolerable", "confidence", "deviations")},
)
KIND = Acts(
    ONE,
    "audits",
    {
        Action.APPROVE: audit.ApproveAudit,
        Action.CANCEL: audit.CancelAudit,
        Action.DRAW: audit.DrawSample,
        Action.PICK: audit.PickItem,
        Action.REPORT: audit.ReportAudit,
        Action.COMMENT: audit.CommentAudit,
        Action.PUBLISH: audit.PublishAudit,
        Action.CORRECT: audit.CorrectAudit,
        Action.CLOSE: audit.CloseAudit,
    },
)
"""What is done about the whole; about an item, `audit_items`; about a finding, `findings`."""

CONCLUDING = (Action.PUBLISH, Action.CORRECT)
"""They begin with what was concluded before."""


class AuditsQuery(ActsQuery):
    stage: Stage | None = Field(None, description="Only those in this stage.")
    cursor: str | None = None


VIEWS: tuple[standing.Only | None, ...] = (None, "left", "mine", "deviating")
"""Of the items, beside each how many those are."""


class AuditQuery(ActsQuery):
    only: standing.Only | None = Field(None, description="Which of the items.")
    cursor: str | None = Field(None, description="Where the items go on.")


# ---- all of them -----------------------------------------------------------------------------------------------------


@audits.operation("GET", LISTED, who=STAFF, query=AuditsQuery, answers={200: str})
def show_audits(call: Call, query: AuditsQuery) -> Answer:
    """The audits there are, the newest first, and those that one may read as links."""
    return show_programme(call, query)


def show_programme(
    call: Call, asked: AuditsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    found, cursor = casework.listed(asked.stage, LINES, asked.cursor)
    may = [Action.DRAFT] if call.actor.roles & LIFECYCLE.who(Action.DRAFT) else []
    choices: dict[str, dict[str, Options]] = {Action.DRAFT: {"period": quarters(call, say)}}
    begins: dict[str, dict[str, Any]] = {Action.DRAFT: {"period": choices[Action.DRAFT]["period"][1][0]}}
    panel = acts.panel(PROGRAMME, acts.Page(may, None, choices, begins), call, asked, say, sent, refusal)
    return page(
        call,
        "supervision/audits.html",
        say,
        status=status,
        panel=panel,
        audits=found,
        reads=[one.audit_id for one in found if readers.reads(one, call.actor)],
        missing=audit_rounds.missing(call.now, call.now) if may and not asked.cursor else None,
        stage=asked.stage,
        cursor=cursor,
        **names(say),
    )


def quarters(call: Call, say: Speech) -> Options:
    """Those that an audit can be planned of, the newest first."""
    today = call.now.astimezone(rules.in_force(call.now).zone).date()
    return [(one, quarter(one, say)) for one in _quarters(today)]


def _quarters(today: date) -> Iterator[str]:
    newest = 4 * today.year + (today.month - 1) // 3
    for number in range(newest, newest - OFFERED, -1):
        yield f"{number // 4}Q{number % 4 + 1}"


def _draft(call: Call, action: str, body: audit.DraftAudit, how: How) -> str:
    after = casework.draft(body, call.actor, call.now, idempotency=how.idempotency)
    return f"{LISTED}/{after.state.audit_id}"


acts.declare(audits, PROGRAMME, LIFECYCLE.who(Action.DRAFT), AuditsQuery, show_programme, _draft)


# ---- one -------------------------------------------------------------------------------------------------------------


@audits.operation("GET", ONE, who=STAFF, query=AuditQuery, answers={200: str})
def show_audit_page(call: Call, query: AuditQuery) -> Answer:
    """An audit, and what may be done about it."""
    return show(call, query)


def show(
    call: Call, asked: AuditQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    possible = decisions.may(state, call.actor, call.now, rules.in_force(call.now))
    may = [one for one in KIND.bodies if one in possible]
    begins: dict[str, dict[str, Any]] = {one: {"conclusion": state.conclusion} for one in CONCLUDING}
    of_page = acts.Page(may, state.version, begins=begins, why_not=why_not(state, call))
    panel = acts.panel(KIND, of_page, call, asked, say, sent, refusal)
    items, cursor = casework.items(state, call.actor, LINES, asked.cursor, asked.only)
    return page(
        call,
        "supervision/audit.html",
        say,
        status=status,
        panel=panel._replace(done=panel.done or done_about_item(asked, say)),
        possible=possible,
        items=items,
        views=[(one, casework.count_items(state, call.actor, one)) for one in VIEWS],
        only=asked.only,
        cursor=cursor,
        **about(state, call, say),
    )


def done_about_item(asked: ActsQuery, say: Speech) -> str:
    """Whoever is done with their items comes to the page of the audit."""
    key = f"audit_items.act.{asked.done}.done"
    return str(say(key)) if say.knows(key) else ""


def about(state: Audit, call: Call, say: Speech) -> dict[str, Any]:
    """What templates say of an audit: `with_names`, whether its reader is shown names; `all_of_it`, its sample too."""
    named = readers.reads_names(state, call.actor)
    return {
        "audit": state,
        "with_names": named,
        "all_of_it": bool(call.actor.roles & readers.ALL_OF_IT),
        "findings": [(state, one) for one in state.findings if named or one.state != "dropped"],
        "unexamined": len(standing.left(state)),
        "comments_until": comments_until(state),
        "in_words": sampling.in_words(state.result, state.tolerable, say.locale) if state.result else "",
        **spoken_of(call, say),
        **names(say),
    }


def comments_until(state: Audit) -> datetime | None:
    """Until when its draft report is open to comments, as long as it is."""
    return next((one.due_at for one in state.duties if one.name == COMMENTS), None)


def why_not(state: Audit, call: Call) -> dict[str, Refusal]:
    """What the stage has open for whoever asks, and what stands against it."""
    at = guards.Occasion(state, call.actor, call.now, rules.in_force(call.now), None)
    theirs = LIFECYCLE.actions_of(call.actor.roles)
    open_now = [one for one in guards.allowed(state) if one in KIND.bodies and one in theirs]
    return {str(one): refusal for one in open_now if (refusal := guards.refusal(one, at))}


def _do(call: Call, action: str, body: Submission, how: How) -> str | None:
    state = casework.do(call.path["audit_id"], body, call.actor, call.now, **how._asdict()).state
    return None if readers.reads(state, call.actor) else LISTED


acts.declare(audits, KIND, STAFF, AuditQuery, show, _do)
