"""Records that are made by hand on the running system, where to wait for them would move its clock over months."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib import settings
from chalicelib.adapters import aws
from tests.local.test_desk import aws as client
from tests.running import System

OWN = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def behind(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within it this process writes into the tables and buckets of that system, as an operator's command would."""
    for name, value in {**OWN, "AWS_ENDPOINT_URL": system.aws}.items():
        monkeypatch.setenv(name, value)
    [table] = [one for one in client(system, "dynamodb").list_tables()["TableNames"] if one.startswith("redress")]
    buckets = [one["Name"] for one in client(system, "s3").list_buckets()["Buckets"]]
    [bucket] = [one for one in buckets if "evidence" in one.lower()]
    _forget()
    try:
        with settings.narrowed(table, bucket):
            yield
    finally:
        _forget()


def _forget() -> None:
    aws.session.cache_clear()
    aws.client.cache_clear()
