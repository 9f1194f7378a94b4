"""The closures of a report as a table for spreadsheets (6.1): CSV, one row a closure, in UTF-8 with the mark by which
Excel knows it. Codes and ids, times of the policy's zone; no contact, no order number, nobody of staff.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal

from chalicelib.domain.supervision.lines import Closed
from chalicelib.domain.vocabulary.stages import Stage

MARK = "\ufeff"
FORMULA = tuple("=+-@＝＋－＠\t\r")
"""What a cell begins with that spreadsheets take for a formula."""
AFTER_SEMICOLON = re.compile(r"(;\s*)(?=[=+\-@＝＋－＠])")

Cell = str | int | Decimal | bool | None
COLUMNS: Mapping[str, Callable[[Closed, tzinfo], Cell]] = {
    "complaint_id": lambda one, _: one.id,
    "closure": lambda one, _: one.number,
    "received_at": lambda one, zone: local_time(one.received_at, zone),
    "begun_at": lambda one, zone: local_time(one.begun_at, zone),
    "closed_at": lambda one, zone: local_time(one.at, zone),
    "working_days": lambda one, _: one.working_days,
    "outcome": lambda one, _: one.outcome,
    "round": lambda one, _: one.round,
    "category": lambda one, _: one.category,
    "channel": lambda one, _: one.channel,
    "locale": lambda one, _: one.locale,
    "storefront": lambda one, _: one.storefront,
    "seller": lambda one, _: one.seller,
    "product": lambda one, _: one.product,
    "carrier": lambda one, _: one.carrier,
    "verdict": lambda one, _: one.verdict,
    "cause_code": lambda one, _: one.cause,
    "responsible_party": lambda one, _: one.party,
    "requested_remedy": lambda one, _: one.asked,
    "amount_disputed": lambda one, _: _listed(one.asked_amount.values()),
    "currency_disputed": lambda one, _: _listed(one.asked_amount),
    "rejects": lambda one, _: one.rejects if one.with_plan else None,
    "grants": lambda one, _: one.grants,
    "methods": lambda one, _: _listed(one.methods),
    "amount": lambda one, _: _listed(one.amounts.values()),
    "currency": lambda one, _: _listed(one.amounts),
    "breaches": lambda one, _: one.breaches,
    "extended": lambda one, _: one.extended,
    "reopened_before": lambda one, _: one.reopened_before,
    "danger": lambda one, _: one.tier,
    "seconds_received": lambda one, _: _spent(one, Stage.RECEIVED),
    "seconds_investigating": lambda one, _: _spent(one, Stage.INVESTIGATING),
    "seconds_planning": lambda one, _: _spent(one, Stage.PLANNING),
    "seconds_awaiting_consumer": lambda one, _: _spent(one, Stage.AWAITING_CONSUMER),
    "policy_version": lambda one, _: one.policy_version,
}


def as_csv(closures: Iterable[Closed], zone: tzinfo) -> Iterator[str]:
    """The table, row by row, so that a month of them need not be there at once; the first is the names of columns."""
    yield MARK + row(COLUMNS)
    for one in closures:
        yield row(cell(one, zone) for cell in COLUMNS.values())


def row(cells: Iterable[Cell]) -> str:
    """A row of a table, with what ends it."""
    written = io.StringIO()
    csv.writer(written).writerow([_safe(one) for one in cells])
    return written.getvalue()


def _safe(cell: Cell) -> str:
    """What a person may have typed is text, whatever it begins with; also after a semicolon, at which spreadsheets of
    many countries part cells."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    parted = AFTER_SEMICOLON.sub(r"\1'", cell)
    return f"'{parted}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else parted


def local_time(moment: datetime, zone: tzinfo) -> str:
    """As spreadsheets read it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _listed(values: Iterable[Cell]) -> Cell:
    """One as it is, several side by side."""
    listed = [*values]
    return listed[0] if len(listed) == 1 else "; ".join(map(str, listed))


def _spent(one: Closed, stage: Stage) -> int:
    return sum(seconds for key, seconds in one.spent.items() if key.partition(" ")[0] == stage)
