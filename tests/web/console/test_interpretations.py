"""Interpretations of the policy, and its reviews, on the screen (7.1, 7.2)."""

from datetime import timedelta

import pytest

from chalicelib.adapters import figures, registers
from chalicelib.casework import study_rounds
from chalicelib.domain.governance.reviews import Amended, Inputs, Month, PolicyReview, written
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from chalicelib.web.console.policy import interpretations, reviews, study
from chalicelib.web.door import Call
from infra.local.staff import STAFF
from tests.examples import EXAMPLES
from tests.house import FRIDAY, House
from tests.published import publish
from tests.web.piece import read

from .acted import do, opened
from .filled import sent, speech

PAGE = "/console/policy/interpretations"
STUDY = "/console/policy/study/1"
REVIEWS = "/console/policy/reviews"
RULING = EXAMPLES["interpret_policy"].body
REVIEW = EXAMPLES["review_interpretation"].body
DECISION = EXAMPLES["review_policy"].body


def announce_third(house: House) -> None:
    update = {"version": 3, "effective_from": house.now + timedelta(days=7)}
    publish(versions.packaged(Rules)[2].model_copy(update=update), house.now)


def test_customer_service_says_what_a_clause_means_and_everybody_reads_it(house: House) -> None:
    answer = do(house, PAGE, "interpret", "cs.lin", RULING)
    assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}/1?done=interpret#main")
    page = read(house.look(f"{PAGE}/1?done=interpret", "logistics.gao").text)
    assert RULING["ruling"] in page.text
    assert "3个工作日" in page.text, "what the clause itself says"
    assert page.one("p", role="status")
    assert RULING["question"] in house.look(f"{PAGE}?clause=4.2c", "audit.qin").text
    assert RULING["question"] not in house.look(f"{PAGE}?clause=1.1", "audit.qin").text


def test_with_a_new_version_each_is_kept_revised_or_ended(house: House) -> None:
    house.now = FRIDAY
    house.post("/v1/policy/interpretations", RULING, "cs.lin")
    announce_third(house)
    assert RULING["question"] in house.look(f"{PAGE}?state=to_review", "cs.lin").text
    assert do(house, f"{PAGE}/1", "review", "cs.chen", REVIEW).status == 303
    page = house.look(f"{PAGE}/1?done=review", "cs.lin").text
    assert REVIEW["ruling"] in page
    assert RULING["ruling"] in page, "as it was given first"
    refused = do(house, f"{PAGE}/1", "review", "cs.chen", {"decision": "revise", "reasons": "说得不清楚。"})
    assert refused.status == 422
    assert "修订时必须写明新的解释内容" in refused.text
    assert "说得不清楚。" in refused.text


def test_what_a_colleague_decided_meanwhile_is_shown_before_anything_is_decided_on_it(house: House) -> None:
    house.post("/v1/policy/interpretations", RULING, "cs.lin")
    form = opened(house, f"{PAGE}/1", "review", "cs.lin")
    fields = {name: [*values] for name, values in sent(form).fields.items()}
    fields |= {"decision": ["keep"], "reasons": ["仍然适用。"]}
    house.post("/v1/policy/interpretations/1/review", {"decision": "keep", "reasons": "不变。"}, "cs.chen")
    answer = house.submit(f"{PAGE}/1/acts/review", "cs.lin", fields)
    assert answer.status == 412
    assert "不变。" in answer.text
    assert "仍然适用。" in answer.text
    again = {name: [*values] for name, values in sent(read(answer.text).one("form", id="do")).fields.items()}
    assert [house.submit(f"{PAGE}/1/acts/review", "cs.lin", again).status for _ in range(2)] == [303, 303]
    assert len(house.get("/v1/policy/interpretations/1", "cs.lin").json["reviews"]) == 2


def test_who_may_not_interpret_or_review_by_the_api_may_not_by_a_form(house: House) -> None:
    house.post("/v1/policy/interpretations", RULING, "cs.lin")
    kept = house.items_kept()
    for who in ("quality.he", "legal.xu", "management.zhou", "audit.qin"):
        assert not read(house.look(f"{PAGE}?act=interpret", who).text).all("form", id="do")
        assert house.submit(f"{PAGE}/acts/interpret", who, RULING).status == 403
        assert house.submit(f"{PAGE}/1/acts/review", who, REVIEW).status == 403
    for who in ("cs.lead", "legal.xu", "audit.qin"):
        assert house.submit(f"{REVIEWS}/acts/review", who, DECISION).status == 403
    assert house.items_kept() == kept


# ---- reviews ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def review(house: House) -> PolicyReview:
    """One that looked at a month, an interpretation and an amendment."""
    first = FRIDAY.date().replace(month=9, day=1)
    figures = {"M01": 130.0, "M03": 0.987, "M16": 3.5}
    month = Month(report_id="report_monthly-2026-09-1", first=first, hash="a" * 64, computed_at=FRIDAY, figures=figures)
    amended = Amended(amendment_id="amendment_2026-1", document="rules", stage="draft", opinions=2, unanswered=1)
    inputs = Inputs(since=FRIDAY, version=1, to_come=(2,), months=(month,), interpretations=(1,), amendments=(amended,))
    said = {"number": 1, "at": FRIDAY, "by": "management.zhou", "decision": "keep", "reasons": "各项指标稳定。"}
    about = {"cause": "months", "due_on": FRIDAY.date() - timedelta(days=3), "late": True, "inputs": inputs}
    one = PolicyReview.model_validate(said | about)
    registers.put("POLICY_REVIEWS", 1, written(one), None, FRIDAY)
    return one


def test_each_figure_that_a_review_looked_at_leads_to_its_cases(house: House, review: PolicyReview) -> None:
    page = read(house.look(f"{REVIEWS}/1", "audit.qin").text)
    links = {one.given["href"]: one.text for one in page.all("a")}
    report = "/console/reports/report_monthly-2026-09-1"
    assert links[f"{report}/cases?measure=M03"] == "98.7%"
    assert links[report] == "2026年9月"
    assert f"{report}/cases?measure=M05" not in links, "too few"
    assert "/console/policy/amendments/amendment_2026-1" in links
    assert "逾期进行" in page.text


def test_management_records_what_it_decided_and_the_house_what_there_was_to_look_at(house: House) -> None:
    assert "下次评审最迟在" in house.look(REVIEWS, "cs.lead").text
    answer = do(house, REVIEWS, "review", "management.zhou", DECISION)
    assert (answer.status, answer.headers["location"]) == (303, f"{REVIEWS}/1?done=review#main")
    page = house.look(f"{REVIEWS}/1?done=review", "cs.lead").text
    assert DECISION["reasons"] in page
    assert f"{REVIEWS}/1" in house.look(REVIEWS, "audit.qin").text


# ---- today -----------------------------------------------------------------------------------------------------------


def test_today_tells_the_supervisor_who_is_late_and_customer_service_what_to_look_at_again(house: House) -> None:
    then = house.now
    house.now = then + timedelta(days=20)
    study_rounds.note_staff(then, then)
    house.post("/v1/policy/interpretations", RULING, "cs.lin")
    announce_third(house)
    found = {who: dict(waits(house, who)) for who in ("cs.lead", "cs.lin", "management.zhou")}
    late = len(read(house.look(f"{STUDY}/roster?state=overdue", "cs.lead").text).all("th", scope="row"))
    assert f"{late}人逾期没有学完" in found["cs.lead"][f"{STUDY}/roster?state=overdue"]
    assert "1项" in found["cs.lin"]["/console/policy/interpretations?state=to_review"]
    assert list(found["cs.lin"]) == ["/console/policy/interpretations?state=to_review"]
    assert found["management.zhou"] == {}
    figures.put(figures.key_of_day(then.date()), b"{}\n")  # the house's first day
    house.now = then + timedelta(days=500)
    assert [place for place, _ in waits(house, "management.zhou")] == ["/console/policy/reviews?act=review"]


def waits(house: House, who: str) -> list[tuple[str, str]]:
    """What stands on Today of this part, by where it is."""
    groups = tuple(Role(one) for one in STAFF[who])
    call = Call(Actor(kind="staff", id=who, groups=groups), house.now, 0, {})
    parts = (study.waiting_here, interpretations.waiting_here, reviews.waiting_here)
    return [(place, str(said)) for part in parts for said, place in part(call, speech())]
