"""What the policy promises, by clause: a list of sentences, each a name with its figures, and of no language.

It is made of the data that the house goes by, so that a figure which changes there changes here. A figure that no
version of the policy names (how many files, how large) is the constant that is enforced.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, get_args

from chalicelib.domain.complaint import files, links, submissions
from chalicelib.domain.policy.rules import Rung
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import DECISION_REVIEW, INFORMATION, INQUIRY, WORDS
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Category
from chalicelib.settings import settings

from .tongue import Part, Tongue

COUNTING = "counting"
"""The chapter on how times are counted, which the clauses presuppose."""
OURS = (Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING)
"""The stages in which the house is to do something."""


class Said(NamedTuple):
    """A sentence of a clause, by name, with its figures, and the items of the list that it begins."""

    clause: str
    name: str
    figures: Mapping[str, str | Part] = {}
    items: tuple[Part, ...] = ()


def said(tongue: Tongue, now: datetime) -> Iterator[Said]:
    """All of them, in the order of the clauses."""
    yield from _of_rights(tongue)
    yield from _of_handling(tongue)
    yield from _of_the_house(tongue)
    yield from _counted(tongue, now)


def _of_rights(tongue: Tongue) -> Iterator[Said]:
    """Clauses 1 to 3: what it rests on, whom and what it covers, what consumers can rely on."""
    in_force, clocks = tongue.policy, tongue.policy.clocks
    yield Said("1.1", "published")
    if in_force.legal_basis:
        yield Said("1.1", "basis", {"laws": tongue.laws(in_force.legal_basis)})
    yield Said("2.1", "everybody")
    yield Said("2.2", "categories", items=tuple(map(tongue.route, get_args(Category))))
    yield Said("3.1", "once")
    yield Said("3.1", "link", {"days": tongue.days(links.kept_days(in_force))})
    yield Said("3.2", "responsible")
    if told := tongue.listed(_told_of_what_is_late(tongue)):
        yield Said("3.2", "late", {"told": told})
    longest = tongue.period(submissions.LONGEST_EXTENSION, "working_days")
    yield Said("3.2", "extension", {"most": longest})
    yield Said("3.3", "reasons")
    review = {"days": tongue.days(in_force.review_days), "within": tongue.length(clocks[DECISION_REVIEW])}
    yield Said("3.3", "review", review)
    yield Said("3.3", "routes", {"recourse": spoken.RECOURSE[tongue.locale]}, tongue.routes)
    yield Said("3.4", "analysed")


def _of_handling(tongue: Tongue) -> Iterator[Said]:
    """Clause 4: from filing to closure, each step with its time."""
    in_force, house, clocks = tongue.policy, settings(), tongue.policy.clocks
    yield Said("4.1a", "channels")
    if phone := house.service_phone:
        yield Said("4.1a", "phone", {"phone": phone})
    yield Said("4.1b", "needed")
    most = {"files": str(files.MOST_FILES), "size": str(submissions.LARGEST_FILE // 2**20)}
    yield Said("4.1b", "files", {**most, "days": spoken.long_period(house.evidence_days, tongue.locale)})
    yield Said("4.1c", "acknowledged", tongue.term(clocks, Stage.RECEIVED))
    waking = in_force.waking_hours
    yield Said("4.1c", "night", {"begin": tongue.clock(waking.begin), "end": tongue.clock(waking.end)})
    caps = in_force.operating.notices_a_day
    yield Said("4.1c", "caps", {"email": str(caps.email), "sms": str(caps.sms)})
    yield Said("4.2a", "at_once")
    if clocks[Stage.INVESTIGATING].starts == "receipt":
        yield Said("4.2a", "no_time_bought")
    yield Said("4.2b", "verified")
    yield Said("4.2b", "inquiry", {"within": tongue.length(clocks[INQUIRY])})
    yield Said("4.2c", "finished", tongue.term(clocks, Stage.INVESTIGATING))
    yield Said("4.2c", "question", {"most": tongue.period(in_force.longest_wait_working_days, "working_days")})
    yield from _reminded("4.2c", in_force.ladders[INFORMATION], tongue)
    yield Said("4.3a", "plan")
    yield Said("4.3a", "measures")
    yield Said("4.3b", "sent", tongue.term(clocks, Stage.PLANNING))
    yield Said("4.4a", "answer", tongue.term(clocks, Stage.AWAITING_CONSUMER))
    waited = in_force.ladders[Stage.AWAITING_CONSUMER]
    yield from _reminded("4.4a", waited, tongue)
    if any(rung.kind == "lapse" for rung in waited):
        yield Said("4.4a", "silence")
    yield Said("4.4a", "words", {"within": tongue.length(clocks[WORDS])})
    adjusted = tongue.term(clocks, Stage.PLANNING, after="objection")
    yield Said("4.4b", "objection", adjusted)
    yield Said("4.5a", "closed")
    if in_force.reopening_days and in_force.reopenings:
        times = {"days": tongue.days(in_force.reopening_days), "times": str(in_force.reopenings)}
        yield Said("4.5a", "reopening", times)
    yield Said("4.5a", "withdrawal")
    yield Said("4.5a", "merger")
    yield Said("4.5b", "recorded")


def _of_the_house(tongue: Tongue) -> Iterator[Said]:
    """Clauses 5 and 6: who does what, and how the house looks after its own work."""
    in_force, clocks = tongue.policy, tongue.policy.clocks
    yield Said("5.1", "customer_service")
    yield Said("5.2", "quality")
    danger = {name: tongue.length(clocks[f"safety_{name}"]) for name in ("call", "assessment", "privacy")}
    yield Said("5.2", "danger", danger)
    yield Said("5.3", "logistics")
    yield Said("5.4", "legal")
    if in_force.legal_categories:
        categories = (tongue.within(spoken.CATEGORIES[one][tongue.locale]) for one in in_force.legal_categories)
        yield Said("5.4", "categories", {"categories": tongue.listed(categories)})
    yield Said("6.1", "analysed")
    survey = in_force.survey
    asked = {"after": survey.after_days, "once": survey.once_in_days, "until": survey.expires_after_days}
    yield Said("6.2", "surveyed", {name: tongue.days(days) for name, days in asked.items()})
    yield Said("6.3", "audited")
    yield from _of_the_policy_itself(tongue)


def _of_the_policy_itself(tongue: Tongue) -> Iterator[Said]:
    """Clauses 7 and 8: from when on it holds, how it is amended and looked over, who studies it and answers for it."""
    version, amendments, study = tongue.policy, tongue.policy.amendments, tongue.policy.study
    interpreter = tongue.party(version.interpreter)
    yield Said("7.1", "in_force", {"version": str(version.version), "since": tongue.since(version.effective_from)})
    yield Said("7.1", "interpreted", {"interpreter": interpreter, "contact": settings().contact})
    yield Said("7.2", "revised", {"within": tongue.period(amendments.review_months, "months")})
    yield Said("8.1", "approved")
    ahead = {"notice": tongue.days(amendments.notice_days), "major": tongue.days(amendments.major_notice_days)}
    yield Said("8.1", "announced", ahead)
    yield Said("8.1", "opinions", {"within": tongue.period(amendments.answer_working_days, "working_days")})
    yield Said("8.1", "kept")
    yield Said("8.1", "pinned")
    yield Said("8.2", "studied")
    within, share = tongue.period(study.due_working_days, "working_days"), f"{study.pass_percent}%"
    yield Said("8.2", "tested", {"within": within, "share": share})
    if study.unstudied_get_none:
        yield Said("8.2", "unstudied")
    yield Said("8.3", "answered_for")


def _counted(tongue: Tongue, now: datetime) -> Iterator[Said]:
    """How times are counted: the civil code's way, by the working days as they are known."""
    in_force = tongue.policy
    today = now.astimezone(in_force.zone).date()
    calendar, days = in_force.calendar, in_force.operating
    yield Said(COUNTING, "hours")
    yield Said(COUNTING, "days")
    if close := in_force.close_of_business:
        yield Said(COUNTING, "until_close", {"close": tongue.clock(close), "zone": tongue.zone})
    else:
        yield Said(COUNTING, "until_midnight", {"zone": tongue.zone})
    yield Said(COUNTING, "working_days")
    if worked := tongue.dates({*calendar.worked, *days.extra_working_days}, today):
        yield Said(COUNTING, "made_up", items=worked)
    if off := tongue.dates(days.extra_holidays, today):
        yield Said(COUNTING, "extra_days_off", items=off)
    yield Said(COUNTING, "not_known", {"year": str(calendar.last_year)})


def _told_of_what_is_late(tongue: Tongue) -> Iterator[str]:
    """Whoever hears of it when the house is late, each once."""
    rungs = (rung for stage in OURS for rung in tongue.policy.ladders[stage] if rung.kind in ("breach", "escalation"))
    yield from dict.fromkeys(tongue.party(one) for rung in rungs for one in rung.tell if one != "asked")


def _reminded(clause: str, ladder: Iterable[Rung], tongue: Tongue) -> Iterator[Said]:
    """When the consumer is reminded to answer, if at all."""
    if nudges := [rung for rung in ladder if rung.kind == "nudge"]:
        yield Said(clause, "reminded", {"moments": tongue.listed(map(tongue.moment, nudges))})
