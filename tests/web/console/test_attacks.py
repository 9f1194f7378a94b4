"""What somebody means ill by, or their browser garbles, on the pages of clauses 6 to 8."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.adapters import store
from chalicelib.domain.supervision.sheet import Sheet
from chalicelib.web import CONSOLE
from chalicelib.web.console.door import own_page
from chalicelib.web.console.kept import Kept
from chalicelib.web.console.policy import amendments
from chalicelib.web.pages.page import PageQuery
from tests.examples import EXAMPLES
from tests.house import Answer, House
from tests.web.amended import LEGAL, act, data_in, rules_in
from tests.web.audited import audit_for
from tests.web.examples import a_report, a_sheet, a_training
from tests.web.piece import read

from .acted import opened
from .filled import sent

ODD = ("", "\x00", "\ud83d", "‮", "0001-01-01", "-1", "1e309", "null", "<script>", "٣", "a" * 3000)
QUERIES = {one.query for door in CONSOLE for one in door.operations if one.query and issubclass(one.query, PageQuery)}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def form_of(house: House, page: str, act: str, who: str, part: str = "") -> dict[str, list[str]]:
    """What a browser sends of the form of an action, as it stands."""
    return {name: [*values] for name, values in sent(opened(house, page, act, who, part)).fields.items()}


@pytest.mark.parametrize("query", sorted(QUERIES, key=lambda one: (one.__module__, one.__qualname__)), ids=str)
def test_what_an_address_says_that_no_page_understands_is_as_if_it_were_not_there(query: type[BaseModel]) -> None:
    for name, field in query.model_fields.items():
        for odd in ODD:
            said = getattr(query.model_validate({field.alias or name: odd}), name)
            assert said in (field.default, odd) or isinstance(said, bool | int), (name, odd)


def test_a_form_takes_along_of_its_address_what_its_page_reads_and_nothing_else(house: House) -> None:
    page = f"/console/sheets/{a_sheet(house)}"
    form = form_of(house, page, "comment_sheet", "quality.he") | {"text": ["整体说明"]}
    forged = {"done": "answer_sheet", "act": "x", "part": "1", "call": "x", "next": "//evil.example", "": "x"}
    answer = house.submit(
        f"{page}/acts/comment_sheet", "quality.he", form | {f"_keep.{name}": [one] for name, one in forged.items()}
    )
    assert (answer.status, answer.headers["location"]) == (303, f"{page}?done=comment_sheet#main")
    kept = {"_keep.owner": "\r\nSet-Cookie: x=y", "_keep.cursor": "kept", "_keep.done": "x"}
    refused = house.submit("/console/measures/acts/finish_measure", "quality.he", kept)
    assert refused.status in (400, 422)
    assert "\n" not in refused.headers.get("location", "")


def test_somebody_whose_amendment_went_on_meanwhile_keeps_what_they_typed(house: House) -> None:
    name, typed = rules_in(house, "tried"), "rule"
    page = f"/console/policy/amendments/{name}/changes"
    shown = read(house.look(f"{page}?rule=link_days", LEGAL).text).one("form", id="do")
    form = {one: [*values] for one, values in sent(shown).fields.items()}
    assert act(house, name, "submission", EXAMPLES["submit_amendment"].body).status == 200
    for seen in (form["_seen"], ["2"]):
        answer = house.submit(page, LEGAL, form | {"_seen": seen, typed: ["77"]})
        assert answer.status in (409, 412)
        assert read(answer.text).one("form", id="do").one("input", name=typed).given["value"] == "77"


def test_an_opinion_is_answered_however_many_came_before_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = data_in(house, "announced")
    for words in ("请推迟。", "请再推迟。"):
        assert act(house, name, "opinions", {"text": words}, "quality.he").status == 201
    monkeypatch.setattr(amendments, "LINES", 1)
    form = opened(house, f"/console/policy/amendments/{name}", "answer_opinion", LEGAL, "2")
    assert form.one("input", name="_part").given["value"] == "2"


def test_where_one_is_stands_in_the_navigation_as_browsers_read_it(house: House) -> None:
    page = read(house.look("/console/audits", "audit.qin").text)
    current = [one.given["aria-current"] for one in page.all("a") if "aria-current" in one.given]
    assert current[:2] == ["true", "page"]
    assert not [one for one in current if '"' in one]


def test_a_page_of_anybody_whatever_they_are_called_can_be_come_back_to() -> None:
    assert (
        own_page("/console/training/li.lei+cs@example.cn/conduct-1")
        == "/console/training/li.lei+cs@example.cn/conduct-1"
    )
    for elsewhere in (
        "//evil@example.cn",
        "/console@evil.example",
        "/console/../@evil",
        "/console//evil.example",
        "https://x@y",
    ):
        assert own_page(elsewhere) == "/console"


def test_a_measure_is_done_on_the_page_of_what_it_corrects_and_on_no_other(house: House) -> None:
    page = f"/console/audits/{audit_for(house, 'planned')}/findings"
    form, kept = form_of(house, f"{page}/1", "finish_measure", "cs.lead", "1"), house.items_kept()
    for other in ("2", "99", "x"):
        answer = house.submit(f"{page}/{other}/acts/finish_measure", "cs.lead", form | {"note": ["已完成。"]})
        assert (answer.status, house.items_kept()) == (404, kept)
    assert house.submit(f"{page}/1/acts/finish_measure", "cs.lead", form | {"note": ["已完成。"]}).status == 303


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("/console/policy/amendments/new?rule=link_days", LEGAL),
        ("/console/audits?act=draft_audit", "audit.qin"),
        ("/console/policy/interpretations?act=interpret", "cs.lin"),
    ],
)
def test_what_is_typed_as_the_session_ends_goes_along_and_is_the_same_draft(house: House, page: str, who: str) -> None:
    form = read(house.look(page, who).text).one("form", id="do")
    fields = {name: [*values] for name, values in sent(form).fields.items()} | {"reasons": ["<i>打了一半的话</i>"]}
    answer = house.submit(form.given["action"].partition("#")[0], who, fields, Cookie="")
    assert answer.status == 401
    page_then = read(answer.text)
    [carried] = [one for one in page_then.all("input") if one.given.get("name") == "kept.reasons"]
    assert carried.given["value"] == "<i>打了一半的话</i>"
    assert "<i>打了" not in answer.text
    kept = Kept(form.given["action"].partition("#")[0], who, fields)
    assert kept.draft == form.given["data-draft"]


def test_two_people_at_one_sheet_the_second_keeps_what_they_typed_and_sees_what_the_first_did(house: House) -> None:
    name = a_sheet(house)
    page = f"/console/sheets/{name}"
    typed = {"upheld": ["true"], "reasons": ["<b onclick='x'>已核实\u202e</b>"]}
    forms = {who: form_of(house, page, "answer_sheet", who, "1") for who in ("cs.lead", "management.zhou")}
    first, second = (house.submit(f"{page}/acts/answer_sheet", who, form | typed) for who, form in forms.items())
    assert first.status == 303
    assert second.status == 412
    assert (
        read(second.text).one("form", id="do").one("textarea", name="reasons").text.startswith("<b onclick='x'>已核实")
    )
    assert "<b onclick" not in second.text
    state = store.load(name, Sheet)
    assert state
    assert [one.answer.by for one in state.state.contested if one.answer] == ["cs.lead"]


# ---- whoever dies meanwhile ------------------------------------------------------------------------------------------


def sheet(house: House) -> tuple[str, str, str, dict[str, Any]]:
    return f"/console/sheets/{a_sheet(house)}", "comment_sheet", "quality.he", {"text": "整体说明"}


def report(house: House) -> tuple[str, str, str, dict[str, Any]]:
    return f"/console/reports/{a_report(house)}", "comment", "cs.lead", {"text": "本日平稳。"}


def training(house: House) -> tuple[str, str, str, dict[str, Any]]:
    a_training("conduct-died", house.now)
    return "/console/training/cs.chen/conduct-died", "complete", "cs.chen", {"note": "已学。"}


def programme(house: House) -> tuple[str, str, str, dict[str, Any]]:
    return "/console/audits", "draft_audit", "audit.qin", {"scope.departments": ["quality"]}


def opinion(house: House) -> tuple[str, str, str, dict[str, Any]]:
    return f"/console/policy/amendments/{data_in(house, 'announced')}", "give_opinion", "cs.lin", {"text": "请推迟。"}


def interpretation(house: House) -> tuple[str, str, str, dict[str, Any]]:
    typed = {"clause": "5.2", "question": "周末怎么算？", "ruling": "顺延到工作日。"}
    return "/console/policy/interpretations", "interpret", "cs.lin", typed


@pytest.mark.parametrize("story", [sheet, report, training, programme, opinion, interpretation])
def test_a_form_that_is_sent_again_after_each_death_is_done_once(
    house: House, story: Callable[[House], tuple[str, str, str, dict[str, Any]]]
) -> None:
    page, action, who, typed = story(house)
    form = form_of(house, page, action, who) | {
        name: one if isinstance(one, list) else [one] for name, one in typed.items()
    }
    answers: list[Answer] = []

    def send() -> None:
        answers.append(house.submit(f"{page}/acts/{action}", who, form))

    again = house.remembered()
    send()
    assert answers[-1].status == 303, answers[-1].text
    once = house.items_kept()
    again()
    assert len([*house.deaths(send, "after")]) >= 2
    assert answers[-1].status == 303, answers[-1].text
    assert house.items_kept() == once
