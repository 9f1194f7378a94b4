"""Reports (6.1): their lists, and each with what is said of it and decided."""

from pydantic import Field

from chalicelib.casework import reports as casework
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.figures import ReportKind
from chalicelib.domain.supervision.report import LIFECYCLE, READERS, Action, Comment, Issue, Stage
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery

reports = Console(__name__)
LISTED = "/console/reports"
ONE = LISTED + "/{report_id}"
LINES = 25
KIND = Acts(ONE, "reports", {Action.COMMENT: Comment, Action.ISSUE: Issue})


class ReportsQuery(PageQuery):
    kind: ReportKind = Field("monthly", description="Of which kind.")
    cursor: str | None = None


@reports.operation("GET", LISTED, who=READERS, query=ReportsQuery, answers={200: str})
def show_reports(call: Call, query: ReportsQuery) -> Answer:
    """The reports of a kind, the newest first."""
    found, cursor = casework.listed(query.kind, LINES, query.cursor)
    return page(call, "supervision/reports.html", reports=found, kind=query.kind, cursor=cursor)


@reports.operation("GET", ONE, who=READERS, query=ActsQuery, answers={200: str})
def show_report_page(call: Call, query: ActsQuery) -> Answer:
    """A report, and what may be done about it."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    state, document, measures = casework.read(call.path["report_id"], call.actor, call.now)
    done = LIFECYCLE.actions_of(call.actor.roles)
    may = [one for one in LIFECYCLE.allowed(Stage(state.stage)) if one in done and one in KIND.bodies]
    choices: dict[str, dict[str, Options]] = {}
    if asked.act == Action.COMMENT:
        choices[Action.COMMENT] = {"owner": who(call.now)}
    panel = acts.panel(KIND, acts.Page(may, state.version, choices), call, asked, say, sent, refusal)
    about = {"report": state, "document": document, "measures": measures}
    return page(call, "supervision/report.html", say, status=status, panel=panel, **about)


def _do(call: Call, action: str, body: Submission, how: How) -> None:
    casework.do(call.path["report_id"], body, call.actor, call.now, **how._asdict())


acts.declare(reports, KIND, READERS, ActsQuery, show, _do)
