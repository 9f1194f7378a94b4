"""An appraisal sheet as a document that one can read and print (6.2): what it says, how it is counted, what was said of
it. No word stands here: they are in `words/<locale>.json`."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.appraisal import Appraisal, Compared, Said
from chalicelib.domain.supervision.sheet import Sheet
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.markup import templates

from .document import style
from .reading import HERE, Reading

if TYPE_CHECKING:
    from jinja2 import Environment

RULES = range(1, 8)


class Line(NamedTuple):
    """An item as it is read: how many of how many, the rate and its interval, what is expected, what it counts."""

    said: Said
    name: str
    defined: str
    number: str
    rate: str
    by: list[tuple[str, str]]
    compared: str

    @classmethod
    def of(cls, said: Said, say: Reading) -> "Line":
        return cls(
            said,
            say(f"sheet.item.{said.item}"),
            say(f"sheet.defined.{said.item}"),
            _number(said, say),
            _rate(said, say),
            [(_class(said, key, say), say.number(n, "count")) for key, n in said.by.items()],
            _compared(said.compared, say) if said.compared else "",
        )


def reading(locale: Locale, policy: Policy) -> Reading:
    """How a sheet speaks: `sheet.item.closures`, `sheet.stage.final`."""
    return Reading(locale, policy.time_zone, policy.operating.causes)


def lines_of(document: Appraisal, say: Reading) -> list[Line]:
    return [Line.of(one, say) for one in document.items]


def as_html(document: Appraisal, state: Sheet, locale: Locale, policy: Policy) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `policy`: in whose zone times are said."""
    say = reading(locale, policy)
    quarter = quarters.named(document.quarter)
    return (
        _environment()
        .get_template("sheet.html")
        .render(
            say=say,
            style=style(),
            document=document,
            state=state,
            title=say("sheet.title", person=document.person, year=quarter.name[:4], quarter=quarter.name[-1]),
            days=say("period.days", first=say.day(quarter.first), last=say.day(quarter.last)),
            items=lines_of(document, say),
            rules=RULES,
        )
    )


@cache
def _environment() -> "Environment":
    return templates(HERE / "templates")


def _rated(said: Said) -> bool:
    return said.item in ("satisfied", "right_first_time", "objections")


def _number(said: Said, say: Reading) -> str:
    count, n = say.number(said.count, "count"), say.number(said.n, "count")
    return say("sheet.of", count=count, n=n) if _rated(said) else count


def _rate(said: Said, say: Reading) -> str:
    if not _rated(said):
        return ""
    if said.rate is None or said.low is None or said.high is None:
        return say("sheet.too_few")
    low, high = say.number(said.low, "share"), say.number(said.high, "share")
    return say("sheet.rate", rate=say.number(said.rate, "share"), low=low, high=high)


def _compared(one: Compared, say: Reading) -> str:
    """In a sentence; of a flag what it does and does not mean."""
    n = say.number(one.n, "count")
    if one.ratio is None or one.low is None or one.high is None:
        return say("sheet.compared.too_few", n=n)
    ratio, low, high = (f"{value:.2f}" for value in (one.ratio, one.low, one.high))
    said = say("sheet.compared", n=n, observed=one.observed, expected=f"{one.expected:.1f}", ratio=ratio) + " "
    return said + say(f"sheet.flag.{one.flag or 'none'}", low=low, high=high)


def _class(said: Said, key: str, say: Reading) -> str:
    if said.item == "low_answers":
        return say(f"sheet.low.{key}")
    names = spoken.STAFF_STAGES.get(key)
    if names:
        return names[say.locale]
    task = spoken.SAFETY_TASKS.get(key)
    return task[say.locale].format("") if task else key
