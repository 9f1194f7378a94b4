"""Starts the local system as anybody would, for tests that go through its front door."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds that anything may take, however busy the machine is."""
FRIDAY = "2026-10-09T07:40:00Z"
"""When the clock starts if a test does not say: what a test finds must not depend on the day on which it runs."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class System:
    """A running local system: the base URLs of its three doors, and its process."""

    api: str
    aws: str
    desk: str
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        """What it has printed so far, errors included."""
        return "".join(self.lines)

    def call(self, method: str, url: str, content: object = None, **headers: str) -> Reply:
        """One request; `url` may begin with `/` for the API. `content` is sent as JSON unless it is bytes. Header names
        are written with `_` for `-`."""
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent = {"Content-Type": "application/json", **sent}
        request = Request(self.api + url if url.startswith("/") else url, body, sent, method=method)
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except HTTPError as refusal:
            with refusal:
                return Reply(refusal.code, refusal.headers, refusal.read())

    def settle(self) -> None:
        """Wait until every reaction is over."""
        assert self.call("POST", f"{self.desk}/settle").status == 200

    def outbox(self, to: str = "") -> list[dict[str, Any]]:
        return list(self.call("GET", f"{self.desk}/outbox" + (f"?to={to}" if to else "")).json())

    def move_clock(self, **how: str) -> str:
        """Advance by an ISO 8601 duration, or set to an instant; the time it is then."""
        reply = self.call("POST", f"{self.desk}/clock", how)
        assert reply.status == 200, reply.body
        return str(reply.json()["now"])


@contextmanager
def running_system(*arguments: str, **environment: str) -> Iterator[System]:
    """A local system on free ports, up when the block begins and gone when it ends."""
    ports = free_ports(3)
    names = ("REDRESS_API_PORT", "REDRESS_AWS_PORT", "REDRESS_DESK_PORT")
    chosen = dict(zip(names, map(str, ports), strict=True)) | {"REDRESS_CLOCK": FRIDAY} | environment
    process = start(*arguments, **chosen)
    api, aws, desk = (f"http://127.0.0.1:{chosen[name]}" for name in names)
    system = System(api, aws, desk, process)
    up = threading.Event()
    reader = threading.Thread(target=_read, args=(system, up), daemon=True)
    reader.start()
    try:
        if not up.wait(PATIENCE) or process.poll() is not None:
            raise AssertionError(f"the local system did not start:\n{system.output}")
        assert system.call("GET", f"{desk}/health").status == 200
        yield system
    finally:
        stop(process)
        reader.join(PATIENCE)
        if process.stdout:
            process.stdout.close()


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`python -m infra.local`, with nothing of this process's own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("REDRESS_", "AWS_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local", *arguments],
        cwd=ROOT,
        env={**inherited, **environment, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )


def stop(process: subprocess.Popen[str]) -> int:
    """End it as a supervisor would; its exit code."""
    process.terminate()
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _read(system: System, up: threading.Event) -> None:
    for line in system.process.stdout or ():
        system.lines.append(line)
        if "is up after" in line:
            up.set()
    up.set()  # it has ended
