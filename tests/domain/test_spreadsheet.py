"""The closures of a report as a table for spreadsheets: read by Excel, and taken by it for text where it is text."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.supervision.lines import Closed
from chalicelib.domain.supervision.spreadsheet import COLUMNS, as_csv
from chalicelib.domain.vocabulary.terms import Outcome

CHINA = ZoneInfo("Asia/Shanghai")
CLOSED = Closed(
    id="7K2M9-XD4FQ",
    seq=9,
    at=datetime(2026, 10, 9, 7, 40, tzinfo=UTC),
    day=date(2026, 10, 9),
    category="product_quality",
    channel="web",
    locale="zh-CN",
    seller="小山家电",
    product="养生壶 1.5L",
    policy_version=1,
    number=1,
    outcome=Outcome.SATISFIED,
    round=1,
    received_at=datetime(2026, 10, 1, 16, 0, tzinfo=UTC),
    begun_at=datetime(2026, 10, 1, 16, 0, tzinfo=UTC),
    working_days=2,
    asked_amount={"CNY": Decimal("59.90")},
    with_plan=True,
    methods=("refund", "apology"),
    amounts={"CNY": Decimal("59.90"), "TWD": Decimal(3)},
    planner="cs.lin",
    accepted_by="cs.lin",
    spent={"investigating quality": 60, "investigating handler": 40, "planning handler": 7},
)


def read(*closures: Closed) -> list[dict[str, str]]:
    written = "".join(as_csv(closures, CHINA))
    assert written.startswith("\ufeffcomplaint_id,")
    return list(csv.DictReader(written.removeprefix("\ufeff").splitlines()))


def test_a_closure_is_a_row_with_its_times_as_they_were_in_china() -> None:
    [row] = read(CLOSED)
    assert row["complaint_id"] == "7K2M9-XD4FQ"
    assert (row["received_at"], row["closed_at"]) == ("2026-10-02 00:00:00", "2026-10-09 15:40:00")
    assert (row["outcome"], row["working_days"], row["seller"]) == ("satisfied", "2", "小山家电")
    assert (row["seconds_investigating"], row["seconds_planning"], row["seconds_received"]) == ("100", "7", "0")


def test_an_amount_is_a_number_and_several_stand_beside_each_other() -> None:
    [row] = read(CLOSED)
    assert (row["amount_disputed"], row["currency_disputed"]) == ("59.90", "CNY")
    assert (row["amount"], row["currency"], row["methods"]) == ("59.90; 3", "CNY; TWD", "refund; apology")


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(typed: str) -> None:
    [row] = read(CLOSED.model_copy(update={"seller": typed}))
    assert row["seller"].startswith("'")


@pytest.mark.parametrize("typed", ['a "quoted", name', "逗号,分号;"])
def test_quotes_and_commas_stay_in_their_cell(typed: str) -> None:
    assert read(CLOSED.model_copy(update={"product": typed}))[0]["product"] == typed


def test_nobody_is_in_it() -> None:
    assert "cs.lin" not in "".join(as_csv([CLOSED], CHINA))
    assert not {"planner", "accepted_by", "order_number", "contact"} & set(COLUMNS)


def test_of_no_closures_there_are_the_names_of_columns() -> None:
    assert read() == []


def test_a_table_is_written_row_by_row() -> None:
    rows: Any = as_csv((CLOSED for _ in range(3)), CHINA)
    assert len([*rows]) == 4


@pytest.mark.parametrize("typed", ["壶;=cmd|'/c calc'!A0", "壶; ＝1+1", ";-2+3", "a;;@x"])
def test_nor_is_anything_a_formula_where_a_semicolon_parts_cells(typed: str) -> None:
    [row] = read(CLOSED.model_copy(update={"product": typed}))
    assert not [one for one in row["product"].split(";") if one.lstrip().startswith(tuple("=+-@＝＋－＠"))]
