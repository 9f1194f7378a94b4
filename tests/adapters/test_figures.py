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


def test_a_link_leads_to_the_file_as_one_to_save(house: House):
    link = figures.link("reports/report_monthly-2026-10-1/abc/rows.csv.gz", "report.csv", "text/csv", 300)
    assert "response-content-encoding=gzip" in link
    assert "filename%3Dreport.csv" in link
