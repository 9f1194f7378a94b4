"""A storefront that cannot be called reads what happened to its complaints, and goes on from where it was."""

from typing import Any

import pytest

from chalicelib.casework import feed
from tests.casework.mailroom import Mailroom
from tests.house import FRIDAY, House, refused


@pytest.fixture(scope="module")
def told(lasting_house: House) -> House:
    """王芳's complaint is as far as a plan, and one of somebody else's has come in; a minute has passed."""
    lasting_house.now = FRIDAY
    room = Mailroom(lasting_house)
    lasting_house.bring_to("awaiting_consumer", external_ref="ticket-1")
    room.react()
    lasting_house.pass_time(minutes=10)
    lasting_house.file(external_ref="ticket-2")
    room.react()
    lasting_house.pass_time(minutes=1)
    return lasting_house


def page(house: House, query: str = "") -> Any:
    answer = house.get(f"/v1/events{query}", "storefront")
    assert answer.status == 200, answer.text
    return answer.json


def types(page: Any) -> list[str]:
    return [item["type"].removeprefix("complaint.") for item in page["items"]]


ALL = ["filed", "acknowledged", "investigation_reported", "plan_proposed", "filed"]


def test_an_event_is_ids_and_stages_and_nothing_that_anybody_wrote(told: House) -> None:
    first = page(told, "?limit=1")["items"][0]
    number = first["data"]["complaint_id"]
    assert first == {
        "id": f"{number}-1",
        "type": "complaint.filed",
        "timestamp": "2026-10-09T07:40:00Z",
        "data": {
            "complaint_id": number,
            "external_ref": "ticket-1",
            "stage": "received",
            "round": 1,
            "outcome": None,
            "seq": 1,
        },
    }


def test_they_come_oldest_first_page_by_page_and_the_last_says_from_where_to_go_on(told: House) -> None:
    first = page(told, "?limit=3")
    second = page(told, f"?limit=3&cursor={first['next_cursor']}")
    assert first["next_cursor"] == first["after"]
    assert types(first) + types(second) == ALL
    assert second["next_cursor"] is None
    assert page(told, f"?after={second['after']}") == {"items": [], "next_cursor": None, "after": second["after"]}
    assert page(told, f"?after={first['after']}&limit=3") == second
    assert page(told, f"?after={second['after']}&cursor={first['after']}&limit=3") == second  # as pagers add it


def test_the_list_ends_half_a_minute_before_now(told: House) -> None:
    before = page(told)["after"]
    told.file()
    Mailroom(told).react()
    assert types(page(told, f"?after={before}")) == []
    told.pass_time(seconds=31)
    assert types(page(told, f"?after={before}")) == ["filed"]


def test_one_may_begin_at_a_moment_and_ask_for_one_type(told: House) -> None:
    assert types(page(told, "?after=2026-10-09T07:45:00Z"))[0] == "filed"
    assert types(page(told, "?after=2026-10-09T15:45:00%2B08:00"))[0] == "filed"
    assert page(told, "?after=2027-01-01T00:00:00Z")["items"] == []
    assert types(page(told, "?type=complaint.plan_proposed")) == ["plan_proposed"]
    refused(told.get("/v1/events?type=complaint.eaten", "storefront"), 422, "invalid", field="type")


def test_a_page_of_one_type_reads_so_much_at_most_and_says_that_there_is_more(
    told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_READ", 2)
    found, after, pages = [], "", 0
    while after is not None:
        answer = page(told, "?type=complaint.plan_proposed" + (f"&cursor={after}" if after else ""))
        found += types(answer)
        after, pages = answer["next_cursor"], pages + 1
    assert found == ["plan_proposed"]
    assert pages >= 3


@pytest.mark.parametrize("after", ["rubbish", "", "2026-10-09", "2026-10-09T07:40:00", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_place_of_this_list_is_malformed(told: House, after: str) -> None:
    body = refused(told.get(f"/v1/events?after={after.replace('+', '%2B')}", "storefront"), 400, "malformed")
    assert (body["reason"], "2026-11-27T08:00:00Z" in body["detail"]) == ("after_not_ours", True), "what to ask with"


def test_a_place_of_another_list_is_none_of_this(told: House) -> None:
    told.file()
    queue = told.get("/v1/complaints?limit=1", "cs.lin").json["next_cursor"]
    refused(told.get(f"/v1/events?after={queue}", "storefront"), 400, "malformed")
    ours = page(told)["after"]
    refused(told.get(f"/v1/events?after={ours[:-3]}abc", "storefront"), 400, "malformed")
