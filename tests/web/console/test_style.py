"""The stylesheet of the console: a mark too many or too few takes rules from everybody, and nobody says so."""

from itertools import accumulate

from chalicelib.web.console import page


def test_every_rule_of_the_stylesheet_is_closed_where_it_should_be() -> None:
    depths = [*accumulate((mark == "{") - (mark == "}") for mark in page.style())]
    assert (min(depths), max(depths), depths[-1]) == (0, 2, 0)
