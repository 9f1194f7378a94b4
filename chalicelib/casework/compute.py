"""Reports are computed (6.1), from lines and the sums of days alone; again, where a late event has changed one.

The document and what belongs to it are laid down first, under a name that holds its hash; the record comes last. So
whoever dies on the way leaves a report that is not there yet, and some files that nobody looks at.
"""

import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, get_args

from pydantic import TypeAdapter

from chalicelib import log
from chalicelib.adapters import figures, lines, places, queues, store, volumes
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.counting import RIPE_AFTER, cases
from chalicelib.domain.supervision.documents import a_year_before, before, period_of
from chalicelib.domain.supervision.figures import Document, Listing, Open, Period, ReportKind
from chalicelib.domain.supervision.lines import Closed, Line, Received, Reopened, StageLeft
from chalicelib.domain.supervision.report import Report, ReportComputed
from chalicelib.domain.supervision.spreadsheet import as_csv
from chalicelib.domain.vocabulary.spoken import called
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import Locale

from . import reports, rules
from .batch import each
from .commit import commit
from .days import ClosedMeanwhile, Days, close_day, is_before_the_house

DAY = timedelta(days=1)
KINDS: tuple[ReportKind, ...] = get_args(ReportKind)
REASON: Mapping[Locale, str] = called(
    "以下日期的事件在上一版生成之后才入账：{days}",
    "以下日期的事件在上一版產生之後才入帳：{days}",
    "Events of these days became known after the edition before: {days}",
)
"""Why there is another edition, as staff read it."""
MOST_EDITIONS = 100  # of one report
AT_ONCE = 100  # records that one call reads
OPEN_PART = "open.json"
_OPEN: TypeAdapter[list[Open]] = TypeAdapter(list[Open])


def daily(occasion: datetime, now: datetime) -> None:
    _make("daily", occasion, now)


def weekly(occasion: datetime, now: datetime) -> None:
    _make("weekly", occasion, now)


def monthly(occasion: datetime, now: datetime) -> None:
    _make("monthly", occasion, now)


def half_yearly(occasion: datetime, now: datetime) -> None:
    _make("half_yearly", occasion, now)


def _make(kind: ReportKind, occasion: datetime, now: datetime) -> None:
    """The first edition of the period that was over at the occasion, as of the day before that; once. None of a time
    before the house's first day."""
    policy = rules.in_force(now)
    today = occasion.astimezone(policy.zone).date()
    period = before(period_of(kind, today))
    if _latest(period) is None and not is_before_the_house(period.last):
        _compute(Wanted(period, 1, today - DAY), now, policy)


def renew(days: Collection[date], now: datetime) -> None:
    """Another edition of each report that reads one of these days, which were closed anew, and that is thereby another.
    As of the same day as before, so that nothing else changes it."""
    policy = rules.in_force(now)
    read = {period.name: period for kind in KINDS for day in days for period in _covering(kind, day)}
    fault = "a report was not made anew"
    failed = each(read.values(), lambda one: _renew(one, days, now, policy), fault, lambda one: {"period": one.name})
    if failed:
        raise RuntimeError(f"{len(failed)} reports were not made anew")


def _covering(kind: ReportKind, day: date) -> tuple[Period, ...]:
    """The periods whose report can have counted a day: the one it is in, and the one before, whose report may have been
    made a day or more after it was over."""
    own = period_of(kind, day)
    return (own,) if kind == "daily" else (before(own), own)


def _renew(period: Period, days: Collection[date], now: datetime, policy: Policy) -> None:
    latest = _latest(period)
    if latest is None:
        return
    known = reports.document_of(latest)
    counted = Days(day for day in days if period.first <= day <= latest.as_of)
    if all(known.sources.get(day) == edition for day, edition in counted.editions()):
        return
    found = figures.get(figures.key_of_report(*latest.folder, OPEN_PART))
    still_open = _OPEN.validate_json(found.content) if found else []
    late = ", ".join(str(day) for day in counted)
    reason = REASON[policy.staff_locale].format(days=late)
    wanted = Wanted(period, latest.edition + 1, latest.as_of, reason, known, tuple(still_open))
    _compute(wanted, now, policy)


def _latest(period: Period) -> Report | None:
    names = [report.name_of(period, edition) for edition in range(1, MOST_EDITIONS + 1)]
    found = store.load_all(names, Report)
    return max(found.values(), key=lambda one: one.edition, default=None)


# ---- one report ------------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """Which report is to be computed. Of another edition: why, what the one before says, and what was open then."""

    period: Period
    edition: int
    as_of: date
    reason: str | None = None
    known: Document | None = None
    still_open: tuple[Open, ...] = ()


def _compute(wanted: Wanted, now: datetime, policy: Policy) -> None:
    """Where the figures are what they were, there is no other edition.

    Raises ClosedMeanwhile where lines of its days came while it was computed: it would not be of one piece.
    """
    period, as_of = wanted.period, wanted.as_of
    marks = _late(period, as_of)
    for day in marks:
        close_day(day)
    report_id = report.name_of(period, wanted.edition)
    days = _closed_days(period, as_of)
    still_open = wanted.still_open if wanted.known else open_at_end_of(as_of, now, policy)
    listed = _listed(period, as_of, policy, still_open)
    made = documents.document(
        report_id=report_id,
        period=period,
        edition=wanted.edition,
        computed_at=now,
        as_of=as_of,
        days=days,
        volumes=volumes.of_days(min(days), as_of),
        open_items=still_open,
        calendar=policy.calendar,
        sources=days.sources,  # filled by the reading of days, which is over when the document is put together
        cases={name: hashlib.sha256(content).hexdigest() for name, content in listed.cases.items()},
        reason=wanted.reason,
    )
    if _late(period, as_of) != marks:
        raise ClosedMeanwhile(report_id)
    if wanted.known and made.figures == wanted.known.figures:
        return
    hashed = documents.hash_of(made)
    parts = {f"cases/{name}": content for name, content in listed.cases.items() if content}
    parts |= {OPEN_PART: _OPEN.dump_json(list(still_open)), reports.ROWS: listed.rows}
    parts |= {reports.DOCUMENT: documents.as_bytes(made)}
    for part, content in parts.items():
        figures.put(figures.key_of_report(report_id, hashed, part), content)
    event = ReportComputed(
        period=period,
        edition=wanted.edition,
        hash=hashed,
        as_of=as_of,
        reason=wanted.reason,
        closures=listed.closures,
        tell_from=policy.waking(now, earlier=False),
    )
    try:
        commit(None, [report.computed(event, now)], now, policy)
    except Stale:
        log.note("a report had been made already", report=report_id)


def _closed_days(period: Period, as_of: date) -> Days:
    """The days that the report reads. Those of its period, and those since, are closed if they are not, but for those
    before the house's first day; of the periods it is compared with those that are."""
    last, longest = a_year_before(period), timedelta(days=max(RIPE_AFTER.values()))
    spans = (before(period).first, as_of), (last.first, min(last.last + longest, as_of))
    closed = {day for span in spans for day in figures.closed_days(*span)}
    first = period.first if period.first in closed else figures.first_closed_day()
    own = set(_days_between(max(period.first, first or period.first), as_of))
    for day in sorted(own - closed):
        close_day(day)
    return Days(own | closed)


def _late(period: Period, as_of: date) -> dict[date, str]:
    """Which of its days have had a line since they were over, each with the stamp of the last."""
    return {day: stamp for day, stamp in lines.late_days() if period.first <= day <= as_of}


def _days_between(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


# ---- the cases behind its figures, its closures ----------------------------------------------------------------------


class Listed(NamedTuple):
    """By list the ids that its figure counts, a line each; the closures as a table for spreadsheets."""

    cases: Mapping[Listing, bytes]
    rows: bytes
    closures: int


def _listed(period: Period, as_of: date, policy: Policy, still_open: Iterable[Open]) -> Listed:
    """One pass over the lines of the period and of the days since. What is kept of them meanwhile is packed: a month
    has a million."""
    behind: dict[str, Packed] = {name: Packed() for name in get_args(Listing)}
    closures = 0

    def closed() -> Iterator[Closed]:
        nonlocal closures
        for day in _days_between(period.first, as_of):
            for line in lines.of_day(day):
                for case in cases(line, period):
                    name = f"{case.measure}.{case.by}" if case.by else case.measure
                    if name in behind and case.n:
                        behind[name].add(f"{line.id} {case.n}\n")
                if isinstance(line, Closed) and line.day <= period.last:
                    closures += 1
                    yield line

    table = Packed()
    for row in as_csv(closed(), policy.zone):
        table.add(row)
    for one in still_open:
        behind["M06.open"].add(f"{one.id} 1\n")
    return Listed({name: _ids(behind[name]) for name in get_args(Listing)}, table.content(), closures)


def _ids(packed: "Packed") -> bytes:
    """Each once, in the order in which it came, of which more was counted than was taken back."""
    counted: Counter[str] = Counter()
    for line in packed.lines():
        name, _, n = line.rpartition(" ")
        counted[name] += int(n)
    return "".join(f"{name}\n" for name, n in counted.items() if n > 0).encode()


class Packed:
    """Text that grows, and is kept packed."""

    def __init__(self) -> None:
        self._kept = io.BytesIO()
        packing = gzip.GzipFile(fileobj=self._kept, mode="wb", compresslevel=1, mtime=0)
        self._packing = io.TextIOWrapper(packing, encoding="utf-8", newline="")  # some thousand characters at a time

    def add(self, text: str) -> None:
        self._packing.write(text)

    def content(self) -> bytes:
        self._packing.close()
        return gzip.decompress(self._kept.getvalue())

    def lines(self) -> Iterator[str]:
        self._packing.close()
        self._kept.seek(0)
        with gzip.open(self._kept, "rt", encoding="utf-8", newline="\n") as unpacked:
            yield from (line.rstrip("\n") for line in unpacked)


# ---- what was open ---------------------------------------------------------------------------------------------------


def open_at_end_of(day: date, now: datetime, policy: Policy) -> tuple[Open, ...]:
    """The complaints that were open at the end of a day that is over: those that are open now, and back from there by
    the lines that came since."""
    ended = datetime.combine(day + DAY, time.min, policy.zone)
    known = {one.id: one for one in _open_now() if one.begun_at < ended}
    today = now.astimezone(policy.zone).date()
    since = [line for later in _days_between(day + DAY, today) for line in lines.of_day(later)]
    return tuple(sorted(taken_back(known, since).values()))


def taken_back(known: Mapping[str, Open], since: Iterable[Line]) -> dict[str, Open]:
    """What was open before these lines came, where this is what is open after them."""
    was = dict(known)
    counted = (line for line in since if line.for_day is None)  # what a merger takes back of rates came before
    for line in sorted(counted, key=lambda one: (one.id, -one.seq, one.kind)):  # of one entry "closed", then "stage"
        match line:
            case Received() | Reopened():
                was.pop(line.id, None)
            case StageLeft() if line.id in was:
                was[line.id] = was[line.id]._replace(stage=line.stage)
            case Closed():
                was[line.id] = Open(line.id, next(iter(STAGES)), line.received_at, line.begun_at)
            case _:
                pass
    return was


def _open_now() -> Iterator[Open]:
    names: list[str] = []
    for partition in places.queues_of_open():
        names += [summary.complaint_id for summary in queues.queue([partition], " ", "~", AT_ONCE)]
    names = list(dict.fromkeys(names))
    for begin in range(0, len(names), AT_ONCE):
        for name, one in store.load_all(names[begin : begin + AT_ONCE], Complaint).items():
            if one.closed_at is None:
                yield Open(name, one.stage, one.received_at, one.begun_at)
