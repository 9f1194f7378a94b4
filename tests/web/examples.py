"""The examples as requests, each with a complaint about which it can be made: for walks over all operations."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import wallclock
from chalicelib.adapters import identity, studies, training, webhooks
from chalicelib.adapters.webhooks import Webhook
from chalicelib.casework import appraise, compute, review_inputs, rules, sheets
from chalicelib.casework.days import close_day
from chalicelib.domain.governance.study import Study
from chalicelib.domain.ground import people
from chalicelib.domain.ground.people import STAFF as ROLES
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.appraisal import Appraisal, Tally
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.management_review import Inputs
from chalicelib.domain.supervision.sheet import Comment, Contest, SheetShown
from chalicelib.domain.supervision.training import Training
from chalicelib.web import APIS, PAGES
from infra.local.staff import STAFF
from tests import published
from tests.examples import DEAF, EXAMPLES, OWNER, PUBLIC_NOTE, REJECTION, example
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
    if "{sheet_id}" in OPERATIONS[name].path:
        return house.file() | {"complaint_id": a_sheet(house)}
    if "{review_id}" in OPERATIONS[name].path:
        steps = ("hold_management_review",) if name == "complete_review_measure" else ()
        return house.file() | {"complaint_id": a_review(house, steps)}
    if "{amendment_id}" in OPERATIONS[name].path:
        receipt = house.file()
        return receipt | {"complaint_id": amendment_for(house, example(name).stage), "filed": receipt["complaint_id"]}
    if "{audit_id}" in OPERATIONS[name].path:
        return house.file() | {"complaint_id": audit_for(house, example(name).stage)}
    if name in OF_REGISTERS:
        made = house.post(path_of(OF_REGISTERS[name], ""), example(OF_REGISTERS[name]).body, WHO[OF_REGISTERS[name]])
        assert made.status == 201, made.text
        return house.file() | {"complaint_id": str(made.json["number"])}
    if name == "complete_training":
        receipt = house.file()
        a_training(f"conduct-{receipt['complaint_id']}", house.now)
        return receipt
    if name in ("show_survey", "answer_survey", "review_survey"):
        receipt = house.asked()
        if name == "review_survey":
            path = f"/v1/complaints/{receipt['complaint_id']}/survey"
            assert house.post(path, BODIES["answer_survey"], token=receipt["consumer_token"]).status == 201
        return receipt
    if name in HEARING:
        return house.heard(*HEARING[: HEARING.index(name)])
    if OPERATIONS[name].path.startswith("/v1/webhook"):
        for shop in (house.environment["REDRESS_STOREFRONT_CLIENT_IDS"], "another-shop"):
            a_webhook(shop, house.now)
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


HEARING = ("state_case", "decide_hearing", "object_to_decision")
OF_ONE = (
    *("complaint_id", "report_id", "sheet_id", "review_id", "amendment_id", "audit_id"),
    *("interpretation", "policy_review"),
)
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


def a_sheet(house: House) -> str:
    """The name of a new sheet of 何, of the first quarter that has none, an item of which is contested."""
    known = {item["pk"]["S"].removeprefix("RECORD#") for item in house.items()}
    names = (f"20{n // 4}Q{n % 4 + 1}" for n in count(40))
    quarter = quarters.named(next(one for one in names if f"sheet_{one}-quality.he" not in known))
    name, policy = f"sheet_{quarter.name}-quality.he", rules.in_force(house.now)
    about = {"person": "quality.he", "quarter": quarter.name, "as_of": quarter.last}
    items = Tally(quarter).of("quality.he")
    made = Appraisal(sheet_id=name, first=quarter.first, last=quarter.last, computed_at=house.now, items=items, **about)
    appraise.begin(SheetShown(hash=appraise.lay_down(made), **about), house.now, policy)
    contest = Comment(text="请复核。", contested=(Contest(item="breaches", reasons="系统停机"),))
    person = people.staff("quality.he", frozenset({"quality"}))
    sheets.do(name, contest, person, house.now, seen=None, idempotency=None)
    return name


def a_training(training_id: str, now: datetime, person: str = "cs.chen") -> None:
    """Somebody is to learn how one talks with consumers."""
    given = Training(
        person=person, id=training_id, topic="conduct", given_at=now, due_at=now + timedelta(days=28), evidence=()
    )
    training.put(given, now)


def a_webhook(shop: str, now: datetime, **otherwise: Any) -> Webhook:
    """The webhook of a storefront, at which nobody listens, whatever it was before."""
    before = webhooks.load(shop)
    one = Webhook(storefront=shop, state="on", url=f"https://{DEAF}/redress", set_at=now)
    version = before.version if before else 0
    return webhooks.put(one.model_copy(update={"version": version, **otherwise}), version, None, now)


def a_review(house: House, steps: Iterable[str] = ()) -> str:
    """The name of a new management review, of the last half-year that has none, about which these steps were taken."""
    for year, half in ((year, half) for year in range(2026, 2000, -1) for half in (2, 1)):
        inputs = Inputs(
            review_id=f"review_{year}H{half}",
            half=period_of("half_yearly", date(year, 6 * half, 1)),
            prepared_at=house.now,
            policy_version=1,
        )
        if not any(item["pk"]["S"] == f"RECORD#{inputs.review_id}" for item in house.items()):
            break
    review_inputs.lay_down(inputs, house.now, rules.in_force(house.now))
    for step in steps:
        answer = house.post(path_of(step, inputs.review_id), example(step).body, example(step).who)
        assert answer.status == 200, answer.text
    return inputs.review_id


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
    ids |= {"section": "1", "item": item_of(complaint_id), "person": "cs.chen", "training": f"conduct-{complaint_id}"}
    ids |= dict.fromkeys(OF_ONE, complaint_id)
    return OPERATIONS[name].path.format(date="2026-10-08", **ids)


def other_for(house: House, name: str) -> str:
    """The id of another complaint, as an operation needs it: open, but closed to be picked for an audit."""
    other = house.bring_to("closed") if name == "pick_item" else house.file()
    return str(other["complaint_id"])


def body_for(name: str, other: str, about: str = "") -> Any:
    """What an operation takes; `other` is the id of another complaint (`other_for`), `about` that whose code it is."""
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
