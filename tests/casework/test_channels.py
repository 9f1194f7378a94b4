"""A notice by several channels: each is on its own, tried until it has taken the notice, and given it once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

import app
from chalicelib.adapters import outbox
from infra.local.aws import REGION
from infra.local.functions import scheduled_event
from tests.house import House

from .mailroom import Mailroom, mails_to, notices, texts, told
from .streams import run

WANG, PHONE = "wang@example.cn", "+8613800138000"


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


class Trouble(NamedTuple):
    """What a sender does to a call, before or after it has had its effect."""

    moment: str
    fault: Callable[[], Exception]


def error(code: str, message: str = "", status: int = 400) -> ClientError:
    told: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(told, "Send")


DOWN = Trouble("before", lambda: EndpointConnectionError(endpoint_url="https://sender.example"))
BUSY = Trouble("before", lambda: error("TooManyRequestsException", status=429))
SILENT = Trouble("after", lambda: ReadTimeoutError(endpoint_url="https://sender.example"))
BROKEN = Trouble("before", lambda: error("AccessDeniedException", status=403))


@contextmanager
def troubled(house: House, **troubles: Trouble | None) -> Iterator[None]:
    """Senders (`sesv2`, `sns`) are in trouble, and all that goes to them fares alike."""

    def interfere(call: str, moment: str) -> None:
        trouble = troubles.get(call.partition(":")[0])
        if trouble and trouble.moment == moment:
            raise trouble.fault()

    with house.interfering(interfere):
        yield


class Plan(NamedTuple):
    """A plan that is about to be sent, and the message that says so."""

    number: str
    message: dict[str, Any]
    room: Mailroom

    def deliver(self, receives: int = 1) -> bool:
        """Whether the message has done its work, received that often."""
        attributes = {"ApproximateReceiveCount": str(receives)}
        return run(app.deliver, [self.message | {"attributes": attributes}]) == []


@pytest.fixture
def plan(house: House, room: Mailroom) -> Plan:
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.react()
    messages = room.messages()
    (message,) = [one for one in messages if '"plan"' in one["body"]]
    assert run(app.deliver, [one for one in messages if one != message]) == []
    return Plan(number, message, room)


def mailed(plan: Plan) -> int:
    return sum(plan.number in letter["Subject"] and "处理方案" in letter["Subject"] for letter in mails_to(WANG))


def texted(plan: Plan) -> int:
    return sum(plan.number in text for to, text in texts() if to == PHONE)


def item(house: House, plan: Plan) -> dict[str, Any]:
    own = (one for one in house.items() if one["pk"]["S"] == f"COMPLAINT#{plan.number}")
    return next(one for one in own if one["sk"]["S"].endswith("#consumer#plan"))


def state(house: House, plan: Plan) -> str:
    return str(item(house, plan)["state"]["S"])


def sweep(house: House) -> None:
    app.sweep(scheduled_event("sweep", REGION, house.now), None)


def test_while_mail_is_down_the_text_goes_out_and_the_mail_follows(house: House, plan: Plan):
    with troubled(house, sesv2=DOWN):
        for receives in (1, 2, 3):
            assert plan.deliver(receives) == (receives == 3), "then it waits in the table"
            assert (mailed(plan), texted(plan)) == (0, 1)
        assert item(house, plan)["sms_state"]["S"] == "sent"
        assert state(house, plan) == "queued"
    house.now += timedelta(minutes=5)
    sweep(house)
    plan.room.settle()
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 1, "sent")


def test_while_texts_are_down_the_mail_goes_out_and_the_text_follows(house: House, plan: Plan):
    with troubled(house, sns=BUSY):
        assert not plan.deliver()
    assert (mailed(plan), texted(plan)) == (1, 0)
    assert plan.deliver(2)
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 1, "sent")


def test_a_mail_system_that_took_it_and_said_nothing_is_asked_once_more_and_the_text_is_not_repeated(
    house: House, plan: Plan
):
    with troubled(house, sesv2=SILENT):
        assert not plan.deliver()
        assert (mailed(plan), texted(plan), state(house, plan)) == (1, 1, "sending")
        assert not plan.deliver(2), "the claim is kept"
        house.now += outbox.CLAIM + timedelta(seconds=1)
        assert not plan.deliver(3)
        house.now += outbox.CLAIM + timedelta(seconds=1)
        assert plan.deliver(4)
    assert (mailed(plan), texted(plan), state(house, plan)) == (2, 1, "uncertain")
    assert "repeated" in item(house, plan)
    plan.room.settle()
    assert not [subject for subject, _ in told("customer_service") if plan.number in subject], "the text has arrived"


def test_what_one_sender_is_not_allowed_waits_for_no_other(house: House, plan: Plan):
    """The house's own fault goes to the dead letters, but not before the channel that is down has had its turn."""
    with troubled(house, sesv2=BROKEN, sns=DOWN):
        assert [plan.deliver(receives) for receives in (1, 2, 3)] == [False, False, True]
    house.now += timedelta(minutes=5)
    with troubled(house, sesv2=BROKEN):
        assert [plan.deliver(receives) for receives in (1, 2, 3, 4, 5)] == [False] * 5
    assert (mailed(plan), texted(plan), state(house, plan)) == (0, 1, "queued")
    assert plan.deliver(), "when it is mended, the dead letter is given back"
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 1, "sent")


TROUBLES = {"nothing": None, "down": DOWN, "busy": BUSY, "silent": SILENT, "broken": BROKEN}


@pytest.mark.parametrize("mail", TROUBLES)
@pytest.mark.parametrize("sms", TROUBLES)
def test_whatever_befell_the_senders_each_has_sent_it_once_when_it_is_over(
    house: House, plan: Plan, mail: str, sms: str
):
    with troubled(house, sesv2=TROUBLES[mail], sns=TROUBLES[sms]):
        plan.deliver()
    had = (mailed(plan), texted(plan))
    assert had == tuple(int(trouble in ("nothing", "silent")) for trouble in (mail, sms))
    house.now += outbox.CLAIM + timedelta(minutes=5)
    if state(house, plan) != "sent":
        assert plan.deliver(2)
    assert (mailed(plan), texted(plan)) == (1 + (mail == "silent"), 1 + (sms == "silent"))
    assert ("repeated" in item(house, plan)) == ("silent" in (mail, sms))
    assert ("consumer", "plan", "sent") in notices(house, plan.number)


def test_what_refuses_it_leaves_the_other_to_itself(house: House, plan: Plan):
    refused = boto3.client("sns").exceptions.InvalidParameterException
    told_of: Any = {"Error": {"Code": "InvalidParameter", "Message": "Invalid parameter: PhoneNumber"}}
    with troubled(house, sns=Trouble("before", lambda: refused(told_of, "Publish")), sesv2=DOWN):
        assert not plan.deliver()
    assert item(house, plan)["sms_state"]["S"] == "refused"
    assert plan.deliver(2)
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 0, "sent")
