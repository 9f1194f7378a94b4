"""What is read of a hearing (8.3), by those four who may."""

from datetime import datetime

from pydantic import Field

from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.ground.model import Model


class FindingDecisionView(Model):
    at: datetime
    by: str
    measure: hearings.Measure
    reasons: str


class FindingHearingView(Model):
    """A hearing as it stands. `number`: of the breach, or of the finding, that it is about; `due_at`: of what is
    next."""

    number: int
    person: str = Field(description="Who answers for it.")
    stage: str
    hints: list[hearings.Hint] = Field(description="What speaks for them, computed.")
    opened_at: datetime
    due_at: datetime | None
    statement: str | None
    stated_at: datetime | None
    decisions: list[FindingDecisionView] = Field(description="The second is that on the objection.")
    objection: str | None
    objected_at: datetime | None

    @classmethod
    def of(cls, one: Hearing) -> "FindingHearingView":
        known = one.model_dump(exclude={"clock", "decisions"})
        return cls(**known, decisions=[FindingDecisionView(**dict(decided)) for decided in one.decisions])
