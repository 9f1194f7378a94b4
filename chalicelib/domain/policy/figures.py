"""The figures of a version of the rules by their names ("clocks.received"), as sentences say them: "24 hours"."""

import re
from collections.abc import Iterable, Mapping

from chalicelib.domain.policy.rules import CLOCKS, Clock, Rules
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

NAMED = re.compile(r"\{([^{}]*)\}")
UNITS: Mapping[str, str] = {
    "link_days": "days",
    "reopening_days": "days",
    "review_days": "days",
    "repeats_within_days": "days",
    "statistics_days": "days",
    "longest_wait_working_days": "working_days",
    "survey.after_days": "days",
    "survey.expires_after_days": "days",
    "survey.change_hours": "hours",
    "survey.once_in_days": "days",
    "amendments.notice_days": "days",
    "amendments.major_notice_days": "days",
    "amendments.decision_working_days": "working_days",
    "amendments.answer_working_days": "working_days",
    "study.due_working_days": "working_days",
}
"""Of those that are lengths of time, in what."""
NUMBERS = (
    "version",
    "reopenings",
    "amendments.review_months",
    "study.questions",
    "study.pass_percent",
    "study.tries_a_day",
)
INTERPRETER = "interpreter"
NAMES = frozenset({*UNITS, *NUMBERS, INTERPRETER, *(f"clocks.{clock}" for clock in CLOCKS)})


def names_in(sentences: Iterable[str]) -> set[str]:
    """The figures that sentences name, "{clocks.received}", whether there are such or not."""
    return {name for sentence in sentences for name in NAMED.findall(sentence)}


def filled(sentence: str, rules: Rules, locale: Locale) -> str:
    """A sentence with the figures that it names. Raises KeyError for one that is not among `NAMES`."""
    return NAMED.sub(lambda found: _said(found[1], rules, locale), sentence)


def _said(name: str, rules: Rules, locale: Locale) -> str:
    if name not in NAMES:
        raise KeyError(name)
    part, _, inner = name.rpartition(".")
    if part == "clocks":
        return _length(rules.clocks[inner], locale)
    if name == INTERPRETER:
        return spoken.DEPARTMENTS[rules.interpreter][locale]
    figure = getattr(getattr(rules, part) if part else rules, inner)
    return spoken.period(figure, UNITS[name], locale) if name in UNITS else str(figure)


def _length(clock: Clock, locale: Locale) -> str:
    [(unit, length)] = clock.model_dump(exclude_none=True, exclude={"starts"}).items()
    return spoken.period(length, unit, locale)
