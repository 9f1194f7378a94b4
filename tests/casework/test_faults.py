"""What fails says where, and never what anybody wrote: what a function raises ends in logs, histories, dead letters."""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

import app
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.log import Failed, reticent
from tests.bench.triggers import TRIGGERS
from tests.hearing import Heard, hearing
from tests.house import House

from .mailroom import Mailroom, mail_event

FUNCTIONS = [one.name for one in (*app.app.pure_lambda_functions, *app.app.event_sources)]
MARK = "王芳的身份证110101199003070000"
READS_NO_COMPLAINT = {"mail-events"}


@pytest.fixture(autouse=True)
def no_shop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's order system does not answer."""
    house.set(monkeypatch, REDRESS_ORDER_SYSTEM_URL="http://127.0.0.1:1")


@contextmanager
def overheard() -> Iterator[Heard]:
    """Nothing that is written inside has the mark in it."""
    with hearing() as heard:
        yield heard
    assert MARK not in json.dumps(heard.lines, ensure_ascii=False)


def invoke(function: str, entry: dict[str, Any]) -> Failed | Any:
    """What the function answers, or raises: as Lambda would write that, it is free of the mark."""
    try:
        return getattr(app, function.replace("-", "_"))(entry, None)
    except Failed as raised:
        failed = raised
    assert MARK not in "".join(traceback.format_exception(failed))
    assert failed.__context__ is None
    return failed


def spoiled(value: Any) -> Any:
    """The same with every word in the wrong place: no model takes it."""
    match value:
        case str():
            return [MARK, value]
        case dict():
            return {name: spoiled(one) for name, one in value.items()}
        case list():
            return [spoiled(one) for one in value]
    return value


def spoil(item: dict[str, Any], part: str) -> bool:
    """Whether the item has the part, whose words are in the wrong places now."""
    if part == "data" and "entry" in item:
        entry = json.loads(item["entry"]["S"])
        item["entry"] = {"S": json.dumps(entry | {"data": spoiled(entry["data"])})}
    elif part in item:
        item[part] = {"S": json.dumps(spoiled(json.loads(item[part]["S"])))}
    return part in item or (part == "data" and "entry" in item)


@pytest.mark.parametrize("part", ["head", "contact", "entry", "data", "summary"])
@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name not in READS_NO_COMPLAINT])
def test_a_record_that_cannot_be_read_is_quoted_nowhere(house: House, function: str, part: str) -> None:
    house.file()
    entry = next(iter(TRIGGERS[function].values()))(house)
    for item in house.items():
        if spoil(item, part):
            boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=item)
    for record in entry.get("Records", ()):
        if "NewImage" in record.get("dynamodb", {}):
            spoil(record["dynamodb"]["NewImage"], part)
    house.pass_time(days=30)
    with overheard() as heard:
        answer = invoke(function, entry)
    reads = {"ring": "head", "sweep": "head", "react": "entry", "rounds": "summary", "call-webhooks": "summary"}
    if part == reads.get(function, "head"):
        assert isinstance(answer, Failed) or any(line.get("level") == "error" for line in heard.lines), answer


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_service_says_in_its_errors_is_quoted_nowhere(house: House, function: str) -> None:
    def fail(call: str, moment: str) -> None:
        raise RuntimeError(MARK)

    entry = next(iter(TRIGGERS[function].values()))(house)
    house.pass_time(days=3)
    with overheard() as heard, house.interfering(fail):
        answer = invoke(function, entry)
    faults = [line for line in heard.lines if line.get("level") == "error"]
    assert {line["exception"] for line in faults} == {"builtins.RuntimeError"}
    if isinstance(answer, Failed):
        assert heard.about("a function failed")[0]["function"] == function.replace("-", "_")
        assert type(answer).__name__ == "RuntimeError"
        assert str(answer).endswith(faults[-1]["at"][-1])
    else:
        assert len(answer["batchItemFailures"]) == 1


def test_what_the_mail_system_says_in_its_reports_is_quoted_nowhere(house: House) -> None:
    room = Mailroom(house)
    house.file()
    room.settle()
    (receipt,) = (item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer"))
    told = mail_event(house, "Delivery", receipt)
    message = json.loads(told["Records"][0]["Sns"]["Message"])
    message["mail"]["tags"]["notice"] = [f"{MARK}-consumer-receipt"]
    told["Records"][0]["Sns"]["Message"] = json.dumps(message)
    with overheard() as heard:
        assert isinstance(invoke("mail-events", told), Failed)
    assert heard.about("a function failed")


def test_what_leaves_a_function_has_the_name_by_which_step_functions_knows_it() -> None:
    @reticent
    def spins() -> None:
        raise ArithmeticError(MARK)

    with overheard(), pytest.raises(Failed, match=r"^log\.py:\d+ → test_faults\.py:\d+$") as failed:
        spins()
    assert type(failed.value).__name__ == "ArithmeticError"


def test_a_model_does_not_quote_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="description") as fault:
        Complaint.model_validate_json(json.dumps({"description": [MARK]}))
    assert MARK not in str(fault.value)
