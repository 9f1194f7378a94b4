"""No siren: one reader is told of so many dangers an hour singly, and then every quarter of an hour of how many more.

A reader is a department, a role or a person; an alarm is what tells staff of a danger, or that nothing has been done
about one. What is over the measure is held back, and counted by one notice, which says how many and where they stand.
"""

from datetime import UTC, datetime, timedelta

from chalicelib.adapters import alarms
from chalicelib.adapters.items import Item
from chalicelib.adapters.outbox import Notice
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import SAFETY_MORE
from chalicelib.domain.telling.notices import NoticeKey

from .once import ATTEMPTS


def may_be_told_singly(notice: Notice, reader: str, now: datetime, policy: Policy) -> bool:
    """Whether it is among as many as the reader is told of within the last hour. Again: as before."""
    rule = policy.operating.alarms
    return alarms.take_place(reader, notice, now, now - timedelta(minutes=rule.within_minutes), rule.singles)


def tell_with_others(notice: Notice, reader: str, news: Item, now: datetime, policy: Policy) -> bool:
    """It ends with `news`, and the reader is told of it with others when the quarter of an hour is over; where that
    has been told already, after the next. False if too many are counted at this moment."""
    every = timedelta(minutes=policy.operating.alarms.then_every_minutes)
    at = _end_of(now, every)
    for _ in range(ATTEMPTS):
        more = NoticeKey(HOUSE_RECORD, int(f"{at:%Y%m%d%H%M}"), reader, SAFETY_MORE)
        try:
            if alarms.hold_back(notice, news, more, at, now):
                return True
        except Stale:
            continue
        at += every
    return False


def _end_of(now: datetime, every: timedelta) -> datetime:
    """When the time that `now` is in is over: at the quarters of the clock, say."""
    begin = datetime(now.year, 1, 1, tzinfo=UTC)
    return begin + every * ((now - begin) // every + 1)
