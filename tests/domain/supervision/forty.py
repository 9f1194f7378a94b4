"""Forty complaints of February 2026, each lived through entry by entry: what a report of that month says of them is
worked out by hand in `test_forty.py`.

The month has the Lunar New Year: 15 to 23 February are days off, Saturdays 14 and 28 are worked. All times are those of
China. An ordinary day has 24 working hours, so that working time is elapsed time less the days off and the waits.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    Extension,
    Feedback,
    Filing,
    MadeCall,
    OrderFacts,
    SafetyAssessment,
)
from chalicelib.domain.ground.ids import ALPHABET
from chalicelib.domain.supervision.account import lines_of
from chalicelib.domain.supervision.lines import Line, Surveyed
from tests.domain.cases import ALLERGY, CRACKED, KETTLE, LIN, MANAGEMENT, PLAN, QUALITY, REJECTION, REPORT, WANG, Story

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINE = OrderFacts(order_number="E20261009-0042", carrier="顺丰速运")


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


class Life:
    """A complaint that goes on from one moment to the next; the clock rings in between whenever something is due."""

    def __init__(self, at: datetime, filing: Filing = KETTLE) -> None:
        self.story = Story(filing, at)

    def at(self, moment: datetime) -> "Life":
        self.story.now = moment
        self.story.ring()
        return self

    def rings(self, *moments: datetime) -> "Life":
        for moment in moments:
            self.at(moment)
        return self

    def acknowledged(self, at: datetime) -> "Life":
        self.at(at).story.do(Action.ACKNOWLEDGE)
        return self

    def reported(self, at: datetime, verdict: str, cause: str, party: str) -> "Life":
        found = {"verdict": verdict, "cause_code": cause, "responsible_party": party}
        self.at(at).story.do(Action.REPORT, submission=REPORT.model_copy(update=found))
        return self

    def planned(self, at: datetime, *, rejects: bool = False) -> "Life":
        self.at(at).story.do(Action.PROPOSE_PLAN, submission=REJECTION if rejects else PLAN)
        return self

    def accepted(self, at: datetime, *, by_phone: bool = False) -> "Life":
        self.at(at).story.do(Action.ACCEPT_PLAN, LIN if by_phone else WANG, Feedback(satisfied=True))
        return self


DAMAGED = ("founded", "delivery.damaged_packing", "carrier")


def plain() -> Life:
    """Ten: all goes well, and what was promised is done in time. Their carrier is known."""
    life = Life(china(2, 2, 9))
    life.story.found(events.OrderChecked(found=True, facts=MINE))
    life.acknowledged(china(2, 2, 10)).reported(china(2, 3, 10), *DAMAGED).planned(china(2, 4, 10))
    life.accepted(china(2, 5, 10)).at(china(2, 6, 10)).story.do(Action.COMPLETE_FOLLOW_UP)
    return life


def dangerous() -> Life:
    """Two: harm at once; called after an hour, assessed the next day."""
    life = Life(china(2, 2, 9), ALLERGY).at(china(2, 2, 10))
    life.story.do(Action.CALL, LIN, MadeCall(about="safety", reached=True))
    life.acknowledged(china(2, 2, 10)).at(china(2, 3, 9))
    nobody = SafetyAssessment(harmed="none", stop_selling=False, report_to=(), note="未受伤。")
    life.story.do(Action.ASSESS_SAFETY, QUALITY, nobody)
    life.reported(china(2, 3, 10), *DAMAGED).planned(china(2, 4, 10))
    return life.accepted(china(2, 5, 10))


def objected() -> Life:
    """Five: the first plan is objected to on a Saturday off, the second accepted by phone."""
    life = Life(china(2, 3, 9)).acknowledged(china(2, 3, 11))
    life.reported(china(2, 5, 11), "partly_founded", "product.defect_function", "seller").planned(china(2, 6, 11))
    life.at(china(2, 7, 11)).story.do(Action.OBJECT_TO_PLAN)
    return life.planned(china(2, 9, 11)).accepted(china(2, 10, 11), by_phone=True)


def unanswered() -> Life:
    """Four: rejected, and not answered. The fifteenth day is in the holiday: it lapses with 24 February."""
    life = Life(china(2, 2, 9)).acknowledged(china(2, 2, 10))
    life.reported(china(2, 4, 10), "unfounded", "consumer.changed_mind", "consumer")
    return life.planned(china(2, 5, 10), rejects=True).rings(china(2, 10, 12), china(2, 16, 12), china(2, 25, 0))


def withdrawn() -> Life:
    """Three: withdrawn before anybody had acknowledged them."""
    life = Life(china(2, 10, 9)).at(china(2, 10, 11))
    life.story.do(Action.WITHDRAW)
    return life


def merged() -> Life:
    """Three: acknowledged, then merged on the next day."""
    life = Life(china(2, 11, 9)).acknowledged(china(2, 11, 10)).at(china(2, 12, 10))
    life.story.do(Action.MERGE)
    return life


def late() -> Life:
    """Four: acknowledged a day late, on the make-up Saturday; investigated over the New Year, in time."""
    life = Life(china(2, 12, 9)).rings(china(2, 13, 5), china(2, 13, 9)).acknowledged(china(2, 14, 9))
    life.reported(china(2, 24, 9), "founded", "delivery.late", "carrier").planned(china(2, 26, 9))
    return life.accepted(china(2, 27, 9))


def extended() -> Life:
    """Three: a day is waited for the consumer, then two working days are given."""
    life = Life(china(2, 3, 9)).acknowledged(china(2, 3, 10)).at(china(2, 4, 10))
    life.story.do(Action.REQUEST_INFORMATION)
    life.at(china(2, 5, 10)).story.do(Action.GIVE_INFORMATION)
    life.at(china(2, 6, 10)).story.do(Action.EXTEND, MANAGEMENT, Extension(working_days=2, reason="等待检测报告。"))
    life.reported(china(2, 11, 10), "founded", "product.defect_material", "seller")
    return life.planned(china(2, 12, 10)).accepted(china(2, 13, 10))


def reopened_in_the_month() -> Life:
    """Two: accepted after a weekend, reopened after the New Year, and accepted again: two closures each."""
    life = Life(china(2, 4, 9)).acknowledged(china(2, 4, 10))
    life.reported(china(2, 5, 10), *DAMAGED).planned(china(2, 6, 10)).accepted(china(2, 9, 10))
    life.at(china(2, 10, 10)).story.do(Action.COMPLETE_FOLLOW_UP)
    life.at(china(2, 25, 10)).story.do(Action.REOPEN, WANG)
    return life.planned(china(2, 26, 10)).accepted(china(2, 27, 10))


def _closed_on_the_fifth() -> Life:
    life = Life(china(2, 2, 9)).acknowledged(china(2, 2, 10)).reported(china(2, 3, 10), *DAMAGED)
    life.planned(china(2, 4, 10)).accepted(china(2, 5, 10))
    life.at(china(2, 6, 10)).story.do(Action.COMPLETE_FOLLOW_UP)
    return life


def reopened_in_march() -> Life:
    """One: reopened on the 28th day, and closed again in March."""
    life = _closed_on_the_fifth().at(china(3, 5, 10))
    life.story.do(Action.REOPEN, WANG)
    return life.planned(china(3, 6, 10)).accepted(china(3, 7, 10))


def reopened_too_late_to_count() -> Life:
    """One: reopened on Monday, the 32nd day, since the 30th was a Saturday off: its right, and not within 30 days."""
    life = _closed_on_the_fifth().at(china(3, 9, 10))
    life.story.do(Action.REOPEN, WANG)
    return life


def asked() -> Life:
    """Two: quality control is asked, and answers ten hours late. Accepted on the make-up Saturday."""
    life = Life(china(2, 24, 9), CRACKED).acknowledged(china(2, 24, 10)).rings(china(2, 25, 12), china(2, 26, 0))
    life.at(china(2, 26, 10)).story.do(Action.ANSWER_INQUIRY, QUALITY)
    life.reported(china(2, 26, 12), "undetermined", "product.safety", "undetermined")
    return life.planned(china(2, 27, 12)).accepted(china(2, 28, 12))


LIVES: tuple[tuple[int, Callable[[], Life]], ...] = (
    (10, plain),
    (2, dangerous),
    (5, objected),
    (4, unanswered),
    (3, withdrawn),
    (3, merged),
    (4, late),
    (3, extended),
    (2, reopened_in_the_month),
    (1, reopened_in_march),
    (1, reopened_too_late_to_count),
    (2, asked),
)


@cache
def forty() -> tuple[Line, ...]:
    """The lines of all of them, each with an id of its own."""
    made: list[Line] = []
    number = 0
    for often, live in LIVES:
        story = live().story
        for which in range(often):
            lived = lines_of(_with_what_is_rare(live, which, story).entries, story.policy)
            made += [line.model_copy(update={"id": name_of(number)}) for line in lived]
            number += 1
    return tuple(made)


def name_of(number: int) -> str:
    """The id of one of the forty, from 0, in the order of `LIVES`."""
    return f"AAAAA-AAA{ALPHABET[number // 32]}{ALPHABET[number % 32]}"


def surveys() -> Iterator[Line]:
    """Twenty are asked: the ten plain ones, the five that objected, the four late ones, and one that was reopened in
    March. One cannot be reached. Fifteen answer: 2, 2 and eight times 5; 4, 4, 4, 3, 1. The first had said 1 at first.
    """
    plain_ones = [(name_of(n), 2, 5, "satisfied", False, False) for n in range(10)]
    objectors = [(name_of(n), 2, 10, "satisfied", True, False) for n in range(12, 17)]
    late_ones = [(name_of(n), 2, 27, "satisfied", False, True) for n in range(27, 31)]
    in_march = [(name_of(36), 2, 5, "satisfied", False, False)]
    scores = dict(zip([one[0] for one in plain_ones + objectors], (5, 2, 2, *[5] * 7, 4, 4, 4, 3, 1), strict=True))
    for name, month, day, outcome, later_round, breached in plain_ones + objectors + late_ones + in_march:
        sent = china(month, day, 10) + timedelta(days=3)
        about: dict[str, Any] = {
            "id": name,
            "closed_day": date(2026, month, day),
            "closure": 1,
            "outcome": outcome,
            "later_round": later_round,
            "breached": breached,
            "category": "after_sales_service",
        }
        yield Surveyed(**about, seq=100, at=sent, day=sent.date(), what="sent")
        if name == name_of(27):
            yield Surveyed(**about, seq=101, at=sent, day=sent.date(), what="undelivered")
        if name not in scores:
            continue
        answered = about | {"what": "answered", "at": sent, "day": sent.date(), "solved": "yes", "fair": 4, "easy": 3}
        if name == name_of(0):
            yield Surveyed(**answered | {"solved": "no"}, seq=102, overall=1, informed=4)
        yield Surveyed(**answered, seq=103, overall=scores[name], informed=5, first=name != name_of(0))


def _with_what_is_rare(live: Callable[[], Life], which: int, story: Story) -> Story:
    """Of the plain ones the first is followed by another complaint, and a notice of the second reaches nobody."""
    if live is not plain or which > 1:
        return story
    one = live().at(china(2, 9, 10)).story
    if which == 0:
        return one.found(events.RelatedFound(related=("BBBBB-BBBBB",)))
    one.found(events.ConsumerUnreachable(seq=1, notice="plan"))
    return one.do(Action.CALL, LIN, MadeCall(about="notice", reached=True))
