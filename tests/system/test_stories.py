"""Stories of complaints on the running system, from the first call to the last notice. They follow on one another in
one autumn: each begins at its own time, and the clock is only ever moved on.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.house import PLAN, REPORT

from .cast import CONSUMER, Case, Cast, china, instant, on_stage, post_form

FRIDAY = china(10, 9, 15, 40)  # before a Saturday that makes up for the National Day holiday
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
ANSWER = {"assessment": "壶身有暗裂，出厂检验漏检。", "recommended_solution": "全额退款"}
RANG, MISSED, ESCALATED = "ReminderRaised", "DeadlineMissed", "Escalated"


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(FRIDAY) as everybody:
        yield everybody


def settled(case: Case, **report: Any) -> None:
    """From the investigation to the last promise: the report, a refund, a satisfied consumer."""
    case.do("investigation-report", REPORT | report)
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, CONSUMER)
    case.do("follow-ups/1/completion")


# ---- waiting for the consumer ----------------------------------------------------------------------------------------


def test_a_question_over_a_weekend_with_a_make_up_day_moves_the_due_date_by_the_working_time_waited(cast: Cast) -> None:
    cast.be(china(10, 9, 16))
    case = cast.file()
    case.do("acknowledgement")
    assert case.seen()["deadline"]["due_at"] == "2026-10-13T16:00:00Z", "Saturday, Monday, Tuesday"
    asked = case.do("information-requests", {"question": "外箱有没有破损？方便的话请附上照片。"})
    assert case.told() == ["receipt", "acknowledgement", "information_request"]
    assert "外箱有没有破损？" in case.letters()[-1]["text"]
    assert case.seen(by=CONSUMER)["deadline"]["waiting_since"] == asked["asked_at"]
    case.refused("extension", {"working_days": 2, "reason": "等待检测"}, "cs.lead")

    cast.be(china(10, 12, 9))
    case.do("information", {"text": "外箱完好，里面没有缓冲材料。"}, CONSUMER)
    assert case.told("customer_service") == ["information_given"]
    (request,) = case.seen()["information_requests"]
    waited = instant(request["answered_at"]) - instant(request["asked_at"])
    on_sunday = timedelta(days=1)
    due = instant(case.seen()["deadline"]["due_at"])
    assert due == china(10, 13, 24) + waited - on_sunday
    assert due == china(10, 15, 17), "8 hours of Friday, Saturday, 9 hours of Monday"

    cast.be(china(10, 14, 21, 1))
    assert case.alarms("stage") == [(RANG, china(10, 14, 21))]
    settled(case)
    case.check_that_all_were_told_once()


# ---- departments -----------------------------------------------------------------------------------------------------


def test_a_cracked_kettle_about_which_quality_answers_late(cast: Cast) -> None:
    cast.be(china(10, 15, 10))
    case = cast.file(category="product_quality", description="收到就是裂的，壶身有一道缝，倒水会漏。")
    photo = case.upload(PNG, file_name="裂缝.png", description="壶身的裂缝")
    (listed,) = case.seen(by=CONSUMER)["evidence"]
    assert (listed["evidence_id"], listed["sha256"]) == (photo, hashlib.sha256(PNG).hexdigest())
    assert case.download(photo) == case.download(photo, "quality.he") == PNG

    case.do("acknowledgement", {"message": "已受理，正在请品质管理部核查。"})
    (inquiry,) = case.seen()["inquiries"]
    assert (inquiry["department"], inquiry["due_at"]) == ("quality", "2026-10-16T16:00:00Z")
    assert case.told("quality") == ["inquiry_asked"]
    report = REPORT | {"evidence": [photo, "order"]}
    assert case.refused("investigation-report", report)["values"]["inquiries"] == ["1"]

    cast.be(china(10, 16, 9))
    assert case.told("quality") == ["reminder"]
    cast.be(china(10, 17, 1))
    (breach,) = case.seen()["breaches"]
    assert (breach["clock"], breach["held_by"], breach["due_at"]) == ("inquiry 1", "quality", inquiry["due_at"])
    assert case.told("quality") == case.told("supervisor") == [], "they are asleep"
    cast.be(china(10, 17, 9))
    assert case.told("quality") == case.told("supervisor") == ["breach"]
    cast.be(china(10, 20, 9))
    assert case.told("management") == ["escalation"]
    assert "品质管理部" in case.messages("management")[-1]["text"]
    assert case.alarms("inquiry 1") == [
        (RANG, china(10, 15, 21)),
        (MISSED, china(10, 16, 24)),
        (ESCALATED, china(10, 20, 8)),
    ]

    case.do("inquiries/1/answer", ANSWER, "quality.he")
    assert "inquiry_answered" in case.told("customer_service")
    case.refused("investigation-report", report | {"evidence": ["7"]}, status=422)
    case.do("investigation-report", report)
    case.do("resolution-plan", PLAN)
    assert "59.90 元" in case.letters()[-1]["text"]
    case.do("feedback", {"satisfied": True}, CONSUMER)
    assert case.told() == ["receipt", "acknowledgement", "plan", "closure"]
    assert PLAN["follow_up_measures"][0] in case.letters()[-1]["text"]

    cast.be(china(10, 26, 9))  # 5 days end on Sunday, so on Monday
    assert case.alarms("follow_up 1") == [(RANG, china(10, 25, 21))]
    assert "reminder" in case.told("customer_service")
    case.do("follow-ups/1/completion", {"note": "退款已到账。"})
    case.refused("follow-ups/1/completion")
    assert case.told() == ["survey", "follow_ups_done"]
    seen = case.seen()
    assert (seen["stage"], seen["outcome"], len(seen["breaches"])) == ("closed", "satisfied", 1)
    case.check_that_all_were_told_once()


def test_a_lost_parcel_whose_consumer_is_told_each_time(cast: Cast) -> None:
    cast.be(china(10, 26, 10))
    case = cast.file(category="delivery", description="包裹一周没有动静，物流信息停在杭州。")
    case.do("acknowledgement")
    assert case.told("logistics") == ["inquiry_asked"]
    late = {"status": "delayed", "text": "包裹滞留在杭州转运中心。", "carrier": "中通快递", "tracking_number": "ZT42"}
    case.refused("delivery-updates", late, "quality.he", status=403)
    case.do("delivery-updates", late, "logistics.gao")
    assert case.told() == ["receipt", "acknowledgement", "delivery_update"]
    letter = case.letters()[-1]
    assert letter["subject"].startswith("物流状态更新：配送延误")
    assert "杭州转运中心" in letter["text"]
    assert "ZT42" in letter["text"]

    cast.be(china(10, 27, 10))
    case.do("delivery-updates", {"status": "lost", "text": "承运方确认包裹丢失。"}, "logistics.gao")
    assert case.told() == ["delivery_update"]
    assert case.seen(by=CONSUMER)["delivery"]["update"]["status"] == "lost"
    case.do("inquiries/1/answer", {"assessment": "在转运中心遗失。"}, "logistics.gao")
    case.do("investigation-report", REPORT | {"root_cause": "包裹在转运中心遗失。"})
    case.do("resolution-plan", PLAN | {"methods": [{"kind": "replacement", "detail": "今天补发一件。"}]})
    case.do("feedback", {"satisfied": True}, CONSUMER)
    assert case.told() == ["plan", "closure"]
    for status, text in (("in_transit", "补发的包裹已寄出。"), ("delivered", "您已签收。")):
        case.do("delivery-updates", {"status": status, "text": text}, "logistics.gao")
        assert case.told() == ["delivery_update"], "also after the closure"
    case.do("follow-ups/1/completion")
    assert case.happened(CONSUMER).count("DeliveryUpdated") == 4
    case.check_that_all_were_told_once()


def test_a_fake_brand_whose_first_plan_legal_refuses_and_whose_second_it_approves(cast: Cast) -> None:
    cast.be(china(10, 28, 10))
    case = cast.file(category="false_advertising", description="页面写着正品，收到的是冒牌货。")
    assert case.told("legal") == ["legal_issue"]
    assert case.told("management") == []
    case.do("acknowledgement")
    case.do("inquiries/1/answer", {"assessment": "构成虚假宣传，应退一赔三。"}, "legal.xu")
    case.do("investigation-report", REPORT)
    assert case.refused("resolution-plan", PLAN)["reason"] == "legal_must_approve"
    case.refused("legal-review", {"approved": True, "advice": "同意。"}, status=403)

    case.do("plan-draft", PLAN)
    assert case.told("legal")[-1] == "plan_drafted"
    case.do("legal-review", {"approved": False, "advice": "仅退款不够，应依法三倍赔偿。"}, "legal.xu")
    assert case.told("customer_service")[-1] == "legal_reviewed"
    case.refused("resolution-plan", PLAN)
    threefold = {"kind": "compensation", "detail": "三倍赔偿", "amount": {"value": "179.70", "currency": "CNY"}}
    better = PLAN | {"methods": [*PLAN["methods"], threefold]}
    case.do("plan-draft", better)
    draft = case.seen()["plan_draft"]["number"]
    case.do("legal-review", {"approved": True, "advice": "退一赔三，合法。", "draft": draft}, "legal.xu")
    case.refused("resolution-plan", PLAN)  # another text than the one that was approved
    case.do("resolution-plan", better)
    assert "179.70 元" in case.letters()[-1]["text"]

    case.do("feedback", {"satisfied": False, "opinion": "还要公开道歉。"}, CONSUMER)
    case.refused("resolution-plan", PLAN)  # the adjusted plan is approved anew
    adjusted = PLAN | {"methods": [threefold, {"kind": "apology", "detail": "书面道歉"}]}
    case.do("plan-draft", adjusted)
    case.do("legal-review", {"approved": True, "advice": "可以道歉。"}, "legal.xu")
    case.do("resolution-plan", adjusted)
    case.do("feedback", {"satisfied": True}, CONSUMER)
    assert case.told() == ["receipt", "acknowledgement", "plan", "adjusted_plan", "closure"]
    assert "advice" not in str(case.seen(by=CONSUMER))
    case.do("follow-ups/1/completion")
    case.check_that_all_were_told_once()


def test_an_allergic_reaction_is_told_to_management_at_once_even_at_night(cast: Cast) -> None:
    cast.be(china(10, 28, 23, 30))
    case = cast.file(product_name="面霜 50g", description="用后脸上过敏红肿，连夜去医院看了急诊。")
    assert case.told("management") == ["safety"]
    assert case.told("legal") == []
    (message,) = case.messages("management")
    assert message["sent_at"] == case.seen()["received_at"]
    assert "急诊" not in message["text"], "many read a topic"
    (found,) = (one for one in case.seen("timeline")["items"] if one["type"] == "DangerFound")
    assert {"急诊"} <= set(found["details"]["words"])
    assert "DangerFound" not in case.happened(CONSUMER)

    assessment = {"harmed": "minor", "stop_selling": False, "report_to": [], "note": "皮肤红肿。"}
    case.do("safety-assessment", assessment, "quality.he")
    assert case.told("legal") == ["legal_issue"]
    case.do("calls", {"about": "safety", "reached": True})

    case.do("acknowledgement")
    case.do("investigation-report", REPORT)
    case.refused("resolution-plan", PLAN)
    case.do("plan-draft", PLAN)
    case.do("legal-review", {"approved": True, "advice": "先行赔付医疗费。"}, "legal.xu")
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, CONSUMER)
    case.do("follow-ups/1/completion")
    case.check_that_all_were_told_once()


# ---- the consumer thinks again ---------------------------------------------------------------------------------------


def test_a_withdrawn_complaint_rests_until_its_consumer_reopens_it(cast: Cast) -> None:
    cast.be(china(10, 29, 10))
    case = cast.file(category="product_quality", description="壶盖关不严。")
    case.do("acknowledgement")
    seen = case.do("withdrawal", {"reason": "擦干以后能关上了。"}, CONSUMER)
    assert (seen["stage"], seen["outcome"], seen["deadline"]) == ("closed", "withdrawn", None)
    assert case.told() == ["receipt", "acknowledgement", "withdrawal"]
    assert "&answer=reopen" in case.letters()[-1]["text"]
    case.refused("acknowledgement")

    cast.be(china(11, 3, 10))
    assert case.alarms("stage") == case.alarms("inquiry 1") == [], "nothing waits any more"
    case.refused("reopening", {"reason": "又关不上了。"}, "quality.he", status=403)
    seen = case.do("reopening", {"reason": "又关不上了。"}, CONSUMER)
    assert (seen["stage"], seen["round"], seen["outcome"]) == ("investigating", 2, None), "there is no report yet"
    assert seen["deadline"]["due_at"] == "2026-11-06T16:00:00Z"
    assert case.told() == ["reopening"]
    assert case.told("customer_service")[-1] == "reopened"
    case.refused("resolution-plan", PLAN)
    case.refused("investigation-report", REPORT)
    case.do("inquiries/2/answer", ANSWER, "quality.he")
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, CONSUMER)
    assert case.told() == ["adjusted_plan", "closure"]
    case.do("follow-ups/1/completion")
    case.check_that_all_were_told_once()


def test_a_duplicate_is_flagged_and_merged_and_its_link_goes_on_working(cast: Cast) -> None:
    cast.be(china(11, 3, 14))
    first = cast.file(order_number="E20261101-7777", product_name="电热水壶 1.7L")
    cast.pass_time("PT1S")
    second = cast.file(order_number="E20261101-7777", product_name="电热水壶 1.7l")
    other = cast.file(contact=first.filing["contact"], product_name="保温杯 500ml")
    assert (second.seen()["duplicate_of"], second.seen()["related"]) == (first.complaint_id, [first.complaint_id])
    assert (first.seen()["duplicate_of"], other.seen()["duplicate_of"]) == (None, None)
    assert set(first.seen()["related"]) == {second.complaint_id, other.complaint_id}

    seen = second.do("merger", {"into": first.complaint_id})
    assert (seen["stage"], seen["outcome"], seen["merged_into"]) == ("closed", "merged", first.complaint_id)
    assert second.told() == ["receipt", "merged"]
    assert first.complaint_id in second.letters()[-1]["text"]
    seen = second.seen(by=CONSUMER)
    assert (seen["outcome"], seen["merged_into"]) == ("merged", first.complaint_id)
    assert first.complaint_id in second.refused("reopening", {"reason": "还没解决。"}, CONSUMER)["detail"]

    for case in (first, other):
        case.do("acknowledgement")
        settled(case)
        case.check_that_all_were_told_once()
    second.check_that_all_were_told_once()
    assert second.told()[-2:] == ["other_plan", "other_closed"]


def test_a_merger_that_was_a_mistake_is_undone_and_each_goes_its_own_way(cast: Cast) -> None:
    cast.be(china(11, 3, 14))
    first = cast.file(order_number="E20261101-8888", product_name="电热水壶 1.7L")
    second = cast.file(order_number="E20261101-8888", product_name="保温杯 500ml")
    second.do("acknowledgement")
    due_at = second.seen()["deadline"]["due_at"]
    second.do("merger", {"into": first.complaint_id})
    assert first.seen()["taken_in"] == [second.complaint_id]
    cast.be(china(11, 4, 10))
    seen = second.do("merger", {"into": None})
    assert (seen["stage"], seen["outcome"], seen["deadline"]["due_at"]) == ("investigating", None, due_at)
    assert first.seen()["taken_in"] == []
    for case in (first, second):
        if case is first:
            case.do("acknowledgement")
        settled(case)
        case.check_that_all_were_told_once()
    assert "separated" in second.told()
    assert "other_plan" not in second.told()


# ---- files -----------------------------------------------------------------------------------------------------------


def test_files_that_are_none_that_is_taken_are_never_opened(cast: Cast) -> None:
    cast.be(china(11, 4, 10))
    case, other = cast.file(order_number="X1"), cast.file(order_number="X2")
    offer = {"file_name": "照片.png", "content_type": "image/png", "size": len(PNG)}

    def form(**changes: Any) -> dict[str, Any]:
        return dict(case.do("evidence", offer | changes, CONSUMER)["upload"])

    for wrong in ({"size": 20 * 1024 * 1024 + 1}, {"size": 0}):
        case.refused("evidence", offer | wrong, CONSUMER, status=422)
    assert post_form(form(), PNG, Content_Type="text/html") == 403
    assert post_form(form(), b"x" * (20 * 1024 * 1024 + 1)) == 400
    foreign = other.do("evidence", offer, CONSUMER)["upload"]["fields"]["key"]
    assert post_form(form(), PNG, key=foreign) == 403
    assert post_form(form(size=1), b"MZ\x90\0 not a picture") == 204, "S3 cannot know what it is"
    expired = form()
    cast.pass_time("PT16M")
    assert post_form(expired, PNG) == 403

    cast.line.settle()
    for one in (case, other):
        expected = ["program"] * (one is case)
        for by in (CONSUMER, "cs.lin"):
            assert [file["refused"]["reason"] for file in one.seen(by=by)["evidence"]] == expected
        assert "EvidenceReceived" not in one.happened()
    assert case.happened().count("EvidenceQuarantined") == 1
    assert case.happened(CONSUMER).count("EvidenceQuarantined") == 1, "whoever uploaded it is not left wondering"
    for evidence_id in ("1", "2", "3", "4", "5"):
        case.refused_to_see(f"evidence/{evidence_id}", CONSUMER)
        case.refused_to_see(f"evidence/{evidence_id}")
    for one in (case, other):
        one.do("withdrawal", by=CONSUMER)


# ---- the order -------------------------------------------------------------------------------------------------------


def test_the_order_is_verified_by_itself_and_by_hand_while_the_shop_does_not_answer(cast: Cast) -> None:
    cast.be(china(11, 5, 10))
    known, unknown = cast.file(order_number="E20261101-0042"), cast.file(order_number="X-0042")
    check = known.seen()["order_check"]
    assert check["found"] is True
    assert (check["facts"]["order_number"], check["facts"]["ordered_at"]) == ("E20261101-0042", "2026-11-01T02:00:00Z")
    assert [one["evidence_id"] for one in known.seen()["evidence"]] == ["order"]
    assert known.seen(by=CONSUMER)["evidence"] == []
    assert b"E20261101-0042" in known.download("order", "cs.lin")
    assert (unknown.seen()["order_check"]["found"], unknown.seen()["evidence"]) == (False, [])

    cast.line.at_desk("test", "POST", "/order-system", json={"up": False})
    by_hand = cast.file()
    cast.line.at_desk("test", "POST", "/order-system", json={"up": True})
    assert by_hand.seen()["order_check"] == {
        "checked_at": by_hand.seen()["order_check"]["checked_at"],
        "found": None,
        "why": "no_answer",
        "facts": None,
    }
    for case in (known, unknown, by_hand):
        assert case.told() == ["receipt"]
        case.do("acknowledgement")
        settled(case, evidence=["order"] if case is known else [])
        assert case.seen()["outcome"] == "satisfied"
        case.check_that_all_were_told_once()


# ---- and nobody answers ----------------------------------------------------------------------------------------------


def test_a_question_that_nobody_answers_stops_the_clock_for_five_working_days_and_no_longer(cast: Cast) -> None:
    cast.be(china(11, 6, 10))
    case = cast.file()
    case.do("acknowledgement")
    asked = case.do("information-requests", {"question": "外箱有没有破损？"})
    cast.be(china(11, 13, 11))
    assert case.told() == ["receipt", "acknowledgement", "information_request", "information_request"]
    assert case.alarms("information 1") == [
        (RANG, china(11, 11, 8)),
        ("WaitExpired", instant(asked["asked_at"]) + timedelta(days=7)),
    ]
    assert case.seen()["deadline"]["due_at"] == "2026-11-18T16:00:00Z", "Wednesday, and five working days"
    assert "2026年11月18日（星期三）24:00" in case.messages("customer_service")[-1]["text"]
    settled(case)
    case.check_that_all_were_told_once()


# ---- a mistyped address ----------------------------------------------------------------------------------------------


def test_a_stranger_whose_address_was_typed_can_do_nothing_once_it_is_corrected(cast: Cast) -> None:
    cast.be(china(11, 16, 10))
    case = cast.file(contact={"name": "王芳", "email": "stranger@example.cn"})
    case.do("acknowledgement")
    right = {"name": "王芳", "email": "wang.fang@example.cn"}
    case.do("contact", {"contact": right, "reason": "来电更正：邮箱写错了。"})
    case.refused("withdrawal", by=CONSUMER, status=401)
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    assert len(cast.system.outbox("stranger@example.cn")) == 2, "the receipt and the acknowledgement"
    mailed = [message["text"] for message in cast.system.outbox("wang.fang@example.cn")]
    assert "联系方式已按您告知的更正" in mailed[0]
    case.token = mailed[1].partition("#token=")[2].partition("&round=1")[0]
    assert case.do("feedback", {"satisfied": True, "round": 1}, CONSUMER)["outcome"] == "satisfied"


# ---- a couple, and a caller ------------------------------------------------------------------------------------------


def test_of_a_couple_whose_complaints_are_merged_the_one_who_did_not_agree_can_have_theirs_reopened(cast: Cast) -> None:
    cast.be(china(11, 16, 10))
    wife = cast.file(order_number="E20261111-5200")
    cast.pass_time("PT1H")
    husband = cast.file(
        order_number="E20261111-5200",
        contact={"name": "李强", "email": "li.qiang@example.cn"},
        category="false_advertising",
        description="页面写的是304不锈钢，收到的不是。",
    )
    husband.do("merger", {"into": wife.complaint_id})
    assert wife.seen()["legal_issue"], "his goes along"
    assert set(husband.told()) == {"receipt", "merged"}

    wife.do("acknowledgement")
    wife.do("investigation-report", REPORT)
    wife.refused("resolution-plan", PLAN)
    wife.do("plan-draft", PLAN)
    wife.do("legal-review", {"approved": True, "advice": "可以。"}, "legal.xu")
    wife.do("resolution-plan", PLAN)
    wife.do("feedback", {"satisfied": True}, CONSUMER)
    assert husband.told() == ["other_plan", "other_closed"]
    assert PLAN["summary"] in husband.letters()[-2]["text"]
    assert wife.email not in "".join(letter["text"] for letter in husband.letters())

    cast.be(china(12, 1, 10))
    seen = husband.do("reopening", {"reason": "材质的问题没有答复。"}, CONSUMER)
    assert (seen["stage"], seen["outcome"]) == ("received", None), "nobody has acknowledged his"
    wife.do("follow-ups/1/completion")
    for case in (wife, husband):
        case.check_that_all_were_told_once()


def test_who_calls_from_a_landline_is_called_back_once_and_their_answer_is_marked_as_staffs(cast: Cast) -> None:
    cast.be(china(11, 16, 10))
    contact = {"name": "赵奶奶", "phone": "（010）６２３４－５６７８"}
    case = cast.file("cs.lin", channel="phone", contact=contact)
    assert case.token == "", "who files for a caller cannot act as the caller"
    assert case.seen()["contact"]["takes_texts"] is False
    assert case.told("customer_service") == ["bounce"]
    case.do("acknowledgement")
    assert case.told("customer_service") == [], "one request to call"
    assert case.seen()["to_call_since"]
    case.do("calls", {"about": "notice", "reached": False, "note": "无人接听。"})
    assert case.seen()["to_call_since"], "nobody was reached"
    case.do("calls", {"about": "notice", "reached": True})
    assert case.seen()["to_call_since"] is None
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    case.do("calls", {"about": "acceptance", "reached": True, "note": "同意退款。"})
    assert case.do("feedback", {"satisfied": True})["feedback"][-1]["given_by"] == "staff"
    assert cast.system.outbox("+861062345678") == [], "a landline takes no texts"


# ---- afterwards ------------------------------------------------------------------------------------------------------


def test_after_thirty_days_a_closed_complaint_stays_closed(cast: Cast) -> None:
    cast.be(china(11, 16, 10))
    case = cast.file()
    case.do("withdrawal", by=CONSUMER)
    cast.be(china(11, 30, 10))
    assert case.do("reopening", {"reason": "问题又出现了。"}, CONSUMER)["round"] == 2
    case.do("withdrawal", by=CONSUMER)
    cast.be(china(12, 30, 23, 50))
    assert case.seen(by=CONSUMER)["stage"] == "closed"
    cast.be(china(12, 30, 24))
    case.refused("reopening", {"reason": "问题又出现了。"}, CONSUMER)
