"""The refusals that many operations have: each stands once among the components, with its headers and an example."""

from typing import Any

TEXT = {"schema": {"type": "string"}}
SECONDS = {
    "description": "So many seconds are to pass before the next try.",
    "schema": {"type": "integer", "minimum": 1},
    "example": 1,
}
LANGUAGE = TEXT | {"description": "In which `detail` and `message` are: en, zh-CN or zh-TW.", "example": "en"}
CHALLENGE = TEXT | {"description": "Which credentials are wanted: a bearer token.", "example": "Bearer"}
NAMES = {
    "400": "Malformed",
    "401": "Unauthenticated",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "NotAllowed",
    "412": "Stale",
    "413": "TooLarge",
    "415": "NotJson",
    "422": "Invalid",
    "429": "Throttled",
    "500": "Internal",
    "503": "Unavailable",
}


def headers(status: str) -> dict[str, Any]:
    """What a refusal says in its headers, beside the id of the request."""
    found: dict[str, Any] = {"Content-Language": LANGUAGE}
    if status == "401":
        found["WWW-Authenticate"] = CHALLENGE
    if status in ("429", "503"):
        found["Retry-After"] = SECONDS
    return found


def shared(document: dict[str, Any], examples: dict[str, Any]) -> dict[str, Any]:
    """The refusals that the operations of a document have, as components; each operation is left with references.

    `examples`: a problem for each status.
    """
    found: dict[str, Any] = {}
    for operation in (one for methods in document["paths"].values() for one in methods.values()):
        for status, answer in operation["responses"].items():
            if status not in NAMES:
                continue
            name = NAMES[status]
            (kind, content), = answer["content"].items()  # fmt: skip
            shown = {"example": examples[status]} if status in examples else {}
            one = answer | {"headers": answer["headers"] | headers(status), "content": {kind: content | shown}}
            if found.setdefault(name, one) != one:
                raise ValueError(f"{operation['operationId']} has a {status} of its own")
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(found.items()))
