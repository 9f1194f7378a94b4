"""Satisfaction (6.2): what surveys have shown, what was answered, low answers to look into, whom to ask by phone.

What a consumer wrote is read by who did not take part, and stands beside nobody's name.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import Field

from chalicelib.casework import reports, rules, satisfaction
from chalicelib.casework import surveys as casework
from chalicelib.casework.read import Filters
from chalicelib.casework.satisfaction import Result
from chalicelib.domain.complaint import decisions, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.faces import READERS
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.errors import Invalid, Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.supervision import measures
from chalicelib.domain.supervision.figures import Figure, ReportKind, Row
from chalicelib.web import part_views
from chalicelib.web.console import chores, due, names
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech
from chalicelib.web.reporting.reading import Reading

surveys = Console(__name__)
RESULTS = "/console/surveys"
PERIODS, LINES, FEW = 6, 25, 10
"""Periods of a page, answers of one, and low ones that wait to be looked into."""
KINDS: tuple[ReportKind, ...] = ("weekly", "monthly", "half_yearly")
BESIDE = ("sent", "undelivered", "by_phone", "post_stratified", "solved", "fair", "easy", "informed")
"""What stands beside the share of who is satisfied, by the names of a figure's values."""


class ResultsQuery(PageQuery):
    kind: ReportKind | None = Field(None, description="Periods of which kind; months.")
    report: str | None = Field(None, description="The report of the period of which all is shown; of the newest.")
    cursor: str | None = None


class AnswersQuery(PageQuery):
    first: str | None = Field(None, alias="from", description="The first day, in China; six days before the last.")
    last: str | None = Field(None, alias="to", description="The last day, in China; today.")
    low: bool | None = Field(None, description="Only low ones: 2 or less, or not solved.")
    cursor: str | None = None


class InterviewsQuery(PageQuery):
    cursor: str | None = None


class Limits(NamedTuple):
    """From how many on something is said, and why less is not."""

    shown: int = measures.CSAT_SHOWN_FROM
    compared: int = measures.CSAT_COMPARED_FROM
    stratum: int = measures.STRATUM_FROM
    response: float = measures.RESPONSE_FROM


class Interview(NamedTuple):
    """Somebody who could be asked by phone; `why_not`: why not by this reader, if they may not."""

    survey: parts.Survey
    it: Complaint
    left: str
    why_not: str


@surveys.operation("GET", RESULTS, who=READERS, query=ResultsQuery, answers={200: str})
def show_surveys(call: Call, query: ResultsQuery) -> Answer:
    """How satisfied consumers were, by the period of closing: six periods, all of one, low answers to look into."""
    say, kind = speech(call), query.kind or "monthly"
    found, cursor = satisfaction.results(kind, PERIODS, query.cursor)
    shown = satisfaction.result(query.report) if query.report else next(iter(found), None)
    return page(
        call,
        "supervision/surveys.html",
        say,
        kinds=KINDS,
        kind=kind,
        found=found,
        cursor=cursor,
        shown=shown,
        thin=thin(shown.figure) if shown else (),
        rows=rows_of(shown) if shown else [],
        tells_rows=shown and reports.tells_rows(reports.shown(shown.document.report_id, call.actor, call.now).state),
        limits=Limits(),
        beside=BESIDE,
        read=_reading(say, call.now),
        waiting=_waiting(call, say),
    )


def thin(figure: Figure) -> tuple[Row, ...]:
    """The kinds of closure of which too few have answered to speak for the others."""
    return tuple(one for one in figure.rows if one.by == "stratum" and one.n < measures.STRATUM_FROM)


def rows_of(shown: Result) -> list[tuple[str, list[Row]]]:
    """The tables of a figure, each with what it is by."""
    rows = [one for one in shown.figure.rows if one.n or any(one.values.values())]
    return [(by, [one for one in rows if one.by == by]) for by in dict.fromkeys(one.by for one in rows)]


def _reading(say: Speech, now: datetime) -> Reading:
    policy = rules.in_force(now)
    return Reading(say.locale, policy.time_zone, policy.operating.causes)


def _waiting(call: Call, say: Speech) -> chores.Part:
    """Low answers that a supervisor is to look into; to whom that is not open, without the form."""
    found = chores.part("reviews", Filters(task="survey_review"), call, say, FEW)
    if LIFECYCLE.who(Action.REVIEW_SURVEY) & call.actor.roles:
        return found
    return found._replace(chores=[one._replace(act=None) for one in found.chores])


@surveys.operation("GET", f"{RESULTS}/answers", who=READERS, query=AnswersQuery, answers={200: str, 422: str})
def show_survey_answers(call: Call, query: AnswersQuery) -> Answer:
    """What was answered on some days of China, 31 at most and by default; oldest day first, 25 a page."""
    say, why = speech(call), ""
    try:
        days = casework.days(query.first, query.last, call.now, casework.MOST_DAYS)
    except Invalid as refusal:
        why = " ".join(names.wrong(one, say) for one in refusal.faults)
        days = casework.days(None, None, call.now, casework.MOST_DAYS)
    found, cursor = casework.answers(*days, query.low or None, LINES, query.cursor) if not why else ([], None)
    return page(
        call,
        "supervision/survey_answers.html",
        say,
        status=422 if why else 200,
        why=why,
        first=days[0],
        last=days[1],
        low=bool(query.low),
        found=[part_views.DatedAnswerView.of(one, complaint, call.actor) for one, complaint in found],
        following=_following(days, query, cursor) if cursor else "",
        named=partial(names.named, say=say),
    )


def _following(days: tuple[date, date], query: AnswersQuery, cursor: str) -> str:
    """The query of the next page."""
    low = {"low": "true"} if query.low else {}
    return urlencode({"from": str(days[0]), "to": str(days[1]), **low, "cursor": cursor})


@surveys.operation("GET", f"{RESULTS}/interviews", who=STAFF, query=InterviewsQuery, answers={200: str})
def show_interviews(call: Call, query: InterviewsQuery) -> Answer:
    """Who was asked how it was and has not answered, soonest over first: for whoever did not take part, and calls."""
    say = speech(call)
    found, cursor = casework.to_ask(LINES, query.cursor, call.now)
    rows = [*_interviews(found, call, say)]
    return page(call, "supervision/interviews.html", say, rows=rows, cursor=cursor)


def _interviews(found: list[tuple[parts.Survey, Complaint]], call: Call, say: Speech) -> Iterator[Interview]:
    for survey, it in found:
        policy = rules.version(it.policy_version, call.now)
        refusal = decisions.may(it, call.actor, call.now, policy).why_not.get(Action.ANSWER_SURVEY)
        left = str(say.tell(due.left(survey.answer_by, call.now, say))) if survey.answer_by else ""
        yield Interview(survey, it, left, _why_not(refusal, say) if refusal else "")


def _why_not(refusal: Refusal, say: Speech) -> str:
    """The usual reason in a few words."""
    return say("surveys.took_part") if refusal.reason == "took_part" else names.refused(refusal, say)
