"""The guide for who writes a shop (`chalicelib/web/json/README.md`), as somebody follows it who has nothing else."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.running import PATIENCE, ROOT, System, free_ports

GUIDE = ROOT / "chalicelib/web/json/README.md"


def followed(system: System, folder: Path) -> subprocess.CompletedProcess[str]:
    """All its blocks for a shell, in their order, in one; its receiver stands beside. What they printed."""
    (port,) = free_ports(1)
    moved = {
        "http://127.0.0.1:8000": system.api,
        "http://127.0.0.1:8001": system.desk,
        "127.0.0.1:9000": f"127.0.0.1:{port}",
        '("127.0.0.1", 9000)': f'("127.0.0.1", {port})',
    }
    text = GUIDE.read_text("utf-8")
    for written, here in moved.items():
        assert written in text
        text = text.replace(written, here)
    blocks = re.findall(r"```(bash|python)\n(.*?)```", text, re.DOTALL)
    (receiver,) = (body for language, body in blocks if language == "python")
    (folder / "receiver.py").write_text(receiver, "utf-8")
    lines = "".join(body for language, body in blocks if language == "bash")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with (folder / "told").open("w+", encoding="utf-8") as told:
        shell = subprocess.Popen(
            ["bash", "-eu", "-c", lines], cwd=folder, env=environment, stdout=told, stderr=told, start_new_session=True
        )
        try:
            code = shell.wait(PATIENCE)
        finally:
            os.killpg(shell.pid, signal.SIGKILL)  # the receiver goes on until somebody ends it
        told.seek(0)
        return subprocess.CompletedProcess(lines, code, told.read())
