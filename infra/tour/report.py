"""The report of the month at its end: waited for, read, commented, issued, and kept as files."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.vocabulary.spoken import DEPARTMENTS, STAFF_STAGES, figure
from infra.tour import words
from infra.tour.calls import Line
from infra.tour.month import DAY, Month, mornings_after
from infra.tour.parties import Party, staff
from infra.tour.show import Page

WAITED = 10  # days of the next month
MOST_ROWS = 8
TABLES = {"M13": "share", "M14": "share", "M04": "elapsed_p50"}
"""Measures whose rows are shown as well: what there is most of, and one of its values."""


def room_in(folder: Path) -> str | None:
    """Why nothing can be laid into a folder, which is made; asked before a month is lived through for it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return None
    except OSError as fault:
        return f"{folder} cannot take a report: {fault.strerror}. Name another folder."


def read(page: Page, line: Line, month: Month, folder: Path) -> bool:
    """Whether there is a report, which is shown, issued and laid into the folder. Raises Refused and NoAnswer."""
    lead, zhou = staff(line, "cs.lead"), staff(line, "management.zhou")
    report_id = _waited_for(lead, line, month)
    if report_id is None:
        page.remark(f"There is no report of {month.first:%Y-%m} after {WAITED} days.", alarming=True)
        return False
    path = f"/v1/reports/{report_id}"
    report = lead.get(path)
    page.section("cs.lead", f"reads {report_id}", "Computed on the second working day of the next month (6.1).")
    _show(page, report)
    measure = {"owner": "logistics.gao", "due": (month.end + 30 * DAY).isoformat(), "moves": "M14"}
    lead.post(f"{path}/comments", {"text": comment_on(report), "measures": [{"what": words.MEASURE, **measure}]})
    issued = zhou.post(f"{path}/issue", {})
    page.remark(f"It is commented, with one measure that is to move M14, and {issued['stage']}.")
    for form in ("html", "csv"):
        there = folder / f"{report_id}.{form}"
        there.write_text(zhou.text(f"{path}.{form}"), encoding="utf-8", newline="")
        page.remark(f"Written to {there}")
    return True


def _waited_for(lead: Party, line: Line, month: Month) -> str | None:
    """The newest edition, once there is one."""
    for day in mornings_after(line, month):
        found = lead.get("/v1/reports?kind=monthly&limit=5")["items"]
        if names := [one["report_id"] for one in found if one["period"] == f"{month.first:%Y-%m}"]:
            return str(names[0])
        if day - month.end >= timedelta(days=WAITED):
            break
    return None


def _show(page: Page, report: Mapping[str, Any]) -> None:
    names = {str(measure): one.name for measure, one in definitions("en").items()}
    page.table(
        ("", "what", "value", "n", ""),
        (
            (measure, names[measure], _said(one["value"], one["unit"]), one["n"], _remark(one))
            for measure, one in sorted(report["figures"].items())
        ),
    )
    if found := report["bottleneck"]:
        whom = "customer_service" if found["waits_for"] == "handler" else found["waits_for"]
        share = figure(found["share"], "share", "en")
        page.remark(
            f"The bottleneck: {STAFF_STAGES[found['stage']]['en']}, waiting for {DEPARTMENTS[whom]['en']}: {share}"
        )
    for measure, value in TABLES.items():
        rows = report["figures"][measure]["rows"][:MOST_ROWS]
        page.remark(names[measure])
        unit = "share" if value == "share" else "seconds"
        page.table(("", "n", value), ((one["key"], one["n"], _said(one["values"].get(value), unit)) for one in rows))


def comment_on(report: Mapping[str, Any]) -> str:
    """What a supervisor says of it, which is true of the figures."""
    in_time = report["figures"]["M14"]["value"]
    return words.COMMENT.format(in_time=words.UNKNOWN if in_time is None else figure(in_time, "share", "zh-CN"))


def _said(value: float | None, unit: str) -> str:
    return "—" if value is None else figure(value, unit, "en")


def _remark(one: Mapping[str, Any]) -> str:
    ripens = "" if one["ripe"] else f"ripe on {one['ripe_on'] or 'a later day'}"
    return ", ".join(said for said in (one["note"] or "", ripens) if said)
