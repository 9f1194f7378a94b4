"""What can be set from outside: the ports, the clock, how much is said, and what of the house's own settings may be
chosen here. All faults are named at once."""

import os
import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from infra.aws.clock import LAST, format_instant, parse_instant

HOST = "127.0.0.1"
PORTS = {"REDRESS_API_PORT": 8000, "REDRESS_AWS_PORT": 5000, "REDRESS_DESK_PORT": 8001}


RINGERS = frozenset({"clock", "sweep"})
STOREFRONT = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_STOREFRONTS = 40
OWN = {*PORTS, *(f"REDRESS_{name}" for name in ("CLOCK", "CLOCK_STILL", "VERBOSE", "WITHOUT", "STATE", "STOREFRONTS"))}
HONOURED = {
    f"REDRESS_{name}"
    for name in (
        *(
            "CORS_ORIGINS",
            "PAGE_ORIGINS",
            "TRACKING_URL",
            "PRIVACY_URL",
            "SENDER",
            "REPLY_TO",
            "SMS_SENDER",
            "SERVICE_PHONE",
        ),
        *("ORDER_SYSTEM_URL", "ORDER_SYSTEM_SECRET", "TOKEN_KEYS", "CONTACT_KEY", "WEBHOOK_KEY", "WEBHOOK_HOSTS"),
    )
}
"""The settings of the house that may be chosen here; what the others name is made here."""


@dataclass(frozen=True)
class Options:
    api_port: int
    aws_port: int
    desk_port: int
    clock: datetime | None
    verbose: bool
    without: frozenset[str] = frozenset()
    still: bool = False
    state: Path | None = None
    storefronts: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> tuple[str, str, str]:
        """Where the API, the AWS services and the desk listen."""
        api, aws, desk = (f"http://{HOST}:{port}" for port in (self.api_port, self.aws_port, self.desk_port))
        return api, aws, desk


def read(environment: Mapping[str, str] = os.environ) -> Options:
    """The options in the environment. Raises SystemExit naming every fault; a name that nobody knows is told."""
    from chalicelib.settings import PREFIX, Settings, wrong  # takes a moment, and the tour needs nothing of it

    faults: list[str] = []
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value.strip()}
    settings = {name: value for name, value in given.items() if name in HONOURED}
    faults += wrong(settings)
    of_the_house = {PREFIX + name.upper() for name in Settings.model_fields}
    faults += [
        f"{name}: what it names is made by the local system itself; leave it out"
        for name in sorted(given.keys() & of_the_house - HONOURED)
    ]
    for name in sorted(given.keys() - of_the_house - OWN):
        known = {one.removeprefix(PREFIX): one for one in HONOURED | OWN}
        likely = get_close_matches(name.removeprefix(PREFIX), known, 1, cutoff=0.75)
        meant = f"; is {known[likely[0]]} meant?" if likely else ""
        print(f"{name} is not known here and is left out{meant}", file=sys.stderr, flush=True)
    ports = [_port(name, environment.get(name, ""), default, faults) for name, default in PORTS.items()]
    for name, port in zip(PORTS, ports, strict=True):
        if ports.count(port) > 1:
            faults.append(f"{name}: {port} is used twice")
    without = frozenset(filter(None, environment.get("REDRESS_WITHOUT", "").split(",")))
    if unknown := without - RINGERS:
        faults.append(f"REDRESS_WITHOUT: clock or sweep, not {', '.join(sorted(unknown))}")
    storefronts = tuple(dict.fromkeys(filter(None, environment.get("REDRESS_STOREFRONTS", "").split(","))))
    if len(storefronts) > MOST_STOREFRONTS or not all(map(STOREFRONT.fullmatch, storefronts)):
        faults.append(f"REDRESS_STOREFRONTS: names of letters, digits, . _ and -, {MOST_STOREFRONTS} at most")
    clock = None
    try:
        clock = parse_instant(environment["REDRESS_CLOCK"]) if environment.get("REDRESS_CLOCK") else None
    except ValueError as fault:
        faults.append(f"REDRESS_CLOCK: {fault}")
    if clock and clock > LAST:
        faults.append(f"REDRESS_CLOCK: the furthest that is possible is {format_instant(LAST)}")
    if faults:
        raise SystemExit("The local system cannot start:\n" + "\n".join(f"  {fault}" for fault in faults))
    verbose, still = (environment.get(f"REDRESS_{name}", "") not in ("", "0") for name in ("VERBOSE", "CLOCK_STILL"))
    state = Path(environment["REDRESS_STATE"]).expanduser() if given.get("REDRESS_STATE") else None
    return Options(ports[0], ports[1], ports[2], clock, verbose, without, still, state, storefronts, settings)


def _port(name: str, text: str, default: int, faults: list[str]) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        faults.append(f"{name}: not a port between 1 and 65535: {text!r}")
        return -len(faults)
    return int(text)


def claim_ports(options: Options) -> list[socket.socket]:
    """Listening sockets for API, AWS and desk, all of them or none. Raises SystemExit naming a port that is taken."""
    claimed: list[socket.socket] = []
    for name, port in zip(PORTS, (options.api_port, options.aws_port, options.desk_port), strict=True):
        claim = socket.socket()
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            claim.bind((HOST, port))
            claim.listen(128)
        except OSError as fault:
            for other in (*claimed, claim):
                other.close()
            raise SystemExit(f"Port {port} cannot be used ({fault.strerror}); set {name} to a free one.") from None
        claimed.append(claim)
    return claimed
