"""What there is, kept in a folder over a restart (`REDRESS_STATE`): written at the end, read at the beginning."""

import fcntl
import os
import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from infra.aws.template import There
from infra.local.outbox import Sent

FORMAT = f"redress local state, Python {'.'.join(platform.python_version_tuple()[:2])}, moto {version('moto')}"


@dataclass
class Beside:
    """What is not AWS's: what the stack has made, what was sent, and when this was, by the clock and by the
    machine's."""

    there: There
    sent: list[Sent]
    clock: datetime
    machine: datetime


class Folder:
    """The folder of one system at a time."""

    def __init__(self, path: Path) -> None:
        """Raises SystemExit if it cannot be used, or another system uses it."""
        self.file = path / "state"
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (path / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"REDRESS_STATE: another system uses {path}. Stop it, or name another folder.") from None
        except OSError as fault:
            raise SystemExit(f"REDRESS_STATE: {path} cannot be used ({fault.strerror}).") from None

    def read(self) -> bytes | None:
        """What was kept; None if nothing was. Raises SystemExit if it is not for this Python and this moto."""
        try:
            head, _, content = self.file.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if head.decode("utf-8", "replace") != FORMAT:
            raise self.unfit()
        return content

    def unfit(self) -> SystemExit:
        return SystemExit(
            f"REDRESS_STATE: {self.file} was kept by another version and cannot be read by this one ({FORMAT}). "
            "Name another folder, or delete the file to begin anew."
        )

    def write(self, content: bytes) -> None:
        """All of it, or as it was before. For its owner only: there is personal data in it."""
        anew = self.file.with_suffix(".new")
        with open(os.open(anew, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(FORMAT.encode() + b"\n" + content)
            file.flush()
            os.fsync(file.fileno())
        anew.replace(self.file)
