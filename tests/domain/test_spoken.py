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
    LEGAL_REASONS,
    REMEDIES,
    STAFF_STAGES,
    Names,
    money,
    spoken,
    spoken_date,
)
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Category, Locale, Remedy


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
