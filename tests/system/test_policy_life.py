"""The policy on the running system (7, 8): amended, tried, returned, approved, announced, studied, in force at midnight
while complaints come in.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.policy import figures
from chalicelib.domain.policy.quiz import packaged_quiz
from chalicelib.domain.policy.rules import Rules
from infra.local.staff import STAFF

from .cast import Case, Cast, china, instant, on_stage

BEGINS = china(12, 2, 9)
"""A Wednesday; version 2 is in force since Tuesday."""
EFFECT = china(12, 11)
AMENDMENTS = "/v1/policy/amendments"
SHORT, SHORTER = {"clocks": {"received": {"hours": 22}}}, {"clocks": {"received": {"hours": 12}}}
LATE = "cs.chen"


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(BEGINS) as everybody:
        yield everybody


def does(cast: Cast, who: str, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    reply = cast.call("POST", path, cast.token(who), json=body)
    assert reply.status == status, reply
    cast.line.settle()
    return dict(reply.body)


def sees(cast: Cast, who: str, path: str) -> dict[str, Any]:
    reply = cast.call("GET", path, cast.token(who))
    assert reply.status == 200, reply
    return dict(reply.body)


def replayed(cast: Cast, amendment: str) -> dict[str, Any]:
    """The draft on the complaints of Wednesday."""
    does(cast, "legal.xu", f"{amendment}/replay", {"from": "2026-12-02", "to": "2026-12-02"}, 202)
    replay: dict[str, Any] = sees(cast, "legal.xu", amendment)["replay"]
    assert replay["state"] == "finished"
    return replay


def studies(cast: Cast, who: str, number: int) -> None:
    """Somebody opens every chapter, and answers rightly what they are asked."""
    study = f"/v1/policy/versions/{number}/study"
    for section in sees(cast, who, study)["sections"]:
        sees(cast, who, f"{study}/sections/{section['section']}")
    version = Rules.model_validate(sees(cast, who, f"/v1/policy/versions/{number}")["rules"])
    right = {one.id: figures.filled(one.right["zh-CN"], version, "zh-CN") for one in packaged_quiz()}
    answers = {
        asked["id"]: choice["id"]
        for asked in sees(cast, who, study)["questions"]
        for choice in asked["choices"]
        if choice["text"] == right[asked["id"]]
    }
    assert len(answers) == 8
    assert does(cast, who, study, {"answers": answers})["passed"]


def reminded(cast: Cast, who: str) -> list[str]:
    """What a member of staff was told of study that is still to be done."""
    mail = cast.system.outbox(f"{who}@staff.example")
    return [one["text"] for one in mail if "尚未学习" in one["subject"]]


def test_a_version_is_returned_passed_announced_studied_and_in_force_at_midnight(cast: Cast) -> None:
    filed = [cast.file() for _ in range(12)]
    cast.be(china(12, 3, 5))
    for case in filed:
        case.do("acknowledgement")

    cast.be(china(12, 3, 9))
    begun = {"summary": "缩短受理时限", "reasons": "去年消费者最常抱怨受理太慢。", "changes": SHORTER}
    drafted = does(cast, "legal.xu", AMENDMENTS, begun, 201)
    amendment = f"{AMENDMENTS}/{drafted['amendment_id']}"
    (change,) = drafted["diff"]
    assert (change["path"], change["before"], change["after"]) == ("clocks.received.hours", 24, 12)
    assert "customer_service" in drafted["concerned"]
    refused = does(cast, "legal.xu", f"{amendment}/submission", {}, 409)
    assert refused["reason"] == "replay_needed"
    assert replayed(cast, amendment)["sum"]["breaches_more"] == 12
    does(cast, "legal.xu", f"{amendment}/submission", {})
    does(cast, "management.zhou", f"{amendment}/approval", {"approved": False, "reasons": "客服夜间无人，做不到。"})

    does(cast, "legal.xu", f"{amendment}/changes", {"changes": SHORT})
    assert replayed(cast, amendment)["sum"]["breaches_more"] == 0
    submitted = does(cast, "legal.tan", f"{amendment}/submission", {})
    assert does(cast, "legal.xu", f"{amendment}/approval", {"approved": True}, 403)
    stale = does(cast, "management.zhou", f"{amendment}/approval", {"approved": True, "hash": drafted["hash"]}, 409)
    assert stale["code"] == "stale_hash"
    does(cast, "management.zhou", f"{amendment}/approval", {"approved": True, "hash": submitted["hash"]})
    early = does(cast, "cs.lead", f"{amendment}/announcement", {"effective_from": "2026-12-10T00:00:00+08:00"}, 422)
    assert [fault["field"] for fault in early["errors"]] == ["effective_from"]
    announced = does(cast, "cs.lead", f"{amendment}/announcement", {"effective_from": "2026-12-11T00:00:00+08:00"})
    assert announced["policy_version"] == {"number": 3, "effective_from": "2026-12-10T16:00:00Z"}

    to_everybody = [one for one in cast.system.outbox() if "policy_announced" in one["subject"]]
    assert len(to_everybody) == 7, "four departments, supervisors, management, audit"
    assert all("24" in one["text"] and "22" in one["text"] for one in to_everybody)
    for who in STAFF:
        if who != LATE:
            studies(cast, who, 3)
    people = sees(cast, "cs.lead", "/v1/policy/versions/3/study/roster?limit=100")["items"]
    assert [one["name"] for one in people if one["state"] != "studied"] == [LATE]

    opinion = does(cast, "storefront", f"{amendment}/opinions", {"text": "请提前更新商城的说明。"}, 201)
    does(cast, "legal.xu", f"{amendment}/opinions/{opinion['number']}/answer", {"text": "已安排。"})

    cast.be(china(12, 10, 23, 59))
    versions = filed_over_midnight(cast)
    assert set(versions.values()) == {2, 3}
    assert all((number == 3) == (instant(received) >= EFFECT) for (_, received), number in versions.items())
    assert filed[0].seen()["policy_version"] == 2
    assert sees(cast, "cs.lin", amendment)["stage"] == "in_force"
    assert sees(cast, "cs.lin", "/v1/policy")["number"] == 3
    too_late = does(cast, "legal.xu", f"{amendment}/withdrawal", {}, 409)
    assert too_late["code"] == "not_allowed"
    assert [who for who in STAFF if any("第3版" in one for one in reminded(cast, who))] == [LATE]


def filed_over_midnight(cast: Cast) -> dict[tuple[str, str], int]:
    """Complaints filed one after another while the clock is moved past midnight: when each came in, its version."""
    filed: list[Case] = [cast.file()]
    with ThreadPoolExecutor(1) as others:
        moved = others.submit(lambda: [cast.be(EFFECT + timedelta(seconds=after)) for after in (-1, 0, 1)])
        while not moved.done():
            filed.append(cast.file())
        moved.result()
    filed.append(cast.file())
    seen = [case.seen() for case in filed]
    return {(one["complaint_id"], one["received_at"]): one["policy_version"] for one in seen}
