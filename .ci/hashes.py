"""The hashes of a list of libraries that pip-compile would not make, since it would add all that they ask for.

Rewrites the file: comments and `name==version` stay, the hashes below each are those of all its files in the index.
"""

import sys
from pathlib import Path

from pip._internal.req.constructors import install_req_from_line
from piptools.locations import CACHE_DIR
from piptools.repositories import PyPIRepository


def hashed(listed: str, index: PyPIRepository) -> str:
    lines = [line.removesuffix(" \\") for line in listed.splitlines() if not line.startswith("    --hash=")]
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            hashes = sorted(index.get_hashes(install_req_from_line(line)))
            lines[number] = " \\\n".join([line, *(f"    --hash={one}" for one in hashes)])
    return "\n".join(lines) + "\n"


def main() -> None:
    file = Path(sys.argv[1])
    index = PyPIRepository([], cache_dir=CACHE_DIR)
    with index.allow_all_wheels():
        file.write_text(hashed(file.read_text(encoding="utf-8"), index), encoding="utf-8")


if __name__ == "__main__":
    main()
