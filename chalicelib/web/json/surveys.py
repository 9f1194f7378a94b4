"""How it was: the survey of a complaint (6.2), and what was answered day by day."""

from chalicelib.casework import read, rules
from chalicelib.casework import surveys as casework
from chalicelib.casework.verbs import do
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.faces import READERS
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.web import part_views
from chalicelib.web.bodies import SurveyQuery
from chalicelib.web.door import Answer, Call, tagged

from .api import Api

surveys = Api(__name__)
OF_COMPLAINT = "/v1/complaints/{complaint_id}/survey"


class SurveyAnswersPage(Model):
    items: list[part_views.DatedAnswerView]
    next_cursor: str | None


@surveys.operation("GET", OF_COMPLAINT, who=STAFF | {Role.CONSUMER}, answers={200: part_views.SurveyView})
def show_survey(call: Call) -> Answer:
    """The survey of the last closure, and its answer; whom it measures does not read what was written (6.2)."""
    complaint = read.case(call.complaint_id, call.actor, call.now).state
    return Answer(200, _view(complaint, call))


@surveys.operation(
    "POST",
    OF_COMPLAINT,
    who=LIFECYCLE.who(Action.ANSWER_SURVEY),
    body=submissions.SurveyAnswer,
    answers={201: part_views.SurveyView},
    conditional=True,
)
def answer_survey(call: Call, body: submissions.SurveyAnswer) -> Answer:
    """Say how it was, once asked, and change it within 12 hours; or decline to be asked, for good. On the phone staff
    record it who did not take part (6.2)."""
    return _after(call, body, 201)


@surveys.operation(
    "POST",
    f"{OF_COMPLAINT}/review",
    who=LIFECYCLE.who(Action.REVIEW_SURVEY),
    body=submissions.SurveyReview,
    answers={200: part_views.SurveyView},
    conditional=True,
)
def review_survey(call: Call, body: submissions.SurveyReview) -> Answer:
    """Record what a supervisor who did not handle it has found of a low answer: called, what it is about (6.2)."""
    return _after(call, body, 200)


@surveys.operation("GET", "/v1/surveys", who=READERS, query=SurveyQuery, answers={200: SurveyAnswersPage})
def list_surveys(call: Call, query: SurveyQuery) -> Answer:
    """What was answered on some days of China, 31 at most, by default the last seven; oldest day first."""
    days = casework.days(query.first, query.last, call.now)
    found, cursor = casework.answers(*days, query.low, query.limit, query.cursor)
    items = [part_views.DatedAnswerView.of(one, complaint, call.actor) for one, complaint in found]
    return Answer(200, SurveyAnswersPage(items=items, next_cursor=cursor))


def _after(call: Call, body: Submission, status: int) -> Answer:
    done = do(call.complaint_id, body, call.actor, call.now, seen=call.seen, idempotency=call.idempotency)
    return Answer(status, _view(done.state, call), tagged(done.state.version), done.replayed)


def _view(complaint: Complaint, call: Call) -> part_views.SurveyView:
    return part_views.SurveyView.of(complaint, call.actor, rules.version(complaint.policy_version, call.now))
