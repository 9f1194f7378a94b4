"""When the stages of a span were left and when they were due, and whom its notices have reached: what rules share."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.audit.evidence import A_DAY, Evidence, Moment, Told
from chalicelib.domain.audit.verdicts import NOT_APPLICABLE, Verdict, broken, holds, together, undecided
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.parts import Breach
from chalicelib.domain.ground.record import STAGE_CLOCK, ClockSetting, Event
from chalicelib.domain.vocabulary.stages import Stage


class Visit(NamedTuple):
    """A stage was left by `left`. `by`: what had led to it, None where that was before the span. `breaches`: of its
    clock, as they are known now, void ones too."""

    by: Event | None
    left: Moment
    breaches: tuple[Breach, ...]

    @property
    def late(self) -> bool:
        """Whether a due time was missed that stands. Where none was ever recorded the entry itself says it."""
        if self.breaches:
            return not all(one.void for one in self.breaches)
        return self.is_unrecorded

    @property
    def is_unrecorded(self) -> bool:
        enters = self.left.entry.enters
        due_at = enters.was_due_at if enters else None
        return not self.breaches and due_at is not None and self.left.entry.at >= due_at


def visits(evidence: Evidence, *stages: Stage) -> Iterator[Visit]:
    """The stages that were left in the span, of these."""
    known = evidence.latest.breaches
    by: Event | None
    since, by = len(evidence.span[0].was.breaches), None
    for one in evidence.span:
        if not one.entry.enters:
            continue
        if one.before:
            mine = known[since : len(one.before.breaches)]
            of_stage = tuple(breach for breach in mine if breach.clock == STAGE_CLOCK)
            if one.before.stage in stages:
                yield Visit(by, one, of_stage)
        since, by = len(one.after.breaches), one.event


def in_time(found: Collection[Visit]) -> Verdict:
    return together(broken(one.left.seq) if one.late else holds(one.left.seq) for one in found)


def tasks_in_time(evidence: Evidence, begun: Iterable[tuple[Moment, ClockSetting]]) -> Verdict:
    """Whether what was to be done by these clocks was, before they ran out; of what still runs nobody knows."""
    return together(_done_in_time(evidence, one.entry.at, clock, one.seq) for one, clock in begun)


def _done_in_time(evidence: Evidence, since: datetime, set_as: ClockSetting, seq: int) -> Verdict:
    latest = evidence.latest
    missed = [one for one in latest.breaches if (one.clock, one.counted.since) == (set_as.name, since)]
    if any(not one.void for one in missed):
        return broken(seq)
    running = next((one for one in latest.clocks if (one.name, one.since) == (set_as.name, since)), None)
    if running is None:
        return holds(seq)
    return undecided(seq) if evidence.now < running.due_at else broken(seq)


def notices_about(evidence: Evidence, seq: int, kinds: Collection[str], audience: str = "consumer") -> list[Told]:
    told = evidence.notices or ()
    return [one for one in told if one.seq == seq and one.kind in kinds and one.audience == audience]


def is_told(evidence: Evidence, moment: Moment, *kinds: str, by: datetime | None = None) -> Verdict:
    """Whether the consumer was told of it, before `by`; by somebody's call where no notice came."""
    if evidence.notices is None:
        return undecided(moment.seq)
    found = notices_about(evidence, moment.seq, kinds)
    if not found:
        return _missing(evidence, moment)
    return together(_fared(evidence, moment, one, by) for one in found)


def _fared(evidence: Evidence, moment: Moment, notice: Told, by: datetime | None) -> Verdict:
    match notice.fared:
        case "under_way":
            return undecided(moment.seq)
        case "outdated":
            return NOT_APPLICABLE
        case "arrived":
            late = by is not None and notice.sent_at is not None and notice.sent_at >= by
            return broken(moment.seq) if late else holds(moment.seq)
    return holds(moment.seq) if _is_called(evidence, moment) else _missing(evidence, moment)


def _missing(evidence: Evidence, moment: Moment) -> Verdict:
    """What has just happened may be told yet."""
    return undecided(moment.seq) if evidence.now - moment.entry.at < A_DAY else broken(moment.seq)


def _is_called(evidence: Evidence, moment: Moment) -> bool:
    return any(
        (isinstance(one.event, events.ConsumerCalled) and one.event.call.reached)
        or (isinstance(one.event, events.ConsumerReached) and one.event.seq == moment.seq)
        for one in evidence.moments[moment.seq :]
    )
