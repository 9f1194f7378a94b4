"""A consumer's own words are in no mail and no text, and what anybody typed is in no notice to staff.

Nobody has confirmed the address that a notice goes to, and a name can hold a link.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

import app
from chalicelib.adapters import store
from chalicelib.casework import calendar, rules, webhook_letters
from chalicelib.casework.words import TEMPLATES
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Alarms, Operating
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.vocabulary.terms import Locale
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import PLAN, REPORT, House
from tests.published import publish
from tests.web.examples import a_webhook
from tests.web.uploads import upload

from .life import nothing_is_missed
from .mailroom import HARD, Mailroom, mail_event, mails, texts, told
from .told import LOCALES, TO_CONSUMERS, TO_STAFF

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEPARTMENTS = ("customer_service", "quality", "logistics", "legal", "supervisor", "management")
STAFF_WROTE = "写于内部"
MARKS = {
    name: f"标{number}记 https://evil.example/{number}"
    for number, name in enumerate(
        (
            "order",
            "product",
            "description",
            "name",
            "opinion",
            "information",
            "withdrawn",
            "reopened",
            "file",
            "about",
            "reviewed",
        )
    )
}
"""What the consumer types, by field."""
HELD = frozenset(
    {"order_number", "product_name", "description", "name", "opinion", "information", "reopened_because", "contact"}
)
"""Names under which words of the consumer could be handed to a template."""


@cache
def asked_for(template: Path) -> set[str]:
    """The names that a template wants to be told."""
    return find_undeclared_variables(Environment().parse(template.read_text("utf-8")))


@pytest.mark.parametrize(("kind", "locale"), [*product(NOTICES, LOCALES)])
def test_no_template_asks_for_a_word_of_the_consumer(kind: str, locale: Locale):
    for path in (*(TEMPLATES / kind).glob(f"{locale}.*"), *(TEMPLATES / "_shared").iterdir()):
        assert asked_for(path) & HELD == set(), path.name


def lives(house: House, room: Mailroom, locale: Locale) -> Iterator[str]:
    """Complaints whose every word is marked, which lead to every kind of notice; each is named."""
    contact = {"name": MARKS["name"], "email": "marked@example.cn", "phone": "13800138000"}
    typed = {
        "order_number": "E 标0记 evil.example/0",
        "product_name": MARKS["product"],
        "description": f"{MARKS['description']} 用了就过敏，去了急诊",
        "contact": contact,
        "locale": locale,
        "category": "product_quality",
    }

    def do(number: str, resource: str, body: object = None, who: str = "cs.lin", token: str = "") -> None:
        rest = {"token": token} if token else {}
        answer = house.do(number, resource, body, None if token else who, **rest)  # type: ignore[arg-type]
        assert answer.status < 300, answer.text
        room.settle()

    def days(count: float) -> None:
        house.now += timedelta(days=count)
        room.sweep()

    wrote = {"text": STAFF_WROTE, "public": False}
    plan = PLAN | {"summary": STAFF_WROTE}
    receipt = house.file(**typed)
    number, token = receipt["complaint_id"], receipt["consumer_token"]
    yield number
    room.settle()
    upload(house, receipt, file_name="标8记 evil.example.jpg", description=MARKS["about"])
    for who in (None, "cs.lin"):
        upload(house, receipt, who, b"MZ\x90\0", file_name="标8记 evil.example.jpg", description=MARKS["about"])
    do(number, "triage", {"tier": "look", "reason": STAFF_WROTE})
    assessment = {"harmed": "minor", "stop_selling": True, "report_to": ["food"], "note": STAFF_WROTE}
    do(number, "safety-assessment", assessment, "quality.he")
    do(number, "authority-reports", {"authority": "food", "note": STAFF_WROTE}, "quality.he")
    do(number, "interim-measures", {"text": "请先停用"})
    do(number, "acknowledgement", {"message": "已受理"})
    do(number, "notes", wrote)
    do(number, "notes", {"text": "明天致电", "public": True})
    do(number, "inquiries/1/answer", {"assessment": STAFF_WROTE}, "quality.he")
    do(number, "information-requests", {"question": "批号是多少？"})
    do(number, "information", {"text": MARKS["information"]}, token=token)
    do(number, "delivery-updates", {"status": "returned", "text": "已寄回"}, "logistics.gao")
    do(number, "extension", {"working_days": 2, "reason": "等待检测"}, "cs.lead")
    do(number, "investigation-report", REPORT)
    for first in (True, False):
        do(number, "plan-draft", plan)
        do(number, "legal-review", {"approved": True, "advice": STAFF_WROTE}, "legal.xu")
        do(number, "resolution-plan", plan)
        if first:
            do(number, "feedback", {"satisfied": False, "opinion": MARKS["opinion"]}, token=token)
    do(number, "information", {"text": MARKS["information"]}, token=token)
    do(number, "information-reading", {})
    days(5)
    do(number, "feedback", {"satisfied": True}, token=token)
    do(number, "follow-ups/1/completion", {})
    do(number, "reopening", {"reason": MARKS["reopened"]}, token=token)
    do(number, "link", {})
    do(number, "contact", {"contact": contact | {"phone": "13900139000"}, "reason": STAFF_WROTE})
    asked = {"order_number": typed["order_number"], "email": contact["email"]}
    assert house.post("/v1/lost-links", asked).status == 202
    room.settle()
    for _ in range(25):
        do(number, "notes", {"text": "明天致电", "public": True})
    days(1)
    do(number, "withdrawal", {"reason": MARKS["withdrawn"]})

    one, two = (house.file(**typed | {"contact": {"name": MARKS["name"], "email": f"m{n}@example.cn"}}) for n in (1, 2))
    yield one["complaint_id"]
    yield two["complaint_id"]
    room.settle()
    bounced = {("consumer", one["complaint_id"]), ("assignee", two["complaint_id"])}
    for item in house.items():
        key = item["sk"]["S"].rpartition("#")[2], item["pk"]["S"].removeprefix("RECORD#")
        if key in bounced and "email_message_id" in item:
            mail_event_of(house, item)
    room.settle()
    for into in (one["complaint_id"], None, one["complaint_id"]):
        do(two["complaint_id"], "merger", {"into": into})
    do(one["complaint_id"], "acknowledgement", {})
    do(one["complaint_id"], "inquiries/1/answer", {"assessment": STAFF_WROTE}, "quality.he")
    do(one["complaint_id"], "investigation-report", REPORT)
    refusal = plan | {"rejects_request": True, "reasons": STAFF_WROTE}
    do(one["complaint_id"], "plan-draft", refusal)
    do(one["complaint_id"], "legal-review", {"approved": True, "advice": STAFF_WROTE}, "legal.xu")
    do(one["complaint_id"], "resolution-plan", refusal)
    do(one["complaint_id"], "review-request", {"reason": MARKS["reviewed"]})
    do(one["complaint_id"], "withdrawal", {"reason": MARKS["withdrawn"]})

    satisfied = typed | {"category": "other", "contact": {"name": MARKS["name"], "email": "satisfied@example.cn"}}
    asked = house.bring_to("closed", **satisfied)["complaint_id"]
    yield asked
    for count in (4, 5):
        days(count)

    late = house.file(**typed)["complaint_id"]
    yield late
    do(late, "assignment", {"assignee": "cs.lin"}, "cs.lead")
    for hours in (20, 5, 24, 24, 24, 24):
        days(hours / 24)
    do(late, "information", {"text": f"{MARKS['information']} cs.lin, cs.chen, cs.lead"})
    for _ in range(10):
        days(1)
    case = store.load(late, Complaint)
    assert case
    do(
        late,
        f"breaches/{case.state.hearings[0].number}/decision",
        {"measure": "talk", "reasons": STAFF_WROTE},
        "management.zhou",
    )


def mail_event_of(house: House, item: dict[str, object]) -> None:
    app.mail_events(mail_event(house, "Bounce", item, **HARD), None)


def rounds(house: House, room: Mailroom) -> None:
    """The digest, a date that was told and comes sooner, a colleague who has left, more alarms than are told singly,
    more complaints than usual; and the calendar ends."""
    app.rounds(scheduled_event("rounds", REGION, house.now), None)
    room.settle()
    house.now = datetime(2026, 10, 23, 9, 0, tzinfo=SHANGHAI)
    awaited = house.bring_to("awaiting_consumer")
    house.do(awaited["complaint_id"], "assignment", {"assignee": "cs.chen"})
    house.disable("cs.chen")
    room.settle()
    operating = versions.packaged(Operating)[1]
    worked = {
        "version": 2,
        "effective_from": house.now + rules.AHEAD,
        "extra_working_days": (date(2026, 11, 7),),
        "alarms": Alarms(singles=1),
    }
    publish(operating.model_copy(update=worked), house.now)
    house.now += rules.AHEAD
    calendar.recount(house.now)
    room.settle()
    for _ in range(2):
        house.file(description=f"{MARKS['description']} 插上电就着火了", product_name=MARKS["product"])
    room.settle()
    house.now += timedelta(minutes=20)
    room.sweep()
    house.now = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
    for _ in range(10):
        house.file(description=MARKS["description"], product_name=MARKS["product"], product_id="K1")
    room.settle()
    house.now = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    nothing_is_missed(house.now)
    app.rounds(scheduled_event("rounds", REGION, house.now), None)
    room.settle()


def a_webhook_fails(house: House, room: Mailroom) -> None:
    shop = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    webhook = a_webhook(shop, house.now, state="disabled", disabled_at=house.now)
    webhook_letters.tell_given_up(webhook, house.now)
    webhook_letters.tell_disabled(webhook, house.now)
    room.settle()


def said(letter: EmailMessage) -> str:
    """Both forms of a mail."""
    parts = (part for part in letter.walk() if part.get_content_maintype() == "text")
    return "\n".join(str(part.get_content()) for part in parts)


def kinds_that_went_out(house: House) -> set[str]:
    sent = [item for item in house.items() if item["sk"]["S"].startswith("NOTICE#") and item["state"]["S"] == "sent"]
    return {item["sk"]["S"].split("#")[2] for item in sent}


ABOUT_THE_POLICY = {
    *("study_asked", "study_reminder", "unstudied", "interpretations_to_review"),
    *("training_given", "training_reminder", "training_late", "training_to_confirm"),
    *("policy_review_due", "policy_review_called", "policy_review_late", "policy_review_findings"),
    *("audit_missing", "audit_left"),
}
"""They know of no complaint; their own tests tell them."""


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_that_the_consumer_typed_leaves_the_house_and_staff_are_told_no_word_of_anybody(
    house: House, locale: Locale
):
    house.now = datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI)
    room = Mailroom(house)
    numbers = list(lives(house, room, locale))
    assert len(numbers) == 5
    if locale == "zh-CN":
        rounds(house, room)
        a_webhook_fails(house, room)
        expected = {*NOTICES, "report_computed"} - ABOUT_THE_POLICY
        assert kinds_that_went_out(house) - ABOUT_THE_POLICY == expected, "each kind is told of somebody"
    else:
        assert kinds_that_went_out(house) >= set(TO_CONSUMERS) - {"sooner"}
    headers = [f"{name}: {value}" for letter in mails() for name, value in letter.items()]
    to_topics = [f"{subject}\n{text}" for department in DEPARTMENTS for subject, text in told(department)]
    everything = str([headers, *map(said, mails()), to_topics, texts()])
    for number in range(len(MARKS)):
        assert f"标{number}记" not in everything, list(MARKS)[number]
    assert "evil" not in everything
    to_staff = [said(letter) for letter in mails() if str(letter["To"]).endswith("@staff.example")]
    assert to_staff
    assert len(to_topics) > 20
    assert STAFF_WROTE not in str(to_staff + to_topics)


def test_the_digest_says_of_each_complaint_its_number_category_stage_and_time(house: House):
    number = house.file(order_number="E标0记", product_name=MARKS["product"], category="delivery")["complaint_id"]
    room = Mailroom(house)
    room.settle()
    house.now = datetime(2026, 10, 10, 8, 0, tzinfo=SHANGHAI)
    app.rounds(scheduled_event("rounds", REGION, house.now), None)
    room.settle()
    (digest,) = [text for subject, text in told("customer_service") if "digest" in subject]
    (line,) = [line for line in digest.splitlines() if number in line]
    assert line == f"- {number}，物流配送，待受理，期限2026年10月10日（星期六）15:40"
    assert "标" not in digest


def test_kinds_to_consumers_and_to_staff_are_all_kinds():
    assert {*TO_CONSUMERS, *TO_STAFF} == set(NOTICES)
