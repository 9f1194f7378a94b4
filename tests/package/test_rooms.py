"""What lives where in infra/: beside the import contracts of pyproject.toml, what they cannot say."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN_WORDS = re.compile(r"redress|chalicelib|complaint", re.IGNORECASE)
SES = "ses_events.py"
"""SES calls it a complaint when somebody marks mail as unwanted."""
LOCAL_SYSTEM = re.compile(r"local system|infra[./]local|make run", re.IGNORECASE)


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("module", modules("infra/aws"), ids=lambda path: path.name)
def test_the_aws_of_one_machine_has_no_word_for_what_runs_on_it(module):
    found = set(OWN_WORDS.findall(module.read_text("utf-8")))
    assert found <= ({"complaint", "Complaint"} if module.name == SES else set())


def test_each_command_is_kept_apart_from_the_local_system():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (kept,) = (one for one in contracts if "infra.deploy" in one.get("source_modules", []))
    assert kept["source_modules"] == [f"infra.{one.stem}" for one in modules("infra") if one.parent.name == "infra"][1:]


def test_what_is_deployed_does_not_name_the_local_system():
    named = [str(one) for one in modules("chalicelib") if LOCAL_SYSTEM.search(one.read_text("utf-8"))]
    assert named == []
