"""RESULTS.md: parts, each under a heading of its own and written anew by the command that found what it says."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def put(path: Path, part: str) -> None:
    """Writes a part, which begins with its `# heading`, and leaves the others of the page as they are."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(with_part(page, part), encoding="utf-8")


def with_part(page: str, part: str) -> str:
    """The page with this part in the place of the one with the same heading, or at its end."""
    parts = {_heading(one): one for one in re.split(r"^(?=# )", page, flags=re.MULTILINE) if one.strip()}
    parts[_heading(part)] = part
    return "\n".join(f"{one.strip()}\n" for one in parts.values())


def _heading(part: str) -> str:
    return part.partition("\n")[0].strip()


def written_by(command: str) -> list[str]:
    """The first lines below a heading: which command wrote this, when and on what machine."""
    return [
        f"Written by `{command}`; do not edit. `tests/README.md` says what each part shows.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors ({_processor()}), load {os.getloadavg()[0]:.1f}.",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
