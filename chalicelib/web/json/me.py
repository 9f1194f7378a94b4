"""Oneself: who the house takes whoever asks for, and what waits for them."""

from datetime import date

from pydantic import ConfigDict, Field

from chalicelib.casework import oneself, sheets, training
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.web.door import Answer, Call

from .api import Api
from .sheets import SheetSummary
from .training import TrainingView

me = Api(__name__)


class AbsenceView(Model):
    """Days in China, both included."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="until")


class WaitsView(Model):
    """How much of a kind waits; `more`: there is more than was counted."""

    kind: oneself.Kind
    number: int
    more: bool


class MeView(Model):
    """`name`: by which one signs in; `called`: what people call one, null where nobody has said."""

    name: str
    called: str | None
    groups: list[Role]
    on_duty: bool = Field(description="New complaints are given to who is on duty, and not absent that day.")
    absences: list[AbsenceView] = Field(description="Those that are not over.")
    waiting: list[WaitsView] = Field(description="Whatever concerns one's groups, with 0 where nothing waits.")
    sheet: SheetSummary | None = Field(description="The newest appraisal sheet of one's own.")
    training: list[TrainingView] = Field(description="What one is still to learn, soonest due first.")


@me.operation("GET", "/v1/me", who=STAFF, answers={200: MeView})
def show_me(call: Call) -> Answer:
    """Who one is here: groups, duty and days of absence, what waits for one, one's newest sheet and open training."""
    actor, now = call.actor, call.now
    member, newest = oneself.membership(actor, now), sheets.newest_of(actor)
    found = MeView(
        name=actor.id,
        called=member.called,
        groups=sorted(actor.roles),
        on_duty=member.on_duty,
        absences=[AbsenceView(first=first, last=last) for first, last in member.absences],
        waiting=[WaitsView(**one._asdict()) for one in oneself.waits(actor, now)],
        sheet=SheetSummary.of(newest) if newest else None,
        training=[TrainingView.of(one, now) for one in training.owed(actor.id)],
    )
    return Answer(200, found)
