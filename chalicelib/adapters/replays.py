"""How far a replay has come (7.2): a file of the bucket of figures, and the queue by which it goes on.

`replays/<amendment>/<hash>-<from>-<to>.json.gz`: which changes were tried, on the complaints of which days. Whoever
goes on replaces exactly what they found, so that of two who do one has done nothing.
"""

from datetime import date
from typing import NamedTuple, Self

from chalicelib.domain.governance.amendment import Replay
from chalicelib.domain.governance.tally import Outcome
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.settings import settings

from . import figures
from .aws import client
from .figures import Found


class Progress(Model):
    """What the replay that was begun at `begun_at` comes to so far. `day`: whose complaints are tried next, from the
    one after `place` on; None: all have been. `marked_at`: when this was written."""

    begun_at: Instant
    marked_at: Instant
    day: date | None
    place: str = ""
    outcome: Outcome = Outcome()

    @classmethod
    def beginning(cls, of: Replay) -> Self:
        return cls(begun_at=of.started_at, marked_at=of.started_at, day=of.first)


class Known(NamedTuple):
    """How far it has come, and the file that says so, None where there is none yet."""

    progress: Progress
    file: Found | None


def key_of(amendment_id: str, replay: Replay) -> str:
    return f"replays/{amendment_id}/{replay.hash}-{replay.first}-{replay.last}.json.gz"


def progress(amendment_id: str, replay: Replay) -> Known:
    """How far a replay has come. What is there of an earlier one, of the same changes and days, is not looked at."""
    found = figures.get(key_of(amendment_id, replay))
    if found is None:
        return Known(Progress.beginning(replay), None)
    known = Progress.model_validate_json(found.content)
    return Known(known if known.begun_at == replay.started_at else Progress.beginning(replay), found)


def mark(amendment_id: str, replay: Replay, now_at: Progress, instead_of: Found | None) -> None:
    """It has come so far. Raises Stale if somebody else has gone on from there."""
    figures.replace(key_of(amendment_id, replay), now_at.model_dump_json().encode(), instead_of)


def queue(amendment_id: str) -> None:
    """The replay of an amendment is to go on."""
    client("sqs").send_message(QueueUrl=settings().replays_queue_url, MessageBody=amendment_id)
