"""The door of the console: who may come in by which cookie, and what comes from elsewhere."""

from tests.house import House


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
