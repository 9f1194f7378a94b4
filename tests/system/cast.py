"""The cast of the stories that are told on the running system: everybody calls it over HTTP, with credentials of their
own, and what they are told is read in its outbox.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import requests

from infra.aws.clock import format_instant
from infra.local.staff import STAFF, STOREFRONTS
from infra.tour.calls import Line, Reply
from infra.tour.parties import PASSWORD, STOREFRONT
from tests.house import KETTLE
from tests.local.test_desk import aws
from tests.running import PATIENCE, System, running_system

CHINA = ZoneInfo("Asia/Shanghai")
CONSUMER = "consumer"


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """In China in 2026. Hour 24 is where the next day begins."""
    return datetime.fromtimestamp(datetime(2026, month, day, tzinfo=CHINA).timestamp() + hour * 3600 + minute * 60, UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Cast:
    """Everybody who takes part, on one running system. Nobody else is in it. `opened` opens one that begins then."""

    def __init__(self, opened: Callable[[datetime], System], begins: datetime) -> None:
        self._opened, self._filed = opened, count(1)
        self._begin(begins)

    def _begin(self, moment: datetime) -> None:
        self.system = self._opened(moment)
        self.line = Line(self.system.api, self.system.desk)
        self._tokens: dict[str, str] = {}

    # ---- time ------------------------------------------------------------------------------------------------------

    def be(self, moment: datetime) -> None:
        """It is that time. What was due by then has rung, and everybody was told.

        The clock never goes back: a story that is told after a later one has another system, so that tests may run in
        any order."""
        if moment < self.now():
            self._begin(moment)
        self.line.at_desk("test", "POST", "/clock", json={"set": format_instant(moment)})

    def begin_anew(self, moment: datetime) -> None:
        """It is that time on a system on which nothing has happened yet."""
        self._begin(moment)

    def pass_time(self, duration: str) -> None:
        """As `be`, by an ISO 8601 duration."""
        self.line.at_desk("test", "POST", "/clock", json={"advance": duration})

    def now(self) -> datetime:
        return instant(self.line.at_desk("test", "GET", "/clock").body["now"])

    # ---- calls -----------------------------------------------------------------------------------------------------

    def call(self, method: str, path: str, token: str, **sent: Any) -> Reply:
        return self.line.call("test", method, path, headers={"Authorization": f"Bearer {token}"}, **sent)

    def token(self, who: str) -> str:
        """A storefront's, or that of a member of staff."""
        if who not in self._tokens:
            if secret := STOREFRONTS.get(who):
                asked = STOREFRONT | {"client_id": who, "client_secret": secret}
                admitted = self.line.at_desk(who, "POST", "/oauth2/token", data=asked)
            else:
                admitted = self.line.call(who, "POST", "/v1/sign-in", json={"username": who, "password": PASSWORD})
            self._tokens[who] = str(admitted.body["access_token"])
        return self._tokens[who]

    def file(self, by: str = "storefront", **changes: Any) -> "Case":
        """王芳, or somebody else, files a complaint about an order of her own; when it returns, all have been told.

        Whom staff file for (`by`) has no link of theirs to hand.
        """
        number = next(self._filed)
        contact = {"name": "王芳", "email": f"wang-{number}@example.cn"}
        filing = KETTLE | {"order_number": f"E{self.now():%Y%m%d}-{number:04}", "contact": contact} | changes
        reply = self.call("POST", "/v1/complaints", self.token(by), json=filing)
        assert reply.status == 201, reply
        self.line.settle()
        return Case(self, reply.body["complaint_id"], reply.body["consumer_token"] or "", filing)


@dataclass
class Case:
    """A complaint in a story: what is done about it, what stands in it, who was told of it."""

    cast: Cast
    complaint_id: str
    token: str
    filing: dict[str, Any]
    _known: set[tuple[int, str, str]] = field(default_factory=set)

    # ---- what is done ----------------------------------------------------------------------------------------------

    def do(self, resource: str, body: Mapping[str, Any] | None = None, by: str = "cs.lin") -> dict[str, Any]:
        """Somebody does something, and everybody who is told of it has been told; the answer."""
        reply = self._call("POST", resource, by, json=body or {})
        assert reply.status in (200, 201), reply
        self.cast.line.settle()
        return dict(reply.body)

    def refused(
        self, resource: str, body: Mapping[str, Any] | None = None, by: str = "cs.lin", status: int = 409
    ) -> dict[str, Any]:
        """Somebody tries something and may not; the problem."""
        reply = self._call("POST", resource, by, json=body or {})
        assert reply.status == status, reply
        return dict(reply.body)

    def refused_to_see(self, resource: str, by: str = "cs.lin", status: int = 404) -> None:
        """Somebody looks for something that is not there for them."""
        assert self._call("GET", resource, by).status == status

    def _call(self, method: str, resource: str, by: str, **sent: Any) -> Reply:
        return self.cast.call(method, self._path(resource), self._token(by), **sent)

    def _path(self, resource: str) -> str:
        return f"/v1/complaints/{self.complaint_id}/{resource}".rstrip("/")

    def _token(self, by: str) -> str:
        return self.token if by == CONSUMER else self.cast.token(by)

    # ---- what stands in it -----------------------------------------------------------------------------------------

    def seen(self, resource: str = "", by: str = "cs.lin") -> dict[str, Any]:
        """What somebody sees of it."""
        reply = self._call("GET", resource, by)
        assert reply.status == 200, reply
        return dict(reply.body)

    def happened(self, by: str = "cs.lin") -> list[str]:
        """The kinds of what happened, in order, as far as somebody may see it."""
        return [one["type"] for one in self.seen("timeline?limit=100", by)["items"]]

    def alarms(self, clock: str) -> list[tuple[str, datetime]]:
        """What rang about something of it, and the moment it was meant for."""
        entries = self.seen("timeline?limit=100")["items"]
        alarms = [(one["type"], one["details"]["alarm"]) for one in entries if "alarm" in one["details"]]
        return [(kind, instant(alarm["moment"])) for kind, alarm in alarms if alarm["clock"] == clock]

    # ---- who was told ----------------------------------------------------------------------------------------------

    @property
    def email(self) -> str:
        return str(self.filing["contact"]["email"])

    def letters(self) -> list[dict[str, Any]]:
        """All the mail that the consumer has about it."""
        return [one for one in self.cast.system.outbox(self.email) if one["complaint_id"] == self.complaint_id]

    def told(self, audience: str = CONSUMER) -> list[str]:
        """The kinds of notices that went out to somebody since the last look."""
        sent = [one for one in self._notices() if one["audience"] == audience and one["state"] == "sent"]
        new = [one for one in sent if _key(one) not in self._known]
        self._known |= {_key(one) for one in new}
        return [one["kind"] for one in new]

    def messages(self, department: str) -> list[dict[str, Any]]:
        """All that a department was told of it by its topic."""
        topic = f"{department.title().replace('_', '')}Topic"
        outbox = self.cast.system.outbox()
        return [one for one in outbox if one["to"].endswith(topic) and one["complaint_id"] == self.complaint_id]

    def check_that_all_were_told_once(self) -> None:
        """Every notice went out, by each of its channels once; nothing else did."""
        notices = self._notices()
        assert {one["state"] for one in notices} <= {"sent", "outdated", "nobody"}, notices
        assert not [one for one in notices if one["repeated"]]
        passages = Counter(passage["channel"] for one in notices for passage in one["channels"])
        outbox = [one for one in self.cast.system.outbox() if one["complaint_id"] == self.complaint_id]
        assert Counter(one["channel"] for one in outbox) == passages

    def _notices(self) -> list[dict[str, Any]]:
        return list(self.seen("notices?limit=100")["items"])

    # ---- files -----------------------------------------------------------------------------------------------------

    def upload(self, content: bytes, content_type: str = "image/png", by: str = CONSUMER, **offer: Any) -> str:
        """Somebody uploads a file, by the form that is asked for first; the id of the evidence."""
        name = offer.pop("file_name", "照片.png")
        offered = self.do(
            "evidence", {"file_name": name, "content_type": content_type, "size": len(content)} | offer, by
        )
        assert post_form(offered["upload"], content) == 204
        self.cast.line.settle()
        return str(offered["evidence_id"])

    def download(self, evidence_id: str, by: str = CONSUMER) -> bytes:
        """A file, fetched by way of the link that it is asked for."""
        url, who = self.cast.system.api + self._path(f"evidence/{evidence_id}"), f"Bearer {self._token(by)}"
        answer = requests.get(url, headers={"Authorization": who}, timeout=PATIENCE)
        assert (answer.status_code, len(answer.history)) == (200, 1), answer.text
        return answer.content


def _key(notice: Mapping[str, Any]) -> tuple[int, str, str]:
    return notice["seq"], notice["audience"], notice["kind"]


def post_form(upload: Mapping[str, Any], content: bytes, **changes: str) -> int:
    """Post a form as a browser does, its fields and then the file; the status S3 answers with."""
    fields = {**upload["fields"], **{name.replace("_", "-"): value for name, value in changes.items()}}
    return requests.post(upload["url"], data=fields, files={"file": ("file", content)}, timeout=PATIENCE).status_code


@contextmanager
def on_stage(begins: datetime, **environment: str) -> Iterator[Cast]:
    """The cast on a system of its own, whose clock starts then and goes when they move it."""
    with ExitStack() as stage:

        def opened(moment: datetime) -> System:
            stage.close()
            return stage.enter_context(_quiet_system(moment, environment))

        yield Cast(opened, begins)


@contextmanager
def _quiet_system(begins: datetime, environment: Mapping[str, str]) -> Iterator[System]:
    when = {"REDRESS_CLOCK": format_instant(begins), "REDRESS_CLOCK_STILL": "1"}
    with running_system(**when, **environment) as system:
        yield system
        assert "Traceback" not in system.output, system.output


def take_all_off_duty(system: System) -> None:
    """Complaints stay with customer service, and none of its members is written to."""
    cognito = aws(system, "cognito-idp")
    (pool,) = cognito.list_user_pools(MaxResults=1)["UserPools"]
    off = [{"Name": "custom:duty", "Value": "off"}]
    for name, groups in STAFF.items():
        if "customer_service" in groups:
            cognito.admin_update_user_attributes(UserPoolId=pool["Id"], Username=name, UserAttributes=off)
