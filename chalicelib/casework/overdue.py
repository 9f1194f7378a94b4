"""How much of the house's work is late."""

from datetime import datetime
from itertools import islice
from typing import get_args

from chalicelib.adapters import queues
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Department

from . import rules
from .house_letters import work_of

MOST = 1000


def overdue(now: datetime) -> int:
    """How many stages, inquiries, words to read and measures are past their due time, counted up to a thousand."""
    policy = rules.in_force(now)
    work = [partition for department in get_args(Department) for partition in work_of(department, policy)]
    return sum(1 for _ in islice(queues.queue(work, " ", f"{written(now)}~", 100), MOST))
