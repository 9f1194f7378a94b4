"""6.3: the rules of the machine are run as a complaint closes, at three calls, and again by whoever audits it."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.adapters import studies
from chalicelib.casework import rules
from chalicelib.casework.checks import check_closure, examine
from chalicelib.casework.erase import erase
from chalicelib.casework.react import react
from chalicelib.domain.audit.checks import CATALOGUE, NUMBER
from chalicelib.domain.governance.study import Confirmation, Study
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import Role
from chalicelib.domain.supervision import lines
from tests.house import PLAN, REPORT, House
from tests.web.uploads import there, upload

from .mailroom import Mailroom

REJECTION = PLAN | {
    "rejects_request": True,
    "reasons": "已超过七天无理由退货期限。",
    "summary": "很抱歉，我们不能退款。",
}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def findings(house: House) -> list[lines.Tested]:
    found = [lines.LINE.validate_json(item["line"]["S"]) for item in house.items() if "line" in item]
    return [one for one in found if isinstance(one, lines.Tested)]


def planned(house: House, room: Mailroom, plan: dict[str, Any] = PLAN, **filed: Any) -> dict[str, Any]:
    """A complaint whose consumer has the plan; everybody was told of everything as it happened."""
    receipt = house.file(**filed)
    number = receipt["complaint_id"]
    room.settle()
    for resource, body in (("acknowledgement", {}), ("investigation-report", REPORT), ("resolution-plan", plan)):
        house.pass_time(hours=1)
        house.do(number, resource, body)
        room.settle()
    return receipt


def accepted(house: House, room: Mailroom, receipt: dict[str, Any]) -> str:
    number = str(receipt["complaint_id"])
    answer = house.do(number, "feedback", {"satisfied": True}, None, token=receipt["consumer_token"])
    assert answer.status == 200
    room.settle()
    return number


def said(number: str, house: House, closure: int | None = None) -> dict[str, str]:
    return {one.rule: one.verdict.says for one in examine(number, closure, house.now)}


def broken(number: str, house: House) -> list[str]:
    return [rule for rule, verdict in said(number, house).items() if verdict == "broken"]


def studied(house: House, *people: str) -> None:
    long_ago = house.now - timedelta(days=60)
    for name in people:
        confirmed = Confirmation(at=long_ago, hash="ab", departments=(Role.CUSTOMER_SERVICE,), number=1)
        studies.keep(Study(version=1, person=name, operating=1, confirmations=(confirmed,), edition=1), house.now)
        studies.note([studies.Known(name, (Role.CUSTOMER_SERVICE,), long_ago)])


# ---- as it closes ----------------------------------------------------------------------------------------------------


def test_a_closure_has_a_line_of_what_the_rules_say_by_then(house: House, room: Mailroom):
    studied(house, "cs.lin")
    number = accepted(house, room, planned(house, room))
    (line,) = findings(house)
    assert (line.id, line.closure, line.catalogue, line.planner) == (number, 1, NUMBER, "cs.chen")
    assert line.broken == ()
    assert set(line.undecided) == {"4.3a-followed", "4.5a-told", "6.2-asked"}


def test_what_nobody_had_done_is_in_the_line(house: House, room: Mailroom):
    receipt = house.file()
    room.settle()
    house.pass_time(hours=30)
    house.do(receipt["complaint_id"], "withdrawal", {}, None, token=receipt["consumer_token"])
    room.settle()
    (line,) = findings(house)
    assert line.broken == ("4.1c-in_time",)


def test_the_line_of_a_closure_costs_three_calls_and_of_all_else_none(house: House, room: Mailroom):
    receipt = planned(house, room)
    house.do(receipt["complaint_id"], "feedback", {"satisfied": True}, None, token=receipt["consumer_token"])
    records = room.records()
    rules.in_force(house.now)
    with house.counting() as calls:
        assert react(records, house.now, lambda entry: (check_closure,)) == []
    assert calls == ["dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:PutItem"]


def test_it_is_one_line_however_often_the_entry_comes_and_by_the_last_it_says_more(house: House, room: Mailroom):
    receipt = planned(house, room)
    house.do(receipt["complaint_id"], "feedback", {"satisfied": True}, None, token=receipt["consumer_token"])
    records = room.records()
    for _ in range(2):
        assert react(records, house.now, lambda entry: (check_closure,)) == []
    assert len(findings(house)) == 1
    assert "4.5a-told" in findings(house)[0].undecided
    Mailroom(house).settle()
    react(records, house.now, lambda entry: (check_closure,))
    assert "4.5a-told" not in findings(house)[0].undecided


def test_each_closure_has_its_own(house: House, room: Mailroom):
    receipt = planned(house, room)
    number = accepted(house, room, receipt)
    house.do(number, "reopening", {"reason": "又坏了。"}, None, token=receipt["consumer_token"])
    house.do(number, "withdrawal", {}, None, token=receipt["consumer_token"])
    room.settle()
    assert [line.closure for line in sorted(findings(house), key=lambda line: line.seq)] == [1, 2]
    assert said(number, house, 2)["4.1c-in_time"] == "not_applicable"


# ---- by an audit -----------------------------------------------------------------------------------------------------


def test_an_audit_that_looks_later_knows_what_was_not_known(house: House, room: Mailroom):
    studied(house, "cs.lin")
    receipt = planned(house, room)
    upload(house, receipt)
    number = accepted(house, room, receipt)
    house.do(number, "follow-ups/1/completion", {"note": "已回访"})
    house.pass_time(days=4)
    room.sweep()
    found = said(number, house)
    assert list(found) == [rule.id for rule in CATALOGUE]
    assert [rule for rule, verdict in found.items() if verdict in ("broken", "undecided")] == []


def test_a_file_that_is_another_by_now_or_gone_breaks_the_record(house: House, room: Mailroom):
    receipt = planned(house, room)
    upload(house, receipt)
    number = accepted(house, room, receipt)
    s3, bucket = boto3.client("s3"), house.environment["REDRESS_EVIDENCE_BUCKET"]
    (kept,) = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix=f"evidence/{number}/")["Contents"]]
    assert there(house, "evidence", number)
    assert "4.5b-files" not in broken(number, house)
    s3.put_object(Bucket=bucket, Key=kept, Body=b"another")
    assert "4.5b-files" in broken(number, house)
    s3.delete_object(Bucket=bucket, Key=kept)
    assert "4.5b-files" in broken(number, house)


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_the_notice_of_a_rejection_names_the_ways_outside(house: House, room: Mailroom, locale: str):
    number = accepted(house, room, planned(house, room, REJECTION, locale=locale))
    assert said(number, house)["3.3-routes"] == "holds"


def test_a_notice_that_was_never_made_is_found(house: House, room: Mailroom):
    number = accepted(house, room, planned(house, room))
    house.pass_time(days=2)
    house.forget_notice("acknowledgement")
    assert {"4.1c-told", "4.5b-notices"} <= set(broken(number, house))


def test_a_head_that_is_not_what_its_entries_make_is_found(house: House, room: Mailroom):
    number = accepted(house, room, planned(house, room))
    (head,) = [one for one in house.items() if one["sk"]["S"] == "HEAD" and one["pk"]["S"] == f"RECORD#{number}"]
    state = json.loads(head["head"]["S"]) | {"round": 7}
    table = house.environment["REDRESS_TABLE"]
    boto3.client("dynamodb").put_item(TableName=table, Item=head | {"head": {"S": json.dumps(state)}})
    assert "4.5b-fold" in broken(number, house)


def test_who_had_not_studied_the_policy_by_when_they_had_to_is_found(house: House, room: Mailroom):
    studies.note([studies.Known("cs.lin", (Role.CUSTOMER_SERVICE,), house.now - timedelta(days=60))])
    number = accepted(house, room, planned(house, room))
    assert "8.2-studied" in broken(number, house)


def test_of_erased_words_what_they_said_cannot_be_decided_and_nothing_is_broken(house: House, room: Mailroom):
    studied(house, "cs.lin")
    number = accepted(house, room, planned(house, room, REJECTION))
    house.do(number, "follow-ups/1/completion", {"note": "已回访"})
    house.pass_time(days=40)
    room.sweep()
    erase(number, house.now)
    room.settle()
    assert broken(number, house) == []
    assert {"3.3-reasons", "4.1b-fields", "4.2c-report"} <= {
        rule for rule, verdict in said(number, house).items() if verdict == "undecided"
    }


@pytest.mark.parametrize("closure", [None, 1])
def test_what_is_not_there_or_was_never_closed_cannot_be_examined(house: House, closure: int | None):
    with pytest.raises(NotFound, match="record_unknown"):
        examine("AAAAA-AAAAA", closure, house.now)
    with pytest.raises(NotFound, match="record_unknown"):
        examine(str(house.file()["complaint_id"]), None, house.now)


def test_a_closure_that_was_counted_and_is_not_in_the_entries_is_a_broken_record(house: House):
    number = str(house.file()["complaint_id"])
    assert [one.rule for one in examine(number, 1, house.now) if one.verdict.says == "broken"] == ["4.5b-fold"]
