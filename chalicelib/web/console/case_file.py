"""The case file: a complaint as it is printed, in the parts that are chosen, with all that happened and its hashes.

What a browser prints has its pages numbered by the stylesheet. Several are printed at once, each on a page of its own.
"""

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ConfigDict

from chalicelib.casework import read
from chalicelib.casework.read import Case
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
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
ROOM = 5_500_000
"""Bytes of a print as a Lambda answers it, whose answers end at 6 MB: in JSON, where a Chinese character takes six."""
CHARACTER = 6
LEAST = 10_000
"""Bytes: none takes less."""


class PrintQuery(PageQuery):
    """Which parts: by their names, `parts=filed,report`, or each by itself, `filed=on`, as forms send it. None: all."""

    model_config = ConfigDict(extra="allow")

    parts: str | None = None

    @property
    def chosen(self) -> list[str]:
        named = {*(self.parts or "").split(","), *(self.model_extra or {})}
        return [name for name in PARTS if name in named] or [*PARTS]


class Printed(NamedTuple):
    """A complaint as it is printed; `room`: the bytes that it takes."""

    text: "Markup"
    room: int


@case_file.operation("GET", "/console/complaints/{complaint_id}/print", who=STAFF, query=PrintQuery, answers={200: str})
def print_case(call: Call, query: PrintQuery) -> Answer:
    """The case file of a complaint, in the parts that are chosen."""
    say = page.speech(call)
    printed = _printed(call, call.complaint_id, query.chosen, ROOM, say)
    here = f"/console/complaints/{call.complaint_id}/print"
    return page.page(call, "case_file.html", say, files=[printed.text], chosen=query.chosen, parts=PARTS, form=here)


@case_file.operation("POST", "/console/print", who=STAFF, body=Sent, answers={200: str, 422: str})
def print_cases(call: Call, sent: Sent) -> Answer:
    """The case files of several complaints, one after the other, all that is in them. What is too much for one print
    is named in it."""
    ids = [*dict.fromkeys(one for one in sent.fields.get("id", ()) if one.strip())]
    if not ids:
        raise Invalid([FieldFault("id", "none_chosen")])
    say, left, files, missing = page.speech(call), ROOM, list["Markup"](), ids[AT_ONCE:]
    for one in ids[:AT_ONCE]:
        printed = _tried(call, one, left, say) if left > LEAST else None
        if printed is None or printed.room > left:
            missing.append(one)
            continue
        left -= printed.room
        files.append(printed.text)
    named = ", ".join(printable(one) for one in missing)
    return page.page(call, "case_file.html", say, files=files, missing=named, chosen=PARTS, parts=PARTS, form="")


def _tried(call: Call, complaint_id: str, room: int, say: Speech) -> Printed | None:
    """None for what is no complaint."""
    try:
        return _printed(call, read_id(complaint_id), PARTS, room, say)
    except (ValueError, NotFound):
        return None


def _printed(call: Call, complaint_id: str, chosen: Collection[str], room: int, say: Speech) -> Printed:
    """With as much of what happened as there is room for; without any, it may still take more than that.

    Raises NotFound."""
    case, notices = read.in_full(complaint_id, call.actor, call.now)
    said = content(case, notices, Reader(call.actor, call.now, say))
    most = room // CHARACTER
    while True:
        shown = read.newest_within(case.entries, most) if "history" in chosen else []
        printed = _written(call, case, said, shown, chosen, say)
        if printed.room <= room or len(shown) < 2:
            return printed
        most = most * 3 // 4


def _written(
    call: Call,
    case: Case[Complaint],
    said: dict[str, Any],
    shown: Sequence[Entry],
    chosen: Collection[str],
    say: Speech,
) -> Printed:
    from markupsafe import Markup

    text = page.written(
        call,
        "case_file_of.html",
        say,
        **said,
        parts=[name for name in parts_of(said) if name in chosen],
        here_is=f"{call.prefix}/console/complaints/{case.state.complaint_id}",
        history=[*happenings(shown, case.state, call.actor, say)],
        first=shown[0].seq if shown else 0,
        broken=checked(case.entries, case.state),
    )
    return Printed(Markup(text), len(json.dumps(text)))  # noqa: S704 — written by our own template
