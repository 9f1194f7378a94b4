"""What moto looks up again at every call, although it never changes: a good part of what filing a complaint costs."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from unittest.mock import patch

import moto.core.responses as responses
import moto.sqs.models as sqs


def install() -> Callable[[], None]:
    """Look it up once; gives what undoes it."""
    undo = ExitStack()
    for module, name in (
        (responses, "method_names_from_class"),
        (responses, "camelcase_to_underscores"),
        (sqs, "camelcase_to_underscores"),
    ):
        undo.enter_context(patch.object(module, name, cache(getattr(module, name))))
    return undo.close
