"""Lines outside of the table: what is in a file, and whom it names. `package/test_sql.py`: what SQL finds there."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import figures
from chalicelib.adapters import lines as table
from chalicelib.casework import days, export
from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.lines import Line
from tests.house import House, Killed
from tests.months import month

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 18)  # Monday to Sunday
DAY = FIRST
KINDS = get_args(get_args(lines.Line)[0])
NAME_NOBODY = {
    *("id", "storefront", "seller", "product", "carrier", "cause", "ladder"),
    *("spent", "amounts", "asked_amount", "broken", "undecided"),
}
"""Fields of free text that hold ids and codes of things, or of the shop's partners."""


@pytest.fixture
def exported(house: House) -> dict[date, list[Line]]:
    """A week of a small house, each day of it exported."""
    days: dict[date, list[Line]] = {}
    for line in month(FIRST, LAST, 300):
        days.setdefault(line.day, []).append(line)
    for day, found in days.items():
        export.export_day(day, found)
    return days


def kept(house: House, day: date) -> bytes:
    asked = {"Bucket": house.environment["REDRESS_FIGURES_BUCKET"], "Key": figures.key_of_lines(day)}
    return bytes(boto3.client("s3").get_object(**asked)["Body"].read())


def rows_of(house: House, day: date) -> list[dict[str, Any]]:
    return [json.loads(row) for row in gzip.decompress(kept(house, day)).splitlines()]


# ---- the file of a day -----------------------------------------------------------------------------------------------


def test_a_day_has_one_row_for_each_of_its_lines(house: House, exported: dict[date, list[Line]]):
    for day, found in exported.items():
        keys = sorted((row["kind"], row["id"], row["seq"], row["nth"]) for row in rows_of(house, day))
        assert keys == sorted((line.kind, line.id, line.seq, line.nth) for line in found)


def test_the_same_lines_in_any_order_make_the_same_bytes(house: House, exported: dict[date, list[Line]]):
    before = kept(house, DAY)
    export.export_day(DAY, reversed(exported[DAY]))
    assert kept(house, DAY) == before


def test_a_day_without_lines_has_a_file_too_and_a_later_edition_takes_the_place_of_an_earlier(
    house: House, exported: dict[date, list[Line]]
):
    export.export_day(DAY, exported[DAY][:3])
    assert len(rows_of(house, DAY)) == 3
    export.export_day(DAY, [])
    assert rows_of(house, DAY) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_export_that_was_interrupted_leaves_the_whole_of_one_edition_and_is_done_again(
    house: House, exported: dict[date, list[Line]], moment: str
):
    whole = kept(house, DAY)
    export.export_day(DAY, exported[DAY][:3])
    part = kept(house, DAY)
    with pytest.raises(Killed), house.killed_at(0, moment):
        export.export_day(DAY, exported[DAY])
    assert kept(house, DAY) == (part if moment == "before" else whole)
    export.export_day(DAY, exported[DAY])
    assert kept(house, DAY) == whole


def test_lines_that_cannot_be_read_to_the_end_leave_the_file_as_it_was(house: House, exported: dict[date, list[Line]]):
    def torn() -> Iterator[Line]:
        yield from exported[DAY][:3]
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Query")

    before = kept(house, DAY)
    with pytest.raises(ClientError):
        export.export_day(DAY, torn())
    assert kept(house, DAY) == before


def test_an_export_is_one_call(house: House, exported: dict[date, list[Line]]):
    with house.counting() as calls:
        export.export_day(DAY, exported[DAY])
    assert calls == ["s3:PutObject"]


def test_a_day_that_is_closed_is_exported_as_the_table_has_it_and_closed_again_with_what_came_late(house: House):
    found = [line for line in month(FIRST, LAST, 30) if line.day == DAY]
    table.put(found[1:], as_of=9, kept_days=1095)
    days.close_day(DAY)
    assert kept(house, DAY) == gzip.compress(export.content_of(found[1:]), 6, mtime=0)
    table.put(found[:1], as_of=9, kept_days=1095)
    days.close_day(DAY)
    assert kept(house, DAY) == gzip.compress(export.content_of(found), 6, mtime=0)


# ---- whom it names ---------------------------------------------------------------------------------------------------


def test_nobody_who_works_here_is_named_and_everybody_is_told_apart(house: House, exported: dict[date, list[Line]]):
    every = [(row, line) for day, found in exported.items() for row, line in _pairs(rows_of(house, day), found)]
    known: dict[str, set[str]] = {}
    for row, line in every:
        for name in export.HOLDERS:
            if name in row:
                known.setdefault(getattr(line, name), set()).add(row[name])
    assert known.pop("consumer") == {"consumer"}
    assert known.pop("quality") == {"quality"}
    assert known.pop("logistics") == {"logistics"}
    assert all(len(hashed) == 1 for hashed in known.values())
    assert len(set.union(*known.values())) == len(known) > 20
    assert not any(who.encode() in gzip.decompress(kept(house, day)) for who in known for day in exported)


def test_what_is_taken_back_from_rates_names_nobody_either_and_is_a_row_as_it_was(
    house: House, exported: dict[date, list[Line]]
):
    line = next(line for line in exported[DAY] if isinstance(line, lines.StageLeft))
    (was,) = [
        row for row in rows_of(house, DAY) if (row["kind"], row["id"], row["seq"]) == ("stage", line.id, line.seq)
    ]
    back = line.model_copy(update={"seq": 90, "day": LAST, "for_day": DAY, "sign": -1})
    (row,) = [json.loads(row) for row in export.content_of([back]).splitlines()]
    assert row == was | {"seq": 90, "sign": -1, "for_day": str(DAY)}


def _pairs(rows: list[dict[str, Any]], found: list[Line]) -> Iterator[tuple[dict[str, Any], Line]]:
    by_key = {(line.kind, line.id, line.seq, line.nth): line for line in found}
    return ((row, by_key[row["kind"], row["id"], row["seq"], row["nth"]]) for row in rows)


def test_of_every_field_of_a_line_in_which_a_name_could_stand_it_is_known_whether_it_does():
    free = {name for kind in KINDS for name, field in kind.model_fields.items() if _is_free(field.annotation)}
    assert free == {*export.HOLDERS, *NAME_NOBODY}
    assert not [name for name in free if "order" in name]


def _is_free(annotation: Any) -> bool:
    """Whether any text fits."""
    if annotation is str:
        return True
    return get_origin(annotation) is not Literal and any(map(_is_free, get_args(annotation)))
