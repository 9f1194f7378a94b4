"""Reports as the house handles them (6.1): their row in the register, what people do about one, and how it is read."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.adapters import figures, reports, store
from chalicelib.adapters.store import Case
from chalicelib.domain.ground.errors import NotFound, Unavailable
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.figures import Document, Figure, Listing, Measure, ReportKind
from chalicelib.domain.supervision.improvement import Improvement
from chalicelib.domain.supervision.report import Comment, Report
from chalicelib.domain.vocabulary.stages import Stage

from . import rules
from .act import act
from .measures import check_owners
from .once import Done, Idempotency
from .paging import listed_by, part_of
from .records import Kind, Telling

INLINE = 4_000_000  # bytes of an answer of Lambda, which takes six
FEW = 20_000
"""Closures, of more of which the table is not even unpacked to be answered."""
LINK_SECONDS = 300
LOOKED_BACK = 40
"""Reports before one that are looked through for measures that it still shows."""
ROWS, DOCUMENT = "rows.csv", "document.json"
NOBODY_LISTED = hashlib.sha256(b"").hexdigest()


class Followed(NamedTuple):
    """A measure that was decided with `report_id`, the figure it is to move as it was then, and as it is now; None
    where this report is the one that it was decided with."""

    report_id: str
    measure: Improvement
    before: Figure | None
    now: Figure | None


class Read(NamedTuple):
    """A report with its document and the measures that it shows."""

    state: Report
    document: Document
    measures: tuple[Followed, ...]


# ---- what people do --------------------------------------------------------------------------------------------------


def do(
    name: str,
    handed_in: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: frozenset[int] | None,
    idempotency: Idempotency | None,
    part: str | None = None,
) -> Done[Report]:
    """Comments it, finishes a measure of it (`part`: which), issues it. Raises what `act` raises, and Invalid for an
    owner who does not work here."""

    if not report.is_name(name):
        raise NotFound("report_unknown")

    def known(case: Case[Report]) -> tuple[()]:
        if isinstance(handed_in, Comment):
            check_owners(handed_in.measures, now)
        return ()

    return act(name, handed_in, actor, now, seen=seen, idempotency=idempotency, part=part, first=known)


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(name: str, actor: Actor, now: datetime) -> Case[Report]:
    """A report to staff; who of them may do what, its lifecycle says. Raises NotFound."""
    found = store.load(name, Report) if report.is_name(name) and actor.kind == "staff" else None
    if found is None:
        raise NotFound("report_unknown")
    return found


def read(name: str, actor: Actor, now: datetime) -> Read:
    """A report with all that it says. Raises NotFound, Unavailable."""
    return whole(shown(name, actor, now).state, now)


def whole(state: Report, now: datetime) -> Read:
    """The same of a report that is at hand."""
    document = document_of(state)
    return Read(state, document, _measures(state, document, now))


def document_of(state: Report) -> Document:
    """What a report says. Raises Unavailable where it is not there."""
    found = figures.get(figures.key_of_report(*state.folder, DOCUMENT))
    if found is None:
        raise Unavailable("document_missing")
    return Document.model_validate_json(found.content)


def _measures(state: Report, document: Document, now: datetime) -> tuple[Followed, ...]:
    """Its own, and those of earlier reports and editions until a whole period has passed in which they were done."""
    policy, last = rules.in_force(now), documents.before(state.period)
    own = [Followed(state.report_id, one, _figure(document.figures, one), None) for one in state.measures]
    earlier = [
        other for other in _earlier(state) if any(report.still_followed(one, last, policy) for one in other.measures)
    ]
    followed = [
        Followed(other.report_id, one, _figure(then, one), _figure(document.figures, one))
        for other in earlier
        for then in [document_of(other).figures]
        for one in other.measures
        if report.still_followed(one, last, policy)
    ]
    return (*own, *followed)


def _figure(figures: Mapping[str, Figure], one: Improvement) -> Figure | None:
    return figures.get(one.moves) if one.moves else None


def _earlier(state: Report) -> list[Report]:
    names = [report.name_of(state.period, edition) for edition in range(1, state.edition)]
    names += reports.before(state.period.kind, state.period.first, LOOKED_BACK)
    found = store.load_all(names, Report) if names else {}
    return [found[name] for name in names if name in found]


def listed(kind: ReportKind, limit: int, cursor: str | None) -> tuple[list[Report], str | None]:
    """A page of the reports of a kind, the newest first. Raises Malformed."""
    return listed_by(f"reports {kind}", partial(reports.of_kind, kind), Report, limit, cursor)


def newer(state: Report) -> str | None:
    """The name of the next edition, if there is one: one round trip."""
    name = report.name_of(state.period, state.edition + 1)
    return name if store.load_all([name], Report) else None


def cases(
    name: str, listing: Listing, actor: Actor, now: datetime, limit: int, cursor: str | None
) -> tuple[list[str], str | None]:
    """A page of the ids behind a figure, or behind what is counted beside it, in the order in which they came. A list
    of nobody is not kept: that it is one says its hash in the document. Raises NotFound, Malformed, Unavailable."""
    state, purpose = shown(name, actor, now).state, f"cases {name} {listing}"
    found = figures.get(figures.key_of_report(*state.folder, f"cases/{listing}"))
    if found is None and document_of(state).cases.get(listing) != NOBODY_LISTED:
        raise Unavailable("document_missing")
    ids = found.content.decode().split() if found else []
    return part_of(ids, limit, purpose, cursor)


def slowest(
    name: str, stage: Stage, actor: Actor, now: datetime, limit: int, cursor: str | None
) -> tuple[dict[str, int | None], str | None]:
    """A page of the complaints that were closed, with the seconds that they spent in a stage, the longest first; those
    that spent none are left out. Where they are too many to be put in order, all of them as they came, without.

    Raises NotFound, Malformed, Unavailable."""
    state, purpose = shown(name, actor, now).state, f"slowest {name} {stage}"
    if state.closures > FEW:
        ids, following = cases(name, "M15", actor, now, limit, cursor)
        return dict.fromkeys(ids), following
    page, following = part_of(_spent_in(stage, state), limit, purpose, cursor)
    return dict(page), following


OF_ROWS: Mapping[tuple[Measure, str], tuple[str, ...]] = {
    ("M07", "category"): ("category",),
    ("M11", "category"): ("category",),
    ("M13", "cause_party"): ("cause_code", "responsible_party"),
    ("M20", "category"): ("category",),
}
"""Rows of figures whose cases the table of closures tells apart: by the measure and what the row is counted by, the
columns that make its key."""


def tells_rows(state: Report) -> bool:
    """Whether the cases of such a row can be listed: where there are too many closures, they cannot."""
    return state.closures <= FEW


def of_row(
    name: str, measure: Measure, by: str, key: str, actor: Actor, now: datetime, limit: int, cursor: str | None
) -> tuple[list[str], str | None]:
    """A page of the complaints that one row of a figure counts, in the order in which they came. Raises NotFound, also
    for a row whose cases nobody can tell apart; Malformed, Unavailable."""
    state, purpose = shown(name, actor, now).state, f"row {name} {measure} {by} {key}"
    columns = OF_ROWS.get((measure, by))
    if columns is None or not tells_rows(state):
        raise NotFound("page_unknown")
    held = {row["complaint_id"] for row in _closures(state) if _key(row, columns) == key}
    found = figures.get(figures.key_of_report(*state.folder, f"cases/{measure}"))
    ids = [one for one in (found.content.decode().split() if found else ()) if one in held]
    return part_of(ids, limit, purpose, cursor)


def _key(row: Mapping[str, str], columns: tuple[str, ...]) -> str:
    """As counting makes it: what is not known is undetermined."""
    return " ".join(row.get(one) or "undetermined" for one in columns)


def _closures(state: Report) -> "csv.DictReader[str] | tuple[()]":
    found = figures.get(figures.key_of_report(*state.folder, ROWS))
    return csv.DictReader(io.StringIO(found.content.decode("utf-8-sig"))) if found else ()


def _spent_in(stage: Stage, state: Report) -> list[tuple[str, int]]:
    """In what is closed nobody spends any time."""
    spent: Counter[str] = Counter()
    for row in _closures(state):
        spent[row["complaint_id"]] += int(row.get(f"seconds_{stage}") or 0)
    return [one for one in spent.most_common() if one[1] > 0]


class Rows(NamedTuple):
    """The table of a report's closures: as it is, or a link to it where it is too long for an answer."""

    content: str | None
    link: str | None


def rows(name: str, actor: Actor, now: datetime) -> Rows:
    """Raises NotFound."""
    state = shown(name, actor, now).state
    key = figures.key_of_report(*state.folder, ROWS)
    found = figures.get(key) if state.closures <= FEW else None
    if found is None or len(found.content) > INLINE:
        return Rows(None, figures.link(key, f"{name}.csv", "text/csv; charset=utf-8", LINK_SECONDS))
    return Rows(found.content.decode(), None)


# ---- its row ---------------------------------------------------------------------------------------------------------


def _telling() -> Telling:
    from .report_letters import TELLING

    return TELLING


KIND = Kind(
    state=Report,
    evolve=report.evolve,
    decide=report.decide,
    policy=lambda state, now: rules.in_force(now),
    due_alarms=report.due_alarms,
    next_alarm=report.next_alarm,
    head=reports.head_of,
    tasks=reports.tasks_of,
    shown=shown,
    telling=_telling,
)
