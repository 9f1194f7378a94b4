"""How staff study a version over HTTP (8.2): chapter by chapter, then a quiz whose answers nobody is shown."""

import json
from typing import Any

import pytest

from chalicelib.adapters import signing
from chalicelib.casework import rules, study_rounds
from chalicelib.domain.governance import study
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.policy.rules import Rules
from chalicelib.web.clauses.tongue import words
from infra.local.staff import STAFF
from tests.house import Answer, House, refused

ONE = "/v1/policy/versions/1/study"
HE = "quality.he"
POOL = versions.packaged(Operating)[1].quiz


def read_all(house: House, who: str = HE, path: str = ONE) -> Any:
    """They open every chapter, and look at the questions."""
    for section in SECTIONS:
        assert house.get(f"{path}/sections/{section}", who).status == 200
    return house.get(path, who).json


def right(tried: int = 0, who: str = HE, version: int = 1) -> dict[str, str]:
    """What is right in a try, which nobody is told: known here by drawing the same lot."""
    lot = signing.lot(str(version), str(tried), who)
    return {one.id: one.right for one in study.drawn(POOL, versions.packaged(Rules)[version], 8, lot)}


def wrong(tried: int = 0, missed: int = 8) -> dict[str, str]:
    answers = right(tried)
    return answers | {name: "b" if answers[name] == "a" else "a" for name in list(answers)[:missed]}


def answered(house: House, answers: dict[str, str], who: str = HE, **headers: str) -> Answer:
    return house.post(ONE, {"answers": answers}, who, **headers)


def test_every_chapter_of_the_policy_is_a_section():
    for locale in ("zh-CN", "zh-TW", "en"):
        assert tuple(words(locale)["chapters"]) == SECTIONS


def test_a_chapter_is_read_in_ones_own_language_and_that_it_was_opened_is_noted(house: House):
    before = house.get(ONE, HE).json
    assert [one["opened_at"] for one in before["sections"]] == [None] * 9
    assert (before["questions"], before["tries_left"], before["studied_at"]) == ([], 3, None)
    chapter = house.get(f"{ONE}/sections/4?lang=en", HE)
    assert chapter.headers["content-language"] == "en"
    (said,) = [one["sentences"] for one in chapter.json["clauses"] if one["clause"] == "4.1c"]
    assert "24 hours" in said[0]
    opened = {one["section"]: one["opened_at"] for one in house.get(ONE, HE).json["sections"]}
    assert [name for name, at in opened.items() if at] == ["4"]


def test_who_opens_every_chapter_is_asked_eight_questions_and_passes_with_seven(house: House):
    shown = read_all(house)
    assert len(shown["questions"]) == 8
    assert {one["id"] for one in shown["questions"]} == set(right())
    answer = answered(house, wrong(missed=1))
    assert answer.status == 200
    known = answer.json
    assert (known["passed"], known["right"], known["asked"], known["tries_left"]) == (True, 7, 8, 2)
    assert len(known["read_again"]) == 1
    after = house.get(ONE, HE).json
    assert after["studied_at"] == known["studied_at"] == known["at"]
    assert (after["questions"], after["hash"]) == ([], rules.rules_numbered(1, house.now).hash)
    body = refused(answered(house, right(1)), 409, "not_allowed")
    assert (body["reason"], body["values"]) == ("studied_already", {"version": 1})


def test_with_six_of_eight_one_reads_again_and_is_asked_something_else(house: House):
    first = read_all(house)["questions"]
    answer = answered(house, wrong(missed=2)).json
    assert (answer["passed"], answer["studied_at"]) == (False, None)
    assert set(answer["read_again"]) == {one.section for one in POOL if one.id in list(right())[:2]}
    second = house.get(ONE, HE).json
    assert second["questions"] != first
    assert [one["right"] for one in second["tries"]] == [6]


def test_nobody_is_told_what_is_right(house: House):
    shown = read_all(house)
    others = read_all(house, "quality.xie")
    assert shown["questions"] != others["questions"]
    for question in shown["questions"]:
        assert set(question) == {"id", "section", "asks", "choices"}
        assert [one["id"] for one in question["choices"]] == list("abcdef")[: len(question["choices"])]
    told = json.dumps(answered(house, wrong()).json) + json.dumps(house.get(ONE, HE).json["tries"])
    assert not [name for name in right() if name in told]


def test_before_every_chapter_is_opened_there_is_no_try(house: House):
    house.get(f"{ONE}/sections/4", HE)
    body = refused(answered(house, right()), 409, "not_allowed")
    assert (body["reason"], body["allowed"]) == ("sections_unread", ["open_section"])
    assert body["values"]["sections"] == [name for name in SECTIONS if name != "4"]


def test_three_tries_a_day_and_the_next_day_three_more(house: House):
    read_all(house)
    for tried in range(3):
        assert answered(house, wrong(tried)).json["tries_left"] == 2 - tried
    assert house.get(ONE, HE).json["questions"] == []
    assert refused(answered(house, right(3)), 409, "not_allowed")["reason"] == "tries_used_up"
    house.pass_time(days=1)
    assert len(house.get(ONE, HE).json["questions"]) == 8
    assert answered(house, right(3)).json["passed"]


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"nonsense": "a"}, "answers", "not_asked"),
        ({}, None, "not_answered"),
        ("z", None, "no_such_choice"),
    ],
)
def test_answers_to_what_was_not_asked_count_as_no_try(house: House, answers: Any, field: str | None, code: str):
    read_all(house)
    name = next(iter(right()))
    sent = right() | {name: "z"} if answers == "z" else right() | answers if answers else {}
    body = refused(answered(house, sent), 422, "invalid")
    assert (field or f"answers.{name}", code) in [(one["field"], one["code"]) for one in body["errors"]]
    assert house.get(ONE, HE).json["tries_left"] == 3


def test_a_request_that_is_repeated_is_no_second_try(house: House):
    read_all(house)
    first = answered(house, wrong(), Idempotency_Key="try")
    again = answered(house, wrong(), Idempotency_Key="try")
    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    assert house.get(ONE, HE).json["tries_left"] == 2
    refused(answered(house, right(), Idempotency_Key="try"), 422, "idempotency_mismatch")


def test_what_is_neither_in_force_nor_to_come_need_not_be_studied(house: House):
    read_all(house)
    house.pass_time(days=60)
    shown = house.get(ONE, HE).json
    assert (shown["needed"], shown["due_at"], shown["questions"]) == (False, None, [])
    body = refused(answered(house, right()), 409, "not_allowed")
    assert (body["reason"], body["values"]) == ("not_to_be_studied", {"version": 1})
    assert house.get("/v1/policy/versions/2/study", HE).json["needed"]


@pytest.mark.parametrize("path", ["99/study", "x/study", "99/study/roster", "01/study"])
def test_a_version_that_there_is_not_cannot_be_studied(house: House, path: str):
    assert refused(house.get(f"/v1/policy/versions/{path}", "cs.lead"), 404, "not_found")["reason"] == "version_unknown"


def test_a_chapter_that_there_is_not_cannot_be_opened(house: House):
    assert refused(house.get(f"{ONE}/sections/9", HE), 404, "not_found")["reason"] == "section_unknown"


def test_the_roster_says_who_has_and_who_has_not_by_name_page_by_page(house: House):
    study_rounds.note_staff(house.now, house.now)
    read_all(house)
    answered(house, right())
    found, cursor = [], ""
    while cursor is not None:
        page = house.get(f"{ONE}/roster?limit=5{cursor and '&cursor=' + cursor}", "cs.lead").json
        found, cursor = found + page["items"], page["next_cursor"]
    assert [one["name"] for one in found] == sorted(STAFF)
    assert {one["name"]: one["state"] for one in found} == dict.fromkeys(STAFF, "due") | {HE: "studied"}
    left = house.get(f"{ONE}/roster?state=studied", "audit.qin").json["items"]
    assert [(one["name"], one["departments"], one["due_at"]) for one in left] == [(HE, ["quality"], None)]
    house.pass_time(days=20)
    late = house.get(f"{ONE}/roster?state=overdue", "management.zhou").json["items"]
    assert len(late) == len(STAFF) - 1
    assert house.get(ONE, "cs.lin").json["due_at"] == late[0]["due_at"]
    refused(house.get(f"{ONE}/roster", HE), 403, "forbidden")


def test_before_the_first_working_morning_everybody_of_the_pool_is_listed(house: House):
    listed = house.get(f"{ONE}/roster?limit=100", "cs.lead").json["items"]
    assert [one["name"] for one in listed] == sorted(STAFF)
    assert {one["state"] for one in listed} == {"due"}
