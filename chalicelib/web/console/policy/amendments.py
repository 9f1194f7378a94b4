"""Amendments of the policy (7, 8.1): their list, and each from its draft to its end, with what is thought of it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from pydantic import Field

from chalicelib.casework import amendments as casework
from chalicelib.casework import documents, rules
from chalicelib.domain.governance import amendment, changes, decisions, guards, notice, wording
from chalicelib.domain.governance.amendment import DRAFTERS, LIFECYCLE, Action, Amendment, Stage
from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, Refusal
from chalicelib.domain.ground.instants import utc
from chalicelib.domain.ground.model import Body
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.policy import announced
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.domain.vocabulary.spoken import AMENDMENT_STAGES
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import whole
from .whole import Told

amendments = Console(__name__)
LISTED = "/console/policy/amendments"
ONE = LISTED + "/{amendment_id}"
LINES = 25
MONTHS = 3
"""Of which a replay is offered."""
FIRST_WORDS = 40


class MovingOn(Body):
    """An amendment goes on with the same changes, of the newest version. `base`: that of which its reader saw what they
    make; of another that was announced since, they see it first."""

    base: amendment.VersionNumber


class AnnouncingFrom(Body):
    """From the beginning of which day in China on it is in force; by default as soon as it may be."""

    effective_from: Day | None = None


MOVE_ON = "rebase_amendment"
KIND = Acts(
    ONE,
    "amendments",
    {
        Action.CHANGE: amendment.Change,
        MOVE_ON: MovingOn,
        Action.REPLAY: amendment.Replaying,
        Action.SUBMIT: amendment.Submitting,
        Action.APPROVE: amendment.Approval,
        Action.CONFIRM: amendment.Confirmation,
        Action.ANNOUNCE: AnnouncingFrom,
        Action.GIVE_OPINION: amendment.Opinion,
        Action.ANSWER_OPINION: amendment.OpinionAnswer,
        Action.WITHDRAW: amendment.Withdrawal,
    },
    settled={Action.CHANGE: {"changes": None, "base": None}},
)

ONLY_OF_RULES = ("impact", "staff_impact")
"""What a draft of operating data is not asked for: there it is as the model has it by itself."""
FOR_RULES: Mapping[str, Collection[str]] = {Action.CHANGE: ONLY_OF_RULES, Action.SUBMIT: ("consultation",)}


class AmendmentsQuery(PageQuery):
    stage: Stage | None = Field(None, description="Only those in this stage.")
    cursor: str | None = None


@amendments.operation("GET", LISTED, who=STAFF, query=AmendmentsQuery, answers={200: str})
def show_amendments(call: Call, query: AmendmentsQuery) -> Answer:
    """The amendments there are, or those of a stage, the newest first."""
    found, cursor = casework.listed(query.stage, LINES, query.cursor)
    may_draft = bool(call.actor.roles & DRAFTERS)
    about: dict[str, Any] = {"stage": query.stage, "stages": [*Stage], "cursor": cursor, "may_draft": may_draft}
    say = speech(call)
    return page(call, "policy/amendments.html", say, amendments=found, **about, **_said_in(say))


@amendments.operation("GET", ONE, who=STAFF, query=ActsQuery, answers={200: str})
def show_amendment_page(call: Call, query: ActsQuery) -> Answer:
    """An amendment: what it changes, in words, whom that concerns, what became of it, and what may be done now."""
    return show(call, query)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say, name = speech(call), call.path["amendment_id"]
    state = casework.shown(name, call.actor, call.now).state
    said, cursor = casework.opinions(name, call.actor, call.now, LINES, None)
    newest = newest_of(state, call.now, say)
    may = may_do(state, call.actor, call.now)
    open_acts = [str(one) for one in may] + ([MOVE_ON] if newest and Action.CHANGE in may else [])
    now_page = acts.Page(
        open_acts,
        state.version,
        begins=_begins(state, call.now),
        parts={Action.ANSWER_OPINION: _waiting(state, said)},
        why_not=_why_not(state, call.actor, call.now),
        fixed=FOR_RULES if state.document == "operating" else {},
        bound={one: {"hash": state.hash} for one in (Action.APPROVE, Action.CONFIRM)}
        | ({MOVE_ON: {"base": str(newest.number)}} if newest else {}),
    )
    panel = acts.panel(KIND, now_page, call, asked, say, sent, refusal)
    about: dict[str, Any] = {
        "panel": panel,
        "newest": newest,
        "opinions": said,
        "cursor": cursor,
        "may_edit": Action.CHANGE in may,
        "more_style": style_of("policy/whole"),
    }
    return page(call, "policy/amendment.html", say, status=status, **about, **_about(state, call.now, say))


class OpinionsQuery(PageQuery):
    cursor: str | None = None


@amendments.operation("GET", ONE + "/opinions", who=STAFF, query=OpinionsQuery, answers={200: str})
def show_opinions(call: Call, query: OpinionsQuery) -> Answer:
    """What people think of an announced amendment, and what they were answered; the first first."""
    name = call.path["amendment_id"]
    state = casework.shown(name, call.actor, call.now).state
    said, cursor = casework.opinions(name, call.actor, call.now, LINES, query.cursor)
    may_answer = Action.ANSWER_OPINION in may_do(state, call.actor, call.now)
    return page(call, "policy/opinions.html", amendment=state, opinions=said, cursor=cursor, may_answer=may_answer)


def may_do(state: Amendment, actor: Actor, now: datetime) -> list[Action]:
    return decisions.may(state, actor, now, rules.in_force(now))


class Newest(NamedTuple):
    """Another version came between. `diff`: what the same changes make of that, in words; None where they make no whole
    policy of it."""

    number: int
    diff: list[Told] | None


def newest_of(state: Amendment, now: datetime, say: Speech) -> Newest | None:
    """What an amendment that is not announced yet would be of by now, if that is no more its base."""
    if Action.CHANGE not in guards.allowed(state):
        return None
    last = announced.latest(rules.announced_now(now, changes.KINDS[state.document]))
    if last.number == state.base:
        return None
    try:
        after = documents.whole(last.document, state.changes)
    except Invalid:
        return Newest(last.number, None)
    return Newest(last.number, whole.told(last.document, after, say))


# ---- what the page says ----------------------------------------------------------------------------------------------


def _about(state: Amendment, now: datetime, say: Speech) -> dict[str, Any]:
    before, after = casework.documents_of(state, now)
    different = changes.differences(before, after)
    policy = rules.in_force(now)
    return {
        "amendment": state,
        "diff": whole.told(before, after, say),
        "concerned": [PARTIES[role][say.locale] for role in wording.concerned(different) if role in PARTIES],
        "touches_staff": wording.touches_staff(different),
        "earliest": notice.usual(state, now, policy) if state.stage == Stage.APPROVED else None,
        "days": notice.days(state, policy),
        **_said_in(say),
    }


def _said_in(say: Speech) -> dict[str, Any]:
    """How a template calls a stage, and the moment from which on something holds."""
    return {
        "stage_of": lambda stage: AMENDMENT_STAGES[stage][say.locale],
        "begins": lambda moment: spoken.beginning(moment, say.locale, say.zone),
    }


def _begins(state: Amendment, now: datetime) -> dict[str, dict[str, Any]]:
    today = now.astimezone(rules.in_force(now).zone).date()
    year, month = divmod(today.year * 12 + today.month - 1 - MONTHS, 12)
    replay = state.replay
    first, last = (replay.first, replay.last) if replay else (today.replace(year=year, month=month + 1, day=1), today)
    own = {name: getattr(state, name) for name in ("summary", "reasons", "impact", "staff_impact")}
    return {Action.CHANGE: own, Action.REPLAY: {"from": str(first), "to": str(last)}}


def _waiting(state: Amendment, said: list[casework.Said]) -> Options:
    """The opinions that want an answer, by their numbers, and those on the page by their first words too."""
    words = {one.held.number: f" · {(one.text or '')[:FIRST_WORDS]}" for one in said}
    return [(str(one.number), f"{one.number}{words.get(one.number, '')}") for one in state.opinions if one.waits]


def _why_not(state: Amendment, actor: Actor, now: datetime) -> dict[str, Refusal]:
    """What its stage and their roles would allow, and something else stands against."""
    found: dict[str, Refusal] = {}
    for action in guards.allowed(state):
        if not LIFECYCLE.who(action) & actor.roles:
            continue
        for guard in guards.GUARDS.get(action, ()):
            try:
                guard(state, actor, now)
            except (Forbidden, NotAllowed) as refusal:
                found.setdefault(action, refusal)
    return found


# ---- what is done ----------------------------------------------------------------------------------------------------


def _do(call: Call, action: str, body: Any, how: How) -> None:
    locale, name = speech(call).locale, call.path["amendment_id"]
    casework.do(name, _meant(body, call.now), call.actor, call.now, **how._asdict(), locale=locale)


def _meant(body: Any, now: datetime) -> Submission:
    if isinstance(body, MovingOn):
        return amendment.Change(base=body.base)
    if isinstance(body, AnnouncingFrom):
        day, zone = body.effective_from, rules.in_force(now).zone
        moment = utc(datetime.combine(day, time.min, zone)) if day else None
        return amendment.Announcing(effective_from=moment)
    assert isinstance(body, Submission)  # noqa: S101 — so are all others
    return body


acts.declare(amendments, KIND, STAFF, ActsQuery, show, _do)


# ---- what waits ------------------------------------------------------------------------------------------------------

LATEST = 25
"""Of the latest so many are looked at for what waits."""
WAITING = frozenset({Stage.SUBMITTED, Stage.RETURNED, Stage.APPROVED, Stage.ANNOUNCED})


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """What waits for whoever has signed in, of the latest: to decide, returned to them, to answer, to speak of. Two
    round trips."""
    for one in casework.listed(None, LATEST, None)[0]:
        if one.stage in WAITING and (key := _waits(one, call.actor, call.now)):
            number = one.amendment_id.rpartition("_")[2]
            said = say(
                f"amendments.waits.{key}", id=say("amendments.called", number=number), summary=say.apart(one.summary)
            )
            yield said, f"{LISTED}/{one.amendment_id}"


def _waits(state: Amendment, actor: Actor, now: datetime) -> str:
    may = may_do(state, actor, now)
    if {Action.APPROVE, Action.CONFIRM} & {*may}:
        return "decide"
    if state.stage == Stage.RETURNED:
        return "returned" if actor.id in state.hands else ""
    if state.stage == Stage.APPROVED:
        return "announce" if actor.id in state.hands else ""
    if Action.ANSWER_OPINION in may and actor.id in state.hands:
        return "answer"
    own = any(one.by.is_same(actor) for one in state.opinions)
    return "opinion" if Action.GIVE_OPINION in may and state.document == "rules" and not own else ""
