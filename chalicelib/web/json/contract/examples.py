"""Examples of the description: what was really asked and answered, as it stands in the document."""

from typing import Any, NamedTuple

JSON = "application/json"


class Examples(NamedTuple):
    """By the names of operations, and there by who asks: what they send, and what is answered. `problems`: by status;
    `news`: what a webhook is called with."""

    sent: dict[str, dict[str, Any]]
    answered: dict[str, dict[str, Any]]
    problems: dict[str, Any]
    news: dict[str, Any]


NONE = Examples({}, {}, {}, {})


def put_into(document: dict[str, Any], examples: Examples) -> None:
    """What is sent and what is answered, into each operation; that of refusals and webhooks stands elsewhere."""
    for operation in (one for methods in document["paths"].values() for one in methods.values()):
        name = operation["operationId"]
        if "requestBody" in operation and name in examples.sent:
            operation["requestBody"]["content"][JSON]["examples"] = _named(examples.sent[name])
        for answer in _done(operation):
            if JSON in answer.get("content", ()) and name in examples.answered:
                answer["content"][JSON]["examples"] = _named(examples.answered[name])


def taken_from(document: dict[str, Any]) -> Examples:
    """The examples that stand in a document."""
    sent, answered = {}, {}
    for operation in (one for methods in document["paths"].values() for one in methods.values()):
        name = operation["operationId"]
        if shown := operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("examples"):
            sent[name] = _values(shown)
        for answer in _done(operation):
            if shown := answer.get("content", {}).get(JSON, {}).get("examples"):
                answered[name] = _values(shown)
    responses = document["components"]["responses"].values()
    shown = [one["example"] for answer in responses for one in answer["content"].values() if "example" in one]
    news = document["webhooks"]["complaint"]["post"]["requestBody"]["content"][JSON].get("example", {})
    return Examples(sent, answered, {str(one["status"]): one for one in shown}, news)


def _done(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [answer for status, answer in operation["responses"].items() if status.startswith("2")]


def _named(by_caller: dict[str, Any]) -> dict[str, Any]:
    return {who: {"value": value} for who, value in by_caller.items()}


def _values(shown: dict[str, Any]) -> dict[str, Any]:
    return {who: one["value"] for who, one in shown.items()}
