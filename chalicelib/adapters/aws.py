"""boto3 clients, made once per container and only when first used."""

from functools import cache
from typing import Any


@cache
def client(service: str) -> Any:
    """The low-level client of a service. Short timeouts and two retries: API Gateway gives up after 29 s anyway.

    Parameters are built in the adapters and checked by their tests, so botocore need not check them at every call.
    """
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "max_attempts": 3},
        parameter_validation=False,
    )
    return boto3.client(service, config=patience)
