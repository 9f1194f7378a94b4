"""The shop's order system, played: it answers signed questions, always the same, unless it is switched off."""

import hmac
from email.message import Message
from urllib.parse import quote

import pytest

from infra.aws.answers import Refused
from infra.local.shop import OrderSystem, order

from .test_mail import seen

SECRET = "s" * 32
NOW = 1_770_688_800


def asked(number="E20261009-0042", secret=SECRET, method="GET", late=0, shop=None, **changes):
    """The order system's answer to a question signed like this."""
    path = f"/orders/{quote(number, safe='')}"
    timestamp = str(NOW - late)
    signature = hmac.digest(secret.encode(), f"{timestamp}\n{method}\n{path}".encode(), "sha256").hex()
    headers = Message()
    for name, value in {
        "X-Redress-Timestamp": timestamp,
        "X-Redress-Signature": f"sha256={signature}",
        **changes,
    }.items():
        headers[name] = value
    return (shop or OrderSystem(SECRET, seconds=lambda: NOW)).answer(path, headers)


def status(**how):
    with pytest.raises(Refused) as refusal:
        asked(**how)
    return refusal.value.status


def test_an_order_is_told_with_its_lines_dates_and_where_it_is():
    told = order("E20261009-0042")
    assert (told["order_number"], told["found"]) == ("E20261009-0042", True)
    assert told["ordered_at"] == "2026-10-09T02:00:00Z"
    assert told["ordered_at"] < told["paid_at"]
    assert told["lines"][0] == {
        "product_name": "电热水壶 1.7L",
        "quantity": 1,
        "price": {"value": "59.90", "currency": "CNY"},
    }
    assert told == order("E20261009-0042")
    states = {order(f"E{number}")["delivery_state"] for number in range(50)}
    assert states == {"delivered", "in_transit", "awaiting_dispatch"}
    assert all(("carrier" in one) == (one["delivery_state"] != "awaiting_dispatch") for one in map(order, ["E1", "E2"]))


def test_a_signed_question_is_answered_whatever_the_number_looks_like():
    assert asked().status == 200
    assert "E 1/收".encode() in asked(number="E 1/收").body


@pytest.mark.parametrize("late", [300, -300])
def test_a_question_may_be_five_minutes_old_or_ahead(late):
    assert asked(late=late).status == 200


def test_an_order_that_does_not_begin_with_an_e_is_not_known():
    assert status(number="X20261009-0042") == 404


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another"},
        {"method": "POST"},
        {"late": 301},
        {"late": -301},
        {"X-Redress-Signature": "sha256=收"},
        {"X-Redress-Timestamp": "now"},
    ],
)
def test_a_question_that_is_signed_wrongly_or_at_another_time_is_refused(how):
    assert status(**how) == 401


def test_switched_off_it_answers_nobody():
    assert status(shop=OrderSystem(SECRET, up=False)) == 503


def switch(system, up):
    return system.call("POST", f"{system.desk}/order-system", {"up": up})


def test_a_function_asks_it_at_the_desk_and_hears_when_it_is_off(system):
    system.call("POST", "/v1/orders", {"order": "E20261009-0042"})
    system.call("POST", "/v1/orders", {"order": "X1"})
    system.settle()
    assert (seen(system, "E20261009-0042"), seen(system, "X1")) == (["True"], ["404"])
    assert switch(system, False).json() == {"up": False}
    system.call("POST", "/v1/orders", {"order": "E2"})
    system.settle()
    assert switch(system, True).json() == {"up": True}
    assert seen(system, "E2") == ["503"]


def test_while_the_clock_is_moved_it_answers_too(system):
    system.call("POST", "/v1/orders", {"order": "E3"})
    system.move_clock(advance="PT1M")
    assert seen(system, "E3") == ["True"]


def test_a_question_without_a_signature_or_a_switch_without_sense_is_refused(system):
    assert system.call("GET", f"{system.desk}/orders/E1").status == 401
    for content in ({}, {"up": 1}, {"up": True, "x": 1}, b"{"):
        assert system.call("POST", f"{system.desk}/order-system", content).status == 400
