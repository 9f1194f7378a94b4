"""What the consumer would read if something were done now: it is decided, and nothing is saved or sent."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from typing import Literal, NamedTuple

from chalicelib.adapters import identity
from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import decisions, evolution
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.telling import letters
from chalicelib.domain.telling.letters import Letter
from chalicelib.domain.telling.notices import channels_to_consumer, notices_of
from chalicelib.domain.vocabulary.terms import Locale

from . import read, rules
from .commit import only_rings
from .posts import letter_to_consumer
from .words import fill, short

HIDDEN = "········"
"""What stands for the token of a link and for its code: no member of staff sees either."""
ALWAYS_FORESEEN = frozenset({Action.PROPOSE_PLAN, Action.REQUEST_INFORMATION})
"""What goes to the consumer only once whoever sends it has read how it arrives."""
FORESEEN = ALWAYS_FORESEEN | {
    *(Action.ACKNOWLEDGE, Action.ACCEPT_PLAN, Action.READ_INFORMATION, Action.EXTEND, Action.COMPLETE_FOLLOW_UP),
    *(Action.NOTE, Action.UPDATE_DELIVERY, Action.TAKE_INTERIM_MEASURE),
    *(Action.WITHDRAW, Action.REOPEN, Action.MERGE, Action.UNDO_MERGER),
}
"""What the consumer may be told of at once, but for their new link, which nobody else is shown."""


class Foreseen(NamedTuple):
    """A notice as it would arrive, in the consumer's language. `call`: it would come by no channel, so that somebody
    has to say it."""

    channel: Literal["email", "sms", "call"]
    subject: str
    text: str
    locale: Locale


def foreseen(
    complaint_id: str, submission: Submission, actor: Actor, now: datetime, part: str | None = None, *, api: str = ""
) -> list[Foreseen]:
    """What the consumer would be told of what is handed in, by each channel; nothing, if they would not be told.

    `api`: as `consumer_link` has it. Raises what would be refused: NotFound, NotAllowed, Forbidden, Invalid. Whether
    another record stands against it, as the other complaint of a merger, is looked at only when it is done.
    """
    case = read.case(complaint_id, actor, now)
    after, entries = _decided(case.state, submission, actor, now, part)
    shown = identity.tracking_url(complaint_id, HIDDEN, api)
    return [
        one
        for entry in entries
        for key in notices_of(entry)
        if key.audience == "consumer"
        for one in _told(key.kind, _letter(after, entry, now, shown), case)
    ]


def _decided(
    complaint: Complaint, submission: Submission, actor: Actor, now: datetime, part: str | None
) -> tuple[Complaint, list[Entry]]:
    policy, meant = rules.version(complaint.policy_version, now), submission.meant(complaint)
    while True:
        entries = decisions.decide(complaint, meant, actor, now, policy, part)
        complaint = reduce(evolution.evolve, entries, complaint)
        if not only_rings(entries):
            return complaint, entries


def _letter(complaint: Complaint, entry: Entry, now: datetime, link: str) -> Letter:
    return letter_to_consumer(complaint, entry, now)._replace(link=link, code=HIDDEN)


def _told(kind: str, letter: Letter, case: Case[Complaint]) -> Iterator[Foreseen]:
    locale = letter.locale
    channels = channels_to_consumer(kind, case.contact, ())
    words = fill(kind, locale, **letters.to_consumer(kind, letter))
    if not channels:
        yield Foreseen("call", words.subject, words.text, locale)
    if "email" in channels:
        yield Foreseen("email", words.subject, words.text, locale)
    if "sms" in channels:
        text = short(kind, locale, **letters.to_consumer(kind, letter._replace(texted=True)))
        yield Foreseen("sms", "", text, locale)
