"""No siren: however many dangers come at once, each reader is told of ten an hour, and then how many there are more."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

import app
from chalicelib.adapters import outbox
from chalicelib.casework import rules
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Alarms, Operating, ProductDanger
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import House, Killed
from tests.published import publish

from .mailroom import Mailroom, mails_to, notices, plain, refusing, told
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 10, 12, 10, 3, tzinfo=SHANGHAI)  # a Monday
BURNT = "插上电就冒烟着火了，手被烫伤，已经去医院"
LIN = "cs.lin@staff.example"
SINGLY = {"safety", "safety_call", "safety_assessment", "safety_task", "product_danger"}
ROLES = ("customer_service", "quality", "supervisor", "management")


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = TEN
    return Mailroom(house)


_phones = count(13900000000)


def burn(house: House, number: int = 1, **changes: Any) -> list[str]:
    """So many consumers, strangers to each other, say that they were burnt, each by a product of its own."""
    said = {"description": BURNT, "category": "other"} | changes
    burnt = []
    for phone in islice(_phones, number):
        contact = {"name": "王芳", "email": f"{phone}@example.cn"}
        filed = {"contact": contact, "order_number": f"E{phone}", "product_name": f"电热毯{phone}", "product_id": None}
        burnt.append(house.file(**(filed | said))["complaint_id"])
    return burnt


def few(house: House, **rule: Any) -> None:
    """From now on so many alarms are enough: the numbers are operating data, and small ones make short stories."""
    operating = versions.packaged(Operating)[1]
    changes = {"version": 2, "effective_from": house.now + rules.AHEAD, **rule}
    publish(operating.model_copy(update=changes), house.now)
    house.now += rules.AHEAD
    rules.forget()


THREE = Alarms(singles=3)


def kinds(department: str) -> Counter[str]:
    """What a department's topic got, by kind."""
    return Counter(subject.split()[1] for subject, _ in told(department))


def alarms(department: str) -> int:
    """How many it was told of one by one."""
    return sum(times for kind, times in kinds(department).items() if kind in SINGLY)


def counted(department: str) -> list[int]:
    """Of how many more it was told, each time."""
    texts = [text for subject, text in told(department) if subject.split()[1] == "safety_more"]
    return [int(re.findall(r"另有(\d+)条", text)[0]) for text in texts]


def fates(house: House, audience: str) -> Counter[tuple[str, str]]:
    return Counter(
        (kind, item["state"]["S"])
        for item in house.items()
        if item["sk"]["S"].startswith("NOTICE#")
        for _, _, kind, whom in [item["sk"]["S"].split("#")]
        if whom == audience
    )


def quarter_passes(house: House, room: Mailroom) -> None:
    house.now += timedelta(minutes=15)
    room.sweep()


# ---- one complaint ---------------------------------------------------------------------------------------------------


def acts(house: House, number: str) -> Counter[tuple[str, str]]:
    found = ((audience, kind) for audience, kind, _ in notices(house, number))
    return Counter(one for one in found if one[1] in ("safety", "safety_call", "safety_assessment"))


ONCE = {
    ("management", "safety"): 1,
    ("assignee", "safety_call"): 1,
    ("customer_service", "safety_call"): 1,
    ("supervisor", "safety_call"): 1,
    ("quality", "safety_assessment"): 1,
}


def test_of_one_complaint_each_is_told_once_however_much_of_danger_is_said(house: House, room: Mailroom):
    receipt = house.file(description=BURNT)
    number, consumer = receipt["complaint_id"], receipt["consumer_token"]
    for words in ("孩子今天住院了，食物中毒", "昨晚又触电了", "煤气味很重，着火了", BURNT) * 3:
        answer = house.do(number, "information", {"text": words}, None, token=consumer)
        assert answer.status < 300, answer.text
        records = room.records()
        for _ in range(2):  # the stream brings all of it twice
            assert run(app.react, records) == []
        room.settle()
    assert acts(house, number) == ONCE


def test_a_merger_tells_nobody_of_a_danger_again(house: House, room: Mailroom):
    number, other = (house.file(description=said)["complaint_id"] for said in (BURNT, "少了一个杯子"))
    room.settle()
    assert house.do(number, "merger", {"into": other}).status == 200
    room.settle()
    assert acts(house, number) == ONCE
    assert acts(house, other) == {}


def test_who_has_lowered_it_and_raised_it_again_has_it_told_again(house: House, room: Mailroom):
    (number,) = burn(house)
    room.settle()
    for tier in ("look", "act"):
        assert house.do(number, "triage", {"tier": tier, "reason": "再次致电后重新判断"}).status == 200
        room.settle()
    assert acts(house, number) == dict.fromkeys(ONCE, 2)


# ---- many complaints -------------------------------------------------------------------------------------------------


def test_of_many_dangers_each_reader_is_told_of_ten_and_then_how_many_there_are_more(house: House, room: Mailroom):
    burn(house, 14)
    room.settle()
    assert {role: alarms(role) for role in ROLES} == dict.fromkeys(ROLES, 10)
    assert [counted(role) for role in ROLES] == [[]] * 4, "the quarter of an hour is not over"
    quarter_passes(house, room)
    assert [counted(role) for role in ROLES] == [[4]] * 4
    assert {role: alarms(role) for role in ROLES} == dict.fromkeys(ROLES, 10)
    assert fates(house, "management") == {
        ("safety", "sent"): 10,
        ("safety", "held_back"): 4,
        ("safety_more", "sent"): 1,
    }


def test_what_tells_of_more_says_how_many_and_where_they_stand(house: House, room: Mailroom):
    burn(house, 12)
    room.settle()
    quarter_passes(house, room)
    (text,) = [text for subject, text in told("quality") if "safety_more" in subject]
    assert text.startswith("【安全事项】另有2条安全通知未逐条发送")
    assert "截至2026年10月12日（星期一）10:15" in text
    assert "“安全事项”队列" in text
    assert "- 品质管理部：12件" in text
    assert "客服部" not in text
    (text,) = [text for subject, text in told("supervisor") if "safety_more" in subject]
    assert {"- 品质管理部：12件", "- 客服部：12件"} <= set(text.splitlines())


def test_a_person_is_told_of_ten_too_whoever_they_are_told_as(house: House, room: Mailroom):
    few(house, alarms=THREE)
    house.take_off_duty("cs.chen", "cs.lead")
    burn(house, 7)
    room.settle()
    calls = [mail for mail in mails_to(LIN) if "立即致电" in str(mail["Subject"])]
    assert len(calls) == 3
    assert fates(house, "assignee") == {
        ("assigned", "sent"): 7,
        ("safety_call", "sent"): 3,
        ("safety_call", "held_back"): 4,
    }
    quarter_passes(house, room)
    (more,) = [mail for mail in mails_to(LIN) if "未逐条发送" in str(mail["Subject"])]
    assert "另有4条" in str(more["Subject"])
    assert "- 客服部：7件" in plain(more)


def test_a_person_who_left_meanwhile_is_told_of_nothing_more(house: House, room: Mailroom):
    few(house, alarms=THREE)
    house.take_off_duty("cs.chen", "cs.lead")
    burn(house, 4)
    room.settle()
    house.dismiss("cs.lin")
    quarter_passes(house, room)
    assert fates(house, "person/cs.lin")["safety_more", "nobody"] == 1


def test_after_the_first_ten_there_is_one_every_quarter_of_an_hour_and_it_counts_what_came_since(
    house: House, room: Mailroom
):
    few(house, alarms=THREE)
    burn(house, 5)
    room.settle()
    for new in (2, 0, 3):
        quarter_passes(house, room)
        burn(house, new)
        room.settle()
    assert counted("management") == [2, 2]
    quarter_passes(house, room)
    assert counted("management") == [2, 2, 3]


def busiest(sent: list[datetime]) -> int:
    """How many there are within any hour, wherever it begins."""
    return max(sum(one <= other < one + timedelta(hours=1) for other in sent) for one in sent)


def test_within_no_hour_there_are_more_than_ten_wherever_it_begins(house: House, room: Mailroom):
    """Not only by the hours of the clock: the fourth goes out when the first is an hour ago."""
    few(house, alarms=THREE)
    sent: list[datetime] = []
    for _ in range(16):
        before = alarms("management")
        burn(house)
        room.settle()
        sent += [house.now] * (alarms("management") - before)
        house.now += timedelta(minutes=10)
    assert busiest(sent) == 3
    assert [(one - sent[0]) // timedelta(minutes=10) for one in sent] == [0, 1, 2, 7, 8, 9, 14, 15]


def test_alarms_of_what_nobody_has_done_are_no_siren_either(house: House, room: Mailroom):
    few(house, alarms=THREE)
    burn(house, 8)
    room.settle()
    for _ in range(10):
        house.now += timedelta(minutes=30)
        room.sweep()
    for role in ROLES:
        ours = [one for one in house.items() if one["sk"]["S"].startswith("NOTICE#")]
        alarming = [
            one for one in ours if one["sk"]["S"].endswith(f"#{role}") and "#safety_more#" not in one["sk"]["S"]
        ]
        assert Counter(one["state"]["S"] for one in alarming)["held_back"] == sum(counted(role)) > 0
        singly = [one["topic_sent_at"]["S"] for one in alarming if one["state"]["S"] == "sent"]
        assert busiest([datetime.fromisoformat(one) for one in singly]) <= 3, role
    assert {"breach", "escalation"} <= {kind for kind, _ in fates(house, "management")}


def test_news_of_an_assessment_and_ordinary_notices_are_not_held_up(house: House, room: Mailroom):
    few(house, alarms=THREE)
    numbers = burn(house, 6)
    other = house.file(description="少了一个杯子")["complaint_id"]
    room.settle()
    assert house.do(other, "acknowledgement", {}).status == 200
    for number in numbers:
        assert house.do(number, "safety-assessment", NOTHING, "quality.he").status < 300
    room.settle()
    assert fates(house, "consumer") == {("receipt", "sent"): 7, ("acknowledgement", "sent"): 1}
    assert kinds("management") == {"safety": 3, "safety_assessed": 6}
    assert fates(house, "assignee")["assigned", "sent"] == 7


def test_the_numbers_are_operating_data(house: House, room: Mailroom):
    few(house, alarms=Alarms(singles=1, within_minutes=30, then_every_minutes=5))
    burn(house, 3)
    room.settle()
    assert (alarms("quality"), counted("quality")) == (1, [])
    house.now += timedelta(minutes=5)
    room.sweep()
    assert (alarms("quality"), counted("quality")) == (1, [2])
    house.now += timedelta(minutes=26)
    burn(house)
    room.settle()
    assert alarms("quality") == 2


# ---- what it costs, and who dies -------------------------------------------------------------------------------------

USUAL = ["dynamodb:BatchGetItem", "dynamodb:UpdateItem", "sns:Publish", "dynamodb:UpdateItem"]
NOTHING = {"harmed": "none", "stop_selling": False, "report_to": [], "note": "无异常"}


def to_management(room: Mailroom) -> list[dict[str, Any]]:
    """The messages that wait for management."""
    return [one for one in room.messages() if outbox.parse(one["body"]).audience == "management"]


def test_an_alarm_costs_one_call_more_and_nothing_else_does(house: House, room: Mailroom):
    (number,) = burn(house)
    room.react()
    (alarm,) = to_management(room)
    with house.counting() as calls:
        assert run(app.deliver, [alarm]) == []
    assert calls == [USUAL[0], "dynamodb:UpdateItem", *USUAL[1:]]
    assert house.do(number, "safety-assessment", NOTHING, "quality.he").status < 300
    room.react()
    (news,) = to_management(room)
    with house.counting() as calls:
        assert run(app.deliver, [news]) == []
    assert calls == USUAL


def fourth(house: House, room: Mailroom) -> dict[str, Any]:
    """The message of management's fourth alarm, which is held back where three are enough."""
    few(house, alarms=THREE)
    burn(house, 3)
    room.settle()
    burn(house)
    room.react()
    (message,) = to_management(room)
    return message


def test_what_is_held_back_costs_three(house: House, room: Mailroom):
    message = fourth(house, room)
    with house.counting() as calls:
        assert run(app.deliver, [message]) == []
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem", "dynamodb:TransactWriteItems"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_what_is_held_back_it_is_counted_once_and_told(house: House, room: Mailroom, moment: str):
    message = fourth(house, room)
    assert len(list(house.deaths(lambda: run(app.deliver, [message]), moment))) == 3
    house.now += timedelta(minutes=15)
    (more,) = (one for one in swept(house, room) if "safety_more" in one["body"])
    for call in range(5):
        try:
            with house.killed_at(call, moment):
                run(app.deliver, [more])
        except Killed:
            house.now += outbox.CLAIM + timedelta(seconds=1)
    room.sweep()
    run(app.deliver, [more])
    assert 1 <= len(counted("management")) <= 2, "dead while it was published"
    assert set(counted("management")) == {1}
    assert alarms("management") == 3
    assert fates(house, "management")["safety", "held_back"] == 1


def scheduled(house: House) -> Any:
    return scheduled_event("sweep", REGION, house.now)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_the_last_single_one_leaves_it_its_place(house: House, room: Mailroom, moment: str):
    few(house, alarms=THREE)
    burn(house, 2)
    room.settle()
    burn(house, 2)
    room.react()
    third, last = to_management(room)
    for call in range(3):  # it is read, takes its place, is claimed
        with pytest.raises(Killed), house.killed_at(call, moment):
            run(app.deliver, [third])
        house.now += outbox.CLAIM + timedelta(seconds=1)
    run(app.deliver, [last])
    run(app.deliver, [third])
    assert fates(house, "management") == {
        ("safety", "sent"): 3,
        ("safety", "held_back"): 1,
        ("safety_more", "queued"): 1,
    }
    assert alarms("management") == 3


def test_a_message_that_comes_twice_takes_one_place_and_is_counted_once(house: House, room: Mailroom):
    few(house, alarms=THREE)
    burn(house, 5)
    room.react()
    messages = room.messages()
    for message in [*messages, *reversed(messages)]:
        run(app.deliver, [message])
    room.settle()
    quarter_passes(house, room)
    assert (alarms("management"), counted("management")) == (3, [2])


def test_while_a_topic_takes_nothing_all_is_kept_and_told_afterwards(house: House, room: Mailroom):
    few(house, alarms=THREE)
    burn(house, 5)
    room.react()
    with house.interfering(refusing("sns", "InternalError", "later")):
        assert len(room.deliver(receives=3)) == 0, "what is not taken waits in the table"
        house.now += timedelta(minutes=70)
        app.sweep(scheduled(house), None)
        room.deliver(receives=3)
    assert (alarms("management"), counted("management")) == (0, [])
    house.now += timedelta(minutes=70)
    room.sweep()
    assert (alarms("management"), counted("management")) == (3, [2])


def at_call(name: str, happening: Callable[[], object]) -> Callable[[str, str], None]:
    """Once, just before a call of that name."""
    left: Iterator[int] = iter(range(1))

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == (name, "before") and next(left, None) is not None:
            happening()

    return interfere


def test_what_comes_when_its_quarter_has_been_told_is_counted_in_the_next(house: House, room: Mailroom):
    """Between the question which quarter it is and the count, that was told."""
    first = fourth(house, room)
    burn(house)
    room.react()
    (second,) = to_management(room)
    run(app.deliver, [first])

    def told_meanwhile() -> None:
        house.now += timedelta(minutes=15)
        for message in (one for one in swept(house, room) if "safety_more" in one["body"]):
            run(app.deliver, [message])
        house.now -= timedelta(minutes=15)

    with house.interfering(at_call("dynamodb:TransactWriteItems", told_meanwhile)):
        assert run(app.deliver, [second]) == []
    assert counted("management") == [1]
    quarter_passes(house, room)
    assert counted("management") == [1]
    quarter_passes(house, room)
    assert counted("management") == [1, 1]


def swept(house: House, room: Mailroom) -> list[dict[str, Any]]:
    app.sweep(scheduled(house), None)
    return room.messages()


def test_two_at_the_last_place_are_not_both_told(house: House, room: Mailroom):
    few(house, alarms=THREE)
    burn(house, 2)
    room.settle()
    burn(house, 2)
    room.react()
    one, other = to_management(room)
    with house.interfering(at_call("sns:Publish", lambda: run(app.deliver, [other]))):
        assert run(app.deliver, [one]) == []
    assert fates(house, "management") == {
        ("safety", "sent"): 3,
        ("safety", "held_back"): 1,
        ("safety_more", "queued"): 1,
    }


def test_where_too_many_are_counted_at_once_it_waits_for_the_sweep_and_is_counted_then(house: House, room: Mailroom):
    message = fourth(house, room)
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    told: Any = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons}
    conflict = boto3.client("dynamodb").exceptions.TransactionCanceledException(told, "TransactWriteItems")

    def busy(call: str, moment: str) -> None:
        if call == "dynamodb:TransactWriteItems":
            raise conflict

    with house.interfering(busy):
        assert run(app.deliver, [message]) == []
    assert fates(house, "management") == {("safety", "sent"): 3, ("safety", "queued"): 1}
    for _ in range(2):
        quarter_passes(house, room)
    assert (alarms("management"), counted("management")) == (3, [1])


# ---- a product -------------------------------------------------------------------------------------------------------


def products(house: House) -> dict[str, list[tuple[str, str]]]:
    """Of which complaints it was told that others are about the same product, to whom, and how."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in house.items():
        if "#product_danger#" in item["sk"]["S"]:
            audience = item["sk"]["S"].split("#")[3]
            found.setdefault(item["pk"]["S"].removeprefix("RECORD#"), []).append((audience, item["state"]["S"]))
    return {number: sorted(those) for number, those in found.items()}


BOTH = [("management", "sent"), ("quality", "sent")]


def kettle(house: House, description: str = BURNT, name: str = "玻璃水壶 1.5L") -> str:
    return str(
        house.file(description=description, product_name=name, product_id=None, category="other")["complaint_id"]
    )


def test_two_dangers_by_one_product_within_thirty_days_tell_quality_and_management_at_once(
    house: House, room: Mailroom
):
    first = kettle(house)
    room.settle()
    house.now += timedelta(days=29, hours=17)  # by night
    second = kettle(house, name="玻璃水壶 1.5l ")
    room.settle()
    assert products(house) == {second: BOTH}
    (text,) = [text for subject, text in told("quality") if "product_danger" in subject]
    assert "30天内，同一商品已有至少2起投诉" in text
    assert f"- {first}" in text
    assert "水壶" not in text
    view = house.get(f"/v1/complaints/{second}", "quality.he").json
    assert view["safety"]["same_product"] == [first]


@pytest.mark.parametrize(
    ("days", "description", "name"),
    [(31, BURNT, "玻璃水壶 1.5L"), (1, "少了一个杯子", "玻璃水壶 1.5L"), (1, BURNT, "玻璃水壶 1.7L")],
)
def test_later_without_danger_or_of_another_product_it_is_no_second(
    house: House, room: Mailroom, days: int, description: str, name: str
):
    kettle(house)
    room.settle()
    house.now += timedelta(days=days)
    kettle(house, description, name)
    room.settle()
    assert products(house) == {}


def test_what_was_lowered_since_does_not_count_and_what_is_raised_by_hand_does(house: House, room: Mailroom):
    first = kettle(house)
    room.settle()
    house.do(first, "triage", {"tier": "none", "reason": "是广告词"})
    second = kettle(house)
    room.settle()
    assert products(house) == {}
    house.now += timedelta(seconds=1)
    house.do(first, "triage", {"tier": "act", "reason": "回访后确认烫伤"})
    room.settle()
    assert products(house) == {first: BOTH}
    assert second != first


def test_what_is_handled_as_one_counts_once(house: House, room: Mailroom):
    first = kettle(house)
    plain_one = kettle(house, "少了一个杯子")
    room.settle()
    assert house.do(first, "merger", {"into": plain_one}).status == 200
    room.settle()
    assert house.get(f"/v1/complaints/{plain_one}", "cs.lin").json["safety"]["tier"] == "act"
    assert products(house) == {}
    house.now += timedelta(seconds=1)
    third = kettle(house)
    room.settle()
    assert products(house) == {third: BOTH}


def test_it_is_told_once_of_a_complaint_whatever_is_repeated(house: House, room: Mailroom):
    kettle(house)
    house.now += timedelta(seconds=1)
    second = kettle(house)
    records = room.records()
    for _ in range(3):
        assert run(app.react, records) == []
    room.settle()
    house.do(second, "information", {"text": "孩子住院了"})
    room.settle()
    assert products(house) == {second: BOTH}


def test_of_two_that_come_at_once_the_later_knows_of_the_other_in_whatever_order_they_are_looked_at(
    house: House, room: Mailroom
):
    first = kettle(house)
    house.now += timedelta(seconds=1)
    second = kettle(house)
    for record in reversed(room.records()):
        assert run(app.react, [record]) == []
    room.settle()
    assert products(house) == {second: BOTH}
    assert first != second


def test_whoever_dies_over_a_dangerous_product_tells_of_it_once(house: House, room: Mailroom):
    kettle(house)
    room.settle()
    house.now += timedelta(seconds=1)
    second = kettle(house)
    (record,) = [one for one in room.records() if "DangerFound" in str(one)]
    deaths = list(house.deaths(lambda: run(app.react, [record]), "after"))
    assert len(deaths) >= 6, "it is read, noted, the others are found and read, it is read again and saved"
    room.settle()
    assert products(house) == {second: BOTH}


def test_how_many_within_how_many_days_is_operating_data(house: House, room: Mailroom):
    few(house, product_danger=ProductDanger(complaints=3, within_days=7))
    made = []
    for days in (0, 4, 4, 2):
        house.now += timedelta(days=days)
        made.append(kettle(house))
        room.settle()
    assert products(house) == {made[3]: BOTH}


def test_which_product_it_was_is_kept_as_a_hash_for_thirty_days(house: House, room: Mailroom):
    kettle(house)
    room.settle()
    (item,) = [one for one in house.items() if one["pk"]["S"].startswith("PRODUCT#")]
    assert len(item["pk"]["S"]) == len("PRODUCT#") + 64
    assert int(item["expires_at"]["N"]) == int((TEN + timedelta(days=30)).timestamp())


# ---- nobody on duty --------------------------------------------------------------------------------------------------


def called_upon(house: House, number: str) -> list[str]:
    return [audience for audience, kind, _ in notices(house, number) if kind == "safety_call"]


def test_where_nobody_is_on_duty_management_is_told_to_have_the_consumer_called(house: House, room: Mailroom):
    house.take_off_duty("cs.chen", "cs.lead")
    house.send_away("cs.lin", "2026-10-12/2026-10-14")
    (number,) = burn(house)
    records = room.records()
    for _ in range(2):
        assert run(app.react, records) == []
    room.settle()
    assert sorted(called_upon(house, number)) == ["assignee", "customer_service", "management", "supervisor"]
    assert kinds("management") == {"safety": 1, "safety_call": 1}
    assert kinds("supervisor") == {"safety_call": 1}


def test_where_somebody_is_management_is_told_of_the_danger_alone(house: House, room: Mailroom):
    house.take_off_duty("cs.chen", "cs.lead")
    (number,) = burn(house)
    room.settle()
    assert "management" not in called_upon(house, number)
    assert kinds("management") == {"safety": 1}
