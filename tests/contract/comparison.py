"""What of a description of the contract would break clients that were made of another one, of before.

What is sent may become wider, never narrower: all that was taken must be taken still. What is answered may say more,
never less, and nothing of another kind than it did: clients leave aside what they do not know, new fields, new values
of codes, new statuses of refusal. Of `webhooks` the other way round: there we send.

Schemas are compared as far as these descriptions use them: references, objects, lists, maps, unions, constants, bounds.
What cannot be told, such as a pattern that became another, counts as narrower.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .schemas import Answers, Sent, Side

Document = dict[str, Any]
WELL = ("2", "3")


def breaking(old: Document, new: Document) -> list[str]:
    """Each a sentence that begins with the operation; empty if every client of the old one works with the new one."""
    side = Side(old, new)
    between = Between(side, Sent(side), Answers(side))
    return list(dict.fromkeys([*_of(between, "paths"), *_of(between, "webhooks")]))


class Between(NamedTuple):
    """Two documents; what is `sent` in either and what is `read`. A schema that is named is compared once."""

    side: Side
    sent: Sent
    read: Answers


def _of(between: Between, part: str) -> Iterator[str]:
    old, new = between.side.old, between.side.new
    for path, methods in old.get(part, {}).items():
        for method, operation in methods.items():
            named = f"{method.upper()} {path}"
            now = new.get(part, {}).get(path, {}).get(method)
            if now is None:
                yield f"{named} is gone"
                continue
            compared = _called if part == "webhooks" else _operation
            for fault in compared(between, operation, now):
                yield f"{named}: {fault}"


def _operation(between: Between, old: Any, new: Any) -> Iterator[str]:
    """What we are asked."""
    if old["operationId"] != new["operationId"]:
        yield f"is called {new['operationId']} instead of {old['operationId']}"
    if lost := _ways(old) - _ways(new):
        yield f"is not open to {', '.join(sorted(lost))} any more"
    yield from _parameters(between, old, new)
    yield from _body(between, old, new)
    yield from _answers(between, old, new)


def _called(between: Between, old: Any, new: Any) -> Iterator[str]:
    """What we ask: its body is read as an answer is, and what it is answered with is taken as a request is."""
    for name in _by_name(old).keys() - _by_name(new).keys():
        yield f"{name[1]} is not sent any more"
    was, now = _content(old.get("requestBody")), _content(new.get("requestBody"))
    for kind, schema in was.items():
        yield from (f"what is sent: {one}" for one in between.read.compared(schema, now.get(kind, {})))
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{status} is not understood any more"
            continue
        said = _content(between.side.old_of(answer)), _content(between.side.new_of(new["responses"][status]))
        for kind, schema in said[0].items():
            yield from (f"{status}: {one}" for one in between.sent.compared(schema, said[1].get(kind, {})))


def _ways(operation: Any) -> set[str]:
    """How one may make oneself known; without any, anybody may."""
    return {way for one in operation.get("security", ()) for way in one} or {"anybody"}


def _by_name(operation: Any) -> dict[tuple[str, str], Any]:
    return {(one["in"], one["name"]): one for one in operation.get("parameters", ())}


def _parameters(between: Between, old: Any, new: Any) -> Iterator[str]:
    was, now = _by_name(old), _by_name(new)
    for (where, name), one in was.items():
        if where == "path":  # its place is what counts: what it is called, nobody sends
            continue
        if (where, name) not in now:
            yield f"{name} ({where}) is not taken any more"
            continue
        taken = now[where, name]
        if taken.get("required") and not one.get("required"):
            yield f"{name} ({where}) is required now"
        yield from (f"{name} ({where}): {fault}" for fault in between.sent.compared(one["schema"], taken["schema"]))
    for (where, name), one in now.items():
        if one.get("required") and where != "path" and (where, name) not in was:
            yield f"{name} ({where}) is new and required"


def _body(between: Between, old: Any, new: Any) -> Iterator[str]:
    was, now = old.get("requestBody"), new.get("requestBody")
    if now and now.get("required") and not (was and was.get("required")):
        yield "a body is required now"
    for kind, schema in _content(was).items():
        if kind not in _content(now):
            yield f"{kind} is not taken any more"
            continue
        yield from (f"body: {one}" for one in between.sent.compared(schema, _content(now)[kind]))


def _answers(between: Between, old: Any, new: Any) -> Iterator[str]:
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            if status.startswith(WELL):
                yield f"{status} is not answered any more"
            continue
        was, now = between.side.old_of(answer), between.side.new_of(new["responses"][status])
        for name in was.get("headers", {}).keys() - now.get("headers", {}).keys():
            yield f"{status}: {name} is not sent any more"
        for kind, schema in _content(was).items():
            if kind not in _content(now):
                yield f"{status}: {kind} is not answered any more"
                continue
            yield from (f"{status}: {one}" for one in between.read.compared(schema, _content(now)[kind]))
    for status in new["responses"].keys() - old["responses"].keys():
        if status.startswith(WELL) and status != "304":  # which only who asks for it gets
            yield f"{status} is answered now"


def _content(body: Any) -> dict[str, Any]:
    return {kind: one.get("schema", {}) for kind, one in (body or {}).get("content", {}).items()}
