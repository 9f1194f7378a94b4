"""Storefronts hear of their complaints by their webhooks: in order, once or marked, whatever the receivers do."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import standardwebhooks

import app
from chalicelib import wallclock
from chalicelib.adapters import outbox, queues, webhook_call, webhooks
from chalicelib.adapters.outside import Bounds
from chalicelib.casework import calls, ring
from chalicelib.casework import webhooks as kept
from chalicelib.domain.ground.people import storefront
from chalicelib.web.json.contract import served
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.hearing import hearing
from tests.house import FRIDAY, House, Killed

from .receivers import DOWN, OK, Receiver, Shop, call, live, messages, receiving, says, sweep

HOURS = timedelta(hours=1)


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def receivers(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Receiver]]:
    monkeypatch.setattr(webhook_call, "BOUNDS", Bounds(0.2, 0.2))
    as_before = house.remembered()
    with receiving(house, monkeypatch, 2) as both:
        messages(house)
        yield both
    as_before()


@pytest.fixture
def receiver(receivers: list[Receiver]) -> Receiver:
    return receivers[0]


@pytest.fixture
def shop(house: House, receiver: Receiver) -> Shop:
    return Shop(house, receiver)


# ---- what a receiver gets --------------------------------------------------------------------------------------------


def test_the_official_library_reads_what_is_sent(shop: Shop, house: House) -> None:
    told = shop.happens()
    assert call(house) == []
    (heard,) = shop.receiver.heard
    said = shop.verified(heard)
    assert (heard.id, said["type"], said["data"]["seq"]) == (told, "complaint.note_added", 1)
    assert heard.headers["user-agent"].startswith("Redress-Webhook/")
    assert (heard.headers["content-type"], heard.headers["redress-attempt"]) == ("application/json", "1")
    assert not heard.is_marked
    assert (shop.state(), [one.outcome for one in shop.attempts()]) == ("sent", ["delivered"])


def test_the_log_has_whose_call_it_was_and_what_came_of_it_and_no_address(shop: Shop, house: House) -> None:
    shop.happens()
    with hearing() as heard:
        call(house)
    (line,) = heard.about("a webhook was called")
    assert (line["storefront"], line["status"], line["problem"]) == (shop.name, 204, None)
    assert "/hooks" not in json.dumps(line)


def test_during_a_rotation_both_secrets_sign_and_afterwards_the_new_one(shop: Shop, house: House) -> None:
    shop.set(edition=2, before_until=house.now + HOURS)
    shop.happens()
    call(house)
    house.now += HOURS
    shop.happens()
    call(house)
    during, after = shop.receiver.heard
    assert shop.verified(during, 1) == shop.verified(during, 2)
    assert shop.verified(after, 2)["data"]["seq"] == 2
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        shop.verified(after, 1)


def test_what_is_not_wanted_any_more_and_who_is_off_is_not_called(shop: Shop, house: House) -> None:
    shop.happens()
    shop.set(events=("complaint.lapsed",))
    call(house)
    assert (shop.receiver.heard, shop.state()) == ([], "listed")


@pytest.mark.parametrize("status", ["103 Early Hints", "502 Bad Gateway", "504 Gateway Timeout"])
def test_where_only_a_gateway_answered_it_may_have_been_taken(shop: Shop, house: House, status: str) -> None:
    shop.receiver.say = says(status)
    shop.happens()
    call(house)
    shop.receiver.say = OK
    live(house, timedelta(minutes=5))
    assert [one.is_marked for one in shop.receiver.heard] == [False, True]
    assert [one.outcome for one in shop.attempts()] == ["uncertain", "delivered"]


def test_who_is_a_storefront_no_more_is_not_called(shop: Shop, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.happens()
    house.set(monkeypatch, REDRESS_STOREFRONT_CLIENT_IDS="another")
    call(house)
    assert (shop.receiver.heard, shop.state()) == ([], "listed")


def test_a_message_that_comes_twice_calls_once(shop: Shop, house: House) -> None:
    shop.happens()
    outbox.send_on(shop.key("7K2M9-XD4FQ", 1))
    assert call(house) == []
    assert len(shop.receiver.heard) == 1


def test_a_delivery_costs_six_calls_of_aws(shop: Shop, house: House) -> None:
    shop.happens()
    call(house)
    shop.happens()
    (message,) = messages(house)
    with house.counting() as made:
        app.call_webhooks({"Records": [message]}, None)
    dynamodb = [one.removeprefix("dynamodb:") for one in made]
    assert dynamodb == ["Query", "GetItem", "UpdateItem", "UpdateItem", "Query", "PutItem"]


# ---- what receivers do -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("500 Internal Server Error", "server_error"),
        ("400 Bad Request", "refused"),
        ("302 Found", "redirect"),
        ("503 Service Unavailable", "busy"),
    ],
)
def test_what_is_not_taken_is_tried_again_and_not_marked(shop: Shop, house: House, status: str, problem: str) -> None:
    shop.receiver.say = says(status, "Location: http://169.254.169.254/latest/meta-data/")
    shop.happens()
    call(house)
    assert (shop.webhook.last_failure, shop.state()) == (problem, "queued")
    shop.receiver.say = OK
    live(house, timedelta(minutes=5))
    assert [one.is_marked for one in shop.receiver.heard] == [False, False]
    assert [(one.attempt, one.outcome, one.problem) for one in shop.attempts()] == [
        (1, "failed", problem),
        (2, "delivered", None),
    ]


@pytest.mark.parametrize("hostile", ["silent", "drips", "endless", "closes", "no http"])
def test_what_may_have_been_taken_is_told_again_and_marked(shop: Shop, house: House, hostile: str) -> None:
    shop.receiver.say = {
        "silent": shop.receiver.says_nothing,
        "drips": shop.receiver.drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        "endless": shop.receiver.drips(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 60_000 + b"\r\n"),
        "closes": lambda wire: None,
        "no http": lambda wire: wire.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"),
    }[hostile]
    shop.happens()
    call(house)
    assert [one.outcome for one in shop.attempts()] == ["uncertain"]
    shop.receiver.say = OK
    live(house, timedelta(minutes=5))
    assert [(one.headers["redress-attempt"], one.is_marked) for one in shop.receiver.heard] == [
        ("1", False),
        ("2", True),
    ]
    assert shop.state() == "sent"


def test_the_contract_names_every_header_of_ours(shop: Shop, house: House) -> None:
    shop.receiver.say = lambda wire: None
    shop.happens()
    call(house)
    live(house, timedelta(minutes=5))
    described = json.loads(served.WRITTEN.read_text("utf-8"))["webhooks"]["complaint"]["post"]["parameters"]
    own = [{name for name in one.headers if name.startswith(("webhook-", "redress-"))} for one in shop.receiver.heard]
    assert own[0] == {one["name"].lower() for one in described if one["required"]}
    assert own[1] == {one["name"].lower() for one in described}


def test_a_huge_answer_is_not_read(shop: Shop, house: House) -> None:
    shop.receiver.say = shop.receiver.drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 100_000)
    shop.happens()
    call(house)
    assert shop.state() == "sent"


def test_nobody_listens_or_the_certificate_is_none(shop: Shop, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.set(f"https://{shop.receiver.place}/hooks")
    shop.happens()
    shop.receiver.say = lambda wire: None
    call(house)
    assert shop.webhook.last_failure in ("tls", "timeout")
    house.set(monkeypatch, REDRESS_WEBHOOK_HOSTS="127.0.0.1:9")
    shop.set("http://127.0.0.1:9/")
    outcome = calls.try_out(shop.webhook, house.now, wallclock.machine_time())
    assert (outcome.delivered, outcome.status, outcome.problem) == (False, None, "unreachable")


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/"])
def test_an_address_inside_is_not_called_even_if_it_was_set(shop: Shop, house: House, url: str) -> None:
    shop.set(url)
    shop.happens()
    call(house)
    assert (shop.webhook.last_failure, shop.receiver.heard) == ("not_public", [])


def test_who_is_gone_is_called_no_more_and_that_is_told(shop: Shop, house: House) -> None:
    shop.receiver.say = says("410 Gone")
    shop.happens()
    shop.happens()
    call(house)
    assert (shop.webhook.state, shop.webhook.disabled_why) == ("disabled", "gone")
    assert (len(shop.receiver.heard), shop.state(1), shop.state(2)) == (1, "listed", "listed")
    assert notices_of_house(house, "webhook_disabled")


def test_who_asks_for_time_gets_it_up_to_an_hour(shop: Shop, house: House) -> None:
    shop.receiver.say = says("429 Too Many Requests", "Retry-After: 1800")
    shop.happens("A")
    call(house)
    shop.receiver.say = OK
    shop.happens("B")
    call(house)
    assert len(shop.receiver.heard) == 1
    live(house, timedelta(minutes=25))
    assert len(shop.receiver.heard) == 1
    live(house, timedelta(minutes=10))
    assert len(shop.receiver.heard) == 3


# ---- outages ---------------------------------------------------------------------------------------------------------


def test_an_hour_of_outage_loses_nothing_and_each_complaint_is_told_in_order(shop: Shop, house: House) -> None:
    shop.receiver.say = DOWN
    told = [shop.happens(complaint) for _ in range(3) for complaint in ("A", "B", "C")]
    live(house, HOURS)
    failed = len(shop.receiver.heard)
    assert failed < 20, "it rests after failures in a row"
    shop.receiver.say = OK
    live(house, 2 * HOURS)
    arrived = shop.receiver.ids[failed:]
    assert sorted(arrived) == sorted(told)
    for complaint in "ABC":
        own = [one for one in told if one.startswith(complaint)]
        assert [one for one in arrived if one.startswith(complaint)] == own
    assert not any(one.is_marked for one in shop.receiver.heard)
    assert (shop.webhook.failures, shop.webhook.failing_since, shop.webhook.paused_until) == (0, None, None)


def test_a_webhook_that_rests_delays_no_other(receivers: list[Receiver], house: House) -> None:
    down, well = (Shop(house, one) for one in receivers)
    down.receiver.say = down.receiver.says_nothing
    for n in range(12):
        down.happens(f"A{n}")
        well.happens(f"B{n}")
    call(house)
    assert len(well.receiver.heard) == 12
    assert len(down.receiver.heard) == 5


def test_what_waits_for_days_looks_seldom_and_goes_at_once_when_the_webhook_is_there_again(
    shop: Shop, house: House
) -> None:
    """Of a whole day: were each woken at every rest of an hour, that would be 48 times."""
    shop.receiver.say = DOWN
    told = [shop.happens(f"A{n}") for n in range(6)]
    call(house)
    woken = 0
    for _ in range(24):
        house.now += HOURS
        woken += sum(one.notice is not None for one in queues.alarms_due(house.now))
        sweep(house)
    assert woken <= 14 * len(told)
    failed = len(shop.receiver.heard)
    shop.receiver.say = OK
    live(house, HOURS, HOURS)
    assert sorted(shop.receiver.ids[failed:]) == sorted(told), "no other waits for its own time"


def test_what_waits_goes_on_when_its_storefront_sets_the_webhook_anew(shop: Shop, house: House) -> None:
    shop.receiver.say = DOWN
    for n in range(6):
        shop.happens(f"A{n}")
    call(house)
    live(house, 9 * HOURS, HOURS)
    shop.receiver.say, failed = OK, len(shop.receiver.heard)
    kept.put(kept.Wanted(shop.webhook.url, (), None), storefront(shop.name), house.now)
    call(house)
    assert len(shop.receiver.ids[failed:]) == 6


def test_one_that_fails_slowly_is_called_once_at_a_time_too(shop: Shop, house: House) -> None:
    webhooks.note_failure(shop.webhook, "timeout", 9_000, None, house.now)
    assert shop.webhook.is_slow
    webhooks.note_failure(shop.webhook, "server_error", 20, None, house.now)
    assert shop.webhook.is_slow, "that it refuses at once says nothing"
    webhooks.note_delivery(shop.webhook, 20, house.now)
    assert not shop.webhook.is_slow


def test_the_sweep_sees_to_all_else_before_news_and_to_so_many_of_them(
    shop: Shop, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring, "MOST_NEWS", 2)
    for n in range(3):
        shop.happens(f"A{n}")
        outbox.put_to_rest(notice(shop, n), house.now + timedelta(minutes=3 - n), house.now)
    messages(house)
    house.now += HOURS
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    assert [json.loads(one["body"])["seq"] for one in messages(house)] == [3, 2]
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    assert [json.loads(one["body"])["seq"] for one in messages(house)] == [1]


def notice(shop: Shop, n: int) -> outbox.Notice:
    found = outbox.load(shop.key(f"A{n}", n + 1))
    assert found
    return found


def test_one_that_is_slow_is_called_once_at_a_time(shop: Shop, house: House) -> None:
    webhooks.note_delivery(shop.webhook, 9_000, house.now)
    assert webhooks.take_alone(shop.webhook, house.now)
    shop.happens()
    (message,) = messages(house)
    app.call_webhooks({"Records": [message]}, None)
    assert shop.receiver.heard == []
    house.now += webhooks.ALONE + timedelta(seconds=1)
    call(house)
    assert len(shop.receiver.heard) == 1
    assert not shop.webhook.is_slow


def test_after_three_days_news_are_given_up_and_after_a_week_the_webhook(shop: Shop, house: House) -> None:
    shop.receiver.say = DOWN
    shop.happens("A")
    live(house, timedelta(hours=73), HOURS)
    assert shop.state(1, "A") == "given_up"
    outcomes = [one.outcome for one in shop.attempts()]
    assert (outcomes[-1], outcomes.count("given_up")) == ("given_up", 1)
    assert 60 <= len(outcomes) <= 90, "it shows every hour whether the webhook is there again"
    assert notices_of_house(house, "webhook_given_up")
    house.now += timedelta(days=4)
    shop.happens("B")
    call(house)
    assert (shop.webhook.state, shop.webhook.disabled_why) == ("disabled", "failing")


def notices_of_house(house: House, kind: str) -> list[dict[str, Any]]:
    return [item for item in house.items() if f"#{kind}#" in item["sk"]["S"]]


# ---- deaths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("say", [OK, DOWN, says("410 Gone")], ids=["taken", "down", "gone"])
def test_whoever_calls_may_die_anywhere_and_it_is_told_once_or_marked(shop: Shop, house: House, say: Any) -> None:
    deaths = 0
    while True:
        shop.set()
        shop.receiver.say, shop.receiver.heard = say, []
        first, second = shop.happens(f"A{deaths}"), shop.happens(f"A{deaths}")
        waiting = messages(house)
        try:
            with house.killed_at(deaths, "after"):
                app.call_webhooks({"Records": waiting[:1]}, None)
            break
        except Killed:
            deaths += 1
        shop.receiver.say = OK
        for _ in range(2):  # the queue brings them again
            house.now += outbox.CLAIM + timedelta(seconds=1)
            for message in waiting:
                app.call_webhooks({"Records": [message]}, None)
            call(house)
        live(house, timedelta(minutes=20))
        taken = shop.receiver.heard
        if shop.webhook.state == "disabled":
            assert notices_of_house(house, "webhook_disabled")
            continue
        assert [one.id for one in taken if one.id == second] == [second]
        last = [one for one in taken if one.id == first]
        assert last, deaths
        if say is OK:
            assert len(last) == 1 or (len(last) == 2 and last[1].is_marked)
        assert shop.receiver.ids.index(second) > max(n for n, one in enumerate(shop.receiver.ids) if one == first)
    assert deaths >= 5


def test_a_test_call_says_what_came_of_it_and_changes_nothing(shop: Shop, house: House) -> None:
    shop.receiver.say = DOWN
    before = shop.webhook
    outcome = calls.try_out(before, house.now, wallclock.machine_time())
    assert (outcome.delivered, outcome.status, outcome.problem) == (False, 500, "server_error")
    assert shop.webhook == before
    (heard,) = shop.receiver.heard
    assert json.loads(heard.body) | {"timestamp": ""} == {"type": "webhook.test", "timestamp": "", "data": {}}
    assert shop.attempts() == []


def test_nobody_is_waited_for_longer_than_ten_seconds() -> None:
    assert (webhook_call.BOUNDS.reached, webhook_call.BOUNDS.answered) <= (3, 10)


def test_news_that_wait_leave_the_sweep_nothing_to_do_once_they_are_told(shop: Shop, house: House) -> None:
    shop.receiver.say = DOWN
    shop.happens()
    call(house)
    shop.receiver.say = OK
    live(house, timedelta(minutes=15))
    sweep(house)
    assert len(shop.receiver.heard) == 2
