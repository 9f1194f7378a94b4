"""What is written down by hand, as TypeScript that must compile: the bodies in the documents, those of the tests, and
the examples of the contract itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.examples import EXAMPLES

ROOT = Path(__file__).parents[2]
HEAD = """\
import type { paths } from "./schema";

type Content<T> = T extends { content: infer C } ? C[keyof C] : never;
type Body<O> = O extends { requestBody?: infer B } ? Content<NonNullable<B>> : never;
type Answer<O, S> = O extends { responses: infer R } ? (S extends keyof R ? Content<R[S]> : never) : never;
"""
CURL = re.compile(r"\$\{?API\}?(/v1/[^\s\"'?]+).*? -d '(\{.*?\})'", re.DOTALL)
STAFF = re.compile(r"^staff (\S+) '(\{.*?\})'", re.DOTALL | re.MULTILINE)
"""`staff answers/1 '{…}'` of the README's walk: about one complaint, by POST."""
COUNTED = re.compile(r"'\$\([^)]*\)'")
"""A number that the shell puts into a body."""
Document = dict[str, Any]


class Literal(NamedTuple):
    where: str
    kind: str
    value: Any


def written(document: Document) -> list[Literal]:
    return [*_of_documents(document), *_of_tests(document), *_of_the_contract(document)]


def source(literals: list[Literal]) -> str:
    lines = [
        f"// {one.where}\nexport const _{number}: {one.kind} = {json.dumps(one.value, ensure_ascii=False)};"
        for number, one in enumerate(literals)
    ]
    return "\n".join([HEAD, *lines, ""])


def bodies_in(text: str) -> Iterator[tuple[str, Any]]:
    """The paths that a document calls by POST or PUT, as it writes them, and the bodies."""
    for command in re.split(r"curl |```", text):
        if called := CURL.search(command):
            yield called[1], json.loads(COUNTED.sub("1", called[2]))
    for path, body in STAFF.findall(text):
        yield f"/v1/complaints/$ID/{path}", json.loads(body)


def template(path: str, document: Document) -> str:
    """The path of the contract that this one is; KeyError if there is none."""
    exact = [one for one in document["paths"] if one == path]
    fitting = [one for one in document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
    for one in exact + fitting:
        return str(one)
    raise KeyError(f"the contract has no {path}")


def _of_documents(document: Document) -> Iterator[Literal]:
    for file in sorted({ROOT / "README.md", *(ROOT / "chalicelib").rglob("README.md")}):
        for path, body in bodies_in(file.read_text(encoding="utf-8")):
            known = template(path, document)
            method = next(one for one in ("post", "put") if one in document["paths"][known])
            yield Literal(f"{file.relative_to(ROOT)}: {path}", f'Body<paths["{known}"]["{method}"]>', body)


def _of_tests(document: Document) -> Iterator[Literal]:
    for path, method, operation in _operations(document):
        example = EXAMPLES.get(operation["operationId"])
        if example and example.body is not None and "requestBody" in operation:
            yield Literal(f"tests: {operation['operationId']}", f'Body<paths["{path}"]["{method}"]>', example.body)


def _of_the_contract(document: Document) -> Iterator[Literal]:
    for path, method, operation in _operations(document):
        of = f'paths["{path}"]["{method}"]'
        where = f"the contract: {operation['operationId']}"
        for example in _examples(operation.get("requestBody", {})):
            yield Literal(where, f"Body<{of}>", example)
        for status, answer in operation["responses"].items():
            for example in _examples(answer):
                yield Literal(f"{where} {status}", f"Answer<{of}, {status}>", example)


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "delete"):
            if method in item:
                yield path, method, item[method]


def _examples(part: Document) -> Iterator[Any]:
    for media, content in part.get("content", {}).items():
        if "json" in media:
            yield from ([content["example"]] if "example" in content else [])
            yield from (one["value"] for one in content.get("examples", {}).values() if "value" in one)
