"""What need not take its time here. boto3 pauses for seconds before it tries a service again that does not answer, and
signs what nobody checks. moto counts the methods of a class at every call, finds out anew which service an address is
of, reads each condition twice, looks at each part of an update for what the whole has too often, and imports what
nobody uses, which takes a second of every start; between the two, each call becomes one of the web and back. A call
of DynamoDB takes a third of what it took; what it does is moto's own.

What else moto and boto3 look up again and again is within the noise of a measurement, and stays as it is."""

import importlib
import random
import re
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
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint, convert_to_response_dict
from moto.core.base_backend import BaseBackend
from moto.core.botocore_stubber import MockRawResponse
from moto.core.exceptions import HTTPException
from moto.core.models import botocore_stubber
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.responses import DynamoHandler

from . import lookups

LONGEST_PAUSE = 0.02
"""Seconds before boto3 tries again."""
OF_AWS = re.compile(r"https://dynamodb\.[\w-]+\.amazonaws\.com/")
KEPT = 1_000
"""Conditions, and updates, that are kept as they were read."""


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    names = cache(responses.method_names_from_class)  # 6 % of what a request to an app on it executes
    words = cache(sqs_models.camelcase_to_underscores)
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    updates = lru_cache(KEPT)(UpdateExpressionParser.make)  # what is done to one is done to a copy
    counts, paths = validators.ActionCountValidator, validators.OverlappingPathsValidator
    for owner, name, own in (
        (botocore.endpoint, "time", brief),
        (botocore.auth.SigV4Auth, "add_auth", _add_auth),
        (Endpoint, "_send_request", _send_request),
        (BaseBackend, "urls", property(_urls)),
        (responses, "method_names_from_class", names),
        (responses, "gen_amzn_requestid_long", _request_id),
        (sqs_models, "camelcase_to_underscores", words),
        (comparisons.ConditionExpressionParser, "parse", _parse),
        (UpdateExpressionParser, "make", updates),
        (counts, "traverse", counts.verify_action_counts),  # of the whole, and so of all its parts
        (paths, "traverse", paths.check_for_overlapping_paths),
        (ast_nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse),
        *lookups.patches(),
    ):
        undo.enter_context(patch.object(owner, name, own))
    return undo.close


# ---- boto3 -----------------------------------------------------------------------------------------------------------

_sign = botocore.auth.SigV4Auth.add_auth


def _add_auth(signer: Any, request: Any) -> None:
    """Who calls, for moto to know the account and the region, and no signature."""
    kind = type(signer)
    needs_none = botocore_stubber.enabled and kind in (botocore.auth.SigV4Auth, botocore.auth.S3SigV4Auth)
    if signer.credentials is None or not needs_none:
        _sign(signer, request)
        return
    scope = f"{signer.credentials.access_key}/20000101/{signer._region_name}/{signer._service_name}/aws4_request"
    if kind is botocore.auth.S3SigV4Auth:
        del request.headers["X-Amz-Content-SHA256"]  # of a second try
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"


# ---- moto ------------------------------------------------------------------------------------------------------------

_moto_urls: Any = vars(BaseBackend)["urls"].fget
_boto3_send_request = Endpoint._send_request
_known_urls: dict[type[BaseBackend], Any] = {}


def _urls(backend: BaseBackend) -> Any:
    """The addresses of a service are always the same."""
    if type(backend) not in _known_urls:
        _known_urls[type(backend)] = _moto_urls(backend)
    return _known_urls[type(backend)]


def _request_id(headers: dict[str, Any] | None = None) -> str:
    request_id = f"{random.getrandbits(208):052X}"  # no secret, and no call of the system
    if isinstance(headers, dict):
        headers["x-amzn-requestid"] = request_id
    return request_id


def _send_request(endpoint: Endpoint, request: dict[str, Any], operation: Any) -> Any:
    """A call of DynamoDB goes straight to moto's handler, and what that answers straight back: neither becomes one of
    the web on the way. moto never answers what boto3 would try again."""
    moto_answers = botocore_stubber.enabled and OF_AWS.match(request["url"])
    if operation.service_model.service_name != "dynamodb" or not moto_answers:
        return _boto3_send_request(endpoint, request, operation)
    handler = DynamoHandler()
    handler.headers, handler.querystring, handler.uri_match = request["headers"], {}, {}
    handler.region = handler.get_region_from_url(SimpleNamespace(headers=handler.headers), request["url"])
    handler.access_key, handler.current_account = handler.get_access_key(), handler.get_current_account()
    handler.response_headers = {"server": "amazon.com"}
    reading = PROTOCOL_PARSERS["json"](
        get_service_model("dynamodb").operation_model(operation.name), map_type=handler.PROTOCOL_PARSER_MAP_TYPE
    )
    handler.params = reading.parse({"headers": handler.headers, "body": request["body"], "url_path": "/", "values": {}})
    try:
        status, headers, body = handler.call_action()
    except HTTPException as fault:
        status, headers, body = fault.code, dict(fault.get_headers()), fault.get_body()
    answer = AWSResponse(request["url"], status, headers, MockRawResponse(body))
    told = convert_to_response_dict(answer, operation)
    parser = endpoint._response_parser_factory.create_parser(operation.service_model.resolved_protocol)
    parsed = parser.parse(told, operation.output_shape)
    if status >= 300:
        endpoint._add_modeled_error_fields(told, parsed, operation, parser)
    return answer, parsed


_moto_parse = comparisons.ConditionExpressionParser.parse
_conditions: OrderedDict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = OrderedDict()


def _parse(parser: comparisons.ConditionExpressionParser) -> Any:
    """A condition as it was read the last time: nothing changes what came of it."""
    names, values = parser.expression_attribute_names, parser.expression_attribute_values
    said = repr((parser.condition_expression, names, values))
    known = _conditions.get(said)
    if known is None:
        known = _moto_parse(parser), tuple(parser.expr_attr_names_found), tuple(parser.expr_attr_values_found)
        _conditions[said] = known
        if len(_conditions) > KEPT:
            _conditions.popitem(last=False)
    parser.expr_attr_names_found, parser.expr_attr_values_found = list(known[1]), list(known[2])
    return known[0]


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
