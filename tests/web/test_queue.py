"""The queue of staff: soonest due first, narrowed by each filter and all of them, overdue by the clock."""

from datetime import datetime
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from tests.house import FRIDAY, PLAN, REPORT, House, refused

QUEUE = "/v1/complaints?limit=100"
LATER = FRIDAY.replace(day=13, hour=0)  # the kettle and the fan are overdue, the lamp and the cooker are not
ORDER = "E-2026/10 #1"
STORY = {  # what each is about: the stage it is in, who has it, the order
    "kettle": ("received", None, ORDER),
    "lamp": ("investigating", "cs.chen", "E-2"),
    "fan": ("planning", "cs.lin", "E-3"),
    "cooker": ("awaiting_consumer", "cs.chen", "E-4"),
    "toaster": ("closed", "cs.chen", ORDER),
    "radio": ("closed", None, "E-6"),
}
STEPS = [
    ("acknowledgement", {}, "investigating"),
    ("investigation-report", REPORT, "planning"),
    ("resolution-plan", PLAN, "awaiting_consumer"),
    ("feedback", {"satisfied": True}, "closed"),
]


@pytest.fixture(scope="module")
def told(lasting_house: House) -> House:
    """The house with the story's complaints, a minute apart."""
    for product_name, (stage, assignee, order_number) in STORY.items():
        lasting_house.pass_time(minutes=1)
        complaint_id = lasting_house.file(product_name=product_name, order_number=order_number)["complaint_id"]
        if assignee:
            lasting_house.do(complaint_id, "assignment", {"assignee": assignee})
        for resource, body, reached in STEPS if stage != "received" else ():
            assert lasting_house.do(complaint_id, resource, body).status == 200
            if reached == stage:
                break
    return lasting_house


@pytest.fixture
def house(told: House) -> House:
    told.now = FRIDAY.replace(hour=8)
    return told


def found(house: House, **filters: Any) -> list[dict[str, Any]]:
    query = "".join(f"&{name}={quote(str(value))}" for name, value in filters.items() if value is not None)
    answer = house.get(QUEUE + query, "audit.qin")
    assert answer.status == 200, answer
    return list(answer.json["items"])


def lines(house: House, **filters: Any) -> list[dict[str, Any]]:
    """The lines of the story's complaints; other tests may have filed irons."""
    return [line for line in found(house, **filters) if line["product_name"] in STORY]


def names(house: House, **filters: Any) -> list[str]:
    return [line["product_name"] for line in lines(house, **filters)]


def test_a_queue_shows_what_is_open_and_soonest_due_first(house: House) -> None:
    assert names(house) == ["kettle", "fan", "lamp", "cooker"]
    due = [line["deadline"]["due_at"] for line in lines(house)]
    assert due == sorted(due)


def test_closed_complaints_are_asked_for_by_name_and_come_latest_first(house: House) -> None:
    assert names(house, stage="closed") == ["radio", "toaster"]
    assert [line["deadline"] for line in lines(house, stage="closed")] == [None, None]


def test_a_line_has_no_contact_details(house: House) -> None:
    [line] = lines(house, stage="planning")
    filed = {"order_number": "E-3", "product_name": "fan", "category": "after_sales_service", "channel": "web"}
    assert line == filed | {
        "view": "summary",
        "complaint_id": line["complaint_id"],
        "requested_remedy": "refund",
        "stage": "planning",
        "round": 1,
        "outcome": None,
        "department": "customer_service",
        "assignee": "cs.lin",
        "received_at": "2026-10-09T07:43:00Z",
        "closed_at": None,
        "deadline": {
            "stage": "planning",
            "due_at": "2026-10-12T16:00:00Z",
            "provisional": False,
            "overdue": False,
            "waiting_since": None,
            "waiting_for": None,
        },
        "duplicate_of": None,
        "duplicate_found_by": None,
        "task": None,
        "excerpt": "收到就是裂的，客服一直不给换。",
        "marks": [],
        "tier": None,
        "left_to_supervisor_at": None,
        "version": 4,
    }


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        (FRIDAY.replace(day=10, hour=7, minute=40, second=59), []),
        (FRIDAY.replace(day=10, hour=7, minute=41, second=0), ["kettle"]),
        (LATER, ["kettle", "fan"]),
        (FRIDAY.replace(month=12), ["kettle", "fan", "lamp", "cooker"]),
    ],
)
def test_what_is_overdue_shows_by_the_clock_at_the_very_second(house: House, now: datetime, overdue: list[str]) -> None:
    house.now = now
    assert names(house, overdue="true") == overdue
    assert [name for name in names(house) if name not in overdue] == names(house, overdue="false")
    for line in lines(house):
        late = line["product_name"] in overdue
        assert line["deadline"]["overdue"] == late
        view = house.get(f"/v1/complaints/{line['complaint_id']}", "cs.lin").json
        assert view["deadline"] == line["deadline"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (FRIDAY.replace(hour=15, minute=59), []),
        (FRIDAY.replace(hour=16, minute=0), ["kettle"]),
        (FRIDAY.replace(day=11, hour=15, minute=59), ["kettle"]),
        (FRIDAY.replace(day=11, hour=16, minute=0), ["kettle", "fan"]),
    ],
)
def test_what_is_due_today_is_what_is_due_by_the_end_of_the_day_in_china(
    house: House, now: datetime, due: list[str]
) -> None:
    house.now = now
    assert names(house, due="today") == due
    assert names(house, due="today", overdue="false") + names(house, due="today", overdue="true") == due[::-1]
    assert names(house, due="today", assignee="cs.lin") == [one for one in due if STORY[one][1] == "cs.lin"]
    assert names(house, due="today", stage="closed") == []
    refused(house.get(f"{QUEUE}&due=tomorrow", "audit.qin"), 422, "invalid", field="due")


def test_filters_narrow_the_queue_each_alone_and_all_of_them_together(house: House) -> None:
    house.now = LATER
    late = {"kettle", "fan"}
    stages = [None, "received", "investigating", "planning", "awaiting_consumer", "closed"]
    departments, people = [None, "customer_service", "quality"], [None, "cs.chen", "cs.lin", "nobody"]
    for stage, department, assignee, overdue, order in product(
        stages, departments, people, [None, "true", "false"], [None, ORDER]
    ):
        shown = names(house, stage=stage, department=department, assignee=assignee, overdue=overdue, order_number=order)
        expected = {
            name
            for name, (its_stage, its_assignee, its_order) in STORY.items()
            if stage in (its_stage, None)
            and (stage or order or its_stage != "closed")
            and department in ("customer_service", None)
            and assignee in (its_assignee, None)
            and overdue in (None, "true" if name in late else "false")
            and order in (its_order, None)
        }
        assert (set(shown), len(shown)) == (expected, len(expected)), (stage, department, assignee, overdue, order)


def test_a_complaint_changes_queues_with_its_stage_and_its_assignee(house: House) -> None:
    house.hire("moving.mo", "other.ou")
    complaint_id = house.file(product_name="iron")["complaint_id"]
    house.do(complaint_id, "assignment", {"assignee": "moving.mo"})
    assert len(found(house, assignee="moving.mo", stage="received")) == 1
    house.do(complaint_id, "acknowledgement", {})
    assert found(house, assignee="moving.mo", stage="received") == []
    assert len(found(house, assignee="moving.mo", stage="investigating")) == 1
    house.do(complaint_id, "assignment", {"assignee": "other.ou"})
    assert found(house, assignee="moving.mo") == []
    assert len(found(house, assignee="other.ou")) == 1
    for resource, body, _ in STEPS[1:]:
        house.do(complaint_id, resource, body)
    assert found(house, assignee="other.ou") == []
    assert len(found(house, assignee="other.ou", stage="closed")) == 1


def test_whoever_a_complaint_can_be_given_to_has_a_queue(house: House) -> None:
    longest = "a" * 128
    house.hire(longest, "a+b@example.cn")
    complaint_id = house.file(product_name="iron")["complaint_id"]
    assert house.do(complaint_id, "assignment", {"assignee": longest}).status == 200
    assert len(found(house, assignee=longest)) == 1
    house.do(complaint_id, "assignment", {"assignee": "a+b@example.cn"})
    assert len(found(house, assignee="a+b@example.cn")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("stage", "open"), ("stage", ""), ("stage", "RECEIVED"), ("department", "supervisor"), ("department", "")),
        *(("overdue", "maybe"), ("overdue", ""), ("order_number", ""), ("order_number", "E" * 65), ("assignee", "")),
        *(("order_number", "%00"), ("assignee", "x%0Ay"), ("stage", "%ED%A0%80")),
    ],
)
def test_a_filter_that_nothing_can_match_is_refused_by_its_name(house: House, name: str, value: str) -> None:
    refused(house.get(f"{QUEUE}&{name}={value}", "cs.lin"), 422, "invalid", field=name)
