"""The clock's machine as it is deployed: a valid one, small, and ignorant of what it rings for."""

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws
from statelint.config import Config
from statelint.linter import Linter

from chalicelib.domain.vocabulary.stages import Stage
from infra.aws import REGION
from infra.local.stack import build_stack
from infra.resources import load_resources

ENDS = {"Succeed", "Fail"}


@pytest.fixture(scope="module")
def deployed() -> str:
    """The definition as Step Functions is given it: every name resolved."""
    with mock_aws():
        machine = build_stack(load_resources()).made("ClockMachine").ref
        client = boto3.client("stepfunctions", region_name=REGION)
        return str(client.describe_state_machine(stateMachineArn=machine)["definition"])


@pytest.fixture(scope="module")
def states(deployed: str) -> dict[str, Any]:
    return dict(json.loads(deployed)["States"])


def faults(definition: str) -> list[str]:
    return list(Linter.validate(definition, Config([], False, False)))


def successors(state: dict[str, Any]) -> set[str]:
    """The states that may follow one."""
    further = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {one[key] for one in further for key in ("Next", "Default") if key in one}


def test_statelint_has_nothing_to_say(deployed: str) -> None:
    assert faults(deployed) == []


def test_statelint_would_say_so(deployed: str) -> None:
    (fault, *_) = faults(deployed.replace('"Next": "Again"', '"Next": "Nowhere"'))
    assert "Nowhere" in fault


def test_every_name_is_resolved(deployed: str) -> None:
    assert "${" not in deployed
    assert "arn:aws:lambda:us-east-1:123456789012:function:Ring" in deployed


def test_from_its_start_every_state_can_be_reached_and_from_each_an_end(deployed: str, states: dict[str, Any]) -> None:
    def reached(start: str) -> set[str]:
        seen, open_ = set[str](), {start}
        while open_:
            seen |= open_
            open_ = {name for one in open_ for name in successors(states[one])} - seen
        return seen

    ends = {name for name, state in states.items() if state.get("End") or state["Type"] in ENDS}
    assert reached(json.loads(deployed)["StartAt"]) == states.keys()
    assert ends
    assert all(reached(name) & ends for name in states)


def test_it_is_small_and_knows_no_stage(deployed: str, states: dict[str, Any]) -> None:
    assert len(states) <= 5
    assert [stage for stage in Stage if stage in deployed.lower()] == []


def test_a_ring_is_tried_again_but_not_one_that_spins_and_its_failure_is_caught(states: dict[str, Any]) -> None:
    ring = states["Ring"]
    spins, others = ring["Retry"]
    assert (spins["ErrorEquals"], spins["MaxAttempts"]) == (["ClockSpins"], 0)
    assert others["ErrorEquals"] == ["States.ALL"]
    minutes = sum(others["IntervalSeconds"] * others["BackoffRate"] ** n for n in range(others["MaxAttempts"])) / 60
    assert 5 < minutes < 60  # longer than a passing fault takes, and than the sweep takes to come
    (catch,) = ring["Catch"]
    assert catch["ErrorEquals"] == ["States.ALL"]
    assert states[catch["Next"]]["Resource"].endswith(":sqs:sendMessage")
