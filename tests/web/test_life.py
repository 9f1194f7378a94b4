"""What is done about a complaint: its whole life, its timeline, notes, assignment, feedback."""

import hashlib
import json
from itertools import pairwise
from typing import Any

import pytest

from tests.house import FRIDAY, PLAN, REPORT, House, refused


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture(scope="module")
def waiting(lasting_house: House) -> dict[str, str]:
    """A complaint in each open stage, for refusals, which leave it there."""
    stages = ("received", "investigating", "planning", "awaiting_consumer")
    return {stage: str(lasting_house.bring_to(stage)["complaint_id"]) for stage in stages}


def step(house: House, complaint_id: str, resource: str, body: Any, who: str = "cs.lin", **rest: Any) -> Any:
    """Something is done an hour later; the complaint after it."""
    house.pass_time(hours=1)
    answer = house.do(complaint_id, resource, body, who, **rest)
    assert answer.status == 200, answer
    return answer.json


def test_a_complaint_goes_from_intake_to_closure_in_two_rounds(house: House) -> None:
    receipt = house.file()
    complaint_id, wang = receipt["complaint_id"], receipt["consumer_token"]

    view = step(house, complaint_id, "acknowledgement", {"message": "我们已受理。"})
    assert (view["stage"], view["acknowledged_at"]) == ("investigating", "2026-10-09T08:40:00Z")
    assert view["deadline"]["due_at"] == "2026-10-13T16:00:00Z"  # 4.2c: third working day, the 10th is one

    view = step(house, complaint_id, "investigation-report", REPORT)
    assert (view["stage"], view["investigated_at"]) == ("planning", "2026-10-09T09:40:00Z")
    assert view["investigation_report"] == REPORT | {"legal_issue": False, "without_inquiries": None}
    assert view["deadline"]["due_at"] == "2026-10-12T16:00:00Z"  # 4.3b: second working day

    view = step(house, complaint_id, "resolution-plan", PLAN)
    assert (view["stage"], view["plan_sent_at"], view["round"]) == ("awaiting_consumer", "2026-10-09T10:40:00Z", 1)

    objection = {"satisfied": False, "opinion": "我要换新的，不要退款。"}
    view = step(house, complaint_id, "feedback", objection, None, token=wang)
    assert (view["stage"], view["round"], view["resolution_plan"]) == ("planning", 2, None)
    assert view["deadline"]["due_at"] == "2026-10-12T16:00:00Z"

    better = PLAN | {"methods": [{"kind": "replacement", "detail": "换新", "amount": None}], "summary": "为您换新。"}
    view = step(house, complaint_id, "resolution-plan", better)
    assert (view["stage"], view["round"]) == ("awaiting_consumer", 2)
    assert [(plan["round"], plan["plan"]["summary"]) for plan in view["resolution_plans"]] == [
        *((1, "我们为您全额退款。"), (2, "为您换新。"))
    ]
    assert house.get(f"/v1/complaints/{complaint_id}", token=wang).json["resolution_plan"]["summary"] == "为您换新。"

    view = step(house, complaint_id, "feedback", {"satisfied": True}, None, token=wang)
    assert (view["stage"], view["outcome"], view["closed_at"]) == ("closed", "satisfied", "2026-10-09T13:40:00Z")
    assert view["deadline"] is None

    whole = house.get(f"/v1/complaints/{complaint_id}", "audit.qin").json
    assert [(given["round"], given["feedback"]["satisfied"]) for given in whole["feedback"]] == [(1, False), (2, True)]
    assert whole["version"] == 7


def test_a_step_that_needs_no_words_needs_no_body(house: House) -> None:
    answer = house.do(house.file()["complaint_id"], "acknowledgement")
    assert (answer.status, answer.json["stage"]) == (200, "investigating")


def test_customer_service_gives_the_feedback_of_a_caller(house: House) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    view = step(house, complaint_id, "feedback", {"satisfied": False, "opinion": "电话里说：还要赔偿。"})
    assert (view["stage"], view["round"]) == ("planning", 2)
    [given] = view["feedback"]
    assert (given["given_by"], given["feedback"]["opinion"]) == ("staff", "电话里说：还要赔偿。")
    step(house, complaint_id, "resolution-plan", PLAN)
    view = step(house, complaint_id, "feedback", {"satisfied": True, "opinion": "谢谢"})
    assert (view["stage"], view["outcome"]) == ("closed", "satisfied")


def test_feedback_is_given_once_a_round(house: House) -> None:
    receipt = house.bring_to("closed")
    path, token = f"/v1/complaints/{receipt['complaint_id']}/feedback", receipt["consumer_token"]
    problem = refused(house.post(path, {"satisfied": True}, token=token), 409, "not_allowed")
    assert "accept_plan" not in problem["allowed"]


@pytest.mark.parametrize(
    ("stage", "resource", "body", "field"),
    [
        ("investigating", "investigation-report", REPORT | {"order_verified": False}, "order_verified"),
        ("investigating", "investigation-report", REPORT | {"evidence": ["never-added"]}, "evidence.0"),
        *[
            ("investigating", "investigation-report", {k: v for k, v in REPORT.items() if k != name}, name)
            for name in ("order_verified", "findings", "root_cause", "responsible_party", "conclusion")
        ],
        *[
            ("planning", "resolution-plan", {k: v for k, v in PLAN.items() if k != name}, name)
            for name in ("methods", "summary", "complete_within_days", "follow_up_measures")
        ],
        ("planning", "resolution-plan", PLAN | {"methods": []}, "methods"),
        ("planning", "resolution-plan", PLAN | {"follow_up_measures": []}, "follow_up_measures"),
        ("planning", "resolution-plan", PLAN | {"follow_up_measures": [" "]}, "follow_up_measures.0"),
        ("planning", "resolution-plan", PLAN | {"complete_within_days": 0}, "complete_within_days"),
        ("planning", "resolution-plan", PLAN | {"rejects_request": True}, "reasons"),
        ("awaiting_consumer", "feedback", {}, "satisfied"),
        ("awaiting_consumer", "feedback", {"satisfied": False}, "opinion"),
        ("received", "notes", {}, "text"),
        ("received", "assignment", {}, "assignee"),
        ("received", "assignment", {"assignee": "cs lin"}, "assignee"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field_and_the_stage_is_not_left(
    house: House, waiting: dict[str, str], stage: str, resource: str, body: Any, field: str
) -> None:
    before = house.get(f"/v1/complaints/{waiting[stage]}", "cs.lin").json
    refused(house.do(waiting[stage], resource, body), 422, "invalid", field=field)
    assert house.get(f"/v1/complaints/{waiting[stage]}", "cs.lin").json == before
    assert before["stage"] == stage


@pytest.mark.parametrize(
    "value", ["0", "0.00", "-1", "59.905", "1e3", "59,90", " 59.90", "١", "", "5.", ".5", 59.9, 60]
)
def test_an_amount_is_a_decimal_string_above_zero(house: House, waiting: dict[str, str], value: Any) -> None:
    method = {"kind": "refund", "detail": "退款", "amount": {"value": value, "currency": "CNY"}}
    answer = house.do(waiting["planning"], "resolution-plan", PLAN | {"methods": [method]})
    refused(answer, 422, "invalid", field="methods.0.amount.value")


def test_a_plan_that_rejects_what_was_asked_says_why(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    rejection = PLAN | {"rejects_request": True, "reasons": "已超过退货期限。"}
    view = step(house, complaint_id, "resolution-plan", rejection)
    assert view["resolution_plans"][0]["plan"]["reasons"] == "已超过退货期限。"


# ---- timeline, notes, assignment -----------------------------------------------------------------------------------


def test_the_timeline_of_staff_is_the_whole_chain_oldest_first(house: House) -> None:
    complaint_id = house.bring_to("closed")["complaint_id"]
    house.do(complaint_id, "notes", {"text": "回访：满意。"}, "quality.he")
    entries = house.get(f"/v1/complaints/{complaint_id}/timeline", "audit.qin").json["items"]
    assert [(entry["seq"], entry["type"], entry["stage"], entry["actor"]["id"]) for entry in entries[1:]] == [
        (2, "ComplaintAcknowledged", "investigating", "cs.lin"),
        (3, "InvestigationReported", "planning", "cs.lin"),
        (4, "PlanProposed", "awaiting_consumer", "cs.lin"),
        (5, "PlanAccepted", "closed", "cs.lin"),
        (6, "FollowUpPromised", None, "house"),
        (7, "NoteAdded", None, "quality.he"),
    ]
    assert entries[0]["previous"] == "0" * 64
    assert all(later["previous"] == earlier["hash"] for earlier, later in pairwise(entries))


def typed_as_sealed(details: Any, sealed: Any, salt: str | None) -> bool:
    """Whether what somebody typed is what the entry has the digests of."""
    if isinstance(details, dict):
        return all(typed_as_sealed(details[name], sealed[name], salt) for name in details)
    if isinstance(details, list):
        return all(typed_as_sealed(*pair, salt) for pair in zip(details, sealed, strict=True))
    if not isinstance(sealed, str) or not sealed.startswith("sha256:"):
        return bool(details == sealed)
    return sealed == "sha256:" + hashlib.sha256(bytes.fromhex(salt or "") + str(details).encode()).hexdigest()


def test_anyone_can_compute_the_chain_from_the_timeline_and_the_documented_rule(house: House) -> None:
    complaint_id = house.bring_to("closed")["complaint_id"]
    previous = "0" * 64
    for entry in house.get(f"/v1/complaints/{complaint_id}/timeline", "audit.qin").json["items"]:
        sealed = entry["sealed"]
        text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == entry["hash"]
        assert {name: sealed[name] for name in ("seq", "at", "previous")} == {
            name: entry[name] for name in ("seq", "at", "previous")
        }
        assert (sealed["record"], sealed["kind"], sealed["previous"]) == (complaint_id, entry["type"], previous)
        assert typed_as_sealed(entry["details"], sealed.get("data", {}), entry["salt"])
        previous = entry["hash"]


def test_the_consumers_timeline_has_the_public_entries_only(house: House) -> None:
    receipt = house.file()
    for n in range(4):
        house.do(receipt["complaint_id"], "notes", {"text": f"第{n}条", "public": n == 2})
    path, token = f"/v1/complaints/{receipt['complaint_id']}/timeline", receipt["consumer_token"]
    assert house.get(path, token=token).json == {
        "view": "public",
        "items": [
            {
                "view": "public",
                "seq": 1,
                "at": "2026-10-09T07:40:00Z",
                "type": "ComplaintFiled",
                "by": "storefront",
                "stage": "received",
                "details": {},
            },
            {
                "view": "public",
                "seq": 4,
                "at": "2026-10-09T07:40:00Z",
                "type": "NoteAdded",
                "by": "staff",
                "stage": None,
                "details": {"text": "第2条"},
            },
        ],
        "next_cursor": None,
    }
    first = house.get(path + "?limit=1", token=token).json
    second = house.get(path + f"?limit=1&cursor={first['next_cursor']}", token=token).json
    assert [page["items"][0]["seq"] for page in (first, second)] == [1, 4]
    assert second["next_cursor"] is None


def test_the_timeline_of_a_complaint_that_is_not_there_is_not_there(house: House) -> None:
    refused(house.get("/v1/complaints/00000-00000/timeline", "cs.lin"), 404, "not_found")


@pytest.mark.parametrize("stage", ["received", "closed"])
def test_a_note_can_be_added_at_any_time_and_is_answered_as_it_was_written(house: House, stage: str) -> None:
    complaint_id = house.bring_to(stage)["complaint_id"]
    answer = house.do(complaint_id, "notes", {"text": "  客户来电\n很着急 "}, "legal.xu")
    last = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"][-1]
    assert (answer.status, answer.json) == (
        201,
        {
            "seq": last["seq"],
            "at": "2026-10-09T07:40:00Z",
            "author": "legal.xu",
            "text": "客户来电\n很着急",
            "public": False,
        },
    )
    assert last["details"]["note"] == {"text": "客户来电\n很着急", "public": False}


def test_a_complaint_is_given_to_one_after_another_and_to_nobody_once_closed(house: House) -> None:
    receipt = house.bring_to("received")
    assert step(house, receipt["complaint_id"], "assignment", {"assignee": "cs.lin"})["assignee"] == "cs.lin"
    assert (
        step(house, receipt["complaint_id"], "assignment", {"assignee": "cs.chen"}, "cs.lead")["assignee"] == "cs.chen"
    )
    closed = house.bring_to("closed")["complaint_id"]
    refused(house.do(closed, "assignment", {"assignee": "cs.lin"}), 409, "not_allowed")


def _plan_of(kilobytes: int) -> dict[str, Any]:
    """A plan of about so many kilobytes, half of it measures."""
    words = "退" * (kilobytes * 1000 // 3 // 40)
    methods = [{"kind": "other", "detail": words}] * 20
    return PLAN | {"methods": methods, "follow_up_measures": [words] * 20}


@pytest.mark.parametrize("kilobytes", [100, 160, 239])
@pytest.mark.parametrize(
    "feedback", [{"satisfied": True}, {"satisfied": False, "opinion": "不" * 5000}], ids=["satisfied", "not satisfied"]
)
def test_what_could_be_sent_can_be_answered(house: House, kilobytes: int, feedback: dict[str, Any]) -> None:
    receipt = house.bring_to("planning")
    complaint_id, wang = receipt["complaint_id"], receipt["consumer_token"]
    plan = json.dumps(_plan_of(kilobytes), ensure_ascii=False).encode()
    path = f"/v1/complaints/{complaint_id}/resolution-plan"
    sent = house.send("POST", path, token=house.token("cs.lin"), raw=plan)
    if sent.status != 200:
        assert kilobytes > 160, "a long plan is none too long"
        assert "bytes would be missing" in refused(sent, 413, "too_large")["detail"]
        return
    answer = house.do(complaint_id, "feedback", feedback, None, token=wang)
    assert answer.status == 200, answer.text
    assert house.do(complaint_id, "follow-ups/1/completion", {}).status == (200 if feedback["satisfied"] else 404)
