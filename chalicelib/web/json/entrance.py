"""What anyone may call: sign-in, health, the description of the contract."""

from typing import Any, Literal

from pydantic import Field

from chalicelib import __version__
from chalicelib.casework import health
from chalicelib.domain.ground.errors import Unavailable
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.settings import settings
from chalicelib.web.bodies import SignInBody
from chalicelib.web.door import Answer, Call

from .api import Api
from .contract import served

entrance = Api(__name__)


class SessionView(Model):
    access_token: str
    expires_in: int = Field(description="Seconds.")
    token_type: str
    refresh_token: str | None = None


class CalendarView(Model):
    """The years whose working days are known; due dates beyond are provisional."""

    country: str
    edition: str
    first_year: int
    last_year: int


class HealthView(Model):
    status: Literal["ok"] = "ok"
    version: str
    now: Instant
    calendar: CalendarView
    table: Literal["reachable"] = "reachable"


@entrance.operation("POST", "/v1/sign-in", who=None, body=SignInBody, answers={200: SessionView})
def sign_in(call: Call, body: SignInBody) -> Answer:
    """Staff sign in with user name and password, or go on with a refresh token: where more is needed, 401 `challenge`
    says what, and by which `session` it is answered, with the user name and `new_password` or `totp`."""
    return Answer(200, SessionView(**body.let_in()._asdict()))


@entrance.operation("GET", "/v1/health", who=None, answers={200: HealthView})
def show_health(call: Call) -> Answer:
    """Version, the years whose working days are known, and whether the table can be reached (503 if not)."""
    calendar = health.calendar(call.now)
    known = CalendarView(**{name: getattr(calendar, name) for name in CalendarView.model_fields})
    found = HealthView(version=__version__, now=call.now, calendar=known)
    if not health.table_reachable():
        told = found.model_dump(mode="json", exclude={"status"}) | {"table": "unreachable"}
        refusal = Unavailable("table_out_of_reach")
        refusal.extra |= told
        raise refusal
    return Answer(200, found)


@entrance.operation("GET", "/v1/openapi.json", who=None, answers={200: dict[str, Any]})
def describe(call: Call) -> Answer:
    """This description, made from the models the code itself uses."""
    scheme = "http" if call.domain.startswith("127.0.0.1:") else "https"  # of AWS's domains none is called by http
    server = f"{scheme}://{call.domain}{call.prefix}" if call.domain else ""
    return Answer(200, served.document(server, settings().token_url))
