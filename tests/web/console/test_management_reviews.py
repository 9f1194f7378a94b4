"""Management reviews on the screen (6): what there was to look at, the minutes, the measures until they are done."""

import re
from datetime import date

import pytest

from chalicelib.casework import review_inputs, rules
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.management_review import (
    ActionLookedAt,
    AuditLookedAt,
    ChangeLookedAt,
    Inputs,
    Performance,
)
from tests.house import House
from tests.rights import STAFF
from tests.web.examples import a_review
from tests.web.test_review_document import BEFORE, FIGURES

from .acted import do, opened
from .filled import sent

MEASURE = {"what": "质检增加一名复核人员。", "owner": "cs.lead", "due": "2026-12-31", "moves": "M14"}
PRESENT = {"participants": ["management.zhou", "cs.lead"]}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def page_of(review_id: str) -> str:
    return f"/console/management-reviews/{review_id}"


def hold(house: House, review_id: str, who: str = "management.zhou", **changes: str | list[str]) -> str:
    fields = sent(opened(house, page_of(review_id), "hold_review", "management.zhou")).fields
    typed = {f"measures.0.{name}": value for name, value in MEASURE.items()}
    said = {"held_on": "2026-10-09", "text": "投诉总量平稳。", **PRESENT, **typed, **changes}
    answer = house.submit(f"{page_of(review_id)}/acts/hold_review", who, {**fields, **said})
    return answer.headers.get("location", str(answer.status))


def test_what_is_looked_at_leads_to_where_it_comes_from(house: House) -> None:
    report = "report_half_yearly-2019-H2-1"
    inputs = Inputs(
        review_id="review_2019H2",
        half=period_of("half_yearly", date(2019, 12, 1)),
        prepared_at=house.now,
        policy_version=1,
        performance=Performance(report_id=report, hash="ab", figures=FIGURES, before=BEFORE),
        audits=(AuditLookedAt(audit_id="audit_2019Q3-1", stage="draft", period="2019Q3"),),
        actions=(
            ActionLookedAt(
                record="review_2019H1", number=1, what="增加晚班", owner="cs.lead", due=date(2019, 9, 1), missed=True
            ),
        ),
        changes=(ChangeLookedAt(amendment_id="amendment_3", document="rules", stage="in_force", number=2),),
    )
    review_inputs.lay_down(inputs, house.now, rules.in_force(house.now))
    text = house.look(page_of("review_2019H2"), "audit.qin").text
    for path in (
        f"reports/{report}",
        f"reports/{report}#M01",
        "audits/audit_2019Q3-1",
        "management-reviews/review_2019H1",
        "policy/amendments/amendment_3",
    ):
        assert f'href="/console/{path}"' in text, path
    for called in ("2019年下半年投诉半年报", "2019年第3季度内部审计", "2019年上半年管理评审"):
        assert f">{called}</a>" in text, "by the name that people have for it"
    printed = house.look(f"{page_of('review_2019H2')}/print", "audit.qin").text
    assert "增加晚班" in printed
    assert "href=" not in printed.partition("<body>")[2]


def test_it_is_held_and_its_measure_done_by_whoever_has_it(house: House) -> None:
    review_id = a_review(house)
    listed = house.look("/console/management-reviews", "management.wu").text
    assert f'href="{page_of(review_id)}"' in listed
    assert "待召开" in listed
    assert hold(house, review_id) == f"{page_of(review_id)}?done=hold_review#main"
    held = house.look(page_of(review_id), "cs.lead").text
    assert "质检增加一名复核人员。" in held
    assert re.search(r'href="[^"]*act=finish_measure&amp;part=1#doing"', held)
    assert "finish_measure" not in house.look(page_of(review_id), "management.wu").text, "it is not theirs"
    done = do(house, page_of(review_id), "finish_measure", "cs.lead", {"note": "已到岗。"})
    assert done.status == 303, done.text
    closed = house.look(page_of(review_id), "audit.qin").text
    assert "已到岗。" in closed
    assert "已完成" in closed


def test_nobody_holds_it_by_the_form_who_may_not_by_the_api(house: House) -> None:
    review_id, kept = a_review(house), house.items_kept()
    for group in sorted(STAFF - {"management"}):
        assert hold(house, review_id, group) == "403", group
    assert hold(house, review_id, participants=["nobody.here"]) == "422"
    assert hold(house, review_id, held_on="2031-01-01") == "422"
    assert house.items_kept() == kept
