"""Interpretations of the policy (7.1): what was asked of a clause, what was ruled, and whether it still holds."""

from collections.abc import Iterator
from typing import Any

from chalicelib.casework import interpretations as casework
from chalicelib.casework import rules
from chalicelib.domain.governance.interpretations import (
    CLAUSES,
    INTERPRETERS,
    Clause,
    InterpretationReview,
    Ruling,
    Standing,
    refused,
)
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.clauses import text
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

interpretations = Console(__name__)
LISTED = "/console/policy/interpretations"
ONE = LISTED + "/{interpretation}"
LINES = 25
STANDINGS: tuple[Standing, ...] = ("to_review", "holds", "ended")
GIVEN = Acts(LISTED, "interpretations", {"interpret": Ruling})
REVIEWED = Acts(ONE, "interpretation", {"review": InterpretationReview})


class InterpretationsQuery(ActsQuery):
    """Of which clause only, and those that stand so."""

    clause: Clause | None = None
    state: Standing | None = None
    cursor: str | None = None


@interpretations.operation("GET", LISTED, who=STAFF, query=InterpretationsQuery, answers={200: str})
def show_interpretations(call: Call, query: InterpretationsQuery) -> Answer:
    """The interpretations of the policy, the newest first: all, of a clause, or those to be looked at again."""
    return _show_all(call, query)


def _show_all(
    call: Call, asked: Any, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    found, cursor = casework.listed(asked.clause, asked.state, call.now, LINES, asked.cursor)
    may = [*GIVEN.bodies] if call.actor.roles & INTERPRETERS else []
    begins = {"interpret": {"clause": asked.clause}} if asked.clause else {}
    shown = acts.Page(may, begins=begins)
    return page(
        call,
        "policy/interpretations.html",
        say,
        status=status,
        panel=acts.panel(GIVEN, shown, call, asked, say, sent, refusal),
        found=found,
        cursor=cursor,
        asked=asked,
        clauses=_clauses(say),
        standings=STANDINGS,
    )


@interpretations.operation("GET", ONE, who=STAFF, query=ActsQuery, answers={200: str})
def show_interpretation_page(call: Call, query: ActsQuery) -> Answer:
    """An interpretation of the policy, the clause that it is of, and what became of it."""
    return _show_one(call, query)


def _show_one(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say = speech(call)
    kept = casework.shown(call.path["interpretation"], call.now)
    one = kept.one
    theirs = [*REVIEWED.bodies] if call.actor.roles & INTERPRETERS else []
    why_not = dict.fromkeys(theirs, against) if (against := refused(one)) else {}
    known = acts.Page([] if why_not else theirs, one.edition, why_not=why_not)
    panel = acts.panel(REVIEWED, known, call, asked, say, sent, refusal)
    if asked.done and asked.done in GIVEN.bodies:
        panel = panel._replace(done=GIVEN.word(say, asked.done, "done"))
    return page(
        call,
        "policy/interpretation.html",
        say,
        status=status,
        panel=panel,
        kept=kept,
        one=one,
        clause=dict(_clauses(say))[one.clause],
        says=_says(one.clause, call, say),
        latest=casework.latest(call.now),
    )


def _clauses(say: Speech) -> list[tuple[str, str]]:
    return [(one, say(f"values.clause.{one}")) for one in CLAUSES]


def _says(clause: str, call: Call, say: Speech) -> list[text.Sentence]:
    """What the clause says in the version in force."""
    tongue = Tongue(say.locale, rules.in_force(call.now))
    found = (one.clauses for one in text.chapters(tongue, call.now) if clause in one.clauses)
    return next(found, {}).get(clause, [])


# ---- what customer service does --------------------------------------------------------------------------------------


def _interpret(call: Call, action: str, body: Any, how: How) -> str:
    kept = casework.interpret(body, call.actor, call.now, how.idempotency)
    return f"{LISTED}/{kept.one.number}?done={action}#main"


def _review(call: Call, action: str, body: Any, how: How) -> None:
    casework.review(call.path["interpretation"], body, call.actor, call.now, how.idempotency, how.seen)


acts.declare(interpretations, GIVEN, INTERPRETERS, InterpretationsQuery, _show_all, _interpret)
acts.declare(interpretations, REVIEWED, INTERPRETERS, ActsQuery, _show_one, _review)


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """For customer service, how many are to be looked at again: of the newest, in one round trip."""
    if call.actor.roles & INTERPRETERS and (many := casework.count_to_review(call.now)):
        yield say("interpretations.waits", many=many), f"{LISTED}?state=to_review"
