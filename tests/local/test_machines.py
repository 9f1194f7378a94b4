"""The machine of the deployed file runs on the movable clock: it waits, rings, rings again, ends, or gives up aloud."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from chalicelib.casework.ring import ClockSpins
from infra.aws import haste, machines
from infra.aws.clock import Clock, format_instant, standing_still, travel
from infra.local.stack import build_stack
from infra.resources import load_resources
from tests.furnished import session

from .effort import effort

START = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
RETRIES = 6


class Works:
    """The clock machine, with a `ring` of the test's own: it answers what `answers` says, in turn, then never again."""

    def __init__(self, clockwork, clock):
        self.clockwork, self.clock = clockwork, clock
        self.stack = build_stack(load_resources())
        self.machine = self.stack.made("ClockMachine").ref
        self.client = session().client("stepfunctions")
        self.rings, self.answers = [], []
        clockwork.route({"Ring": self.ring})

    def ring(self, told):
        self.rings.append((told, self.clock.now()))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return told | {"at": answer and format_instant(answer)}

    def start(self, at, name="AAAAA-AAAAA-1", **more):
        told = {"record": "AAAAA-AAAAA", "clock": 1, "at": format_instant(at), "idle": 0, **more}
        started = self.client.start_execution(stateMachineArn=self.machine, name=name, input=json.dumps(told))
        return started["executionArn"]

    def go_to(self, moment):
        travel(self.clock, moment, [self.clockwork], self.clockwork.settle)

    def status(self, execution):
        return self.client.describe_execution(executionArn=execution)["status"]

    def entered(self, execution):
        """The states an execution went through, in order."""
        events = self.client.get_execution_history(executionArn=execution)["events"]
        return [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]

    def moments(self):
        """When it rang, in whole hours since the start, having been neither early nor late."""
        assert not any((moment - START) % HOUR for _, moment in self.rings)
        return [(moment - START) // HOUR for _, moment in self.rings]

    def dead_letters(self):
        sqs, url = session().client("sqs"), self.stack.made("ClockDeadLetters").ref
        return [json.loads(letter["Body"]) for letter in sqs.receive_message(QueueUrl=url).get("Messages", [])]


@pytest.fixture
def works():
    clock = Clock(START, standing_still)
    clockwork = machines.Machines(clock.now)
    with mock_aws(config=machines.CONFIG):
        undo = [haste.install(), clockwork.install()]
        yield Works(clockwork, clock)
        for one in reversed(undo):
            one()


def test_it_waits_until_its_moment_rings_again_as_often_as_it_is_told_to_and_ends(works):
    works.answers = [START + 5 * HOUR, START + 30 * HOUR]
    execution = works.start(START + 2 * HOUR)
    works.go_to(START + HOUR)
    assert (works.rings, works.status(execution)) == ([], "RUNNING")
    works.go_to(START + 6 * HOUR)
    assert (works.moments(), works.status(execution)) == ([2, 5], "RUNNING")
    works.go_to(START + 100 * HOUR)
    assert (works.moments(), works.status(execution)) == ([2, 5, 30], "SUCCEEDED")
    assert works.clockwork.next_due() is None


def test_what_a_ring_answers_is_what_the_next_one_is_told(works):
    works.answers = [START + 5 * HOUR]
    works.start(START + 2 * HOUR, idle=3)
    works.go_to(START + 6 * HOUR)
    first, second = (told for told, _ in works.rings)
    assert second == first | {"at": format_instant(START + 5 * HOUR)}
    assert (first["idle"], first["clock"]) == (3, 1)


def test_a_moment_that_is_over_rings_at_once(works):
    execution = works.start(START - HOUR)
    assert works.clockwork.settle()
    assert (len(works.rings), works.status(execution)) == (1, "SUCCEEDED")


def test_executions_ring_in_the_order_of_their_moments(works):
    for hour in (3, 1, 2):
        works.start(START + hour * HOUR, name=f"clock-{hour}")
    works.go_to(START + 4 * HOUR)
    assert works.moments() == [1, 2, 3]


# ---- stopped ---------------------------------------------------------------------------------------------------------


def test_one_that_is_stopped_before_it_rang_is_aborted_at_once_and_never_rings(works):
    execution = works.start(START + HOUR)
    works.client.stop_execution(executionArn=execution)
    assert works.status(execution) == "ABORTED"
    works.go_to(START + 2 * HOUR)
    assert (works.rings, works.status(execution)) == ([], "ABORTED")


def test_one_that_is_stopped_between_two_rings_is_aborted_at_once_and_rings_no_more(works):
    works.answers = [START + 5 * HOUR]
    execution = works.start(START + HOUR)
    works.go_to(START + 2 * HOUR)
    works.client.stop_execution(executionArn=execution)
    assert works.status(execution) == "ABORTED"
    works.go_to(START + 6 * HOUR)
    assert (works.moments(), works.status(execution)) == ([1], "ABORTED")


def test_stopping_one_that_has_ended_changes_nothing(works):
    execution = works.start(START)
    assert works.clockwork.settle()
    works.client.stop_execution(executionArn=execution)
    assert works.status(execution) == "SUCCEEDED"


# ---- started again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", [False, True], ids=["before its first ring", "between two rings"])
def test_the_same_start_again_is_the_execution_that_runs(works, rung):
    works.answers = [START + 5 * HOUR]
    execution = works.start(START + HOUR)
    if rung:
        works.go_to(START + 2 * HOUR)
    assert works.start(START + HOUR) == execution
    works.go_to(START + 6 * HOUR)
    assert works.moments() == [1, 5]


@pytest.mark.parametrize("stopped", [False, True], ids=["rung out", "stopped"])
def test_the_same_start_after_it_has_ended_is_refused(works, stopped):
    execution = works.start(START + HOUR)
    if stopped:
        works.client.stop_execution(executionArn=execution)
    works.go_to(START + 2 * HOUR)
    with pytest.raises(works.client.exceptions.ExecutionAlreadyExists):
        works.start(START + HOUR)


# ---- in trouble ------------------------------------------------------------------------------------------------------


def test_a_ring_that_fails_a_few_times_is_tried_again_until_it_works(works):
    works.answers = [ConnectionError("down")] * (RETRIES - 1)
    execution = works.start(START + HOUR)
    works.go_to(START + 2 * HOUR)
    assert (len(works.rings), works.status(execution), works.dead_letters()) == (RETRIES, "SUCCEEDED", [])


@pytest.mark.parametrize(
    ("fault", "tries"), [(ClockSpins("rang 11 times for nothing"), 1), (ConnectionError("down"), 1 + RETRIES)]
)
def test_a_clock_that_spins_or_fails_for_good_gives_up_into_the_dead_letters(works, fault, tries):
    works.answers = [fault] * tries
    works.start(START + HOUR)
    works.go_to(START + 2 * HOUR)
    assert len(works.rings) == tries
    (letter,) = works.dead_letters()
    assert (letter["record"], letter["clock"], letter["error"]["Error"]) == (
        "AAAAA-AAAAA",
        1,
        type(fault).__name__,
    )


# ---- what it costs ---------------------------------------------------------------------------------------------------


def test_a_clock_that_is_stopped_in_time_has_only_waited(works):
    """So a complaint that goes well costs one state a stage, where up to three were allowed."""
    execution = works.start(START + HOUR)
    works.client.stop_execution(executionArn=execution)
    assert set(works.entered(execution)) <= {"Wait"}


def test_each_ring_costs_three_states(works):
    works.answers = [START + 5 * HOUR]
    execution = works.start(START + HOUR)
    works.go_to(START + 6 * HOUR)
    assert works.entered(execution) == ["Wait", "Ring", "Again", "Wait", "Ring", "Again", "Done"]


def test_two_thousand_that_wait_cost_no_thread_and_the_last_is_started_for_less_than_twice_the_first(works):
    threads = threading.active_count()

    def start(number):
        return works.start(START + HOUR, name=f"clock-{number}")

    def stop(execution):
        works.client.stop_execution(executionArn=execution)

    def costs(number):
        """Of starting one of this number, and of stopping it."""
        started = []
        return effort(lambda: started.append(start(number))), effort(lambda: stop(started[0]))

    for number in range(100):
        start(number)
    early = costs(100)
    for number in range(101, 2000):
        start(number)
    late = costs(2000)
    assert threading.active_count() <= threads
    assert late[0] < 2 * early[0]  # moto looks for another of the same name
    assert late[1] < 2 * early[1]
