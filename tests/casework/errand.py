"""A second kind of record, in the tests only: an errand that a colleague is sent on. It shows all that a kind needs.

Given to somebody by name (4 hours, then a breach), done by them. Its names begin with "errand_".
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from chalicelib.adapters.items import Head
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Case, Matter, load
from chalicelib.casework import rules
from chalicelib.casework.commit import commit
from chalicelib.casework.posts import post_to_topic, posts_to_person
from chalicelib.casework.records import Kind, Post, Telling
from chalicelib.casework.words import Wording
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.instants import Instant, written
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step
from chalicelib.domain.ground.people import CLOCK, Actor, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised, ClockSetting, Event, NewStage, State, Submission
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import PERSON, Row, person

HOURS = timedelta(hours=4)
STAFF = frozenset({Role.CUSTOMER_SERVICE})


class Stage(StrEnum):
    GIVEN = "given"
    DONE = "done"


class Action(StrEnum):
    GIVE = "give"
    FINISH = "finish"


LIFECYCLE = Lifecycle(
    "errand",
    {
        Stage.GIVEN: StageFacts(Role.CUSTOMER_SERVICE, True, {"en": "Given"}),
        Stage.DONE: StageFacts(Role.CUSTOMER_SERVICE, False, {"en": "Done"}),
    },
    (Step(None, Action.GIVE, Stage.GIVEN, STAFF), Step(Stage.GIVEN, Action.FINISH, Stage.DONE, STAFF)),
)


class Finish(Submission):
    actions = (Action.FINISH,)

    note: Annotated[str, Text(200)]


class ErrandGiven(Event):
    owner: str
    what: Typed


class ErrandFinished(Event):
    note: Typed


class ErrandLate(AlarmRaised):
    """It was not done in time."""


class ErrandReturned(Event):
    """Its owner could not be told."""

    seq: int


class Errand(State):
    name: str
    owner: str
    what: Typed
    due_at: Instant
    number: int
    late: bool = False
    note: Typed | None = None
    returned: tuple[int, ...] = ()


# ---- rules -----------------------------------------------------------------------------------------------------------


def give(name: str, owner: str, what: str, actor: Actor, now: datetime) -> list[Entry]:
    LIFECYCLE.step(None, Action.GIVE, actor)
    clock = ClockSetting(due_at=now + HOURS, alarm_at=now + HOURS)
    begins = NewStage(stage=Stage.GIVEN, clock=clock)
    event = ErrandGiven(owner=owner, what=what)
    return [chain.link(name, 1, chain.GENESIS, event, actor, now, begins)]


def decide(
    errand: Errand, finish: Finish, actor: Actor, now: datetime, policy: Policy, part: str | None
) -> list[Entry]:
    step = LIFECYCLE.step(Stage(errand.stage), Action(finish.action), actor)
    ends = NewStage(stage=step.target, stops=(errand.number,))
    return [_next(errand, ErrandFinished(note=finish.note), actor, now, ends)]


def due_alarms(errand: Errand, now: datetime, policy: Policy) -> list[Entry]:
    alarm = next_alarm(errand, policy, None)
    return [_next(errand, ErrandLate(alarm=alarm), CLOCK, now)] if alarm and alarm.moment <= now else []


def next_alarm(errand: Errand, policy: Policy, number: int | None) -> Alarm | None:
    if errand.late or errand.stage == Stage.DONE or number not in (None, errand.number):
        return None
    due = {"due_at": errand.due_at, "moment": errand.due_at, "tell_from": errand.due_at}
    return Alarm(number=1, kind="breach", stage=errand.stage, tell=(Role.SUPERVISOR,), **due)


def evolve(errand: Errand | None, entry: Entry) -> Errand:
    event = entry.event
    if isinstance(event, ErrandGiven):
        due = {"stage": Stage.GIVEN, "due_at": entry.at + HOURS, "number": entry.seq}
        errand = Errand(name=entry.record, owner=event.owner, what=event.what, **due)
    assert errand
    changes: dict[str, Any] = {"seq": entry.seq, "chain": entry.hash, "version": errand.version + 1}
    if isinstance(event, ErrandLate):
        changes["late"] = True
    if isinstance(event, ErrandFinished):
        changes |= {"stage": Stage.DONE, "note": event.note}
    if isinstance(event, ErrandReturned):
        changes["returned"] = (*errand.returned, event.seq)
    return errand.model_copy(update=changes)


def _next(errand: Errand, event: Event, actor: Actor, now: datetime, into: NewStage | None = None) -> Entry:
    return chain.link(errand.name, errand.seq + 1, errand.chain, event, actor, now, into)


# ---- where it stands, who is told ------------------------------------------------------------------------------------


def head_of(errand: Errand) -> Head:
    state = errand.model_dump_json(exclude_none=True)
    return Head(errand.name, errand.seq, state, "{}", {"queue": f"errands#{errand.stage}"}, written(errand.due_at))


def shown(name: str, actor: Actor, now: datetime) -> Case[Errand]:
    found = load(name, Errand)
    if found is None or actor.kind != "staff":
        raise NotFound("There is no such errand, or it is not yours to see.")
    return found


def posts(matter: Matter[Errand], now: datetime) -> list[Post] | None:
    key, errand = matter.notice.key, matter.state
    words = Wording(f"{key.kind} {errand.name}", "你有一件事要办", "<p>你有一件事要办</p>")
    if key.audience.startswith(PERSON):
        return posts_to_person(matter.notice, key.audience.removeprefix(PERSON), words, now)
    return [post_to_topic(key, words)]


def give_back(notice: Notice, channel: str | None, now: datetime) -> None:
    found = load(notice.key.record, Errand)
    if found and notice.key.seq not in found.state.returned:
        entry = _next(found.state, ErrandReturned(seq=notice.key.seq), CLOCK, now)
        commit(found.state, [entry], now, rules.in_force(now))


TELLING = Telling(
    tells={
        ErrandGiven: (Row(lambda event: (person(event.owner),), "errand_given"),),
        ErrandLate: (Row("told", "errand_late"),),
        ErrandFinished: (),
        ErrandReturned: (),
    },
    kinds={
        "errand_given": NoticeKind({"en": "An errand"}),
        "errand_late": NoticeKind({"en": "A late errand"}, follows=frozenset({"errand_given"})),
    },
    outdated=lambda entry, errand, kind: errand.stage == Stage.DONE,
    posts=posts,
    unreached=give_back,
    reached=lambda notice, now: None,
)


def kind(seen: list[str]) -> Kind:
    """The row of the register; `seen` lists what reacted to what."""

    def note(entry: Entry, now: datetime) -> None:
        seen.append(f"{entry.record} {entry.kind}")

    return Kind(
        state=Errand,
        evolve=evolve,
        decide=decide,
        policy=lambda errand, now: rules.in_force(now),
        due_alarms=due_alarms,
        next_alarm=next_alarm,
        head=head_of,
        tasks=lambda errand: (),
        shown=shown,
        telling=lambda: TELLING,
        reactions=lambda: (note,),
    )
