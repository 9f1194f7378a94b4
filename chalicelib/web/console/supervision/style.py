"""The rules that a page of this room has beside the stylesheet of all pages."""

from functools import cache
from pathlib import Path

from chalicelib.web.markup import TIGHT


@cache
def style(name: str, before: str = "") -> str:
    """Those of a file beside this one, after others."""
    return before + TIGHT.sub("", (Path(__file__).parent / f"{name}.css").read_text("utf-8"))
