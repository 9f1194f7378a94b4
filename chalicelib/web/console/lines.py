"""Lines of a queue as people read them: by when, in which stage, whose, and what marks them, all in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from chalicelib.casework import read
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.instants import written
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import task_of
from chalicelib.domain.vocabulary.stages import stage_name
from chalicelib.web.pages.speech import Sentence, Speech

from .due import left

ACTS: Mapping[str, Action] = {
    "inquiry": Action.ANSWER_INQUIRY,
    "review": Action.REVIEW,
    "words": Action.READ_INFORMATION,
    "follow_up": Action.COMPLETE_FOLLOW_UP,
    "survey_review": Action.REVIEW_SURVEY,
    "safety_call": Action.CALL,
    "safety_privacy": Action.CALL,
    "safety_assessment": Action.ASSESS_SAFETY,
    "safety_look": Action.ASSESS_SAFETY,
    "safety_skin": Action.ASSESS_SAFETY,
    "safety_report": Action.TELL_AUTHORITY,
}
"""By what each thing that departments have to do is done, by how its name begins."""
OF_A_PART = {"inquiry", "follow_up"}
"""What is done about one of several of a complaint, which the name of the task says."""


class Line(NamedTuple):
    """A line of a queue. `due`: how long is left, as a sentence, and `by` when, which `moment`
    says; `place`:
    where it stands, after which the next comes; `address`: of the complaint, below the prefix, and `do`, with the form
    of what is to be done about it."""

    it: Summary
    address: str
    do: str
    place: str
    due: str
    is_late: bool
    by: datetime
    moment: str
    stage: str
    category: str
    department: str
    task: str
    marks: tuple[str, ...]

    @property
    def instant(self) -> str:
        return written(self.by)

    @property
    def received(self) -> str:
        return written(self.it.received_at)


def lines_of(
    found: Iterable[Summary], say: Speech, now: datetime, view: str | None = None, *, among: bool = False
) -> list[Line]:
    """Those of a page. `view`: the one they stand in, to which their complaints lead back; None: in no one. `among`:
    they were found by what no address says, so that each names those that come after it."""
    lines = list(found)
    ids = [*dict.fromkeys(one.complaint_id for one in lines)]
    after = {one: ",".join(ids[number + 1 :]) for number, one in enumerate(ids)} if among else {}
    return [_line(one, say, now, _way(view, read.place(one), after.get(one.complaint_id))) for one in lines]


def _line(it: Summary, say: Speech, now: datetime, way: str) -> Line:
    place = read.place(it)
    address = f"/console/complaints/{it.complaint_id}"
    asked = urlencode(asked_of(it))
    moment = it.deadline.due_at if it.deadline else it.closed_at or it.received_at
    return Line(
        it,
        f"{address}{way}",
        f"{address}{way}{'&' if way else '?'}{asked}" if asked else f"{address}{way}",
        place,
        str(say.tell(due(it, say, now))),
        it.overdue(now),
        moment,
        spoken.briefly(moment, say.locale, say.zone),
        stage_name(it.stage, it.outcome, say.locale, to_staff=True),
        spoken.CATEGORIES[it.category][say.locale],
        spoken.DEPARTMENTS[it.department][say.locale],
        task(it, say),
        marks(it, say),
    )


def _way(view: str | None, place: str, among: str | None) -> str:
    way = {} if view is None else {"view": view, "place": place}
    way |= {} if among is None else {"among": among}
    return f"?{urlencode(way, safe=',')}" if way else ""


def due(it: Summary, say: Speech, now: datetime) -> Sentence:
    """How long is left until it is due, or how late it is; or that its clock stands still, or that it is closed."""
    if it.deadline is None:
        return "queue.due.closed", {}
    if it.deadline.waiting_since:
        return f"queue.due.waits.{it.deadline.waiting_for or 'answer'}", {}
    return left(it.deadline.due_at, now, say)


def asked_of(it: Summary) -> dict[str, str]:
    """By which action, and about which part, what the line stands for is done; nothing, where it stands for no task."""
    name, _, part = (it.task or "").partition(" ")
    act = next((act for begins, act in ACTS.items() if name and name.startswith(begins)), None)
    return {} if act is None else {"act": str(act), **({"part": part} if name in OF_A_PART else {})}


def task(it: Summary, say: Speech) -> str:
    """What a department has to do about it, where the line stands for that."""
    if not it.task:
        return ""
    name = it.task.split()[0]
    if name in spoken.SAFETY_TASKS and "{}" not in (called := spoken.SAFETY_TASKS[name][say.locale]):
        return called
    return str(say(f"queue.task.{task_of(name)}"))


def marks(it: Summary, say: Speech) -> tuple[str, ...]:
    """What is to be known of it before it is opened."""
    named = [f"safety.{it.tier}" if one == "safety" and it.tier else one for one in it.marks]
    provisional = ["provisional"] if it.deadline and it.deadline.provisional else []
    return tuple(str(say(f"queue.mark.{one}")) for one in (*named, *provisional))
