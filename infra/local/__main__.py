"""`python -m infra.local`: the whole system on one machine, until Ctrl-C."""

import argparse
import logging
import os
import signal
import sys
import time

from infra.local.options import Options, claim_ports, read

LOG = logging.getLogger("local")
STOPS = (signal.SIGINT, signal.SIGTERM)

ABOUT = """\
Starts Redress on this machine: the API, the AWS services it needs, and a desk for trying things.
Nothing leaves the machine but calls of a webhook whose address is elsewhere, and nothing is kept after it stops, unless
a folder is named for it."""

VARIABLES = """\
environment:
  REDRESS_API_PORT    port of the API (8000)
  REDRESS_AWS_PORT    port of the AWS services, for the AWS CLI (5000)
  REDRESS_DESK_PORT   port of the desk (8001)
  REDRESS_CLOCK       where the clock starts, such as 2026-02-10T02:00:00Z (now)
  REDRESS_CLOCK_STILL 1: the clock stands still until it is moved
  REDRESS_STATE       a folder that keeps what there is over a restart, written when the system stops
  REDRESS_STOREFRONTS further storefronts by name, comma separated; the secret of shop-c is shop-c-local
  REDRESS_VERBOSE     1 prints a line for every request
  REDRESS_WITHOUT     clock or sweep: leave one of the two out; the other rings every alarm by itself

settings of the house, as on AWS (chalicelib/README.md), with what they are here otherwise:
  REDRESS_CORS_ORIGINS         pages of other origins that may call the API (the API's own are always among them)
  REDRESS_PAGE_ORIGINS         origins under which a proxy shows the console (none)
  REDRESS_TRACKING_URL         the page that consumers' links lead to (the API's /track)
  REDRESS_PRIVACY_URL          the page on personal data that receipts name (the API's /privacy)
  REDRESS_SENDER, _REPLY_TO    From and Reply-To of mails
  REDRESS_SERVICE_PHONE        customer service's number, which consumers' pages name
  REDRESS_SMS_SENDER           the module that sends texts
  REDRESS_ORDER_SYSTEM_URL, _ORDER_SYSTEM_SECRET   a shop's order system to ask (the desk's)
  REDRESS_WEBHOOK_HOSTS        hosts that are no public ones, and may be a webhook's, by http too (127.0.0.1,localhost)
  REDRESS_TOKEN_KEYS, _CONTACT_KEY, _WEBHOOK_KEY   secrets (made up)
What the other settings name is made here: they are refused. A name that nobody knows is told and left out."""

KNOWN_TO_THE_CLI = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 AWS_PAGER="
"""What the AWS CLI asks for before it calls anybody, and asks nobody's configuration for then."""


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
    code = 1
    try:
        system.close()
        sys.stdout.flush()
        code = 0
    except Exception:
        LOG.exception("it has not stopped as it should")
    finally:
        os._exit(code)  # whatever was filed lies in this process, and would be taken apart piece by piece


def _give_up(*_: object) -> None:
    """A stop while starting: everything so far is in this process, and goes with it. Not by an exception: where the
    signal falls into a callback of the interpreter's own, as while it imports, that would be printed and forgotten."""
    os._exit(0)


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

    api, aws, desk = options.addresses
    accounts = "\n".join(f"    {name:<16}{', '.join(groups)}" for name, groups in STAFF.items())
    kept = f"what there is is kept in {options.state}" if options.state else "nothing is kept"
    return f"""\
Redress is up after {seconds:.1f} s. Ctrl-C stops it; {kept}.

  the API       {api}/v1
  the console   {api}/console, where staff work: sign in as {next(iter(STAFF))}, password {STAFF_PASSWORD}
  AWS services  {aws}
  the desk      {desk}
  a shop        {desk}/shop, where a first complaint is filed by hand

  staff, password {STAFF_PASSWORD}
{accounts}

  try next
    make tour                                    a complaint's whole life, in another terminal
    curl {api}/v1/health
    curl -d grant_type=client_credentials -d client_id=storefront -d client_secret=storefront-local \\
         {desk}/oauth2/token
    curl {desk}/outbox
    {KNOWN_TO_THE_CLI} aws --endpoint-url {aws} dynamodb list-tables
    curl -d '{{"advance": "P1D"}}' {desk}/clock
"""


if __name__ == "__main__":
    raise SystemExit(main())
