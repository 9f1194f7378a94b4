"""Supervisors hear that a shop does not, and whom the shop has named; once, and with what to do next."""

from datetime import timedelta

import pytest

from chalicelib.adapters import outbox, webhooks
from chalicelib.adapters.webhooks import Webhook
from chalicelib.casework import webhook_letters
from tests.house import House
from tests.web.examples import a_webhook

from .mailroom import Mailroom, mails_to, told


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def failing(house: House, **otherwise: object) -> Webhook:
    since = house.now - timedelta(days=4)
    known = {"failures": 40, "failing_since": since, "last_failure": "server_error", "last_failure_at": house.now}
    shop = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    return a_webhook(shop, house.now, **({**known, "email": "it@shop.example"} | otherwise))


def subjects() -> list[str]:
    return [subject for subject, _ in told("supervisor") if "webhook" in subject]


def test_what_was_given_up_is_told_once_a_day_with_the_reason_and_never_the_whole_address(
    house: House, room: Mailroom
) -> None:
    webhook = failing(house, url="https://hooks.shop.example/redress?secret=geheim")
    for _ in range(3):
        webhook_letters.tell_given_up(webhook, house.now)
    room.settle()
    ((_, words),) = [one for one in told("supervisor") if "webhook" in one[0]]
    assert "hooks.shop.example" in words
    assert "接收端出错" in words
    assert "geheim" not in words
    (mail,) = mails_to("it@shop.example")
    to_shop = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "/v1/webhook/redelivery" in to_shop
    assert ("贵店的 Webhook" in to_shop, "请确认店铺方面已知悉" in to_shop) == (True, False), "they are the shop"
    assert "请确认店铺方面已知悉" in words
    house.pass_time(days=1)
    webhook_letters.tell_given_up(webhook, house.now)
    room.settle()
    assert len(subjects()) == 2


def test_that_it_is_called_no_more_is_told_each_time_unless_it_is_on_again(house: House, room: Mailroom) -> None:
    webhook = failing(house, state="disabled", disabled_at=house.now)
    for _ in range(2):
        webhook_letters.tell_disabled(webhook, house.now)
    room.settle()
    assert len(subjects()) == len(mails_to("it@shop.example")) == 1
    house.pass_time(minutes=5)
    webhook_letters.tell_disabled(failing(house, disabled_at=house.now, state="disabled"), house.now)
    failing(house)
    room.settle()
    assert len(subjects()) == 1


def test_a_shop_that_names_nobody_is_told_nothing_and_supervisors_are(house: House, room: Mailroom) -> None:
    webhook_letters.tell_given_up(failing(house, email=None), house.now)
    room.settle()
    assert len(subjects()) == 1


def test_of_a_webhook_that_was_removed_meanwhile_there_is_nothing_to_say(house: House, room: Mailroom) -> None:
    webhook = failing(house)
    webhook_letters.tell_given_up(webhook, house.now)
    failing(house, state="removed")
    room.settle()
    assert subjects() == mails_to("it@shop.example") == []
    assert webhooks.load(webhook.storefront) is not None
    states = {item["state"]["S"] for item in house.items() if "webhook_given_up" in item["sk"]["S"]}
    assert states == {"nobody"} <= set(outbox.ENDS)
