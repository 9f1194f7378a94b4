"""The queues: complaints in order, narrowed, a page of them or how many there are. A page costs what it reads.

What a queue is narrowed to is answered by where complaints stand, if one place says it: a stage, a department, an
assignee or nobody, an order, a mark, something to do, what is overdue. Whatever else is asked is looked for within what
is read there, `MOST_READ` lines at most; then the page ends, and its cursor goes on.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal, NamedTuple, cast, get_args

from chalicelib.adapters import places, queues, signing, store
from chalicelib.adapters.places import Partition
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.text import plain
from chalicelib.domain.vocabulary.ladders import WHOSE, TaskKind
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment, Category, Mark

from . import rules
from .paging import opened

ASKED = tuple(Role(department) for department in get_args(AskedDepartment))
NOBODY = "none"
"""In the place of an assignee: nobody has it."""
MOST_READ = 250  # lines of a page
MOST_COUNTED = 100
BY_TIME = frozenset({"overdue", "due"})
PAGES_READ = 8  # at most, to find what follows a line


class Filters(NamedTuple):
    """What a queue is narrowed to; None: not. `assignee` and `category`: any of several, comma separated; `words`: all
    of them, in the excerpt or the name of the product; `due`: by the end of this day, what is overdue included."""

    stage: Stage | None = None
    department: Role | None = None
    assignee: str | None = None
    overdue: bool | None = None
    order_number: str | None = None
    task: TaskKind | None = None
    category: str | None = None
    safety: bool | None = None
    legal: bool | None = None
    answered: bool | None = None
    bounced: bool | None = None
    words: str | None = None
    due: Literal["today"] | None = None
    returned: bool | None = None

    @property
    def assignees(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(parts_of(self.assignee)))

    @property
    def categories(self) -> tuple[Category, ...]:
        return cast("tuple[Category, ...]", parts_of(self.category))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that it has to have, the rarest first."""
        return tuple(mark for mark in places.PLACED if getattr(self, mark))

    @property
    def given(self) -> frozenset[str]:
        return frozenset(name for name, value in self._asdict().items() if value not in (None, ""))


def parts_of(written: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, (written or "").split(","))))


class Count(NamedTuple):
    """How many there are; `more`: more than were counted."""

    number: int
    more: bool = False


class _Standing(NamedTuple):
    """Where it is read, and which of the filters that answers by itself. `dated`: all of it by due time."""

    partitions: list[Partition]
    answered: frozenset[str]
    dated: bool = True


def queue(filters: Filters, now: datetime, limit: int, cursor: str | None) -> tuple[list[Summary], str | None]:
    """A page of complaints, soonest due first (closed ones: latest closed first). Raises Malformed for a bad cursor.

    A department that is asked has its open inquiries for a queue; `task` gives those, or what
    else is to be done: what consumers wrote since the plan, the promised measures, the drafts to review.
    One round trip where the filters name a stage, an assignee, an order, a mark or a department that is asked, one for
    each of several assignees; otherwise one for each open stage. Where what is asked is not all answered by that, the
    page may hold less than `limit`, and nothing, and still go on.
    """
    purpose = _purpose(filters)
    standing = _standing(filters)
    low, high = _bounds(standing, opened(purpose, cursor, ""), filters, now)
    page: list[Summary] = []
    for number, summary in enumerate(queues.queue(standing.partitions, low, high, _each(standing, filters, limit)), 1):
        if _matches(summary, filters, now):
            if len(page) == limit:
                return page, signing.sign(purpose, {"after": places.due_key(page[-1])})
            page.append(summary)
        if number == MOST_READ:
            return page, signing.sign(purpose, {"after": places.due_key(summary)})
    return page, None


def lines_for(ids: Sequence[str]) -> list[Summary]:
    """The lines of some complaints, a hundred at most, in their order: one round trip."""
    states = store.load_all(ids, Complaint) if ids else {}
    return [Summary.of(states[one]) for one in ids if one in states]


def place(summary: Summary) -> str:
    """Where a line stands in its queue: what comes after it is `following` that."""
    return places.due_key(summary)


def following(filters: Filters, now: datetime, after: str | None) -> Summary | None:
    """The line that comes after a place of a queue, of another complaint, or of another task of the same; the first one
    without a place; None where there is none.

    It costs what a page of two lines does; where what is asked is looked for in what is read, up to `PAGES_READ` pages.
    """
    complaint_id = after.split("#")[1] if after and after.count("#") == 1 else None
    cursor = signing.sign(_purpose(filters), {"after": after}) if after else None
    for _ in range(PAGES_READ):
        found, cursor = queue(filters, now, 2, cursor)
        if others := [one for one in found if one.complaint_id != complaint_id]:
            return others[0]
        if cursor is None:
            break
    return None


def _purpose(filters: Filters) -> str:
    return "queue " + hashlib.sha256(repr(filters).encode()).hexdigest()


def count(filters: Filters, now: datetime) -> Count:
    """How many there are, counted up to a hundred.

    One round trip for each place that is read; where what is asked is not all answered by that, within as many lines
    as a page reads.
    """
    standing = _standing(filters)
    low, high = _bounds(standing, "", filters, now)
    if not filters.given <= standing.answered:
        page, cursor = queue(filters, now, MOST_COUNTED, None)
        return Count(len(page), more=cursor is not None)
    number = 0
    for partition in standing.partitions:
        number += queues.number_between(partition, low, high, MOST_COUNTED + 1 - number)
        if number > MOST_COUNTED:
            return Count(MOST_COUNTED, more=True)
    return Count(number)


def counts(within: Filters, narrower: Sequence[Filters], now: datetime) -> list[Count]:
    """The same of each of several that narrow one queue: one round trip, as long as a page holds all of it."""
    found, cursor = queue(within, now, MOST_READ, None)
    if cursor:
        return [count(filters, now) for filters in narrower]
    numbers = [sum(_matches(one, filters, now) for one in found) for filters in narrower]
    return [Count(min(number, MOST_COUNTED), number > MOST_COUNTED) for number in numbers]


def _each(standing: _Standing, filters: Filters, limit: int) -> int:
    """How many lines are read of each place at a time."""
    if filters.given <= standing.answered:
        return limit + 1
    return -(-MOST_READ // max(1, len(standing.partitions)))


def _standing(filters: Filters) -> _Standing:
    if filters.task or filters.department in ASKED:
        task: TaskKind = filters.task or "inquiry"
        whose = (filters.department,) if filters.department else WHOSE[task]
        tasks = [places.queue_of_tasks(department, task) for department in whose]
        return _Standing(tasks, frozenset({"task", "department"}) | BY_TIME)
    if filters.order_number:
        partitions = [places.queue_of_order(filters.order_number)]
        return _Standing(partitions, frozenset({"order_number"}), dated=False)
    return _by_stage(filters)


def _by_stage(filters: Filters) -> _Standing:
    stages = [
        stage
        for stage, facts in STAGES.items()
        if filters.stage in (stage, None)
        and (facts.open or (filters.stage and not filters.overdue and not filters.due))
        and filters.department in (facts.responsible, None)
        and (stage == Stage.PLANNING or not filters.returned)
    ]
    open = all(STAGES[stage].open for stage in stages)
    if stages and (mark := _found_by(filters, open=open)):
        dated = mark != "bounced"
        return _Standing([places.queue_of_mark(mark)], frozenset({mark}) | (BY_TIME if dated else frozenset()), dated)
    if stages and filters.assignees and (open or NOBODY not in filters.assignees):
        names = [places.NOBODYS if name == NOBODY else name for name in filters.assignees]
        said = {"assignee", *BY_TIME} if open else {"assignee", *BY_TIME, "stage"}
        return _Standing([places.queue_of_assignee(name, open=open) for name in names], frozenset(said))
    partitions = [places.queue_of(STAGES[stage].responsible, stage) for stage in stages]
    return _Standing(partitions, frozenset({"stage", "department"}) | BY_TIME)


def _found_by(filters: Filters, *, open: bool) -> Mark | None:
    """The mark whose place is read, if one is: what somebody has is fewer than what law is involved in, or has been
    answered; what is closed has no place but for whom a notice did not reach."""
    for mark in filters.marks:
        if mark == "bounced" or (open and (mark == "safety" or not filters.assignees)):
            return mark
    return None


def _bounds(standing: _Standing, after: str, filters: Filters, now: datetime) -> tuple[str, str]:
    """The range of sort keys, both ends included, that follows `after` in the direction of the partitions.

    Where all of them are due dates (open complaints only), what is overdue, or due today, is a range too.
    """
    low, high = " ", "~"
    if any(partition.backwards for partition in standing.partitions):
        return low, after[:-1] + chr(ord(after[-1]) - 1) + "~" if after else high
    if after:
        low = after + " "
    if not standing.dated:
        return low, high
    if filters.due:
        high = min(high, written(_end_of_day(now) + timedelta(seconds=1)))
    if filters.overdue is None:
        return low, high
    not_yet_due = written(now + timedelta(seconds=1))
    return (low, min(high, not_yet_due)) if filters.overdue else (max(low, not_yet_due), high)


def _matches(summary: Summary, filters: Filters, now: datetime) -> bool:
    return (
        filters.stage in (summary.stage, None)
        and filters.department in (summary.department, None)
        and (not filters.assignees or (summary.assignee or NOBODY) in filters.assignees)
        and (filters.order_number is None or order_key(filters.order_number) == order_key(summary.order_number))
        and filters.overdue in (summary.overdue(now), None)
        and (filters.due is None or _is_due_by(summary, _end_of_day(now)))
        and (filters.task is None or (summary.task or "").startswith(filters.task))
        and (not filters.categories or summary.category in filters.categories)
        and set(filters.marks) <= set(summary.marks)
        and (not filters.returned or "returned" in summary.marks)
        and _has_words(summary, words_of(filters.words))
    )


def _end_of_day(now: datetime) -> datetime:
    """When the day ends that it is in the policy's time zone."""
    zone = rules.in_force(now).zone
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)


def _is_due_by(summary: Summary, moment: datetime) -> bool:
    return summary.deadline is not None and summary.deadline.due_at <= moment


def words_of(written: str | None) -> tuple[str, ...]:
    return tuple(plain(written or "").casefold().split())


def _has_words(summary: Summary, words: Collection[str]) -> bool:
    if not words:
        return True
    text = plain(f"{summary.product_name} {summary.excerpt}").casefold()
    return all(word in text for word in words)
