"""What is dangerous: how it is found in what the consumer says, and who has to do what about it by when.

A danger has a tier. The machine only ever raises it, and by the same words once: whoever lowers it by hand has the last
word about them. What is to be done about it are tasks, each with its own clock, whatever stage the complaint is in.
"""

from collections.abc import Mapping
from typing import NamedTuple, get_args

from chalicelib.domain.complaint import clocks, events, parts, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.guards import Attempt
from chalicelib.domain.complaint.sayings import said
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import HOUSE, Role
from chalicelib.domain.policy.triage import TIERS, Found
from chalicelib.domain.vocabulary import ladders
from chalicelib.domain.vocabulary.terms import GRAVE, NO_TIER, Authority, Harm, Tier

RANK: Mapping[str, int] = {tier: place for place, tier in enumerate((NO_TIER, *reversed(TIERS)))}
"""How urgent a tier is; none is least."""
TASKS: Mapping[Tier, Mapping[ladders.Safety, Role]] = {
    "act": {"safety_call": Role.CUSTOMER_SERVICE, "safety_assessment": Role.QUALITY},
    "look": {"safety_look": Role.QUALITY},
    "skin": {"safety_skin": Role.QUALITY},
    "privacy": {"safety_privacy": Role.CUSTOMER_SERVICE},
}
"""What a danger asks for, and of whom."""
OF_PRODUCTS = frozenset(task for tier, tasks in TASKS.items() if tier != "privacy" for task in tasks)
"""The tasks about the product itself: that of personal data in wrong hands goes on beside them."""
ABOUT_PRIVACY = frozenset(TASKS["privacy"])
CALLS = {"safety_call"} | ABOUT_PRIVACY
"""The tasks that a call does."""


class Report(NamedTuple):
    """Which clock an authority's report has, by what has happened to people."""

    usual: ladders.Safety
    serious: ladders.Safety
    death: ladders.Safety

    def after(self, harmed: Harm) -> ladders.Safety:
        return {"serious": self.serious, "death": self.death}.get(harmed, self.usual)


HARMS: tuple[Harm, ...] = get_args(Harm)
"""The least first."""
AT_ONCE: ladders.Safety = "safety_report_at_once"
MARKET: ladders.Safety = "safety_report_market"
REPORTS: Mapping[Authority, Report] = {
    "market_regulator": Report(MARKET, MARKET, MARKET),
    "cosmetics": Report("safety_report_cosmetics", "safety_report_cosmetics_serious", "safety_report_cosmetics_death"),
    "food": Report(AT_ONCE, AT_ONCE, AT_ONCE),
    "consumer_law": Report(AT_ONCE, AT_ONCE, AT_ONCE),
}


def look_for(draft: Draft) -> None:
    """Words of danger in what the consumer has said just now. Those that are known say nothing new."""
    complaint, operating = draft.complaint, draft.policy.operating
    known = complaint.safety.words if complaint.safety else ()
    spoken = [words for entry in draft.entries if (words := said(entry))]
    found = dict.fromkeys(one for words in spoken for one in operating.dangers(words, complaint.product_name))
    new = [one for one in found if not any(_says_as_much(before, one) for before in known)]
    for tier in TIERS:
        if in_tier := tuple(one.word for one in new if one.tier == tier):
            _find(draft, tier, in_tier, operating.version)


def _says_as_much(before: parts.KnownWord, one: Found) -> bool:
    """The same word, in that tier or a higher one: 爆炸 may be a word to look at first, and one of harm by what stands
    around it later. Those of personal data are another matter than those of the product."""
    same_matter = (before.tier == "privacy") == (one.tier == "privacy")
    return before.word == one.word and same_matter and RANK[before.tier] >= RANK[one.tier]


def _find(draft: Draft, tier: Tier, words: tuple[str, ...], operating: int) -> None:
    """New words in the tier that it is in ask for what was done about those before once more: what was said in a call
    is not about them."""
    present = tier_of(draft.complaint)
    raises = RANK[tier] > RANK[present]
    stops = draft.complaint.numbers(OF_PRODUCTS) if raises and tier != "privacy" else ()
    draft.add(events.DangerFound(tier=tier, raises=raises, words=words, operating=operating, stops=stops), HOUSE)
    if raises or tier in (present, "privacy"):
        _ask_for(draft, tier)


def triage(draft: Draft, attempt: Attempt) -> None:
    """Raised or lowered by hand. What is left where it was, somebody has looked into by that."""
    it: submissions.Triage = attempt.submission
    before = tier_of(draft.complaint)
    raises = RANK[it.tier] > RANK[before]
    over = {"none": OF_PRODUCTS | ABOUT_PRIVACY, "privacy": OF_PRODUCTS if before != "privacy" else ABOUT_PRIVACY}
    stops = draft.complaint.numbers(over.get(it.tier, OF_PRODUCTS))
    draft.add(events.DangerTriaged(triage=it, raises=raises, stops=stops), attempt.actor)
    if it.tier not in (NO_TIER, before):
        _ask_for(draft, it.tier)


def assess(draft: Draft, attempt: Attempt) -> None:
    """Quality's word: who was harmed, and which authorities are to be told, each by its own clock."""
    it: submissions.SafetyAssessment = attempt.submission
    before = draft.complaint.safety
    due = {authority: REPORTS[authority].after(it.harmed) for authority in it.reported_to}
    running = {clock.name: clock.number for clock in draft.complaint.clocks}
    wanted = {clocks.named(ladder, authority): ladder for authority, ladder in due.items()}
    over = {name for name in running if name.startswith("safety_report_") and name not in wanted}
    stops = (*draft.complaint.numbers(OF_PRODUCTS - {"safety_call"}), *(running[name] for name in over))
    draft.add(events.SafetyAssessed(assessment=it, stops=tuple(stops)), attempt.actor)
    for (name, ladder), authority in zip(wanted.items(), due, strict=True):
        if name not in running and not _is_told_so(before, authority, it.harmed):
            _begin(draft, ladder, Role.QUALITY, name)
    if it.harmed in GRAVE and tier_of(draft.complaint) != "act":
        _raise_as_assessed(draft, attempt)


def _raise_as_assessed(draft: Draft, attempt: Attempt) -> None:
    """Harm has happened, whatever was thought before: quality has raised it by that, and the consumer is called."""
    it: submissions.SafetyAssessment = attempt.submission
    raised = submissions.Triage(tier="act", reason=it.note[:2000])
    draft.add(events.DangerTriaged(triage=raised, raises=True), attempt.actor)
    if not draft.complaint.clock("safety_call"):
        _begin(draft, "safety_call", Role.CUSTOMER_SERVICE, "safety_call")


def _is_told_so(before: parts.Safety | None, authority: Authority, harmed: Harm) -> bool:
    """Whether an authority has been told; of what has turned out worse since, by another clock, it has not."""
    if before is None or authority not in {one.report.authority for one in before.reports}:
        return False
    known = before.assessed.assessment.harmed if before.assessed else "none"
    worse = HARMS.index(harmed) > HARMS.index(known)
    return not (worse and REPORTS[authority].after(harmed) != REPORTS[authority].after(known))


def report(draft: Draft, attempt: Attempt) -> None:
    """An authority has been told."""
    it: submissions.AuthorityReport = attempt.submission
    names = {clocks.named(ladder, it.authority) for ladder in REPORTS[it.authority]}
    draft.add(events.AuthorityTold(report=it, stops=draft.complaint.numbers(names)), attempt.actor)


def call(draft: Draft, attempt: Attempt) -> None:
    """A call about safety that reached the consumer is what was to be done; one that did not is on record."""
    it: submissions.MadeCall = attempt.submission
    done = it.about == "safety" and it.reached
    stops = draft.complaint.numbers(CALLS) if done else ()
    draft.add(events.ConsumerCalled(call=it, stops=stops), attempt.actor)


def is_reached_by(entry: Entry, merged: Complaint) -> list[events.ConsumerCalled]:
    """What a call about safety to the same consumer, which is recorded where a complaint is handled, ends in that one:
    whatever was to be done when they were called."""
    calls = [one for one in merged.clocks if one.name in CALLS and one.since <= entry.at]
    event = entry.event
    if not calls or merged.merged_into != entry.record or not isinstance(event, events.ConsumerCalled):
        return []
    stops = tuple(clock.number for clock in calls)
    return [events.ConsumerCalled(call=event.call, of=entry.record, stops=stops)]


def take_measure(draft: Draft, attempt: Attempt) -> None:
    in_danger = tier_of(draft.complaint) == "act"
    draft.add(events.InterimMeasureTaken(measure=attempt.submission, in_danger=in_danger), attempt.actor)


def tier_of(complaint: Complaint) -> str:
    return complaint.safety.tier if complaint.safety else NO_TIER


def goes_along(merged: Complaint, other: Complaint) -> list[events.DangerFound]:
    """A danger is known in what a complaint is merged into. What is to be done about it stays with the merged one."""
    tier = merged.safety.tier if merged.safety else NO_TIER
    if tier == NO_TIER or RANK[tier] <= RANK[tier_of(other)]:
        return []
    return [events.DangerFound(tier=tier, raises=True, of=merged.complaint_id)]


def _ask_for(draft: Draft, tier: Tier) -> None:
    for task, department in TASKS[tier].items():
        if not draft.complaint.clock(task):
            _begin(draft, task, department, task)


def _begin(draft: Draft, task: ladders.Safety, department: Role, name: str) -> None:
    clock = clocks.safety_clock(draft.complaint, task, name, department, draft.now, draft.policy)
    draft.add(events.SafetyTaskBegun(task=task, department=department, clock=clock), HOUSE)
