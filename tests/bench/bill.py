"""What a complaint costs on AWS: its lives are lived on the local system, measured, and priced."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

import app
from infra.aws import REGION
from infra.aws.isolation import forget_real_aws
from infra.local.options import HOST, Options, claim_ports
from infra.local.system import System
from tests.house import forget
from tests.running import free_ports

from . import webhooks
from .consumption import Scales
from .lives import BEGINS, LIVES, Live, begun
from .meter import Call, Invocation, Meter
from .prices import PRICES, TEXT_MESSAGES
from .quantities import FULL_CPU, WAITS, of_complaint, quantities
from .results import Results
from .shop import open_shop

CALLED = 5  # webhooks
AIM = 0.20  # US cents for a good life, e-mail included
NOT_PRICED = {"texts": "parts of text messages", "AWS calls": "AWS calls"}


def bills(said: Callable[[str], None], lives: Iterable[Live] = LIVES) -> tuple[Results, ...]:
    """One column for each life: quantities and cents; what each function did in them; what of it is for supervision;
    and what a webhook costs besides."""
    with open_shop() as shop, _system(urlsplit(shop).netloc) as (meter, api, desk):
        counted, invoked = {}, {}
        for live in lives:
            name = str(live.__doc__).strip()
            said(name)
            meter.invocations.clear()
            with begun(api, desk) as life:
                meter.invocations.clear()
                live(life)
            own = list(of_complaint(life.complaint_id, meter.invocations))
            counted[name], invoked[name] = quantities(own, life.complaint_id), own
        said("a webhook")
        called = webhooks.delivered(meter, api, desk, shop, CALLED)
    return _bill(counted), _by_function(invoked), _lines(invoked), called


@contextmanager
def _system(shop: str) -> Iterator[tuple[Meter, str, str]]:
    """A local system in this process with a meter on it, and the URLs of its API and its desk. `shop`: the host of a
    webhook that may be called."""
    forget_real_aws()
    forget()
    own = {"REDRESS_WEBHOOK_HOSTS": shop}
    options = Options(*free_ports(3), datetime.fromisoformat(BEGINS), verbose=False, settings=own)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            patch.setenv(name, os.environ[name])  # so that what the system sets is set back
        system = System(options, claim_ports(options))
        system.start()
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[os.environ["REDRESS_TABLE"]]
        meter = Meter(Scales(table))
        try:
            with meter.on(app.app):
                yield meter, f"http://{HOST}:{options.api_port}", f"http://{HOST}:{options.desk_port}"
        finally:
            system.stop()
            forget()


def _bill(counted: dict[str, Counter[str]]) -> Results:
    columns = [cell for name in counted for cell in (name, "cents")]
    results = Results(
        "What a complaint costs: list prices of AWS in us-east-1, in US cents",
        ["", *columns, "aim", ""],
        remarks=[
            "Signing in is not part of it, nor the rounds of the house (sweep, digest, calendar), which are for all.",
            "Units of DynamoDB by its published rules, each index and transaction included; warm invocations.",
            "A request to SQS for each message sent, received and deleted; one e-mail for each message to a topic.",
            f"Lambda: CPU measured here × {FULL_CPU} MB / its memory, and per call of AWS a wait of "
            + ", ".join(f"{service} {wait}" for service, wait in WAITS.items())
            + " ms (assumed).",
            TEXT_MESSAGES,
        ],
    )
    totals = dict.fromkeys(counted, 0.0)
    for key, price in PRICES.items():
        cells = []
        for name, own in counted.items():
            cents = own[key] * price.cents
            totals[name] += cents
            cells += [_number(own[key]), f"{cents:.4f}"]
        results.add(price.what, *cells)
    for key, what in NOT_PRICED.items():
        results.add(what, *(cell for own in counted.values() for cell in (_number(own[key]), "")))
    first = next(iter(totals.values()))
    sums = [cell for total in totals.values() for cell in ("", f"{total:.4f}")]
    results.add("altogether", *sums, aim=AIM, got=first, unit="cents")
    return results


def _number(quantity: float) -> str:
    return (
        f"{quantity:.4f}"
        if 0 < quantity < 1
        else f"{quantity:,.0f}"
        if quantity == int(quantity)
        else f"{quantity:,.1f}"
    )


def _by_function(invoked: dict[str, list[Invocation]]) -> Results:
    results = Results(
        "What each function does in a good life and in a bad one",
        ["function", *(cell for name in invoked for cell in (name, "AWS calls", "CPU ms"))],
    )
    functions = dict.fromkeys(one.function for own in invoked.values() for one in own)
    for function in functions:
        cells = []
        for own in invoked.values():
            mine = [one for one in own if one.function == function]
            calls = sum(len(one.calls) for one in mine)
            cells += [str(len(mine)), str(calls), f"{sum(one.cpu for one in mine) * 1000:.0f}"]
        results.add(function, *cells)
    return results


def _lines(invoked: dict[str, list[Invocation]]) -> Results:
    results = Results(
        "Lines written for a closure, and what that costs in US cents",
        ["of one complaint, closed once", *invoked],
        remarks=["Part of the bill above: lines are put one by one, and what is no filing reads its entries before."],
    )
    of_lives = [[call for one in own for call in _for_lines(one.calls)] for own in invoked.values()]
    used = [sum((Counter(call.used) for call in calls), Counter[str]()) for calls in of_lives]
    put = [sum(_is_line(call) and call.name.endswith("PutItem") for call in calls) for calls in of_lives]
    results.add("lines", *map(str, put))
    results.add("AWS calls", *(str(len(calls)) for calls in of_lives))
    for key in ("write_units", "read_units"):
        results.add(PRICES[key].what, *(_number(own[key]) for own in used))
    results.add("cents", *(f"{sum(own[key] * PRICES[key].cents for key in own):.4f}" for own in used))
    return results


def _for_lines(calls: list[Call]) -> Iterator[Call]:
    """Those that write lines or mark their days, and the reading of entries just before the first of them."""
    for before, call in zip([None, *calls], calls, strict=False):
        if _is_line(call):
            if before and before.name == "dynamodb:Query" and not _is_line(before):
                yield before
            yield call


def _is_line(call: Call) -> bool:
    return "'LINES#" in call.arguments
