"""People, artefacts and complaints for tests of the rules."""

from datetime import UTC, datetime
from functools import reduce
from typing import Any

from chalicelib.domain import people, policy
from chalicelib.domain.alarms import due_alarms
from chalicelib.domain.artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    Feedback,
    Filing,
    InvestigationReport,
    Note,
    ResolutionPlan,
)
from chalicelib.domain.complaint import Complaint, evolve
from chalicelib.domain.decisions import decide, open_complaint
from chalicelib.domain.events import Event
from chalicelib.domain.lifecycle import Action, Stage
from chalicelib.domain.people import Actor

FRIDAY = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)  # 15:40 in Shanghai
POLICY = policy.version(1)
NUMBER = "7K2M9-XD4FQ"

SHOP = people.storefront("web-shop")
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
WANG = people.consumer(NUMBER)

KETTLE = Filing(
    order_number="E20261009-0042",
    product_name="电热水壶 1.7L",
    description="收到就是裂的",
    channel="web",
    category="product_quality",
)
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

ARTEFACTS: dict[Action, Artefact] = {
    Action.ACKNOWLEDGE: Acknowledgement(),
    Action.REPORT: REPORT,
    Action.PROPOSE_PLAN: PLAN,
    Action.ACCEPT_PLAN: Feedback(satisfied=True),
    Action.OBJECT_TO_PLAN: Feedback(satisfied=False, opinion="我要换一个新的"),
    Action.ASSIGN: Assignment(assignee="cs.chen"),
    Action.NOTE: Note(text="已电话联系"),
}
WAY_TO: dict[Stage, tuple[Action, ...]] = {
    Stage.RECEIVED: (),
    Stage.INVESTIGATING: (Action.ACKNOWLEDGE,),
    Stage.PLANNING: (Action.ACKNOWLEDGE, Action.REPORT),
    Stage.AWAITING_CONSUMER: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN),
    Stage.CLOSED: (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN),
}


class Story:
    """A complaint as it goes on, with everything that happened."""

    def __init__(self, filing: Filing = KETTLE, at: datetime = FRIDAY) -> None:
        self.events: list[Event] = open_complaint(NUMBER, filing, SHOP, at, POLICY)
        self.complaint: Complaint = evolve(None, self.events[0])
        self.now = at

    def do(self, action: Action, actor: Actor = LIN, artefact: Artefact | None = None) -> "Story":
        happened = decide(self.complaint, action, artefact or ARTEFACTS[action], actor, self.now, POLICY)
        for event in happened:
            self.complaint = evolve(self.complaint, event)
        self.events += happened
        return self

    def ring(self) -> "Story":
        """The clock rings for as long as anything is due."""
        while happened := due_alarms(self.complaint, self.now, POLICY):
            self.complaint = reduce(evolve, happened, self.complaint)
            self.events += happened
        return self


def story_in(stage: Stage) -> Story:
    """A complaint that has just come to a stage."""
    story = Story()
    for action in WAY_TO[stage]:
        story.do(action)
    return story


def changed(event: Event, **changes: Any) -> Event:
    return event.model_copy(update=changes)
