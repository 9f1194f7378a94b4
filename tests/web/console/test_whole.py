"""What a difference only counts or names, whole: whoever approves an amendment reads all that they approve."""

from typing import Any

import pytest

from chalicelib.domain.governance import changes
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.web.console.policy import whole
from chalicelib.web.console.policy.whole import Piece, Told
from chalicelib.web.languages import NATIVE

from .filled import speech

BASE = versions.packaged(Operating)[max(versions.packaged(Operating))]
PLAIN = changes.plain(BASE)


def told(field: str, value: Any, locale: str = "en") -> Told:
    [found] = whole.told(BASE, changes.whole(BASE, {field: value}), speech(locale))  # type: ignore[arg-type]
    return found


def texts(piece: Piece, *which: str) -> list[str]:
    return [text for line in piece.lines for name in which for text in getattr(line, name)]


def test_canned_words_are_read_whole_in_their_language_new_changed_and_gone() -> None:
    first, second, *rest = PLAIN["canned_words"]
    new = {**first, "id": "thanks_again", "name": "再谢", "text": "谢谢！"}
    found = told("canned_words", [{**first, "text": "另一句话。"}, *rest, new])
    assert [piece.became for piece in found.pieces] == ["changed", "new", "gone"]
    changed, added, gone = found.pieces
    assert (texts(changed, "gone"), texts(changed, "new")) == ([first["text"]], ["另一句话。"])
    assert NATIVE[first["locale"]] in changed.name
    assert "谢谢！" in texts(added, "new")
    assert second["text"] in texts(gone, "gone")
    assert not found.is_long


def test_a_row_of_words_of_danger_is_read_with_its_tier_words_and_exceptions() -> None:
    at, row = next((at, one) for at, one in enumerate(PLAIN["triage"]) if one["unless"] and len(one["any"]) > 1)
    rows = [*PLAIN["triage"]]
    rows[at] = {**row, "any": [*row["any"][1:], "喷火"], "unless": []}
    found = told("triage", [*rows, {"tier": "act", "locale": "en", "any": ["went bang"]}])
    assert [piece.became for piece in found.pieces] == ["changed", "new"]
    assert told("triage", [one for one in PLAIN["triage"] if one["locale"] != "en"]).is_long, "it stands folded"
    changed, new = found.pieces
    assert texts(changed, "gone") == [row["any"][0], *row["unless"]]
    assert texts(changed, "new") == ["喷火"]
    assert set(row["any"][1:]) <= {*texts(changed, "stays")}
    assert "went bang" in texts(new, "new")


@pytest.mark.parametrize("locale", NATIVE)
def test_a_question_is_read_with_its_choices_and_not_which_is_right(locale: str) -> None:
    first, *rest = PLAIN["quiz"]
    wrong = first["wrong"]
    swapped = {**first, "right": wrong[0], "wrong": [first["right"], *wrong[1:]]}
    found = told("quiz", [swapped, *rest], locale)
    [piece] = found.pieces
    assert found.is_quiz
    assert {first["right"][locale], *(one[locale] for one in wrong)} <= {*texts(piece, "stays")}
    assert len(texts(piece, "gone", "new")) == 1, "that another is right, and not which"
    reworded = {**first, "wrong": [*wrong[:-1], dict.fromkeys(NATIVE, "Nobody.")]}
    [piece] = told("quiz", [reworded, *rest], locale).pieces
    assert (wrong[-1][locale] in texts(piece, "gone"), "Nobody." in texts(piece, "new")) == (True, True)
    for one in (first, swapped):
        [kept] = told("quiz", rest if one is first else [{**swapped, "id": "another"}, first, *rest], locale).pieces
        choices = [
            text for line in kept.lines if line.locale == locale and line.is_list for text in line.gone or line.new
        ]
        assert choices == sorted(choices), "in an order that says nothing"


def test_a_cause_is_read_in_every_language() -> None:
    code, cause = next(iter(PLAIN["causes"].items()))
    found = told("causes", {code: {"names": {"zh-TW": "別的名稱"}}})
    [piece] = found.pieces
    assert (texts(piece, "gone"), texts(piece, "new")) == ([cause["names"]["zh-TW"]], ["別的名稱"])
    assert cause["names"]["zh-CN"] in texts(piece, "stays")


def test_of_a_long_list_each_is_named_and_what_its_sentence_says_whole_is_not_said_twice() -> None:
    days = [f"2027-03-{day:02}" for day in range(1, 29)]
    assert len(texts(told("extra_holidays", days).pieces[0], "new")) >= len(days)
    assert told("extra_holidays", days[:3]).pieces == []
    assert told("told_together_minutes", 12).pieces == []
