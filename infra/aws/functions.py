"""Finds the functions of the app, as Lambda would: those that mappings name, and those on a schedule."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig
from chalice.local import LambdaContext
from chalice.utils import to_cfn_resource_name
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.aws.clock import format_instant

Function = Callable[[dict[str, Any]], object]

TIMEOUT_MS = 60_000


def lambda_functions(app: Chalice) -> Mapping[str, Function]:
    """The functions that are neither HTTP nor scheduled, by the logical id Chalice gives them (`react` → `React`)."""
    return {to_cfn_resource_name(one.name): _invoker(app, one.name) for one in app.pure_lambda_functions}


def scheduled_functions(app: Chalice) -> Mapping[str, Function]:
    """The scheduled functions, by name."""
    return {one.name: _invoker(app, one.name) for one in app.event_sources if isinstance(one, ScheduledEventConfig)}


def schedule_expressions(app: Chalice) -> Mapping[str, str]:
    """When the scheduled functions run, by name."""
    expressions = {
        one.name: one.schedule_expression for one in app.event_sources if isinstance(one, ScheduledEventConfig)
    }
    return {name: one if isinstance(one, str) else one.to_string() for name, one in expressions.items()}


def scheduled_event(name: str, region: str, now: datetime) -> dict[str, Any]:
    """What EventBridge hands to a scheduled function."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": DEFAULT_ACCOUNT_ID,
        "time": format_instant(now),
        "region": region,
        "resources": [f"arn:aws:events:{region}:{DEFAULT_ACCOUNT_ID}:rule/{name}"],
        "detail": {},
    }


def _invoker(app: Chalice, name: str) -> Function:
    """Calls a function with a context of its own, as each invocation has."""

    def invoke(event: dict[str, Any]) -> object:
        return app.handler_map[name](event, LambdaContext(name, 256, TIMEOUT_MS))

    return invoke
