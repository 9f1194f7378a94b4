"""What a storefront missed is brought once more: all of it, in order, whatever comes twice on the way."""

from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.adapters import news, outbox, queues
from chalicelib.casework import redelivery
from chalicelib.casework.redelivery import Asked
from chalicelib.domain.telling.news import News, NewsFacts
from tests.house import House, Killed
from tests.web.examples import a_webhook
from tests.web.test_webhooks import messages, shop

FIRST, SECOND = "7K2M9-XD4FQ", "3ZT8P-QN6WA"


@pytest.fixture
def house(lasting_house: House) -> House:
    for item in lasting_house.items(lambda one: str(one.range_key.value).startswith("SHOP#")):
        key = {name: item[name] for name in ("pk", "sk")}
        boto3.client("dynamodb").delete_item(TableName=lasting_house.environment["REDRESS_TABLE"], Key=key)
    messages(lasting_house)
    return lasting_house


def told(house: House, complaint_id: str, seq: int, state: str = "sent", kind: Any = "complaint.acknowledged") -> None:
    """A piece of news of long ago, and what had become of it; a minute later it is."""
    facts = NewsFacts(complaint_id=complaint_id, external_ref=None, stage="received", round=1, outcome=None, seq=seq)
    news.keep(News(type=kind, timestamp=house.now, data=facts), shop(house), house.now, calls=True)
    if state != "queued":
        outbox.end(news.key_of(complaint_id, seq, shop(house)), state)
    house.pass_time(minutes=1)


def walk(asked: Asked, house: House, step: int = 100) -> list[str]:
    """The ids of what was sent on, in the order of the queue, until the walk is over."""
    redelivery.go_on(asked, step)
    sent, more = [], [asked]
    while more:
        found = messages(house)
        sent += [f"{one['record']}-{one['seq']}" for one in found if "record" in one]
        more = [Asked.model_validate(one["redeliver"]) for one in found if "redeliver" in one]
        for one in more:
            redelivery.go_on(one, step)
    return sent


def notice(house: House, complaint_id: str, seq: int) -> outbox.Notice:
    found = outbox.load(news.key_of(complaint_id, seq, shop(house)))
    assert found
    return found


def asked_now(house: House, **ago: float) -> Asked:
    return Asked(storefront=shop(house), since=house.now - timedelta(**ago), asked_at=house.now)


def test_all_from_a_moment_on_is_brought_again_in_order_some_at_a_time(house: House) -> None:
    a_webhook(shop(house), house.now)
    told(house, FIRST, 1)
    for seq, state in ((2, "sent"), (3, "given_up"), (4, "listed"), (5, "uncertain")):
        told(house, FIRST, seq, state)
        told(house, SECOND, seq, state)
    asked = asked_now(house, minutes=8)
    assert walk(asked, house, step=3) == [f"{one}-{seq}" for seq in (2, 3, 4, 5) for one in (FIRST, SECOND)]
    again = notice(house, FIRST, 3)
    assert (again.state, again.asked_again_at) == ("queued", asked.model_dump(mode="json")["asked_at"])
    assert (notice(house, FIRST, 1).state, notice(house, FIRST, 1).asked_again_at) == ("sent", "")


def test_a_message_that_comes_twice_asks_for_nothing_twice(house: House) -> None:
    a_webhook(shop(house), house.now)
    told(house, FIRST, 2)
    asked = asked_now(house, hours=1)
    walk(asked, house)
    outbox.end(news.key_of(FIRST, 2, shop(house)), "sent")
    walk(asked, house)
    assert notice(house, FIRST, 2).state == "sent"
    house.pass_time(seconds=1)
    walk(asked_now(house, hours=1), house)
    assert notice(house, FIRST, 2).state == "queued", "another request asks once more"


def test_what_is_on_its_way_already_does_not_get_a_second_message(house: House) -> None:
    """However often it is asked for: of ten thousand for a slow receiver many would go round all day."""
    a_webhook(shop(house), house.now)
    for seq, state in ((2, "queued"), (3, "queued"), (4, "sent")):
        told(house, FIRST, seq, state)
    outbox.put_to_rest(notice(house, FIRST, 3), house.now + timedelta(hours=9), house.now)
    assert walk(asked_now(house, hours=1), house) == [f"{FIRST}-3", f"{FIRST}-4"], "what waits, waits no longer"
    house.pass_time(seconds=1)
    assert walk(asked_now(house, hours=1), house) == []
    house.pass_time(days=2)
    assert len(walk(asked_now(house, days=3), house)) == 3, "a message may have been lost"


def test_whoever_dies_and_finds_the_webhook_gone_afterwards_leaves_nothing_for_ever(house: House) -> None:
    a_webhook(shop(house), house.now)
    told(house, FIRST, 2)
    asked = asked_now(house, hours=1)
    with pytest.raises(Killed), house.killed_at(1 + news.SHARDS + 1, "before"):  # asked for, and not sent on
        redelivery.go_on(asked)
    a_webhook(shop(house), house.now, state="removed")
    assert walk(asked, house) == []
    house.pass_time(minutes=5)
    assert [one.notice for one in queues.alarms_due(house.now)] == [notice(house, FIRST, 2).key]


def test_what_is_being_told_at_this_moment_is_left_to_whoever_tells_it(house: House) -> None:
    a_webhook(shop(house), house.now)
    told(house, FIRST, 2, "queued")
    outbox.claim(notice(house, FIRST, 2), house.now, {})
    walk(asked_now(house, hours=1), house)
    assert notice(house, FIRST, 2).state == "sending"


def test_only_what_is_wanted_now_is_brought_and_nothing_to_one_that_is_off(house: House) -> None:
    told(house, FIRST, 2)
    told(house, FIRST, 3, kind="complaint.withdrawn")
    asked = asked_now(house, hours=1)
    a_webhook(shop(house), house.now, events=("complaint.withdrawn",))
    assert walk(asked, house) == [f"{FIRST}-3"]
    for state in ("disabled", "removed"):
        a_webhook(shop(house), house.now, state=state)
        assert walk(asked, house) == []


def test_whoever_dies_on_the_way_leaves_nothing_out(house: House) -> None:
    a_webhook(shop(house), house.now)
    for seq in (2, 3):
        told(house, FIRST, seq)
    asked = asked_now(house, hours=1)
    for moment in ("before", "after"):
        for _ in house.deaths(lambda: redelivery.go_on(asked, 1), moment):
            pass
    sent = walk(asked, house, 1)
    house.pass_time(minutes=5)
    sent += [f"{one.notice.record}-{one.notice.seq}" for one in queues.alarms_due(house.now) if one.notice]
    assert {*sent} == {f"{FIRST}-2", f"{FIRST}-3"}
