"""What each line counts: the one declaration that gives the sums, the figures made of them, and the cases behind each.

A line gives counts. A count belongs to a day, a measure and a row of that measure (`by` what, `key`): the line is one
more of its `n`, and adds to its `hits` (in time, upheld, seconds, amounts). `by` "" is the measure as a whole. What
needs time to ripen belongs to the day of the closure, whenever the line came. Rows that begin with "_" are counted and
not published.

The rules: merged ones are in no rate; a rate has only what is decided, which is what was done, or what was late
whatever became of it. So what was withdrawn, dispensed with or stopped in time is neither in time nor late.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.figures import Measure, Period
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

CHINA = ZoneInfo("Asia/Shanghai")
"""Days are those in China."""
RIPE_AFTER: dict[Measure, int] = {"M07": 30, "M09": 30, "M10": 90, "M20": 18}
"""Days after a closure in which something can still come that changes the figure: a reopening, another complaint; a
survey's three days until it is sent, fourteen in which it can be answered, and twelve hours to change that."""
REOPENED_WITHIN = RIPE_AFTER["M07"]
HOUSE_STAGES = (Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING)
"""Stages that the house has to leave in time; in the last one it is the consumer's turn."""
MINOR = 10_000
"""Amounts are added as whole ten-thousandths, which no currency divides further."""
SATISFIED_FROM = 4
ALL = "all"
"""In the rows of what comes and goes: not a stage, but the complaint."""
OPEN_QUESTION, WORDS_READ = "answer", "reading"
REPORTED = "_reported"
"""Causes as soon as they are known, for alarms."""
TAKEN_BACK = "-"
"""Before the row of seconds that count no more."""
KEPT = {"follow_up": ("M12", "promises"), "safety_call": ("M19", "calls")}
"""What is to be done in time, by ladder, and the figure that says how much was: it is late when it is missed, since it
may never be done."""


Count = tuple[date, str, str, str, int, int]
"""Day, measure, by, key, n, hits."""
Time = tuple[date, str, str, str, int]
"""Day, measure, by, key, seconds: kept exactly, for percentiles."""


class Case(NamedTuple):
    """What a line is of a figure: added over all lines, `n` and `hits` are those of the figure's row."""

    measure: Measure
    by: str
    key: str
    n: int
    hits: int


def cases(line: Line, period: Period) -> Iterator[Case]:
    """What a line counts in the period's figures. The cases behind a figure are the ids of those with `by` "" whose
    `n` adds up to more than nothing; of a row likewise."""
    for day, measure, by, key, n, hits in counts(line):
        if period.first <= day <= period.last and not by.startswith("_") and measure.startswith("M"):
            yield Case(cast(Measure, measure), by, key, n, hits)


def counts(line: Line) -> Iterator[Count]:
    count: Callable[[Any], Iterator[Count]] = _COUNTS[line.kind]
    return count(line) if line.for_day is None else _of_rates(line, count)


def _of_rates(line: Line, count: Callable[[Any], Iterator[Count]]) -> Iterator[Count]:
    """What a merger takes back, or its undoing gives again: not that the complaint came, nor where it went, nor that a
    due time was missed, nor what alarms have counted in a week that is over."""
    for day, measure, by, key, n, hits in count(line.model_copy(update={"day": line.for_day})):
        if measure not in ("M01", "policy") and by not in ("in", "out", "ladder", "_charged", REPORTED):
            yield day, measure, by, key, line.sign * n, line.sign * hits


def times(line: Line) -> Iterator[Time]:
    """The seconds that percentiles are made of."""
    time: Callable[[Any], Iterator[Time]] | None = _TIMES.get(line.kind)
    if time is None:
        return
    taken = TAKEN_BACK if line.sign < 0 else ""
    for day, measure, by, key, seconds in time(line):
        yield line.for_day or day, measure, taken + by, key, seconds


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def is_decided(line: lines.Span, done: bool) -> bool:
    """Whether it can be said to have been in time or not: it was done, or it was late whatever became of it."""
    return line.in_time is not None and not line.merged and (done or not line.in_time)


def is_done(line: lines.StageLeft) -> bool:
    """Whether the stage's work was done: not only withdrawn."""
    return line.outcome is not Outcome.WITHDRAWN


# ---- what came ---------------------------------------------------------------------------------------------------


def _received(line: lines.Received) -> Iterator[Count]:
    day = line.day
    yield day, "M01", "", "", 1, 1
    yield day, "M01", "channel", line.channel, 1, 1
    yield day, "M01", "category", line.category, 1, 1
    yield day, "M01", "locale", line.locale, 1, 1
    yield day, "M02", "", "", 1, 1
    if line.product:
        yield day, "M01", "product", line.product, 1, 1
    if line.seller:
        yield from _sold_by(day, line.seller)
    yield day, "M15", "in", Stage.RECEIVED, 1, 1
    yield day, "M15", "in", ALL, 1, 1
    yield day, "policy", "", str(line.policy_version), 1, 1


def _checked(line: lines.Checked) -> Iterator[Count]:
    day = line.received_day or line.day
    if line.carrier:
        yield day, "M01", "carrier", line.carrier, 1, 1
    if line.seller:
        yield from _sold_by(day, line.seller)


def _sold_by(day: date, seller: str) -> Iterator[Count]:
    yield day, "M01", "seller", seller, 1, 1
    yield day, "M02", "seller", seller, 1, 1


def _repeated(line: lines.Repeated) -> Iterator[Count]:
    """A closure after which another came is one of those of its day; a complaint that is a repeat came when it came."""
    if line.closed_day:
        yield line.closed_day, "M10", "", "", 0, 1
        return
    for by in line.by:
        yield line.day, "M10", "by", by, 1, 1
    if not line.known:
        yield line.day, "M10", "repeats", "", 1, 1
        if line.product:
            yield line.day, "M10", "product", line.product, 1, 1
        if line.seller:
            yield line.day, "M10", "seller", line.seller, 1, 1


# ---- work that ended ---------------------------------------------------------------------------------------------


def _stage(line: lines.StageLeft) -> Iterator[Count]:
    day, stage = line.day, line.stage
    yield day, "M15", "out", stage, 1, 1
    if line.into is Stage.CLOSED:
        yield day, "M15", "out", ALL, 1, 1
    else:
        yield day, "M15", "in", line.into, 1, 1
    if line.cause:
        yield day, "M13", REPORTED, line.cause, 1, 1
    if line.merged:
        return
    yield day, "M04", "", "", 1, 1
    yield day, "M04", "stage", f"{stage} {line.round}", 1, 1
    if stage is Stage.INVESTIGATING:
        yield day, "M14", "_investigation", "", 1, line.elapsed
        for waits_for, seconds in line.waited.items():
            yield day, "M14", "_investigation", waits_for, 1, seconds
    if stage not in HOUSE_STAGES or line.due_at is None:
        return
    done, in_time = is_done(line), bool(line.in_time)
    yield day, "M17", "", "", 1, int(line.extended_by > 0)
    yield day, "M17", "stage", stage, 1, int(line.extended_by > 0)
    promised = line.promised_at or line.due_at
    kept = line.at < promised
    if done or not kept:
        yield day, "M05", "", "", 1, int(kept)
        yield day, "M05", "stage", stage, 1, int(kept)
        # Later than promised and withdrawn within an extension: it is due, and the extended time was kept.
        yield day, "M05", "_extended", "", 1, int(in_time)
        yield day, "M05", "_extended", stage, 1, int(in_time)
    if is_decided(line, done):
        if stage is Stage.RECEIVED:
            yield day, "M03", "", "", 1, int(in_time)
            yield day, "M03", "category", line.category, 1, int(in_time)
        yield day, "M15", "_in_time", f"{stage} handler", 1, int(in_time)
        yield from _held(line)


def _inquiry(line: lines.InquiryEnded) -> Iterator[Count]:
    if line.merged:
        return
    day, department, answered = line.day, line.department, line.ended == "answered"
    decided = is_decided(line, answered)
    what = "dispensed" if not answered else "late" if line.in_time is False else "in_time"
    yield day, "M14", "", "", 1, int(answered)
    yield day, "M14", "department", department, 1, int(answered)
    yield day, "M14", f"_{what}", department, 1, 1
    if decided:
        yield day, "M14", "_decided", department, 1, int(bool(line.in_time))
        yield day, "M14", "_decided", "", 1, int(bool(line.in_time))
        yield day, "M15", "_in_time", department, 1, int(bool(line.in_time))
        yield from _held(line)


def _wait(line: lines.WaitEnded) -> Iterator[Count]:
    if line.merged:
        return
    if line.waits_for == OPEN_QUESTION:
        yield line.day, "M17", "questions", "", 1, int(line.asked_late)
        yield line.day, "M17", "asked_by", line.held_by, 1, int(line.asked_late)
    elif is_decided(line, line.ended == "answered"):
        yield from _held(line)


def _task(line: lines.TaskEnded) -> Iterator[Count]:
    if not is_decided(line, line.ended == "done"):
        return
    if line.in_time and line.ladder in KEPT:
        yield line.day, *KEPT[line.ladder], "", 1, 1
    yield from _held(line)


def _held(line: lines.Span) -> Iterator[Count]:
    yield line.day, "M16", "holder", line.held_by, 1, int(not line.in_time)


def _missed(line: lines.Missed) -> Iterator[Count]:
    if not line.void:
        yield line.day, "M16", "ladder", line.ladder, 1, 1
        yield line.day, "M16", "_charged", line.held_by, 1, 1
        if line.ladder in KEPT and not line.merged:
            yield line.day, *KEPT[line.ladder], "", 1, 0


# ---- answers and closures ----------------------------------------------------------------------------------------


def _answered(line: lines.Answered) -> Iterator[Count]:
    day, objects = line.day, int(line.answer in ("objected", "review"))
    lapsed = int(line.answer == "lapsed")
    if not line.after_closure:
        yield day, "M08", "over", "", 1, lapsed
    if not lapsed:
        yield day, "M08", "", "", 1, objects
        yield day, "M08", "round", str(line.round), 1, objects
        yield day, "M08", "answer", line.answer, 1, 1
    if line.answer == "accepted":
        yield day, "M22", "", "", 1, int(line.recorded_by is not None)
        if line.recorded_by:
            yield day, "M22", "person", line.recorded_by, 1, 1


BANDS = (("7_days", 7), ("15_days", 15), ("28_days", 28), ("56_days", 56))
FIRST_BAND, LAST_BAND = "3_working_days", "more"
FIRST_BAND_UP_TO = 3


def band(working_days: int, days: int) -> str:
    """The first band that it is within."""
    if working_days <= FIRST_BAND_UP_TO:
        return FIRST_BAND
    return next((name for name, most in BANDS if days <= most), LAST_BAND)


def _closed(line: lines.Closed) -> Iterator[Count]:
    day = line.day
    yield day, "policy", "", str(line.policy_version), 1, 1
    yield day, "closed", "outcome", line.outcome, 1, 1
    if not line.is_rated:
        return
    yield day, "M06", "", "", 1, 1
    yield day, "M06", "closed", band(line.working_days, (day - china_day(line.begun_at)).days), 1, 1
    yield day, "M10", "", "", 1, 0
    if line.could_reopen:
        yield day, "M09", "", "", 1, 0
    yield day, "M16", "", "", 1, line.breaches
    if line.with_plan:
        yield from _closed_with_plan(line)
    if line.verdict is None:
        yield day, "M11", "_uncoded", "", 1, 1
    else:
        yield day, "M11", "verdict", line.verdict, 1, 1
        if line.verdict != "undetermined":
            upheld = int(line.verdict in ("founded", "partly_founded"))
            yield day, "M11", "", "", 1, upheld
            yield day, "M11", "category", line.category, 1, upheld
    if line.cause is None:
        yield day, "M13", "_uncoded", "", 1, 1
    else:
        yield day, "M13", "", "", 1, 1
        yield day, "M13", "cause_party", f"{line.cause} {line.party or 'undetermined'}", 1, 1
    spent = 0
    for where, seconds in line.spent.items():
        if seconds:
            yield day, "M15", "time", where, 1, seconds
            spent += seconds
    yield day, "M15", "", "", 1, spent


def _closed_with_plan(line: lines.Closed) -> Iterator[Count]:
    day = line.day
    right = int(line.outcome is Outcome.SATISFIED and line.round == 1)
    yield day, "M07", "", "", 1, right
    yield day, "M07", "category", line.category, 1, right
    yield day, "M20", "_stratum", stratum(line.outcome, line.round > 1, line.breaches > 0), 1, 1
    if line.grants is None:
        yield day, "M12", "_uncoded", "", 1, 1
    else:
        yield day, "M12", "", "", 1, int(line.grants != "none")
        yield day, "M12", "grants", line.grants, 1, 1
    given = "+".join(sorted(line.methods)) or "none"
    yield day, "M12", "asked_given", f"{line.asked or 'none'} {given}", 1, 1
    for currency, amount in line.amounts.items():
        yield day, "M12", "currency", currency, 1, _minor(amount)
    for currency, amount in line.asked_amount.items():
        yield day, "M12", "_asked", currency, 1, _minor(amount)


def _minor(amount: Decimal) -> int:
    return int(amount * MINOR)


def _reopened(line: lines.Reopened) -> Iterator[Count]:
    yield line.day, "M15", "in", line.into, 1, 1
    yield line.day, "M15", "in", ALL, 1, 1
    if line.after is not Outcome.MERGED and line.day - line.closed_day <= timedelta(days=REOPENED_WITHIN):
        if line.could_reopen:
            yield line.closed_day, "M09", "", "", 0, 1
        if line.with_plan and line.after is Outcome.SATISFIED and line.round == 1:
            yield line.closed_day, "M07", "", "", 0, -1
            yield line.closed_day, "M07", "category", line.category, 0, -1


# ---- dangers, notices, surveys -----------------------------------------------------------------------------------


def _danger(line: lines.Danger) -> Iterator[Count]:
    yield line.day, "M19", "", "", 1, 1
    yield line.day, "M19", "tier", line.tier, 1, 1


def _called(line: lines.Called) -> Iterator[Count]:
    if line.about == "notice":
        yield line.day, "M21", "calls", "", 1, int(line.reached)
    if line.after is not None:
        yield line.day, "M19", "called", "", 1, 1


def _notice(line: lines.NoticeLost) -> Iterator[Count]:
    if line.arrived:
        yield line.day, "M21", "arrived", "", 1, 1
    else:
        yield line.day, "M21", "", "", 1, 1


def stratum(outcome: Outcome, later_round: bool, breached: bool) -> str:
    """What answers to surveys are weighed by."""
    return f"{outcome} {'later' if later_round else 'first'} {'breached' if breached else 'kept'}"


def _surveyed(line: lines.Surveyed) -> Iterator[Count]:
    """Of an answer only that there is one: what it says may be changed, and stands in the sum by itself."""
    day = line.closed_day
    if line.what != "answered":
        yield day, "M20", "survey", line.what, 1, 1
    elif line.first:
        yield day, "M20", "", "", 1, 0


def _nothing(line: lines.Tested | lines.Heard) -> Iterator[Count]:
    """No figure of a report: audits say what the rules found, with the limits of what that shows (6.3); who answers for
    what is told by department, where that is asked (8.3)."""
    yield from ()


_COUNTS: dict[str, Callable[[Any], Iterator[Count]]] = {
    "received": _received,
    "checked": _checked,
    "repeated": _repeated,
    "stage": _stage,
    "inquiry": _inquiry,
    "wait": _wait,
    "task": _task,
    "answer": _answered,
    "closed": _closed,
    "reopened": _reopened,
    "missed": _missed,
    "danger": _danger,
    "called": _called,
    "notice": _notice,
    "survey": _surveyed,
    "tested": _nothing,
    "heard": _nothing,
}


# ---- seconds -----------------------------------------------------------------------------------------------------


def _stage_times(line: lines.StageLeft) -> Iterator[Time]:
    if line.merged:
        return
    key = f"{line.stage} {line.round}"
    yield line.day, "M04", "elapsed", key, line.elapsed
    yield line.day, "M04", "working", key, line.working
    if line.stage in HOUSE_STAGES:
        yield from _lateness(line)


def _inquiry_times(line: lines.InquiryEnded) -> Iterator[Time]:
    if line.ended == "answered":
        yield line.day, "M14", "elapsed", line.department, line.elapsed
        yield line.day, "M14", "working", line.department, line.working
    yield from _lateness(line)


def _wait_times(line: lines.WaitEnded) -> Iterator[Time]:
    if line.waits_for == WORDS_READ:
        yield from _lateness(line)


def _call_times(line: lines.Called) -> Iterator[Time]:
    if line.after is not None:
        yield line.day, "M19", "call", "", line.after


def _lateness(line: lines.Span) -> Iterator[Time]:
    if line.in_time is False and not line.merged:
        yield line.day, "M16", "late", "", line.late
        yield line.day, "M16", "late", line.held_by, line.late


_TIMES: dict[str, Callable[[Any], Iterator[Time]]] = {
    "stage": _stage_times,
    "inquiry": _inquiry_times,
    "wait": _wait_times,
    "task": _lateness,
    "called": _call_times,
}
