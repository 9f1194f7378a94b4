"""A furnished moto: the resources of `infra/resources.yaml` and the staff, made once per process and copied after that.

Making them takes a third of a second, copying them a few milliseconds, and most tests want a house of their own.
"""

import copy
import copyreg
import os
import pickle
import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Condition
from types import FunctionType
from typing import Any

import boto3
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from moto.core.base_backend import BackendDict
from moto.dynamodb.models.dynamo_type import Item

from chalicelib.adapters import aws
from infra.aws import REGION
from infra.aws.streams import Change
from infra.aws.table import IndexedTable
from infra.aws.template import Stack
from infra.local.stack import build_stack
from infra.local.staff import make_accounts
from infra.resources import load_resources

copyreg.pickle(Condition, lambda _: (Condition, ()))  # the copy of a queue has its own lock


@dataclass(frozen=True)
class Photograph:
    """What each of moto's services holds, by account, as bytes that name what all copies have in common."""

    services: list[BackendDict[Any]]
    picture: bytes
    common: list[Any]


@dataclass(frozen=True)
class Contents:
    """The items of a table as they were."""

    of: IndexedTable

    def table(self) -> IndexedTable:
        """Another with these items, and nothing else yet."""
        twin = IndexedTable.__new__(IndexedTable)
        vars(twin).update(self.of.contents())
        return twin


NEVER_CHANGE = (Item, Change, Contents, RSAPrivateKey, RSAPublicKey, re.Pattern, FunctionType)
_made: tuple[Stack, Photograph] | None = None


def furnish() -> dict[str, str]:
    """Put everything into the active mock, which is empty; the environment of the functions."""
    global _made
    if _made is None:
        stack = build_stack(load_resources(), TrackingUrl="https://www.example.com/complaints")
        make_accounts(stack.made("UserPool").ref, session().client("cognito-idp"))
        _made = stack, photograph()
    else:
        arrange(_made[1])
    return _made[0].environment()


def furnished() -> Stack:
    """What was put there, by the names of the template."""
    assert _made is not None
    return _made[0]


@cache
def session() -> boto3.Session:
    """The app's own, one for all: it keeps the descriptions of the services, which take longer to read than a test."""
    return boto3.Session(botocore_session=aws.session(), region_name=REGION)


_clients: dict[str, Any] = {}


def make_clients_once() -> None:
    """From now on the clients of this process are made once for each environment: one takes as long as many calls."""
    make = aws.session().create_client

    def create_client(*args: Any, **asked: Any) -> Any:
        around = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        options = {name: vars(value) if name == "config" and value else value for name, value in asked.items()}
        which = repr((args, options, sorted(around.items())))
        if which not in _clients:
            _clients[which] = make(*args, **asked)
        return _clients[which]

    aws.session().create_client = create_client


def forget_clients() -> None:
    """The next ones are made anew, by what hooks there are then."""
    _clients.clear()


def photograph() -> Photograph:
    """What is there now. Taken in one go, since services refer to each other."""
    services: list[BackendDict[Any]] = list(BackendDict._instances)  # type: ignore[attr-defined]
    film = BytesIO()
    camera = Camera(film, pickle.HIGHEST_PROTOCOL)
    camera.dump([dict(service) for service in services])
    return Photograph(services, film.getvalue(), camera.common)


def arrange(photograph: Photograph) -> None:
    """Put back what was there then, in place of what is there now."""
    for service in BackendDict._instances:
        service.clear()
    contents = Printer(BytesIO(photograph.picture), photograph.common).load()
    for service, accounts in zip(photograph.services, contents, strict=True):
        service.update(accounts)
        if service not in BackendDict._instances:  # moto resets only those it finds here
            BackendDict._instances.append(service)


class Camera(pickle.Pickler):
    """Looks at everything once for all copies, each of which would take `copy.deepcopy` five times as long."""

    def __init__(self, film: BytesIO, protocol: int) -> None:
        super().__init__(film, protocol)
        self.common: list[Any] = []

    def persistent_id(self, thing: Any) -> int | None:
        if not isinstance(thing, NEVER_CHANGE):
            return None
        self.common.append(thing)
        return len(self.common) - 1

    def reducer_override(self, thing: Any) -> Any:
        if not isinstance(thing, IndexedTable):
            return NotImplemented
        then = copy.copy(thing)
        contents = thing.contents()
        vars(then).update(contents)
        return Contents.table, (Contents(then),), {n: v for n, v in vars(thing).items() if n not in contents}


class Printer(pickle.Unpickler):
    def __init__(self, film: BytesIO, common: list[Any]) -> None:
        super().__init__(film)
        self._common = common

    def persistent_load(self, number: Any) -> Any:
        return self._common[number]
