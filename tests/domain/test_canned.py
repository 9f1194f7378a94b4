"""Canned words: what departments write again and again, with places for what a complaint says."""

from typing import Any, get_args

import pytest

from chalicelib.domain.governance import changes, wording
from chalicelib.domain.ground.errors import Invalid
from chalicelib.domain.ground.people import Department
from chalicelib.domain.policy.canned import IN_BRACES, PLACEHOLDERS, CannedWords, packaged_words
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.versions import packaged
from chalicelib.domain.vocabulary.terms import Locale

OPERATING = packaged(Operating)[1]
WAIT = {"id": "please_wait", "department": "quality", "locale": "zh-CN", "name": "请稍候", "text": "请稍候。"}


def amended(*listed: dict[str, Any]) -> Operating:
    return changes.whole(OPERATING, {"canned_words": list(listed)})


def test_every_department_has_some_in_each_language_from_the_beginning() -> None:
    there = {(one.department, one.locale) for one in packaged_words()}
    assert there == {(one, locale) for one in get_args(Department) for locale in get_args(Locale)}
    assert OPERATING.canned_words == packaged_words()


def test_the_same_words_have_the_same_places_in_each_language() -> None:
    places: dict[str, set[str]] = {}
    for one in packaged_words():
        found = set(IN_BRACES.findall(one.text))
        assert found <= set(PLACEHOLDERS)
        if one.locale != "en":
            assert found == places.setdefault(one.id, found), one.id


def test_taiwan_and_the_mainland_each_write_their_own_characters() -> None:
    for one in packaged_words():
        if one.locale != "en":
            (one.name + one.text).encode("big5" if one.locale == "zh-TW" else "gb2312")


def test_places_are_filled_with_what_the_complaint_says_and_nothing_else_is_touched() -> None:
    words = CannedWords(**WAIT | {"text": "{consumer_name}您好，{order_number} 请在 {due_at} 前……{later}"})
    filled = words.filled(
        {"consumer_name": "王{assignee}芳", "order_number": "E-1", "due_at": None, "assignee": "cs.lin"}
    )
    assert filled == "王{assignee}芳您好，E-1 请在 ____ 前……____"


def test_a_place_for_what_there_is_not_is_refused_where_it_is_amended_and_read_where_it_was() -> None:
    newer = WAIT | {"text": "{favourite_colour}"}
    with pytest.raises(Invalid) as refused:
        amended(WAIT | {"id": "other"}, newer)
    [fault] = refused.value.faults
    assert (fault.field, fault.code) == ("changes.canned_words.1.text", "placeholder_unknown")
    assert CannedWords(**newer).filled({}) == "____"


def test_an_id_stands_once_in_a_language() -> None:
    assert amended(WAIT, WAIT | {"locale": "en"}).canned_words[1].locale == "en"
    with pytest.raises(Invalid) as refused:
        amended(WAIT, WAIT | {"text": "好。"})
    assert [(one.field, one.code) for one in refused.value.faults] == [("changes.canned_words.1.id", "name_twice")]


def test_a_change_of_them_is_told_by_their_names() -> None:
    known = changes.plain(OPERATING)["canned_words"]
    other = amended(
        *known[1:-3], known[-3] | {"text": "好。"}, *known[-2:], WAIT, WAIT | {"locale": "en", "name": "Wait"}
    )
    [said] = wording.worded(OPERATING, other, "zh-CN")
    assert said.words == "常用语（3.2）：45条 → 46条；新增“请稍候”；删去“受理回复”；修改“承诺过宽”"
    [english] = wording.worded(OPERATING, other, "en")
    assert "45 texts → 46 texts; new: “Wait”; gone: “受理回复”; changed: “承诺过宽”" in english.words
