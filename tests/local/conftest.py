"""One running system with the tiny app, for all tests of a run that only look at it from outside."""

import pytest

from tests.running import running_system


@pytest.fixture(scope="session")
def system():
    with running_system("--app", "tests.local.tiny_app", REDRESS_CLOCK="2026-02-10T02:00:00Z") as running:
        yield running
