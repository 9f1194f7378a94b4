"""The policy is studied on the screen (8.2)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.casework import study_rounds
from chalicelib.domain.policy.quiz import SECTIONS
from tests.house import Answer, House
from tests.web.piece import Element, read
from tests.web.test_study import right

from .filled import sent

HE = "quality.he"
ONE = "/console/policy/study/1"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def open_all(house: House, who: str) -> None:
    for section in SECTIONS:
        assert house.look(f"{ONE}/sections/{section}", who).status == 200


def form(house: House, who: str) -> Element:
    return read(house.look(ONE, who).text).one("form", id="do")


def answered(house: House, answers: Mapping[str, str], who: str) -> Answer:
    hidden = {name: [*values] for name, values in sent(form(house, who)).fields.items() if name[:1] == "_"}
    return house.submit(ONE, who, hidden | {f"answers.{name}": [one] for name, one in answers.items()})


def test_every_chapter_leads_to_the_next_that_is_not_opened_and_the_last_to_the_quiz(house: House) -> None:
    who = "quality.xie"
    page, seen = read(house.look(ONE, who).text), []
    while steps := page.all("p", _class="steps"):
        href = steps[0].one("a").given["href"]
        if href.endswith("#quiz"):
            break
        seen.append(href.rpartition("/")[2])
        page = read(house.look(href, who).text)
    assert seen == [*SECTIONS]
    assert len(form(house, who).all("fieldset")) == 8


def test_who_passes_has_confirmed_the_version_and_reads_by_which_hash(house: House) -> None:
    open_all(house, HE)
    answer = answered(house, right(), HE)
    assert (answer.status, answer.headers["location"]) == (303, f"{ONE}?done=quiz#main")
    text = house.look(f"{ONE}?done=quiz", HE).text
    assert "您已确认学习了制度第1版" in text
    assert house.get("/v1/policy/versions/1/study", HE).json["hash"] in text
    assert not read(text).all("form", id="do")
    assert "已确认" in house.look("/console/policy/study", HE).text


def test_who_does_not_pass_reads_which_chapters_to_read_again_and_how_often_they_may_try(house: House) -> None:
    who = "legal.xu"
    open_all(house, who)
    chosen = {name: "b" if one == "a" else "a" for name, one in right(0, who).items()}
    answer = answered(house, chosen, who)
    assert (answer.status, answer.headers["location"]) == (303, f"{ONE}?done=quiz#quiz")
    page = read(house.look(f"{ONE}?done=quiz", who).text)
    told = page.one("div", role="status")
    assert told.all("a")
    assert all(one.given["href"].startswith(f"{ONE}/sections/") for one in told.all("a"))
    assert "今天还可以试2次" in page.text
    for _ in range(2):
        asked = house.get("/v1/policy/versions/1/study", who).json["questions"]
        assert answered(house, {one["id"]: "z" for one in asked}, who).status == 422, "no choice of theirs"
        answered(house, wrong_of(house, who), who)
    assert "明天" in read(house.look(ONE, who).text).text


def wrong_of(house: House, who: str) -> dict[str, str]:
    known = house.get("/v1/policy/versions/1/study", who).json
    answers = right(len(known["tries"]), who)
    return {name: "b" if one == "a" else "a" for name, one in answers.items()}


def test_what_is_not_answered_is_said_beside_its_question_and_the_rest_stays_chosen(house: House) -> None:
    who = "logistics.gao"
    open_all(house, who)
    answers = right(0, who)
    left = next(iter(answers))
    answer = answered(house, {name: one for name, one in answers.items() if name != left}, who)
    assert answer.status == 422
    asked = read(answer.text).one("form", id="do")
    faulty = asked.one("fieldset", id=f"f-answers.{left}")
    assert "还没有作答" in faulty.text
    assert len([one for one in asked.all("input", type="radio") if "checked" in one.given]) == 7
    assert house.get("/v1/policy/versions/1/study", who).json["tries_left"] == 3


def test_the_same_form_sent_twice_is_one_try(house: House) -> None:
    who = "audit.qin"
    open_all(house, who)
    before = form(house, who)
    fields = {name: [*values] for name, values in sent(before).fields.items()}
    fields |= {f"answers.{name}": [one] for name, one in wrong_of(house, who).items()}
    assert [house.submit(ONE, who, fields).status for _ in range(2)] == [303, 303]
    assert house.get("/v1/policy/versions/1/study", who).json["tries_left"] == 2
    stale = fields | {"_key": ["another"]}
    answer = house.submit(ONE, who, stale)
    assert answer.status == 422
    assert "题目已经换过了" in answer.text


def test_before_every_chapter_is_opened_there_is_no_form_and_none_is_taken(house: House) -> None:
    who = "management.zhou"
    assert not read(house.look(ONE, who).text).all("form", id="do")
    answer = house.submit(ONE, who, {f"answers.{name}": one for name, one in right(0, who).items()})
    assert answer.status == 409
    assert "请先打开以下各章" in answer.text


def test_the_roster_says_who_has_not_and_each_count_leads_to_its_people(house: House) -> None:
    page = read(house.look(f"{ONE}/roster", "cs.lead").text)
    links = {one.given["href"].partition("state=")[2]: one.text for one in page.one("ul", _class="counts").all("a")}
    assert [*links] == ["owed", "studied", "due", "overdue", "not_needed"]
    for state, said in links.items():
        listed = read(house.look(f"{ONE}/roster?state={state}", "cs.lead").text).all("th", scope="row")
        assert said.startswith(str(len(listed))), state
    assert "cs.lin" in page.text
    assert ONE + "/roster" in house.look(ONE, "cs.lead").text
    assert ONE + "/roster" not in house.look(ONE, "cs.lin").text


def test_a_long_roster_goes_on_where_it_ended(house: House) -> None:
    house.hire(*(f"cs.new{number}" for number in range(30)))
    listed, href = [], f"{ONE}/roster?state=due"
    while href:
        page = read(house.look(href, "cs.lead").text)
        listed += [one.text for one in page.all("th", scope="row")]
        href = next((one.given["href"] for one in page.all("a", rel="next")), "")
    counted = next(one for one in page.one("ul", _class="counts").all("a") if one.given["href"].endswith("state=due"))
    assert len(listed) == len({*listed}) == int(counted.one("b").text) > 30


def test_each_version_to_be_studied_says_whether_it_is_in_force_and_else_from_which_day(house: House) -> None:
    house.now = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)
    text = house.look("/console/policy/study", HE, Accept_Language="zh-TW").text
    assert "<small>現行</small>" in text
    assert "<small>2026年12月1日（星期二）00:00起施行</small>" in text


def test_today_says_what_should_have_been_studied_by_now(house: House) -> None:
    study_rounds.note_staff(house.now, house.now)
    begun = house.now
    assert "已逾期：应在" not in house.look("/console", "legal.tan").text
    house.now = begun + timedelta(days=30)
    assert "已逾期：应在" in house.look("/console", "legal.tan").text
    house.now = begun
