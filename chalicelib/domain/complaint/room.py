"""How much room a complaint's record must keep for what is still to come: what can be sent can be answered.

A record has an end, and people write at length. So whatever heaps up (`Event.heaps`) is refused while there is still
room for all that may not be refused: the consumer's answer to the plan, the measures that it promises, short answers of
the departments that were asked, breaches, a reopening. All sizes in bytes of the record as it is stored.
"""

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.mergers import MOST_TAKEN_IN
from chalicelib.domain.complaint.submissions import ResolutionPlan
from chalicelib.domain.ground.chain import canonical

WORDS = 4 * 5_000 + 200  # the longest text, of characters that take most, with what stands around it
FACTS = 20_000  # what nobody writes: breaches, who was not reached, which complaints are related, who has it
PROMISED = 800  # a measure beside its words: its clock, its breach, its completion
UNDONE = 400  # of these, what is still to come once it is promised
ASKED = 4_600  # a short answer of a department, and its breach
TAKEN_IN = 5_000  # a complaint that may be merged into this one, and thirty files: few have twenty of each party
OFFERED = 300  # a file that may arrive
MEANWHILE = 2_000  # what may happen between a draft and the plan that it becomes


def room_to_keep(complaint: Complaint) -> int:
    """So many bytes may not be taken by what heaps up."""
    return (
        WORDS  # why it is reopened
        + FACTS
        + _for_the_plan(complaint)
        + UNDONE * sum(measure.done_at is None for measure in complaint.follow_ups)
        + ASKED * len(complaint.open_inquiries)
        + TAKEN_IN * max(0, MOST_TAKEN_IN - len(complaint.taken_in))
        + OFFERED * sum(file.status == "offered" for file in complaint.evidence_files)
    )


def _for_the_plan(complaint: Complaint) -> int:
    """What follows a plan that waits for its answer; for a draft, its review too, and a short one taking it back. Where
    it is merged, that may be undone."""
    merged = complaint.merged
    if draft := merged.draft if merged else complaint.plan_draft:
        reviewed = sum(one.review.draft == draft.number for one in complaint.legal_reviews)
        return _for_the_answer(draft.plan) + MEANWHILE + sum((WORDS, ASKED)[reviewed:])
    plan = complaint.plan_in_force
    return _for_the_answer(plan.plan) if plan and (merged or not complaint.outcome) else 0


def _for_the_answer(plan: ResolutionPlan) -> int:
    return WORDS + sum(PROMISED + len(canonical(measure)) for measure in plan.follow_up_measures)
