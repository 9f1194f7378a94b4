"""A management review as a document that one can read and print (6): what there was to look at, what was said, what was
decided and what became of it. No word stands here: they are in `words/<locale>.json`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.management_review import Inputs, ManagementReview
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

from .audit_page import quarter
from .document import environment, style
from .reading import Reading


class Link(NamedTuple):
    """What one follows, and where that leads."""

    name: str
    href: str


class _Line(NamedTuple):
    """A figure as it is, as it was, and by how much it is different; of how many each."""

    measure: str
    name: str
    now: str
    n: str
    before: str
    n_before: str
    change: str


def as_html(review: ManagementReview, inputs: Inputs, locale: Locale, policy: Policy, today: date) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `today`: by which what is open is late."""
    said = _said(review, inputs, locale, policy, today)
    return environment().get_template("review.html").render(style=style(), at=_nowhere, finishes={}, **said)


def body(
    review: ManagementReview,
    inputs: Inputs,
    locale: Locale,
    policy: Policy,
    today: date,
    at: Callable[[str], str],
    finishes: Mapping[int, Link],
) -> str:
    """What is below its title, for a page on the screen. `at`: the address of a record, by its name, nothing if it has
    none there; `finishes`: by number, where somebody says that a measure is done."""
    said = _said(review, inputs, locale, policy, today)
    return environment().get_template("review_body.html").render(at=at, finishes=finishes, **said)


def _nowhere(record: str) -> str:
    return ""


def title(review: ManagementReview, locale: Locale) -> str:
    """What a review is called, by its half-year."""
    return spoken.spoken_review(review.half.first, locale)


def _said(review: ManagementReview, inputs: Inputs, locale: Locale, policy: Policy, today: date) -> dict[str, Any]:
    say = Reading(locale, policy.time_zone, policy.operating.causes)
    return {
        "say": say,
        "review": review,
        "inputs": inputs,
        "lines": _lines(inputs, say),
        "bottleneck": _bottleneck(inputs, say),
        "definitions": definitions(locale),
        "topics": {topic: names[locale] for topic, names in spoken.TRAINING_TOPICS.items()},
        "severities": {name: names[locale] for name, names in spoken.SEVERITIES.items()},
        "audit_stages": {stage: names[locale] for stage, names in spoken.AUDIT_STAGES.items()},
        "amendment_stages": {stage: names[locale] for stage, names in spoken.AMENDMENT_STAGES.items()},
        "stage": spoken.REVIEW_STAGES[review.stage][locale],
        "title": title(review, locale),
        "called": lambda record: _called(record, say),
        "today": today,
    }


def _called(record: str, say: Reading) -> str:
    """What people call a record that a review names: a report of a month or half a year, an audit, a review; nothing,
    where they have no other name for it."""
    name, _, rest = record.partition("_")
    kind, *said = rest.split("-")
    if name == "review":
        return spoken.spoken_review(date(int(kind[:4]), 6 * int(kind[-1]) - 5, 1), say.locale)
    if name == "audit":
        return say("audit.title", period=quarter(kind, say))
    if (name, kind) == ("report", "half_yearly"):
        return say("title.half_yearly", period=say(f"period.half.{said[1][1:]}", year=said[0]))
    if (name, kind) == ("report", "monthly"):
        month = spoken.MONTHS[int(said[1]) - 1] if say.locale == "en" else str(int(said[1]))
        return say("title.monthly", period=say("period.month", year=said[0], month=month))
    return ""


def _lines(inputs: Inputs, say: Reading) -> list[_Line]:
    """The figures that one number stands for."""
    made: list[_Line] = []
    found = inputs.performance
    for measure, figure in found.figures.items() if found else ():
        other = found.before.get(measure) if found else None
        value = say.value_of(figure)
        if value:
            made.append(
                _Line(
                    measure,
                    definitions(say.locale)[measure].name,
                    value,
                    say.number(figure.n, "count"),
                    say.value_of(other) if other else "",
                    say.number(other.n, "count") if other else "",
                    say.change(figure, other) if other else "",
                )
            )
    return made


def _bottleneck(inputs: Inputs, say: Reading) -> str:
    found = inputs.performance.bottleneck if inputs.performance else None
    if found is None:
        return ""
    names = {**spoken.DEPARTMENTS, "handler": spoken.DEPARTMENTS["customer_service"]}
    return say(
        "mr.bottleneck",
        stage=spoken.STAFF_STAGES[found.stage][say.locale],
        waits_for=names[found.waits_for][say.locale],
        share=say.number(found.share, "share"),
    )
