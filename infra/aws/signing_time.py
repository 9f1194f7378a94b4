"""What is signed in this process is signed at the time of the movable clock: links and forms then expire when it
is moved. Elsewhere nobody looks at that time."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from unittest.mock import patch

import botocore.auth
import botocore.signers


def install(now: Callable[[], datetime]) -> Callable[[], None]:
    """Sign by this clock; gives what undoes it."""
    undo = ExitStack()

    def clock_time(remove_tzinfo: bool = True) -> datetime:
        return now().replace(tzinfo=None) if remove_tzinfo else now()

    for module in (botocore.auth, botocore.signers):
        undo.enter_context(patch.object(module, "get_current_datetime", clock_time))
    return undo.close
