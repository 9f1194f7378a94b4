"""Lists in pages: each item once and in order, cursors that only we can make, limits."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house import FRIDAY, PLAN, REPORT, House, refused

QUEUE = "/v1/complaints"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    """Five complaints, an hour apart, two of them in the same second; the first has eight entries and is 陈's."""
    filed = []
    for hours in (0, 1, 0, 1, 1):
        lasting_house.pass_time(hours=hours)
        filed.append(lasting_house.file()["complaint_id"])
    for n in range(6):
        lasting_house.do(filed[0], "notes", {"text": f"第{n}条", "public": n % 2 == 0})
    for complaint_id in filed[:3]:
        assert lasting_house.do(complaint_id, "assignment", {"assignee": "cs.chen"}).status == 200
    for complaint_id in filed[3:]:
        close(lasting_house, complaint_id)
    lasting_house.now = FRIDAY
    return lasting_house


def close(house: House, complaint_id: str) -> None:
    house.pass_time(minutes=1)
    house.do(complaint_id, "acknowledgement", {})
    house.do(complaint_id, "investigation-report", REPORT)
    house.do(complaint_id, "resolution-plan", PLAN)
    assert house.do(complaint_id, "feedback", {"satisfied": True}).json["stage"] == "closed"


@pytest.fixture(scope="module")
def eventful(house: House) -> str:
    """The path of the timeline of the complaint with eight entries."""
    first = house.get(QUEUE + "?assignee=cs.chen&limit=100", "cs.lin").json["items"]
    return f"{QUEUE}/{max(first, key=lambda one: one['version'])['complaint_id']}/timeline"


def pages(house: House, path: str, limit: int) -> Iterator[list[dict[str, Any]]]:
    separator, cursor = "&" if "?" in path else "?", ""
    while cursor is not None:
        answer = house.get(f"{path}{separator}limit={limit}{cursor and '&cursor='}{cursor}", "cs.lin")
        assert answer.status == 200, answer
        assert answer.json.keys() - {"view"} == {"items", "next_cursor"}
        yield answer.json["items"]
        cursor = answer.json["next_cursor"]


LISTS = ["", "?stage=received", "?stage=closed", "?assignee=cs.chen", "?order_number=E20261009-0042", "?overdue=false"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
@pytest.mark.parametrize("query", LISTS)
def test_walking_the_pages_of_a_queue_gives_each_complaint_once_and_in_order(
    house: House, query: str, limit: int
) -> None:
    [whole] = pages(house, QUEUE + query, 100)
    walked = list(pages(house, QUEUE + query, limit))
    assert [one for page in walked for one in page] == whole
    assert len({one["complaint_id"] for one in whole}) == len(whole) >= 2
    assert [len(page) for page in walked[:-1]] == [limit] * (len(walked) - 1)
    assert 1 <= len(walked[-1]) <= limit  # so the last page that has anything says that it is the last


@pytest.mark.parametrize("limit", [1, 3, 4, 8])
def test_walking_the_pages_of_a_timeline_gives_each_entry_once_oldest_first(
    house: House, eventful: str, limit: int
) -> None:
    walked = list(pages(house, eventful, limit))
    assert [entry["seq"] for page in walked for entry in page] == list(range(1, 9))
    assert len(walked) == -(-8 // limit)


def test_pages_stay_true_while_complaints_come_and_go_behind_them(house: House) -> None:
    """What is filed or closed between two pages neither hides nor repeats what was there all along."""
    first = house.get(QUEUE + "?stage=received&limit=2", "cs.lin").json
    house.now = FRIDAY.replace(year=2025)
    early = house.file()["complaint_id"]  # due before everything else
    second = house.get(QUEUE + f"?stage=received&limit=100&cursor={first['next_cursor']}", "cs.lin").json
    close(house, early)
    house.now = FRIDAY
    [whole] = pages(house, QUEUE + "?stage=received", 100)
    assert [one["complaint_id"] for one in first["items"] + second["items"]] == [one["complaint_id"] for one in whole]


def test_an_empty_list_is_one_empty_page(house: House) -> None:
    assert house.get(QUEUE + "?assignee=nobody", "cs.lin").json == {"items": [], "next_cursor": None}


def test_a_page_has_25_unless_asked_otherwise(house: House, eventful: str) -> None:
    complaint_id = house.file(order_number="E-many")["complaint_id"]
    for n in range(25):
        house.do(complaint_id, "notes", {"text": str(n)})
    answer = house.get(f"{QUEUE}/{complaint_id}/timeline", "cs.lin").json
    assert len(answer["items"]) == 25
    assert answer["next_cursor"] is not None


@pytest.mark.parametrize("limit", ["1", "100"])
def test_a_limit_is_from_1_to_100(house: House, eventful: str, limit: str) -> None:
    for path in (QUEUE, eventful, eventful.replace("timeline", "notices")):
        assert house.get(f"{path}?limit={limit}", "cs.lin").status == 200


@pytest.mark.parametrize("limit", ["0", "101", "-1", "", "ten", "1.5", "1e2", "9" * 5000, "%00", "null"])
def test_any_other_limit_is_refused(house: House, eventful: str, limit: str) -> None:
    for path in (QUEUE, eventful, eventful.replace("timeline", "notices")):
        refused(house.get(f"{path}?limit={limit}", "cs.lin"), 422, "invalid", field="limit")


# ---- cursors -------------------------------------------------------------------------------------------------------


def cursor_of(house: House, path: str) -> str:
    cursor = house.get(f"{path}{'&' if '?' in path else '?'}limit=1", "cs.lin").json["next_cursor"]
    assert isinstance(cursor, str)
    return cursor


@pytest.mark.parametrize(
    "other", ["?stage=closed", "?stage=received", "?assignee=cs.lin", "?overdue=true", "?order_number=E20261009-0042"]
)
def test_a_cursor_holds_for_the_list_it_came_from_only(house: House, eventful: str, other: str) -> None:
    cursor = cursor_of(house, QUEUE)
    refused(house.get(f"{QUEUE}{other}&cursor={cursor}", "cs.lin"), 400, "malformed")
    refused(house.get(f"{eventful}?cursor={cursor}", "cs.lin"), 400, "malformed")


def test_a_timelines_cursor_holds_for_that_complaint_only(house: House, eventful: str) -> None:
    cursor, another = cursor_of(house, eventful), house.file(order_number="E-other")["complaint_id"]
    refused(house.get(f"{QUEUE}/{another}/timeline?cursor={cursor}", "cs.lin"), 400, "malformed")
    refused(house.get(f"{QUEUE}?cursor={cursor}", "cs.lin"), 400, "malformed")


def test_a_consumers_token_is_no_cursor(house: House) -> None:
    token = house.file(order_number="E-token")["consumer_token"]
    refused(house.get(f"{QUEUE}?cursor={token}", "cs.lin"), 400, "malformed")


def test_a_cursor_may_come_with_another_limit(house: House) -> None:
    cursor = cursor_of(house, QUEUE)
    assert house.get(f"{QUEUE}?limit=100&cursor={cursor}", "audit.qin").status == 200


@pytest.mark.parametrize(
    "cursor", ["", "x", "a.b.c", "%00", "%F0%9F%98%80", "%ED%A0%80", "null", "x" * 5000, "0", "-1"]
)
def test_what_is_no_cursor_is_malformed(house: House, eventful: str, cursor: str) -> None:
    for path in (QUEUE, eventful, eventful.replace("timeline", "notices")):
        refused(house.get(f"{path}?cursor={cursor}", "cs.lin"), 400, "malformed")


@settings(max_examples=40)
@given(drawn=st.data())
def test_a_cursor_changed_anywhere_is_malformed(house: House, drawn: st.DataObject) -> None:
    cursor = cursor_of(house, QUEUE)
    place = drawn.draw(st.integers(0, len(cursor) - 1))
    mark = drawn.draw(st.sampled_from("AQgwaz09-_.~"))
    changed = cursor[:place] + mark + cursor[place + 1 :]
    answer = house.get(f"{QUEUE}?limit=1&cursor={changed}", "cs.lin")
    if changed != cursor:
        refused(answer, 400, "malformed")
