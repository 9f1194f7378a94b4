"""The desk: where whoever tries the system gets tokens, reads what was sent and moves the clock. Never deployed."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

from infra.aws.answers import Answer, Refused, json_answer
from infra.aws.clock import AT_ONCE, Alarms, Backwards, Clock, format_instant, parse_duration, parse_instant, travel
from infra.aws.functions import Function, scheduled_event
from infra.aws.outages import Outages
from infra.aws.pumps import LOG, Pumps
from infra.aws.tokens import TokenEndpoint
from infra.local.answers import OurHandler
from infra.local.outbox import Outbox
from infra.local.shop import OrderSystem

ACCEPTED = 'accepted is {"advance": "P3DT2H"} or {"set": "2026-12-01T00:00:00Z"}'


@dataclass
class Desk:
    """What the desk reaches for."""

    clock: Clock
    pumps: Pumps
    outbox: Outbox
    tokens: TokenEndpoint
    schedules: Mapping[str, Function]
    region: str
    outages: Outages
    order_system: OrderSystem
    alarms: Sequence[Alarms] = ()
    travelling: threading.Lock = field(default_factory=threading.Lock)
    settle_machines: Callable[[], bool] = lambda: True

    def settle(self) -> None:
        if not (self.pumps.settle() and self.settle_machines() and self.pumps.settle()):
            raise Refused(504, "It has not settled within two minutes; something writes without end.")

    def move_clock(self, request: object) -> datetime:
        """Move the clock as the request says; the time it is then."""
        if not isinstance(request, dict) or len(request) != 1 or not request.keys() <= {"advance", "set"}:
            raise Refused(400, f"One of the two: {ACCEPTED}.")
        with self.travelling:
            try:
                travel(self.clock, self._target(request), self.alarms, self.settle)
            except Backwards as fault:
                raise Refused(409, f"{fault}.") from None
            except ValueError as fault:
                raise Refused(400, f"{fault}; {ACCEPTED}.") from None
        return self.clock.now()

    def _target(self, request: dict[str, object]) -> datetime:
        """Raises ValueError."""
        if "set" in request:
            return parse_instant(request["set"])
        way, now = parse_duration(request["advance"]), self.clock.now()
        return now + min(way, AT_ONCE + timedelta(seconds=1))  # too far is too far, whatever a date can hold

    def begin_outage(self, request: object) -> Answer:
        if not isinstance(request, dict) or request.keys() != {"service", "kind"}:
            raise Refused(400, 'An outage is like {"service": "ses", "kind": "down"}.')
        try:
            self.outages.begin(str(request["service"]), str(request["kind"]))
        except ValueError as fault:
            raise Refused(400, f"{fault}.") from None
        return json_answer(200, self.outages.current())

    def end_outages(self) -> Answer:
        self.outages.end()
        return json_answer(200, self.outages.current())

    def switch_order_system(self, request: object) -> Answer:
        if not isinstance(request, dict) or request.keys() != {"up"} or not isinstance(request["up"], bool):
            raise Refused(400, 'It is switched by {"up": false} and {"up": true}.')
        self.order_system.up = request["up"]
        return json_answer(200, {"up": self.order_system.up})

    def run_schedule(self, name: str) -> Answer:
        if name not in self.schedules:
            known = ", ".join(sorted(self.schedules)) or "none"
            raise Refused(404, f"There is no scheduled function {name[:100]!r}; there are: {known}.")
        try:
            self.schedules[name](scheduled_event(name, self.region, self.clock.now()))
        except Exception as fault:  # whatever it raises, the caller asked for it
            LOG.exception("the scheduled function %s failed", name)
            raise Refused(500, f"{name} failed: {type(fault).__name__}. The log has more.") from None
        return json_answer(200, {"ran": name})


class DeskHandler(OurHandler):
    """A connection to the desk. A subclass sets the desk."""

    desk: ClassVar[Desk]

    def respond(self, path: str, query: str, body: bytes) -> Answer:
        steps = path.strip("/").split("/")
        named = steps[0] in ("schedules", "orders") and len(steps) == 2
        resource = f"{steps[0]}/*" if named else "/".join(steps)
        routes: Mapping[str, Mapping[str, Callable[[], Answer]]] = {
            "health": {"GET": lambda: json_answer(200, {"status": "ok"})},
            "outbox": {"GET": lambda: self._outbox(query)},
            "clock": {"GET": lambda: self._now(self.desk.clock.now()), "POST": lambda: self._move(body)},
            "settle": {"POST": self._settle},
            "oauth2/token": {"POST": lambda: self.desk.tokens.answer(body, self.headers.get("Authorization"))},
            "schedules/*": {"POST": lambda: self.desk.run_schedule(steps[1])},
            "outage": {"POST": lambda: self.desk.begin_outage(_json(body)), "DELETE": self.desk.end_outages},
            "order-system": {"POST": lambda: self.desk.switch_order_system(_json(body))},
            "orders/*": {"GET": lambda: self.desk.order_system.answer(path, self.headers)},
        }
        self.about = f"/{resource}" if resource in routes else ""
        if resource not in routes:
            raise Refused(
                404, f"There is nothing at this address; there are: {', '.join(f'/{name}' for name in routes)}."
            )
        method = "GET" if self.command == "HEAD" else self.command
        if method not in routes[resource]:
            raise Refused(405, f"{self.command[:20]} is not possible here.", ("Allow", ", ".join(routes[resource])))
        return routes[resource][method]()

    def _outbox(self, query: str) -> Answer:
        recipient = parse_qs(query.replace("+", "%2B")).get("to", [None])[0]  # a phone number begins with a plus
        return json_answer(200, self.desk.outbox.to(recipient))

    def _settle(self) -> Answer:
        self.desk.settle()
        return json_answer(200, {"settled": True})

    def _move(self, body: bytes) -> Answer:
        return self._now(self.desk.move_clock(_json(body)))

    def _now(self, now: datetime) -> Answer:
        return json_answer(200, {"now": format_instant(now)})


def _json(body: bytes) -> Any:
    """What the body says; nothing, which every reader refuses, if it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None
