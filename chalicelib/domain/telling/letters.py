"""What the words of a notice are about: the values that its template is filled with, in the reader's language.

No notice says what a consumer has typed, their name, the order's number and the product's included: nobody has
confirmed the address, and a name can hold a link. The page shows it. To the consumer goes what staff wrote and the shop
verified; notices to staff say nothing that anybody has written: they go to topics, which many read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.complaint import events, hearings, submissions
from chalicelib.domain.complaint.clocks import review_until
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import (
    HEARING_DECIDED,
    HEARING_LATE,
    HEARING_OPENED,
    HEARING_REMINDER,
    HEARING_TO_DECIDE,
    NOTICES,
    SURVEY,
    SURVEY_REMINDER,
)
from chalicelib.domain.telling.outdated import stage_is_left
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import DECISION_REVIEW, SURVEY_REVIEW
from chalicelib.domain.vocabulary.stages import Stage, stage_name
from chalicelib.domain.vocabulary.terms import Locale, Outcome

Values = dict[str, Any]

ABOUT: Mapping[str, Mapping[Locale, str]] = {
    STAGE_CLOCK: {"zh-CN": "“{}”阶段", "zh-TW": "「{}」階段", "en": "the stage “{}”"},
    "inquiry": {"zh-CN": "{}的协查答复", "zh-TW": "{}的協助調查回覆", "en": "the answer of {}"},
    "words": {
        "zh-CN": "消费者留言的阅读和登记",
        "zh-TW": "消費者留言的閱讀與登記",
        "en": "the reading of what the consumer wrote",
    },
    "follow_up": {"zh-CN": "后续措施{}", "zh-TW": "後續措施{}", "en": "follow-up measure {}"},
    SURVEY_REVIEW: {
        "zh-CN": "满意度低分回访",
        "zh-TW": "滿意度低分回訪",
        "en": "the review of a low answer to the survey",
    },
    **spoken.SAFETY_TASKS,
}


class Letter(NamedTuple):
    """A notice about an event: the complaint as it is now, and the consumer's link, which carries a token.

    A text has the `page` instead, one address for all, and the `code` to be typed there; `texted`: times are said
    briefly. `ended`: the link opens the complaint no more. `operator` has the complaint, and `privacy_url` says what
    becomes of what it was told; only consumers are told that.
    """

    complaint: Complaint
    entry: Entry
    link: str
    policy: Policy
    locale: Locale
    operator: str = ""
    privacy_url: str = ""
    page: str = ""
    code: str = ""
    ended: bool = False
    texted: bool = False

    def said(self, moment: datetime) -> str:
        say = spoken.briefly if self.texted else spoken.spoken
        return say(moment, self.locale, self.policy.time_zone)

    @property
    def it(self) -> Any:
        return self.entry.event


def to_consumer(kind: str, letter: Letter) -> Values:
    """The values of a notice to the consumer."""
    own = CONSUMER[kind](letter) if kind in CONSUMER else {}
    return _common(letter) | {"tracking_url": letter.link, "page": letter.page, "code": letter.code} | own


def to_staff(kind: str, letter: Letter) -> Values:
    """The values of a notice to staff."""
    complaint, deadline = letter.complaint, letter.complaint.deadline
    due_at = deadline.due_at if deadline else None
    facts = {
        "category_name": spoken.CATEGORIES[complaint.category][letter.locale],
        "stage_name": stage_name(complaint.stage, complaint.outcome, letter.locale, to_staff=True),
        "stage_due_at": due_at and letter.said(due_at),
    }
    own = STAFF[kind](letter) if kind in STAFF else {}
    return _common(letter) | facts | {"due_at": _ahead(letter, due_at)} | own


def _ahead(letter: Letter, due_at: datetime | None) -> str | None:
    """By when something is asked for; nothing where that was over already: nobody can keep a time gone by."""
    return letter.said(due_at) if due_at and due_at > letter.entry.at else None


def _common(letter: Letter) -> Values:
    complaint = letter.complaint
    return {
        "complaint_id": complaint.complaint_id,
        "stage_name": stage_name(complaint.stage, complaint.outcome, letter.locale),
        "locale": letter.locale,
    }


def _due(letter: Letter) -> Values:
    """When the clock that the event set, or rang, runs out."""
    event = letter.entry.event
    if isinstance(event, AlarmRaised) and not isinstance(event, hearings.HearingEnded):
        return {"due_at": letter.said(event.alarm.due_at)}
    if isinstance(event, events.InformationRead | events.PlanProposed):  # whose clock may have been set anew since
        deadline = letter.complaint.deadline
        return {"due_at": deadline and letter.said(deadline.due_at)}
    clock, _ = letter.entry.sets_clock
    return {"due_at": clock and letter.said(clock.due_at)}


def _due_still(letter: Letter) -> Values:
    """The same, unless the stage that began then is left: nothing is to be done by it any more."""
    return {"due_at": None} if stage_is_left(letter.entry, letter.complaint) else _due(letter)


def _links_to_plan(letter: Letter, number: int) -> Values:
    """Each names the round of the plan: by an old letter nobody answers a plan that they have not read."""
    link = f"{letter.link}&round={number}"
    return {"tracking_url": link, "accept_url": f"{link}&answer=accept", "object_url": f"{link}&answer=object"}


def proposal(plan: submissions.ResolutionPlan, locale: Locale) -> Values:
    """A plan as letters and the page say it, whose consumer's ever it is to answer."""
    methods = [
        {
            "name": spoken.REMEDIES[method.kind][locale],
            "detail": method.detail,
            "amount": method.amount and spoken.money(method.amount.value, method.amount.currency, locale),
        }
        for method in plan.methods
    ]
    return {
        "summary": plan.summary,
        "methods": methods,
        "complete_within_days": plan.complete_within_days,
        "follow_up_measures": list(plan.follow_up_measures),
        "rejects_request": plan.rejects_request,
        "reasons": plan.reasons,
        "basis": [said for one in plan.basis for said in rests_on(one, locale)],
        "files": len(plan.evidence),
    }


def rests_on(one: submissions.Basis, locale: Locale) -> list[str]:
    """An article of a law, a clause of this policy, or both."""
    said = []
    if one.law:
        article = _placed(spoken.ARTICLE[locale], one.article) if one.article else ""
        said.append(spoken.law(one.law, locale, article))
    if one.clause:
        said.append(_placed(spoken.CLAUSE[locale], one.clause))
    return said


def _placed(form: str, place: str) -> str:
    """第二十四条 is 二十四, said as each language does; what goes on after it (第二十四条第二款) is said as it is."""
    bare = place.removeprefix("第").removesuffix("条").removesuffix("條")
    if "条" in bare or "條" in bare:
        return form.replace("第{place}条", "{place}").replace("第{place}條", "{place}").format(place=place)
    return form.format(place=bare if "第" in form else spoken.arabic(bare))


def _review(letter: Letter) -> Values:
    """Where, and until when, another person can be asked to decide, as of now; nothing where that is not possible."""
    complaint, policy = letter.complaint, letter.policy
    until = review_until(complaint, letter.entry.at, policy)
    return {
        "review_by": until and letter.said(until),
        "review_url": until and f"{letter.link}&round={complaint.round}&answer=review",
        "review_days": None if complaint.closed_at else policy.review_days,
        "review_takes": policy.clocks[DECISION_REVIEW].working_days,
    }


def _receipt(letter: Letter) -> Values:
    """With what has to be said where personal data are taken in (PIPL 17): by whom, what for, and where the rest is."""
    return {"operator": letter.operator, "privacy_url": letter.privacy_url or None, **_due(letter)}


def _acknowledgement(letter: Letter) -> Values:
    """When the investigation ends, and how long after it the plan is promised, if that is counted from its end."""
    planning = letter.policy.clocks[Stage.PLANNING]
    [(unit, length)] = planning.model_dump(exclude_none=True, exclude={"starts"}).items()
    within = spoken.period(length, unit, letter.locale) if planning.starts == "entry" else None
    return {"message": letter.it.acknowledgement.message, "plan_within": within, **_due(letter)}


def _plan(letter: Letter) -> Values:
    """`nth`: how many plans there have been with it; rounds also count what was reopened before there was any."""
    number = sum(one.round <= letter.it.round for one in letter.complaint.resolution_plans)
    return {
        **proposal(letter.it.plan, letter.locale),
        "nth": spoken.ordinal(number, letter.locale),
        "first": number == 1,
        **_due_still(letter),
        **_links_to_plan(letter, letter.it.round),
        **_review(letter),
    }


def _answer_reminder(letter: Letter) -> Values:
    plan = letter.complaint.plan_in_force
    read = isinstance(letter.it, events.InformationRead)
    links = _links_to_plan(letter, letter.complaint.round)
    return {"summary": plan.plan.summary if plan else "", "read": read, **_due(letter), **links}


def _closure(letter: Letter) -> Values:
    """What was promised follows an accepted plan only."""
    accepted = letter.entry.kind == "PlanAccepted"
    plan = letter.complaint.resolution_plans[-1].plan if letter.complaint.resolution_plans else None
    promised = plan if accepted else None
    by = promised and letter.policy.after_days(letter.entry.at, promised.complete_within_days).at
    return {
        "outcome": Outcome.SATISFIED if accepted else Outcome.NO_RESPONSE,
        "by_staff": _by_staff(letter),
        "follow_up_measures": list(promised.follow_up_measures) if promised else [],
        "follow_up_by": by and letter.said(by),
        **_reopen(letter),
        **_review(letter),
    }


def _by_staff(letter: Letter) -> bool:
    """Whether staff recorded what the consumer said on the phone: the consumer is told so, and how to object."""
    return letter.entry.actor.kind == "staff"


def _reopen(letter: Letter, closed_at: datetime | None = None) -> Values:
    """`closed_at`: when that was, if not by the event itself."""
    until = letter.policy.after_days(closed_at or letter.entry.at, letter.policy.reopening_days).at
    return {"reopen_by": letter.said(until), "reopen_url": f"{letter.link}&answer=reopen"}


def _delivery_update(letter: Letter) -> Values:
    update = letter.it.update
    return {
        "status_name": spoken.DELIVERY_STATUSES[update.status][letter.locale],
        "text": update.text,
        "carrier": update.carrier,
        "tracking_number": update.tracking_number,
    }


def _information_request(letter: Letter) -> Values:
    """The request itself, or the reminder of it."""
    requests = letter.complaint.information_requests
    asked = next((one for one in reversed(requests) if one.asked_at <= letter.entry.at), None)
    stage = letter.complaint.stage_clock
    waits = stage is not None and stage.waiting_since is not None
    return {"question": asked.question if asked else "", "waits": waits, **_due(letter)}


def _extension(letter: Letter) -> Values:
    return {"reason": letter.it.extension.reason, **_due(letter)}


def _sooner(letter: Letter) -> Values:
    """The consumer's own date, to answer the plan by, or that of measures that were promised."""
    due_at = letter.it.clock.due_at
    measures = [one.measure for one in letter.complaint.follow_ups if one.due_at == due_at and not one.done_at]
    answers = letter.it.clock.name == STAGE_CLOCK
    return {"was_due_at": letter.said(letter.it.was_due_at), "promised": [] if answers else measures, **_due(letter)}


def _withdrawal(letter: Letter) -> Values:
    return {"by_staff": _by_staff(letter), **_reopen(letter)}


def _follow_ups_done(letter: Letter) -> Values:
    return {"measures": [one.measure for one in letter.complaint.follow_ups]}


def _merged(letter: Letter) -> Values:
    """Into another, or a third; or the other one is open again."""
    again = isinstance(letter.it, events.OtherReopened)
    return {"other_complaint_id": letter.it.of if again else letter.it.into, "again": again}


def _other_closed(letter: Letter) -> Values:
    it: events.OtherClosed = letter.it
    told = {"other_complaint_id": it.of, "outcome": it.outcome, "agreed": it.agreed}
    return told | _reopen(letter, it.closed_at)


def _separated(letter: Letter) -> Values:
    """Where the plan of this one waits for an answer, that is asked for anew. No time gone by is promised, nor one of
    a stage that is left."""
    goes_on = not stage_is_left(letter.entry, letter.complaint)
    awaited = goes_on and Action.ACCEPT_PLAN in LIFECYCLE.allowed(letter.complaint.stage)
    clock, _ = letter.entry.sets_clock
    due = _due(letter) if goes_on and clock and clock.due_at > letter.entry.at else {"due_at": None}
    plan = letter.complaint.plan_in_force
    return {
        "other_complaint_id": letter.it.out_of,
        "awaited": awaited,
        **due,
        **(proposal(plan.plan, letter.locale) if plan else {}),
        **_links_to_plan(letter, letter.complaint.round),
        **_review(letter),
    }


def _reopened(letter: Letter, work: spoken.Names) -> Values:
    """What is to be done by when, which depends on the stage that it was reopened into; nothing if that is left."""
    if stage_is_left(letter.entry, letter.complaint):
        return {"due_at": None}
    return {"work": work[letter.complaint.stage][letter.locale], **_due(letter)}


def _survey(letter: Letter) -> Values:
    """The survey itself, or the reminder of it: the link opens it on the page, and answers nothing."""
    return {"tracking_url": f"{letter.link}&survey=1", **_due(letter)}


def _file_refused(letter: Letter) -> Values:
    """How many, and what to do, for each reason. Not their names, which somebody typed."""
    told = next((one for one in letter.complaint.refusals if one.seq == letter.entry.seq), None)
    reasons = told.reasons if told else (letter.it.reason,)
    return {
        "number": told.number if told else 1,
        "advice": [spoken.REFUSALS[reason][letter.locale] for reason in reasons],
    }


CONSUMER: Mapping[str, Callable[[Letter], Values]] = {
    "receipt": _receipt,
    "acknowledgement": _acknowledgement,
    "plan": _plan,
    "adjusted_plan": _plan,
    "answer_reminder": _answer_reminder,
    "closure": _closure,
    "delivery_update": _delivery_update,
    "information_request": _information_request,
    "extension": _extension,
    "sooner": _sooner,
    "withdrawal": _withdrawal,
    "reopening": lambda letter: _reopened(letter, spoken.WORK),
    "follow_ups_done": _follow_ups_done,
    "merged": _merged,
    "other_plan": lambda letter: {"other_complaint_id": letter.it.of, **proposal(letter.it.plan, letter.locale)},
    "other_closed": _other_closed,
    "separated": _separated,
    "file_refused": _file_refused,
    "note": lambda letter: {"text": letter.it.note.text},
    SURVEY: _survey,
    SURVEY_REMINDER: _survey,
    "interim_measure": lambda letter: {"text": letter.it.measure.text},
    "lost_link": lambda letter: {"ended": letter.ended},
    "new_link": lambda letter: {"corrected": isinstance(letter.it, events.ContactCorrected)},
}


def _alarm(letter: Letter) -> Values:
    return {**_due(letter), "about": _about(letter), "held_by": _holder(letter)}


def _reminder(letter: Letter) -> Values:
    """Where the consumer did not answer a question, what is due is the stage, by its clock as it runs again."""
    unanswered = isinstance(letter.it, events.WaitExpired)
    resumed = letter.complaint.deadline if unanswered else None
    due = {"due_at": letter.said(resumed.due_at)} if resumed else {}
    return {**_alarm(letter), **due, "unanswered": unanswered}


def _about(letter: Letter) -> str:
    """What is due: the stage that the clock was of, which may be left by now, or what is due beside it: an inquiry by
    its department, a promised measure by its number.
    """
    return _due_thing(letter, letter.it.alarm.clock, letter.it.alarm.stage)


def _due_thing(letter: Letter, clock: str, stage: str) -> str:
    ladder, _, which = clock.partition(" ")
    if ladder not in ABOUT or ladder == STAGE_CLOCK:
        ladder, which = STAGE_CLOCK, spoken.STAFF_STAGES[stage][letter.locale]
    if ladder == "inquiry":
        asked = next(one.department for one in letter.complaint.inquiries if one.inquiry_id == which)
        which = spoken.DEPARTMENTS[asked][letter.locale]
    if which in spoken.AUTHORITIES:
        which = spoken.AUTHORITIES[which][letter.locale]
    return ABOUT[ladder][letter.locale].format(which)


def _holder(letter: Letter) -> str:
    """Who has it to do: a department by its name, a member of staff by the user name."""
    held_by = getattr(letter.it, "held_by", None) or letter.complaint.assignee or letter.complaint.department
    return spoken.DEPARTMENTS[held_by][letter.locale] if held_by in spoken.DEPARTMENTS else held_by


def _answered(letter: Letter) -> Values:
    inquiry = next(one for one in letter.complaint.inquiries if one.inquiry_id == letter.it.inquiry_id)
    return {"department_name": spoken.DEPARTMENTS[inquiry.department][letter.locale]}


def _bounce(letter: Letter) -> Values:
    return {
        "kind_name": NOTICES[letter.it.notice].names[letter.locale],
        "channel_name": spoken.CHANNELS[letter.it.channel][letter.locale] if letter.it.channel else None,
    }


def _information_given(letter: Letter) -> Values:
    """What was written since the plan may be the answer to it: by when it is to be read. And how much has come, unless
    more has come since that is told by itself."""
    clock, news = letter.complaint.words_clock, letter.complaint.news
    mine = news if news and news.number == letter.entry.seq else None
    came = {"messages": mine.messages if mine else 0, "files": mine.files if mine else 0}
    return {"read_by": clock and letter.said(clock.due_at), **came}


def _danger(letter: Letter) -> Values:
    """Who says so: the system, by the words it has found, or a member of staff. Not the words."""
    safety = letter.complaint.safety
    by = "system" if safety is None or safety.by == "system" else "staff"
    return {"found_by": spoken.FOUND_BY[by][letter.locale]}


def _safety_task(letter: Letter) -> Values:
    """A report is due because quality has assessed the danger, whoever found it, and goes to an authority by name."""
    _, _, authority = letter.it.clock.name.partition(" ")
    whom = spoken.AUTHORITIES[authority][letter.locale] if authority else ""
    name = spoken.SAFETY_TASKS[letter.it.task][letter.locale].format(whom)
    return {"task_name": name, "reports": bool(authority), **_danger(letter), **_due(letter)}


def _safety_assessed(letter: Letter) -> Values:
    it = letter.it.assessment
    return {
        "harm_name": spoken.HARMS[it.harmed][letter.locale],
        "stop_selling": it.stop_selling,
        "authorities": [spoken.AUTHORITIES[authority][letter.locale] for authority in it.reported_to],
    }


def _assigned(letter: Letter) -> Values:
    """Who is given it while the consumer is still to be called is told that first: the alarm went to others."""
    call = letter.complaint.clock("safety_call")
    return {"call": call is not None, "call_by": call and _ahead(letter, call.due_at)}


def _hearing(letter: Letter) -> Values:
    """Of which breach somebody answers, and by when what. Nothing that anybody has said."""
    it, complaint = letter.it, letter.complaint
    breach = complaint.breaches[it.number - 1]
    hearing = hearings.of(complaint.hearings, it.number)
    decided = isinstance(it, hearings.HearingDecided)
    return {
        "number": it.number,
        "about": _due_thing(letter, breach.clock, breach.stage),
        "was_due_at": letter.said(breach.due_at),
        "measure_name": spoken.HEARING_MEASURES[it.measure][letter.locale] if decided else None,
        "cleared": decided and it.measure == "not_attributable",
        "again": hearing is not None and bool(hearing.decisions),
        "spoke": hearing is not None and hearing.statement is not None,
        "missed": isinstance(it, AlarmRaised) and it.alarm.kind != "reminder",
        **_due(letter),
    }


STAFF: Mapping[str, Callable[[Letter], Values]] = {
    **dict.fromkeys((HEARING_OPENED, HEARING_REMINDER, HEARING_TO_DECIDE, HEARING_DECIDED, HEARING_LATE), _hearing),
    "assigned": _assigned,
    "safety": _danger,
    "safety_call": _safety_task,
    "safety_assessment": _safety_task,
    "safety_task": _safety_task,
    "safety_assessed": _safety_assessed,
    "product_danger": lambda letter: {
        "number": len(letter.it.complaints) + 1,
        "complaints": list(letter.it.complaints),
        "days": letter.it.days,
    },
    "reminder": _reminder,
    "breach": _alarm,
    "escalation": _alarm,
    "information_given": _information_given,
    "objection": lambda letter: {
        "round": letter.complaint.round,
        "review": isinstance(letter.it, events.ReviewRequested),
        **_due_still(letter),
    },
    "reopened": lambda letter: {"round": letter.complaint.round, **_reopened(letter, spoken.STAFF_WORK)},
    "inquiry_asked": lambda letter: {
        "department_name": spoken.DEPARTMENTS[Role(letter.it.inquiry.department)][letter.locale],
        **_due(letter),
    },
    "inquiry_answered": _answered,
    "legal_issue": lambda letter: {"why_name": spoken.LEGAL_REASONS[letter.it.why][letter.locale]},
    "plan_drafted": lambda letter: {"draft": str(letter.entry.seq)},
    "legal_reviewed": lambda letter: {
        "approved": letter.it.review.approved,
        "draft": str(letter.it.review.draft),
    },
    "own_file_refused": _file_refused,
    "bounce": _bounce,
    "staff_bounce": _bounce,
}
