"""How the page asks a consumer how it was (6.2), and what it says once they have answered, or want not to be asked."""

from collections.abc import Callable

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import SurveyAnswer
from tests.domain.cases import KETTLE, Story, asked
from tests.house import House

from .piece import LIVES, Element, ask, awaited, keep, later, read, shown, surveyed

TITLE = "How was it?"
WORDS = 'He was kind. <b>{{ 7*7 }}</b>\n"Thanks"'
SAID = SurveyAnswer(overall=2, solved="partly", fair=3, easy=4, informed=1, words=WORDS)


def sections(piece: Element) -> list[Element]:
    return [one for one in piece.all("section") if one.all("h2")[0].text == TITLE]


def form(piece: Element) -> Element:
    return piece.one("form", data_name="survey")


def english(house: House, story: Story, query: str = "") -> Element:
    return shown(house, story, f"?lang=en{query}")


def by_links(house: House, story: Story) -> tuple[Element, Element]:
    """By the link of the survey's letter, and by another."""
    token = keep(story)
    by_letter, by_other = (read(ask(house, story, token, f"?lang=en{more}").text) for more in ("&survey=1", ""))
    return by_letter, by_other


def test_whoever_is_asked_finds_five_questions_and_room_for_words_and_until_when(house: House) -> None:
    piece = english(house, surveyed())
    [section] = sections(piece)
    assert section is piece.all("section")[0], "it is the one thing to do"
    assert "You can answer until" in section.text
    groups = form(piece).all(role="radiogroup")
    assert [len(one.all("input", type="radio")) for one in groups] == [5, 3, 5, 5, 5]
    assert [{one.given["name"] for one in group.all("input")} for group in groups] == [
        {"overall"},
        {"solved"},
        {"fair"},
        {"easy"},
        {"informed"},
    ]
    assert form(piece).one("textarea").given["maxlength"] == "1000"
    assert not [one for one in piece.all("input") if "checked" in one.given], "nothing is chosen for them"


def test_the_link_of_the_letter_opens_it_and_another_leaves_it_folded(house: House) -> None:
    folds = [one.one("details", data_answer="survey").given for one in by_links(house, surveyed())]
    assert ["open" in one for one in folds] == [True, False]


def test_what_marks_are_sent_as_numbers_says_the_form(house: House) -> None:
    inputs = form(english(house, surveyed())).all("input", type="radio")
    assert {one.given["name"] for one in inputs if "data-number" not in one.given} == {"solved"}


def test_an_answer_can_be_changed_for_a_while_and_stands_there_as_it_was_given(house: House) -> None:
    piece = english(house, surveyed().do(Action.ANSWER_SURVEY, submission=SAID))
    [section] = sections(piece)
    assert "Thank you for telling us how it was." in section.text
    assert "You can change it until" in section.text
    chosen = {one.given["name"]: one.given["value"] for one in form(piece).all("input") if "checked" in one.given}
    assert chosen == {"overall": "2", "solved": "partly", "fair": "3", "easy": "4", "informed": "1"}
    assert form(piece).one("textarea").raw == WORDS


def test_later_it_thanks_and_asks_no_more(house: House) -> None:
    piece = english(house, later(surveyed().do(Action.ANSWER_SURVEY, submission=SAID), days=2), "&survey=1")
    [section] = sections(piece)
    assert "Thank you" in section.text
    assert not piece.all("form", data_name="survey")


@pytest.mark.parametrize(
    ("life", "said"),
    [
        ("did not say how it was", "The time for the questions about how it was is over."),
        ("wants not to be asked", "You have told us that you do not want to be asked how it was"),
        ("said how it was, reopened", "There are no questions about how it was to answer at the moment."),
        ("awaited", "There are no questions about how it was to answer at the moment."),
    ],
)
def test_an_old_link_says_why_there_is_nothing_to_answer(house: House, life: str, said: str) -> None:
    by_letter, by_other = by_links(house, LIVES[life]())
    assert said in by_letter.text
    assert sections(by_letter) == []
    assert said not in by_other.text, "who did not come by that link is not told"


@pytest.mark.parametrize("story", [surveyed, LIVES["did not say how it was"]])
def test_whoever_wants_no_such_questions_says_so_once_with_a_second_tap(
    house: House, story: Callable[[], Story]
) -> None:
    fold = english(house, story()).one("details", data_answer="no_survey")
    assert fold.one("form").given["data-body"] == '{"decline": true}'
    assert fold.one("form").given["data-post"].endswith("/survey")
    assert "You still get all news of your complaints." in fold.text


def test_what_somebody_types_there_is_text_in_every_language(house: House) -> None:
    story = asked(later(awaited(filing=KETTLE.model_copy(update={"locale": "zh-TW"}))).do(Action.ACCEPT_PLAN))
    piece = shown(house, story.do(Action.ANSWER_SURVEY, submission=SAID))
    assert form(piece).one("textarea").raw == WORDS
    assert len([one for one in form(piece) if one.tag == "b"]) == 5, "our own questions"
