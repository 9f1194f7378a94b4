"""Consumers are asked how it was (6.2): each contact once in some days, and not who does not want to be."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from chalicelib.adapters import lines, signing, store, surveyed
from chalicelib.adapters.repeats import hashes
from chalicelib.domain.complaint import clocks, events, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground import instants
from chalicelib.domain.ground.errors import Conflict, FieldFault, Invalid, Malformed, Stale
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.record import Event
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.lines import Surveyed
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


# ---- what was answered -----------------------------------------------------------------------------------------------

MOST_DAYS, USUAL_DAYS = 31, 7
PURPOSE = "surveys"


def days(first: str | None, last: str | None, now: datetime, usual: int = USUAL_DAYS) -> tuple[date, date]:
    """The days that are meant, both included; `usual`: how many, if nobody says. Raises Invalid for what is none, and
    for too many."""
    today = now.astimezone(rules.in_force(now).zone).date()
    until = _day("to", last) if last else today
    since = _day("from", first) if first else until - timedelta(days=usual - 1)
    if (until - since).days >= MOST_DAYS:
        raise Invalid([FieldFault("from", "too_many_days", {"most": MOST_DAYS})])
    return since, until


def _day(field: str, said: str) -> date:
    try:
        return instants.day(said)
    except ValueError:
        raise Invalid([FieldFault(field, "not_a_day")]) from None


def answers(
    first: date, last: date, low: bool | None, limit: int, cursor: str | None
) -> tuple[list[tuple[parts.Survey, Complaint]], str | None]:
    """A page of what was answered on some days, as it stands, each with its complaint. Raises Malformed.

    Read from the lines of these days; one that was changed since is left out for the one that took its place.
    """
    purpose = f"{PURPOSE} {first} {last} {low}"
    found = list(islice(_answered(first, last, low, _opened(purpose, cursor)), limit + 1))
    page = found[:limit]
    states = store.load_all([line.id for _, line in page], Complaint) if page else {}
    shown = [pair for _, line in page if (pair := _as_it_stands(line, states.get(line.id)))]
    return shown, signing.sign(purpose, {"after": page[-1][0]}) if len(found) > limit else None


def _opened(purpose: str, cursor: str | None) -> str:
    if cursor is None:
        return ""
    try:
        return str(signing.verify(purpose, cursor)["after"])
    except signing.BadSignature:
        raise Malformed("cursor_not_ours") from None


def _answered(first: date, last: date, low: bool | None, after: str) -> Iterator[tuple[str, Surveyed]]:
    for place, line in _lines(first, last, after):
        if line.what == "answered" and low in (line.is_low, None):
            yield place, line


def _lines(first: date, last: date, after: str) -> Iterator[tuple[str, Surveyed]]:
    """What became of surveys on some days, each with its place there; what comes after a place."""
    begun, _, place = after.partition(" ")
    day = date.fromisoformat(begun) if begun else first
    while day <= last:
        for at, line in lines.of_kind(day, "survey", place):
            if isinstance(line, Surveyed):
                yield f"{day} {at}", line
        day, place = day + timedelta(days=1), ""


def _as_it_stands(line: Surveyed, complaint: Complaint | None) -> tuple[parts.Survey, Complaint] | None:
    said = next((one for one in complaint.surveys if one.said_in == line.seq), None) if complaint else None
    return (said, complaint) if said and complaint else None


# ---- what has not been answered --------------------------------------------------------------------------------------

MOST_LOOKED_AT = 100
"""Surveys that were sent, of which a page shows those that are not answered."""
TO_ASK = "surveys to ask by phone"


def to_ask(limit: int, cursor: str | None, now: datetime) -> tuple[list[tuple[parts.Survey, Complaint]], str | None]:
    """A page of what can be answered still and has not been, soonest over first: for whoever asks by phone. It may hold
    less than `limit`, and go on. Raises Malformed.

    Read from the lines of the days on which they were sent, one round trip for each shard of them.
    """
    policy = rules.in_force(now)
    today = now.astimezone(policy.zone).date()
    sent = _sent(today - timedelta(days=policy.survey.expires_after_days), today, _opened(TO_ASK, cursor))
    found = list(islice(sent, MOST_LOOKED_AT + 1))
    ids = [*dict.fromkeys(line.id for _, line in found[:MOST_LOOKED_AT])]
    states = store.load_all(ids, Complaint) if ids else {}
    shown: list[tuple[parts.Survey, Complaint]] = []
    for number, (place, line) in enumerate(found[:MOST_LOOKED_AT], start=1):
        if waiting := _waits(line, states.get(line.id)):
            shown.append(waiting)
        if len(shown) == limit or number == MOST_LOOKED_AT:
            return shown, signing.sign(TO_ASK, {"after": place}) if len(found) > number else None
    return shown, None


def _sent(first: date, last: date, after: str) -> Iterator[tuple[str, Surveyed]]:
    return ((place, line) for place, line in _lines(first, last, after) if line.what == "sent")


def _waits(line: Surveyed, complaint: Complaint | None) -> tuple[parts.Survey, Complaint] | None:
    survey = complaint.survey if complaint else None
    if complaint is None or survey is None or (survey.closure, survey.state) != (line.closure, "open"):
        return None
    return survey, complaint
