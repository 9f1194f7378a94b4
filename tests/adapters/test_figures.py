"""The bucket of figures keeps what is counted, and lets nobody write over what they have not seen."""

import gzip
from datetime import date

import boto3
import pytest

from chalicelib.adapters import figures
from chalicelib.domain.ground.errors import Stale
from tests.house import House

KEY = figures.key_of_day(date(2026, 10, 9))


def test_what_is_put_is_found_again_and_what_is_not_there_is_none(house: House):
    assert figures.get(KEY) is None
    figures.put(KEY, b'{"n": 1}')
    found = figures.get(KEY)
    assert found
    assert found.content == b'{"n": 1}'


def test_the_same_content_is_the_same_bytes(house: House):
    figures.put(KEY, b"[]" * 1000)
    kept = boto3.client("s3").get_object(Bucket=house.environment["REDRESS_FIGURES_BUCKET"], Key=KEY)["Body"].read()
    assert gzip.decompress(kept) == b"[]" * 1000
    assert kept[4:8] == bytes(4)


def test_only_what_was_seen_is_replaced(house: House):
    figures.replace(KEY, b"1", None)
    with pytest.raises(Stale):
        figures.replace(KEY, b"2", None)
    seen = figures.get(KEY)
    figures.replace(KEY, b"2", seen)
    with pytest.raises(Stale):
        figures.replace(KEY, b"3", seen)
    found = figures.get(KEY)
    assert found
    assert found.content == b"2"


def test_closed_days_are_told_from_one_day_to_another_and_the_first_of_all(house: House):
    assert (figures.first_closed_day(), figures.closed_days(date(2026, 1, 1), date(2026, 12, 31))) == (None, set())
    put = [date(2025, 10, 9), *(date(2026, 10, day) for day in (1, 2, 4, 5))]
    for day in put:
        figures.put(figures.key_of_day(day), b"{}")
    figures.put(figures.key_of_report("report_daily-2026-10-02-1", "abc", "document.json"), b"{}")
    assert figures.first_closed_day() == date(2025, 10, 9)
    assert figures.closed_days(date(2026, 10, 2), date(2026, 10, 4)) == {date(2026, 10, 2), date(2026, 10, 4)}
    assert figures.closed_days(date(2026, 10, 1), date(2026, 10, 1)) == {date(2026, 10, 1)}
    assert figures.closed_days(date(2020, 1, 1), date(2030, 1, 1)) == set(put)
    assert figures.closed_days(date(2026, 10, 5), date(2026, 10, 4)) == set()
    with house.counting() as calls:
        figures.closed_days(date(2026, 9, 1), date(2026, 10, 31))
    assert calls == ["s3:ListObjectsV2"]


def test_a_link_leads_to_the_file_as_one_to_save(house: House):
    link = figures.link("reports/report_monthly-2026-10-1/abc/rows.csv.gz", "report.csv", "text/csv", 300)
    assert "response-content-encoding=gzip" in link
    assert "filename%3Dreport.csv" in link
