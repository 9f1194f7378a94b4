"""`make audit`: the libraries in the zip, held against the known vulnerabilities, as far as the index can be asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".venv" / "audit"


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Runs Python where it finds the tools of `requirements-audit.txt`."""
    command = [sys.executable, *arguments]
    environment = os.environ | {"PYTHONPATH": str(TOOLS)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)


def told(report: str) -> tuple[list[str], bool]:
    """The lines to print about a report of pip-audit, and whether anything in it is known to be vulnerable."""
    try:
        libraries: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["The index of vulnerabilities could not be asked: nothing is known of any library."], False
    asked = [one for one in libraries if "skip_reason" not in one]
    found = [f"{one['name']}: {fault['id']}" for one in asked for fault in one.get("vulns", ())]
    if not asked:
        return [f"The index answers no questions about vulnerabilities ({len(libraries)} libraries)."], False
    lines = [f"Asked about {len(asked)} of {len(libraries)} libraries: {len(found)} known vulnerabilities."]
    return [*lines, *found], bool(found)


def main() -> None:
    done = run("-m", "pip_audit", "-r", "requirements.txt", "--disable-pip", "--no-deps", "--format", "json")
    lines, vulnerable = told(done.stdout)
    print(*lines, sep="\n")
    sys.exit(vulnerable)


if __name__ == "__main__":
    main()
