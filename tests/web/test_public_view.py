"""What a page is made of: each view says what it is and what its reader may do now; the public one has the rest."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.casework.erase import erase
from tests.examples import KETTLE, PLAN, REJECTION, REPORT
from tests.house import House, refused

from .uploads import upload

Receipt = dict[str, Any]


def seen(house: House, receipt: Receipt, who: str | None = None) -> Any:
    """The view of a member of staff or a storefront; without one the consumer's."""
    by = {"who": who} if who else {"token": receipt["consumer_token"]}
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", **by).json


def told_to_the_end(house: House) -> Receipt:
    """Refused, decided anew by another person, accepted, and all of it done, with whatever staff say meanwhile."""
    receipt = house.file(category="product_quality")
    number, token = receipt["complaint_id"], receipt["consumer_token"]
    secret = REPORT | {name: f"内部：{name}" for name in ("findings", "root_cause", "conclusion")}

    def do(resource: str, body: Any, who: str | None = "cs.lin", **by: Any) -> None:
        answer = house.do(number, resource, body, who, **by)
        assert answer.status < 300, answer

    do("assignment", {"assignee": "cs.lin"})
    do("triage", {"tier": "look", "reason": "内部：锋利"}, "quality.he")
    do("safety-assessment", {"harmed": "none", "stop_selling": False, "report_to": [], "note": "内部"}, "quality.he")
    do("acknowledgement", {"message": "我们已受理。"})
    do("calls", {"about": "other", "reached": True, "note": "内部：很着急"})
    do("notes", {"text": "内部：老客户"})
    do("inquiries/1/answer", {"assessment": "内部：玻璃太薄"}, "quality.he")
    upload(house, receipt, "quality.he", file_name="内部.jpg", description="内部")
    do("extension", {"working_days": 1, "reason": "等待仓库回复。"}, "management.zhou")
    do("investigation-report", secret)
    do("resolution-plan", REJECTION | {"amount_reason": "内部：含运费"})
    do("feedback", {"satisfied": False, "opinion": "我不同意。"}, None, token=token)
    do("resolution-plan", REJECTION)
    do("review-request", {"reason": "请换一位负责人。"}, None, token=token)
    do("assignment", {"assignee": "cs.chen"}, "cs.lead")
    do("delivery-updates", {"status": "returned", "text": "已退回。"}, "logistics.gao")
    do("resolution-plan", PLAN, "cs.chen")
    do("feedback", {"satisfied": True, "opinion": "谢谢"}, "cs.chen")
    do("follow-ups/1/completion", {"note": "内部：电话里说好了"}, "cs.chen")
    return receipt


def strings(value: Any) -> Iterator[str]:
    """Every text in it, names of fields too."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("who", [None, "storefront"])
def test_no_text_of_a_public_view_names_staff_or_has_their_words(house: House, who: str | None) -> None:
    view = seen(house, house.begun(told_to_the_end), who)
    assert (view["stage"], view["round"], len(view["plans"])) == ("closed", 3, 3)
    names = ("cs.", "quality.he", "gao", "zhou", "内部")
    assert not [text for text in strings(view) if any(name in text for name in names)]
    assert not {"by_whom", "done_by", "note", "proposed_by", "asked_by", "held_by"} & set(strings(view))


def test_the_public_view_has_what_they_wrote_and_asked_for(house: House) -> None:
    view = seen(house, house.file(locale="zh-TW"))
    asked = ("description", "category", "requested_remedy")
    assert {name: view[name] for name in asked} == {name: KETTLE[name] for name in asked}
    assert (view["view"], view["locale"], view["stage_name"]) == ("public", "zh-TW", "已收到，待受理")


def test_the_public_view_has_every_plan_and_every_answer_in_order(house: House) -> None:
    view = seen(house, house.begun(told_to_the_end))
    assert [(one["round"], one["in_force"], one["plan"]["rejects_request"]) for one in view["plans"]] == [
        *((1, False, True), (2, False, True), (3, True, False))
    ]
    assert view["plans"][-1]["plan"] == view["resolution_plan"]
    assert view["plans"][-1]["proposed_at"] == view["plan_sent_at"]
    assert [plan["plan"]["amount_reason"] for plan in view["plans"]] == [None] * 3, "which is the house's own"
    at = "2026-10-09T07:40:00Z"
    objected = {"round": 1, "at": at, "by": "consumer", "satisfied": False, "opinion": "我不同意。"}
    assert view["answers"] == [
        objected | {"asks_for_review": False},
        objected | {"round": 2, "opinion": "请换一位负责人。", "asks_for_review": True},
        {"round": 3, "at": at, "by": "staff", "satisfied": True, "opinion": "谢谢", "asks_for_review": False},
    ]


def test_the_public_view_has_what_was_promised_and_whether_it_is_done(house: House) -> None:
    receipt = house.bring_to("closed")
    (promised,) = seen(house, receipt)["follow_ups"]
    assert promised == {"number": 1, "measure": "退款到账后回访", "due_at": "2026-10-14T16:00:00Z", "done_at": None}
    house.do(receipt["complaint_id"], "follow-ups/1/completion", {"note": "内部"})
    (done,) = seen(house, receipt)["follow_ups"]
    assert done == promised | {"done_at": "2026-10-09T07:40:00Z"}


def test_the_public_view_says_until_when_it_can_be_reopened(house: House) -> None:
    receipt = house.bring_to("closed")
    view = seen(house, receipt)
    assert (view["reopen_until"], "reopen" in view["allowed"]) == ("2026-11-09T16:00:00Z", True)
    house.pass_time(days=32)
    view = seen(house, receipt)
    assert (view["reopen_until"], view["why_not"]["reopen"]["reason"]) == (None, "reopening_too_late")


def test_the_ways_outside_are_on_the_page_once_it_was_refused_in_the_words_of_the_letter(house: House) -> None:
    receipt = house.bring_to("planning")
    assert seen(house, receipt)["recourse"] is None
    house.do(receipt["complaint_id"], "resolution-plan", REJECTION)
    recourse = seen(house, receipt)["recourse"]
    assert recourse["because"] == ["rejected"]
    assert "第三十九条" in recourse["lead"]
    assert ["12315" in recourse["routes"][0], len(recourse["routes"])] == [True, 4]


# ---- what may be done now --------------------------------------------------------------------------------------------


def test_each_reader_sees_what_they_may_do_and_why_not_in_their_language(house: House) -> None:
    receipt = house.file(locale="en")
    house.do(receipt["complaint_id"], "acknowledgement")
    house.do(receipt["complaint_id"], "investigation-report", REPORT)
    mine = seen(house, receipt)
    assert mine["allowed"] == ["withdraw", "give_information", "add_evidence"]
    assert mine["why_not"]["accept_plan"] == {
        "reason": "stage_forbids",
        "detail": "This complaint is in the stage “Resolution plan”, which does not allow this. "
        "Read how it stands now.",
    }
    theirs = seen(house, receipt, "legal.xu")
    assert (theirs["view"], "review" in theirs["allowed"]) == ("staff", False)
    assert theirs["why_not"]["review"]["reason"] == "draft_missing"
    assert "草稿" in theirs["why_not"]["review"]["detail"]
    shop = seen(house, receipt, "storefront")
    assert (shop["view"], shop["allowed"], shop["why_not"]) == ("public", ["add_evidence", "replace_link"], {})
    assert seen(house, receipt, "audit.qin")["allowed"] == ["add_evidence", "note", "retract_note", "view_contact"]


def test_what_is_said_is_what_trying_it_is_answered(house: House) -> None:
    receipt = house.bring_to("planning")
    said = seen(house, receipt)["why_not"]["request_review"]
    path = f"/v1/complaints/{receipt['complaint_id']}/review-request"
    problem = refused(house.post(path, {"reason": "请换人。"}, token=receipt["consumer_token"]), 409, "not_allowed")
    assert {name: problem[name] for name in said} == said


def test_after_an_action_it_is_what_may_be_done_then(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    path = f"/v1/complaints/{receipt['complaint_id']}/feedback"
    after = house.post(path, {"satisfied": True}, token=receipt["consumer_token"]).json
    assert (after["view"], after["allowed"]) == ("public", ["reopen", "add_evidence"])
    assert after["why_not"]["accept_plan"]["reason"] == "end_forbids"
    staff = house.do(receipt["complaint_id"], "follow-ups/1/completion").json
    assert (staff["view"], staff["why_not"]["complete_follow_up"]["reason"]) == ("staff", "measure_done")


def test_a_merged_complaint_says_where_it_is_handled(house: House) -> None:
    receipt, other = house.file(), house.file()["complaint_id"]
    house.do(receipt["complaint_id"], "merger", {"into": other})
    view = seen(house, receipt)
    assert view["allowed"] == ["add_evidence"]
    assert {one["reason"] for one in view["why_not"].values()} == {"merged_together"}
    assert other in view["why_not"]["reopen"]["detail"]


def test_of_an_erased_complaint_what_erasure_leaves_is_shown_and_nothing_may_be_done(house: House) -> None:
    receipt = house.bring_to("closed")
    house.do(receipt["complaint_id"], "follow-ups/1/completion")
    erase(receipt["complaint_id"], house.now)
    for who in ("storefront", "cs.lin"):
        view = seen(house, receipt, who)
        assert view["allowed"] == []
        assert {one["reason"] for one in view["why_not"].values()} <= {"words_erased", "end_forbids"}
    assert KETTLE["description"] not in str(seen(house, receipt, "storefront"))


def test_what_is_said_costs_no_call(house: House) -> None:
    receipt = house.bring_to("planning")
    seen(house, receipt)
    for who in (None, "cs.lin"):
        with house.counting() as calls:
            seen(house, receipt, who)
        assert [call for call in calls if call.startswith("dynamodb")] == calls[:1]
        assert len(calls) == 1
