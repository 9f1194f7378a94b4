"""The page of a complaint at its edges: as much of everything as there can be, another policy, another's files."""

from datetime import UTC, datetime
from typing import Any

import pytest

import app
from chalicelib.web.bodies import ACTIONS
from tests.casework.mailroom import Mailroom
from tests.casework.streams import run
from tests.examples import PLAN, REJECTION, REPORT
from tests.house import FRIDAY, House
from tests.web.uploads import JPEG, OFFER, offer, put, told

from .test_doing import at, done, hidden, typed

NOVEMBER, DECEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC), datetime(2026, 12, 2, 2, tzinfo=UTC)
"""The second version of the policy is in force from December on."""
MOST_BYTES = 1_000_000


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


# ---- what the policy of a complaint needs ----------------------------------------------------------------------------


def without(content: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: one for name, one in content.items() if name not in names}


@pytest.mark.parametrize(("received", "needs"), [(NOVEMBER, False), (DECEMBER, True)])
def test_a_form_needs_what_the_policy_of_its_complaint_does(house: House, received: datetime, needs: bool) -> None:
    house.now = received
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.now = DECEMBER
    form = house.look(at(complaint_id, "report"), "cs.lin")
    assert ('<select name="cause_code" id="f-cause_code" required' in form.text) == needs
    report = typed(without(REPORT, "verdict", "cause_code"))
    answer = done(house, complaint_id, "report", "cs.lin", hidden(form) | report)
    assert answer.status == (422 if needs else 303)
    for name in ("verdict", "cause_code"):
        assert (f'<a href="#f-{name}">' in answer.text) == needs
    if needs:
        assert done(house, complaint_id, "report", "cs.lin", hidden(answer) | typed(REPORT)).status == 303
    plan = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    rejected = done(house, complaint_id, "propose_plan", "cs.lin", plan | typed(without(REJECTION, "basis")))
    assert (rejected.status, '<a href="#f-basis">' in rejected.text) == ((422, True) if needs else (200, False))


# ---- as much as there can be -----------------------------------------------------------------------------------------


def test_a_complaint_with_much_of_everything_is_a_page_in_two_round_trips(house: House) -> None:
    complaint_id = house.bring_to("investigating", description="裂" * 4_000)["complaint_id"]
    for _ in range(5):
        house.file()
    Mailroom(house).react()
    for number in range(30):
        question = {"department": "quality", "question": f"第{number}问：" + "为什么裂？" * 100}
        assert house.do(complaint_id, "inquiries", question).status == 201
        answer = {"assessment": "壶壁太薄。" * 100}
        assert house.do(complaint_id, f"inquiries/{number + 1}/answer", answer, "quality.he").status == 200
    for number in range(20):
        offered = house.do(complaint_id, "evidence", OFFER | {"file_name": f"裂缝{number}.jpg"})
        put(house, offered.json["upload"]["fields"]["key"], JPEG)
    assert run(app.receive_evidence, told()) == []
    assert house.do(complaint_id, "investigation-report", REPORT).status == 200
    for _ in range(10):
        plan = PLAN | {"follow_up_measures": ["退款到账后回访", "换新包装"], "summary": "我们为您退款。" * 100}
        assert house.do(complaint_id, "resolution-plan", plan).status == 200
        assert house.do(complaint_id, "feedback", {"satisfied": False, "opinion": "太慢了。" * 100}).status == 200

    acts = ["", "draft_plan", "ask", *[*ACTIONS][::8]]
    for path in (*(at(complaint_id, action) for action in acts), f"/console/complaints/{complaint_id}/print"):
        with house.counting() as calls:
            page = house.look(path, "cs.lin")
        assert page.status == 200, path
        assert len(page.text.encode()) < MOST_BYTES, path
        assert len([one for one in calls if one.startswith("dynamodb:")]) <= 3, (path, calls)
    assert house.look("/console/queue", "cs.lin").status == 200


# ---- what is another's, or is not there ------------------------------------------------------------------------------


def test_a_file_is_opened_only_at_the_complaint_that_it_is_of(house: House) -> None:
    receipt, other = house.file(), house.file(order_number="E-2")["complaint_id"]
    put(house, offer(house, receipt)["upload"]["fields"]["key"], JPEG)
    run(app.receive_evidence, told())
    complaint_id = receipt["complaint_id"]
    assert house.look(f"/console/complaints/{complaint_id}/evidence/1", "cs.lin").status == 302
    for named in ("1", "0", f"{complaint_id}-1", f"{complaint_id}.1", "%2e%2e", "%00", "x" * 500):
        answer = house.look(f"/console/complaints/{other}/evidence/{named}", "cs.lin")
        assert (answer.status, "location" in answer.headers) == (404, False), named


@pytest.mark.parametrize("named", ["AAAAA-AAAAA", "nonsense", "audit_2026Q4", "%00"])
def test_who_is_near_what_is_no_complaint_leaves_nothing_behind(house: House, named: str) -> None:
    before = house.items_kept()
    assert house.submit(f"/console/complaints/{named}/presence", "cs.lin", {"seen": "1"}).status == 404
    assert house.items_kept() == before
