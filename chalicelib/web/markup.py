"""How pages are made: by templates, with their own style and script in them, of which browsers take no other."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
TIGHT = re.compile(r"\n *| (?={)|;? *(?=})|(?<=[{};:,>]) ")
"""What of a stylesheet is not sent."""


def templates(folder: Path) -> "Environment":
    """Those of a folder. Whatever a value holds, it is text and no markup."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # of all that answers, pages alone need it

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


def secured(page: str, more: Mapping[str, str] = {}) -> dict[str, str]:
    """The header by which a browser takes from a page what is in it, and from elsewhere nothing but `more` says."""
    allowed = {
        "default-src": "'none'",
        "style-src": hashes(STYLE.findall(page)),
        "script-src": hashes(SCRIPT.findall(page)),
        "img-src": "data:",
        "form-action": "'none'",
        **more,
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {"Content-Security-Policy": "; ".join(f"{name} {said}" for name, said in allowed.items())}


def hashes(parts: Iterable[str]) -> str:
    found = [f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in parts]
    return " ".join(found) or "'none'"
