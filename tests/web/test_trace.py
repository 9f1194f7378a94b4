"""Whoever reads leaves a trace: the log says who asked for which complaint, and no word of it."""

from typing import Any

import pytest

from tests.examples import PUBLIC_NOTE
from tests.hearing import hearing
from tests.house import House

from .uploads import upload

READS = ("", "/timeline", "/notices", "/evidence/1")


def line_of(house: House, path: str, **credentials: Any) -> dict[str, Any]:
    """The line that a request leaves in the log."""
    with hearing() as heard:
        house.get(path, **credentials)
    (line,) = heard.about("request")
    return line


@pytest.mark.parametrize("part", READS)
def test_every_read_of_a_complaint_says_in_the_log_who_read_which(house: House, part: str):
    receipt = house.file()
    upload(house, receipt)
    line = line_of(house, f"/v1/complaints/{receipt['complaint_id']}{part}", who="audit.qin")
    assert (line["record"], line["caller"], line["who"]) == (receipt["complaint_id"], "staff", "audit.qin")
    assert line["status"] in (200, 302)
    assert line.get("evidence_id") == ("1" if "evidence" in part else None)


def test_a_storefront_is_named_by_its_client_and_a_consumer_is_the_complaints_own(house: House):
    receipt = house.file()
    path = f"/v1/complaints/{receipt['complaint_id']}"
    shop = line_of(house, path, who="storefront")
    assert (shop["caller"], shop["who"]) == ("storefront", house.environment["REDRESS_STOREFRONT_CLIENT_IDS"])
    own = line_of(house, path, token=receipt["consumer_token"])
    assert (own["caller"], own["record"]) == ("consumer", receipt["complaint_id"])
    assert "who" not in own


def test_who_is_refused_leaves_a_line_with_status_and_kind_of_caller(house: House):
    receipt, other = house.file(), house.file()
    path = f"/v1/complaints/{receipt['complaint_id']}"
    assert [
        (line["status"], line["caller"], line["record"])
        for line in (
            line_of(house, path),
            line_of(house, path, token="rt1.no.0.no"),
            line_of(house, path + "/notices", who="storefront"),
            line_of(house, path, token=other["consumer_token"]),
        )
    ] == [
        (401, "nobody", receipt["complaint_id"]),
        (401, "nobody", receipt["complaint_id"]),
        (403, "storefront", receipt["complaint_id"]),
        (404, "consumer", receipt["complaint_id"]),
    ]


def test_the_log_has_no_word_that_anybody_wrote_and_no_path_that_anybody_made_up(house: House):
    receipt = house.file()
    number = receipt["complaint_id"]
    house.do(number, "notes", PUBLIC_NOTE)
    secret = "13800138000"
    with hearing() as heard:
        for part in (*READS, f"/evidence/{secret}"):
            house.get(f"/v1/complaints/{number}{part}", "cs.lin")
        house.get(f"/v1/complaints/{secret}", "cs.lin")
        for made_up in (f"/pages/{secret}/late.js", f"/track/{secret}", f"/v1/problems/{secret}"):
            house.get(made_up)
        house.do(number, f"timeline/{secret}/retraction", {"reason": secret}, "cs.lead")
        house.do(number, f"inquiries/{secret}/answer", {"assessment": secret}, "quality.he")
        for page in ("track", "pages", "policy"):
            for end in ("", "/late.js", "/content", f"%23token={receipt['consumer_token']}"):
                house.get(f"/{page}/{secret}{end}?{secret}={secret}")
        house.post(f"/v1/complaints/{secret}/session", {"code": secret})
        house.post("/v1/lost-links", {"order_number": secret, "phone": secret})
    said = str(heard.lines)
    for word in (secret, "王芳", "电热水壶", PUBLIC_NOTE["text"], "wang@example.cn", receipt["consumer_token"]):
        assert word not in said


def test_no_refusal_repeats_a_secret(house: House):
    """Neither the answer nor the log: not the token, not the password, not what stands in a value or a path."""
    receipt = house.file()
    path, secret = f"/v1/complaints/{receipt['complaint_id']}", f"{receipt['consumer_token'][:-1]}~"
    with hearing() as heard:
        answers = [
            house.get(path, token=secret),
            house.get(f"{path}?token={secret}", who="cs.lin"),
            house.get(f"/v1/complaints/{secret}", who="cs.lin"),
            house.get(f"{path}/timeline?cursor={secret}", who="cs.lin"),
            house.get(f"{path}/evidence/{secret}", who="cs.lin"),
            house.do(receipt["complaint_id"], "assignment", {"assignee": secret}),
            house.do(receipt["complaint_id"], "notes", {"text": 5, "public": secret}),
            house.post("/v1/sign-in", {"username": "cs.lin", "password": secret}),
            house.post("/v1/sign-in", {"refresh_token": secret}),
        ]
    assert {answer.status for answer in answers} <= {400, 401, 404, 422}
    assert [answer.text for answer in answers if secret in answer.text] == []
    assert secret not in str(heard.lines)
