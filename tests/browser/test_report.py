"""A report as a document, as people see and print it; and the report of an audit, a sheet, a management review."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.web import markup
from tests.web import reported, test_audit_page, test_review_document, test_sheets

from . import looks
from .devices import Device

OTHERS: dict[str, Callable[[Any], str]] = {
    "audit": lambda locale: test_audit_page.page(locale=locale),
    "sheet": test_sheets.page,
    "review": test_review_document.page,
}
UNLABELLED = """() => [...document.querySelectorAll("table.wide tbody td")]
  .filter(one => !one.dataset.of).map(one => one.outerHTML)"""


def opened(device: Device, html: str) -> Page:
    """Sent as the API sends it, with the header that lets a browser take nothing but what is in it."""

    def send(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=markup.secured(html))

    device.context.unroute("**/report.html")
    device.context.route("**/report.html", send)
    return device.open("/report.html")


@pytest.mark.parametrize("locale", LOCALES)
def test_everybody_can_read_it_in_each_language_on_a_narrow_screen_in_the_dark_and_at_twice_the_size(
    phone: Device, locale: Any
) -> None:
    looks.check(opened(phone, reported.page(locale=locale)))


def test_a_day_on_which_nothing_came_can_be_read_too(phone: Device) -> None:
    looks.check(opened(phone, reported.page(reported.EMPTY, locale="en")))


def test_it_asks_for_nothing_and_its_style_is_taken(desktop: Device) -> None:
    page = opened(desktop, reported.page(locale="en"))
    assert desktop.addresses == [f"{desktop.api}/report.html"]
    assert page.locator("body").evaluate("one => getComputedStyle(one).overflowWrap") == "anywhere"
    bar = page.locator("rect.hatch").first
    assert bar.evaluate("one => getComputedStyle(one).fill").startswith('url("#hatch")')


def test_on_paper_each_chart_is_whole_and_black_and_stands_before_its_table(desktop: Device) -> None:
    page = opened(desktop, reported.page(locale="en"))
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print", color_scheme="dark")
    for chart in page.locator("figure").all():
        svg, table = chart.locator("svg[role=img]").bounding_box(), chart.locator("table").first.bounding_box()
        assert svg
        assert table
        assert svg["y"] + svg["height"] <= table["y"] + 1
        assert svg["height"] < 1000
    assert page.locator("body").evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert looks.too_wide(page) == []
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    assert page.locator("thead th").first.evaluate(size) < page.locator("tbody th").first.evaluate(size)
    assert page.locator(".date").first.evaluate("one => getComputedStyle(one).whiteSpace") == "nowrap"
    first, second = (page.locator("#M01 table").nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert first["y"] == second["y"], "short lists stand side by side"


@pytest.mark.parametrize("kind", OTHERS)
def test_so_can_everybody_read_and_print_the_other_documents(phone: Device, kind: str) -> None:
    for locale in LOCALES:
        page = opened(phone, OTHERS[kind](locale))
        looks.check(page)
        assert page.evaluate(UNLABELLED) == [], "on a narrow screen each cell says of what it is"
    assert {address.rpartition("/")[2] for address in phone.addresses} == {"report.html"}
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("body").evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert looks.too_wide(page) == []
    kept = "all => all.every(one => getComputedStyle(one).breakInside === 'avoid')"
    assert page.locator(".head > div").evaluate_all(kept), "a name stands on the page of what it names"
