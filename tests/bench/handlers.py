"""What each operation and function costs in CPU, beside the bare boto3 calls it makes, with the same answers of AWS."""

from collections.abc import Callable
from contextlib import suppress
from statistics import median
from time import process_time_ns

from botocore.exceptions import ClientError

from chalicelib.adapters import aws

from .results import Results
from .samples import API, Sample, Studio, invoke, unmeasured, wanted

QUEUE = "list_complaints"
FEW = ("file_complaint", QUEUE, "acknowledge", "a plan", "a breach", "a delivery")
QUEUE_AIM, WORK_AIM, MS_AIM = 2.0, 3.0, 3.0
READS = ("show_", "list_", "search_", "describe", "sign_in")
"""Operations that neither file nor lead from stage to stage: they have no aim of their own."""


def handlers(studio: Studio, rounds: int, said: Callable[[str], None], *, few: bool = False) -> Results:
    """Each is called in turn with the bare calls, so that both have the same weather. `few`: not every operation."""
    results = Results(
        "CPU of each handler, warm, beside its bare boto3 calls",
        ["function: what it does", "AWS calls", "handler ms", "boto3 ms", "ratio", "aim", ""],
        remarks=[
            f"Medians of {rounds} calls of the real handler with the event its source hands it, AWS's answers played",
            "from a recording; the bare calls are made by the same clients with the same arguments and answers.",
            "What stands in the way: a filing is one call, and beside it a token, an address and a telephone number",
            "are read, the first events of a chain made and a link signed; a page makes 25 views of 25 records.",
        ],
    )
    for function, what, prepare in wanted():
        if few and what not in FEW:
            continue
        said(f"handler of {function}, {what}")
        studio.record(function, what, prepare)  # whatever a container asks for only once has been asked for
        sample = studio.record(function, what, prepare)
        _add(results, sample, *_measured(studio, sample, rounds))
    if missing := unmeasured():
        results.remarks.append(f"Not measured, since nobody wrote a sample for them: {', '.join(missing)}.")
    return results


def _measured(studio: Studio, sample: Sample, rounds: int) -> tuple[float, float]:
    """Milliseconds of the handler, and of the bare calls."""
    calls = [(getattr(aws.client(call.service), call.method), call.arguments) for call in sample.calls]

    def bare() -> None:
        for method, arguments in calls:
            with suppress(ClientError):
                method(**arguments)

    with studio.playing(sample) as player:
        invoke(sample.function, sample.event)
        if player.given != len(sample.answers):
            raise RuntimeError(f"{sample.function}, {sample.what}: made other calls than when it was recorded")
        own = [
            (cost(lambda: invoke(sample.function, sample.event)), cost(bare) if calls else 0.0) for _ in range(rounds)
        ]
    return median(handler for handler, _ in own), median(boto3 for _, boto3 in own)


def cost(act: Callable[[], object]) -> float:
    """Milliseconds of CPU, of all threads together."""
    began = process_time_ns()
    act()
    return (process_time_ns() - began) / 1e6


def _add(results: Results, sample: Sample, handler: float, bare: float) -> None:
    name = f"{sample.function}: {sample.what}"
    cells = (f"{len(sample.calls)}", f"{handler:.2f}", f"{bare:.2f}")
    if not bare:
        results.add(name, *cells, "")
        return
    works = sample.function == API and not sample.what.startswith(READS)
    aim = WORK_AIM if works else QUEUE_AIM if sample.what == QUEUE else None
    results.add(name, *cells, f"{handler / bare:.2f}", aim=aim, got=handler / bare)
    if works and handler > MS_AIM:
        results.missed.append(f"{results.title}, {name}: {handler:.2f} ms, not under {MS_AIM:g} ms")
