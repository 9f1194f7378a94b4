"""Fixtures: the house on moto, and the server its user pool's keys are fetched from."""

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from moto.server import ThreadedMotoServer
from xdist.scheduler import LoadFileScheduling

import chalicelib
import infra

from .furnished import make_clients_once
from .house import House, open_house

# The gate tries the same examples every time; `--hypothesis-profile random` tries others. Speed is judged by the bench,
# here neither that of an example nor of making it up. A house is shared by the examples of a test that says so.
SHARED: Any = {
    "deadline": None,
    "suppress_health_check": [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
}
hypothesis.settings.register_profile("gate", derandomize=True, **SHARED)
hypothesis.settings.register_profile("random", **SHARED)
hypothesis.settings.load_profile("gate")
make_clients_once()


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not walk it again and again, nor come so often.

    All of the house is imported now: hypothesis takes examples from the constants of what is, and would try others
    after a test that was the first to import something.
    """
    for package in (chalicelib, infra):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def keys_server() -> Iterator[str]:
    """Where the key sets of moto's user pools are served."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, keys_server: str) -> Iterator[House]:
    with open_house(monkeypatch, keys_server) as built:
        yield built


@pytest.fixture(scope="module")
def lasting_house(keys_server: str) -> Iterator[House]:
    """One house for all tests of a file, made once and so cheap. The tests must not disturb each other.

    There is one house at a time: a file uses either `house` or this, usually as its own fixture `house`.
    """
    with pytest.MonkeyPatch.context() as patch, open_house(patch, keys_server) as built:
        yield built


class InOrder(LoadFileScheduling):
    """As `--dist loadfile`, a file at a time for each worker, but the browser's tests are one: they share a browser."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InOrder:
    return InOrder(config, log)
