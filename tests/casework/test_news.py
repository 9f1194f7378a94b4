"""What storefronts hear of their complaints is written down once, in order, whatever is slow, fails or dies."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given, settings
from hypothesis.strategies import booleans, integers, lists, tuples

from chalicelib.adapters import aws, news
from chalicelib.adapters.webhooks import Webhook
from chalicelib.casework import feed
from chalicelib.casework.erase import erase
from chalicelib.casework.news import forget, tell_storefront
from chalicelib.casework.react import react
from chalicelib.domain.ground.people import Actor, storefront
from chalicelib.domain.telling.news import News, NewsFacts
from chalicelib.domain.vocabulary.stages import Stage
from infra import restore
from tests.house import FRIDAY, KETTLE, House

from .mailroom import Mailroom

LOAD, GET, PUT, READ = (f"dynamodb:{name}" for name in ("BatchGetItem", "GetItem", "PutItem", "Query"))
SEND = "sqs:SendMessage"


@pytest.fixture
def house(lasting_house: House) -> House:
    forget()
    lasting_house.now = FRIDAY
    return lasting_house


def shop(house: House) -> Actor:
    return storefront(house.environment["REDRESS_STOREFRONT_CLIENT_IDS"])


def all_heard(who: Actor, now: datetime, number: str = "") -> list[News]:
    """All that the list of a storefront will have of a complaint."""
    found = feed.heard(who, None, None, 100, now + timedelta(minutes=1)).news
    return [one for one in found if number in ("", one.data.complaint_id)]


def events_of(house: House, number: str) -> list[dict[str, Any]]:
    """The events of a complaint so far, as the stream delivers them."""
    return [one for one in Mailroom(house).records() if number in one["dynamodb"]["NewImage"]["pk"]["S"]]


def only_told(house: House, records: list[dict[str, Any]]) -> list[str]:
    return react(records, house.now, lambda entry: (tell_storefront,))


@contextmanager
def a_webhook(house: House, *wanted: str) -> Iterator[None]:
    """The storefront has a webhook, which wants news of these types, or of all."""
    client_id = shop(house).id
    hook = Webhook(storefront=client_id, state="on", url="https://shop.example/hook", events=wanted, set_at=house.now)
    key = {"pk": {"S": f"STOREFRONT#{client_id}"}, "sk": {"S": "WEBHOOK"}}
    table = {"TableName": house.environment["REDRESS_TABLE"]}
    boto3.client("dynamodb").put_item(Item=key | {"webhook": {"S": hook.model_dump_json()}}, **table)
    try:
        yield
    finally:
        boto3.client("dynamodb").delete_item(Key=key, **table)


def test_each_piece_says_how_the_complaint_stood_then_though_it_is_told_when_it_is_closed(house: House) -> None:
    number = house.bring_to("closed", external_ref="ticket-7")["complaint_id"]
    assert only_told(house, events_of(house, number)) == []
    told = all_heard(shop(house), house.now, number)
    assert [(one.type, one.data.stage, one.data.outcome) for one in told] == [
        ("complaint.filed", "received", None),
        ("complaint.acknowledged", "investigating", None),
        ("complaint.investigation_reported", "planning", None),
        ("complaint.plan_proposed", "awaiting_consumer", None),
        ("complaint.plan_accepted", "closed", "satisfied"),
        ("complaint.follow_up_promised", "closed", "satisfied"),
    ]
    assert {one.data.external_ref for one in told} == {"ticket-7"}
    assert [one.id for one in told] == [f"{number}-{one.data.seq}" for one in told]


def test_nothing_is_said_of_what_staff_write_to_each_other_nor_of_what_was_filed_by_phone(house: House) -> None:
    number = house.file()["complaint_id"]
    house.do(number, "notes", {"text": "已电话联系"})
    by_phone = house.post("/v1/complaints", KETTLE | {"channel": "phone"}, "cs.lin").json["complaint_id"]
    for one in (number, by_phone):
        assert only_told(house, events_of(house, one)) == []
    assert [one.type for one in all_heard(shop(house), house.now, number)] == ["complaint.filed"]
    assert all_heard(shop(house), house.now, by_phone) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_wherever_its_process_dies_each_piece_is_told_once_and_in_order(house: House, moment: str) -> None:
    number = house.bring_to("planning")["complaint_id"]
    records = events_of(house, number)
    with a_webhook(house):
        for _ in house.deaths(lambda: only_told(house, records), moment):
            house.pass_time(seconds=1)
    told = all_heard(shop(house), house.now, number)
    assert [one.data.stage for one in told] == ["received", "investigating", "planning"]


def test_where_one_cannot_be_told_those_after_it_wait_and_those_of_other_complaints_do_not(house: House) -> None:
    first, other = (house.bring_to("planning")["complaint_id"] for _ in range(2))
    records = events_of(house, first) + events_of(house, other)
    with house.interfering(failing(PUT, times=1)):
        failed = only_told(house, records)
    assert failed == [one["dynamodb"]["SequenceNumber"] for one in events_of(house, first)]
    assert all_heard(shop(house), house.now, first) == []
    assert len(all_heard(shop(house), house.now, other)) == 3
    house.pass_time(seconds=1)
    assert only_told(house, records) == []
    assert [one.data.stage for one in all_heard(shop(house), house.now, first)] == [
        "received",
        "investigating",
        "planning",
    ]


def failing(wanted: str, times: int) -> Callable[[str, str], None]:
    left = iter(range(times))

    def fail(call: str, moment: str) -> None:
        if (call, moment) == (wanted, "before") and next(left, None) is not None:
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    return fail


numbers = count(1)


def a_piece(seq: int) -> News:
    facts = NewsFacts(
        complaint_id=f"7K2M9-XD4{seq % 5:02}",
        external_ref=None,
        stage=Stage.RECEIVED,
        round=1,
        outcome=None,
        seq=seq,
    )
    return News(type="complaint.note_added" if seq % 3 else "complaint.filed", timestamp=FRIDAY, data=facts)


@given(
    writers=lists(tuples(integers(0, 90), integers(0, 24)), max_size=25),
    readers=lists(tuples(integers(0, 150), integers(1, 4)), max_size=12),
    filtered=booleans(),
)
@settings(max_examples=40)
def test_whoever_goes_on_from_the_last_place_hears_each_piece_once_whatever_is_slow(
    house: House, writers: list[tuple[int, int]], readers: list[tuple[int, int]], filtered: bool
) -> None:
    """Some read the time and take up to 24 seconds until what they write is seen; others read meanwhile."""
    who = storefront(f"shop-{next(numbers)}")
    steps: list[tuple[int, Callable[[], None]]] = []
    heard: list[News] = []
    after: str | None = None

    def write(seq: int, read_at: int) -> None:
        news.keep(a_piece(seq), who.id, FRIDAY + timedelta(seconds=read_at), calls=False)

    def read(at: int, limit: int) -> bool:
        nonlocal after
        page = feed.heard(who, after, "complaint.filed" if filtered else None, limit, FRIDAY + timedelta(seconds=at))
        heard.extend(page.news)
        after = page.after
        return page.more

    steps += [(at + slow, lambda seq=seq, at=at: write(seq, at)) for seq, (at, slow) in enumerate(writers)]  # type: ignore[misc]
    steps += [(at, lambda at=at, limit=limit: read(at, limit)) for at, limit in readers]  # type: ignore[misc]
    for _, step in sorted(steps, key=lambda one: one[0]):
        step()
    while read(300, 3):
        pass
    wanted = [seq for seq in range(len(writers)) if not filtered or seq % 3 == 0]
    assert sorted(one.data.seq for one in heard) == wanted
    assert [one.data.seq for one in heard] == sorted(
        wanted, key=lambda seq: (writers[seq][0], a_piece(seq).data.complaint_id, seq)
    )


def test_all_tries_of_a_call_end_before_the_list_is_read() -> None:
    patience = aws.client("dynamodb").meta.config
    tries = patience.retries["total_max_attempts"]
    pauses = sum(2**n for n in range(tries - 1))  # at most, in seconds
    assert tries * (patience.connect_timeout + patience.read_timeout) + pauses < news.SETTLING.total_seconds()


def test_the_place_is_that_of_the_second_in_which_it_is_written_not_of_when_the_batch_began(house: House) -> None:
    number = house.file()["complaint_id"]
    began = house.now
    records = events_of(house, number)
    house.pass_time(minutes=1)
    assert react(records, began, lambda entry: (tell_storefront,)) == []
    assert feed.heard(shop(house), "2026-10-09T07:40:59Z", None, 9, house.now + timedelta(seconds=31)).news


def test_what_is_as_old_as_what_is_gone_from_the_list_is_not_told_anew(house: House) -> None:
    number = house.file()["complaint_id"]
    house.pass_time(days=91)
    assert only_told(house, events_of(house, number)) == []
    assert all_heard(shop(house), house.now, number) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, [LOAD, GET, PUT] * 2),
        ((), [LOAD, GET, PUT, SEND, LOAD, PUT, SEND]),
        (("complaint.filed",), [LOAD, GET, PUT, SEND, LOAD, GET, PUT]),
    ],
)
def test_a_piece_costs_a_read_and_a_write_and_a_webhook_is_looked_up_once_a_minute(
    house: House, wanted: tuple[str, ...] | None, expected: list[str]
) -> None:
    number = house.file()["complaint_id"]
    calls: list[str] = []

    def tell(records: list[dict[str, Any]]) -> None:
        with house.counting() as made:
            assert only_told(house, records) == []
        calls.extend(made)

    def all_of_it() -> None:
        tell(events_of(house, number))
        house.do(number, "acknowledgement", {})
        tell(events_of(house, number)[-1:])

    if wanted is None:
        all_of_it()
    else:
        with a_webhook(house, *wanted):
            all_of_it()
    assert calls == expected
    told = [item for item in house.items() if item["sk"]["S"].startswith("SHOP#") and number in item["pk"]["S"]]
    queued = {None: 0, (): 2}.get(wanted, 1)
    assert sorted(item["state"]["S"] for item in told) == ["listed"] * (2 - queued) + ["queued"] * queued


def test_that_more_has_happened_costs_a_look_at_it_and_only_another_stage_the_whole(house: House) -> None:
    number = house.file()["complaint_id"]
    filed = events_of(house, number)
    house.do(number, "notes", {"text": "已电话联系"})
    for expected in ([LOAD, READ, GET, PUT], [LOAD, READ, READ, GET, PUT, SEND]):
        with house.counting() as calls:
            assert only_told(house, filed) == []
        assert calls == expected
        house.do(number, "acknowledgement", {})


def test_once_words_are_erased_nobody_is_told_what_the_shop_called_it(house: House) -> None:
    number = house.file(external_ref="ticket-9")["complaint_id"]
    house.do(number, "withdrawal", {})
    assert only_told(house, events_of(house, number)) == []
    told = [item for item in house.items() if item["sk"]["S"].startswith("SHOP#") and number in item["pk"]["S"]]
    assert all("ticket-9" in item["summary"]["S"] for item in told)
    for _ in range(2):
        erase(number, house.now)
    assert only_told(house, events_of(house, number)) == []
    kept = [item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}"]
    assert "ticket-9" not in json.dumps(kept)
    assert [item for item in kept if item["sk"]["S"].startswith("SHOP#")] == [news.bare(item) for item in told]
    assert [restore._bare(item) for item in told] == [news.bare(item) for item in told]


def test_the_same_is_put_on_the_bus_if_there_is_one_with_whose_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    events.create_event_bus(Name="redress-events")
    queue = sqs.create_queue(QueueName="engine")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": ["redress"], "detail-type": ["complaint.filed"]})
    events.put_rule(Name="engine", EventBusName="redress-events", EventPattern=pattern)
    events.put_targets(Rule="engine", EventBusName="redress-events", Targets=[{"Id": "engine", "Arn": arn}])
    house.set(monkeypatch, REDRESS_EVENT_BUS="redress-events")
    number = house.file(external_ref="ticket-8")["complaint_id"]
    assert only_told(house, events_of(house, number)) == []
    (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    brought = json.loads(message["Body"])
    assert (brought["detail-type"], brought["source"], brought["time"]) == (
        "complaint.filed",
        "redress",
        "2026-10-09T07:40:00Z",
    )
    (told,) = all_heard(shop(house), house.now, number)
    facts = told.data.model_dump(mode="json")
    assert brought["detail"] == {"id": told.id, "storefront": shop(house).id} | facts
    monkeypatch.undo()
