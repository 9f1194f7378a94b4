"""What the piece of a complaint is made of, and how it was asked for."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from chalicelib.domain.complaint import events, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import part_views, views

from .page import PageQuery
from .speech import Speech

LinkAnswer = Literal["accept", "object", "reopen", "review"]
"""What a link in a notice offers to do; it opens the form for it, and does nothing."""


class ContentQuery(PageQuery):
    """`round`, `answer`, `survey`: as the link says that was opened; `before`: with what happened before an entry,
    of which there are fewer than a key has digits for."""

    lang: Locale | None = None
    round: int | None = None
    answer: LinkAnswer | None = None
    survey: Literal["1"] | None = None
    before: Annotated[int, Field(ge=2, le=99_999_999)] | None = None


class Page(NamedTuple):
    """What it is made of; `entries`: the newest first."""

    view: views.PublicView
    survey: part_views.SurveyView
    complaint: Complaint
    policy: Policy
    now: datetime
    asked: ContentQuery
    say: Speech
    entries: list[Entry]

    @property
    def asked_now(self) -> parts.AskedInformation | None:
        """The question that waits for the consumer's answer."""
        return self.complaint.open_request if Action.GIVE_INFORMATION in self.view.allowed else None

    @property
    def overdue(self) -> bool:
        return self.view.deadline is not None and self.view.deadline.overdue

    @property
    def to_do_first(self) -> bool:
        """The consumer was asked to do something for safety's sake."""
        return any(isinstance(one.event, events.InterimMeasureTaken) for one in self.entries)

    @property
    def of_replaced_plan(self) -> bool:
        """The link that was opened came with the plan of another round than the present."""
        return self.asked.round not in (None, self.view.round)

    @property
    def answers(self) -> dict[int, part_views.AnswerView]:
        """The last one to the plan of each round."""
        return {one.round: one for one in self.view.answers}
