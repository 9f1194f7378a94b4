"""The small faults that are tried: where each is put in, and what stands there then.

A comparison at its boundary or turned round, a condition left out, a number one more, something not done, or done
without one of its parts. Words are left as they are, and so are assertions and what is checked when a module is loaded.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot}
OPPOSITE |= {ast.IsNot: ast.Is}
COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr}
TURNED = {"min": "max", "max": "min", "any": "all", "all": "any"}
NEVER, ALWAYS = ast.Constant(False), ast.Constant(True)
SAID = ("description", "examples", "match")  # arguments that are words
LONGEST = 70  # characters of what is shown of a fault


@dataclass(frozen=True)
class Fault:
    """In a line of a module `becomes` stands for `was`; `put_in` changes the module's tree, for good."""

    line: int
    was: str
    becomes: str
    put_in: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.was} → {self.becomes}" if self.becomes else f"without {self.was}"


@dataclass(frozen=True)
class Place:
    """Where a node hangs in its tree: in a field, or at some place of a list there."""

    holder: ast.AST
    field: str
    at: int | None = None

    def fault(self, was: ast.AST, becomes: ast.AST) -> Fault:
        """The node gives way to another."""
        return Fault(_line(was, self.holder), _shown(was), _shown(becomes), lambda: self._set(becomes))

    def loss(self, lost: ast.AST, without: ast.AST) -> Fault:
        """The node gives way to the same `without` a part that is `lost`."""
        return Fault(_line(lost, self.holder), _shown(lost), "", lambda: self._set(without))

    def _set(self, node: ast.AST) -> None:
        if self.at is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.at] = node


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def faults_in(tree: ast.Module) -> list[Fault]:
    """All faults that can be put into a module, in the order of its lines."""
    return sorted(_below(tree, in_function=False), key=lambda fault: fault.line)


def _below(node: ast.AST, *, in_function: bool) -> Iterator[Fault]:
    for field, value in ast.iter_fields(node):
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _passed_over(child, in_function):
                continue
            inside = in_function or isinstance(child, ast.FunctionDef | ast.Lambda)
            if field in ("annotation", "returns"):  # only what bounds a field: Field(ge=1)
                bounds = [call for call in ast.walk(child) if isinstance(call, ast.Call)]
                yield from chain.from_iterable(_below(call, in_function=inside) for call in bounds)
                continue
            place = Place(node, field, at)
            yield from _changed(place, child)
            yield from _left_out(place, child, in_function=inside)
            yield from _below(child, in_function=inside)


def _passed_over(node: ast.AST, in_function: bool) -> bool:
    checks = isinstance(node, ast.If) and not in_function and all(isinstance(one, ast.Raise) for one in node.body)
    return checks or isinstance(node, ast.Assert | ast.Import | ast.ImportFrom)


def _changed(place: Place, node: ast.AST) -> Iterator[Fault]:
    """Something else stands there."""
    decides = isinstance(place.holder, ast.If) and place.field == "test"  # and is tried as always and never anyhow
    match node:
        case ast.Compare(left, operators, rights):
            for n, operator in enumerate(operators):
                if other := BOUNDARY.get(type(operator)) or (not decides and OPPOSITE.get(type(operator))):
                    turned = [*operators[:n], other(), *operators[n + 1 :]]
                    yield place.fault(node, ast.Compare(left, turned, rights))
        case ast.UnaryOp(ast.Not(), operand) if not decides:
            yield place.fault(node, operand)
        case ast.BinOp(left, operator, right) if type(operator) in COUNTED:
            yield place.fault(node, ast.BinOp(left, COUNTED[type(operator)](), right))
        case ast.IfExp(_, body, orelse):
            yield place.fault(node, body)
            yield place.fault(node, orelse)
        case ast.If(test):
            yield Place(node, "test").fault(test, ALWAYS)
            yield Place(node, "test").fault(test, NEVER)
        case ast.Constant(bool() as value):
            yield place.fault(node, ast.Constant(not value))
        case ast.Constant(int() as value):
            yield place.fault(node, ast.Constant(value + 1))
        case ast.Break():
            yield place.fault(node, ast.Continue())
        case ast.Call(ast.Name(name) as called, arguments, keywords) if name in TURNED:
            yield place.fault(node, ast.Call(ast.Name(TURNED[name], called.ctx), arguments, keywords))
        case ast.Call(ast.Name("reversed"), [argument]):
            yield place.fault(node, argument)


def _left_out(place: Place, node: ast.AST, *, in_function: bool) -> Iterator[Fault]:
    """A part of it is not there; at the top of a module what is listed is checked when it is loaded."""
    match node:
        case ast.Expr(ast.Call()) | ast.AugAssign():
            yield place.loss(node, ast.Pass())
        case ast.BoolOp(operator, values):
            for part, rest in _without_each(values):
                yield place.loss(part, rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest))
        case ast.BinOp(left, ast.BitOr(), right) if not _is_type(right):
            yield place.loss(right, left)
            yield place.loss(left, right)
        case ast.comprehension(target, iterated, conditions):
            for part, rest in _without_each(conditions):
                yield place.loss(part, ast.comprehension(target, iterated, rest, 0))
        case ast.Call(called, arguments, keywords):
            for part, rest in _without_each(keywords):
                if part.arg not in SAID:
                    yield place.loss(part, ast.Call(called, arguments, rest))
        case ast.Set(parts):
            for part, rest in _without_each(parts):
                yield place.loss(part, ast.Set(rest))
        case ast.Tuple(parts, ast.Load()) if _is_list(parts, place):
            for part, rest in _without_each(parts):
                yield place.loss(part, ast.Tuple(rest, ast.Load()))
        case ast.Dict(names, values) if in_function:
            for (name, value), rest in _without_each(list(zip(names, values, strict=True))):
                entries = ast.Dict([one for one, _ in rest], [one for _, one in rest])
                yield place.loss(value if name is None else ast.Dict([name], [value]), entries)


def _without_each(parts: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    return ((part, [*parts[:n], *parts[n + 1 :]]) for n, part in enumerate(parts))


def _is_list(parts: list[ast.expr], place: Place) -> bool:
    """Whether a tuple is as long as it happens to be: one more, or one of several."""
    of_several = isinstance(place.holder, ast.Compare) and isinstance(place.holder.ops[0], ast.In | ast.NotIn)
    return len(parts) > 1 and (of_several or any(isinstance(part, ast.Starred) for part in parts))


def _is_type(node: ast.AST) -> bool:
    named = node.id if isinstance(node, ast.Name) else ""
    return (isinstance(node, ast.Constant) and node.value is None) or named[:1].isupper()


def _line(node: ast.AST, holder: ast.AST) -> int:
    inner = next((one for one in ast.walk(node) if hasattr(one, "lineno")), holder)
    return getattr(inner, "lineno", 0)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
