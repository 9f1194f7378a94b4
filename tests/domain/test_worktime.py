"""The counting rule and the calendar, against the notices, two libraries and a count by hand."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.ground.worktime import Calendar, Due, after_days, after_hours, after_working_days
from chalicelib.domain.policy.calendars import CALENDARS, calendar, parse
from infra import calendars as command

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
CN = calendar("CN")
DAY = timedelta(days=1)

# Friday before the make-up Saturday of the National Day holiday.
NOW = datetime(2026, 10, 9, 15, 40, tzinfo=SHANGHAI)

# The one day on which the libraries disagree. `holidays` says worked, `chinesecalendar` says off (its issue 125 is
# open). The notice decides: General Office of the State Council, Guobanfa Mingdian [2005] No. 35 of 2005-12-16, on the
# holidays of 2006: "the two rest days December 31 (Saturday) and January 1 (Sunday) are moved to January 2 (Monday)
# and 3 (Tuesday); December 31 (Saturday) is worked".
WORKED_BY_NOTICE_OF_2005 = date(2005, 12, 31)


def shanghai(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def covered_days() -> list[date]:
    return days(date(CN.first_year, 1, 1), date(CN.last_year, 12, 31))


def last_day(due: Due, zone: ZoneInfo = SHANGHAI) -> date:
    """The local day that ends at the due moment."""
    return (due.at - timedelta(microseconds=1)).astimezone(zone).date()


# The calendar


def test_the_calendar_of_china_covers_2004_to_the_last_published_year():
    assert CN.first_year == 2004
    assert CN.last_year == command.last_published("CN") == 2026
    assert CN.covers(date(2004, 1, 1))
    assert CN.covers(date(2026, 12, 31))
    assert not CN.covers(date(2003, 12, 31))
    assert not CN.covers(date(2027, 1, 1))


def test_the_make_up_weekends_of_2026_are_exactly_those_of_the_notice():
    made_up = [f"{day:%m-%d}" for day in sorted(CN.worked) if day.year == 2026]
    assert made_up == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_every_day_agrees_with_the_holidays_library():
    library = holidays.country_holidays("CN", years=range(CN.first_year, CN.last_year + 2))
    assert [day for day in covered_days() if CN.is_working_day(day) != library.is_working_day(day)] == []


def test_every_day_agrees_with_chinesecalendar_but_the_one_where_the_notice_says_otherwise():
    different = [day for day in covered_days() if CN.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert different == [WORKED_BY_NOTICE_OF_2005]
    assert CN.is_working_day(WORKED_BY_NOTICE_OF_2005)


def test_chinesecalendar_knows_no_notice_that_the_file_lacks():
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(CN.last_year + 1, 1, 4))


def test_only_weekdays_are_holidays_and_only_weekend_days_are_worked_extra():
    assert all(day.weekday() < 5 for day in CN.holidays)
    assert all(day.weekday() >= 5 for day in CN.worked)


@pytest.mark.parametrize("year", [2003, 2027, 2040])
def test_in_a_year_that_is_not_covered_every_monday_to_friday_counts(year):
    for day in days(date(year, 1, 1), date(year, 12, 31)):
        assert CN.is_working_day(day) == (day.weekday() < 5)


def test_a_moment_is_not_taken_for_a_day():
    with pytest.raises(ValueError, match="days, not moments"):
        CN.is_working_day(NOW)


def test_the_calendar_is_read_once_from_one_file(monkeypatch):
    read = []
    read_text = Path.read_text

    def noting(path, *args, **kwargs):
        read.append(path.name)
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", noting)
    calendar.cache_clear()
    assert calendar("CN") is calendar("CN")
    assert read == ["CN.json"]


@pytest.mark.parametrize("country", ["XX", "", "cn", "../calendars/CN"])
def test_an_unknown_country_is_told_which_calendars_there_are(country):
    with pytest.raises(ValueError, match=r"only for CN.*python -m infra\.calendars"):
        calendar(country)


def test_neither_library_is_imported_at_run_time():
    watch = "import sys, chalicelib.domain.policy.calendars as c; c.calendar(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    assert {"holidays", "chinese_calendar"}.isdisjoint(loaded)


# The policy's own days


def test_a_storm_closure_moves_the_due_date_by_a_day():
    storm = CN.amended([date(2026, 10, 12)], [])
    assert after_working_days(NOW, 3, storm, SHANGHAI).at == shanghai(2026, 10, 15)


def test_a_closure_on_a_make_up_weekend_and_work_on_a_holiday_are_possible():
    ours = CN.amended([date(2026, 10, 10)], [date(2026, 10, 1), date(2026, 10, 11)])
    assert not ours.is_working_day(date(2026, 10, 10))
    assert ours.is_working_day(date(2026, 10, 1))
    assert ours.is_working_day(date(2026, 10, 11))


def test_a_late_notice_counts_at_once_but_its_year_stays_provisional():
    late = CN.amended([date(2027, 1, 1)], [date(2027, 1, 3)])
    assert after_working_days(shanghai(2026, 12, 31, 9), 1, late, SHANGHAI) == (shanghai(2027, 1, 4), True)


def test_an_amended_calendar_has_another_edition_exactly_when_it_counts_differently():
    storm = CN.amended([date(2026, 10, 12)], [])
    assert storm.edition != CN.edition
    assert storm.edition == CN.amended([date(2026, 10, 12), date(2026, 10, 11)], []).edition
    assert storm.edition != CN.amended([date(2026, 10, 13)], []).edition
    both = CN.amended([date(2026, 10, 12), date(2026, 10, 13)], [])
    assert both == storm.amended([date(2026, 10, 13)], [])
    assert both.edition != storm.edition
    assert CN.amended([], []) == CN
    assert CN.amended([date(2026, 10, 1)], [date(2026, 10, 10), date(2026, 10, 12)]) == CN


def test_the_calendar_it_was_made_from_stays_as_it_was():
    CN.amended([date(2026, 10, 12)], [date(2026, 10, 11)])
    assert parse((CALENDARS / "CN.json").read_text(encoding="utf-8")) == CN


def test_a_day_cannot_be_an_extra_holiday_and_an_extra_working_day():
    off, on = [date(2026, 10, 8), date(2026, 10, 12), date(2026, 10, 13)], [date(2026, 10, 12), date(2026, 10, 13)]
    with pytest.raises(ValueError, match="2026-10-12"):
        CN.amended(off, on)


# Hours


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (shanghai(2026, 10, 9, 15, 40), shanghai(2026, 10, 10, 15, 40)),
        (shanghai(2026, 2, 15, 23, 59), shanghai(2026, 2, 16, 23, 59)),  # within the Spring Festival
        (shanghai(2026, 12, 31, 8), shanghai(2027, 1, 1, 8)),
    ],
)
def test_24_hours_run_around_the_clock_holidays_included(start, end):
    assert after_hours(start, 24) == Due(end, provisional=False)


def test_hours_are_hours_when_the_clocks_change():
    start = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK)  # the night after it has one hour less
    assert after_hours(start, 24).at.astimezone(NEW_YORK) == datetime(2026, 3, 8, 13, tzinfo=NEW_YORK)


def test_parts_of_an_hour_count():
    assert after_hours(NOW, 1.5).at == shanghai(2026, 10, 9, 17, 10)


# Working days


@pytest.mark.parametrize(
    ("start", "count", "ends"),
    [
        (shanghai(2026, 10, 9, 15, 40), 1, date(2026, 10, 10)),  # the make-up Saturday
        (shanghai(2026, 10, 9, 15, 40), 2, date(2026, 10, 12)),
        (shanghai(2026, 10, 9, 15, 40), 3, date(2026, 10, 13)),
        (shanghai(2026, 10, 10, 9), 1, date(2026, 10, 12)),
        (shanghai(2026, 10, 11, 9), 1, date(2026, 10, 12)),
        (shanghai(2026, 9, 30, 18), 1, date(2026, 10, 8)),  # the National Day week
        (shanghai(2026, 9, 18, 9), 1, date(2026, 9, 20)),  # a make-up Sunday after a Saturday off
        (shanghai(2026, 2, 12, 9), 2, date(2026, 2, 14)),  # the make-up Saturday before the Spring Festival
        (shanghai(2026, 2, 13, 9), 2, date(2026, 2, 24)),
        (shanghai(2026, 2, 14, 9), 1, date(2026, 2, 24)),
        (shanghai(2026, 2, 14, 9), 5, date(2026, 2, 28)),
        (shanghai(2026, 5, 8, 9), 2, date(2026, 5, 11)),
        (shanghai(2025, 12, 31, 9), 1, date(2026, 1, 4)),  # New Year, then a make-up Sunday
        (shanghai(2005, 12, 30, 9), 1, date(2005, 12, 31)),
        (shanghai(2005, 12, 31, 9), 1, date(2006, 1, 4)),
    ],
)
def test_working_days_end_at_24_00_of_the_day_that_the_notice_gives(start, count, ends):
    midnight = datetime.combine(ends + DAY, time(), SHANGHAI)
    assert after_working_days(start, count, CN, SHANGHAI) == Due(midnight, provisional=False)


def test_three_working_days_from_friday_2026_10_09_end_on_tuesday_at_24_00():
    assert after_working_days(NOW, 3, CN, SHANGHAI).at == datetime(2026, 10, 13, 16, tzinfo=UTC)


def test_the_local_day_decides_at_midnight_exactly():
    last_moment_of_the_9th = shanghai(2026, 10, 10) - timedelta(microseconds=1)
    assert after_working_days(last_moment_of_the_9th, 1, CN, SHANGHAI).at == shanghai(2026, 10, 11)
    assert after_working_days(shanghai(2026, 10, 10), 1, CN, SHANGHAI).at == shanghai(2026, 10, 13)


def test_the_day_is_the_local_one_wherever_the_start_was_noted():
    evening_in_utc = datetime(2026, 10, 9, 16, 30, tzinfo=UTC)  # already the 10th in Shanghai
    assert after_working_days(evening_in_utc, 1, CN, SHANGHAI).at == shanghai(2026, 10, 13)


def test_a_close_of_business_ends_the_last_day_earlier():
    six = time(18)
    assert after_working_days(NOW, 3, CN, SHANGHAI, six).at == shanghai(2026, 10, 13, 18)
    assert after_days(NOW, 15, CN, SHANGHAI, six).at == shanghai(2026, 10, 26, 18)


def test_only_a_due_date_that_reaches_into_an_uncovered_year_is_provisional():
    assert after_working_days(shanghai(2026, 12, 30, 9), 1, CN, SHANGHAI) == (shanghai(2027, 1, 1), False)
    assert after_working_days(shanghai(2026, 12, 31, 9), 1, CN, SHANGHAI) == (shanghai(2027, 1, 2), True)
    assert after_days(shanghai(2026, 12, 30, 9), 1, CN, SHANGHAI) == (shanghai(2027, 1, 1), False)
    assert after_days(shanghai(2026, 12, 30, 9), 2, CN, SHANGHAI) == (shanghai(2027, 1, 2), True)
    assert after_working_days(shanghai(2003, 12, 30, 9), 2, CN, SHANGHAI).provisional
    assert not after_working_days(shanghai(2003, 12, 31, 9), 1, CN, SHANGHAI).provisional


# Calendar days


@pytest.mark.parametrize(
    ("start", "count", "ends"),
    [
        (shanghai(2026, 10, 9, 15, 40), 1, date(2026, 10, 10)),  # a make-up Saturday is no day off
        (shanghai(2026, 10, 9, 15, 40), 2, date(2026, 10, 12)),  # Sunday, so Monday
        (shanghai(2026, 10, 9, 15, 40), 15, date(2026, 10, 26)),  # Saturday, so Monday
        (shanghai(2026, 10, 9, 15, 40), 20, date(2026, 10, 29)),
        (shanghai(2026, 9, 28, 9), 3, date(2026, 10, 8)),  # within the National Day week
        (shanghai(2026, 2, 10, 9), 4, date(2026, 2, 14)),
        (shanghai(2026, 2, 10, 9), 5, date(2026, 2, 24)),
        (shanghai(2025, 12, 31, 9), 1, date(2026, 1, 4)),
    ],
)
def test_calendar_days_that_run_out_on_a_day_off_end_on_the_next_working_day(start, count, ends):
    midnight = datetime.combine(ends + DAY, time(), SHANGHAI)
    assert after_days(start, count, CN, SHANGHAI) == Due(midnight, provisional=False)


# What is refused


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2026, 10, 9, 15, 40)  # noqa: DTZ001
    for end in (
        lambda: after_hours(naive, 24),
        lambda: after_working_days(naive, 3, CN, SHANGHAI),
        lambda: after_days(naive, 15, CN, SHANGHAI),
    ):
        with pytest.raises(ValueError, match="without a time zone"):
            end()


def test_a_period_of_no_days_or_of_negative_hours_is_refused():
    with pytest.raises(ValueError, match="one day at least"):
        after_working_days(NOW, 0, CN, SHANGHAI)
    with pytest.raises(ValueError, match="one day at least"):
        after_days(NOW, -1, CN, SHANGHAI)
    with pytest.raises(ValueError, match="-1 hours"):
        after_hours(NOW, -1)


# Whatever the start: covered years, uncovered ones, and often the places where counting goes wrong.

TURNS = [date(2003, 12, 31), date(2004, 12, 31), date(2005, 12, 31), date(2025, 12, 31), date(2026, 12, 31)]
EDGES = sorted({edge + n * DAY for edge in [*TURNS, date(2026, 2, 14), date(2026, 10, 10)] for n in range(-4, 5)})
DATES = st.sampled_from(EDGES) | st.dates(date(2003, 6, 1), date(2028, 6, 30))
TIMES = st.sampled_from([time(0), time(23, 59, 59, 999999)]) | st.times()
ZONES = st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("UTC")])
COUNTS = st.integers(1, 30)
RULES = st.sampled_from([after_working_days, after_days])
CLOSES = st.sampled_from([None, time(18)])
CALENDAR_OF = st.builds(
    lambda off, on: CN.amended(off - on, on), st.sets(st.sampled_from(EDGES)), st.sets(st.sampled_from(EDGES))
) | st.just(CN)
quick = settings(max_examples=150, database=None)


@quick
@given(DATES, TIMES, COUNTS, CALENDAR_OF, ZONES)
def test_working_days_are_as_many_as_a_count_by_hand_finds(day, clock, count, calendar_of, zone):
    due = after_working_days(datetime.combine(day, clock, zone), count, calendar_of, zone)
    counted = [d for d in days(day + DAY, last_day(due, zone)) if calendar_of.is_working_day(d)]
    assert len(counted) == count
    assert counted[-1] == last_day(due, zone)


@quick
@given(DATES, TIMES, COUNTS, CALENDAR_OF)
def test_calendar_days_end_on_the_first_working_day_that_is_not_too_early(day, clock, count, calendar_of):
    ends = last_day(after_days(datetime.combine(day, clock, SHANGHAI), count, calendar_of, SHANGHAI))
    assert ends >= day + count * DAY
    assert not any(calendar_of.is_working_day(d) for d in days(day + count * DAY, ends - DAY))


@quick
@given(RULES, DATES, TIMES, COUNTS, CALENDAR_OF, ZONES, CLOSES)
def test_a_due_date_is_never_on_a_day_off(rule, day, clock, count, calendar_of, zone, close):
    due = rule(datetime.combine(day, clock, zone), count, calendar_of, zone, close)
    assert calendar_of.is_working_day(last_day(due, zone))
    assert last_day(due, zone) > day
    assert due.at.astimezone(zone).time() == (close or time(0))
    assert due.at.tzinfo is UTC


@quick
@given(RULES, DATES, DATES, TIMES, TIMES, COUNTS, CALENDAR_OF, CLOSES)
def test_a_later_start_is_never_due_earlier(rule, day, other, clock, other_clock, count, calendar_of, close):
    starts = sorted([datetime.combine(day, clock, SHANGHAI), datetime.combine(other, other_clock, SHANGHAI)])
    earlier, later = (rule(start, count, calendar_of, SHANGHAI, close).at for start in starts)
    assert earlier <= later


@quick
@given(RULES, DATES, TIMES, TIMES, COUNTS, ZONES)
def test_the_time_of_day_of_the_start_changes_nothing(rule, day, clock, other_clock, count, zone):
    dues = {rule(datetime.combine(day, at, zone), count, CN, zone) for at in (clock, other_clock)}
    assert len(dues) == 1


@quick
@given(RULES, DATES, TIMES, COUNTS)
def test_a_due_date_is_provisional_exactly_when_a_counted_day_is_not_covered(rule, day, clock, count):
    due = rule(datetime.combine(day, clock, SHANGHAI), count, CN, SHANGHAI)
    assert due.provisional == any(not CN.covers(d) for d in days(day + DAY, last_day(due)))


@pytest.mark.parametrize("rule", [after_working_days, after_days])
def test_one_day_more_is_never_due_earlier_and_one_working_day_more_always_later(rule):
    for day in covered_days():
        one, two = (rule(datetime.combine(day, time(9), SHANGHAI), count, CN, SHANGHAI).at for count in (1, 2))
        assert one < two if rule is after_working_days else one <= two


@quick
@given(DATES, TIMES, st.integers(0, 24 * 40), ZONES)
def test_hours_are_never_stretched_by_a_calendar(day, clock, hours, zone):
    start = datetime.combine(day, clock, zone).astimezone(UTC)
    assert after_hours(start.astimezone(zone), hours) == Due(start + timedelta(hours=hours), provisional=False)


# The command that makes the files


def test_the_packaged_file_is_what_the_command_makes(capsys):
    assert command.main(["CN", "--check"]) == 0
    assert "2004 to 2026" in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(CALENDARS.glob("*.json")), ids=lambda path: path.stem)
def test_every_packaged_calendar_passes_its_check(path):
    assert command.main([path.stem, "--check"]) == 0


def test_a_file_that_differs_or_is_missing_fails_the_check_and_says_what_to_run(tmp_path, capsys):
    assert command.main(["CN", "--check", "--into", str(tmp_path)]) == 1
    assert "is missing" in capsys.readouterr().err
    text = (CALENDARS / "CN.json").read_text(encoding="utf-8")
    (tmp_path / "CN.json").write_text(text.replace("10-10", "10-11"), encoding="utf-8")
    assert command.main(["CN", "--check", "--into", str(tmp_path)]) == 1
    assert "Run: python -m infra.calendars CN --from 2004 --to 2026" in capsys.readouterr().err
    assert "10-11" in (tmp_path / "CN.json").read_text(encoding="utf-8")


def test_the_years_end_with_the_last_notice_and_not_with_the_librarys_guesses(tmp_path, capsys):
    assert command.main(["CN", "--from", "2025", "--into", str(tmp_path)]) == 0
    made = parse((tmp_path / "CN.json").read_text(encoding="utf-8"))
    assert (made.first_year, made.last_year) == (2025, 2026)
    assert capsys.readouterr().err == ""


def test_covering_a_year_that_the_library_guesses_is_warned_of(tmp_path, capsys):
    command.main(["CN", "--from", "2026", "--to", "2027", "--into", str(tmp_path)])
    assert "moves no day off in CN after 2026" in capsys.readouterr().err


@pytest.mark.parametrize("country", ["US", "HK", "TW", "SA"])
def test_other_countries_come_from_the_same_command_and_agree_with_the_library(country, tmp_path):
    assert command.main([country, "--from", "2022", "--to", "2026", "--into", str(tmp_path)]) == 0
    made = parse((tmp_path / f"{country}.json").read_text(encoding="utf-8"))
    library = holidays.country_holidays(country, years=range(2022, 2028))
    assert isinstance(made, Calendar)
    for day in days(date(2022, 1, 1), date(2026, 12, 31)):
        assert made.is_working_day(day) == library.is_working_day(day)
    assert command.main([country, "--check", "--into", str(tmp_path), "--to", "2026"]) == 0


def test_the_edition_tells_contents_apart(tmp_path):
    editions = []
    for first, last in pairwise([2022, 2024, 2026]):
        command.main(["CN", "--from", str(first), "--to", str(last), "--into", str(tmp_path)])
        editions.append(parse((tmp_path / "CN.json").read_text(encoding="utf-8")).edition)
    assert editions[0].startswith("2024-")
    assert editions[1].startswith("2026-")
    assert CN.edition not in editions


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["XX"], "ISO 3166 code"),
        (["US"], "python -m infra.calendars US --to YEAR"),
        (["CN", "--from", "2027"], "--from must not be later than --to"),
    ],
)
def test_the_command_says_what_to_do_when_it_cannot_go_on(arguments, advice, tmp_path):
    with pytest.raises(SystemExit, match=advice):
        command.main([*arguments, "--into", str(tmp_path)])
    assert list(tmp_path.iterdir()) == []
