"""The bench's part with the console in a browser still measures. Its figures are no concern of a test."""

from playwright.sync_api import Browser

from tests.bench.desks import AIMS, laid_out, opened
from tests.system.cast import Cast


def test_pages_of_the_console_are_measured_until_they_are_painted_first_and_again(browser: Browser, cast: Cast) -> None:
    paths = laid_out(cast)
    for what, aim in AIMS.items():
        first, again = opened(browser, cast, paths[what], aim.sign)
        assert 0 < again.bytes < 2 * first.bytes, what
        assert min(first.seconds, again.seconds) >= 0.4  # the round trip: the line is slow indeed
