"""A report as a document that one can read and print (6.1): one page of HTML that needs nothing else.

It is made of what was computed and of what people have said of it since. Every chart stands beside its table, and
every figure beside what it counts. No word stands here: they are in `words/<locale>.json`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.figures import Bottleneck, Compared, Document, Figure, Measure, Row
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.markup import TIGHT, templates

from . import charts
from .reading import HERE, Reading, definitions

if TYPE_CHECKING:
    from jinja2 import Environment

COMPARED_FROM: Mapping[str, int] = {"M20": 30}
"""Of fewer a figure is not compared with another period's; of the others, of fewer it is not even shown."""
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
    moves: Measure
    before: Figure | None = None
    now: Figure | None = None
    done_at: datetime | None = None
    note: str | None = None


class Standing(NamedTuple):
    """What has become of a report since it was computed. `hash`: of the document; `steps`: decided with it, or earlier
    and not yet followed to their end."""

    hash: str
    stage: Literal["computed", "commented", "issued"] = "computed"
    issued_at: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()


def as_html(document: Document, standing: Standing, locale: Locale, policy: Policy) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `policy`: in whose zone times are said, and
    which names causes."""
    say = Reading(locale, policy.time_zone, policy.operating.causes)
    return (
        _environment()
        .get_template("report.html")
        .render(
            say=say,
            style=_style(),
            document=document,
            standing=standing,
            period=say.period(document.period),
            empty=document.figures.get("M01") is not None
            and not any(document.figures[name].n for name in ("M01", "M06") if name in document.figures),
            sentence=_bottleneck(document.bottleneck, say),
            overview=[*_overview(document, say)],
            figures=[_Shown.of(measure, one, say) for measure, one in document.figures.items()],
            definitions=definitions(locale),
            compared=[
                _compared_to(document, name, say) for name in ("before", "year_before") if getattr(document, name)
            ],
            waits={pattern: say(f"waits_for.{name}") for name, pattern in PATTERNS.items()},
            flow=_flow(document.charts.get("flow", ()), say),
            tables={name: _Table.of(rows, say("charts.table")) for name, rows in document.charts.items()},
            time=charts.stacked(document.charts.get("time", ()), PATTERNS),
            causes=charts.lanes(
                document.charts.get("causes", ()), {"share": "solid"}, most=1, dot="cumulative", joined=True
            ),
            ages=charts.lanes(document.charts.get("ages", ()), {"closed": "solid", "open": "hatch"}),
            satisfied=charts.lanes(
                document.charts.get("satisfaction", ()), {}, most=1, dot="value", ends=("low", "high")
            ),
            rules=RULES,
            today=document.computed_at.astimezone(policy.zone).date(),
        )
    )


@cache
def _environment() -> "Environment":
    made = templates(HERE / "templates")
    made.filters["place"] = _place
    return made


def _place(at: float) -> str:
    """Where something is in a drawing."""
    return f"{at:.1f}".removesuffix(".0")


@cache
def _style() -> str:
    return TIGHT.sub("", (HERE / "report.css").read_text("utf-8"))


def _bottleneck(found: Bottleneck | None, say: Reading) -> str:
    if found is None:
        return say("sentence.none")
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

    value: str
    n: int
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
        if figure.value is not None or not figure.rows:
            others = tuple(_compared(measure, figure, one, say) for one in periods)
            yield _Line(measure, figure, say.value_of(figure), others)


def _compared(measure: str, figure: Figure, period: Compared, say: Reading) -> _Other | None:
    other = period.figures.get(measure)
    if other is None:
        return None
    return _Other(say.value_of(other), other.n, say.change(figure, other, COMPARED_FROM.get(measure, 0)))


def _compared_to(document: Document, which: Literal["before", "year_before"], say: Reading) -> str:
    other: Compared = getattr(document, which)
    return say(f"overview.{which}", period=say.period(other.period))


class _Table(NamedTuple):
    """Rows that are counted by the same; `columns`: names of their values; `counted`: with how many each row counts."""

    by: str
    name: str
    counted: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def several(cls, rows: tuple[Row, ...], say: Reading) -> "list[_Table]":
        sorts = dict.fromkeys(one.by for one in rows)
        return [cls.of(tuple(one for one in rows if one.by == by), say.by(by)) for by in sorts]

    @classmethod
    def of(cls, rows: Sequence[Row], name: str) -> "_Table":
        columns = tuple(dict.fromkeys(name for one in rows for name in one.values))
        return cls(rows[0].by if rows else "", name, any(one.n for one in rows), columns, (*rows,))


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
        beside = [(say.column(name), say.beside(name, value)) for name, value in figure.values.items()]
        n = say.number(figure.n, "count")
        return cls(measure, figure, n, say.value_of(figure), beside, _Table.several(figure.rows, say))


def _flow(rows: Sequence[Row], say: Reading) -> dict[str, Any]:
    shown = charts.by_week(rows)
    table = _Table.of(shown, say("charts.table"))
    return {"drawn": charts.flow(shown), "rows": shown, "by": table.by, "table": table}
