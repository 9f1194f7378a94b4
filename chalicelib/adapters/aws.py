"""Clients of AWS, made once per container and only when first used."""

import os
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session

_making = Lock()
"""A session makes one client at a time."""
SENDERS = ("sesv2", "sns")


@cache
def client(service: str) -> Any:
    """The low-level client of a service. Short timeouts and two retries: API Gateway gives up after 29 s anyway.

    What sends messages is tried once: a second try of what was taken and not answered would send it twice.
    Parameters are built in the adapters and checked by their tests, so botocore need not check them at every call.
    """
    from botocore.config import Config

    patience = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 1 if service in SENDERS else 3},
        parameter_validation=False,
    )
    with _making:
        return session().create_client(service, config=patience)


@cache
def session() -> "Session":
    """botocore's own. What boto3 adds to it (resources, transfers) is not used, and takes a sixth of a cold start.

    The services there are, the names of the folders they are described in, are read from the names alone: botocore
    would open the folders of all four hundred before it makes a client of one.
    """
    from botocore.session import get_session

    made = get_session()
    loader = made.get_component("data_loader")
    folders = [path for path in loader.search_paths if os.path.isdir(path)]
    names = sorted({name for path in folders for name in os.listdir(path)})
    loader.list_available_services = lambda type_name: names
    return made
