"""What `make package` makes, made once for each process of the tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.packaging import package as make_package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with template, parameters and zip."""
    out = tmp_path_factory.mktemp("package")
    make_package(out, "prod")
    return out


@pytest.fixture(scope="session")
def template(package: Path) -> dict[str, Any]:
    return dict(json.loads((package / "sam.json").read_text("utf-8")))
