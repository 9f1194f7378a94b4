"""What an operator's command reaches: a stack of CloudFormation, or the local system by its AWS port."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

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

    def name(self, logical_id: str) -> str:
        """Raises Failed if there is no such resource."""
        if logical_id not in self.names:
            raise Failed(f"there is no {logical_id} here: work with the version that is deployed")
        return self.names[logical_id]


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
    return _reached(
        client, {url.rpartition("-")[2]: url for url in urls} | functions | {"Table": f"{LOCAL_STACK}-Table"}
    )


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
