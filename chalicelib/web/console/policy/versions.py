"""The policy by its versions (1.1, 8.1): in force, to come, superseded, withdrawn; what each says and changes."""

from typing import NamedTuple

from chalicelib.casework import rules
from chalicelib.casework import study as casework
from chalicelib.domain.governance import wording
from chalicelib.domain.governance.wording import Worded
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.web.clauses import editions, text
from chalicelib.web.clauses.editions import Edition
from chalicelib.web.clauses.tongue import Part, Tongue
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages import policy as public
from chalicelib.web.pages.speech import Speech

versions = Console(__name__)
LISTED = "/console/policy"
ONE = LISTED + "/versions/{number}"


class Version(NamedTuple):
    """A version as it is shown. `changes`: what is different from its base; `concerns`: whom that concerns."""

    edition: Edition
    dates: list[tuple[str, Part]]
    changes: list[Worded]
    concerns: list[str]
    to_study: bool

    @property
    def number(self) -> int:
        return self.edition.version.number


@versions.operation("GET", LISTED, who=STAFF, answers={200: str})
def show_versions(call: Call) -> Answer:
    """Every version of the policy, those to come and those withdrawn too, the newest first, and what each changes."""
    say = speech(call)
    found = [_version(one, call, say) for one in editions.editions(call.now)]
    return page(call, "policy/versions.html", say, found=found, words=public.words(say.locale))


@versions.operation("GET", ONE, who=STAFF, answers={200: str})
def show_version(call: Call) -> Answer:
    """A version of the policy in people's words, clause by clause, and what it changes of the one before."""
    say = speech(call)
    one = editions.edition(call.path["number"], call.now)
    tongue = _tongue(one, call, say)
    return page(
        call,
        "policy/version.html",
        say,
        one=_version(one, call, say),
        note=public.note(one, tongue, rules.in_force(call.now).version),
        chapters=text.chapters(tongue, call.now),
        more_style=style_of("policy/study"),
        words=public.words(say.locale),
    )


def _version(one: Edition, call: Call, say: Speech) -> Version:
    changes = one.changed(say.locale)
    concerns = [PARTIES[role][say.locale] for role in wording.concerned(changes) if role in PARTIES]
    to_study = casework.is_to_be_studied(one.version, call.now)
    return Version(one, [*public.dates(one, _tongue(one, call, say))], changes, concerns, to_study)


def _tongue(one: Edition, call: Call, say: Speech) -> Tongue:
    return Tongue(say.locale, rules.version(one.version.number, call.now))
