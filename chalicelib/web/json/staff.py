"""Who works here."""

from pydantic import ConfigDict

from chalicelib.casework.colleagues import colleagues
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Department, Role
from chalicelib.web.door import Answer, Call

from .api import Api

staff = Api(__name__)


class StaffQuery(Model):
    model_config = ConfigDict(extra="forbid")

    department: Department = Role.CUSTOMER_SERVICE


class ColleagueView(Model):
    """`takes_turns`: on duty and not away today, so that new complaints are given to them."""

    name: str
    called: str | None
    on_duty: bool
    takes_turns: bool


class ColleaguePage(Model):
    items: list[ColleagueView]


@staff.operation("GET", "/v1/staff", who=STAFF, query=StaffQuery, answers={200: ColleaguePage})
def list_staff(call: Call, query: StaffQuery) -> Answer:
    """The members of a department by name, by default of customer service, to whom complaints are given."""
    found = [ColleagueView(**one._asdict()) for one in colleagues(Role(query.department), call.now)]
    return Answer(200, ColleaguePage(items=found))
