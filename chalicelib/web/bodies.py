"""Request bodies and query strings that are the web's own; the rest are the domain's submissions."""

from collections.abc import Mapping
from types import ModuleType
from typing import Annotated, Self

from pydantic import ConfigDict, Field, Strict, model_validator

from chalicelib.domain.complaint import hearings, submissions
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.instants import DAY
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import STAFF, Department
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Incomplete, Text
from chalicelib.domain.vocabulary.ladders import TaskKind
from chalicelib.domain.vocabulary.stages import Stage

from .contacts import ContactBody


class ComplaintBody(submissions.Filing):
    """A complaint as it is posted (4.1b)."""

    contact: ContactBody

    def filing(self) -> submissions.Filing:
        return submissions.Filing(**self.model_dump(exclude={"contact"}))


class ContactCorrectionBody(Submission):
    """How the consumer is to be reached instead, all of it, and why."""

    actions = (Action.CORRECT_CONTACT,)

    contact: ContactBody
    reason: submissions.Text2000


class NoteRetractionBody(Submission):
    """Why a public note is not to be shown any more; which, says the path."""

    actions = (Action.RETRACT_NOTE,)

    reason: submissions.Text2000


def _handed_in(*kinds: type[Submission]) -> dict[Action, type[Submission]]:
    return {Action(action): kind for kind in kinds for action in kind.actions}


def _submissions_of(module: ModuleType) -> tuple[type[Submission], ...]:
    found = (kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__)
    return tuple(kind for kind in found if issubclass(kind, Submission))


_ALL = {
    **_handed_in(*_submissions_of(submissions), *_submissions_of(hearings)),
    **_handed_in(ContactCorrectionBody, NoteRetractionBody),
}
ACTIONS: Mapping[Action, type[Submission]] = {
    action: _ALL[action] for action in Action if action is not Action.FILE and LIFECYCLE.who(action) & STAFF
}
"""What is handed in for each thing that staff may do about a complaint that is there; where the web asks for something
else than the domain, what the web does."""


class SignInBody(Body):
    """Either a user name and a password, or a refresh token."""

    username: Annotated[str, Strict(), Field(min_length=1, max_length=128)] | None = None
    password: Annotated[str, Strict(), Field(min_length=1, max_length=256)] | None = None
    refresh_token: Annotated[str, Strict(), Field(min_length=1, max_length=8192)] | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.refresh_token is not None:
            if self.username is not None or self.password is not None:
                raise Incomplete("refresh_token", "refresh_token_not_alone")
            return self
        for field in ("username", "password"):
            if getattr(self, field) is None:
                raise Incomplete(field, "credentials_incomplete")
        return self


class PageQuery(Model):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(25, ge=1, le=100, description="Items on the page.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class FileQuery(Model):
    model_config = ConfigDict(extra="forbid")

    redirect: bool = Field(
        True,
        description="`false`: the link is told and not followed, for the script of a page. A browser of before 2024 "
        "would bring the token along to S3, which takes no two credentials.",
    )


class QueueQuery(PageQuery):
    stage: Stage | None = None
    department: Department | None = None
    assignee: Annotated[str, Text(128)] | None = None
    overdue: bool | None = Field(None, description="Only what is (not) past its due time.")
    order_number: submissions.Line64 | None = None
    task: TaskKind | None = Field(
        None,
        description="What departments have to do beside the stages: inquiries to answer, what consumers "
        "wrote since the plan to be read, promised measures, what a danger asks for.",
    )


class DaysQuery(Model):
    model_config = ConfigDict(extra="forbid")

    first: Annotated[str, Field(pattern=DAY)] | None = Field(
        None, alias="from", description="The first day, in China; by default six days before the last."
    )
    last: Annotated[str, Field(pattern=DAY)] | None = Field(
        None, alias="to", description="The last day, in China; by default today."
    )


class HearingsQuery(PageQuery):
    person: Annotated[str, Field(min_length=1, max_length=128)] | None = Field(
        None, description="Whose, by user name; by default your own."
    )
    to_decide: bool = Field(False, description="What management is to decide, whoever it is about.")


class SurveyQuery(PageQuery):
    first: Annotated[str, Field(pattern=DAY)] | None = Field(
        None, alias="from", description="The first day, in China; by default six days before the last."
    )
    last: Annotated[str, Field(pattern=DAY)] | None = Field(
        None, alias="to", description="The last day, in China; by default today."
    )
    low: bool | None = Field(None, description="Only answers that are (not) low: 2 or less, or not solved.")
