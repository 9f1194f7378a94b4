"""What is sent with every page of the console: a stylesheet of which nothing is broken or dead, a script of little
weight, and words that somebody says."""

import ast
import re
from collections.abc import Iterator
from itertools import accumulate

import pytest

from chalicelib.web.console import page
from tests.web.test_shell import weight

TEMPLATES = [file.read_text("utf-8") for file in (page.HERE / "templates").rglob("*.html")]
SCRIPTS = [file.read_text("utf-8") for file in (page.HERE / "scripts").glob("*.js")]
OF_FORMS = ("acts", "fields", "values")
"""Words that are found by what there is; `test_forms.py` says whether there is anything, `test_acts.py` of `.act.`."""
HOLE = r"[\w/?+.-]+"


def test_every_rule_of_the_stylesheet_is_closed_where_it_should_be() -> None:
    depths = [*accumulate((mark == "{") - (mark == "}") for mark in page.style_of())]
    assert (min(depths), max(depths), depths[-1]) == (0, 2, 0)


def test_no_rule_is_for_what_no_page_has() -> None:
    named = {*re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", page.style_of()))}
    given = " ".join(re.findall(r'class="[^"]*"|class(?:Name|List)[^;]*', "".join(TEMPLATES + SCRIPTS)))
    assert named - {*re.findall(r"[\w-]+", given)} == set()


def test_what_is_sent_is_light() -> None:
    assert weight(page.script()) < 4_500
    assert weight(page.style_of()) < 2_600
    assert len(page.style_of()) < 7_500


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_every_word_is_said_somewhere(locale: str) -> None:
    said = re.compile("|".join({*of_code(), *of_templates()}))
    unsaid = [key for key in page.words(locale) if not said.fullmatch(key)]  # type: ignore[arg-type]
    assert [key for key in unsaid if key.split(".")[0] not in OF_FORMS and ".act." not in key] == []


def of_code() -> Iterator[str]:
    """The keys that modules name, as patterns: whole ones, and those into which something is put."""
    for file in page.HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if re.fullmatch(r"[a-z_]+\.[\w.]+", text):
                    yield re.escape(text)
                case ast.JoinedStr(values=[ast.Constant(value=str(first)), *_]) if re.match(r"[a-z_]+\.", first):
                    parts = (getattr(one, "value", None) for one in node.values)
                    yield "".join(re.escape(one) if isinstance(one, str) else HOLE for one in parts)


def of_templates() -> Iterator[str]:
    """The same of templates, which put things together by `~`."""
    for text in TEMPLATES:
        for first, last in re.findall(r'"([a-z_]+\.[\w.]*)"(?: ~ [\w.]+(?: ~ "([\w.]+)")?)?', text):
            yield re.escape(first) + (HOLE if first.endswith(".") else "") + re.escape(last)
