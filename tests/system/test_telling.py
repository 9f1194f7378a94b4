"""Whoever is to be told is told, once and in their own language, whatever becomes of the mail. On the running system,
in one autumn: each story begins at its own time, and the clock is only ever moved on.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.house import REPORT

from .cast import CONSUMER, Case, Cast, china, instant, on_stage

FRIDAY = china(10, 9, 15, 40)  # before a Saturday that makes up for the National Day holiday
PHONE = "+8613900139001"


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(FRIDAY) as everybody:
        yield everybody


def at_simulator(mailbox: str, phone: str | None = None) -> dict[str, str]:
    """A contact whose mailbox behaves as its name says."""
    contact = {"name": "林小姐", "email": f"{mailbox}@simulator.amazonses.com"}
    return contact | ({"phone": phone} if phone else {})


def channels(case: Case, kind: str) -> dict[str, str]:
    """How a notice to the consumer fared, by channel."""
    (notice,) = (
        one for one in case.seen("notices?limit=100")["items"] if (one["audience"], one["kind"]) == (CONSUMER, kind)
    )
    return {one["channel"]: one["state"] for one in notice["channels"]}


# ---- the digest ------------------------------------------------------------------------------------------------------


def digests(cast: Cast, department: str) -> list[tuple[datetime, str]]:
    """When a department had its digests, and what stood in them."""
    outbox = cast.system.outbox()
    mine = [one for one in outbox if one["to"].endswith(f"{department}Topic") and " digest " in one["subject"]]
    return [(instant(one["sent_at"]), one["text"]) for one in mine]


def test_each_department_has_its_digest_at_eight_on_working_days_once(cast: Cast) -> None:
    cast.be(FRIDAY)
    waiting, asked = cast.file(), cast.file(category="product_quality")
    asked.do("acknowledgement")
    cast.be(china(10, 10, 9))
    cast.line.at_desk("test", "POST", "/schedules/rounds")  # the same again
    cast.be(china(10, 12, 9))
    for department, case in (("CustomerService", waiting), ("Quality", asked)):
        (friday, _), (saturday, before), (monday, after) = digests(cast, department)
        assert friday == china(10, 9, 16), "nothing ran in the morning, so it is made up in the first hour there is"
        assert saturday == china(10, 10, 8), "this Saturday is a working day"
        assert monday == china(10, 12, 8), "Sunday is not"
        assert "今日到期：1件\n已逾期：0件" in before
        assert "今日到期：0件\n已逾期：1件" in after
        assert case.complaint_id in before
        assert case.complaint_id in after
    assert len(digests(cast, "Legal")) == len(digests(cast, "Logistics")) == 3
    for case in (waiting, asked):
        case.do("withdrawal", by=CONSUMER)


# ---- mail that does not arrive ---------------------------------------------------------------------------------------


def test_what_cannot_be_mailed_is_texted_and_the_address_not_written_to_again(cast: Cast) -> None:
    cast.be(china(10, 12, 10))
    case = cast.file(contact=at_simulator("bounce+1", PHONE))
    assert channels(case, "receipt") == {"email": "bounced", "sms": "sent"}
    (text,) = cast.system.outbox(PHONE)
    assert case.complaint_id in text["text"]
    case.do("acknowledgement")
    assert channels(case, "acknowledgement") == {"sms": "sent"}
    assert "bounce" not in case.told("customer_service")
    case.do("withdrawal", by=CONSUMER)
    case.check_that_all_were_told_once()


def test_a_mailbox_that_stays_full_may_be_written_to_again(cast: Cast) -> None:
    case = cast.file(contact=at_simulator("full+2", PHONE))
    assert channels(case, "receipt") == {"email": "undelivered", "sms": "sent"}
    case.do("withdrawal", by=CONSUMER)
    assert channels(case, "withdrawal") == {"email": "undelivered", "sms": "sent"}
    case.check_that_all_were_told_once()


def test_where_there_is_no_number_customer_service_is_asked_to_call(cast: Cast) -> None:
    case = cast.file(contact=at_simulator("bounce+3"))
    assert channels(case, "receipt") == {"email": "bounced"}
    assert case.told("customer_service") == case.told("assignee")[-1:] == ["bounce"]
    (message,) = case.messages("customer_service")
    assert "没有送达" in message["text"]
    assert "林小姐" not in message["text"], "many read a topic"
    assert case.happened().count("ConsumerUnreachable") == 1
    case.do("acknowledgement", {"message": "已致电告知。"})
    assert channels(case, "acknowledgement") == {}, "there is nowhere to send it"
    assert case.told("customer_service") == [], "it was asked to call already"
    assert len(case.letters()) == 1
    case.do("calls", {"about": "notice", "reached": True})
    case.do("withdrawal")
    assert case.told("customer_service") == ["bounce"], "there is something new to say"


# ---- mail that cannot be sent ----------------------------------------------------------------------------------------


@contextmanager
def outage(cast: Cast, service: str, kind: str) -> Iterator[None]:
    cast.line.at_desk("test", "POST", "/outage", json={"service": service, "kind": kind})
    try:
        yield
    finally:
        cast.line.at_desk("test", "DELETE", "/outage")


@pytest.mark.parametrize(("kind", "hour"), [("down", 14), ("throttle", 18)])
def test_while_ses_does_not_take_mail_nothing_else_waits_and_afterwards_all_goes_out(
    cast: Cast, kind: str, hour: int
) -> None:
    cast.be(china(10, 12, hour))
    with outage(cast, "ses", kind):
        case = cast.file(category="product_quality")
        case.do("acknowledgement")
        assert case.told("quality") == ["inquiry_asked"]
        cast.pass_time("PT40M")
        assert (case.letters(), case.told()) == ([], [])
    cast.pass_time("PT1H")  # nobody does anything
    assert case.told() == ["receipt", "acknowledgement"]
    assert case.told("assignee") == ["assigned"]
    case.do("withdrawal", by=CONSUMER)
    case.check_that_all_were_told_once()


def test_a_department_that_could_not_be_told_is_told_later(cast: Cast) -> None:
    cast.be(china(10, 13, 9))
    with outage(cast, "sns-topics", "down"):
        case = cast.file(category="false_advertising")
        assert case.told() == ["receipt"]
        assert case.told("legal") == []
    cast.pass_time("PT1H")
    assert case.told("legal") == ["legal_issue"]
    case.do("withdrawal", by=CONSUMER)
    case.check_that_all_were_told_once()


# ---- a full life in each language ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """Somebody who complains on a Monday in October or November, and what the letters must say to them."""

    monday: datetime
    contact: dict[str, str]
    dear: str
    product: str
    subjects: tuple[str, ...]
    answer_by: str
    answer_by_briefly: str
    foreign: str
    """A pattern of what is not written in that language."""


READERS = {
    "zh-CN": Reader(
        china(10, 19),
        {"name": "王芳", "email": "fang@example.cn", "phone": "+8613900139101"},
        "您好：",
        "电热水壶 1.7L",
        (
            "我们已收到您的投诉",
            "您的投诉已受理",
            "您的投诉需要延长处理时间",
            "请您确认投诉处理方案",
            "请您确认调整后的处理方案",
            "处理方案待您确认",
            "您的投诉已办结",
            "处理方案的后续措施已完成",
        ),
        "2026年11月4日（星期三）24:00",
        "11月4日（周三）24:00",
        "[訴處結後續實]|complaint",
    ),
    "zh-TW": Reader(
        china(10, 26),
        {"name": "林怡君", "email": "yijun@example.tw", "phone": "+886912345678"},
        "您好：",
        "電熱水壺 1.7L",
        (
            "我們已收到您的申訴",
            "您的申訴已受理",
            "您的申訴需要延長處理時間",
            "請您確認申訴處理方案",
            "請您確認調整後的處理方案",
            "處理方案待您確認",
            "您的申訴已結案",
            "處理方案的後續措施已完成",
        ),
        "2026年11月11日（星期三）24:00",
        "11月11日（週三）24:00",
        "[诉处结后续实]|complaint",
    ),
    "en": Reader(
        china(11, 2),
        {"name": "Ruth Adler", "email": "ruth@example.com", "phone": "+14155552671"},
        "Dear customer",
        "Electric kettle, 1.7 L",
        (
            "We have received your complaint",
            "Your complaint is accepted",
            "We need more time for your complaint",
            "Our plan for your complaint: please answer",
            "Our adjusted plan for your complaint: please answer",
            "We are waiting for your answer to our plan",
            "Your complaint is closed",
            "All promised follow-up measures are complete",
        ),
        "the end of Wednesday, 18 November 2026 (midnight, China time)",
        "24:00 Wed 18 Nov (China time)",
        "[\u4e00-\u9fff]",
    ),
}
SAID = {
    "reason": {"zh-CN": "等待检测结果。", "zh-TW": "等待檢測。", "en": "We wait for a test."},
    "no": {"zh-CN": "检测未见缺陷。", "zh-TW": "檢測未見瑕疵。", "en": "The test found no defect."},
    "opinion": {"zh-CN": "壶就是裂的。", "zh-TW": "壺就是裂的。", "en": "It is cracked all the same."},
    "money": {"zh-CN": "全额退款。", "zh-TW": "全額退款。", "en": "A full refund."},
    "visit": {"zh-CN": "到账后回访。", "zh-TW": "入帳後致電。", "en": "We call you afterwards."},
}


@pytest.mark.parametrize("locale", READERS)
def test_a_full_life_is_told_in_the_readers_language(cast: Cast, locale: str) -> None:
    reader, said = READERS[locale], {name: words[locale] for name, words in SAID.items()}
    cast.be(reader.monday + timedelta(hours=10))
    case = cast.file(locale=locale, contact=reader.contact, product_name=reader.product)
    case.do("acknowledgement")
    case.do("extension", {"working_days": 2, "reason": said["reason"]}, "cs.lead")
    cast.be(reader.monday + timedelta(days=1, hours=10))
    live_on(cast, case, said)
    assert case.told() == [
        *("receipt", "acknowledgement", "extension", "plan", "adjusted_plan", "answer_reminder", "closure"),
        "follow_ups_done",
    ]
    case.check_that_all_were_told_once()

    letters = case.letters()
    for letter, subject in zip(letters, reader.subjects, strict=True):
        assert letter["subject"].startswith(subject)
        for form in (letter["text"], letter["html"]):
            assert reader.dear in form
            assert case.complaint_id in form
            assert f"#token={case.token}" in form
            check_language(re.sub(r"https?://\S+|<[^>]*>|<style.*?</style>", " ", form, flags=re.DOTALL), reader)
        assert "<html" in letter["html"]
    refusal, adjusted, reminder = letters[3:6]
    assert said["no"] in refusal["text"]
    assert "12315" in refusal["text"], "the outside routes"
    assert said["money"] in adjusted["text"]
    for word in (said["opinion"], reader.product, reader.contact["name"], case.filing["order_number"]):
        assert word not in str(letters), "what the consumer typed is on the page"
    for letter in (refusal, adjusted, reminder):
        assert reader.answer_by in letter["text"]
        assert "&answer=accept" in letter["text"]
        assert "&answer=object" in letter["text"]

    texts = cast.system.outbox(reader.contact["phone"])
    assert len(texts) == 3, "what has a deadline: two plans, one reminder"
    for text in texts:
        assert reader.answer_by_briefly in text["text"]
        assert case.complaint_id in text["text"]
        assert case.token not in text["text"]
        [code] = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}\b(?!-)", text["text"].replace(case.complaint_id, ""))
        opened = cast.system.call("POST", f"/v1/complaints/{case.complaint_id}/session", {"code": code})
        assert opened.json() == {"consumer_token": case.token}
        check_language(re.sub(r"https?://\S+", " ", text["text"]), reader)


def live_on(cast: Cast, case: Case, said: dict[str, str]) -> None:
    """A plan that refuses, an objection, a better plan, a reminder on Saturday, satisfaction, a promise kept."""
    money: dict[str, Any] = {"kind": "refund", "detail": said["money"], "amount": {"value": "59.90", "currency": "CNY"}}
    plan = {
        "methods": [{"kind": "explanation", "detail": said["no"]}],
        "summary": said["no"],
        "complete_within_days": 5,
        "follow_up_measures": [said["visit"]],
        "rejects_request": True,
        "reasons": said["no"],
    }
    better = plan | {"methods": [money], "summary": said["money"], "rejects_request": False, "reasons": None}
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", plan)
    case.do("feedback", {"satisfied": False, "opinion": said["opinion"]}, CONSUMER)
    case.do("resolution-plan", better)
    cast.pass_time("P4D")
    case.do("feedback", {"satisfied": True}, CONSUMER)
    case.do("follow-ups/1/completion")


def check_language(words: str, reader: Reader) -> None:
    assert "{{" not in words
    strange = re.search(reader.foreign, words)
    assert strange is None, strange
