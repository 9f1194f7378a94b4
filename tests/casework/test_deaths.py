"""Whoever makes a notice or sends it may die at any AWS call: nothing is lost, and only what may have gone out already
is repeated, once. For every kind of notice there is.

They die after the call's effect: dead before the next one they leave the same behind, and before the first one nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

import app
from chalicelib.adapters import lost_links, outbox, store, training
from chalicelib.adapters.items import as_entry
from chalicelib.casework import calendar, rules, webhook_letters
from chalicelib.casework.interpretations import interpret
from chalicelib.casework.records import kind_of
from chalicelib.domain.governance.interpretations import Ruling
from chalicelib.domain.ground import people
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Alarms, Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.supervision.training import Training
from chalicelib.domain.telling.kinds import (
    AUDIT_LEFT,
    AUDIT_MISSING,
    LOST_LINK,
    NOTICES,
    REVIEW_CALLED,
    REVIEW_DUE,
    REVIEW_FINDINGS,
    REVIEW_LATE,
    TO_REVIEW,
)
from chalicelib.domain.telling.notices import NoticeKey, notices_of
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.examples import REJECTION
from tests.files import REFUSED
from tests.house import PLAN, REPORT, House, Killed
from tests.published import publish
from tests.web.examples import a_webhook
from tests.web.uploads import upload

from .life import nothing_is_missed
from .mailroom import HARD, Mailroom, mail_event, texts
from .streams import run
from .told import OF_NO_COMPLAINT

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = date(2026, 11, 7)  # on which the fifteen days of a plan of 23 October run out
MAIL_ONLY = {"name": "林", "email": "lin@example.cn"}


@dataclass
class Ordeal:
    """What became of a kind of notice: how often `react` and `deliver` died over it, and what went wrong then."""

    reacting: int = 0
    delivering: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Underworld:
    """The functions behind the table, each killed wherever it can be, for kinds of notices that it was not killed over.

    Of events that lead to notices, and of notices, the first of each kind is tried; the others go their way.
    """

    house: House
    room: Mailroom
    ordeals: dict[str, Ordeal] = field(default_factory=lambda: defaultdict(Ordeal))

    def settle(self) -> None:
        """Until nothing is left to do."""
        while (records := self.room.records()) or (messages := self._messages()):
            for record in records:
                self._react(record)
            for message in self._messages() if records else messages:
                self._deliver(message)

    @cached_property
    def _dynamodb(self) -> Any:
        return boto3.client("dynamodb")

    def _queue(self) -> Any:
        name = self.house.environment["REDRESS_NOTICES_QUEUE_URL"].rsplit("/", 1)[-1]
        return sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name]

    def _queued(self) -> dict[str, dict[str, Any]]:
        """What waits in the queue, by what it says: each once, however often it was sent."""
        return {one.body: {"messageId": one.id, "body": one.body} for one in self._queue().messages}

    def _messages(self) -> list[dict[str, Any]]:
        """The same, taken out of the queue."""
        messages = list(self._queued().values())
        self._queue()._messages.clear()
        return messages

    def _react(self, record: dict[str, Any]) -> None:
        entry = as_entry(record["dynamodb"]["NewImage"])
        keys = notices_of(entry, kind_of(entry.record).telling().tells)
        new = [self.ordeals[kind] for kind in {key.kind for key in keys} if not self.ordeals[kind].reacting]
        if new:
            deaths = len(list(self.house.deaths(lambda: run(app.react, [record]), "after")))
            for ordeal in new:
                ordeal.reacting = deaths
                ordeal.faults += [f"lost: {key}" for key in keys if not self._is_on_its_way(key)]
        assert run(app.react, [record]) == []

    def _is_on_its_way(self, key: NoticeKey) -> bool:
        """It is kept, and waits either for its time or in the queue."""
        item = self._item(key)
        return item is not None and ("alarm_pk" in item or json.dumps(key._asdict()) in self._queued())

    def _item(self, key: NoticeKey) -> dict[str, Any] | None:
        table = self.house.environment["REDRESS_TABLE"]
        found: dict[str, Any] = self._dynamodb.get_item(TableName=table, Key=outbox.item_key(key))
        return found.get("Item")

    def _deliver(self, message: dict[str, Any]) -> None:
        if lost_links.parse(message["body"]):
            self._look_up(message)
            return
        key = outbox.parse(message["body"])
        fresh, began = self._item(key), self.house.now
        before = self._gone_out()
        assert run(app.deliver, [message]) == []
        channels = self._gone_out() - before
        if channels and fresh and fresh["state"]["S"] == "queued" and not self.ordeals[key.kind].delivering:
            self._die(key, message, fresh, channels)
        self.house.now = began

    def _look_up(self, message: dict[str, Any]) -> None:
        """A link is asked for; whoever looks it up dies at each call, and it goes into the queue all the same."""
        ordeal = self.ordeals[LOST_LINK]
        ordeal.reacting = len(list(self.house.deaths(lambda: run(app.deliver, [message]), "after")))
        if not any(f'"{LOST_LINK}"' in body for body in self._queued()):
            ordeal.faults.append("it is not queued")

    def _die(self, key: NoticeKey, message: dict[str, Any], fresh: dict[str, Any], channels: int) -> None:
        """At its first call, then at its second, and so on until it gets through; each time as if nothing had been."""
        ordeal = self.ordeals[key.kind]
        for call in count():
            self._dynamodb.put_item(TableName=self.house.environment["REDRESS_TABLE"], Item=fresh)
            before = self._gone_out()
            try:
                with self.house.killed_at(call, "after"):
                    assert run(app.deliver, [message]) == []
                return
            except Killed as death:
                ordeal.delivering += 1
                where = f"{key.kind}, dead {death}"
            self.house.now += outbox.CLAIM + timedelta(seconds=1)
            assert run(app.deliver, [message]) == []
            ordeal.faults += [f"{where}: {fault}" for fault in self._faults(key, self._gone_out() - before, channels)]

    def _faults(self, key: NoticeKey, sent: int, channels: int) -> Iterator[str]:
        notice = outbox.as_notice(self._item(key) or {})
        if notice.state != "sent":
            yield f"it is {notice.state}"
        if not channels <= sent <= channels + 1:
            yield f"sent {sent} times by {channels} channels"
        if sent > channels and not notice.repeated:
            yield "repeated and not marked"

    @staticmethod
    def _gone_out() -> int:
        topics = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics.values()
        mails = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return len(mails) + len(texts()) + sum(len(topic.sent_notifications) for topic in topics)

    # ---- what people and clocks do in between ------------------------------------------------------------------------

    def file(self, **changes: Any) -> str:
        number = str(self.house.file(**changes)["complaint_id"])
        self.settle()
        return number

    def do(self, number: str, resource: str, body: Any = None, who: str = "cs.lin", **rest: Any) -> None:
        answer = self.house.do(number, resource, body, who, **rest)
        assert answer.status < 300, answer.text
        self.settle()

    def wait(self, **duration: float) -> None:
        """Time passes, and the sweep rings what is due by then."""
        self.house.pass_time(**duration)
        self.schedule("sweep")

    def schedule(self, function: str) -> None:
        nothing_is_missed(self.house.now)
        getattr(app, function.replace("-", "_"))(scheduled_event(function, REGION, self.house.now), None)
        self.settle()

    def bounce(self, number: str, kind: str) -> None:
        """The e-mail of a notice comes back for good."""
        own = (one for one in self.house.items() if one["pk"]["S"] == f"RECORD#{number}")
        item = next(one for one in own if one["sk"]["S"].endswith(f"#{kind}"))
        assert app.mail_events(mail_event(self.house, "Bounce", item, **HARD), None) == 1
        self.settle()


# ---- lives in which everybody is told of everything ------------------------------------------------------------------
# Whoever adds a kind of notice adds here what makes it happen.


def an_allergy_goes_all_the_way(world: Underworld) -> None:
    receipt = world.house.file(category="product_quality", description="用了一次就过敏，去了急诊")
    number, consumer = receipt["complaint_id"], receipt["consumer_token"]
    world.settle()
    world.do(number, "interim-measures", {"text": "请先停用"})
    world.do(number, "calls", {"about": "safety", "reached": True})
    assessment = {"harmed": "minor", "stop_selling": True, "report_to": ["cosmetics"], "note": "红肿"}
    world.do(number, "safety-assessment", assessment, "quality.he")
    world.do(number, "authority-reports", {"authority": "cosmetics"}, "quality.he")
    world.do(number, "acknowledgement", {})
    world.do(number, "inquiries/1/answer", {"assessment": "配方有误"}, "quality.he")
    world.do(number, "information-requests", {"question": "批号是多少？"})
    world.do(number, "information", {"text": "A17"})
    world.do(number, "delivery-updates", {"status": "returned", "text": "已寄回"}, "logistics.gao")
    world.do(number, "extension", {"working_days": 2, "reason": "等待检测"}, "cs.lead")
    world.do(number, "investigation-report", REPORT)
    world.do(number, "plan-draft", PLAN)
    world.do(number, "legal-review", {"approved": True, "advice": "可以"}, "legal.xu")
    world.do(number, "resolution-plan", PLAN)
    world.do(number, "feedback", {"satisfied": False, "opinion": "不够"})
    world.do(number, "plan-draft", PLAN)
    world.do(number, "legal-review", {"approved": True, "advice": "可以"}, "legal.xu")
    world.do(number, "resolution-plan", PLAN)
    world.do(number, "information", {"text": "还在考虑"})
    world.do(number, "information-reading", {})
    world.wait(days=5)
    world.do(number, "feedback", {"satisfied": True})
    world.do(number, "follow-ups/1/completion", {})
    assert world.house.post(f"/v1/complaints/{number}/reopening", {"reason": "又过敏了"}, token=consumer).status == 200
    world.settle()
    world.do(number, "link", {})
    world.do(number, "withdrawal", {})


def a_link_is_lost(world: Underworld) -> None:
    number = world.file(contact=MAIL_ONLY)
    asked = {"complaint_id": number, "email": MAIL_ONLY["email"]}
    assert world.house.post("/v1/lost-links", asked).status == 202
    world.settle()
    world.do(number, "withdrawal", {})


def much_happens_on_a_day(world: Underworld) -> None:
    number = world.file(contact={"name": "林", "phone": "13900139000"})
    for _ in range(7):
        world.do(number, "notes", {"text": "已联系物流", "public": True})
    world.do(number, "withdrawal", {})


def mail_comes_back_and_two_become_one(world: Underworld) -> None:
    first, second = world.file(contact=MAIL_ONLY), world.file()
    world.bounce(first, "receipt#consumer")
    world.bounce(second, "assigned#assignee")
    world.do(second, "merger", {"into": first})
    world.do(second, "merger", {"into": None})
    world.do(second, "merger", {"into": first})
    world.do(first, "acknowledgement", {})
    world.do(first, "investigation-report", REPORT)
    world.do(first, "resolution-plan", PLAN)
    world.do(first, "withdrawal", {})


def nobody_does_anything(world: Underworld) -> None:
    world.house.now = datetime(2026, 10, 19, 15, 40, tzinfo=SHANGHAI)  # a Monday
    number = world.file()
    world.wait(hours=20)
    world.wait(hours=5)
    world.wait(days=2)
    world.schedule("rounds")
    world.do(number, "withdrawal", {})


def somebody_answers_for_a_breach(world: Underworld) -> None:
    """They are reminded on their last day, and say nothing; the decision is hurried, and objected to."""
    world.house.now = datetime(2026, 10, 19, 15, 40, tzinfo=SHANGHAI)
    number = world.file()
    world.do(number, "assignment", {"assignee": "cs.lin"})
    world.wait(hours=25)
    world.do(number, "withdrawal", {})
    world.wait(days=2, hours=16)
    world.wait(days=1)
    world.wait(days=6)
    world.do(number, "breaches/1/decision", {"measure": "talk", "reasons": "应提前说明"}, "management.zhou")


def a_day_is_worked_after_all(world: Underworld) -> None:
    world.house.now = datetime(2026, 10, 23, 9, 0, tzinfo=SHANGHAI)
    number = world.house.bring_to("awaiting_consumer")["complaint_id"]
    world.settle()
    operating = versions.packaged(Operating)[1]
    worked = {"version": 2, "effective_from": world.house.now + rules.AHEAD, "extra_working_days": (SATURDAY,)}
    publish(operating.model_copy(update=worked), world.house.now)
    world.house.now += rules.AHEAD
    calendar.recount(world.house.now)
    world.settle()
    world.do(number, "withdrawal", {})


def nobody_studies_the_policy(world: Underworld) -> None:
    """Who was noted on the 22nd is reminded with three working days left, and late after the fifth."""
    for day in (26, 30):
        world.house.now = datetime(2026, 10, day, 8, tzinfo=SHANGHAI)
        world.schedule("rounds")


def somebody_learns(world: Underworld) -> None:
    """What follows from not studying is due on November 27; what 陈 is to learn of conduct is done the day before."""
    now = world.house.now
    training.put(
        Training(
            person="cs.chen", id="conduct-1", topic="conduct", given_at=now, due_at=now + timedelta(28), evidence=()
        ),
        now,
    )
    for day in (25, 26, 27):
        world.house.now = datetime(2026, 11, day, 8, tzinfo=SHANGHAI)
        world.schedule("rounds")
        if day == 26:
            done = world.house.post("/v1/training/cs.chen/conduct-1/completion", {"note": "已学习。"}, "cs.chen")
            assert done.status == 200, done.text


def files_are_not_taken(world: Underworld) -> None:
    receipt = world.house.file()
    for who in (None, "cs.lin"):
        upload(world.house, receipt, who, content=REFUSED["a letter with macros"][1])
    world.settle()
    world.wait(minutes=6)
    world.do(receipt["complaint_id"], "withdrawal", {})


def the_calendar_ends(world: Underworld) -> None:
    world.house.now = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    world.schedule("rounds")


def a_colleague_leaves(world: Underworld) -> None:
    number = world.file()
    world.do(number, "assignment", {"assignee": "cs.chen"})
    world.house.disable("cs.chen")
    world.wait(hours=1)
    world.schedule("rounds")
    world.do(number, "withdrawal", {})


def another_person_is_asked_for_and_nobody_is_left(world: Underworld) -> None:
    number = world.house.bring_to("planning")["complaint_id"]
    world.settle()
    world.do(number, "resolution-plan", REJECTION)
    world.do(number, "review-request", {"reason": "cs.chen、cs.lead都说不行，请换人"})
    world.do(number, "withdrawal", {})


def a_product_burns_several(world: Underworld) -> None:
    """More than are told of one by one, where three alarms an hour are enough."""
    changes = {"version": 3, "effective_from": world.house.now + rules.AHEAD, "alarms": Alarms(singles=3)}
    publish(versions.packaged(Operating)[1].model_copy(update=changes), world.house.now)
    world.house.now += rules.AHEAD + timedelta(hours=1)
    rules.forget()
    numbers = [world.file(description="插上电就着火了，手被烫伤", product_name="电热毯") for _ in range(3)]
    world.wait(minutes=15)
    for number in numbers:
        world.do(number, "triage", {"tier": "none", "reason": "已核实"})
        world.do(number, "withdrawal", {})


def somebody_is_asked_how_it_was(world: Underworld) -> None:
    receipt = world.house.bring_to("closed", contact=MAIL_ONLY)
    world.settle()
    world.do(receipt["complaint_id"], "follow-ups/1/completion", {})
    world.wait(days=4)
    world.wait(days=5)
    world.wait(days=12)


def one_product_has_more_complaints_than_usual(world: Underworld) -> None:
    """And on Monday everybody is told so who is told of the week."""
    world.house.now = datetime(2026, 12, 9, 10, 0, tzinfo=SHANGHAI)
    numbers = [world.file(product_name="电热水壶 3L") for _ in range(10)]
    world.house.now = datetime(2026, 12, 14, 9, 0, tzinfo=SHANGHAI)
    world.schedule("rounds")
    for number in numbers:
        world.do(number, "withdrawal", {})


def the_policy_is_to_be_looked_over(world: Underworld) -> None:
    """As its time comes, before that, when it is over; and with a version interpretations are."""
    clause = Ruling(clause="4.2c", question="节假日顺延吗？", ruling="不顺延。")
    interpret(clause, people.staff("cs.lin", frozenset({"customer_service"})), world.house.now, None)
    third = {"version": 3, "effective_from": world.house.now + timedelta(days=8)}
    publish(versions.packaged(Rules)[2].model_copy(update=third), world.house.now)
    reviews = ((REVIEW_DUE, 20271201), (REVIEW_CALLED, 20270302202701), (REVIEW_LATE, 20271201))
    for kind, seq in ((TO_REVIEW, 3), *reviews, (REVIEW_FINDINGS, 2027120105)):
        outbox.queue(NoticeKey(HOUSE_RECORD, seq, Role.LEGAL, kind), world.house.now, world.house.now)
    world.settle()


def audits_are_left_undone(world: Underworld) -> None:
    """A quarter has none; and who was to do something of one has left."""
    store.set_mark("audits left 20270105", json.dumps(["cs.gone|audit_2026Q3-1 finding 2"]))
    for kind, seq in ((AUDIT_MISSING, 20264), (AUDIT_LEFT, 20270105)):
        outbox.queue(NoticeKey(HOUSE_RECORD, seq, Role.MANAGEMENT, kind), world.house.now, world.house.now)
    world.settle()


def a_webhook_is_down_for_long(world: Underworld) -> None:
    """News for it are given up, and it is called no more."""
    now, shop = world.house.now, world.house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    failed = {"failures": 40, "last_failure": "server_error", "last_failure_at": now}
    webhook = a_webhook(shop, now, state="disabled", disabled_at=now, **failed)
    webhook_letters.tell_given_up(webhook, now)
    webhook_letters.tell_disabled(webhook, now)
    world.settle()


TOLD_LATER = ("file_refused", "own_file_refused")
"""They are written, and the sweep queues them."""
LIVES = (
    an_allergy_goes_all_the_way,
    somebody_is_asked_how_it_was,
    a_link_is_lost,
    much_happens_on_a_day,
    mail_comes_back_and_two_become_one,
    nobody_does_anything,
    somebody_answers_for_a_breach,
    a_day_is_worked_after_all,
    nobody_studies_the_policy,
    files_are_not_taken,
    somebody_learns,
    the_calendar_ends,
    a_colleague_leaves,
    another_person_is_asked_for_and_nobody_is_left,
    a_product_burns_several,
    one_product_has_more_complaints_than_usual,
    the_policy_is_to_be_looked_over,
    audits_are_left_undone,
    a_webhook_is_down_for_long,
)


@pytest.fixture(scope="module")
def ordeals(lasting_house: House) -> dict[str, Ordeal]:
    """Of each kind that anybody was told of."""
    world = Underworld(lasting_house, Mailroom(lasting_house))
    for live in LIVES:
        live(world)
    return world.ordeals


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_survives_whoever_dies_over_it(ordeals: dict[str, Ordeal], kind: str):
    ordeal = ordeals[kind]
    assert ordeal.faults == []
    assert ordeal.delivering >= 4, "the notice is read, claimed, sent and recorded"
    least = 0 if kind in ("more", *OF_NO_COMPLAINT) else 1 if kind in TOLD_LATER else 2
    assert ordeal.reacting >= least, "it is written and queued"
