"""The report of an audit (6.3): read on a page of the console, and as the document that one files."""

from pydantic import Field

from chalicelib.casework import audits as casework
from chalicelib.casework import rules
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.printable import printable
from chalicelib.web.reporting import audit_page, document

from .audits import ONE

audit_report = Console(__name__)


class ReportQuery(PageQuery):
    edition: int | None = Field(None, ge=1, description="Which was published; by default the last, or the draft.")


@audit_report.operation("GET", ONE + "/report", who=STAFF, query=ReportQuery, answers={200: str})
def show_report_of_audit(call: Call, query: ReportQuery) -> Answer:
    """What the report of an audit says: what is published to all of staff, the draft to whoever may comment on it."""
    say, policy = speech(call), rules.in_force(call.now)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    said = casework.document_of(state, query.edition)
    return page(
        call,
        "supervision/audit_report.html",
        say,
        audit=state,
        edition=said.edition,
        title=audit_page.title(said, say.locale, policy),
        document=audit_page.as_part(said, say.locale, policy),
        more_style=document.style_of_part(),
    )


@audit_report.operation("GET", ONE + "/print", who=STAFF, query=ReportQuery, answers={200: str})
def print_report_of_audit(call: Call, query: ReportQuery) -> Answer:
    """The same as one prints and files it."""
    say = speech(call)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    said = casework.document_of(state, query.edition)
    return printable(audit_page.as_html(said, say.locale, rules.in_force(call.now)), say.locale, state.version)
