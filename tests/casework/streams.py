"""The stream and the queue as functions get them, for tests that play the part of Lambda."""

from typing import Any

from tests.house import House


def new_records(house: House, seen: set[str]) -> list[dict[str, Any]]:
    """The table's events that are not in `seen`, as its stream would deliver them, in order; `seen` grows by them."""
    records = []
    for item in house.items(
        lambda it: "entry" in it.attrs and _name(it.hash_key.value, it.range_key.value) not in seen
    ):
        seen.add(_name(item["pk"]["S"], item["sk"]["S"]))
        number = str(len(seen))
        change = {"SequenceNumber": number, "NewImage": item}
        records.append({"eventID": f"e{number}", "eventName": "INSERT", "dynamodb": change})
    return records


def _name(record: str, place: str) -> str:
    return f"{record} {place}"


def run(function: Any, batch: list[dict[str, Any]]) -> list[str]:
    """Invoke a function of the app; the identifiers it wants again."""
    answer = function({"Records": batch}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
