"""The clients: how each is made, compiled and tried. A story is handed its system by REDRESS_API, REDRESS_TOKEN."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import literals
from .tools import HERE, Tools, run

STORIES = HERE / "stories"
MYPY = ("-m", "mypy", "--strict", "--config-file=", "--no-incremental", "--no-error-summary", "--hide-error-context")
STRICT = {
    "strict": True,
    "target": "es2022",
    "module": "esnext",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom"],
    "types": [],
    "rootDir": ".",
    "outDir": "out",
}
"""Of the TypeScript compiler: into `out`, as modules that Node runs."""
COMPILED = ("src/main/java", "stories")
LEFT_OUT = (
    "--global-property",
    "apis,models,supportingFiles,modelDocs=false,apiDocs=false,modelTests=false,apiTests=false",
)
GENERATED = """\
package javax.annotation;

public @interface Generated {
    String[] value();
    String date() default "";
    String comments() default "";
}
"""
"""What generated Java is marked with, and JDKs after 8 have no more."""


@dataclass(frozen=True)
class Kind:
    """`make`, `compile` and `tell` take the tools, and the folder that is theirs; each raises Failed."""

    name: str
    make: Callable[[Tools, Path], object]
    compile: Callable[[Tools, Path], object]
    tell: Callable[[Tools, Path, Mapping[str, str]], object]
    needs_java: bool = False


def _make_python(tools: Tools, folder: Path) -> None:
    config = folder / "config.json"
    config.write_text(json.dumps({"package_name_override": "redress", "post_hooks": []}), encoding="utf-8")
    asked = ("generate", "--meta", "none", "--fail-on-warning", "--config", config, "--path", "openapi.json")
    tools.run_python("-m", "openapi_python_client", *asked, "--output-path", "redress", folder=folder)


def _compile_python(tools: Tools, folder: Path) -> None:
    shutil.copy(STORIES / "story.py", folder)
    run(sys.executable, *MYPY, "--python-executable", tools.python, "story.py", "redress", folder=folder)


def _tell_python(tools: Tools, folder: Path, told: Mapping[str, str]) -> None:
    tools.run_python("story.py", folder=folder, **told)


def _make_types(tools: Tools, folder: Path) -> None:
    program = tools.packages / "openapi-typescript" / "bin" / "cli.js"
    tools.run_node(program, "openapi.json", "-o", "schema.d.ts", folder=folder)


def _compile_types(tools: Tools, folder: Path) -> None:
    document: dict[str, Any] = json.loads((folder / "openapi.json").read_text(encoding="utf-8"))
    (folder / "literals.ts").write_text(literals.source(literals.written(document)), encoding="utf-8")
    shutil.copy(STORIES / "types.ts", folder / "story.ts")
    _compile_typescript(tools, folder, exactOptionalPropertyTypes=True)


def _make_fetch(tools: Tools, folder: Path) -> None:
    _generate(tools, folder, "typescript-fetch", "supportsES6=true,importFileExtension=.js")


def _compile_fetch(tools: Tools, folder: Path) -> None:
    shutil.copy(STORIES / "fetch.ts", folder / "story.ts")
    _compile_typescript(tools, folder)


def _compile_typescript(tools: Tools, folder: Path, **more: object) -> None:
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT | more}), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="ascii")
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(tools.packages)
    tools.run_node(tools.packages / "typescript" / "bin" / "tsc", "-p", ".", folder=folder)


def _tell_typescript(tools: Tools, folder: Path, told: Mapping[str, str]) -> None:
    tools.run_node("out/story.js", folder=folder, **told)


def _make_java(tools: Tools, folder: Path) -> None:
    _generate(tools, folder, "java", "openApiNullable=false,useSingleRequestParameter=true", "--library", "native")


def _compile_java(tools: Tools, folder: Path) -> None:
    """On the generator's own jar, which brings all that such a client stands on."""
    marked = folder / "stories" / "javax" / "annotation"
    marked.mkdir(parents=True)
    (marked / "Generated.java").write_text(GENERATED, encoding="ascii")
    shutil.copy(STORIES / "Story.java", folder / "stories")
    files = [str(one) for part in COMPILED for one in sorted((folder / part).rglob("*.java"))]
    (folder / "files").write_text("\n".join(files), encoding="utf-8")
    asked = ("-nowarn", "-proc:none", "-encoding", "UTF-8", "-d", "out", "-cp", tools.jar, "@files")
    tools.run_java("javac", *asked, folder=folder)


def _tell_java(tools: Tools, folder: Path, told: Mapping[str, str]) -> None:
    sees = f"out:{tools.jar}"
    tools.run_java("java", "-XX:TieredStopAtLevel=1", "-cp", sees, "Story", folder=folder, **told)


def _generate(tools: Tools, folder: Path, generator: str, properties: str, *more: str) -> None:
    """By openapi-generator, without `webhooks`: it takes those for ours, and its TypeScript does not compile."""
    asked = ("generate", "-g", generator, "-i", "openapi.json", "-o", ".", "--additional-properties", properties)
    tools.run_java("java", "-jar", tools.jar, *asked, *LEFT_OUT, *more, folder=folder)


KINDS = (
    Kind("openapi-python-client", _make_python, _compile_python, _tell_python),
    Kind("openapi-typescript", _make_types, _compile_types, _tell_typescript),
    Kind("typescript-fetch", _make_fetch, _compile_fetch, _tell_typescript, needs_java=True),
    Kind("java", _make_java, _compile_java, _tell_java, needs_java=True),
)
