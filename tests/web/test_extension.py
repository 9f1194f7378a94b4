"""More time for a stage: once, from a supervisor or management, and the consumer sees why."""

from typing import Any

import pytest

from tests.house import FRIDAY, REPORT, House, refused

MORE = {"working_days": 2, "reason": "等待检测报告。"}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def extend(house: House, complaint_id: str, body: Any = MORE, who: str = "cs.lead") -> Any:
    return house.do(complaint_id, "extension", body, who)


@pytest.mark.parametrize(
    ("stage", "due"),
    [
        ("received", "2026-10-13T16:00:00Z"),  # from Saturday the 10th, which does not count itself
        ("investigating", "2026-10-15T16:00:00Z"),  # from Tuesday the 13th
        ("planning", "2026-10-14T16:00:00Z"),  # from Monday the 12th
        ("awaiting_consumer", "2026-10-28T16:00:00Z"),  # from Monday the 26th: the 15th day is a Saturday
    ],
)
def test_the_due_date_moves_by_working_days(house: House, stage: str, due: str) -> None:
    complaint_id = house.bring_to(stage)["complaint_id"]
    answer = extend(house, complaint_id)
    assert (answer.status, answer.json["deadline"]["due_at"], answer.json["stage"]) == (200, due, stage)


def test_management_extends_too_and_the_consumer_sees_until_when_and_why(house: House) -> None:
    receipt = house.bring_to("investigating")
    assert extend(house, receipt["complaint_id"], who="management.zhou").status == 200
    view = house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"])
    assert view.json["deadline"]["due_at"] == "2026-10-15T16:00:00Z"
    told = view.json["timeline"][-1]
    assert (told["type"], told["by"]) == ("DeadlineExtended", "staff")
    assert told["details"] == {"due_at": "2026-10-15T16:00:00Z", "reason": "等待检测报告。"}
    assert "zhou" not in view.text


def test_a_stage_is_extended_once_and_the_next_one_again(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    extend(house, complaint_id)
    problem = refused(extend(house, complaint_id), 409, "not_allowed")
    assert "extend" not in problem["allowed"]
    assert "report" in problem["allowed"]
    house.do(complaint_id, "investigation-report", REPORT)
    assert extend(house, complaint_id).status == 200


def test_a_clock_that_stands_still_is_not_extended(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.do(complaint_id, "information-requests", {"question": "批号？"})
    problem = refused(extend(house, complaint_id), 409, "not_allowed")
    assert problem["reason"] == "waits_for_answer"
    house.do(complaint_id, "information", {"text": "A17"})
    assert extend(house, complaint_id).status == 200


def test_what_was_overdue_is_not_any_more_but_the_breach_stays(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.now = FRIDAY.replace(day=14)
    view = extend(house, complaint_id).json
    assert (view["deadline"]["due_at"], view["deadline"]["overdue"]) == ("2026-10-15T16:00:00Z", False)
    assert [breach["due_at"] for breach in view["breaches"]] == ["2026-10-13T16:00:00Z"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"working_days": 0}, "working_days"),
        ({"working_days": 11}, "working_days"),
        ({"working_days": 1.5}, "working_days"),
        ({"working_days": "2"}, "working_days"),
        ({"working_days": None}, "working_days"),
        ({"reason": None}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 2001}, "reason"),
        ({"days": 2}, "days"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field(house: House, changes: Any, field: str) -> None:
    refused(extend(house, house.file()["complaint_id"], MORE | changes), 422, "invalid", field=field)


@pytest.mark.parametrize("days", [1, 10])
def test_a_stage_gets_from_one_to_ten_working_days_more(house: House, days: int) -> None:
    assert extend(house, house.file()["complaint_id"], MORE | {"working_days": days}).status == 200
