"""4.2b: files are offered, uploaded past us, looked at, and only then listed; who may see which, and for how long."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

import app
from chalicelib.domain.vocabulary.spoken import REFUSALS
from chalicelib.domain.vocabulary.terms import Locale
from tests.casework.streams import run
from tests.files import REAL, REFUSED, jpeg, tiff
from tests.house import FRIDAY, KETTLE, REPORT, House, refused
from tests.running import PATIENCE

from .examples import Receipt
from .uploads import JPEG, OFFER, offer, policy, put, there, told, upload

MOST = 20 * 1024 * 1024  # bytes
BAT = REFUSED["a program of Windows"][1]


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def receipt(house: House) -> Receipt:
    return house.file()


def path(receipt: Receipt) -> str:
    return f"/v1/complaints/{receipt['complaint_id']}"


def view(house: House, receipt: Receipt) -> Any:
    return house.get(path(receipt), "audit.qin").json


def public(house: House, receipt: Receipt) -> Any:
    return house.get(path(receipt), token=receipt["consumer_token"]).json


def key(folder: str, receipt: Receipt, number: str = "1") -> str:
    return f"{folder}/{receipt['complaint_id']}/{number}"


def folders(house: House, receipt: Receipt) -> dict[str, dict[str, bytes]]:
    """What the bucket holds of a complaint, by folder; empty ones left out."""
    found = {folder: there(house, folder, receipt["complaint_id"]) for folder in ("incoming", "evidence", "quarantine")}
    return {folder: files for folder, files in found.items() if files}


# ---- offering ------------------------------------------------------------------------------------------------------


def test_whoever_offers_a_file_gets_a_form_to_upload_it_with(house: House, receipt: Receipt) -> None:
    answer = offer(house, receipt, description="壶身的裂缝")
    upload_form = answer.pop("upload")
    assert answer == {
        "evidence_id": "1",
        "file_name": "裂缝.jpg",
        "content_type": "image/jpeg",
        "size": 1_000,
        "description": "壶身的裂缝",
        "added_by": "consumer",
        "status": "offered",
        "refused": None,
        "received_at": None,
        "sha256": None,
        "retracted": None,
        "has_place": False,
        "belongs_to": None,
    }
    assert upload_form["url"].startswith("https://")
    assert upload_form["fields"]["key"] == key("incoming", receipt)
    assert "Content-Type" not in upload_form["fields"], "nothing that a browser would have to know"


def ends(offered: Any, began: datetime, *, minutes: int) -> bool:
    """The form lasts as long from a moment between `began` and now, in whole seconds as S3 takes them."""
    second, lasts = timedelta(seconds=1), timedelta(minutes=minutes)
    return (
        began + lasts - second
        <= datetime.fromisoformat(policy(offered)["expiration"])
        <= datetime.now(UTC) + lasts + second
    )


def test_s3_demands_of_the_form_its_key_and_a_size_that_is_allowed_and_nothing_else(
    house: House, receipt: Receipt
) -> None:
    began = datetime.now(UTC)
    offered = offer(house, receipt, content_type="application/pdf", size=1)
    assert ends(offered, began, minutes=15)
    demanded = policy(offered)
    conditions = demanded["conditions"]
    assert "Content-Type" not in str(conditions)
    assert {"key": key("incoming", receipt)} in conditions
    assert {"bucket": house.environment["REDRESS_EVIDENCE_BUCKET"]} in conditions
    assert ["content-length-range", 0, MOST] in conditions
    assert not [one for one in conditions if isinstance(one, list) and one[0] == "starts-with"]


@pytest.mark.parametrize("stage", ["received", "investigating", "planning", "awaiting_consumer", "closed"])
def test_files_are_taken_at_every_stage(house: House, stage: str) -> None:
    receipt = house.bring_to(stage)
    upload(house, receipt)
    assert len(view(house, receipt)["evidence"]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file_name": None}, "file_name"),
        ({"file_name": ""}, "file_name"),
        ({"file_name": "长" * 201}, "file_name"),
        ({"content_type": "text/html"}, "content_type"),
        ({"content_type": "image/svg+xml"}, "content_type"),
        ({"content_type": "Application/X-MSDownload"}, "content_type"),
        ({"content_type": "图片"}, "content_type"),
        ({"content_type": "a photograph of mine"}, "content_type"),
        ({"content_type": "image/" + "x" * 100}, "content_type"),
        ({"content_type": None}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": MOST + 1}, "size"),
        ({"size": "1000"}, "size"),
        ({"size": None}, "size"),
        ({"description": ""}, "description"),
        ({"description": "长" * 2001}, "description"),
        ({"key": "evidence/x"}, "key"),
    ],
)
def test_what_is_no_evidence_is_refused_by_its_field(house: House, receipt: Receipt, changes: Any, field: str) -> None:
    answer = house.do(receipt["complaint_id"], "evidence", OFFER | changes)
    refused(answer, 422, "invalid", field=field)


@pytest.mark.parametrize(
    "said",
    [
        *("", "image/jpg", "image/pjpeg", "IMAGE/JPEG", "video/3gpp", "audio/x-m4a", "application/x-zip-compressed"),
        *("application/zip", "application/octet-stream", "image/*", "audio/mp4; codecs=mp4a.40.2"),
    ],
)
def test_whatever_a_browser_takes_it_for_it_may_be_offered(house: House, receipt: Receipt, said: str) -> None:
    assert offer(house, receipt, content_type=said)["content_type"] == said


def test_a_browser_that_says_nothing_may_offer_it_too(house: House, receipt: Receipt) -> None:
    body = {name: value for name, value in OFFER.items() if name != "content_type"}
    assert house.do(receipt["complaint_id"], "evidence", body).status == 201


def test_a_form_that_is_asked_for_again_is_for_the_same_file_and_ends_at_the_same_time(
    house: House, receipt: Receipt
) -> None:
    def ask() -> Any:
        return house.do(receipt["complaint_id"], "evidence", OFFER, Idempotency_Key="same file")

    first = ask().json
    for minutes, lasts in ((10, 5), (10, -5)):
        house.pass_time(minutes=minutes)
        began, answer = datetime.now(UTC), ask()
        assert (answer.status, answer.headers["idempotency-replayed"]) == (201, "true")
        again = answer.json
        assert (again["evidence_id"], again["upload"]["fields"]["key"]) == ("1", first["upload"]["fields"]["key"])
        assert ends(again, began, minutes=lasts)


# ---- arriving ------------------------------------------------------------------------------------------------------


def test_a_file_is_listed_once_it_is_there_and_not_before(house: House, receipt: Receipt) -> None:
    offered = offer(house, receipt, description="壶身的裂缝")
    assert view(house, receipt)["evidence"] == public(house, receipt)["evidence"] == []
    refused(house.get(f"{path(receipt)}/evidence/1", "cs.lin"), 404, "not_found")
    house.pass_time(minutes=1)
    put(house, offered["upload"]["fields"]["key"], JPEG)
    assert view(house, receipt)["evidence"] == []
    assert run(app.receive_evidence, told()) == []
    listed = {
        "evidence_id": "1",
        "file_name": "裂缝.jpg",
        "content_type": "image/jpeg",
        "size": len(JPEG),
        "description": "壶身的裂缝",
        "added_by": "consumer",
        "status": "received",
        "refused": None,
        "has_place": False,
        "received_at": "2026-10-09T07:41:00Z",
        "sha256": hashlib.sha256(JPEG).hexdigest(),
        "retracted": None,
        "belongs_to": None,
    }
    assert view(house, receipt)["evidence"] == public(house, receipt)["evidence"] == [listed]
    assert folders(house, receipt) == {"evidence": {"1": JPEG}}


def test_the_hash_of_what_arrived_stands_in_the_timeline(house: House, receipt: Receipt) -> None:
    upload(house, receipt)
    entries = house.get(f"{path(receipt)}/timeline", "audit.qin").json["items"]
    assert [(entry["type"], entry["actor"]["kind"], entry["public"]) for entry in entries[1:]] == [
        ("EvidenceOffered", "consumer", False),
        ("EvidenceReceived", "system", True),
    ]
    assert entries[-1]["details"]["sha256"] == hashlib.sha256(JPEG).hexdigest()
    told_to_wang = public(house, receipt)["timeline"][-1]
    assert told_to_wang["details"] == {"evidence_id": "1", "file_name": "裂缝.jpg"}


def test_what_arrives_makes_nobodys_view_of_the_complaint_stale(house: House, receipt: Receipt) -> None:
    offered = offer(house, receipt)
    seen = house.get(path(receipt), "cs.lin").headers["etag"]
    put(house, offered["upload"]["fields"]["key"], JPEG)
    run(app.receive_evidence, told())
    assert house.do(receipt["complaint_id"], "acknowledgement", {}, If_Match=seen).status == 200


def test_staffs_files_are_staffs(house: House, receipt: Receipt) -> None:
    upload(house, receipt, "quality.he", file_name="检测.jpg")
    assert [(one["added_by"], one["file_name"]) for one in view(house, receipt)["evidence"]] == [("staff", "检测.jpg")]
    seen = public(house, receipt)
    assert seen["evidence"] == []
    assert [entry["type"] for entry in seen["timeline"]] == ["ComplaintFiled"]


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize("said", ["", "application/octet-stream", "image/jpg", "video/3gpp"])
def test_a_file_is_listed_as_what_is_in_it(house: House, receipt: Receipt, kind: str, said: str) -> None:
    content_type, content = REAL[kind]
    upload(house, receipt, content=content, content_type=said)
    (listed,) = view(house, receipt)["evidence"]
    assert (listed["content_type"], listed["status"], listed["size"]) == (content_type, "received", len(content))


def test_a_file_larger_than_was_announced_is_taken_as_it_is(house: House, receipt: Receipt) -> None:
    upload(house, receipt, content=JPEG * 9, size=1)
    assert public(house, receipt)["evidence"][0]["size"] == len(JPEG) * 9


@pytest.mark.parametrize(
    ("given", "saved"),
    [
        ("聊天记录.txt.bat", "聊天记录.txt"),
        ("x.hta", "x.txt"),
        ("x.html", "x.txt"),
        ("x.url", "x.txt"),
        ("a/b", "a_b.txt"),
        ("CON", "_CON.txt"),
    ],
)
def test_a_file_is_listed_and_downloaded_under_a_name_that_makes_no_program_of_it(
    house: House, receipt: Receipt, given: str, saved: str
) -> None:
    number = upload(house, receipt, content="你好".encode(), file_name=given, content_type="")
    assert [one["file_name"] for one in view(house, receipt)["evidence"]] == [saved]
    assert public(house, receipt)["timeline"][-1]["details"]["file_name"] == saved
    link = urlsplit(house.get(f"{path(receipt)}/evidence/{number}", "cs.lin").headers["location"])
    asked = parse_qs(link.query)
    assert asked["response-content-disposition"] == [f"attachment; filename*=UTF-8''{quote(saved, safe='')}"]
    assert asked["response-content-type"] == ["text/plain"]


def test_whether_it_says_where_it_was_made_is_said_and_the_photograph_stays_as_it_was_sent(
    house: House, receipt: Receipt
) -> None:
    photograph = jpeg(tiff())
    upload(house, receipt, content=photograph)
    upload(house, receipt)
    for seen in (view(house, receipt), public(house, receipt)):
        assert [one["has_place"] for one in seen["evidence"]] == [True, False]
    assert folders(house, receipt)["evidence"]["1"] == photograph


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_listed_with_why_and_what_to_do_and_kept_away_from_everybody(
    house: House, receipt: Receipt, kind: str
) -> None:
    reason, content = REFUSED[kind]
    upload(house, receipt, content=content)
    for seen in (view(house, receipt), public(house, receipt)):
        (listed,) = seen["evidence"]
        assert (listed["status"], listed["file_name"], listed["size"]) == ("refused", "裂缝.jpg", len(content))
        assert listed["refused"] == {"reason": reason, "advice": REFUSALS[reason]["zh-CN"]}
    for token in (house.token("cs.lin"), receipt["consumer_token"]):
        refused(house.get(f"{path(receipt)}/evidence/1", token=token), 404, "not_found")
    assert folders(house, receipt) == {"quarantine": {"1": content}}
    entry = house.get(f"{path(receipt)}/timeline", "audit.qin").json["items"][-1]
    assert (entry["type"], entry["public"]) == ("EvidenceQuarantined", True)
    assert entry["details"]["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_the_consumer_reads_in_their_language_what_to_do(house: House, locale: Locale) -> None:
    receipt = house.file(locale=locale)
    upload(house, receipt, content=BAT)
    assert public(house, receipt)["evidence"][0]["refused"]["advice"] == REFUSALS["program"][locale]
    assert view(house, receipt)["evidence"][0]["refused"]["advice"] == REFUSALS["program"]["zh-CN"], "staff in theirs"


def test_what_staff_sent_in_vain_is_theirs_to_see(house: House, receipt: Receipt) -> None:
    upload(house, receipt, "quality.he", content=BAT)
    assert [one["status"] for one in view(house, receipt)["evidence"]] == ["refused"]
    assert public(house, receipt)["evidence"] == []
    assert [entry["type"] for entry in public(house, receipt)["timeline"]] == ["ComplaintFiled"]


def test_more_than_a_form_allows_is_refused_unread_and_kept_nowhere(house: House, receipt: Receipt) -> None:
    """No form lets it through; whoever has the keys of the bucket may put it there."""
    upload(house, receipt, content=b"\xff\xd8\xff" + b"x" * MOST)
    (listed,) = public(house, receipt)["evidence"]
    assert (listed["refused"]["reason"], listed["size"], listed["sha256"]) == ("too_large", MOST + 3, None)
    assert folders(house, receipt) == {}


def test_a_file_told_of_twice_is_one_file(house: House, receipt: Receipt) -> None:
    put(house, offer(house, receipt)["upload"]["fields"]["key"], JPEG)
    messages = told()
    for batch in (messages, messages, [*messages, *messages]):
        assert run(app.receive_evidence, batch) == []
    assert len(view(house, receipt)["evidence"]) == 1
    assert folders(house, receipt) == {"evidence": {"1": JPEG}}


def test_a_form_used_again_replaces_nothing(house: House, receipt: Receipt) -> None:
    upload(house, receipt)
    put(house, key("incoming", receipt), JPEG + b"something else")
    assert run(app.receive_evidence, told()) == []
    assert folders(house, receipt) == {"evidence": {"1": JPEG}}
    assert view(house, receipt)["evidence"][0]["sha256"] == hashlib.sha256(JPEG).hexdigest()


def test_what_was_never_offered_is_thrown_away(house: House, receipt: Receipt) -> None:
    put(house, key("incoming", receipt, "7"), JPEG)
    put(house, "incoming/00000-00000/1", JPEG)
    assert run(app.receive_evidence, told()) == []
    assert folders(house, receipt) == {}
    assert there(house, "incoming", "00000-00000") == {}
    assert view(house, receipt)["version"] == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("content", "folder"), [(JPEG, "evidence"), (BAT, "quarantine")], ids=["taken", "refused"])
def test_a_file_is_dealt_with_once_though_the_function_dies_at_any_call(
    house: House, moment: str, content: bytes, folder: str
) -> None:
    receipt = house.file()
    offered = offer(house, receipt)
    put(house, offered["upload"]["fields"]["key"], content)
    messages, died = told(), 0
    for _ in house.deaths(lambda: run(app.receive_evidence, messages), moment):
        died += 1
    assert died >= 3
    assert folders(house, receipt) == {folder: {"1": content}}
    kinds = [entry["type"] for entry in house.get(f"{path(receipt)}/timeline", "audit.qin").json["items"]]
    assert len([kind for kind in kinds if kind in ("EvidenceReceived", "EvidenceQuarantined")]) == 1


def test_a_message_that_is_none_comes_again_and_keeps_no_other_waiting(house: House, receipt: Receipt) -> None:
    put(house, offer(house, receipt)["upload"]["fields"]["key"], JPEG)
    foreign = json.dumps({"Records": [{"s3": {"object": {"key": "elsewhere/x"}}}]})
    strange = [{"messageId": "m-1", "body": "{"}, {"messageId": "m-2", "body": foreign}]
    assert run(app.receive_evidence, [*strange, *told()]) == ["m-1", "m-2"]
    assert len(view(house, receipt)["evidence"]) == 1


def test_what_s3_sends_to_try_the_queue_is_no_file(house: House) -> None:
    told()
    body = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})
    assert run(app.receive_evidence, [{"messageId": "m-1", "body": body}]) == []


# ---- how many ------------------------------------------------------------------------------------------------------


def test_twenty_files_of_each_party_are_the_most_and_what_never_came_takes_no_place_for_long(
    house: House, receipt: Receipt
) -> None:
    for _ in range(20):
        offer(house, receipt)
    answer = house.do(receipt["complaint_id"], "evidence", OFFER, None, token=receipt["consumer_token"])
    problem = refused(answer, 409, "not_allowed")
    assert problem["values"]["party"] == "consumer"
    assert "add_evidence" not in problem["allowed"]
    assert "note" in problem["allowed"]
    assert offer(house, receipt, "quality.he")["evidence_id"] == "21", "staff have room of their own"
    house.pass_time(minutes=19, seconds=59)
    refused(house.do(receipt["complaint_id"], "evidence", OFFER, "storefront"), 409, "not_allowed")
    house.pass_time(seconds=1)
    assert offer(house, receipt)["evidence_id"] == "22"


def test_what_arrived_takes_its_place_for_good_and_what_was_refused_none(house: House, receipt: Receipt) -> None:
    for number in range(1, 21):
        content = BAT if number == 20 else JPEG
        put(house, offer(house, receipt)["upload"]["fields"]["key"], content)
    assert run(app.receive_evidence, told()) == []
    house.pass_time(days=1)
    assert [one["status"] for one in view(house, receipt)["evidence"]] == ["received"] * 19 + ["refused"]
    upload(house, receipt)
    answer = house.do(receipt["complaint_id"], "evidence", OFFER, None, token=receipt["consumer_token"])
    refused(answer, 409, "not_allowed")


def test_what_is_looked_at_after_its_offer_was_forgotten_is_taken_and_taken_once(
    house: House, receipt: Receipt
) -> None:
    """An outage: S3 has the file, and whoever looks at it comes a day late."""
    put(house, offer(house, receipt, description="壶身的裂缝")["upload"]["fields"]["key"], JPEG)
    messages = told()
    house.pass_time(days=1)
    offer(house, receipt)
    for _ in range(2):
        assert run(app.receive_evidence, messages) == []
    (listed,) = public(house, receipt)["evidence"]
    assert (listed["evidence_id"], listed["description"], listed["status"]) == ("1", "壶身的裂缝", "received")
    assert folders(house, receipt) == {"evidence": {"1": JPEG}}


def test_a_form_used_again_after_its_file_was_refused_and_forgotten_changes_nothing(
    house: House, receipt: Receipt
) -> None:
    for _ in range(7):
        upload(house, receipt, content=BAT)
    before = [one["evidence_id"] for one in public(house, receipt)["evidence"]]
    assert "1" not in before
    put(house, key("incoming", receipt), JPEG)
    assert run(app.receive_evidence, told()) == []
    assert [one["evidence_id"] for one in public(house, receipt)["evidence"]] == before
    assert "incoming" not in folders(house, receipt)


# ---- downloading ---------------------------------------------------------------------------------------------------


def test_a_file_is_got_by_a_link_that_lives_five_minutes(house: House, receipt: Receipt) -> None:
    upload(house, receipt)
    answer = house.get(f"{path(receipt)}/evidence/1", token=receipt["consumer_token"])
    assert (answer.status, answer.text) == (302, "")
    assert answer.headers["cache-control"] == "no-store"
    link = urlsplit(answer.headers["location"])
    asked = {name: value for name, [value] in parse_qs(link.query).items()}
    assert link.scheme == "https"
    assert link.path == f"/{key('evidence', receipt)}-{hashlib.sha256(JPEG).hexdigest()}"
    assert asked["X-Amz-Expires"] == "300"
    assert asked["response-content-type"] == "image/jpeg"
    assert asked["response-content-disposition"] == "attachment; filename*=UTF-8''%E8%A3%82%E7%BC%9D.jpg"


def test_who_asks_for_the_link_itself_is_told_it_since_older_browsers_take_their_token_along_to_s3(
    house: House, receipt: Receipt
) -> None:
    upload(house, receipt)
    asked = f"{path(receipt)}/evidence/1"
    answer = house.get(f"{asked}?link=true", token=receipt["consumer_token"])
    assert (answer.status, answer.json.keys()) == (200, {"url"})
    assert requests.get(answer.json["url"], timeout=PATIENCE).content == JPEG
    assert house.get(f"{asked}?link=false", token=receipt["consumer_token"]).status == 302
    refused(house.get(f"{asked}?link=maybe", token=receipt["consumer_token"]), 422, "invalid", field="link")
    refused(house.get(f"{path(receipt)}/evidence/2?link=true", token=receipt["consumer_token"]), 404, "not_found")


def test_what_is_got_is_what_was_uploaded(house: House, receipt: Receipt) -> None:
    upload(house, receipt)
    link = house.get(f"{path(receipt)}/evidence/1", "legal.xu").headers["location"]
    assert requests.get(link, timeout=PATIENCE).content == JPEG


def test_a_file_of_another_complaint_is_not_there(house: House, receipt: Receipt) -> None:
    upload(house, receipt)
    another = house.file()
    refused(house.get(f"{path(another)}/evidence/1", "cs.lin"), 404, "not_found")
    refused(house.get(f"{path(another)}/evidence/1", token=another["consumer_token"]), 404, "not_found")
    refused(house.get(f"{path(receipt)}/evidence/1", token=another["consumer_token"]), 404, "not_found")
    refused(house.get("/v1/complaints/00000-00000/evidence/1", "cs.lin"), 404, "not_found")


# ---- the storefront that filed it ----------------------------------------------------------------------------------


def test_what_the_storefront_adds_is_the_consumers_and_the_timeline_says_who_added_it(
    house: House, receipt: Receipt
) -> None:
    assert upload(house, receipt, "storefront") == "1"
    (listed,) = public(house, receipt)["evidence"]
    assert (listed["added_by"], listed["file_name"]) == ("consumer", "裂缝.jpg")
    for who in (house.token("quality.he"), receipt["consumer_token"]):
        assert house.get(f"{path(receipt)}/evidence/1", token=who).status == 302
    refused(house.get(f"{path(receipt)}/evidence/1", "storefront"), 403, "forbidden")
    entries = house.get(f"{path(receipt)}/timeline", "audit.qin").json["items"]
    assert [(entry["type"], entry["actor"]["kind"]) for entry in entries[1:]] == [
        ("EvidenceOffered", "storefront"),
        ("EvidenceReceived", "system"),
    ]
    assert entries[1]["actor"]["id"] == house.claims("storefront")["client_id"]


def test_a_storefront_adds_nothing_to_what_it_did_not_file(house: House) -> None:
    by_phone = house.post("/v1/complaints", KETTLE | {"channel": "phone"}, "cs.lin").json
    refused(house.do(by_phone["complaint_id"], "evidence", OFFER, "storefront"), 404, "not_found")


def test_what_the_storefront_adds_answers_what_was_asked(house: House) -> None:
    receipt = house.bring_to("investigating")
    house.do(receipt["complaint_id"], "information-requests", {"question": "裂在哪里？请拍照。"})
    assert view(house, receipt)["deadline"]["waiting_for"] == "answer"
    upload(house, receipt, "storefront")
    seen = view(house, receipt)
    assert [one["status"] for one in seen["information_requests"]] == ["answered"]
    assert seen["deadline"]["waiting_since"] is None


def test_what_the_storefront_adds_since_a_plan_waits_to_be_read(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    upload(house, receipt, "storefront")
    assert view(house, receipt)["deadline"]["waiting_for"] == "reading"
    assert house.do(receipt["complaint_id"], "information-reading", {}).status == 200


def test_what_the_storefront_asks_for_twice_is_one_file(house: House, receipt: Receipt) -> None:
    def ask(size: int) -> Any:
        body, key = OFFER | {"size": size}, "shop's file"
        return house.do(receipt["complaint_id"], "evidence", body, "storefront", Idempotency_Key=key)

    first, again = ask(1_000), ask(1_000)
    assert (again.status, again.json["evidence_id"], again.headers["idempotency-replayed"]) == (201, "1", "true")
    assert again.json["upload"]["fields"]["key"] == first.json["upload"]["fields"]["key"]
    refused(ask(2_000), 422, "idempotency_mismatch")
    assert offer(house, receipt, "storefront")["evidence_id"] == "2"


# ---- the report cites it -------------------------------------------------------------------------------------------


def test_a_report_cites_what_is_there_and_nothing_else(house: House) -> None:
    receipt = house.bring_to("investigating")
    upload(house, receipt)
    upload(house, receipt, "cs.lin", content=BAT)
    offer(house, receipt)
    complaint_id = receipt["complaint_id"]
    for number in ("2", "3", "4", "order"):
        answer = house.do(complaint_id, "investigation-report", REPORT | {"evidence": ["1", number]})
        refused(answer, 422, "invalid", field="evidence.1")
    answer = house.do(complaint_id, "investigation-report", REPORT | {"evidence": ["1"]})
    assert (answer.status, answer.json["investigation_report"]["evidence"]) == (200, ["1"])
