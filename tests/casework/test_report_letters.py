"""What staff are told of reports and measures: in each language, in few words, with nothing that anybody typed."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.casework.report_letters import KINDS, TELLS, values
from chalicelib.casework.words import fill
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.supervision import report
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.figures import ReportKind
from chalicelib.domain.supervision.improvement import Intended
from chalicelib.domain.supervision.report import Comment, Report, ReportComputed
from chalicelib.domain.telling.notices import notices_of
from chalicelib.domain.vocabulary.spoken import spoken_period
from tests.domain.cases import POLICY

from .told import LOCALES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
LEAD = people.staff("cs.lead", frozenset({"supervisor"}))
TYPED = "不要写在信里"


def lived(kind: ReportKind = "monthly", edition: int = 1) -> tuple[Report, list[Entry]]:
    """A report with a measure that nobody carries out and whose owner is not reached, and its entries."""
    about = {"hash": "ab", "as_of": date(2026, 11, 2), "closures": 7}
    entries = [
        report.computed(ReportComputed(period=period_of(kind, date(2026, 10, 1)), edition=edition, **about), NOW)
    ]
    state = report.evolve(None, entries[0])

    def add(more: list[Entry]) -> None:
        nonlocal state
        for entry in more:
            entries.append(entry)
            state = report.evolve(state, entry)

    measure = Intended(what=TYPED, owner="quality.he", due=date(2026, 11, 20), moves="M05")
    add(report.decide(state, Comment(text=TYPED, measures=(measure,)), LEAD, NOW, POLICY, None))
    add(report.decide(state, report.Issue(), LEAD, NOW, POLICY, None))
    add(report.due_alarms(state, datetime(2027, 1, 20, tzinfo=SHANGHAI), POLICY))
    add(report.unreached(state, 1, 3, NOW))
    return state, entries


def told(edition: int, **about: Any) -> dict[str, Entry]:
    """The entry that leads to each kind of notice."""
    _, entries = lived(edition=edition, **about)
    return {key.kind: entry for entry in entries for key in notices_of(entry, TELLS)}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_notice_is_there_in_every_language_short_and_without_words_that_somebody_typed(locale: Any):
    found = told(1) | told(2)
    assert found.keys() == KINDS.keys()
    for kind, entry in found.items():
        state, _ = lived()
        words = fill(kind, locale, **values(entry, state, locale, POLICY.time_zone))
        assert len(words.subject) < 100, kind
        assert TYPED not in words.text + words.html, kind
        assert "report_monthly-2026-10-1" in words.text
        assert "{{" not in words.text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_figure_that_a_measure_is_to_move_is_called_by_its_name(locale: Any):
    state, _ = lived()
    for kind in ("measure_given", "measure_reminder", "measure_late"):
        text = fill(kind, locale, **values(told(1)[kind], state, locale, POLICY.time_zone)).text
        assert definitions(locale)["M05"].name in text, kind
        assert "M05" not in text, kind


def test_a_daily_report_tells_nobody_that_it_is_there():
    assert {"report_computed", "report_edition"} & told(1, kind="daily").keys() == set()


@pytest.mark.parametrize(
    ("kind", "first", "said"),
    [
        ("daily", date(2026, 10, 9), ("2026年10月9日（星期五）日报", "Report of Friday, 9 October 2026")),
        ("weekly", date(2026, 12, 28), ("2026年第53周周报", "Report of week 53 of 2026")),
        ("monthly", date(2026, 10, 1), ("2026年10月月报", "Report of October 2026")),
        ("half_yearly", date(2026, 7, 1), ("2026年下半年报告", "Report of the second half of 2026")),
    ],
)
def test_a_report_is_called_as_people_call_it(kind: str, first: date, said: tuple[str, str]):
    assert (spoken_period(kind, first, "zh-CN"), spoken_period(kind, first, "en")) == said
