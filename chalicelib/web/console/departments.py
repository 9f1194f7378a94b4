"""What waits for a department beside the stages: what it is asked, what it has to read, to carry out, to answer for."""

from typing import get_args

from chalicelib.casework.read import Filters
from chalicelib.domain.ground.people import STAFF, Department, Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import WHOSE, TaskKind
from chalicelib.web.door import Answer, Call

from . import chores
from .door import Console
from .page import back, page, speech

departments = Console(__name__)
LINES = 25
DEPARTMENTS: tuple[Role, ...] = get_args(Department)


@departments.operation("GET", "/console/departments/{department}", who=STAFF, answers={200: str, 303: None})
def show_department(call: Call) -> Answer:
    """What a department has to do, soonest due first, each with where it is done; of no department, Today."""
    department = next((one for one in DEPARTMENTS if one == call.path["department"]), None)
    if department is None:
        return back(call, "/console")
    say = speech(call)
    names = [(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS]
    return page(
        call,
        "department.html",
        say,
        department=department,
        names=dict(names),
        parts=[chores.part(name, filters, call, say, LINES) for name, filters in _views(department)],
    )


def _views(department: Role) -> list[tuple[str, Filters]]:
    """Its tasks, the dangerous ones first; logistics keeps the delivery status current besides (5.3)."""
    tasks: list[TaskKind] = [task for task, whose in WHOSE.items() if department in whose]
    found = [(f"task.{task}", Filters(department=department, task=task)) for task in tasks]
    if department == Role.LOGISTICS:
        found.append(("deliveries", Filters(category="delivery")))
    return found
