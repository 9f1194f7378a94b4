"""What can be set from outside: the ports, the clock, how much is said. All faults are named at once."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from infra.aws.clock import LAST, format_instant, parse_instant

HOST = "127.0.0.1"
PORTS = {"REDRESS_API_PORT": 8000, "REDRESS_AWS_PORT": 5000, "REDRESS_DESK_PORT": 8001}


RINGERS = frozenset({"clock", "sweep"})


@dataclass(frozen=True)
class Options:
    api_port: int
    aws_port: int
    desk_port: int
    clock: datetime | None
    verbose: bool
    without: frozenset[str] = frozenset()
    still: bool = False


def read(environment: Mapping[str, str] = os.environ) -> Options:
    """The options in the environment. Raises SystemExit naming every fault."""
    faults: list[str] = []
    ports = [_port(name, environment.get(name, ""), default, faults) for name, default in PORTS.items()]
    for name, port in zip(PORTS, ports, strict=True):
        if ports.count(port) > 1:
            faults.append(f"{name}: {port} is used twice")
    without = frozenset(filter(None, environment.get("REDRESS_WITHOUT", "").split(",")))
    if unknown := without - RINGERS:
        faults.append(f"REDRESS_WITHOUT: clock or sweep, not {', '.join(sorted(unknown))}")
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
    return Options(ports[0], ports[1], ports[2], clock, verbose, without, still)


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
