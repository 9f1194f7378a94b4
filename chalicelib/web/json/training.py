"""The training list (6.2): who is to learn what by when, what gave rise to it, and what came of it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from chalicelib.casework import training as casework
from chalicelib.casework.training import Kept
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision.recent import Counted
from chalicelib.domain.supervision.training import Completion, Evidence, States, Topic, Training
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call

from .api import Api

training = Api(__name__)
PATH = "/v1/training"


class TrainingQuery(PageQuery):
    person: Annotated[str, Text(128)] | None = Field(
        None, description="Whose; by default one's own. Supervisors, management and audit see anybody's."
    )
    everybody: bool = Field(False, description="Everybody's, by name: to supervisors, management and audit.")
    topic: Topic | None = Field(None, description="On which topic only.")


class EffectView(Model):
    """What was counted in the sixty days after it was done; `studied`: of one about the policy, whether nothing of it
    was late then. Numbers alone: nothing follows from them by itself."""

    first: date
    last: date
    counted: Counted
    studied: bool | None


class TrainingView(Model):
    """A training. `evidence`: what gave rise to it; `before`: what was counted in the sixty days before it was given;
    `complaints`: closures of a newcomer that were supervised; `remark`: of whoever confirmed it."""

    person: str
    id: str
    topic: Topic
    given_at: datetime
    due_at: datetime
    provisional: bool = Field(description="It is due in a year of which the working days are not known yet.")
    late: bool
    state: States
    evidence: list[Evidence]
    before: Counted | None = Field(description="Null until the next working morning.")
    done_at: datetime | None
    done_by: str | None
    note: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    remark: str | None
    complaints: list[str]
    effect: EffectView | None
    version: int

    @classmethod
    def of(cls, one: Training, now: datetime) -> "TrainingView":
        effect = EffectView.model_validate(one.effect.model_dump()) if one.effect else None
        said = one.model_dump(exclude={"edition", "effect"})
        counted = {"late": one.is_late(now), "state": one.state, "effect": effect, "version": one.edition}
        return cls.model_validate(said | counted)


class TrainingPage(Model):
    items: list[TrainingView]
    next_cursor: str | None


@training.operation("GET", PATH, who=STAFF, query=TrainingQuery, answers={200: TrainingPage})
def list_training(call: Call, query: TrainingQuery) -> Answer:
    """The training list: one's own, somebody's, or everybody's by name; in no other order, since nobody is ranked."""
    who = None if query.everybody else query.person or call.actor.id
    found, cursor = casework.listed(who, query.topic, call.actor, query.limit, query.cursor)
    items = [TrainingView.of(one, call.now) for one in found]
    return Answer(200, TrainingPage(items=items, next_cursor=cursor))


@training.operation(
    "POST",
    f"{PATH}/{{person}}/{{training}}/completion",
    who=STAFF,
    body=Completion,
    answers={200: TrainingView},
)
def complete_training(call: Call, body: Completion) -> Answer:
    """Record that a training is done, and what was done: whoever it is for. A supervisor, who is another person,
    confirms it by the same; of a newcomer they name the three closures that they looked at."""
    kept: Kept = casework.complete(
        call.path["person"], call.path["training"], body, call.actor, call.now, call.idempotency
    )
    return Answer(200, TrainingView.of(kept.one, call.now), replayed=kept.replayed)
