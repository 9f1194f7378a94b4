"""What need not take its time here: boto3 pauses for seconds before it tries a service again that does not answer, moto
counts the methods of a class at every call, and imports what nobody uses, which takes a second of every start.

What else moto and boto3 look up again and again is within the noise of a measurement, and stays as it is."""

import importlib
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import botocore.endpoint
import moto.core.responses as responses

LONGEST_PAUSE = 0.02
"""Seconds before boto3 tries again."""


def install() -> Callable[[], None]:
    """Look it up once, try again soon; gives what undoes it."""
    undo = ExitStack()
    names = cache(responses.method_names_from_class)  # 6 % of what a request to an app on it executes
    undo.enter_context(patch.object(responses, "method_names_from_class", names))
    brief = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE)))
    undo.enter_context(patch.object(botocore.endpoint, "time", brief))
    return undo.close


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
