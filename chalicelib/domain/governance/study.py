"""How staff study a version of the policy (8.2): each chapter is opened, then a quiz is passed, which confirms it.

Everybody of staff studies the version in force and those announced to come; each by the end of so many working days
after its announcement, or after they came here, or into another department, whichever was last. What holds no more by
then, because another version that is announced takes its place, nobody is asked to study. Who comes into a
department studies the version in force anew, for that department: what was confirmed before was confirmed for others.

Which questions are drawn, in which order and under which letters their answers stand follows from a lot, which the
house casts for each try of each person: nobody else can tell, and the same page comes again however often it is asked
for. Chapters come up in turn, so that as many as possible are asked about. The figures in the questions are those of
the version that is studied.
"""

import hashlib
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import count
from string import ascii_lowercase
from typing import NamedTuple

from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import figures
from chalicelib.domain.policy.policies import INSTANT, Policy
from chalicelib.domain.policy.quiz import SECTIONS, Question, Spoken
from chalicelib.domain.policy.rules import Rules, StudyRules

OVERSEERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
"""Who sees how everybody stands."""
KEPT_TRIES = 20
ANSWERS = "answers"


class Try(Model):
    """One attempt at the quiz. `number` counts those of a person at a version; `again`: chapters to be read again."""

    number: int
    at: Instant
    asked: int
    right: int
    again: tuple[str, ...]
    passed: bool


class Confirmation(Model):
    """Somebody has studied a version, known by its hash, for the departments that they were in."""

    at: Instant
    hash: str
    departments: tuple[Role, ...]
    number: int


class Study(Model):
    """How far somebody has come with a version. `opened`: by chapter, when it was opened last; `operating`: from whose
    pool the next questions are drawn; `tries`: the last of them, of `tried`; `edition` counts the changes of all this.
    """

    version: int
    person: str
    operating: int
    opened: dict[str, Instant] = {}  # noqa: RUF012 — never changed
    tried: int = 0
    tries: tuple[Try, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    edition: int = 0

    def confirmed(self, departments: Collection[Role]) -> Confirmation | None:
        """Since when it has been studied for all of these departments."""
        return next((one for one in self.confirmations if set(departments) <= set(one.departments)), None)

    @property
    def unread(self) -> list[str]:
        """The chapters that are still to be opened; all of them, where it is studied anew."""
        last = self.confirmations[-1].at if self.confirmations else None
        read = {name for name, at in self.opened.items() if last is None or at > last}
        return [name for name in SECTIONS if name not in read]

    def tried_today(self, now: datetime, zone: tzinfo) -> int:
        """How many tries there were on this day of the policy's time zone."""
        today = now.astimezone(zone).date()
        return sum(one.at.astimezone(zone).date() == today for one in self.tries)


class Asked(NamedTuple):
    """A question as it is put to somebody: `choices` by letter, `right` one of the letters."""

    id: str
    section: str
    asks: Spoken
    choices: dict[str, Spoken]
    right: str


# ---- who, by when ----------------------------------------------------------------------------------------------------


def due_at(policy: Policy, announced_at: datetime | None, since: datetime) -> datetime:
    """When somebody must have studied a version, who has been in their departments `since` then."""
    begins = max(announced_at, since) if announced_at else since
    return policy.after_working_days(begins, policy.study.due_working_days).at


def is_needed(begins: datetime, ends: datetime | None, due: datetime) -> bool:
    """Whether a version, in force from `begins` up to `ends`, still holds or is still to come when it is due. One that
    another overtakes before it begins never holds."""
    return ends is None or ends > max(begins, due)


def working_days_left(policy: Policy, due: datetime, now: datetime) -> int:
    """Working days after today, up to the last day; a day that is over has none left."""
    last, today = ((due - INSTANT).astimezone(policy.zone).date(), now.astimezone(policy.zone).date())
    days = (today.fromordinal(day) for day in range(today.toordinal() + 1, last.toordinal() + 1))
    return sum(policy.calendar.is_working_day(day) for day in days)


# ---- the quiz --------------------------------------------------------------------------------------------------------


def drawn(pool: Iterable[Question], rules: Rules, many: int, lot: str) -> tuple[Asked, ...]:
    """`many` questions of a pool about a version, fewer where there are not as many, as the lot falls."""
    usable = sorted((one for one in pool if one.usable), key=lambda one: _place(lot, one.id))
    turns: dict[str, count[int]] = {}
    in_turn = sorted(usable, key=lambda one: next(turns.setdefault(one.section, count())))
    chosen = sorted(in_turn[:many], key=lambda one: _place(lot, "shown", one.id))
    return tuple(_asked(one, rules, lot) for one in chosen)


def _asked(question: Question, rules: Rules, lot: str) -> Asked:
    right = _filled(question.right, rules)
    wrong = [
        one for one in (_filled(one, rules) for one in question.wrong) if not set(one.values()) & set(right.values())
    ]
    choices = [right, *wrong]
    random.Random(_place(lot, "choices", question.id)).shuffle(choices)
    letters = dict(zip(ascii_lowercase, choices, strict=False))
    letter = next(name for name, one in letters.items() if one is right)
    return Asked(question.id, question.section, _filled(question.asks, rules), letters, letter)


def _filled(said: Spoken, rules: Rules) -> Spoken:
    return {locale: figures.filled(sentence, rules, locale) for locale, sentence in said.items()}


def _place(*said: str) -> str:
    return hashlib.sha256("|".join(said).encode()).hexdigest()


def graded(asked: Sequence[Asked], answers: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """How many of the answers are right, and the chapters of those that are not, in the order of the policy.

    Raises Invalid for questions that were not asked or not answered, and for choices that there are not.
    """
    known = {one.id: one for one in asked}
    faults = [FieldFault(ANSWERS, "not_asked")] if answers.keys() - known.keys() else []
    faults += [FieldFault(f"{ANSWERS}.{name}", "not_answered") for name in known if name not in answers]
    chosen = [(one, answers[name]) for name, one in known.items() if name in answers]
    faults += [
        FieldFault(f"{ANSWERS}.{one.id}", "no_such_choice") for one, choice in chosen if choice not in one.choices
    ]
    if faults:
        raise Invalid(faults)
    wrong = {one.section for one, choice in chosen if choice != one.right}
    right = sum(choice == one.right for one, choice in chosen)
    return right, tuple(name for name in SECTIONS if name in wrong)


def passes(right: int, asked: int, by: StudyRules) -> bool:
    """A pool without questions is passed by whoever has read it all."""
    return right * 100 >= asked * by.pass_percent


# ---- how it goes on --------------------------------------------------------------------------------------------------


def opened(study: Study, section: str, now: datetime) -> Study:
    """A chapter was opened."""
    return study.model_copy(update={"opened": {**study.opened, section: now}, "edition": study.edition + 1})


def tried(study: Study, one: Try, operating: int, confirmation: Confirmation | None) -> Study:
    """A try was made, and passed if it is confirmed by it. `operating`: from whose pool the next is drawn."""
    more = {"confirmations": (*study.confirmations, confirmation)} if confirmation else {}
    made = {"tried": one.number, "tries": (*study.tries, one)[-KEPT_TRIES:], "operating": operating}
    return study.model_copy(update={**made, **more, "edition": study.edition + 1})
