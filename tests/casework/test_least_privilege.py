"""Each function may do what it does, and nothing else: a whole life under the policies as they are deployed.

The guard asks for actions and for resources, which moto's own enforcement does not, and denies as AWS would.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from chalice.utils import to_cfn_resource_name

from chalicelib.adapters import identity, webhooks
from chalicelib.adapters.aws import client
from chalicelib.casework import appraise, audits, replays, rules
from chalicelib.domain.audit import audit
from chalicelib.domain.governance.amendment import Replaying
from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Alarms, Operating
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.appraisal import Tally
from chalicelib.log import Failed
from infra.packaging import merged
from tests.examples import DEAF, EXAMPLES
from tests.furnished import forget_clients, furnished, session
from tests.hearing import hearing
from tests.house import KETTLE, PLAN, REPORT, House, forget
from tests.published import publish

from . import amending, auditing
from .life import FUNCTIONS, Life
from .mailroom import HARD, SOFT, mail_event
from .permissions import HTTP, Guard, Permission, granted
from .receivers import DOWN, OK, receiving, says
from .test_new_complaints import Shop
from .test_population import closed, days_are_closed

MAPPING = "AWS::Lambda::EventSourceMapping"
INVOKED = "AWS::Lambda::EventInvokeConfig"
READS_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
READS_STREAM = tuple(f"dynamodb:{one}" for one in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"))
PROGRAM = b"MZ\x90\0"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def shop_url() -> Iterator[str]:
    """Where the shop's order system answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def life(house: House) -> Life:
    guard = Guard(granted(furnished()))
    guard.watch(session())
    forget_clients()  # those made so far are not watched
    forget()
    return Life(house, guard)


# ---- the chapters of a life ------------------------------------------------------------------------------------------
# Whoever adds a function or a call adds here what makes it happen.


def a_cracked_kettle(life: Life) -> None:
    """From the web shop to the follow-up: files, departments, a plan, an answer by link."""
    receipt = life.post("/v1/complaints", KETTLE | {"category": "product_quality"}, "storefront").json
    number, consumer = receipt["complaint_id"], receipt["consumer_token"]
    life.settle()
    life.do(number, "acknowledgement", {})
    (inquiry,) = life.get(f"/v1/complaints/{number}", "cs.lin").json["inquiries"]
    life.do(number, f"inquiries/{inquiry['inquiry_id']}/answer", {"assessment": "壶身有裂纹。"}, "quality.he")
    true, false = (upload(life, number, consumer, content) for content in (PICTURE, PROGRAM))
    path = f"/v1/complaints/{number}/evidence"
    assert [life.get(f"{path}/{one}", token=consumer).status for one in (true, false)] == [302, 404]
    life.do(number, "assignment", {"assignee": "cs.chen"})
    life.do(number, "investigation-report", REPORT | {"evidence": [true]})
    life.do(number, "resolution-plan", PLAN)
    life.do(number, "feedback", {"satisfied": True}, None, token=consumer)
    life.do(number, "follow-ups/1/completion", {})


def what_people_look_at(life: Life) -> None:
    number = life.post("/v1/complaints", KETTLE, "storefront", Idempotency_Key="once").json["complaint_id"]
    life.post("/v1/complaints", KETTLE, "storefront", Idempotency_Key="once")
    life.settle()
    for query in ("", "?stage=received", "?assignee=cs.lin", "?order_number=E20261009-0042"):
        assert life.get(f"/v1/complaints{query}", "cs.lin").status == 200
    for part in ("", "/timeline", "/notices"):
        assert life.get(f"/v1/complaints/{number}{part}", "cs.lin").status == 200
    assert life.get(f"/v1/complaints/{number}", "storefront").status == 200
    assert life.put("/v1/volumes/2026-10-08", {"orders": 9}, "storefront").status == 200
    assert [life.get(f"/v1/{path}").status for path in ("health", "openapi.json")] == [200, 200]
    code = {"code": identity.consumer_code(number, 0)}
    assert life.post(f"/v1/complaints/{number}/session", code).status == 200
    asked = {"order_number": KETTLE["order_number"], "email": "wang@example.cn"}
    assert life.post("/v1/lost-links", asked).status == 202
    life.settle()
    life.do(number, "withdrawal", {})


def a_shop_that_is_called(life: Life) -> None:
    """Where nobody listens: so it is told of what fails for long, asks for what it missed, and is called no more."""
    url = {"url": f"https://{DEAF}/redress", "email": "it@shop.example"}
    assert life.put("/v1/webhook", url, "storefront").status == 201
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.settle()
    shown = life.get("/v1/webhook", "storefront").json
    assert shown["last_failure"] == "unreachable"
    assert life.post("/v1/webhook/test", None, "storefront").json["delivered"] is False
    assert [one["id"] for one in life.get("/v1/webhook/attempts", "storefront").json["items"]] == [f"{number}-1"]
    life.post("/v1/webhook/secret", {}, "storefront", Idempotency_Key="secret")
    failing_for_long(life)
    life.post("/v1/webhook/redelivery", {"from": shown["set_at"]}, "storefront", Idempotency_Key="again")
    life.settle()
    assert life.get("/v1/webhook", "storefront").json["state"] == "disabled"
    assert life.put("/v1/webhook", url, "storefront").status == 200
    assert life.delete("/v1/webhook", "storefront").status == 204
    life.do(number, "withdrawal", {})


def failing_for_long(life: Life) -> None:
    key = webhooks.key(life.house.environment["REDRESS_STOREFRONT_CLIENT_IDS"])
    since = {":since": {"S": written(life.house.now - timedelta(days=8))}}
    boto3.client("dynamodb").update_item(
        TableName=life.house.environment["REDRESS_TABLE"],
        Key=key,
        UpdateExpression="SET failing_since = :since",
        ExpressionAttributeValues=since,
    )


def a_kettle_told_of_twice(life: Life) -> None:
    first, second = (life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"] for _ in range(2))
    life.do(second, "merger", {"into": first})
    life.settle()
    life.do(first, "withdrawal", {})


def mail_that_comes_back(life: Life) -> None:
    """A bounce is followed by a text; where there is no number, customer service is asked to call."""
    for contact in ({"phone": "13900139000", "email": "a@example.cn"}, {"email": "b@example.cn"}):
        filing = KETTLE | {"contact": {"name": "林", **contact}}
        number = life.post("/v1/complaints", filing, "storefront").json["complaint_id"]
        life.settle()
        bounce = mail_event(life.house, "Bounce", receipt_of(life.house, number), **HARD)
        for _ in range(2):  # SNS brings it twice
            life.invoke("mail-events", bounce)
        life.settle()
        life.do(number, "withdrawal", {})


def mail_that_arrives_after_all(life: Life) -> None:
    """Nobody need call any more."""
    filing = KETTLE | {"contact": {"name": "林", "email": "e@example.cn"}}
    number = life.post("/v1/complaints", filing, "storefront").json["complaint_id"]
    life.settle()
    mailed = receipt_of(life.house, number)
    later = life.house.now + timedelta(seconds=9)
    for kind, at, more in (("Bounce", life.house.now + timedelta(seconds=1), SOFT), ("Delivery", later, {})):
        life.invoke("mail-events", mail_event(life.house, kind, mailed, at=at, **more))
        life.settle()
    assert life.get(f"/v1/complaints/{number}", "cs.lin").json["to_call_since"] is None
    life.do(number, "withdrawal", {})


def mail_that_arrives_while_it_is_given_up(life: Life) -> None:
    """It is given up, and by then it has arrived: who gave it up finds out that nobody need call."""
    filing = KETTLE | {"contact": {"name": "林", "email": "f@example.cn"}}
    number = life.post("/v1/complaints", filing, "storefront").json["complaint_id"]
    life.settle()
    soon, later = (life.house.now + timedelta(seconds=seconds) for seconds in (1, 2))
    mailed = receipt_of(life.house, number)
    life.invoke("mail-events", mail_event(life.house, "Bounce", mailed, at=soon, **SOFT))
    left = iter([True])

    def meanwhile(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:TransactWriteItems", "before") and next(left, False):
            life.invoke("mail-events", mail_event(life.house, "Delivery", mailed, at=later))

    with life.house.interfering(meanwhile):
        life.settle()
    assert next(left, None) is None
    assert life.get(f"/v1/complaints/{number}", "cs.lin").json["to_call_since"] is None
    life.do(number, "withdrawal", {})


def one_call_about_two(life: Life) -> None:
    """Who is called about the complaint is called about what was merged into it."""
    filing = KETTLE | {"description": "插头冒烟，手被烫伤了。"}
    first, second = (life.post("/v1/complaints", filing, "storefront").json["complaint_id"] for _ in range(2))
    life.do(second, "merger", {"into": first})
    life.house.pass_time(minutes=10)
    life.do(first, "calls", {"about": "safety", "reached": True})
    called = life.get(f"/v1/complaints/{second}/timeline?limit=100", "cs.lin").json["items"]
    assert "ConsumerCalled" in [one["type"] for one in called]
    life.do(first, "withdrawal", {})


def a_mistyped_address(life: Life) -> None:
    """It bounces, is corrected, and what bounced goes on; the shop asks for a link, staff end them all."""
    filing = KETTLE | {"contact": {"name": "林", "email": "c@example.cn"}}
    number = life.post("/v1/complaints", filing, "storefront").json["complaint_id"]
    life.settle()
    mailed = receipt_of(life.house, number)
    life.do(number, "contact", {"contact": {"name": "林", "email": "d@example.cn"}, "reason": "写错了"})
    life.invoke("mail-events", mail_event(life.house, "Bounce", mailed, **HARD))
    life.settle()
    life.do(number, "link", {}, "storefront")
    life.do(number, "link", {"send": False})
    life.do(number, "withdrawal", {})


def mail_that_is_not_taken(life: Life) -> None:
    wrong: Any = {"Error": {"Code": "BadRequestException", "Message": "Illegal address"}}

    def refuse(call: str, moment: str) -> None:
        if (call, moment) == ("sesv2:SendEmail", "before"):
            raise client("sesv2").exceptions.BadRequestException(wrong, "SendEmail")

    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    with life.house.interfering(refuse):
        life.settle()
    life.do(number, "withdrawal", {})


def nobody_does_anything(life: Life) -> None:
    """Every clock rings at midnight, every schedule runs in the morning, until management has heard of it."""
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.settle()
    life.do(number, "acknowledgement", {})
    midnight = life.house.now.replace(hour=16, minute=5)
    for day in range(6):
        life.house.now = midnight + timedelta(days=day)
        ring(life, number)
        life.house.now += timedelta(hours=9)
        life.schedules()
    life.do(number, "withdrawal", {})
    life.house.now += timedelta(days=10)
    ring(life, number)
    life.do(number, "breaches/1/decision", {"measure": "talk", "reasons": "应提前说明。"}, "management.zhou")
    life.house.now += timedelta(days=10)
    life.schedules()


def the_consumer_says_nothing(life: Life) -> None:
    """A question stops the clock, the plan is not answered and lapses, and then the consumer is back."""
    receipt = life.post("/v1/complaints", KETTLE, "storefront").json
    number = receipt["complaint_id"]
    life.settle()
    life.do(number, "acknowledgement", {})
    life.do(number, "information-requests", {"question": "请问序列号是多少？"})
    life.do(number, "information", {"text": "A-12345"}, None, token=receipt["consumer_token"])
    life.do(number, "investigation-report", REPORT)
    life.do(number, "resolution-plan", PLAN)
    for _ in range(4):
        life.house.now += timedelta(days=4)
        ring(life, number)
    life.do(number, "reopening", {"reason": "一直没有收到退款。"}, None, token=receipt["consumer_token"])
    life.do(number, "withdrawal", {}, None, token=receipt["consumer_token"])


def the_calendar_ends(life: Life) -> None:
    life.house.now = life.house.now.replace(month=12, day=1)
    life.schedules()


def a_colleague_leaves(life: Life) -> None:
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.settle()
    life.do(number, "assignment", {"assignee": "cs.chen"})
    note = life.do(number, "notes", {"text": "请稍候。", "public": True})
    life.do(number, f"timeline/{note['seq']}/retraction", {"reason": "写错了"}, "cs.lead")
    life.house.disable("cs.chen")
    life.house.now += timedelta(hours=1)
    life.schedules()
    life.settle()
    assert life.get(f"/v1/complaints/{number}", "cs.lin").json["assignee"] != "cs.chen"
    life.do(number, "withdrawal", {})


def a_file_of_staff_is_not_taken(life: Life) -> None:
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    upload(life, number, None, PROGRAM)
    life.house.now += timedelta(minutes=6)
    life.schedules()
    life.settle()
    told = life.get(f"/v1/complaints/{number}/notices", "cs.lin").json["items"]
    assert ("own_file_refused", "sent") in [(one["kind"], one["state"]) for one in told]
    life.do(number, "withdrawal", {})


def a_product_burns_three(life: Life) -> None:
    """More alarms than are told one by one."""
    changes = {"version": 2, "effective_from": life.house.now + rules.AHEAD, "alarms": Alarms(singles=1)}
    publish(versions.packaged(Operating)[1].model_copy(update=changes), life.house.now)
    life.house.now += rules.AHEAD
    burnt = KETTLE | {"description": "插上电就着火了，手被烫伤"}
    numbers = [life.post("/v1/complaints", burnt, "storefront").json["complaint_id"] for _ in range(3)]
    life.settle()
    life.house.now += timedelta(minutes=15)
    life.schedules()
    for number in numbers:
        life.do(number, "triage", {"tier": "none", "reason": "已核实"})
        life.do(number, "withdrawal", {})


def a_report_is_read(life: Life) -> None:
    """What comes late is counted too; a supervisor comments, decides something, and issues it."""
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.house.now += timedelta(days=1)
    life.settle()
    for _ in range(2):
        life.house.now += timedelta(days=1)
        life.schedules()
    name = life.get("/v1/reports?kind=daily", "cs.lead").json["items"][0]["report_id"]
    for part in ("", ".html", ".csv", "/cases?measure=M01"):
        assert life.get(f"/v1/reports/{name}{part}", "cs.lead").status == 200, part
    for page in ("", "/print", "/table", "/cases?measure=M01", "/cases?measure=M15&stage=planning"):
        life.look(f"/console/reports/{name}{page}", "cs.lead")
    life.look("/console/alerts", "quality.he")
    due = str(life.house.now.date() + timedelta(days=9))
    decided = {"what": "多查一次", "owner": "quality.he", "due": due, "moves": "M05"}
    life.post(f"/v1/reports/{name}/comments", {"text": "延误", "measures": [decided]}, "cs.lead")
    assert len(life.get("/v1/measures", "quality.he").json["items"]) == 1
    life.post(f"/v1/reports/{name}/measures/1/completion", {"note": "已改"}, "quality.he")
    life.post(f"/v1/reports/{name}/issue", {}, "management.zhou")
    life.settle()
    life.do(number, "withdrawal", {})


def a_sheet_is_contested(life: Life) -> None:
    """It is laid down by the rounds, read and contested by the person, and answered."""
    now, quarter = life.house.now, quarters.before(life.house.now.date())
    tally = Tally(quarter)
    tally.people["quality.he"].closures = 1
    wanted = appraise.Wanted(quarter, quarter.last, tally, {}, frozenset({"quality.he"}))
    with life.guard.acting_as("rounds"):
        appraise.make("quality.he", wanted, now, rules.in_force(now))
    life.settle()
    name = f"sheet_{quarter.name}-quality.he"
    assert life.get(f"/v1/sheets/{name}.html", "quality.he").status == 200
    life.post(f"/v1/sheets/{name}/comments", EXAMPLES["comment_sheet"].body, "quality.he")
    life.settle()
    assert life.get(f"/v1/sheets?quarter={quarter.name}", "cs.lead").json["items"]
    life.post(f"/v1/sheets/{name}/answers", EXAMPLES["answer_sheet"].body, "cs.lead")
    life.settle()


def the_policy_is_interpreted_and_looked_over(life: Life) -> None:
    for name in ("interpret_policy", "review_policy"):
        path = {"interpret_policy": "interpretations", "review_policy": "reviews"}[name]
        body, who = EXAMPLES[name].body, EXAMPLES[name].who
        assert life.post(f"/v1/policy/{path}", body, who, Idempotency_Key=name).status == 201
        assert life.get(f"/v1/policy/{path}", "cs.lead").status == 200
    review = {"decision": "keep", "reasons": "没有改动。"}
    assert life.post("/v1/policy/interpretations/1/review", review, "cs.lin").status == 200
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.do(number, "acknowledgement", {})
    life.do(number, "investigation-report", REPORT | {"interpretations": [1], "without_inquiries": "照片足够。"})
    life.do(number, "withdrawal", {})


def a_holiday_is_added_to_the_calendar(life: Life) -> None:
    """Operating data, of which two people are enough; all of staff are told."""
    about = {"summary": "停工一天", "reasons": "台风。", "changes": {"extra_holidays": ["2027-03-01"]}}
    path = life.post("/v1/policy/amendments", about, "legal.xu").headers["location"]
    life.settle()
    for step, body, who in (("submission", {}, "legal.xu"), ("approval", {"approved": True}, "management.zhou")):
        assert life.post(f"{path}/{step}", body, who).status == 200
    assert life.post(f"{path}/announcement", {}, "legal.xu").status == 200
    life.settle()


def a_product_has_more_complaints_than_usual(life: Life) -> None:
    """So that on Monday there is something to tell, beside what got worse."""
    kettle = KETTLE | {"product_name": "电热水壶 3L"}
    numbers = [life.post("/v1/complaints", kettle, "storefront").json["complaint_id"] for _ in range(10)]
    life.settle()
    life.house.now = (life.house.now + timedelta(days=7 - life.house.now.weekday())).replace(hour=1)
    life.schedules()
    told = {item["sk"]["S"].split("#")[2] for item in life.house.items() if item["sk"]["S"].startswith("NOTICE#")}
    assert {"rising", "got_worse"} <= told
    for number in numbers:
        life.do(number, "withdrawal", {})


def a_draft_is_tried(life: Life) -> None:
    """On the complaints of a week. It stands still once, and is taken up by its clock."""
    number, today = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"], life.house.now.date()
    life.settle()
    with life.guard.acting_as(HTTP):
        name = amending.draft(life.house.now, {"clocks": {"received": {"hours": 12}}})
        span = {"from": str(today - timedelta(days=6)), "to": str(today)}
        amending.do(name, Replaying.model_validate(span), life.house.now)
        assert not replays.shown(name, amending.LI).replay.finished_at
    with life.guard.acting_as("replay"):
        replays.go_on([{"messageId": "m-1", "body": name}], life.house.now, chunk=1)
    life.house.now += timedelta(minutes=20)
    life.schedules()
    life.do(number, "withdrawal", {})
    with life.guard.acting_as(HTTP):
        assert replays.shown(name, amending.LI).replay.finished_at


def an_audit_looks_at_a_quarter(life: Life) -> None:
    """From its plan to what is published, and who of its findings' owners has left."""
    number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
    life.settle()
    life.do(number, "withdrawal", {})
    days_are_closed(closed(number, date(2026, 9, 7)))
    now = life.house.now
    with life.guard.acting_as(HTTP):
        state = auditing.examined(now)
        name = state.audit_id
        auditing.do(name, auditing.finding([number], owner="cs.lin"), now)
        auditing.do(name, audit.ReportAudit(conclusion="良好"), now)
        assert audits.sample(state, now).changed == (0, 0)
        assert audits.findings_of("cs.lin", 10, None)[0]
    life.settle()
    life.house.now = (now + timedelta(days=14)).replace(hour=2)
    life.schedules()
    with life.guard.acting_as(HTTP):
        published = auditing.do(name, audit.PublishAudit(), life.house.now)
        assert audits.document_of(published).edition == 1
    life.settle()


def a_storefront_is_called(life: Life) -> None:
    """It takes what it is sent, then does not for days, asks for what it missed, and is gone at last."""
    with pytest.MonkeyPatch.context() as patch, receiving(life.house, patch) as (shop,):
        assert life.put("/v1/webhook", {"url": f"http://{shop.place}/"}, "storefront").status == 201
        number = life.post("/v1/complaints", KETTLE, "storefront").json["complaint_id"]
        life.settle()
        shop.say = DOWN
        life.do(number, "acknowledgement", {})
        life.house.pass_time(hours=73)
        life.schedules()
        shop.say = OK
        since = {"from": written(life.house.now - timedelta(days=5))}
        assert life.post("/v1/webhook/redelivery", since, "storefront").status == 202
        life.house.pass_time(hours=2)
        life.schedules()
        assert life.get("/v1/webhook/attempts", "storefront").json["items"]
        shop.say = says("410 Gone")
        life.do(number, "withdrawal", {})
        assert life.get("/v1/webhook", "storefront").json["state"] == "disabled"


CHAPTERS = [
    the_policy_is_interpreted_and_looked_over,
    a_cracked_kettle,
    what_people_look_at,
    a_shop_that_is_called,
    a_kettle_told_of_twice,
    mail_that_comes_back,
    mail_that_arrives_after_all,
    mail_that_arrives_while_it_is_given_up,
    one_call_about_two,
    a_mistyped_address,
    mail_that_is_not_taken,
    nobody_does_anything,
    the_consumer_says_nothing,
    the_calendar_ends,
    a_file_of_staff_is_not_taken,
    a_colleague_leaves,
    a_product_burns_three,
    a_report_is_read,
    a_sheet_is_contested,
    a_product_has_more_complaints_than_usual,
    a_draft_is_tried,
    a_holiday_is_added_to_the_calendar,
    an_audit_looks_at_a_quarter,
    a_storefront_is_called,
]


def upload(life: Life, number: str, consumer: str | None, content: bytes) -> str:
    """The consumer, or quality, uploads a picture, or what is said to be one; its id."""
    offer = {"file_name": "壶.png", "content_type": "image/png", "size": len(content)}
    by = {"token": consumer} if consumer else {}
    evidence = life.do(number, "evidence", offer, None if consumer else "quality.he", **by)
    bucket = life.house.environment["REDRESS_EVIDENCE_BUCKET"]
    boto3.client("s3").put_object(Bucket=bucket, Key=evidence["upload"]["fields"]["key"], Body=content)
    life.settle()
    return str(evidence["evidence_id"])


def receipt_of(house: House, number: str) -> dict[str, Any]:
    """The item of the notice that a complaint was received."""
    own = (item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}")
    return next(item for item in own if item["sk"]["S"].endswith("#receipt#consumer"))


def ring(life: Life, number: str) -> None:
    """Every clock rings that was set for a complaint, and what follows happens."""
    machine, clock = boto3.client("stepfunctions"), life.house.environment["REDRESS_CLOCK_MACHINE"]
    pages = machine.get_paginator("list_executions").paginate(stateMachineArn=clock)
    own = [one for page in pages for one in page["executions"] if one["name"].startswith(number)]
    for execution in own:
        told = machine.describe_execution(executionArn=execution["executionArn"])["input"]
        life.invoke("ring", json.loads(told))
    life.settle()


@pytest.fixture(scope="module")
def lived(life: Life, shop_url: str) -> Iterator[Life]:
    with pytest.MonkeyPatch.context() as patch:
        bus = "redress-local-events"
        boto3.client("events").create_event_bus(Name=bus)
        life.house.set(patch, REDRESS_ORDER_SYSTEM_URL=shop_url, REDRESS_EVENT_BUS=bus)
        for chapter in CHAPTERS:
            chapter(life)
        yield life


# ---- what Lambda itself does in the name of a function ---------------------------------------------------------------


def duties() -> dict[str, set[Permission]]:
    """By function: it writes its log, empties its source, and puts away what failed."""
    template = merged()
    resources = template["Resources"]
    done: dict[str, set[Permission]] = {name: set() for name in (HTTP, *FUNCTIONS)}
    names = {to_cfn_resource_name(name): name for name in FUNCTIONS} | {"APIHandler": HTTP}

    def add(function: str, resource: Any, *actions: str) -> None:
        done[names[function]].update(Permission(action, furnished().resolve(resource)) for action in actions)

    for function in names:
        own = resources[function]["Properties"]
        log = {"Fn::GetAtt": [own["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]}
        add(function, log, "logs:CreateLogStream", "logs:PutLogEvents")
        if "DeadLetterQueue" in own:
            add(function, own["DeadLetterQueue"]["TargetArn"], "sqs:SendMessage")
    for invoked in (one["Properties"] for one in resources.values() if one.get("Type") == INVOKED):
        add(invoked["FunctionName"]["Ref"], invoked["DestinationConfig"]["OnFailure"]["Destination"], "sqs:SendMessage")
    for mapping in (one["Properties"] for one in resources.values() if one.get("Type") == MAPPING):
        function, source = mapping["FunctionName"]["Ref"], mapping["EventSourceArn"]
        add(function, source, *(READS_STREAM if "StreamArn" in source["Fn::GetAtt"] else READS_QUEUE))
        if "DestinationConfig" in mapping:
            add(function, mapping["DestinationConfig"]["OnFailure"]["Destination"], "sqs:SendMessage")
    return done


# ---- and so ----------------------------------------------------------------------------------------------------------


def test_nobody_was_denied_anything(lived: Life):
    assert lived.guard.denied == []


def test_every_function_had_its_part_and_has_a_policy(lived: Life):
    assert lived.guard.used.keys() == {HTTP, *FUNCTIONS}
    assert lived.guard.grants.keys() == {HTTP, *FUNCTIONS}


def test_everything_granted_is_used_and_what_lambda_does_for_a_function_is_granted(lived: Life):
    needs = duties()
    for function, grants in lived.guard.grants.items():
        used = lived.guard.used[function] | needs[function]
        assert [grant for grant in grants if not any(grant.allows(one) for one in used)] == [], function
        assert [one for one in used if not any(grant.allows(one) for grant in grants)] == [], function


def test_no_action_is_a_pattern_and_no_resource_is_everything(life: Life):
    for grants in life.guard.grants.values():
        assert [grant for grant in grants if "*" in grant.action or not grant.pattern.startswith("arn:")] == []


def test_whoever_does_what_is_not_granted_is_denied(life: Life):
    number = life.house.file()["complaint_id"]
    entry = {"record": number, "clock": 1, "idle": 0}
    before, life.guard.grants["ring"] = life.guard.grants["ring"], []
    try:
        with hearing() as heard, pytest.raises(Failed):
            life.invoke("ring", entry)
        assert heard.about("a function failed")[0]["code"] == "AccessDeniedException"
        assert life.guard.denied.pop()[0] == "ring"
    finally:
        life.guard.grants["ring"] = before
