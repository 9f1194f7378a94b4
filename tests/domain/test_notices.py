"""Who is told of what, and how times are said."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.artefacts import Locale
from chalicelib.domain.events import KINDS
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.notices import TABLE, NoticeKey, notices_of, spoken

from .cases import NUMBER, Story


def test_every_kind_of_event_says_who_is_told():
    assert set(TABLE) == set(KINDS)


def test_the_consumer_gets_a_receipt_by_e_mail():
    assert notices_of(Story().events[0]) == [NoticeKey(NUMBER, 1, "consumer", "receipt", "email")]


def test_nobody_is_mailed_about_a_note():
    assert notices_of(Story().do(Action.NOTE).events[-1]) == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "2026年12月1日（星期二）09:30"),
        ("zh-TW", "2026年12月1日（星期二）09:30"),
        ("en", "09:30 on Tuesday, 1 December 2026 (China time)"),
    ],
)
def test_a_moment_is_said_in_china_time(locale: Locale, words: str):
    assert spoken(datetime(2026, 12, 1, 1, 30, tzinfo=UTC), locale, "Asia/Shanghai") == words


def test_midnight_is_24_00_of_the_day_that_ends():
    assert spoken(datetime(2026, 12, 1, 16, tzinfo=UTC), "zh-CN", "Asia/Shanghai") == "2026年12月1日（星期二）24:00"
