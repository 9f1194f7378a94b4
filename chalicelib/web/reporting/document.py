"""A report as a document that one can read and print (6.1): one page of HTML that needs nothing else.

It is made of what was computed and of what people have said of it since. Every chart stands beside its table, and
every figure beside what it counts. No word stands here: they are in `words/<locale>.json`.
"""

from datetime import date, datetime
from typing import Literal, NamedTuple

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.figures import Document, Figure, Measure
from chalicelib.domain.vocabulary.terms import Locale


class Remark(NamedTuple):
    """What a supervisor said of it."""

    at: datetime
    by: str
    text: str


class Step(NamedTuple):
    """An improvement that was decided: what, by whom, until when, and the figure that it is to move, as that was when
    it was decided and as it is in this report, if it is."""

    what: str
    owner: str
    due_on: date
    moves: Measure
    before: Figure | None = None
    now: Figure | None = None
    done_at: datetime | None = None
    note: str | None = None


class Standing(NamedTuple):
    """What has become of a report since it was computed. `hash`: of the document; `steps`: decided with it, or earlier
    and not yet followed to their end."""

    hash: str
    stage: Literal["computed", "commented", "issued"] = "computed"
    issued_at: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()


def as_html(document: Document, standing: Standing, locale: Locale, policy: Policy) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `policy`: in whose zone times are said, and
    which names causes."""
    raise NotImplementedError
