"""What stands beside the entries is what they say, or is mended; what is wrong with the entries is only told."""

import json
import os
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import items
from chalicelib.casework import records, rules
from chalicelib.casework.commit import commit
from chalicelib.casework.rebuild import rebuild
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.record import EVENTS
from infra import rebuild as command
from infra.deployment import Deployment, entered
from tests.house import KETTLE, House

from .errand import give, kind
from .mailroom import Mailroom

Item = dict[str, Any]
LIN = people.staff("cs.lin", frozenset({"customer_service"}))


@pytest.fixture
def number(house: House) -> str:
    """A complaint with an assignee, and two departments that have something to do about it."""
    number = str(house.file(category="product_quality")["complaint_id"])
    house.do(number, "acknowledgement", {})
    house.do(number, "inquiries", {"department": "logistics", "question": "何时发出？"})
    house.do(number, "assignment", {"assignee": "cs.chen"})
    return number


def stored(house: House) -> dict[tuple[str, str], Item]:
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in house.items()}


def put(house: House, item: Item) -> None:
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=item)


def drop(house: House, key: Item) -> None:
    plain = {name: key[name] for name in ("pk", "sk")}
    boto3.client("dynamodb").delete_item(TableName=house.environment["REDRESS_TABLE"], Key=plain)


def one(house: House, number: str, sort_key: str) -> Item:
    return stored(house)[f"RECORD#{number}", sort_key]


def change(house: House, number: str, sort_key: str, **changes: Any) -> None:
    """Other values of some attributes; None: it is not there."""
    item = one(house, number, sort_key) | changes
    put(house, {name: value for name, value in item.items() if value is not None})


def in_state(house: House, number: str, **changes: Any) -> dict[str, str]:
    """The attribute of a head in which some fields are other ones."""
    return {"S": json.dumps(json.loads(one(house, number, "HEAD")["head"]["S"]) | changes)}


@pytest.mark.parametrize("stage", ["received", "investigating", "planning", "awaiting_consumer", "closed"])
def test_what_the_house_has_written_is_as_it_should_be(house: House, stage: str):
    number = house.bring_to(stage)["complaint_id"]
    before = stored(house)
    with house.counting() as calls:
        assert rebuild(number, house.now, check=False).is_sound
    assert calls == ["dynamodb:Query", "dynamodb:Query"]
    assert stored(house) == before


# ---- mended ----------------------------------------------------------------------------------------------------------

ELSEWHERE = {"S": "elsewhere"}
Harm = Callable[[House, str], None]
HARMS: dict[str, Harm] = {
    "HEAD": lambda house, number: drop(house, items.record_key(number, "HEAD")),
    "queue_pk": lambda house, number: change(house, number, "HEAD", queue_pk=ELSEWHERE),
    "assignee_pk": lambda house, number: change(house, number, "HEAD", assignee_pk=None),
    "order_pk": lambda house, number: change(house, number, "HEAD", order_pk=ELSEWHERE),
    "due_sk": lambda house, number: change(house, number, "HEAD", due_sk=ELSEWHERE),
    "alarm_pk": lambda house, number: change(house, number, "HEAD", alarm_pk={"S": "9"}),
    "alarm_sk": lambda house, number: change(house, number, "HEAD", alarm_sk=ELSEWHERE),
    "odd": lambda house, number: change(house, number, "HEAD", odd=ELSEWHERE),
    "seq": lambda house, number: change(house, number, "HEAD", seq={"N": "2"}),
    "summary": lambda house, number: change(house, number, "HEAD", summary={"S": "{}"}),
    "head": lambda house, number: change(house, number, "HEAD", head={"S": "x"}),
    "head.stage": lambda house, number: change(
        house, number, "HEAD", head=in_state(house, number, stage="received", breaches=[])
    ),
    "TASK#shop": lambda house, number: drop(house, items.record_key(number, "TASK#shop")),
    "TASK#inquiry 1": lambda house, number: drop(house, items.record_key(number, "TASK#inquiry 1")),
    "TASK#inquiry 2": lambda house, number: change(house, number, "TASK#inquiry 2", due_sk=ELSEWHERE),
    "TASK#inquiry 3": lambda house, number: put(
        house, one(house, number, "TASK#inquiry 1") | {"sk": {"S": "TASK#inquiry 3"}}
    ),
}


@pytest.mark.parametrize("name", HARMS)
def test_whatever_differs_is_named_and_mended(house: House, number: str, name: str):
    before = stored(house)
    HARMS[name](house, number)
    harmed = stored(house)
    told = rebuild(number, house.now, check=True)
    assert (told.broken, told.differing, told.mended) == (None, (name,), False)
    assert stored(house) == harmed, "it was only to be checked"
    done = rebuild(number, house.now, check=False)
    assert (done.differing, done.mended) == ((name,), True)
    assert stored(house) == before
    assert rebuild(number, house.now, check=True).is_sound


def test_a_head_that_is_behind_catches_up(house: House, number: str):
    behind = one(house, number, "HEAD")
    house.do(number, "notes", {"text": "已电话联系"})
    before = stored(house)
    put(house, behind)
    assert rebuild(number, house.now, check=False).differing == (
        "seq",
        "summary",
        "head.version",
        "head.seq",
        "head.chain",
    )
    assert stored(house) == before


@pytest.mark.parametrize("harm", ["HEAD", "due_sk", "TASK#inquiry 1"])
def test_who_saves_meanwhile_is_not_overwritten(house: House, number: str, harm: str):
    HARMS[harm](house, number)

    def act() -> None:
        if harm != "HEAD":
            assert house.do(number, "notes", {"text": "已电话联系"}).status == 201
        else:
            rebuild(number, house.now, check=False)

    with house.meanwhile(act):
        rebuild(number, house.now, check=False)
    assert rebuild(number, house.now, check=True).is_sound
    assert house.get(f"/v1/complaints/{number}", "cs.lin").json["version"] == (5 if harm != "HEAD" else 4)


def test_what_was_read_while_somebody_saved_is_no_difference(house: House, number: str):
    """The entries and the head are read in pages, which may be of two moments: here the tasks are."""
    left = [number]

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:Query", "after") and left:
            house.interfere = lambda call, moment: None
            body = {"assessment": "有裂纹"}
            assert house.do(left.pop(), "inquiries/1/answer", body, "quality.he").status == 200

    with house.interfering(interfere):
        assert rebuild(number, house.now, check=True).is_sound
    assert not left


def test_another_kind_of_record_is_rebuilt_by_its_own_row(house: House):
    with records.added("errand", kind([])):
        name = "errand_2026-7"
        commit(None, give(name, "cs.chen", "去仓库取样品", LIN, house.now), house.now, rules.in_force(house.now))
        before = stored(house)
        assert rebuild(name, house.now, check=True).is_sound
        change(house, name, "HEAD", head=in_state(house, name, owner="cs.lin"), alarm_sk=ELSEWHERE)
        assert rebuild(name, house.now, check=False).differing == ("alarm_sk", "head.owner")
        assert stored(house) == before


# ---- broken: told, and never mended ----------------------------------------------------------------------------------


def entry(house: House, number: str, seq: int, **changes: Any) -> None:
    """An entry is rewritten where it stands."""
    sort_key = f"ENTRY#{seq:08}"
    written = json.loads(one(house, number, sort_key)["entry"]["S"])
    change(house, number, sort_key, entry={"S": json.dumps(written | changes)})


def other_words(house: House, number: str) -> None:
    words = one(house, number, "ENTRY#00000001")["words"]["S"]
    change(house, number, "ENTRY#00000001", words={"S": words.replace(KETTLE["description"], "很满意")})


LAST = 5  # filed, acknowledged, two departments asked, assigned
BREAKS: dict[str, Harm] = {
    "entry 2 is not what was written there": lambda house, number: entry(house, number, 2, at="2026-10-09T07:41:00Z"),
    "entry 3 is not what was written there": lambda house, number: drop(house, items.entry_key(number, 3)),
    "entry 1 is not what was written there": other_words,
    "entry 1 has lost its words, which nobody erased": lambda house, number: change(
        house, number, "ENTRY#00000001", words=None
    ),
    f"entry {LAST} is missing: the head was made from {LAST}": lambda house, number: drop(
        house, items.entry_key(number, LAST)
    ),
    f"entry {LAST} is not the one that the head was made from": lambda house, number: change(
        house, number, "HEAD", head=in_state(house, number, chain="0" * 64)
    ),
    "entry 4 cannot be read": lambda house, number: change(house, number, "ENTRY#00000004", entry={"S": "{"}),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_chain_is_told_and_nothing_is_touched(house: House, number: str, what: str):
    change(house, number, "HEAD", due_sk=ELSEWHERE)
    BREAKS[what](house, number)
    before = stored(house)
    finding = rebuild(number, house.now, check=False)
    assert (finding.broken, finding.differing, finding.mended) == (what, (), False)
    assert stored(house) == before


def test_an_event_that_this_code_does_not_know_is_told(house: House, number: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(EVENTS, "ComplaintAssigned")
    broken = rebuild(number, house.now, check=False).broken
    assert broken == "the entries cannot be folded (KeyError): by a later version of the code?"


def test_a_head_that_cannot_be_read_beside_no_entries_is_told(house: House, number: str):
    for seq in range(1, LAST + 1):
        drop(house, items.entry_key(number, seq))
    change(house, number, "HEAD", head={"S": '{"seq": 1e999}'})
    assert rebuild(number, house.now, check=False).broken == "there are no entries"


def test_a_record_that_is_not_there_is_told(house: House):
    with pytest.raises(NotFound):
        rebuild("AAAAA-AAAAA", house.now, check=True)


# ---- the command -----------------------------------------------------------------------------------------------------


def ordered(house: House, *given: str) -> int:
    names = {
        "Table": house.environment["REDRESS_TABLE"],
        "EvidenceBucket": house.environment["REDRESS_EVIDENCE_BUCKET"],
    }
    reached = Deployment(boto3.client, names, lambda name, entry: None)
    return command.main(list(given), lambda asked: reached)


def test_the_command_goes_over_all_records_and_says_what_differed(house: House, number: str, capsys: Any):
    others = [house.file()["complaint_id"] for _ in range(3)]
    Mailroom(house).react()
    drop(house, items.record_key(others[0], "HEAD"))
    change(house, others[1], "HEAD", queue_pk=ELSEWHERE)
    assert ordered(house, "--all", "--check") == 1
    said = capsys.readouterr().out
    assert f"{others[0]}: HEAD: differs" in said
    assert f"{others[1]}: queue_pk: differs" in said
    assert "4 looked at, 2 not as they should be" in said
    assert ordered(house, "--all") == 1
    assert f"{others[0]}: HEAD: mended" in capsys.readouterr().out
    assert ordered(house, "--all") == 0
    assert capsys.readouterr().out == "4 looked at, nothing differs\n"


def test_it_says_names_only_and_never_what_anybody_typed(house: House, number: str, capsys: Any):
    change(house, number, "HEAD", head=in_state(house, number, description="很满意"))
    other_words(house, number)
    assert ordered(house, number) == 1
    change(house, number, "ENTRY#00000001", words=None)
    assert ordered(house, number, "--check") == 1
    said = capsys.readouterr()
    assert all(words not in said.out + said.err for words in ("很满意", KETTLE["description"], KETTLE["order_number"]))


def test_what_is_broken_is_said_with_where_to_read_on_and_keeps_no_other(house: House, number: str, capsys: Any):
    drop(house, items.entry_key(number, 1))
    assert ordered(house, number.lower(), "AAAAA-AAAAA", "nothing_1") == 1
    said = capsys.readouterr()
    assert f"{number}: entry 1 is not what was written there. Nothing was mended" in said.err
    assert "infra/README.md, Rebuilding" in said.err
    assert "AAAAA-AAAAA: There is no record of this name." in said.err
    assert "nothing_1: it cannot be looked at" in said.err
    assert "3 looked at, 3 not as they should be" in said.out


def test_an_id_is_read_as_it_was_said_and_other_names_are_left_as_they_are(house: House, number: str, capsys: Any):
    said = number.lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert ordered(house, said, "House_x", "house") == 1
    told = capsys.readouterr()
    assert number not in told.err
    assert "House_x: " in told.err
    assert "HOUSE" not in told.err
    assert "house: " in told.err


def test_what_aws_fails_at_is_named_and_keeps_no_other(house: House, number: str, capsys: Any):
    other = house.file()["complaint_id"]
    Mailroom(house).react()
    change(house, other, "HEAD", queue_pk=ELSEWHERE)
    throttled = ClientError({"Error": {"Code": "ThrottlingException", "Message": "too fast"}}, "Query")
    left = [throttled]

    def interfere(call: str, moment: str) -> None:
        if left and moment == "before":
            raise left.pop()

    with house.interfering(interfere):
        assert ordered(house, number, other) == 1
    said = capsys.readouterr()
    assert f"{number}: " in said.err
    assert "too fast" in said.err
    assert f"{other}: queue_pk: mended" in said.out
    assert "2 looked at, 2 not as they should be" in said.out


def test_the_environment_of_a_deployment_is_left_with_it(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://before.example")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    own = {"AWS_ENDPOINT_URL": "http://within.example", "AWS_PROFILE": "within"}
    reached = Deployment(boto3.client, {"Table": "t", "EvidenceBucket": "b"}, lambda name, entry: None, environment=own)
    before = dict(os.environ)
    with entered(reached):
        assert {name: os.environ[name] for name in own} == own
    assert dict(os.environ) == before


@pytest.mark.parametrize("given", [(), ("--all", "7K2M9-XD4FQ")])
def test_which_records_must_be_said(house: House, given: tuple[str, ...], capsys: Any):
    with pytest.raises(SystemExit):
        ordered(house, *given)
    assert "name the records, or --all of them" in capsys.readouterr().err
