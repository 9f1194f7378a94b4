"""How much of what AWS charges for a complaint's life has used, from what the meter saw."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from math import ceil
from typing import Any

import boto3

import app
from infra.aws.functions import scheduled_functions
from tests.running import ROOT

from .meter import Invocation

FULL_CPU = 1769  # MB of memory at which Lambda gives a whole processor
WAITS = {"dynamodb": 6, "sqs": 10, "sns": 20, "stepfunctions": 20, "sesv2": 60, "s3": 30, "cognito-idp": 40}
"""Milliseconds that a call of a service is taken to wait for its answer."""
LOGGED = 480  # bytes an invocation: the three lines that Lambda itself writes, with what CloudWatch adds to each line
ROUNDS = "rounds of the house"


def of_complaint(complaint_id: str, invocations: Iterable[Invocation]) -> Iterator[Invocation]:
    """The complaint's own: all requests of its parties, what its events and notices set off, and of the house's
    rounds, which are for all complaints, the calls that are about this one.
    """
    rounds = scheduled_functions(app.app)
    for one in invocations:
        if one.function in rounds:
            calls = [call for call in one.calls if complaint_id in call.arguments]
            yield Invocation(ROUNDS, "", calls)
        elif one.function == "api" or complaint_id in one.event:
            yield one


def quantities(invocations: Iterable[Invocation], complaint_id: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in invocations:
        for call in one.calls:
            counted.update(call.used)
            counted["AWS calls"] += 1
        if one.function != ROUNDS:
            counted["invocations"] += 1
            counted["requests"] += one.function == "api"
            counted["firewall"] += one.function == "api"
            counted["gb_seconds"] += gb_seconds(one)
            counted["log_bytes"] += LOGGED + one.logged
    counted["transitions"] = _transitions(complaint_id)
    return counted


def gb_seconds(one: Invocation) -> float:
    return _memory(one.function) / 1024 * milliseconds(one) / 1000


def milliseconds(one: Invocation) -> int:
    """That are charged: of CPU, at the share that its memory gives, and of waiting for AWS."""
    waits = sum(WAITS.get(call.name.partition(":")[0], 20) for call in one.calls)
    return ceil(one.cpu * 1000 * FULL_CPU / _memory(one.function) + waits)


@cache
def _memory(function: str) -> int:
    """MB, as deployed."""
    config = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))
    own = config["lambda_functions"].get(function.replace("api", "api_handler"), {})
    return int(own.get("lambda_memory_size", config["lambda_memory_size"]))


def _transitions(complaint_id: str) -> int:
    """States entered by the complaint's clocks. One that was stopped while it waited has entered its Wait."""
    machines = boto3.client("stepfunctions")
    pages = machines.get_paginator("list_executions").paginate(stateMachineArn=os.environ["REDRESS_CLOCK_MACHINE"])
    own = [one["executionArn"] for page in pages for one in page["executions"] if one["name"].startswith(complaint_id)]
    return sum(max(_entered(machines, arn), 1) for arn in own)


def _entered(machines: Any, arn: str) -> int:
    pages = machines.get_paginator("get_execution_history").paginate(executionArn=arn)
    return sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])
