"""What departments have to do beside the stages stands in their queues, soonest due first, while it is open."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.house import FRIDAY, PLAN, REPORT, House, refused

QUEUE = "/v1/complaints"
ANSWER = {"assessment": "玻璃厚度不足。"}
WITHOUT = REPORT | {"without_inquiries": "照片已足以判断。"}
WHO = {"quality": "quality.he", "logistics": "logistics.gao", "legal": "legal.xu"}


def ask(house: House, complaint_id: str, *departments: str) -> None:
    for department in departments:
        body = {"department": department, "question": f"请{department}核查。"}
        assert house.do(complaint_id, "inquiries", body).status == 201


def asked(house: House, *departments: str, **changes: Any) -> str:
    """A complaint about which departments have just been asked."""
    complaint_id = str(house.file(**changes)["complaint_id"])
    house.do(complaint_id, "acknowledgement")
    ask(house, complaint_id, *departments)
    return complaint_id


def settled(house: House, days: int = 5, measures: int = 1) -> str:
    """A complaint closed with something promised to follow within some days."""
    complaint_id = str(house.bring_to("planning")["complaint_id"])
    promised = [f"第{number}次回访" for number in range(1, measures + 1)]
    house.do(complaint_id, "resolution-plan", PLAN | {"complete_within_days": days, "follow_up_measures": promised})
    assert house.do(complaint_id, "feedback", {"satisfied": True}).json["stage"] == "closed"
    return complaint_id


def answer(house: House, complaint_id: str, department: str = "quality", number: int = 1) -> None:
    given = house.do(complaint_id, f"inquiries/{number}/answer", ANSWER, WHO[department])
    assert given.status == 200


def page(house: House, query: str) -> Any:
    found = house.get(f"{QUEUE}?{query}", "audit.qin")
    assert found.status == 200, found
    return found.json


def lines(house: House, query: str) -> list[Any]:
    return list(page(house, f"{query}&limit=100")["items"])


def ids(house: House, query: str) -> list[str]:
    return [line["complaint_id"] for line in lines(house, query)]


# ---- inquiries -----------------------------------------------------------------------------------------------------


def test_a_department_finds_what_it_was_asked_soonest_due_first(house: House) -> None:
    house.now = FRIDAY.replace(day=12)
    later = asked(house, "quality")
    house.now = FRIDAY
    soon = asked(house, "quality", "legal")
    asked(house, "logistics")
    house.file()
    assert ids(house, "department=quality") == [soon, later]
    assert ids(house, "department=legal") == [soon]
    assert [line["deadline"]["due_at"] for line in lines(house, "department=quality")] == [
        "2026-10-10T16:00:00Z",
        "2026-10-13T16:00:00Z",
    ]


def test_a_line_is_about_the_inquiry_and_has_no_contact_details(house: House) -> None:
    complaint_id = asked(house, "logistics", "quality", product_name="电饭煲", order_number="E-7")
    [line] = lines(house, "department=quality")
    assert line == {
        "view": "summary",
        "complaint_id": complaint_id,
        "order_number": "E-7",
        "product_name": "电饭煲",
        "category": "after_sales_service",
        "channel": "web",
        "requested_remedy": "refund",
        "stage": "investigating",
        "round": 1,
        "outcome": None,
        "department": "quality",
        "assignee": None,
        "received_at": "2026-10-09T07:40:00Z",
        "closed_at": None,
        "deadline": {
            "stage": "investigating",
            "due_at": "2026-10-10T16:00:00Z",
            "provisional": False,
            "overdue": False,
            "waiting_since": None,
            "waiting_for": None,
        },
        "duplicate_of": None,
        "duplicate_found_by": None,
        "task": "inquiry 2",
        "excerpt": "收到就是裂的，客服一直不给换。",
        "marks": [],
        "tier": None,
        "left_to_supervisor_at": None,
        "version": 4,
    }


def test_customer_service_has_the_complaint_itself_in_its_queue_all_the_while(house: House) -> None:
    complaint_id = asked(house, "quality")
    for query in ("department=customer_service", "stage=investigating", ""):
        [line] = lines(house, query)
        assert (line["complaint_id"], line["department"], line["task"]) == (complaint_id, "customer_service", None)


ENDS: dict[str, Callable[[House, str], Any]] = {
    "answered": answer,
    "dispensed with by the report": lambda house, number: house.do(number, "investigation-report", WITHOUT),
    "withdrawn": lambda house, number: house.do(number, "withdrawal"),
    "merged": lambda house, number: house.do(number, "merger", {"into": house.file()["complaint_id"]}),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_line_is_gone_once_the_inquiry_is_not_open_any_more(house: House, how: str) -> None:
    complaint_id, other = asked(house, "quality"), asked(house, "quality")
    assert sorted(ids(house, "department=quality")) == sorted([complaint_id, other])
    ENDS[how](house, complaint_id)
    assert ids(house, "department=quality") == ids(house, "task=inquiry") == [other]


def test_a_line_shows_the_complaint_as_it_is_now(house: House) -> None:
    complaint_id = asked(house, "quality")
    house.do(complaint_id, "assignment", {"assignee": "cs.chen"})
    house.do(complaint_id, "notes", {"text": "很着急。"})
    [line] = lines(house, "department=quality")
    now = house.get(f"{QUEUE}/{complaint_id}", "cs.lin").json
    assert (line["assignee"], line["version"]) == ("cs.chen", now["version"])


def test_the_inquiries_to_all_departments_are_one_list(house: House) -> None:
    first = asked(house, "quality", "legal")
    house.now = FRIDAY.replace(day=12)
    second = asked(house, "logistics")
    assert [(line["complaint_id"], line["department"]) for line in lines(house, "task=inquiry")] == [
        (first, "quality"),
        (first, "legal"),
        (second, "logistics"),
    ]
    assert ids(house, "task=inquiry&department=logistics") == [second]
    assert ids(house, "task=inquiry&department=customer_service") == []


# ---- promised measures ---------------------------------------------------------------------------------------------


def test_what_was_promised_is_listed_until_it_is_done_though_the_complaint_is_closed(house: House) -> None:
    later, soon = settled(house, days=9), settled(house, days=2)
    settled_and_done = settled(house, days=1)
    house.do(settled_and_done, "follow-ups/1/completion")
    found = lines(house, "task=follow_up")
    assert [(line["complaint_id"], line["stage"], line["task"]) for line in found] == [
        (soon, "closed", "follow_up 1"),
        (later, "closed", "follow_up 1"),
    ]
    assert found[0]["deadline"]["due_at"] == "2026-10-12T16:00:00Z"  # the second day is a Sunday
    assert (found[0]["department"], found[0]["outcome"]) == ("customer_service", "satisfied")
    assert ids(house, "task=follow_up&department=customer_service") == [soon, later]
    assert ids(house, "task=follow_up&department=quality") == []
    assert ids(house, "") == []


def test_what_was_promised_is_listed_though_the_complaint_is_open_again(house: House) -> None:
    receipt = house.bring_to("closed")
    house.do(receipt["complaint_id"], "reopening", {"reason": "又坏了。"}, None, token=receipt["consumer_token"])
    assert [(line["stage"], line["outcome"]) for line in lines(house, "task=follow_up")] == [("planning", None)]
    house.do(receipt["complaint_id"], "follow-ups/1/completion")
    assert ids(house, "task=follow_up") == []


# ---- filters and pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ("department=quality", FRIDAY.replace(day=10, hour=16, minute=0)),
        ("task=follow_up", FRIDAY.replace(day=14, hour=16, minute=0)),
    ],
)
def test_what_is_overdue_shows_by_its_own_clock_at_the_very_second(house: House, query: str, due: datetime) -> None:
    complaint_id = asked(house, "quality") if "quality" in query else settled(house)
    house.now = due
    house.pass_time(seconds=-1)
    assert (ids(house, f"{query}&overdue=true"), ids(house, f"{query}&overdue=false")) == ([], [complaint_id])
    house.now = due
    assert (ids(house, f"{query}&overdue=true"), ids(house, f"{query}&overdue=false")) == ([complaint_id], [])
    assert lines(house, query)[0]["deadline"]["overdue"] is True


def test_filters_narrow_the_queue_of_a_department_too(house: House) -> None:
    mine, others = asked(house, "quality"), asked(house, "quality")
    house.do(mine, "assignment", {"assignee": "cs.chen"})
    planned = house.bring_to("planning")["complaint_id"]
    ask(house, planned, "quality")
    assert ids(house, "department=quality&assignee=cs.chen") == [mine]
    assert ids(house, "department=quality&stage=planning") == [planned]
    assert sorted(ids(house, "department=quality&stage=investigating")) == sorted([mine, others])
    assert ids(house, "department=quality&stage=closed") == []
    one_of_its_own = asked(house, "quality", order_number="E-9")
    assert ids(house, "department=quality&order_number=E-9") == [one_of_its_own]
    assert ids(house, "task=inquiry&order_number=E-9&overdue=false") == [one_of_its_own]
    assert ids(house, "department=legal&order_number=E-9") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_walking_the_pages_gives_each_line_once_and_in_order(house: House, limit: int) -> None:
    for _ in range(2):
        asked(house, "quality", "logistics", "quality")  # all due at the same time
        settled(house, measures=12)
        house.pass_time(days=3)
        asked(house, "quality")
    for query in ("department=quality", "task=inquiry", "task=follow_up"):
        whole, walked, cursor = lines(house, query), [], ""
        while cursor is not None:
            found = page(house, f"{query}&limit={limit}{cursor and '&cursor='}{cursor}")
            walked += found["items"]
            cursor = found["next_cursor"]
            assert len(found["items"]) == limit or cursor is None
        assert walked == whole
        assert len({(line["complaint_id"], line["task"]) for line in whole}) == len(whole) >= 6


def test_a_cursor_holds_for_the_list_it_came_from_only(house: House) -> None:
    for _ in range(2):
        asked(house, "quality")
    cursor = page(house, "department=quality&limit=1")["next_cursor"]
    for other in ("department=legal", "task=inquiry", "department=quality&overdue=false", ""):
        refused(house.get(f"{QUEUE}?{other}&cursor={cursor}", "cs.lin"), 400, "malformed")


@pytest.mark.parametrize("value", ["", "stage", "INQUIRY", "inquiry 1", "follow-up", "information", "%00"])
def test_a_task_is_an_inquiry_or_words_or_a_follow_up(house: House, value: str) -> None:
    refused(house.get(f"{QUEUE}?task={value}", "cs.lin"), 422, "invalid", field="task")
