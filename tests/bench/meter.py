"""Measures a running local system from inside: what each invocation of a function asks of AWS, and what it costs."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import thread_time
from typing import Any
from unittest.mock import patch

from chalice.app import Chalice
from moto.core.botocore_stubber import BotocoreStubber

from chalicelib.adapters.aws import session
from infra.local.gateway import Gateway
from tests.bench.consumption import Consumption, Scales

LOG = logging.getLogger("redress")


@dataclass
class Call:
    """One call of AWS: "dynamodb:Query", its arguments as text, and what it consumes."""

    name: str
    arguments: str
    used: Consumption


@dataclass
class Invocation:
    """One invocation: `cpu` in seconds of this machine, without what the local AWS takes to answer (`aws_cpu`).

    `logged`: bytes of its own lines.
    """

    function: str
    event: str
    calls: list[Call] = field(default_factory=list)
    cpu: float = 0.0
    aws_cpu: float = 0.0
    logged: int = 0


class Meter:
    """Every invocation since it was put on, in the order in which they ended."""

    def __init__(self, scales: Scales) -> None:
        self.invocations: list[Invocation] = []
        self._scales = scales
        self._here = threading.local()

    @contextmanager
    def on(self, app: Chalice) -> Iterator[None]:
        """Measure this app in a local system, and the clients that it makes from now on."""
        watched = {"before-parameter-build": self._before, "after-call": self._after}
        with ExitStack() as undo:
            undo.enter_context(patch.object(Gateway, "call", self._metered_call(Gateway.call)))
            metered = {name: self._metered(name, function) for name, function in app.handler_map.items()}
            undo.enter_context(patch.dict(app.handler_map, metered))
            undo.enter_context(patch.object(BotocoreStubber, "process_request", self._uncounted()))
            undo.callback(LOG.setLevel, LOG.level)
            LOG.setLevel(logging.INFO)  # a local system keeps most lines to itself
            LOG.addFilter(self._weigh)
            undo.callback(LOG.removeFilter, self._weigh)
            for name, watch in watched.items():
                session().register(name, watch)
                undo.callback(session().unregister, name, watch)
            yield

    # ---- invocations ---------------------------------------------------------------------------------------------

    def _metered_call(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def metered(gateway: Gateway, event: Mapping[str, Any]) -> Any:
            return self.measured("api", repr((event["path"], event["body"])), lambda: call(gateway, event))

        return metered

    def _metered(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda event, context: self.measured(name, repr(event), lambda: function(event, context))

    def measured(self, function: str, event: str, act: Callable[[], Any]) -> Any:
        """Does it, as an invocation of the function."""
        if getattr(self._here, "now", None):  # a function within a function is part of it
            return act()
        self._here.now = invocation = Invocation(function, event)
        self._here.aws = self._here.metering = 0.0
        began = thread_time()
        try:
            return act()
        finally:
            invocation.aws_cpu = self._here.aws
            invocation.cpu = thread_time() - began - self._here.aws - self._here.metering
            self._here.now = None
            self.invocations.append(invocation)

    def _weigh(self, line: logging.LogRecord) -> bool:
        if invocation := getattr(self._here, "now", None):
            invocation.logged += len(line.getMessage().encode()) + 1
        return True

    def _uncounted(self) -> Callable[..., Any]:
        answer, here = BotocoreStubber.process_request, self._here

        def timed(stubber: BotocoreStubber, request: Any) -> Any:
            began = thread_time()
            try:
                return answer(stubber, request)
            finally:
                here.aws = getattr(here, "aws", 0.0) + thread_time() - began

        return timed

    # ---- calls ---------------------------------------------------------------------------------------------------

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if getattr(self._here, "now", None):
            name = f"{model.service_model.service_name}:{model.name}"
            began = thread_time()
            context["bench"] = name, params, self._scales.before(name, params)
            self._here.metering += thread_time() - began

    def _after(self, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if getattr(self._here, "now", None) and "bench" in context:
            began = thread_time()
            name, params, before = context.pop("bench")
            used = self._scales.used(name, params, before, parsed)
            self._here.now.calls.append(Call(name, repr(params), used))
            self._here.metering += thread_time() - began
