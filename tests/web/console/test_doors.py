"""The door of the console: who may come in by which cookie, and what comes from elsewhere."""

import pytest
from botocore.exceptions import ClientError

from tests.house import House, forget


def test_whoever_has_signed_in_sees_what_waits_for_them(lasting_house: House) -> None:
    answer = lasting_house.look("/console", "cs.lin")
    assert answer.status == 200
    assert "<b>cs.lin</b>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_whoever_has_not_is_asked_to(lasting_house: House) -> None:
    answer = lasting_house.get("/console", Accept="text/html", Host="localhost")
    assert (answer.status, answer.headers["location"]) == (303, "/console/sign-in")
    assert lasting_house.get("/console", "cs.lin", Accept="*/*", Host="localhost").status == 401


@pytest.mark.parametrize(
    "beside",
    [
        'seen={"x": 1}',
        "a b=c",
        "last[shop]=1",
        "name=王芳",
        "=x",
        "Secure",
        "since=Wed, 21 Oct 2026 07:28:00 GMT",
        ";;",
        "$Version=1",
    ],
)
def test_what_others_keep_in_the_browser_signs_nobody_out(lasting_house: House, beside: str) -> None:
    own = lasting_house.signed_in("cs.lin")["Cookie"]
    for cookie in (f"{beside}; {own}", f"{own}; {beside}"):
        assert lasting_house.look("/console", "cs.lin", Cookie=cookie).status == 200, cookie


@pytest.mark.parametrize("again", ["é", "a b", '"\\015\\012Set-Cookie: a=b"', "<script>", "x,y"])
def test_what_cannot_be_a_token_is_not_shown_to_the_user_pool(lasting_house: House, again: str) -> None:
    with lasting_house.counting() as calls:
        answer = lasting_house.look("/console", "cs.lin", Cookie=f"redress-again={again}")
    assert (answer.status, "set-cookie" in answer.headers, calls) == (303, False, [])


@pytest.mark.parametrize("page", ["/console", "/console/queue", "/console/board", "/console/complaints/{}?act=assign"])
def test_a_page_opens_where_nobody_knows_who_works_here(lasting_house: House, page: str) -> None:
    house = lasting_house
    complaint_id = house.file()["complaint_id"]

    def fail(call: str, moment: str) -> None:
        if call == "cognito-idp:ListUsersInGroup":
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "ListUsersInGroup")

    forget()
    with house.interfering(fail):
        answer = house.look(page.format(complaint_id), "cs.lead")
    assert answer.status == 200
    assert "act=assign" not in page or '<input name="assignee"' in answer.text
