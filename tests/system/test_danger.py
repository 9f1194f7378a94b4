"""A story of each tier on the running system, and of a decision that another person takes, in the first days of
December 2026, when version 2 of the policy is in force. The clock is only ever moved on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.examples import REJECTION
from tests.house import PLAN, REPORT

from .cast import CONSUMER, Case, Cast, china, on_stage

MISSED, RANG, ESCALATED = "DeadlineMissed", "ReminderRaised", "Escalated"


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(china(12, 1, 9)) as everybody:
        yield everybody


def tier(case: Case) -> str | None:
    safety = case.seen()["safety"]
    return safety and str(safety["tier"])


def due(case: Case, task: str) -> datetime:
    (found,) = [one for one in case.seen()["safety"]["tasks"] if one["task"] == task]
    return datetime.fromisoformat(found["due_at"])


def test_act_somebody_is_called_at_night_assessed_in_the_morning_and_an_authority_is_told(cast: Cast) -> None:
    cast.be(china(12, 1, 23, 30))
    reached_at = {"name": "李想", "phone": "13700137000", "email": "lixiang@example.cn"}
    said = "睡到半夜电热毯着火了，孩子的手被烫伤，正在医院急诊。"
    case = cast.file(product_name="电热毯", description=said, contact=reached_at)
    assert (tier(case), case.seen()["safety"]["by"]) == ("act", "system")
    assert case.told("management") == ["safety"]
    assert case.told("quality") == ["safety_assessment"]
    assert case.told("supervisor") == ["safety_call"]
    assert "safety_call" in case.told("customer_service")
    messages = [one for who in ("management", "quality", "supervisor") for one in case.messages(who)]
    assert {one["sent_at"] for one in messages} == {case.seen()["received_at"]}, "at once, in the middle of the night"
    assert not [one for one in messages if "急诊" in one["text"] or "电热毯" in one["text"]], "many read a topic"
    assert len({one["text"] for one in messages}) == 3, "each in their own words"
    assert due(case, "safety_call") == china(12, 2, 1, 30)

    case.do("calls", {"about": "safety", "reached": False, "note": "无人接听"})
    cast.be(china(12, 2, 1, 31))
    assert case.alarms("safety_call") == [(RANG, china(12, 2, 0, 30)), (MISSED, china(12, 2, 1, 30))]
    assert case.told("management") == ["breach"], "nobody sleeps through it"
    case.do("calls", {"about": "safety", "reached": True, "note": "孩子无大碍，毯子已断电"}, "cs.lead")
    case.do("interim-measures", {"text": "请停用电热毯并保留原物，医药费我们先行垫付。"})
    assert "interim_measure" in case.told()
    texts = [
        one for one in cast.system.outbox() if one["channel"] == "sms" and one["complaint_id"] == case.complaint_id
    ]
    assert any("停用电热毯" in one["text"] for one in texts), "whatever the hour"
    cast.be(china(12, 2, 9))
    assert [kind for kind, _ in case.alarms("safety_call")] == [RANG, MISSED], "it was called"

    assessment = {"harmed": "serious", "stop_selling": True, "report_to": [], "note": "温控器失效。"}
    seen = case.do("safety-assessment", assessment, "quality.he")
    assert seen["safety"]["assessed"]["report_to"] == ["market_regulator"]
    assert seen["legal_issue"], "somebody was harmed"
    assert case.told("legal") == ["legal_issue"]
    assert "safety_assessed" in case.told("management")
    assert due(case, "safety_report_market market_regulator") == china(12, 4, 24)
    case.do("authority-reports", {"authority": "market_regulator", "reference": "SAMR-1"}, "quality.he")
    assert case.seen()["safety"]["tasks"] == []
    case.do("withdrawal", {}, CONSUMER)
    cast.be(china(12, 7, 9))
    assert case.alarms("safety_report_market market_regulator") == []
    case.check_that_all_were_told_once()


def test_look_is_looked_into_the_same_working_day_or_somebody_answers_for_it(cast: Cast) -> None:
    cast.be(china(12, 8, 10))
    case = cast.file(product_name="面包", description="打开包装发现面包发霉了，还没吃。")
    assert tier(case) == "look"
    assert case.told("quality") == ["safety_task"]
    assert case.told("management") == []
    assert due(case, "safety_look") == china(12, 9, 24)
    cast.be(china(12, 10, 8, 1))
    assert (MISSED, china(12, 9, 24)) in case.alarms("safety_look")
    (breach,) = [one for one in case.seen()["breaches"] if one["clock"] == "safety_look"]
    assert breach["held_by"] == "quality"
    case.do("triage", {"tier": "none", "reason": "仅外包装受潮，已核实。"}, "quality.he")
    case.do("information", {"text": "面包发霉，我已经扔了。"}, CONSUMER)
    assert tier(case) == "none", "these words are known"
    case.do("information", {"text": "孩子吃了一口，现在上吐下泻，在医院挂水"}, CONSUMER)
    assert tier(case) == "act", "these are not"
    assert "safety_call" in case.told("supervisor")
    case.do("calls", {"about": "safety", "reached": True})
    case.do(
        "safety-assessment", {"harmed": "none", "stop_selling": False, "report_to": [], "note": "复核。"}, "quality.he"
    )
    case.do("withdrawal", {}, CONSUMER)


def test_skin_has_three_days_and_a_report_of_its_own(cast: Cast) -> None:
    cast.be(china(12, 14, 10))
    case = cast.file(product_name="洗发水", description="用了一周头皮很痒，还掉发。")
    assert tier(case) == "skin"
    assert due(case, "safety_skin") == china(12, 17, 24)
    assessment = {"harmed": "minor", "stop_selling": False, "report_to": ["cosmetics"], "note": "轻微刺激。"}
    case.do("safety-assessment", assessment, "quality.he")
    assert due(case, "safety_report_cosmetics cosmetics") >= china(12, 14, 10) + timedelta(days=30)
    case.do("authority-reports", {"authority": "cosmetics"}, "quality.he")
    case.do("withdrawal", {}, CONSUMER)


def test_privacy_is_seen_to_within_a_day_by_customer_service(cast: Cast) -> None:
    cast.be(china(12, 15, 10))
    case = cast.file(product_name="运动鞋", description="刚下单就有人冒充客服打电话让我转账，我的信息泄露了。")
    assert tier(case) == "privacy"
    assert case.told("supervisor") == ["safety_task"]
    assert due(case, "safety_privacy") == china(12, 16, 10)
    case.do("calls", {"about": "safety", "reached": True, "note": "已提醒勿转账"})
    assert case.seen()["safety"]["tasks"] == []
    case.do("withdrawal", {}, CONSUMER)


def test_from_december_on_a_decision_has_a_verdict_a_cause_and_a_basis_and_can_be_had_anew(cast: Cast) -> None:
    cast.be(china(12, 16, 11))
    case = cast.file()
    assert case.seen()["policy_version"] == 2
    case.do("acknowledgement")
    bare = {name: value for name, value in REPORT.items() if name not in ("verdict", "cause_code")}
    problem = case.refused("investigation-report", bare, status=422)
    assert {fault["field"] for fault in problem["errors"]} == {"verdict", "cause_code"}
    case.do("investigation-report", REPORT)
    without = {name: value for name, value in REJECTION.items() if name != "basis"}
    assert [fault["field"] for fault in case.refused("resolution-plan", without, status=422)["errors"]] == ["basis"]
    case.do("resolution-plan", REJECTION)
    (letter,) = [one for one in case.letters() if "消费者权益保护法" in one["text"]]
    assert "12315" in letter["text"], "and the routes outside"
    author = "cs.lin"
    seen = case.do("review-request", {"reason": "请换一位工作人员重新看。"}, CONSUMER)
    assert (seen["stage"], seen["round"]) == ("planning", 2)
    staff = case.seen()
    assert staff["deadline"]["due_at"] == "2026-12-23T16:00:00Z", "five working days"
    assert staff["assignee"] not in (author, None)
    case.refused("resolution-plan", PLAN, author)
    case.refused("assignment", {"assignee": author}, "cs.lead", status=422)
    case.do("resolution-plan", PLAN, staff["assignee"])
    case.do("feedback", {"satisfied": True}, CONSUMER)
    case.refused("review-request", {"reason": "再来一次。"}, CONSUMER)
    case.do("follow-ups/1/completion", {}, staff["assignee"])
    case.check_that_all_were_told_once()
