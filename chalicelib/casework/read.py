"""Reading: one complaint, its timeline, the queues. Pages are keyset pages: each costs what it holds, no more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice

from chalicelib.adapters import items, outbox, signing, store
from chalicelib.adapters.outbox import ENDS as ENDS
from chalicelib.adapters.outbox import Notice as Notice
from chalicelib.adapters.store import Case as Case
from chalicelib.domain.complaint import faces, hearings
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.links import reads_until
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotFound, Refusal, Unauthenticated, said_in
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling.kinds import OF_HEARINGS
from chalicelib.domain.telling.notices import NoticeKey, person

from . import rules
from .paging import opened, page_of
from .queues import Count as Count
from .queues import Filters as Filters
from .queues import count as count
from .queues import counts as counts
from .queues import following as following
from .queues import lines_for as lines_for
from .queues import place as place
from .queues import queue as queue

FIRST = 200  # entries of a timeline that a view shows at most
CHARACTERS = 200_000  # typed ones, after which a page of a timeline ends
PAGE_CHARACTERS = 30_000  # after which the history on a page does, which an old phone loads over a slow network


def case(complaint_id: str, actor: Actor, now: datetime) -> Case[Complaint]:
    """A complaint for whoever may know of it: staff any, others their own and with its events.

    Raises NotFound, or Unauthenticated for a link that has been replaced or has ended.
    One round trip, two or three where the complaint is long: the events are read where the actor's view of a complaint
    shows them, and the first of them only.
    """
    load = store.load if actor.kind == "staff" else store.load_beginning
    return _shown(load(complaint_id, Complaint), actor, now)


def latest(complaint_id: str, actor: Actor, now: datetime, before: int | None = None) -> Case[Complaint]:
    """The same for a page, with the newest of its events: one round trip, however long it is.

    `before`: with those before an entry, in two.
    """
    return _shown(store.load_end(complaint_id, Complaint, before), actor, now)


def whole(
    complaint_id: str, actor: Actor, now: datetime, before: int | None = None
) -> tuple[Case[Complaint], list[Notice]]:
    """The same for staff, with the newest of what anybody was told about it, the newest first: one round trip as a
    rule, never more than two.

    `before`: with the entries before one, and without notices.
    """
    found = store.load_end_with_notices(complaint_id, Complaint, before)
    case, told = found or (None, [])
    shown = _shown(case, actor, now)
    return shown, [one for one in reversed(told) if _may_be_listed(one.key, actor)]


def in_full(complaint_id: str, actor: Actor, now: datetime) -> tuple[Case[Complaint], list[Notice]]:
    """A complaint for staff with everything that ever happened to it, and of what anybody was told, oldest first.

    Raises NotFound. One round trip for each megabyte."""
    found = store.load_with_notices(complaint_id, Complaint)
    case, told = found or (None, [])
    return _shown(case, actor, now), [one for one in told if _may_be_listed(one.key, actor)]


def require_open(complaint_id: str, actor: Actor, now: datetime) -> None:
    """Raises what `case` raises: one round trip, two where the complaint is long."""
    _shown(store.load(complaint_id, Complaint), actor, now)


def _shown(found: Case[Complaint] | None, actor: Actor, now: datetime) -> Case[Complaint]:
    if found is None:
        raise NotFound("complaint_unknown")
    own = {
        "staff": True,
        "storefront": found.state.filed_by.is_same(actor),
        "consumer": found.state.complaint_id == actor.id,
    }
    if not own.get(actor.kind):
        raise NotFound("complaint_unknown")
    if actor.kind == "consumer":
        with said_in(found.state.locale):
            _require_link(found.state, actor.link, now)
    return found


@contextmanager
def spoken_to(actor: Actor | None) -> Iterator[None]:
    """What is refused to a consumer before the complaint was read, as a field that is wrong, is said in its language
    too; where it cannot be read now, in the browser's."""
    try:
        yield
    except Refusal as refusal:
        if actor and actor.kind == "consumer" and refusal.locale is None:
            with suppress(Exception):
                refusal.locale = store.load_all([actor.id], Complaint)[actor.id].locale
        raise


def _require_link(complaint: Complaint, edition: int, now: datetime) -> None:
    """It is the link in force, and opens the complaint still."""
    if edition != complaint.link_in_force.edition:
        raise Unauthenticated("link_of_erased" if complaint.erased_at else "link_replaced")
    until = reads_until(complaint, rules.version(complaint.policy_version, now))
    if until and until <= now:
        raise Unauthenticated("link_ended")


def timeline(
    complaint_id: str, actor: Actor, now: datetime, limit: int, cursor: str | None
) -> tuple[list[Entry], Complaint | None, str | None]:
    """A page of what happened, oldest first; consumers see public entries only.

    With the complaint as it is now, or None where that has nothing to say of these entries (`faces`).

    Raises NotFound, Malformed, or Unauthenticated for a link that has been replaced or has ended. One round trip for
    staff, and one more where something may have been taken back; two for consumers, whose link is looked at first, and
    more over long stretches that are not public.
    """
    purpose = _purpose(complaint_id)
    after = int(opened(purpose, cursor, "0"))
    later = (entry for entry in store.timeline(complaint_id, after, limit + 1) if faces.is_shown(entry, actor))
    complaint = None
    if actor.kind != "staff":
        complaint = shown = _shown(store.load(complaint_id, Complaint), actor, now).state
        later = (entry for entry in later if faces.public_face(entry, shown) is not None)
    entries = list(_within(islice(later, limit + 1)))
    if not entries and cursor is None:
        raise NotFound("complaint_unknown")
    page, following = page_of(entries, limit, purpose, lambda entry: str(entry.seq))
    if following is None and _is_full(page):  # there may be more
        following = signing.sign(purpose, {"after": str(page[-1].seq)})
    if complaint is None and any(map(faces.depends, page)):
        complaint = _shown(store.load(complaint_id, Complaint), actor, now).state
    return page, complaint, following


def first_page(complaint_id: str, entries: list[Entry], *, cut: bool) -> tuple[list[Entry], str | None]:
    """As many of the first entries as one answer has room for, and the cursor with which the timeline goes on."""
    page = list(_within(entries[:FIRST]))
    if len(page) == len(entries) and not cut:
        return page, None
    return page, signing.sign(_purpose(complaint_id), {"after": str(page[-1].seq)})


def last_page(entries: list[Entry]) -> list[Entry]:
    """As many of the last entries as a page has room for, the newest first."""
    return list(_within(reversed(entries[-FIRST:]), PAGE_CHARACTERS))


def newest_within(entries: list[Entry], most: int) -> list[Entry]:
    """As many of the last entries as have so many typed characters, and one more, in their order."""
    return list(_within(reversed(entries), most))[::-1]


def _purpose(complaint_id: str) -> str:
    return f"timeline {complaint_id}"


def _within(entries: Iterable[Entry], most: int = CHARACTERS) -> Iterator[Entry]:
    """Until there is no room for more: an answer has an end, a Lambda's is at 6 MB, and people write at length."""
    typed = 0
    for entry in entries:
        yield entry
        typed += entry.characters
        if typed > most:
            return


def _is_full(entries: list[Entry]) -> bool:
    return sum(entry.characters for entry in entries) > CHARACTERS


def notices(complaint_id: str, actor: Actor, limit: int, cursor: str | None) -> tuple[list[Notice], str | None]:
    """A page of what anybody was told about a complaint, oldest first; of hearings (8.3) only to who may read them,
    so that it may hold less. Raises NotFound, Malformed."""
    purpose = f"notices {complaint_id}"
    found = store.notices(complaint_id, opened(purpose, cursor, items.NOTICE), limit + 1)
    if not found and cursor is None and store.load(complaint_id, Complaint) is None:
        raise NotFound("complaint_unknown")
    page, following = page_of(found, limit, purpose, lambda notice: str(outbox.item_key(notice.key)["sk"]["S"]))
    return [notice for notice in page if _may_be_listed(notice.key, actor)], following


def _may_be_listed(notice: NoticeKey, actor: Actor) -> bool:
    """Of what went to management about a hearing whoever it is about knows by the timeline."""
    return notice.kind not in OF_HEARINGS or notice.audience == person(actor.id) or hearings.may_be_read("", actor)
