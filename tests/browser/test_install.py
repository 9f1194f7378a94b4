"""Which browser the tests take, and what is said where there is none."""

from pathlib import Path

import pytest

from . import install


def program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    made = folder / name
    made.write_text("#!/bin/sh\n", encoding="utf-8")
    made.chmod(0o755)
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where one has been fetched to."""
    return program(tmp_path / "browser", "chromium").parent


def test_it_is_the_one_that_is_named_else_one_on_the_path_else_the_one_that_was_fetched(tmp_path: Path, place: Path):
    named, on_path = program(tmp_path / "opt", "Google Chrome"), program(tmp_path / "bin", "google-chrome")
    everything = {"REDRESS_BROWSER": str(named), "PATH": str(on_path.parent)}
    ours = install.found({"PATH": str(tmp_path)}, place)
    assert install.found(everything, place).path == named
    assert install.found({"PATH": str(on_path.parent)}, place).path == on_path
    assert (ours.path, ours.environment["LD_LIBRARY_PATH"]) == (place / "chromium", str(place / "lib"))
    assert install.found({"PATH": str(tmp_path)}, tmp_path) is None


def test_where_ci_is_set_it_is_the_pinned_one_whatever_is_on_the_path(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(install.platform, "machine", lambda: "x86_64")
    on_path = program(tmp_path / "bin", "chromium")
    assert install.found({"PATH": str(on_path.parent), "CI": "true"}, place).path == place / "chromium"
    monkeypatch.setattr(install.platform, "machine", lambda: "aarch64")
    assert install.found({"PATH": str(on_path.parent), "CI": "true"}, place).path == on_path, "none is pinned for it"


def test_a_snap_is_left_out_since_it_sees_nothing_of_ours(tmp_path: Path, place: Path):
    snap = program(tmp_path / "snap" / "bin", "chromium")
    assert install.found({"PATH": str(snap.parent)}, place).path == place / "chromium"


def test_a_named_browser_that_is_not_there_is_said_and_no_other_is_taken(tmp_path: Path, place: Path):
    with pytest.raises(install.NotToBeHad, match="REDRESS_BROWSER names /nowhere/chrome, and no program is there"):
        install.found({"REDRESS_BROWSER": "/nowhere/chrome", "PATH": str(tmp_path)}, place)


def test_another_package_than_the_pinned_one_is_not_unpacked():
    with pytest.raises(install.NotToBeHad, match="and it was not unpacked"):
        install.judge(b"something else")
