"""People, artefacts and complaints for tests of the rules."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.complaint.alarms import due_alarms, recount
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.decisions import decide, open_complaint, record
from chalicelib.domain.complaint.evolution import evolve, fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    Acknowledgement,
    Assignment,
    DeliveryUpdate,
    EvidenceOffer,
    Extension,
    Feedback,
    Filing,
    FollowUpDone,
    Information,
    InformationRequest,
    Inquiry,
    InquiryAnswer,
    InvestigationReport,
    LegalReview,
    LinkReplacement,
    Merger,
    Note,
    Reopening,
    ResolutionPlan,
    Submission,
    Withdrawal,
)
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Event
from chalicelib.domain.policy import policies
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import Stage

FRIDAY = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)  # 15:40 in Shanghai
POLICY = policies.version(1)
NUMBER = "7K2M9-XD4FQ"

SHOP = people.storefront("web-shop")
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
QUALITY = people.staff("quality.he", frozenset({"quality"}))
LOGISTICS = people.staff("logistics.gao", frozenset({"logistics"}))
LEGAL = people.staff("legal.xu", frozenset({"legal"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
WANG = people.consumer(NUMBER)

KETTLE = Filing(
    order_number="E20261009-0042",
    product_name="电热水壶 1.7L",
    description="收到就是裂的，客服一直不给换",
    channel="web",
    category="after_sales_service",
)
CRACKED = KETTLE.model_copy(update={"category": "product_quality"})  # quality control is asked first
ALLERGY = KETTLE.model_copy(update={"product_name": "面霜", "description": "用了一次就过敏，脸上红肿，去了急诊"})
FAKE = KETTLE.model_copy(update={"product_name": "运动鞋", "category": "false_advertising"})
REPORT = InvestigationReport(
    order_verified=True,
    findings="照片显示壶身开裂",
    root_cause="运输中受到挤压",
    responsible_party="carrier",
    conclusion="应当退款",
)
PLAN = ResolutionPlan.model_validate(
    {
        "methods": [{"kind": "refund", "detail": "全额退款", "amount": {"value": "59.90", "currency": "CNY"}}],
        "summary": "全额退款",
        "complete_within_days": 5,
        "follow_up_measures": ["到账后回访"],
    }
)

SUBMISSIONS: dict[Action, Submission] = {
    Action.ACKNOWLEDGE: Acknowledgement(),
    Action.REPORT: REPORT,
    Action.PROPOSE_PLAN: PLAN,
    Action.ACCEPT_PLAN: Feedback(satisfied=True),
    Action.OBJECT_TO_PLAN: Feedback(satisfied=False, opinion="我要换一个新的"),
    Action.ASSIGN: Assignment(assignee="cs.chen"),
    Action.NOTE: Note(text="已电话联系"),
    Action.ASK: Inquiry(department="quality", question="壶身为什么会裂？"),
    Action.ANSWER_INQUIRY: InquiryAnswer(assessment="玻璃厚度不足", recommended_solution="退款"),
    Action.ADD_EVIDENCE: EvidenceOffer(file_name="裂缝.jpg", content_type="image/jpeg", size=1_000),
    Action.REVIEW: LegalReview(approved=True, advice="可以"),
    Action.UPDATE_DELIVERY: DeliveryUpdate(status="delayed", text="因大雪延误"),
    Action.REQUEST_INFORMATION: InformationRequest(question="请提供壶底的批号"),
    Action.GIVE_INFORMATION: Information(text="批号是A17"),
    Action.EXTEND: Extension(working_days=2, reason="等待检测报告"),
    Action.COMPLETE_FOLLOW_UP: FollowUpDone(note="已回访"),
    Action.WITHDRAW: Withdrawal(reason="已经自己解决"),
    Action.REOPEN: Reopening(reason="换来的也是裂的"),
    Action.MERGE: Merger(into="AAAAA-AAAAA"),
    Action.REPLACE_LINK: LinkReplacement(),
}
WHO: dict[Action, Actor] = {
    Action.ANSWER_INQUIRY: QUALITY,
    Action.REVIEW: LEGAL,
    Action.UPDATE_DELIVERY: LOGISTICS,
    Action.EXTEND: LEAD,
    Action.REOPEN: WANG,
}
"""Who usually does what; the rest is done by 林 of customer service."""
WAY_TO: dict[Stage, tuple[Action, ...]] = {
    Stage.RECEIVED: (),
    Stage.INVESTIGATING: (Action.ACKNOWLEDGE,),
    Stage.PLANNING: (Action.ACKNOWLEDGE, Action.REPORT),
    Stage.AWAITING_CONSUMER: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN),
    Stage.CLOSED: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN),
}


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
        who = actor or WHO.get(action, LIN)
        happened = decide(self.complaint, submission or SUBMISSIONS[action], who, self.now, self.policy, part or "1")
        return self._happened(happened)

    def found(self, *events: Event) -> "Story":
        """The house records what it has found out."""
        return self._happened(record(self.complaint, events, self.now, self.policy))

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
        return self._happened(recount(self.complaint, self.now, policy))


def story_in(stage: Stage, filing: Filing = KETTLE) -> Story:
    """A complaint that has just come to a stage."""
    story = Story(filing)
    for action in WAY_TO[stage]:
        story.do(action)
    return story


def story_for(stage: Stage, action: Action) -> Story:
    """A complaint in a stage in which there is something to do `action` about, if the stage allows it."""
    if action is Action.COMPLETE_FOLLOW_UP and stage in (Stage.PLANNING, Stage.AWAITING_CONSUMER):
        story = story_in(Stage.CLOSED).do(Action.REOPEN)
        return story if stage is Stage.PLANNING else story.do(Action.PROPOSE_PLAN)
    story = story_in(stage)
    if action is Action.ANSWER_INQUIRY and stage in (Stage.INVESTIGATING, Stage.PLANNING):
        story.do(Action.ASK)
    return story


def changed(entry: Entry, **changes: Any) -> Entry:
    return entry.model_copy(update=changes)
