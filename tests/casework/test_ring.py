"""Every alarm once, whoever rings: clock, sweep or both, twice, late, out of order, or with a crash at any call."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, randoms, sampled_from

import app
from chalicelib.adapters import items, store
from chalicelib.casework import calendar, rules
from chalicelib.casework.commit import only_rings
from chalicelib.casework.rebuild import rebuild
from chalicelib.casework.ring import MOST_IDLE, ClockSpins, ring
from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.alarms import MOST_AT_ONCE
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.events import RelatedFound
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.people import CLOCK
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.log import Failed
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.domain.cases import story_in
from tests.hearing import hearing
from tests.house import FRIDAY, REPORT, House
from tests.published import publish

from . import mailroom
from .mailroom import Mailroom
from .streams import new_records, run

ONCE = settings(max_examples=6)
STAGES = ["received", "investigating", "planning", "awaiting_consumer"]


class Clockwork:
    """What the alarm clock's machine does, one step at a time: wait, ring, wait until the time answered."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.machines = boto3.client("stepfunctions")
        self.waiting: dict[str, dict[str, Any]] = {}

    def begin(self) -> None:
        """Take up the clocks that reactions started, and drop those they stopped."""
        arn = self.house.environment["REDRESS_CLOCK_MACHINE"]
        for one in self.machines.list_executions(stateMachineArn=arn)["executions"]:
            if one["status"] == "ABORTED":
                self.waiting.pop(one["name"], None)
            elif one["name"] not in self.waiting:
                told = self.machines.describe_execution(executionArn=one["executionArn"])
                self.waiting[one["name"]] = json.loads(told["input"])

    def next(self) -> datetime | None:
        return min((moment(told) for told in self.waiting.values() if told["at"]), default=None)

    def ring(self, times: int = 1) -> None:
        """Everything that waits for this moment or an earlier one rings, each as many times."""
        for name, told in list(self.waiting.items()):
            if told["at"] and moment(told) <= self.house.now:
                for _ in range(times):
                    self.waiting[name] = app.ring(told, None)


def moment(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(told["at"])


def sweep() -> dict[str, int]:
    return dict(app.sweep(scheduled_event("sweep", REGION, FRIDAY), None))


def alarms(number: str) -> list[tuple[str, datetime]]:
    """What was raised about a complaint whose record is whole, but for hearings: the kinds, and the moments they were
    meant for."""
    case = store.load_with_entries(number, Complaint)
    assert case is not None
    assert first_broken_link(case.entries) is None
    assert fold(case.entries) == case.state
    raised = [entry for entry in case.entries if entry.actor == CLOCK and not isinstance(entry.event, hearings.KINDS)]
    return [(entry.kind, entry.event.alarm.moment) for entry in raised]  # type: ignore[attr-defined]


def live(
    house: House, number: str, until: datetime, *, clock: int = 0, sweeps: int = 0, shuffled: Random | None
) -> None:
    """Time passes; the clock rings `clock` times at each of its moments, the sweep `sweeps` times every six hours."""
    clockwork = Clockwork(house)
    seen: set[str] = set()
    while house.now < until:
        run(app.react, new_records(house, seen))
        clockwork.begin()
        stops = [house.now + timedelta(hours=6), until]
        if clock and (at := clockwork.next()):
            stops.append(max(at, house.now))
        house.now = min(stops)
        doors = [lambda: clockwork.ring(clock)] * bool(clock) + [sweep] * sweeps
        if shuffled:
            shuffled.shuffle(doors)
        for door in doors:
            door()


WANTED = {
    "received": ["ReminderRaised", "DeadlineMissed", *["Escalated"] * 5],
    "investigating": ["ReminderRaised", "DeadlineMissed", "Escalated"],
    "planning": ["ReminderRaised", "DeadlineMissed", "Escalated", "Escalated"],
    "awaiting_consumer": ["ReminderRaised"],
}


@pytest.mark.parametrize(("clock", "sweeps"), [(1, 0), (0, 1), (2, 2)], ids=["the clock", "the sweep", "both, doubled"])
@pytest.mark.parametrize("stage", STAGES)
def test_each_alarm_is_raised_once_by(house: House, stage: str, clock: int, sweeps: int):
    number = house.bring_to(stage)["complaint_id"]
    live(house, number, FRIDAY + timedelta(days=5, hours=17), clock=clock, sweeps=sweeps, shuffled=Random(7))
    raised = alarms(number)
    assert [kind for kind, _ in raised] == WANTED[stage]
    assert len(set(raised)) == len(raised)


@pytest.fixture
def empty(house: House) -> Callable[[], None]:
    """Brings back the house before any complaint."""
    return house.remembered()


@ONCE
@given(stage=sampled_from(STAGES), clock=integers(0, 2), sweeps=integers(0, 2), order=randoms(use_true_random=False))
def test_the_same_alarms_are_raised_in_whatever_order_and_number_the_doors_open(
    house: House, empty: Callable[[], None], stage: str, clock: int, sweeps: int, order: Random
):
    empty()
    number = house.bring_to(stage)["complaint_id"]
    live(house, number, FRIDAY + timedelta(days=5, hours=17), clock=clock, sweeps=sweeps, shuffled=order)
    sweep()  # whatever was missed
    assert [kind for kind, _ in alarms(number)] == WANTED[stage]


@pytest.mark.parametrize("death", ["before", "after"])
def test_a_ring_that_dies_at_any_call_is_healed_by_the_next(house: House, death: str):
    number = house.file()["complaint_id"]
    house.now = FRIDAY + timedelta(hours=24)
    told = {"record": number, "clock": 1, "at": "2026-10-10T07:40:00Z", "idle": 0}
    deadly = list(house.deaths(lambda: app.ring(told, None), death))
    assert death == "after" or deadly == [0, 1, 2], "it is loaded, the list of policies is read, it is saved"
    assert app.ring(told, None)["at"] == "2026-10-11T07:40:00Z"
    assert [kind for kind, _ in alarms(number)] == ["ReminderRaised", "DeadlineMissed"]


@pytest.mark.parametrize("death", ["before", "after"])
def test_a_clock_that_dies_while_it_is_set_is_set_by_the_next_delivery(house: House, death: str):
    number = house.bring_to("investigating")["complaint_id"]
    records = new_records(house, set())
    for _ in house.deaths(lambda: run(app.react, records), death):
        pass
    assert run(app.react, records) == []
    clockwork = Clockwork(house)
    clockwork.begin()
    assert set(clockwork.waiting) == {f"{number}-2"}


@pytest.mark.parametrize("death", ["before", "after"])
def test_the_clock_of_a_plan_gives_way_to_that_of_the_reading_and_comes_back_wherever_that_dies(
    house: House, death: str
):
    number, seen = house.bring_to("awaiting_consumer")["complaint_id"], set[str]()
    clockwork = Clockwork(house)
    for resource in (None, "information", "information", "information-reading"):
        if resource:
            body = {} if resource == "information-reading" else {"text": "我不同意这个方案"}
            assert house.do(number, resource, body).status < 300
        records = new_records(house, seen)
        for _ in house.deaths(lambda records=records: run(app.react, records), death):
            pass
        assert run(app.react, records) == []
        clockwork.begin()
    case = store.load(number, Complaint)
    assert case is not None
    assert set(clockwork.waiting) == {f"{number}-{clock.number}" for clock in case.state.clocks}
    assert [clock.name for clock in case.state.clocks] == ["stage"]


@pytest.mark.parametrize("death", ["before", "after"])
def test_an_inquiry_that_follows_its_stage_has_one_clock_wherever_that_dies(house: House, death: str):
    number, seen = house.bring_to("investigating")["complaint_id"], set[str]()
    run(app.react, new_records(house, seen))
    house.now = FRIDAY.replace(day=13)
    house.do(number, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    house.do(number, "extension", {"working_days": 2, "reason": "等待检测"}, "cs.lead")
    records = new_records(house, seen)
    for _ in house.deaths(lambda: run(app.react, records), death):
        pass
    assert run(app.react, records) == []
    clockwork = Clockwork(house)
    clockwork.begin()
    case = store.load(number, Complaint)
    assert case is not None
    assert {clock.name for clock in case.state.clocks} == {"stage", "inquiry 1"}
    assert set(clockwork.waiting) == {f"{number}-{clock.number}" for clock in case.state.clocks}
    house.now = FRIDAY.replace(day=14)
    sweep()
    assert [kind for kind, _ in alarms(number)].count("DeadlineMissed") == 0


def test_if_the_clock_cannot_be_set_the_sweep_is_enough_and_notices_still_go_out(house: House):
    number = house.file()["complaint_id"]
    records = new_records(house, set())

    def down(call: str, at: str) -> None:
        if call.startswith("stepfunctions") and at == "before":
            raise ConnectionError("Step Functions is down")

    with house.interfering(down):
        assert run(app.react, records) == ["1"]
    assert [item for item in house.items() if item["sk"]["S"].startswith("NOTICE#")]
    house.now = FRIDAY + timedelta(hours=24)
    assert sweep() == {"rung": 1, "woken": 0, "failed": 0}
    assert [kind for kind, _ in alarms(number)] == ["ReminderRaised", "DeadlineMissed"]


def test_an_alarm_of_a_stage_that_was_left_is_silent(house: House):
    number = house.bring_to("investigating")["complaint_id"]
    house.now = FRIDAY + timedelta(hours=30)
    told = {"record": number, "clock": 1, "at": "2026-10-10T03:40:00Z", "idle": 0}
    rules.in_force(house.now)  # the list of policies is read
    with house.counting() as calls:
        assert app.ring(told, None)["at"] is None
    assert calls == ["dynamodb:BatchGetItem"]
    assert alarms(number) == []


def test_an_alarm_of_a_complaint_that_is_not_there_is_silent(house: House):
    assert ring("AAAAA-AAAAA", FRIDAY, 1) == (0, None)


def test_a_clock_never_asks_to_ring_now_or_earlier(house: House):
    number = house.file()["complaint_id"]
    for hours in (0, 20, 21, 24, 100, 10_000):
        now = FRIDAY + timedelta(hours=hours)
        again = ring(number, now, 1).again_at
        assert again is not None
        assert again > now


def test_a_clock_that_rings_for_nothing_again_and_again_stops_and_says_so(house: House):
    number = house.file()["complaint_id"]
    told = {"record": number, "clock": 1, "at": "2026-10-09T07:40:00Z", "idle": 0}
    for _ in range(MOST_IDLE):
        told = app.ring(told, None)
    with pytest.raises(Failed) as failed:
        app.ring(told, None)
    assert type(failed.value).__name__ == ClockSpins.__name__  # by which the machine knows it


QUEUES_COUNTED = (
    11  # three stages that can be late, inquiries to three, dangers of two, words to read, promises, drafts
)


def test_an_alarm_costs_two_round_trips_and_a_sweep_one_for_each_shard_and_each_queue_it_counts(house: House):
    house.file()
    with house.counting() as idle:
        sweep()
    assert idle == ["dynamodb:Query"] * (items.ALARM_SHARDS + QUEUES_COUNTED)
    house.now = FRIDAY + timedelta(hours=24)
    rules.in_force(house.now)  # which is read once in five minutes, whoever asks
    with house.counting() as busy:
        sweep()
    assert sorted(busy) == sorted([*idle, "dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"])


def spoil(house: House, number: str) -> None:
    """Make a complaint unreadable."""
    head = items.record_key(number, items.HEAD)
    update = {"UpdateExpression": "SET head = :rubbish", "ExpressionAttributeValues": {":rubbish": {"S": "{}"}}}
    boto3.client("dynamodb").update_item(TableName=house.environment["REDRESS_TABLE"], Key=head, **update)


def test_a_complaint_that_cannot_be_rung_holds_up_no_other(house: House):
    poison, good = house.file()["complaint_id"], house.file()["complaint_id"]
    spoil(house, poison)
    house.now = FRIDAY + timedelta(hours=24)
    assert sweep() == {"rung": 1, "woken": 0, "failed": 1}
    assert len(alarms(good)) == 2


def test_overdue_is_seen_at_once_whether_or_not_anything_rang(house: House):
    number = house.file()["complaint_id"]
    house.now = FRIDAY + timedelta(hours=24)
    (line,) = house.get("/v1/complaints?overdue=true", "cs.lin").json["items"]
    assert (line["complaint_id"], line["deadline"]["overdue"]) == (number, True)
    assert alarms(number) == []


def test_breaches_are_shown_to_staff(house: House):
    number = house.file()["complaint_id"]
    house.now = FRIDAY + timedelta(hours=25)
    sweep()
    (breach,) = house.get(f"/v1/complaints/{number}", "cs.lin").json["breaches"]
    assert breach == {
        "number": 1,
        "hearing": None,
        "stage": "received",
        "clock": "stage",
        "due_at": "2026-10-10T07:40:00Z",
        "recorded_at": "2026-10-10T08:40:00Z",
        "held_by": "customer_service",
        "void": False,
    }


# ---- the calendar --------------------------------------------------------------------------------------------------


def storm(house: House, day: str = "2026-10-12") -> None:
    """A storm closure is announced, of Monday the 12th unless another day is named, and is in force."""
    known = versions.packaged(Operating)[1]
    off = {"version": 2, "effective_from": house.now + rules.AHEAD, "extra_holidays": (date.fromisoformat(day),)}
    publish(known.model_copy(update=off), house.now)
    house.now += rules.AHEAD


def test_a_corrected_calendar_moves_the_due_times_of_open_complaints_and_their_clocks(house: House):
    open_, closed = house.bring_to("investigating")["complaint_id"], house.bring_to("closed")["complaint_id"]
    received = house.file()["complaint_id"]
    storm(house)
    assert calendar.recount(house.now) == 1
    deadline = house.get(f"/v1/complaints/{open_}", "cs.lin").json["deadline"]
    assert deadline["due_at"] == "2026-10-14T16:00:00Z"
    entries = house.get(f"/v1/complaints/{open_}/timeline", "cs.lin").json["items"]
    assert entries[-1]["type"] == "DeadlineMoved"
    for untouched in (closed, received):
        assert house.get(f"/v1/complaints/{untouched}/timeline", "cs.lin").json["items"][-1]["type"] != "DeadlineMoved"
    run(app.react, new_records(house, set()))
    clockwork = Clockwork(house)
    clockwork.begin()
    assert set(clockwork.waiting) == {f"{open_}-3", f"{received}-1", f"{closed}-5", f"{closed}-6"}, (
        "a measure was promised, and the consumer is to be asked how it was"
    )
    assert clockwork.waiting[f"{open_}-3"]["at"] == "2026-10-13T13:00:00Z"


def test_a_reminder_moves_with_the_calendar_even_where_the_due_time_stands(house: House):
    """The answer is due in days, its reminder comes after working days."""
    number = house.bring_to("awaiting_consumer")["complaint_id"]
    assert alarm_place(house, number) == f"2026-10-14T00:00:00Z#{number}"
    storm(house)
    assert calendar.recount(house.now) == 0
    assert alarm_place(house, number) == f"2026-10-15T00:00:00Z#{number}"
    assert rebuild(number, house.now, check=True).differing == ()


def alarm_place(house: House, number: str) -> str:
    found = (item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}" and item["sk"]["S"] == "HEAD")
    return str(next(found)["alarm_sk"]["S"])


def test_a_day_declared_off_leaves_no_alarm_in_its_place(house: House):
    """Whoever looks first sets it right: no sweep of that day rings it again, and nobody is alarmed by it."""
    number = house.bring_to("investigating")["complaint_id"]
    house.now = datetime.fromisoformat("2026-10-16T12:00:00+08:00")
    sweep()
    known = alarms(number)
    assert alarm_place(house, number) == f"2026-10-19T00:00:00Z#{number}"
    storm(house, "2026-10-19")
    house.now = datetime.fromisoformat("2026-10-19T08:05:00+08:00")
    with hearing() as heard:
        assert [sweep()["rung"] for _ in range(3)] == [1, 0, 0]
    assert {line["RungLate"] for line in heard.lines if "RungLate" in line} == {0}
    assert alarm_place(house, number) == f"2026-10-20T00:00:00Z#{number}"
    assert alarms(number) == known


def worked(house: House, day: str) -> None:
    """A day off is declared a working day, and it is in force."""
    known = versions.packaged(Operating)[1]
    on = {"version": 2, "effective_from": house.now + rules.AHEAD, "extra_working_days": (date.fromisoformat(day),)}
    publish(known.model_copy(update=on), house.now)
    house.now += rules.AHEAD


def test_the_consumer_is_told_in_the_morning_of_a_date_that_was_moved_earlier_in_the_night(house: House):
    number, room = house.bring_to("awaiting_consumer")["complaint_id"], Mailroom(house)
    room.settle()
    house.now = datetime.fromisoformat("2026-10-12T22:00:00+08:00")
    worked(house, "2026-10-24")
    assert calendar.recount(house.now) == 1
    room.settle()
    assert not [kind for _, kind, state in mailroom.notices(house, number) if (kind, state) == ("sooner", "sent")]
    house.now = datetime.fromisoformat("2026-10-13T08:00:00+08:00")
    sweep()
    room.settle()
    assert ("consumer", "sooner", "sent") in mailroom.notices(house, number)
    letter = mailroom.plain(mailroom.mails_to("wang@example.cn")[-1])
    assert "2026年10月26日（星期一）24:00" in letter
    assert "2026年10月24日（星期六）24:00" in letter


def test_a_breach_of_a_stage_that_was_left_is_void_once_the_calendar_is_known(house: House):
    number = house.bring_to("investigating")["complaint_id"]
    house.now = datetime.fromisoformat("2026-10-14T09:00:00+08:00")
    assert house.do(number, "investigation-report", REPORT).status == 200
    storm(house)
    calendar.recount(house.now)
    (breach,) = house.get(f"/v1/complaints/{number}", "cs.lin").json["breaches"]
    assert breach["void"] is True
    assert rebuild(number, house.now, check=True).differing == ()


# ---- more than one transaction holds ---------------------------------------------------------------------------------


@pytest.fixture
def neglected(house: House) -> str:
    """A complaint that nobody looked after for ten weeks, and nothing rang."""
    number = str(house.file()["complaint_id"])
    house.now = FRIDAY + timedelta(days=70)
    return number


def wanted(house: House, number: str) -> list[tuple[str, datetime]]:
    """What would have been raised had it rung."""
    again = house.remembered()
    while ring(number, house.now).raised:
        pass
    rung = alarms(number)
    again()
    return rung


@pytest.mark.parametrize("death", ["before", "after"])
def test_who_acts_on_a_neglected_complaint_and_dies_at_any_call_loses_no_alarm_and_does_it_once(
    house: House, neglected: str, death: str
):
    every = wanted(house, neglected)
    assert len(every) > MOST_AT_ONCE

    def acknowledge() -> int:
        return house.do(neglected, "acknowledgement", {}, Idempotency_Key="once").status

    deadly = list(house.deaths(acknowledge, death))
    assert len(deadly) >= 3, "it is read, and saved twice"
    assert acknowledge() == 200
    assert [one for one in alarms(neglected) if one in every] == every
    kinds = [
        entry["type"] for entry in house.get(f"/v1/complaints/{neglected}/timeline?limit=100", "cs.lin").json["items"]
    ]
    assert kinds.count("ComplaintAcknowledged") == 1


def test_who_acts_while_it_rings_loses_no_alarm_and_raises_none_twice(house: House, neglected: str):
    every = wanted(house, neglected)
    saves = count()

    def meanwhile(call: str, at: str) -> None:
        if (call, at) == ("dynamodb:TransactWriteItems", "before") and next(saves) in (0, 3):
            ring(neglected, house.now)

    with house.interfering(meanwhile):
        assert house.do(neglected, "acknowledgement", {}).status == 200
    assert alarms(neglected)[: len(every)] == every
    assert len(set(alarms(neglected))) == len(alarms(neglected))


def test_a_calendar_is_gone_over_once_and_again_only_when_it_changes(house: House):
    house.bring_to("investigating")
    assert calendar.recount(house.now) == 0
    with house.counting() as calls:
        assert calendar.recount(house.now) == 0
    assert calls == ["dynamodb:GetItem"]
    storm(house)
    assert calendar.recount(house.now) == 1


@pytest.mark.parametrize("death", ["before", "after"])
def test_a_recount_that_dies_at_any_call_is_finished_by_the_next(house: House, death: str):
    numbers = [house.bring_to("investigating")["complaint_id"] for _ in range(2)]
    storm(house)
    for _ in house.deaths(lambda: calendar.recount(house.now), death):
        pass
    for number in numbers:
        kinds = [entry["type"] for entry in house.get(f"/v1/complaints/{number}/timeline", "cs.lin").json["items"]]
        assert kinds.count("DeadlineMoved") == 1


def test_management_is_warned_sixty_days_before_the_calendar_ends_and_then_every_week(house: House):
    house.now = datetime.fromisoformat("2026-10-31T10:00:00+08:00")
    assert calendar.warn(house.now) is False
    for day, warned in ((1, True), (2, False), (7, False), (8, True)):
        now = datetime.fromisoformat(f"2026-11-{day:02}T10:00:00+08:00")
        assert calendar.warn(now) is warned, day
        Mailroom(house).settle()
    assert [days for _, text in mailroom.told("management") for days in ("60", "53") if days in text] == ["60", "53"]
    assert len(mailroom.told("management")) == 2


def test_a_weekly_warning_comes_each_week_however_late_in_its_hour_the_last_one_was(house: House):
    late = datetime.fromisoformat("2026-11-27T09:00:41+08:00")
    assert calendar.warn(late)
    assert calendar.warn(late + timedelta(days=7, seconds=-40))


def test_after_the_end_the_warning_says_so(house: House):
    assert calendar.warn(datetime.fromisoformat("2027-01-05T10:00:00+08:00"))
    Mailroom(house).settle()
    ((_, text),) = mailroom.told("management")
    assert "2026年12月31日" in text
    assert "已经到期" in text


def test_a_complaint_that_cannot_be_counted_anew_holds_up_no_other_and_is_come_back_to(house: House):
    poison, good = (house.bring_to("investigating")["complaint_id"] for _ in range(2))
    spoil(house, poison)
    storm(house)
    with pytest.raises(RuntimeError, match="1 due time"):
        calendar.recount(house.now)
    assert store.mark("calendar") is None
    entries = house.get(f"/v1/complaints/{good}/timeline", "cs.lin").json["items"]
    assert entries[-1]["type"] == "DeadlineMoved"


def test_the_calendar_is_tended_on_the_rounds(house: House):
    app.rounds(scheduled_event("rounds", REGION, FRIDAY), None)
    assert store.mark("calendar") == rules.in_force(FRIDAY).calendar.edition


def test_only_rings_is_what_the_clock_did_and_not_the_house_or_anybody_after_it():
    """So whoever acts where many alarms are due decides again, and whoever acted does not."""
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION).do(Action.ASK)
    known = len(story.entries)
    story.now += timedelta(days=30)
    rang = story.ring().entries[known:]
    assert "ClockResumed" in [entry.kind for entry in rang]
    assert only_rings(rang)
    acted = story.do(Action.NOTE).entries[known:]
    assert not only_rings(acted)
    found = story.found(RelatedFound(related=("AAAAA-AAAAA",))).entries[-1:]
    assert not only_rings([*rang, *found])
