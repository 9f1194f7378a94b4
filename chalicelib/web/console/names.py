"""What the values of a complaint are called: by the words of the house where it has them, else by the console's."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.errors import FieldFault, Refusal
from chalicelib.domain.policy.causes import packaged_causes
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.vocabulary import refusals, spoken
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.domain.vocabulary.spoken import Names
from chalicelib.web.pages.speech import Speech

KNOWN: Mapping[str, Names] = {
    "category": spoken.CATEGORIES,
    "requested_remedy": spoken.REMEDIES,
    "department": PARTIES,
    "departments": PARTIES,
    "held_by": PARTIES,
    "stage": spoken.STAFF_STAGES,
    "outcome": spoken.ENDS,
    "status": spoken.DELIVERY_STATUSES,
    "delivery_state": spoken.DELIVERY_STATUSES,
    "harmed": spoken.HARMS,
    "authority": spoken.AUTHORITIES,
    "report_to": spoken.AUTHORITIES,
    "measure": spoken.HEARING_MEASURES,
    "task": spoken.SAFETY_TASKS,
    "notice": {kind: one.names for kind, one in NOTICES.items()},
    "by_channel": spoken.CHANNELS,
}
"""By field."""


def named(field: str, value: str, say: Speech) -> str:
    """What a value of a field is called; itself, where it has no other name."""
    if known := KNOWN.get(field, {}).get(value):
        return known[say.locale]
    key = f"values.{field}.{value}"
    return str(say(key)) if say.knows(key) else value


def cause_name(code: str, say: Speech) -> str:
    cause = packaged_causes().get(code)
    return cause.names[say.locale] if cause else code


def clock_name(clock: str, say: Speech) -> str:
    """What is to be done by a clock of a complaint."""
    name, _, number = clock.partition(" ")
    own = f"complaint.clock.{name}"
    if say.knows(own):
        return str(say(own, number=number))
    known = spoken.SAFETY_TASKS.get(name)
    return known[say.locale].format(named("authority", number, say)) if known else clock


def act_name(action: Action | str, say: Speech, what: str = "name") -> str:
    key = f"acts.{action}.{what}"
    return str(say(key)) if say.knows(key) else ""


def refused(refusal: Refusal, say: Speech) -> str:
    """Why something is not done: in the words of the console where what is said to everybody names the API's."""
    key = f"why.{refusal.reason}"
    if not say.knows(key):
        return refusals.said(refusal, say.locale)
    fields = refusal.values.get("fields")
    named = {"fields": [field_name(one, say) or one for one in fields]} if isinstance(fields, list) else {}
    return refusals.filled(str(say(key)), {**refusal.values, **named}, say.locale)


def explained(problem: Mapping[str, Any], say: Speech) -> str:
    """The same of a problem that is shown as a page of its own."""
    key = f"why.{problem.get('reason')}"
    return refusals.filled(str(say(key)), problem["values"], say.locale) if say.knows(key) else str(problem["detail"])


def wrong(fault: FieldFault, say: Speech) -> str:
    """What is wrong with a field, in the same words."""
    key = f"why.field.{fault.code}"
    if not say.knows(key):
        return refusals.said_of_field(fault, say.locale)
    return refusals.filled(str(say(key)), fault.values, say.locale)


def field_name(field: str, say: Speech) -> str:
    """What a field is called on forms; nothing, where it is on none."""
    key = f"fields.{field}"
    return str(say(key)) if say.knows(key) else ""


def words_found(complaint: Complaint) -> list[str]:
    """Of danger, those that say something to people: others are patterns of several words."""
    found = complaint.safety.words if complaint.safety else ()
    return [word for word in dict.fromkeys(one.word for one in found) if word.isalnum()]
