"""What is deployed: the real app, packaged with the project's own resources, and nothing it does not need."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from chalicelib.adapters import items
from chalicelib.domain.lifecycle import Stage
from chalicelib.domain.people import Role

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
INDEXES = {
    items.queue_of(Role.CUSTOMER_SERVICE, Stage.RECEIVED).by,
    items.queue_of_assignee("cs.lin").by,
    items.queue_of_order("E1").by,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `make package` makes."""
    out = tmp_path_factory.mktemp("package")
    command = [BIN / "chalice", "package", "--merge-template", "infra/resources.yaml", "--template-format", "yaml", out]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def template(package: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((package / "sam.yaml").read_text()))


def test_the_template_has_nothing_for_cfn_lint_to_say(package: Path):
    done = subprocess.run([BIN / "cfn-lint", package / "sam.yaml"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_function_of_the_app_is_there_with_a_policy_of_its_own(template: dict[str, Any]):
    functions = {
        name: resource["Properties"]["Handler"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert functions == {
        "APIHandler": "app.app",
        "React": "app.react",
        "Deliver": "app.deliver",
        "Ring": "app.ring",
        "Sweep": "app.sweep",
        "TendCalendar": "app.tend_calendar",
    }
    policies = [
        [policy["PolicyDocument"]["Statement"] for policy in role["Properties"]["Policies"]]
        for name, role in of_type(template, "AWS::IAM::Role").items()
        if name != "ClockMachineRole"
    ]
    assert len({json.dumps(policy) for policy in policies}) == len(functions)
    statements = [statement for policy in policies for document in policy for statement in document]
    actions = [action for one in statements for action in flat(one["Action"])]
    assert not [action for action in actions if "*" in action]
    assert [flat(one["Action"]) for one in statements if one["Resource"] == "*"] == [["ses:SendRawEmail"]]


def flat(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in template["Resources"].items() if one["Type"] == kind}


def test_the_functions_that_are_not_http_are_called_with_partial_batch_answers(template: dict[str, Any]):
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping")
    assert {one["Properties"]["FunctionName"]["Ref"] for one in mappings.values()} == {"React", "Deliver"}
    for mapping in mappings.values():
        assert mapping["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_stream_wakes_react_for_events_only(template: dict[str, Any]):
    (pattern,) = template["Resources"]["ReactStream"]["Properties"]["FilterCriteria"]["Filters"]
    keys = json.loads(pattern["Pattern"])["dynamodb"]["Keys"]
    assert keys == {"sk": {"S": [{"prefix": items.EVENT}]}}


def test_the_table_has_the_indexes_the_code_reads(template: dict[str, Any]):
    indexes = template["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    keys = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in indexes}
    assert keys == {name: [f"{name}_pk", "due_sk"] for name in INDEXES} | {"alarm": ["alarm_pk", "alarm_sk"]}


def test_settings_survive_the_merge(template: dict[str, Any]):
    assert "REDRESS_TABLE" in template["Globals"]["Function"]["Environment"]["Variables"]


def test_the_zip_holds_the_app_its_data_and_the_pinned_libraries_only(package: Path):
    with ZipFile(package / "deployment.zip") as archive:
        names = archive.namelist()
    own = {name.split("/")[0] for name in names if not name.endswith("/")}
    pinned = (line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    folders = {"phonenumberslite": "phonenumbers", "dnspython": "dns", "cffi": "cffi"}
    expected = {"app.py", "chalice", "chalicelib", "typing_extensions.py"}
    expected |= {folders.get(name, name.replace("-", "_")) for name in pinned}
    unexpected = {name for name in own - expected if not name.endswith(".dist-info") and not name.endswith(".so")}
    assert unexpected == set()
    assert {"chalicelib/domain/calendars/CN.json", "chalicelib/domain/policies/1.json"} <= set(names)
    assert "chalicelib/notices/receipt/zh-CN.html" in names
    assert not [name for name in names if "boto" in name or "pytest" in name]


def test_the_zip_is_small_enough_to_start_quickly(package: Path):
    megabytes = (package / "deployment.zip").stat().st_size / 1e6
    assert megabytes < 12, f"{megabytes:.1f} MB"
