"""`make package`: the template, the parameters of a stage and the zip, as CloudFormation takes them.

Chalice makes the functions, their roles and the API. What stands in `PARTS` is merged into that: dictionaries are
merged, anything else replaces what Chalice wrote. The template is JSON: in YAML Chalice writes aliases, which
CloudFormation refuses. It is the same for every stage; a stage is a file of parameters.
"""

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.resources import load_resources

HERE = Path(__file__).parent
PARTS = ("resources", "functions", "gateway", "watch", "analysis")
STAGES = HERE / "stages"
NEEDED = ("app.py", "chalicelib", ".chalice", "requirements.txt")
"""What is packaged, and what Chalice reads for it."""
UNUSED = ("dns", "pycparser")
"""What pinned libraries ask for and nothing of ours comes to: asking whether a mail domain is there, building C."""


def merged(parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """The parts as one. Raises ValueError for a name that stands in two of them."""
    whole: dict[str, dict[str, Any]] = {}
    for part in parts:
        for section, content in load_resources(HERE / f"{part}.yaml").items():
            known = whole.setdefault(section, {})
            if twice := known.keys() & content.keys():
                raise ValueError(f"{part}.yaml: {', '.join(sorted(twice))} stands in another part too")
            known |= content
    return whole


def package(out: Path, stage: str) -> None:
    """Writes `sam.json`, `parameters.json` and `deployment.zip`. Raises CalledProcessError.

    Chalice works on a copy: it keeps its zip in the project and takes it up again as it is, also while another process
    is still writing it, or after one was killed over it.
    """
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        project, parts = Path(folder) / "project", Path(folder) / "merged.json"
        copy_project(HERE.parent, project)
        parts.write_text(json.dumps(merged()), "utf-8")
        chalice = [Path(sys.executable).with_name("chalice"), "package", "--stage", stage, "--merge-template", parts]
        region = {"AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}  # it asks; nothing depends
        subprocess.run([*chalice, out], cwd=project, env=os.environ | region, check=True)
    add_compiled(out / "deployment.zip")
    shutil.copy(STAGES / f"{stage}.json", out / "parameters.json")


def copy_project(root: Path, to: Path) -> None:
    """What Chalice needs of a project, and nothing that an earlier run of it left there."""
    for name in NEEDED:
        if (root / name).is_dir():
            shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, to / name)


def add_compiled(zipped: Path) -> None:
    """Puts a `.pyc` beside each module: Lambda's folder takes none, so each start would compile everything anew.

    By the Python that runs this, which is the one that Chalice writes into the template. Our documents are left out,
    and what is `UNUSED`.
    """
    with TemporaryDirectory() as unpacked:
        with ZipFile(zipped) as archive:
            archive.extractall(unpacked, [name for name in archive.namelist() if _is_needed(name)])
        compileall.compile_dir(
            unpacked, quiet=1, stripdir=unpacked, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, workers=0
        )
        with ZipFile(zipped, "w", ZIP_DEFLATED) as archive:
            for file in sorted(path for path in Path(unpacked).rglob("*") if path.is_file()):
                entry = ZipInfo(str(file.relative_to(unpacked)))  # of 1980: the same files make the same zip
                entry.external_attr, entry.compress_type = 0o644 << 16, ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())


def _is_needed(name: str) -> bool:
    if name.endswith(".pyc") or name.split("/")[0] in UNUSED:
        return False
    return not (name.startswith("chalicelib/") and name.endswith(".md"))


def stages() -> list[str]:
    return sorted(file.stem for file in STAGES.glob("*.json"))


def main() -> None:
    parser = argparse.ArgumentParser("python -m infra.packaging", description=__doc__)
    parser.add_argument("stage", choices=stages())
    parser.add_argument("--out", type=Path, default=HERE.parent / "build" / "package")
    asked = parser.parse_args()
    package(asked.out.resolve(), asked.stage)


if __name__ == "__main__":
    main()
