"""Whether the promises were kept, from the facts alone: what was due by another count, and what the house says it did.

Nothing is judged by how fast the machine was: all times are the house's.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.ladders import CHINA, DAY, Record, at, awake_after, instant, whose

from .hostile import CONSUMERS_MARK, SHOPS_MARK
from .record import Kept, Seen, Sent
from .wire import LARGEST_ANSWER

SLACK = timedelta(minutes=10)
"""By which an alarm may ring late and a notice go out late: two rounds of the sweep."""
CAP = {"email": 10, "sms": 10}
"""Notices to a consumer about a complaint in a day, by channel, if nobody says otherwise."""
NEVER_HELD_BACK = {"acknowledgement", "plan", "adjusted_plan", "information_request", "closure", "interim_measure"}
"""Kinds of notices: these go out beyond the cap too, and by night where nothing else arrives before they are due."""
LETS_IN = {"receipt", "new_link", "lost_link", "more"}
"""Without these a consumer could not look: they are never held back either, but by night."""
IN_DANGER = {"interim_measure"}
TO_CONSUMER = {
    "ComplaintFiled": ("receipt",),
    "ComplaintAcknowledged": ("acknowledgement",),
    "PlanProposed": ("plan", "adjusted_plan"),
    "PlanAccepted": ("closure",),
    "ComplaintLapsed": ("closure",),
    "ComplaintWithdrawn": ("withdrawal",),
    "InformationRequested": ("information_request",),
}
WORK = ("received", "investigating", "planning", "follow_up")
TO_STAFF = {
    **{("ReminderRaised", one): ("customer_service",) for one in WORK},
    **{("DeadlineMissed", one): ("supervisor",) for one in WORK},
    **{("Escalated", one): ("management",) for one in (*WORK, "inquiry")},
    ("ReminderRaised", "inquiry"): ("quality",),
    ("DeadlineMissed", "inquiry"): ("quality", "supervisor"),
    ("ReminderRaised", "awaiting_consumer"): ("consumer",),
    ("ReminderRaised", "information"): ("consumer",),
    ("WaitExpired", "information"): ("customer_service",),
}
FAILED = {"bounced", "undelivered", "refused", "uncertain", "held_back"}
"""States of a channel by which nothing has arrived."""
CAUSED = {
    "the user pool does not take a sign-in",
    "the order system does not take our signature",
    "the order system answered with another order",
}
"""What an attack may put into the log at level error: somebody must see to it."""
SWEEP_FAILED = "what was due could not be rung"


class Fault(NamedTuple):
    """A promise that was broken: which, about which complaint or what else, and how."""

    promise: str
    about: str
    how: str


def judge(seen: Seen, cap: Mapping[str, int] = CAP) -> list[Fault]:
    """Everything that was broken."""
    return [
        *(fault for one in seen.kept if one.ordinary for fault in _alarms(one, seen.now)),
        *(fault for one in seen.kept if not one.ordinary for fault in _breaches(one, seen.now)),
        *(fault for one in seen.kept if one.ordinary for fault in _told(one, seen.now)),
        *(fault for one in seen.kept if one.ordinary for fault in _told_once(one, seen.sent)),
        *(fault for one in seen.kept for fault in _asleep(one, seen.sent, seen.now)),
        *(fault for one in seen.kept for fault in _flooded(one, seen.sent, cap)),
        *(fault for one in seen.kept for fault in _orders(one)),
        *_words(seen.sent),
        *_answers(seen),
        *_log(seen.log),
    ]


# ---- the clocks ------------------------------------------------------------------------------------------------------


def _alarms(kept: Kept, now: datetime) -> Iterator[Fault]:
    """Of an ordinary complaint every alarm rings once, at its time, and no other does."""
    record = Record(kept.timeline)
    if not kept.timeline:
        yield Fault("what happened can be read", kept.complaint_id, "its timeline is empty")
        return
    rung, demanded = Counter(record.rung()), Counter(record.demanded(now))
    for (name, (kind, moment)), _ in (demanded - rung).items():
        yield Fault("what is due is raised", kept.complaint_id, f"no {kind} of {name} at {_said(moment)}")
    for (name, (kind, moment)), _ in (rung - demanded).items():
        yield Fault("nothing is raised that is not due", kept.complaint_id, f"{kind} of {name} at {_said(moment)}")
    if (late := max(record.lateness(), default=timedelta())) > SLACK:
        yield Fault("what is due is raised in time", kept.complaint_id, f"an alarm rang {late} late")


def _breaches(kept: Kept, now: datetime) -> Iterator[Fault]:
    """Whatever is done to a complaint, each stage of ours is left in time, or its breach recorded at its due time."""
    record = Record(kept.timeline)
    missed = [
        one for one in kept.timeline if one["type"] == "DeadlineMissed" and one["details"]["alarm"]["clock"] == "stage"
    ]
    known = [
        (one["details"]["alarm"]["stage"], instant(one["details"]["alarm"]["due_at"]), instant(one["at"]))
        for one in missed
    ]
    for stage, entered, left in record.stages(now):
        due = record.due(stage, entered)
        if stage not in ("received", "investigating", "planning") or due > left:
            continue
        recorded = [moment for of, at_due, moment in known if (of, at_due) == (stage, due) and moment >= entered]
        if not recorded:
            yield Fault("a breach is recorded", kept.complaint_id, f"{stage}, due {_said(due)}, left {_said(left)}")
        elif recorded[0] - max(due, entered) > SLACK:
            late = recorded[0] - max(due, entered)
            yield Fault("a breach is recorded in time", kept.complaint_id, f"{stage}, due {_said(due)}: {late} late")


# ---- who was told ----------------------------------------------------------------------------------------------------


def _told(kept: Kept, now: datetime) -> Iterator[Fault]:
    record = Record(kept.timeline)
    planning = {left: entered for stage, entered, left in record.stages(now) if stage == "planning"}
    for entry in kept.timeline:
        happened = instant(entry["at"])
        limit = awake_after(happened) + SLACK
        if entry["type"] == "ComplaintAcknowledged":
            limit = _by(limit, happened, instant(kept.timeline[0]["at"]) + DAY)
        if entry["type"] == "PlanProposed" and happened in planning:
            limit = _by(limit, happened, record.due("planning", planning[happened]))
        if limit > now:
            continue
        for kind in TO_CONSUMER.get(entry["type"], ())[:1]:
            kinds = TO_CONSUMER[entry["type"]]
            found = [one for one in _notices(kept, entry["seq"], "consumer") if one["kind"] in kinds]
            yield from _arrived(kept, kind, "the consumer", found, limit, must=entry["type"] != "ComplaintLapsed")
        if alarm := entry["details"].get("alarm"):
            for audience in TO_STAFF.get((entry["type"], whose(alarm).split()[0]), ()):
                found = _notices(kept, entry["seq"], audience)
                must = entry["type"] == "DeadlineMissed"
                yield from _arrived(kept, f"{entry['type']} of {whose(alarm)}", audience, found, limit, must)


def _by(limit: datetime, happened: datetime, due: datetime) -> datetime:
    """What was done in time is told by the time it was due."""
    return min(limit, due) if happened <= due else limit


def _notices(kept: Kept, seq: int, audience: str) -> list[dict[str, Any]]:
    return [one for one in kept.notices if (one["seq"], one["audience"]) == (seq, audience)]


def _arrived(
    kept: Kept, what: str, audience: str, found: list[dict[str, Any]], limit: datetime, must: bool
) -> Iterator[Fault]:
    """`must`: it is news that is never out of date."""
    promise = f"{audience.replace('_', ' ')} is told"
    if not must and any(one["state"] == "outdated" for one in found):
        return
    arrived = [instant(way["at"]) for one in found for way in one["channels"] if way["state"] not in FAILED]
    if not arrived:
        states = ", ".join(one["state"] for one in found) or "no notice"
        yield Fault(promise, kept.complaint_id, f"not of {what} ({states}), by {_said(limit)}")
    elif min(arrived) > limit:
        yield Fault(f"{promise} in time", kept.complaint_id, f"of {what} at {_said(min(arrived))}, by {_said(limit)}")


def _told_once(kept: Kept, sent: list[Sent]) -> Iterator[Fault]:
    """What went out to the consumer is what the notices say, by each channel once."""
    passages = Counter(
        way["channel"]
        for one in kept.notices
        if one["audience"] == "consumer"
        for way in one["channels"]
        if way["state"] != "held_back"
    )
    went = Counter(one.channel for one in _to_consumer(kept, sent))
    if went != passages:
        how = f"{_counts(went)} went out, {_counts(passages)} are on record"
        yield Fault("a consumer is told once, and it is on record", kept.complaint_id, how)


def _to_consumer(kept: Kept, sent: list[Sent]) -> list[Sent]:
    contact = kept.filing["contact"]
    own = {str(contact[way]).casefold() for way in ("email", "phone") if contact.get(way)}
    return [one for one in sent if one.complaint_id == kept.complaint_id and one.to.casefold() in own]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{number} by {channel}" for channel, number in sorted(counter.items())) or "none"


# ---- nights and floods -----------------------------------------------------------------------------------------------


def _asleep(kept: Kept, sent: list[Sent], now: datetime) -> Iterator[Fault]:
    """Nobody is woken: by night no text but those that would come too late in the morning."""
    for one in _to_consumer(kept, sent):
        if one.channel != "sms" or awake_after(one.at) == one.at:
            continue
        kinds = _kinds_at(kept, "sms", one.at)
        if not kinds & IN_DANGER and not (kinds & NEVER_HELD_BACK and _no_mail(kept) and _is_due(kept, one.at, now)):
            named = " or ".join(sorted(kinds)) or "something that no notice names"
            yield Fault("nobody is woken by a text", kept.complaint_id, f"{named} at {_said(one.at)}")


def _kinds_at(kept: Kept, channel: str, moment: datetime) -> set[str]:
    """The kinds of notices that may have gone out to the consumer then."""
    found = [
        (one["kind"], instant(way["at"]) - moment)
        for one in kept.notices
        if one["audience"] == "consumer"
        for way in one["channels"]
        if way["channel"] == channel
    ]
    return {kind for kind, later in found if timedelta() <= later <= timedelta(seconds=2)}


def _no_mail(kept: Kept) -> bool:
    """Whether no mail goes: there is no address, or it has bounced."""
    states = [way["state"] for one in kept.notices for way in one["channels"] if way["channel"] == "email"]
    return not kept.filing["contact"].get("email") or bool({"bounced", "complained", "undelivered"} & set(states))


def _is_due(kept: Kept, moment: datetime, now: datetime) -> bool:
    """Whether a stage that it was in, or had just left, is due before people wake."""
    record = Record(kept.timeline)
    dues = [
        record.due(stage, entered) for stage, entered, left in record.stages(now) if entered <= moment <= left + SLACK
    ]
    return any(moment <= due <= awake_after(moment) for due in dues)


def _flooded(kept: Kept, sent: list[Sent], cap: Mapping[str, int]) -> Iterator[Fault]:
    """About a complaint a consumer gets so many notices by a channel in a day, beside what is never held back."""
    went = Counter((one.channel, _day(one.at)) for one in _to_consumer(kept, sent))
    exempt = Counter(
        (way["channel"], _day(instant(way["at"])))
        for one in kept.notices
        if one["audience"] == "consumer" and one["kind"] in NEVER_HELD_BACK | LETS_IN
        for way in one["channels"]
        if way["state"] != "held_back"
    )
    for (channel, day), number in went.items():
        if number - exempt[channel, day] > cap[channel]:
            free = exempt[channel, day]
            how = f"{number} by {channel} on {day:%m-%d}, {free} of them never held back; {cap[channel]} are the most"
            yield Fault("nobody is flooded", kept.complaint_id, how)


def _day(moment: datetime) -> datetime:
    return at(moment.astimezone(CHINA).date(), 0)


def _words(sent: list[Sent]) -> Iterator[Fault]:
    """What anybody types goes to nobody: not to the address that somebody gave, nor to the many who read a topic."""
    found: Counter[tuple[str, str, str]] = Counter()
    for one in sent:
        place = one.to.rpartition(":")[2] if one.channel == "topic" else one.channel
        if CONSUMERS_MARK in one.words:
            found["a consumer's own words are in no message", str(one.complaint_id), place] += 1
        if SHOPS_MARK in one.words:
            found["what a shop types is in no message", str(one.complaint_id), place] += 1
    for (promise, about, place), number in found.items():
        yield Fault(promise, about, f"{place}, {number} times")


# ---- orders ----------------------------------------------------------------------------------------------------------


def _orders(kept: Kept) -> Iterator[Fault]:
    """An order is looked into, or left to people to see to; and facts are of that order."""
    check = kept.view.get("order_check")
    if kept.ordinary and not check:
        yield Fault("an order is verified, or left to people", kept.complaint_id, "neither")
    told = ((check or {}).get("facts") or {}).get("order_number")
    if told and told.casefold() != kept.filing["order_number"].casefold():
        yield Fault("facts are of the order that was asked for", kept.complaint_id, f"{told} is taken for its order")


# ---- what was answered and logged ------------------------------------------------------------------------------------


def _answers(seen: Seen) -> Iterator[Fault]:
    for wrong in seen.answers:
        yield Fault("no answer is a 5xx, or too large for a Lambda", wrong.party, f"{wrong.asked}: {wrong.what}")
    for name, size in seen.views.items():
        if size > LARGEST_ANSWER:
            yield Fault("a public view stays under 6 MB", name, f"{size} bytes")
    for about, refused in seen.refused:
        yield Fault("ordinary people are refused nothing", about, refused)
    for about, hindered in seen.hindered:
        yield Fault("nothing that one party sends can stop another", about, hindered)
    for path in seen.astray:
        yield Fault("the shop is asked for orders only", "the order system", f"was asked for {path}")
    for died in seen.died:
        yield Fault("a siege has all its parties", "the siege itself", died)


def _log(lines: list[str]) -> Iterator[Fault]:
    errors: Counter[str] = Counter()
    for line in lines:
        entry = _entry(line)
        if entry.get("level") == "error" and entry.get("what") not in CAUSED:
            errors[" ".join(str(entry[key]) for key in ("what", "exception", "code") if entry.get(key))] += 1
        elif "Traceback (most recent call last)" in line:
            errors["a traceback"] += 1
    for what, number in errors.items():
        failed = what.startswith(SWEEP_FAILED)
        promise = "the sweep fails for nobody" if failed else "the log has no errors but those that an attack may cause"
        yield Fault(promise, "the log", f"{what} (× {number})")


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"
