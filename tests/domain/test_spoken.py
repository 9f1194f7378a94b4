"""How times, amounts and names are said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest

from chalicelib.domain.ground.people import Department, Role
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.vocabulary.spoken import (
    CATEGORIES,
    CHANNELS,
    DELIVERY_STATUSES,
    DEPARTMENTS,
    ENDS,
    LEGAL_REASONS,
    REMEDIES,
    STAFF_STAGES,
    UNITS,
    Names,
    beginning,
    money,
    ordinal,
    period,
    spoken,
    spoken_date,
)
from chalicelib.domain.vocabulary.stages import STAGES, Stage, stage_name
from chalicelib.domain.vocabulary.terms import Category, Locale, Outcome, Remedy


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "2026年12月6日（星期日）00:00"),
        ("zh-TW", "2026年12月6日（星期日）00:00"),
        ("en", "00:00 on Sunday, 6 December 2026 (China time)"),
    ],
)
def test_what_begins_at_midnight_begins_its_day(locale: Locale, words: str) -> None:
    assert beginning(datetime(2026, 12, 5, 16, tzinfo=UTC), locale, "Asia/Shanghai") == words


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


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "2026年12月31日（星期四）24:00"),
        ("zh-TW", "2026年12月31日（星期四）24:00"),
        ("en", "the end of Thursday, 31 December 2026 (midnight, China time)"),
    ],
)
def test_midnight_is_the_end_of_the_day_that_ends_with_it(locale: Locale, words: str):
    assert spoken(datetime(2026, 12, 31, 16, tzinfo=UTC), locale, "Asia/Shanghai") == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-CN", "2026年3月1日（星期日）"), ("zh-TW", "2026年3月1日（星期日）"), ("en", "Sunday, 1 March 2026")],
)
def test_a_day_is_said_with_its_weekday(locale: Locale, words: str):
    assert spoken_date(date(2026, 3, 1), locale) == words


@pytest.mark.parametrize(
    ("length", "unit", "words"),
    [
        (24, "hours", ("24小时", "24小時", "24 hours")),
        (1, "working_days", ("1个工作日", "1個工作天", "1 working day")),
        (2, "working_days", ("2个工作日", "2個工作天", "2 working days")),
        (15, "days", ("15天", "15天", "15 days")),
    ],
)
def test_a_period_is_said_in_the_unit_of_its_clock(length: int, unit: str, words: tuple[str, ...]):
    assert tuple(period(length, unit, locale) for locale in get_args(Locale)) == words


def test_what_comes_in_order_is_counted_as_people_count():
    said = {number: ordinal(number, "en") for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 111)}
    assert list(said.values()) == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "111th"]
    assert [ordinal(2, locale) for locale in ("zh-CN", "zh-TW")] == ["2", "2"]


@pytest.mark.parametrize("to_staff", [True, False])
def test_what_is_closed_is_called_by_how_it_ended_by_staff_and_consumers_alike(to_staff: bool):
    said = {
        outcome: tuple(stage_name(Stage.CLOSED, outcome, locale, to_staff=to_staff) for locale in get_args(Locale))
        for outcome in Outcome
    }
    assert said == {
        Outcome.SATISFIED: ("已办结", "已結案", "Closed"),
        Outcome.NO_RESPONSE: ("未收到答复，先行办结", "未收到回覆，先行結案", "Closed for now, without an answer"),
        Outcome.WITHDRAWN: ("已撤回", "已撤回", "Withdrawn"),
        Outcome.MERGED: ("已合并处理", "已合併處理", "Handled together with another complaint"),
    }


def test_what_is_open_is_called_by_its_stage_to_consumers_as_they_are_addressed():
    for stage in STAGES:
        assert stage_name(stage, None, "zh-CN") == STAGES[stage].names["zh-CN"]
        assert stage_name(stage, None, "zh-CN", to_staff=True) == STAFF_STAGES[stage]["zh-CN"]


@pytest.mark.parametrize(
    ("value", "currency", "locale", "words"),
    [
        ("59.9", "CNY", "zh-CN", "59.90 元"),
        ("59.90", "CNY", "zh-TW", "人民幣 59.90 元"),
        ("59.90", "CNY", "en", "CNY 59.90"),
        ("12345678.5", "CNY", "zh-CN", "12,345,678.50 元"),
        ("20", "USD", "zh-CN", "USD 20.00"),
        ("1050", "JPY", "zh-CN", "JPY 1,050"),
        ("10.5", "KWD", "en", "KWD 10.500"),
    ],
)
def test_an_amount_is_said_with_its_currency(value: str, currency: str, locale: Locale, words: str):
    assert money(Decimal(value), currency, locale) == words


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (REMEDIES, get_args(Remedy)),
        (CATEGORIES, get_args(Category)),
        (STAFF_STAGES, tuple(Stage)),
        (ENDS, tuple(Outcome)),
        (DEPARTMENTS, (*get_args(Department), Role.SUPERVISOR, Role.MANAGEMENT)),
    ],
)
def test_whatever_can_be_named_has_a_name(names: Names, known: tuple[str, ...]):
    assert set(names) == set(known)


@pytest.mark.parametrize(
    "names",
    [
        REMEDIES,
        CATEGORIES,
        DEPARTMENTS,
        STAFF_STAGES,
        ENDS,
        UNITS,
        DELIVERY_STATUSES,
        CHANNELS,
        LEGAL_REASONS,
        {kind: it.names for kind, it in NOTICES.items()},
    ],
)
def test_names_are_there_in_every_language_and_tell_things_apart(names: Names):
    for locale in get_args(Locale):
        said = [name[locale] for name in names.values()]
        assert all(said)
        assert len(set(said)) == len(said)
