"""By what a view of the queue is chosen: links to those that people use every day, and the fields of its form."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple, get_args

from chalicelib.casework import colleagues
from chalicelib.domain.ground.people import Actor, Department, Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import WHOSE, TaskKind
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import AskedDepartment, Category
from chalicelib.web.pages.speech import Speech

from . import view
from .view import Asked

TICKS = ("overdue", "safety", "legal", "answered", "returned", "bounced")
SEVERAL = {"assignee", "category"}
NOBODY = "none"


class Preset(NamedTuple):
    """A view by its name. `address`: its query."""

    label: str
    address: str
    is_here: bool


class Chip(NamedTuple):
    """What a view is narrowed to by one of its fields, and the view without that."""

    label: str
    value: str
    without: str


class Option(NamedTuple):
    value: str
    label: str
    chosen: bool


class Filter(NamedTuple):
    """A field of the form: one of its values, or none of them; `several`: any of them."""

    name: str
    label: str
    options: list[Option]
    several: bool


def presets(asked: Asked, actor: Actor, say: Speech) -> list[Preset]:
    here = view.written(asked)
    made = ((name, view.written(view.of_fields(fields))) for name, fields in _presets(actor))
    return [Preset(str(say(f"queue.preset.{name}")), address, address == here) for name, address in made]


def _presets(actor: Actor) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What waits for the actor first, then what everybody looks for."""
    for department in get_args(AskedDepartment):
        if Role(department) in actor.roles:
            yield f"department.{department}", {"department": department}
    if Role.CUSTOMER_SERVICE in actor.roles:
        yield "mine", {"assignee": actor.id}
    yield "all", {}
    yield "unassigned", {"assignee": NOBODY}
    for name in TICKS:
        yield name, {name: "true"}
    for task, departments in WHOSE.items():
        if actor.roles & {*departments} and task != "inquiry":
            yield f"task.{task}", {"task": task}


def chips(asked: Asked, say: Speech) -> list[Chip]:
    narrowed = view.narrowed(asked)
    return [
        Chip(str(say(f"queue.filter.{name}")), _named(name, value, say), view.written(asked, without=[name]))
        for name, value in narrowed.items()
    ]


def _named(name: str, value: str, say: Speech) -> str:
    """A value of a filter in words; a name, or a number, as it is."""
    names = {one.value: one.label for one in _options(name, say)}
    separator = ", " if say.locale == "en" else "、"
    return separator.join(names.get(one, one) for one in value.split(","))


@cache
def _options(name: str, say: Speech) -> tuple[Option, ...]:
    known: Mapping[str, list[tuple[str, str]]] = {
        "stage": [(stage, spoken.STAFF_STAGES[stage][say.locale]) for stage in STAGES],
        "category": [(one, spoken.CATEGORIES[one][say.locale]) for one in get_args(Category)],
        "department": [(one, spoken.DEPARTMENTS[one][say.locale]) for one in get_args(Department)],
        "task": [(one, str(say(f"queue.task.{one}"))) for one in get_args(TaskKind)],
        "assignee": [(NOBODY, str(say("queue.nobody")))],
        "due": [("today", str(say("common.nav.today")))],
        **{one: [("true", str(say("queue.yes"))), ("false", str(say("queue.no")))] for one in TICKS},
    }
    return tuple(Option(value, label, False) for value, label in known.get(name, []))


def filters(asked: Asked, say: Speech, people: Iterable[tuple[str, str]]) -> list[Filter]:
    """`people`: who can have complaints."""
    narrowed = view.narrowed(asked)
    members = [Option(*one, chosen=False) for one in people]
    return [
        Filter(
            name,
            str(say(f"queue.filter.{name}")),
            [
                one._replace(chosen=one.value in narrowed.get(name, "").split(","))
                for one in [*_options(name, say), *(members if name == "assignee" else [])]
            ],
            name in SEVERAL,
        )
        for name in ("stage", "assignee", "due", "category", "department", "task")
    ]


def ticks(asked: Asked, say: Speech) -> list[Option]:
    """What a line may be marked by, each a tick of its own."""
    return [Option(name, str(say(f"queue.preset.{name}")), getattr(asked, name) is True) for name in TICKS]


def people(say: Speech, now: datetime) -> list[tuple[str, str]]:
    """Who can have complaints: the names by which they sign in, and how those are said; who takes no turns is named
    with that."""
    return [
        (one.name, str(say("queue.person" if one.takes_turns else "queue.person.away", name=_called(one))))
        for one in colleagues.to_choose_from(Role.CUSTOMER_SERVICE, now)
    ]


def _called(one: colleagues.Colleague) -> str:
    return f"{one.called} {one.name}" if one.called else one.name
