"""The contract's answers cut down to what a reader of the tour wants to see."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.tour.show import CHINA, china

GENESIS = "0" * 64
HIDDEN = "—"
Row = tuple[str, ...]


def in_queue(one: Mapping[str, Any]) -> Row:
    """A complaint as a line of the queue."""
    return one["complaint_id"], one["product_name"], one["category"], china(one["deadline"]["due_at"])


def order(check: Mapping[str, Any] | None) -> dict[str, str]:
    """What the shop's order system says of the order."""
    if not check or not check["facts"]:
        return {"order": "not found" if check and check["found"] is False else "no answer: staff verify it by hand"}
    facts = check["facts"]
    goods = ", ".join(f"{line['product_name']} × {line['quantity']}" for line in facts["lines"])
    return {
        "order": f"{facts['order_number']}, of {china(facts['ordered_at'])}",
        "seller": facts["seller"],
        "goods": goods,
    }


def promises(plan: Mapping[str, Any]) -> dict[str, str]:
    """A plan's three obligatory parts (4.3a)."""
    return {
        "methods": ", ".join(_method(one) for one in plan["methods"]),
        "done within": f"{plan['complete_within_days']} days",
        "follow-up": ", ".join(plan["follow_up_measures"]),
    }


def _method(method: Mapping[str, Any]) -> str:
    amount = method.get("amount")
    return f"{method['kind']} {amount['value']} {amount['currency']}" if amount else str(method["kind"])


def side_by_side(inside: Mapping[str, Any], outside: Mapping[str, Any]) -> Iterator[Row]:
    """The staff's view and the public one, by what a reader would look for; what a view lacks is hidden from it."""
    yield "stage", inside["stage"], f"{outside['stage']}, called {outside['stage_name']}"
    yield "due", *(china(view["deadline"]["due_at"]) for view in (inside, outside))
    for name, field in (("contact", "contact"), ("assignee", "assignee"), ("report", "investigation_report")):
        yield name, _brief(inside.get(field)), _brief(outside.get(field))
    plans = " → ".join(one["plan"]["methods"][0]["kind"] for one in inside["resolution_plans"])
    yield "plans", plans, f"in force: {outside['resolution_plan']['methods'][0]['kind']}"
    answers = " / ".join(f"{one['department']}: {one['assessment']}" for one in inside["inquiries"])
    yield "inquiries", _brief(answers), _brief(outside.get("inquiries"))
    yield "files", *(", ".join(one["file_name"] for one in view["evidence"]) for view in (inside, outside))
    opinions = [one["feedback"]["opinion"] for one in inside["feedback"] if one["feedback"].get("opinion")]
    said = [one["details"]["opinion"] for one in outside["timeline"] if one["details"].get("opinion")]
    yield "opinions", " / ".join(opinions), " / ".join(said)


def _brief(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("root_cause") or ", ".join(str(part) for part in value.values() if part))
    return str(value or HIDDEN)


def task(one: Mapping[str, Any]) -> Row:
    """An inquiry as a line of a department's queue."""
    return one["complaint_id"], one["task"], one["product_name"], china(one["deadline"]["due_at"])


def notice(one: Mapping[str, Any]) -> Row:
    """A notice as staff see it: what about, to whom, and how it fared by each channel."""
    passages = [f"{passage['channel']} {passage['state']}, {passage['to']}" for passage in one["channels"]]
    return str(one["seq"]), one["kind"].replace("_", " "), one["audience"], one["state"], "; ".join(passages)


def entry(one: Mapping[str, Any]) -> Row:
    """A line of the staff's timeline."""
    at = f"{datetime.fromisoformat(one['at']).astimezone(CHINA):%m-%d %H:%M}"
    actor = one["actor"]["id"] if one["actor"]["kind"] == "staff" else one["actor"]["kind"]
    public = "yes" if one["public"] else "no"
    what = re.sub(r"(?<!^)[A-Z]", lambda letter: " " + letter[0], one["type"]).lower()
    return str(one["seq"]), at, what, actor, one["stage"] or "", public, one["previous"][:6], one["hash"][:6]


def broken_link(entries: Sequence[Mapping[str, Any]]) -> int | None:
    """The `seq` of the first entry that does not follow the one before it; None if they all do.

    Compares the hashes with each other. Recomputing them takes the stored events, of which the timeline shows a part.
    """
    previous = GENESIS
    for expected, one in enumerate(entries, start=1):
        if (one["seq"], one["previous"]) != (expected, previous):
            return int(one["seq"])
        previous = one["hash"]
    return None
