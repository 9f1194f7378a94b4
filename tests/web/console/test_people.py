"""One's own sheet, training and all else in one place, and what others do about theirs (6.2)."""

from datetime import timedelta
from typing import get_args

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.adapters import store
from chalicelib.adapters import training as trainings
from chalicelib.domain.ground import people
from chalicelib.domain.supervision.recent import Counted
from chalicelib.domain.supervision.sheet import Sheet
from chalicelib.domain.supervision.training import Effect, Evidence, Topic, Training
from chalicelib.web.console.page import LANGUAGE
from chalicelib.web.console.people.waits import FEW, waiting_here
from chalicelib.web.door import Call
from chalicelib.web.languages import NATIVE
from tests.house import PLAN, House
from tests.web.appraised import ITEMS, a_busy_sheet
from tests.web.audited import audit_for
from tests.web.examples import a_report, a_sheet
from tests.web.piece import Element, read

from .acted import do, opened
from .filled import speech


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def shown(house: House, path: str, who: str) -> Element:
    answer = house.look(path, who)
    assert answer.status == 200, answer.text
    return read(answer.text).one("main")


def hrefs(page: Element) -> list[str]:
    return [one.given["href"] for one in page.all("a")]


def in_language(house: House, path: str, who: str, locale: str) -> Element:
    answer = house.look(path, who, Cookie=f"{house.signed_in(who)['Cookie']}; {LANGUAGE}={locale}")
    assert answer.status == 200, answer.text
    page = read(answer.text)
    assert page.given["lang"] == locale
    return page.one("main")


def sheet(name: str) -> Sheet:
    found = store.load(name, Sheet)
    assert found
    return found.state


def learning(house: House, topic: Topic, person: str = "cs.lin") -> str:
    """The page of a new training."""
    evidence = (Evidence(what="low_answer", of="7K2M9-XD4FQ", at=house.now),)
    number = len(list(trainings.listed(person)))
    one = Training(
        person=person,
        id=f"{topic}-{number}",
        topic=topic,
        given_at=house.now,
        due_at=house.now + timedelta(days=28),
        evidence=evidence,
    )
    trainings.put(one, house.now)
    return f"/console/training/{person}/{one.id}"


def closed_by_lin(house: House) -> str:
    complaint_id = str(house.bring_to("planning")["complaint_id"])
    steps = (("assignment", {"assignee": "cs.lin"}), ("resolution-plan", PLAN), ("feedback", {"satisfied": True}))
    for resource, body in steps:
        assert house.do(complaint_id, resource, body).status == 200
    return complaint_id


# ---- sheets ----------------------------------------------------------------------------------------------------------


def test_a_sheet_is_contested_and_answered_item_by_item(house: House) -> None:
    name = a_sheet(house)
    page = f"/console/sheets/{name}"
    begun = opened(house, page, "comment_sheet", "quality.he", "objections")
    assert [one.given["value"] for one in begun.one("select").all("option") if "selected" in one.given] == [
        "objections"
    ], "the item whose link was followed"
    assert "breaches" not in begun.text, "what waits for an answer is not contested again"
    contested = {"text": "整体说明", "contested": [{"item": "objections", "reasons": "是前手的方案"}]}
    assert do(house, page, "comment_sheet", "quality.he", contested, "objections").status == 303

    assert "part=1#doing" in str(hrefs(shown(house, f"{page}?act=answer_sheet", "cs.lead")))
    for number, upheld in (("1", "true"), ("2", "false")):
        done = do(house, page, "answer_sheet", "cs.lead", {"upheld": upheld, "reasons": "已核实"}, number)
        assert (done.status, done.headers["location"]) == (303, f"{page}?done=answer_sheet#main")
    assert [one.answer and one.answer.upheld for one in sheet(name).contested] == [True, False]
    assert name not in str(hrefs(shown(house, "/console/sheets", "cs.lead"))), "nothing of it waits any more"
    assert "是前手的方案" in shown(house, page, "quality.he").text


def test_what_is_refused_is_said_beside_what_was_typed(house: House) -> None:
    page = f"/console/sheets/{a_sheet(house)}"
    again = {"text": "再说一次", "contested": [{"item": "breaches", "reasons": "还是停机"}]}
    refused = do(house, page, "comment_sheet", "quality.he", again)
    assert refused.status == 422
    assert {"已提出异议", "再说一次", "还是停机"} <= {
        words for words in ("已提出异议", "再说一次", "还是停机") if words in refused.text
    }
    unknown = house.submit(f"{page}/acts/answer_sheet", "cs.lead", {"_part": "9", "upheld": "true", "reasons": "好"})
    assert (unknown.status, "不是待答复的异议" in unknown.text) == (422, True)


def test_nobody_answers_for_themselves_or_speaks_for_another(house: House) -> None:
    name = a_sheet(house)
    page, before = f"/console/sheets/{name}", sheet(name)
    typed = {"text": "好", "upheld": "true", "reasons": "好", "_part": "1"}
    for who, act in (
        *((group, "comment_sheet") for group in ("cs.lead", "management.zhou", "audit.qin", "quality.xie")),
        *((group, "answer_sheet") for group in ("quality.he", "audit.qin", "quality.xie", "cs.lin")),
    ):
        assert house.submit(f"{page}/acts/{act}", who, typed).status == 403, (who, act)
    assert sheet(name) == before
    assert house.look(page, "quality.xie").status == 403


def test_lists_are_ones_own_or_a_quarters_by_name_with_what_waits_above(house: House) -> None:
    name = a_sheet(house)
    quarter = name[len("sheet_") :].partition("-")[0]
    own = shown(house, "/console/sheets", "quality.he")
    assert f"/console/sheets/{name}" in hrefs(own)
    assert not own.all("form"), "who answers none has nobody to choose"
    lead = shown(house, "/console/sheets", "cs.lead")
    assert f"/console/sheets/{name}?act=answer_sheet#doing" in hrefs(lead)
    assert f"/console/sheets/{name}" in hrefs(shown(house, f"/console/sheets?quarter={quarter}", "cs.lead"))
    assert house.look("/console/sheets?person=quality.he", "quality.xie").status == 403


def test_a_sheet_is_printed_as_the_document_that_one_files(house: House) -> None:
    page = f"/console/sheets/{a_sheet(house)}"
    assert f"{page}/print" in hrefs(shown(house, page, "quality.he"))
    printed = house.look(f"{page}/print", "quality.he")
    assert (printed.status, "考核表" in printed.text, "<nav" in printed.text) == (200, True, False)


# ---- training --------------------------------------------------------------------------------------------------------


def test_somebody_says_that_it_is_done_and_a_supervisor_confirms_it(house: House) -> None:
    page = learning(house, "conduct")
    assert page in hrefs(shown(house, "/console/training", "cs.lin"))
    assert "/console/complaints/7K2M9-XD4FQ" in hrefs(shown(house, page, "cs.lin"))
    assert do(house, page, "complete", "cs.lin", {"note": "听了两小时的课"}).status == 303
    assert f"{page}?act=confirm#doing" in hrefs(shown(house, "/console/training", "cs.lead"))
    assert not [one for one in opened(house, page, "confirm", "cs.lead").all("input") if "complaints" in str(one.given)]
    assert do(house, page, "confirm", "cs.lead", {"note": "已谈过"}).status == 303
    said = shown(house, page, "cs.lin")
    assert {"听了两小时的课", "已谈过"} <= {one.text for one in said.all("p", class_="typed")}
    assert not said.all("form")


def test_of_a_newcomer_three_closures_are_picked_from_theirs(house: House) -> None:
    page = learning(house, "newcomer")
    assert opened(house, page, "confirm", "cs.lead").all("input", name="complaints.0"), "few are theirs: typed"
    closed = [closed_by_lin(house) for _ in range(3)]
    form = opened(house, page, "confirm", "cs.lead")
    assert "选填" not in form.text
    offered = [one.given["value"] for one in form.all("input", name="complaints")]
    assert set(closed) <= set(offered)
    few = do(house, page, "confirm", "cs.lead", {"note": "好"})
    assert (few.status, "至少3件" in few.text) == (422, True)
    fields = {"note": "三件都看过", "complaints": closed}
    assert house.submit(f"{page}/acts/confirm", "cs.lead", fields).status == 303
    assert set(closed) <= {one.removeprefix("/console/complaints/") for one in hrefs(shown(house, page, "cs.lin"))}


def test_nobody_confirms_what_is_theirs_or_what_only_a_supervisor_does(house: House) -> None:
    page = learning(house, "deadlines")
    for who in ("cs.chen", "quality.he", "management.zhou", "audit.qin"):
        for act in ("complete", "confirm"):
            assert house.submit(f"{page}/acts/{act}", who, {"note": "好"}).status in (403, 404), (who, act)
    assert house.submit(f"{page}/acts/confirm", "cs.lin", {"note": "好", "complaints": ["7K2M9-XD4FQ"]}).status == 422
    one = trainings.of("cs.lin", page.rpartition("/")[2])
    assert one
    assert one.state == "given"


def test_a_name_that_is_a_mail_address_leads_there_and_back(house: House) -> None:
    page = learning(house, "conduct", "wang@staff.example")
    answer = do(house, page, "confirm", "cs.lead", {"note": "好"})
    assert (answer.status, answer.headers["location"]) == (303, f"{page}?done=confirm#main")
    assert page in hrefs(shown(house, "/console/training?everybody=true", "cs.lead"))


def test_the_list_of_everybody_is_open_to_who_oversees(house: House) -> None:
    page = learning(house, "conduct", "quality.he")
    for who in ("cs.lead", "management.zhou", "audit.qin"):
        assert page in hrefs(shown(house, "/console/training?everybody=true", who))
    assert house.look("/console/training?everybody=true", "cs.lin").status == 403
    assert page not in hrefs(shown(house, "/console/training?everybody=true&topic=policy", "cs.lead"))


# ---- one's own -------------------------------------------------------------------------------------------------------


def test_all_that_concerns_somebody_is_in_one_place(house: House) -> None:
    name, page = a_sheet(house), learning(house, "conduct", "quality.he")
    own = hrefs(shown(house, "/console/mine", "quality.he"))
    assert {page, f"/console/sheets/{name}", "/console/hearings", "/console/policy/study", "/console/measures"} <= {
        *own
    }
    heard = house.heard()
    assert f"/console/complaints/{heard['complaint_id']}?act=state_case&part=1#doing" in hrefs(
        shown(house, "/console/mine", "cs.lin")
    )
    assert f"/console/sheets/{name}?act=answer_sheet#doing" in hrefs(shown(house, "/console/mine", "cs.lead"))


def test_measures_findings_and_what_is_to_be_answered_of_an_audit_are_there_too(house: House) -> None:
    report, audit = a_report(house, ("comment_report",)), audit_for(house, "raised")
    assert f"/console/reports/{report}" in hrefs(shown(house, "/console/mine", "quality.he"))
    finding = f"/console/audits/{audit}/findings/1"
    assert finding in hrefs(shown(house, "/console/mine", "cs.lead")), "who is to correct it"
    assert f"{finding}?act=state_case#doing" in hrefs(shown(house, "/console/mine", "cs.lin")), "who answers for it"


def test_what_does_not_answer_is_named_and_leaves_all_else_of_ones_own_its_place(house: House) -> None:
    report = a_report(house, ("comment_report",))
    house.look("/console/mine", "quality.he")

    def silent(call: str, moment: str) -> None:
        if moment == "before" and call.startswith("cognito"):
            raise EndpointConnectionError(endpoint_url="https://cognito.example")

    def deaf(call: str, moment: str) -> None:
        if moment == "before" and not call.startswith("cognito"):
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    with house.interfering(silent):
        assert f"/console/reports/{report}" in hrefs(shown(house, "/console/mine", "quality.he"))
    with house.interfering(deaf):
        page = shown(house, "/console/mine", "quality.he")
    said = speech()
    [named] = [one.text for one in page.all("p", **{"class": "refusal"})]
    parts = ("mine", "sheets", "hearings", "training", "study", "measures", "findings")
    assert all(str(said(f"common.nav.{one}")) in named for one in parts[1:])
    assert str(said("mine.measures.none")) not in page.text, "nobody knows"
    assert "/console/measures" in hrefs(page)


@pytest.mark.parametrize("locale", NATIVE)
def test_whatever_is_known_of_a_training_is_said_in_each_language(house: House, locale: str) -> None:
    kinds = get_args(Evidence.model_fields["what"].annotation)
    evidence = tuple(Evidence(what=kind, of="1", number=1, at=house.now) for kind in kinds)
    day, counted = house.now.date(), Counted(answers=3, conduct=1, missed=2)
    effect = Effect(first=day, last=day, counted=counted, studied=False)
    at = {"given_at": house.now, "due_at": house.now, "done_at": house.now, "confirmed_at": house.now}
    who = {"person": "quality.he", "done_by": "quality.he", "confirmed_by": "cs.lead", "provisional": True}
    about = {"id": f"policy-{locale}", "topic": "policy", "evidence": evidence, "before": counted, "effect": effect}
    trainings.put(
        Training.model_validate({**at, **who, **about, "note": "读过", "complaints": ["7K2M9-XD4FQ"]}), house.now
    )
    page = in_language(house, f"/console/training/quality.he/policy-{locale}", "quality.he", locale)
    assert len(page.all("td")) == 6


@pytest.mark.parametrize("locale", NATIVE)
def test_a_sheet_of_a_busy_quarter_is_read_in_each_language(house: House, locale: str) -> None:
    name = a_busy_sheet("cs.chen", f"203{[*NATIVE].index(locale)}Q1", house.now)
    page = in_language(house, f"/console/sheets/{name}", "cs.chen", locale)
    assert "/console/audits/audit_2026Q4-1/findings/3" in hrefs(page)
    assert "audit_2026Q4-1" not in page.text
    assert len([one for one in hrefs(page) if "act=comment_sheet&part=" in one]) == len(ITEMS)


def test_of_each_part_few_lines_wait_on_the_first_page(house: House) -> None:
    name, page = a_sheet(house), learning(house, "conduct", "quality.he")
    he, lead = people.staff("quality.he", frozenset({"quality"})), people.staff("cs.lead", frozenset({"supervisor"}))

    def waits(who: people.Actor) -> list[str]:
        return [path for _, path in waiting_here(Call(who, house.now, 0, {}), speech())]

    assert {f"/console/sheets/{name}", page} <= set(waits(he))
    assert 0 < len([path for path in waits(lead) if "act=answer_sheet" in path]) <= FEW
    assert do(house, page, "complete", "quality.he", {"note": "听了课"}).status == 303
    assert 0 < len([path for path in waits(lead) if "act=confirm" in path]) <= FEW
    assert page not in waits(he)


def test_a_training_whose_time_is_over_is_said_to_be_overdue(house: House) -> None:
    learning(house, "conduct", "quality.xie")
    late = Call(people.staff("quality.xie", frozenset({"quality"})), house.now + timedelta(days=90), 0, {})
    assert [said for said, _ in waiting_here(late, speech()) if said.startswith("已逾期：您的培训")]
