"""What a storefront hears of its complaints: what happened and how far they have come, in ids and stages, no words.

Each is about one entry that its consumer may see, as `GET /v1/events` lists it and webhooks bring it: what it says is
how the complaint stood then, whatever has happened since.
"""

import re

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.record import Hidden
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

STOREFRONT = "storefront/"
"""How the audience begins that is a storefront: "storefront/" and its client id; no role, and no person, is spelt so."""


class NewsFacts(Model):
    """How the complaint stood then. `seq`: the number of the entry in its timeline."""

    complaint_id: str
    external_ref: str | None
    stage: Stage
    round: int
    outcome: Outcome | None
    seq: int


class News(Model):
    """`type`: "complaint." and what happened; `timestamp`: when that was."""

    type: str
    timestamp: Instant
    data: NewsFacts

    @property
    def id(self) -> str:
        """The same, however often it is told: `webhook-id`."""
        return f"{self.data.complaint_id}-{self.data.seq}"


def _named(kind: str) -> str:
    """ "ComplaintFiled" is "complaint.filed", "PlanProposed" "complaint.plan_proposed"."""
    return "complaint." + re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower().removeprefix("complaint_")


TYPES = {kind.__name__: _named(kind.__name__) for kind in events.KINDS if kind.public_face is not Hidden.public_face}
"""What each kind of entry is called that a storefront may hear of, by the kind."""


def news_of(entry: Entry, then: Complaint) -> News | None:
    """What the storefront hears of an entry, after which the complaint was as it was `then`; None: nothing."""
    if entry.kind not in TYPES or entry.event.public_face() is None:
        return None
    facts = NewsFacts(
        complaint_id=then.complaint_id,
        external_ref=then.external_ref,
        stage=then.stage,
        round=then.round,
        outcome=then.outcome,
        seq=entry.seq,
    )
    return News(type=TYPES[entry.kind], timestamp=entry.at, data=facts)
