"""What an amendment makes of the version that it is of, when it may come into force, and as what it is announced.

The list of versions is read at once for each of it: whoever writes by it writes on condition that it has not changed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.governance import changes, guards, notice, wording
from chalicelib.domain.governance.amendment import Amendment, Change, Changes, Document, Draft, Proposal
from chalicelib.domain.governance.changes import Difference
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed, StaleBase, StaleHash
from chalicelib.domain.ground.instants import utc
from chalicelib.domain.policy import announced, versions
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import INSTANT, Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.terms import Locale

from . import rules

STUDY = "study."
BESIDE: dict[Document, Document] = {"rules": "operating", "operating": "rules"}


class Pair(NamedTuple):
    """The version that an amendment is of, and what it makes of that."""

    before: Rules | Operating
    after: Rules | Operating


def of(state: Amendment, now: datetime) -> Pair:
    """Raises Unavailable where the version cannot be read."""
    numbered = rules.rules_numbered if state.document == "rules" else rules.operating_numbered
    before = numbered(state.base, now).document
    return Pair(before, whole(before, state.changes))


def proposal(said: Draft | Change, state: Amendment | None, now: datetime, locale: Locale) -> Proposal:
    """What is handed in, in full: what a change leaves out is as it was. What changes how staff study touches them,
    whatever was said of it.

    Raises Invalid for what makes no whole policy, changes nothing of it or says what was said already, StaleBase for
    another base than the latest.
    """
    told = {name: value for name, value in dict(said).items() if value is not None}
    kept = _said_before(state) if state else {}
    meant: dict[str, Any] = kept | told
    document = changes.document_of(meant["changes"])
    known = rules.announced_now(now, changes.KINDS[document])
    base = said.base or (state.base if state and state.document == document else announced.latest(known).number)
    before = require_latest(base, meant["changes"], known, state, locale).document
    after = whole(before, meant["changes"])
    different = _checked(before, after)
    beside = announced.in_force(rules.announced(now, changes.KINDS[BESIDE[document]]), now)
    made = changes.hash_of_both(after, beside.document)
    given: dict[str, Any] = {"document": document, "base": base, "beside": beside.number, "hash": made}
    if not meant.get("staff_impact") and any(one.path.startswith(STUDY) for one in different):
        given |= {"staff_impact": True, "staff_impact_by_house": True}
    made_of_all = Proposal.model_validate(meant | given)
    if state and all(getattr(made_of_all, name) == getattr(state, name) for name in Draft.model_fields):
        raise Invalid([FieldFault(changes.FIELD, "changes_nothing")])
    return made_of_all


def _said_before(state: Amendment) -> dict[str, Any]:
    """What its author has said, without its base; that it touches staff, only where they and not the house said so."""
    said = {name: getattr(state, name) for name in Draft.model_fields if name != "base"}
    return said | {"staff_impact": state.staff_impact and not state.staff_impact_by_house}


def require_latest(
    base: int, changed: Changes, known: Sequence[Announced], state: Amendment | None, locale: Locale
) -> Announced:
    """The version `base`, if it is the latest. Raises StaleBase, which says what the same changes make of the latest,
    as far as they make a whole policy of it."""
    last = announced.latest(known)
    if last.number == base:
        return last
    refusal = StaleBase("another_announced", guards.allowed(state) if state else [], base=base, latest=last.number)
    try:
        refusal.extra["diff"] = told(last.document, whole(last.document, changed), locale)
    except Invalid:
        refusal.extra["diff"] = []
    raise refusal


def told(before: Rules | Operating, after: Rules | Operating, locale: Locale) -> list[dict[str, Any]]:
    """What is different, in words, as answers show it; of a quiz no answer is right or wrong."""
    return [one._asdict() for one in wording.worded(before, after, locale)]


def whole(base: Rules | Operating, changed: Changes) -> Rules | Operating:
    """What the changes make of either document. Raises Invalid."""
    if isinstance(base, Rules):
        return changes.whole(base, changed)
    return changes.whole(base, changed)


def _checked(before: Rules | Operating, after: Rules | Operating) -> list[Difference]:
    """What is different. Raises Invalid."""
    different = changes.differences(before, after)
    if not different:
        raise Invalid([FieldFault(changes.FIELD, "changes_nothing")])
    return different


# ---- its announcement ------------------------------------------------------------------------------------------------


def announcement(
    state: Amendment, asked: datetime | None, known: Sequence[Announced], now: datetime, policy: Policy
) -> Announced:
    """The document as it is announced: under the next number, exactly as it was approved.

    Raises Invalid or NotAllowed for a moment at which it cannot come into force, StaleHash.
    """
    after = of(state, now).after
    beside = {"rules": rules.operating_numbered, "operating": rules.rules_numbered}[state.document](state.beside, now)
    if changes.hash_of_both(after, beside.document) != state.hash:
        raise StaleHash("hash_of_another", guards.allowed(state))
    moment = utc(asked) if asked else _usual(state, known, now, policy)
    notice.check(state, moment, now, policy)
    _require_free(state, moment, known, policy)
    given = {"version": announced.following(known), "effective_from": moment}
    return Announced(after.model_copy(update=given), now, state.amendment_id, state.beside, state.hash)


def _usual(state: Amendment, known: Sequence[Announced], now: datetime, policy: Policy) -> datetime:
    """As soon as it may; after the version that it is of, where that was announced and is still to come."""
    moment, last = notice.usual(state, now, policy), announced.latest(known)
    if last.announced_at is None or moment > last.effective_from:
        return moment
    ahead = timedelta(days=notice.days(state, policy)) or versions.AHEAD
    return notice.usual(state, last.effective_from + INSTANT - ahead, policy)


def _require_free(state: Amendment, moment: datetime, known: Sequence[Announced], policy: Policy) -> None:
    """No two for one moment, and none before an announced one that it is of: what that changes would come with it, with
    less notice than was given."""
    standing = [one for one in known if not one.withdrawn_at]
    if taken := next((one.number for one in standing if one.effective_from == moment), None):
        raise NotAllowed("moment_taken", guards.allowed(state), version=taken)
    last = announced.latest(standing)
    if last.announced_at and moment < last.effective_from:
        first = last.effective_from.astimezone(policy.zone)
        raise Invalid([FieldFault(notice.FIELD, "before_its_base", {"version": last.number, "first": first})])
