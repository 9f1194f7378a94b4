"""The bench's part with a browser still measures. Its figures are no concern of a test."""

from playwright.sync_api import Browser

from tests.bench.browser import AIMS, awaiting, visits
from tests.system.cast import Cast


def test_a_slow_phone_is_measured_until_the_page_is_usable_first_and_again(browser: Browser, cast: Cast) -> None:
    first, second = visits(browser, awaiting(cast))
    assert len(AIMS) == 2
    assert 1 <= second.requests <= first.requests
    assert 0 < second.bytes <= first.bytes
    assert min(first.seconds, second.seconds) >= 0.4  # the round trip: the line is slow indeed
