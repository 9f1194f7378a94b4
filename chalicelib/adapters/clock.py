"""The alarm clock: one execution of a Step Functions machine for each clock that is set.

Its name is made from the record and the clock's number, so that setting it again changes nothing. A clock that is
stopped costs nothing more; one that could not be stopped rings in vain, once.
"""

import json
from contextlib import suppress
from datetime import datetime

from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client


def _name(record: str, number: int) -> str:
    return f"{record}-{number}"


def start(record: str, number: int, at: datetime) -> None:
    """Set a clock to ring first at `at`. Again: nothing, even if it has rung out since (names last 90 days)."""
    machine = client("stepfunctions")
    begin = {"record": record, "clock": number, "at": written(at), "idle": 0}
    with suppress(machine.exceptions.ExecutionAlreadyExists):
        machine.start_execution(
            stateMachineArn=settings().clock_machine, name=_name(record, number), input=json.dumps(begin)
        )


def stop(record: str, number: int) -> None:
    """Stop a clock, if it runs."""
    machine = client("stepfunctions")
    execution = settings().clock_machine.replace(":stateMachine:", ":execution:")
    with suppress(machine.exceptions.ExecutionDoesNotExist):
        machine.stop_execution(executionArn=f"{execution}:{_name(record, number)}")
