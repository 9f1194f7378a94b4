"""An invocation to be measured: the function, its event, what AWS answered, and the calls that asked for it."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import local
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from chalice.local import LambdaContext
from moto.core.models import botocore_stubber
from moto.server import ThreadedMotoServer

import app
from chalicelib.casework import rules
from infra.aws.functions import TIMEOUT_MS
from tests.examples import DEAF
from tests.furnished import session
from tests.house import FRIDAY, House, forget, open_house

from . import asked, triggers
from .shop import open_shop
from .tape import Deck, Player, Recorded, Recorder, Wire

API = "api"
Tape = TypeVar("Tape", Player, Recorder)


class Call(NamedTuple):
    """One call of boto3: the service, the method of its client, the arguments."""

    service: str
    method: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Sample:
    function: str
    what: str
    event: dict[str, Any]
    now: datetime
    answers: list[Recorded]
    calls: list[Call]


class Studio:
    """A house whose AWS can be recorded and played."""

    def __init__(self, house: House) -> None:
        self.house, self.deck, self._built = house, Deck(), local()
        session().events.register_first("before-send", self.deck)
        session().events.register("before-parameter-build", self._note)
        forget()

    def renew(self) -> None:
        """A new container: whatever watches the session now watches its clients."""
        forget()

    def close(self) -> None:
        session().events.unregister("before-send", self.deck)
        session().events.unregister("before-parameter-build", self._note)
        forget()

    def record(self, function: str, what: str, prepare: asked.Prepare, *, cold: bool = False) -> Sample:
        """`cold`: as a new container makes it, which has to ask for more."""
        self.house.now = FRIDAY
        event = prepare(self.house)
        if cold:
            forget()
        else:
            self._warm()
        calls: list[Call] = []

        def ask(request: Any, **_: Any) -> Any:
            calls.append(self._built.call)
            answered = botocore_stubber.process_request(request)
            assert answered, request.url
            status, headers, content = answered
            return AWSResponse(
                request.url, status, headers, Wire(content.encode() if isinstance(content, str) else content)
            )

        with self._laid(Recorder(ask)) as recorder:
            invoke(function, event)
        return Sample(function, what, event, self.house.now, recorder.answers, calls)

    @contextmanager
    def playing(self, sample: Sample) -> Iterator[Player]:
        """Within it, AWS answers what it answered to the sample, over and over."""
        self.house.now = sample.now
        self._warm()
        with self._laid(Player(sample.answers)) as player:
            yield player

    def _warm(self) -> None:
        """The list of policies was read within the last five minutes, as it mostly was."""
        rules.in_force(self.house.now)

    @contextmanager
    def _laid(self, tape: Tape) -> Iterator[Tape]:
        """Within it, only the tape answers: botocore asks everybody who would, and takes the first answer."""
        self.deck.on = tape
        try:
            with _moto_silent():
                yield tape
        finally:
            self.deck.on = None

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if isinstance(self.deck.on, Recorder):  # what is built is not always sent: it may only be signed
            self._built.call = Call(model.service_model.service_name, xform_name(model.name), copy.deepcopy(params))


@contextmanager
def _moto_silent() -> Iterator[None]:
    """Else it would answer past the tape."""
    before, botocore_stubber.enabled = botocore_stubber.enabled, False
    try:
        yield
    finally:
        botocore_stubber.enabled = before


@contextmanager
def studio() -> Iterator[Studio]:
    """A house with a shop whose orders can be verified and whose webhook can be called, and its studio."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with (
        pytest.MonkeyPatch.context() as patch,
        open_shop() as shop,
        open_house(patch, f"http://{host}:{port}") as house,
    ):
        own = {"REDRESS_ORDER_SYSTEM_URL": shop, "REDRESS_WEBHOOK_HOSTS": f"{DEAF},{urlsplit(shop).netloc}"}
        for name, value in own.items():
            house.environment[name] = value
            patch.setenv(name, value)
        opened = Studio(house)
        try:
            yield opened
        finally:
            opened.close()
    server.stop()


def invoke(function: str, event: dict[str, Any]) -> Any:
    """Call a function of the app as Lambda does. Raises AssertionError for an answer that is none."""
    context = LambdaContext(function, 512, TIMEOUT_MS)
    if function == API:
        answer = app.app(event, context)
        assert answer["statusCode"] < 400, answer
    else:
        answer = app.app.handler_map[function](event, context)
        assert not (isinstance(answer, dict) and (answer.get("batchItemFailures") or answer.get("failed"))), answer
    return answer


def wanted() -> Iterator[tuple[str, str, asked.Prepare]]:
    """Function, what it does, and how to get there: every operation, every function."""
    for name, prepare in asked.prepared().items():
        yield API, name, prepare
    for function, cases in triggers.TRIGGERS.items():
        for what, prepare in cases.items():
            if function in app.app.handler_map:
                yield function, what, prepare


def unmeasured() -> list[str]:
    """Operations and functions that nobody has written a sample for."""
    http = {view.view_name for methods in app.app.routes.values() for view in methods.values()}
    functions = sorted(app.app.handler_map.keys() - triggers.TRIGGERS.keys() - http)
    return [*asked.unmeasured(), *functions]
