"""Words are erased for good: nothing of them is left anywhere, every fact is, and nothing brings them back."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

import app
from chalicelib.adapters import items, orders, repeats, store
from chalicelib.casework import erase as casework
from chalicelib.casework import rebuild
from chalicelib.casework.erase import erase
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import NotAllowed, NotFound
from chalicelib.domain.ground.text import ERASED
from infra import erase as command
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from infra.deployment import Deployment
from tests.house import KETTLE, PLAN, REPORT, House, refused
from tests.running import ROOT
from tests.web.uploads import JPEG, OFFER, offer, put, told, upload

from .mailroom import HARD, Mailroom, mail_event, mails, notices, texts
from .streams import run

WORDS = {
    *(KETTLE[name] for name in ("order_number", "product_name", "description")),
    *KETTLE["contact"].values(),
    *("wang.number", "在上海 9 号店买的"),
    *("138****00", "w***@example.cn", "裂缝", "不够", "已电话联系", "13800138000"),
    *(str(REPORT[name]) for name in ("findings", "root_cause", "conclusion")),
    *(PLAN["summary"], PLAN["follow_up_measures"][0], PLAN["methods"][0]["detail"]),
}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


@pytest.fixture
def receipt(house: House, room: Mailroom) -> dict[str, Any]:
    receipt, room.seen = house.begun(lived)
    return receipt


def lived(house: House) -> tuple[dict[str, Any], set[str]]:
    """A complaint with something of everything, closed, and all that was promised done; and what was reacted to."""
    room = Mailroom(house)
    receipt = house.file(category="product_quality", metadata={"wang.number": "在上海 9 号店买的"})
    number = str(receipt["complaint_id"])
    room.settle()
    upload(house, receipt)
    upload(house, receipt, content=b"MZ\x90\0")
    offer(house, receipt)
    house.do(number, "acknowledgement", {"message": "已受理"})
    house.do(number, "inquiries/1/answer", {"assessment": "有裂纹"}, "quality.he")
    house.do(number, "notes", {"text": "已电话联系"})
    house.do(number, "investigation-report", REPORT)
    house.do(number, "resolution-plan", PLAN)
    house.do(number, "feedback", {"satisfied": False, "opinion": "不够"})
    house.do(number, "resolution-plan", PLAN)
    house.do(number, "feedback", {"satisfied": True})
    house.do(number, "follow-ups/1/completion", {"note": "已回访"})
    room.settle()
    house.pass_time(minutes=5)
    room.sweep()
    house.pass_time(days=1)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)  # of the refused file is told after some minutes
    room.settle()
    return receipt, room.seen


def stored(house: House, number: str) -> str:
    """All that is kept of a complaint, as it stands in the table."""
    own = [item for item in house.items() if number in item["pk"]["S"] + item["sk"]["S"]]
    return json.dumps(own, ensure_ascii=False)


def objects(house: House, number: str) -> list[str]:
    """All versions of all files of a complaint, those that were deleted too."""
    pages = boto3.client("s3").get_paginator("list_object_versions")
    found = pages.paginate(Bucket=house.environment["REDRESS_EVIDENCE_BUCKET"])
    kept = [one for page in found for part in ("Versions", "DeleteMarkers") for one in page.get(part, ())]
    return [one["Key"] for one in kept if number in one["Key"]]


def said(house: House, number: str) -> set[str]:
    """Of the words of the story, those that are kept somewhere."""
    everything = stored(house, number)
    return {words for words in WORDS if words in everything or words in everything.replace("\\", "")}


def is_clean(house: House, number: str) -> bool:
    hashes = [item for item in house.items() if item["pk"]["S"].startswith("CONTACT#") and number in item["sk"]["S"]]
    return not said(house, number) and not objects(house, number) and not hashes


def whole(number: str) -> bool:
    """The chain verifies, and the fold is what is stored."""
    case = store.load_with_entries(number, Complaint)
    assert case
    return first_broken_link(case.entries) is None and fold(case.entries) == case.state


# ---- what goes, what stays -------------------------------------------------------------------------------------------


def test_nothing_of_the_words_is_left_and_the_chain_verifies(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    assert len(said(house, number)) > len(WORDS) - 3
    assert len(objects(house, number)) == 2
    assert erase(number, house.now) == house.now
    assert is_clean(house, number)
    assert "salt" not in stored(house, number)
    assert whole(number)
    assert rebuild.rebuild(number, house.now, check=True).is_sound


def test_staff_see_the_facts(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    before = house.get(f"/v1/complaints/{number}", "audit.qin").json
    told_of = notices(house, number)
    erase(number, house.now)
    after = house.get(f"/v1/complaints/{number}", "audit.qin").json
    facts = (
        "stage",
        "round",
        "outcome",
        "category",
        "received_at",
        "closed_at",
        "breaches",
        "policy_version",
        "assignee",
    )
    assert [after[name] for name in facts] == [before[name] for name in facts]
    assert after["version"] == before["version"] + 1
    assert after["resolution_plans"][0]["plan"]["methods"][0]["amount"] == PLAN["methods"][0]["amount"]
    assert {after[name] for name in ("order_number", "product_name", "description")} == {ERASED}
    assert (after["contact"]["name"], after["evidence"]) == ("", [])
    timeline = house.get(f"/v1/complaints/{number}/timeline?limit=100", "audit.qin").json["items"]
    assert (timeline[0]["details"]["filing"]["description"], timeline[0]["salt"]) == (ERASED, None)
    assert (timeline[-1]["type"], timeline[-1]["actor"]["id"]) == ("WordsErased", "operator")
    assert notices(house, number) == told_of
    shown = house.get(f"/v1/complaints/{number}/notices", "audit.qin").json["items"]
    assert {channel["to"] for notice in shown for channel in notice["channels"]} == {""}


def test_the_link_ends_and_none_is_sent(house: House, room: Mailroom, receipt: dict[str, Any]):
    number, sent = receipt["complaint_id"], len(mails()) + len(texts())
    erase(number, house.now)
    room.settle()
    refused(house.get(f"/v1/complaints/{number}", token=receipt["consumer_token"]), 401, "unauthenticated")
    assert len(mails()) + len(texts()) == sent


@pytest.mark.parametrize(
    ("resource", "body"), [("notes", {"text": "x"}), ("link", {}), ("evidence", OFFER)], ids=["note", "link", "file"]
)
def test_nothing_is_done_about_it_any_more(house: House, receipt: dict[str, Any], resource: str, body: Any):
    number, link = receipt["complaint_id"], receipt["consumer_token"]
    erase(number, house.now)
    before = stored(house, number)
    refused(house.do(number, resource, body), 409, "not_allowed")
    refused(house.post(f"/v1/complaints/{number}/reopening", {"reason": "x"}, token=link), 401, "unauthenticated")
    assert stored(house, number) == before


def test_queues_show_the_placeholder_and_no_order_leads_there(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    erase(number, house.now)
    (line,) = house.get("/v1/complaints?stage=closed", "cs.lin").json["items"]
    assert (line["complaint_id"], line["order_number"], line["product_name"]) == (number, ERASED, ERASED)
    for order in (KETTLE["order_number"], ERASED):
        assert house.get(f"/v1/complaints?order_number={order}", "cs.lin").json["items"] == []
    assert "order_pk" not in stored(house, number)


def test_others_keep_their_words(house: House, room: Mailroom, receipt: dict[str, Any]):
    other = house.file()["complaint_id"]
    room.settle()
    erase(receipt["complaint_id"], house.now)
    assert KETTLE["description"] in stored(house, other)
    third = house.file()["complaint_id"]
    room.settle()
    assert house.get(f"/v1/complaints/{third}", "cs.lin").json["related"] == [other]


# ---- when not --------------------------------------------------------------------------------------------------------


def test_an_open_complaint_or_a_promise_is_refused_with_what_to_do(house: House):
    number = house.file()["complaint_id"]
    with pytest.raises(NotAllowed, match="complaint_open"):
        erase(number, house.now)
    promised = house.bring_to("closed")["complaint_id"]
    with pytest.raises(NotAllowed, match="follow_up 1"):
        erase(promised, house.now)
    with pytest.raises(NotFound):
        erase("AAAAA-AAAAA", house.now)


def test_who_does_something_meanwhile_is_heard_first(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    with house.meanwhile(lambda: house.do(number, "notes", {"text": "已电话联系"})):
        erase(number, house.now)
    assert is_clean(house, number)
    assert whole(number)


# ---- dying on the way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before", "after"])
def test_dying_after_any_call_leaves_what_another_run_finishes(house: House, receipt: dict[str, Any], moment: str):
    number = receipt["complaint_id"]
    deaths = 0
    for _ in house.deaths(lambda: erase(number, house.now), moment):
        deaths += 1
        assert whole(number)
        assert rebuild.rebuild(number, house.now, check=True).is_sound
    assert deaths > 20
    assert is_clean(house, number)
    kinds = [entry.kind for entry in (store.load_with_entries(number, Complaint) or pytest.fail("gone")).entries]
    assert kinds.count("WordsErased") == 1


def test_again_nothing_happens(house: House, receipt: dict[str, Any]):
    number, since = receipt["complaint_id"], house.now
    erase(number, house.now)
    before = stored(house, number)
    house.pass_time(days=1)
    assert erase(number, house.now) == since
    assert stored(house, number) == before


# ---- what arrives later ----------------------------------------------------------------------------------------------


def test_an_upload_whose_form_was_still_good(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    offered = offer(house, receipt)
    erase(number, house.now)
    for _ in range(2):
        put(house, offered["upload"]["fields"]["key"], JPEG)
    messages = told()
    assert run(app.receive_evidence, messages + messages) == []
    assert is_clean(house, number)


def test_an_upload_whose_offer_had_left_the_record_before(house: House, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    forgotten = offer(house, receipt)
    house.pass_time(days=1)
    offer(house, receipt)
    erase(number, house.now)
    put(house, forgotten["upload"]["fields"]["key"], JPEG)
    assert run(app.receive_evidence, told()) == []
    assert is_clean(house, number)


def test_a_bounce(house: House, room: Mailroom, receipt: dict[str, Any]):
    number = receipt["complaint_id"]
    about = [item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}"]
    mailed = next(item for item in about if item["sk"]["S"].endswith("#receipt#consumer"))
    sent = len(texts())
    erase(number, house.now)
    assert app.mail_events(mail_event(house, "Bounce", mailed, **HARD), None) == 1
    room.settle()
    assert len(texts()) == sent
    assert is_clean(house, number)
    assert whole(number)


@pytest.mark.parametrize("queued", [True, False], ids=["queued", "not yet queued"])
def test_a_notice_that_waited(house: House, room: Mailroom, queued: bool):
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})
    if queued:
        room.react()
    erase(number, house.now)
    room.settle()
    assert mails() == []
    assert {state for _, _, state in notices(house, number)} == {"outdated"}
    assert is_clean(house, number)


def test_the_order_system_is_not_asked_any_more(house: House, monkeypatch: pytest.MonkeyPatch):
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})
    monkeypatch.setattr(orders, "facts_of", lambda *_: pytest.fail("it is asked"))
    erase(number, house.now)
    assert run(app.verify_order, [question(number)]) == []
    assert is_clean(house, number)


def test_an_answer_that_was_on_its_way_is_not_written_down(house: House, monkeypatch: pytest.MonkeyPatch):
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})

    def facts_of(order_number: str, now: Any) -> submissions.OrderFacts:
        erase(number, house.now)
        return submissions.OrderFacts(order_number=order_number)

    monkeypatch.setattr(orders, "facts_of", facts_of)
    assert run(app.verify_order, [question(number)]) == []
    assert (whole(number), said(house, number)) == (True, set())
    erase(number, house.now)  # as the command does once everybody is done
    assert is_clean(house, number)


def test_a_restored_copy(house: House, receipt: dict[str, Any]):
    """All of it as it was before: it is rebuilt, then erased again."""
    number, copy = receipt["complaint_id"], house.items()
    erase(number, house.now)
    for item in copy:
        boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=item)
    assert said(house, number)
    assert rebuild.rebuild(number, house.now, check=False).mended
    erase(number, house.now)
    assert is_clean(house, number)
    assert whole(number)


def question(number: str) -> dict[str, Any]:
    return {"messageId": "m", "body": number, "attributes": {"ApproximateReceiveCount": "5"}}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["dynamodb:TransactWriteItems", "dynamodb:Query", "dynamodb:BatchGetItem"])
def test_a_search_for_repeats_that_had_begun(house: House, room: Mailroom, call: str, moment: str):
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})
    records = room.records()
    _meanwhile(house, call, moment, lambda: erase(number, house.now), lambda: run(app.react, records))
    room.seen.clear()
    room.settle()
    assert is_clean(house, number)
    assert whole(number)


def test_a_search_for_repeats_that_overtakes(house: House):
    """The hashes are noted between the reading of the contact and its end."""
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})
    case = store.load(number, Complaint)
    assert case

    def remember() -> None:
        repeats.remember(case.state, case.contact)

    _meanwhile(house, "dynamodb:GetItem", "after", remember, lambda: erase(number, house.now))
    assert is_clean(house, number)


def _meanwhile(house: House, call: str, moment: str, happening: Callable[[], Any], act: Callable[[], Any]) -> None:
    """`act`, into whose first such call something happens."""
    left = [happening]

    def interfere(made: str, at: str) -> None:
        if (made, at) == (call, moment) and left:
            house.interfere = lambda made, at: None
            left.pop()()

    with house.interfering(interfere):
        act()


# ---- the command -----------------------------------------------------------------------------------------------------


def ordered(house: House, *given: str) -> tuple[int, list[float]]:
    """The exit code of the command, and for how long it waited."""
    names = {name: house.environment[f"REDRESS_{variable}"] for name, variable in PLACES.items()}
    pauses: list[float] = []
    reached = Deployment(boto3.client, names, lambda name, entry: None)
    return command.main(list(given), lambda asked: reached, pauses.append), pauses


PLACES = {"Table": "TABLE", "EvidenceBucket": "EVIDENCE_BUCKET"}


def test_the_command_waits_for_who_had_read_the_words_and_goes_over_it_again(
    house: House, receipt: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    number = receipt["complaint_id"]
    runs: list[str] = []
    monkeypatch.setattr(casework, "erase", lambda one, now: runs.append(one) or erase(one, now))
    assert ordered(house, number.lower()) == (0, [90])
    assert runs == [number, number]
    assert is_clean(house, number)
    house.pass_time(minutes=2)
    assert ordered(house, number) == (0, [])


SILENT = ("sweep", "rounds", "replay")


def test_it_waits_longer_than_whatever_may_bring_words_back_can_run():
    """The sweep, the rounds and a replay write down nothing that anybody typed."""
    functions = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))["lambda_functions"]
    longest = {name: own["lambda_timeout"] for name, own in functions.items() if name not in SILENT}
    assert max(longest.values()) < Deployment(boto3.client, {}, lambda name, entry: None).longest


def test_it_says_what_could_not_be_erased_and_why(house: House, receipt: dict[str, Any], capsys: Any):
    number, opened = receipt["complaint_id"], house.file()["complaint_id"]
    assert ordered(house, opened, number, "AAAAA-AAAAA") == (1, [90])
    said = capsys.readouterr().err
    assert f"{opened}: This complaint is open. Close it first" in said
    assert "AAAAA-AAAAA: There is no such complaint" in said
    assert "2 left" in said
    assert is_clean(house, number)


def test_a_head_that_cannot_be_read_is_named_with_what_mends_it_and_the_others_are_erased(
    house: House, receipt: dict[str, Any], capsys: Any
):
    broken = house.file()["complaint_id"]
    boto3.client("dynamodb").update_item(
        TableName=house.environment["REDRESS_TABLE"],
        Key={"pk": {"S": f"RECORD#{broken}"}, "sk": {"S": "HEAD"}},
        UpdateExpression="SET head = :rubbish",
        ExpressionAttributeValues={":rubbish": {"S": "{nope"}},
    )
    assert ordered(house, broken, receipt["complaint_id"])[0] == 1
    assert f"make rebuild ARGS={broken}" in capsys.readouterr().err
    assert is_clean(house, receipt["complaint_id"])


def test_what_is_no_id_is_named(house: House, capsys: Any):
    with pytest.raises(SystemExit):
        ordered(house, "王芳")
    assert "王芳" in capsys.readouterr().err


def test_the_items_of_contacts_say_where_their_hashes_are(house: House, receipt: dict[str, Any]):
    """So that an operator needs no secret to find them."""
    key = items.record_key(receipt["complaint_id"], items.CONTACT)
    table = house.environment["REDRESS_TABLE"]
    found = boto3.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert len(found["remembered"]["L"]) == 2
