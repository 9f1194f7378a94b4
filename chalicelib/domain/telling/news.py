"""What a storefront hears of its complaints: what happened and how far they have come, in ids and stages, no words.

Each is about one entry that its consumer may see, as `GET /v1/events` lists it and webhooks bring it: what it says is
how the complaint stood then, whatever has happened since.
"""

import re
from typing import Literal, cast, get_args

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.record import Hidden
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

STOREFRONT = "storefront/"
"""How the audience begins that is a storefront, before its client id; no role, and no person, is spelt so."""


NewsType = Literal[
    "complaint.filed",
    "complaint.acknowledged",
    "complaint.investigation_reported",
    "complaint.plan_proposed",
    "complaint.plan_accepted",
    "complaint.plan_objected_to",
    "complaint.review_requested",
    "complaint.withdrawn",
    "complaint.reopened",
    "complaint.merged",
    "complaint.merger_undone",
    "complaint.merger_moved",
    "complaint.other_plan_proposed",
    "complaint.other_closed",
    "complaint.other_reopened",
    "complaint.note_added",
    "complaint.interim_measure_taken",
    "complaint.link_replaced",
    "complaint.contact_corrected",
    "complaint.delivery_updated",
    "complaint.information_requested",
    "complaint.information_given",
    "complaint.information_read",
    "complaint.follow_up_promised",
    "complaint.follow_up_completed",
    "complaint.evidence_received",
    "complaint.evidence_quarantined",
    "complaint.lapsed",
    "complaint.deadline_moved",
    "complaint.inquiry_moved",
    "complaint.deadline_extended",
    "complaint.clock_resumed",
]
"""What may happen, as storefronts are told of it: part of the contract, so it is written out and held against the kinds
of entries below, which may not change it by changing their names."""


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

    type: NewsType
    timestamp: Instant
    data: NewsFacts

    @property
    def id(self) -> str:
        """The same, however often it is told: `webhook-id`."""
        return f"{self.data.complaint_id}-{self.data.seq}"

    def unnamed(self) -> "News":
        """The same without what the shop called the complaint."""
        return self.model_copy(update={"data": self.data.model_copy(update={"external_ref": None})})


def _named(kind: str) -> str:
    """ "ComplaintFiled" is "complaint.filed", "PlanProposed" "complaint.plan_proposed"."""
    return "complaint." + re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower().removeprefix("complaint_")


_KINDS = [kind.__name__ for kind in events.KINDS if kind.public_face is not Hidden.public_face]
TYPES = {kind: cast("NewsType", _named(kind)) for kind in _KINDS}
"""What each kind of entry is called that a storefront may hear of, by the kind."""
if {*TYPES.values()} != {*get_args(NewsType)}:
    raise ValueError(f"not the types of the contract: {sorted({*TYPES.values()} ^ {*get_args(NewsType)})}")


def moves(entry: Entry) -> bool:
    """Whether a complaint may be in another stage, round or outcome after an entry than before it."""
    return entry.enters is not None


def news_of(entry: Entry, then: Complaint) -> News | None:
    """What the storefront hears of an entry, after which the complaint was as it was `then`; None: nothing.

    Once its words are erased it is not said any more what the shop called it.
    """
    if entry.kind not in TYPES or entry.event.public_face() is None:
        return None
    facts = NewsFacts(
        complaint_id=then.complaint_id,
        external_ref=None if then.erased_at else then.external_ref,
        stage=then.stage,
        round=then.round,
        outcome=then.outcome,
        seq=entry.seq,
    )
    return News(type=TYPES[entry.kind], timestamp=entry.at, data=facts)
