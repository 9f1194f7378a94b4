"""A furnished moto: the resources of `infra/resources.yaml` and the staff, made once per process and copied after that.

Making them takes a third of a second, copying them a few milliseconds, and most tests want a house of their own.
"""

import copy
import copyreg
import os
from functools import cache
from threading import Condition
from typing import Any

import boto3
from moto.core.base_backend import BackendDict
from moto.s3.models import FakeKey

from chalicelib.adapters import aws
from infra.aws import REGION
from infra.aws.template import Stack
from infra.local.stack import build_stack
from infra.local.staff import make_accounts
from infra.resources import load_resources

copyreg.pickle(Condition, lambda _: (Condition, ()))  # the copy of a queue has its own lock

Photograph = list[tuple[BackendDict[Any], dict[str, Any]]]
"""What each of moto's services holds, by account."""

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
    """What is there now. Copied in one go, since services refer to each other."""
    services, files = list(BackendDict._instances), FakeKey.instances_tracked  # type: ignore[attr-defined]
    known = len(files)
    copied = copy.deepcopy([dict(service) for service in services])
    del files[known:]  # moto empties all files of S3 that it knows of when a house is closed, and these stay
    return list(zip(services, copied, strict=True))


def arrange(photograph: Photograph) -> None:
    """Put back what was there then, in place of what is there now."""
    for service in BackendDict._instances:
        service.clear()
    contents = copy.deepcopy([accounts for _, accounts in photograph])
    for (service, _), accounts in zip(photograph, contents, strict=True):
        service.update(accounts)
        if service not in BackendDict._instances:  # moto resets only those it finds here
            BackendDict._instances.append(service)
