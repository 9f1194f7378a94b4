"""The names of the ladders of alarms: each open stage has one, and so has what runs beside the stages."""

from collections.abc import Mapping
from typing import Literal, cast, get_args

from chalicelib.domain.ground.people import Role

Safety = Literal[
    "safety_call",
    "safety_assessment",
    "safety_look",
    "safety_skin",
    "safety_privacy",
    "safety_report_at_once",
    "safety_report_market",
    "safety_report_cosmetics",
    "safety_report_cosmetics_serious",
    "safety_report_cosmetics_death",
]
"""What is to be done about a danger, each by its own clock: call, assess, look into it, report it to an authority."""
Survey = Literal["survey", "survey_answer", "survey_review"]
"""Of a survey (6.2): until the consumer is asked, until they have answered, until a low answer has been looked into."""
Hearings = Literal["hearing", "hearing_decision", "hearing_objection"]
"""Of a hearing (8.3): until they are heard, until it is decided, until they may not object any more."""
HEARING: Hearings = "hearing"
HEARING_DECISION: Hearings = "hearing_decision"
HEARING_OBJECTION: Hearings = "hearing_objection"
Ladders = Literal["inquiry", "information", "words", "follow_up", "decision_review", Safety, Survey, Hearings]
"""The ladders of the clocks that are not a stage's, and of those that take the place of a stage's own."""
INQUIRY: Ladders = "inquiry"
INFORMATION: Ladders = "information"
FOLLOW_UP: Ladders = "follow_up"
WORDS: Ladders = "words"
DECISION_REVIEW: Ladders = "decision_review"
"""Of planning, while another person is to decide."""
SURVEY: Survey = "survey"
SURVEY_ANSWER: Survey = "survey_answer"
SURVEY_REVIEW: Survey = "survey_review"
HEARINGS: frozenset[str] = frozenset(get_args(Hearings))
LASTING: frozenset[str] = frozenset({FOLLOW_UP, SURVEY_REVIEW, *get_args(Safety), *HEARINGS})
"""Of the clocks that run on whatever stage the complaint is in: what was promised to follow, what is dangerous, who was
not satisfied at all, and who is heard."""
ASKING: frozenset[str] = frozenset({SURVEY, SURVEY_ANSWER})
"""Of the clocks by which the consumer is asked how it was: nobody has to do anything by them."""

TaskKind = Literal["inquiry", "words", "follow_up", "safety", "survey_review", "review"]
"""What departments have to do beside the stages, each kind with a queue of its own."""
REVIEW: TaskKind = "review"
"""Of a draft that legal is to read (5.4): it has no clock of its own, it is due when the plan is."""
WHOSE: Mapping[TaskKind, tuple[Role, ...]] = {
    "safety": (Role.CUSTOMER_SERVICE, Role.QUALITY),
    "words": (Role.CUSTOMER_SERVICE,),
    "follow_up": (Role.CUSTOMER_SERVICE,),
    "inquiry": (Role.QUALITY, Role.LOGISTICS, Role.LEGAL),
    "survey_review": (Role.SUPERVISOR,),
    "review": (Role.LEGAL,),
}
"""Which departments have which tasks."""


def task_of(ladder: str) -> TaskKind:
    """The kind of task that has such a clock: all that is to be done about dangers is one kind."""
    return "safety" if ladder in get_args(Safety) else cast(TaskKind, ladder)
