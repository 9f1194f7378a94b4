"""The policy is studied (8.2): chapter by chapter, then by a quiz that confirms it; and who has not."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Literal, get_args

from chalicelib.casework import once, paging, rules
from chalicelib.casework import study as casework
from chalicelib.casework import study_rounds as rounds
from chalicelib.casework.study import Shown
from chalicelib.casework.study_rounds import Standing, States
from chalicelib.domain.governance.study import ANSWERS, OVERSEERS, Asked
from chalicelib.domain.ground.errors import Invalid, Refusal, Unauthenticated
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.web.clauses import editions, text
from chalicelib.web.clauses.text import Chapter
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.console import forms, names
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Field
from chalicelib.web.console.page import arrived, page, speech, style_of
from chalicelib.web.console.who import who
from chalicelib.web.door import PRINTABLE_ASCII, Answer, Call
from chalicelib.web.pages import policy as public
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

study = Console(__name__)
LISTED = "/console/policy/study"
ONE = LISTED + "/{number}"
LINES = 25
KEY = "_key"
Listed = Literal[States, "owed"]
OWED: tuple[States, ...] = ("due", "overdue")


class StudyQuery(PageQuery):
    """`done`: a try has just been made."""

    done: Literal["quiz"] | None = None


class RosterQuery(PageQuery):
    """By default those who have not studied it yet."""

    state: Listed | None = None
    cursor: str | None = None


# ---- what one studies ------------------------------------------------------------------------------------------------


@study.operation("GET", LISTED, who=STAFF, answers={200: str})
def show_studies(call: Call) -> Answer:
    """The versions of the policy that are to be studied, and how far one has come with each."""
    found = casework.all_shown(call.actor, call.now)
    oversees = bool(call.actor.roles & OVERSEERS)
    say = speech(call)
    return page(
        call,
        "policy/studies.html",
        say,
        found=found,
        many=len(SECTIONS),
        now=call.now,
        oversees=oversees,
        begins=lambda moment: spoken.beginning(moment, say.locale, say.zone),
    )


@study.operation("GET", ONE, who=STAFF, query=StudyQuery, answers={200: str})
def show_study_of_version(call: Call, query: StudyQuery) -> Answer:
    """How far one has come with a version of the policy: its chapters, and the quiz once all of them were opened."""
    return _show(call, done=query.done is not None)


@study.operation("POST", ONE, who=STAFF, body=Sent, answers={303: None})
def send_quiz(call: Call, sent: Sent) -> Answer:
    """Grades the answers of a try, which confirms the version if it is passed; or says what is wrong with them."""
    try:
        taken = casework.take(call.path["number"], _answers(sent), call.actor, call.now, _once(call, sent))
    except Unauthenticated:
        raise
    except Refusal as refusal:
        return _show(call, sent, refusal, refusal.status)
    return arrived(call, ONE.format(**call.path), "main" if taken.one.passed else "quiz", done="quiz")


@study.operation("GET", ONE + "/sections/{section}", who=STAFF, answers={200: str})
def show_section(call: Call) -> Answer:
    """A chapter of a version, clause by clause: that it was opened is noted."""
    number, section = call.path["number"], call.path["section"]
    version = casework.open_section(number, section, call.actor, call.now)
    found, say = casework.shown(number, call.actor, call.now), speech(call)
    chapters = _chapters(version, call, say)
    place = [one.name for one in chapters].index(section)
    following = [*chapters[place + 1 :], *chapters[:place]]
    return page(
        call,
        "policy/section.html",
        say,
        found=found,
        number=number,
        chapter=chapters[place],
        place=place + 1,
        many=len(chapters),
        before=chapters[place - 1] if place else None,
        unread=[one for one in following if one.name in found.study.unread],
        is_noted=_is_noted(found, call),
        more_style=style_of("policy/study"),
    )


def _show(
    call: Call, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200, *, done: bool = False
) -> Answer:
    found, say = casework.shown(call.path["number"], call.actor, call.now), speech(call)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    asked = [_field(one, say, sent, refusal) for one in found.asked]
    against = [names.refused(refusal, say)] if refusal and not faults else forms.misplaced(asked, faults, say)
    edition = editions.edition(call.path["number"], call.now)
    return page(
        call,
        "policy/study.html",
        say,
        status=status,
        found=found,
        now=call.now,
        edition=edition,
        dates=[*public.dates(edition, Tongue(say.locale, rules.version(found.version.number, call.now)))],
        words=public.words(say.locale),
        chapters=_chapters(found.version, call, say),
        changes=[one.words for one in edition.changed(say.locale)],
        by=rules.in_force(call.now).study,
        last=found.study.tries[-1] if found.study.tries else None,
        done=done,
        asked=asked,
        faulty=[*forms.faulty(asked)],
        against=against,
        key=secrets.token_urlsafe(16),
        is_noted=_is_noted(found, call),
        more_style=style_of("policy/study"),
        oversees=bool(call.actor.roles & OVERSEERS),
    )


def _field(one: Asked, say: Speech, sent: Sent | None, refusal: Refusal | None) -> Field:
    """A question as a field of a form: nothing is chosen to begin with."""
    name = f"{ANSWERS}.{one.id}"
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    return Field(
        name,
        "one",
        one.asks[say.locale],
        required=True,
        radios=True,
        options=[(letter, said[say.locale]) for letter, said in one.choices.items()],
        value=sent.one(name) if sent else "",
        faults=[names.wrong(fault, say) for fault in faults if fault.field == name],
    )


def _answers(sent: Sent) -> dict[str, str]:
    before = f"{ANSWERS}."
    return {name.removeprefix(before): sent.one(name) for name in sent.fields if name.startswith(before)}


def _once(call: Call, sent: Sent) -> once.Idempotency | None:
    if not PRINTABLE_ASCII.fullmatch(sent.one(KEY)):
        return None
    asked = json.dumps(["POST", ONE, call.path, _answers(sent)], sort_keys=True).encode()
    return once.idempotency(f"staff {call.actor.id}", sent.one(KEY), asked, call.now)


def _chapters(version: Announced, call: Call, say: Speech) -> list[Chapter]:
    return text.chapters(Tongue(say.locale, rules.version(version.number, call.now)), call.now)


def _is_noted(found: Shown, call: Call) -> bool:
    """Whether what is opened counts: it is to be studied, and not yet confirmed."""
    return casework.is_to_be_studied(found.version, call.now) and not found.confirmed


# ---- who has not -----------------------------------------------------------------------------------------------------


@study.operation("GET", ONE + "/roster", who=OVERSEERS, query=RosterQuery, answers={200: str})
def show_study_roster(call: Call, query: RosterQuery) -> Answer:
    """Who of staff has not studied a version, and who has: everybody who worked here this working morning."""
    people = rounds.of_version(call.path["number"], call.now)
    purpose = f"study roster page {query.state}"
    after = paging.opened(purpose, query.cursor, "")
    left = [one for one in people if one.known.person > after and _is_of(one, query.state)]
    listed, cursor = paging.page_of(left, LINES, purpose, lambda one: str(one.known.person))
    counted, say = Counter(one.state for one in people), speech(call)
    return page(
        call,
        "policy/roster.html",
        say,
        number=call.path["number"],
        listed=listed,
        cursor=cursor,
        state=query.state or "owed",
        counts=[(name, sum(_is_of_state(one, name) * many for one, many in counted.items())) for name in _VIEWS],
        called=dict(who(call.now)),
        departments={role: said[say.locale] for role, said in PARTIES.items()},
    )


_VIEWS: tuple[Listed, ...] = ("owed", *get_args(States))


def _is_of(one: Standing, view: Listed | None) -> bool:
    return _is_of_state(one.state, view or "owed")


def _is_of_state(state: States, view: Listed) -> bool:
    return state in OWED if view == "owed" else state == view


# ---- what waits ------------------------------------------------------------------------------------------------------


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """For whoever is told of them, how many are late with a version; what one has to study oneself, Today says anyway.
    A round trip for who works here, and one a version."""
    if rounds.LATE_TOLD_TO not in call.actor.roles:
        return
    late = Counter(one.version for one in rounds.everybody(call.now) if one.state == "overdue")
    for number, many in sorted(late.items()):
        place = f"{ONE.format(number=number)}/roster?state=overdue"
        yield say("study.waits", many=many, number=number), place
