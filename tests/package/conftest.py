"""What `make package` makes, made once for all processes of the tests."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest

from infra.packaging import package as make_package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with template, parameters and zip."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    whole, partial = shared / "package", shared / "package.partial"
    with (shared / "package.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            make_package(partial, "prod")
            partial.rename(whole)
    return whole


@pytest.fixture(scope="session")
def template(package: Path) -> dict[str, Any]:
    return dict(json.loads((package / "sam.json").read_text("utf-8")))
