"""When notices go out: nobody is woken at night by a clock, and none overtakes what it follows."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import PLAN, House

from .mailroom import Mailroom, mails, mails_to, notices, texts, told
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOPICS = ("customer_service", "quality", "logistics", "legal", "supervisor", "management")


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def pass_to(house: House, room: Mailroom, moment: datetime) -> None:
    """The sweep comes by at some moment, and what follows happens."""
    house.now = moment
    app.sweep(scheduled_event("sweep", REGION, moment), None)
    room.settle()


def moments() -> list[datetime]:
    """A week with a make-up Saturday around the clock, then the days of the second reminder and of the lapse."""
    week = [
        china(10, day, hour, minute) for day in range(10, 17) for hour, minute in ((0, 1), (7, 59), (8, 0), (21, 0))
    ]
    later = [(20, 8, 0), (20, 21, 0), (26, 8, 0), (26, 21, 0), (27, 0, 1), (27, 7, 59), (27, 8, 0)]
    return [china(10, 9, 21), *week, *(china(10, *moment) for moment in later)]


def gone_out() -> int:
    return len(mails()) + len(texts()) + sum(len(told(topic)) for topic in TOPICS)


def test_nobody_is_told_at_night_by_the_clock_of_any_stage_and_all_are_told_in_the_end(house: House, room: Mailroom):
    """Nobody acts: whatever goes out is the clocks' doing."""
    house.now = china(10, 9, 2, 10)
    numbers = [house.bring_to(stage)["complaint_id"] for stage in ("received", "planning", "awaiting_consumer")]
    asked = house.bring_to("investigating")["complaint_id"]
    house.do(asked, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    house.do(asked, "information-requests", {"question": "请提供壶底的批号"})
    room.settle()
    at_night = []
    for moment in moments():
        known = gone_out()
        pass_to(house, room, moment)
        if gone_out() > known and not time(8) <= moment.time() <= time(21):
            at_night.append(moment)
    assert at_night == []
    fates = Counter((kind, state) for number in (*numbers, asked) for _, kind, state in notices(house, number))
    assert {state for _, state in fates} <= {"sent", "outdated", "nobody"}
    told_of = {kind for kind, state in fates if state == "sent"}
    assert told_of >= {"reminder", "breach", "escalation", "answer_reminder", "information_request", "closure"}


def test_whatever_somebody_finds_out_by_acting_at_night_is_told_in_the_morning_and_the_act_at_once(
    house: House, room: Mailroom
):
    house.now = china(10, 9, 16)
    number = house.file()["complaint_id"]
    room.settle()
    house.now = china(10, 10, 22, 30)
    assert house.do(number, "acknowledgement", {}).status == 200
    room.settle()
    assert ("consumer", "acknowledgement", "sent") in notices(house, number)
    assert {state for _, kind, state in notices(house, number) if kind == "breach"} == {"queued"}
    pass_to(house, room, china(10, 11, 8))
    assert ("supervisor", "breach", "sent") in notices(house, number)


def test_a_notice_of_an_alarm_that_the_mail_system_kept_until_the_night_waits_for_the_morning(
    house: House, room: Mailroom
):
    house.now = china(10, 9, 15, 40)
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.settle()
    house.now = china(10, 14, 8)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    room.react()
    reminder = waiting(room, "answer_reminder")
    house.now = china(10, 14, 23)
    for _ in house.deaths(lambda: run(app.deliver, [reminder]), "after"):
        house.now += timedelta(seconds=91)  # the claim of who died is lost
    assert run(app.deliver, [reminder]) == []
    known = gone_out()
    pass_to(house, room, china(10, 15, 7, 59))
    assert gone_out() == known
    pass_to(house, room, china(10, 15, 8))
    assert ("consumer", "answer_reminder", "sent") in notices(house, number)


def failing(call: str, moment: str) -> None:
    if call.startswith("sesv2") and moment == "before":
        raise EndpointConnectionError(endpoint_url="https://email.example")


def waiting(room: Mailroom, kind: str) -> dict[str, Any]:
    return next(one for one in room.messages() if f'"{kind}"' in one["body"])


def test_an_adjusted_plan_never_arrives_after_its_reminder_either(house: House, room: Mailroom):
    house.now = china(10, 9, 15, 40)
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    house.do(number, "feedback", {"satisfied": False, "opinion": "我要换一个新的"})
    room.settle()
    house.do(number, "resolution-plan", PLAN)
    room.react()
    plan = waiting(room, "adjusted_plan")
    with house.interfering(failing):
        run(app.deliver, [plan | {"attributes": {"ApproximateReceiveCount": "3"}}])
    house.now = china(10, 14, 8, 1)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    room.react()
    assert run(app.deliver, [waiting(room, "answer_reminder")]) == []
    assert ("consumer", "answer_reminder", "queued") in notices(house, number), "it waits for the plan"
    assert run(app.deliver, [plan]) == []
    pass_to(house, room, house.now + timedelta(minutes=6))
    mine = [str(letter["Subject"]) for letter in mails_to("wang@example.cn") if number in str(letter["Subject"])]
    assert len(mine) == len(set(mine))
    assert ["调整" in subject for subject in mine[-2:]] == [True, False], mine
