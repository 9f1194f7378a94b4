"""Lines outside of the table (3.4, 6.1): a day's lines as one file that an engine of SQL reads, by the table of
`infra/analysis.yaml`.

What is exported names nobody: of whoever works here there is a keyed hash, and lines have neither words nor contact
details nor order numbers. The file is written whole or not at all, and the same lines make the same bytes, so whoever
was interrupted does it again.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any

from chalicelib.adapters import figures, signing
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.supervision.lines import Line, Span

HOLDERS = ("held_by", "planner", "accepted_by", "recorded_by")
"""The fields that hold a member of staff, or a department, or `consumer`."""
NAMES_NOBODY = frozenset({*STAFF, "consumer"})
MOMENTS = ("at", "begun_at", "due_at", "promised_at", "received_at")
AMBIGUOUS = ("by", "after")
"""Fields that are something else in each kind of line that has them: `reopened_by`, `repeated_by`."""
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def export_day(day: date, lines: Iterable[Line]) -> None:
    """Lays down the lines of a day, in place of what was there. Also those of a day that has none."""
    figures.put(figures.key_of_lines(day), content_of(lines), "application/x-ndjson")


def content_of(lines: Iterable[Line]) -> bytes:
    """A file's rows, in an order of their own."""
    pseudonym = cache(signing.pseudonym)
    return b"".join(sorted(_row(line, pseudonym) for line in lines))


def _row(line: Line, pseudonym: Callable[[str], str]) -> bytes:
    """A line as JSON: without what is None and without its day, which the file's place says; moments as engines write
    them, in UTC, by the second; and of a span whether it was in time, and how late."""
    told: dict[str, Any] = {"kind": line.kind} | line.model_dump(mode="json", exclude_none=True)
    del told["day"]
    for name in MOMENTS:
        if name in told:
            told[name] = f"{told[name][:10]} {told[name][11:19]}"
    for name in HOLDERS:
        if name in told and told[name] not in NAMES_NOBODY:
            told[name] = pseudonym(told[name])
    for name in AMBIGUOUS:
        if name in told:
            told[f"{line.kind}_{name}"] = told.pop(name)
    if isinstance(line, Span) and line.due_at:
        told |= {"in_time": line.in_time, "late": line.late}
    return _written(told).encode() + b"\n"
