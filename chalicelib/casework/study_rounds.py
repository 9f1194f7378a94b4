"""Who has to study which version by when (8.2): looked at each working morning.

Who came, or came into another department, is noted then, and told; from then on their days are counted. Whoever has
three working days left, or one, is reminded; the supervisor gets the list of who is late, when somebody new is on it,
and once a week. Whoever works here no more is on no list.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib import log
from chalicelib.adapters import outbox, roster, store, studies
from chalicelib.adapters.studies import Known
from chalicelib.domain.governance import study as studying
from chalicelib.domain.governance.study import Study
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.notices import NoticeKey, person

from . import rules, study

REMINDED = (3, 1)
"""So many working days before it is due."""
TOLD = "unstudied"
LATE_TOLD_TO = Role.SUPERVISOR
"""Who is told who is late with a version."""
"""The mark of when the supervisor was told last of who is late."""
States = Literal["studied", "due", "overdue", "not_needed"]


class Standing(NamedTuple):
    """How somebody of staff stands with a version. `due_at`: None where they need not study it (any more)."""

    known: Known
    version: int
    state: States
    due_at: datetime | None
    studied_at: datetime | None


def look(occasion: datetime, now: datetime) -> None:
    """Notes who is here, and tells whom it concerns. Raises ClientError or BotoCoreError, if the pool does not
    answer: nobody has gone for that."""
    note_staff(occasion, now)
    key = int(f"{occasion.astimezone(rules.in_force(now).zone):%Y%m%d}")
    owed = [one for one in everybody(now) if one.state in ("due", "overdue")]
    asked = {one.known.person for one in owed if one.known.since == occasion}
    reminded = {one.known.person for one in owed if _is_reminded(one, occasion, now)} - asked
    for name in sorted(asked):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, person(name), "study_asked"), now, now)
    for name in sorted(reminded):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, person(name), "study_reminder"), now, now)
    if _is_told_of(owed, occasion, now):
        outbox.queue(NoticeKey(HOUSE_RECORD, key, LATE_TOLD_TO, "unstudied"), now, now)
        store.set_mark(TOLD, written(occasion))
    log.note("who has to study was looked at", asked=len(asked), reminded=len(reminded), owed=len(owed))


def _is_reminded(one: Standing, occasion: datetime, now: datetime) -> bool:
    if one.state != "due" or one.due_at is None:
        return False
    return studying.working_days_left(rules.in_force(now), one.due_at, occasion) in REMINDED


def _is_told_of(owed: list[Standing], occasion: datetime, now: datetime) -> bool:
    late = [one.due_at for one in owed if one.state == "overdue" and one.due_at]
    told = store.mark(TOLD) if late else None
    if not told or not late:
        return bool(late)
    last, zone = datetime.fromisoformat(told), rules.in_force(now).zone
    weeks = [moment.astimezone(zone).isocalendar()[:2] for moment in (last, occasion)]
    return last == occasion or max(late) > last or weeks[0] != weeks[1]


def note_staff(occasion: datetime, now: datetime) -> None:
    """Whoever is new here, or in a department, is so since the occasion."""
    here, noted = staff_by_name(now), studies.staff()
    if not here:
        log.note("by the user pool nobody works here: nobody was noted")
        return
    changed = {name: groups for name, groups in here.items() if name not in noted or noted[name].groups != groups}
    studies.note(_noted(noted.get(name), name, groups, occasion) for name, groups in changed.items())
    studies.strike(noted.keys() - here.keys())


def _noted(before: Known | None, name: str, groups: tuple[Role, ...], occasion: datetime) -> Known:
    """Who only left a department has nothing new to study."""
    fewer = before is not None and set(groups) <= set(before.groups)
    return Known(name, groups, before.since if before and fewer else occasion)


def staff_by_name(now: datetime) -> dict[str, tuple[Role, ...]]:
    """By name, the groups of everybody who works here."""
    found: dict[str, list[Role]] = {}
    for role in sorted(STAFF):
        for member in roster.members(role, now):
            found.setdefault(member.name, []).append(role)
    return {name: tuple(groups) for name, groups in found.items()}


# ---- who has, and who has not ----------------------------------------------------------------------------------------


def everybody(now: datetime) -> Iterator[Standing]:
    """How everybody stands with each version that is to be studied."""
    people = studies.staff().values()
    for version in study.to_be_studied(now):
        studied = studies.all_of(version.number)
        yield from (_standing(one, version, studied.get(one.person), rules.in_force(now), now) for one in people)


def of_version(number: str, now: datetime) -> list[Standing]:
    """How everybody who works here stands with one version, by name. Before the house's first working morning nobody is
    noted: then it is whoever the user pool knows, from now on. Raises NotFound."""
    version = rules.announced_as(number, now)
    needed = study.is_to_be_studied(version, now)
    studied, policy = studies.all_of(version.number), rules.in_force(now)
    noted = studies.staff() or {name: Known(name, groups, now) for name, groups in staff_by_name(now).items()}
    people = sorted(noted.values())
    return [_standing(one, version, studied.get(one.person), policy, now, needed=needed) for one in people]


def owed(name: str, now: datetime) -> list[Standing]:
    """What somebody is still to study, by version."""
    one, policy = studies.known(name), rules.in_force(now)
    if one is None:
        return []
    versions = study.to_be_studied(now)
    every = (_standing(one, version, studies.of(version.number, name), policy, now) for version in versions)
    return [one for one in every if one.state in ("due", "overdue")]


def _standing(
    one: Known, version: Announced, found: Study | None, policy: Policy, now: datetime, *, needed: bool = True
) -> Standing:
    if confirmed := found.confirmed(one.groups) if found else None:
        return Standing(one, version.number, "studied", None, confirmed.at)
    due = studying.due_at(policy, version.announced_at, one.since)
    if not needed or not study.is_needed(version, due, now):
        return Standing(one, version.number, "not_needed", None, None)
    return Standing(one, version.number, "overdue" if due <= now else "due", due, None)
