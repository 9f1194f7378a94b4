"""Puts the local system together: moto in this process, the app before it, pumps and servers around them."""

import gc
import importlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any

import boto3
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib import settings, wallclock
from infra.aws import (
    REGION,
    haste,
    machines,
    pool_sessions,
    queues,
    s3_events,
    ses,
    signing_time,
    sources,
    tables,
    topic_source,
)
from infra.aws.clock import Alarms, Clock, Ticker, format_instant, standing_still
from infra.aws.functions import lambda_functions, schedule_expressions, scheduled_functions
from infra.aws.keeping import Unpickled, pickled
from infra.aws.outages import Outages
from infra.aws.pumps import Pumps, Source
from infra.aws.s3_door import S3Door
from infra.aws.s3_signing import Credentials
from infra.aws.schedules import Schedule
from infra.aws.serving import Handler, Server
from infra.aws.stack import client
from infra.aws.stream_source import StreamSource
from infra.aws.template import NOTHING, Stack, There
from infra.aws.tokens import TokenEndpoint
from infra.local.alarms import earliest_alarm
from infra.local.desk import Desk, DeskHandler
from infra.local.gateway import ApiHandler, Gateway, made_thread_safe
from infra.local.options import HOST, Options
from infra.local.outbox import Outbox
from infra.local.rounds import Ahead
from infra.local.shop import OrderSystem
from infra.local.stack import build_stack
from infra.local.staff import STOREFRONTS, make_accounts, storefronts
from infra.local.state import Beside, Folder
from infra.local.storefront import Storefront
from infra.resources import load_resources

TO_CLOSE = 1.0  # seconds
FORGETFUL = (
    "This local system began at {} and kept nothing of before: tokens and links of then are worth nothing here. "
    "Sign in again, or file anew; REDRESS_STATE=folder keeps what there is over a restart."
)


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
        self._sources: list[Source] = []
        self._keep: Callable[[], None] | None = None

    def start(self) -> None:
        sys.setswitchinterval(0.0005)  # seconds; requests should not stand in line behind reactions
        folder = Folder(self._options.state) if self._options.state else None
        kept = folder and self._read(folder)
        clock = Clock(self._beginning(kept), standing_still if self._options.still else time.monotonic)
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
            pool_sessions.install(),
            outages.install(),
            s3_events.install(clock.now),
            signing_time.install(wallclock.now),
            self._machines.install(),
        ]
        if kept:
            kept.put_back()
            outbox.had_sent(kept.more.sent)
        stack = self._make_resources(kept.more.there if kept else NOTHING)
        app = made_thread_safe(importlib.import_module(self._app_module).app)
        if not self._options.verbose:
            logging.getLogger("redress").setLevel(logging.WARNING)  # the app's own lines, one or more a request
        functions = lambda_functions(app)
        subscribed = sources.subscribed(stack, functions, clock.now, self._pumps)
        self._undo.append(topic_source.install(subscribed))
        self._sources = [*sources.mapped(stack, functions), *subscribed.values()]
        self._pumps.start(self._sources)
        self._machines.route(functions)
        alarms = self._alarms(app, stack)
        shop = OrderSystem(os.environ["REDRESS_ORDER_SYSTEM_SECRET"])
        schedules = scheduled_functions(app)
        storefront = Storefront(*self._options.addresses[::2], next(iter(STOREFRONTS.items())), clock.now, outbox.to)
        tokens = _tokens(stack, self._storefronts)
        desk = Desk(clock, self._pumps, outbox, tokens, schedules, REGION, outages, shop, storefront, alarms)
        desk.settle_machines = self._machines.settle
        if kept:
            kept.resume()
        self._ticker = Ticker(clock, alarms, desk.travelling)
        self._ticker.start()
        api_socket, aws_socket, desk_socket = self._sockets
        api = {
            "gateway": Gateway(app),
            "strangers": "" if folder else FORGETFUL.format(format_instant(datetime.now(UTC))),
        }
        self._serve(_http(api_socket, type("Api", (ApiHandler,), api), self._options.verbose))
        self._serve(_aws(aws_socket, clock.now))
        self._serve(_http(desk_socket, type("OwnDesk", (DeskHandler,), {"desk": desk}), self._options.verbose))
        gc.freeze()  # what is there now stays: the collector need not walk it again and again
        self._keep = folder and (lambda: self._write(folder, stack, outbox, clock))

    def stop(self) -> None:
        """Close, and undo what was done to this process, which takes the longer the more there is."""
        self.close()
        for undo in reversed(self._undo):
            undo()

    def close(self) -> None:
        """Answer nobody any more and let what is being done be done, within a second or so; keep what there is, if that
        is wanted. The desk, which tells of orders, closes last."""
        *doors, desk = self._servers
        ends = time.monotonic() + TO_CLOSE
        _shut(doors, ends)
        self._ticker.stop()
        self._pumps.stop(max(0.1, ends - time.monotonic()))
        if self._keep:
            self._keep()
        _shut([desk], ends)

    def _read(self, folder: Folder) -> Unpickled | None:
        content = folder.read()
        try:
            return Unpickled(content) if content else None
        except Exception:  # whatever a pickle of other classes raises
            raise folder.unfit() from None

    def _beginning(self, kept: Unpickled | None) -> datetime | None:
        """Where the clock starts: as asked for, else where it would be if it had gone on."""
        chosen = self._options.clock
        if kept is None:
            return chosen
        beside: Beside = kept.more
        if chosen and chosen < beside.clock:
            raise SystemExit(f"REDRESS_CLOCK: it was {format_instant(beside.clock)} already; leave it out")
        since = timedelta() if self._options.still else max(datetime.now(UTC) - beside.machine, timedelta())
        return chosen or beside.clock + since

    def _write(self, folder: Folder, stack: Stack, outbox: Outbox, clock: Clock) -> None:
        """What there is, and what is to be done yet: of what was being done, some may be done again."""
        print(f"Keeping what there is in {folder.file} …", flush=True)
        for source in self._sources:
            if isinstance(source, StreamSource):
                source.forget_what_was_read()
        folder.write(pickled(lambda: Beside(stack.there, outbox.all_sent(), clock.now(), datetime.now(UTC))))

    def _make_resources(self, there: There) -> Stack:
        """Make everything that `resources.yaml` names, with the staff accounts, and tell the app where it is. What was
        chosen of its settings is as chosen; our own pages may call the API in any case."""
        api, aws, desk = self._options.addresses
        chosen = self._options.settings
        origins = ",".join([api, *filter(None, [chosen.get("REDRESS_CORS_ORIGINS")])])
        stack = build_stack(
            load_resources(), there, TrackingUrl=f"{api}/track", WebOrigins=origins, OrderSystemUrl=desk
        )
        self._storefronts = _storefronts(stack, storefronts(self._options.storefronts))
        clients = {"REDRESS_STOREFRONT_CLIENT_IDS": ",".join(self._storefronts.values())}
        own = clients | {"REDRESS_PRIVACY_URL": f"{api}/privacy", "REDRESS_TOKEN_URL": f"{desk}/oauth2/token"}
        own |= {"REDRESS_WEBHOOK_HOSTS": f"{HOST},localhost"}
        os.environ.update(stack.environment() | own | chosen | {"REDRESS_CORS_ORIGINS": origins})
        pool = stack.made("UserPool").ref
        os.environ["REDRESS_KEYS_URL"] = f"{aws}/{pool}/.well-known/jwks.json"
        os.environ["REDRESS_EVIDENCE_ENDPOINT"] = aws
        _require_all(settings.read(os.environ))
        if sender := chosen.get("REDRESS_SENDER"):
            client(REGION, "sesv2").create_email_identity(EmailIdentity=parseaddr(sender)[1])
        if there is NOTHING:
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


def _storefronts(stack: Stack, wanted: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The pool's clients that are wanted, by name and secret; those that the template does not name are made like the
    one it does."""
    cognito, pool = boto3.client("cognito-idp", region_name=REGION), stack.made("UserPool").ref
    first = stack.made("StorefrontClient").ref
    known = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=first)["UserPoolClient"]
    like = {
        name: known[name] for name in ("AllowedOAuthFlowsUserPoolClient", "AllowedOAuthFlows", "AllowedOAuthScopes")
    }
    listed = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    there = {client["ClientName"]: client["ClientId"] for client in listed}
    (one, *others) = wanted.items()
    made = {one: first}
    for name, secret in others:
        if name not in there:
            created = cognito.create_user_pool_client(UserPoolId=pool, ClientName=name, GenerateSecret=True, **like)
            there[name] = created["UserPoolClient"]["ClientId"]
        made[name, secret] = there[name]
    return made


def _shut(servers: list[Any], ends: float) -> None:
    """By this moment of the machine's clock, whatever they are doing."""
    shutdowns = [threading.Thread(target=server.shutdown, daemon=True) for server in servers]
    for shutdown in shutdowns:
        shutdown.start()
    for shutdown, server in zip(shutdowns, servers, strict=True):
        shutdown.join(timeout=max(0, ends - time.monotonic()))
        server.server_close()


def _require_all(known: settings.Settings) -> None:
    """What would fail later otherwise. Raises SystemExit."""
    try:
        if not callable(importlib.import_module(known.sms_sender).send):
            raise AttributeError
    except (ImportError, AttributeError):
        raise SystemExit(f"REDRESS_SMS_SENDER: {known.sms_sender} is no module here with a function send") from None


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
