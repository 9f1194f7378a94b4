"""The examples as requests, each with a complaint about which it can be made: for walks over all operations."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import wallclock
from chalicelib.adapters import identity, studies
from chalicelib.casework import compute, rules
from chalicelib.casework.days import close_day
from chalicelib.domain.governance.study import Study
from chalicelib.domain.ground.people import STAFF as ROLES
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.web import APIS, PAGES
from infra.local.staff import STAFF
from tests import published
from tests.examples import EXAMPLES, OWNER, PUBLIC_NOTE, REJECTION, example
from tests.house import House

from .amended import a_moment, amendment_for
from .audited import audit_for, item_of
from .uploads import upload

OPERATIONS = {operation.name: operation for door in (*APIS, *PAGES) for operation in door.operations}
RESOURCES = {operation.name: operation for api in APIS for operation in api.operations}
OF_COMPLAINTS = {name: one for name, one in OPERATIONS.items() if "{complaint_id}" in one.path}
Receipt = dict[str, Any]
BODIES = {name: one.body for name, one in EXAMPLES.items() if one.body is not None}
WHO = {name: one.who for name, one in EXAMPLES.items()}


def ready_for(house: House, name: str) -> Receipt:
    """The receipt of a new complaint about which an operation can be done; in the place of its id what else is a record
    has its name there, and what a register has its number."""
    if "{report_id}" in OPERATIONS[name].path:
        return house.file() | {"complaint_id": a_report(house, REPORT_STEPS.get(name, ()))}
    if "{amendment_id}" in OPERATIONS[name].path:
        receipt = house.file()
        return receipt | {"complaint_id": amendment_for(house, example(name).stage), "filed": receipt["complaint_id"]}
    if "{audit_id}" in OPERATIONS[name].path:
        return house.file() | {"complaint_id": audit_for(house, example(name).stage)}
    if name in OF_REGISTERS:
        made = house.post(path_of(OF_REGISTERS[name], ""), example(OF_REGISTERS[name]).body, WHO[OF_REGISTERS[name]])
        assert made.status == 201, made.text
        return house.file() | {"complaint_id": str(made.json["number"])}
    if name in ("show_survey", "answer_survey", "review_survey"):
        receipt = house.asked()
        if name == "review_survey":
            path = f"/v1/complaints/{receipt['complaint_id']}/survey"
            assert house.post(path, BODIES["answer_survey"], token=receipt["consumer_token"]).status == 201
        return receipt
    if name == "take_quiz":
        everybody_has_read(house)
    receipt = house.bring_to(example(name).stage)
    if name == "answer_inquiry":
        assert house.do(receipt["complaint_id"], "inquiries", BODIES["ask"]).status == 201
    if name == "read_information":
        assert house.do(receipt["complaint_id"], "information", BODIES["give_information"]).status == 201
    if name == "review":
        assert house.do(receipt["complaint_id"], "plan-draft", BODIES["draft_plan"]).status == 200
    if name == "request_review":
        assert house.do(receipt["complaint_id"], "resolution-plan", REJECTION).status == 200
    if name == "retract_note":
        assert house.do(receipt["complaint_id"], "notes", PUBLIC_NOTE).status == 201
    if name in ("show_evidence", "retract_evidence"):
        upload(house, receipt)
    return receipt


OF_ONE = ("complaint_id", "report_id", "amendment_id", "audit_id", "interpretation", "policy_review")
"""What paths call that which a receipt is of."""
OF_REGISTERS = {
    "show_interpretation": "interpret_policy",
    "review_interpretation": "interpret_policy",
    "show_policy_review": "review_policy",
}
"""By what is made which these are about."""
REPORT_STEPS = {"issue_report": ("comment_report",), "complete_measure": ("comment_report",)}
"""What is done about a report before."""


def a_report(house: House, steps: Iterable[str] = ()) -> str:
    """The name of a new report, of the last day that has none, about which these steps were taken."""
    today = datetime.combine(house.now.date(), time(1), ZoneInfo("Asia/Shanghai"))
    for occasion in (today - timedelta(days=n) for n in count()):
        name = f"report_daily-{occasion.date() - timedelta(days=1)}-1"
        if not any(item["pk"]["S"] == f"RECORD#{name}" for item in house.items()):
            break
    close_day(occasion.date() - timedelta(days=1))  # before the house's first day there is none
    compute.daily(occasion, house.now)
    for step in steps:
        answer = house.post(path_of(step, name), example(step).body, example(step).who)
        assert answer.status == 200, answer.text
    return name


def everybody_has_read(house: House) -> None:
    """Every chapter of the first version has been opened by all of staff; all are asked the question of the examples,
    and nobody has tried yet. A pool of that question alone was announced, and withdrawn."""
    first = versions.packaged(Operating)[1]
    asked = next(one for one in first.quiz if one.id in BODIES["take_quiz"]["answers"])
    pool = first.model_copy(update={"version": POOL, "effective_from": NEVER, "quiz": (asked,)})
    if POOL not in [one.number for one in rules.announced_now(house.now, Operating)]:
        published.publish(pool, house.now)
        published.withdraw(pool, house.now)
    opened = dict.fromkeys(SECTIONS, house.now)
    for name in {*STAFF, *ROLES, "groupless"}:
        before = studies.of(1, name)
        edition = before.edition + 1 if before else 1
        studies.keep(Study(version=1, person=name, operating=POOL, opened=opened, edition=edition), house.now)


POOL = 77
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def path_of(name: str, complaint_id: str) -> str:
    """Where an operation is called; it is about the first inquiry, measure, file or note of the complaint, or the day
    before the tests'."""
    ids = {"inquiry_id": "1", "number": "1", "evidence_id": "1", "seq": "2", "code": "missing", "version": "kept"}
    ids |= {"section": "1", "item": item_of(complaint_id)}
    ids |= dict.fromkeys(OF_ONE, complaint_id)
    return OPERATIONS[name].path.format(date="2026-10-08", **ids)


def body_for(name: str, other: str, about: str = "") -> Any:
    """What an operation takes; `other` is the id of another, open complaint, `about` that whose code it is."""
    if about and name == "open_session":
        return {"code": identity.consumer_code(about, 0)}
    if name == "announce_amendment":
        return {"effective_from": a_moment(wallclock.now())}
    if name == "pick_item":
        return example(name).body | {"complaint_id": other}
    return {"into": other} if name == "merge_into" else example(name).body


def token_for(house: House, name: str, receipt: Receipt) -> str:
    """The token of whoever usually calls an operation."""
    who = example(name).who
    return str(receipt["consumer_token"]) if who == OWNER else house.token(who)
