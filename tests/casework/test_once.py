"""Reopening, drafting a plan and recording a call: twice, at once by two, and cut short wherever that can be.

What a key makes one request is done and told once. Without a key a second one is a second one: what was reopened cannot
be reopened, of two drafts the newer counts, and two calls were made.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.house import FRIDAY, PLAN, Answer, House, refused

from .mailroom import Mailroom, notices

Receipt = dict[str, Any]
CALLED = {"about": "notice", "reached": True, "note": "已说明处理方案。"}
AGAIN = {"reason": "换来的也是裂的。"}


class Act(NamedTuple):
    """What is done, in which stage; the event that it leads to, and what is told of it, to whom."""

    resource: str
    body: dict[str, Any]
    stage: str
    event: str
    told: tuple[tuple[str, str], ...]
    status: int = 200


ACTS = {
    "reopening": Act(
        *("reopening", AGAIN, "closed", "ComplaintReopened"),
        (("consumer", "reopening"), ("customer_service", "reopened"), ("assignee", "reopened")),
    ),
    "plan-draft": Act("plan-draft", PLAN, "planning", "PlanDrafted", (("legal", "plan_drafted"),)),
    "calls": Act("calls", CALLED, "received", "ConsumerCalled", (), 201),
}
each_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture(scope="module")
def room(house: House) -> Mailroom:
    return Mailroom(house)


def try_it(house: House, act: Act, receipt: Receipt, who: str = "cs.lin", key: str | None = None) -> Answer:
    named = {"Idempotency_Key": f"{key} {receipt['complaint_id']}"} if key else {}
    return house.do(receipt["complaint_id"], act.resource, act.body, who, **named)


def done(house: House, act: Act, receipt: Receipt) -> list[dict[str, Any]]:
    """The entries of the timeline that the act led to."""
    entries = house.get(f"/v1/complaints/{receipt['complaint_id']}/timeline?limit=100", "audit.qin").json["items"]
    return [one for one in entries if one["type"] == act.event]


def told_of(room: Mailroom, act: Act, receipt: Receipt) -> list[tuple[str, str]]:
    """Who is to be told of such an act by what, as often as they are; that each is told once is shown elsewhere."""
    room.react()
    kinds = {kind for _, kind in act.told}
    found = notices(room.house, receipt["complaint_id"])
    return sorted((audience, kind) for audience, kind, _ in found if kind in kinds)


def is_told_again(first: Answer, again: Answer) -> bool:
    return (again.status, again.json, again.headers.get("idempotency-replayed")) == (first.status, first.json, "true")


@each_act
def test_twice_with_the_same_key_it_is_done_and_told_once(house: House, room: Mailroom, act: Act):
    receipt = house.bring_to(act.stage)
    first, again = (try_it(house, act, receipt, key="twice") for _ in range(2))
    assert first.status == act.status
    assert is_told_again(first, again)
    assert len(done(house, act, receipt)) == 1
    assert told_of(room, act, receipt) == sorted(act.told)


@each_act
def test_at_once_with_the_same_key_the_second_is_told_what_the_first_did(house: House, room: Mailroom, act: Act):
    receipt, answers = house.bring_to(act.stage), []
    with house.meanwhile(lambda: answers.append(try_it(house, act, receipt, key="at once"))):
        second = try_it(house, act, receipt, key="at once")
    assert answers[0].status == act.status
    assert is_told_again(answers[0], second)
    assert len(done(house, act, receipt)) == 1
    assert told_of(room, act, receipt) == sorted(act.told)


@each_act
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_call_it_is_done_and_told_once_by_the_next_try(
    house: House, room: Mailroom, act: Act, moment: str
):
    receipt = house.bring_to(act.stage)
    assert len(list(house.deaths(lambda: try_it(house, act, receipt, key="cut short"), moment))) >= 2
    assert try_it(house, act, receipt, key="cut short").status == act.status
    assert len(done(house, act, receipt)) == 1
    assert told_of(room, act, receipt) == sorted(act.told)


# ---- without a key, and by two ---------------------------------------------------------------------------------------

Two = Callable[[House, Act, Receipt], Answer]


def one_after_the_other(house: House, act: Act, receipt: Receipt) -> Answer:
    assert try_it(house, act, receipt, "cs.chen").status == act.status
    return try_it(house, act, receipt)


def at_once(house: House, act: Act, receipt: Receipt) -> Answer:
    with house.meanwhile(lambda: try_it(house, act, receipt, "cs.chen")):
        return try_it(house, act, receipt)


by_two = pytest.mark.parametrize("two", [one_after_the_other, at_once])


@by_two
def test_of_two_who_reopen_it_one_has_and_the_other_is_told_what_can_be_done_now(
    house: House, room: Mailroom, two: Two
):
    act, receipt = ACTS["reopening"], house.bring_to("closed")
    problem = refused(two(house, act, receipt), 409, "not_allowed")
    assert "propose_plan" in problem["allowed"]
    assert [one["actor"]["id"] for one in done(house, act, receipt)] == ["cs.chen"]
    assert house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["round"] == 2
    assert told_of(room, act, receipt) == sorted(act.told)


def test_the_consumer_and_customer_service_who_reopen_it_at_once_have_reopened_it_once(house: House):
    act, receipt = ACTS["reopening"], house.bring_to("closed")
    path = f"/v1/complaints/{receipt['complaint_id']}/reopening"
    with house.meanwhile(lambda: try_it(house, act, receipt)):
        refused(house.post(path, AGAIN, token=receipt["consumer_token"]), 409, "not_allowed")
    assert [one["actor"]["kind"] for one in done(house, act, receipt)] == ["staff"]


@by_two
def test_of_two_drafts_the_newer_counts(house: House, two: Two):
    act, receipt = ACTS["plan-draft"], house.bring_to("planning")
    answer = two(house, act, receipt)
    older, newer = done(house, act, receipt)
    assert (answer.status, answer.json["plan_draft"]["number"]) == (200, newer["seq"])
    assert [one["actor"]["id"] for one in (older, newer)] == ["cs.chen", "cs.lin"]
    review = {"approved": True, "advice": "可以。", "draft": older["seq"]}
    problem = refused(house.do(receipt["complaint_id"], "legal-review", review, "legal.xu"), 409, "not_allowed")
    assert problem["values"]["draft"] == newer["seq"]


@by_two
def test_two_calls_are_two_calls_each_by_whom_it_was_made(house: House, two: Two):
    act, receipt = ACTS["calls"], house.bring_to("received")
    answer = two(house, act, receipt)
    first, second = done(house, act, receipt)
    assert (answer.status, answer.json["caller"], answer.json["seq"]) == (201, "cs.lin", second["seq"])
    assert [one["actor"]["id"] for one in (first, second)] == ["cs.chen", "cs.lin"]
