"""People, artefacts and complaints for tests of the rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.alarms import due_alarms, recount
from chalicelib.domain.complaint.clocks import answer_clock
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.decisions import decide, observe, open_complaint
from chalicelib.domain.complaint.evolution import evolve, fold
from chalicelib.domain.complaint.heard import opened, to_open
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    Assignment,
    ContactCorrection,
    Feedback,
    Filing,
    InvestigationReport,
    Merger,
    NoteRetraction,
    ResolutionPlan,
    ReviewRequest,
    Submission,
    SurveyAnswer,
)
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Actor
from chalicelib.domain.ground.record import Event
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.stages import Stage
from tests import examples
from tests.rights import OPERATION

FRIDAY = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)  # 15:40 in Shanghai
RULES, OPERATING = versions.packaged(Rules)[1], versions.packaged(Operating)[1]
POLICY = Policy.of(RULES, OPERATING)
NUMBER = "7K2M9-XD4FQ"

SHOP = people.storefront("web-shop")
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
QUALITY = people.staff("quality.he", frozenset({"quality"}))
LOGISTICS = people.staff("logistics.gao", frozenset({"logistics"}))
LEGAL = people.staff("legal.xu", frozenset({"legal"}))
CHEN = people.staff("cs.chen", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
MANAGEMENT = people.staff("management.zhou", frozenset({"management"}))
WANG = people.consumer(NUMBER)
PEOPLE = {one.id: one for one in (LIN, QUALITY, LOGISTICS, LEGAL, LEAD, MANAGEMENT)} | {examples.OWNER: WANG}

KETTLE = Filing.model_validate({field: examples.KETTLE[field] for field in examples.KETTLE if field != "contact"})
CRACKED = KETTLE.model_copy(update={"category": "product_quality"})  # quality control is asked first
PHOTOGRAPH = events.EvidenceReceived(
    evidence_id="1", file_name="裂缝.jpg", content_type="image/jpeg", size=9, sha256="ab", added_by="consumer"
)
ALLERGY = KETTLE.model_copy(update={"product_name": "面霜", "description": "用了一次就过敏，脸上红肿，去了急诊"})
FAKE = KETTLE.model_copy(update={"product_name": "运动鞋", "category": "false_advertising"})
REPORT = InvestigationReport.model_validate(examples.REPORT)
PLAN = ResolutionPlan.model_validate(examples.PLAN)
REJECTION = ResolutionPlan.model_validate(examples.REJECTION)

# The examples, but a report that does not say why it goes without an answer, and of the consumer's answers each, to
# whatever plan there is; of a merger the undoing too. What a correction is about stands apart from the submission,
# and so does which note is taken back.
OTHERWISE: dict[Action, Submission] = {
    Action.REPORT: REPORT,
    Action.ACCEPT_PLAN: Feedback(satisfied=True),
    Action.OBJECT_TO_PLAN: Feedback(satisfied=False, opinion="太慢了。"),
    Action.REQUEST_REVIEW: ReviewRequest(reason="请换一位负责人重新看一下。"),
    Action.CORRECT_CONTACT: ContactCorrection(reason="邮箱写错了。", changed=("email",), edition=1),
    Action.UNDO_MERGER: Merger(into=None),
    Action.ANSWER_SURVEY: SurveyAnswer.model_validate(examples.example("answer_survey").body),
    Action.DECLINE_SURVEY: SurveyAnswer(decline=True),
    Action.RETRACT_NOTE: NoteRetraction(reason="写错了。", note=2, author="cs.lin"),
}
SUBMISSIONS = OTHERWISE | {
    Action(action): kind.model_validate(examples.example(operation).body)
    for action, operation in OPERATION.items()
    for kind in [one for direct in Submission.__subclasses__() for one in (direct, *direct.__subclasses__())]
    if action in kind.actions and Action(action) not in OTHERWISE
}
WHO = {Action(action): PEOPLE[examples.example(operation).who] for action, operation in OPERATION.items()}
"""Who usually does what."""
WAY_TO: dict[Stage, tuple[Action, ...]] = {
    Stage.RECEIVED: (),
    Stage.INVESTIGATING: (Action.ACKNOWLEDGE,),
    Stage.PLANNING: (Action.ACKNOWLEDGE, Action.REPORT),
    Stage.AWAITING_CONSUMER: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN),
    Stage.CLOSED: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN),
}


HEARING = (Action.STATE, Action.DECIDE, Action.OBJECT)


class Story:
    """A complaint as it goes on, with everything that happened. `policy` may change: a storm, a calendar published."""

    def __init__(self, filing: Filing = KETTLE, at: datetime = FRIDAY) -> None:
        self.policy = POLICY
        self.entries: list[Entry] = open_complaint(NUMBER, filing, SHOP, at, POLICY)
        self.policies = [POLICY] * len(self.entries)  # by which each was written
        self.complaint: Complaint = fold(self.entries)
        self.now = at

    def do(
        self, action: Action, actor: Actor | None = None, submission: Submission | None = None, part: str | None = None
    ) -> "Story":
        who = actor or WHO[action]
        while True:
            happened = decide(
                self.complaint, submission or SUBMISSIONS[action], who, self.now, self.policy, part or "1"
            )
            self._happened(happened)
            if not all(entry.actor == CLOCK for entry in happened):
                return self

    def found(self, *events: Event) -> "Story":
        """The house records what it has found out."""
        while True:
            happened = observe(self.complaint, events, self.now, self.policy)
            self._happened(happened)
            if not all(entry.actor == CLOCK for entry in happened):
                return self

    def _happened(self, entries: list[Entry]) -> "Story":
        for entry in entries:
            self.complaint = evolve(self.complaint, entry)
        self.entries += entries
        self.policies += [self.policy] * len(entries)
        return self

    def ring(self) -> "Story":
        """The clock rings for as long as anything is due."""
        while happened := due_alarms(self.complaint, self.now, self.policy):
            self._happened(happened)
        return self

    def counted_anew(self, policy: Policy) -> "Story":
        """The calendar is corrected, and what runs is counted by it."""
        self.policy = policy
        while happened := recount(self.complaint, self.now, policy):
            self._happened(happened)
        return self


def story_in(stage: Stage, filing: Filing = KETTLE, at: datetime = FRIDAY) -> Story:
    """A complaint that has just come to a stage."""
    story = Story(filing, at)
    for action in WAY_TO[stage]:
        story.do(action)
    return story


def asked(story: Story) -> Story:
    """The same complaint once its consumer has been asked how it was."""
    story.now = POLICY.asks_at(story.now)
    story.ring()
    clock = answer_clock(story.complaint, story.now, story.policy)
    return story.found(events.SurveySent(closure=story.complaint.closures, clock=clock))


def heard(story: Story) -> Story:
    """The same complaint once whoever missed its first due time is to be heard about it (8.3)."""
    entry = next(one for one in story.entries if isinstance(one.event, events.DeadlineMissed))
    numbers = to_open(story.complaint, entry)
    return story.found(*(opened(story.complaint, number, 0, story.now, story.policy) for number in numbers))


def missed_by_lin(filing: Filing = KETTLE) -> Story:
    """A complaint that nobody accepted in time while cs.lin had it, who is heard about that."""
    story = Story(filing).do(Action.ASSIGN, LEAD, Assignment(assignee="cs.lin"))
    story.now += timedelta(hours=25)
    return heard(story.ring())


def story_for(stage: Stage, action: Action) -> Story:
    """A complaint in a stage in which there is something to do `action` about, if the stage allows it."""
    if action is Action.COMPLETE_FOLLOW_UP and stage in (Stage.PLANNING, Stage.AWAITING_CONSUMER):
        story = story_in(Stage.CLOSED).do(Action.REOPEN)
        return story if stage is Stage.PLANNING else story.do(Action.PROPOSE_PLAN)
    if action is Action.UNDO_MERGER and stage is Stage.CLOSED:
        return Story().do(Action.MERGE)
    if action in HEARING:
        story = missed_by_lin()
        for step in (*HEARING[: HEARING.index(action)], *WAY_TO[stage]):
            story.do(step)
        return story
    if action is Action.REQUEST_REVIEW and stage in (Stage.AWAITING_CONSUMER, Stage.CLOSED):
        story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=REJECTION)
        return story if stage is Stage.AWAITING_CONSUMER else story.do(Action.ACCEPT_PLAN)
    if action in (Action.ANSWER_SURVEY, Action.DECLINE_SURVEY, Action.REVIEW_SURVEY) and stage is Stage.CLOSED:
        story = asked(story_in(Stage.CLOSED))
        return story.do(Action.ANSWER_SURVEY) if action is Action.REVIEW_SURVEY else story
    if action is Action.REVIEW_SURVEY and stage in (Stage.PLANNING, Stage.AWAITING_CONSUMER):
        story = story_for(Stage.CLOSED, action).do(Action.REOPEN)
        return story if stage is Stage.PLANNING else story.do(Action.PROPOSE_PLAN)
    story = story_in(stage)
    if action is Action.READ_INFORMATION and stage is Stage.AWAITING_CONSUMER:
        story.do(Action.GIVE_INFORMATION)
    if action is Action.RETRACT_EVIDENCE:
        story.found(PHOTOGRAPH)
    if action is Action.REVIEW and stage is Stage.PLANNING:
        story.do(Action.DRAFT_PLAN)
    if action is Action.ANSWER_INQUIRY and stage in (Stage.INVESTIGATING, Stage.PLANNING):
        story.do(Action.ASK)
    return story


def policy_with(**operating: Any) -> Policy:
    """The policy with other operating data of number 2: days off that were not foreseen, other words."""
    return Policy.of(RULES, Operating.model_validate(dict(OPERATING) | {"version": 2} | operating))


def changed(entry: Entry, **changes: Any) -> Entry:
    return entry.model_copy(update=changes)
