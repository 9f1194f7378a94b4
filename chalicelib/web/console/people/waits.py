"""What of sheets and training waits for whoever has signed in: a few lines of each, and where they are."""

from collections.abc import Iterator

from chalicelib.casework import sheets
from chalicelib.casework import training as trainings
from chalicelib.web.door import Call
from chalicelib.web.pages.speech import Speech

from .sheets import LISTED as SHEETS
from .sheets import named
from .training import address_of, to_confirm, topic

FEW = 5
"""So many of each kind; their lists have the rest."""
Line = tuple[str, str]
"""A sentence, and the address below the prefix."""


def waiting_here(call: Call, say: Speech) -> Iterator[Line]:
    """One's own first: a sheet while one may say something of it, what one is to learn; then what of others waits. Two
    round trips, two more to whoever answers or confirms."""
    yield from _own(call, say)
    yield from of_others(call, say)


def _own(call: Call, say: Speech) -> Iterator[Line]:
    newest = sheets.newest_of(call.actor)
    if newest and newest.comments_until:
        said = say("mine.waits.sheet", quarter=named(newest.quarter, say), until=newest.comments_until)
        yield said, f"{SHEETS}/{newest.sheet_id}"
    for one in trainings.owed(call.actor.id)[:FEW]:
        key = "mine.waits.training.late" if one.due_at <= call.now else "mine.waits.training"
        yield say(key, topic=topic(one.topic, say), due=one.due_at), address_of(one)


def of_others(call: Call, say: Speech) -> Iterator[Line]:
    """To supervisors and management the sheets to answer; to supervisors also what is done and not confirmed."""
    for sheet in sheets.to_answer(call.actor, FEW):
        values = {"person": sheet.person, "quarter": named(sheet.quarter, say)}
        due = {"due": sheet.answer_by} if sheet.answer_by else {}
        yield say("mine.waits.answer", **values, **due), f"{SHEETS}/{sheet.sheet_id}?act=answer_sheet#doing"
    for one in to_confirm(call.actor)[:FEW]:
        said = say("mine.waits.confirm", person=one.person, topic=topic(one.topic, say))
        yield said, f"{address_of(one)}?act=confirm#doing"
