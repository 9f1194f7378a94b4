"""Adding files from the page of a complaint: where to, and what became of them."""

import json

import app
from tests.casework.streams import run
from tests.house import House
from tests.web.uploads import JPEG, put, told

FILE = {"file_name": "外箱.jpg", "content_type": "image/jpeg", "size": "1000", "description": "压痕"}
SCRIPT = {"Accept": "application/json"}


def test_a_file_is_offered_sent_and_listed(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    address = f"/console/complaints/{complaint_id}/files"
    answer = house.submit(address, "logistics.gao", FILE, **SCRIPT)
    assert (answer.status, answer.headers["content-type"]) == (201, "application/json")
    offered = json.loads(answer.text)
    coming = house.look(address, "cs.lin").text
    assert f'data-coming="{offered["evidence_id"]}"' in coming
    put(house, offered["upload"]["fields"]["key"], JPEG)
    assert run(app.receive_evidence, told()) == []
    listed = house.look(address, "cs.lin").text
    assert f'data-file="{offered["evidence_id"]}"' in listed
    assert "外箱.jpg" in listed
    assert "压痕" in listed
    assert "data-coming" not in listed
    assert "<html" not in listed


def test_what_is_offered_twice_by_one_key_is_one_file(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    address = f"/console/complaints/{complaint_id}/files"
    once, again = (
        house.submit(address, "cs.lin", FILE, **SCRIPT, **{"Idempotency-Key": "a-file"}).text for _ in range(2)
    )
    assert json.loads(once)["evidence_id"] == json.loads(again)["evidence_id"]


def test_the_script_is_told_what_is_wrong_with_a_file(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    address = f"/console/complaints/{complaint_id}/files"
    answer = house.submit(address, "cs.lin", FILE | {"size": "0"}, **SCRIPT)
    assert answer.status == 422
    assert [one["field"] for one in answer.json["errors"]] == ["size"]
    page = house.submit(address, "cs.lin", FILE | {"content_type": "text/html"}, **SCRIPT)
    assert page.status == 422
