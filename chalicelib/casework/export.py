"""Lines outside of the table (3.4, 6.1): a day's lines as one file that an engine of SQL reads, by the table of
`infra/analysis.yaml`.

What is exported names nobody: of whoever works here there is a keyed hash, and lines have neither words nor contact
details nor order numbers. The file is written whole or not at all, and the same lines make the same bytes, so whoever
was interrupted does it again.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.adapters import figures, signing
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.supervision.lines import Line, Span

HOLDERS = ("held_by", "planner", "accepted_by", "recorded_by")
"""The fields that hold a member of staff, or a department, or `consumer`."""
NAMES_NOBODY = frozenset({*STAFF, "consumer"})


def export_day(day: date, lines: Iterable[Line]) -> None:
    """Lays down the lines of a day, in place of what was there. Also those of a day that has none."""
    figures.put(figures.key_of_lines(day), b"".join(sorted(map(_row, lines))), "application/x-ndjson")


def _row(line: Line) -> bytes:
    """A line as JSON: without what is None and without its day, which the file's place says; moments as engines write
    them, in UTC, by the second; and of a span whether it was in time, and how late. `by` is two things: two columns."""
    told: dict[str, Any] = {"kind": line.kind} | line.model_dump(mode="json", exclude={"day"}, exclude_none=True)
    for name in told:
        if name == "at" or name.endswith("_at"):
            told[name] = f"{told[name][:10]} {told[name][11:19]}"
        elif name in HOLDERS and told[name] not in NAMES_NOBODY:
            told[name] = signing.pseudonym(told[name])
    if "by" in told:
        told[f"{line.kind}_by"] = told.pop("by")
    if isinstance(line, Span) and line.due_at:
        told |= {"in_time": line.in_time, "late": line.late}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
