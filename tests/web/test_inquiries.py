"""4.2a, 4.2b, 5.2 to 5.4: departments are asked and answer, each in its own time; the report waits for them."""

from typing import Any

import pytest

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import FRIDAY, PLAN, REPORT, House, refused

QUESTION = {"department": "quality", "question": "壶身为什么会裂？"}
FINDING = {"assessment": "玻璃厚度不足。", "recommended_solution": "全额退款。"}
OPENED = {
    "inquiry_id": "1",
    "department": "quality",
    "question": "壶身为什么会裂？",
    "asked_at": "2026-10-09T07:40:00Z",
    "asked_by": "cs.lin",
    "due_at": "2026-10-10T16:00:00Z",  # the end of the next working day, a make-up Saturday
    "status": "open",
    "answered_at": None,
    "answered_by": None,
    "assessment": None,
    "recommended_solution": None,
    "overdue": False,
}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def asked(house: House) -> str:
    """A complaint about which quality control has just been asked."""
    complaint_id = str(house.bring_to("investigating")["complaint_id"])
    assert house.do(complaint_id, "inquiries", QUESTION).status == 201
    return complaint_id


def view(house: House, complaint_id: str) -> Any:
    return house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json


def answer_of(house: House, complaint_id: str, number: object = 1, body: Any = FINDING, who: str = "quality.he") -> Any:
    return house.do(complaint_id, f"inquiries/{number}/answer", body, who)


# ---- asking --------------------------------------------------------------------------------------------------------


def test_an_inquiry_is_answered_with_what_was_asked_and_when_it_is_due(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    answer = house.do(complaint_id, "inquiries", QUESTION)
    assert (answer.status, answer.json) == (201, OPENED)
    assert view(house, complaint_id)["inquiries"] == [OPENED]


@pytest.mark.parametrize(
    ("category", "departments"),
    [
        ("product_quality", ["quality"]),
        ("delivery", ["logistics"]),
        ("false_advertising", ["legal"]),
        ("after_sales_service", []),
        ("other", []),
    ],
)
def test_on_acknowledgement_the_department_of_the_category_is_asked_by_the_house(
    house: House, category: str, departments: list[str]
) -> None:
    complaint_id = house.file(category=category)["complaint_id"]
    assert view(house, complaint_id)["inquiries"] == []
    inquiries = house.do(complaint_id, "acknowledgement").json["inquiries"]
    assert [(one["department"], one["asked_by"], one["status"]) for one in inquiries] == [
        (department, "house", "open") for department in departments
    ]
    assert all(one["question"] for one in inquiries)


def test_several_departments_are_asked_at_once_and_answer_in_any_order(house: House, asked: str) -> None:
    for department in ("legal", "logistics", "quality"):
        house.do(asked, "inquiries", {"department": department, "question": f"请{department}核查。"})
    assert answer_of(house, asked, 3, who="logistics.gao").status == 200
    assert answer_of(house, asked, 2, who="legal.xu").status == 200
    assert answer_of(house, asked, 4).status == 200
    inquiries = view(house, asked)["inquiries"]
    assert [(one["inquiry_id"], one["department"], one["status"]) for one in inquiries] == [
        ("1", "quality", "open"),
        ("2", "legal", "answered"),
        ("3", "logistics", "answered"),
        ("4", "quality", "answered"),
    ]


def test_a_question_that_comes_up_over_the_plan_can_still_be_asked(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    assert house.do(complaint_id, "inquiries", QUESTION).status == 201
    assert answer_of(house, complaint_id).status == 200


@pytest.mark.parametrize("stage", ["received", "awaiting_consumer", "closed"])
def test_nobody_is_asked_while_there_is_nothing_to_find_out(house: House, stage: str) -> None:
    complaint_id = house.bring_to(stage)["complaint_id"]
    problem = refused(house.do(complaint_id, "inquiries", QUESTION), 409, "not_allowed")
    assert "ask" not in problem["allowed"]
    assert "note" in problem["allowed"]


# ---- answering -----------------------------------------------------------------------------------------------------


def test_an_answer_gives_back_the_inquiry_with_it(house: House, asked: str) -> None:
    house.pass_time(hours=1)
    answer = answer_of(house, asked)
    answered = {"status": "answered", "answered_at": "2026-10-09T08:40:00Z", "answered_by": "quality.he"}
    assert (answer.status, answer.json) == (200, OPENED | answered | FINDING)
    assert view(house, asked)["inquiries"] == [OPENED | answered | FINDING]


def test_an_assessment_may_come_without_a_recommendation(house: House, asked: str) -> None:
    answer = answer_of(house, asked, body={"assessment": "查不出原因。"})
    assert (answer.status, answer.json["recommended_solution"]) == (200, None)


def test_an_inquiry_is_answered_once(house: House, asked: str) -> None:
    answer_of(house, asked)
    problem = refused(answer_of(house, asked, body={"assessment": "再想想"}), 409, "not_allowed")
    assert problem["values"] == {"status": "answered"}
    assert "answer_inquiry" not in problem["allowed"]
    assert view(house, asked)["inquiries"][0]["assessment"] == "玻璃厚度不足。"


def test_an_inquiry_of_another_complaint_is_not_there(house: House, asked: str) -> None:
    another = house.bring_to("investigating")["complaint_id"]
    refused(answer_of(house, another), 404, "not_found")
    refused(answer_of(house, asked, 2), 404, "not_found")
    refused(answer_of(house, "00000-00000"), 404, "not_found")


def test_of_two_who_answer_at_the_very_same_moment_one_is_heard(house: House, asked: str) -> None:
    with house.meanwhile(lambda: answer_of(house, asked, body={"assessment": "先"})):
        refused(answer_of(house, asked, body={"assessment": "后"}), 409, "not_allowed")
    assert view(house, asked)["inquiries"][0]["assessment"] == "先"


def test_two_who_ask_at_the_very_same_moment_ask_two_things(house: House, asked: str) -> None:
    with house.meanwhile(lambda: house.do(asked, "inquiries", QUESTION | {"question": "先"}, "cs.chen")):
        second = house.do(asked, "inquiries", QUESTION | {"question": "后"})
    assert (second.status, second.json["inquiry_id"], second.json["question"]) == (201, "3", "后")
    assert [one["question"] for one in view(house, asked)["inquiries"][1:]] == ["先", "后"]


# ---- the report waits ----------------------------------------------------------------------------------------------


def test_a_report_waits_for_open_inquiries_and_says_which(house: House, asked: str) -> None:
    house.do(asked, "inquiries", {"department": "legal", "question": "违法吗？"})
    problem = refused(house.do(asked, "investigation-report", REPORT), 409, "not_allowed")
    assert problem["values"]["inquiries"] == ["1", "2"]
    assert "quality" in problem["values"]["departments"]
    assert "report" not in problem["allowed"]
    assert "answer_inquiry" in problem["allowed"]
    answer_of(house, asked)
    problem = refused(house.do(asked, "investigation-report", REPORT), 409, "not_allowed")
    assert problem["values"]["inquiries"] == ["2"]
    answer_of(house, asked, 2, who="legal.xu")
    assert house.do(asked, "investigation-report", REPORT).json["stage"] == "planning"


def test_a_report_that_says_why_it_does_not_wait_dispenses_with_the_answers(house: House, asked: str) -> None:
    why = "照片已足以判断。"
    view_after = house.do(asked, "investigation-report", REPORT | {"without_inquiries": why}).json
    assert (view_after["stage"], view_after["inquiries"][0]["status"]) == ("planning", "dispensed")
    assert view_after["investigation_report"]["without_inquiries"] == why
    problem = refused(answer_of(house, asked), 409, "not_allowed")
    assert problem["values"] == {"status": "dispensed"}


def test_a_plan_does_not_wait_for_a_question_that_came_up_over_it(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    house.do(complaint_id, "inquiries", QUESTION)
    view_after = house.do(complaint_id, "resolution-plan", PLAN).json
    assert (view_after["stage"], view_after["inquiries"][0]["status"]) == ("awaiting_consumer", "dispensed")
    proposed = house.get(f"/v1/complaints/{complaint_id}/timeline", "audit.qin").json["items"][-1]
    assert (proposed["type"], proposed["enters"]["dispensed"]) == ("PlanProposed", ["1"])


def test_the_reason_for_not_waiting_needs_words(house: House, asked: str) -> None:
    answer = house.do(asked, "investigation-report", REPORT | {"without_inquiries": " "})
    refused(answer, 422, "invalid", field="without_inquiries")


# ---- its own clock -------------------------------------------------------------------------------------------------


def test_an_inquiry_is_overdue_by_its_own_clock_at_the_very_second(house: House, asked: str) -> None:
    house.now = FRIDAY.replace(day=10, hour=15, minute=59, second=59)
    assert view(house, asked)["inquiries"][0]["overdue"] is False
    house.pass_time(seconds=1)
    seen = view(house, asked)
    assert seen["inquiries"][0]["overdue"] is True
    assert seen["deadline"]["overdue"] is False


def test_what_a_department_misses_is_written_down_as_the_departments(house: House, asked: str) -> None:
    house.do(asked, "assignment", {"assignee": "cs.chen"})
    house.now = FRIDAY.replace(day=11)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    breaches = view(house, asked)["breaches"]
    assert breaches == [
        {
            "stage": "investigating",
            "clock": "inquiry 1",
            "due_at": "2026-10-10T16:00:00Z",
            "recorded_at": "2026-10-11T07:40:00Z",
            "number": 1,
            "hearing": None,
            "held_by": "quality",
            "void": False,
        }
    ]
    late = answer_of(house, asked).json
    assert (late["status"], late["overdue"]) == ("answered", False)
    assert view(house, asked)["breaches"] == breaches


# ---- who sees it ---------------------------------------------------------------------------------------------------


def test_the_consumer_sees_nothing_of_it_and_staff_see_the_timeline(house: House) -> None:
    receipt = house.file(category="product_quality")
    complaint_id, path = receipt["complaint_id"], f"/v1/complaints/{receipt['complaint_id']}"
    house.do(complaint_id, "acknowledgement")
    answer_of(house, complaint_id)
    for answer in (
        house.get(path, token=receipt["consumer_token"]),
        house.get(path + "/timeline", token=receipt["consumer_token"]),
    ):
        for internal in ('"quality"', "核查", "玻璃厚度不足", "全额退款", "nquiry"):
            assert internal not in answer.text
    entries = house.get(path + "/timeline", "audit.qin").json["items"]
    assert [(entry["type"], entry["actor"]["id"], entry["public"]) for entry in entries[-2:]] == [
        ("InquiryOpened", "house", False),
        ("InquiryAnswered", "quality.he", False),
    ]


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("inquiries", {"question": "为什么？"}, "department"),
        ("inquiries", QUESTION | {"department": "customer_service"}, "department"),
        ("inquiries", QUESTION | {"department": "management"}, "department"),
        ("inquiries", {"department": "quality"}, "question"),
        ("inquiries", QUESTION | {"question": "长" * 5001}, "question"),
        ("inquiries", QUESTION | {"due_at": "2026-10-12T00:00:00Z"}, "due_at"),
        ("inquiries/1/answer", {}, "assessment"),
        ("inquiries/1/answer", {"recommended_solution": "退款"}, "assessment"),
        ("inquiries/1/answer", FINDING | {"assessment": "长" * 5001}, "assessment"),
        ("inquiries/1/answer", FINDING | {"recommended_solution": ""}, "recommended_solution"),
        ("inquiries/1/answer", FINDING | {"legal_issue": "yes"}, "legal_issue"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field(
    house: House, asked: str, resource: str, body: Any, field: str
) -> None:
    who = "quality.he" if resource.endswith("answer") else "cs.lin"
    refused(house.do(asked, resource, body, who), 422, "invalid", field=field)
