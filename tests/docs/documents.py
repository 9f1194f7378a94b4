"""The documents as tests read them: their tables, the files and targets that they name."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "chalicelib/README.md",
    "chalicelib/DECISIONS.md",
    "chalicelib/domain/README.md",
    "chalicelib/notices/README.md",
    "chalicelib/web/console/README.md",
    "chalicelib/web/json/README.md",
    "chalicelib/web/json/contract/introduction.md",
    "chalicelib/web/pages/README.md",
    "infra/README.md",
    "tests/README.md",
)


NOT_OURS = {".git", ".venv", "build", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def rows(document: str, heading: str) -> list[list[str]]:
    """The rows of the table that begins with a heading row, cell by cell."""
    text = text_of(document)
    lines = text[text.index(heading) :].splitlines()[2:]
    table = [*lines, ""][: next(n for n, line in enumerate([*lines, ""]) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def quoted(text: str) -> list[str]:
    """What stands between backticks in running text."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def files_named_in(document: str) -> set[str]:
    """Paths of files and folders, whole or from some room on. A bare word is none, `outbox.queue` neither."""
    file = re.compile(r"(?!/)(?:[\w./-]*\w/|[\w./-]*\w\.(?:py|md|json|ya?ml|toml|txt|html))")
    return {name for name in quoted(text_of(document)) if file.fullmatch(name)}


@cache
def _there() -> frozenset[str]:
    """Every path of the project, and every end of one that begins with a whole name."""
    tops = [path for path in ROOT.iterdir() if path.name not in NOT_OURS]
    paths = [path for top in tops for path in (top, *(top.rglob("*") if top.is_dir() else ()))]
    parts = (path.relative_to(ROOT).parts for path in paths if NOT_OURS.isdisjoint(path.parts))
    return frozenset("/".join(part[n:]) for part in parts for n in range(len(part)))


def found(name: str) -> bool:
    return name.rstrip("/") in _there()
