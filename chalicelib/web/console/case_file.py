"""The case file: a complaint as it is printed, in the parts that are chosen, with all that happened and its hashes.

What a browser prints has its pages numbered by the stylesheet. Several are printed at once, each on a page of its own.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ConfigDict

from chalicelib.casework import read
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotFound
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech
from chalicelib.web.problems import printable

from . import page
from .case import PARTS, Reader, content
from .complaint import parts_of
from .door import Console, Sent
from .timeline import checked, happenings

if TYPE_CHECKING:
    from markupsafe import Markup

case_file = Console(__name__)

AT_ONCE = 25
CHARACTERS = 1_000_000
"""Typed ones in one print, in all: an answer of a Lambda ends at 6 MB."""


class PrintQuery(PageQuery):
    """Which parts: by their names, `parts=filed,report`, or each by itself, `filed=on`, as forms send it. None: all."""

    model_config = ConfigDict(extra="allow")

    parts: str | None = None

    @property
    def chosen(self) -> list[str]:
        named = {*(self.parts or "").split(","), *(self.model_extra or {})}
        return [name for name in PARTS if name in named] or [*PARTS]


class Printed(NamedTuple):
    """A complaint as it is printed; `characters`: how many typed ones there are in it."""

    text: "Markup"
    characters: int


@case_file.operation("GET", "/console/complaints/{complaint_id}/print", who=STAFF, query=PrintQuery, answers={200: str})
def print_case(call: Call, query: PrintQuery) -> Answer:
    """The case file of a complaint, in the parts that are chosen."""
    say = page.speech(call)
    printed = _printed(call, call.complaint_id, query.chosen, CHARACTERS, say)
    here = f"/console/complaints/{call.complaint_id}/print"
    return page.page(call, "case_file.html", say, files=[printed.text], chosen=query.chosen, parts=PARTS, form=here)


@case_file.operation("POST", "/console/print", who=STAFF, body=Sent, answers={200: str, 422: str})
def print_cases(call: Call, sent: Sent) -> Answer:
    """The case files of several complaints, one after the other, all that is in them. What is too much for one print
    is named in it."""
    ids = [*dict.fromkeys(sent.fields.get("id", ()))]
    if not ids:
        raise Invalid([FieldFault("id", "none_chosen")])
    say, left, files, missing = page.speech(call), CHARACTERS, list["Markup"](), ids[AT_ONCE:]
    for one in ids[:AT_ONCE]:
        printed = _tried(call, one, left, say) if left > 0 else None
        if printed is None:
            missing.append(one)
            continue
        left -= printed.characters
        files.append(printed.text)
    named = ", ".join(printable(one) for one in missing)
    return page.page(call, "case_file.html", say, files=files, missing=named, chosen=PARTS, parts=PARTS, form="")


def _tried(call: Call, complaint_id: str, most: int, say: Speech) -> Printed | None:
    """None for what is no complaint."""
    try:
        return _printed(call, read_id(complaint_id), PARTS, most, say)
    except (ValueError, NotFound):
        return None


def _printed(call: Call, complaint_id: str, chosen: Collection[str], most: int, say: Speech) -> Printed:
    """Raises NotFound."""
    from markupsafe import Markup

    case, notices = read.in_full(complaint_id, call.actor, call.now)
    shown = read.newest_within(case.entries, most) if "history" in chosen else []
    reader = Reader(call.actor, call.now, say)
    said = content(case, notices, reader)
    text = page.written(
        call,
        "case_file_of.html",
        say,
        **said,
        parts=[name for name in parts_of(said) if name in chosen],
        here_is=f"{call.prefix}/console/complaints/{complaint_id}",
        history=[*happenings(shown, case.state, call.actor, say)],
        first=shown[0].seq if shown else 0,
        broken=checked(case.entries, case.state),
    )
    return Printed(Markup(text), sum(entry.characters for entry in shown))  # noqa: S704 — written by our own template
