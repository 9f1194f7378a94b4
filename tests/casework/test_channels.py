"""A notice by several channels: each is on its own, tried until it has taken the notice, and given it once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

import app
from chalicelib.adapters import outbox
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import PLAN, House, Killed

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


def on_its_way(house: House) -> tuple[str, dict[str, Any], set[str]]:
    """A plan that is to be delivered: of which complaint, by which message, and what has been reacted to by then."""
    room = Mailroom(house)
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    room.react()
    messages = room.messages()
    (message,) = [one for one in messages if '"plan"' in one["body"]]
    assert run(app.deliver, [one for one in messages if one != message]) == []
    return number, message, room.seen


@pytest.fixture
def plan(house: House, room: Mailroom) -> Plan:
    number, message, room.seen = house.begun(on_its_way)
    return Plan(number, message, room)


def mailed(plan: Plan) -> int:
    return sum(plan.number in letter["Subject"] and "处理方案" in letter["Subject"] for letter in mails_to(WANG))


def texted(plan: Plan) -> int:
    return sum(plan.number in text for to, text in texts() if to == PHONE)


def item(house: House, plan: Plan) -> dict[str, Any]:
    own = (one for one in house.items() if one["pk"]["S"] == f"RECORD#{plan.number}")
    return next(one for one in own if one["sk"]["S"].endswith("#plan#consumer"))


def state(house: House, plan: Plan) -> str:
    return outbox.as_notice(item(house, plan)).state


def repeated(house: House, plan: Plan) -> bool:
    return outbox.as_notice(item(house, plan)).repeated


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
        assert (mailed(plan), texted(plan), repeated(house, plan)) == (1, 1, False)
        assert not plan.deliver(2)
        assert (mailed(plan), texted(plan), repeated(house, plan)) == (2, 1, True)
        assert plan.deliver(3)
    assert (mailed(plan), texted(plan), state(house, plan)) == (2, 1, "uncertain")
    assert item(house, plan)["email_state"]["S"] == "uncertain"
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
    assert repeated(house, plan) == ("silent" in (mail, sms))
    assert ("consumer", "plan", "sent") in notices(house, plan.number)


def calls_taken(troubles: tuple[str, ...]) -> int:
    """How often a channel takes what it is sent, troubled in that way time after time: once, and once more in doubt."""
    taken = 0
    for trouble in troubles:
        taken += trouble in ("nothing", "silent")
        if trouble == "nothing" or taken == outbox.CALLS:
            break
    return taken


@pytest.mark.parametrize(
    ("mail", "sms"),
    [
        *((mail, ("silent", "busy")) for mail in product(TROUBLES, repeat=2)),
        *((("busy", "silent"), sms) for sms in (("silent", "silent"), ("broken", "down"))),
    ],
    ids=lambda history: "-".join(history),
)
def test_what_befalls_one_channel_time_after_time_is_nothing_to_the_other(
    house: House, plan: Plan, mail: tuple[str, str], sms: tuple[str, str]
):
    for receives, (of_mail, of_sms) in enumerate(zip(mail, sms, strict=True), 1):
        with troubled(house, sesv2=TROUBLES[of_mail], sns=TROUBLES[of_sms]):
            plan.deliver(receives)
    assert plan.deliver(3)
    assert (mailed(plan), texted(plan)) == (calls_taken((*mail, "nothing")), calls_taken((*sms, "nothing")))
    assert state(house, plan) == ("uncertain" if ("silent", "silent") in (mail, sms) else "sent")
    assert repeated(house, plan) == (2 in (mailed(plan), texted(plan)))


def test_the_doubt_about_a_text_spends_no_try_of_the_mail(house: House, plan: Plan):
    with troubled(house, sns=SILENT, sesv2=BUSY):
        assert not plan.deliver()
    with troubled(house, sesv2=BUSY):
        assert plan.deliver(3), "the text is sent, the mail waits"
    with troubled(house, sesv2=SILENT):
        assert not plan.deliver()
    assert plan.deliver(2)
    assert (mailed(plan), texted(plan), state(house, plan)) == (2, 2, "sent")


def test_who_dies_over_the_mail_twice_leaves_the_text_to_be_sent(house: House, plan: Plan):
    def die(call: str, moment: str) -> None:
        if (call, moment) == ("sesv2:SendEmail", "after"):
            raise Killed

    for _ in range(2):
        with pytest.raises(Killed), house.interfering(die):
            plan.deliver()
        house.now += outbox.CLAIM + timedelta(seconds=1)
    assert plan.deliver()
    assert (mailed(plan), texted(plan), state(house, plan)) == (2, 1, "uncertain")


def test_who_read_it_before_another_sent_a_part_of_it_sends_nothing(house: House, plan: Plan):
    others: list[bool] = []

    def meanwhile(call: str, moment: str) -> None:
        if call.startswith("sns"):
            raise DOWN.fault()
        if (call, moment, others) == ("dynamodb:UpdateItem", "before", []):
            others.append(False)
            others.append(plan.deliver())

    with house.interfering(meanwhile):
        assert not plan.deliver()
    assert others == [False, False]
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 0, "queued")


def test_where_no_channel_answers_customer_service_is_asked(house: House, plan: Plan):
    with troubled(house, sns=SILENT, sesv2=SILENT):
        assert [plan.deliver(receives) for receives in (1, 2, 3)] == [False, False, True]
    assert (mailed(plan), texted(plan), state(house, plan)) == (2, 2, "uncertain")
    plan.room.settle()
    assert [subject for subject, _ in told("customer_service")] == [f"[Redress] bounce {plan.number}"]


def test_what_refuses_it_leaves_the_other_to_itself(house: House, plan: Plan):
    refused = boto3.client("sns").exceptions.InvalidParameterException
    told_of: Any = {"Error": {"Code": "InvalidParameter", "Message": "Invalid parameter: PhoneNumber"}}
    with troubled(house, sns=Trouble("before", lambda: refused(told_of, "Publish")), sesv2=DOWN):
        assert not plan.deliver()
    assert item(house, plan)["sms_state"]["S"] == "refused"
    assert plan.deliver(2)
    assert (mailed(plan), texted(plan), state(house, plan)) == (1, 0, "sent")


# ---- what comes after a plan -----------------------------------------------------------------------------------------


def pass_time(house: House, plan: Plan, **duration: float) -> int:
    """Time passes, the sweep rings what is due, and all that is in the queue is tried three times; how much it was."""
    house.pass_time(**duration)
    sweep(house)
    plan.room.react()
    messages = plan.room.messages()
    for message in messages:
        tries = (run(app.deliver, [message | {"attributes": {"ApproximateReceiveCount": n}}]) for n in "123")
        any(again == [] for again in tries)
    return len(messages)


def subjects(plan: Plan) -> list[str]:
    return [letter["Subject"] for letter in mails_to(WANG) if plan.number in letter["Subject"]]


def test_while_texts_are_down_for_weeks_reminders_and_closure_go_by_mail(house: House, plan: Plan):
    with troubled(house, sns=DOWN):
        assert plan.deliver(3)
        for _ in range(18):
            pass_time(house, plan, days=1)
        assert house.get(f"/v1/complaints/{plan.number}", "cs.lin").json["outcome"] == "no_response"
        *_, first_reminder, second_reminder, closure = subjects(plan)
        assert "待您确认" in first_reminder
        assert "待您确认" in second_reminder
        assert "先行办结" in closure
    pass_time(house, plan, hours=1)
    assert texted(plan) == 0, "what is over is not asked for, the plan itself included"
    assert mailed(plan) == 3, "nor is any mail repeated"
    reminded = [end for _, kind, end in notices(house, plan.number) if kind == "answer_reminder"]
    assert reminded == ["sent", "sent"]


def test_a_plan_whose_text_is_a_dead_letter_holds_back_no_closure_by_mail(house: House, plan: Plan):
    with troubled(house, sns=BROKEN):
        assert [plan.deliver(receives) for receives in (1, 2, 3, 4, 5)] == [False] * 5
        house.do(plan.number, "feedback", {"satisfied": True})
        plan.room.settle()
    assert state(house, plan) == "queued"
    assert ("consumer", "closure", "sent") in notices(house, plan.number)


def test_by_one_channel_the_order_is_kept_while_the_other_goes_on(house: House, plan: Plan):
    with troubled(house, sns=BROKEN):
        assert not plan.deliver(5)
    pass_time(house, plan, days=5)
    assert "待您确认" in subjects(plan)[-1]
    assert texted(plan) == 0, "texts can be sent again, but that of the plan has not been"
    assert plan.deliver()
    assert texted(plan) == 1
    pass_time(house, plan, minutes=5)
    assert texted(plan) == 2, "and then its reminder"


def test_what_waits_for_a_dead_letter_asks_ever_less_often(house: House, plan: Plan):
    """The text of an adjusted plan, behind that of the first one."""
    with troubled(house, sns=BROKEN):
        assert not plan.deliver(5)
    house.do(plan.number, "feedback", {"satisfied": False, "opinion": "不够"})
    house.do(plan.number, "resolution-plan", PLAN)
    plan.room.settle()
    asked = sum(pass_time(house, plan, minutes=5) for _ in range(12 * 8))
    assert 8 < asked < 20
    assert (mailed(plan), texted(plan)) == (2, 0)
