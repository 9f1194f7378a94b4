"""What need not take its time here: boto3 and moto look up again at every call what never changes and sign what nobody
checks, a good part of what a request costs; moto reads and imports more than it needs, a good part of a start;
and boto3 pauses for seconds before it tries a service again that does not answer."""

import importlib
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import botocore.endpoint
import botocore.useragent as useragent
import moto.backend_index as backend_index
import moto.cognitoidp.models as cognitoidp
import moto.core.responses as responses
import moto.core.utils as utils
import moto.sqs.models as sqs
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from joserfc.jwk import RSAKey

LONGEST_PAUSE = 0.02
"""Seconds before boto3 tries again."""
BUSY = {"cognitoidp", "dynamodb", "ses", "sns", "sqs", "stepfunctions"}
"""The services of moto that are called all the time."""


class Unsigned(SigV4Auth):
    """Says who asks and where, as moto wants to know, but hashes nothing. S3's signatures are of another kind."""

    def canonical_request(self, request: object) -> str:
        return ""

    def signature(self, string_to_sign: str, request: object) -> str:
        return ""


@cache
def _pool_key(modulus: str, exponent: str, private: str) -> RSAKey:
    """The key of moto's user pools. It is kept without its primes, and finding them takes a tenth of a second."""
    return RSAKey.import_key({"kty": "RSA", "n": modulus, "e": exponent, "d": private})


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    for module, name in (
        (useragent, "sanitize_user_agent_string_component"),
        (utils, "create_loader"),
        (responses, "method_names_from_class"),
        (responses, "camelcase_to_underscores"),
        (sqs, "camelcase_to_underscores"),
    ):
        undo.enter_context(patch.object(module, name, cache(getattr(module, name))))
    patterns = sorted(backend_index.backend_url_patterns, key=lambda pattern: pattern[0] not in BUSY)
    undo.enter_context(patch.object(backend_index, "backend_url_patterns", patterns))
    undo.enter_context(patch.dict(AUTH_TYPE_MAPS, v4=Unsigned))
    key = SimpleNamespace(import_key=lambda jwk: _pool_key(jwk["n"], jwk["e"], jwk["d"]))
    undo.enter_context(patch.object(cognitoidp, "jwk", SimpleNamespace(RSAKey=key)))
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    undo.enter_context(patch.object(botocore.endpoint, "time", brief))
    return undo.close


def _leave_out_batch() -> None:
    """moto's Step Functions wants one enumeration of its Batch, which would bring EC2 and take a second of every start.

    Import that enumeration by itself. Whoever wants all of Batch imports it afterwards as usual."""
    if "moto.batch" in sys.modules:
        return
    stand_in = ModuleType("moto.batch.models")
    stand_in.batch_backends = None  # type: ignore[attr-defined]
    sys.modules[stand_in.__name__] = stand_in
    importlib.import_module("moto.batch.utils")
    del sys.modules[stand_in.__name__], sys.modules["moto.batch"]


_leave_out_batch()  # before anybody imports moto's Step Functions
