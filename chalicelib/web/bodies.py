"""Request bodies and query strings that are the web's own; the rest are the domain's submissions."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import ConfigDict, Field, Strict, model_validator

from chalicelib.casework import callers
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.instants import DAY
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Department
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


class SignInBody(Body):
    """A user name and a password; or the answer to what was asked for besides; or a refresh token."""

    username: Annotated[str, Strict(), Field(min_length=1, max_length=128)] | None = None
    password: Annotated[str, Strict(), Field(min_length=1, max_length=256)] | None = None
    session: Annotated[str, Strict(), Field(min_length=1, max_length=2100)] | None = Field(
        None, description="Of the challenge that is answered, with `new_password` or `totp`."
    )
    new_password: Annotated[str, Strict(), Field(min_length=1, max_length=256)] | None = None
    totp: Annotated[str, Strict(), Field(pattern="^[0-9]{6}$")] | None = Field(
        None, description="The code that the app shows."
    )
    refresh_token: Annotated[str, Strict(), Field(min_length=1, max_length=8192)] | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.refresh_token is not None:
            if any(self._rest()):
                raise Incomplete("refresh_token", "refresh_token_not_alone")
            return self
        answering = self.session or self.new_password or self.totp
        for field in ("username", "session" if answering else "password"):
            if getattr(self, field) is None:
                raise Incomplete(field, "credentials_incomplete")
        if answering and (self.password or bool(self.new_password) == bool(self.totp)):
            raise Incomplete("session", "challenge_not_answered")
        return self

    def _rest(self) -> Iterator[str]:
        return (value for name, value in self if name != "refresh_token" and value is not None)

    def let_in(self) -> callers.Session:
        """Raises Unauthenticated, Throttled, Challenged; Invalid for a new password that is too simple."""
        if self.refresh_token is not None:
            return callers.refresh(self.refresh_token)
        username, session = self.username or "", self.session or ""
        if self.new_password is not None:
            return callers.choose_password(username, session, self.new_password)
        if self.totp is not None:
            return callers.show_code(username, session, self.totp)
        return callers.sign_in(username, self.password or "")


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
