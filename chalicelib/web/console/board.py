"""The board of supervisors: who has how much, what nobody has, and what needs more time."""

from typing import NamedTuple

from pydantic import ConfigDict, Field

from chalicelib.casework import load
from chalicelib.casework.read import Filters
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.door import Answer, Call

from . import chores
from .door import Console
from .page import page, speech

board = Console(__name__)
LINES = 10
NOBODYS = Filters(assignee="none")
LATE = Filters(overdue=True)


class BoardQuery(Model):
    model_config = ConfigDict(extra="ignore")

    page: int = Field(1, ge=1, le=1_000)


class Row(NamedTuple):
    """A stage of the board: how much stands in it and how much is overdue, and the views of both."""

    name: str
    number: str
    view: str
    late: str
    is_late: bool
    late_view: str


@board.operation(
    "GET",
    "/console/board",
    who=frozenset({Role.SUPERVISOR, Role.MANAGEMENT}),
    query=BoardQuery,
    answers={200: str},
)
def show_board(call: Call, asked: BoardQuery) -> Answer:
    """Load by person and stage, what nobody has, and what is overdue: ten people a page, counts up to a hundred."""
    say = speech(call)
    people = load.people(call.now, asked.page)
    return page(
        call,
        "board.html",
        say,
        stages=[_row(one, spoken.STAFF_STAGES[one.stage][say.locale]) for one in load.stages(call.now)],
        people=people,
        of=lambda person, **more: chores.view_of(Filters(assignee=person, **more)),
        number=chores.number,
        names={stage: spoken.STAFF_STAGES[stage][say.locale] for stage in load.OPEN},
        nobodys=chores.part("nobodys", NOBODYS, call, say, LINES),
        late=chores.part("late", LATE, call, say, LINES),
    )


def _row(one: load.InStage, name: str) -> Row:
    stage, late = Filters(stage=one.stage), Filters(stage=one.stage, overdue=True)
    return Row(
        name,
        chores.number(one.number),
        chores.view_of(stage),
        chores.number(one.overdue),
        one.overdue.number > 0,
        chores.view_of(late),
    )
