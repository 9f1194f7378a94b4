"""What need not take its time here: moto looks up again at every call what never changes, a good part of what filing a
complaint costs; and boto3 pauses for seconds before it tries a service again that does not answer."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import botocore.endpoint
import moto.core.responses as responses
import moto.sqs.models as sqs

LONGEST_PAUSE = 0.02
"""Seconds before boto3 tries again."""


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    for module, name in (
        (responses, "method_names_from_class"),
        (responses, "camelcase_to_underscores"),
        (sqs, "camelcase_to_underscores"),
    ):
        undo.enter_context(patch.object(module, name, cache(getattr(module, name))))
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    undo.enter_context(patch.object(botocore.endpoint, "time", brief))
    return undo.close
