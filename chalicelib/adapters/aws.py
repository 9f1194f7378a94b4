"""Clients of AWS, made once per container and only when first used."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session

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
    return session().create_client(service, config=patience)


@cache
def session() -> "Session":
    """botocore's own: what boto3 adds to it (resources, transfers) takes a tenth of a cold start, and is not used."""
    from botocore.session import get_session

    return get_session()
