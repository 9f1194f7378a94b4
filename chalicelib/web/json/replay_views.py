"""What a draft of the policy would have meant for past complaints, as its replay finds it (7.2)."""

from pydantic import Field

from chalicelib.casework import replays as casework
from chalicelib.domain.governance.tally import Outcome
from chalicelib.domain.ground.instants import Instant

from .amendment_views import ReplayInShort


class ReplayView(ReplayInShort):
    """A replay with all that it has found so far, on days of China. The same policy makes no difference."""

    amendment_id: str
    started_at: Instant
    finished_at: Instant | None
    days: int = Field(description="So many are tried.")
    days_done: int
    outcome: Outcome = Field(
        description="By the base and by the draft: due times, breaches and alarms by ladder, gates, work by day, and "
        "the complaints that are affected most."
    )

    @classmethod
    def at(cls, found: casework.Shown) -> "ReplayView":
        return cls(
            **ReplayInShort.known_of(found.replay, found.state),
            amendment_id=found.state.amendment_id,
            started_at=found.replay.started_at,
            finished_at=found.replay.finished_at,
            days=found.days,
            days_done=found.done,
            outcome=found.outcome,
        )
