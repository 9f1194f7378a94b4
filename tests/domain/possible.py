"""What is said of an action before anybody tries it, held against what becomes of every try."""

from collections.abc import Iterable, Iterator
from functools import reduce

from chalicelib.domain.complaint.decisions import decide, may
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import (
    Assignment,
    Extension,
    InvestigationReport,
    NoteRetraction,
    PlanDraft,
    ResolutionPlan,
    Submission,
    Triage,
)
from chalicelib.domain.ground.errors import Invalid, Refusal
from chalicelib.domain.ground.people import CLOCK, Actor

from .cases import HEARING, REJECTION, REPORT, SUBMISSIONS, Story

OTHERS: dict[Action, tuple[Submission, ...]] = {
    Action.REPORT: (InvestigationReport(**{**dict(REPORT), "without_inquiries": "照片已足够"}),),
    Action.DRAFT_PLAN: (PlanDraft(**dict(REJECTION)),),
    Action.PROPOSE_PLAN: (REJECTION,),
    Action.ASSIGN: (Assignment(assignee=None),),
    Action.EXTEND: (Extension(working_days=10, reason="等待检测报告。"),),
    Action.TRIAGE: (Triage(tier="act", reason="烫伤了。"), Triage(tier="none", reason="看错了。")),
    Action.RETRACT_NOTE: tuple(NoteRetraction(reason="写错了。", note=note, author="x") for note in range(1, 4)),
}
PARTS = dict.fromkeys(
    (Action.ANSWER_INQUIRY, Action.COMPLETE_FOLLOW_UP, Action.RETRACT_EVIDENCE, *HEARING), ("1", "2", "3")
)
"""Which parts are tried of what an action is about one of."""


def assert_said_before(story: Story, actor: Actor, actions: Iterable[Action] | None = None) -> None:
    """What `actor` may do now is taken, or refused only for what was handed in; all else is refused as was said."""
    possible = may(story.complaint, actor, story.now, story.policy)
    theirs = [action for action in SUBMISSIONS if LIFECYCLE.who(action) & actor.roles]
    assert sorted([*possible.allowed, *possible.why_not]) == sorted(theirs)
    for action in theirs if actions is None else actions:
        tries = [
            tried(story, action, actor, it, part)
            for it in examples(action, actor, story)
            for part in PARTS.get(action, "1")
        ]
        if action in possible.allowed:
            assert any(one is None or isinstance(one, Invalid) for one in tries), (action, tries)
        else:
            assert None not in tries, action
            said = possible.why_not.get(action)
            reasons = {(one.code, one.reason) for one in tries if one}
            assert said is None or (said.code, said.reason) in reasons, (action, said, tries)
            if said and action not in PARTS:
                assert len(reasons) == 1, (action, tries)


def examples(action: Action, actor: Actor, story: Story) -> Iterator[Submission]:
    yield SUBMISSIONS[action]
    yield from OTHERS.get(action, ())
    if action is Action.RETRACT_NOTE:
        yield NoteRetraction(reason="写错了。", note=10**6, author=actor.id)
    if action is Action.PROPOSE_PLAN and story.complaint.plan_draft:
        yield ResolutionPlan(**dict(story.complaint.plan_draft.plan))


def tried(story: Story, action: Action, actor: Actor, submission: Submission, part: str) -> Refusal | None:
    complaint = story.complaint
    while True:
        try:
            happened = decide(complaint, submission, actor, story.now, story.policy, part)
        except Refusal as refusal:
            return refusal
        if not all(entry.actor == CLOCK for entry in happened):
            return None
        complaint = reduce(evolve, happened, complaint)
