"""Reports (6.1): what is counted of a period, what was said of it, and what was decided to be different."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from chalicelib.casework import reports as casework
from chalicelib.casework import rules
from chalicelib.casework.measures import Owed, owed, whose
from chalicelib.casework.reports import Followed, Read
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision.figures import Bottleneck, Compared, Figure, Listing, Measure, ReportKind, Row
from chalicelib.domain.supervision.improvement import Finished, Improvement
from chalicelib.domain.supervision.report import LIFECYCLE, READERS, Action, Comment, Issue, Report, Stage
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, tagged
from chalicelib.web.languages import DEFAULT, preferred
from chalicelib.web.printable import printable
from chalicelib.web.reporting import document as page
from chalicelib.web.reporting.standing import standing_of

from .api import Api

reports = Api(__name__)
CSV = "text/csv; charset=utf-8"


class ReportsQuery(PageQuery):
    kind: ReportKind = Field("monthly", description="Of which kind.")


class ReportQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of the document; instead of what Accept-Language prefers.")


class CasesQuery(PageQuery):
    measure: Listing = Field("M01", description="Behind which figure; or behind what of it: M12.promises.")


class MeasuresQuery(PageQuery):
    owner: Annotated[str, Text(128)] | None = Field(
        None, description="Whose; by default one's own. Supervisors, management and audit see anybody's."
    )
    everybody: bool = Field(False, description="Everybody's: to supervisors, management and audit.")


class MeasureView(Model):
    """An improvement measure, and the figure that it is to move, if any: as it was when decided, and as it is now.

    `record`: what it was decided with, a report, an audit or a management review; `finding`: the number of the finding
    that it corrects. `now` is null where that is the report that is shown.
    """

    record: str
    number: int
    what: str
    owner: str
    due: date
    due_at: datetime
    moves: Measure | None
    finding: int | None
    decided_at: datetime
    decided_by: str
    missed: bool
    done_at: datetime | None
    done_by: str | None
    note: str | None
    before: Figure | None = None
    now: Figure | None = None

    @classmethod
    def of(
        cls, record: str, one: Improvement, before: Figure | None = None, now: Figure | None = None
    ) -> "MeasureView":
        known = one.model_dump(exclude={"clock", "raised", "untold"})
        return cls(record=record, before=before, now=now, **known)


class CommentView(Model):
    at: datetime
    by: str
    text: str


class ReportSummary(Model):
    """A report in a list. `period`: its name; `as_of`: the last day that was read."""

    report_id: str
    kind: ReportKind
    period: str
    first: date
    last: date
    edition: int
    reason: str | None
    stage: Stage
    hash: str
    as_of: date
    computed_at: datetime
    issued_at: datetime | None
    version: int

    @classmethod
    def known_of(cls, state: Report) -> dict[str, object]:
        period = state.period
        same = state.model_dump(include=set(ReportSummary.model_fields) - {"kind", "period", "first", "last"})
        return {**same, "kind": period.kind, "period": period.name, "first": period.first, "last": period.last}

    @classmethod
    def of(cls, state: Report) -> "ReportSummary":
        return cls.model_validate(cls.known_of(state))


class ReportPage(Model):
    items: list[ReportSummary]
    next_cursor: str | None


class ReportView(ReportSummary):
    """A report with all that it says. `cases`: of each list of cases the SHA-256 of its ids."""

    definitions: int
    policy_versions: tuple[int, ...]
    figures: Mapping[str, Figure]
    before: Compared | None
    year_before: Compared | None
    bottleneck: Bottleneck | None
    charts: Mapping[str, tuple[Row, ...]]
    sources: Mapping[date, tuple[int, str]]
    cases: Mapping[str, str]
    issued_by: str | None
    comments: list[CommentView]
    measures: list[MeasureView]
    allowed: list[str] = Field(description="What may be done now by whoever asks.")

    @classmethod
    def at(cls, read: Read, roles: frozenset[Role]) -> "ReportView":
        state, document, measures = read
        said = {
            name: getattr(document, name)
            for name in ("definitions", "policy_versions", "figures", "before", "year_before", "bottleneck", "charts")
        }
        done = LIFECYCLE.actions_of(roles)
        return cls.model_validate(
            {
                **cls.known_of(state),
                **said,
                "sources": document.sources,
                "cases": document.cases,
                "issued_by": state.issued_by,
                "comments": [CommentView(at=one.at, by=one.by, text=one.text) for one in state.comments],
                "measures": [_followed(one) for one in measures],
                "allowed": [action for action in LIFECYCLE.allowed(Stage(state.stage)) if action in done],
            }
        )


class CasePage(Model):
    """The complaints behind a figure, each once, in the order in which they came to be counted."""

    items: list[str]
    next_cursor: str | None


class MeasurePage(Model):
    items: list[MeasureView]
    next_cursor: str | None


def _followed(one: Followed) -> MeasureView:
    return MeasureView.of(one.report_id, one.measure, one.before, one.now)


def _owed(one: Owed) -> MeasureView:
    return MeasureView.of(one.record, one.measure)


@reports.operation("GET", "/v1/reports", who=READERS, query=ReportsQuery, answers={200: ReportPage})
def list_reports(call: Call, query: ReportsQuery) -> Answer:
    """The reports of a kind, the newest first."""
    found, cursor = casework.listed(query.kind, query.limit, query.cursor)
    return Answer(200, ReportPage(items=[ReportSummary.of(one) for one in found], next_cursor=cursor))


@reports.operation(
    "GET", "/v1/reports/{report_id}", who=READERS, query=ReportQuery, answers={200: ReportView, 302: None}
)
def show_report(call: Call, query: ReportQuery) -> Answer:
    """A report; with .html as a document to read and print, with .csv the table of its closures for spreadsheets, by
    way of a link where that is long."""
    name, _, form = call.path["report_id"].partition(".")
    if form == "csv":
        table = casework.rows(name, call.actor, call.now)
        if table.link:
            return Answer(302, None, {"Location": table.link})
        return Answer(
            200, table.content, {"Content-Type": CSV, "Content-Disposition": f"attachment; filename={name}.csv"}
        )
    found = casework.read(name if form == "html" else call.path["report_id"], call.actor, call.now)
    if form == "html":
        return _page(found, query.lang or preferred(call.accepted, DEFAULT), call.now)
    return Answer(200, ReportView.at(found, call.actor.roles), tagged(found.state.version))


def _page(found: Read, locale: Locale, now: datetime) -> Answer:
    written = page.as_html(found.document, standing_of(found), locale, rules.in_force(now))
    return printable(written, locale, found.state.version)


@reports.operation("GET", "/v1/reports/{report_id}/cases", who=READERS, query=CasesQuery, answers={200: CasePage})
def list_cases(call: Call, query: CasesQuery) -> Answer:
    """The complaints behind a figure of a report: exactly those that it counts."""
    found, cursor = casework.cases(
        call.path["report_id"], query.measure, call.actor, call.now, query.limit, query.cursor
    )
    return Answer(200, CasePage(items=found, next_cursor=cursor))


def _do(call: Call, body: Submission, part: str | None = None) -> Answer:
    done = casework.do(
        call.path["report_id"],
        body,
        call.actor,
        call.now,
        seen=call.seen,
        idempotency=call.idempotency,
        part=part,
    )
    if part is not None:
        one = next(one for one in done.state.measures if str(one.number) == part)
        measure = MeasureView.of(done.state.report_id, one)
        return Answer(200, measure, tagged(done.state.version), done.replayed)
    view = ReportView.at(casework.whole(done.state, call.now), call.actor.roles)
    return Answer(200, view, tagged(done.state.version), done.replayed)


@reports.operation(
    "POST",
    "/v1/reports/{report_id}/comments",
    who=LIFECYCLE.who(Action.COMMENT),
    body=Comment,
    answers={200: ReportView},
    conditional=True,
)
def comment_report(call: Call, body: Comment) -> Answer:
    """Say what is behind the figures of a report, and decide measures: what, by whom, by when, to move which figure."""
    return _do(call, body)


@reports.operation(
    "POST",
    "/v1/reports/{report_id}/issue",
    who=LIFECYCLE.who(Action.ISSUE),
    body=Issue,
    answers={200: ReportView},
    conditional=True,
)
def issue_report(call: Call, body: Issue) -> Answer:
    """Issue a report that was commented: management and supervisors are told."""
    return _do(call, body)


@reports.operation(
    "POST",
    "/v1/reports/{report_id}/measures/{number}/completion",
    who=LIFECYCLE.who(Action.FINISH_MEASURE),
    body=Finished,
    answers={200: MeasureView},
    conditional=True,
)
def complete_measure(call: Call, body: Finished) -> Answer:
    """Record that an improvement measure has been carried out, and what came of it: its owner, or a supervisor."""
    return _do(call, body, call.path["number"])


@reports.operation("GET", "/v1/measures", who=STAFF, query=MeasuresQuery, answers={200: MeasurePage})
def list_measures(call: Call, query: MeasuresQuery) -> Answer:
    """The improvement measures that somebody, or anybody, is still to carry out, soonest due first."""
    owner = whose(query.owner, call.actor, everybody=query.everybody)
    found, cursor = owed(owner, query.limit, query.cursor)
    return Answer(200, MeasurePage(items=[_owed(one) for one in found], next_cursor=cursor))
