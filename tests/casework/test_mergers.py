"""Two complaints that are handled as one: what becomes of the merged one when something becomes of the other."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.adapters import store
from chalicelib.casework.erase import erase
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import first_broken_link
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import PLAN, REPORT, House, Killed, refused
from tests.web.uploads import JPEG, offer, put, upload
from tests.web.uploads import told as uploaded

from .mailroom import Mailroom, mails_to, notices, plain, told
from .streams import run

Receipt = dict[str, Any]
AGAIN = {"reason": "换来的也是裂的。"}
LIN = {"name": "林", "phone": "13900139000", "email": "lin@example.cn"}
DANGER = {"description": "用了一次就过敏，去了急诊"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def try_to_merge(house: House, receipt: Receipt, other: Receipt | None) -> Any:
    return house.do(receipt["complaint_id"], "merger", {"into": other and other["complaint_id"]})


def merge(house: House, receipt: Receipt, other: Receipt | None) -> None:
    answer = try_to_merge(house, receipt, other)
    assert answer.status == 200, answer.text


def undo(house: House, receipt: Receipt) -> None:
    merge(house, receipt, None)


def by_wang(house: House, receipt: Receipt, resource: str, body: Any = None) -> Any:
    """What the consumer does."""
    return house.do(receipt["complaint_id"], resource, body, None, token=receipt["consumer_token"])


def view(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json


def public(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).json


def pointers(house: House, *receipts: Receipt) -> list[str | None]:
    """What each points at."""
    return [view(house, receipt)["merged_into"] for receipt in receipts]


def happened(house: House, receipt: Receipt) -> list[str]:
    path = f"/v1/complaints/{receipt['complaint_id']}/timeline?limit=100"
    return [entry["type"] for entry in house.get(path, "cs.lin").json["items"]]


def letters(address: str, receipt: Receipt) -> list[str]:
    """What was mailed about a complaint."""
    return [plain(one) for one in mails_to(address) if one["X-Redress-Record"] == receipt["complaint_id"]]


def is_whole(*receipts: Receipt) -> bool:
    for receipt in receipts:
        case = store.load_with_entries(receipt["complaint_id"], Complaint)
        assert case
        assert first_broken_link(case.entries) is None
        assert fold(case.entries) == case.state
    return True


def of_lin(house: House, stage: str = "received") -> Receipt:
    """The same order, but another person's complaint, in a stage."""
    receipt = house.file(contact=LIN)
    steps = {
        "investigating": ("acknowledgement", {}),
        "planning": ("investigation-report", REPORT),
        "awaiting_consumer": ("resolution-plan", PLAN),
    }
    for name, (resource, body) in steps.items() if stage != "received" else ():
        assert house.do(receipt["complaint_id"], resource, body).status == 200
        if name == stage:
            break
    return receipt


# ---- what can be merged ----------------------------------------------------------------------------------------------


def test_only_complaints_about_the_same_order_or_from_the_same_contact_are_merged(house: House):
    mine = house.file()
    stranger = house.file(order_number="X-9", contact=LIN)
    body = refused(try_to_merge(house, mine, stranger), 422, "invalid", field="into")
    assert body["errors"][0]["code"] == "about_something_else"
    assert view(house, mine)["stage"] == "received"
    merge(house, house.file(order_number="rp-9", contact=LIN), house.file(order_number="ＲＰ－９"))
    by_phone = house.file(order_number="X-1", contact={"name": "王芳", "phone": "13800138000"})
    merge(house, by_phone, mine)
    by_mail = house.file(order_number="X-2", contact={"name": "王芳", "email": "WANG@example.cn"})
    merge(house, by_mail, mine)


def test_two_that_are_merged_into_each_other_at_the_very_same_moment_do_not_both_close(house: House, room: Mailroom):
    first, second = house.file(), house.file()
    with house.meanwhile(lambda: merge(house, second, first)):
        refused(try_to_merge(house, first, second), 422, "invalid", field="into")
    room.settle()
    assert pointers(house, first, second) == [None, first["complaint_id"]]
    assert view(house, first)["taken_in"] == [second["complaint_id"]]


def test_two_are_merged_into_a_third_at_the_very_same_moment(house: House, room: Mailroom):
    first, second, third = house.file(), house.file(), house.file()
    with house.meanwhile(lambda: merge(house, second, third)):
        merge(house, first, third)
    room.settle()
    assert pointers(house, first, second) == [third["complaint_id"]] * 2
    assert set(view(house, third)["taken_in"]) == {first["complaint_id"], second["complaint_id"]}


def test_no_complaint_is_merged_into_one_that_closes_at_the_very_same_moment(house: House):
    mine, other = house.file(), house.file()
    with house.meanwhile(lambda: by_wang(house, other, "withdrawal")):
        refused(try_to_merge(house, mine, other), 422, "invalid", field="into")
    assert view(house, mine)["stage"] == "received"


# ---- legal issue and danger ------------------------------------------------------------------------------------------


def test_a_legal_issue_goes_along_so_that_no_plan_slips_past_legal(house: House, room: Mailroom):
    mine, other = house.file(category="false_advertising"), house.bring_to("planning")
    merge(house, mine, other)
    assert view(house, other)["legal_issue"] is True
    refused(house.do(other["complaint_id"], "resolution-plan", PLAN), 409, "not_allowed")
    room.settle()
    assert any(other["complaint_id"] in message for _, message in told("legal"))


def test_no_plan_slips_past_legal_that_goes_out_at_the_very_same_moment(house: House):
    mine, other = house.file(category="false_advertising"), house.bring_to("planning")
    with house.meanwhile(lambda: house.do(other["complaint_id"], "resolution-plan", PLAN)):
        refused(try_to_merge(house, mine, other), 422, "invalid", field="into")
    assert [view(house, one)["stage"] for one in (mine, other)] == ["received", "awaiting_consumer"]
    assert view(house, other)["legal_issue"] is False


def test_a_danger_goes_along_and_management_is_told_of_it_once(house: House, room: Mailroom):
    mine, other = house.file(**DANGER), house.file(category="false_advertising")
    merge(house, mine, other)
    room.settle()
    found = store.load(other["complaint_id"], Complaint)
    assert found
    assert found.state.safety
    assert (found.state.safety.tier, found.state.safety.of) == ("act", mine["complaint_id"])
    assert [mine["complaint_id"] in message for _, message in told("management")] == [True]


@pytest.mark.parametrize(
    ("contact", "left"), [({}, False), ({"contact": {"name": "李", "phone": "13900139000"}}, True)]
)
def test_who_is_called_where_it_is_handled_is_called_about_what_is_merged_into_it_if_it_is_theirs(
    house: House, room: Mailroom, contact: dict[str, Any], left: bool
):
    mine, other = house.file(**DANGER, **contact), house.file()
    merge(house, mine, other)
    room.settle()
    house.now += timedelta(minutes=10)
    assert house.do(other["complaint_id"], "calls", {"about": "safety", "reached": True}).status == 201
    room.settle()
    room.settle()
    tasks = [one["task"] for one in view(house, mine)["safety"]["tasks"]]
    assert ("safety_call" in tasks) == left
    assert happened(house, mine).count("ConsumerCalled") == (not left)


def test_what_comes_up_in_a_merged_complaint_is_known_where_it_is_handled_and_no_plan_slips_past_legal(
    house: House, room: Mailroom
):
    mine, other, third = house.file(), house.file(), house.bring_to("planning")
    merge(house, mine, other)
    merge(house, other, third)
    room.settle()
    assert house.do(mine["complaint_id"], "triage", {"tier": "act", "reason": "来电：送了急诊。"}).status == 200
    assessed = {"harmed": "minor", "stop_selling": False, "report_to": [], "note": "已就医。"}
    assert house.do(mine["complaint_id"], "safety-assessment", assessed, "quality.he").status == 200
    room.settle()
    assert [view(house, one)["safety"]["of"] for one in (other, third)] == [mine["complaint_id"], other["complaint_id"]]
    body = refused(house.do(third["complaint_id"], "resolution-plan", PLAN), 409, "not_allowed")
    assert body["reason"] == "legal_must_approve"


def test_what_was_lowered_since_is_not_raised_by_what_came_up_before_and_is_told_twice(house: House, room: Mailroom):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    house.do(mine["complaint_id"], "triage", {"tier": "act", "reason": "来电：送了急诊。"})
    records = room.records()
    assert run(app.react, records) == []
    assert view(house, other)["safety"]["tier"] == "act"
    house.pass_time(minutes=5)
    house.do(other["complaint_id"], "triage", {"tier": "none", "reason": "已核实，没有危险。"})
    assert run(app.react, records) == []
    assert view(house, other)["safety"]["tier"] == "none"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_a_merger_has_kept_nothing_from_legal_and_it_can_be_done_again(house: House, moment: str):
    mine, other = house.file(**DANGER, category="false_advertising"), house.file()
    house.token("cs.lin")
    died = 0
    for number in range(20):
        try:
            with house.killed_at(number, moment):
                try_to_merge(house, mine, other)
        except Killed:
            died += 1
        merged, target = view(house, mine), view(house, other)
        assert (target["legal_issue"] and target["safety"]) or not merged["merged_into"]
        if merged["merged_into"]:
            break
    assert died >= 4
    assert [happened(house, other).count(kind) for kind in ("LegalIssueRaised", "DangerFound")] == [1, 1]
    assert is_whole(mine, other)


def test_the_legal_issue_of_a_merger_that_is_refused_is_not_raised(house: House):
    mine, other = house.file(category="false_advertising"), house.file()
    path = f"/v1/complaints/{mine['complaint_id']}/merger"
    answer = house.post(path, {"into": other["complaint_id"]}, "cs.lin", If_Match='"7"')
    refused(answer, 412, "stale")
    assert view(house, other)["legal_issue"] is False


# ---- evidence --------------------------------------------------------------------------------------------------------


def download(house: House, receipt: Receipt, evidence_id: str, who: str | None = "cs.lin") -> Any:
    token = house.token(who) if who else receipt["consumer_token"]
    return house.get(f"/v1/complaints/{receipt['complaint_id']}/evidence/{evidence_id}", token=token)


def test_files_of_a_merged_complaint_are_listed_cited_and_downloaded_where_it_is_handled(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house, "investigating")
    upload(house, mine)
    offer(house, mine)
    merge(house, mine, other)
    room.settle()
    of_mine = f"{mine['complaint_id']}.1"
    (listed,) = view(house, other)["evidence"]
    assert (listed["evidence_id"], listed["belongs_to"]) == (of_mine, mine["complaint_id"])
    assert (listed["size"], listed["content_type"], listed["sha256"]) == (len(JPEG), "image/jpeg", None)
    there = download(house, other, of_mine).headers["location"]
    assert f"/evidence/{mine['complaint_id']}/1-" in there
    assert there.split("&X-Amz")[0] == download(house, mine, "1").headers["location"].split("&X-Amz")[0]
    citing = REPORT | {"evidence": [of_mine]}
    assert house.do(other["complaint_id"], "investigation-report", citing).status == 200


def test_its_files_are_not_for_the_consumer_of_the_other_one(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house)
    upload(house, mine)
    merge(house, mine, other)
    room.settle()
    seen = public(house, other)
    assert seen["evidence"] == []
    assert mine["complaint_id"] not in str(seen)
    refused(download(house, other, f"{mine['complaint_id']}.1", None), 404, "not_found")


def test_a_file_that_arrives_later_goes_along_too_however_far(house: House, room: Mailroom):
    a, b, c = (house.file() for _ in range(3))
    begun = offer(house, a)
    merge(house, a, b)
    merge(house, b, c)
    room.settle()
    put(house, begun["upload"]["fields"]["key"], JPEG)
    assert run(app.receive_evidence, uploaded()) == []
    upload(house, b, "cs.lin")
    room.settle()
    assert {one["evidence_id"] for one in view(house, c)["evidence"]} == {
        *(f"{one['complaint_id']}.1" for one in (a, b)),
    }
    assert is_whole(a, b, c)


def test_of_a_merged_complaint_whose_words_are_erased_no_file_is_shown_or_found_anywhere(house: House, room: Mailroom):
    mine, other = house.file(), house.file()
    upload(house, mine)
    merge(house, mine, other)
    room.settle()
    assert "裂缝" not in str(view(house, other)), "its name stays where it can be erased"
    erase(mine["complaint_id"], house.now)
    refused(download(house, other, f"{mine['complaint_id']}.1"), 404, "not_found")
    room.settle()
    assert view(house, other)["evidence"] == []
    assert view(house, other)["taken_in"] == [mine["complaint_id"]]
    assert is_whole(mine, other)


@pytest.mark.parametrize("how", ["undone", "reopened"])
def test_what_a_report_cites_stays_open_to_staff_where_it_is_cited_though_the_two_part(
    house: House, room: Mailroom, how: str
):
    mine, other = house.file(), house.bring_to("investigating")
    cited, uncited = (f"{mine['complaint_id']}.{upload(house, mine)}" for _ in range(2))
    merge(house, mine, other)
    room.settle()
    house.do(other["complaint_id"], "investigation-report", REPORT | {"evidence": [cited]})
    if how == "undone":
        undo(house, mine)
    else:
        by_wang(house, other, "withdrawal")
        room.react()
        assert by_wang(house, mine, "reopening", AGAIN).status == 200
    room.settle()
    assert (view(house, other)["taken_in"], view(house, other)["evidence"]) == ([], [])
    assert f"/evidence/{mine['complaint_id']}/1-" in download(house, other, cited, "audit.qin").headers["location"]
    refused(download(house, other, uncited), 404, "not_found")
    refused(download(house, other, cited, None), 404, "not_found")
    by_wang(house, mine, "withdrawal")
    erase(mine["complaint_id"], house.now)
    refused(download(house, other, cited), 404, "not_found")
    assert view(house, other)["investigation_report"]["evidence"] == [cited]


def test_a_complaint_whose_words_are_erased_takes_nothing_in_and_the_merged_one_is_told_all_the_same(
    house: House, room: Mailroom
):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    by_wang(house, other, "withdrawal")
    erase(other["complaint_id"], house.now)
    room.settle()
    assert view(house, other)["taken_in"] == []
    assert by_wang(house, mine, "reopening", AGAIN).status == 200
    assert is_whole(mine, other)


# ---- plan and closure are told ---------------------------------------------------------------------------------------


def test_the_merged_consumer_is_told_of_the_plan_with_the_number_of_the_other_one_and_nothing_of_its_consumer(
    house: House, room: Mailroom
):
    mine, other = house.file(), of_lin(house, "planning")
    merge(house, mine, other)
    house.do(other["complaint_id"], "resolution-plan", PLAN)
    room.settle()
    told_of_plan = letters("wang@example.cn", mine)[-1]
    for words in (PLAN["summary"], PLAN["methods"][0]["detail"], other["complaint_id"], "恢复单独处理"):
        assert words in told_of_plan
    assert "answer=accept" not in told_of_plan
    seen = public(house, mine)
    last = seen["timeline"][-1]
    assert (last["type"], last["details"]["of"]) == ("OtherPlanProposed", other["complaint_id"])
    assert (seen["stage"], seen["merged_into"], seen["other_closed_at"]) == ("closed", other["complaint_id"], None)
    for hidden in ("林", "lin@example.cn", "13900139000", REPORT["findings"]):
        assert hidden not in str(seen) + told_of_plan


def test_a_plan_that_was_proposed_before_the_merger_is_told_too(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house, "awaiting_consumer")
    merge(house, mine, other)
    room.settle()
    assert ("consumer", "other_plan", "sent") in notices(house, mine["complaint_id"])


def test_of_an_adjusted_plan_they_are_told_anew_and_not_of_what_is_between(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house, "awaiting_consumer")
    merge(house, mine, other)
    room.settle()
    number = other["complaint_id"]
    house.do(number, "feedback", {"satisfied": False, "opinion": "不够"})
    house.do(number, "delivery-updates", {"status": "returned", "text": "已寄回"}, "logistics.gao")
    house.do(number, "information-requests", {"question": "批号？"})
    house.do(number, "information", {"text": "A17"})
    house.do(number, "resolution-plan", PLAN)
    room.settle()
    told_of = [kind for kind in happened(house, mine) if kind.startswith("Other")]
    assert told_of == ["OtherPlanProposed", "OtherPlanProposed"]


CLOSING: dict[str, Callable[[House, Receipt], Any]] = {
    "withdrawn": lambda house, other: by_wang(house, other, "withdrawal"),
    "withdrawn for a caller": lambda house, other: house.do(other["complaint_id"], "withdrawal", {}),
    "accepted": lambda house, other: by_wang(house, other, "feedback", {"satisfied": True}),
    "accepted for a caller": lambda house, other: house.do(other["complaint_id"], "feedback", {"satisfied": True}),
}


@pytest.mark.parametrize("how", CLOSING)
def test_whatever_closes_the_other_one_the_merged_consumer_is_told_and_may_reopen_theirs_within_30_days(
    house: House, room: Mailroom, how: str
):
    mine, other = house.file(), of_lin(house, "awaiting_consumer")
    merge(house, mine, other)
    house.pass_time(days=10)
    assert CLOSING[how](house, other).status == 200
    closed_at = view(house, other)["closed_at"]
    house.pass_time(hours=1)
    room.settle()
    told_of_end = letters("wang@example.cn", mine)[-1]
    assert "answer=reopen" in told_of_end
    assert other["complaint_id"] in told_of_end
    seen = public(house, mine)
    assert (seen["merged_into"], seen["other_closed_at"]) == (other["complaint_id"], closed_at)
    house.pass_time(days=29)
    answer = by_wang(house, mine, "reopening", AGAIN)
    assert (answer.status, answer.json["stage"], answer.json["outcome"]) == (200, "received", None)
    assert (answer.json["merged_into"], answer.json["other_closed_at"]) == (None, None)
    room.settle()
    assert view(house, other)["taken_in"] == []
    assert is_whole(mine, other)


def test_so_is_silence(house: House, room: Mailroom):
    mine, other = house.file(), house.bring_to("awaiting_consumer")
    merge(house, mine, other)
    room.settle()
    house.pass_time(days=40)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    room.settle()
    assert happened(house, mine)[-1] == "OtherClosed"
    assert by_wang(house, mine, "reopening", AGAIN).status == 200


def test_after_30_days_it_is_too_late(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house)
    merge(house, mine, other)
    by_wang(house, other, "withdrawal")
    room.settle()
    house.pass_time(days=32)
    assert "现已过期" in refused(by_wang(house, mine, "reopening", AGAIN), 409, "not_allowed")["detail"]


def test_who_accepted_the_plan_of_the_other_one_has_agreed_for_both_and_reopens_that_one(house: House, room: Mailroom):
    mine, other = house.file(), house.bring_to("awaiting_consumer")
    merge(house, mine, other)
    room.settle()
    assert by_wang(house, other, "feedback", {"satisfied": True}).status == 200
    room.settle()
    assert "一同办结" in letters("wang@example.cn", mine)[-1]
    detail = refused(by_wang(house, mine, "reopening", AGAIN), 409, "not_allowed")["detail"]
    assert other["complaint_id"] in detail
    assert "那件投诉的处理方案已获接受" in detail
    assert by_wang(house, other, "reopening", AGAIN).status == 200
    room.settle()
    assert happened(house, mine)[-1] == "OtherReopened"
    assert "已重新受理" in letters("wang@example.cn", mine)[-1]
    assert "还在处理中" in refused(by_wang(house, mine, "reopening", AGAIN), 409, "not_allowed")["detail"]


def test_of_whom_nothing_is_known_any_more_it_is_not_said_that_they_agreed(house: House, room: Mailroom):
    mine, other = house.file(), house.bring_to("awaiting_consumer")
    merge(house, mine, other)
    room.settle()
    by_wang(house, other, "feedback", {"satisfied": True})
    house.do(other["complaint_id"], "follow-ups/1/completion", {})
    erase(other["complaint_id"], house.now)
    room.settle()
    assert by_wang(house, mine, "reopening", AGAIN).status == 200


def test_who_has_reopened_theirs_is_left_alone_when_the_other_one_is_reopened(house: House, room: Mailroom):
    mine, second, other = house.file(), house.file(), of_lin(house)
    for one in (mine, second):
        merge(house, one, other)
    by_wang(house, other, "withdrawal")
    room.settle()
    assert by_wang(house, mine, "reopening", AGAIN).status == 200
    assert by_wang(house, other, "reopening", AGAIN).status == 200
    room.settle()
    assert (view(house, mine)["stage"], view(house, mine)["merged_into"]) == ("received", None)
    assert "OtherReopened" not in happened(house, mine)
    assert happened(house, second)[-1] == "OtherReopened"
    assert view(house, other)["taken_in"] == [second["complaint_id"]]


def test_who_has_reopened_it_already_is_not_told_that_it_can_be(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house)
    merge(house, mine, other)
    room.settle()
    by_wang(house, other, "withdrawal")
    room.react()
    assert by_wang(house, mine, "reopening", AGAIN).status == 200
    room.settle()
    told_of = notices(house, mine["complaint_id"])
    assert ("consumer", "other_closed", "outdated") in told_of
    assert ("consumer", "reopening", "sent") in told_of


# ---- chains ----------------------------------------------------------------------------------------------------------


def test_where_the_other_one_is_merged_too_the_pointer_moves_on_however_far(house: House, room: Mailroom):
    a, b, c, d = (house.file(order_number=f"E{n}") for n in range(4))
    merge(house, a, b)
    merge(house, b, c)
    room.react()
    assert pointers(house, a, b) == [c["complaint_id"]] * 2
    merge(house, c, d)
    room.settle()
    assert pointers(house, a, b, c) == [d["complaint_id"]] * 3
    assert set(view(house, d)["taken_in"]) == {one["complaint_id"] for one in (a, b, c)}
    assert d["complaint_id"] in letters("wang@example.cn", a)[-1]
    refused(by_wang(house, a, "reopening", AGAIN), 409, "not_allowed")
    by_wang(house, d, "withdrawal")
    room.settle()
    assert [happened(house, one)[-1] for one in (a, b, c)] == ["OtherClosed"] * 3
    assert is_whole(a, b, c, d)


def test_it_does_not_matter_which_of_two_mergers_is_reacted_to_first(house: House, room: Mailroom):
    """And a reaction that dies at any call is finished by the next."""
    a, b, c = (house.file(order_number=f"E{n}") for n in range(3))
    merge(house, a, b)
    merge(house, b, c)
    for record in reversed(room.records()):
        for moment in ("before", "after"):
            assert list(house.deaths(lambda once=record: run(app.react, [once]), moment))
    room.react()
    assert pointers(house, a, b, c) == [c["complaint_id"], c["complaint_id"], None]
    assert happened(house, a).count("MergerMoved") == 1
    assert set(view(house, c)["taken_in"]) == {a["complaint_id"], b["complaint_id"]}


def test_where_the_merger_in_the_middle_is_undone_what_hangs_on_it_goes_with_it(house: House, room: Mailroom):
    a, b, c, d = (house.file() for _ in range(4))
    upload(house, a)
    for one, into in ((a, b), (b, c), (c, d)):
        merge(house, one, into)
    room.settle()
    undo(house, b)
    room.settle()
    assert pointers(house, a, b, c) == [b["complaint_id"], None, d["complaint_id"]]
    assert [view(house, one)["taken_in"] for one in (b, c, d)] == [[a["complaint_id"]], [], [c["complaint_id"]]]
    assert [len(view(house, one)["evidence"]) for one in (b, c, d)] == [1, 0, 0]
    by_wang(house, d, "withdrawal")
    room.settle()
    assert (happened(house, a)[-1], happened(house, c)[-1]) == ("MergerMoved", "OtherClosed")
    by_wang(house, b, "withdrawal")
    room.settle()
    assert happened(house, a)[-1] == "OtherClosed"
    assert is_whole(a, b, c, d)


def test_where_the_one_in_the_middle_is_reopened_what_hangs_on_it_goes_with_it(house: House, room: Mailroom):
    a, b, c = house.file(), house.file(), of_lin(house)
    merge(house, a, b)
    merge(house, b, c)
    by_wang(house, c, "withdrawal")
    room.settle()
    assert by_wang(house, b, "reopening", AGAIN).status == 200
    room.settle()
    assert pointers(house, a, b) == [b["complaint_id"], None]
    assert view(house, a)["other_closed_at"] is None
    assert (view(house, b)["taken_in"], view(house, c)["taken_in"]) == ([a["complaint_id"]], [])


# ---- undone ----------------------------------------------------------------------------------------------------------


def test_an_undone_merger_leaves_both_as_they_were_and_the_consumer_is_told(house: House, room: Mailroom):
    mine, other = house.bring_to("investigating"), of_lin(house)
    upload(house, mine)
    room.settle()
    before = view(house, mine)
    merge(house, mine, other)
    room.settle()
    house.pass_time(hours=1)
    undo(house, mine)
    room.settle()
    after = view(house, mine)
    assert {name for name in before if before[name] != after[name]} == {"version", "answered"}, "it was looked at"
    assert (view(house, other)["taken_in"], view(house, other)["evidence"]) == ([], [])
    refused(download(house, other, f"{mine['complaint_id']}.1"), 404, "not_found")
    assert "恢复单独处理" in letters("wang@example.cn", mine)[-1]
    by_wang(house, other, "withdrawal")
    room.settle()
    assert "OtherClosed" not in happened(house, mine)
    assert house.do(mine["complaint_id"], "investigation-report", REPORT).json["stage"] == "planning"


def test_what_legal_approved_before_a_merger_goes_out_after_it_is_undone(house: House):
    mine, other = house.file(), of_lin(house)
    house.do(mine["complaint_id"], "acknowledgement", {"legal_issue": True})
    house.do(mine["complaint_id"], "investigation-report", REPORT)
    house.do(mine["complaint_id"], "plan-draft", PLAN)
    approval = {"approved": True, "advice": "可以。"}
    assert house.do(mine["complaint_id"], "legal-review", approval, "legal.xu").status == 200
    draft = view(house, mine)["plan_draft"]
    merge(house, mine, other)
    assert view(house, mine)["plan_draft"] is None
    undo(house, mine)
    assert view(house, mine)["plan_draft"] == draft
    refused(house.do(mine["complaint_id"], "resolution-plan", PLAN | {"summary": "另一个方案。"}), 409, "not_allowed")
    assert house.do(mine["complaint_id"], "resolution-plan", PLAN).status == 200
    assert is_whole(mine)


def test_the_legal_issue_stays_where_it_was_raised(house: House, room: Mailroom):
    mine, other = house.file(category="false_advertising"), house.file()
    merge(house, mine, other)
    undo(house, mine)
    room.settle()
    assert (view(house, mine)["legal_issue"], view(house, other)["legal_issue"]) == (True, True)


def test_a_merger_is_not_undone_when_the_other_one_has_closed_though_nobody_has_reacted_yet(house: House):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    by_wang(house, other, "withdrawal")
    body = refused(try_to_merge(house, mine, None), 409, "not_allowed")
    assert body["reason"] == "merger_over"
    assert "undo_merger" not in body["allowed"]


def test_a_merger_is_not_undone_when_the_other_one_closes_at_the_very_same_moment(house: House, room: Mailroom):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    with house.meanwhile(lambda: by_wang(house, other, "withdrawal")):
        refused(try_to_merge(house, mine, None), 409, "not_allowed")
    room.settle()
    assert view(house, mine)["other_closed_at"] is not None
    assert by_wang(house, mine, "reopening", AGAIN).status == 200


def test_the_other_one_closes_when_the_merger_was_undone_at_the_very_same_moment(house: House, room: Mailroom):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    with house.meanwhile(lambda: undo(house, mine)):
        assert by_wang(house, other, "withdrawal").status == 200
    room.settle()
    assert (view(house, mine)["stage"], pointers(house, mine)) == ("received", [None])
    assert "OtherClosed" not in happened(house, mine)


def test_a_merger_is_undone_by_two_at_once_only_once(house: House):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    with house.meanwhile(lambda: undo(house, mine)):
        refused(try_to_merge(house, mine, None), 409, "not_allowed")
    assert happened(house, mine).count("MergerUndone") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_undoing_it_can_do_it_again(house: House, room: Mailroom, moment: str):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    room.settle()
    path = f"/v1/complaints/{mine['complaint_id']}/merger"

    def undo_once() -> None:
        assert house.post(path, {"into": None}, "cs.lin", Idempotency_Key="undo").status == 200

    assert len(list(house.deaths(undo_once, moment))) >= 3
    room.settle()
    assert happened(house, mine).count("MergerUndone") == 1
    assert view(house, other)["taken_in"] == []


def test_what_is_undone_is_merged_again_into_the_same_or_another_one(house: House, room: Mailroom):
    mine, other, third = (house.file() for _ in range(3))
    for into in (other, third, other):
        merge(house, mine, into)
        room.settle()
        assert view(house, into)["taken_in"] == [mine["complaint_id"]]
        undo(house, mine)
        room.settle()
    merge(house, other, mine)
    room.settle()
    assert pointers(house, mine, other) == [None, mine["complaint_id"]]


def test_only_customer_service_undoes_it(house: House):
    mine, other = house.file(), house.file()
    merge(house, mine, other)
    path = f"/v1/complaints/{mine['complaint_id']}/merger"
    for who in ("quality.he", "legal.xu", "management.zhou", "storefront"):
        refused(house.post(path, {"into": None}, who), 403, "forbidden")
    refused(house.post(path, {"into": None}, token=mine["consumer_token"]), 403, "forbidden")
    refused(house.post(path, {}, "cs.lin"), 422, "invalid", field="into")


# ---- reactions in any order, twice, cut short ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_reactions_in_any_order_and_doubled_come_to_the_same_and_tell_of_nothing_twice(
    house: House, room: Mailroom, seed: int
):
    a, b, c = house.file(), house.file(), of_lin(house, "planning")
    upload(house, a)
    merge(house, a, b)
    merge(house, b, c)
    house.do(c["complaint_id"], "resolution-plan", PLAN)
    by_wang(house, c, "feedback", {"satisfied": True})
    house.pass_time(hours=1)
    by_wang(house, c, "reopening", AGAIN)
    undo(house, b)
    merge(house, b, c)
    house.pass_time(hours=1)
    by_wang(house, c, "withdrawal")
    dice = random.Random(seed)
    waiting = room.records() * 2
    while waiting:
        dice.shuffle(waiting)
        for record in waiting:
            assert run(app.react, [record]) == []
        waiting = room.records() * 2
    end = view(house, c)["closed_at"]
    assert pointers(house, a, b) == [c["complaint_id"]] * 2
    assert [view(house, one)["other_closed_at"] for one in (a, b)] == [end, end]
    assert set(view(house, c)["taken_in"]) == {a["complaint_id"], b["complaint_id"]}
    assert [one["evidence_id"] for one in view(house, c)["evidence"]] == [f"{a['complaint_id']}.1"]
    assert [happened(house, one).count("OtherClosed") for one in (a, b)] == [1, 1]
    assert is_whole(a, b, c)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reaction_to_plan_closure_or_undoing_that_dies_at_any_call_is_finished_by_the_next(
    house: House, room: Mailroom, moment: str
):
    mine, second, other = house.file(), house.file(), of_lin(house, "planning")
    for one in (mine, second):
        merge(house, one, other)
    room.react()

    def react_dying() -> None:
        for record in room.records():
            assert list(house.deaths(lambda once=record: run(app.react, [once]), moment))
        room.react()

    house.do(other["complaint_id"], "resolution-plan", PLAN)
    react_dying()
    undo(house, second)
    react_dying()
    house.do(other["complaint_id"], "feedback", {"satisfied": True})
    react_dying()
    told_of = [[kind for kind in happened(house, one) if kind.startswith("Other")] for one in (mine, second)]
    assert told_of == [["OtherPlanProposed", "OtherClosed"], ["OtherPlanProposed"]]
    assert view(house, other)["taken_in"] == [mine["complaint_id"]]
    assert is_whole(mine, second, other)


def test_what_is_written_of_the_other_one_is_true_when_it_is_written(house: House, room: Mailroom):
    """Whatever happens between reading and writing is read before anything is written."""
    mine, other = house.file(), of_lin(house, "awaiting_consumer")
    merge(house, mine, other)
    room.react()
    by_wang(house, other, "feedback", {"satisfied": True})
    house.pass_time(minutes=1)
    with house.meanwhile(lambda: by_wang(house, other, "reopening", AGAIN)):
        room.react()
    assert view(house, mine)["other_closed_at"] is None
    assert "OtherClosed" not in happened(house, mine)


def test_a_complaint_is_not_taken_in_by_a_reaction_that_is_late(house: House, room: Mailroom):
    mine, other = house.file(), house.file()
    room.react()
    merge(house, mine, other)
    late = room.records()
    with house.meanwhile(lambda: undo(house, mine)):
        assert run(app.react, late) == []
    assert view(house, other)["taken_in"] == []
    room.react()
    assert run(app.react, late) == []
    assert view(house, other)["taken_in"] == []


def test_a_link_in_every_letter_about_a_merger_is_of_the_consumers_own_complaint(house: House, room: Mailroom):
    mine, other = house.file(), of_lin(house, "awaiting_consumer")
    merge(house, mine, other)
    by_wang(house, other, "withdrawal")
    room.settle()
    house.pass_time(minutes=1)
    for letter in letters("wang@example.cn", mine):
        (token,) = set(re.findall(r"#token=([\w.-]+)", letter))
        assert house.get(f"/v1/complaints/{mine['complaint_id']}", token=token).status == 200


def test_nothing_more_is_asked_of_the_table_about_what_nothing_is_merged_into(house: House, room: Mailroom):
    receipt = house.bring_to("planning")
    room.settle()
    house.do(receipt["complaint_id"], "resolution-plan", PLAN)
    with house.counting() as calls:
        room.react()
    assert calls.count("dynamodb:BatchGetItem") == 1, "of what its storefront hears"
