"""What goes out for a notice: by which channel, to whom, and the words, all made before anything is claimed or sent."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module

from chalicelib.adapters import mail, roster, topics
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.links import reads_until
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import Role
from chalicelib.domain.telling import letters
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.letters import Letter
from chalicelib.domain.telling.notices import (
    FAILED,
    PERSON,
    SHOP,
    NoticeKey,
    channels_to_consumer,
    is_alarm,
    masked,
    person,
    texted_from,
)
from chalicelib.domain.telling.outdated import stage_is_left
from chalicelib.settings import settings

from . import rules, webhook_letters
from .file import consumer_code, consumer_link
from .house_letters import house_values
from .records import Post, is_house
from .words import Wording, fill, short


def posts_about(matter: Matter[Complaint], now: datetime) -> list[Post] | None:
    """What is still to go out for a notice of a complaint; None: there is nobody to tell, []: no channel is left."""
    audience = matter.notice.key.audience
    if audience == "consumer":
        return _to_consumer(matter, now)
    if audience == "assignee":
        return _to_assignee(matter, now)
    return posts_to_staff(matter.notice, _staff_words(matter, now), now)


def alarmed(matter: Matter[Complaint]) -> str | None:
    """Whom of staff a notice would alarm: a role, or a person, also where they are told as who has the complaint."""
    audience = matter.notice.key.audience
    if audience == "consumer" or not is_alarm(matter.entry):
        return None
    return person(str(matter.state.assignee)) if audience == "assignee" else audience


def posts_of_house(notice: Notice, now: datetime) -> list[Post] | None:
    """What goes out for a notice that is about no single complaint; None: there is nobody to tell, or nothing
    any more."""
    key, locale, values = notice.key, rules.in_force(now).staff_locale, house_values(notice.key, now)
    if values is None:
        return None
    return posts_to_staff(notice, fill(key.kind, locale, **values), now)


def _to_consumer(matter: Matter[Complaint], now: datetime) -> list[Post]:
    notice, complaint, contact, entry = matter
    if contact.edition != complaint.contact_edition:  # read while they were corrected
        raise Stale("changed_meanwhile")
    key, edition = notice.key, str(contact.edition)
    passages = notice.to_edition(edition).passages
    letter = letter_to_consumer(complaint, entry, now)
    values = letters.to_consumer(key.kind, letter)
    failed = {passage.channel for passage in passages if passage.state in FAILED}
    done = {passage.channel for passage in passages} - failed
    posts = []
    channels = channels_to_consumer(key.kind, contact, failed)
    mailed = "email" in channels
    for channel in channels:
        if channel == "email" and contact.email and channel not in done:
            send = partial(mail.send, contact.email, *fill(key.kind, complaint.locale, **values), key)
            posts.append(Post(channel, masked(contact.email), send, edition))
        elif (
            channel == "sms"
            and contact.phone
            and channel not in done
            and not (mailed and _mail_is_enough(key.kind, letter, now))
        ):
            waits_until = texted_from(key.kind, entry, now, letter.policy, mailed=mailed)
            text = short(key.kind, complaint.locale, **letters.to_consumer(key.kind, letter._replace(texted=True)))
            send = partial(_sms_sender(), contact.phone, text, complaint.complaint_id)
            posts.append(Post(channel, masked(contact.phone), send, edition, waits_until))
    return posts


def letter_to_consumer(complaint: Complaint, entry: Entry, now: datetime) -> Letter:
    """What a notice to the consumer says of an entry. With the link that opens the complaint: nobody else reads it."""
    policy, house = rules.version(complaint.policy_version, now), settings()
    until = reads_until(complaint, policy)
    return Letter(
        complaint,
        entry,
        consumer_link(complaint)[1],
        policy,
        complaint.locale,
        house.operator,
        house.privacy_url,
        house.tracking_url,
        consumer_code(complaint),
        until is not None and until <= now,
    )


def _mail_is_enough(kind: str, letter: Letter, now: datetime) -> bool:
    """Whether who gets the mail gets no text beside it: nothing is urgent any more; or it is night, and whoever asked
    may be anybody."""
    if NOTICES[kind].on_request:
        return texted_from(kind, letter.entry, now, letter.policy, mailed=True) > now
    return stage_is_left(letter.entry, letter.complaint)


def _sms_sender() -> Callable[[str, str, str], str]:
    """The module that the settings name: AWS's own, or another where AWS has none (China)."""
    send: Callable[[str, str, str], str] = import_module(settings().sms_sender).send
    return send


def _to_assignee(matter: Matter[Complaint], now: datetime) -> list[Post] | None:
    event = matter.entry.event
    assigned = event.assignment.assignee if isinstance(event, events.ComplaintAssigned) else None
    name = assigned or matter.state.assignee
    member = roster.member(Role.CUSTOMER_SERVICE, name, now) if name else None
    return _posts_by_mail(matter.notice, member.email, _staff_words(matter, now)) if member else None


def posts_to_staff(notice: Notice, words: Wording, now: datetime) -> list[Post] | None:
    """A notice to a department or a role, or to one of them by name. None: the user pool knows no address of theirs."""
    audience = notice.key.audience
    if audience.startswith(PERSON):
        return posts_to_person(notice, audience.removeprefix(PERSON), words, now)
    if audience.startswith(SHOP):
        return _posts_by_mail(notice, webhook_letters.address_of(notice.key), words)
    return [post_to_topic(notice.key, words)]


def posts_to_person(notice: Notice, name: str, words: Wording, now: datetime) -> list[Post] | None:
    """A notice to one member of staff, by e-mail. None: the user pool knows no address, []: it did not arrive there."""
    return _posts_by_mail(notice, roster.email_of(name, now), words)


def _posts_by_mail(notice: Notice, address: str | None, words: Wording) -> list[Post] | None:
    if address is None:
        return None
    if _failed(notice):
        return []
    return [Post("email", masked(address), partial(mail.send, address, *words, notice.key))]


def _failed(notice: Notice) -> bool:
    return any(passage.state in FAILED for passage in notice.passages)


def _staff_words(matter: Matter[Complaint], now: datetime) -> Wording:
    notice, complaint, _, entry = matter
    policy = rules.version(complaint.policy_version, now)
    letter = Letter(complaint, entry, "", policy, policy.staff_locale)
    return fill(notice.key.kind, policy.staff_locale, **letters.to_staff(notice.key.kind, letter))


def post_to_topic(key: NoticeKey, words: Wording) -> Post:
    """A notice to a department or a role. A subject is ASCII: the words' own is the first line of the text."""
    subject = f"[Redress] {key.kind} {key.record}"
    text = f"{words.subject}\n\n{words.text}"
    record = None if is_house(key) else key.record
    return Post("topic", key.audience, partial(topics.tell, Role(key.audience), subject, text, record))
