"""The queue: a page of complaints, soonest due first, narrowed by links, a form, or words that are looked for."""

import secrets

from chalice.app import Request
from pydantic import BaseModel

from chalicelib.casework import read
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.door import Answer, Call, Operation, read_as

from . import choices, table, view
from .door import Console, Sent
from .lines import asked_of, lines_of
from .page import back, page, speech
from .view import Asked, NextQuery

CSV = "text/csv; charset=utf-8"


class Views(Console):
    """Of a form that is sent by its address, several values of one name are one, with commas between."""

    def queried(self, operation: Operation, request: Request) -> list[BaseModel]:
        given = request.query_params
        known = {name: ",".join(filter(None, given.getlist(name))) for name in given or ()} if given else {}
        return [read_as(operation.query, known)] if operation.query else []


queue = Views(__name__)


@queue.operation("GET", "/console/queue", who=STAFF, query=Asked, answers={200: str})
def show_queue(call: Call, asked: Asked) -> Answer:
    """A view of the queue, 25 lines of it: without any all that is open."""
    return shown(call, asked.model_copy(update={"words": None}))


@queue.operation("POST", "/console/queue", who=STAFF, body=Sent, answers={200: str, 303: None})
def find_in_queue(call: Call, sent: Sent) -> Answer:
    """What of a view has some words in it; they are typed, so that no address holds them."""
    asked = asked_by(sent)
    if not asked.words:
        return back(call, "/console/queue", **view.narrowed(asked))
    return shown(call, asked)


def asked_by(sent: Sent) -> Asked:
    """The view that a form stands in, the words that are looked for in it, and its page."""
    more = {"words": sent.one("words"), "cursor": sent.one("cursor")}
    return Asked.model_validate({**view.narrowed(view.view_of(sent.one("_view"))), **more})


def shown(call: Call, asked: Asked, sent: Sent | None = None, fault: str = "", status: int = 200) -> Answer:
    """The page of a view. `sent`: what of its form for several is to be corrected, for the reason of the `fault`."""
    say = speech(call)
    found, cursor = read.queue(asked.filters(), call.now, asked.limit, asked.cursor)
    address, people = view.written(asked), choices.people(say, call.now)
    return page(
        call,
        "queue.html",
        say,
        status=status,
        lines=lines_of(found, say, call.now, address, among=bool(asked.words)),
        now=written(call.now),
        view=address,
        asked=asked,
        cursor=cursor,
        following=view.written(asked, cursor=cursor) if cursor else "",
        presets=choices.presets(asked, call.actor, say),
        chips=choices.chips(asked, say),
        filters=choices.filters(asked, say, people),
        ticks=choices.ticks(asked, say),
        people=people,
        sent=sent or Sent(),
        fault=fault,
        key=secrets.token_urlsafe(12),
    )


@queue.operation("GET", "/console/queue.csv", who=STAFF, query=Asked, answers={200: str})
def download_queue(call: Call, asked: Asked) -> Answer:
    """The lines of a view for spreadsheets, its first 1,000: no contact, and nothing of what was told."""
    say = speech(call)
    found, more = table.read_all(asked.model_copy(update={"words": None}).filters(), call.now)
    name = f"queue-{call.now:%Y%m%d-%H%M}{'-first' if more else ''}.csv"
    content = "".join(table.as_csv(lines_of(found, say, call.now), say))
    return Answer(200, content, {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'})


@queue.operation("GET", "/console/next", who=STAFF, query=NextQuery, answers={303: None})
def show_next(call: Call, asked: NextQuery) -> Answer:
    """On to the complaint after a place of a view, as the view is now; without a place, to its first. Of those that
    were found by words on to the next that was."""
    looked = view.view_of(asked.view or "")
    if asked.among is not None:
        return _next_found(call, asked.among, looked)
    line = read.following(looked.filters(), call.now, asked.place)
    if line is None:
        return back(call, "/console/queue", **view.narrowed(looked), done="last")
    return back(
        call,
        f"/console/complaints/{line.complaint_id}",
        view=view.written(looked),
        place=read.place(line),
        **asked_of(line),
    )


def _next_found(call: Call, among: str, looked: Asked) -> Answer:
    following, _, left = among.partition(",")
    if not following:
        return back(call, "/console/queue", **view.narrowed(looked), done="last")
    return back(call, f"/console/complaints/{following}", view=view.written(looked), among=left)
