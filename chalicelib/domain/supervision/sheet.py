"""An appraisal sheet as a record (6.2): shown to the person before anybody else, who may comment and contest its items
for five working days; a supervisor who is another person answers each with reasons, within five; then it is final.

Its name says whose it is: "sheet_2026Q4-cs.lin". What it says is a document that never changes, which the entry that
shows it names by its hash. Nothing follows from it by itself. Of who works here no more it is final at once.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, Strict

from chalicelib.domain.complaint.submissions import WHOLE, Truth
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotAllowed, Refusal
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import HOUSE, STAFF, Actor, Role
from chalicelib.domain.ground.record import (
    GENESIS,
    Alarm,
    AlarmRaised,
    ClockSetting,
    Event,
    Hidden,
    NewStage,
    State,
    Submission,
)
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import Duty
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.appraisal import Item

PREFIX = "sheet"
NAME = re.compile(r"sheet_20[0-9]{2}Q[1-4]-.{1,128}")
COMMENTS, ANSWERS = "comments", "answers"
COMMENT_DAYS = ANSWER_DAYS = 5  # working days
MOST_COMMENTS, MOST_CONTESTED = 20, 20


class Stage(StrEnum):
    SHOWN = "shown"
    CONTESTED = "contested"
    FINAL = "final"


class Action(StrEnum):
    SHOW = "show_sheet"
    COMMENT = "comment_sheet"
    ANSWER = "answer_sheet"
    END_COMMENTS = "end_sheet_comments"


ANSWERERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT})
"""Who reads a sheet beside the person, once that has contested it or it is final."""
_SYSTEM = frozenset({Role.SYSTEM})
LIFECYCLE: Lifecycle[Stage, Action] = Lifecycle(
    "sheet",
    {
        Stage.SHOWN: StageFacts(
            Role.SUPERVISOR, False, {"zh-CN": "本人阅看中", "zh-TW": "本人閱覽中", "en": "With the person"}
        ),
        Stage.CONTESTED: StageFacts(
            Role.SUPERVISOR, False, {"zh-CN": "有异议，待答复", "zh-TW": "有異議，待答覆", "en": "Contested"}
        ),
        Stage.FINAL: StageFacts(Role.SUPERVISOR, False, {"zh-CN": "已定稿", "zh-TW": "已定稿", "en": "Final"}),
    },
    (
        Step(None, Action.SHOW, Stage.SHOWN, _SYSTEM, (Stage.FINAL,)),
        Step(Stage.SHOWN, Action.COMMENT, Stage.SHOWN, STAFF, (Stage.CONTESTED,)),
        Step(Stage.SHOWN, Action.END_COMMENTS, Stage.FINAL, _SYSTEM),
        Step(Stage.CONTESTED, Action.COMMENT, Stage.CONTESTED, STAFF),
        Step(Stage.CONTESTED, Action.END_COMMENTS, Stage.CONTESTED, _SYSTEM),
        Step(Stage.CONTESTED, Action.ANSWER, Stage.CONTESTED, ANSWERERS, (Stage.SHOWN, Stage.FINAL)),
    ),
)


# ---- what is handed in -----------------------------------------------------------------------------------------------

Reasons = Annotated[str, Text(2000, lines=True)]


class Contest(Body):
    """An item that the person says is not so, and why."""

    item: Item
    reasons: Reasons


class Comment(Submission):
    """What the person has to say of their sheet, and what of it they contest."""

    actions = (Action.COMMENT,)

    text: Annotated[str, Text(5000, lines=True)]
    contested: tuple[Contest, ...] = Field((), max_length=10)


class Reply(Body):
    """The answer to what was contested, by its number. `upheld`: the person is right."""

    number: Annotated[int, Strict(), Field(ge=1, le=MOST_CONTESTED), WHOLE]
    upheld: Truth
    reasons: Reasons


class Answer(Submission):
    """A supervisor's answers, each with reasons."""

    actions = (Action.ANSWER,)

    answers: tuple[Reply, ...] = Field(min_length=1, max_length=MOST_CONTESTED)


# ---- what happens ----------------------------------------------------------------------------------------------------


class ContestedItem(Model):
    number: int
    item: Item
    reasons: Typed


class ItemAnswer(Model):
    number: int
    upheld: bool
    reasons: Typed


class SheetShown(Hidden):
    """`hash`: of the document; `as_of`: the last day that was read; `left`: the person works here no more."""

    person: str
    quarter: str
    hash: str
    as_of: date
    left: bool = False


class SheetCommented(Hidden):
    text: Typed
    contested: tuple[ContestedItem, ...] = ()


class SheetAnswered(Hidden):
    """`stops`: nothing is left to be answered."""

    person: str
    answers: tuple[ItemAnswer, ...]
    stops: tuple[int, ...] = ()


class SheetCommentsEnded(AlarmRaised):
    """The person's days are over. `stops`: their clock."""

    person: str
    stops: tuple[int, ...] = ()


class SheetPersonUnreachable(Hidden):
    """What the person was to be told reached them by no channel: the notice was about entry `about`."""

    about: int


# ---- as it stands ----------------------------------------------------------------------------------------------------


class Answered(Model):
    at: Instant
    by: str
    upheld: bool
    reasons: Typed


class Contested(Model):
    number: int
    item: Item
    reasons: Typed
    at: Instant
    answer: Answered | None = None


class Commented(Model):
    at: Instant
    text: Typed


class Sheet(State):
    """A sheet as it stands; what it says is in its document."""

    sheet_id: str
    person: str
    quarter: str
    hash: str
    as_of: date
    left: bool = False
    shown_at: Instant
    final_at: Instant | None = None
    comments: tuple[Commented, ...] = ()
    contested: tuple[Contested, ...] = ()
    duties: tuple[Duty, ...] = ()
    untold: tuple[int, ...] = Field((), description="Entries that the person could not be told of.")

    @property
    def folder(self) -> tuple[str, str]:
        """Where its document is kept: its name, and the hash."""
        return self.sheet_id, self.hash

    @property
    def unanswered(self) -> tuple[Contested, ...]:
        return tuple(one for one in self.contested if not one.answer)

    @property
    def answer_by(self) -> datetime | None:
        """Until when what is contested is to be answered; None while nothing is."""
        owed = duties.named(self.duties, ANSWERS)
        return owed.due_at if owed else None

    @property
    def comments_until(self) -> datetime | None:
        """The end of the person's days; None when they are over."""
        window = duties.named(self.duties, COMMENTS)
        return window.due_at if window else None

    def is_open_to(self, actor: Actor) -> bool:
        """Whether somebody may read it: the person always, whoever answers once there is something to answer, or it is
        final."""
        if actor.kind == "staff" and actor.id == self.person:
            return True
        return bool(actor.roles & ANSWERERS) and (self.stage == Stage.FINAL or bool(self.contested))


def allowed(sheet: Sheet, actor: Actor) -> list[Action]:
    """What somebody may do about it now: the person says something while their days last, another answers."""
    own = actor.id == sheet.person
    possible = {
        Action.COMMENT: own and sheet.comments_until is not None,
        Action.ANSWER: not own and bool(actor.roles & ANSWERERS),
    }
    return [action for action in LIFECYCLE.allowed(Stage(sheet.stage)) if possible[action]]


def forbidden(sheet: Sheet, actor: Actor) -> dict[str, Refusal]:
    """What of the rest they might expect to do, and why not: for pages that say it before anybody tries."""
    allowed, own = LIFECYCLE.allowed(Stage(sheet.stage)), actor.id == sheet.person
    why: dict[str, Refusal] = {}
    if own and sheet.comments_until is None and not sheet.left:
        why[Action.COMMENT] = NotAllowed("comments_over", allowed)
    if own and actor.roles & ANSWERERS and sheet.unanswered:
        why[Action.ANSWER] = Forbidden("own_sheet")
    return why


def name_of(quarter: str, person: str) -> str:
    return f"{PREFIX}_{quarter}-{person}"


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


def is_named_after(name: str, actor: Actor) -> bool:
    """Whether a sheet of that name is theirs."""
    return actor.kind == "staff" and name.partition("-")[2] == actor.id


# ---- what happens to it ----------------------------------------------------------------------------------------------


def shown(event: SheetShown, now: datetime, policy: Policy) -> Entry:
    """The first entry of a sheet."""
    step = LIFECYCLE.step(None, Action.SHOW, HOUSE)
    clock = None if event.left else duties.setting(COMMENTS, now, COMMENT_DAYS, policy)
    begins = NewStage(stage=step.to(Stage.FINAL if event.left else Stage.SHOWN), clock=clock)
    return chain.link(name_of(event.quarter, event.person), 1, GENESIS, event, HOUSE, now, begins)


def decide(
    sheet: Sheet, handed_in: Submission, actor: Actor, now: datetime, policy: Policy, part: str | None
) -> list[Entry]:
    """What follows from something that is handed in. What is due by now is raised first."""
    if due := due_alarms(sheet, now, policy):
        return due
    stage, action = Stage(sheet.stage), Action(handed_in.action)
    if action not in LIFECYCLE.allowed(stage):
        raise NotAllowed("sheet_stage_forbids", LIFECYCLE.allowed(stage))
    step = LIFECYCLE.step(stage, action, actor)
    if isinstance(handed_in, Comment):
        event, into = _commented(sheet, handed_in, actor, now, policy, step)
    else:
        assert isinstance(handed_in, Answer)  # noqa: S101 — its lifecycle knows no other
        event, into = _answered(sheet, handed_in, actor, step)
    return chain.linked(sheet.sheet_id, sheet, [event], actor, now, into)


def _commented(
    sheet: Sheet, said: Comment, actor: Actor, now: datetime, policy: Policy, step: Step[Stage, Action]
) -> tuple[Event, NewStage | None]:
    allowed = LIFECYCLE.allowed(Stage(sheet.stage))
    if actor.id != sheet.person:
        raise Forbidden("sheet_of_another")
    if sheet.comments_until is None:
        raise NotAllowed("comments_over", allowed)
    if len(sheet.comments) >= MOST_COMMENTS:
        raise NotAllowed("too_many_sheet_comments", allowed, most=MOST_COMMENTS)
    if len(sheet.contested) + len(said.contested) > MOST_CONTESTED:
        raise NotAllowed("too_many_contested", allowed, most=MOST_CONTESTED)
    _require_each_once(sheet, said)
    numbered = enumerate(said.contested, start=len(sheet.contested) + 1)
    contested = tuple(ContestedItem(number=number, **dict(one)) for number, one in numbered)
    event = SheetCommented(text=said.text, contested=contested)
    if not contested or sheet.stage == Stage.CONTESTED:
        return event, None
    clock = duties.setting(ANSWERS, now, ANSWER_DAYS, policy)
    return event, NewStage(stage=step.to(Stage.CONTESTED), clock=clock)


def _require_each_once(sheet: Sheet, said: Comment) -> None:
    """Of an item that is contested the answer comes first."""
    known = [one.item for one in sheet.unanswered]
    faults = []
    for index, one in enumerate(said.contested):
        if one.item in known:
            faults.append(FieldFault(f"contested.{index}.item", "contested_already"))
        known.append(one.item)
    if faults:
        raise Invalid(faults)


def _answered(sheet: Sheet, said: Answer, actor: Actor, step: Step[Stage, Action]) -> tuple[Event, NewStage | None]:
    if actor.id == sheet.person:
        raise Forbidden("own_sheet")
    open_ = {one.number for one in sheet.unanswered}
    faults = []
    for index, one in enumerate(said.answers):
        if one.number not in open_:
            faults.append(FieldFault(f"answers.{index}.number", "not_contested"))
        open_.discard(one.number)
    if faults:
        raise Invalid(faults)
    answers = tuple(ItemAnswer(**dict(one)) for one in said.answers)
    if open_:
        return SheetAnswered(person=sheet.person, answers=answers), None
    owed = duties.named(sheet.duties, ANSWERS)
    stops = (owed.clock,) if owed else ()
    stage = step.to(Stage.SHOWN if sheet.comments_until else Stage.FINAL)
    return SheetAnswered(person=sheet.person, answers=answers, stops=stops), NewStage(stage=stage, stops=stops)


def due_alarms(sheet: Sheet, now: datetime, policy: Policy) -> list[Entry]:
    return duties.ring(sheet, now, policy, next_alarm, _raised, evolve, sheet.sheet_id)


def next_alarm(sheet: Sheet, policy: Policy, clock: int | None) -> Alarm | None:
    return duties.next_alarm(sheet.duties, sheet.stage, policy, clock)


def _raised(alarm: Alarm, sheet: Sheet) -> tuple[Event, NewStage | None]:
    """Nobody has to comment: the days end, and with them the person's turn."""
    window = duties.named(sheet.duties, COMMENTS)
    if window is None or (alarm.clock, alarm.number) != (COMMENTS, duties.BREACH):
        return duties.raised(alarm, sheet.duties), None
    stops = (window.clock,)
    ended = SheetCommentsEnded(alarm=alarm.model_copy(update={"tell": ()}), person=sheet.person, stops=stops)
    return ended, None if sheet.unanswered else NewStage(stage=Stage.FINAL, stops=stops)


def unreached(sheet: Sheet, about: int, now: datetime) -> list[Entry]:
    """The person could not be told of an entry; once."""
    if about in sheet.untold:
        return []
    return chain.linked(sheet.sheet_id, sheet, [SheetPersonUnreachable(about=about)], HOUSE, now)


# ---- what became of it -----------------------------------------------------------------------------------------------


def evolve(sheet: Sheet | None, entry: Entry) -> Sheet:
    event = entry.event
    if isinstance(event, SheetShown):
        stage = entry.enters.stage if entry.enters else Stage.SHOWN
        sheet = Sheet(sheet_id=entry.record, **event.model_dump(), stage=stage, shown_at=entry.at)
    assert sheet  # noqa: S101 — nothing comes before it was shown
    changes: dict[str, object] = {**chain.followed(sheet, entry), "duties": (*_duties(sheet, entry),)}
    if entry.enters and entry.enters.stage == Stage.FINAL:
        changes["final_at"] = entry.at
    match event:
        case SheetCommented():
            new = (Contested(**dict(one), at=entry.at) for one in event.contested)
            changes["comments"] = (*sheet.comments, Commented(at=entry.at, text=event.text))
            changes["contested"] = (*sheet.contested, *new)
        case SheetAnswered():
            said = {one.number: one for one in event.answers}
            changes["contested"] = tuple(_after(one, said.get(one.number), entry) for one in sheet.contested)
        case SheetPersonUnreachable():
            changes["untold"] = (*sheet.untold, event.about)
        case _:
            pass
    return sheet.model_copy(update=changes)


def _after(one: Contested, said: ItemAnswer | None, entry: Entry) -> Contested:
    if said is None:
        return one
    answer = Answered(at=entry.at, by=entry.actor.id, upheld=said.upheld, reasons=said.reasons)
    return one.model_copy(update={"answer": answer})


def _duties(sheet: Sheet, entry: Entry) -> Iterator[Duty]:
    yield from duties.after(sheet.duties, entry)
    clock: ClockSetting | None = entry.sets_clock[0]
    if clock:
        mine = clock.name == COMMENTS
        yield duties.begun(entry, owner=sheet.person if mine else None, roles=() if mine else (Role.SUPERVISOR,))
