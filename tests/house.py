"""The house as tests see it: the real app on moto, its callers by name, and a clock that stands still until moved."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest.mock import patch
from urllib.parse import urlencode

import boto3
import moto.core.models
from chalice.test import Client
from moto import backend_index, mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib import settings, wallclock
from chalicelib.adapters import aws, evidence, identity, orders, roster, store
from chalicelib.casework import hearings, news, rules, surveys
from chalicelib.casework.ring import ring
from infra.aws import REGION, haste, pool_sessions
from infra.aws.tables import indexed_tables

from .examples import DEAF, KETTLE, PLAN, REPORT, example
from .furnished import Photograph, arrange, furnish, photograph, session

SHOWN_PLAN = PLAN | {
    "reasons": None,
    "amount_reason": None,
    "grants": "full",
    "evidence": [],
    "basis": [{"law": None, "article": None, "clause": None, "version": None} | one for one in PLAN["basis"]],
}
"""The plan of the examples as views show it."""
FRIDAY = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)  # 15:40 in Shanghai, before a make-up working Saturday


Told = TypeVar("Told")
LONG_ENOUGH = 1_800
"""Seconds that a token has to live in which a test is begun with it."""
_tokens: dict[str, tuple[str, int]] = {}
"""Those that were made by what they say, with when they expire: all houses of a process have the same pool."""
_begun: dict[Callable[..., Any], tuple[Any, datetime, Photograph]] = {}
"""What stories told, and what there was then."""


class Killed(BaseException):
    """The process died: nothing catches it."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class House:
    """Calls the app as its callers do. `calls` lists every AWS call made so far, as "dynamodb:Query"."""

    pool_id: str
    environment: dict[str, str]
    now: datetime = FRIDAY
    calls: list[str] = field(default_factory=list)
    interfere: Callable[[str, str], None] = lambda call, moment: None  # may raise "before" or "after" a call's effect

    def __post_init__(self) -> None:
        from app import app

        self.client = Client(app)
        self._tokens: dict[str, str] = {}

    # ---- the AWS calls made ------------------------------------------------------------------------------------

    def called(self, call: str, moment: str) -> None:
        """One of the app's clients makes a call, which is listed, and `interfere` has its way with it."""
        if moment == "before":
            self.calls.append(call)
        self.interfere(call, moment)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The calls made inside."""
        known = len(self.calls)
        made: list[str] = []
        yield made
        made += self.calls[known:]

    @contextmanager
    def interfering(self, interfere: Callable[[str, str], None]) -> Iterator[None]:
        """`interfere` is asked before and after each call's effect, and may raise."""
        self.interfere = interfere
        try:
            yield
        finally:
            self.interfere = lambda call, moment: None

    def meanwhile(self, happening: Callable[[], object], times: int = 1) -> AbstractContextManager[None]:
        """Within it, `happening` comes between what a request reads and what it saves, the first `times` times."""
        left = iter(range(times))

        def interfere(call: str, moment: str) -> None:
            if (call, moment) == ("dynamodb:TransactWriteItems", "before") and next(left, None) is not None:
                mine, self.interfere = self.interfere, lambda call, moment: None
                happening()
                self.interfere = mine

        return self.interfering(interfere)

    @contextmanager
    def killed_at(self, number: int, moment: str) -> Iterator[None]:
        """The process dies before or after the effect of the `number`-th call made inside (from 0)."""
        begun = iter(count())
        current = -1

        def kill(call: str, at: str) -> None:
            nonlocal current
            current = next(begun) if at == "before" else current
            if (current, at) == (number, moment):
                raise Killed(f"{moment} {call}")

        with self.interfering(kill):
            yield

    def deaths(self, act: Callable[[], Any], moment: str) -> Iterator[int]:
        """Do `act`, dying at its first call, then anew at its second, and so on until it gets through.

        Yields the number of each call that was deadly, so that what is left then can be looked at.
        """
        for number in count():
            try:
                with self.killed_at(number, moment):
                    act()
            except Killed:
                yield number
            else:
                return

    # ---- time --------------------------------------------------------------------------------------------------

    def pass_time(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def remembered(self) -> Callable[[], None]:
        """What brings back, as often as called, all that is here now, and nothing that came since."""
        then, contents = self.now, photograph()

        def again() -> None:
            arrange(contents)
            self.now = then
            forget()

        return again

    def begun(self, story: Callable[["House"], Told]) -> Told:
        """What a story tells of a new house, left as that leaves it, in a new container: it happens once a process."""
        if story not in _begun:
            _begun[story] = story(self), self.now, photograph()
        told, self.now, contents = _begun[story]
        arrange(contents)
        forget()
        return copy.deepcopy(told)

    # ---- callers -----------------------------------------------------------------------------------------------

    def token(self, who: str) -> str:
        """The access token of a member of staff, or of the storefront."""
        if who not in self._tokens:
            claims = self.claims(who)
            said = repr([claims[name] for name in sorted(claims.keys() - {"iat", "exp"})])
            made, expires = _tokens.get(said, ("", 0))
            if expires < claims["iat"] + LONG_ENOUGH:
                made, expires = _tokens[said] = self.pool_token(**claims), claims["exp"]
            self._tokens[who] = made
        return self._tokens[who]

    def claims(self, who: str) -> dict[str, Any]:
        """What stands in the access token of a member of staff or of the storefront."""
        from infra.local.staff import STAFF

        issued = int(wallclock.machine_time().timestamp())
        common = {"iss": self.environment["REDRESS_ISSUER"], "token_use": "access", "iat": issued, "exp": issued + 3600}
        if who == "storefront":
            client_id = self.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
            return common | {"sub": client_id, "client_id": client_id, "scope": "complaints/submit"}
        groups = STAFF.get(who, (who,))
        client_id = self.environment["REDRESS_STAFF_CLIENT_ID"]
        return common | {"client_id": client_id, "username": who, "cognito:groups": list(groups)}

    def pool_token(self, **claims: Any) -> str:
        """Any claims, signed with the user pool's own key."""
        from joserfc import jwt

        key = cognitoidp_backends[DEFAULT_ACCOUNT_ID][REGION].user_pools[self.pool_id].json_web_key
        return jwt.encode({"alg": "RS256", "kid": "dummy"}, claims, key)

    # ---- calls -------------------------------------------------------------------------------------------------

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """One request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        content = raw
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self.client.http.request(method, path, headers=sent, body=content or b"")
        return Answer(answer.status_code, {k.lower(): str(v) for k, v in answer.headers.items()}, answer.body.decode())

    def get(self, path: str, who: str | None = None, **rest: Any) -> Answer:
        return self.send("GET", path, token=self.token(who) if who else rest.pop("token", None), **rest)

    def post(self, path: str, body: Any = None, who: str | None = None, **rest: Any) -> Answer:
        return self.send("POST", path, body, token=self.token(who) if who else rest.pop("token", None), **rest)

    def put(self, path: str, body: Any, who: str) -> Answer:
        return self.send("PUT", path, body, token=self.token(who))

    def look(self, path: str, who: str, **headers: str) -> Answer:
        """A page of the console, as a member of staff opens it who has signed in."""
        return self.send("GET", path, **{"Accept": "text/html", "Host": "localhost", **self.signed_in(who), **headers})

    def submit(self, path: str, who: str, fields: Mapping[str, str | Sequence[str]] = {}, **headers: str) -> Answer:
        """A form of the console, as the browser of a member of staff sends it who has signed in."""
        own = {"Accept": "text/html", "Host": "localhost", "Origin": "http://localhost", **self.signed_in(who)}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, raw=urlencode(fields, doseq=True).encode(), **{**own, **form, **headers})

    def signed_in(self, who: str) -> dict[str, str]:
        return {"Cookie": f"redress={self.token(who)}"}

    # ---- what is kept ------------------------------------------------------------------------------------------

    def items(self, wanted: Callable[[Any], bool] = lambda item: True) -> list[dict[str, Any]]:
        """Everything in the table by its key, as boto3 would give it, but read behind the API: that is no call of the
        house. `wanted`: which of it, as moto keeps it."""
        kept = (item for partition in self._table.items.values() for item in partition.values() if wanted(item))
        ordered = sorted(kept, key=lambda item: (item.hash_key.value, item.range_key.value))
        return [{name: value.to_regular_json() for name, value in item.attrs.items()} for item in ordered]

    def items_kept(self) -> int:
        """How many items the table holds. Not by asking moto for them, which sorts them first."""
        return sum(len(partition) for partition in self._table.items.values())

    @property
    def _table(self) -> Any:
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(self.environment["REDRESS_TABLE"])

    def take_off_duty(self, *names: str) -> None:
        """These members of staff are not given any complaint."""
        cognito = boto3.client("cognito-idp")
        for name in names:
            off = [{"Name": "custom:duty", "Value": "off"}]
            cognito.admin_update_user_attributes(UserPoolId=self.pool_id, Username=name, UserAttributes=off)

    def call(self, name: str, called: str) -> None:
        """What people call a member of staff, and that is known at once."""
        known = [{"Name": "name", "Value": called}]
        cognito = boto3.client("cognito-idp")
        cognito.admin_update_user_attributes(UserPoolId=self.pool_id, Username=name, UserAttributes=known)
        roster.forget()

    def hire(self, *names: str) -> None:
        """They are members of customer service, and that is known at once."""
        cognito = boto3.client("cognito-idp")
        for name in names:
            cognito.admin_create_user(UserPoolId=self.pool_id, Username=name, MessageAction="SUPPRESS")
            cognito.admin_add_user_to_group(UserPoolId=self.pool_id, Username=name, GroupName="customer_service")
        roster.forget()

    def disable(self, name: str) -> None:
        """Their account is closed, and that is known at once."""
        boto3.client("cognito-idp").admin_disable_user(UserPoolId=self.pool_id, Username=name)
        roster.forget()

    def move_out(self, name: str) -> None:
        """They are not in customer service any more, and that is known at once."""
        cognito = boto3.client("cognito-idp")
        cognito.admin_remove_user_from_group(UserPoolId=self.pool_id, Username=name, GroupName="customer_service")
        roster.forget()

    def send_away(self, name: str, days: str) -> None:
        """They are absent on these days, as the user pool spells them, and that is known at once."""
        absent = [{"Name": "custom:absent", "Value": days}]
        cognito = boto3.client("cognito-idp")
        cognito.admin_update_user_attributes(UserPoolId=self.pool_id, Username=name, UserAttributes=absent)
        roster.forget()

    def dismiss(self, name: str) -> None:
        """The user pool knows nobody of that name any more, and that is known at once."""
        boto3.client("cognito-idp").admin_delete_user(UserPoolId=self.pool_id, Username=name)
        roster.forget()

    def set(self, monkeypatch: Any, **environment: str) -> None:
        """Other settings, in a container that has just begun."""
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        forget()

    def _notices(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.items() if item["sk"]["S"].split("#")[2:3] == [kind]]

    def forget_notice(self, kind: str) -> None:
        """As if it had never been queued."""
        for item in self._notices(kind):
            key = {name: item[name] for name in ("pk", "sk")}
            boto3.client("dynamodb").delete_item(TableName=self.environment["REDRESS_TABLE"], Key=key)

    # ---- stories -----------------------------------------------------------------------------------------------

    def file(self, **changes: Any) -> dict[str, Any]:
        """王芳 files a complaint in the web shop; the receipt."""
        answer = self.post("/v1/complaints", KETTLE | changes, "storefront")
        assert answer.status == 201, answer.text
        return dict(answer.json)

    def do(self, complaint_id: str, resource: str, body: Any = None, who: str = "cs.lin", **rest: Any) -> Answer:
        return self.post(f"/v1/complaints/{complaint_id}/{resource}", body, who, **rest)

    def bring_to(self, stage: str, **changes: Any) -> dict[str, Any]:
        """A complaint in a stage; its receipt."""
        receipt = self.file(**changes)
        steps = {
            "investigating": ("acknowledgement", {}),
            "planning": ("investigation-report", REPORT),
            "awaiting_consumer": ("resolution-plan", PLAN),
            "closed": ("feedback", {"satisfied": True}),
        }
        for name, (resource, body) in steps.items() if stage != "received" else ():
            answer = self.do(receipt["complaint_id"], resource, body)
            assert answer.status == 200, answer.text
            if name == stage:
                break
        return receipt

    def asked(self, contact: Any = None) -> dict[str, Any]:
        """A complaint closed four days ago, whose consumer has been asked how it was since; its receipt.

        Each is of somebody else, unless `contact` says whose: nobody is asked twice within days.
        """
        now, number = self.now, next(_others)
        somebody = {"name": "李雷", "phone": f"+86139{number:08}", "email": f"li.lei.{number}@example.cn"}
        self.now = now - timedelta(days=4)
        receipt = self.bring_to("closed", contact=contact or somebody)
        self.now = now
        ring(receipt["complaint_id"], now)
        surveys.ask(receipt["complaint_id"], 1, now)
        return receipt

    def heard(self, *steps: str) -> dict[str, Any]:
        """A complaint that was not accepted in time while cs.lin had it, who is heard about that (8.3); its receipt.

        `steps`: what was done about it since, by the examples.
        """
        now = self.now
        self.now = now - timedelta(hours=25)
        receipt = self.file()
        complaint_id = receipt["complaint_id"]
        assert self.do(complaint_id, "assignment", {"assignee": "cs.lin"}, "cs.lead").status == 200
        self.now = now
        ring(complaint_id, now)
        for entry in store.timeline(complaint_id, 0, 100):
            hearings.open_hearings(entry, now)
        for name in steps:
            resource = {"state_case": "statement", "decide_hearing": "decision", "object_to_decision": "objection"}[
                name
            ]
            one = example(name)
            answer = self.do(complaint_id, f"breaches/1/{resource}", one.body, one.who)
            assert answer.status == 200, answer.text
        return receipt


_others = count(1)


def refused(answer: Answer, status: int, code: str, *, field: str | None = None) -> dict[str, Any]:
    """The answer is the problem it should be, in the contract's shape, and for `field` it says so; its body."""
    assert (answer.status, answer.headers.get("content-type")) == (status, "application/problem+json"), answer
    body: dict[str, Any] = answer.json
    assert body["code"] == code, body
    assert body["status"] == status
    assert {"type", "title", "detail", "request_id"} <= body.keys()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert ("errors" in body) == (code == "invalid"), body
    assert "Traceback" not in answer.text
    if field is not None:
        assert field in [fault["field"] for fault in body["errors"]], body
    return body


def forget() -> None:
    """Drop what a container keeps between invocations, as a new container would."""
    settings.settings.cache_clear()
    aws.client.cache_clear()
    identity._pool_keys.cache_clear()
    if _open:
        at = _open[-1].environment["REDRESS_KEYS_URL"]
        identity._pool_keys(at)._keys = _keys(at)
    roster.forget()
    rules.forget()
    news.forget()
    evidence.forget()
    orders.breaker.note_answer()


_open: list[House] = []
"""Those that are open, the last of which hears of the calls."""


@cache
def _keys(url: str) -> Any:
    """The key set of the pool of all houses, asked for once; `web/test_pool_keys.py` has how it is."""
    return identity.PoolKeys(url)._fetch()


@cache
def listen() -> None:
    """The house that is open hears of all calls of the clients that are made from now on."""

    def before(model: Any, **_: Any) -> None:
        tell(model, "before")

    def after(model: Any, **_: Any) -> None:
        tell(model, "after")

    def tell(model: Any, moment: str) -> None:
        if _open:
            _open[-1].called(f"{model.service_model.service_name}:{model.name}", moment)

    session().events.register("before-call", before)
    session().events.register("after-call", after)


@contextmanager
def answering() -> Iterator[None]:
    """Within it moto answers boto3 in everything, and `requests` of the files of S3 only, whose links anybody opens.

    It would prepare 1,300 answers in each house, which takes longer than what many tests ask."""
    of_files = [one for one in backend_index.backend_url_patterns if one[0] == "s3"]
    with patch.object(moto.core.models, "backend_index", SimpleNamespace(backend_url_patterns=of_files)):
        yield


@contextmanager
def open_house(monkeypatch: Any, keys_server: str) -> Iterator[House]:
    """A house of its own on moto, built from `infra/resources.yaml`."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with answering(), mock_aws(), indexed_tables(), ExitStack() as stack:
        stack.callback(haste.install())
        stack.callback(pool_sessions.install())
        environment = furnish()
        pool_id = environment["REDRESS_ISSUER"].rsplit("/", 1)[-1]
        environment["REDRESS_KEYS_URL"] = f"{keys_server}/{pool_id}/.well-known/jwks.json"
        environment["REDRESS_WEBHOOK_HOSTS"] = DEAF
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        house = House(pool_id, environment)
        wallclock.follow(lambda: house.now)
        boto3.DEFAULT_SESSION = session()
        listen()
        _open.append(house)
        forget()
        try:
            yield house
        finally:
            _open.remove(house)
            wallclock.follow(wallclock.machine_time)
            forget()
