"""Whatever the locale says: files and the words of other processes are read and written in a named encoding."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def left_to_the_locale(call: ast.Call) -> bool:
    named = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    if "encoding" in named:
        return False
    match call.func, call.args:
        case ast.Attribute(attr="read_text"), encoding:
            return not encoding
        case ast.Attribute(attr="write_text"), [_, *encoding]:
            return not encoding
        case ast.Name("open"), [_, *mode]:
            return "b" not in "".join(map(ast.unparse, mode))
    return "True" in (named.get("text"), named.get("universal_newlines"))


def found(source: str) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [ast.unparse(call) for call in calls if left_to_the_locale(call)]


def test_no_locale_chooses_an_encoding():
    files = [path for folder in ("chalicelib", "infra", "tests", ".ci") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 200
    assert {str(path): calls for path in files if (calls := found(path.read_text("utf-8")))} == {}


def test_a_call_that_leaves_it_to_the_locale_is_found():
    left = ["path.read_text()", "path.write_text('好')", "open(path)", "open(path, 'w')", "run(command, text=True)"]
    said = ["path.read_text('utf-8')", "path.write_text('好', encoding='utf-8')", "open(path, 'rb')", "run(command)"]
    assert found("\n".join([*left, *said])) == left
