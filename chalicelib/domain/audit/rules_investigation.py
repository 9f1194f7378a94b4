"""What is looked at of the investigation: the order, the departments, the report, the files (3.4, 4.2b to 4.5b, 5).

In the order of the clauses."""

from functools import partial

from chalicelib.domain.audit.evidence import Evidence, Moment, is_said
from chalicelib.domain.audit.verdicts import (
    NOT_APPLICABLE,
    Check,
    Verdict,
    broken,
    holds,
    together,
    undecided,
    whether,
)
from chalicelib.domain.audit.visits import in_time, is_told, visits
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.ladders import INQUIRY
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment, Outcome


def checks_order(evidence: Evidence) -> Verdict:
    """4.2b: the report says that the order was checked, and nothing is closed as satisfied without one."""
    if _is_missing(evidence):
        return broken(evidence.closing.seq)
    reported = evidence.of(events.InvestigationReported)
    return together(whether(event.report.order_verified, one.seq) for one, event in reported)


def _is_missing(evidence: Evidence) -> bool:
    return evidence.complaint.outcome is Outcome.SATISFIED and evidence.complaint.investigation_report is None


def cites_what_is_there(evidence: Evidence) -> Verdict:
    """4.2b: what the report cites was there by then, and it says why it goes without answers that were not."""
    return together(_cites(one, event.report) for one, event in evidence.of(events.InvestigationReported))


def _cites(one: Moment, report: submissions.InvestigationReport) -> Verdict:
    there = {file.evidence_id for file in one.was.evidence} | {file.evidence_id for file in one.was.taken_files}
    waits = bool(one.was.open_inquiries) and not report.without_inquiries
    return whether(set(report.evidence) <= there and not waits, one.seq)


def is_answered_in_time(evidence: Evidence) -> Verdict:
    """4.2b: departments answer by when they were to."""
    first = len(evidence.span[0].was.breaches)
    known = evidence.latest.breaches[first : len(evidence.complaint.breaches)]
    missed = {one.clock for one in known if one.counted.ladder == INQUIRY and not one.void}
    asked = evidence.of(events.InquiryOpened)
    return together(broken(one.seq) if event.clock.name in missed else holds(one.seq) for one, event in asked)


def is_reported_in_time(evidence: Evidence) -> Verdict:
    """4.2c"""
    return in_time([*visits(evidence, Stage.INVESTIGATING)])


def has_report(evidence: Evidence) -> Verdict:
    """4.2c: the stage is not left without a whole report, nor anything closed as satisfied."""
    if _is_missing(evidence):
        return broken(evidence.closing.seq)
    reports = ((one.seq, event.report) for one, event in evidence.of(events.InvestigationReported))
    return together(whether(is_said(it.findings, it.root_cause, it.conclusion), seq) for seq, it in reports)


def is_coded(evidence: Evidence) -> Verdict:
    """3.4, 6.1: verdict and cause have codes, where the policy says so."""
    if not evidence.policy.coded_facts:
        return NOT_APPLICABLE
    reports = ((one.seq, event.report) for one, event in evidence.of(events.InvestigationReported))
    return together(whether(bool(it.verdict and it.cause_code), seq) for seq, it in reports)


def has_its_files(evidence: Evidence) -> Verdict:
    """4.5b: of each file that was taken in by then, what lies there is what was taken in."""
    files = [one for one in evidence.complaint.evidence if one.sha256]
    if not files:
        return NOT_APPLICABLE
    kept = evidence.evidence_hashes
    if kept is None or evidence.erased:
        return undecided()
    received = ((one.seq, one.event) for one in evidence.moments)
    taken = {event.evidence_id: seq for seq, event in received if isinstance(event, events.EvidenceReceived)}
    return together(whether(kept.get(one.evidence_id) == one.sha256, taken[one.evidence_id]) for one in files)


def answers_for_itself(department: AskedDepartment, evidence: Evidence) -> Verdict:
    """5.2 to 5.4: whoever is asked answers, and nobody else for them."""
    return together(
        whether(Role(department) in one.entry.actor.roles, one.seq)
        for one, event in evidence.of(events.InquiryAnswered)
        if department in [asked.department for asked in one.was.inquiries if asked.inquiry_id == event.inquiry_id]
    )


def tells_delivery(evidence: Evidence) -> Verdict:
    """5.3: the consumer is told where the goods are."""
    return together(is_told(evidence, one, "delivery_update") for one in evidence.happened(events.DeliveryUpdated))


CHECKS: dict[str, Check] = {
    "3.4-coded": is_coded,
    "4.2b-order": checks_order,
    "4.2b-cites": cites_what_is_there,
    "4.2b-in_time": is_answered_in_time,
    "4.2c-in_time": is_reported_in_time,
    "4.2c-report": has_report,
    "4.5b-files": has_its_files,
    "5.2-answers": partial(answers_for_itself, "quality"),
    "5.3-answers": partial(answers_for_itself, "logistics"),
    "5.3-told": tells_delivery,
    "5.4-answers": partial(answers_for_itself, "legal"),
}
