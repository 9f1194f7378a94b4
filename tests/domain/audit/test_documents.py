"""What the report of an audit says: counts of what was drawn by chance, and nobody's name."""

from decimal import Decimal

import pytest

from chalicelib.domain.audit import documents, sampling
from tests.domain.audit.reported import FACTS, ITEMS, NAMES, NOW, audit

SAID = documents.document(audit(), FACTS, 1, NOW)


def test_what_is_concluded_is_of_what_was_drawn_by_chance() -> None:
    words = "2 of 46, upper limit 12.9 %, tolerable 10 %: not supported"
    assert sampling.in_words(SAID.result, SAID.tolerable, "en") == words
    assert (SAID.certain.n, SAID.certain.deviating, SAID.picked.n, SAID.picked.deviating, SAID.erased) == (
        1,
        1,
        1,
        0,
        1,
    )


def test_each_question_has_those_of_which_it_could_be_said() -> None:
    known = {one.question: (one.n, one.deviating, one.not_assessable, one.limit) for one in SAID.questions}
    assert known["tone"] == (46, 1, 0, Decimal("9.8"))
    assert known["remedy_lawful"] == (45, 0, 1, Decimal("6.3"))


def test_each_rule_of_which_there_is_something_to_say_has_the_population_and_the_sample() -> None:
    known = {one.rule: (one.broken, one.undecided, one.sample.deviating, one.sample.n) for one in SAID.rules}
    assert known == {
        "3.3-called": (0, 0, 0, 46),
        "3.3-routes": (2, 0, 0, 46),
        "4.1c-told": (61, 0, 1, 46),
        "6.2-asked": (0, 7, 0, 45),
    }


def test_of_fewer_than_ten_no_limit_is_given() -> None:
    few = documents.document(audit(items=ITEMS[:11]), FACTS, 1, NOW)
    assert {one.limit for one in (*few.questions, *(rule.sample for rule in few.rules))} == {None}


def test_what_was_dropped_is_no_finding() -> None:
    assert [(one.number, one.severity, one.items) for one in SAID.findings] == [(1, "major", 2), (2, "observation", 0)]
    assert SAID.severities == {"critical": 0, "major": 1, "minor": 0, "observation": 1}


def test_it_names_nobody() -> None:
    written = documents.as_bytes(SAID).decode()
    assert not [name for name in NAMES if name in written]


def test_it_is_the_same_whenever_it_is_made_of_the_same() -> None:
    again = documents.AuditDocument.model_validate_json(documents.as_bytes(SAID))
    assert again == SAID
    assert documents.hash_of(again) == documents.hash_of(SAID)


def test_before_a_sample_is_drawn_there_is_nothing_to_say() -> None:
    with pytest.raises(ValueError, match="no sample"):
        documents.document(audit(sample=None), FACTS, 0, NOW)
