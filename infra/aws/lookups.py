"""What moto and boto3 look up anew at every call, though it is always the same: which service an address is of, when a
text is, where in an answer a field stands. It is looked up once here. What they do is their own."""

import re
from functools import lru_cache
from typing import Any

import botocore.utils
from botocore.regions import EndpointRulesetResolver
from moto import backend_index
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.config import default_user_config
from moto.core.exceptions import HTTPException
from moto.core.request import normalize_request
from moto.core.serialize import AttributePicker, AttributePickerContext, ExplicitAlias, NoAlias, ShapeNameAlias
from moto.core.utils import get_equivalent_url_in_aws_domain

KEPT = 4_000
"""Addresses, and moments as they are written, that are remembered."""

_moto_process = BotocoreStubber.process_request
_moto_pick = AttributePicker.__call__
_boto3_endpoint = EndpointRulesetResolver.construct_endpoint
_boto3_moment: Any = botocore.utils._parse_timestamp_with_tzinfo  # type: ignore[attr-defined]
_ONE_DOOR = frozenset({"dynamodb", "cognito-idp", "sns", "sqs"})
"""Services whose endpoint depends on nothing that is asked for."""
_NAMES = [ExplicitAlias, ShapeNameAlias, NoAlias]
_CORE = default_user_config["core"]


def patches() -> tuple[tuple[Any, str, Any], ...]:
    """Whose, what, and what is in its place."""
    return (
        (BotocoreStubber, "process_request", _process_request),
        (AttributePicker, "__call__", _pick),
        (EndpointRulesetResolver, "construct_endpoint", _endpoint),
        (botocore.utils, "_parse_timestamp_with_tzinfo", _moment),
    )


def _process_request(stubber: BotocoreStubber, request: Any) -> Any:
    """An address that was asked for before is answered by whom it was then."""
    limited = _CORE["passthrough"] != {"urls": [], "services": []} or _CORE["service_whitelist"] is not None
    answer = None if limited else _answerer(request.url.partition("?")[0])
    if answer is None:
        return _moto_process(stubber, request)
    asked = normalize_request(request)
    try:
        status, headers, body = answer(asked, asked.raw_url, asked.headers)
    except HTTPException as fault:
        return fault.code, fault.get_headers(), fault.get_body()
    return status, headers, body


@lru_cache(KEPT)
def _answerer(address: str) -> Any:
    """Whoever answers an address without its query; None if moto is to say so itself."""
    parsed, _ = get_equivalent_url_in_aws_domain(address)
    place = f"{parsed.scheme}://{parsed.netloc}{parsed.path}"
    for service, pattern in backend_index.backend_url_patterns:
        if pattern.match(place):
            of_accounts: Any = get_backend(service)  # type: ignore[call-overload]
            if not isinstance(of_accounts, BackendDict):
                return None
            regions = of_accounts[DEFAULT_ACCOUNT_ID]
            urls = regions["us-east-1" if "us-east-1" in regions else "aws"].urls
            found = next((method for url, method in urls.items() if re.match(url, place)), None)
            if found is not None:
                return found
    return None


def _pick(picker: AttributePicker, asked: AttributePickerContext) -> Any:
    """What stands in a mapping under its own name needs to be looked for under no other, which lists alone may have
    before it."""
    key, one_name = asked.key, not picker.response_transformers and picker.alias_providers[:3] == _NAMES
    simple = asked.shape is None or asked.shape.type_name not in ("list", "structure")
    if one_name and simple and type(asked.obj) is dict and key in asked.obj and "." not in key:
        return asked.obj[key]
    return _moto_pick(picker, asked)


def _endpoint(resolver: Any, operation_model: Any, call_args: Any, request_context: Any) -> Any:
    """A client finds a service where it found it for the same operation."""
    if resolver._service_model.service_name not in _ONE_DOOR:
        return _boto3_endpoint(resolver, operation_model, call_args, request_context)
    known = vars(resolver).setdefault("_known_endpoints", {})
    if operation_model.name not in known:
        known[operation_model.name] = _boto3_endpoint(resolver, operation_model, call_args, request_context)
    return known[operation_model.name]


def _moment(value: Any, zone: Any) -> Any:
    """A moment that is written as text; of a number, that is cheap."""
    return _written(value, zone) if isinstance(value, str) else _boto3_moment(value, zone)


_written = lru_cache(KEPT)(_boto3_moment)
