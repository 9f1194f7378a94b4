"""A sheet as a busy quarter leaves it, for pages that show one: each item says something."""

from datetime import datetime
from typing import Any

from chalicelib.casework import appraise, rules
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.appraisal import Appraisal, Compared, Said
from chalicelib.domain.supervision.sheet import SheetShown, name_of


def rated(item: Any, n: int, count: int, **more: Any) -> Said:
    known = {"rate": count / n, "low": 0.5, "high": 0.9} if n >= 10 else {}
    return Said(item=item, n=n, count=count, **known, **more)


ITEMS = (
    Said(item="closures", n=120, count=120),
    rated("satisfied", 9, 7, compared=Compared(n=9, left_out=0, observed=2, expected=1.5)),
    rated(
        "right_first_time",
        100,
        70,
        cases=("7K2M9-XD4FQ",),
        compared=Compared(n=90, left_out=10, observed=30, expected=15, ratio=2.0, low=1.35, high=2.86, flag="more"),
    ),
    rated(
        "objections",
        100,
        5,
        compared=Compared(n=100, left_out=0, observed=5, expected=12, ratio=0.42, low=0.13, high=0.97, flag="fewer"),
    ),
    Said(item="breaches", n=3, count=3, by={"planning": 1, "safety_call": 2}),
    Said(item="acceptances", n=4, count=4),
    Said(item="low_answers", n=4, count=4, by={"conduct": 1, "process": 1, "product": 1, "unreviewed": 1}),
    Said(item="findings", n=1, count=1, cases=("audit_2026Q4-1 3",)),
)


def a_busy_sheet(person: str, quarter: str, now: datetime) -> str:
    """The name of a sheet that is shown to somebody now."""
    wanted, name = quarters.named(quarter), name_of(quarter, person)
    about = {"person": person, "quarter": quarter, "as_of": wanted.last}
    made = Appraisal(sheet_id=name, first=wanted.first, last=wanted.last, computed_at=now, items=ITEMS, **about)
    appraise.begin(SheetShown(hash=appraise.lay_down(made), **about), now, rules.in_force(now))
    return name
