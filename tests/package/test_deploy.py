"""`make deploy` never runs here; what it would run, and what it says to whoever cannot deploy yet, does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra import deploy
from infra.packaging import STAGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("path", "bucket", "absent"), [("", [], 2), ("", ["mine"], 1)])
def test_whoever_cannot_deploy_yet_is_told_what_is_missing(path: str, bucket: list[str], absent: int):
    command = [sys.executable, "-m", "infra.deploy", "prod", *bucket]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("(missing)") == absent
    assert "make deploy STAGE=prod BUCKET=" in done.stderr
    assert "infra/README.md" in done.stderr


def test_a_stage_is_sent_deployed_with_its_parameters_and_shown(tmp_path: Path):
    values = json.loads((STAGES / "prod.json").read_text("utf-8"))
    (tmp_path / "parameters.json").write_text(json.dumps(values), "utf-8")
    send, put, show = deploy.commands("prod", "mine", tmp_path)
    assert [command[2] for command in (send, put, show)] == ["package", "deploy", "describe-stacks"]
    assert put[put.index("--template-file") + 1] == send[send.index("--output-template-file") + 1]
    assert "CAPABILITY_IAM" in put
    overrides = put[put.index("--parameter-overrides") + 1 :]
    assert dict(one.split("=", 1) for one in overrides) == values


def test_a_parameter_that_is_misspelt_is_told(tmp_path: Path):
    (tmp_path / "sam.json").write_text('{"Parameters": {"SenderAddress": {}, "ReplyTo": {}}}', "utf-8")
    (tmp_path / "parameters.json").write_text('{"SenderAdress": "a@shop.example", "ReplyTo": ""}', "utf-8")
    assert deploy.misspelt(tmp_path) == ["SenderAdress"]
