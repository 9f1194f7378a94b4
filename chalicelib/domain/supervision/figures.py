"""What a report says: figures with what they count, in the shape in which they are published and kept (6.1)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import Field

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary.stages import Stage

Measure = Literal[
    "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M13", "M14", "M15", "M16",
    "M17", "M19", "M20", "M21", "M22",
]  # fmt: skip
Listing = Literal[
    Measure, "M06.open", "M08.over", "M10.repeats", "M12.promises", "M16.ladder", "M17.questions", "M19.called",
    "M19.calls", "M20.survey", "M21.arrived", "M21.calls",
]  # fmt: skip
"""The lists of cases that a report has: those behind each figure, and behind what is counted beside it, of others."""
ReportKind = Literal["daily", "weekly", "monthly", "half_yearly"]
Number = int | float
SHOWN_FROM = 5
"""A figure of fewer than so many is not shown: its value is None, its n is there."""


class Row(Model):
    """One line of a figure's table: the `key` of what it is counted `by` ("channel": "web"; "stage": "planning 2").

    `n`: how many it counts; `values`: by name, None where n is too small. Shares are 0 to 1, times seconds.
    """

    by: str
    key: str
    n: int
    values: Mapping[str, Number | None] = Field(default_factory=dict)


class Figure(Model):
    """One measure of a period. `value`: the one number that stands for it, if any, in `unit`; `n`: of how many.

    `ripe`: no event still to come can change it; else `ripe_on` is the first day on which that is so. `values`: what
    stands beside the value (an interval, the same by the extended due time). `note`: a code of what has to be said of
    it: "too_few" (nothing is shown of it), "no_volumes", "volumes_incomplete", "not_representative".
    """

    n: int
    value: Number | None = None
    unit: Literal["count", "share", "seconds", "per_10000", "per_100", "score"] = "count"
    values: Mapping[str, Number | None] = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    ripe: bool = True
    ripe_on: date | None = None
    note: str | None = None


class Period(Model):
    """From `first` to `last`, days in China, both counted. `name`: "2026-10-09", "2026-W41", "2026-10", "2026-H2"."""

    kind: ReportKind
    name: str
    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class Open(NamedTuple):
    """A complaint that is open. `begun_at`: when it was received, or reopened last."""

    id: str
    stage: Stage
    received_at: datetime
    begun_at: datetime


class Bottleneck(Model):
    """The largest part of all closures' time that the house owns, and that is less than 95 % in time or has grown by
    more than 20 % (M15). `share`: of all time; `in_time`: of what ended there; `growth`: against the period before."""

    stage: str
    waits_for: str
    share: float
    in_time: float | None = None
    growth: float | None = None


class Compared(Model):
    """The same figures of another period, as they are known now; only values and n."""

    period: Period
    figures: Mapping[str, Figure]


class Document(Model):
    """A report as it was computed; it never changes. `sources`: of each day read, its edition and the SHA-256 of its
    sum. `as_of`: the last day that was read. `definitions`: the number of the definitions. `reason`: of an edition
    after the first, why there is one. `cases`: of each list of cases, "M12", "M12.promises", the SHA-256 of its ids."""

    report_id: str
    period: Period
    edition: int
    reason: str | None = None
    computed_at: Instant
    as_of: date
    definitions: int
    policy_versions: tuple[int, ...]
    figures: Mapping[str, Figure]
    before: Compared | None = None
    year_before: Compared | None = None
    bottleneck: Bottleneck | None = None
    charts: Mapping[str, tuple[Row, ...]] = Field(
        default_factory=dict, description="Rows that are drawn: flow by day, time by stage, causes, ages, satisfaction."
    )
    sources: Mapping[date, tuple[int, str]] = Field(default_factory=dict)
    cases: Mapping[str, str] = Field(default_factory=dict)
