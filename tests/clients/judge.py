"""What every client must have done, by what went through; its own word is not taken."""

import re
from collections.abc import Callable, Sequence

from .between import Exchange

COMPLAINTS = "/v1/complaints"
ONE = re.compile(rf"{COMPLAINTS}/[^/]+")


def _pages(seen: Sequence[Exchange]) -> bool:
    """Three in a row at least, the first without a cursor."""
    asked = ["cursor" in one.query for one in seen if one.path == COMPLAINTS and one.method == "GET"]
    return asked[:3] == [False, True, True]


STEPS: dict[str, Callable[[Sequence[Exchange]], bool]] = {
    "files": lambda seen: sum((one.method, one.path, one.status) == ("POST", COMPLAINTS, 201) for one in seen) >= 3,
    "reads": lambda seen: any(one.method == "GET" and ONE.fullmatch(one.path) and one.status == 200 for one in seen),
    "pages": _pages,
    "412": lambda seen: any(one.status == 412 for one in seen),
    "422": lambda seen: any(one.status == 422 for one in seen),
}


def done(seen: Sequence[Exchange]) -> dict[str, bool]:
    return {name: was_done(seen) for name, was_done in STEPS.items()}
