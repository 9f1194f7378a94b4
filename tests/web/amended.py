"""Amendments of the policy in each stage, made over HTTP as people make them; a replay is ended by hand."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.adapters import store
from chalicelib.casework import rules
from chalicelib.casework.commit import commit
from chalicelib.domain.governance import decisions
from chalicelib.domain.governance.amendment import Amendment, ReplaySum
from chalicelib.domain.ground.instants import written
from tests.examples import AMENDMENT, EXAMPLES, SHORTER
from tests.house import FRIDAY, Answer, House

LISTED = "/v1/policy/amendments"
CONSULTED = EXAMPLES["submit_amendment"].body
LEGAL, BOSS = "legal.xu", "management.zhou"
SUM = ReplaySum(complaints=40, due_dates_moved=31, breaches_more=12, breaches_fewer=0)
_numbers = count(1)
_moments = [FRIDAY]


def act(house: House, name: str, resource: str, body: Any, who: str = LEGAL, **rest: Any) -> Answer:
    return house.post(f"{LISTED}/{name}/{resource}", body, who, **rest)


def draft(house: House, body: Any = SHORTER, who: str = LEGAL) -> dict[str, Any]:
    """The view of a new amendment."""
    answer = house.post(LISTED, body, who)
    assert answer.status == 201, answer.text
    return dict(answer.json)


def done(house: House, name: str, resource: str, body: Any, who: str = LEGAL) -> dict[str, Any]:
    """The view after something that is not refused."""
    answer = act(house, name, resource, body, who)
    assert answer.status in (200, 201, 202), answer.text
    return dict(answer.json)


def try_out(house: House, name: str) -> None:
    """It is replayed over September, which is over at once."""
    done(house, name, "replay", {"from": "2026-09-01", "to": "2026-09-30"})
    found = store.load(name, Amendment)
    assert found is not None
    state = found.state
    assert state.replay is not None
    span = state.replay.first, state.replay.last
    commit(
        state, decisions.replay_finished(state, *span, state.hash, SUM, house.now), house.now, rules.in_force(house.now)
    )


def data_in(house: House, stage: str) -> str:
    """The name of a new amendment of the operating data, each of which changes something else, in a stage."""
    number = next(_numbers)
    name = str(
        draft(house, AMENDMENT | {"changes": {"product_danger": {"within_days": 31 + number % 300}}})["amendment_id"]
    )
    moment = {"effective_from": a_moment(house.now)}
    steps = {
        "submitted": ("submission", CONSULTED, LEGAL),
        "approved": ("approval", EXAMPLES["approve_amendment"].body, BOSS),
        "announced": ("announcement", moment, LEGAL),
        "opinion": ("opinions", EXAMPLES["give_opinion"].body, "quality.he"),
    }
    for at, (resource, body, who) in steps.items() if stage != "draft" else ():
        done(house, name, resource, body, who)
        if at == stage:
            break
    return name


def rules_in(house: House, stage: str) -> str:
    """The same of the rules."""
    name = str(draft(house)["amendment_id"])
    if stage == "draft":
        return name
    if stage == "replaying":
        done(house, name, "replay", {"from": "2026-09-01", "to": "2026-09-30"})
        return name
    try_out(house, name)
    for at, resource, body, who in (
        ("submitted", "submission", CONSULTED, LEGAL),
        ("approved", "approval", {"approved": True}, BOSS),
        ("announced", "announcement", {}, LEGAL),
    ):
        if stage != "tried":
            done(house, name, resource, body, who)
        if at == stage:
            break
    return name


def amendment_for(house: House, stage: str) -> str:
    """The name of a new amendment as the example of an operation needs it."""
    if stage in ("rules", "replaying"):
        return rules_in(house, "draft" if stage == "rules" else stage)
    return data_in(house, stage)


def a_moment(now: datetime) -> str:
    """Later than all before: no version takes effect before the one that it is of."""
    _moments.append(max(now + timedelta(days=1), _moments[-1] + timedelta(seconds=1)))
    return written(_moments[-1])
