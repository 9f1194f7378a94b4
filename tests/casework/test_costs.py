"""Cost is a feature: the AWS calls of each operation, counted through the real app."""

from typing import Any

import pytest

from tests.house import KETTLE, PLAN, REPORT, House

LOAD, LOAD_ALL, READ, SAVE = (f"dynamodb:{call}" for call in ("BatchGetItem", "Query", "Query", "TransactWriteItems"))


@pytest.fixture
def warm(house: House) -> House:
    """A container that has seen a call before: the pool's keys are fetched."""
    house.get("/v1/complaints", "cs.lin")
    return house


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k1"}])
def test_filing_costs_one_round_trip(warm: House, headers: dict[str, str]):
    with warm.counting() as calls:
        assert warm.post("/v1/complaints", KETTLE, "storefront", **headers).status == 201
    assert calls == [SAVE]


TRANSITIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("received", "acknowledgement", {}),
    ("received", "assignment", {"assignee": "cs.chen"}),
    ("received", "notes", {"text": "已电话联系"}),
    ("investigating", "investigation-report", REPORT),
    ("planning", "resolution-plan", PLAN),
    ("awaiting_consumer", "feedback", {"satisfied": True}),
]


@pytest.mark.parametrize(("stage", "resource", "body"), TRANSITIONS)
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k1", "If_Match": "*"}])
def test_a_transition_costs_two(warm: House, stage: str, resource: str, body: Any, headers: dict[str, str]):
    number = warm.bring_to(stage)["complaint_id"]
    with warm.counting() as calls:
        assert warm.do(number, resource, body, **headers).status in (200, 201)
    assert calls == [LOAD, SAVE]


def test_the_consumers_answer_costs_two(warm: House):
    receipt = warm.bring_to("awaiting_consumer")
    path = f"/v1/complaints/{receipt['complaint_id']}/feedback"
    with warm.counting() as calls:
        answer = warm.post(path, {"satisfied": False, "opinion": "不够"}, token=receipt["consumer_token"])
    assert answer.status == 200
    assert calls == [LOAD_ALL, SAVE]


@pytest.mark.parametrize(
    "query", ["stage=received", "stage=closed", "assignee=cs.lin", "order_number=E1", "stage=received&overdue=true"]
)
def test_a_queue_page_costs_one(warm: House, query: str):
    warm.file()
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints?{query}", "cs.lin").status == 200
    assert calls == [READ]


def test_a_queue_of_all_open_stages_costs_one_for_each_and_no_more_when_it_fills(warm: House):
    for _ in range(7):
        warm.file()
    with warm.counting() as calls:
        page = warm.get("/v1/complaints?limit=3", "cs.lin").json
    assert (len(page["items"]), calls) == (3, [READ] * 4)


@pytest.mark.parametrize(("who", "call"), [("cs.lin", LOAD), ("storefront", LOAD_ALL)])
def test_a_view_costs_one(warm: House, who: str, call: str):
    number = warm.file()["complaint_id"]
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints/{number}", who).status == 200
    assert calls == [call]


def test_a_timeline_page_costs_one(warm: House):
    number = warm.file()["complaint_id"]
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints/{number}/timeline", "cs.lin").status == 200
    assert calls == [READ]


def test_whoever_is_turned_away_at_the_door_costs_nothing(warm: House):
    with warm.counting() as calls:
        assert warm.post("/v1/complaints", KETTLE).status == 401
        assert warm.post("/v1/complaints", KETTLE, "quality.he").status == 403
        assert warm.post("/v1/complaints", {}, "storefront").status == 422
        assert warm.get("/v1/complaints/rubbish", "cs.lin").status == 404
    assert calls == []


def test_nothing_ever_scans(warm: House):
    receipt = warm.bring_to("closed")
    warm.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"])
    assert not [call for call in warm.calls if "Scan" in call]
