"""Improvement measures (6.1): what somebody is to carry out, whatever record decided it, and that it is done."""

from collections.abc import Iterator
from urllib.parse import urlencode

from chalicelib.casework import completion
from chalicelib.casework.measures import Owed, owed, whose
from chalicelib.domain.audit import audit
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.supervision import report
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.improvement import FINISH, Finished
from chalicelib.domain.supervision.report import READERS
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How, Name
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.due import left
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.places import page_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

measures = Console(__name__)
PATH = "/console/measures"
LINES, ON_TODAY = 25, 3
KIND = Acts(PATH, "measures", {FINISH: Finished})


class MeasuresQuery(ActsQuery):
    """`owner`: whose they are; one's own, if nobody is named. `everybody`: all there are, whoever carries them out."""

    owner: Name | None = None
    everybody: bool | None = False
    cursor: str | None = None


@measures.operation("GET", PATH, who=STAFF, query=MeasuresQuery, answers={200: str})
def show_measures(call: Call, query: MeasuresQuery) -> Answer:
    """What somebody is to carry out, soonest due first: one's own; anybody's for those who read reports."""
    return show(call, query)


def show(
    call: Call, asked: MeasuresQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> Answer:
    say, reads = speech(call), bool(call.actor.roles & READERS)
    owner = whose(asked.owner, call.actor, everybody=bool(asked.everybody))
    found, cursor = owed(owner, LINES, asked.cursor)
    mine = [one for one in found if completion.may_finish(one, call.actor)]
    offered = [*mine, *_beyond(mine, call, asked)]
    panel = acts.panel(KIND, _known(offered, asked), call, asked, say, sent, refusal)
    return page(
        call,
        "supervision/measures.html",
        say,
        status=status,
        panel=panel,
        owner=owner,
        people=who(call.now) if reads else (),
        found=found,
        cursor=cursor,
        asked=asked,
        to_finish={part(one): _address(one, asked) for one in mine},
        part=part,
        came_from=lambda one: _came_from(one, call),
        called=lambda one: _called(one, say),
        due=lambda one: say.tell(left(one.due_at, call.now, say)),
        figures={name: one.name for name, one in definitions(say.locale).items()},
        today=call.now,
    )


def _beyond(mine: list[Owed], call: Call, asked: MeasuresQuery) -> Iterator[Owed]:
    """What the address names, where it stands on another page of the list."""
    if asked.act == FINISH and asked.part and asked.part not in map(part, mine):
        record, _, number = asked.part.rpartition(".")
        if one := completion.open_one(record, number, call.actor):
            yield one


def _known(mine: list[Owed], asked: MeasuresQuery) -> acts.Page:
    parts = [(part(one), one.measure.what) for one in mine]
    return acts.Page([FINISH] if mine else [], parts={FINISH: parts}, keeps=_kept(asked))


def _kept(asked: MeasuresQuery) -> dict[str, str]:
    """What of the query goes along: whose they are, and which page of them."""
    everybody = {"everybody": "true"} if asked.everybody else {}
    return everybody | asked.model_dump(include={"owner", "cursor"}, exclude_none=True)


def part(one: Owed) -> str:
    """By which an address names a measure."""
    return f"{one.record}.{one.measure.number}"


def address(one: Owed) -> str:
    """Where somebody says that it is done, below the prefix."""
    return _address(one, MeasuresQuery(owner=one.measure.owner))


def _address(one: Owed, asked: MeasuresQuery) -> str:
    """The same, from a list of them."""
    kept = _kept(asked) or {"owner": one.measure.owner}
    return f"{PATH}?{urlencode({**kept, 'act': FINISH, 'part': part(one)})}#doing"


def _came_from(one: Owed, call: Call) -> tuple[str, str]:
    """What decided it, and its address below the prefix, where the reader may open that."""
    reads = bool(call.actor.roles & READERS)
    kind = one.record.partition("_")[0]
    return kind, page_of(one.record, one.measure.finding) if reads or kind == audit.PREFIX else ""


def _called(one: Owed, say: Speech) -> str:
    """The record that decided it, by its period."""
    _, _, period = one.record.partition("_")
    kind, _, rest = period.partition("-")
    key = f"reports.kind.{kind}"
    return f"{say(key)} {rest}" if report.is_name(one.record) else period


def _do(call: Call, action: str, body: Finished, how: How) -> None:
    record, _, number = (how.part or "").rpartition(".")
    completion.finish(record, number, body, call.actor, call.now, idempotency=how.idempotency)


acts.declare(measures, KIND, STAFF, MeasuresQuery, show, _do)


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """The first of what whoever has signed in is to carry out: two round trips."""
    for one in owed(call.actor.id, ON_TODAY, None)[0]:
        due = str(say.tell(left(one.measure.due_at, call.now, say)))
        yield say("measures.waits", what=say.apart(one.measure.what), due=due), address(one)
