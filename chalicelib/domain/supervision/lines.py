"""Lines (3.4, 4.5b, 6.1): what supervision counts, one small item for each closure, each span of work, each thing that
happened. A report is a function of lines and of nothing else.

A line is made from the entries of one complaint and is known by the entry that gives it, so it can be made again and
says the same. It holds no words, no contact details, no order number: ids, codes, times and amounts. Its `day` is the
day in China of that entry. Spans are lined when they end; all durations are whole seconds.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from chalicelib.domain.complaint.hearings import Hint, Measure
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary import terms
from chalicelib.domain.vocabulary.stages import STAGES, Stage

WaitingFor = Literal["handler", "quality", "logistics", "legal", "consumer"]
"""Whom a complaint waits for in a stage. The consumer before legal, legal before the other departments, these before
whoever has it."""
WAITING_FOR: tuple[WaitingFor, ...] = get_args(WaitingFor)


class Base(Model):
    """`id`: the complaint; `seq`: its entry that gives the line; `nth`: of several of one kind by one entry, from 0.

    Merged ones are in no rate: a merger takes back what was counted before (`sign` -1, on the day `for_day`), and its
    undoing gives it again. All else of such a line is as it was.
    """

    id: str
    seq: int
    nth: int = 0
    at: Instant
    day: date
    sign: Literal[-1, 1] = 1
    for_day: date | None = None


class About(Base):
    """What a complaint is about. `seller`, `product`: as the shop calls them; `storefront`: who filed it, or None."""

    category: terms.Category
    channel: terms.Channel
    locale: terms.Locale
    storefront: str | None = None
    seller: str | None = None
    product: str | None = None
    policy_version: int


class Received(About):
    """A complaint was received; it enters `received`."""

    kind: Literal["received"] = "received"


class Checked(Base):
    """The shop's order system has said who carried the goods, and who sold them where the filing did not. It is counted
    on the day of the receipt."""

    kind: Literal["checked"] = "checked"
    carrier: str | None = None
    seller: str | None = None
    received_day: date | None = None


class Repeated(Base):
    """There was another complaint within the policy's days before, of the same order or contact (M10).

    `known`: in which of the two ways it was known to be one by an earlier line of it; `by`: in which it is now, too.
    `closed_day`: on the record of the one before, when another came after it had been closed on that day: so `by` is
    empty, and each closure has one at most.
    """

    kind: Literal["repeated"] = "repeated"
    by: tuple[terms.InCommon, ...]
    known: tuple[terms.InCommon, ...] = ()
    closed_day: date | None = None
    category: terms.Category
    product: str | None = None
    seller: str | None = None


class Span(Base):
    """Work that has ended at `at`. `due_at`: when it was due in the end; None: no clock ran. `working`: of its time,
    net of what its clock stood still for; `held_by`: a member of staff, or the department; `merged`: the complaint was
    merged by then."""

    begun_at: Instant
    merged: bool = False
    due_at: Instant | None = None
    elapsed: int
    working: int
    held_by: str

    @property
    def late(self) -> int:
        """Seconds after the due time at which it ended; 0 if it was in time."""
        return max(0, int((self.at - self.due_at).total_seconds())) if self.due_at and self.at >= self.due_at else 0

    @property
    def in_time(self) -> bool | None:
        """Whether it ended before its due time; None if it had none."""
        return None if self.due_at is None else self.at < self.due_at


class StageLeft(Span):
    """A stage was left for `into`. `promised_at`: when it was due as it began, by the calendar as it is known now:
    neither extended nor stood still. `waited`: of `elapsed`, by whom it waited for; the rest was the handler's.

    `verdict`, `cause`, `party`: what the report said, where that is what ended the stage.
    """

    kind: Literal["stage"] = "stage"
    stage: Stage
    round: int
    into: Stage
    outcome: terms.Outcome | None = None
    promised_at: Instant | None = None
    extended_by: int = 0
    waited: Mapping[WaitingFor, int] = Field(default_factory=dict)
    category: terms.Category
    product: str | None = None
    seller: str | None = None
    carrier: str | None = None
    verdict: terms.Verdict | None = None
    cause: str | None = None
    party: terms.ResponsibleParty | None = None


class InquiryEnded(Span):
    """A department was asked, and has answered; or the work went on without it, or the complaint closed."""

    kind: Literal["inquiry"] = "inquiry"
    department: terms.AskedDepartment
    ended: Literal["answered", "dispensed"]


class WaitEnded(Span):
    """A stage's clock may have stood still for it. `asked_late`: the question came in the last 4 working hours before
    the stage was due, as it was due then."""

    kind: Literal["wait"] = "wait"
    waits_for: terms.WaitsFor
    stage: Stage
    ended: Literal["answered", "expired", "dispensed"]
    asked_late: bool = False


class TaskEnded(Span):
    """What was to be done beside the stages: a promised measure (follow_up), words to read excepted, something about a
    danger, a low answer to review. `ladder`: by which clock. `ended`: done, or its clock was stopped otherwise."""

    kind: Literal["task"] = "task"
    ladder: str
    ended: Literal["done", "stopped"]


class Answered(Base):
    """A plan was answered (M08), or its time was over. `recorded_by`: who of staff did it for a caller (M22);
    `after_closure`: a review of what had closed the complaint, so the plan's time had been over once. `planner`: who
    held the stage in which it was made; `rejects`, `tier`: of that plan, and of the complaint by then."""

    kind: Literal["answer"] = "answer"
    answer: Literal["accepted", "objected", "review", "lapsed"]
    round: int
    recorded_by: str | None = None
    after_closure: bool = False
    category: terms.Category | None = None
    planner: str | None = None
    rejects: bool | None = None
    tier: terms.Tier | None = None


class Closed(About):
    """A complaint was closed, for the `number`-th time. `planner`: who held its last planning stage; `breaches`: those
    that stand, since it began; `accepted_by`: the consumer, or who of staff recorded it, where it was accepted.

    `spent`: seconds since `begun_at`, by stage and whom it waited for, as "investigating quality". `amounts`: what the
    last plan gives, by currency; `asked_amount`: what was disputed. `working_days`: that began after the day of
    `begun_at`, up to that of the closure. `could_reopen`: neither merged, nor left to another rule.
    """

    kind: Literal["closed"] = "closed"
    number: int
    outcome: terms.Outcome
    round: int
    received_at: Instant
    begun_at: Instant
    working_days: int
    carrier: str | None = None
    verdict: terms.Verdict | None = None
    cause: str | None = None
    party: terms.ResponsibleParty | None = None
    asked: terms.Remedy | None = None
    asked_amount: Mapping[str, Decimal] = Field(default_factory=dict)
    with_plan: bool
    rejects: bool = False
    grants: terms.Grants | None = None
    methods: tuple[terms.Remedy, ...] = ()
    amounts: Mapping[str, Decimal] = Field(default_factory=dict)
    planner: str | None = None
    accepted_by: str | None = None
    breaches: int = 0
    extended: bool = False
    reopened_before: int = 0
    tier: terms.Tier | None = None
    spent: Mapping[str, int] = Field(default_factory=dict)
    could_reopen: bool = True

    @property
    def is_rated(self) -> bool:
        """Merged ones are in no rate."""
        return self.outcome is not terms.Outcome.MERGED


class Reopened(Base):
    """A closure did not hold: it was reopened, another person is to decide, or a merger was undone (`after` says so:
    in no rate, but the stage is entered). `closed_day`: its day (the cohort); `after`: how it had ended, in which
    `round`; `with_plan`: after a plan; `days`: whole days since; `into`: the stage that it enters; `could_reopen`,
    `planner`, `rejects`, `tier`: as the closure said."""

    kind: Literal["reopened"] = "reopened"
    closed_day: date
    after: terms.Outcome
    round: int
    with_plan: bool
    category: terms.Category
    days: int
    into: Stage
    by: Literal["consumer", "staff"]
    could_reopen: bool = True
    planner: str | None = None
    rejects: bool | None = None
    tier: terms.Tier | None = None


class Missed(Base):
    """A due time was missed (8.3). `ladder`: of which clock; `void`: it turned out to be none; `merged`: while it was
    merged into another; `number`: the how-manieth breach of the complaint it is."""

    kind: Literal["missed"] = "missed"
    ladder: str
    stage: Stage
    due_at: Instant
    held_by: str
    void: bool = False
    merged: bool = False
    number: int | None = None

    @property
    def department(self) -> str:
        """Whose it was, whoever of them had it."""
        return self.held_by if self.held_by in set(Role) else STAGES[self.stage].responsible


class Heard(Base):
    """It was decided who answers for the `number`-th breach (8.3), and how: of which department they are, not who.
    `final`: after an objection, or since nobody does."""

    kind: Literal["heard"] = "heard"
    number: int
    department: Role
    measure: Measure
    final: bool = False
    hints: tuple[Hint, ...] = ()


class Danger(Base):
    """A complaint was raised into a tier of danger (M19)."""

    kind: Literal["danger"] = "danger"
    tier: terms.Tier
    product: str | None = None


class Called(Base):
    """The consumer was called; once for all complaints that are handled together. `tier`, `after`: of the first call
    that reached them about a danger, of which tier, and how many seconds after it was raised (M19)."""

    kind: Literal["called"] = "called"
    about: terms.CallAbout
    reached: bool
    tier: terms.Tier | None = None
    after: int | None = None


class NoticeLost(Base):
    """A notice to the consumer arrived by no channel (M21), or had arrived after all (`arrived`)."""

    kind: Literal["notice"] = "notice"
    arrived: bool


class Surveyed(Base):
    """What became of a survey (6.2) of the closure of `closed_day`, number `closure`. The stratum: `outcome`,
    `later_round`, `breached`. Of an answer what was answered; `planner`, `rejects`, `tier`: as the closure said.

    `reviewed`: a low answer was looked into, and what it is about (`fault`). `first`: of the answers to one survey
    the first; a changed one counts in its place.
    """

    kind: Literal["survey"] = "survey"
    what: Literal["sent", "undelivered", "answered", "reviewed", "expired", "voided", "spared", "opted_out"]
    closed_day: date
    closure: int
    outcome: terms.Outcome
    later_round: bool
    breached: bool
    category: terms.Category
    planner: str | None = None
    rejects: bool | None = None
    tier: terms.Tier | None = None
    by_phone: bool = False
    first: bool = True
    overall: int | None = None
    solved: terms.Solved | None = None
    fair: int | None = None
    easy: int | None = None
    informed: int | None = None
    fault: terms.Fault | None = None

    @property
    def is_low(self) -> bool:
        """Whether an answer is to be looked into."""
        return self.overall is not None and (self.overall <= terms.LOW or self.solved == "no")


class Tested(Base):
    """What the machine's rules say of a closure (6.3), the `closure`-th: the ids of those that are `broken`, and of
    `undecided` as yet; all others hold or do not apply. `catalogue`: the number of the rules."""

    kind: Literal["tested"] = "tested"
    closure: int
    catalogue: int
    broken: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    category: terms.Category
    planner: str | None = None


Line = Annotated[
    Received
    | Checked
    | Repeated
    | StageLeft
    | InquiryEnded
    | WaitEnded
    | TaskEnded
    | Answered
    | Closed
    | Reopened
    | Missed
    | Danger
    | Called
    | NoticeLost
    | Surveyed
    | Heard
    | Tested,
    Field(discriminator="kind"),
]
LINE: TypeAdapter[Line] = TypeAdapter(Line)
"""Reads a line: `LINE.validate_json`."""
