"""A shop's receiver of webhooks on this machine, made with the official library, and whoever empties its queue."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import standardwebhooks
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

import app
from chalicelib.adapters import news, outbox, queues, webhooks
from chalicelib.adapters.attempts import listed
from chalicelib.adapters.webhooks import Webhook
from chalicelib.domain.telling.attempts import Attempt
from chalicelib.domain.telling.news import News, NewsFacts
from chalicelib.domain.vocabulary.stages import Stage
from infra.aws import REGION
from tests.house import House

Say = Callable[[socket.socket], None]
_shops = count(1)


def says(status: str, *headers: str) -> Say:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", "Content-Length: 0", *headers))
    return lambda wire: wire.sendall(f"{head}\r\n".encode())


OK, DOWN = says("204 No Content"), says("500 Internal Server Error")


@dataclass
class Heard:
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def is_marked(self) -> bool:
        """As one that may have come before."""
        return self.headers.get("redress-perhaps-repeated") == "true"


class Receiver(socketserver.ThreadingTCPServer):
    """It keeps what it is sent, and says what it is told to."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        self.say: Say = OK
        self.heard: list[Heard] = []
        self.closing = threading.Event()
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _, *lines = iter(lambda: self.rfile.readline().decode("latin-1").strip(), "")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = self.rfile.read(int(headers["content-length"])).decode()
                receiver.take(Heard(headers, body))
                with suppress(OSError):  # whoever called has gone
                    receiver.say(self.request)

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.heard]

    def take(self, one: Heard) -> None:
        self.heard.append(one)

    def drips(self, beginning: bytes, drop: bytes) -> Say:
        def dripping(wire: socket.socket) -> None:
            wire.sendall(beginning)
            while not self.closing.wait(0.02):
                wire.sendall(drop)

        return dripping

    @property
    def says_nothing(self) -> Say:
        """Until the test is over: whoever waits without end never comes to an end."""

        def silent(wire: socket.socket) -> None:
            self.closing.wait()

        return silent


@contextmanager
def receiving(house: House, patch: pytest.MonkeyPatch, many: int = 1) -> Iterator[list[Receiver]]:
    """So many receivers, whose addresses storefronts may name."""
    receivers = [Receiver() for _ in range(many)]
    house.set(patch, REDRESS_WEBHOOK_HOSTS=",".join(one.place for one in receivers))
    known = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    house.set(patch, REDRESS_STOREFRONT_CLIENT_IDS=",".join((known, *(f"shop-{n}" for n in range(200)))))
    with listening(*receivers):
        yield receivers


@contextmanager
def listening(*receivers: Receiver) -> Iterator[None]:
    for one in receivers:
        threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield
    finally:
        for one in receivers:
            one.closing.set()
            one.shutdown()
            one.server_close()


@dataclass
class Shop:
    """A storefront with a webhook of its own, and what happens to its complaints."""

    house: House
    receiver: Receiver
    name: str = field(default_factory=lambda: f"shop-{next(_shops)}")
    seq: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.set()

    def set(self, url: str = "", **more: Any) -> None:
        version = found.version if (found := webhooks.load(self.name)) else 0
        where = url or f"http://{self.receiver.place}/hooks?shop={self.name}"
        one = Webhook(storefront=self.name, state="on", url=where, set_at=self.house.now, **more)
        webhooks.put(one, version, None, self.house.now)

    @property
    def webhook(self) -> Webhook:
        found = webhooks.load(self.name)
        assert found
        return found

    def happens(self, complaint: str = "7K2M9-XD4FQ", kind: str = "complaint.note_added", **more: Any) -> str:
        """Something happens to a complaint; the id of the news."""
        facts = {"external_ref": None, "stage": Stage.RECEIVED, "round": 1, "outcome": None, "seq": next(self.seq)}
        told = News.model_validate(
            {"type": kind, "timestamp": self.house.now, "data": NewsFacts(complaint_id=self.number(complaint), **facts)}
        )
        news.keep(told, self.name, self.house.now, calls=True)
        outbox.send_on(self.key(complaint, told.data.seq))
        return told.id

    def number(self, complaint: str) -> str:
        return f"{complaint}-{self.name}"

    def key(self, complaint: str, seq: int) -> outbox.NoticeKey:
        return news.key_of(self.number(complaint), seq, self.name)

    def state(self, seq: int = 1, complaint: str = "7K2M9-XD4FQ") -> str:
        found = outbox.load(self.key(complaint, seq))
        assert found
        return found.state

    def attempts(self) -> list[Attempt]:
        """The oldest first."""
        return [one for _, one in reversed(listed(self.name, None, "", 1000))]

    def verified(self, one: Heard, edition: int = 1) -> Any:
        """What it says, as the official library reads it."""
        return standardwebhooks.Webhook(webhooks.secret(self.name, edition)).verify(one.body, one.headers)


def messages(house: House) -> list[dict[str, Any]]:
    """What waits in the queue of calls, taken out of it, whatever its delay."""
    name = house.environment["REDRESS_WEBHOOKS_QUEUE_URL"].rsplit("/", 1)[-1]
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name]
    found = [{"messageId": one.id, "body": one.body} for one in queue._messages]
    queue._messages.clear()
    return found


def call(house: House) -> list[str]:
    """Each message that waits, once, and those that these lead to; the ids of what failed."""
    failed: list[str] = []
    while waiting := messages(house):
        for message in waiting:
            failed += [
                one["itemIdentifier"] for one in app.call_webhooks({"Records": [message]}, None)["batchItemFailures"]
            ]
    return failed


def sweep(house: House) -> None:
    """What waits until now is sent on, and called."""
    for one in queues.alarms_due(house.now):
        if one.notice and one.notice.kind == news.NEWS:
            outbox.wake(one.notice, one.waited_as)
    assert call(house) == []


def live(house: House, length: timedelta, step: timedelta = timedelta(minutes=5)) -> None:
    """Time goes by, and the sweep comes as it does."""
    until: datetime = house.now + length
    while house.now < until:
        house.now += step
        sweep(house)
