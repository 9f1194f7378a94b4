"""What the AWS of this machine has, as bytes and back: moto's own objects, pickled all at once, since they share parts.

Read only what this wrote: a pickle can do anything.
"""

import importlib
import io
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from joserfc.jwk import RSAKey
from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from infra.aws import REGION
from infra.aws.queues import HANDING_OUT
from infra.aws.tables import LOCK

Place = tuple[str, str, str]
"""Where a backend is: the module and name of its dictionary, and its region."""
LOCKS: dict[type, Callable[[], Any]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
}


class _Pickler(pickle.Pickler):
    """Locks come back open, and keys as they are written."""

    def reducer_override(self, thing: Any) -> Any:
        if type(thing) in LOCKS:
            return LOCKS[type(thing)], ()
        if isinstance(thing, RSAKey):
            return RSAKey.import_key, (thing.as_dict(private=True),)
        return NotImplemented


def pickled(more: Callable[[], object]) -> bytes:
    """All there is, and `more` with it. Nothing goes on after it."""
    backends = dict(_backends())
    for execution in _executions(backends):
        execution.exec_worker.env = None  # how far it has come; it begins anew, and what it does twice is done once
    for last in (*[False] * 4, True):
        kept = io.BytesIO()
        try:
            with LOCK, HANDING_OUT:
                _Pickler(kept, pickle.HIGHEST_PROTOCOL).dump((backends, more()))
            break
        except RuntimeError:  # somebody still has a connection, and changed something of this
            if last:
                raise
    return kept.getvalue()


class Unpickled:
    """What was kept: `more` at once, the rest when it is put in its place."""

    def __init__(self, content: bytes) -> None:
        self._backends, self.more = pickle.loads(content)

    def put_back(self) -> None:
        """In the place of what moto begins with."""
        for (module, name, region), backend in self._backends.items():
            getattr(importlib.import_module(module), name)[DEFAULT_ACCOUNT_ID][region] = backend
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            queue.show_all_again()

    def resume(self) -> None:
        """Executions that ran, or waited, begin anew."""
        for execution in _executions(self._backends):
            if execution.exec_status == "RUNNING":
                execution.exec_worker.start()


def _backends() -> Iterator[tuple[Place, Any]]:
    for module in [name for name in sys.modules if name.startswith("moto.") and name.endswith(".models")]:
        for name, found in list(vars(sys.modules[module]).items()):
            if isinstance(found, BackendDict) and DEFAULT_ACCOUNT_ID in found:
                for region, backend in found[DEFAULT_ACCOUNT_ID].items():
                    yield (module, name, region), backend


def _executions(backends: dict[Place, Any]) -> Iterator[Any]:
    """Of the interpreter that runs here, each once."""
    machines = [
        machine
        for backend in {id(one): one for one in backends.values()}.values()
        for machine in getattr(backend, "state_machines", ())
    ]
    for machine in machines:
        yield from (one for one in machine.executions if getattr(one, "exec_worker", None))
