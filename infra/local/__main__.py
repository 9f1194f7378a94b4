"""`python -m infra.local`: the whole system on one machine, until Ctrl-C."""

import argparse
import os
import signal
import time

from infra.local.options import HOST, Options, claim_ports, read

STOPS = (signal.SIGINT, signal.SIGTERM)

ABOUT = """\
Starts Redress on this machine: the API, the AWS services it needs, and a desk for trying things.
Nothing leaves the machine, nothing is kept after it stops."""

VARIABLES = """\
environment:
  REDRESS_API_PORT    port of the API (8000)
  REDRESS_AWS_PORT    port of the AWS services, for the AWS CLI (5000)
  REDRESS_DESK_PORT   port of the desk (8001)
  REDRESS_CLOCK       where the clock starts, such as 2026-02-10T02:00:00Z (now)
  REDRESS_CLOCK_STILL 1: the clock stands still until it is moved
  REDRESS_VERBOSE     1 prints a line for every request
  REDRESS_WITHOUT     clock or sweep: leave one of the two out; the other rings every alarm by itself"""


def main() -> int:
    parser = argparse.ArgumentParser(
        "python -m infra.local",
        description=ABOUT,
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--app", default="app", metavar="MODULE", help="the module that has the Chalice app (app)")
    arguments = parser.parse_args()
    began = time.monotonic()
    for number in STOPS:
        signal.signal(number, _give_up)
    options = read()
    sockets = claim_ports(options)  # before anything slow, so that a taken port is told at once

    from infra.aws.isolation import forget_real_aws

    forget_real_aws()
    from infra.local.system import System

    system = System(options, sockets, arguments.app)
    system.start()
    print(_welcome(options, time.monotonic() - began), flush=True)
    _wait_for_a_stop()
    system.stop()
    return 0


def _give_up(*_: object) -> None:
    """A stop while starting: everything so far is in this process, and goes with it."""
    raise SystemExit(0)


def _wait_for_a_stop() -> None:
    """Return at the first signal to stop. By a pipe: a lock, such as an Event's, may be held by the very code that the
    signal interrupts, and a signal just before a wait would be slept over."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in STOPS:
        signal.signal(number, lambda *_: None)
    os.read(reader, 1)


def _welcome(options: Options, seconds: float) -> str:
    from infra.local.staff import STAFF, STAFF_PASSWORD

    api, aws, desk = (f"http://{HOST}:{port}" for port in (options.api_port, options.aws_port, options.desk_port))
    accounts = "\n".join(f"    {name:<16}{', '.join(groups)}" for name, groups in STAFF.items())
    return f"""\
Redress is up after {seconds:.1f} s. Ctrl-C stops it; nothing is kept.

  the API       {api}/v1
  AWS services  {aws}   (aws --endpoint-url {aws} dynamodb list-tables)
  the desk      {desk}

  staff, password {STAFF_PASSWORD}
{accounts}

  try next
    make tour                                    a complaint's whole life, in another terminal
    curl {api}/v1/health
    curl -d grant_type=client_credentials -d client_id=storefront -d client_secret=storefront-local \\
         {desk}/oauth2/token
    curl {desk}/outbox
    curl -d '{{"advance": "P1D"}}' {desk}/clock
"""


if __name__ == "__main__":
    raise SystemExit(main())
