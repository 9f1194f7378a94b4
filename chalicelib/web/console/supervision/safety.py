"""The safety board: what is in danger, the call that is due in hours, the assessment, the reports to authorities."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from pydantic import Field

from chalicelib.casework import in_danger, rules
from chalicelib.casework.in_danger import Board, InDanger, Step
from chalicelib.casework.waiting import LEADERS
from chalicelib.domain.complaint import decisions
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import stage_name
from chalicelib.web.console import due, names
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

safety = Console(__name__)
BOARD = "/console/safety"
LINES, PRINTED = 25, 100
"""Complaints of a page, and of a print."""
ACTS = (Action.CALL, Action.ASSESS_SAFETY, Action.TELL_AUTHORITY)
WHO = LEADERS.union(*(LIFECYCLE.who(action) for action in ACTS))
"""Whoever does something about it, and whoever leads."""


class BoardQuery(PageQuery):
    only: Step | None = Field(None, description="What the complaints wait for that are shown.")
    page: int | None = Field(None, ge=1, le=1_000)


class Row(NamedTuple):
    """A complaint of the board, the calls about it, and what its reader may do now."""

    it: InDanger
    stage: str
    calls: list[in_danger.Call]
    acts: list[Action]


@safety.operation("GET", BOARD, who=WHO, query=BoardQuery, answers={200: str})
def show_safety(call: Call, query: BoardQuery) -> Answer:
    """What is in danger, 25 a page, one round trip for each: first whom nobody has spoken to, then what is due soonest;
    how many wait for what."""
    board = in_danger.board(call.now)
    found = board.waiting_for(query.only)
    pages = max(1, -(-len(found) // LINES))
    shown = min(query.page or 1, pages)
    return _shown(call, board, found[LINES * (shown - 1) : LINES * shown], query, pages=pages, number=shown)


@safety.operation("GET", f"{BOARD}/print", who=WHO, query=BoardQuery, answers={200: str})
def print_safety(call: Call, query: BoardQuery) -> Answer:
    """The same as it is filed: all of them, a hundred at most, with what was found and what authorities were told."""
    board = in_danger.board(call.now)
    found = board.waiting_for(query.only)
    return _shown(call, board, found[:PRINTED], query, printed=True, left=len(found[PRINTED:]))


def _shown(call: Call, board: Board, shown: tuple[InDanger, ...], query: BoardQuery, **about: Any) -> Answer:
    say = speech(call)
    return page(
        call,
        "supervision/safety.html",
        say,
        rows=[_row(one, call, say) for one in shown],
        counts=[(step, len(board.waiting_for(step))) for step in in_danger.STEPS],
        whole=len(board.cases),
        more=board.more,
        only=query.only,
        now=call.now,
        brief=say.time if about.get("printed") else lambda moment: spoken.briefly(moment, say.locale, say.zone),
        left_of=lambda moment: say.tell(due.left(moment, call.now, say)),
        named=lambda field, value: names.named(field, str(value), say),
        clock_name=partial(names.clock_name, say=say),
        act_name=partial(names.act_name, say=say),
        **about,
    )


def _row(one: InDanger, call: Call, say: Speech) -> Row:
    complaint = one.complaint
    may = decisions.may(complaint, call.actor, call.now, rules.version(complaint.policy_version, call.now)).allowed
    return Row(
        one,
        stage_name(complaint.stage, complaint.outcome, say.locale, to_staff=True),
        in_danger.calls(one, call.actor, call.now),
        [action for action in ACTS if action in may],
    )


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """For whoever leads, whom nobody has called yet; for legal, which reports are due. Others have them as tasks."""
    if call.actor.roles & LEADERS and (number := in_danger.to_call(call.now)):
        yield say("safety.waits.to_call", number=number), f"{BOARD}?only=to_call"
    tells = LIFECYCLE.who(Action.TELL_AUTHORITY) - LIFECYCLE.who(Action.ASSESS_SAFETY)
    if call.actor.roles & tells and (number := in_danger.to_report(call.now)):
        yield say("safety.waits.to_report", number=number), f"{BOARD}?only=to_report"
