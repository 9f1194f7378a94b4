"""A report as a document that one can read and print (6.1): one page of HTML that needs nothing else.

It is made of what was computed and of what people have said of it since. Every chart stands beside its table, and
every figure beside what it counts. No word stands here: they are in `words/<locale>.json`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlencode

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.counting import ALL
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.figures import (
    Compared,
    Document,
    Figure,
    Measure,
    Number,
    Period,
    Row,
)
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.markup import TIGHT, templates

from . import charts
from .reading import FLAGS, HERE, Reading, unit_of

if TYPE_CHECKING:
    from jinja2 import Environment

TABLES: frozenset[Measure] = frozenset({"M04", "M06", "M13", "M15"})
"""Measures for which no one number stands."""
MOST_CAUSES = 12
DAYS_OF_STAGES = 7
RULE = re.compile(r"(?P<of>[^{}@]+)\{(?P<says>[^{}]*)\}")
OF_PAGES = re.compile(r":root|\*|html|body|h1")
PAPER = re.compile(r"@page\{[^{}]*\}")
PATTERNS = {"handler": "solid", "quality": "dots", "logistics": "hatch", "legal": "cross", "consumer": "empty"}
RULES = range(1, 9)


class Remark(NamedTuple):
    """What a supervisor said of it."""

    at: datetime
    by: str
    text: str


class Step(NamedTuple):
    """An improvement that was decided: what, by whom, until when, and the figure that it is to move, as that was when
    it was decided and as it is in this report, if it is."""

    what: str
    owner: str
    due_on: date
    moves: Measure | None
    before: Figure | None = None
    now: Figure | None = None
    done_at: datetime | None = None
    note: str | None = None
    do: str = ""
    """Where whoever reads it says that it is done."""


class Standing(NamedTuple):
    """What has become of a report since it was computed. `hash`: of the document; `steps`: decided with it, or earlier
    and not yet followed to their end."""

    hash: str
    stage: Literal["computed", "commented", "issued"] = "computed"
    issued_at: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()


class Leads(NamedTuple):
    """Where its reader goes on to from a figure, where it is part of a page. `cases`: the address of those behind it;
    `decide`: with the figure, of the form by which measures are decided, if this reader may; `listed`: the lists of
    cases in which there is any; `rows`: of which measures, by what, each row has a list too."""

    cases: str
    listed: Sequence[str]
    decide: str = ""
    rows: Collection[tuple[str, str]] = ()

    def lists(self, listing: str) -> bool:
        return listing in self.listed

    def listings(self, measure: str) -> list[str]:
        """Those of a measure, its own first."""
        return [one for one in self.listed if one.partition(".")[0] == measure]

    def of_row(self, measure: str, row: Row) -> str:
        """The address of those that a row counts; nothing where they are not told apart, or there are none."""
        if not row.n or (measure, row.by) not in self.rows or measure not in self.listed:
            return ""
        return f"{self.cases}?{urlencode({'measure': measure, 'by': row.by, 'key': row.key})}"

    def called(self, listing: str, say: Reading) -> str:
        """What a list of cases is of."""
        return say(f"cases.{listing}" if "." in listing else "cases.counted")


def as_html(document: Document, standing: Standing, locale: Locale, policy: Policy) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `policy`: in whose zone times are said, and
    which names causes."""
    say = reading(locale, policy)
    return _rendered("report.html", document, standing, say, policy, None, style=style())


def as_part(document: Document, standing: Standing, locale: Locale, policy: Policy, leads: Leads) -> str:
    """What stands on that page below its heading, in markup, for another page to have within an element of the class
    `document`; `style_of_part` is its style."""
    return _rendered("report_main.html", document, standing, reading(locale, policy), policy, leads)


def reading(locale: Locale, policy: Policy) -> Reading:
    return Reading(locale, policy.time_zone, policy.operating.causes)


def title(period: Period, say: Reading) -> str:
    return say(f"title.{period.kind}", period=say.period(period))


def _rendered(
    template: str,
    document: Document,
    standing: Standing,
    say: Reading,
    policy: Policy,
    leads: Leads | None,
    **more: str,
) -> str:
    return (
        environment()
        .get_template(template)
        .render(
            say=say,
            title=title(document.period, say),
            leads=leads,
            document=document,
            standing=standing,
            empty=document.figures.get("M01") is not None
            and not any(document.figures[name].n for name in ("M01", "M06") if name in document.figures),
            sentence=_bottleneck(document, say),
            to_move=_to_move(document),
            overview=[*_overview(document, say)],
            figures=[_Shown.of(measure, one, say) for measure, one in document.figures.items()],
            definitions=definitions(say.locale),
            compared=[
                _compared_to(document, name, say) for name in ("before", "year_before") if getattr(document, name)
            ],
            waits={pattern: say(f"waits_for.{name}") for name, pattern in PATTERNS.items()},
            flow=_Flow.of(document.charts.get("flow", ()), say),
            drawn={name: draw([*_drawable(name, document)]) for name, draw in DRAWN.items()},
            tables={name: _Table.of([*_drawable(name, document)], say("charts.table"), say) for name in DRAWN},
            rules=RULES,
            today=document.computed_at.astimezone(policy.zone).date(),
            **more,
        )
    )


@cache
def environment() -> "Environment":
    made = templates(HERE / "templates")
    made.filters["place"] = _place
    return made


def _place(at: float) -> str:
    """Where something is in a drawing."""
    return f"{at:.1f}".removesuffix(".0")


@cache
def style() -> str:
    return TIGHT.sub("", (HERE / "report.css").read_text("utf-8"))


@cache
def style_of_part() -> str:
    """The rules of the page within an element of the class `document`. What is of a page as a whole, its colours and
    margins, is left to the one that it is part of."""
    return RULE.sub(_within, PAPER.sub("", style()))


def _within(rule: re.Match[str]) -> str:
    inner = [f".document {one}" for one in rule["of"].split(",") if not OF_PAGES.match(one)]
    return f"{','.join(inner)}{{{rule['says']}}}" if inner else ""


def _to_move(document: Document) -> Measure:
    """The figure by which a measure against the bottleneck is followed: one that has a value to stand beside it in the
    next report, as what is acknowledged, answered or done in time; the parts of all time (M15) have none."""
    found = document.bottleneck
    if found is None:
        return "M15"
    of_departments: Measure = "M05" if found.waits_for in ("handler", "consumer") else "M14"
    moved: Measure = "M03" if found.stage == Stage.RECEIVED else of_departments
    figure = document.figures.get(moved)
    return moved if figure and figure.value is not None else "M15"


def _bottleneck(document: Document, say: Reading) -> str:
    found, time = document.bottleneck, document.figures.get("M15")
    if found is None:
        return say("sentence.few" if time is None or time.note == "too_few" else "sentence.none")
    late, grew = found.in_time is not None, found.growth is not None and found.growth > 0
    return say(
        f"sentence.{'both' if late and grew else 'late' if late else 'grew' if grew else 'plain'}",
        stage=say.named(Row(by="stage", key=found.stage, n=0)),
        waits_for=say.named(Row(by="waits_for", key=found.waits_for, n=0)),
        share=say.number(found.share, "share"),
        in_time=say.number(found.in_time or 0, "share"),
        growth=say.number(found.growth or 0, "share"),
    )


class _Other(NamedTuple):
    """The same figure of another period. `change`: from that to now."""

    figure: Figure
    value: str
    change: str


class _Line(NamedTuple):
    """A figure at a glance, beside what it was."""

    measure: str
    figure: Figure
    value: str
    others: tuple[_Other | None, ...]


def _overview(document: Document, say: Reading) -> Iterator[_Line]:
    """Those that one number stands for."""
    periods = [one for one in (document.before, document.year_before) if one]
    for measure, figure in document.figures.items():
        if measure not in TABLES:
            others = tuple(_compared(measure, figure, one, say) for one in periods)
            yield _Line(measure, figure, say.value_of(figure), others)


def _compared(measure: str, figure: Figure, period: Compared, say: Reading) -> _Other | None:
    other = period.figures.get(measure)
    if other is None:
        return None
    return _Other(other, say.value_of(other), say.change(figure, other)) if other.n else _Other(other, "–", "")


def _compared_to(document: Document, which: Literal["before", "year_before"], say: Reading) -> str:
    other: Compared = getattr(document, which)
    return say(f"overview.{which}", period=say.period(other.period))


class _Table(NamedTuple):
    """Rows that are counted by the same; `columns`: names of their values; `counted`: with how many each row counts."""

    heading: str
    name: str
    counted: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        """Whether a narrow screen has its rows one below the other: three numbers fit beside a name, two shares."""
        shares = any(unit_of(name) != "count" for name in self.columns)
        return len(self.columns) + self.counted + shares > 3

    @classmethod
    def several(cls, rows: tuple[Row, ...], say: Reading) -> "list[_Table]":
        """A table of each kind of rows, if there is anything in it."""
        sorts = dict.fromkeys(one.by for one in rows if one.n or any(one.values.values()))
        return [cls.of([one for one in rows if one.by == by], say.by(by), say) for by in sorts]

    @classmethod
    def of(cls, rows: Sequence[Row], name: str, say: Reading) -> "_Table":
        by = rows[-1].by if rows else ""
        columns = tuple(say.in_order({name for one in rows for name in one.values}, by))
        heading = say.by(by) if rows else ""
        return cls(heading, name, any(one.n for one in rows), columns, (*rows,))


class _Shown(NamedTuple):
    """A figure with all that belongs to it. `beside`: what stands beside its value, named."""

    measure: str
    figure: Figure
    n: str
    value: str
    beside: list[tuple[str, str]]
    tables: list[_Table]

    @classmethod
    def of(cls, measure: str, figure: Figure, say: Reading) -> "_Shown":
        shown = say.in_order(name for name in figure.values if name not in FLAGS)
        beside = [(say.column(name), say.beside(name, figure.values)) for name in shown]
        n = say.number(figure.n, "count")
        return cls(measure, figure, n, say.value_of(figure), beside, _Table.several(figure.rows, say))


class _Flow(NamedTuple):
    """What came, went and was in hand: all of it as a drawing and a table, and of each stage a column of another, which
    of more days than a week has weeks."""

    by: str
    drawn: charts.Columns
    table: _Table
    stages: tuple[str, ...]
    by_stage: list[tuple[Row, tuple[Row, ...]]]

    @classmethod
    def of(cls, rows: Sequence[Row], say: Reading) -> "_Flow":
        parted: dict[str, list[Row]] = {ALL: []}
        for row in rows:
            day, _, where = row.key.partition(" ")
            parted.setdefault(where, []).append(row.model_copy(update={"key": day, "n": 0}))
        shown = charts.by_week(parted[ALL])
        briefly, *stages = [charts.by_week(days, DAYS_OF_STAGES) for days in parted.values()]
        names = [say.named(Row(by="in", key=where, n=0)) for where in parted if where != ALL]
        table = _Table.of(shown, say("charts.table"), say)
        by_stage = [*zip(briefly, zip(*stages, strict=True), strict=True)] if stages else []
        return cls(shown[0].by if shown else "day", charts.flow(shown), table, tuple(names), by_stage)


DRAWN: Mapping[str, Callable[[list[Row]], charts.Lanes]] = {
    "time": lambda rows: charts.stacked(rows, PATTERNS),
    "causes": lambda rows: charts.lanes(rows, {"share": "solid"}, most=1, dot="cumulative", joined=True),
    "ages": lambda rows: charts.lanes(rows, {"closed": "solid", "open": "hatch"}),
    "satisfaction": lambda rows: charts.lanes(rows, {}, most=1, dot="share", ends=("low", "high")),
}
"""How rows are drawn, by the name of the chart."""


def _drawable(chart: str, document: Document) -> Iterator[Row]:
    """The rows of a chart: those of which something is known."""
    rows = document.charts.get(chart, ())
    if chart == "ages":
        numbers: dict[str, dict[str, Number | None]] = {}
        for row in rows:
            numbers.setdefault(row.key, {})[row.by] = row.n
        known = any(one.n for one in rows)
        yield from (Row(by="age", key=key, n=0, values=values) for key, values in numbers.items() if known)
    else:
        needed = "cumulative" if chart == "causes" else "share"
        shown = [one for one in rows if one.values.get(needed) is not None]
        yield from shown[:MOST_CAUSES] if chart == "causes" else shown
