"""A draft of the policy is tried on past complaints, mark by mark, whoever dies, and however many go on at once."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

import app
from chalicelib.casework import replays
from chalicelib.casework.ring import ring
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import Actor
from tests.house import House

from .amending import LI, do, draft, state_of
from .mailroom import Mailroom
from .streams import run

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
TWELVE_HOURS = {"clocks": {"received": {"hours": 12}}}
SPAN = governance.Replaying.model_validate({"from": "2026-10-09", "to": "2026-10-13"})
ONE_DAY = governance.Replaying.model_validate({"from": "2026-10-09", "to": "2026-10-09"})
FIVE, A_DAY = 5, timedelta(days=1)


def _five_complaints(house: House) -> list[str]:
    """One a day; the first two are acknowledged after 13 hours, in time by 24 hours and not by 12."""
    room, numbers = Mailroom(house), list[str]()
    for day in range(FIVE):
        house.now = datetime(2026, 10, 9 + day, 9, tzinfo=SHANGHAI)
        numbers.append(str(house.file()["complaint_id"]))
        house.pass_time(hours=13 if day < 2 else 1)
        house.do(numbers[-1], "acknowledgement", {})
    room.settle()
    house.now = NOW
    return numbers


@pytest.fixture
def numbers(house: House) -> list[str]:
    return house.begun(_five_complaints)


def started(changes: dict[str, Any] | None = None, now: datetime = NOW) -> str:
    """The name of a draft that is being tried on October."""
    name = draft(now, changes or TWELVE_HOURS)
    do(name, SPAN, now)
    return name


class Queue:
    """The queue of replays, and who goes on by it."""

    def __init__(self, house: House) -> None:
        self.house, self.room = house, Mailroom(house)
        self.room.records()

    def messages(self) -> list[dict[str, Any]]:
        sqs, url = boto3.client("sqs"), self.house.environment["REDRESS_REPLAYS_QUEUE_URL"]
        found = []
        while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for one in taken:
                found.append({"messageId": one["MessageId"], "body": one["Body"]})
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return found

    def work(self, chunk: int = 2) -> int:
        """Until nothing is left to do; how many messages that took."""
        self.room.react()
        taken = 0
        while messages := self.messages():
            taken += len(messages)
            assert replays.go_on(messages, self.house.now, chunk) == []
        return taken


@pytest.fixture
def queue(house: House, numbers: list[str]) -> Queue:
    return Queue(house)


def outcome(name: str) -> Any:
    return replays.shown(name, LI).outcome


def test_it_is_tried_some_at_a_time_and_what_it_came_to_is_noted_with_the_draft(queue: Queue, numbers: list[str]):
    name = started()
    assert queue.work() == 3, "two, two and one"
    replay = state_of(name).replay
    assert replay
    assert (replay.finished_at, replay.clock) == (NOW, None)
    assert replay.sum == governance.ReplaySum(complaints=5, due_dates_moved=5, breaches_more=2, breaches_fewer=0)
    shown = replays.shown(name, LI)
    assert (shown.current, shown.done, shown.days) == (True, FIVE, FIVE)
    assert [one.complaint_id for one in shown.outcome.most_affected][:2] == sorted(numbers[:2])
    assert shown.outcome.sum == replay.sum


def test_the_function_does_it_by_itself(queue: Queue, house: House):
    name = started()
    queue.room.react()
    assert run(app.replay, queue.messages()) == []
    assert state_of(name).replayed


def test_a_draft_that_changes_no_clock_moves_nothing(queue: Queue):
    name = started({"title": "投诉处理制度"})
    queue.work()
    assert outcome(name).sum == governance.ReplaySum(complaints=5, due_dates_moved=0, breaches_more=0, breaches_fewer=0)
    assert outcome(name).affected == 0


def test_operating_data_are_tried_too_a_storm_gives_more_time(queue: Queue):
    name = started({"extra_holidays": ["2026-10-12"]})
    queue.work()
    assert outcome(name).sum.due_dates_moved > 0
    assert outcome(name).sum.breaches_more == 0


def test_how_far_it_has_come_can_be_read_while_it_runs(queue: Queue):
    name = started()
    queue.room.react()
    assert replays.shown(name, LI).done == 0
    replays.go_on(queue.messages(), NOW, 2)
    shown = replays.shown(name, LI)
    assert (shown.done, shown.outcome.complaints, shown.replay.finished_at) == (1, 2, None)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_at_any_call_leaves_a_mark_to_go_on_from(queue: Queue, house: House, moment: str):
    """Of two messages, since one complaint makes a chunk. The queue brings a message again until somebody survives."""
    name = draft(NOW, TWELVE_HOURS)
    do(name, ONE_DAY, NOW)
    queue.room.react()
    messages, deaths = queue.messages(), 0
    while not state_of(name).replayed:
        deaths += len(list(house.deaths(partial(run_once, messages), moment)))
        messages = queue.messages() or messages
    assert deaths > 7
    assert outcome(name).sum == governance.ReplaySum(complaints=1, due_dates_moved=1, breaches_more=1, breaches_fewer=0)


def run_once(messages: list[dict[str, Any]]) -> None:
    assert replays.go_on(messages[:1], NOW, 1) == []


def test_of_two_who_go_on_at_once_one_stops(queue: Queue, house: House):
    name = started()
    queue.room.react()
    [message] = queue.messages()

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("s3:PutObject", "before"):
            house.interfere = lambda call, moment: None
            replays.go_on([message], NOW, 2)

    with house.interfering(interfere):
        assert replays.go_on([message], NOW, 2) == []
    assert len(queue.messages()) == 1, "one of them has queued what follows"
    assert outcome(name).complaints == 2


def test_a_draft_that_says_something_else_is_not_tried_any_further(queue: Queue):
    name = started()
    queue.room.react()
    do(name, governance.Change(changes={"clocks": {"received": {"hours": 6}}}), NOW)
    assert queue.work() == 1
    assert not state_of(name).replayed
    do(name, SPAN, NOW)
    queue.work()
    assert state_of(name).replayed


def test_years_in_which_hardly_anything_was_received_are_gone_through_some_days_at_a_time(queue: Queue):
    """Each empty day takes its time too: a message that has years of them before it would never come to a mark."""
    name = draft(NOW, TWELVE_HOURS)
    do(name, governance.Replaying.model_validate({"from": "2025-10-15", "to": "2026-10-13"}), NOW)
    assert queue.work(chunk=1_000) == 4
    assert state_of(name).replayed
    assert (outcome(name).complaints, outcome(name).left_out) == (FIVE, 0)


def test_it_is_tried_anew_when_that_is_asked_for_again(queue: Queue, house: House):
    name = started()
    queue.work()
    house.now = NOW + A_DAY
    do(name, SPAN, house.now)
    assert replays.shown(name, LI).outcome.complaints == 0
    queue.work()
    assert (state_of(name).replayed, outcome(name).complaints) == (True, FIVE)


def test_one_that_stands_still_is_taken_up_by_the_clock(queue: Queue, house: House):
    name = started()
    queue.room.react()
    lost = queue.messages()
    assert len(lost) == 1
    house.now = NOW + timedelta(minutes=20)
    assert ring(name, house.now).raised == 1
    assert queue.work() == 3
    assert state_of(name).replayed


def test_one_that_was_marked_lately_is_left_to_whoever_is_at_it(queue: Queue, house: House):
    name = started()
    queue.room.react()
    first = queue.messages()
    house.now = NOW + timedelta(minutes=19)
    replays.go_on(first, house.now, 2)
    [following] = queue.messages()
    house.now = NOW + timedelta(minutes=20)
    assert ring(name, house.now).raised == 1
    queue.room.react()
    assert queue.messages() == []
    assert replays.go_on([following], house.now, 9) == []
    assert state_of(name).replayed


def test_a_complaint_that_cannot_be_read_keeps_no_other_from_being_tried(
    queue: Queue, house: House, numbers: list[str]
):
    [entry] = [item for item in house.items() if numbers[0] in item["pk"]["S"] and item["sk"]["S"].endswith("00000001")]
    key = {"pk": entry["pk"], "sk": entry["sk"]}
    boto3.client("dynamodb").delete_item(TableName=house.environment["REDRESS_TABLE"], Key=key)
    name = started()
    queue.work()
    assert (outcome(name).complaints, outcome(name).left_out) == (FIVE - 1, 1)


def test_what_has_not_been_tried_cannot_be_read_nor_by_others_than_staff(queue: Queue):
    name = draft(NOW, TWELVE_HOURS)
    with pytest.raises(NotFound, match="replay_unknown"):
        replays.shown(name, LI)
    started_one = started()
    shop: Actor = people.storefront("web-shop")
    with pytest.raises(NotFound, match="amendment_unknown"):
        replays.shown(started_one, shop)
