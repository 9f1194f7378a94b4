"""Amendments as the house handles them (7, 8.1): their row in the register, what people do about one, how it is read.

An announcement is one transaction: the record goes on, and the version stands in the list that every container reads.
So is a withdrawal. What comes into force does so by the list and the time alone; the record follows.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.adapters import amendments, policies, store, upkeep
from chalicelib.adapters.items import Item
from chalicelib.adapters.store import Case
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance import changes, clocks, decisions, evolution, guards
from chalicelib.domain.governance.amendment import LIFECYCLE, Action, Amendment, Stage
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict, NotAllowed, NotFound, Stale
from chalicelib.domain.ground.people import HOUSE, NOBODY, Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.vocabulary.terms import Locale

from . import documents, rules
from .act import Asked, act
from .commit import commit
from .once import ATTEMPTS, Done, Idempotency, replay
from .paging import listed_by, opened, page_of
from .records import Kind, Reaction, Telling, kind_of

GOES_ON = frozenset({Action.REPLAY, Action.SUBMIT, Action.APPROVE, Action.CONFIRM, Action.ANNOUNCE})
"""What is done with the content as it is, and so only while its base is the latest version."""


# ---- what people do --------------------------------------------------------------------------------------------------


def draft(
    handed_in: governance.Draft,
    actor: Actor,
    now: datetime,
    *,
    idempotency: Idempotency | None = None,
    locale: Locale = "zh-CN",
) -> Done[Amendment]:
    """Begins an amendment. `locale`: in which what a refusal has to say of the policy is said.

    Raises Forbidden, Invalid, StaleBase, IdempotencyMismatch, Conflict, Unavailable.
    """
    LIFECYCLE.step(None, Action.DRAFT, actor)
    policy = rules.in_force(now)
    for _ in range(ATTEMPTS):
        if idempotency and (done := replay(idempotency, now)):
            return done
        proposal = documents.proposal(handed_in, None, now, locale)
        entry = decisions.drafted(amendments.next_name(), proposal, actor, now)
        try:
            state: Amendment = commit(None, [entry], now, policy, idempotency=idempotency)
        except Stale:  # the key was used at the same moment
            continue
        return Done(state, NOBODY, [entry])
    raise Conflict("changed_by_others")


def do(
    name: str,
    handed_in: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None = None,
    idempotency: Idempotency | None = None,
    part: str | None = None,
    locale: Locale = "zh-CN",
) -> Done[Amendment]:
    """Whatever is handed in about one; `part`: the number of the opinion that is answered.

    Raises what `act` raises, StaleBase and StaleHash among it, and Unavailable where the list cannot be read.
    """

    if not governance.is_name(name):
        raise NotFound("amendment_unknown")

    def asking(case: Case[Amendment]) -> Asked:
        state, meant = case.state, handed_in.meant(case.state)
        guards.step(state, Action(meant.action), actor)
        match meant:
            case governance.Change():
                return Asked(documents.proposal(meant, state, now, locale))
            case governance.Announcing():
                return _announcing(state, meant, now, locale)
            case governance.Withdrawal() if state.number:
                return Asked(meant, writes=_withdrawing(state, now))
            case governance.Opinion() if actor.kind == "consumer":
                return Asked(meant, writes=amendments.said_of(actor.id, name))
        if meant.action in GOES_ON and getattr(meant, "approved", True):
            _require_latest(state, now, locale)
        return Asked(meant)

    return act(name, asking, actor, now, seen=seen, idempotency=idempotency, part=part)


def _require_latest(state: Amendment, now: datetime, locale: Locale) -> tuple[Announced, ...]:
    """The versions that are known. Raises StaleBase where another came between."""
    known = rules.announced_now(now, changes.KINDS[state.document])
    documents.require_latest(state.base, state.changes, known, state, locale)
    return known


def _announcing(state: Amendment, meant: governance.Announcing, now: datetime, locale: Locale) -> Asked:
    known = _require_latest(state, now, locale)
    made = documents.announcement(state, meant.effective_from, known, now, rules.in_force(now))
    writes = [policies.publication(made), *policies.holds(announced.latest(known))]
    return Asked(governance.Numbered(number=made.number, effective_from=made.effective_from), writes=writes)


def _withdrawing(state: Amendment, now: datetime) -> Sequence[Item]:
    """Raises NotAllowed where another version to come is of this one, which has to be withdrawn first."""
    guards.is_not_too_late(state, HOUSE, now)
    kind = changes.KINDS[state.document]
    known = rules.announced_now(now, kind)
    last = announced.latest(known)
    if state.number and last.number > state.number:
        raise NotAllowed("built_upon", guards.allowed(state), version=state.number, later=last.number)
    return [policies.withdrawal(kind, state.number or 0, now), policies.is_last(kind, announced.following(known))]


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(name: str, actor: Actor, now: datetime) -> Case[Amendment]:
    """An amendment to staff; to others from its announcement on. Raises NotFound, and Unauthenticated for a consumer
    whose link has been replaced or has ended."""
    found = store.load(name, Amendment) if governance.is_name(name) else None
    if found is None or (actor.kind != "staff" and found.state.announced_at is None):
        raise NotFound("amendment_unknown")
    if actor.kind == "consumer":
        kind_of(actor.id).shown(actor.id, actor, now)
    return found


def listed(stage: Stage | None, limit: int, cursor: str | None) -> tuple[list[Amendment], str | None]:
    """A page of them, or of those in a stage, the newest first. Raises Malformed."""
    return listed_by(f"amendments {stage or ''}", partial(amendments.listed, stage), Amendment, limit, cursor)


def documents_of(state: Amendment, now: datetime) -> documents.Pair:
    """The version that it is of, and what it makes of that. Raises Unavailable."""
    return documents.of(state, now)


class Said(NamedTuple):
    """An opinion with its words and those of its answer, None where they are erased, or there is none yet.

    `answered_by`: None too for whoever is not of staff.
    """

    held: governance.OpinionHeld
    text: str | None
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


MOST_OPINIONS_A_PAGE = 50


def said_by(complaint_id: str) -> Collection[str]:
    """The amendments of which the consumer of a complaint has said what they think; each is said once."""
    return amendments.said_by(complaint_id)


def opinions(name: str, actor: Actor, now: datetime, limit: int, cursor: str | None) -> tuple[list[Said], str | None]:
    """A page of what people have said of it, in the order in which they did; to others than staff, what they have said
    themselves. Raises what `shown` raises, and Malformed."""
    state, purpose, of_staff = shown(name, actor, now).state, f"opinions {name}", actor.kind == "staff"
    after, limit = int(opened(purpose, cursor, "0")), min(limit, MOST_OPINIONS_A_PAGE)
    left = [one for one in state.opinions[after:] if of_staff or one.by.is_same(actor)]
    page, following = page_of(left[: limit + 1], limit, purpose, lambda one: str(one.number))
    numbers = [seq for one in page for seq in (one.seq, one.answer_seq) if seq]
    found = store.entries(name, numbers)
    said = [_said(one, found) for one in page]
    return [one if of_staff else one._replace(answered_by=None) for one in said], following


def _said(held: governance.OpinionHeld, found: dict[int, Entry]) -> Said:
    answer = found.get(held.answer_seq) if held.answer_seq else None
    return Said(
        held,
        _text(found.get(held.seq)),
        _text(answer),
        answer.at if answer else None,
        answer.actor.id if answer else None,
    )


def _text(entry: Entry | None) -> str | None:
    if entry is None or entry.has_lost_words:
        return None
    return str(entry.said["text"])


def erase_opinion(name: str, complaint_id: str, now: datetime) -> None:
    """The words of what the consumer of a complaint said of an amendment, and of its answer; facts stay. Again: what is
    left of them. Raises Stale if somebody else was faster."""
    found = store.load(name, Amendment)
    if found is None:
        return
    state, consumer = found.state, people.consumer(complaint_id)
    own = [one for one in state.opinions if one.by.is_same(consumer)]
    for one in own:
        if entries := decisions.opinion_erased(state, one.number, now):
            state = commit(state, entries, now, rules.in_force(now))
        upkeep.erase_words_of(name, [seq for seq in (one.seq, one.answer_seq) if seq])


# ---- what follows ----------------------------------------------------------------------------------------------------


def follow_effect(entry: Entry, now: datetime) -> None:
    """What a version takes the place of is superseded in its record too."""
    if isinstance(entry.event, governance.AmendmentTookEffect):
        keep_up(entry.event.document, now, by=entry.event.number)


def keep_up(document: governance.Document, now: datetime, by: int | None = None) -> int:
    """Every amendment of a document whose version is in force, or no more, by time, and not yet by its record; how many
    records went on. Again: none. `by`: only those whose place that version takes."""
    known = rules.announced(now, changes.KINDS[document])
    stand = [(one.amendment, announced.standing(one, known, now)) for one in known if one.amendment]
    return sum(
        _keep_up(str(name), stands, now)
        for name, stands in stand
        if stands.begun and by in (None, stands.superseded_by)
    )


def keep_all_up(now: datetime) -> None:
    """The same of both documents, each morning: what a lost record of the stream has left behind."""
    for document in changes.KINDS:
        keep_up(document, now)


def _keep_up(name: str, stands: announced.Standing, now: datetime) -> bool:
    moved = False
    for _ in range(ATTEMPTS):
        found = store.load(name, Amendment)
        if found is None:
            return False
        policy = rules.in_force(now)
        entries = clocks.due_alarms(found.state, now, policy)
        if not entries and stands.superseded_by:
            entries = decisions.superseded(found.state, stands.superseded_by, now)
        if not entries:
            return moved
        try:
            commit(found.state, entries, now, policy)
            moved = True
        except Stale:
            continue
    return moved


# ---- its row ---------------------------------------------------------------------------------------------------------


def _telling() -> Telling:
    from .amendment_letters import TELLING

    return TELLING


def _reactions() -> tuple[Reaction, ...]:
    from .interpretations import tell_of_announcement
    from .replays import begin

    return (follow_effect, begin, tell_of_announcement)


KIND = Kind(
    state=Amendment,
    evolve=evolution.evolve,
    decide=decisions.decide,
    policy=lambda state, now: rules.in_force(now),
    due_alarms=clocks.due_alarms,
    next_alarm=clocks.next_alarm,
    head=amendments.head_of,
    tasks=amendments.tasks_of,
    shown=shown,
    telling=_telling,
    reactions=_reactions,
)
