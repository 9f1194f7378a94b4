"""What is looked at of the intake: the policy, who files, the fields, receipt and acknowledgement (1.1 to 4.2a)."""

from datetime import timedelta

from chalicelib.domain.audit.evidence import Evidence, is_said
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
from chalicelib.domain.complaint import events
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

AT_ONCE = timedelta(seconds=1)
"""What follows in the same second is one transaction's."""


def goes_by_version(evidence: Evidence) -> Verdict:
    """1.1: the version it goes by was in force when it was received."""
    first = evidence.moments[0]
    if evidence.closure > 1 or evidence.policy.version != first.after.policy_version:
        return NOT_APPLICABLE if evidence.closure > 1 else undecided(1)
    return whether(evidence.policy.effective_from <= first.entry.at, 1)


def has_actors(evidence: Evidence) -> Verdict:
    """2.1: whoever did something is known, staff with their department."""
    nameless = [one.seq for one in evidence.span if not one.entry.actor.id or not one.entry.actor.roles]
    return broken(*nameless) if nameless else holds()


def has_receipt(evidence: Evidence) -> Verdict:
    """3.1"""
    return together(is_told(evidence, one, "receipt") for one in evidence.happened(events.ComplaintFiled))


def comes_by_its_channel(evidence: Evidence) -> Verdict:
    """4.1a: storefronts file for web and app, staff for who calls."""
    filed = evidence.happened(events.ComplaintFiled)
    return together(whether((one.after.channel == "phone") == (one.entry.actor.kind == "staff"), 1) for one in filed)


def has_fields(evidence: Evidence) -> Verdict:
    """4.1b"""
    filed = evidence.happened(events.ComplaintFiled)
    return together(
        verdict
        for one in filed
        for verdict in (
            whether(is_said(one.after.order_number, one.after.product_name, one.after.description), one.seq),
            whether(None if evidence.erased else evidence.reachable, one.seq),
        )
    )


def is_acknowledged(evidence: Evidence) -> Verdict:
    """4.1c: within the hours of the policy, and before anything is closed as satisfied."""
    if evidence.complaint.outcome is Outcome.SATISFIED and evidence.complaint.acknowledged_at is None:
        return broken(evidence.closing.seq)
    return in_time([*visits(evidence, Stage.RECEIVED)])


def tells_acknowledgement(evidence: Evidence) -> Verdict:
    """4.1c: and the consumer is told in that time."""
    return together(
        is_told(evidence, one, "acknowledgement", by=one.entry.enters.was_due_at if one.entry.enters else None)
        for one in evidence.happened(events.ComplaintAcknowledged)
    )


def asks_department(evidence: Evidence) -> Verdict:
    """4.2a: with the acknowledgement the house asks the department to which the category is routed."""
    return together(_asks(evidence, one.seq) for one in evidence.happened(events.ComplaintAcknowledged))


def _asks(evidence: Evidence, seq: int) -> Verdict:
    acknowledged = evidence.moments[seq - 1]
    for one in evidence.moments[seq:]:
        if one.entry.at - acknowledged.entry.at > AT_ONCE:
            break
        if isinstance(one.event, events.InquiryOpened) and one.event.operating is not None:
            return holds(one.seq)
    enters, operating = acknowledged.entry.enters, evidence.policy.operating
    if not enters or not enters.clock or enters.clock.operating != operating.version:
        return undecided(seq)
    return broken(seq) if operating.route(acknowledged.after.category).question else NOT_APPLICABLE


def is_done_by_customer_service(evidence: Evidence) -> Verdict:
    """5.1: intake, investigation and feedback are theirs."""
    theirs = (events.ComplaintAcknowledged, events.InvestigationReported, events.PlanProposed)
    return together(
        whether(Role.CUSTOMER_SERVICE in one.entry.actor.roles, one.seq) for one in evidence.happened(*theirs)
    )


CHECKS: dict[str, Check] = {
    "1.1-version": goes_by_version,
    "2.1-actors": has_actors,
    "3.1-receipt": has_receipt,
    "4.1a-channel": comes_by_its_channel,
    "4.1b-fields": has_fields,
    "4.1c-in_time": is_acknowledged,
    "4.1c-told": tells_acknowledgement,
    "4.2a-asked": asks_department,
    "5.1-handler": is_done_by_customer_service,
}
