"""Where work comes from, as the template says: event source mappings, and functions subscribed to topics."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from infra.aws import REGION
from infra.aws.functions import Function
from infra.aws.pumps import Pumps, Source
from infra.aws.queue_source import QueueSource
from infra.aws.stream_source import StreamSource
from infra.aws.template import Stack
from infra.aws.topic_source import TopicSource

MAPPING = "AWS::Lambda::EventSourceMapping"
SUBSCRIPTION = "AWS::SNS::Subscription"
ASYNCHRONOUS = "AWS::Lambda::EventInvokeConfig"

Functions = Mapping[str, Function]


def mapped(stack: Stack, functions: Functions) -> list[Source]:
    """A source for each event source mapping."""
    return [_mapped(mapping, functions) for mapping in stack.of_type(MAPPING).values()]


def subscribed(stack: Stack, functions: Functions, now: Callable[[], datetime], pumps: Pumps) -> dict[str, TopicSource]:
    """A source for each function that is subscribed to a topic, by the function's ARN."""
    settings = {one["FunctionName"]: one for one in stack.of_type(ASYNCHRONOUS).values()}
    found = {}
    for subscription in stack.of_type(SUBSCRIPTION).values():
        if subscription["Protocol"] == "lambda":
            name = subscription["Endpoint"].rpartition(":")[2]
            function = _function(name, functions, "A subscription")
            source = TopicSource(subscription, settings.get(name, {}), function, _send, now, pumps)
            found[source.endpoint] = source
    return found


def _mapped(mapping: dict[str, Any], functions: Functions) -> Source:
    """The source that an event source mapping names, feeding the function that it names."""
    function = _function(mapping["FunctionName"], functions, "An event source mapping")
    arn = mapping["EventSourceArn"]
    if arn.split(":")[2] == "sqs":
        return QueueSource(mapping, sqs_backends[DEFAULT_ACCOUNT_ID][REGION], function)
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[arn.split("/")[1]]
    assert table.stream_shard is not None
    return StreamSource(mapping, table.stream_shard, function, _send)  # type: ignore[arg-type]  # it is always ours


def _function(name: str, functions: Functions, whose: str) -> Function:
    if name not in functions:
        raise SystemExit(f"{whose} names the function {name}, which the app does not have.")
    return functions[name]


def _send(queue: str, body: str) -> object:
    return sqs_backends[DEFAULT_ACCOUNT_ID][REGION].send_message(queue.rpartition(":")[2], body)
