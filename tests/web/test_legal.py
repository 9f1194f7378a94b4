"""5.4: where law is involved, no plan goes out before legal has approved it."""

from typing import Any

import pytest

from tests.house import FRIDAY, PLAN, REPORT, SHOWN_PLAN, House, refused

YES = {"approved": True, "advice": "三倍赔偿合法，可以发出。"}
NO = {"approved": False, "advice": "赔偿低于法定的三倍。"}
FAKE = {"product_name": "运动鞋", "description": "说是正品，鉴定出来是假的。", "category": "false_advertising"}
ALLERGY = {"product_name": "面霜", "description": "用了一次就过敏，脸上红肿，去了急诊。"}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def fake(house: House) -> dict[str, Any]:
    """A fake brand: legal has said what it thinks of it, the plan is to be made."""
    receipt = house.file(**FAKE)
    complaint_id = receipt["complaint_id"]
    house.do(complaint_id, "acknowledgement")
    house.do(complaint_id, "inquiries/1/answer", {"assessment": "构成虚假宣传。"}, "legal.xu")
    assert house.do(complaint_id, "investigation-report", REPORT).status == 200
    return receipt


def draft(house: House, complaint_id: str, body: Any = PLAN) -> int:
    """Customer service writes a draft; its number."""
    answer = house.do(complaint_id, "plan-draft", body)
    assert answer.status == 200, answer.text
    return int(answer.json["plan_draft"]["number"])


def review(house: House, complaint_id: str, body: Any) -> Any:
    return house.do(complaint_id, "legal-review", body, "legal.xu")


def is_legal(house: House, complaint_id: str) -> bool:
    return bool(house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["legal_issue"])


def test_a_plan_is_refused_before_legal_approves_and_then_goes_out(house: House, fake: dict[str, Any]) -> None:
    complaint_id = fake["complaint_id"]
    for refusal in (None, NO):
        if refusal:
            draft(house, complaint_id)
            assert review(house, complaint_id, refusal).status == 200
        problem = refused(house.do(complaint_id, "resolution-plan", PLAN), 409, "not_allowed")
        assert "propose_plan" not in problem["allowed"]
        assert {"draft_plan", "review"} <= set(problem["allowed"])
        assert problem["reason"] == "legal_must_approve"
    assert review(house, complaint_id, YES).status == 200
    answer = house.do(complaint_id, "resolution-plan", PLAN)
    assert (answer.json["stage"], answer.json["plan_draft"]) == ("awaiting_consumer", None)


def test_a_draft_is_answered_with_the_complaint_and_nothing_is_sent(house: House, fake: dict[str, Any]) -> None:
    answer = house.do(fake["complaint_id"], "plan-draft", PLAN)
    assert answer.status == 200
    assert (answer.json["stage"], answer.json["resolution_plans"], answer.json["plan_sent_at"]) == (
        "planning",
        [],
        None,
    )
    timeline = house.get(f"/v1/complaints/{fake['complaint_id']}/timeline", "legal.xu").json["items"]
    assert answer.json["plan_draft"] == {
        "number": timeline[-1]["seq"],
        "drafted_at": "2026-10-09T07:40:00Z",
        "drafted_by": "cs.lin",
        "plan": SHOWN_PLAN,
    }
    assert house.get(f"/v1/complaints/{fake['complaint_id']}", "legal.xu").json["plan_draft"]["plan"]["summary"]


def test_a_review_is_answered_with_the_complaint_and_all_reviews(house: House, fake: dict[str, Any]) -> None:
    first = draft(house, fake["complaint_id"])
    review(house, fake["complaint_id"], NO)
    house.pass_time(hours=1)
    second = draft(house, fake["complaint_id"])
    answer = review(house, fake["complaint_id"], YES | {"draft": second})
    assert (answer.status, answer.json["stage"], answer.json["legal_issue"]) == (200, "planning", True)
    by_legal = {"round": 1, "reviewed_by": "legal.xu"}
    assert answer.json["legal_reviews"] == [
        by_legal | {"reviewed_at": "2026-10-09T07:40:00Z", "review": NO | {"draft": first}},
        by_legal | {"reviewed_at": "2026-10-09T08:40:00Z", "review": YES | {"draft": second}},
    ]


def test_legal_may_take_its_approval_back_while_there_is_no_plan(house: House, fake: dict[str, Any]) -> None:
    draft(house, fake["complaint_id"])
    review(house, fake["complaint_id"], YES)
    review(house, fake["complaint_id"], NO)
    refused(house.do(fake["complaint_id"], "resolution-plan", PLAN), 409, "not_allowed")


def test_an_adjusted_plan_needs_an_approval_of_its_own(house: House, fake: dict[str, Any]) -> None:
    complaint_id = fake["complaint_id"]
    draft(house, complaint_id)
    review(house, complaint_id, YES)
    house.do(complaint_id, "resolution-plan", PLAN)
    house.do(
        complaint_id, "feedback", {"satisfied": False, "opinion": "还要道歉。"}, None, token=fake["consumer_token"]
    )
    refused(house.do(complaint_id, "resolution-plan", PLAN), 409, "not_allowed")
    refused(review(house, complaint_id, YES), 409, "not_allowed")
    draft(house, complaint_id)
    assert review(house, complaint_id, YES).json["legal_reviews"][-1]["round"] == 2
    assert house.do(complaint_id, "resolution-plan", PLAN).status == 200


def test_a_review_before_there_is_a_draft_counts_for_nothing_and_is_refused(house: House) -> None:
    complaint_id = house.file(**FAKE)["complaint_id"]
    house.do(complaint_id, "acknowledgement")
    refused(review(house, complaint_id, YES), 409, "not_allowed")
    house.do(complaint_id, "investigation-report", REPORT | {"without_inquiries": "法务随方案审核。"})
    problem = refused(review(house, complaint_id, YES), 409, "not_allowed")
    assert problem["reason"] == "draft_missing"
    refused(house.do(complaint_id, "resolution-plan", PLAN), 409, "not_allowed")


def test_only_the_draft_that_was_approved_goes_out(house: House, fake: dict[str, Any]) -> None:
    complaint_id = fake["complaint_id"]
    number = draft(house, complaint_id)
    review(house, complaint_id, YES)
    problem = refused(house.do(complaint_id, "resolution-plan", PLAN | {"summary": "只道歉。"}), 409, "not_allowed")
    assert problem["values"]["draft"] == number
    assert problem["values"]["fields"] == ["summary"]
    assert house.do(complaint_id, "resolution-plan", PLAN | {"reasons": None}).status == 200


def test_a_review_of_a_draft_that_is_not_the_newest_is_refused(house: House, fake: dict[str, Any]) -> None:
    complaint_id = fake["complaint_id"]
    first, second = draft(house, complaint_id), draft(house, complaint_id, PLAN | {"summary": "退一赔三。"})
    problem = refused(review(house, complaint_id, YES | {"draft": first}), 409, "not_allowed")
    assert problem["values"]["draft"] == second
    answer = review(house, complaint_id, YES | {"draft": second})
    assert answer.json["legal_reviews"][0]["review"]["draft"] == second


@pytest.mark.parametrize("named", [True, False])
def test_a_review_never_counts_for_a_draft_that_is_saved_while_it_is_on_its_way(
    house: House, fake: dict[str, Any], named: bool
) -> None:
    complaint_id = fake["complaint_id"]
    read = draft(house, complaint_id)
    with house.meanwhile(lambda: draft(house, complaint_id, PLAN | {"summary": "没有人看过。"})):
        answer = review(house, complaint_id, YES | ({"draft": read} if named else {}))
    refused(answer, 409, "not_allowed")
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["legal_reviews"] == []
    refused(house.do(complaint_id, "resolution-plan", PLAN | {"summary": "没有人看过。"}), 409, "not_allowed")


def test_a_review_under_one_key_is_of_the_draft_it_was_of_the_first_time(house: House, fake: dict[str, Any]) -> None:
    complaint_id = fake["complaint_id"]
    draft(house, complaint_id)
    once = house.do(complaint_id, "legal-review", YES, "legal.xu", Idempotency_Key="review-1")
    draft(house, complaint_id, PLAN | {"summary": "后来的草案。"})
    again = house.do(complaint_id, "legal-review", YES, "legal.xu", Idempotency_Key="review-1")
    assert (again.status, again.json) == (200, once.json)
    assert len(house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["legal_reviews"]) == 1


def test_where_law_is_not_involved_nobody_waits_for_legal(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    assert not is_legal(house, complaint_id)
    assert house.do(complaint_id, "resolution-plan", PLAN).status == 200


def test_false_advertising_is_a_matter_for_legal_from_the_beginning_and_danger_once_somebody_was_harmed(
    house: House,
) -> None:
    fake, allergy = (house.file(**filed)["complaint_id"] for filed in (FAKE, ALLERGY))
    assert [is_legal(house, one) for one in (fake, allergy)] == [True, False]
    assessment = {"harmed": "minor", "stop_selling": False, "report_to": [], "note": "皮肤红肿。"}
    assert house.do(allergy, "safety-assessment", assessment, "quality.he").status == 200
    assert is_legal(house, allergy)


def test_customer_service_or_a_department_calls_for_legal(house: House) -> None:
    by_hand = house.file()["complaint_id"]
    house.do(by_hand, "acknowledgement", {"legal_issue": True})
    by_answer = house.bring_to("investigating")["complaint_id"]
    house.do(by_answer, "inquiries", {"department": "quality", "question": "合格吗？"})
    house.do(by_answer, "inquiries/1/answer", {"assessment": "不合国标。", "legal_issue": True}, "quality.he")
    by_report = house.bring_to("investigating")["complaint_id"]
    house.do(by_report, "investigation-report", REPORT | {"legal_issue": True})
    assert [is_legal(house, one) for one in (by_hand, by_answer, by_report)] == [True, True, True]


def test_the_consumer_sees_nothing_of_it(house: House, fake: dict[str, Any]) -> None:
    complaint_id, path = fake["complaint_id"], f"/v1/complaints/{fake['complaint_id']}"
    draft(house, complaint_id, PLAN | {"summary": "三倍赔偿草案"})
    review(house, complaint_id, YES)
    for answer in (
        house.get(path, token=fake["consumer_token"]),
        house.get(path, "storefront"),
        house.get(path + "/timeline", token=fake["consumer_token"]),
    ):
        for internal in ("legal", "Legal", "draft", "Draft", "三倍", "构成虚假宣传"):
            assert internal not in answer.text
    kinds = [entry["type"] for entry in house.get(path + "/timeline", "audit.qin").json["items"]]
    assert (kinds[1], kinds[-1]) == ("LegalIssueRaised", "LegalReviewed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"advice": "可以。"}, "approved"),
        ({"approved": "yes", "advice": "可以。"}, "approved"),
        ({"approved": None, "advice": "可以。"}, "approved"),
        ({"approved": True}, "advice"),
        ({"approved": False, "advice": " "}, "advice"),
        ({"approved": True, "advice": "长" * 5001}, "advice"),
        (YES | {"round": 1}, "round"),
        (YES | {"draft": 0}, "draft"),
        (YES | {"draft": "1"}, "draft"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field(house: House, fake: dict[str, Any], body: Any, field: str) -> None:
    refused(review(house, fake["complaint_id"], body), 422, "invalid", field=field)
