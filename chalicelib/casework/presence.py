"""Who else is at work on a complaint, and whether it has moved on: what is said to whoever has begun to type.

Nobody is locked out by it. What two of them save at the same moment is decided by the version each has seen.
"""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import presence, store
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import Actor

HEARD = timedelta(minutes=1)
"""For so long somebody is taken to be at it still; pages ask each 20 seconds."""


class Near(NamedTuple):
    """`others`: who else has begun to type, by user name. `version`: that in which the complaint is."""

    others: list[str]
    version: int


def near(complaint_id: str, actor: Actor, now: datetime) -> Near:
    """The actor is at work on it. Raises NotFound. Two round trips: a write of a small item, and a read of the head."""
    head = store.head(complaint_id)
    if head is None:
        raise NotFound("complaint_unknown")
    heard = presence.note(complaint_id, actor.id, now)
    since = (now - HEARD).timestamp()
    others = sorted(name for name, at in heard.items() if at > since and name != actor.id)
    return Near(others, int(json.loads(head)["version"]))
