"""Who was told of what about a complaint, and what became of it, as staff read it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework.read import Notice
from chalicelib.domain.telling.notices import FAILED, PERSON
from chalicelib.web.pages.speech import Speech

from .names import named

LOST = frozenset({"undeliverable", "uncertain"})


class Told(NamedTuple):
    """`fared`: by each channel how far it has come, and to which masked address; `failed`: it reached nobody."""

    seq: int
    kind: str
    whom: str
    queued_at: datetime
    state: str
    fared: tuple[tuple[str, str, datetime], ...]
    failed: bool
    repeated: bool


def told(notices: Iterable[Notice], say: Speech) -> Iterator[Told]:
    for one in notices:
        passages = tuple(
            (
                str(say("complaint.told.of_channel", channel=_channel(way.channel, say), state=_state(way.state, say))),
                named("department", way.to, say),
                datetime.fromisoformat(way.at),
            )
            for way in one.passages
        )
        yield Told(
            one.key.seq,
            named("notice", one.key.kind, say),
            _whom(one.key.audience, say),
            datetime.fromisoformat(one.queued_at),
            _state(one.state, say),
            passages,
            one.state in LOST or any(way.state in FAILED for way in one.passages),
            one.repeated,
        )


def _whom(audience: str, say: Speech) -> str:
    if audience.startswith(PERSON):
        return audience.removeprefix(PERSON)
    own = f"complaint.told.{audience}"
    return str(say(own)) if say.knows(own) else named("department", audience, say)


def _channel(channel: str, say: Speech) -> str:
    return named("by_channel", channel, say)


def _state(state: str, say: Speech) -> str:
    key = f"complaint.told.{state}"
    return str(say(key)) if say.knows(key) else state
