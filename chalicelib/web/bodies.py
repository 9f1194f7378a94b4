"""Request bodies and query strings that are the web's own; the rest are the domain's submissions."""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, Strict, model_validator

from chalicelib.casework import callers, filed, queues, search
from chalicelib.domain.complaint import hearings, submissions
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.days import Moment
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.instants import DAY
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import STAFF, Department
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Incomplete, Text, Wrong
from chalicelib.domain.vocabulary.ladders import TaskKind
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Category

from .contacts import ContactBody, Email, Phone

MOST_NAMES = 10
_IN_WHAT_IS_READ = (
    f"Looked for in what is read, {queues.MOST_READ} lines a page: it may hold fewer than `limit` and still have a "
    "`next_cursor`."
)


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


def _known_categories(written: str) -> str:
    parts = queues.parts_of(written)
    if not parts or not {*parts} <= {*get_args(Category)}:
        raise Wrong("not_categories", listed=[*get_args(Category)])
    return ",".join(dict.fromkeys(parts))


def _some_names(written: str) -> str:
    parts = tuple(dict.fromkeys(queues.parts_of(written)))
    if not 1 <= len(parts) <= MOST_NAMES:
        raise Wrong("not_names", most=MOST_NAMES)
    return ",".join(parts)


def _said(written: Any) -> Any:
    return True if written in (True, "true") else written


Yes = Annotated[Literal[True], BeforeValidator(_said)]
"""Asked for or not: there is no asking for the others."""


class QueueQuery(PageQuery):
    """What a queue is narrowed to, and where its page begins."""

    stage: Stage | None = Field(None, description="In that stage; `closed`: the latest closed first. By default open.")
    department: Department | None = Field(
        None, description="Whose it is, or, beside `task`, who is to do that. Costs what the page holds."
    )
    assignee: Annotated[str, Text(1300), AfterValidator(_some_names)] | None = Field(
        None,
        description=f"Who has them: a name, or up to {MOST_NAMES}, comma separated; `none`: nobody. A round trip each.",
    )
    overdue: bool | None = Field(None, description="Only what is (not) past its due time.")
    order_number: submissions.Line64 | None = Field(
        None, description="Those of an order, open or closed. Costs what the page holds."
    )
    task: TaskKind | None = Field(
        None,
        description="What departments have to do beside the stages: inquiries to answer, what consumers "
        "wrote since the plan to be read, promised measures, what a danger asks for, drafts for legal to review.",
    )
    category: Annotated[str, Text(100), AfterValidator(_known_categories)] | None = Field(
        None,
        description=f"Any of these, comma separated. {_IN_WHAT_IS_READ}",
    )
    safety: Yes | None = Field(None, description="Only what may be dangerous. Costs what the page holds.")
    legal: Yes | None = Field(None, description="Only what law is involved in. Costs what the page holds.")
    answered: Yes | None = Field(
        None,
        description="Only what its consumer has said something about since customer service did anything. Costs what "
        "the page holds. Of these marks the second, beside a stage, an order or a task each, and `legal` and "
        "`answered` beside an assignee, are looked for in what is read, as `category` is.",
    )
    due: Literal["today"] | None = Field(
        None, description="Only what is due by the end of this day in China, what is overdue included."
    )
    bounced: Yes | None = Field(
        None,
        description="Only what a notice reached its consumer about by no channel, closed or not: they are to be "
        "called. Costs what the page holds.",
    )
    returned: Yes | None = Field(
        None, description=f"Only where legal has refused the newest draft of the plan. {_IN_WHAT_IS_READ}"
    )

    def filters(self) -> queues.Filters:
        """The same without where the page begins."""
        return queues.Filters(**self.model_dump(exclude={"limit", "cursor"}))


_OF_STOREFRONTS = ("external_ref", "updated_since")
_OF_ALL = ("order_number", "limit", "cursor")


class ComplaintsQuery(QueueQuery):
    """What staff narrow a queue to; or what a storefront narrows those to that it filed."""

    order_number: submissions.Line64 | None = Field(
        None, description="Those of an order, open or closed. Costs what the page holds. To storefronts too."
    )
    external_ref: submissions.Line64 | None = Field(
        None, description="Of storefronts: those that they call so, to the letter."
    )
    updated_since: Moment | None = Field(
        None,
        description="Of storefronts: those that anything happened to since then that a consumer may see, the longest "
        "ago first; without it, the latest first. What is being done at this moment may come up to a minute late: ask "
        "from a minute before the last answer, or read `GET /v1/events`.",
    )

    def queue(self) -> queues.Filters:
        """Of staff. Raises Invalid for what storefronts only ask."""
        if wrong := self._given(_OF_STOREFRONTS):
            raise Invalid(FieldFault(name, "of_storefronts_only") for name in wrong)
        return queues.Filters(**self.model_dump(include={*queues.Filters._fields}))

    def own(self) -> filed.Own:
        """Of a storefront. Raises Invalid for what staff only ask."""
        if wrong := self._given(name for name in type(self).model_fields if name not in _OF_STOREFRONTS + _OF_ALL):
            raise Invalid(FieldFault(name, "of_staff_only") for name in wrong)
        return filed.Own(**{name: getattr(self, name) for name in filed.Own._fields})

    def _given(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self.model_fields_set]


class SearchBody(Body):
    """What is known of a complaint, one thing of these; or words, within the open queue of a department."""

    phone: Phone | None = None
    email: Email | None = None
    tracking_number: submissions.Line64 | None = None
    external_ref: submissions.Line64 | None = None
    order_number: submissions.Line64 | None = None
    complaint_id: submissions.ComplaintId | None = None
    words: submissions.Line64 | None = Field(
        None, description=f"All of them, in how the description begins or the product's name. {_IN_WHAT_IS_READ}"
    )
    department: Department | None = Field(None, description="Of `words`: whose open queue; by default all of them.")
    cursor: Annotated[str, Strict(), Field(max_length=2000)] | None = Field(
        None, description="Of `words`: `next_cursor` of the page before."
    )

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        known = [name for name in (*search.Search._fields, "words") if getattr(self, name) is not None]
        if len(known) != 1:
            raise Incomplete(known[1] if known else "complaint_id", "one_thing_to_look_for")
        if self.words is None and (self.department or self.cursor):
            raise Incomplete("department" if self.department else "cursor", "with_words_only")
        return self

    def asked(self) -> search.Search:
        return search.Search(**{name: getattr(self, name) for name in search.Search._fields})


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
