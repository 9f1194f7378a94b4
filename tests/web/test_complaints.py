"""Complaints from filing to closure, as their callers see them."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.house import FRIDAY, KETTLE, PLAN, REPORT, SHOWN_PLAN, House, refused

from .uploads import upload

STAFF_VIEW = """
order_number product_name description contact channel category locale requested_remedy
complaint_id stage round outcome department assignee legal_issue inquiries evidence follow_ups related
merged_into other_closed_at taken_in plan_draft legal_reviews information_requests delivery order_check duplicate_of
to_call_since answered contact_masked
received_at acknowledged_at investigated_at plan_sent_at closed_at deadline breaches
investigation_report resolution_plans feedback policy_version version verdict cause_code grants
amount_disputed product_id seller consumer_flags external_ref metadata
safety related_found_by duplicate_found_by review_requested_at named left_to_supervisor_at
view allowed why_not
"""
FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}
PUBLIC_VIEW = """
complaint_id order_number product_name stage stage_name round outcome
received_at acknowledged_at investigated_at plan_sent_at closed_at deadline resolution_plan timeline next_cursor version
merged_into other_closed_at information_requests delivery evidence product_id seller amount_disputed external_ref
metadata review_until review_requested_at view allowed why_not
locale description category requested_remedy plans answers follow_ups reopen_until recourse
"""


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def seen_by(house: House, complaint_id: str, who: str = "cs.lin") -> Any:
    return house.get(f"/v1/complaints/{complaint_id}", who).json


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in KETTLE.items() if field != name}


# ---- filing (3.1, 4.1a, 4.1b) --------------------------------------------------------------------------------------


def test_filing_gives_a_receipt_with_all_that_the_consumer_needs(house: House) -> None:
    receipt = house.file()
    token = receipt["consumer_token"]
    assert receipt == {
        "complaint_id": receipt["complaint_id"],
        "stage": "received",
        "received_at": "2026-10-09T07:40:00Z",
        "acknowledge_by": "2026-10-10T07:40:00Z",
        "consumer_token": token,
        "tracking_url": f"https://www.example.com/complaints/{receipt['complaint_id']}#token={token}",
    }
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", token=token).status == 200


def test_a_complaints_id_is_short_and_survives_being_read_out(house: House) -> None:
    ids = {house.file()["complaint_id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", one) for one in ids)
    one = ids.pop()
    assert seen_by(house, one.lower())["complaint_id"] == one


@pytest.mark.parametrize("between", [" ", "", "－", "—", " - ", "\u200b-\ufeff", "\u00a0"])
def test_a_complaint_is_found_however_its_id_is_pasted(house: House, between: str) -> None:
    one = house.file()["complaint_id"]
    said = one.replace("-", between).translate(FULL_WIDTH if between == "－" else {})
    assert seen_by(house, said)["complaint_id"] == one


def test_an_order_is_one_order_however_its_number_is_written(house: House) -> None:
    """And it is kept as it was typed: the order system knows it so."""
    typed = ["RP-9", "rp-9", "ＲＰ－９", "RP–9", "\u200eRP-9", "rp - 9"]
    for number in typed:
        house.file(order_number=number)
    for number in ("RP-9", "ｒｐ—9"):
        found = house.get(f"/v1/complaints?order_number={quote(number)}", "cs.lin").json["items"]
        assert sorted(one["order_number"] for one in found) == sorted(typed)


def test_an_order_number_that_grows_when_it_is_made_plain_is_filed(house: House) -> None:
    number = "ﷺ" * 64
    mine = house.file(order_number=number)["complaint_id"]
    (found,) = house.get(f"/v1/complaints?order_number={quote(number)}", "cs.lin").json["items"]
    assert found["complaint_id"] == mine


def test_customer_service_files_for_a_caller(house: House) -> None:
    answer = house.post("/v1/complaints", KETTLE | {"channel": "phone"}, "cs.lin")
    assert answer.status == 201
    assert seen_by(house, answer.json["complaint_id"])["channel"] == "phone"


def test_whoever_files_for_a_caller_gets_nothing_to_act_as_the_caller_by(house: House) -> None:
    body, key = KETTLE | {"channel": "phone"}, {"Idempotency-Key": "k-1"}
    for _ in range(2):
        receipt = house.post("/v1/complaints", body, "cs.lin", headers=key).json
        assert (receipt["consumer_token"], receipt["tracking_url"]) == (None, None)


@pytest.mark.parametrize(("who", "channel"), [("storefront", "phone"), ("cs.lin", "web"), ("cs.lin", "app")])
def test_a_channel_belongs_to_those_who_answer_it(house: House, who: str, channel: str) -> None:
    refused(house.post("/v1/complaints", KETTLE | {"channel": channel}, who), 422, "invalid", field="channel")


@pytest.mark.parametrize("field", ["order_number", "product_name", "description", "contact", "channel", "category"])
@pytest.mark.parametrize("value", ["missing", None, "", " \u3000 ", "\u200b"])
def test_what_a_complaint_needs_at_least_is_needed(house: House, field: str, value: Any) -> None:
    body = without(field) if value == "missing" else KETTLE | {field: value}
    refused(house.post("/v1/complaints", body, "storefront"), 422, "invalid", field=field)


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ({}, "contact.name"),
        ({"name": "王芳"}, "contact.phone"),
        ({"name": "王芳", "phone": None, "email": None}, "contact.phone"),
        ({"name": " ", "phone": "13800138000"}, "contact.name"),
        ({"name": "王" * 101, "phone": "13800138000"}, "contact.name"),
        ({"name": "王芳", "phone": ""}, "contact.phone"),
        ({"name": "王芳", "phone": "13800138000", "email": ""}, "contact.email"),
    ],
)
def test_a_consumer_can_be_reached_by_name_and_at_least_one_way(house: House, contact: Any, field: str) -> None:
    refused(house.post("/v1/complaints", KETTLE | {"contact": contact}, "storefront"), 422, "invalid", field=field)


@pytest.mark.parametrize("way", [{"phone": "+8613800138000"}, {"email": "wang@example.cn"}])
def test_one_way_of_reaching_the_consumer_is_enough(house: House, way: dict[str, str]) -> None:
    filed = house.file(contact={"name": "王芳", **way})
    contact = seen_by(house, filed["complaint_id"])["contact"]
    assert (
        contact
        == {"name": "王芳", "phone": None, "email": None, "takes_texts": "phone" in way}
        | {"email_unusable": False}
        | way
    )


@pytest.mark.parametrize(("field", "longest"), [("order_number", 64), ("product_name", 200), ("description", 5000)])
def test_lengths_count_characters_after_trimming(house: House, field: str, longest: int) -> None:
    filed = house.file(**{field: f"  {'壶' * longest}\n"})
    assert seen_by(house, filed["complaint_id"])[field] == "壶" * longest
    too_long = KETTLE | {field: "壶" * (longest + 1)}
    refused(house.post("/v1/complaints", too_long, "storefront"), 422, "invalid", field=field)


def test_what_is_left_out_has_the_contracts_defaults(house: House) -> None:
    filed = house.post("/v1/complaints", without("requested_remedy"), "storefront").json
    view = seen_by(house, filed["complaint_id"])
    assert (view["locale"], view["requested_remedy"]) == ("zh-CN", None)


# ---- phone numbers and addresses -----------------------------------------------------------------------------------

SPELLINGS = {
    "+8613800138000": [
        *("(+86)13800138000", "tel:+8613800138000", "\u202a+86 138 0013 8000\u202c", "138\u200b00138000\ufeff"),
        *("13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "0086 13800138000", "8613800138000"),
        *("86-138-0013-8000", "(86) 13800138000", "＋８６１３８００１３８０００", " 13800138000 "),
    ],
    "+861065529988": [
        "010-65529988",
        "(010) 6552 9988",
        "01065529988",
        "０１０－６５５２９９８８",
        "+86 (0)10 65529988",
        "tel:+86-10-6552-9988",
        "010–6552—9988",
        "010−65529988",
    ],
    "+864008106666": ["400-810-6666", "4008106666"],
    "+85221234567": ["+852 2123 4567"],
    "+12024561111": ["+1 202 456 1111"],
    "+8618412345678;ext=1234": [
        *("18412345678-1234", "184-1234-5678 转1234", "18412345678轉 1234", "+8618412345678;ext=1234"),
        *("184 1234 5678 ext. 1234", "18412345678#1234", "18412345678，分机号：1234", "18412345678（转1234）"),
        *("18412345678,1234", "18412345678_1234", "18412345678 (1234)"),
    ],
    "+861065529988;ext=801": ["010-65529988-801", "010-65529988转801", "(010) 6552 9988 x801"],
}
NO_PHONES = [
    *("1380013800a", "138OO138OOO", "13800138000;ext=", "13800138000 13900139000", "13800138000,13900139000", "电话"),
    *("110", "12315", "95588", "65529988", "11111111111", "138001380000", "+", "-", "++8613800138000"),
    *("+999123456789", "۱۳۸۰۰۱۳۸۰۰۰", "65529988转801", "转801", "1380013\n8000", "1" * 5000),
]


@pytest.mark.parametrize(("e164", "written"), [(e164, one) for e164, many in SPELLINGS.items() for one in many])
def test_a_phone_number_is_kept_in_e164_however_it_is_written(house: House, e164: str, written: str) -> None:
    filed = house.file(contact={"name": "王芳", "phone": written})
    assert seen_by(house, filed["complaint_id"])["contact"]["phone"] == e164


@pytest.mark.parametrize(
    ("phone", "takes"),
    [
        *(("13800138000", True), ("+852 6123 4567", True), ("+1 202 456 1111", True)),
        *(("010-62345678", False), ("400-810-6666", False), ("18412345678-1234", False)),
        *(("+1 900 555 1234", False), ("+881 6 1234 5678", False), ("+882 13 300655", False), ("95588", None)),
    ],
)
def test_only_a_mobile_phone_is_said_to_take_text_messages(house: House, phone: str, takes: bool | None) -> None:
    answer = house.post("/v1/complaints", KETTLE | {"contact": {"name": "王芳", "phone": phone}}, "storefront")
    if takes is None:
        refused(answer, 422, "invalid", field="contact.phone")
    else:
        assert seen_by(house, answer.json["complaint_id"])["contact"]["takes_texts"] is takes


@pytest.mark.parametrize("phone", [*NO_PHONES, 13800138000, True, ["13800138000"]])
def test_what_nobody_can_dial_is_no_phone_number(house: House, phone: Any) -> None:
    contact = {"name": "王芳", "phone": phone, "email": "wang@example.cn"}
    answer = house.post("/v1/complaints", KETTLE | {"contact": contact}, "storefront")
    refused(answer, 422, "invalid", field="contact.phone")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Wang@EXAMPLE.CN ", "Wang@example.cn"),
        ("wang+shop@example.cn", "wang+shop@example.cn"),
        ("wang@例子.cn", "wang@xn--fsqu00a.cn"),
        ("wang＠example．cn", "wang@example.cn"),
        ("\u200bwang@example.cn\ufeff", "wang@example.cn"),
        ("mailto:wang.o'hara@example.cn", "wang.o'hara@example.cn"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(house: House, written: str, kept: str) -> None:
    filed = house.file(contact={"name": "王芳", "email": written})
    assert seen_by(house, filed["complaint_id"])["contact"]["email"] == kept


@pytest.mark.parametrize(
    "email",
    [
        *(
            "wang",
            "@",
            "wang@",
            "@example.cn",
            "wang@example",
            "wang@localhost",
            "wang@example..cn",
            "wang@[127.0.0.1]",
        ),
        *("wang @example.cn", "王芳 <wang@example.cn>", "a@example.cn, b@example.cn", "wang@exa\u0000mple.cn"),
        *("=?utf-8?q?a=0Ab?=@example.cn", "wang=2Cli@example.cn", "wang%li@example.cn", '"wang li"@example.cn'),
        *("wang@example.cn\r\nBcc: all@example.cn", f"{'w' * 300}@example.cn", 5, ["wang@example.cn"]),
    ],
)
def test_what_no_mail_can_reach_is_no_address(house: House, email: Any) -> None:
    contact = {"name": "王芳", "phone": "13800138000", "email": email}
    answer = house.post("/v1/complaints", KETTLE | {"contact": contact}, "storefront")
    refused(answer, 422, "invalid", field="contact.email")


# ---- views ---------------------------------------------------------------------------------------------------------


def test_staff_see_every_field_of_the_contract_at_every_stage(house: House) -> None:
    for stage in ("received", "awaiting_consumer", "closed"):
        view = seen_by(house, house.bring_to(stage)["complaint_id"], "audit.qin")
        assert view.keys() == set(STAFF_VIEW.split())
        assert view["stage"] == stage


def test_a_new_complaint_as_staff_see_it(house: House) -> None:
    view = seen_by(house, house.file()["complaint_id"])
    filed = KETTLE | {"contact": KETTLE["contact"] | {"takes_texts": True, "email_unusable": False}}
    assert {name: view[name] for name in KETTLE} == filed
    assert (view["stage"], view["round"], view["outcome"], view["version"]) == ("received", 1, None, 1)
    assert (view["department"], view["assignee"], view["policy_version"]) == ("customer_service", None, 1)
    assert view["deadline"] == {
        "stage": "received",
        "due_at": "2026-10-10T07:40:00Z",
        "provisional": False,
        "overdue": False,
        "waiting_since": None,
        "waiting_for": None,
    }
    assert view["legal_issue"] is False
    for name in ("merged_into", "delivery", "order_check", "duplicate_of", "investigation_report", "plan_draft"):
        assert view[name] is None
    for name in ("inquiries", "evidence", "follow_ups", "related", "breaches", "resolution_plans", "feedback"):
        assert view[name] == []
    assert view["information_requests"] == view["legal_reviews"] == []


def test_the_public_view_tells_nothing_that_is_internal(house: House) -> None:
    receipt = house.file()
    complaint_id = receipt["complaint_id"]
    secret = REPORT | {name: f"内部：{name}" for name in ("findings", "root_cause", "conclusion")}
    house.do(complaint_id, "assignment", {"assignee": "cs.chen"})
    house.do(complaint_id, "acknowledgement", {"message": "我们已受理。", "legal_issue": True})
    house.do(complaint_id, "notes", {"text": "内部：客户很着急"})
    house.do(complaint_id, "notes", {"text": "已联系仓库。", "public": True}, "logistics.gao")
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "内部：为什么会裂？"})
    house.do(complaint_id, "inquiries/1/answer", {"assessment": "内部：玻璃太薄"}, "quality.he")
    upload(house, receipt, "quality.he", file_name="内部.jpg")
    upload(house, receipt, file_name="裂缝.jpg", description="壶身")
    house.do(complaint_id, "delivery-updates", {"status": "delayed", "text": "因大雪延误。"}, "logistics.gao")
    house.do(complaint_id, "information-requests", {"question": "壶底的批号？"})
    house.do(complaint_id, "information", {"text": "批号是A17。"})
    house.do(complaint_id, "investigation-report", secret)
    house.do(complaint_id, "extension", {"working_days": 1, "reason": "等待仓库回复。"}, "management.zhou")
    house.do(complaint_id, "plan-draft", PLAN | {"summary": "内部：先给法务看"})
    draft = PLAN | {"reasons": None, "amount_reason": None}
    house.do(complaint_id, "plan-draft", draft)
    house.do(complaint_id, "legal-review", {"approved": True, "advice": "内部：可以"}, "legal.xu")
    assert house.do(complaint_id, "resolution-plan", PLAN).status == 200
    path = f"/v1/complaints/{complaint_id}"
    views = [house.get(path, token=receipt["consumer_token"]), house.get(path, "storefront")]
    for answer in views:
        assert answer.json.keys() == set(PUBLIC_VIEW.split())
        assert [entry["type"] for entry in answer.json["timeline"]] == [
            *("ComplaintFiled", "ComplaintAcknowledged", "NoteAdded", "EvidenceReceived", "DeliveryUpdated"),
            *("InformationRequested", "InformationGiven", "ClockResumed", "InvestigationReported"),
            *("DeadlineExtended", "PlanProposed"),
        ]
        assert answer.json["resolution_plan"] == SHOWN_PLAN
    for answer in (*views, house.get(path + "/timeline", token=receipt["consumer_token"])):
        for internal in ("内部", "cs.", "quality", "legal", "zhou", "gao", 'carrier":"', "13800138000", "wang@"):
            assert internal not in answer.text, internal
        for told in ("我们已受理。", "已联系仓库。", "裂缝.jpg", "因大雪延误。", "壶底的批号？", "等待仓库回复。"):
            assert told in answer.text, told


def test_who_did_it_is_told_to_the_consumer_by_kind_only(house: House) -> None:
    receipt = house.bring_to("closed")
    told = house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).json["timeline"]
    assert [(entry["type"], entry["by"]) for entry in told] == [
        ("ComplaintFiled", "storefront"),
        ("ComplaintAcknowledged", "staff"),
        ("InvestigationReported", "staff"),
        ("PlanProposed", "staff"),
        ("PlanAccepted", "staff"),
        ("FollowUpPromised", "system"),
    ]
    assert told[-1]["details"] == {"number": 1, "measure": "退款到账后回访", "due_at": "2026-10-14T16:00:00Z"}


@pytest.mark.parametrize(
    ("locale", "name"), [("zh-CN", "已收到，待受理"), ("zh-TW", "已收到，待受理"), ("en", "Received")]
)
def test_a_stage_is_named_in_the_consumers_language(house: House, locale: str, name: str) -> None:
    receipt = house.file(locale=locale)
    view = house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).json
    assert view["stage_name"] == name


@pytest.mark.parametrize(("locale", "name"), [("zh-CN", "已撤回"), ("zh-TW", "已撤回"), ("en", "Withdrawn")])
def test_what_is_closed_is_called_by_how_it_ended_in_the_consumers_language(
    house: House, locale: str, name: str
) -> None:
    receipt = house.file(locale=locale)
    token, path = receipt["consumer_token"], f"/v1/complaints/{receipt['complaint_id']}"
    assert house.post(f"{path}/withdrawal", {}, token=token).json["stage_name"] == name
    view = house.get(path, token=token).json
    assert (view["stage"], view["outcome"], view["stage_name"]) == ("closed", "withdrawn", name)
