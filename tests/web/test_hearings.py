"""8.3 over HTTP: who missed a due time is heard, management decides, and nobody but four reads of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters import outbox, store
from chalicelib.casework import hearings, lines
from chalicelib.casework.ring import ring
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.telling.kinds import OF_HEARINGS
from chalicelib.domain.telling.notices import notices_of
from tests.house import House, refused

OTHERS = ("cs.chen", "quality.he", "logistics.gao", "legal.xu")
READERS = ("cs.lin", "cs.lead", "management.zhou", "audit.qin")
DECISION = {"measure": "written_reminder", "reasons": "时间确实紧，仍应提前说明。"}


def breach(house: House, number: str, who: str) -> dict[str, Any]:
    return dict(house.get(f"/v1/complaints/{number}", who).json["breaches"][0])


def kinds(house: House, number: str, who: str) -> list[str]:
    return [one["type"] for one in house.get(f"/v1/complaints/{number}/timeline?limit=100", who).json["items"]]


@pytest.fixture
def number(house: House) -> str:
    return str(house.heard()["complaint_id"])


def test_they_are_heard_decided_of_and_another_of_management_decides_on_their_objection(house: House, number: str):
    path = "breaches/1"
    stated = house.do(number, f"{path}/statement", {"text": "中午才分派给我。"})
    assert (stated.status, stated.json["hearing"]["stage"], stated.json["number"]) == (200, "deciding", 1)
    decided = house.do(number, f"{path}/decision", DECISION, "management.zhou")
    assert (decided.json["hearing"]["stage"], decided.json["hearing"]["measure"]) == ("decided", "written_reminder")
    house.do(number, f"{path}/objection", {"text": "我已报告主管。"})
    again = house.do(number, f"{path}/decision", DECISION, "management.zhou")
    assert refused(again, 403, "forbidden")["reason"] == "another_decides"
    last = house.do(number, f"{path}/decision", DECISION | {"measure": "not_attributable"}, "management")
    assert [one["by"] for one in last.json["hearing"]["decisions"]] == ["management.zhou", "management"]
    assert (last.json["hearing"]["stage"], last.json["hearing"]["due_at"]) == ("final", None)


def test_four_may_read_it_and_nobody_else(house: House, number: str):
    receipt = house.heard("state_case", "decide_hearing")
    number = receipt["complaint_id"]
    for entry in store.timeline(number, 0, 100):
        for key in notices_of(entry):
            outbox.queue(key, house.now, house.now)
    for who in READERS:
        assert breach(house, number, who)["hearing"]["statement"], who
        assert {"HearingOpened", "CaseStated", "HearingDecided"} <= set(kinds(house, number, who))
    for who in (*OTHERS, *STAFF - {"supervisor", "management", "audit"}):
        shown = house.get(f"/v1/complaints/{number}", who)
        assert shown.json["breaches"][0]["hearing"] is None, who
        assert not any("Hearing" in one or "Case" in one for one in kinds(house, number, who)), who
        told = house.get(f"/v1/complaints/{number}/notices?limit=100", who).json["items"]
        assert not {one["kind"] for one in told} & OF_HEARINGS, who
        assert "系统停了四个小时" not in shown.text + str(told)
    told = house.get(f"/v1/complaints/{number}/notices?limit=100", "cs.lead").json["items"]
    assert {"hearing_opened", "hearing_to_decide", "hearing_decided"} <= {one["kind"] for one in told}
    own = house.get(f"/v1/complaints/{number}/notices?limit=100", "cs.lin").json["items"]
    assert {one["kind"] for one in own} & OF_HEARINGS == {"hearing_opened", "hearing_decided"}
    seen = house.get(f"/v1/complaints/{number}", token=receipt["consumer_token"]).text
    assert "hearing" not in seen.lower()
    assert "written_reminder" not in seen


def test_whoever_may_not_read_of_it_cannot_tell_whether_there_is_a_hearing(house: House, number: str):
    for which in ("1", "7"):
        answer = house.do(number, f"breaches/{which}/statement", {"text": "不是我"}, "cs.chen")
        assert refused(answer, 403, "forbidden")["reason"] == "hearing_of_another"
    answer = house.do(number, "breaches/7/decision", DECISION, "management.zhou")
    assert refused(answer, 404, "not_found")["reason"] == "hearing_unknown"


def test_everybody_has_a_list_of_what_waits_for_them_and_management_of_what_it_decides(house: House, number: str):
    mine = house.get("/v1/hearings", "cs.lin").json["items"]
    assert number in [one["record"] for one in mine]
    assert {(one["about"], one["person"], one["stage"]) for one in mine} == {("breach", "cs.lin", "hearing")}
    assert refused(house.get("/v1/hearings?person=cs.lin", "cs.chen"), 403, "forbidden")["reason"] == (
        "hearings_of_others"
    )
    refused(house.get("/v1/hearings?to_decide=true", "cs.lin"), 403, "forbidden")
    assert house.get("/v1/hearings?person=cs.lin", "audit.qin").json["items"] == mine
    house.do(number, "breaches/1/statement", {"text": "中午才分派给我。"})
    assert number not in [one["record"] for one in house.get("/v1/hearings", "cs.lin").json["items"]]
    to_decide = house.get("/v1/hearings?to_decide=true", "management.zhou").json["items"]
    assert ("deciding", False) in [(one["stage"], one["overdue"]) for one in to_decide if one["record"] == number]


def test_whoever_says_nothing_is_decided_of_and_what_is_not_objected_to_is_final(house: House, number: str):
    house.pass_time(days=6)
    ring(number, house.now)
    assert breach(house, number, "cs.lin")["hearing"]["stage"] == "deciding"
    late = house.do(number, "breaches/1/statement", {"text": "等等。"})
    assert refused(late, 409, "not_allowed")["reason"] == "heard_already"
    house.do(number, "breaches/1/decision", DECISION, "management.zhou")
    house.pass_time(days=10)
    ring(number, house.now)
    hearing = breach(house, number, "cs.lin")["hearing"]
    assert (hearing["stage"], hearing["measure"]) == ("final", "written_reminder")


def figures(house: House) -> Iterator[dict[str, Any]]:
    yield from house.get("/v1/breaches/statistics", "management.zhou").json["items"]


def test_figures_are_of_departments_and_say_nothing_of_fewer_than_ten(house: House):
    for n in range(1, 11):
        number = house.heard("state_case", "decide_hearing")["complaint_id"]
        for entry in store.timeline(number, 0, 100):
            lines.write_lines(entry, house.now)
        (of,) = figures(house)
        assert (of["department"], of["decided"], of["breaches"]) == ("customer_service", n, n)
        assert of["measures"] == ({"talk": 10} if n == 10 else None)
    refused(house.get("/v1/breaches/statistics", "cs.lin"), 403, "forbidden")


def test_for_what_a_department_missed_nobody_is_heard(house: House):
    number = house.file()["complaint_id"]
    house.pass_time(hours=25)
    ring(number, house.now)
    for entry in store.timeline(number, 0, 100):
        hearings.open_hearings(entry, house.now)
    missed = breach(house, number, "cs.lead")
    assert (missed["held_by"], missed["hearing"]) == ("customer_service", None)
