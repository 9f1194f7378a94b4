"""What a consumer may do about a complaint, each as a form: made from the resource's own submission."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.record import Submission
from chalicelib.web.views import PublicView


class Act(NamedTuple):
    """An action's form. `name`: that of its words, of its draft, and by which links ask for it.

    `field`: what is typed. `constant`: what else is sent; `of_round`: with the round of the plan that it is about.
    `ends`: it closes the complaint, so whoever does it has seen its newest state.
    """

    name: str
    resource: str
    kind: type[Submission]
    field: str | None = None
    optional: bool = False
    constant: Mapping[str, Any] = {}
    of_round: bool = False
    ends: bool = False


ACTS: Mapping[Action, Act] = {
    Action.ACCEPT_PLAN: Act(
        "accept", "feedback", submissions.Feedback, constant={"satisfied": True}, of_round=True, ends=True
    ),
    Action.OBJECT_TO_PLAN: Act(
        "object", "feedback", submissions.Feedback, "opinion", constant={"satisfied": False}, of_round=True
    ),
    Action.REQUEST_REVIEW: Act("review", "review-request", submissions.ReviewRequest, "reason", of_round=True),
    Action.REOPEN: Act("reopen", "reopening", submissions.Reopening, "reason"),
    Action.WITHDRAW: Act("withdraw", "withdrawal", submissions.Withdrawal, "reason", optional=True, ends=True),
    Action.GIVE_INFORMATION: Act("information", "information", submissions.Information, "text"),
    Action.ANSWER_SURVEY: Act("survey", "survey", submissions.SurveyAnswer, "words", optional=True),
    Action.DECLINE_SURVEY: Act("no_survey", "survey", submissions.SurveyAnswer, constant={"decline": True}),
}
"""All that a consumer does in words; files have a form of their own."""
BY_NAME = {act.name: action for action, act in ACTS.items()}


class Form(NamedTuple):
    """An act that is possible now. `most`: characters of its field."""

    act: Act
    post: str
    body: dict[str, Any]
    most: int | None
    open: bool


def forms(view: PublicView, prefix: str, opened: str | None) -> dict[str, Form]:
    """By name, those of what is allowed; `opened`: the one that is open from the beginning."""
    return {act.name: _form(act, view, prefix, opened) for action, act in ACTS.items() if action in view.allowed}


def _form(act: Act, view: PublicView, prefix: str, opened: str | None) -> Form:
    body = {**act.constant, **({"round": view.round} if act.of_round else {})}
    most = longest(act.kind, act.field) if act.field else None
    return Form(act, f"{prefix}/v1/complaints/{view.complaint_id}/{act.resource}", body, most, act.name == opened)


@cache
def longest(kind: type[Submission], field: str) -> int:
    """How many characters a field takes, by the submission itself."""
    described = kind.model_json_schema()["properties"][field]
    return int(next(one["maxLength"] for one in (described, *described.get("anyOf", ())) if "maxLength" in one))
