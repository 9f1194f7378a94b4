"""The kinds of records there are, and what each does with the rest of the house: a row a kind, found by the name.

"7K2M9-XD4FQ" is a complaint; other kinds begin with their own word, as "audit_2026Q4". Saving, acting, ringing,
reacting, replaying and telling ask this register, and nothing else knows how many kinds there are. A further one is a
row, its room in the domain and its words in `notices/`; `tests/README.md` says how.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple

from chalicelib.adapters.items import Head, Task
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Case, Matter
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import HOUSE_RECORD, Alarm, State
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import NoticeKey, Tells

COMPLAINT = "complaint"
Reaction = Callable[[Entry, datetime], None]

_IN_ORDER: set[Reaction] = set()


def in_order(reaction: Reaction) -> Reaction:
    """Declares a reaction that must not follow from an entry before it has followed from those of the record before it.

    The entries of a batch that come after one that failed are brought again in any case.
    """
    _IN_ORDER.add(reaction)
    return reaction


def is_in_order(reaction: Reaction) -> bool:
    return reaction in _IN_ORDER


class Post(NamedTuple):
    """One message by one channel; `send` sends it and gives the sender's id of it.

    `edition`: of which contact details of the consumer `masked` is. `not_before`: it waits until then.
    """

    channel: str
    masked: str
    send: Callable[[], str]
    edition: str = ""
    not_before: datetime | None = None


class Telling(NamedTuple):
    """How people are told of a kind of record.

    `tells`: who of what; `kinds`: the notices; `outdated`: whether one is about something that is over; `posts`: what
    is still to go out for one (None: there is nobody to tell, []: no channel is left); `unreached`: what follows where
    one came by no channel, the last of which is named; `reached`: and where it has arrived after all. `alarmed`: whom
    of staff it would alarm, who are told of so many at once and of the rest together (None: it is no alarm).
    """

    tells: Tells
    kinds: Mapping[str, NoticeKind]
    outdated: Callable[[Entry, Any, str], bool]
    posts: Callable[[Matter[Any], datetime], list[Post] | None]
    unreached: Callable[[Notice, str | None, datetime], None]
    reached: Callable[[Notice, datetime], None]
    alarmed: Callable[[Matter[Any]], str | None] = lambda matter: None


class Kind(NamedTuple):
    """A kind of record: what its state is, how it changes, when it rings, where it stands, who is told, what reacts.

    `policy`: the rules it goes by; `next_alarm` of one clock where its number is given; `shown`: a record to whoever
    may know of it, else NotFound; `reactions`: what else follows from its entries, by default nothing. What only
    functions off the request path need is made when they ask.
    """

    state: type[State]
    evolve: Callable[[Any, Entry], Any]
    decide: Callable[..., list[Entry]]
    policy: Callable[[Any, datetime], Policy]
    due_alarms: Callable[[Any, datetime, Policy], list[Entry]]
    next_alarm: Callable[[Any, Policy, int | None], Alarm | None]
    head: Callable[[Any], Head]
    tasks: Callable[[Any], Sequence[Task]]
    shown: Callable[[str, Actor, datetime], Case[Any]]
    telling: Callable[[], Telling]
    reactions: Callable[[], tuple[Reaction, ...]] = tuple


ROWS = {
    COMPLAINT: "chalicelib.casework.complaints",
    "report": "chalicelib.casework.reports",
    "sheet": "chalicelib.casework.sheets",
    "amendment": "chalicelib.casework.amendments",
    "review": "chalicelib.casework.management_reviews",
    "audit": "chalicelib.casework.audits",
}
"""The module in which the row of a kind stands, as `KIND`. It is imported when first asked for: it knows the verbs that
ask this register."""
_kinds: dict[str, Kind] = {}


def kind_of(record: str) -> Kind:
    """The kind of the record of that name. Raises KeyError for a name that is of none."""
    prefix, parted, _ = record.partition("_")
    name = prefix if parted else COMPLAINT
    if name not in _kinds:
        _kinds[name] = import_module(ROWS[name]).KIND
    return _kinds[name]


@contextmanager
def added(prefix: str, kind: Kind) -> Iterator[None]:
    """Within it there is one kind of record more, whose names begin with `prefix` and an underscore."""
    if prefix in ROWS or prefix in _kinds:
        raise ValueError(f"there are records called {prefix}_… already")
    _kinds[prefix] = kind
    try:
        yield
    finally:
        del _kinds[prefix]


def is_house(notice: NoticeKey) -> bool:
    """Whether a notice is about the house as a whole, and no record."""
    return notice.record == HOUSE_RECORD
