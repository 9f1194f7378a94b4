"""Puts the local system together: moto in this process, the app before it, pumps and servers around them."""

import gc
import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import boto3
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from chalicelib import wallclock
from infra.local import haste, machines, queues, tables
from infra.local.aws import REGION, build_stack, load_resources, staff
from infra.local.clock import Alarms, Clock, Ticker
from infra.local.desk import Desk, DeskHandler
from infra.local.functions import Function, lambda_functions, schedule_expressions, scheduled_functions
from infra.local.gateway import ApiHandler, Gateway, made_thread_safe
from infra.local.options import HOST, Options
from infra.local.outbox import Outbox
from infra.local.pumps import Pumps, Source
from infra.local.queue_source import QueueSource
from infra.local.schedules import Schedule
from infra.local.serving import Handler, Server
from infra.local.stream_source import StreamSource
from infra.local.template import Stack
from infra.local.tokens import TokenEndpoint

MAPPING = "AWS::Lambda::EventSourceMapping"


class System:
    """The whole of it. `start` returns when all is up; `stop` leaves nothing behind."""

    def __init__(self, options: Options, sockets: list[socket.socket], app_module: str = "app") -> None:
        self._options = options
        self._sockets = sockets
        self._app_module = app_module
        self._servers: list[Any] = []
        self._pumps = Pumps()
        self._undo: list[Callable[[], None]] = []
        self._machines = machines.Machines(wallclock.now)

    def start(self) -> None:
        sys.setswitchinterval(0.0005)  # seconds; requests should not stand in line behind reactions
        clock = Clock(self._options.clock)
        wallclock.follow(clock.now)
        outbox = Outbox(wallclock.now)
        mock = mock_aws(config=machines.CONFIG)
        mock.start()
        self._undo = [
            mock.stop,
            haste.install(),
            tables.install(self._pumps.ring, wallclock.now),
            queues.install(self._pumps.ring),
            outbox.install(),
            self._machines.install(),
        ]
        stack = self._make_resources()
        app = made_thread_safe(importlib.import_module(self._app_module).app)
        if not self._options.verbose:
            logging.getLogger("redress").setLevel(logging.WARNING)  # the app's own lines, one or more a request
        functions = lambda_functions(app)
        self._pumps.start([_source(mapping, functions) for mapping in stack.of_type(MAPPING).values()])
        self._machines.route(functions)
        alarms = self._alarms(app, stack)
        desk = Desk(clock, self._pumps, outbox, _tokens(stack), scheduled_functions(app), REGION, alarms)
        desk.settle_machines = self._machines.settle
        self._ticker = Ticker(clock, alarms, desk.travelling)
        self._ticker.start()
        api_socket, aws_socket, desk_socket = self._sockets
        self._serve(_http(api_socket, type("Api", (ApiHandler,), {"gateway": Gateway(app)}), self._options.verbose))
        self._serve(_aws(aws_socket))
        self._serve(_http(desk_socket, type("OwnDesk", (DeskHandler,), {"desk": desk}), self._options.verbose))
        gc.freeze()  # what is there now stays: the collector need not walk it again and again

    def stop(self) -> None:
        shutdowns = [threading.Thread(target=server.shutdown, daemon=True) for server in self._servers]
        for shutdown in shutdowns:
            shutdown.start()
        self._ticker.stop()
        self._pumps.stop()
        for shutdown, server in zip(shutdowns, self._servers, strict=True):
            shutdown.join(timeout=0.5)
            server.server_close()
        for undo in reversed(self._undo):
            undo()

    def _make_resources(self) -> Stack:
        """Make everything that `resources.yaml` names, with the staff accounts, and tell the app where it is."""
        stack = build_stack(load_resources(), TrackingUrl=f"http://{HOST}:{self._options.api_port}/track")
        os.environ.update(stack.environment())
        pool = stack.made("UserPool").ref
        os.environ["REDRESS_KEYS_URL"] = f"http://{HOST}:{self._options.aws_port}/{pool}/.well-known/jwks.json"
        staff(pool, boto3.client("cognito-idp", region_name=REGION))
        return stack

    def _alarms(self, app: Any, stack: Stack) -> list[Alarms]:
        """What rings as the clock goes: the machines and the schedules, but for what is left out."""
        earliest = _earliest_alarm(stack)
        expressions = schedule_expressions(app)
        schedules = [
            Schedule(name, expressions[name], function, wallclock.now, earliest, REGION)
            for name, function in scheduled_functions(app).items()
            if name not in self._options.without
        ]
        return [*([] if "clock" in self._options.without else [self._machines]), *schedules]

    def _serve(self, server: Any) -> None:
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()


def _earliest_alarm(stack: Stack) -> Callable[[], datetime | None]:
    """When the soonest alarm of the table is due, read from its index without a call."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[stack.made("Table").ref]

    def earliest() -> datetime | None:
        with tables.LOCK:  # whoever writes would change it under our hands
            soonest = min(table.soonest("alarm"), default=None)  # type: ignore[attr-defined]  # ours has it
        return datetime.fromisoformat(soonest.split("#")[0]) if soonest else None

    return earliest


def _source(mapping: dict[str, Any], functions: Any) -> Source:
    """The source that an event source mapping names, feeding the function that it names."""
    name = mapping["FunctionName"]
    if name not in functions:
        raise SystemExit(f"An event source mapping names the function {name}, which the app does not have.")
    function: Function = functions[name]
    sqs = sqs_backends[DEFAULT_ACCOUNT_ID][REGION]
    arn = mapping["EventSourceArn"]
    if arn.split(":")[2] == "sqs":
        return QueueSource(mapping, sqs, function)
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[arn.split("/")[1]]
    assert table.stream_shard is not None
    return StreamSource(
        mapping,
        table.stream_shard,  # type: ignore[arg-type]  # an IndexedTable's is always ours
        function,
        lambda queue, body: sqs.send_message(queue.rpartition(":")[2], body),
    )


def _tokens(stack: Stack) -> TokenEndpoint:
    storefront = stack.properties("StorefrontClient")
    pool = cognitoidp_backends[DEFAULT_ACCOUNT_ID][REGION].user_pools[stack.made("UserPool").ref]
    issuer = stack.environment()["REDRESS_ISSUER"]
    return TokenEndpoint(pool, issuer, stack.made("StorefrontClient").ref, tuple(storefront["AllowedOAuthScopes"]))


def _http(claimed: socket.socket, handler: type[Handler], verbose: bool) -> Server:
    handler.verbose = verbose
    server = Server((HOST, 0), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = claimed
    server.server_address = claimed.getsockname()
    server.server_name, server.server_port = server.server_address[:2]  # type: ignore[assignment]
    return server


def _aws(claimed: socket.socket) -> Any:
    """The AWS services over HTTP, for the AWS CLI; the same moto that the app calls in this process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(
        HOST,
        claimed.getsockname()[1],
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=claimed.detach(),
    )
