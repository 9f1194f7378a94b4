"""The pages of clauses 6 to 8 in each state that looks different: nobody is shut out of any, in light or dark.

They are written by the house on moto, and only looked at here: most in zh-CN, others in each other language. What is
printed is looked at as it is for who reads it on the screen."""

import re
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import pytest

from chalicelib.adapters import figures
from chalicelib.domain.supervision.cusum import Alarm, Watch
from tests.examples import EXAMPLES
from tests.house import Answer, House
from tests.web.amended import data_in, rules_in
from tests.web.appraised import a_busy_sheet
from tests.web.audited import audit_for, item_of
from tests.web.console import test_safety_board as board
from tests.web.console import test_study as studying
from tests.web.console import test_surveys_page as surveys
from tests.web.console.acted import do
from tests.web.console.test_alerts import MONDAY
from tests.web.console.test_people import closed_by_lin, learning
from tests.web.examples import a_report, a_review, a_sheet
from tests.web.reported import laid_down

from . import looks
from .devices import Device
from .test_console_states import PLACE

State = tuple[str, Answer]
AT_REST = {
    "cs.lin": ("/console/mine", "/console/surveys/interviews", "/console/policy/interpretations?act=interpret"),
    "audit.qin": ("/console/audits?act=draft_audit", "/console/audits/rules", "/console/alerts"),
    "cs.lead": ("/console/sheets", "/console/reports", "/console/surveys", "/console/measures"),
    "legal.xu": ("/console/policy", "/console/policy/amendments", "/console/policy/study", "/console/safety"),
    "management.zhou": (
        *("/console/management-reviews", "/console/policy/reviews?act=review", "/console/hearings?to_decide=true"),
        "/console/hearings/statistics",
    ),
}
"""Pages on which nothing has happened yet."""
WHOLE = ("a report", "a danger", "Today of cs.lead", "printed: report")
"""Of the others what is around them has been looked at with these."""
IN_THE_DARK = (
    "a report",
    "an item",
    "results",
    "a danger",
    "quiz",
    "rules: draft",
    "a contested sheet",
    "printed: report",
)
"""Between them they have every colour."""


class Walk:
    """Looks at pages, each in the language whose turn it is."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._locales = cycle(("zh-CN", "zh-TW", "zh-CN", "en"))

    def seen(self, name: str, path: str, who: str) -> State:
        answer = self.house.look(path, who, Accept_Language=next(self._locales))
        assert answer.status == 200, (path, who, answer.text)
        assert ('id="do"' in answer.text) or not re.search(r"act=\w", path), (path, who, "has no form")
        return name, answer

    def refused(self, name: str, page: str, act: str, who: str, typed: Mapping[str, Any] = {}, part: str = "") -> State:
        """What answers a form that was sent with what does not do, or with nothing."""
        answer = do(self.house, page, act, who, typed, part)
        assert answer.status in (409, 412, 422), (name, answer.status)
        return name, answer


def at_rest(walk: Walk) -> Iterator[State]:
    for who, paths in AT_REST.items():
        for path in paths:
            yield walk.seen(f"at rest: {path} of {who}", path, who)


def reports(walk: Walk) -> Iterator[State]:
    house = walk.house
    ids = [house.bring_to("closed")["complaint_id"] for _ in range(2)]
    report = f"/console/reports/{laid_down({'M03': ids, 'M15': ids}, spent={ids[0]: {'investigating': 259_200}})}"
    yield walk.seen("reports", "/console/reports", "cs.lead")
    yield walk.seen("a report", report, "management.zhou")
    yield walk.seen("the cases of a figure", f"{report}/cases?measure=M15", "audit.qin")
    daily = f"/console/reports/{a_report(house)}"
    yield walk.seen("comment open", f"{daily}?act=comment", "cs.lead")
    yield walk.refused("comment refused", daily, "comment", "cs.lead", {"measures": [{"what": "好"}]})
    assert do(house, daily, "comment", "cs.lead", EXAMPLES["comment_report"].body).status == 303
    yield walk.seen("commented", f"{daily}?done=comment", "cs.lead")
    yield walk.seen("printed: report", f"{report}/print", "cs.lead")
    yield walk.seen("measures", "/console/measures", "quality.he")
    alarms = (
        Alarm(watched="seller", name="云杉", since=MONDAY, number=2, usual=1.25, cases=tuple(ids)),
        Alarm(watched="cause", name="delivery.late", since=MONDAY, number=2, usual=0.5, cases=tuple(ids)),
    )
    watch = Watch(monday=MONDAY, weeks=26, alarms=alarms)
    figures.put(f"alerts/{MONDAY}.json.gz", watch.model_dump_json().encode())
    yield walk.seen("alerts", "/console/alerts", "quality.he")
    yield walk.seen("an alert", f"/console/alerts/{MONDAY}/1", "cs.lead")


def satisfaction(walk: Walk) -> Iterator[State]:
    house = walk.house
    surveys.a_month(house.now)
    for answer in (surveys.ANSWER, surveys.GOOD, {}):
        surveys.answered(house, answer, house.asked())
    yield walk.seen("results", "/console/surveys", "cs.lead")
    yield walk.seen("answers", "/console/surveys/answers", "management.zhou")
    yield "answers refused", house.look("/console/surveys/answers?from=2026-01-01&to=2026-10-09", "audit.qin")
    yield walk.seen("interviews", "/console/surveys/interviews", "cs.chen")


def dangers(walk: Walk) -> Iterator[State]:
    house = walk.house
    burnt = board.scalded(house)
    house.do(burnt, "safety-assessment", board.SERIOUS, "quality.he")
    house.pass_time(hours=2, minutes=30)
    board.scalded(house)
    house.do(burnt, "calls", board.REACHED)
    yield walk.seen("a danger", "/console/safety", "cs.lead")
    yield walk.seen("printed: safety", "/console/safety/print", "legal.xu")


def people(walk: Walk) -> Iterator[State]:
    house = walk.house
    busy, sheet = f"/console/sheets/{a_busy_sheet('cs.chen', '2033Q1', house.now)}", f"/console/sheets/{a_sheet(house)}"
    yield walk.seen("a sheet", busy, "cs.chen")
    yield walk.refused("contest refused", busy, "comment_sheet", "cs.chen", {"contested": [{"item": "objections"}]})
    yield walk.seen("a contested sheet", sheet, "quality.he")
    yield walk.seen("answer open", f"{sheet}?act=answer_sheet", "cs.lead")
    yield walk.refused("answer refused", sheet, "answer_sheet", "cs.lead", part="1")
    yield walk.seen("printed: sheet", f"{sheet}/print", "cs.lead")
    yield walk.seen("sheets", "/console/sheets", "cs.lead")
    page = learning(house, "newcomer")
    closed_by_lin(house)
    yield walk.seen("training", "/console/training?everybody=true", "cs.lead")
    yield walk.refused("confirmation refused", page, "confirm", "cs.lead")
    yield walk.seen("mine", "/console/mine", "quality.he")
    heard = house.heard()
    yield walk.seen("hearings", "/console/hearings", "cs.lin")
    yield walk.seen("heard", f"/console/complaints/{heard['complaint_id']}?act=state_case&part=1", "cs.lin")


def audits(walk: Walk) -> Iterator[State]:
    house = walk.house
    yield walk.refused("draft refused", "/console/audits", "draft_audit", "audit.qin")
    for stage, who, act in (
        ("draft", "management.zhou", "approve_audit"),
        ("approved", "audit.qin", "draw_sample"),
        ("examined", "audit.qin", "draft_audit_report"),
        ("draft_report", "cs.lead", ""),
        ("commented", "audit.qin", "publish_audit"),
        ("published", "logistics.gao", ""),
    ):
        yield walk.seen(f"audit: {stage}", f"/console/audits/{audit_for(house, stage)}?act={act}", who)
    name = audit_for(house, "sampled")
    item, page = item_of(name), f"/console/audits/{name}"
    auditor = str(house.get(f"/v1/audits/{name}/items/{item}", "management.wu").json["auditor"])
    yield walk.seen("a sample", f"{page}/sample", "audit.qin")
    yield walk.seen("an item", f"{page}/items/{item}", auditor)
    rough = {"answers": {"tone": {"judgement": "no"}}}
    yield walk.refused("judgement refused", f"{page}/items/{item}", "examine_item", auditor, rough)
    raised = f"/console/audits/{audit_for(house, 'raised')}"
    yield walk.seen("audit: raised", raised, "audit.qin")
    yield walk.seen("raising", f"{raised}/findings?act=raise_finding", "audit.qin")
    yield walk.seen("a report of an audit", f"{raised}/report", "logistics.gao")
    yield walk.seen("printed: audit", f"{raised}/print", "logistics.gao")
    yield walk.refused("plan refused", f"{raised}/findings/1", "plan_correction", "cs.lead")
    for stage, who, act in (
        ("raised", "cs.lin", "state_case"),
        ("planned", "cs.lead", "finish_measure"),
        ("ripe", "audit.lu", "verify_correction"),
        ("decided", "cs.lin", "object_to_decision"),
    ):
        finding = f"/console/audits/{audit_for(house, stage)}/findings/1?act={act}"
        yield walk.seen(f"finding: {stage}", finding, who)
    yield walk.seen("findings", "/console/findings", "cs.lead")
    yield walk.seen("audits", "/console/audits", "audit.qin")


def study(walk: Walk) -> Iterator[State]:
    house, one, who = walk.house, studying.ONE, "logistics.gao"
    yield walk.seen("a version", "/console/policy/versions/2", who)
    yield walk.seen("a section", f"{one}/sections/4", who)
    yield walk.seen("not all read", one, who)
    studying.open_all(house, who)
    yield walk.seen("quiz", one, who)
    yield "quiz refused", studying.answered(house, {}, who)
    assert studying.answered(house, studying.wrong_of(house, who), who).status == 303
    yield walk.seen("not passed", f"{one}?done=quiz", who)
    assert studying.answered(house, studying.right(1, who), who).status == 303
    yield walk.seen("passed", f"{one}?done=quiz", who)
    yield walk.seen("roster", f"{one}/roster", "cs.lead")


def policy(walk: Walk) -> Iterator[State]:
    house, listed = walk.house, "/console/policy/amendments"
    rule = f"{listed}/new?rule="
    yield walk.seen("rules to change", f"{listed}/new", "legal.xu")
    yield walk.seen("a rule", f"{rule}clocks.received", "legal.xu")
    for path in ("", "?part=canned_words", "?part=triage", "?part=causes"):
        yield walk.seen(f"operating {path}", f"/console/policy/operating{path}", "cs.lin")
    yield walk.seen("canned words changed", f"{rule}canned_words.received.zh-CN", "cs.lin")
    draft = f"{listed}/{rules_in(house, 'draft')}"
    yield walk.seen("rules: draft", draft, "legal.xu")
    yield walk.seen("rules: changes", f"{draft}/changes", "legal.xu")
    yield walk.refused("change refused", draft, "change_amendment", "legal.xu", {"summary": ""})
    yield walk.seen("replaying", f"{listed}/{rules_in(house, 'replaying')}", "legal.xu")
    tried = f"{listed}/{rules_in(house, 'tried')}"
    yield walk.refused("submission refused", tried, "submit_amendment", "legal.xu")
    yield walk.seen("replayed", f"{tried}/replay", "quality.he")
    submitted = f"{listed}/{rules_in(house, 'submitted')}"
    yield walk.refused("approval refused", submitted, "approve_amendment", "management.zhou", {"approved": "false"})
    data = f"{listed}/{data_in(house, 'opinion')}"
    yield walk.seen("announced", data, "legal.xu")
    yield walk.seen("opinions", f"{data}/opinions", "quality.he")
    yield walk.seen("amendments", listed, "audit.qin")
    place = "/console/policy/interpretations"
    assert do(house, place, "interpret", "cs.lin", EXAMPLES["interpret_policy"].body).status == 303
    yield walk.seen("interpreted", f"{place}/1?done=interpret", "cs.lin")
    yield walk.refused("review of it refused", f"{place}/1", "review", "cs.chen", {"decision": "revise"})
    place = "/console/policy/reviews"
    yield walk.refused("policy review refused", place, "review", "management.zhou", {"reasons": ""})
    assert do(house, place, "review", "management.zhou", EXAMPLES["review_policy"].body).status == 303
    yield walk.seen("policy reviewed", f"{place}/1", "cs.lead")


def management(walk: Walk) -> Iterator[State]:
    review = f"/console/management-reviews/{a_review(walk.house)}"
    yield walk.seen("a review to hold", f"{review}?act=hold_review", "management.zhou")
    yield walk.refused("minutes refused", review, "hold_review", "management.zhou")
    held = f"/console/management-reviews/{a_review(walk.house, ('hold_management_review',))}"
    yield walk.seen("a review held", f"{held}?act=finish_measure&part=1", "cs.lead")
    yield walk.seen("printed: review", f"{held}/print", "management.zhou")
    for who in ("management.zhou", "quality.he", "legal.xu", "cs.lead"):
        yield walk.seen(f"Today of {who}", "/console", who)


PARTS = (at_rest, reports, satisfaction, people, audits, study, policy, management, dangers)


@pytest.fixture(scope="module")
def written(lasting_house: House) -> dict[str, Answer]:
    walk = Walk(lasting_house)
    return dict(state for part in PARTS for state in part(walk))


def test_nobody_is_shut_out_of_any_page_of_supervision_and_governance(
    phone: Device, written: dict[str, Answer]
) -> None:
    page, faults = phone.open("about:blank"), []
    for state, answer in written.items():
        page.evaluate(PLACE, answer.text)
        found = looks.axe(page, within=None if state in WHOLE else "main") + looks.too_wide(page)
        if state in IN_THE_DARK:
            page.emulate_media(color_scheme="dark")
            found += looks.axe(page, ["color-contrast"])
            page.emulate_media(color_scheme="light")
        faults += [f"{state}: {one}" for one in found]
    assert not faults, "\n".join(faults)
