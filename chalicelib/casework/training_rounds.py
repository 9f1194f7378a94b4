"""Who is to learn what (6.2): looked at each working morning.

A morning reads the lines of the days since the last, of two kinds alone, and gives whatever the rules call for; what a
hearing decides is given as it is final (`training.follow_hearing`). Each has a key made of its cause, so that a morning
that is made again gives nothing twice. Whoever works here no more is reminded of nothing and on no list of who is late.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib import log
from chalicelib.adapters import figures, lines, outbox, store, studies
from chalicelib.adapters import training as trainings
from chalicelib.adapters.studies import Known
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.governance import study as studying
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import recent as lately
from chalicelib.domain.supervision import training as domain
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.recent import Recent
from chalicelib.domain.supervision.training import Evidence, Topic, Training
from chalicelib.domain.telling.notices import NoticeKey, person

from . import rules, study_rounds
from .batch import each
from .study_rounds import Standing

BEGUN, LOOKED, TOLD = "training begun", "training looked at", "training late"
"""The marks of when the list began, of when it was looked at last, and the supervisor told of who is late."""
AGAIN = 2
"""Days that are read once more each morning: some of their lines may have come late."""
KINDS = ("missed", "survey")


def look(occasion: datetime, now: datetime) -> None:
    """Gives what the rules call for, measures what was done sixty days ago, and tells whom it concerns.

    Raises RuntimeError, after all of them, if one could not be looked at.
    """
    recent, here = _read_on(occasion, now), studies.staff()
    if not here:
        log.note("nobody is noted as working here: no training was looked for")
        return
    known = _by_person()
    looking = Looking(occasion, now, rules.in_force(now), recent, _begun(occasion), _standings(now))
    names = sorted({*here, *known})
    fault = "a person's training was not looked at"
    failed = each(names, lambda one: _look_at(one, here.get(one), known.get(one, []), looking), fault, lambda one: {})
    _tell(occasion, now)
    log.note("the training list was looked at", people=len(names), failed=len(failed))
    if failed:
        raise RuntimeError(f"the training of {len(failed)} people could not be looked at")


class Looking(NamedTuple):
    """What a morning goes by."""

    occasion: datetime
    now: datetime
    policy: Policy
    recent: Recent
    begun: datetime
    standings: dict[str, list[Standing]]


def _read_on(occasion: datetime, now: datetime) -> Recent:
    """What staff did lately, with the days up to yesterday."""
    known, found = trainings.recent()
    yesterday = occasion.astimezone(rules.in_force(now).zone).date() - timedelta(days=1)
    recent, first = known, None if known.up_to else figures.first_closed_day()
    day = lately.first_to_read(known, first or yesterday, yesterday, AGAIN)
    while day <= yesterday:
        recent = lately.read(recent, day, _lines_of(day))
        day += timedelta(days=1)
    if recent != known:
        with suppress(Stale):  # somebody else looks at the same time, and read the same
            trainings.keep_recent(recent, found)
    return recent


def _lines_of(day: date) -> Iterator[Line]:
    for kind in KINDS:
        yield from (line for _, line in lines.of_kind(day, kind))


def _begun(occasion: datetime) -> datetime:
    """When the list began: who was here by then is no newcomer."""
    known = store.mark(BEGUN)
    if known is None:
        store.set_mark(BEGUN, written(occasion))
    return datetime.fromisoformat(known) if known else occasion


def _standings(now: datetime) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for one in study_rounds.everybody(now):
        found.setdefault(one.known.person, []).append(one)
    return found


def _by_person() -> dict[str, list[Training]]:
    found: dict[str, list[Training]] = {}
    for one in trainings.listed():
        found.setdefault(one.person, []).append(one)
    return found


def _look_at(name: str, here: Known | None, known: Sequence[Training], by: Looking) -> None:
    """One person: what is over is noted, then what there is to give is given."""
    kept = [_kept_up(one, by) for one in known]
    if here is None:
        return
    for topic, evidence in _called_for(name, here, kept, by):
        _give(name, topic, f"{by.occasion.astimezone(by.policy.zone):%Y%m%d}", evidence, by)


def _kept_up(one: Training, by: Looking) -> Training:
    """As it is after what the house finds of it by itself: the quiz is passed, the calendar known, the days over."""
    after = one if one.before else domain.looked_back(one, by.recent, by.policy)
    if after is one:
        after = domain.recounted(one, by.policy)
    if after is one and one.topic == "policy" and not one.done_at and (passed := _studied(one, by)):
        after = domain.studied(one, passed)
    if after is one and domain.is_to_be_measured(one, by.recent, by.policy):
        owes = any(standing.state == "overdue" for standing in by.standings.get(one.person, []))
        after = domain.measured(one, by.recent, by.policy, studied=None if one.topic != "policy" else not owes)
    if after is not one:
        with suppress(Stale):  # they did something at the same moment: tomorrow
            trainings.put(after, by.now)
    return after


def _studied(one: Training, by: Looking) -> datetime | None:
    """When all that gave rise to it was studied, or need be no more; None while some is owed."""
    numbers = {evidence.of for evidence in one.evidence}
    standings = [standing for standing in by.standings.get(one.person, []) if str(standing.version) in numbers]
    if any(standing.state in ("due", "overdue") for standing in standings):
        return None
    return max((standing.studied_at for standing in standings if standing.studied_at), default=by.now)


def _called_for(
    name: str, here: Known, known: Sequence[Training], by: Looking
) -> Iterator[tuple[Topic, list[Evidence]]]:
    work = by.recent.of(name)
    if low := domain.of_conduct(work, known):
        yield "conduct", [Evidence(what="low_answer", of=one.id, number=one.closure, at=one.at) for one in low]
    missed = domain.of_deadlines(work, known)
    if missed and (still := _still_held(missed, name)) and len(still) >= domain.MISSED_TIMES:
        yield "deadlines", [Evidence(what="missed", of=one.id, number=one.seq, at=one.due_at) for one in still]
    if domain.may_be_given(known, "policy") and (unstudied := [*_unstudied(name, by)]):
        yield "policy", unstudied
    if _is_newcomer(here, known, by):
        yield "newcomer", [Evidence(what="joined", at=here.since)]


def _still_held(missed: Sequence[lately.MissedTime], name: str) -> list[lately.MissedTime]:
    found = store.load_all(list(dict.fromkeys(one.id for one in missed)), Complaint)
    return [one for one in missed if one.id in found and domain.is_still_held(one, found[one.id], name)]


def _unstudied(name: str, by: Looking) -> Iterator[Evidence]:
    """Versions that should have been studied, and those whose quiz was tried in vain as often as a day allows."""
    for one in by.standings.get(name, []):
        number = str(one.version)
        if one.state == "overdue" and one.due_at:
            yield Evidence(what="version_unread", of=number, at=one.due_at)
        elif one.state == "due" and (at := _failed_at(one.version, name, by)):
            yield Evidence(what="quiz_failed", of=number, at=at)


def _failed_at(version: int, name: str, by: Looking) -> datetime | None:
    """When the last try of a day was failed of which there was none left."""
    found = studies.of(version, name)
    tries = [one for one in found.tries if not one.passed] if found else []
    most = by.policy.study.tries_a_day
    days = [one.at.astimezone(by.policy.zone).date() for one in tries]
    return next((one.at for one, day in reversed([*zip(tries, days, strict=True)]) if days.count(day) >= most), None)


def _is_newcomer(here: Known, known: Sequence[Training], by: Looking) -> bool:
    """Who came into customer service; once for each time that they did."""
    if Role.CUSTOMER_SERVICE not in here.groups or not domain.is_new(here.since, by.begun, by.now):
        return False
    return not any(one.topic == "newcomer" and one.given_at >= here.since for one in known)


def _give(name: str, topic: Topic, of: str, evidence: Iterable[Evidence], by: Looking) -> None:
    one = domain.given(name, topic, of, evidence, by.now, by.policy)
    one = domain.looked_back(one, by.recent, by.policy).model_copy(update={"edition": 1})
    with suppress(Stale):  # it was given before
        trainings.put(one, by.now)


# ---- who is told -----------------------------------------------------------------------------------------------------


def _tell(occasion: datetime, now: datetime) -> None:
    """Whoever was given one since it was looked at last is told, whoever has three working days left, or one, is
    reminded, and the supervisor gets the lists of what is late and of what is to be confirmed."""
    policy, here, every = rules.in_force(now), studies.staff(), [*trainings.listed()]
    key = int(f"{occasion.astimezone(policy.zone):%Y%m%d}")
    open_ones = [one for one in every if not one.done_at and one.person in here]
    since = datetime.fromisoformat(store.mark(LOOKED) or written(occasion - timedelta(days=1)))
    asked = {one.person for one in open_ones if one.given_at > since}
    reminded = {one.person for one in open_ones if _is_reminded(one, policy, occasion)} - asked
    for name in sorted(asked):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, person(name), "training_given"), now, now)
    for name in sorted(reminded):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, person(name), "training_reminder"), now, now)
    if _is_told_of([one for one in open_ones if one.is_late(now)], occasion, policy):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, Role.SUPERVISOR, "training_late"), now, now)
        store.set_mark(TOLD, written(occasion))
    if any(one.state == "done" and one.done_at and one.done_at >= since for one in every):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, Role.SUPERVISOR, "training_to_confirm"), now, now)
    store.set_mark(LOOKED, written(now))


def _is_reminded(one: Training, policy: Policy, occasion: datetime) -> bool:
    left = studying.working_days_left(policy, one.due_at, occasion)
    return one.due_at > occasion and left in domain.REMINDED


def _is_told_of(late: Sequence[Training], occasion: datetime, policy: Policy) -> bool:
    told = store.mark(TOLD) if late else None
    if not told:
        return bool(late)
    last = datetime.fromisoformat(told)
    weeks = [moment.astimezone(policy.zone).isocalendar()[:2] for moment in (last, occasion)]
    return last == occasion or max(one.due_at for one in late) > last or weeks[0] != weeks[1]
