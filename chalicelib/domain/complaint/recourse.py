"""When the ways outside are pointed out to a consumer: something was refused, or was not done in time (3.3)."""

from datetime import datetime
from typing import Literal

from chalicelib.domain.complaint.alarms import ANSWERED_BY_CONSUMER
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.record import STAGE_CLOCK
from chalicelib.domain.vocabulary.ladders import FOLLOW_UP
from chalicelib.domain.vocabulary.terms import Outcome

Because = Literal["rejected", "no_response", "overdue"]


def because(complaint: Complaint, now: datetime) -> list[Because]:
    """Why they are pointed out: the last plan, its own or that of the complaint that is handled in its place, rejects
    what was asked; it was closed without an answer; or something that was promised to the consumer was late, or is."""
    plans = complaint.resolution_plans
    said: dict[Because, bool] = {
        "rejected": complaint.other_rejects or (bool(plans) and plans[-1].plan.rejects_request),
        "no_response": complaint.outcome is Outcome.NO_RESPONSE,
        "overdue": _was_late(complaint) or _is_late(complaint, now),
    }
    return [name for name, holds in said.items() if holds]


def _was_late(complaint: Complaint) -> bool:
    promised = (one for one in complaint.breaches if one.clock == STAGE_CLOCK or one.counted.ladder == FOLLOW_UP)
    return any(not breach.void for breach in promised)


def _is_late(complaint: Complaint, now: datetime) -> bool:
    """Whether the house is, whose alarm may not have rung yet: what waits for the consumer's answer is not late."""
    deadline = complaint.deadline
    stage = deadline is not None and complaint.stage not in ANSWERED_BY_CONSUMER and deadline.overdue(now)
    return stage or any(clock.ladder == FOLLOW_UP and now >= clock.due_at for clock in complaint.clocks)
