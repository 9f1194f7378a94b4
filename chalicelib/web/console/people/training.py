"""The training list (6.2): one's own, somebody's, everybody's by name; that one is done, and that this is confirmed."""

from typing import Annotated

from pydantic import Field

from chalicelib.casework import rules
from chalicelib.casework import training as casework
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision import training as domain
from chalicelib.domain.supervision.training import TOPICS, Completion, Topic, Training
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.places import page_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

training = Console(__name__)
LISTED = "/console/training"
ONE = LISTED + "/{person}/{training}"
LINES = 25


class Confirmation(Completion):
    """The same by a supervisor, whose fields have words of their own."""


KIND = Acts(
    ONE,
    "training",
    {"complete": Completion, "confirm": Confirmation},
    settled={"complete": {"complaints": []}},
    needed={"confirm": ("complaints",)},
)


class TrainingQuery(PageQuery):
    person: Annotated[str, Text(128)] | None = None
    everybody: bool | None = Field(False)
    topic: Topic | None = None
    cursor: str | None = None


@training.operation("GET", LISTED, who=STAFF, query=TrainingQuery, answers={200: str})
def show_training(call: Call, query: TrainingQuery) -> Answer:
    """The training list: one's own; to supervisors, management and audit somebody's, or everybody's by name. What a
    supervisor is to confirm stands above it."""
    say, oversees = speech(call), bool(call.actor.roles & casework.OVERSEERS)
    whose = None if query.everybody else query.person or call.actor.id
    found, cursor = casework.listed(whose, query.topic, call.actor, LINES, query.cursor)
    people = who(call.now) if oversees else []
    return page(
        call,
        "people/training.html",
        say,
        now=call.now,
        trainings=found,
        cursor=cursor,
        asked=query,
        oversees=oversees,
        is_own=whose == call.actor.id,
        called=lambda name: dict(people).get(name, name),
        people=people,
        topics=[(one, topic(one, say)) for one in TOPICS],
        topic=lambda one: topic(one.topic, say),
        day=lambda moment: say.day(moment.astimezone(rules.in_force(call.now).zone).date()),
        to_confirm=to_confirm(call.actor),
    )


@training.operation("GET", ONE, who=STAFF, query=ActsQuery, answers={200: str})
def show_one_training(call: Call, query: ActsQuery) -> Answer:
    """A training: what gave rise to it, what was done, what was counted before and since."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    one = casework.shown(call.path["person"], call.path["training"], call.actor)
    panel = acts.panel(KIND, _page(one, call, asked, say), call, asked, say, sent, refusal)
    return page(
        call,
        "people/one_training.html",
        say,
        now=call.now,
        status=status,
        panel=panel,
        training=one,
        topic=topic(one.topic, say),
        is_own=one.person == call.actor.id,
        evidence=[(each, page_of(each.of, each.number) if each.of else "") for each in one.evidence],
    )


def address_of(one: Training) -> str:
    """Of its page, below the prefix."""
    return f"{LISTED}/{one.person}/{one.id}"


def topic(name: Topic, say: Speech) -> str:
    return spoken.TRAINING_TOPICS[name][say.locale]


def to_confirm(actor: Actor) -> list[Training]:
    """What others say is done and waits for whoever asks to confirm it; of those who confirm none nothing is read."""
    if not actor.roles & domain.CONFIRMERS:
        return []
    return [one for one in casework.to_confirm() if domain.open_to(one, actor) == "confirm"]


def _page(one: Training, call: Call, asked: ActsQuery, say: Speech) -> acts.Page:
    step = domain.open_to(one, call.actor)
    newcomer = one.topic == "newcomer"
    closures = casework.closures_of(one.person, call.now) if newcomer and asked.act == "confirm" == step else []
    choices: dict[str, Options] = {"complaints": [(it.complaint_id, _closure(it, say)) for it in closures]}
    return acts.Page(
        [step] if step else [],
        choices={"confirm": choices} if len(closures) >= domain.SUPERVISED else {},
        fixed={} if newcomer else {"confirm": ("complaints",)},
        why_not=_why_not(one, call.actor),
    )


def _why_not(one: Training, actor: Actor) -> dict[str, Refusal]:
    why = None if one.confirmed_at or actor.id != one.person else domain.refused(one, actor)
    return {"complete": why} if why else {}


def _closure(one: Complaint, say: Speech) -> str:
    closed = spoken.spoken(one.closed_at, say.locale, say.zone) if one.closed_at else ""
    return f"{one.complaint_id} · {one.product_name} · {closed}"


def _do(call: Call, action: str, body: Completion, how: How) -> None:
    casework.complete(call.path["person"], call.path["training"], body, call.actor, call.now, how.idempotency)


acts.declare(training, KIND, STAFF, ActsQuery, show, _do)
