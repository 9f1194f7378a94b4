"""One running system with the tiny app, for all tests of a run that only look at it from outside."""

import pytest

from tests.running import running_system

CLOCK = {"REDRESS_CLOCK": "2026-02-10T02:00:00Z", "REDRESS_CLOCK_STILL": "1", "REDRESS_STOREFRONTS": "shop-c"}


@pytest.fixture(scope="session")
def system():
    with running_system("--app", "tests.local.tiny_app", **CLOCK) as running:
        yield running
