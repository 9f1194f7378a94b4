"""What it costs that a shop is called by its webhook, and how many such calls are made in a second."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from urllib.parse import urlsplit

from infra.tour import parties
from infra.tour.calls import Line
from tests.running import running_system

from . import triggers
from .complaints import complaint
from .handlers import cost
from .lives import Life, begun
from .meter import Call, Invocation, Meter
from .prices import PRICES
from .quantities import gb_seconds, milliseconds, quantities
from .results import Results
from .samples import Studio, invoke
from .shop import open_shop

FUNCTION, TAKEN = "call-webhooks", "a plan"
ABOUT = ("'SHOP#", "'STOREFRONT#", "WebhooksQueue")
"""Of news and webhooks, among the arguments of a call."""
READS = ("GetItem", "Query")


# ---- cents -----------------------------------------------------------------------------------------------------------


def delivered(meter: Meter, api: str, desk: str, shop: str, many: int) -> Results:
    """Quantities and cents of one, the mean of so many, in the two functions that take part."""
    results = Results(
        "What a webhook delivered costs: list prices of AWS in us-east-1, in US cents",
        ["", "`react`: it is listed and sent on", "cents", "`call-webhooks`: it is called", "cents"],
        remarks=[
            "Part of the bill of a complaint whose shop has a webhook, by the same rules; a receiver answers at once.",
            "Of `react` what it does for the storefront, without its own CPU: the complaint is read and the news are",
            "written for GET /v1/events, webhook or not; the message is for the webhook.",
        ],
    )
    listed, called = Counter[str](), Counter[str]()
    with begun(api, desk) as life:
        life.shop.put("/v1/webhook", {"url": shop})
        for _ in range(many):
            life.file(phone=False)
            meter.invocations.clear()
            life.works("acknowledgement", {"message": "我们已受理，马上调查。"})
            listed += _listed(meter.invocations)
            called += _called(life, meter.invocations)
    _priced(results, listed, called, many)
    return results


def _listed(invocations: Iterable[Invocation]) -> Counter[str]:
    calls = [call for one in invocations if one.function == "react" for call in _for_news(one.calls)]
    counted = sum((Counter(call.used) for call in calls), Counter[str]())
    counted["AWS calls"] = len(calls)
    counted["gb_seconds"] = gb_seconds(Invocation("react", "", calls))
    return counted


def _for_news(calls: list[Call]) -> Iterator[Call]:
    """Those about news and webhooks, and the reading of the complaint just before the first of them."""
    for before, call in zip([None, *calls], calls, strict=False):
        if _is_about(call):
            if before and before.name.endswith(READS) and not _is_about(before):
                yield before
            yield call


def _is_about(call: Call) -> bool:
    return any(one in call.arguments for one in ABOUT)


def _called(life: Life, invocations: Iterable[Invocation]) -> Counter[str]:
    own = [one for one in invocations if one.function == FUNCTION]
    counted = quantities(own, life.complaint_id)
    del counted["transitions"]
    return counted


def _priced(results: Results, listed: Counter[str], called: Counter[str], many: int) -> None:
    for key, price in PRICES.items():
        if listed[key] or called[key]:
            cells = ((f"{own[key] / many:.4g}", f"{own[key] / many * price.cents:.5f}") for own in (listed, called))
            results.add(price.what, *(cell for pair in cells for cell in pair))
    results.add("AWS calls", *(cell for own in (listed, called) for cell in (f"{own['AWS calls'] / many:.4g}", "")))
    sums = [sum(own[key] * price.cents for key, price in PRICES.items()) / many for own in (listed, called)]
    results.add("altogether", *(cell for one in sums for cell in ("", f"{one:.5f}")))
    results.add("both", "", "", "", f"{sum(sums):.5f}")


# ---- a second --------------------------------------------------------------------------------------------------------


def a_second(studio: Studio, rounds: int, many: int, said: Callable[[str], None]) -> Results:
    """Of one `call-webhooks`, and, of so many complaints, if any, of the running local system."""
    results = Results(
        "Webhooks in a second",
        ["what", "figure"],
        remarks=["The receiver is on this machine and answers at once; a webhook is an invocation of its own."],
    )
    said(f"calling a webhook {rounds} times")
    sample = studio.record(FUNCTION, TAKEN, triggers.TRIGGERS[FUNCTION][TAKEN])
    with studio.playing(sample):
        invoke(FUNCTION, sample.event)
        began = time.perf_counter()
        costs = [cost(lambda: invoke(FUNCTION, sample.event)) for _ in range(rounds)]
        took = (time.perf_counter() - began) / rounds * 1000
    own = Invocation(FUNCTION, "", [Call(f"{one.service}:", "", {}) for one in sample.calls], median(costs) / 1000)
    results.add(
        "CPU of a webhook in `call-webhooks`, its receiver's included, AWS's answers played", f"{median(costs):.2f} ms"
    )
    results.add("webhooks a second of one `call-webhooks` where AWS answers at once", f"{1000 / took:.0f}")
    results.add(
        "webhooks a second of one `call-webhooks` on Lambda, as the bill reckons", f"{1000 / milliseconds(own):.0f}"
    )
    if many:
        _over_http(results, many, said)
    return results


def _over_http(results: Results, many: int, said: Callable[[str], None]) -> None:
    """So many complaints are filed while a webhook is called, and all of it is brought once more."""
    with open_shop() as shop, running_system(REDRESS_WEBHOOK_HOSTS=urlsplit(shop).netloc) as system:
        line = Line(system.api, system.desk)
        storefront = parties.storefront(line)
        storefront.sign_in()
        storefront.put("/v1/webhook", {"url": shop})
        said(f"filing {many} complaints of a shop that is called")
        filing = _seconds(
            line, lambda: [storefront.post("/v1/complaints", complaint(phone=False)) for _ in range(many)]
        )
        since = {"from": "2026-10-01T00:00:00Z"}
        again = _seconds(line, lambda: storefront.post("/v1/webhook/redelivery", since))
        calls = sum(len(page) for page in _attempts(storefront))
    if calls != 2 * many:
        raise RuntimeError(f"{calls} webhooks were called, not {2 * many}")
    results.add("webhooks a second of the local system while complaints are filed", f"{many / filing:.0f}")
    results.add("webhooks a second of the local system at a redelivery", f"{many / again:.0f}")


def _seconds(line: Line, act: Callable[[], object]) -> float:
    """Until nothing is left to do."""
    began = time.perf_counter()
    act()
    line.settle()
    return time.perf_counter() - began


def _attempts(storefront: parties.Party) -> Iterator[list[object]]:
    path, cursor = "/v1/webhook/attempts?limit=100", ""
    while cursor is not None:
        page = storefront.get(path + (f"&cursor={cursor}" if cursor else ""))
        cursor = page["next_cursor"]
        yield page["items"]
