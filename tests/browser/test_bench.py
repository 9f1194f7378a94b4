"""The bench's part with a browser still measures. Its figures are no concern of a test."""

from playwright.sync_api import Browser

from tests.bench.browser import AIMS, awaiting, visits
from tests.system.cast import Cast


def test_a_slow_phone_is_measured_until_the_page_is_usable_first_and_again(browser: Browser, cast: Cast) -> None:
    first, second = visits(browser, awaiting(cast))
    assert len(AIMS) == 2
    assert 1 <= second.usable.requests <= first.usable.requests <= first.whole.requests
    assert 0 < second.usable.bytes <= first.usable.bytes <= first.whole.bytes
    assert 0.4 <= second.usable.seconds <= second.whole.seconds  # the round trip: the line is slow indeed
    assert 0.8 <= first.usable.seconds <= first.whole.seconds  # two of them: the page, and what is in it
