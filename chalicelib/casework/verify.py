"""The order of a complaint is verified (4.2b): the shop's order system is asked for the facts as they were at filing.

The answer is kept as evidence that the report can cite. Where there is no order system, it stays down, takes no such
number or speaks of another order, staff verify by hand, and nothing waits for it.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chalicelib import log
from chalicelib.adapters import evidence, orders, store
from chalicelib.adapters.orders import AnotherOrder, NotTaken, NotTrusted, OrderSystemDown
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.record import Event
from chalicelib.domain.vocabulary.terms import Unchecked

from .batch import failed_messages
from .evidence import going_along
from .observe import observe

ORDER = "order"  # the id of the evidence
LAST_TRY = 5  # as many as the queue allows


def verify(messages: Iterable[dict[str, Any]], now: datetime, machine_time: datetime) -> list[str]:
    """Verifies the orders of the complaints that queue messages name; the ids of messages to be delivered again."""

    def verify_one(message: dict[str, Any]) -> bool:
        return _verify_or_leave(message, now, machine_time)

    return failed_messages(messages, verify_one, "an order was not left to people", _ids)


def _ids(message: dict[str, Any]) -> dict[str, Any]:
    return {"message": message.get("messageId"), "record": message.get("body")}


def _verify_or_leave(message: dict[str, Any], now: datetime, machine_time: datetime) -> bool:
    """Whether the order is verified, or after the last try staff see that nobody has verified it for them."""
    try:
        _verify(message["body"], now, machine_time)
    except NotTrusted:
        log.fault("the order system does not take our signature", **_ids(message))
    except OrderSystemDown as fault:
        log.note("the order system did not answer", why=str(fault), **_ids(message))
    except Exception:  # whatever it is, the queue delivers the message again, and at last people are told
        log.fault("an order was not verified", **_ids(message))
    else:
        return True
    if int(message.get("attributes", {}).get("ApproximateReceiveCount", 1)) < LAST_TRY:
        return False
    observe(message["body"], _by_hand("no_answer"), now)
    return True


def _verify(complaint_id: str, now: datetime, machine_time: datetime) -> None:
    case = store.load(complaint_id, Complaint)
    if case is None or case.state.order_check or case.state.erased_at:
        return
    try:
        facts = orders.facts_of(case.state.order_number, machine_time)
    except NotTaken as fault:
        log.note("the order system does not take an order number", why=str(fault), record=complaint_id)
        observe(complaint_id, _by_hand("not_taken"), now)
        return
    except AnotherOrder:
        log.fault("the order system answered with another order", record=complaint_id)
        observe(complaint_id, _by_hand("another_order"), now)
        return
    found: list[Event] = [events.OrderChecked(found=facts is not None, facts=facts and facts.for_the_record())]
    if facts:
        found.append(_keep(complaint_id, facts))

    def finding(complaint: Complaint) -> list[Event]:
        return [] if complaint.order_check else [going_along(event, complaint) for event in found]

    observe(complaint_id, finding, now)


def _keep(complaint_id: str, facts: submissions.OrderFacts) -> events.EvidenceReceived:
    content = facts.model_dump_json(exclude={"more_lines"}, exclude_none=True, indent=2).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    evidence.put(evidence.kept(evidence.KEPT, complaint_id, ORDER, sha256), content, "application/json")
    return events.EvidenceReceived(
        evidence_id=ORDER,
        file_name="order.json",
        content_type="application/json",
        size=len(content),
        sha256=sha256,
        added_by="system",
    )


def _by_hand(why: Unchecked) -> Callable[[Complaint], list[Event]]:
    return lambda complaint: [] if complaint.order_check else [events.OrderChecked(found=None, why=why)]
