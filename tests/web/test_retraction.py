"""A note or a file that was shown by mistake is taken back: an entry more, and nothing is erased."""

from typing import Any

import pytest

from chalicelib.adapters import store
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.telling.outdated import outdated
from tests.examples import PUBLIC_NOTE
from tests.house import House, refused

from .uploads import offer, upload

WHY = {"reason": "写到别人的投诉里了。"}
Receipt = dict[str, Any]


@pytest.fixture
def receipt(house: House) -> Receipt:
    return house.file()


def noted(house: House, receipt: Receipt, who: str = "logistics.gao", **changes: Any) -> int:
    """A public note; its `seq`."""
    return int(house.do(receipt["complaint_id"], "notes", PUBLIC_NOTE | changes, who).json["seq"])


def take_back(house: House, receipt: Receipt, what: str, who: str = "logistics.gao", **more: Any) -> Any:
    return house.do(receipt["complaint_id"], f"{what}/retraction", WHY, who, **more)


def seen_by_consumer(house: House, receipt: Receipt) -> str:
    """Everything that the consumer is shown: the view, and the timeline page by page."""
    path, token = f"/v1/complaints/{receipt['complaint_id']}", receipt["consumer_token"]
    pages = [house.get(path, token=token).text]
    cursor = ""
    while True:
        page = house.get(f"{path}/timeline?limit=1{cursor}", token=token)
        pages.append(page.text)
        if not page.json["next_cursor"]:
            return " ".join(pages)
        cursor = f"&cursor={page.json['next_cursor']}"


def staff_entry(house: House, receipt: Receipt, seq: int) -> Any:
    items = house.get(f"/v1/complaints/{receipt['complaint_id']}/timeline", "audit.qin").json["items"]
    return next(one for one in items if one["seq"] == seq)


@pytest.mark.parametrize("who", ["logistics.gao", "cs.lead"], ids=["its author", "a supervisor"])
def test_a_public_note_that_is_taken_back_is_not_shown_to_the_consumer_any_more(
    house: House, receipt: Receipt, who: str
):
    seq = noted(house, receipt)
    assert PUBLIC_NOTE["text"] in seen_by_consumer(house, receipt)
    answer = take_back(house, receipt, f"timeline/{seq}", who)
    assert (answer.status, answer.json["complaint_id"]) == (200, receipt["complaint_id"])
    shown = seen_by_consumer(house, receipt)
    assert PUBLIC_NOTE["text"] not in shown
    assert WHY["reason"] not in shown
    assert PUBLIC_NOTE["text"] not in house.get(f"/v1/complaints/{receipt['complaint_id']}", "storefront").text


def test_staff_still_see_it_and_by_whom_and_why_it_was_taken_back(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    assert (staff_entry(house, receipt, seq)["public"], staff_entry(house, receipt, seq)["retraction"]) == (True, None)
    take_back(house, receipt, f"timeline/{seq}")
    entry = staff_entry(house, receipt, seq)
    assert (entry["public"], entry["details"]["note"]["text"]) == (False, PUBLIC_NOTE["text"])
    by = staff_entry(house, receipt, entry["retraction"])
    assert (by["type"], by["actor"]["id"], by["details"]["retraction"]["reason"]) == (
        *("NoteRetracted", "logistics.gao"),
        WHY["reason"],
    )


def test_nothing_is_erased_and_the_chain_stays_whole(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    upload(house, receipt)
    take_back(house, receipt, f"timeline/{seq}")
    take_back(house, receipt, "evidence/1", "cs.lead")
    case = store.load_with_entries(receipt["complaint_id"], Complaint)
    assert case is not None
    assert first_broken_link(case.entries) is None
    assert fold(case.entries) == case.state
    assert case.entries[seq - 1].event.note.text == PUBLIC_NOTE["text"]  # type: ignore[attr-defined]


def test_a_note_that_is_taken_back_is_mailed_to_nobody_any_more(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    other = noted(house, receipt, text="另一条。")
    take_back(house, receipt, f"timeline/{seq}")
    case = store.load_with_entries(receipt["complaint_id"], Complaint)
    assert case is not None
    assert [outdated(case.entries[one - 1], case.state) for one in (seq, other)] == [True, False]


@pytest.mark.parametrize("who", ["cs.lin", "quality.he", "management.zhou"])
def test_neither_author_nor_supervisor_may_take_it_back(house: House, receipt: Receipt, who: str):
    seq = noted(house, receipt)
    upload(house, receipt)
    refused(take_back(house, receipt, f"timeline/{seq}", who), 403, "forbidden")
    refused(take_back(house, receipt, "evidence/1", who), 403, "forbidden")
    assert PUBLIC_NOTE["text"] in seen_by_consumer(house, receipt)


@pytest.mark.parametrize("seq", ["0", "99", "-1", "x", "1.0", "٣", "123456789"])
def test_an_entry_that_is_not_there_is_unknown(house: House, receipt: Receipt, seq: str):
    refused(take_back(house, receipt, f"timeline/{seq}", "cs.lead"), 404, "not_found")
    refused(take_back(house, receipt, f"evidence/{seq}", "cs.lead"), 404, "not_found")


def test_what_is_no_public_note_is_not_taken_back_and_the_refusal_says_what_to_do(house: House, receipt: Receipt):
    house.do(receipt["complaint_id"], "delivery-updates", {"status": "lost", "text": "丢失"}, "logistics.gao")
    for seq in (1, 2):
        problem = refused(take_back(house, receipt, f"timeline/{seq}", "cs.lead"), 409, "not_allowed")
        assert problem["reason"] == "not_a_note"
        assert "note" in problem["allowed"]
    internal = noted(house, receipt, public=False)
    problem = refused(take_back(house, receipt, f"timeline/{internal}", "cs.lead"), 409, "not_allowed")
    assert problem["reason"] == "note_not_public"


def test_what_has_been_taken_back_is_not_taken_back_again(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    upload(house, receipt)
    for what in (f"timeline/{seq}", "evidence/1"):
        assert take_back(house, receipt, what, "cs.lead").status == 200
        problem = refused(take_back(house, receipt, what, "cs.lead"), 409, "not_allowed")
        assert problem["reason"] in ("note_taken_back", "file_taken_back")


def test_the_same_request_again_is_answered_as_before(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    first, again = (take_back(house, receipt, f"timeline/{seq}", Idempotency_Key="once") for _ in range(2))
    assert (first.status, again.status, again.headers["idempotency-replayed"]) == (200, 200, "true")
    assert first.text == again.text


def test_of_two_who_take_it_back_at_once_one_does(house: House, receipt: Receipt):
    seq = noted(house, receipt)
    answers: list[Any] = []
    with house.meanwhile(lambda: answers.append(take_back(house, receipt, f"timeline/{seq}", "cs.lead"))):
        second = take_back(house, receipt, f"timeline/{seq}")
    assert answers[0].status == 200
    refused(second, 409, "not_allowed")


def test_no_more_notes_are_taken_back_than_the_record_can_hold(house: House, receipt: Receipt):
    from chalicelib.domain.complaint import guards

    assert guards.MOST_RETRACTED * len("[12345678,12345678],") <= 2_000, "bytes of the head"


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("added_by", [None, "storefront"], ids=["the consumer", "their shop"])
def test_a_file_that_is_taken_back_is_neither_listed_nor_downloaded_by_the_consumer(
    house: House, receipt: Receipt, added_by: str | None
):
    path = f"/v1/complaints/{receipt['complaint_id']}/evidence/{upload(house, receipt, added_by)}"
    token = receipt["consumer_token"]
    assert house.get(path, token=token).status == 302
    assert "裂缝.jpg" in seen_by_consumer(house, receipt)
    answer = take_back(house, receipt, "evidence/1", "cs.lead")
    assert answer.status == 200
    assert "裂缝.jpg" not in seen_by_consumer(house, receipt)
    refused(house.get(path, token=token), 404, "not_found")
    assert house.get(path, "quality.he").status == 302, "staff still see it"
    (file,) = answer.json["evidence"]
    by = staff_entry(house, receipt, file["retracted"])
    assert (by["type"], by["actor"]["id"], by["details"]["retraction"]["reason"]) == (
        *("EvidenceRetracted", "cs.lead"),
        WHY["reason"],
    )


def test_whoever_of_staff_added_a_file_takes_it_back_themselves(house: House, receipt: Receipt):
    upload(house, receipt, "quality.he")
    refused(take_back(house, receipt, "evidence/1", "quality.xie"), 403, "forbidden")
    answer = take_back(house, receipt, "evidence/1", "quality.he")
    assert answer.status == 200
    assert answer.json["evidence"][0]["retracted"] is not None


def test_a_file_that_is_not_there_cannot_be_taken_back(house: House, receipt: Receipt):
    offer(house, receipt)
    problem = refused(take_back(house, receipt, "evidence/1", "cs.lead"), 409, "not_allowed")
    assert problem["values"] == {"status": "offered"}


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "长" * 2001}, {"reason": "a", "note": 2}])
def test_a_retraction_says_why_and_nothing_else(house: House, receipt: Receipt, body: dict[str, Any]):
    seq = noted(house, receipt)
    for what in (f"timeline/{seq}", "evidence/1"):
        answer = house.do(receipt["complaint_id"], f"{what}/retraction", body, "cs.lead")
        assert (answer.status, answer.json["code"]) == (422, "invalid")
