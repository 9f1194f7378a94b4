"""Hearings (8.3): whoever missed a due time, or is named by a finding of an audit, answers for it. One mechanism for
every record that has any.

They are heard within three working days; management, which is another person, decides within five, with reasons; they
may object within five, and another of management decides that, for good. Whoever does not speak has been heard all the
same. No measure is money, and nothing follows by itself.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.record import ClockSetting, Hidden, Submission
from chalicelib.domain.ground.text import Text, Typed

STATE, DECIDE, OBJECT = "state_case", "decide_hearing", "object_to_decision"
Measure = Literal["not_attributable", "talk", "training", "written_reminder", "appraisal_note", "duty_change"]
"""What may follow: a closed list, none of it money."""
MEASURES: tuple[Measure, ...] = get_args(Measure)
Hint = Literal["assigned_late", "department_late", "notice_bounced", "system_down", "many_open"]
"""What speaks for them, computed: it was given to them less than 4 working hours before it was due; a department was
late; a notice had bounced; the house stood still; they had more than N open complaints."""


class Statement(Submission):
    """What whoever answers for it says."""

    actions = (STATE,)

    text: Annotated[str, Text(5000, lines=True)]


class HearingDecision(Submission):
    """Management's decision; a second one is that on the objection."""

    actions = (DECIDE,)

    measure: Measure
    reasons: Annotated[str, Text(5000, lines=True)]


class HearingObjection(Submission):
    actions = (OBJECT,)

    text: Annotated[str, Text(5000, lines=True)]


class HearingOpened(Hidden):
    """`number`: of the breach, or of the finding, that it is about; `person`: who answers for it; `clock`: until they
    are heard."""

    number: int
    person: str
    hints: tuple[Hint, ...] = ()
    clock: ClockSetting


class CaseStated(Hidden):
    """`stops`: the clock of the hearing; `clock`: until it is decided."""

    number: int
    person: str
    text: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class HearingDecided(Hidden):
    """`final`: after an objection. `clock`: until they may object."""

    number: int
    person: str
    measure: Measure
    reasons: Typed
    final: bool = False
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class DecisionObjectedTo(Hidden):
    number: int
    person: str
    text: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class Decided(Model):
    at: Instant
    by: str
    measure: Measure
    reasons: Typed


class Hearing(Model):
    """A hearing as it stands: `hearing` until they have spoken or their days are over, then `deciding`, `decided` until
    they may not object any more, `objected`, `final`. `clock`: the number of the one that runs."""

    number: int
    person: str
    hints: tuple[Hint, ...] = ()
    stage: Literal["hearing", "deciding", "decided", "objected", "final"] = "hearing"
    opened_at: Instant
    due_at: Instant | None = None
    clock: int | None = None
    statement: Typed | None = None
    stated_at: Instant | None = None
    decisions: tuple[Decided, ...] = Field((), max_length=2)
    objection: Typed | None = None
    objected_at: Instant | None = None
