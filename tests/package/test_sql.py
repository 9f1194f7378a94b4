"""Exported lines by SQL: the template's table has them, and the same questions are answered as reports answer them."""

import gzip
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from chalicelib.adapters import figures
from chalicelib.casework import export
from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.figures import Measure
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.measures import figures as figures_of
from chalicelib.domain.supervision.ratios import nearest_rank
from chalicelib.domain.supervision.sums import Sum
from chalicelib.domain.vocabulary.terms import Outcome
from tests.domain.cases import POLICY
from tests.domain.supervision.forty import forty, surveys
from tests.house import House
from tests.lake import Lake, columns, differences, published
from tests.months import month

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 18)  # Monday to Sunday
PERIOD = period_of("weekly", FIRST)
FEBRUARY = period_of("monthly", date(2026, 2, 1))
KINDS = get_args(get_args(lines.Line)[0])
OF_A_SPAN = {"in_time": "boolean", "late": "bigint"}
Days = dict[date, list[Line]]


@pytest.fixture
def week(house: House) -> Days:
    """A week of a small house."""
    days: Days = {}
    for line in month(FIRST, LAST, 300):
        days.setdefault(line.day, []).append(line)
    return days


@pytest.fixture
def lake(week: Days, tmp_path: Path) -> Lake:
    for day, found in week.items():
        _lay(tmp_path, day, found)
    return Lake(tmp_path / "lines")


def lake_of(found: Iterable[Line], folder: Path) -> Lake:
    """Of the first day alone, and these lines."""
    _lay(folder, FIRST, found)
    return Lake(folder / "lines")


def _lay(folder: Path, day: date, found: Iterable[Line]) -> None:
    there = folder / figures.key_of_lines(day)
    there.parent.mkdir(parents=True)
    there.write_bytes(gzip.compress(export.content_of(found)))


# ---- the table of the template ---------------------------------------------------------------------------------------


def test_every_moment_is_written_as_engines_of_sql_write_them():
    moments = {
        name for kind in KINDS for name, field in kind.model_fields.items() if _hive(field.annotation) == "timestamp"
    }
    assert moments == set(export.MOMENTS)


def test_the_table_of_the_template_has_the_columns_that_are_exported_with_their_types():
    expected: dict[str, str] = {}
    for kind in KINDS:
        line = kind.model_fields["kind"].default
        of_kind = {name: one.annotation for name, one in kind.model_fields.items() if name != "day"}
        typed = {f"{line}_{name}" if name in export.AMBIGUOUS else name: _hive(one) for name, one in of_kind.items()}
        typed |= OF_A_SPAN if issubclass(kind, lines.Span) else {}
        for name, one in typed.items():
            assert expected.setdefault(name, one) == one, f"{line}: {name} is two things in one column"
    assert columns() == expected


def _hive(annotation: Any) -> str:
    origin, inner = get_origin(annotation), [one for one in get_args(annotation) if one is not type(None)]
    if origin is None:
        simple = {int: "bigint", bool: "boolean"}
        return "timestamp" if _is_moment(annotation) else simple.get(annotation, "string")
    if origin is Literal:
        return _hive(type(inner[0]))
    if origin is tuple:
        return f"array<{_hive(inner[0])}>"
    if len(inner) == 2 and "Mapping" in str(origin):
        return f"map<{_hive(inner[0])},{_hive(inner[1])}>"
    return _hive(inner[0])


def _is_moment(annotation: Any) -> bool:
    return annotation is datetime or getattr(annotation, "__name__", "") == "AwareDatetime"


def test_an_engine_of_sql_reads_every_column_of_every_line(week: Days, lake: Lake):
    """Also the moments: as the house knows them, to the second."""
    (counted,) = lake.rows("SELECT COUNT(*) AS n, COUNT(DISTINCT day) AS days FROM lines")
    every = [line for found in week.values() for line in found]
    assert counted == {"n": len(every), "days": len(week)}
    stages = {(line.id, line.seq): line for line in every if isinstance(line, lines.StageLeft)}
    for row in lake.rows("SELECT * FROM lines WHERE kind = 'stage'"):
        line = stages[row["id"], row["seq"]]
        assert row["day"] == str(line.day)
        assert row["at"] == line.at.replace(tzinfo=None)
        assert row["due_at"] == (line.due_at and line.due_at.replace(tzinfo=None))
        assert (row["in_time"], row["late"], row["elapsed"]) == (line.in_time, line.late, line.elapsed)
        assert row["waited"] == line.waited
    (money,) = lake.rows("SELECT SUM(CAST(amounts['CNY'] AS decimal(18, 2))) AS paid FROM lines WHERE kind = 'closed'")
    closed = [line for line in every if isinstance(line, lines.Closed)]
    assert money["paid"] == sum(line.amounts["CNY"] for line in closed if line.amounts)


@pytest.mark.parametrize("measure", ["M03", "M04", "M13"])
def test_the_report_and_the_same_question_by_sql_give_the_same_figures(week: Days, lake: Lake, measure: Measure):
    days = {day: Sum.of(found) for day, found in week.items()}
    figure = figures_of(PERIOD, days, PERIOD.last, {}, (), POLICY.calendar)[measure]
    answered = lake.ask(measure, FIRST, LAST)
    assert len(answered) > (0 if measure == "M03" else 5)
    assert answered[0]["n"] > 20
    assert differences(measure, published(measure, figure), answered) == []
    assert published(measure, figure)[0]["n"] == answered[0]["n"]


@pytest.mark.parametrize("percent", [50, 90, 95])
@pytest.mark.parametrize("n", [5, 7, 10, 19, 20, 21, 100])
def test_sql_takes_the_nearest_rank_as_reports_do(house: House, tmp_path: Path, n: int, percent: int):
    """Of n times that are 1, 2, 3 … seconds, the one of the rank."""
    like = next(line for line in month(FIRST, LAST, 30) if isinstance(line, lines.StageLeft))
    spans = [like.model_copy(update={"seq": one, "elapsed": one, "day": FIRST}) for one in range(1, n + 1)]
    (row,) = lake_of(spans, tmp_path).ask("M04", FIRST, LAST)
    assert row[f"elapsed_p{percent}"] == nearest_rank(range(1, n + 1), percent) == -(-percent * n // 100)


def test_what_was_withdrawn_in_time_is_in_no_rate_and_what_was_merged_is_in_no_figure(house: House, tmp_path: Path):
    every = [line for line in month(FIRST, LAST, 60) if isinstance(line, lines.StageLeft)]
    like = next(line for line in every if line.stage == "received" and line.in_time and not line.merged)
    late = like.model_copy(update={"at": like.due_at, "outcome": Outcome.WITHDRAWN})
    kinds = [
        like,
        like.model_copy(update={"outcome": Outcome.WITHDRAWN}),
        late,
        late.model_copy(update={"outcome": Outcome.MERGED, "merged": True}),
        like.model_copy(update={"due_at": None}),
    ]
    day = [line.model_copy(update={"day": FIRST, "seq": seq}) for seq, line in enumerate(kinds)]
    (row,) = lake_of(day, tmp_path).ask("M03", FIRST, LAST)
    figure = figures_of(PERIOD, {FIRST: Sum.of(day)}, PERIOD.last, {}, (), POLICY.calendar)["M03"]
    assert (row["n"], row["in_time"]) == (figure.n, 1) == (2, 1)


@pytest.mark.parametrize("seed", range(5))
def test_they_agree_too_where_there_are_few_and_where_nobody_has_named_a_cause_or_whose_fault_it_was(
    house: House, tmp_path: Path, seed: int
):
    few = list(month(FIRST, LAST, 25, seed))
    unnamed = {"cause": (0, 1), "party": (2, 3)}
    for name, which in unnamed.items():
        closed = [place for place, line in enumerate(few) if isinstance(line, lines.Closed) and line.is_rated]
        for place in (closed[one] for one in which):
            few[place] = few[place].model_copy(update={name: None})
    asked = lake_of(few, tmp_path)
    day = [line.model_copy(update={"day": FIRST}) for line in few]
    said = figures_of(PERIOD, {FIRST: Sum.of(day)}, PERIOD.last, {}, (), POLICY.calendar)
    for measure in ("M03", "M04", "M13"):
        assert differences(measure, published(measure, said[measure]), asked.ask(measure, FIRST, FIRST)) == []


@pytest.mark.parametrize("as_of", [FEBRUARY.last, date(2026, 4, 30)])
@pytest.mark.parametrize("measure", ["M03", "M04", "M13"])
def test_of_forty_complaints_that_were_worked_out_by_hand_sql_says_what_the_report_does(
    house: House, tmp_path: Path, measure: Measure, as_of: date
):
    """With objections, extensions and waits, with what was withdrawn, reopened, merged, over New Year; also with what a
    merger takes back after the month."""
    days: Days = {}
    for line in (*forty(), *surveys()):
        days.setdefault(line.day, []).append(line)
    for day, found in days.items():
        _lay(tmp_path, day, found)
    sums = {day: Sum.of(found) for day, found in days.items()}
    said = published(measure, figures_of(FEBRUARY, sums, as_of, {}, (), POLICY.calendar)[measure])
    answered = Lake(tmp_path / "lines").ask(measure, FEBRUARY.first, FEBRUARY.last, as_of)
    assert len(said) == len(answered) >= (1 if measure == "M03" else 3)
    assert differences(measure, said, answered) == []
    assert sum(row["n"] for row in answered) >= 30


def test_what_a_merger_takes_back_later_is_gone_from_the_month_for_whoever_asks_later(house: House, tmp_path: Path):
    stages = [line for line in month(FIRST, FIRST, 60) if isinstance(line, lines.StageLeft) and not line.merged]
    back = [_taken_back(line) for line in stages[::3]]
    _lay(tmp_path, LAST, back)
    lake, sums = lake_of(stages, tmp_path), {FIRST: Sum.of(stages), LAST: Sum.of(back)}
    today = period_of("daily", FIRST)
    for measure in ("M03", "M04"):
        for as_of in (FIRST, LAST):
            said = published(measure, figures_of(today, sums, as_of, {}, (), POLICY.calendar)[measure])
            assert differences(measure, said, lake.ask(measure, FIRST, FIRST, as_of)) == []
    before, after = (lake.ask("M03", FIRST, FIRST, as_of)[0]["n"] for as_of in (FIRST, LAST))
    assert before > after > 0


def _taken_back(line: lines.StageLeft) -> lines.StageLeft:
    return line.model_copy(update={"seq": 90, "nth": line.seq, "day": LAST, "for_day": line.day, "sign": -1})
