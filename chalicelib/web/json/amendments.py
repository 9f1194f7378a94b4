"""How the policy is amended (7, 8.1): drafted, tried on what was, approved by others, announced, spoken of."""

from collections.abc import Callable
from typing import Any

from pydantic import ConfigDict, Field

from chalicelib.casework import amendments as casework
from chalicelib.casework import replays
from chalicelib.casework.once import Done
from chalicelib.domain.governance import amendment as handed_in
from chalicelib.domain.governance.amendment import LIFECYCLE, Action, Amendment, Stage
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, View, tagged

from .amendment_views import AmendmentPage, AmendmentSummary, AmendmentView, OpinionPage, OpinionView
from .api import Api
from .replay_views import ReplayView

amendments = Api(__name__)
LISTED = "/v1/policy/amendments"
ONE = LISTED + "/{amendment_id}"


class AmendmentsQuery(PageQuery):
    stage: Stage | None = Field(None, description="Only those in this stage.")


class AmendmentQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of words and diff; instead of what Accept-Language prefers.")


def _locale(call: Call) -> Locale:
    return languages.preferred(call.accepted, languages.OF_CONSUMERS)


def _shown(call: Call, state: Amendment, lang: Locale | None = None) -> tuple[AmendmentView, dict[str, str]]:
    """An amendment to staff, and the headers of the answer."""
    locale = lang or _locale(call)
    headers = {"Content-Language": locale, "Vary": "Accept-Language"} | tagged(state.version)
    return AmendmentView.at(state, call.actor, call.now, locale), headers


def _after(call: Call, body: Submission, part: str | None = None, status: int = 200) -> Answer:
    """The amendment after what was done about it."""
    done = _done(call, body, part)
    view, headers = _shown(call, done.state)
    return Answer(status, view, headers, done.replayed)


def _done(call: Call, body: Submission, part: str | None = None) -> Done[Amendment]:
    return casework.do(
        call.path["amendment_id"],
        body,
        call.actor,
        call.now,
        seen=call.seen,
        idempotency=call.idempotency,
        part=part,
        locale=_locale(call),
    )


def _resource(
    path: str, body: type[Submission], *actions: Action, answers: dict[int, Any] | None = None
) -> Callable[[View], View]:
    """A resource of an amendment, to post a submission to. Who may, says the lifecycle."""
    who = frozenset(role for action in actions for role in LIFECYCLE.who(action))
    taken = answers or {200: AmendmentView}
    return amendments.operation("POST", f"{ONE}/{path}", who=who, body=body, answers=taken, conditional=True)


@amendments.operation(
    "POST", LISTED, who=LIFECYCLE.who(Action.DRAFT), body=handed_in.Draft, answers={201: AmendmentView}
)
def draft_amendment(call: Call, body: handed_in.Draft) -> Answer:
    """Begin an amendment of the rules or of the operating data: a merge patch (RFC 7396) on the latest version."""
    done = casework.draft(body, call.actor, call.now, idempotency=call.idempotency, locale=_locale(call))
    view, headers = _shown(call, done.state)
    location = {"Location": f"{call.prefix}{LISTED}/{done.state.amendment_id}"}
    return Answer(201, view, location | headers, done.replayed)


@amendments.operation("GET", LISTED, who=STAFF, query=AmendmentsQuery, answers={200: AmendmentPage})
def list_amendments(call: Call, query: AmendmentsQuery) -> Answer:
    """The amendments there are, the newest first."""
    found, cursor = casework.listed(query.stage, query.limit, query.cursor)
    return Answer(200, AmendmentPage(items=[AmendmentSummary.of(one) for one in found], next_cursor=cursor))


@amendments.operation("GET", ONE, who=STAFF, query=AmendmentQuery, answers={200: AmendmentView})
def show_amendment(call: Call, query: AmendmentQuery) -> Answer:
    """An amendment: what it changes, in words and as data, whom that concerns, and what became of it."""
    state = casework.shown(call.path["amendment_id"], call.actor, call.now).state
    return Answer(200, *_shown(call, state, query.lang))


@_resource("changes", handed_in.Change, Action.CHANGE)
def change_amendment(call: Call, body: handed_in.Change) -> Answer:
    """Change a draft, or what it is based on; after its submission that makes it a draft again."""
    return _after(call, body)


@_resource("replay", handed_in.Replaying, Action.REPLAY, answers={202: AmendmentView})
def replay_amendment(call: Call, body: handed_in.Replaying) -> Answer:
    """Try a draft of rules on the complaints received on some days of China, from their events: a job of minutes."""
    return _after(call, body, status=202)


@amendments.operation("GET", f"{ONE}/replay", who=STAFF, answers={200: ReplayView})
def show_replay(call: Call) -> Answer:
    """The last replay of an amendment, finished or not: how far it has come, and what it has found."""
    found = replays.shown(call.path["amendment_id"], call.actor)
    return Answer(200, ReplayView.at(found))


@_resource("submission", handed_in.Submitting, Action.SUBMIT)
def submit_amendment(call: Call, body: handed_in.Submitting) -> Answer:
    """Submit a draft to be decided; of rules, once they were tried on what was."""
    return _after(call, body)


@_resource("approval", handed_in.Approval, Action.APPROVE, Action.CONFIRM)
def approve_amendment(call: Call, body: handed_in.Approval) -> Answer:
    """Approve an amendment, or return it with reasons: of rules management, of operating data a second person; nobody
    what passed through their own hands (8.1)."""
    return _after(call, body)


@_resource("announcement", handed_in.Announcing, Action.ANNOUNCE)
def announce_amendment(call: Call, body: handed_in.Announcing) -> Answer:
    """Announce what was approved, and from when on it is in force: rules 7 days later at least, 15 if that is major."""
    return _after(call, body)


@_resource("opinions", handed_in.Opinion, Action.GIVE_OPINION, answers={201: OpinionView})
def give_opinion(call: Call, body: handed_in.Opinion) -> Answer:
    """Say what one thinks of an announced amendment, before it is in force: anybody of staff, storefronts, and
    consumers, one a complaint. Each is answered."""
    done = _done(call, body)
    given = next(entry for entry in done.entries if isinstance(entry.event, handed_in.OpinionGiven))
    view = OpinionView.given(given, done.state)
    return Answer(201, view, tagged(done.state.version), done.replayed)


@amendments.operation(
    "GET",
    f"{ONE}/opinions",
    who=LIFECYCLE.who(Action.GIVE_OPINION),
    query=PageQuery,
    answers={200: OpinionPage},
)
def list_opinions(call: Call, query: PageQuery) -> Answer:
    """The opinions on an amendment with their answers, the first first; to storefronts and consumers, their own."""
    name = call.path["amendment_id"]
    found, cursor = casework.opinions(name, call.actor, call.now, query.limit, query.cursor)
    return Answer(200, OpinionPage(items=[OpinionView.of(name, one) for one in found], next_cursor=cursor))


@_resource("opinions/{number}/answer", handed_in.OpinionAnswer, Action.ANSWER_OPINION)
def answer_opinion(call: Call, body: handed_in.OpinionAnswer) -> Answer:
    """Answer an opinion, once."""
    return _after(call, body, call.path["number"])


@_resource("withdrawal", handed_in.Withdrawal, Action.WITHDRAW)
def withdraw_amendment(call: Call, body: handed_in.Withdrawal) -> Answer:
    """Withdraw an amendment; what was announced, until ten minutes before it takes effect."""
    return _after(call, body)
