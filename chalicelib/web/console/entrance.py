"""The way in and out: a name and a password, then whatever else the user pool asks for, each step a form of its own.

Between the steps nothing is kept here: the session of the sign-in goes along in the form. Wrong passwords are answered
401, so that who guesses many of them is noticed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from chalice.app import Request

from chalicelib import log
from chalicelib.casework import callers
from chalicelib.domain.ground.errors import Challenged, Invalid, NotFound, Refusal, Throttled, Unauthenticated
from chalicelib.domain.vocabulary import refusals
from chalicelib.web import languages
from chalicelib.web.bodies import SignInBody
from chalicelib.web.door import Answer, Call, Operation, read_as
from chalicelib.web.pages.page import PageQuery

from . import kept
from .cookies import Names, cookies
from .door import SIGN_IN, Console, FormBody, Sent, form_of, member, own_page, page_of
from .kept import Kept
from .page import LANGUAGE, back, page, speech


class Entrance(Console):
    """Where a form may go along in another."""

    def sent(self, operation: Operation, request: Request) -> Any:
        if operation.body is Sent:
            return {"fields": form_of(request, times=2)}
        return super().sent(operation, request)


entrance = Entrance(__name__)

FIRST = "password"
STEPS = (FIRST, "new_password", "totp", "totp_setup")
CARRIED = ("username", "session", "secret", "next")


class SignInQuery(PageQuery):
    next: str | None = None


class LanguageForm(FormBody):
    language: str = ""


@entrance.operation("GET", "/console/sign-in", who=None, query=SignInQuery, answers={200: str})
def show_sign_in(call: Call, query: SignInQuery) -> Answer:
    """The form by which staff sign in; `next`: where they wanted to be."""
    names = Names.at(call.host)
    left = names.left in cookies(call.cookie)
    shown = _shown(call, FIRST, {"username": "", "next": own_page(query.next or "")}, left=left)
    return _with_cookies(shown, [names.said()]) if left else shown


@entrance.operation("POST", "/console/sign-in", who=None, body=Sent, answers={200: str, 303: None})
def take_sign_in(call: Call, sent: Sent) -> Answer:
    """A step of signing in: on to the next one, or to where they wanted to be."""
    step = sent.one("step") if sent.one("step") in STEPS else FIRST
    carried = {name: sent.one(name).strip() for name in CARRIED}
    form = kept.carried_in(sent.fields)
    if step == "new_password" and sent.one("new_password") != sent.one("repeated"):
        return _shown(call, step, carried, form, status=422, refused=[speech(call)("sign_in.differ")])
    try:
        session = cast("SignInBody", read_as(SignInBody, _answered(step, sent, carried))).let_in()
    except Challenged as more:
        return _shown(call, more.extra["challenge"], carried | more.extra, form)
    except (Unauthenticated, Throttled, Invalid) as refusal:
        return _not_yet(call, step, carried, form, refusal)
    onward = _to_send_again(call, form, session.access_token) if form else None
    return _with_cookies(onward or back(call, own_page(carried["next"])), Names.at(call.host).kept(session))


def _to_send_again(call: Call, form: Kept, token: str) -> Answer | None:
    """What was typed before the session ended, for whoever typed it to send; None for anybody else."""
    actor = member(token)
    return page(replace(call, caller=actor), "kept.html", kept=form) if actor.id == form.whose else None


@entrance.operation("POST", "/console/sign-out", who=None, body=FormBody, answers={303: None})
def sign_out(call: Call, _: FormBody) -> Answer:
    """Ends the session, there and here, and has the browser forget what was typed."""
    names = Names.at(call.host)
    if again := cookies(call.cookie).get(names.again):
        try:
            callers.sign_out(again)
        except Exception:  # whoever wants to go goes: the token ends by itself
            log.fault("a session was not ended in the user pool")
    gone = _with_cookies(back(call, SIGN_IN), names.dropped())
    return gone._replace(headers={**gone.headers, "Clear-Site-Data": '"storage"'})


@entrance.operation("POST", "/console/language", who=None, body=LanguageForm, answers={303: None})
def choose_language(call: Call, form: LanguageForm) -> Answer:
    """In which language this browser shows the console, from the page on which that was chosen."""
    onward = back(call, own_page(page_of(call.came_from, call.host).removeprefix(call.prefix)))
    if form.language not in languages.NATIVE:
        return onward
    return _with_cookies(onward, [Names.at(call.host).language(LANGUAGE, form.language)])


@entrance.operation("GET", "/console/{place}", who=None, answers={200: str})
def show_nothing(call: Call) -> Answer:
    """What is said where no page is."""
    raise NotFound("page_unknown")


def _answered(step: str, sent: Sent, carried: dict[str, str]) -> dict[str, str | None]:
    """What a step hands in. Whoever types a code may leave room in it, as the app that shows it does."""
    given: dict[str, str | None] = {"username": carried["username"] or None}
    if step == FIRST:
        return given | {"password": sent.one("password") or None}
    given["session"] = carried["session"]
    if step == "new_password":
        return given | {"new_password": sent.one("new_password") or None}
    return given | {"totp": "".join(sent.one("totp").split()) or None}


def _not_yet(call: Call, step: str, carried: dict[str, str], form: Kept | None, refusal: Refusal) -> Answer:
    """The same step again; the first, if the sign-in is over."""
    say = speech(call)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    said = [refusals.said_of_field(one, say.locale) for one in faults] or [refusals.said(refusal, say.locale)]
    if refusal.reason == "not_let_in":
        said = [say("sign_in.wrong")]
    step = FIRST if refusal.reason == "sign_in_over" else step
    shown = _shown(call, step, carried, form, status=refusal.status, refused=said)
    later = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, Throttled) else {}
    return shown._replace(headers={**shown.headers, **later})


def _shown(
    call: Call,
    step: str,
    carried: Mapping[str, str],
    form: Kept | None = None,
    *,
    status: int = 200,
    refused: Sequence[str] = (),
    left: bool = False,
) -> Answer:
    about = {"step": step, "carried": carried, "refused": refused, "left": left, "kept": form}
    return page(call, "sign_in.html", speech(call), status, **about)


def _with_cookies(answer: Answer, cookies: list[str]) -> Answer:
    return answer._replace(headers={**answer.headers, "Set-Cookie": cookies})
