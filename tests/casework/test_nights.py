"""No text wakes anybody: it waits for the morning in the table while the mail goes, whatever dies meanwhile."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib.adapters import outbox
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import PLAN, House, Killed

from .mailroom import HARD, Mailroom, mail_event, mails_to, notices, refusing, texts
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
WANG = "wang@example.cn"
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
NIGHT = datetime(2026, 10, 13, 2, 30, tzinfo=SHANGHAI)
MORNING = datetime(2026, 10, 13, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def at_night(house: House, room: Mailroom, stage: str, **changes: Any) -> str:
    """A complaint that came to a stage by day, all of which was told; then it is night."""
    number = str(house.bring_to(stage)["complaint_id"]) if not changes else filed(house, stage, **changes)
    room.settle()
    house.now = NIGHT
    room.sweep()
    return number


def filed(house: House, stage: str, **changes: Any) -> str:
    number = str(house.file(**changes)["complaint_id"])
    steps = {"investigating": ("acknowledgement", {})}
    for name, (resource, body) in steps.items():
        if stage == name:
            assert house.do(number, resource, body).status == 200
    return number


def wake(house: House, room: Mailroom, moment: datetime = MORNING) -> None:
    house.now = moment
    room.sweep()


def item(house: House, number: str, kind: str) -> dict[str, Any]:
    own = (one for one in house.items() if one["pk"]["S"] == f"RECORD#{number}")
    return next(one for one in own if one["sk"]["S"].endswith(f"#{kind}#consumer"))


def state(house: House, number: str, kind: str) -> str:
    return outbox.as_notice(item(house, number, kind)).state


UPDATE = ("delivery-updates", {"status": "delayed", "text": "包裹滞留"}, "logistics.gao")


def test_a_delivery_update_at_night_is_texted_in_the_morning(house: House, room: Mailroom):
    number = at_night(house, room, "investigating", contact=PHONE_ONLY)
    known = len(texts())
    house.do(number, *UPDATE)
    room.settle()
    wake(house, room, MORNING - timedelta(minutes=1))
    assert (len(texts()), state(house, number, "delivery_update")) == (known, "queued")
    wake(house, room)
    assert (len(texts()), state(house, number, "delivery_update")) == (known + 1, "sent")


def test_a_plan_at_night_is_mailed_at_once_and_texted_in_the_morning_each_once(house: House, room: Mailroom):
    number = at_night(house, room, "planning")
    mailed = len(mails_to(WANG))
    house.do(number, "resolution-plan", PLAN)
    room.settle()
    assert (len(mails_to(WANG)) - mailed, len(texts()), state(house, number, "plan")) == (1, 0, "queued")
    wake(house, room)
    assert (len(mails_to(WANG)) - mailed, len(texts()), state(house, number, "plan")) == (1, 1, "sent")
    wake(house, room, MORNING + timedelta(days=1))
    assert (len(mails_to(WANG)) - mailed, len(texts())) == (1, 1)


def test_an_acknowledgement_that_is_due_before_the_morning_is_texted_at_night_where_no_mail_goes(
    house: House, room: Mailroom
):
    house.now = datetime(2026, 10, 12, 7, 0, tzinfo=SHANGHAI)  # acknowledged by 7 of the next day
    due_at_seven = house.file(contact=PHONE_ONLY)["complaint_id"]
    mailed = house.file()["complaint_id"]
    house.now = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
    due_at_nine = house.file(contact=PHONE_ONLY, order_number="E2")["complaint_id"]
    room.settle()
    house.now = NIGHT
    room.sweep()
    known = len(texts())
    for number in (due_at_seven, due_at_nine, mailed):
        house.do(number, "acknowledgement", {})
    room.settle()
    assert len(texts()) == known + 1
    assert due_at_seven in texts()[-1][1]
    assert state(house, due_at_nine, "acknowledgement") == "queued"
    assert state(house, mailed, "acknowledgement") == "sent", "it went by mail alone"
    wake(house, room)
    assert len(texts()) == known + 2


def test_a_mail_that_bounces_at_night_goes_on_by_text_in_the_morning(house: House, room: Mailroom):
    number = at_night(house, room, "investigating", contact=PHONE_ONLY | {"email": WANG})
    house.do(number, *UPDATE)
    room.settle()
    app.mail_events(mail_event(house, "Bounce", item(house, number, "delivery_update"), **HARD), None)
    room.settle()
    assert texts() == []
    wake(house, room)
    assert len(texts()) == 1
    assert state(house, number, "delivery_update") == "sent"


def test_what_is_over_by_the_morning_is_not_texted(house: House, room: Mailroom):
    number = at_night(house, room, "planning")
    house.do(number, "resolution-plan", PLAN)
    room.settle()
    house.do(number, "feedback", {"satisfied": True})
    room.settle()
    wake(house, room)
    assert texts() == [], "the plan was mailed, and is answered"
    assert state(house, number, "plan") == "sent"
    asked = filed(house, "investigating", order_number="E3")
    room.settle()
    wake(house, room, NIGHT + timedelta(days=1))
    house.do(asked, "information-requests", {"question": "批号是多少？"})
    room.settle()
    house.do(asked, "information", {"text": "A17"})
    wake(house, room, MORNING + timedelta(days=1))
    assert texts() == []


def test_a_new_link_by_text_waits_for_the_morning_too(house: House, room: Mailroom):
    number = at_night(house, room, "investigating", contact=PHONE_ONLY)
    known = len(texts())
    house.do(number, "link", {})
    room.settle()
    assert len(texts()) == known
    wake(house, room)
    assert "旧的均已失效" in texts()[-1][1]


def deaths_over(house: House, message: dict[str, Any], moment: str) -> Iterator[tuple[int, int]]:
    """A delivery dies at its first call, then anew at its second and so on, and is made again each time; how many mails
    and texts there were before."""
    again = house.remembered()
    for number in count():
        again()
        before = len(mails_to(WANG)), len(texts())
        try:
            with house.killed_at(number, moment):
                assert run(app.deliver, [message]) == []
        except Killed:
            house.now += outbox.CLAIM + timedelta(seconds=1)
            assert run(app.deliver, [message]) == []
        else:
            return
        yield before


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_a_mail_whose_text_waits_repeats_no_text_and_loses_neither(
    house: House, room: Mailroom, moment: str
):
    number = at_night(house, room, "planning")
    house.do(number, "resolution-plan", PLAN)
    room.react()
    (message,) = [one for one in room.messages() if '"plan"' in one["body"]]
    deaths = 0
    for mailed, texted in deaths_over(house, message, moment):
        deaths += 1
        sent = len(mails_to(WANG)) - mailed
        assert 1 <= sent <= 1 + outbox.as_notice(item(house, number, "plan")).repeated
        assert len(texts()) == texted
        wake(house, room)
        assert (len(texts()) - texted, state(house, number, "plan")) == (1, "sent")
    assert deaths >= 4


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_the_text_in_the_morning_repeats_no_mail(house: House, room: Mailroom, moment: str):
    number = at_night(house, room, "planning")
    house.do(number, "resolution-plan", PLAN)
    room.settle()
    house.now = MORNING
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    (message,) = [one for one in room.messages() if '"plan"' in one["body"]]
    deaths = 0
    for mailed, texted in deaths_over(house, message, moment):
        deaths += 1
        assert 1 <= len(texts()) - texted <= 2
        assert (len(mails_to(WANG)), state(house, number, "plan")) == (mailed, "sent")
    assert deaths >= 4


def test_a_text_that_waits_costs_no_call_but_those_of_the_morning(house: House, room: Mailroom):
    number = at_night(house, room, "planning")
    house.do(number, "resolution-plan", PLAN)
    room.react()
    (message,) = [one for one in room.messages() if '"plan"' in one["body"]]
    with house.counting() as calls:
        assert run(app.deliver, [message]) == []
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem", "sesv2:SendEmail", "dynamodb:UpdateItem"]
    assert ("consumer", "plan", "queued") in notices(house, number)


def test_a_text_that_waits_is_sent_in_the_morning_though_the_mail_beside_it_fails_until_it_is_mended(
    house: House, room: Mailroom
):
    number = at_night(house, room, "planning")
    house.do(number, "resolution-plan", PLAN)
    room.react()
    (message,) = [one for one in room.messages() if '"plan"' in one["body"]]
    with house.interfering(refusing("sesv2", "AccessDeniedException", "not authorized to perform ses:SendEmail")):
        for receives in range(1, 6):  # then it goes to the dead letters
            again = message | {"attributes": {"ApproximateReceiveCount": str(receives)}}
            assert run(app.deliver, [again]) == [message["messageId"]]
        assert texts() == []
        house.now = MORNING
        app.sweep(scheduled_event("sweep", REGION, house.now), None)
        (woken,) = [one for one in room.messages() if '"plan"' in one["body"]]
        for _ in range(2):
            assert run(app.deliver, [woken]) == [woken["messageId"]]
    assert (len(texts()), state(house, number, "plan")) == (1, "queued")
    mailed = len(mails_to(WANG))
    assert run(app.deliver, [woken]) == []
    assert (len(mails_to(WANG)) - mailed, len(texts()), state(house, number, "plan")) == (1, 1, "sent")
