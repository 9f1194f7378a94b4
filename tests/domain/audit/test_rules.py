"""6.3: each rule of the machine on a closure where it holds, one with a fault planted, one where nobody can know it,
and one that it is not about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from chalicelib.domain.audit.checks import CATALOGUE
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.audit.evidence import Evidence, Told
from chalicelib.domain.audit.verdicts import Says
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import DeliveryUpdate, Extension, Feedback, Inquiry, MadeCall, PlanDraft
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Locale
from tests.domain.cases import (
    ALLERGY,
    CHEN,
    CRACKED,
    FAKE,
    FRIDAY,
    KETTLE,
    LEAD,
    LEGAL,
    LIN,
    LOGISTICS,
    PHOTOGRAPH,
    PLAN,
    POLICY,
    QUALITY,
    REJECTION,
    REPORT,
    WANG,
    Story,
    policy_with,
)

from .closures import (
    CALL,
    OTHER_PLAN,
    altered,
    closed,
    closed_for_caller,
    dropped,
    later,
    planned,
    says,
    seen,
    seq_of,
    told,
)

Case = Callable[[], Evidence]
CODED = POLICY.model_copy(update={"coded_facts": True})
NOBODY = Actor(kind="staff", id="cs.lin", groups=())
DAYS = {"days": 40}
OTHER = "AAAAA-AAAAA"
WITHOUT = REPORT.model_copy(update={"without_inquiries": "照片已足够"})


def without(story: Story, kind: str, **known: Any) -> Evidence:
    """Its notices of a kind were never made, and long enough ago."""
    return seen(later(story, **DAYS), notices=[one for one in told(story.entries) if one.kind != kind], **known)


def on_its_way(story: Story, kind: str) -> Evidence:
    notices = [one._replace(fared="under_way") if one.kind == kind else one for one in told(story.entries)]
    return seen(story, notices=notices)


def with_plan(change: Callable[[submissions.ResolutionPlan], Any], story: Story | None = None) -> Evidence:
    story = story or closed()
    return seen(
        story, entries=altered(story, "PlanProposed", event=lambda it: it.model_copy(update={"plan": change(it.plan)}))
    )


def with_report(**changes: Any) -> Evidence:
    def change(it: Any) -> Any:
        return it.model_copy(update={"report": it.report.model_copy(update=changes)})

    story = closed()
    return seen(story, entries=altered(story, "InvestigationReported", event=change))


def done_by(kind: str, actor: Actor, story: Story | None = None) -> Evidence:
    story = story or closed()
    return seen(story, entries=altered(story, kind, actor=actor))


def erased(story: Story) -> Evidence:
    """Long after it closed its words are gone."""
    lost = [entry.without_words() for entry in later(story, days=400).entries]
    return seen(story, entries=lost)


def late_in(stage: Stage, days: int = 12) -> Story:
    story = Story(CRACKED) if stage is Stage.INVESTIGATING else Story()
    for action, left in ((Action.ACKNOWLEDGE, Stage.RECEIVED), (Action.REPORT, Stage.INVESTIGATING)):
        later(story, days=days if left is stage else 0, minutes=1)
        story.do(action, submission=WITHOUT if action is Action.REPORT else None)
    later(story, days=days if stage is Stage.PLANNING else 0).do(Action.PROPOSE_PLAN)
    return story.do(Action.ACCEPT_PLAN, WANG)


def never_recorded(kind: str) -> Evidence:
    """The due time of a stage had passed when it was left, and nobody ever wrote that down."""
    story = closed()
    entry = story.entries[seq_of(story, kind) - 1]
    assert entry.enters
    return seen(story, entries=altered(story, kind, enters=entry.enters.model_copy(update={"was_due_at": entry.at})))


def asked(answer: bool = True, by: Actor = QUALITY, department: str = "quality", days: int = 0) -> Story:
    """A department was asked, and has answered, or the report went without it."""
    story = Story(KETTLE).do(Action.ACKNOWLEDGE)
    story.do(Action.ASK, submission=Inquiry.model_validate({"department": department, "question": "壶身为何开裂？"}))
    later(story, days=days)
    if answer:
        story.do(Action.ANSWER_INQUIRY, by, part="1")
    story.do(Action.REPORT, submission=None if answer else WITHOUT)
    return story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)


def answered_by(department: str, right: Actor, wrong: Actor) -> dict[Says, Case]:
    return {
        "holds": lambda: seen(asked(by=right, department=department)),
        "broken": lambda: done_by("InquiryAnswered", wrong, asked(by=right, department=department)),
        "not_applicable": lambda: seen(closed()),
    }


def photographed() -> Story:
    return closed(Story().found(PHOTOGRAPH))


def delivering() -> Story:
    story = Story()
    story.do(Action.UPDATE_DELIVERY, LOGISTICS, DeliveryUpdate(status="in_transit", text="已发出。"))
    return closed(story)


def extended(times: int = 1) -> Story:
    story = Story().do(Action.EXTEND, LEAD, Extension(working_days=2, reason="厂家检测需要时间。"))
    if times > 1:
        story.found(story.entries[-1].event)
    return closed(story)


def merged(*found: str) -> Story:
    story = Story()
    if found:
        story.found(events.RelatedFound(related=found))
    return story.do(Action.MERGE, submission=submissions.Merger(into=OTHER))


def objected(plan: submissions.ResolutionPlan = OTHER_PLAN, days: int = 0) -> Story:
    story = planned().do(Action.OBJECT_TO_PLAN, WANG, Feedback(satisfied=False, opinion="我要换货。"))
    return later(story, days=days).do(Action.PROPOSE_PLAN, submission=plan).do(Action.ACCEPT_PLAN, WANG)


def reviewed() -> Story:
    story = planned(plan=REJECTION).do(Action.REQUEST_REVIEW, WANG)
    return story.do(Action.PROPOSE_PLAN, CHEN, OTHER_PLAN).do(Action.ACCEPT_PLAN, WANG)


def lawful() -> Story:
    """False advertising: legal reads the plan."""
    story = Story(FAKE).do(Action.ACKNOWLEDGE)
    story.do(Action.REPORT, submission=WITHOUT)
    story.do(Action.DRAFT_PLAN, LIN, PlanDraft(**dict(PLAN))).do(Action.REVIEW, LEGAL)
    return story.do(Action.PROPOSE_PLAN, submission=PLAN).do(Action.ACCEPT_PLAN, WANG)


def in_danger(*, hours: float = 1, called: bool = True, assessed: bool = True) -> Story:
    """Somebody was harmed: the consumer is to be called, and quality assesses it."""
    story = later(Story(ALLERGY), hours=hours)
    if called:
        story.do(Action.CALL, LIN, MadeCall(about="safety", reached=True, note="已就医，情况稳定。"))
    if assessed:
        harmless = submissions.SafetyAssessment(harmed="none", stop_selling=False, note="与商品无关。")
        story.do(Action.ASSESS_SAFETY, QUALITY, harmless)
    return story.do(Action.WITHDRAW, WANG).ring()


def lapsed() -> Story:
    """The consumer said nothing for fifteen days."""
    story = planned()
    while not story.complaint.closed_at:
        later(story, hours=12).ring()
    return story


def surveyed() -> Story:
    story = closed()
    story.found(events.SurveySpared(closure=1, why="asked_lately"))
    return later(story, **DAYS)


def lost(story: Story, kind: str) -> Evidence:
    """A notice was made of no entry."""
    return seen(story, notices=[*told(story.entries), Told(seq_of(story, kind), "closure", "legal", "arrived")])


def head_with(**changes: Any) -> Evidence:
    story = closed()
    return seen(story, head=story.complaint.model_copy(update=changes))


def tampered() -> Evidence:
    story = closed()
    other = [one.model_copy(update={"actor": LEAD}) if one.seq == 3 else one for one in story.entries]
    return seen(story, entries=other)


def routed() -> Story:
    """The category is one that is routed to quality control."""
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.REPORT, submission=WITHOUT)
    return story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)


def by_nobody_at_once() -> Evidence:
    entries = altered(routed(), "InquiryOpened", event=lambda it: it.model_copy(update={"operating": None}))
    return seen(routed(), entries=entries)


def told_after_its_reminder() -> Evidence:
    story = lapsed()
    late = [one._replace(sent_at=story.now) if one.kind == "plan" else one for one in told(story.entries)]
    return seen(story, notices=late)


def reminding_thrice() -> Policy:
    ladder = POLICY.ladders[Stage.AWAITING_CONSUMER]
    nudge = next(rung for rung in ladder if rung.kind == "nudge")
    return POLICY.model_copy(update={"ladders": dict(POLICY.ladders) | {Stage.AWAITING_CONSUMER: (nudge, *ladder)}})


def long_after_the_call() -> Story:
    story = later(planned(), hours=2).do(Action.CALL, LIN, CALL)
    return later(story, hours=30).do(Action.ACCEPT_PLAN, LIN)


TABLE: dict[str, dict[Says, Case]] = {
    "1.1-version": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(
            closed(), policy=POLICY.model_copy(update={"effective_from": FRIDAY + timedelta(seconds=1)})
        ),
        "undecided": lambda: seen(closed(), policy=POLICY.model_copy(update={"version": 2})),
        "not_applicable": lambda: seen(closed().do(Action.REOPEN).do(Action.WITHDRAW, WANG)),
    },
    "2.1-actors": {
        "holds": lambda: seen(closed()),
        "broken": lambda: done_by("InvestigationReported", NOBODY),
    },
    "3.1-receipt": {
        "holds": lambda: seen(closed()),
        "broken": lambda: without(closed(), "receipt"),
        "undecided": lambda: on_its_way(closed(), "receipt"),
        "not_applicable": lambda: seen(closed().do(Action.REOPEN).do(Action.WITHDRAW, WANG)),
    },
    "3.2-extended": {
        "holds": lambda: seen(extended()),
        "broken": lambda: seen(extended(2)),
        "undecided": lambda: on_its_way(extended(), "extension"),
        "not_applicable": lambda: seen(closed()),
    },
    "3.2-merged": {
        "holds": lambda: seen(merged(OTHER)),
        "broken": lambda: seen(later(merged("BBBBB-BBBBB"), hours=2)),
        "undecided": lambda: seen(merged()),
        "not_applicable": lambda: seen(closed()),
    },
    "3.3-another": {
        "holds": lambda: seen(reviewed()),
        "broken": lambda: done_by("PlanProposed", LIN, reviewed()),
        "not_applicable": lambda: seen(objected()),
    },
    "3.3-called": {
        "holds": lambda: seen(in_danger()),
        "broken": lambda: seen(in_danger(hours=3)),
        "undecided": lambda: seen(in_danger(called=False)),
        "not_applicable": lambda: seen(closed()),
    },
    "3.3-danger": {
        "holds": lambda: seen(in_danger()),
        "broken": lambda: seen(later(in_danger(assessed=False), **DAYS).ring()),
        "undecided": lambda: seen(in_danger(assessed=False)),
        "not_applicable": lambda: seen(closed()),
    },
    "3.3-reasons": {
        "holds": lambda: seen(closed(plan=REJECTION)),
        "broken": lambda: replace(
            with_plan(lambda it: it.model_copy(update={"basis": ()}), closed(plan=REJECTION)), policy=CODED
        ),
        "undecided": lambda: erased(closed(plan=REJECTION)),
        "not_applicable": lambda: seen(closed()),
    },
    "3.3-routes": {
        "holds": lambda: seen(closed(plan=REJECTION)),
        "broken": lambda: seen(closed(plan=REJECTION), texts=dict.fromkeys(range(9), "很抱歉，我们不能退款。")),
        "undecided": lambda: seen(closed(plan=REJECTION), texts=None),
        "not_applicable": lambda: seen(closed()),
    },
    "3.4-coded": {
        "holds": lambda: seen(closed(), policy=CODED),
        "broken": lambda: replace(with_report(cause_code=None), policy=CODED),
        "not_applicable": lambda: seen(closed()),
    },
    "4.1a-channel": {
        "holds": lambda: seen(closed()),
        "broken": lambda: done_by("ComplaintFiled", LIN),
        "not_applicable": lambda: seen(closed().do(Action.REOPEN).do(Action.WITHDRAW, WANG)),
    },
    "4.1b-fields": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(closed(), reachable=False),
        "undecided": lambda: erased(closed()),
        "not_applicable": lambda: seen(closed().do(Action.REOPEN).do(Action.WITHDRAW, WANG)),
    },
    "4.1c-in_time": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(late_in(Stage.RECEIVED)),
        "not_applicable": lambda: seen(closed().do(Action.REOPEN).do(Action.WITHDRAW, WANG)),
    },
    "4.1c-told": {
        "holds": lambda: seen(closed()),
        "broken": lambda: without(closed(), "acknowledgement"),
        "undecided": lambda: seen(closed(), notices=None),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.2a-asked": {
        "holds": lambda: seen(routed()),
        "broken": by_nobody_at_once,
        "undecided": lambda: replace(by_nobody_at_once(), policy=policy_with()),
        "not_applicable": lambda: seen(closed()),
    },
    "4.2b-cites": {
        "holds": lambda: seen(asked(answer=False)),
        "broken": lambda: with_report(evidence=("7",)),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.2b-in_time": {
        "holds": lambda: seen(asked()),
        "broken": lambda: seen(asked(days=12)),
        "not_applicable": lambda: seen(closed()),
    },
    "4.2b-order": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(closed(), entries=dropped(closed(), "InvestigationReported")),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.2c-in_time": {
        "holds": lambda: seen(closed()),
        "broken": lambda: never_recorded("InvestigationReported"),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.2c-report": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(closed(), entries=dropped(closed(), "InvestigationReported")),
        "undecided": lambda: erased(closed()),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.3a-followed": {
        "holds": lambda: seen(closed().do(Action.COMPLETE_FOLLOW_UP)),
        "broken": lambda: seen(later(closed(), **DAYS).ring()),
        "undecided": lambda: seen(closed()),
        "not_applicable": lambda: seen(lapsed()),
    },
    "4.3a-plan": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(closed(), entries=dropped(closed(), "PlanProposed")),
        "undecided": lambda: erased(closed()),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.3b-in_time": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(late_in(Stage.PLANNING)),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.3b-told": {
        "holds": lambda: seen(lapsed()),
        "broken": told_after_its_reminder,
        "undecided": lambda: on_its_way(closed(), "plan"),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "4.4a-call": {
        "holds": lambda: seen(later(closed_for_caller(), **DAYS)),
        "broken": lambda: seen(later(closed_for_caller(call=None), **DAYS)),
        "undecided": lambda: seen(closed_for_caller(call=None)),
        "not_applicable": lambda: seen(closed()),
    },
    "4.4b-adjusted": {
        "holds": lambda: seen(objected()),
        "broken": lambda: seen(objected(PLAN)),
        "undecided": lambda: erased(objected(PLAN)),
        "not_applicable": lambda: seen(closed()),
    },
    "4.4b-reminded": {
        "holds": lambda: seen(lapsed()),
        "broken": lambda: replace(seen(lapsed()), policy=reminding_thrice()),
        "undecided": lambda: seen(lapsed(), notices=None),
        "not_applicable": lambda: seen(closed()),
    },
    "4.5a-at_once": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(long_after_the_call()),
        "not_applicable": lambda: seen(lapsed()),
    },
    "4.5a-told": {
        "holds": lambda: seen(closed()),
        "broken": lambda: without(closed(), "closure"),
        "undecided": lambda: seen(closed(), notices=[]),
    },
    "4.5b-chain": {"holds": lambda: seen(closed()), "broken": tampered},
    "4.5b-files": {
        "holds": lambda: seen(photographed()),
        "broken": lambda: seen(photographed(), evidence_hashes={"1": "cd"}),
        "undecided": lambda: seen(photographed(), evidence_hashes=None),
        "not_applicable": lambda: seen(closed()),
    },
    "4.5b-fold": {
        "holds": lambda: seen(closed()),
        "broken": lambda: head_with(round=2),
        "undecided": lambda: head_with(seq=9),
    },
    "4.5b-notices": {
        "holds": lambda: seen(closed()),
        "broken": lambda: lost(closed(), "PlanAccepted"),
        "undecided": lambda: seen(closed(), notices=told(closed().entries[:-2])),
    },
    "5.1-handler": {
        "holds": lambda: seen(closed()),
        "broken": lambda: done_by("InvestigationReported", QUALITY),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "5.2-answers": answered_by("quality", QUALITY, LIN),
    "5.3-answers": answered_by("logistics", LOGISTICS, QUALITY),
    "5.3-told": {
        "holds": lambda: seen(delivering()),
        "broken": lambda: without(delivering(), "delivery_update"),
        "undecided": lambda: on_its_way(delivering(), "delivery_update"),
        "not_applicable": lambda: seen(closed()),
    },
    "5.4-answers": answered_by("legal", LEGAL, LIN),
    "5.4-legal": {
        "holds": lambda: seen(lawful()),
        "broken": lambda: with_plan(lambda it: it.model_copy(update={"complete_within_days": 9}), lawful()),
        "not_applicable": lambda: seen(closed()),
    },
    "6.2-asked": {
        "holds": lambda: seen(surveyed()),
        "broken": lambda: seen(later(closed(), **DAYS)),
        "undecided": lambda: seen(closed()),
        "not_applicable": lambda: seen(Story().do(Action.WITHDRAW, WANG)),
    },
    "8.2-studied": {
        "holds": lambda: seen(closed()),
        "broken": lambda: seen(closed(), studied={}),
        "undecided": lambda: seen(closed(), studied=None),
        "not_applicable": lambda: seen(closed(), studied={}, study_due={"cs.lin": None}),
    },
    "8.3-recorded": {
        "holds": lambda: seen(late_in(Stage.RECEIVED)),
        "broken": lambda: never_recorded("ComplaintAcknowledged"),
        "not_applicable": lambda: seen(closed()),
    },
}


@pytest.mark.parametrize(("rule", "verdict"), [(rule, verdict) for rule, cases in TABLE.items() for verdict in cases])
def test_a_rule_says_of_a_closure_what_anybody_would(rule: str, verdict: Says):
    assert says(rule, TABLE[rule][verdict]()) == verdict


def test_each_rule_has_its_case_and_one_with_a_fault_planted():
    assert TABLE.keys() == {rule.id for rule in CATALOGUE}
    assert [rule for rule, cases in TABLE.items() if not {"holds", "broken"} <= cases.keys()] == []


def test_each_rule_says_in_each_language_what_it_looks_for_and_is_named_by_a_clause_of_the_policy():
    for rule in CATALOGUE:
        assert rule.clause in CLAUSES
        assert set(rule.looks_for) == set(get_args(Locale))
        assert [rule.looks_for[locale][-1] for locale in ("zh-CN", "zh-TW", "en")] == ["。", "。", "."]
        assert not [sentence for sentence in rule.looks_for.values() if "你" in sentence]


def test_whatever_a_clause_asks_of_one_complaint_is_looked_at():
    of_the_house = {"2.2", "6.1", "6.3", "7.1", "7.2", "8.1"}
    """What the house takes in, analyses, audits, interprets, revises: no single closure shows it."""
    assert {rule.clause for rule in CATALOGUE} == set(CLAUSES) - of_the_house
