"""How a file of complaints went: figures, what was adapted, what failed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.tour.journey import Journey
from infra.tour.show import Page

RECEIPT = "我们已收到您的投诉"
"""How the subject of a receipt begins; other notices to the same consumer begin differently."""

MOST_LISTED = 20

Line = tuple[int, str]
"""A row's number, and what there is to say of it."""


def receipts_by_complaint(outbox: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many receipts each complaint's consumer got by e-mail."""
    return Counter(one["complaint_id"] or "" for one in outbox if one["subject"].startswith(RECEIPT))


@dataclass(frozen=True)
class Summary:
    """`rows` were to be carried through; `journeys` are those begun, `seconds` what they took together.

    `receipts` counts them by complaint, after everything has settled; None if the system was gone by then.
    """

    rows: int
    journeys: Sequence[Journey]
    seconds: float
    receipts: Mapping[str, int] | None

    @property
    def filed(self) -> list[Journey]:
        return [one for one in self.journeys if one.complaint_id]

    @property
    def satisfied(self) -> int:
        return sum(one.satisfied for one in self.journeys)

    @property
    def failures(self) -> list[Line]:
        return [(one.row.number, one.fault) for one in self.journeys if one.fault]

    @property
    def adapted(self) -> list[Line]:
        return [(one.row.number, "; ".join(one.row.adapted)) for one in self.journeys if one.row.adapted]

    @property
    def receipt_faults(self) -> list[Line]:
        """Consumers with no receipt, or more than one."""
        known = self.receipts or {}
        counts = [(one.row.number, known.get(one.complaint_id, 0)) for one in self.filed]
        return [(number, f"{count} receipts instead of one") for number, count in counts if count != 1]

    @property
    def complete(self) -> bool:
        """Every row ended closed as satisfied, and every consumer has one receipt."""
        return self.satisfied == self.rows and not self.receipt_faults


def show(page: Page, summary: Summary) -> None:
    once = len(summary.filed) - len(summary.receipt_faults)
    looked_for = summary.receipts is not None
    figures: dict[str, object] = {
        "rows": summary.rows,
        "closed as satisfied": summary.satisfied,
        "said how it was": sum(one.surveyed for one in summary.journeys),
        "objections": sum(one.objections for one in summary.journeys),
        "failed": len(summary.failures),
        "not tried": summary.rows - len(summary.journeys),
        "receipts": f"{once} of {len(summary.filed)} in the outbox, each once"
        if looked_for
        else "could not be looked for",
        "adapted": f"{len(summary.adapted)} rows" if summary.adapted else "nothing",
        "duration": f"{summary.seconds:.1f} s",
        "speed": f"{len(summary.journeys) / max(summary.seconds, 0.001):.1f} complaints a second",
    }
    page.facts(figures)
    _listed(page, "Adapted so that they could be filed:", summary.adapted)
    _listed(page, "Receipts:", summary.receipt_faults if looked_for else [])
    _listed(page, "Failed:", summary.failures)


def _listed(page: Page, heading: str, lines: Sequence[Line]) -> None:
    """Up to MOST_LISTED lines by row, and how many more there are."""
    if lines:
        page.remark(heading)
        page.facts({f"row {number}": text for number, text in lines[:MOST_LISTED]})
    if len(lines) > MOST_LISTED:
        page.remark(f"and {len(lines) - MOST_LISTED} more")
