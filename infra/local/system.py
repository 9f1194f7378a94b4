"""Puts the local system together: moto in this process, the app before it, pumps and servers around them."""

import gc
import importlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import boto3
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib import wallclock
from infra.aws import (
    REGION,
    haste,
    machines,
    queues,
    s3_events,
    ses,
    signing_time,
    sources,
    tables,
    topic_source,
)
from infra.aws.clock import Alarms, Clock, Ticker, standing_still
from infra.aws.functions import lambda_functions, schedule_expressions, scheduled_functions
from infra.aws.outages import Outages
from infra.aws.pumps import Pumps
from infra.aws.s3_door import S3Door
from infra.aws.s3_signing import Credentials
from infra.aws.schedules import Schedule
from infra.aws.serving import Handler, Server
from infra.aws.template import Stack
from infra.aws.tokens import TokenEndpoint
from infra.local.alarms import earliest_alarm
from infra.local.desk import Desk, DeskHandler
from infra.local.gateway import ApiHandler, Gateway, made_thread_safe
from infra.local.options import HOST, Options
from infra.local.outbox import Outbox
from infra.local.rounds import Ahead
from infra.local.shop import OrderSystem
from infra.local.stack import build_stack
from infra.local.staff import STOREFRONTS, make_accounts
from infra.resources import load_resources


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
        clock = Clock(self._options.clock, standing_still if self._options.still else time.monotonic)
        wallclock.follow(clock.now)
        outbox, outages = Outbox(wallclock.now), Outages()
        mock = mock_aws(config=machines.CONFIG)
        mock.start()
        self._undo = [
            mock.stop,
            haste.install(),
            tables.install(self._pumps.ring, wallclock.now),
            queues.install(self._pumps.ring),
            outbox.install(),
            ses.install(clock.now),
            outages.install(),
            s3_events.install(clock.now),
            signing_time.install(wallclock.now),
            self._machines.install(),
        ]
        stack = self._make_resources()
        app = made_thread_safe(importlib.import_module(self._app_module).app)
        if not self._options.verbose:
            logging.getLogger("redress").setLevel(logging.WARNING)  # the app's own lines, one or more a request
        functions = lambda_functions(app)
        subscribed = sources.subscribed(stack, functions, clock.now, self._pumps)
        self._undo.append(topic_source.install(subscribed))
        self._pumps.start([*sources.mapped(stack, functions), *subscribed.values()])
        self._machines.route(functions)
        alarms = self._alarms(app, stack)
        shop = OrderSystem(stack.environment()["REDRESS_ORDER_SYSTEM_SECRET"])
        schedules = scheduled_functions(app)
        desk = Desk(
            clock, self._pumps, outbox, _tokens(stack, self._storefronts), schedules, REGION, outages, shop, alarms
        )
        desk.settle_machines = self._machines.settle
        self._ticker = Ticker(clock, alarms, desk.travelling)
        self._ticker.start()
        api_socket, aws_socket, desk_socket = self._sockets
        self._serve(_http(api_socket, type("Api", (ApiHandler,), {"gateway": Gateway(app)}), self._options.verbose))
        self._serve(_aws(aws_socket, clock.now))
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
        api, aws, desk = (
            f"http://{HOST}:{port}"
            for port in (self._options.api_port, self._options.aws_port, self._options.desk_port)
        )
        orders = os.environ.get("REDRESS_ORDER_SYSTEM_URL", desk)
        stack = build_stack(load_resources(), TrackingUrl=f"{api}/track", WebOrigins=api, OrderSystemUrl=orders)
        os.environ.update(stack.environment())
        self._storefronts = _storefronts(stack)
        os.environ["REDRESS_STOREFRONT_CLIENT_IDS"] = ",".join(self._storefronts.values())
        pool = stack.made("UserPool").ref
        os.environ["REDRESS_KEYS_URL"] = f"{aws}/{pool}/.well-known/jwks.json"
        os.environ["REDRESS_EVIDENCE_ENDPOINT"] = aws
        make_accounts(pool, boto3.client("cognito-idp", region_name=REGION))
        return stack

    def _alarms(self, app: Any, stack: Stack) -> list[Alarms]:
        """What rings as the clock goes: the machines and the schedules, but for what is left out."""
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[stack.made("Table").ref]
        functions = scheduled_functions(app)
        needed = {"sweep": earliest_alarm(table)}
        if "rounds" in functions:
            ahead = Ahead(functions["rounds"], wallclock.now)
            functions["rounds"], needed["rounds"] = ahead.make, ahead.first_needed
        expressions = schedule_expressions(app)
        schedules = [
            Schedule(name, expressions[name], function, wallclock.now, REGION, needed.get(name))
            for name, function in functions.items()
            if name not in self._options.without
        ]
        return [*([] if "clock" in self._options.without else [self._machines]), *schedules]

    def _serve(self, server: Any) -> None:
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()


def _storefronts(stack: Stack) -> dict[tuple[str, str], str]:
    """The pool's clients by name and secret; those that the template does not name are made like the one it does."""
    cognito, pool = boto3.client("cognito-idp", region_name=REGION), stack.made("UserPool").ref
    first = stack.made("StorefrontClient").ref
    known = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=first)["UserPoolClient"]
    like = {
        name: known[name] for name in ("AllowedOAuthFlowsUserPoolClient", "AllowedOAuthFlows", "AllowedOAuthScopes")
    }
    (one, *others) = STOREFRONTS.items()
    made = {one: first}
    for name, secret in others:
        created = cognito.create_user_pool_client(UserPoolId=pool, ClientName=name, GenerateSecret=True, **like)
        made[name, secret] = created["UserPoolClient"]["ClientId"]
    return made


def _tokens(stack: Stack, storefronts: dict[tuple[str, str], str]) -> TokenEndpoint:
    pool = cognitoidp_backends[DEFAULT_ACCOUNT_ID][REGION].user_pools[stack.made("UserPool").ref]
    scopes = tuple(stack.properties("StorefrontClient")["AllowedOAuthScopes"])
    return TokenEndpoint(pool, stack.environment()["REDRESS_ISSUER"], storefronts, scopes)


def _credentials() -> Credentials:
    return Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])


def _http(claimed: socket.socket, handler: type[Handler], verbose: bool) -> Server:
    handler.verbose = verbose
    server = Server((HOST, 0), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = claimed
    server.server_address = claimed.getsockname()
    server.server_name, server.server_port = server.server_address[:2]  # type: ignore[assignment]
    return server


def _aws(claimed: socket.socket, now: Callable[[], datetime]) -> Any:
    """The AWS services over HTTP, for browsers and the AWS CLI; the same moto that the app calls in this process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(
        HOST,
        claimed.getsockname()[1],
        S3Door(DomainDispatcherApplication(create_backend_app), _credentials(), now),
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=claimed.detach(),
    )
