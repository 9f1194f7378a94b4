"""Danger over HTTP: seen in a filing and afterwards, called about, raised and lowered, assessed, reported."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.house import PLAN, REPORT, House, refused

YOGURT = {"product_name": "酸奶", "description": "孩子喝了上吐下泻，今天住院了，医生说是食物中毒。"}
BOX = {"product_name": "漏电保护器", "description": "盒子压瘪了一角，能补发包装吗？"}
ASSESSED = {"harmed": "serious", "stop_selling": True, "report_to": ["food"], "note": "检出致病菌。"}


@pytest.fixture
def yogurt(house: House) -> dict[str, Any]:
    return house.file(**YOGURT)


def safety(house: House, receipt: Mapping[str, Any]) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["safety"]


def tasks(house: House, receipt: Mapping[str, Any]) -> list[str]:
    return [one["task"] for one in safety(house, receipt)["tasks"]]


def test_an_acute_filing_is_in_act_and_says_that_a_machine_thinks_so(house: House, yogurt: dict[str, Any]) -> None:
    found = safety(house, yogurt)
    assert (found["tier"], found["by"], found["since"]) == ("act", "system", yogurt["received_at"])
    assert found["words"]
    assert (found["assessed"], found["called_at"], found["reports"]) == (None, None, [])
    assert tasks(house, yogurt) == ["safety_call", "safety_assessment"]


def test_a_dented_box_of_a_safety_switch_is_no_danger_and_no_matter_for_legal(house: House) -> None:
    receipt = house.file(**BOX)
    assert safety(house, receipt) is None
    for resource, body in (("acknowledgement", {}), ("investigation-report", REPORT), ("resolution-plan", PLAN)):
        assert house.do(receipt["complaint_id"], resource, body).status == 200


def test_later_words_are_looked_at_too(house: House) -> None:
    receipt = house.file()
    assert safety(house, receipt) is None
    said = {"text": "孩子今天住院了，食物中毒"}
    path = f"/v1/complaints/{receipt['complaint_id']}/information"
    assert house.post(path, said, token=receipt["consumer_token"]).status == 201
    assert safety(house, receipt)["tier"] == "act"


def test_the_consumer_sees_nothing_of_tiers_words_and_assessments(house: House, yogurt: dict[str, Any]) -> None:
    number, path = yogurt["complaint_id"], f"/v1/complaints/{yogurt['complaint_id']}"
    house.do(number, "safety-assessment", ASSESSED, "quality.he")
    house.do(number, "triage", {"tier": "look", "reason": "已联系。"}, "cs.lead")
    for answer in (
        house.get(path, token=yogurt["consumer_token"]),
        house.get(path, "storefront"),
        house.get(path + "/timeline", token=yogurt["consumer_token"]),
    ):
        assert answer.status == 200
        for internal in ("safety", "tier", "Danger", "Safety", "致病菌", "已联系"):
            assert internal not in answer.text


def test_interim_measures_are_public_and_in_the_timeline(house: House, yogurt: dict[str, Any]) -> None:
    made = house.do(
        yogurt["complaint_id"], "interim-measures", {"text": "请停止食用，医药费我们先垫付。"}, "quality.he"
    )
    assert (made.status, made.json["text"]) == (201, "请停止食用，医药费我们先垫付。")
    timeline = house.get(f"/v1/complaints/{yogurt['complaint_id']}/timeline", token=yogurt["consumer_token"]).json
    assert timeline["items"][-1]["details"] == {"text": "请停止食用，医药费我们先垫付。"}


def test_a_danger_is_assessed_and_reported(house: House, yogurt: dict[str, Any]) -> None:
    number = yogurt["complaint_id"]
    view = house.do(number, "safety-assessment", ASSESSED, "quality.he").json
    assert view["safety"]["assessed"]["report_to"] == ["market_regulator", "food"]
    assert (view["safety"]["assessed"]["by"], view["legal_issue"]) == ("quality.he", True)
    assert tasks(house, yogurt) == [
        *("safety_call", "safety_report_at_once food", "safety_report_market market_regulator")
    ]
    told = house.do(number, "authority-reports", {"authority": "food", "reference": "A-17"}, "quality.he")
    assert (told.status, told.json["told_by"], told.json["authority"]) == (201, "quality.he", "food")
    assert tasks(house, yogurt) == ["safety_call", "safety_report_market market_regulator"]


def test_a_call_is_recorded_reached_or_not_and_by_whom(house: House, yogurt: dict[str, Any]) -> None:
    number = yogurt["complaint_id"]
    house.do(number, "calls", {"about": "safety", "reached": False, "note": "无人接听"})
    assert "safety_call" in tasks(house, yogurt)
    made = house.do(number, "calls", {"about": "safety", "reached": True}, "cs.lead").json
    assert made["caller"] == "cs.lead"
    assert tasks(house, yogurt) == ["safety_assessment"]
    assert safety(house, yogurt)["called_at"] == made["at"]


def test_what_is_lowered_by_hand_is_not_raised_by_the_same_words(house: House, yogurt: dict[str, Any]) -> None:
    number = yogurt["complaint_id"]
    assert house.do(number, "triage", {"tier": "none", "reason": "是玩笑话。"}, "cs.lead").status == 200
    house.do(number, "information", {"text": YOGURT["description"]})
    found = safety(house, yogurt)
    assert (found["tier"], found["by"], found["tasks"]) == ("none", "cs.lead", [])
    history = house.get(f"/v1/complaints/{number}/timeline", "audit.qin").json["items"]
    (lowered,) = [one for one in history if one["type"] == "DangerTriaged"]
    assert (lowered["details"]["triage"], lowered["actor"]["id"]) == (
        {"tier": "none", "reason": "是玩笑话。"},
        "cs.lead",
    )


def test_what_dangers_ask_for_is_the_queue_of_each_department(house: House, yogurt: dict[str, Any]) -> None:
    def queue(department: str) -> list[tuple[str, str]]:
        path = f"/v1/complaints?task=safety&department={department}"
        return [(one["complaint_id"], one["task"]) for one in house.get(path, "cs.lin").json["items"]]

    number = yogurt["complaint_id"]
    assert (number, "safety_call") in queue("customer_service")
    assert (number, "safety_assessment") in queue("quality")
    every = house.get("/v1/complaints?task=safety&overdue=true", "cs.lin").json["items"]
    assert number not in [one["complaint_id"] for one in every]
    house.now += timedelta(hours=3)
    every = house.get("/v1/complaints?task=safety&overdue=true", "cs.lin").json["items"]
    assert (number, "safety_call") in [(one["complaint_id"], one["task"]) for one in every]


@pytest.mark.parametrize(
    ("resource", "body", "who", "field"),
    [
        ("triage", {"tier": "acute", "reason": "x"}, "cs.lin", "tier"),
        ("triage", {"tier": "act"}, "cs.lin", "reason"),
        ("triage", {"tier": "act", "reason": " "}, "cs.lin", "reason"),
        ("safety-assessment", ASSESSED | {"harmed": "some"}, "quality.he", "harmed"),
        ("safety-assessment", ASSESSED | {"stop_selling": "yes"}, "quality.he", "stop_selling"),
        ("safety-assessment", ASSESSED | {"report_to": ["police"]}, "quality.he", "report_to.0"),
        ("safety-assessment", {key: ASSESSED[key] for key in ("harmed", "stop_selling")}, "quality.he", "note"),
        ("authority-reports", {"authority": "police"}, "quality.he", "authority"),
        ("interim-measures", {}, "cs.lin", "text"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(
    house: House, yogurt: dict[str, Any], resource: str, body: Any, who: str, field: str
) -> None:
    refused(house.do(yogurt["complaint_id"], resource, body, who), 422, "invalid", field=field)


def test_the_tier_it_is_in_already_is_refused(house: House, yogurt: dict[str, Any]) -> None:
    answer = house.do(yogurt["complaint_id"], "triage", {"tier": "act", "reason": "很严重。"})
    refused(answer, 409, "not_allowed")
