"""Step Functions on the movable clock: moto's own interpreter, whose waits and retries follow its time.

An execution that waits costs no thread while it has not begun to run: it is kept until the moment of its first state,
if that is a Wait. One that waits later on parks its thread, asleep, until the clock comes to its moment.
"""

import heapq
import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import timestamp
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from infra.aws.functions import Function

LOG = logging.getLogger("local")
MOTO_LOG = logging.getLogger("moto.stepfunctions")  # tells at length of whatever is stopped or fails as it may
PATIENCE = 60  # seconds for whatever was woken to come to rest

CONFIG = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
"""What `mock_aws` is to be told, so that machines run and functions are ours."""


class Machines:
    """The executions that wait, by the moment they wait for. Rings them as one of the clock's alarms."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._bell = threading.Condition()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._running = 0
        self._functions: Mapping[str, Function] = {}

    def route(self, functions: Mapping[str, Function]) -> None:
        """Tasks call these functions, by the logical id that ends their ARN."""
        self._functions = functions

    # ---- as alarms of the clock --------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        with self._bell:
            return self._waiting[0][0] if self._waiting else None

    def ring(self) -> None:
        """Wake what is due, and return when all of it has ended or waits again."""
        while wake := self._take_due():
            wake()
            self.settle()

    def settle(self) -> bool:
        """Wait until no execution runs; false if that takes too long."""
        with self._bell:
            return self._bell.wait_for(lambda: not self._running, PATIENCE)

    def _take_due(self) -> Callable[[], None] | None:
        with self._bell:
            due = self._waiting and self._waiting[0][0] <= self._now()
            return heapq.heappop(self._waiting)[2] if due else None

    def _wait_until(self, moment: datetime, wake: Callable[[], None]) -> None:
        with self._bell:
            heapq.heappush(self._waiting, (moment, next(self._order), wake))

    def _count(self, change: int) -> None:
        with self._bell:
            self._running += change
            self._bell.notify_all()

    # ---- in the place of moto's own waiting --------------------------------------------------------------------

    def install(self) -> Callable[[], None]:
        """Let moto wait by this; gives what undoes it."""
        machines, undo = self, ExitStack()
        run, stop = ExecutionWorker._execution_logic, ExecutionWorker.stop

        def run_counted(worker: ExecutionWorker) -> None:
            try:
                if worker not in ended:
                    run(worker)
                if worker in ended:  # whatever moto took it for, stopped in the middle of a state
                    _execution(worker).exec_status = ExecutionStatus.ABORTED
            finally:
                machines._count(-1)

        def start(worker: ExecutionWorker) -> None:
            moment = _first_moment(worker)
            if moment and moment > machines._now():
                machines._wait_until(moment, lambda: begin(worker))
            else:
                begin(worker)

        def begin(worker: ExecutionWorker) -> None:
            if worker not in ended:
                machines._count(+1)
                threading.Thread(target=run_counted, args=(worker,), daemon=True).start()

        def end(worker: ExecutionWorker, stop_date: datetime, error: str | None, cause: str | None) -> None:
            execution = _execution(worker)
            if execution.exec_status != ExecutionStatus.RUNNING:
                return
            ended.add(worker)
            execution.exec_status, execution.stop_date = ExecutionStatus.ABORTED, stop_date  # at once
            if worker.env is not None:
                stop(worker, stop_date, error, cause)

        ended: set[ExecutionWorker] = set()
        MOTO_LOG.setLevel(logging.CRITICAL)
        undo.callback(MOTO_LOG.setLevel, logging.NOTSET)
        undo.enter_context(patch.object(ExecutionWorker, "start", start))
        undo.enter_context(patch.object(ExecutionWorker, "stop", end))
        undo.enter_context(patch.object(WaitFunction, "_wait_interval", _method(self._wait)))
        undo.enter_context(patch.object(timestamp, "datetime", SimpleNamespace(datetime=self._clock_time())))
        undo.enter_context(patch.object(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: None)))
        undo.enter_context(patch.object(LambdaSimpleBackend, "invoke", _method(self._invoke_for)))
        client = cache(lambda_eval_utils.boto_client_for)  # moto makes one for each task
        undo.enter_context(
            patch.object(lambda_eval_utils, "boto_client_for", lambda region, service, **_: client(region, service))
        )
        undo.enter_context(patch.object(json_path, "parse", cache(json_path.parse)))
        return undo.close

    def _clock_time(self) -> type[datetime]:
        """`datetime` as a Wait reads it: naive, in UTC, whole seconds, by the clock."""
        now = self._now

        class ClockTime(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return now().replace(tzinfo=None, microsecond=0)

        return ClockTime

    def _wait(self, waits: WaitFunction, env: Environment, wait_seconds: int) -> None:
        """Park the execution's thread until the clock has come that far, or the execution is stopped."""
        if wait_seconds <= 0:
            return
        come = threading.Event()

        def wake() -> None:
            with self._bell:  # it runs again from here on, and is counted once, whether it is woken, stopped or both
                if not come.is_set():
                    come.set()
                    self._count(+1)
            env.program_state_event.set()

        self._wait_until(self._now() + timedelta(seconds=wait_seconds), wake)
        self._count(-1)
        while env.is_running() and not come.is_set():
            env.program_state_event.wait()
        wake()
        env.program_state_event.clear()

    def _invoke_for(
        self,
        backend: object,
        function_name: str,
        qualifier: object,
        body: Any,
        headers: object,
        answered: dict[str, str],
    ) -> bytes:
        """A task's call, to the app's own function; what it raises is told as Lambda tells it."""
        name = function_name.rsplit(":", 1)[-1]
        try:
            return json.dumps(self._functions[name](json.loads(body or b"{}"))).encode()
        except Exception as fault:  # whatever a function raises is a failed invocation
            LOG.warning("the function %s failed: %s", name, type(fault).__name__)
            answered["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorType": type(fault).__name__, "errorMessage": str(fault)}).encode()


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """A bound method in the place of another class's: what it is called on comes as its first argument."""

    def called(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return called


def _execution(worker: ExecutionWorker) -> Any:
    return worker._execution_communication.execution  # type: ignore[attr-defined]


def _first_moment(worker: ExecutionWorker) -> datetime | None:
    """The moment a machine waits for before anything else, if that is how it begins."""
    details = worker._evaluation_details
    definition = json.loads(details.state_machine_details.definition)
    first = definition["States"][definition["StartAt"]]
    path = first.get("TimestampPath", "") if first["Type"] == "Wait" else ""
    told = details.execution_details.inpt.get(path.removeprefix("$.")) if path else None
    return datetime.fromisoformat(told) if told else None
