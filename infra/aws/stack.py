"""Makes the resources of a template in whatever moto mock is active."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.aws import REGION
from infra.aws.makers import makers
from infra.aws.template import NOTHING, Stack, There


def build(
    template: Mapping[str, Any], name: str, region: str = REGION, there: There = NOTHING, **parameters: str
) -> Stack:
    """Make everything that is not `there`; `parameters` replace the template's defaults. The stack, to ask it where
    everything is."""
    stack = Stack(template, makers(partial(client, region), name, region), _pseudo(name, region), there, **parameters)
    stack.make_all()
    return stack


@cache
def client(region: str, service: str) -> Any:
    """A client, kept: making one costs more than making everything with it, and tests make everything often."""
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


def _pseudo(name: str, region: str) -> dict[str, str]:
    return {
        "AWS::Region": region,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::AccountId": DEFAULT_ACCOUNT_ID,
        "AWS::StackName": name,
    }
