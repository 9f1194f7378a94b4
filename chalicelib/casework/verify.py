"""The order of a complaint is verified (4.2b): the shop's order system is asked for the facts as they were at filing.

The answer is kept as evidence that the report can cite. Where there is no order system, or it stays down, staff verify
by hand, and nothing waits for it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib import log
from chalicelib.adapters import evidence, orders, store
from chalicelib.adapters.orders import OrderSystemDown
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.record import Event

from .record import record

ORDER = "order"  # the id of the evidence
LAST_TRY = 5  # as many as the queue allows


def verify(messages: Iterable[dict[str, Any]], now: datetime, machine_time: datetime) -> list[str]:
    """Verifies the orders of the complaints that queue messages name; the ids of messages to be delivered again."""
    return [message["messageId"] for message in messages if not _done(message, now, machine_time)]


def _done(message: dict[str, Any], now: datetime, machine_time: datetime) -> bool:
    receives = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
    try:
        _verified(message["body"], now, machine_time)
    except OrderSystemDown as fault:
        log.note("the order system did not answer", complaint_id=message["body"], why=str(fault), receives=receives)
    except Exception:  # whatever it is, the queue delivers the message again, and at last people are told
        log.fault("an order was not verified", message=message.get("messageId"), complaint_id=message.get("body"))
    else:
        return True
    return receives >= LAST_TRY and _left_to_people(message, now)


def _left_to_people(message: dict[str, Any], now: datetime) -> bool:
    """Staff see that nobody has verified the order for them."""
    try:
        record(message["body"], _by_hand, now)
    except Exception:  # then it is a dead letter
        log.fault("an order was not left to people", message=message.get("messageId"))
        return False
    return True


def _verified(complaint_id: str, now: datetime, machine_time: datetime) -> None:
    case = store.load(complaint_id)
    if case is None or case.complaint.order_check:
        return
    facts = orders.facts_of(case.complaint.order_number, machine_time)
    found: list[Event] = [events.OrderChecked(found=facts is not None, facts=facts)]
    if facts:
        found.append(_kept(complaint_id, facts))
    record(complaint_id, lambda complaint: [] if complaint.order_check else found, now)


def _kept(complaint_id: str, facts: submissions.OrderFacts) -> events.EvidenceReceived:
    content = facts.model_dump_json(exclude_none=True, indent=2).encode()
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


def _by_hand(complaint: Complaint) -> list[events.OrderChecked]:
    return [] if complaint.order_check else [events.OrderChecked(found=None)]
