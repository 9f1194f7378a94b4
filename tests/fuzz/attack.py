"""Sends what the description allows and what it forbids, and holds every answer against it: schemathesis at work."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.engine import events, from_schema

from chalicelib.web.door import Operation
from infra.local.staff import STAFF
from tests.running import System

from .callers import OPERATIONS, Callers
from .doors import knocks
from .neighbours import trespasses
from .plausible import EMAILS, PHONES, as_pasted, in_time, is_pasted, made_visible, with_known, with_sense
from .rights import OTHER_SHOP, SHOP
from .stock import amend, audit, lay_in, records
from .verdict import bearer, excused, faults

ALLOWED = ["2xx", "3xx", 401, 403, 404, 409, 412, 429]
"""What a request that the description allows may be answered; 400 and 422 are told apart in `verdict.excused`."""
FORBIDDEN = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422]
"""What a request that the description forbids may be answered."""

STOCK_LASTS = 150
"""Requests until most of the complaints that were laid in are done with."""
END_LINKS = ("replace_link", "correct_contact")
"""Operations after which the links of before are worth nothing."""
FIRST = {"number": "1", "inquiry_id": "1", "evidence_id": "1", "seq": "2"}
"""What the first of anything that belongs to a complaint is called."""


@schemathesis.hook("before_call")
def stay(_: Any, __: Any, kwargs: dict[str, Any]) -> None:
    """A redirection is an answer: nobody follows it."""
    kwargs["allow_redirects"] = False


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: what, with which operation, called by whom, how to do it again and what came back."""

    what: str
    operation: str
    who: str
    again: str
    answer: str


@dataclass
class Attack:
    """One run. `seen` counts the answers by operation, caller and status.

    Either `seconds` bound it, until which it goes on and on, or `examples`: that many a phase and operation, once.
    `late`: complaints of before, of which somebody answers for something.
    """

    system: System
    seed: int
    seconds: int = 0
    examples: int = 0
    seen: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    found: dict[tuple[str, str], Finding] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.callers = Callers(self.system)
        self.asked = self._stock_until = 0

    def run(self) -> Iterator[str]:
        """Yields the phase after each scenario."""
        for operation, who, again, status, text in knocks(self.system, self.callers, self._stock()):
            self.asked += 1
            self._judge(operation, who, again, status, text)
            yield "doors"
        for one in trespasses(self.system, self.callers):
            self._find(
                one.what, one.operation, OTHER_SHOP, one.again, one.answer.body.decode(errors="replace"), one.what
            )
        yield "neighbours"
        for event in from_schema(self._schema()).execute():
            if isinstance(event, events.NonFatalError):
                self._find(str(event.info.title), event.label, "", "", str(event.info.message))
            if isinstance(event, events.FatalError):
                raise event.exception
            if isinstance(event, events.ScenarioFinished):
                self._look_at(event.recorder)
                yield event.phase.value

    # ---- how it is set up ----------------------------------------------------------------------------------------

    def _schema(self) -> Any:
        schemathesis.openapi.format("phone", PHONES)
        schemathesis.openapi.format("email", EMAILS)
        settings = {
            "seed": self.seed,
            "continue-on-failure": True,
            "generation": {"database": "none"},
            **({"phases": _few(self.examples)} if self.examples else {"max-time": self.seconds}),
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ALLOWED},
                "negative_data_rejection": {"expected-statuses": FORBIDDEN},
            },
        }
        config = schemathesis.Config.from_dict(settings)
        schema = schemathesis.openapi.from_url(f"{self.system.api}/v1/openapi.json", config=config)
        schema.auth(refresh_interval=None)(_provider(self.callers))
        hooks = schema.hooks
        hooks.register_hook_with_name(lambda _, case: self._plausible(case), "map_case")
        hooks.register_hook_with_name(
            lambda _, failure, case, answer: self._counts(failure, case, answer), "filter_failure"
        )
        hooks.register_hook_with_name(lambda _, case, answer: self._hear(case, answer), "after_call")
        return schema

    def _plausible(self, case: Any) -> Any:
        """The case with texts that can be read and, half of the time, names of what there is."""
        body = made_visible(case.body)
        if isinstance(body, dict):
            body = with_known(with_sense(body, case.path_parameters), {"assignee": list(STAFF), "into": self._stock()})
            if case.meta.generation.mode.is_positive:
                body = as_pasted(body, case.path_parameters)
        if body != case.body:
            case.body = body
        if case.meta.generation.mode.is_positive and "complaint_id" in case.path_parameters:
            known = {"complaint_id": self._stock(), **{name: [first] for name, first in FIRST.items()}}
            case.path_parameters = with_known(case.path_parameters, known, case.body)
            in_time(case.headers, case.path_parameters, case.body)
        elif case.meta.generation.mode.is_positive and "amendment_id" in case.path_parameters:
            self._stock()
            known = {"amendment_id": self._amendments, "number": ["1"]}
            case.path_parameters = with_known(case.path_parameters, known, case.body)
            in_time(case.headers, case.path_parameters, case.body)
        elif case.meta.generation.mode.is_positive and case.path_parameters:
            self._stock()
            case.path_parameters = with_known(case.path_parameters, {"number": ["1"]} | self._records, case.body)
            in_time(case.headers, case.path_parameters, case.body)
        return case

    def _stock(self) -> list[str]:
        """Complaints in every stage, laid in anew before they are done with."""
        if self.asked >= self._stock_until:
            self._stock_until = self.asked + STOCK_LASTS
            self._complaints = lay_in(self.system, self.callers)
            self._complaints += self.late
            self._amendments = amend(self.system, self.callers)
            audit(self.system, self.callers)
            self._records = records(self.system, self.callers)
        return self._complaints

    def _hear(self, case: Any, answer: Any) -> None:
        self.asked += 1
        shown = answer.json() if '"consumer_token"' in answer.text and answer.status_code in (200, 201) else None
        if _operation(case).name in END_LINKS and answer.status_code == 200 and not _is_replayed(answer):
            self.callers.replaced(str(_in_path(case)["complaint_id"]))
        if shown and not _is_replayed(answer):
            about = shown.get("complaint_id") or _in_path(case)["complaint_id"]
            self.callers.filed(str(about), shown["consumer_token"], bearer(answer.request.headers))

    # ---- what is looked at ---------------------------------------------------------------------------------------

    def _look_at(self, recorder: Any) -> None:
        """Every answer of a scenario, those to schemathesis's own probes included."""
        for number, exchange in recorder.interactions.items():
            if exchange.response is None:
                continue
            case = recorder.cases[number].value
            operation, who = _operation(case), self._caller(case, exchange.request, exchange.timestamp)
            status, text = exchange.response.status_code, exchange.response.text
            if exchange.request.method in (operation.method, "HEAD"):  # OPTIONS is for browsers, and for anybody
                self._judge(operation, who, case.as_curl_command(), status, text)
            if who in (SHOP, OTHER_SHOP) and self.callers.secrets_of_others(bearer(exchange.request.headers), text):
                self._find(
                    "a storefront is told the secret of another", operation.name, who, case.as_curl_command(), text
                )
            for check in recorder.checks.get(number, ()):
                if info := check.failure_info:
                    what = f"{info.failure.title}: {info.failure.message}"
                    self._find(what, operation.name, who, info.code_sample, text, kind=check.name)

    def _judge(self, operation: Operation, who: str, again: str, status: int, text: str) -> None:
        self.seen[operation.name, who, status] += 1
        for fault in faults(operation, who, status, text):
            self._find(fault, operation.name, who, again, text)

    def _counts(self, failure: Any, case: Any, answer: Any) -> bool:
        """A contact as people paste it is no e-mail address by the description, and taken all the same."""
        if isinstance(failure, AcceptedNegativeData) and is_pasted(case.body):
            return False
        return not excused(failure, _operation(case), self._caller(case, answer.request), case.query or {}, answer)

    def _caller(self, case: Any, request: Any, at: float = math.inf) -> str:
        return self.callers.whose(bearer(request.headers), str(_in_path(case).get("complaint_id")), at)

    def _find(self, what: str, operation: str, who: str, again: str, answer: str, kind: str = "") -> None:
        self.found.setdefault((operation, kind or what), Finding(what, operation, who, again[:2000], answer[:600]))


def _few(examples: int) -> dict[str, Any]:
    """The phases of a short run: no walk over the edges of every value, and few examples of the rest."""
    few = {"generation": {"max-examples": examples}}
    return {
        "examples": {"enabled": False},
        "coverage": {"enabled": False},
        "fuzzing": few,
        "stateful": few | {"max-steps": 6},
    }


def _provider(callers: Callers) -> type:
    """The class by which schemathesis asks for credentials before each request."""

    class Credentials:
        def get(self, case: Any, context: Any) -> str | None:
            request = (case.method, case.path, _in_path(case), case.query, case.body)
            return callers.token(callers.choose(_operation(case), request), _in_path(case).get("complaint_id"))

        def set(self, case: Any, token: str, context: Any) -> None:
            case.headers["Authorization"] = f"Bearer {token}"

    return Credentials


def _operation(case: Any) -> Operation:
    return OPERATIONS[case.operation.definition.raw["operationId"]]


def _is_replayed(answer: Any) -> bool:
    """Whether nothing was done, since it had been done before; what it shows may be replaced by now."""
    return any(name.lower() == "idempotency-replayed" for name in answer.headers)


def _in_path(case: Any) -> dict[str, Any]:
    return case.path_parameters if isinstance(case.path_parameters, dict) else {}
