"""Reports (6.1): their lists, and each with its figures, what is said of it and decided."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from chalicelib.casework import reports as casework
from chalicelib.casework import rules
from chalicelib.casework.completion import may_finish
from chalicelib.casework.measures import Owed
from chalicelib.casework.reports import Followed, Read
from chalicelib.domain.ground.errors import NotAllowed, Refusal
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.figures import ReportKind
from chalicelib.domain.supervision.report import LIFECYCLE, READERS, Action, Comment, Issue, Report, Stage
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech
from chalicelib.web.printable import printable
from chalicelib.web.reporting import document as reporting
from chalicelib.web.reporting.document import Leads
from chalicelib.web.reporting.standing import standing_of

from . import measures

reports = Console(__name__)
LISTED = "/console/reports"
ONE = LISTED + "/{report_id}"
LINES = 25
CSV = "text/csv; charset=utf-8"
KIND = Acts(ONE, "reports", {Action.COMMENT: Comment, Action.ISSUE: Issue})
KINDS: tuple[ReportKind, ...] = ("daily", "weekly", "monthly", "half_yearly")
PARTS = ("sentence", "remarks", "steps", "overview", "charts", "figures", "rules")
"""Of its document, in their order."""
WAITING: tuple[ReportKind, ...] = ("weekly", "monthly")
"""Of which kinds Today names the newest."""
NEXT = {Action.COMMENT: Stage.COMPUTED, Action.ISSUE: Stage.COMMENTED}
"""What is to be done of one, by the stage in which it waits."""


class ReportsQuery(PageQuery):
    kind: ReportKind = Field("monthly", description="Of which kind.")
    cursor: str | None = None


# ---- the list --------------------------------------------------------------------------------------------------------


@reports.operation("GET", LISTED, who=READERS, query=ReportsQuery, answers={200: str})
def show_reports(call: Call, query: ReportsQuery) -> Answer:
    """The reports of a kind, the newest first."""
    say = speech(call)
    found, cursor = casework.listed(query.kind, LINES, query.cursor)
    reading = reporting.reading(say.locale, rules.in_force(call.now))
    return page(
        call,
        "supervision/reports.html",
        say,
        reports=found,
        period=reading.period,
        replaced=_replaced(found),
        stages=stages(say),
        kinds=KINDS,
        kind=query.kind,
        asked=query,
        cursor=cursor,
    )


def _replaced(found: list[Report]) -> set[str]:
    """Those of which a later edition stands before them."""
    latest: dict[str, Report] = {}
    return {one.report_id for one in found if latest.setdefault(one.period.name, one) is not one}


def stages(say: Speech) -> dict[str, str]:
    """What the stages of a report are called."""
    return {str(stage): facts.names[say.locale] for stage, facts in LIFECYCLE.stages.items()}


# ---- one of them -----------------------------------------------------------------------------------------------------


@reports.operation("GET", ONE, who=READERS, query=ActsQuery, answers={200: str})
def show_report_page(call: Call, query: ActsQuery) -> Answer:
    """A report, what may be done about it, and from each figure on to its cases."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say, policy = speech(call), rules.in_force(call.now)
    reading = reporting.reading(say.locale, policy)
    found = casework.read(call.path["report_id"], call.actor, call.now)
    may = may_do(found.state, call)
    panel = acts.panel(KIND, _known(found, may, call, asked), call, asked, say, sent, refusal)
    leads = _leads(found, may, call)
    standing = standing_of(found, lambda one: _to_finish(one, call))
    return page(
        call,
        "supervision/report.html",
        say,
        status=status,
        panel=panel,
        report=found.state,
        title=reporting.title(found.state.period, reading),
        parts=[(one, reading(f"{one}.title")) for one in PARTS],
        newer=casework.newer(found.state),
        document=reporting.as_part(found.document, standing, say.locale, policy, leads),
        more_style=reporting.style_of_part() + style_of("supervision/report"),
    )


def may_do(state: Report, call: Call) -> list[Action]:
    """What may be done on its page now by whoever reads it."""
    done = LIFECYCLE.actions_of(call.actor.roles)
    return [one for one in LIFECYCLE.allowed(Stage(state.stage)) if one in done and one in KIND.bodies]


def _known(found: Read, may: list[Action], call: Call, asked: ActsQuery) -> acts.Page:
    """A measure may be decided from a figure: its form begins with that."""
    state = found.state
    choices: dict[str, dict[str, Options]] = {}
    begins: dict[str, dict[str, Any]] = {}
    if asked.act == Action.COMMENT:
        choices[Action.COMMENT] = {"owner": who(call.now)}
    if asked.part in found.document.figures:
        begins[Action.COMMENT] = {"measures": [{"moves": asked.part}]}
    waits = Action.ISSUE in LIFECYCLE.actions_of(call.actor.roles) and state.stage == Stage.COMPUTED
    why = NotAllowed("report_stage_forbids", LIFECYCLE.allowed(Stage(state.stage)), report_stage=state.stage)
    return acts.Page(may, state.version, choices, begins, why_not={Action.ISSUE: why} if waits else {})


def _leads(found: Read, may: list[Action], call: Call) -> Leads:
    here = f"{call.prefix}{KIND.address(call)}"
    listed = [name for name, hashed in found.document.cases.items() if hashed != casework.NOBODY_LISTED]
    rows = casework.OF_ROWS if casework.tells_rows(found.state) else ()
    return Leads(f"{here}/cases", listed, f"{here}?act={Action.COMMENT}&part=" if Action.COMMENT in may else "", rows)


def _to_finish(one: Followed, call: Call) -> str:
    """Where a measure that is open is said to be done, by whom that may be said."""
    owed = Owed(one.report_id, one.measure)
    return f"{call.prefix}{measures.address(owed)}" if may_finish(owed, call.actor) else ""


def _do(call: Call, action: str, body: Submission, how: How) -> None:
    asked = how._replace(part=None)
    casework.do(call.path["report_id"], body, call.actor, call.now, **asked._asdict())


acts.declare(reports, KIND, READERS, ActsQuery, show, _do)


# ---- on paper, and as a table ----------------------------------------------------------------------------------------


@reports.operation("GET", ONE + "/print", who=READERS, answers={200: str})
def print_report(call: Call) -> Answer:
    """The report as a document of its own."""
    say = speech(call)
    found = casework.read(call.path["report_id"], call.actor, call.now)
    written = reporting.as_html(found.document, standing_of(found), say.locale, rules.in_force(call.now))
    return printable(written, say.locale, found.state.version)


@reports.operation("GET", ONE + "/table", who=READERS, answers={200: str, 302: None})
def download_report(call: Call) -> Answer:
    """Its closures for spreadsheets; by way of a link where they are many."""
    name = call.path["report_id"]
    table = casework.rows(name, call.actor, call.now)
    if table.link:
        return Answer(302, None, {"Location": table.link})
    saved = {"Content-Type": CSV, "Content-Disposition": f"attachment; filename={name}.csv"}
    return Answer(200, table.content, saved)


# ---- Today -----------------------------------------------------------------------------------------------------------


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """The newest reports of which something waits for whoever has signed in: a sentence, and the address below the
    prefix. Two round trips for each kind, for those who comment or issue them."""
    own = LIFECYCLE.actions_of(call.actor.roles)
    if not own & NEXT.keys():
        return
    reading = reporting.reading(say.locale, rules.in_force(call.now))
    for kind in WAITING:
        for state in casework.listed(kind, 1, None)[0]:
            if any(state.stage == stage for one, stage in NEXT.items() if one in own):
                called = reporting.title(state.period, reading)
                yield say(f"reports.waits.{state.stage}", report=called), f"{LISTED}/{state.report_id}"
