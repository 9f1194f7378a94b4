"""The decisions can be cited: they are numbered, and each says what, why and at what price."""

import re

from .documents import text_of

HEADING = re.compile(r"(\d+) · (.+) (↔|→)")
HEAD, *SECTIONS = re.split(r"^## ", text_of("chalicelib/DECISIONS.md"), flags=re.MULTILINE)


def test_they_are_numbered_without_gaps_newest_first():
    headings = [HEADING.fullmatch(section.partition("\n")[0]) for section in SECTIONS]
    assert [int(one[1]) if one else one for one in headings] == list(range(len(SECTIONS), 0, -1))
    assert len({one[2] for one in headings if one}) == len(SECTIONS) > 40


def test_each_says_what_and_why_and_at_what_price():
    parts = {
        section.partition("\n")[0]: re.findall(r"^- \*\*(\w+):\*\* \S", section, re.MULTILINE) for section in SECTIONS
    }
    assert {heading: said for heading, said in parts.items() if said != ["What", "Why", "Price"]} == {}


def test_no_two_say_the_same():
    bodies = [section.partition("\n")[2].strip() for section in SECTIONS]
    assert [one for one in bodies if bodies.count(one) > 1] == []


def test_a_decision_that_is_cited_is_there():
    cited = {int(number) for section in SECTIONS for number in re.findall(r"\((\d+)\)", section)}
    assert cited
    assert cited <= set(range(1, len(SECTIONS) + 1))
