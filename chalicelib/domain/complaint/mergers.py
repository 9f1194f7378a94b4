"""Two complaints that are handled as one: what goes along to the other, and what the merged one learns of it."""

from chalicelib.domain.complaint import events, parts, safety
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault
from chalicelib.domain.ground.record import Event
from chalicelib.domain.vocabulary.terms import Outcome

MOST_TAKEN_IN = 10  # each stands in the other's record, with its files
BETWEEN = "."
"""Stands in the id of a file between the complaint it belongs to and its own id there."""


def issues(merged: Complaint, other: Complaint) -> list[Event]:
    """5.4: the plan of the other must not slip past legal. A danger goes along too; what it asks for stays with the
    merged one, and whoever must be told has been."""
    found: list[Event] = [*safety.goes_along(merged, other)]
    if merged.legal_issue and (not other.legal_issue or other.plan_draft):  # what legal read says nothing of this one
        found.append(events.LegalIssueRaised(why="merger", of=merged.complaint_id))
    return found


def comes_up(entry: Entry, merged: Complaint, other: Complaint) -> list[Event]:
    """The same for what `entry` brings up once it is merged: quality assesses it, a file is described. What was done
    about the other since then holds: whoever lowered a danger, or drafted a plan, has had the last word."""
    changed = other.safety.since if other.safety else None
    drafted = other.plan_draft.drafted_at if other.plan_draft else None
    return [
        found
        for found in issues(merged, other)
        if not ((last := changed if isinstance(found, events.DangerFound) else drafted) and last > entry.at)
    ]


def why_not(merged: Complaint, other: Complaint) -> FieldFault | None:
    """What speaks against a merger, to whoever asks for it."""
    if merged.legal_issue and other.plan_in_force and not other.legal_issue:
        return FieldFault("into", "plan_not_read_by_legal")
    if len(other.taken_in) + len(merged.taken_in) >= MOST_TAKEN_IN:
        return FieldFault("into", "most_merged", {"merged": len(other.taken_in), "most": MOST_TAKEN_IN})
    return None


def taking_in(holder: Complaint, merged: Complaint) -> list[events.ComplaintJoined]:
    """What a complaint is to know of one that is handled together with it; nothing that it knows."""
    files = tuple(
        parts.TakenFile(
            evidence_id=f"{merged.complaint_id}{BETWEEN}{file.evidence_id}",
            **{name: getattr(file, name) for name in ("content_type", "size", "added_by", "received_at", "has_place")},
        )
        for file in merged.evidence
    )
    named = tuple(sorted({*merged.named, *(name for one in merged.taken_in for name in one.named)}))
    taken = parts.TakenIn(complaint_id=merged.complaint_id, files=files, named=named)
    return [] if taken in holder.taken_in else [events.ComplaintJoined(taken=taken)]


def whose(evidence_id: str) -> tuple[str, str]:
    """The complaint that a file was taken over from, "" if from none, and the file's id there."""
    complaint_id, _, own = evidence_id.rpartition(BETWEEN)
    return complaint_id, own


def opened_here(holder: Complaint) -> set[str]:
    """The ids of others' files that staff open here: of those handled together with it, and for good of what its report
    cites, which is of record however the merger ended."""
    cited = holder.investigation_report.evidence if holder.investigation_report else ()
    return {file.evidence_id for file in holder.taken_files} | {one for one in cited if whose(one)[0]}


def news(merged: Complaint, other: Complaint, *, same_contact: bool) -> list[Event]:
    """What a merged complaint is to learn of the one that is handled in its place; nothing that it knows."""
    of = other.complaint_id
    found: list[Event] = []
    told_round, told_end = merged.other_round, merged.other_closed_at
    if merged.merged_into != of:
        found.append(events.MergerMoved(into=of))
        told_round = told_end = None
    plan = other.plan_in_force
    if plan and plan.round != told_round and other.outcome in (None, Outcome.SATISFIED):
        shown = plan.plan.model_copy(update={"evidence": ()})  # the other's files are the other's to see
        found.append(events.OtherPlanProposed(of=of, round=plan.round, plan=shown))
    if other.outcome and other.closed_at and other.closed_at != told_end:
        agreed = same_contact and other.accepted_by_consumer
        found.append(events.OtherClosed(of=of, outcome=other.outcome, closed_at=other.closed_at, agreed=agreed))
    elif told_end and not other.closed_at:
        found.append(events.OtherReopened(of=of))
    return found
