"""What somebody of staff is told of themselves, and of nobody else."""

import pytest

from tests.house import FRIDAY, House

from .examples import a_sheet, a_training


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def waiting(house: House, who: str) -> dict[str, int]:
    return {one["kind"]: one["number"] for one in house.get("/v1/me", who).json["waiting"]}


def test_one_reads_groups_duty_and_absences_that_are_not_over(house: House) -> None:
    house.take_off_duty("cs.lead")
    house.send_away("cs.lead", "2026-10-01/2026-10-03, 2026-10-09, 2026-12-24/2026-12-31")
    found = house.get("/v1/me", "cs.lead").json
    assert (found["name"], found["groups"], found["on_duty"]) == ("cs.lead", ["customer_service", "supervisor"], False)
    assert found["absences"] == [
        {"from": "2026-10-09", "until": "2026-10-09"},
        {"from": "2026-12-24", "until": "2026-12-31"},
    ]
    others = house.get("/v1/me", "cs.chen").json
    assert (others["on_duty"], others["absences"]) == (True, [])


def test_what_waits_is_counted_as_on_today_and_by_groups(house: House) -> None:
    before = waiting(house, "cs.lin")
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.do(complaint_id, "assignment", {"assignee": "cs.lin"})
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "是否召回？"})
    after = waiting(house, "cs.lin")
    assert {kind: after[kind] - before[kind] for kind in after if after[kind] != before[kind]} in (
        {"mine": 1},
        {"mine": 1, "mine_today": 1},
    )
    asked, judged, decides = (waiting(house, who) for who in ("quality.he", "audit.qin", "management.zhou"))
    assert asked["inquiries"] >= 1
    assert "mine" not in asked
    assert judged.keys() == {"hearings", "study", "improvements", "findings"}
    assert decides.keys() - judged.keys() == {"overdue", "dangers", "survey_reviews", "decisions"}


def test_the_newest_sheet_and_what_is_still_to_be_learned_are_ones_own(house: House) -> None:
    name = a_sheet(house)
    a_training("conduct-20261009", house.now, "quality.he")
    own = house.get("/v1/me", "quality.he").json
    assert own["sheet"]["sheet_id"] == name
    assert [(one["id"], one["late"]) for one in own["training"]] == [("conduct-20261009", False)]
    other = house.get("/v1/me", "quality.xie").json
    assert (other["sheet"], other["training"]) == (None, [])


def test_whom_the_pool_does_not_know_any_more_is_off_duty(house: House) -> None:
    token = house.pool_token(**house.claims("cs.lin") | {"username": "cs.gone"})
    found = house.get("/v1/me", token=token)
    assert (found.status, found.json["on_duty"], found.json["called"]) == (200, False, None)
