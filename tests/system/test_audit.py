"""The audit of a quarter on the running system (6.3): sixty complaints, faults of each kind planted among them, found
by the rules and by the sample; findings corrected, verified, published, closed, and nobody named in what
everybody reads.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.ground.instants import written
from infra.local.staff import STAFF
from tests.house import KETTLE, PLAN, REPORT
from tests.local.test_desk import aws

from .cast import CONSUMER, Case, Cast, china, instant, on_stage
from .test_policy_life import sees, studies

BEGINS = china(9, 23, 9)
"""A Wednesday, a week before the quarter ends."""
MANY = 60
FOUND = REPORT | {"without_inquiries": "照片已足以判断。"}
FAULTS = {
    "acknowledged late": "4.1c-in_time",
    "reported late": "4.2c-in_time",
    "answered late": "4.2b-in_time",
    "accepted without a call": "4.4a-call",
    "never followed": "4.3a-followed",
    "not called": "3.3-called",
    "changed afterwards": "4.5b-chain",
}
"""What is planted, twice each, and the rule that finds it."""
CERTAIN = ("accepted without a call", "not called", "changed afterwards")
"""What is looked at in any case."""


@pytest.fixture(scope="module")
def cast() -> Iterator[Cast]:
    with on_stage(BEGINS) as everybody:
        yield everybody


# ---- the quarter -----------------------------------------------------------------------------------------------------


class Quarter:
    """Sixty complaints, two of each fault; `clean` are the others, of which every second is taken back."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self._numbers = cast, count(1)
        self.of = {fault: [self._file(fault), self._file(fault)] for fault in FAULTS}
        known = sum(map(len, self.of.values()))
        self.clean = [self._file("") for _ in range(MANY - known)]
        cast.line.settle()

    @property
    def all(self) -> list[Case]:
        return [*(case for cases in self.of.values() for case in cases), *self.clean]

    def ids(self, fault: str) -> set[str]:
        return {case.complaint_id for case in self.of[fault]}

    def _file(self, fault: str) -> Case:
        number = next(self._numbers)
        filing = KETTLE | {
            "order_number": f"E20260923-{number:04}",
            "contact": {"name": "王芳", "email": f"wang-{number}@example.cn"},
            "category": "product_quality" if fault == "answered late" else KETTLE["category"],
        }
        reply = self.cast.call("POST", "/v1/complaints", self.cast.token("storefront"), json=filing)
        assert reply.status == 201, reply
        return Case(self.cast, reply.body["complaint_id"], reply.body["consumer_token"], filing)

    def lived(self) -> None:
        """What becomes of them, until the last day of the quarter."""
        late = [*self.of["reported late"], *self.of["answered late"]]
        acknowledged_late = self.of["acknowledged late"]
        self.cast.be(china(9, 23, 11))
        for case in self.of["not called"]:
            post(case, "triage", {"tier": "act", "reason": "裂口割伤了手。"})
        for case in self.all:
            if case not in acknowledged_late:
                post(case, "acknowledgement")
        self.cast.line.settle()
        for case in self.of["changed afterwards"]:
            change(self.cast, case)

        self.cast.be(china(9, 24, 14))
        for case in acknowledged_late:
            post(case, "acknowledgement")
        for case in self.clean[::2]:
            post(case, "withdrawal", by=CONSUMER)
        for case in self.all:
            if case not in late and case not in self.clean[::2]:
                self._close(case)
        self.cast.line.settle()

        self.cast.be(china(9, 30, 10))
        for case in self.of["answered late"]:
            post(case, "inquiries/1/answer", {"assessment": "玻璃厚度不足。"}, "quality.he")
        for case in late:
            self._close(case)
        self.cast.line.settle()

    def _close(self, case: Case) -> None:
        if case in self.of["not called"]:
            post(case, "safety-assessment", ASSESSED, "quality.he")
        post(case, "investigation-report", FOUND)
        post(case, "resolution-plan", PLAN)
        by_staff = case in self.of["accepted without a call"]
        post(case, "feedback", {"satisfied": True}, "cs.lin" if by_staff else CONSUMER)
        if case not in self.of["never followed"]:
            post(case, "follow-ups/1/completion", {"note": "已回访。"})


ASSESSED = {"harmed": "none", "stop_selling": False, "report_to": [], "note": "已请消费者停用。"}


def post(case: Case, resource: str, body: Any = None, by: str = "cs.lin") -> None:
    """Somebody does something; what follows from it is not waited for."""
    token = case.token if by == CONSUMER else case.cast.token(by)
    reply = case.cast.call("POST", f"/v1/complaints/{case.complaint_id}/{resource}", token, json=body or {})
    assert reply.status in (200, 201), reply


def change(cast: Cast, case: Case) -> None:
    """Somebody with the keys of the table makes an entry say something else."""
    table = aws(cast.system, "dynamodb")
    (name,) = table.list_tables()["TableNames"]
    key = {"pk": {"S": f"RECORD#{case.complaint_id}"}, "sk": {"S": "ENTRY#00000002"}}
    item = table.get_item(TableName=name, Key=key)["Item"]
    entry = json.loads(item["entry"]["S"])
    entry["at"] = written(instant(entry["at"]) - timedelta(hours=1))
    item["entry"]["S"] = json.dumps(entry, ensure_ascii=False)
    table.put_item(TableName=name, Item=item)


# ---- the audit -------------------------------------------------------------------------------------------------------

AUDITS = "/v1/audits"
SCOPE = {"departments": ["customer_service"]}
YES = {"judgement": "yes"}
QUESTIONS = ("findings_follow", "remedy_lawful", "tone", "classification")
ROUGH = {"judgement": "no", "note": "没有一句道歉。"}


class Auditing:
    """One audit, as those who take part see it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.path = cast, AUDITS
        drafted = self.does("audit.qin", "", {"period": "2026Q3", "scope": SCOPE}, 201)
        self.name, self.nonce_hash = str(drafted["audit_id"]), drafted["nonce_hash"]
        self.path = f"{AUDITS}/{self.name}"

    def does(self, who: str, resource: str, body: Any, status: int = 200) -> dict[str, Any]:
        reply = self.cast.call("POST", f"{self.path}/{resource}".rstrip("/"), self.cast.token(who), json=body)
        assert reply.status == status, reply
        return dict(reply.body)

    def sees(self, who: str, resource: str = "") -> dict[str, Any]:
        return sees(self.cast, who, f"{self.path}/{resource}".rstrip("/"))

    def told(self, kind: str) -> int:
        """How many messages of a kind went out about it."""
        self.cast.line.settle()
        return sum(kind in one["subject"] and one["complaint_id"] == self.name for one in self.cast.system.outbox())

    def finding(self, number: int, who: str, resource: str, body: Any, status: int = 200) -> dict[str, Any]:
        return self.does(who, f"findings/{number}/{resource}", body, status)


def test_a_quarter_is_audited_from_the_draw_to_the_last_finding(cast: Cast) -> None:
    studies(cast, "cs.lin", 1)
    quarter = Quarter(cast)
    quarter.lived()

    cast.be(china(9, 30, 15))
    one = Auditing(cast)
    one.does("management.zhou", "approval", {"approved": True})
    assert one.does("audit.qin", "sample", {}, 409)["reason"] == "period_not_over"

    cast.be(china(10, 9, 10))
    sample = one.does("audit.qin", "sample", {})
    drawn_as_anybody_can_compute(one, sample, quarter)
    broken, judged = examined(one, sample, quarter)
    for fault, rule in FAULTS.items():
        assert {number for number, rules in broken.items() if rule in rules} >= quarter.ids(fault), rule
    clean = {case.complaint_id for case in quarter.clean}
    assert {number: rules for number, rules in broken.items() if number in clean and rules} == {}

    raised(one, quarter, judged)
    one.does("audit.qin", "report", {"conclusion": "多数投诉办理及时，受理、回访与安全电话有缺漏。"})
    one.does("cs.lead", "comments", {"text": "九月客服缺员两人。"})
    corrected(one)

    cast.be(china(10, 16, 10))
    assert one.sees("audit.qin")["stage"] == "commented"
    assert cast.call("GET", one.path, cast.token("quality.xie")).status == 404
    one.does("audit.qin", "publication", {})
    assert one.told("audit_published") == 7
    read_by_everybody_without_names(one)
    one.does("audit.qin", "correction", {"reason": "件数有误。", "conclusion": "受理、回访与安全电话有缺漏。"})
    assert one.sees("quality.xie")["edition"] == 2
    early = one.finding(1, "audit.lu", "verification", {"effective": True, "evidence": "抽查十件。"}, 409)
    assert early["reason"] == "too_early_to_verify"
    assert one.does("audit.qin", "closure", {}, 409)["reason"] == "findings_open"

    cast.be(china(11, 12, 10))
    verified(one)
    closed = one.does("audit.qin", "closure", {})
    assert (closed["stage"], closed["findings_open"]) == ("closed", 0)


def drawn_as_anybody_can_compute(one: Auditing, sample: dict[str, Any], quarter: Quarter) -> None:
    ids = sorted(case.complaint_id for case in quarter.all)
    hashed = hashlib.sha256("".join(f"{number}\n" for number in ids).encode()).hexdigest()
    assert (sample["population"], sample["population_hash"]) == (MANY, hashed)
    assert hashlib.sha256(sample["nonce"].encode()).hexdigest() == one.nonce_hash
    assert sample["seed"] == hashlib.sha256(f"{hashed}{one.name}{sample['nonce']}".encode()).hexdigest()
    strata = {item["complaint_id"]: item["stratum"] for item in sample["drawn"]}
    assert set(strata) <= set(ids)
    certain = {number for number, stratum in strata.items() if stratum.startswith("certainty")}
    assert certain == set().union(*(quarter.ids(fault) for fault in CERTAIN))
    assert one.sees("management.wu", "sample")["changed"] == {"added": 0, "gone": 0}


def examined(one: Auditing, sample: dict[str, Any], quarter: Quarter) -> tuple[dict[str, set[str]], set[str]]:
    """What the rules found of each item, those of planted faults that were not drawn picked besides; and those whose
    tone was found wanting."""
    planted = set().union(*map(quarter.ids, FAULTS))
    for number in sorted(planted - set(sample["items"])):
        one.does("audit.qin", "items", {"complaint_id": number, "reason": "已知有问题。"}, 201)
    items = one.sees("audit.qin", "items?limit=100")["items"]
    assert {item["auditor"] for item in items} == {"audit.qin", "audit.lu"}
    clean = [item["complaint_id"] for item in items if item["complaint_id"] not in planted]
    rough, broken = set(clean[-2:]), {}
    for item in items:
        number = item["complaint_id"]
        answers = dict.fromkeys(QUESTIONS, YES) | ({"tone": ROUGH} if number in rough else {})
        found = one.does(item["auditor"], f"items/{number}", {"answers": answers})
        broken[number] = set(found["broken"])
    return broken, rough


def raised(one: Auditing, quarter: Quarter, judged: Iterable[str]) -> None:
    """Three findings, of which one turns out to be none; their owners are told."""

    def finding(severity: str, clause: str, what: str, items: Iterable[str], **known: Any) -> dict[str, Any]:
        said = {"severity": severity, "clause": clause, "what": what, "items": sorted(items)}
        return one.does(
            "audit.qin", "findings", said | {"department": "customer_service", "owner": "cs.lead"} | known, 201
        )

    late = quarter.ids("acknowledged late")
    first = finding("major", "4.1c", "两件投诉未在24小时内受理。", late, answers_for="cs.lin")
    assert (first["due_at"], first["hearing"]["person"]) == ("2026-11-05T16:00:00Z", "cs.lin")
    finding("minor", "4.4b", "两件答复没有道歉。", judged, owner="cs.chen")
    finding("observation", "4.3a", "回访表格不统一。", ())
    one.finding(3, "audit.qin", "withdrawal", {"reason": "表格已于八月统一。"})
    assert [finding["number"] for finding in sees(one.cast, "cs.chen", "/v1/findings")["items"]] == [2]


def corrected(one: Auditing) -> None:
    """On Monday the owners correct, and who answers for it is heard."""
    one.cast.be(china(10, 12, 10))
    for number, owner in ((1, "cs.lead"), (2, "cs.chen")):
        measure = {"what": "每日下班前清点未受理的投诉。", "owner": owner, "due": "2026-10-30"}
        plan = {"correction": "已致歉并补正。", "cause": "交接班没有清单。", "measures": [measure]}
        one.finding(number, owner, "plan", plan)
        assert one.finding(number, owner, "completion", {"evidence": "清单。"}, 409)["reason"] == "measures_left"
        one.does(owner, f"measures/{number}/completion", {"note": "清单已启用。"})
        one.finding(number, owner, "completion", {"evidence": "清单与十日记录。"})
    one.finding(1, "cs.lin", "statement", {"text": "那两天只有我一个人值班。"})
    decision = {"measure": "not_attributable", "reasons": "缺员属实。"}
    heard = one.finding(1, "management.zhou", "decision", decision)["hearing"]
    assert (heard["stage"], heard["decisions"][0]["measure"]) == ("final", "not_attributable")


def read_by_everybody_without_names(one: Auditing) -> None:
    for path in (one.path, f"{one.path}/findings", f"{one.path}.html?lang=zh-CN"):
        reply = one.cast.system.call("GET", path, Authorization=f"Bearer {one.cast.token('quality.xie')}")
        assert reply.status == 200, path
        said = reply.body.decode()
        assert "两件投诉未在24小时内受理。" in said, path
        assert [name for name in STAFF if name in said] == [], path
    assert one.cast.call("GET", f"{one.path}/sample", one.cast.token("quality.xie")).status == 403


def verified(one: Auditing) -> None:
    """After thirty days, by another than owner and author."""
    helped = {"effective": True, "evidence": "十月后抽查二十件，均符合。"}
    assert one.finding(1, "cs.lead", "verification", helped, 403)["reason"] == "own_correction"
    assert one.finding(1, "audit.qin", "verification", helped, 403)["reason"] == "own_correction"
    assert one.finding(1, "audit.lu", "verification", helped)["state"] == "closed"
    assert one.finding(2, "management.wu", "verification", helped)["state"] == "closed"
