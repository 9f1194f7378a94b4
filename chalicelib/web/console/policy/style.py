"""What pages of the policy look like beside the stylesheet of all pages."""

from functools import cache
from pathlib import Path

from chalicelib.web.markup import TIGHT


@cache
def style() -> str:
    return TIGHT.sub("", (Path(__file__).parent / "study.css").read_text("utf-8"))
