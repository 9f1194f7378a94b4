"""6.1: verdict, cause, grants and basis as callers hand them in and see them, by the version that a complaint pins."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.house import FRIDAY, PLAN, REPORT, House, refused

DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""When version 2 of the policy begins: midnight in China."""
UNCODED = {name: value for name, value in REPORT.items() if name not in ("verdict", "cause_code")}
NO = {name: value for name, value in PLAN.items() if name != "basis"} | {"rejects_request": True, "reasons": "超期"}
CODES = ("verdict", "cause_code", "grants")
FILED = ("amount_disputed", "product_id", "seller", "consumer_flags", "external_ref")


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def begun(house: House, at: datetime) -> str:
    """A complaint that was filed at a time and accepted; its id."""
    house.now = at
    number = str(house.file()["complaint_id"])
    assert house.do(number, "acknowledgement", {}).status == 200
    return number


def test_a_complaint_of_december_needs_verdict_and_cause_and_one_of_before_goes_on_by_version_1(house: House) -> None:
    before, after = begun(house, DECEMBER - timedelta(seconds=1)), begun(house, DECEMBER)
    faults = refused(house.do(after, "investigation-report", UNCODED), 422, "invalid")["errors"]
    assert [fault["field"] for fault in faults] == ["verdict", "cause_code"]
    shown = [
        house.do(number, "investigation-report", report).json for number, report in ((before, UNCODED), (after, REPORT))
    ]
    assert [one["policy_version"] for one in shown] == [1, 2]
    assert [tuple(one[name] for name in CODES) for one in shown] == [
        (None, None, None),
        ("founded", "delivery.damaged_packing", None),
    ]


def test_a_rejection_of_december_needs_a_basis_and_one_of_before_does_not(house: House) -> None:
    before, after = begun(house, DECEMBER - timedelta(seconds=1)), begun(house, DECEMBER)
    for number in (before, after):
        assert house.do(number, "investigation-report", REPORT).status == 200
    refused(house.do(after, "resolution-plan", NO), 422, "invalid", field="basis")
    refused(house.do(after, "plan-draft", NO), 422, "invalid", field="basis")
    assert house.do(before, "resolution-plan", NO).json["grants"] == "none"
    answer = house.do(after, "resolution-plan", NO | {"basis": [{"clause": "4.3a"}]})
    (proposed,) = answer.json["resolution_plans"]
    assert (answer.json["grants"], proposed["plan"]["grants"]) == ("none", "none")
    assert [(one["clause"], one["version"]) for one in proposed["plan"]["basis"]] == [("4.3a", 2)]


def test_a_cause_that_is_not_listed_is_refused_by_name(house: House) -> None:
    number = begun(house, FRIDAY)
    for code in ("delivery.teleported", "Delivery.late", "", 5):
        report = REPORT | {"cause_code": code}
        refused(house.do(number, "investigation-report", report), 422, "invalid", field="cause_code")


def test_staff_see_the_codes_where_the_artefacts_are_and_at_the_top(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    view = house.get(f"/v1/complaints/{receipt['complaint_id']}", "quality.he").json
    report, (proposed,) = view["investigation_report"], view["resolution_plans"]
    assert (report["verdict"], report["cause_code"], proposed["plan"]["grants"]) == tuple(view[name] for name in CODES)
    assert [view[name] for name in FILED] == [
        *({"value": "59.90", "currency": "CNY"}, "KT-1700", "云杉家电旗舰店", ["elderly"], "AS-2026-0042"),
    ]


def test_the_consumer_sees_what_is_granted_and_why_and_neither_verdict_nor_cause(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    path = f"/v1/complaints/{receipt['complaint_id']}"
    answer = house.get(path, token=receipt["consumer_token"])
    plan = answer.json["resolution_plan"]
    assert (plan["grants"], plan["basis"][0]["article"], plan["basis"][1]["clause"]) == ("full", "第二十四条", "4.3a")
    assert [answer.json[name] for name in ("external_ref", "product_id", "seller")] == [
        *("AS-2026-0042", "KT-1700", "云杉家电旗舰店"),
    ]
    assert answer.json["amount_disputed"] == {"value": "59.90", "currency": "CNY"}
    for told in (answer, house.get(path, "storefront"), house.get(path + "/timeline", token=receipt["consumer_token"])):
        for hidden in ("verdict", "cause_code", "founded", "damaged_packing", "elderly"):
            assert hidden not in told.text


def test_the_description_enumerates_causes_where_they_are_handed_in_and_takes_any_where_they_are_shown(
    house: House,
) -> None:
    schemas: dict[str, Any] = house.get("/v1/openapi.json").json["components"]["schemas"]
    known = ("InvestigationReport", "InvestigationReportInput")
    reports = {name: one["properties"] for name, one in schemas.items() if name in known}
    listed = {name: "CauseCode" in str(one["cause_code"]) for name, one in reports.items()}
    assert listed == {"InvestigationReport": False, "InvestigationReportInput": True}
    assert "delivery.late" in schemas["CauseCode"]["enum"]
    (handed_in,) = (one for name, one in reports.items() if listed[name])
    for field in ("verdict", "cause_code"):
        assert "version 2 of the policy" in handed_in[field]["description"]
