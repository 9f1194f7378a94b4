"""What need not take its time here: boto3 and moto look up again at every call what never changes and sign what nobody
checks, a good part of what filing a complaint costs; and boto3 pauses for seconds before it tries a service again that
does not answer."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import botocore.endpoint
import botocore.useragent as useragent
import moto.backend_index as backend_index
import moto.core.responses as responses
import moto.sqs.models as sqs
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth

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


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    for module, name in (
        (useragent, "sanitize_user_agent_string_component"),
        (responses, "method_names_from_class"),
        (responses, "camelcase_to_underscores"),
        (sqs, "camelcase_to_underscores"),
    ):
        undo.enter_context(patch.object(module, name, cache(getattr(module, name))))
    patterns = sorted(backend_index.backend_url_patterns, key=lambda pattern: pattern[0] not in BUSY)
    undo.enter_context(patch.object(backend_index, "backend_url_patterns", patterns))
    undo.enter_context(patch.dict(AUTH_TYPE_MAPS, v4=Unsigned))
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    undo.enter_context(patch.object(botocore.endpoint, "time", brief))
    return undo.close
