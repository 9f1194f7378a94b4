"""How the consumer is reached is for who works on it or supervises: others see a part, and more only with a trace."""

from typing import Any

import pytest

from chalicelib.adapters import store
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from tests.house import KETTLE, Answer, House, refused

WHY = {"reason": "要与王女士约取件时间。"}
IN_PART = {"name": "王**", "phone": "+86138****8000", "email": "w***@example.cn"}
Receipt = dict[str, Any]


@pytest.fixture
def receipt(house: House) -> Receipt:
    return house.file()


def seen(house: House, receipt: Receipt, who: str) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", who).json


def shown(view: Any) -> dict[str, str]:
    return {way: view["contact"][way] for way in IN_PART}


def view(house: House, receipt: Receipt, who: str = "quality.he", body: Any = WHY, **more: Any) -> Answer:
    return house.do(receipt["complaint_id"], "contact/view", body, who, **more)


@pytest.mark.parametrize("who", ["cs.chen", "supervisor"])
def test_customer_service_and_supervisors_see_it_whole(house: House, receipt: Receipt, who: str) -> None:
    read = seen(house, receipt, who)
    assert (shown(read), read["contact_masked"]) == (KETTLE["contact"], False)


@pytest.mark.parametrize("who", ["quality.he", "logistics.gao", "legal.xu", "management.zhou", "audit.qin"])
def test_everybody_else_sees_a_part(house: House, receipt: Receipt, who: str) -> None:
    read = seen(house, receipt, who)
    assert (shown(read), read["contact_masked"]) == (IN_PART, True)


def test_whoever_has_it_sees_it_whole_though_they_moved_to_another_department(house: House, receipt: Receipt) -> None:
    assert house.do(receipt["complaint_id"], "assignment", {"assignee": "cs.lin"}).status == 200
    house._tokens["cs.lin"] = house.pool_token(**house.claims("cs.lin") | {"cognito:groups": ["audit"]})
    assert shown(seen(house, receipt, "cs.lin")) == KETTLE["contact"]


def test_what_somebody_does_answers_a_part_too(house: House, receipt: Receipt) -> None:
    triaged = house.do(receipt["complaint_id"], "triage", {"tier": "look", "reason": "裂口锋利。"}, "quality.he")
    assert shown(triaged.json) == IN_PART


def test_with_a_reason_it_is_shown_once_and_that_leaves_a_trace(house: House, receipt: Receipt) -> None:
    answer = view(house, receipt)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert (shown(answer.json), answer.json["contact_masked"]) == (KETTLE["contact"], False)
    assert shown(seen(house, receipt, "quality.he")) == IN_PART
    path = f"/v1/complaints/{receipt['complaint_id']}/timeline"
    entry = house.get(path, "audit.qin").json["items"][-1]
    assert (entry["type"], entry["actor"]["id"], entry["public"]) == ("ContactViewed", "quality.he", False)
    assert entry["details"]["view"] == WHY
    assert not any(detail in entry["sealed"].__repr__() for detail in KETTLE["contact"].values())
    assert "ContactViewed" not in house.get(path, token=receipt["consumer_token"]).text


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}])
def test_without_a_reason_it_is_not(house: House, receipt: Receipt, body: Any) -> None:
    refused(view(house, receipt, body=body), 422, "invalid", field="reason")


def test_a_look_makes_nobodys_version_stale_and_is_no_part_in_it(house: House, receipt: Receipt) -> None:
    before = seen(house, receipt, "cs.lin")
    answer = view(house, receipt, If_Match='"1"')
    assert answer.headers["etag"].startswith('"1-')
    assert seen(house, receipt, "cs.lin")["version"] == before["version"]
    assert house.do(receipt["complaint_id"], "acknowledgement", {}, If_Match='"1"').status == 200
    case = store.load(receipt["complaint_id"], Complaint)
    assert case is not None
    assert case.state.took_part == ("cs.lin",)
    assert fold(store.timeline(receipt["complaint_id"], 0, 100)) == case.state


def test_the_same_request_again_shows_it_again_and_leaves_one_trace(house: House, receipt: Receipt) -> None:
    first, again = (view(house, receipt, Idempotency_Key="look-1") for _ in range(2))
    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    items = house.get(f"/v1/complaints/{receipt['complaint_id']}/timeline", "cs.lin").json["items"]
    assert [one["type"] for one in items].count("ContactViewed") == 1
