"""The quiz and the days of studying a version (8.2): what is asked, how it is graded, by when, for whom."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.governance import changes, study
from chalicelib.domain.governance.study import Asked, Confirmation, Study, Try
from chalicelib.domain.ground.errors import Invalid
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import figures, versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.quiz import SECTIONS, Question, packaged_quiz, unusable
from chalicelib.domain.policy.rules import Rules, StudyRules
from chalicelib.domain.vocabulary.refusals import LOCALES

RULES = versions.packaged(Rules)[2]
OPERATING = versions.packaged(Operating)[1]
POLICY = Policy.of(RULES, OPERATING)
POOL = packaged_quiz()
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)


def asked(lot: str = "1", rules: Rules = RULES, many: int = 8) -> tuple[Asked, ...]:
    return study.drawn(POOL, rules, many, lot)


def right(questions: tuple[Asked, ...]) -> dict[str, str]:
    return {one.id: one.right for one in questions}


def wrong(one: Asked) -> str:
    return next(letter for letter in one.choices if letter != one.right)


def attempt(number: int, at: datetime) -> Try:
    return Try(number=number, at=at, asked=8, right=0, again=(), passed=False)


# ---- the pool --------------------------------------------------------------------------------------------------------


def test_the_pool_asks_about_every_chapter_and_can_be_published():
    assert len(POOL) >= 24
    assert unusable(POOL) == []
    by_section = Counter(one.section for one in POOL)
    assert set(by_section) == set(SECTIONS)
    assert min(by_section.values()) >= 2


@pytest.mark.parametrize("number", versions.packaged(Rules))
@pytest.mark.parametrize("locale", LOCALES)
def test_every_question_can_be_read_in_every_language_and_has_a_choice(number, locale):
    for one in study.drawn(POOL, versions.packaged(Rules)[number], len(POOL), "all"):
        said = [choice[locale] for choice in one.choices.values()]
        assert len(said) == len(set(said)) >= 2
        assert not figures.names_in([one.asks[locale], *said])


@pytest.mark.parametrize("number", versions.packaged(Rules))
@pytest.mark.parametrize("locale", LOCALES)
def test_the_length_of_an_answer_says_nothing_of_what_is_right(number, locale):
    questions = study.drawn(POOL, versions.packaged(Rules)[number], len(POOL), "all")
    stand_out = {max: 0, min: 0}
    for one in questions:
        lengths = {letter: len(said[locale]) for letter, said in one.choices.items()}
        for extreme in stand_out:
            outermost = extreme(lengths.values())
            stand_out[extreme] += [letter for letter in lengths if lengths[letter] == outermost] == [one.right]
    assert max(stand_out.values()) <= len(questions) / 3, stand_out


def test_figures_are_those_of_the_version():
    shorter = RULES.model_copy(update={"clocks": RULES.clocks | {"received": RULES.clocks["safety_call"]}})
    said = [
        next(one.choices[one.right]["en"] for one in asked(rules=rules, many=99) if one.id == "time_to_acknowledge")
        for rules in (RULES, shorter)
    ]
    assert said == ["24 hours", "2 hours"]


def test_a_wrong_answer_that_happens_to_be_right_is_left_out():
    eight = RULES.clocks["received"].model_copy(update={"hours": 8})
    rules = RULES.model_copy(update={"clocks": RULES.clocks | {"received": eight}})
    one = next(one for one in asked(rules=rules, many=99) if one.id == "time_to_acknowledge")
    said = [choice["en"] for choice in one.choices.values()]
    assert said.count("8 hours") == 1
    assert len(said) == 3


def test_a_question_about_a_figure_that_there_is_not_is_neither_published_nor_asked():
    odd = POOL[0].model_copy(update={"id": "odd", "right": dict.fromkeys(LOCALES, "{clocks.nonsense}")})
    assert unusable([*POOL, odd, POOL[1]]) == ["odd", POOL[1].id] == sorted(["odd", POOL[1].id])
    assert odd.id not in [one.id for one in study.drawn([*POOL, odd], RULES, 99, "1")]
    with pytest.raises(Invalid) as refused:
        changes.whole(OPERATING, {"quiz": [odd.model_dump(mode="json")]})
    assert [(one.field, one.code) for one in refused.value.faults] == [("changes.quiz", "questions_unusable")]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("same", ["right", "wrong"])
def test_a_question_without_two_wrong_answers_that_differ_is_neither_published_nor_asked(locale, same):
    one = next(one for one in POOL if len(one.wrong) == 2)
    other = {"right": one.right, "wrong": one.wrong[0]}[same][locale]
    twice = one.wrong[1] | {locale: f" {other.upper()} "}
    odd = one.model_copy(update={"wrong": (one.wrong[0], twice)})
    assert unusable([odd]) == [odd.id]
    assert study.drawn([odd], RULES, 8, "1") == ()
    with pytest.raises(Invalid) as refused:
        changes.whole(OPERATING, {"quiz": [odd.model_dump(mode="json")]})
    assert [one.code for one in refused.value.faults] == ["questions_unusable"]
    third = one.model_copy(update={"wrong": (*one.wrong, twice)})
    assert unusable([third]) == [], "it has two all the same"


def test_every_figure_that_can_be_named_can_be_said():
    for name in figures.NAMES:
        assert figures.filled(f"{{{name}}}", RULES, "en")


# ---- a try -----------------------------------------------------------------------------------------------------------


def test_the_same_lot_draws_the_same_and_another_something_else():
    assert asked("1") == asked("1")
    assert asked("1") != asked("2")
    assert len({tuple(right(asked(str(n))).items()) for n in range(30)}) == 30


def test_eight_questions_are_of_eight_chapters():
    for lot in map(str, range(20)):
        assert len({one.section for one in asked(lot)}) == 8


def test_letters_say_nothing_of_what_is_right():
    letters = Counter(one.right for lot in range(200) for one in asked(str(lot)))
    assert min(letters[letter] for letter in "abc") > 250


@given(st.integers(0, 8))
def test_as_many_are_right_as_are_right_and_the_chapters_of_the_others_are_named(missed):
    questions = asked()
    answers = right(questions) | {one.id: wrong(one) for one in questions[:missed]}
    number, again = study.graded(questions, answers)
    assert number == 8 - missed
    assert set(again) == {one.section for one in questions[:missed]}
    assert list(again) == sorted(again, key=SECTIONS.index)


def test_four_in_five_pass():
    assert [study.passes(number, 8, StudyRules()) for number in (6, 7, 8)] == [False, True, True]
    assert study.passes(4, 5, StudyRules())
    assert study.passes(0, 0, StudyRules())


def test_answers_to_something_else_are_refused_by_name():
    questions = asked()
    answers = {one.id: one.right for one in questions[1:]} | {questions[2].id: "z", "another": "a"}
    with pytest.raises(Invalid) as refused:
        study.graded(questions, answers)
    assert [(one.field, one.code) for one in refused.value.faults] == [
        ("answers", "not_asked"),
        (f"answers.{questions[0].id}", "not_answered"),
        (f"answers.{questions[2].id}", "no_such_choice"),
    ]


def test_a_pool_smaller_than_a_quiz_is_asked_whole():
    few: list[Question] = list(POOL[:3])
    assert len(study.drawn(few, RULES, 8, "1")) == 3


# ---- by when, for which departments ----------------------------------------------------------------------------------


def test_it_is_due_at_the_end_of_the_fifth_working_day_after_whichever_came_last():
    announced, joined = MONDAY.astimezone(UTC), (MONDAY + timedelta(days=2)).astimezone(UTC)
    assert study.due_at(POLICY, announced, announced - timedelta(days=9)) == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert study.due_at(POLICY, announced, joined) == datetime(2026, 12, 3, tzinfo=SHANGHAI)
    assert study.due_at(POLICY, None, joined) == datetime(2026, 12, 3, tzinfo=SHANGHAI)


def test_what_is_over_before_it_is_due_or_never_begins_need_not_be_studied():
    due, day = MONDAY + timedelta(days=7), timedelta(days=1)
    assert study.is_needed(MONDAY, None, due)
    assert study.is_needed(MONDAY, due + day, due)
    assert not study.is_needed(MONDAY, due, due)
    assert not study.is_needed(MONDAY, due - day, due)
    assert not study.is_needed(due + 9 * day, due + 8 * day, due), "another overtakes it"
    assert study.is_needed(due + 8 * day, due + 9 * day, due)


def test_working_days_that_are_left_are_counted_up_to_the_last_day():
    due = datetime(2026, 12, 1, tzinfo=SHANGHAI)  # the end of Monday, 30 November
    left = [study.working_days_left(POLICY, due, MONDAY + timedelta(days=n)) for n in range(9)]
    assert left == [5, 4, 3, 2, 1, 1, 1, 0, 0]


def test_what_was_confirmed_for_one_department_is_not_for_another():
    one = Confirmation(at=MONDAY, hash="0" * 64, departments=(Role.LEGAL, Role.SUPERVISOR), number=1)
    studied = Study(version=2, person="legal.xu", operating=1, confirmations=(one,))
    assert studied.confirmed({Role.LEGAL}) == one
    assert studied.confirmed({Role.LEGAL, Role.SUPERVISOR}) == one
    assert studied.confirmed({Role.LEGAL, Role.QUALITY}) is None


def test_who_studies_anew_opens_every_chapter_anew():
    known = Study(version=2, person="legal.xu", operating=1, opened=dict.fromkeys(SECTIONS, MONDAY))
    assert known.unread == []
    passed = attempt(1, MONDAY).model_copy(update={"passed": True})
    confirmation = Confirmation(at=MONDAY, hash="0" * 64, departments=(Role.LEGAL,), number=1)
    after = study.tried(known, passed, 1, confirmation)
    assert after.unread == list(SECTIONS)
    assert "4" not in study.opened(after, "4", MONDAY + timedelta(days=1)).unread


def test_tries_are_counted_by_days_of_china():
    evening = datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI).astimezone(UTC)
    known = Study(version=2, person="legal.xu", operating=1)
    for number in (1, 2):
        known = study.tried(known, attempt(number, evening), 1, None)
    assert known.tried_today(evening, SHANGHAI) == 2
    assert known.tried_today(evening + timedelta(minutes=2), SHANGHAI) == 0


def test_of_many_tries_the_last_are_kept_and_all_are_counted():
    known = Study(version=2, person="legal.xu", operating=1)
    for number in range(1, 40):
        known = study.tried(known, attempt(number, MONDAY), 1, None)
    assert (known.tried, known.edition, len(known.tries)) == (39, 39, study.KEPT_TRIES)
    assert known.tries[-1].number == 39
