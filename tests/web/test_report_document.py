"""A report as a document: what people read of it, in each language, and that nothing but words and numbers is in it."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.figures import Bottleneck, Figure, Listing, Period, Row
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.web import markup
from chalicelib.web.reporting import charts
from chalicelib.web.reporting.document import Standing, Step, style_of_part
from chalicelib.web.reporting.reading import FLAGS, UNITS, Reading, words
from tests.domain.cases import POLICY
from tests.domain.supervision.test_forty import report

from .reported import EMPTY, FIGURES, HASH, MARKUP, MONTH, STANDING, page, row
from .test_shell import OF_TAIWAN_ONLY, OF_THE_MAINLAND_ONLY

SIMPLE = Standing(hash=HASH)


def text(html: str) -> str:
    """What is read of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)).split())


def part(html: str, name: str) -> str:
    """What is read of a section, a figure or a measure."""
    [found] = re.findall(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>', html, re.DOTALL)
    return text(found[1])


def with_figure(measure: Any, **changes: Any) -> Any:
    changed = MONTH.figures[measure].model_copy(update=changes)
    return MONTH.model_copy(update={"figures": dict(MONTH.figures) | {measure: changed}})


# ---- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_it_says_the_same_in_each_language_and_every_word_is_of_that_language(locale: Any) -> None:
    assert words(locale).keys() == words("en").keys()
    places = {key: set(re.findall(r"\{\w+\}", said)) for key, said in words(locale).items()}
    assert places == {key: set(re.findall(r"\{\w+\}", said)) for key, said in words("en").items()}
    all_words = "".join(words(locale).values())
    assert not (OF_TAIWAN_ONLY if locale == "zh-CN" else OF_THE_MAINLAND_ONLY if locale == "zh-TW" else set()) & set(
        all_words
    )
    assert f'<html lang="{locale}">' in page(locale=locale)


def test_every_value_that_has_a_unit_has_a_name() -> None:
    named = {name for names in UNITS.values() for name in names} - FLAGS | {"vital"}
    assert {name for name in named if f"value.{name}" not in words("en")} == set()


def test_every_list_of_cases_is_called_something() -> None:
    assert {one for one in get_args(Listing) if "." in one and f"cases.{one}" not in words("en")} == set()


def test_the_style_of_a_part_holds_within_it_only() -> None:
    rules = re.sub(r"@media[^{]*\{|\}(?=\})", "", style_of_part())
    selectors = [one for rule in re.findall(r"([^{}]+)\{", rules) for one in rule.split(",")]
    assert len(selectors) > 50
    assert {one for one in selectors if not one.startswith(".document ")} == set()


def test_it_needs_nothing_from_elsewhere_runs_nothing_and_its_style_is_all_that_its_header_allows() -> None:
    html = page()
    assert not re.search(
        r" style=|url\(|@import|<script|src=|<link(?! rel=\"icon\" href=\"data:,\")|\son\w+=", style_free(html)
    )
    said = markup.secured(html)["Content-Security-Policy"]
    assert re.search(r"style-src 'sha256-[\w+/=]+';", said)
    assert "script-src 'none'" in said


def style_free(html: str) -> str:
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_what_somebody_typed_is_text_wherever_it_stands() -> None:
    html = page()
    assert "<script>alert" not in html
    for where in ("M01", "remarks"):
        assert MARKUP.replace("<", "&lt;").replace(">", "&gt;") in part(html, where)


def test_nothing_is_left_untranslated_or_empty() -> None:
    for locale in LOCALES:
        assert not re.search(
            r"None|nan|\{\w+\}|\b(cause_party|asked_given|stage_\w+|_p\d\d)\b", text(page(locale=locale))
        )


def test_the_head_says_of_what_by_what_and_since_when_it_is_known() -> None:
    html = page(locale="en")
    assert text(html).startswith("Complaints in October 2026")
    for said in (
        "Thursday, 1 October 2026 to Saturday, 31 October 2026",
        "Monday, 2 November 2026",
        "09:00 on Tuesday, 3 November 2026",
        "1, 2",
    ):
        assert said in text(html)
    assert "10 月 30 日有 3 条记录晚到。" in text(html)
    assert HASH in part(html, "rules")


@pytest.mark.parametrize(
    ("kind", "first", "last", "said"),
    [
        ("daily", (2026, 10, 9), (2026, 10, 9), "2026年10月9日（星期五）投诉日报"),
        ("weekly", (2026, 10, 5), (2026, 10, 11), "投诉周报（2026年10月5日（星期一）至2026年10月11日（星期日））"),
        ("half_yearly", (2026, 7, 1), (2026, 12, 31), "2026年下半年投诉半年报"),
    ],
)
def test_each_kind_is_called_by_its_period(kind: Any, first: Any, last: Any, said: str) -> None:
    period = Period(kind=kind, name="x", first=date(*first), last=date(*last))
    assert f"<h1>{said}</h1>" in page(MONTH.model_copy(update={"period": period}))


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_a_figure_has_its_number_what_it_counts_what_it_means_and_how_it_is_computed() -> None:
    said = part(page(locale="en"), "M03")
    assert "96.9%" in said
    assert "Counted: 229" in said
    assert "What it is:" in said
    assert "How it is computed:" in said


def test_of_too_few_nothing_is_shown_but_how_many_they_are() -> None:
    html = page(locale="en")
    assert "Too few, and therefore not shown" in part(html, "M22")
    assert "Counted: 4" in part(html, "M22")
    assert "Other 3 too few" in part(html, "M03")


def test_what_is_not_final_says_until_when_it_may_change() -> None:
    assert "Not final: may still change until Tuesday, 1 December 2026" in part(page(locale="en"), "M07")
    assert "Not final" not in part(page(locale="en"), "M03")


def test_what_has_to_be_said_of_a_figure_is_said_in_words() -> None:
    html = page(locale="en")
    assert "Not representative" in part(html, "M20")
    assert "reported no orders" in part(html, "M02")


def test_seconds_amounts_and_shares_are_said_as_people_say_them() -> None:
    html = page(locale="en")
    assert "Investigation · round 1 214 3 d 7 d" in part(html, "M04")
    assert "1 h 30 min" in part(html, "M04")
    assert "18,230.50" in part(html, "M12")
    assert "Refund · Refund＋Apology" in part(html, "M12")
    assert "90 78 12 6 86.7%" in part(html, "M14")


def test_at_a_glance_there_is_each_number_beside_what_it_was_and_by_how_much_it_differs() -> None:
    said = part(page(locale="en"), "overview")
    assert "98.5% of 196 · −1.5 points" in said
    assert "198 +17%" in said
    assert "81.0% of 21 · too few to compare" in said
    nothing = {"M19": Figure(n=0, value=0)}
    before = {"before": MONTH.before.model_copy(update={"figures": nothing})}  # type: ignore[union-attr]
    assert "Dangers 3 –" in part(page(MONTH.model_copy(update=before), locale="en"), "overview"), "nothing, and no more"
    assert "3 too few to compare" in said, "of three a year ago nothing is said in per cent"


def test_what_is_not_final_is_explained_where_it_is_marked() -> None:
    assert "What is marked “not final” needs more time" in part(page(locale="en"), "overview")
    final = {"figures": {"M03": MONTH.figures["M03"]}}
    assert "not final" not in part(page(MONTH.model_copy(update=final), locale="en"), "overview")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "No part of the work that is the house's own is both large and late"),
        (Bottleneck(stage="planning", waits_for="legal", share=0.2, in_time=0.9), "of which 90.0% ended in time."),
        (
            Bottleneck(stage="planning", waits_for="legal", share=0.2, growth=0.5),
            "50.0% more than in the period before.",
        ),
    ],
)
def test_the_bottleneck_is_one_sentence(found: Bottleneck | None, said: str) -> None:
    assert said in part(page(MONTH.model_copy(update={"bottleneck": found}), locale="en"), "sentence")


def test_of_too_few_closures_it_is_not_said_that_no_part_of_the_work_is_late() -> None:
    few = with_figure("M15", n=4, rows=(), note="too_few").model_copy(update={"bottleneck": None})
    assert "Too few complaints were closed to name a bottleneck." in part(page(few, locale="en"), "sentence")


def test_a_day_on_which_nothing_came_is_a_report_too() -> None:
    html = page(EMPTY, SIMPLE, "en")
    assert "No complaint was received and none was closed in this time." in text(html)
    assert part(html, "chart-causes").endswith("There is nothing to draw.")
    assert "<polyline" not in html


def test_what_was_said_and_decided_is_read_before_the_figures() -> None:
    places = [page().index(f'<section id="{one}">') for one in ("sentence", "remarks", "steps", "overview", "charts")]
    assert places == sorted(places)


def test_values_stand_in_the_order_in_which_they_are_read() -> None:
    for locale in LOCALES:
        assert list(words(locale)) == list(words("en"))
    html = page(locale="en")
    assert "Responsible n Share Cumulative" in part(html, "M13")
    assert "Answered In time Late Dispensed with Share" in part(html, "M14")
    assert "Received Closed In hand" in part(html, "chart-flow")
    assert "Response" in part(html, "M20").partition("Interval, from 65.1% Interval, to 83.8%")[2]


def test_whatever_has_no_value_since_it_counts_too_few_says_so() -> None:
    holder = row("holder", "quality", 6, breaches=2, late=2, per_100=33.3, median_late=None)
    late = with_figure("M16", rows=(holder,), values={"missed": 6, "median_late": None})
    assert "Median lateness too few" in part(page(late, locale="en"), "M16")
    assert "Quality control 6 2 2 too few 33.3" in part(page(late, locale="en"), "M16")
    none = with_figure("M16", rows=(), values={"missed": 0, "median_late": None})
    assert "Median lateness –" in part(page(none, locale="en"), "M16")
    seven = row("category", "delivery", 7, share=None, low=None, high=None)
    assert "Delivery 7 too few too few too few" in part(page(with_figure("M20", rows=(seven,)), locale="en"), "M20")


def test_a_table_in_which_nothing_was_counted_is_left_out() -> None:
    closed_only = tuple(
        one if one.by == "closed" else row("open", one.key, 0, share=None) for one in FIGURES["M06"].rows
    )
    said = part(page(with_figure("M06", rows=closed_only), locale="en"), "M06")
    assert "Age when closed" in said
    assert "Age of what is open now" not in said


def test_what_nobody_asked_for_is_not_called_nothing_given() -> None:
    asked = (row("asked_given", "none replacement", 17), row("asked_given", "refund none", 1))
    said = part(page(with_figure("M12", rows=asked)), "M12")
    assert "未提出 · 换货 17 退款 · 无 1" in said


def test_names_are_those_of_the_language_all_over_the_page() -> None:
    for html in (page(locale="zh-TW"), "".join(str(one) for one in definitions("zh-TW").values())):
        for elsewhere in ("投訴", "商家", "貨運業者", "工作日", "按時", "超時", "日曆日"):
            assert elsewhere not in html.replace(MARKUP, "")
    for html in (page(locale="zh-CN"), "".join(str(one) for one in definitions("zh-CN").values())):
        for elsewhere in ("已收到”阶段", "承运商", "询问", "超时", "日历日", "负责人", "销量"):
            assert elsewhere not in html.replace("换承运商包装。", "")


# ---- what people have said of it -------------------------------------------------------------------------------------


def test_a_measure_stands_beside_the_figure_that_it_is_to_move_and_says_whether_it_is_late() -> None:
    said = part(page(locale="en"), "steps")
    assert "cs.lin 2026-10-20" in said
    assert "98.5% 96.9% Late" in said
    assert "Done on Monday, 12 October 2026" in said
    assert "Not yet done" in said


def test_until_somebody_comments_it_says_that_nobody_has() -> None:
    html = page(standing=SIMPLE, locale="en")
    assert "Nobody has commented on it yet." in text(html)
    assert "No measure has been decided." in text(html)
    issued = SIMPLE._replace(stage="issued", issued_at=datetime(2026, 11, 3, 9, tzinfo=UTC))
    assert "Issued Issued at 17:00 on Tuesday, 3 November 2026" in text(page(standing=issued, locale="en"))


# ---- charts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["flow", "time", "causes", "ages", "satisfaction"])
def test_each_chart_is_named_and_stands_beside_its_table(name: str) -> None:
    [(_, figure)] = re.findall(rf'<(figure) id="chart-{name}">(.*?)</figure>', page(), re.DOTALL)
    assert re.search(r'<svg viewBox="[\d. ]+" role="img" aria-label="[^"]+">', figure)
    assert "<table" in figure


def test_what_a_chart_tells_apart_it_tells_apart_without_colour() -> None:
    html = page()
    for pattern in ("solid", "dots", "hatch", "cross", "empty"):
        assert f'class="bar {pattern}"' in html


def test_bars_are_as_long_as_what_they_stand_for_and_stay_within_the_drawing() -> None:
    drawn = charts.lanes([row("age", "a", 0, closed=50), row("age", "b", 0, closed=100)], {"closed": "solid"})
    (half,), (whole,) = (one.bars for one in drawn.lanes)
    assert (half.width, whole.width) == (166, 332)
    wide = charts.lanes([row("age", "a", 0, closed=2)], {"closed": "solid"}, most=1)
    assert wide.lanes[0].bars[0].width == 332


def test_a_stage_is_one_bar_of_those_it_waited_for_and_the_longest_is_as_wide_as_the_drawing() -> None:
    drawn = charts.stacked(MONTH.charts["time"], {"quality": "dots"})
    longest = drawn.lanes[1].bars
    assert [one.kind for one in longest] == ["solid", "dots", "solid", "solid"]
    assert sum(one.width for one in longest) == pytest.approx(332)
    assert longest[1].x == pytest.approx(longest[0].x + longest[0].width)


def test_of_more_days_than_can_be_told_apart_the_flow_has_weeks() -> None:
    days = [date(2026, 7, 1) + timedelta(n) for n in range(184)]
    flow = [row("day", str(day), 0, **{"in": 1, "out": 2, "in_hand": n}) for n, day in enumerate(days)]
    weeks = charts.by_week(flow)
    assert len(weeks) == 27
    assert weeks[1].values == {"in": 7, "out": 14, "in_hand": 11}
    assert sum(one.values["in"] or 0 for one in weeks) == 184
    assert charts.by_week(flow[:62]) == flow[:62]


def test_what_each_stage_had_in_hand_is_told_by_weeks_where_there_are_more_days_than_one() -> None:
    said = part(page(locale="en"), "chart-flow")
    assert said.count("10-05") == 2, "a day of all, and a week of the stages"
    assert said.count("10-06") == 1


def test_a_chart_of_causes_ends_where_they_are_too_few_to_say() -> None:
    few = tuple(
        Row(by="cause_party", key="delivery.lost carrier", n=2, values={"share": None, "cumulative": None})
        for _ in "ab"
    )
    html = page(MONTH.model_copy(update={"charts": dict(MONTH.charts) | {"causes": few}}), locale="en")
    assert "Too few to be drawn" in part(html, "chart-causes")


def test_a_measure_that_moves_nothing_known_shows_no_number() -> None:
    step = Step("换包装", "log.sun", date(2026, 12, 1), "M13", now=Figure(n=0))
    assert "Nothing to count" in part(page(standing=STANDING._replace(steps=(step,)), locale="en"), "steps")


# ---- the figures as they are computed --------------------------------------------------------------------------------


def test_whatever_the_figures_of_a_month_count_and_say_has_a_name_in_each_language() -> None:
    document = report()
    typed = {"seller", "product", "carrier", "holder", "person", "asked_by", "currency", "overall"}
    for locale in LOCALES:
        say = Reading(locale, POLICY.time_zone, POLICY.operating.causes)
        nameless = set()
        for figure in document.figures.values():
            nameless |= {name for name in figure.values if name not in FLAGS and say.column(name) == name}
            for one in figure.rows:
                nameless |= {name for name in one.values if say.column(name) == name}
                nameless |= {one.by} if one.by in say.by(one.by) and locale != "en" else set()
                named = say.named(one)
                nameless |= {(one.by, one.key)} if one.by not in typed and re.search("[a-z]_[a-z]", named) else set()
                nameless |= {(one.by, one.key)} if one.by not in typed and named == one.key else set()
            note = figure.note
            nameless |= {note} if note and note != "too_few" and not say.knows(f"note.{note}") else set()
        assert nameless == set(), locale


@pytest.mark.parametrize("locale", LOCALES)
def test_a_month_as_it_is_computed_is_a_page_with_each_of_its_measures_and_charts(locale: Any) -> None:
    html = page(report(), SIMPLE, locale)
    for measure, figure in report().figures.items():
        assert definitions(locale)[measure].formula in html.replace("&#39;", "'").replace("&lt;", "<"), measure
        assert f"{figure.n:,}" in part(html, measure)
    assert html.count('role="img"') >= 4
    assert not re.search(r">None<|nan%|\{\w+\}", html.partition("</style>")[2])


def test_each_printed_page_says_of_which_document_it_is() -> None:
    foot = page().partition("</style>")[0].rpartition("@bottom-left")[2]
    for said in ("2026年10月投诉月报", MONTH.report_id, HASH[:12], "counter(page)"):
        assert said in foot
    assert "&" not in foot
