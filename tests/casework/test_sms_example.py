"""The sender of SMS that infra/README.md shows, as it stands there but for the address and a shorter patience."""

import json
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import ModuleType
from typing import Any

import pytest

import app
from chalicelib.adapters import outbox
from chalicelib.adapters.outbox import Notice
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import House

from .mailroom import Mailroom, told
from .streams import run

README = Path(__file__).parents[2] / "infra" / "README.md"
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}


class Provider(ThreadingHTTPServer):
    """Takes texts, and answers as `answers` says: with a status, or not at all. It listens when it is `up`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk, bind_and_activate=False)
        self.server_bind()
        self.taken: list[dict[str, str]] = []
        self.answers: int | str = 200
        self.over = Event()
        self._serving = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def up(self) -> None:
        self.server_activate()
        self._serving.start()

    def close(self) -> None:
        self.over.set()
        if self._serving.is_alive():
            self.shutdown()
        self.server_close()


class Desk(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if self.server.answers == "silence":
            self.server.over.wait()
        if isinstance(self.server.answers, int):
            self.send_response(self.server.answers)
            self.end_headers()
            self.wfile.write(b'{"id": "cn-1"}')

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def provider(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Whom the example sends by."""
    provider = Provider()
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    url = f"http://127.0.0.1:{provider.server_port}/send"
    for written, meant in (("https://sms.example.cn/send", url), ("read=5.0", "read=0.3")):
        assert example.count(written) == 1
        example = example.replace(written, meant)
    module = ModuleType("sms_of_china")
    exec(example, vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    house.set(monkeypatch, REDRESS_SMS_SENDER=module.__name__)
    yield provider
    provider.close()


@pytest.fixture
def receipt(house: House, provider: Provider) -> dict[str, Any]:
    """The message that a receipt is to be sent, by SMS, since there is no mailbox."""
    room = Mailroom(house)
    house.file(contact=PHONE_ONLY)
    room.react()
    (message,) = [one for one in room.messages() if '"receipt"' in one["body"]]
    return message


def deliver(receipt: dict[str, Any], *receives: int) -> list[bool]:
    """Whether it has done its work, each time that it is received."""
    attributes = ({"ApproximateReceiveCount": str(number)} for number in receives)
    return [run(app.deliver, [receipt | {"attributes": one}]) == [] for one in attributes]


def notice(receipt: dict[str, Any]) -> Notice:
    found = outbox.load(outbox.parse(receipt["body"]))
    assert found
    return found


def test_it_sends_a_text_and_its_id_is_kept(provider: Provider, receipt: dict[str, Any]):
    provider.up()
    assert deliver(receipt, 1) == [True]
    (text,) = provider.taken
    assert text["to"] == "+8613800138000"
    (passage,) = notice(receipt).passages
    assert (passage.state, passage.message_id) == ("sent", "cn-1")


@pytest.mark.parametrize("answers", ["silence", "a hang-up"])
def test_what_it_took_and_did_not_answer_is_sent_once_more_and_no_oftener(
    house: House, provider: Provider, receipt: dict[str, Any], answers: str
):
    provider.up()
    provider.answers = answers
    assert deliver(receipt, 1, 2, 3, 4, 5) == [False, False, True, True, True]
    assert len(provider.taken) == 2
    assert (notice(receipt).state, notice(receipt).repeated) == ("uncertain", True)
    Mailroom(house).settle()
    assert [subject.split()[1] for subject, _ in told("customer_service")] == ["bounce"]


def test_while_it_is_down_texts_wait_and_then_go_out_once(house: House, provider: Provider, receipt: dict[str, Any]):
    assert deliver(receipt, 1, 2, 3) == [False, False, True]
    assert notice(receipt).state == "queued"
    provider.up()
    house.pass_time(minutes=5)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    Mailroom(house).deliver()
    assert len(provider.taken) == 1
    assert (notice(receipt).state, notice(receipt).repeated) == ("sent", False)


def test_while_it_is_busy_texts_wait(provider: Provider, receipt: dict[str, Any]):
    provider.up()
    provider.answers = 503
    assert deliver(receipt, 1, 2, 3) == [False, False, True]
    assert notice(receipt).state == "queued"


def test_a_number_that_it_refuses_is_not_asked_for_again(provider: Provider, receipt: dict[str, Any]):
    provider.up()
    provider.answers = 422
    assert deliver(receipt, 1, 2) == [True, True]
    assert len(provider.taken) == 1
    assert notice(receipt).state == "undeliverable"
