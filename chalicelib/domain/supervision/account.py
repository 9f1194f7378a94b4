"""The lines of one complaint, made from its entries (3.4, 4.5b).

A line is given by one entry, and says what is known by then. Only a correction of the calendar changes what was said
before it: breaches that turn out to be none, due times that are counted anew. So the lines of an entry are the same
however often and in whatever order entries are looked at, as long as all lines are made again after a correction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from chalicelib.domain.complaint import events, hearings, parts, safety, submissions
from chalicelib.domain.complaint.clocks import due_of_breach, named
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import STAGE_CLOCK, Event
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.counting import KEPT
from chalicelib.domain.supervision.lines import Line, WaitingFor
from chalicelib.domain.vocabulary.ladders import HEARINGS
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import NO_TIER, Outcome, Tier

LAST_HOURS = timedelta(hours=4)
"""Working time before the due time of a stage: whoever asks the consumer then may do so to win time (M17)."""

SURVEYED: Mapping[
    type[Event], Literal["sent", "spared", "undelivered", "answered", "reviewed", "opted_out", "expired"]
] = {
    events.SurveySent: "sent",
    events.SurveySpared: "spared",
    events.SurveyUndelivered: "undelivered",
    events.SurveyAnswered: "answered",
    events.SurveyReviewed: "reviewed",
    events.SurveyDeclined: "opted_out",
    events.SurveyExpired: "expired",
}
"""What becomes of a survey, and by what (6.2, M20)."""
ALWAYS: tuple[type[Event], ...] = (
    events.InquiryAnswered,
    events.InformationRead,
    events.WaitExpired,
    events.FollowUpCompleted,
    events.DeadlineMissed,
    events.ConsumerCalled,
    events.ConsumerUnreachable,
    events.ConsumerReached,
    hearings.HearingDecided,
    *SURVEYED,
)
IF_IT_STOPS_A_CLOCK = (
    events.InformationGiven,
    events.EvidenceReceived,
    events.DangerFound,
    events.DangerTriaged,
    events.SafetyAssessed,
    events.AuthorityTold,
)
CORRECTIONS = (events.DeadlineMoved, events.BreachesRecounted)
"""What changes the lines of entries before it."""


def may_give(entry: Entry) -> bool:
    """Whether there may be lines of this entry, or other lines by it: as the entry alone shows."""
    if entry.enters:
        return True
    match entry.event:
        case events.OrderChecked() as it:
            return it.facts is not None
        case events.RelatedFound() as it:
            return bool(it.repeats or it.related)
        case events.DangerFound() | events.DangerTriaged() as it if it.raises:
            return True
        case it:
            stops = isinstance(it, IF_IT_STOPS_A_CLOCK) and bool(it.stops)
            return stops or isinstance(it, ALWAYS + CORRECTIONS)


def lines_by(entry: Entry, entries: Sequence[Entry], policy: Policy) -> list[Line]:
    """What is to be written down when an entry has come in: its lines, all lines after a correction."""
    made = lines_of(entries, policy)
    return made if isinstance(entry.event, CORRECTIONS) else [line for line in made if line.seq == entry.seq]


def lines_of(entries: Iterable[Entry], policy: Policy) -> list[Line]:
    """All lines of the entries of one complaint, from its first one on; those of an erased one name neither product
    nor seller nor carrier."""
    known: list[tuple[Complaint | None, Complaint, Entry, Event]] = []
    before: Complaint | None = None
    for entry in entries:
        after = evolve(before, entry)
        known.append((before, after, entry, entry.event))
        before = after
    so_far, made = SoFar(), list[Line]()
    for was, is_now, entry, event in known:
        moment = Moment(was, is_now, entry, event, known[-1][1], so_far, policy)
        so_far.time_passes(moment)
        given = _numbered(_given(moment))
        so_far.take_in(moment, given)
        made += given
    return made


class Moment(NamedTuple):
    """An entry, and the complaint before and after it. `last`: the complaint after the last entry that is known."""

    was: Complaint | None
    now: Complaint
    entry: Entry
    event: Event
    last: Complaint
    so_far: "SoFar"
    policy: Policy

    @property
    def base(self) -> dict[str, Any]:
        at = self.entry.at
        return {"id": self.entry.record, "seq": self.entry.seq, "at": at, "day": day_of(at, self.policy)}


@dataclass
class SoFar:
    """What is carried from entry to entry, of what the complaint itself does not say.

    `waited`: of the present stage, seconds by whom it waited for; `spent`: the same of all stages since the complaint
    began. `promised_at`: when the present stage was due as it began. `planner`: who held the last planning stage.
    `stood`: the stage's time and promise of what is merged, which goes on if that is undone. `closed`: the last
    closure; `closures`: all, by number; `followed`: the number of the last one after which another complaint came;
    `reopened`: how many closures did not hold. `first_round`, `breaches`: the round in which the complaint began,
    received or open again after a closure, and how many breaches there were by then. `in_rates`: the lines since then
    that a merger takes back.
    """

    at: datetime | None = None
    waited: dict[WaitingFor, int] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    promised_at: datetime | None = None
    planner: str | None = None
    extended: bool = False
    stood: tuple[dict[WaitingFor, int], datetime | None] = field(default_factory=lambda: ({}, None))
    closed: lines.Closed | None = None
    closures: dict[int, lines.Closed] = field(default_factory=dict)
    followed: int = 0
    reopened: int = 0
    first_round: int = 1
    breaches: int = 0
    asked_late: set[str] = field(default_factory=set)
    in_rates: list[Line] = field(default_factory=list)

    def time_passes(self, moment: Moment) -> None:
        """Until the entry comes in."""
        was, at = moment.was, moment.entry.at
        if was and self.at and STAGES[was.stage].open:
            self._add(was.stage, waits_for(was), seconds(self.at, at))
        self.at = at

    def _add(self, stage: Stage, whom: WaitingFor, long: int) -> None:
        name = f"{stage} {whom}"
        self.waited[whom] = self.waited.get(whom, 0) + long
        self.spent[name] = self.spent.get(name, 0) + long

    def take_in(self, moment: Moment, given: list[Line]) -> None:
        """The entry and its lines are known."""
        was, now, event, entered = moment.was, moment.now, moment.event, moment.entry.enters
        self.extended |= isinstance(event, events.DeadlineExtended)
        if isinstance(event, events.InformationRequested) and _is_late_to_ask(moment):
            self.asked_late.add(event.request_id)
        if isinstance(event, events.DeadlineMoved) and event.clock.name == STAGE_CLOCK and now.stage_clock:
            self.promised_at = _promised(now.stage_clock, now.begun_at, moment.policy)
        for line in given:
            if isinstance(line, lines.Closed):
                self.closed = self.closures[line.number] = line
            self.reopened += isinstance(line, lines.Reopened)
            if isinstance(line, lines.Repeated) and line.closed_day and self.closed:
                self.followed = self.closed.number
        if was and was.stage == Stage.PLANNING and entered:
            self.planner = _holder_of_planning(moment, was)
        if was and was.closed_at and isinstance(event, events.ComplaintReopened | events.ReviewRequested):
            self.spent, self.planner, self.extended = {}, None, False
            self.first_round, self.breaches = now.round, len(now.breaches)
            self.in_rates = self.in_rates if was.outcome is Outcome.MERGED else []
        self.in_rates += [line for line in given if line.for_day is None and _is_in_rates(line)]
        if isinstance(event, events.ComplaintMerged):
            self.stood = self.waited, self.promised_at
        if entered:
            self.waited, self.promised_at = {}, entered.clock.due_at if entered.clock else None
        if isinstance(event, events.MergerUndone) and was and was.closed_at:
            self.waited, self.promised_at = self.stood
            whom: WaitingFor = "consumer" if now.stage == Stage.AWAITING_CONSUMER else "handler"
            self._add(now.stage, whom, seconds(was.closed_at, moment.entry.at))


# ---- what an entry gives ---------------------------------------------------------------------------------------------


def _given(moment: Moment) -> Iterator[Line]:
    """The lines of an entry, and what a merger makes of them and of those before it."""
    given = [*_of_itself(moment)]
    yield from given
    if moment.was:
        yield from _taken_back_or_given_again(moment, moment.was, given)


def _of_itself(moment: Moment) -> Iterator[Line]:
    was, event = moment.was, moment.event
    if was is None:
        yield lines.Received(**moment.base, **_about(moment.now))
        return
    if moment.entry.enters:
        yield from _stage_left(moment, was)
    yield from _ended_beside(moment, was)
    match event:
        case events.PlanAccepted() | events.PlanObjectedTo() | events.ReviewRequested() | events.ComplaintLapsed():
            yield _answered(moment, was)
        case events.OrderChecked(facts=facts) if facts:
            seller = None if was.seller else _named(facts.seller)
            received_day = day_of(was.received_at, moment.policy)
            carrier = _named(facts.carrier)
            yield lines.Checked(**moment.base, carrier=carrier, seller=seller, received_day=received_day)
        case events.RelatedFound():
            yield from _repeated(moment, was, event)
        case events.DangerFound() | events.DangerTriaged() if event.raises and event.tier != NO_TIER:
            yield lines.Danger(**moment.base, tier=event.tier, product=_named(was.product_id))
        case events.ConsumerCalled() if not event.of:
            yield _called(moment, was, event)
        case events.ConsumerUnreachable() | events.ConsumerReached():
            yield lines.NoticeLost(**moment.base, arrived=isinstance(event, events.ConsumerReached))
        case events.DeadlineMissed():
            yield _missed(moment)
        case hearings.HearingDecided():
            yield _heard(moment, event)
        case it if type(it) in SURVEYED:
            yield _surveyed(moment, SURVEYED[type(it)])
    if moment.entry.enters:
        yield from _closed_or_open_again(moment, was)


def _is_in_rates(line: Line) -> bool:
    if isinstance(line, lines.Span):
        return not line.merged
    if isinstance(line, lines.Missed):
        return line.ladder in KEPT and not line.merged
    if isinstance(line, lines.Repeated):
        return line.closed_day is None
    return isinstance(line, lines.Received | lines.Checked | lines.Answered)


def _taken_back_or_given_again(moment: Moment, was: Complaint, given: Iterable[Line]) -> Iterator[Line]:
    """Merged ones are in no rate, for as long as they are merged: what comes meanwhile is taken back as it comes."""
    merged, before = moment.now.outcome is Outcome.MERGED, was.outcome is Outcome.MERGED
    if not merged and not before:
        return
    made = {"seq": moment.entry.seq, "day": day_of(moment.entry.at, moment.policy), "sign": -1 if merged else 1}
    for line in filter(_is_in_rates, given) if merged and before else moment.so_far.in_rates:
        yield line.model_copy(update=made | {"for_day": line.day, "nth": 0})


def _numbered(given: Iterable[Line]) -> list[Line]:
    """Of several lines of one kind each has its number."""
    often: dict[str, int] = {}
    numbered: list[Line] = []
    for line in given:
        nth = often.get(line.kind, 0)
        often[line.kind] = nth + 1
        numbered.append(line.model_copy(update={"nth": nth}) if nth else line)
    return numbered


def _stage_left(moment: Moment, was: Complaint) -> Iterator[Line]:
    clock, now, so_far = was.stage_clock, moment.now, moment.so_far
    if clock is None:
        return
    still = ((clock.waiting_since, moment.entry.at),) if clock.waiting_since else ()
    again = _counted_anew(moment, clock)
    reported = now.investigation_report if isinstance(moment.event, events.InvestigationReported) else None
    yield lines.StageLeft(
        **_span(moment, was.entered_at, _due(moment, clock), _holder(was), (*clock.waits, *still)),
        **_goods(was),
        stage=was.stage,
        round=was.round,
        into=now.stage,
        outcome=now.outcome,
        promised_at=_promised(clock, again.begun_at, moment.policy) if again else so_far.promised_at,
        extended_by=clock.extended_by,
        waited={whom: long for whom, long in sorted(so_far.waited.items()) if long and whom != "handler"},
        category=was.category,
        **_found(reported),
    )


def _ended_beside(moment: Moment, was: Complaint) -> Iterator[Line]:
    """What ran beside the stage, or made it wait, and does no more."""
    now, event = moment.now, moment.event
    for inquiry, then in zip(was.inquiries, now.inquiries, strict=False):
        if inquiry.status == "open" != then.status:
            clock = was.clock(named("inquiry", inquiry.inquiry_id))
            due_at = _due(moment, clock) if clock else inquiry.due_at
            span = _span(moment, inquiry.asked_at, due_at, inquiry.department)
            yield lines.InquiryEnded(**span, department=inquiry.department, ended=then.status)
    for request, then_ in zip(was.information_requests, now.information_requests, strict=False):
        if request.status == "open" != then_.status:
            yield lines.WaitEnded(
                **_span(moment, request.asked_at, request.answer_by, _holder(was)),
                waits_for="answer",
                stage=was.stage,
                ended=then_.status,
                asked_late=request.request_id in moment.so_far.asked_late,
            )
    words = was.words_clock
    if words and not now.words_clock:
        read = isinstance(event, events.InformationRead)
        span = _span(moment, words.since, _due(moment, words), _holder(was))
        yield lines.WaitEnded(**span, waits_for="reading", stage=was.stage, ended="answered" if read else "dispensed")
    for clock in was.clocks:
        if not clock.ends_with_stage and clock.ladder not in HEARINGS and now.clock(clock.name) is None:
            span = _span(moment, clock.since, _due(moment, clock), clock.held_by or _holder(was))
            yield lines.TaskEnded(**span, ladder=clock.ladder, ended="done" if _is_done(clock, event) else "stopped")


def _is_done(clock: parts.RunningClock, event: Event) -> bool:
    """Whether what happened is what was to be done; else nobody has to do it any more."""
    match event:
        case events.SafetyAssessed():  # authorities that need not be told after all are no work that was done
            return clock.ladder in safety.OF_PRODUCTS
        case events.DangerTriaged():  # who has looked into it leaves it where it was, or lowers it
            return not event.raises and clock.ladder in ("safety_look", "safety_skin", "safety_privacy")
        case _:  # an answer that is changed, and is low no more, need not be looked into
            return not isinstance(event, events.DangerFound | events.SurveyAnswered)


def _answered(moment: Moment, was: Complaint) -> Line:
    actor = moment.entry.actor
    answers: dict[type[Event], str] = {
        events.PlanAccepted: "accepted",
        events.PlanObjectedTo: "objected",
        events.ReviewRequested: "review",
        events.ComplaintLapsed: "lapsed",
    }
    recorded_by = actor.id if actor.kind == "staff" else None
    answer = answers[type(moment.event)]
    plan = was.resolution_plans[-1].plan if was.resolution_plans else None
    return lines.Answered(
        **moment.base,
        answer=answer,
        round=was.round,
        recorded_by=recorded_by,
        after_closure=was.closed_at is not None,
        category=was.category,
        planner=moment.so_far.planner,
        rejects=plan is not None and plan.rejects_request,
        tier=_tier(was),
    )


def _repeated(moment: Moment, was: Complaint, event: events.RelatedFound) -> Iterator[Line]:
    what: dict[str, Any] = {
        "category": was.category,
        "product": _named(was.product_id),
        "seller": _named(was.sold_by),
    }
    if new := tuple(way for way in event.repeats if way not in was.repeats):
        yield lines.Repeated(**moment.base, **what, by=new, known=was.repeats)
    elif event.related and was.stage == Stage.CLOSED and was.outcome is not Outcome.MERGED:
        closed = moment.so_far.closed
        if closed and not event.repeats and moment.so_far.followed < closed.number:
            yield lines.Repeated(**moment.base, **what, by=(), closed_day=closed.day)


def _called(moment: Moment, was: Complaint, event: events.ConsumerCalled) -> Line:
    danger = was.safety if event.call.about == "safety" and event.call.reached else None
    first = danger is not None and danger.tier != NO_TIER and danger.called_at is None
    return lines.Called(
        **moment.base,
        about=event.call.about,
        reached=event.call.reached,
        tier=danger.tier if danger and first else None,
        after=seconds(danger.since, moment.entry.at) if danger and first else None,
    )


def _surveyed(moment: Moment, what: str) -> Line:
    """Of its own closure, by what was known as that closed, but for breaches that turned out to be none: a low answer
    may be looked into when the complaint has been reopened and closed again, by somebody else."""
    so_far, event = moment.so_far, moment.event
    closed = so_far.closures.get(event.closure) if isinstance(event, events.OfSurvey) else so_far.closed
    assert closed is not None  # noqa: S101 — nobody is asked how it was before that
    answer = event.answer if isinstance(event, events.SurveyAnswered) else None
    said = answer.model_dump(include={*submissions.ASKED}) if answer else {}
    return lines.Surveyed(
        **moment.base,
        what=what,
        closed_day=closed.day,
        closure=closed.number,
        outcome=closed.outcome,
        later_round=closed.round > 1,
        breached=closed.breaches > 0,
        category=closed.category,
        planner=closed.planner,
        rejects=closed.rejects,
        tier=closed.tier,
        by_phone=answer is not None and moment.entry.actor.kind == "staff",
        first=event.first if isinstance(event, events.SurveyAnswered) else True,
        fault=event.review.fault if isinstance(event, events.SurveyReviewed) else None,
        **said,
    )


def _missed(moment: Moment) -> Line:
    number = len(moment.now.breaches)
    breach = moment.last.breaches[number - 1]
    return lines.Missed(
        **moment.base,
        ladder=breach.counted.ladder,
        stage=breach.stage,
        due_at=breach.due_at,
        held_by=breach.held_by,
        void=breach.void,
        merged=moment.now.outcome is Outcome.MERGED,
        number=number,
    )


def _heard(moment: Moment, event: hearings.HearingDecided) -> Line:
    breach = moment.now.breaches[event.number - 1]
    hearing = hearings.of(moment.now.hearings, event.number)
    department = breach.counted.held_by or STAGES[breach.stage].responsible
    decided = {"measure": event.measure, "final": event.final, "hints": hearing.hints if hearing else ()}
    return lines.Heard(**moment.base, number=event.number, department=department, **decided)


def _closed_or_open_again(moment: Moment, was: Complaint) -> Iterator[Line]:
    now, closed = moment.now, moment.so_far.closed
    if now.stage == Stage.CLOSED != was.stage:
        yield _closed(moment, was)
    elif was.stage == Stage.CLOSED != now.stage and closed:
        if was.survey and was.survey.state in ("open", "answered"):
            yield _surveyed(moment, "voided")
        yield lines.Reopened(
            **moment.base,
            closed_day=closed.day,
            after=closed.outcome,
            round=closed.round,
            with_plan=closed.with_plan,
            category=closed.category,
            days=(moment.entry.at - closed.at).days,
            into=now.stage,
            by="consumer" if moment.entry.actor.kind == "consumer" else "staff",
            could_reopen=closed.could_reopen,
            planner=closed.planner,
            rejects=closed.rejects,
            tier=closed.tier,
        )


def _closed(moment: Moment, was: Complaint) -> Line:
    now, so_far, policy = moment.now, moment.so_far, moment.policy
    proposed = [one for one in now.resolution_plans if one.round >= so_far.first_round]
    plan = proposed[-1].plan if proposed else None
    standing = [one for one in moment.last.breaches[so_far.breaches : len(now.breaches)] if not one.void]
    asked = now.amount_disputed
    planner = _holder_of_planning(moment, was) if was.stage == Stage.PLANNING else so_far.planner
    return lines.Closed(
        **moment.base,
        **_about(now),
        number=so_far.closed.number + 1 if so_far.closed else 1,
        outcome=now.outcome,
        round=now.round,
        received_at=now.received_at,
        begun_at=now.begun_at,
        working_days=_working_days(now.begun_at, moment.entry.at, policy),
        carrier=_carrier(now),
        **_found(now.investigation_report),
        asked=now.requested_remedy,
        asked_amount={asked.currency: asked.value} if asked else {},
        with_plan=plan is not None,
        rejects=plan is not None and plan.rejects_request,
        grants=plan and plan.grants,
        methods=tuple(dict.fromkeys(method.kind for method in plan.methods)) if plan else (),
        amounts=_amounts(plan),
        planner=planner,
        accepted_by=_accepted_by(moment),
        breaches=len(standing),
        extended=so_far.extended,
        reopened_before=so_far.reopened,
        tier=_tier(now),
        spent={name: long for name, long in sorted(so_far.spent.items()) if long},
        could_reopen=now.outcome is not Outcome.MERGED and now.reopened < policy.reopenings,
    )


# ---- pieces ----------------------------------------------------------------------------------------------------------


def waits_for(complaint: Complaint) -> WaitingFor:
    """Whom an open complaint waits for: of several departments for the one that was asked first, legal before all."""
    if complaint.stage == Stage.AWAITING_CONSUMER:
        return "handler" if complaint.words_clock else "consumer"
    if complaint.open_request:
        return "consumer"
    asked = [one.department for one in complaint.open_inquiries]
    if "legal" in asked or _is_legal_to_read(complaint):
        return "legal"
    return asked[0] if asked else "handler"


def _is_legal_to_read(complaint: Complaint) -> bool:
    """Whether there is a draft without which nothing goes on, and legal has said nothing of it (5.4)."""
    draft, reviews = complaint.plan_draft, complaint.legal_reviews
    read = draft is not None and bool(reviews) and reviews[-1].review.draft == draft.number
    return complaint.legal_issue and draft is not None and not read


def day_of(moment: datetime, policy: Policy) -> date:
    return moment.astimezone(policy.zone).date()


def seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


def _span(
    moment: Moment,
    begun_at: datetime,
    due_at: datetime | None,
    held_by: str,
    waits: Iterable[tuple[datetime, datetime]] = (),
) -> dict[str, Any]:
    at, policy = moment.entry.at, moment.policy
    still = (policy.working_time(max(since, begun_at), min(until, at)) for since, until in waits)
    working = policy.working_time(begun_at, at) - sum(still, timedelta())
    return moment.base | {
        "begun_at": begun_at,
        "due_at": due_at,
        "elapsed": seconds(begun_at, at),
        "working": max(0, int(working.total_seconds())),
        "held_by": str(held_by),
        "merged": moment.now.outcome is Outcome.MERGED,
    }


def _counted_anew(moment: Moment, clock: parts.RunningClock) -> parts.Breach | None:
    """The breach of what a clock ran for that has turned out to be none; None if there is none, or one stands."""
    missed = [one for one in moment.last.breaches if one.promise == clock.promise]
    return missed[-1] if missed and all(one.void for one in missed) else None


def _due(moment: Moment, clock: parts.RunningClock) -> datetime:
    """When it was due as people knew; what was no breach by the corrected calendar, as that has it."""
    breach = _counted_anew(moment, clock)
    return due_of_breach(breach, moment.last, moment.policy).at if breach else clock.due_at


def _promised(clock: parts.RunningClock, begun_at: datetime, policy: Policy) -> datetime | None:
    due = policy.due(clock.ladder, begun_at, clock.since)
    return due and due.at


def _holder(complaint: Complaint) -> str:
    return complaint.assignee or complaint.department


def _holder_of_planning(moment: Moment, was: Complaint) -> str | None:
    """Who has it, or where nobody had, whoever sent the plan."""
    return was.assignee or (moment.entry.actor.id if isinstance(moment.event, events.PlanProposed) else None)


def _is_late_to_ask(moment: Moment) -> bool:
    clock = moment.was.stage_clock if moment.was else None
    at, policy = moment.entry.at, moment.policy
    return clock is not None and at < clock.due_at and policy.working_time(at, clock.due_at) <= LAST_HOURS


def _accepted_by(moment: Moment) -> str | None:
    actor: Actor = moment.entry.actor
    if not isinstance(moment.event, events.PlanAccepted):
        return None
    return actor.id if actor.kind == "staff" else "consumer"


def _working_days(since: datetime, until: datetime, policy: Policy) -> int:
    first, last = day_of(since, policy), day_of(until, policy)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(map(policy.calendar.is_working_day, days))


def _amounts(plan: Any) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for amount in (method.amount for method in plan.methods if method.amount) if plan else ():
        sums[amount.currency] = sums.get(amount.currency, Decimal()) + amount.value
    return sums


def _tier(complaint: Complaint) -> Tier | None:
    return complaint.safety.tier if complaint.safety and complaint.safety.tier != NO_TIER else None


def _found(report: Any) -> dict[str, Any]:
    if report is None:
        return {}
    return {"verdict": report.verdict, "cause": report.cause_code, "party": report.responsible_party}


def _named(text: str | None) -> str | None:
    """What the shop calls something; None once that was erased."""
    return None if text == ERASED else text


def _carrier(complaint: Complaint) -> str | None:
    facts = complaint.order_check and complaint.order_check.facts
    return _named(facts.carrier) if facts else None


def _goods(complaint: Complaint) -> dict[str, str | None]:
    return {
        "product": _named(complaint.product_id),
        "seller": _named(complaint.sold_by),
        "carrier": _carrier(complaint),
    }


def _about(complaint: Complaint) -> dict[str, Any]:
    filed_by = complaint.filed_by
    return {
        "category": complaint.category,
        "channel": complaint.channel,
        "locale": complaint.locale,
        "storefront": filed_by.id if filed_by.kind == "storefront" else None,
        "seller": _named(complaint.sold_by),
        "product": _named(complaint.product_id),
        "policy_version": complaint.policy_version,
    }
