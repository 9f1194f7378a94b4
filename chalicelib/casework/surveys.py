"""Consumers are asked how it was (6.2): each contact once in some days, and not who does not want to be."""

from datetime import datetime, timedelta

from chalicelib.adapters import store, surveyed
from chalicelib.adapters.repeats import hashes
from chalicelib.domain.complaint import clocks, events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Conflict, Stale
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.record import Event
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.terms import Spared

from . import rules
from .observe import observe
from .once import ATTEMPTS


def ask(complaint_id: str, closure: int, now: datetime) -> None:
    """The consumer is asked, or it is known why not. Again: nothing.

    The contact is claimed first: whoever dies in between claims it again by the name of the same survey.
    """
    case = store.load(complaint_id, Complaint)
    if case is None or not _is_due(case.state, closure):
        return
    policy = rules.version(case.state.policy_version, now)
    why = _spared(case.contact, f"{complaint_id} {closure}", now, policy)

    def finding(complaint: Complaint) -> list[Event]:
        if not _is_due(complaint, closure):
            return []
        if why:
            return [events.SurveySpared(closure=closure, why=why)]
        return [events.SurveySent(closure=closure, clock=clocks.answer_clock(complaint, now, policy))]

    observe(complaint_id, finding, now)


def _is_due(complaint: Complaint, closure: int) -> bool:
    survey = complaint.survey
    return survey is not None and (survey.closure, survey.state) == (closure, "due")


def _spared(contact: Contact, survey: str, now: datetime, policy: Policy) -> Spared | None:
    if not hashes(contact):
        return "unknown"
    until = now + timedelta(days=policy.survey.once_in_days)
    for _ in range(ATTEMPTS):
        try:
            claimed = surveyed.claim(contact, survey, now, until)
        except Stale:
            continue
        return None if claimed == "claimed" else claimed
    raise Conflict("changed_by_others")


def keep_refusal(complaint_id: str) -> None:
    """Whoever declined is not asked by any complaint. Again: the same."""
    if case := store.load(complaint_id, Complaint):
        surveyed.opt_out(case.contact)
