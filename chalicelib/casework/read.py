"""Reading: one complaint, its timeline, the queues. Pages are keyset pages: each costs what it holds, no more."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, get_args

from chalicelib.adapters import items, outbox, places, queues, signing, store
from chalicelib.adapters.outbox import Notice as Notice
from chalicelib.adapters.places import Partition
from chalicelib.adapters.store import Case as Case
from chalicelib.domain.complaint import faces, hearings
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.complaint.links import reads_until
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotFound, Refusal, Unauthenticated, said_in
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.telling.kinds import OF_HEARINGS
from chalicelib.domain.telling.notices import NoticeKey, person
from chalicelib.domain.vocabulary.ladders import WHOSE, TaskKind
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment

from . import rules
from .paging import opened, page_of

ASKED = tuple(Role(department) for department in get_args(AskedDepartment))
FIRST = 200  # entries of a timeline that a view shows at most
CHARACTERS = 200_000  # typed ones, after which a page of a timeline ends
PAGE_CHARACTERS = 30_000  # after which the history on a page does, which an old phone loads over a slow network


class Filters(NamedTuple):
    """What a queue is narrowed to; None: not."""

    stage: Stage | None = None
    department: Role | None = None
    assignee: str | None = None
    overdue: bool | None = None
    order_number: str | None = None
    task: TaskKind | None = None


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


def queue(filters: Filters, now: datetime, limit: int, cursor: str | None) -> tuple[list[Summary], str | None]:
    """A page of complaints, soonest due first (closed ones: latest closed first). Raises Malformed for a bad cursor.

    A department that is asked has its open inquiries for a queue; `task` gives those, or what
    else is to be done: what consumers wrote since the plan, the promised measures.
    One round trip where the filters name a stage, an assignee, an order or a department that is asked; otherwise one
    for each open stage.
    """
    purpose = "queue " + hashlib.sha256(repr(filters).encode()).hexdigest()
    partitions = _partitions(filters)
    low, high = _bounds(partitions, opened(purpose, cursor, ""), filters, now)
    found = queues.queue(partitions, low, high, limit + 1)
    wanted = (summary for summary in found if _matches(summary, filters, now))
    return page_of(list(islice(wanted, limit + 1)), limit, purpose, places.due_key)


def _partitions(filters: Filters) -> list[Partition]:
    if filters.task or filters.department in ASKED:
        task: TaskKind = filters.task or "inquiry"
        return [
            places.queue_of_tasks(department, task)
            for department in ((filters.department,) if filters.department else WHOSE[task])
        ]
    if filters.order_number:
        return [places.queue_of_order(filters.order_number)]
    stages = {
        stage: facts
        for stage, facts in STAGES.items()
        if filters.stage in (stage, None)
        and (facts.open or (filters.stage and not filters.overdue))
        and filters.department in (facts.responsible, None)
    }
    if filters.assignee:
        return [
            places.queue_of_assignee(filters.assignee, open=open) for open in {facts.open for facts in stages.values()}
        ]
    return [places.queue_of(facts.responsible, stage) for stage, facts in stages.items()]


def _bounds(partitions: list[Partition], after: str, filters: Filters, now: datetime) -> tuple[str, str]:
    """The range of sort keys, both ends included, that follows `after` in the direction of the partitions.

    Where all of them are due dates (open complaints only), what is overdue is a range too.
    """
    low, high = " ", "~"
    if any(partition.backwards for partition in partitions):
        return low, after[:-1] + chr(ord(after[-1]) - 1) + "~" if after else high
    if after:
        low = after + " "
    if filters.overdue is None or filters.order_number:
        return low, high
    not_yet_due = written(now + timedelta(seconds=1))
    return (low, min(high, not_yet_due)) if filters.overdue else (max(low, not_yet_due), high)


def _matches(summary: Summary, filters: Filters, now: datetime) -> bool:
    return (
        filters.stage in (summary.stage, None)
        and filters.department in (summary.department, None)
        and filters.assignee in (summary.assignee, None)
        and (filters.order_number is None or order_key(filters.order_number) == order_key(summary.order_number))
        and filters.overdue in (summary.overdue(now), None)
        and (filters.task is None or (summary.task or "").startswith(filters.task))
    )
