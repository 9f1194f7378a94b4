"""The stream and the queue as functions get them, for tests that play the part of Lambda."""

from typing import Any

from tests.house import House


def new_records(house: House, seen: set[str]) -> list[dict[str, Any]]:
    """The table's events that are not in `seen`, as its stream would deliver them, in order; `seen` grows by them."""
    records = []
    for item in house.items():
        name = f"{item['pk']['S']} {item['sk']['S']}"
        if "entry" in item and name not in seen:
            seen.add(name)
            number = str(len(seen))
            change = {"SequenceNumber": number, "NewImage": item}
            records.append({"eventID": f"e{number}", "eventName": "INSERT", "dynamodb": change})
    return records


def run(function: Any, batch: list[dict[str, Any]]) -> list[str]:
    """Invoke a function of the app; the identifiers it wants again."""
    answer = function({"Records": batch}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
