"""What an operator's command reaches: a stack of CloudFormation, or the local system by its AWS port."""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import patch

import boto3
from botocore.config import Config

from chalicelib import settings

LOCAL_STACK, LOCAL_REGION = "redress-local", "us-east-1"
"""By these names the local system goes; its tests work with them."""
PATIENCE = Config(read_timeout=70, retries={"mode": "standard"})  # seconds; a function may take 60


class Failed(Exception):
    """What could not be done, and what to do about it."""


class Deployment(NamedTuple):
    """boto3 clients by service; by logical id, names of resources and functions to invoke."""

    client: Callable[[str], Any]
    names: Mapping[str, str]
    invoke: Callable[[str, dict[str, Any]], Any]
    wait: int = 1  # seconds without a message after which a queue is taken for empty
    longest: int = 90  # seconds that a function may run which began before something
    environment: Mapping[str, str] = MappingProxyType({})  # by which botocore finds it, beside what it finds by itself

    def name(self, logical_id: str) -> str:
        """Raises Failed if there is no such resource."""
        if logical_id not in self.names:
            raise Failed(f"there is no {logical_id} here: work with the version that is deployed")
        return self.names[logical_id]


def reach(asked: argparse.Namespace) -> Deployment:
    """What the options `--stack` and `--endpoint-url` name."""
    return local(asked.endpoint_url) if asked.endpoint_url else deployed(asked.stack)


@contextmanager
def entered(house: Deployment) -> Iterator[None]:
    """Within it this process works where the deployment keeps things as its functions do, with its caller's rights."""
    narrowed = settings.narrowed(table=house.name("Table"), evidence_bucket=house.name("EvidenceBucket"))
    with patch.dict(os.environ, house.environment), narrowed:
        yield


def deployed(stack: str) -> Deployment:
    """What a stack has. Raises ClientError if there is none of that name."""
    client = cache(lambda service: boto3.client(service, config=PATIENCE))
    pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return _reached(client, {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in resources})


def local(endpoint: str) -> Deployment:
    """What the local system has. Its functions answer to their logical ids."""
    session = boto3.Session("local", "local", region_name=LOCAL_REGION)
    client = cache(lambda service: session.client(service, endpoint_url=endpoint, config=PATIENCE))
    urls = client("sqs").list_queues(QueueNamePrefix=f"{LOCAL_STACK}-").get("QueueUrls", [])
    functions = {name: name for name in ("React", "MailEvents", "Ring")}
    buckets = [one["Name"] for one in client("s3").list_buckets()["Buckets"]]
    (bucket,) = (name for name in buckets if name.startswith(f"{LOCAL_STACK}-evidence-"))
    kept = {"Table": f"{LOCAL_STACK}-Table", "EvidenceBucket": bucket}
    names = {url.rpartition("-")[2]: url for url in urls} | functions | kept
    own = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": LOCAL_REGION}
    own |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    return _reached(client, names)._replace(longest=1, environment=own)


def _reached(client: Callable[[str], Any], names: Mapping[str, str]) -> Deployment:
    def invoke(function: str, event: dict[str, Any]) -> Any:
        """What a function answers. Raises Failed if it fails."""
        payload = json.dumps(event, ensure_ascii=False, default=datetime.timestamp).encode()
        answer = client("lambda").invoke(FunctionName=house.name(function), Payload=payload)
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Failed(f"{function} failed again ({told.get('errorType')}): its log says why")
        return told

    house = Deployment(client, names, invoke)
    return house
