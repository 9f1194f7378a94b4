"""What need not take its time here. boto3 pauses for seconds before it tries a service again that does not answer, and
signs what nobody checks. moto counts the methods of a class at every call, finds out anew which service an address is
of, makes a web request of each call, reads each condition twice, looks at each part of an update for what the whole has
too often, and imports what nobody uses, which takes a second of every start. A call of DynamoDB takes less than half of
what it took; what it does is moto's own.

What else moto and boto3 look up again and again is within the noise of a measurement, and stays as it is."""

import importlib
import re
import secrets
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

import botocore.auth
import botocore.endpoint
import moto.core.responses as responses
import moto.dynamodb.comparisons as comparisons
import moto.dynamodb.parsing.ast_nodes as ast_nodes
import moto.dynamodb.parsing.validators as validators
import moto.sqs.models as sqs_models
from botocore.awsrequest import AWSPreparedRequest
from moto.core.base_backend import BaseBackend
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import HTTPException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.responses import DynamoHandler

LONGEST_PAUSE = 0.02
"""Seconds before boto3 tries again."""
OF_AWS = re.compile(r"https://dynamodb\.[\w-]+\.amazonaws\.com/")
KEPT = 1_000
"""Conditions, and updates, that are kept as they were read."""
PREFIX = "DynamoDB_20120810."
"""What the name of an operation of DynamoDB begins with in the header of a request."""


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    names = cache(responses.method_names_from_class)  # 6 % of what a request to an app on it executes
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    for owner, name, own in (
        (responses, "method_names_from_class", names),
        (responses, "gen_amzn_requestid_long", _request_id),
        (botocore.endpoint, "time", brief),
        (botocore.auth.SigV4Auth, "add_auth", _add_auth),
        (BaseBackend, "urls", property(_urls)),
        (BotocoreStubber, "process_request", _process_request),
        (comparisons.ConditionExpressionParser, "parse", _parse),
        (
            UpdateExpressionParser,
            "make",
            lru_cache(KEPT)(UpdateExpressionParser.make),
        ),  # what is done is done to copies
        (sqs_models, "camelcase_to_underscores", cache(sqs_models.camelcase_to_underscores)),
        (validators.ActionCountValidator, "traverse", validators.ActionCountValidator.verify_action_counts),
        (
            validators.OverlappingPathsValidator,
            "traverse",
            validators.OverlappingPathsValidator.check_for_overlapping_paths,
        ),
        (ast_nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse),
    ):
        undo.enter_context(patch.object(owner, name, own))
    return undo.close


# ---- boto3 -----------------------------------------------------------------------------------------------------------

_sign = botocore.auth.SigV4Auth.add_auth


def _add_auth(signer: Any, request: Any) -> None:
    """Who calls, for moto to know the account and the region, and no signature. S3 has signers of its own."""
    if type(signer) is not botocore.auth.SigV4Auth or signer.credentials is None:
        _sign(signer, request)
        return
    scope = f"{signer.credentials.access_key}/20000101/{signer._region_name}/{signer._service_name}/aws4_request"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"


# ---- moto ------------------------------------------------------------------------------------------------------------

_moto_urls: Any = BaseBackend.urls.fget  # type: ignore[attr-defined]
_moto_process_request = BotocoreStubber.process_request
_known_urls: dict[type[BaseBackend], Any] = {}


def _urls(backend: BaseBackend) -> Any:
    """The addresses of a service are always the same."""
    if type(backend) not in _known_urls:
        _known_urls[type(backend)] = _moto_urls(backend)
    return _known_urls[type(backend)]


def _request_id(headers: dict[str, Any] | None = None) -> str:
    request_id = secrets.token_hex(26).upper()
    if isinstance(headers, dict):
        headers["x-amzn-requestid"] = request_id
    return request_id


def _process_request(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """A call of DynamoDB goes straight to its handler, without becoming a web request on the way."""
    headers = {name: _text(request.headers.get(name)) for name in ("X-Amz-Target", "Authorization", "Content-Type")}
    if not headers["X-Amz-Target"].startswith(PREFIX) or not OF_AWS.match(request.url):
        return _moto_process_request(stubber, request)
    handler = DynamoHandler()
    handler.headers = headers
    handler.querystring, handler.uri_match = {}, {}
    handler.region = handler.get_region_from_url(SimpleNamespace(headers=handler.headers), request.url)
    handler.access_key, handler.current_account = handler.get_access_key(), handler.get_current_account()
    handler.response_headers = {"server": "amazon.com"}
    operation = get_service_model("dynamodb").operation_model(headers["X-Amz-Target"].removeprefix(PREFIX))
    parser = PROTOCOL_PARSERS["json"](operation, map_type=handler.PROTOCOL_PARSER_MAP_TYPE)
    handler.params = parser.parse({"headers": handler.headers, "body": request.body, "url_path": "/", "values": {}})
    try:
        return handler.call_action()
    except HTTPException as fault:
        return fault.code, fault.get_headers(), fault.get_body()


def _text(value: str | bytes | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


_moto_parse = comparisons.ConditionExpressionParser.parse
_conditions: OrderedDict[str, tuple[Any, list[str], list[str]]] = OrderedDict()


def _parse(parser: comparisons.ConditionExpressionParser) -> Any:
    """A condition as it was read the last time: nothing changes what came of it."""
    names, values = parser.expression_attribute_names, parser.expression_attribute_values
    said = repr((parser.condition_expression, names, values))
    if said not in _conditions:
        _conditions[said] = _moto_parse(parser), parser.expr_attr_names_found, parser.expr_attr_values_found
        if len(_conditions) > KEPT:
            _conditions.popitem(last=False)
    condition, parser.expr_attr_names_found, parser.expr_attr_values_found = _conditions[said]
    return condition


_processed: dict[tuple[type[Any], type[Any]], bool] = {}
"""Whether a way of walking through an update does anything about a kind of node."""


def _traverse(walk: Any, node: Any, child_id: int = -1) -> Any:
    """As moto walks through what an update says, of which it asks anew at every node what it is looking for."""
    if not isinstance(node, ast_nodes.Node):
        return node
    parent = node.parent
    for number, child in enumerate(node.children or ()):
        walk.pre_processing_of_child(node, number)
        _traverse(walk, child, number)
    kinds = type(walk), type(node)
    if kinds not in _processed:
        _processed[kinds] = isinstance(node, walk.nodes_to_be_processed())
    if _processed[kinds]:
        node = walk.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def _leave_out_batch() -> None:
    """moto's Step Functions wants one enumeration of its Batch, which would bring EC2 with it.

    Import that enumeration by itself. Whoever wants all of Batch imports it afterwards as usual."""
    if "moto.batch" in sys.modules:
        return
    stand_in = ModuleType("moto.batch.models")
    stand_in.batch_backends = None  # type: ignore[attr-defined]
    sys.modules[stand_in.__name__] = stand_in
    importlib.import_module("moto.batch.utils")
    del sys.modules[stand_in.__name__], sys.modules["moto.batch"]


_leave_out_batch()  # before anybody imports moto's Step Functions
