"""The report of an audit as people read it, in each language: what was found, of how many, how it was drawn."""

import re
from typing import Any

import pytest

from chalicelib.domain.audit import documents
from chalicelib.domain.audit.population import Tally
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.web import markup
from chalicelib.web.reporting import audit_page
from tests.domain.audit.reported import FACTS, ITEMS, MARKUP, NAMES, NOW, audit
from tests.domain.cases import POLICY

from .test_report_document import part, style_free, text

SAID = documents.document(audit(), FACTS, 1, NOW)


def page(said: documents.AuditDocument = SAID, locale: Any = "zh-CN") -> str:
    return audit_page.as_html(said, locale, POLICY)


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_whole_in_each_language(locale: Any) -> None:
    html = page(locale=locale)
    assert f'<html lang="{locale}">' in html
    assert not re.search(r"None|nan|\{\w+\}|findings_follow|not_supported|to be corrected by:", text(html))
    assert SAID.population_hash in part(html, "method")
    assert documents.hash_of(SAID) in part(html, "method")


@pytest.mark.parametrize(
    ("locale", "title", "words"),
    [
        ("en", "Internal audit of the fourth quarter of 2026", "2 of 46, upper limit 12.9 %, tolerable 10 %"),
        ("zh-CN", "2026年第4季度内部审计", "46 件中 2 件不符，上限 12.9%，可容忍 10%：不足以认定符合制度"),
        ("zh-TW", "2026年第4季內部稽核", "46 件中有 2 件不符，上限 12.9%，可容忍 10%：不足以認定符合制度"),
    ],
)
def test_it_says_of_what_it_is_and_what_that_comes_to(locale: Any, title: str, words: str) -> None:
    html = page(locale=locale)
    assert text(html).startswith(title)
    assert words in part(html, "result")


def test_each_finding_has_its_severity_clause_and_due_time() -> None:
    said = part(page(locale="en"), "findings")
    assert "Finding 1: major" in said
    assert "4.1c" in said
    assert "the end of Friday, 19 February 2027" in said
    assert "Finding 2: observation" in said
    assert said.count("To be corrected") == 2, "the state and the due time of the first: an observation need not be"
    assert "Found again within 12 months: audit_2026Q3-1 2" in said
    assert "Finding 3" not in said


def test_each_rule_of_which_there_is_something_to_say_says_what_it_looks_for() -> None:
    said = part(page(locale="en"), "machine")
    assert "Run on 1,190 of 1,201 closures" in said
    for rule in ("3.3-called", "3.3-routes", "4.1c-told", "6.2-asked"):
        assert audit_page.RULES[rule].looks_for["en"] in said
    nothing = FACTS.model_copy(update={"tested": Tally(n=46)})
    fine = documents.document(audit(items=ITEMS[5:]), nothing, 1, NOW)
    assert "All rules hold everywhere." in part(page(fine, "en"), "machine")


def test_of_too_few_no_limit_is_shown() -> None:
    few = documents.document(audit(items=ITEMS[:8]), FACTS, 0, NOW)
    html = page(few, "en")
    assert part(html, "questions").count("too few") == 4
    assert "Draft" in text(html)


def test_a_correction_says_why_there_is_one() -> None:
    corrected = documents.document(audit(), FACTS, 2, NOW, f"数字有误 {MARKUP}")
    assert "数字有误" in text(page(corrected))


def test_it_names_nobody_and_what_was_typed_is_text() -> None:
    html = page()
    assert not [name for name in NAMES if name in html]
    assert "<script>alert" not in html
    assert MARKUP.replace("<", "&lt;").replace(">", "&gt;") in part(html, "conclusion")


def test_it_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    html = page()
    assert not re.search(r" style=|url\(|@import|<script|src=|\son\w+=", style_free(html))
    assert "script-src 'none'" in markup.secured(html)["Content-Security-Policy"]
