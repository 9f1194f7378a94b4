"""Who answers for something is heard (8.3): what one may say something about, what management is to decide, and figures
by department."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.casework import hearings as casework
from chalicelib.casework import surveys, waiting
from chalicelib.casework.hearings import Waiting
from chalicelib.domain.audit.audit import PREFIX
from chalicelib.domain.complaint import hearings as domain
from chalicelib.domain.complaint.lifecycle import LIFECYCLE
from chalicelib.domain.ground.errors import Invalid
from chalicelib.domain.ground.instants import DAY
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console import due, names
from chalicelib.web.console.acts import Name
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.console.places import page_of
from chalicelib.web.console.who import who
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from .audit_names import quarter

hearings = Console(__name__)
LISTED = "/console/hearings"
FIGURES = LISTED + "/statistics"
LINES, ON_TODAY = 25, 3


class HearingsQuery(PageQuery):
    person: Name | None = Field(None, description="Whose; by default one's own.")
    to_decide: bool = Field(False, description="What management is to decide, whoever it is about.")
    cursor: str | None = None


class FiguresQuery(PageQuery):
    first: Annotated[str, Field(pattern=DAY)] | None = Field(None, alias="from")
    last: Annotated[str, Field(pattern=DAY)] | None = Field(None, alias="to")


@hearings.operation("GET", LISTED, who=STAFF, query=HearingsQuery, answers={200: str})
def show_hearings(call: Call, query: HearingsQuery) -> Answer:
    """What somebody can state their case about or object to, soonest due first; or what management is to decide."""
    say, person = speech(call), query.person or call.actor.id
    if query.to_decide:
        found, cursor = casework.to_decide(call.actor, LINES, query.cursor)
    else:
        found, cursor = casework.of_person(person, call.actor, LINES, query.cursor)
    reads = bool(call.actor.roles & domain.READERS)
    return page(
        call,
        "supervision/hearings.html",
        say,
        more_style=style_of("supervision/findings"),
        person=person,
        to_decide=query.to_decide,
        reads=reads,
        people=who(call.now) if reads and not query.to_decide else (),
        listed=[(one, page_of(one.record, one.hearing.number), act_of(one, call)) for one in found],
        cursor=cursor,
        now=call.now,
        name_of=lambda one: name_of(one, say),
        left=lambda at: say.tell(due.left(at, call.now, say)),
    )


@hearings.operation("GET", FIGURES, who=domain.READERS, query=FiguresQuery, answers={200: str})
def show_hearing_figures(call: Call, query: FiguresQuery) -> Answer:
    """What was missed on some days of China and decided of it, by department, of nobody by name: 31 days at most, and
    by default."""
    say = speech(call)
    fault, status = "", 200
    try:
        first, last = surveys.days(query.first, query.last, call.now, surveys.MOST_DAYS)
    except Invalid as refusal:
        fault, status = names.wrong(refusal.faults[0], say), refusal.status
        first, last = surveys.days(None, None, call.now, surveys.MOST_DAYS)
    return page(
        call,
        "supervision/hearing_figures.html",
        say,
        status=status,
        fault=fault,
        first=first,
        last=last,
        before=(first - (last - first) - timedelta(days=1), first - timedelta(days=1)),
        figures=casework.by_department(first, last),
        few=casework.FEW,
        measures=[(one, spoken.HEARING_MEASURES[one][say.locale]) for one in domain.MEASURES],
        named=lambda one: names.named("department", one, say),
    )


def name_of(one: Waiting, say: Speech) -> str:
    """What people call the record: a complaint by its number, an audit by its quarter."""
    period = one.record.removeprefix(f"{PREFIX}_").partition("-")[0]
    return one.record if one.about == "breach" else say("audits.of", quarter=quarter(period, say))


def act_of(one: Waiting, call: Call) -> tuple[str, str]:
    """What its reader may do about it now, and where, below the prefix; nothing, where it is another's turn."""
    action = domain.next_of(one.hearing, call.actor, LIFECYCLE.actions_of(call.actor.roles))
    if action is None:
        return "", ""
    part = f"&part={one.hearing.number}" if one.about == "breach" else ""
    return action, f"{page_of(one.record, one.hearing.number)}?act={action}{part}#doing"


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """Of Today: what one may say something about, and the first of what one is to decide."""
    speaks, decides = waiting.heard(call.actor)
    for one in (*speaks, *decides[:ON_TODAY]):
        action, href = act_of(one, call)
        if action and (due_at := one.hearing.due_at):
            key, number = f"hearings.waits.{action}.{one.about}", one.hearing.number
            what = say(key, id=name_of(one, say), number=number, due=due_at)
            yield say("hearings.waits.late", what=what) if due_at <= call.now else what, href
    if decides[ON_TODAY:]:
        yield say("hearings.waits.more"), f"{LISTED}?to_decide=true"
