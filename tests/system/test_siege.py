"""The judge of `make siege` finds each kind of fault, and none where none is. It is not part of the gate itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.ladders import CHINA
from tests.siege.hostile import CONSUMERS_MARK, SHOPS_MARK
from tests.siege.judge import judge
from tests.siege.order_system import Shop, trick_of
from tests.siege.record import Kept, Seen, Sent
from tests.siege.siege import deeds
from tests.siege.wire import Ledger, Reply, Wrong

MAIL, PHONE = "wang@example.cn", "+8613800138000"


def china(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=CHINA)


NOW = china(14, 12)


class Story:
    """A complaint written down by hand, with what the consumer and others were told of it, and by which messages."""

    def __init__(self, complaint_id: str, contact: dict[str, str], *, ordinary: bool = True) -> None:
        self.complaint_id, self.ordinary = complaint_id, ordinary
        self.filing = {"order_number": "E1", "contact": contact}
        self.timeline: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.sent: list[Sent] = []

    def happens(
        self, what: str, at: datetime, stage: str | None = None, alarm: dict[str, Any] | None = None
    ) -> "Story":
        details = {"alarm": alarm} if alarm else {}
        entry = {"seq": len(self.timeline) + 1, "type": what, "at": at.isoformat(), "stage": stage, "details": details}
        self.timeline.append(entry)
        return self

    def rings(self, what: str, at: datetime, due: datetime, told: str, stage: str = "received") -> "Story":
        alarm = {"clock": "stage", "stage": stage, "moment": at.isoformat(), "due_at": due.isoformat()}
        return self.happens(what, at, alarm=alarm).tells("alarm", at, told)

    def tells(self, kind: str, at: datetime, audience: str = "consumer", channel: str = "") -> "Story":
        to = self.filing["contact"]
        channel = channel or ("topic" if audience != "consumer" else "email" if "email" in to else "sms")
        ways = [{"channel": channel, "state": "sent", "at": at.isoformat()}]
        known = {"seq": len(self.timeline), "kind": kind, "audience": audience, "state": "sent", "channels": ways}
        self.notices.append(known)
        address = f"arn:{audience}" if channel == "topic" else to["email" if channel == "email" else "phone"]
        self.sent.append(Sent(channel, address, "您好", at, self.complaint_id))
        return self

    def kept(self) -> Kept:
        view = {"order_check": {"found": True, "facts": {"order_number": "E1"}}}
        return Kept(self.complaint_id, self.ordinary, self.filing, self.timeline, self.notices, view)


def smooth(contact: dict[str, str]) -> Story:
    """All is done in time."""
    story = Story("SMOOTH", contact)
    story.happens("ComplaintFiled", china(9, 15, 40), "received").tells("receipt", china(9, 15, 40))
    story.happens("ComplaintAcknowledged", china(9, 16, 40), "investigating").tells("acknowledgement", china(9, 16, 40))
    story.happens("InvestigationReported", china(10, 10), "planning")
    story.happens("PlanProposed", china(12, 10), "awaiting_consumer").tells("plan", china(12, 10))
    story.happens("PlanAccepted", china(12, 14), "closed").tells("closure", china(12, 14))
    return story.happens("FollowUpPromised", china(12, 14)).happens("FollowUpCompleted", china(13, 10))


def untouched(*, ordinary: bool = True) -> Story:
    """Nobody ever looks at it: it is due on Saturday, 24 hours after its receipt."""
    story, due = Story("UNTOUCHED", {"name": "李明", "email": MAIL}, ordinary=ordinary), china(10, 15, 40)
    story.happens("ComplaintFiled", china(9, 15, 40), "received").tells("receipt", china(9, 15, 40))
    story.rings("ReminderRaised", china(10, 11, 40), due, "customer_service")
    story.rings("DeadlineMissed", due, due, "supervisor")
    for moment in (china(11, 15, 40), china(12, 8), china(13, 8), china(14, 8)):
        story.rings("Escalated", moment, due, "management")
    return story


def seen(*stories: Story, **more: Any) -> Seen:
    sent = [one for story in stories for one in story.sent]
    return Seen(NOW, [story.kept() for story in stories], **({"sent": sent} | more))


BY_MAIL, BY_TEXT = {"name": "王芳", "email": MAIL}, {"name": "王芳", "phone": PHONE}


def test_where_every_promise_was_kept_nothing_is_found():
    assert judge(seen(smooth(BY_MAIL), untouched())) == []
    assert judge(seen(smooth(BY_TEXT), untouched(ordinary=False))) == []


def without(story: Story, what: str) -> Story:
    """The same, but something never came."""
    story.timeline = [one for one in story.timeline if one["type"] != what]
    return story


def untold(story: Story, kind: str, audience: str = "consumer") -> Story:
    """The same, but nobody was told of something, and the list says so."""
    for one in story.notices:
        if (one["kind"], one["audience"]) == (kind, audience):
            one |= {"state": "queued", "channels": []}
    story.sent = [one for one in story.sent if not one.to.endswith(audience)]
    return story


def without_notice(story: Story, audience: str) -> Story:
    story.notices = [one for one in story.notices if one["audience"] != audience]
    return story


def told_at(story: Story, kind: str, at: datetime, audience: str = "consumer") -> Story:
    for one in story.notices:
        if (one["kind"], one["audience"]) == (kind, audience):
            one["channels"][0]["at"] = at.isoformat()
    return story


def late(story: Story, what: str, at: datetime) -> Story:
    for one in story.timeline:
        if one["type"] == what:
            one["at"] = at.isoformat()
    return story


def by_night(story: Story, kind: str, channel: str = "sms") -> Story:
    story.happens("DeliveryUpdated", china(13, 2, 30))
    return story.tells(kind, china(13, 2, 30), channel=channel)


def flooded(story: Story, kind: str, number: int) -> Story:
    for minute in range(number):
        story.happens("DeliveryUpdated", china(13, 10, minute)).tells(kind, china(13, 10, minute))
    return story


def sent_twice(story: Story) -> Story:
    story.sent.append(story.sent[0])
    return story


def saying(story: Story, words: str, channel: str = "email") -> Story:
    story.sent[0] = story.sent[0]._replace(words=words, channel=channel)
    return story


def of_view(story: Story, **check: Any) -> Seen:
    found = seen(story)
    return replace(found, kept=[replace(found.kept[0], view=check)])


def an_error(what: str) -> str:
    return json.dumps({"level": "error", "what": what, "exception": "builtins.ValueError"})


FAULTS: dict[str, Callable[[], Seen]] = {
    "what is due is raised": lambda: seen(without(untouched(), "ReminderRaised")),
    "nothing is raised that is not due": lambda: seen(
        smooth(BY_MAIL).rings("Escalated", china(13, 9), china(12, 9), "management", "planning")
    ),
    "what is due is raised in time": lambda: seen(late(untouched(), "DeadlineMissed", china(10, 16, 40))),
    "what happened can be read": lambda: seen(Story("EMPTY", BY_MAIL)),
    "a breach is recorded": lambda: seen(without(untouched(ordinary=False), "DeadlineMissed")),
    "a breach is recorded in time": lambda: seen(late(untouched(ordinary=False), "DeadlineMissed", china(11, 15, 40))),
    "the consumer is told": lambda: seen(untold(smooth(BY_MAIL), "plan")),
    "the consumer is told in time": lambda: seen(told_at(smooth(BY_MAIL), "acknowledgement", china(10, 15, 41))),
    "supervisor is told": lambda: seen(without_notice(untouched(), "supervisor")),
    "supervisor is told in time": lambda: seen(told_at(untouched(), "alarm", china(10, 20), "supervisor")),
    "a consumer is told once, and it is on record": lambda: seen(sent_twice(smooth(BY_MAIL))),
    "nobody is woken by a text": lambda: seen(by_night(smooth(BY_TEXT), "delivery_update")),
    "nobody is flooded": lambda: seen(flooded(smooth(BY_MAIL), "delivery_update", 11)),
    "a consumer's own words are in no message": lambda: seen(saying(smooth(BY_MAIL), f"https://{CONSUMERS_MARK}/")),
    "what a shop types is in no message": lambda: seen(saying(smooth(BY_MAIL), SHOPS_MARK)),
    "an order is verified, or left to people": lambda: of_view(smooth(BY_MAIL)),
    "facts are of the order that was asked for": lambda: of_view(
        smooth(BY_MAIL), order_check={"found": True, "facts": {"order_number": "E2"}}
    ),
    "no answer is a 5xx, or too large for a Lambda": lambda: seen(
        smooth(BY_MAIL), answers=[Wrong("staff", "GET /v1/complaints", "500")]
    ),
    "a public view stays under 6 MB": lambda: seen(smooth(BY_MAIL), views={"SMOOTH": 6_000_001}),
    "ordinary people are refused nothing": lambda: seen(smooth(BY_MAIL), refused=[("SMOOTH", "plan: 409")]),
    "nothing that one party sends can stop another": lambda: seen(smooth(BY_MAIL), hindered=[("LONG", "note: 413")]),
    "the shop is asked for orders only": lambda: seen(smooth(BY_MAIL), astray=["/"]),
    "a siege has all its parties": lambda: seen(smooth(BY_MAIL), died=["the hostile shop gave up"]),
    "the sweep fails for nobody": lambda: seen(smooth(BY_MAIL), log=[an_error("what was due could not be rung")]),
    "the log has no errors but those that an attack may cause": lambda: seen(
        smooth(BY_MAIL), log=[an_error("a request failed")]
    ),
}


@pytest.mark.parametrize("promise", FAULTS)
def test_a_promise_that_was_broken_is_found(promise: str):
    assert promise in {fault.promise for fault in judge(FAULTS[promise]())}


@pytest.mark.parametrize(
    "fine",
    [
        lambda: seen(by_night(smooth(BY_MAIL), "delivery_update", "email")),
        lambda: seen(by_night(smooth(BY_TEXT), "interim_measure")),
        lambda: seen(flooded(smooth(BY_MAIL), "delivery_update", 10)),
        lambda: seen(flooded(smooth(BY_MAIL), "information_request", 30)),
        lambda: seen(smooth(BY_MAIL), log=["Redress is up", an_error("the user pool does not take a sign-in")]),
    ],
)
def test_what_is_allowed_is_no_fault(fine: Callable[[], Seen]):
    assert judge(fine()) == []


def test_a_text_at_night_may_be_of_a_promise_that_would_be_broken_by_the_morning():
    story = Story("NIGHT", BY_TEXT)
    story.happens("ComplaintFiled", china(13, 1), "received").tells("receipt", china(13, 8))
    story.rings("ReminderRaised", china(13, 21), china(14, 1), "customer_service")
    story.happens("ComplaintAcknowledged", china(13, 23), "investigating").tells("acknowledgement", china(13, 23))
    assert judge(seen(story)) == []
    assert {one.promise for one in judge(seen(by_night(story, "plan")))} == {"nobody is woken by a text"}


def test_answers_are_counted_by_party_and_those_that_nobody_may_get_are_kept():
    ledger = Ledger()
    for reply in (Reply(200, {}, 6_000_001), Reply(404, {}), Reply(503, {"detail": "down"}), Reply(0, None)):
        ledger.note("somebody", "GET /v1/complaints", reply, 0.01)
    ledger.note("the desk", "GET /outbox", Reply(200, [], 9_000_000), 0.01)
    assert [(one.party, one.what.split()[0]) for one in ledger.wrong] == [
        ("somebody", one) for one in ("an", "503", "no")
    ]
    assert ledger.by("somebody") == 4


def test_staff_try_everything_from_receipt_to_closure():
    stages = iter(["received", "investigating", "planning", "awaiting_consumer", "closed"])
    state: dict[str, Any] = {"stage": next(stages), "inquiries": [], "follow_ups": []}
    done = []
    for who, resource, _ in deeds(lambda: state):
        done.append((who, resource))
        if resource in ("acknowledgement", "investigation-report", "resolution-plan", "feedback"):
            state["stage"] = next(stages)
    main = [
        name for _, name in done if name in ("acknowledgement", "investigation-report", "resolution-plan", "feedback")
    ]
    assert main == ["acknowledgement", "investigation-report", "resolution-plan", "feedback"]


def test_a_hostile_shop_knows_which_orders_it_is_asked_for_and_what_is_none():
    shop = Shop()
    assert shop.hear("/orders/a%2Fb%3Fc") == "a/b?c"
    assert shop.hear("/orders/..") == ".."
    assert [shop.hear(path) for path in ("/", "/orders/", "/orders/a/b", "/orders/a?b", "/astray")] == [""] * 5
    assert len(shop.astray) == 5
    assert [trick_of(number) for number in ("E1", "H-bomb-1", "H-nothing", "..")] == [
        "honest",
        "bomb",
        "honest",
        "honest",
    ]
