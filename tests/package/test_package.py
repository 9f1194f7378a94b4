"""What is deployed: the real app, packaged with the project's own resources, and nothing it does not need."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from chalice.utils import to_cfn_resource_name

import app
from infra.packaging import PARTS, STAGES, UNUSED, copy_project, merged, stages

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FUNCTIONS = [one.name for one in (*app.app.pure_lambda_functions, *app.app.event_sources)]
REGIONS, IN_CHINA = ("us-east-1", "ap-southeast-1"), "cn-north-1"
MISSING_IN_CHINA = {  # infra/README.md, China
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
}
WITHOUT = """
import pkgutil, sys
from importlib import import_module
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # whoever imports one fails
import app, chalicelib
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    import_module(module.name)
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import TypeAdapter
from chalicelib.web.contacts import Email
key = RSAKey.generate_key(2048)
jwt.decode(jwt.encode({"alg": "RS256"}, {}, key, ["RS256"]), key, ["RS256"])
TypeAdapter(Email).validate_python("li.na@例子.测试.example.com")
"""
AARCH64 = 0xB7  # in the header of an ELF file


def test_cfn_lint_says_nothing_of_the_template_but_what_the_regions_of_mainland_china_lack(package: Path):
    command = [BIN / "cfn-lint", package / "sam.json", "--format", "parseable", "--regions", *REGIONS, IN_CHINA]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout.splitlines()
    lacking = {f"Resource type '{kind}' does not exist in '{IN_CHINA}'" for kind in MISSING_IN_CHINA}
    assert {line.split(":E3006:")[-1] for line in said} == lacking


def test_every_function_of_the_app_is_there_for_arm_and_this_python_with_a_policy_of_its_own(template: dict[str, Any]):
    functions = {name: one["Properties"] for name, one in of_type(template, "AWS::Serverless::Function").items()}
    handlers = {to_cfn_resource_name(name): f"app.{name.replace('-', '_')}" for name in FUNCTIONS}
    assert {name: one["Handler"] for name, one in functions.items()} == {"APIHandler": "app.app"} | handlers
    assert {one["Runtime"] for one in functions.values()} == {f"python3.{sys.version_info.minor}"}
    assert [one["Architectures"] for one in functions.values()] == [["arm64"]] * len(functions)
    roles = [json.dumps(template["Resources"][one["Role"]["Fn::GetAtt"][0]]) for one in functions.values()]
    assert len(set(roles)) == len(functions)


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in template["Resources"].items() if one["Type"] == kind}


def test_settings_survive_the_merge(template: dict[str, Any]):
    assert "REDRESS_TABLE" in template["Globals"]["Function"]["Environment"]["Variables"]


# ---- stages ----------------------------------------------------------------------------------------------------------


def test_stages_differ_by_parameters_only():
    chalice = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))["stages"]
    assert chalice == {stage: {} for stage in stages()}
    assert stages() == ["dev", "prod"]


@pytest.mark.parametrize("stage", stages())
def test_a_stage_gives_values_to_parameters_that_there_are(stage: str):
    parameters = merged()["Parameters"]
    values = json.loads((STAGES / f"{stage}.json").read_text("utf-8"))
    assert values.keys() <= parameters.keys()
    for name, value in values.items():
        assert isinstance(value, str), name
        assert value in [str(one) for one in parameters[name].get("AllowedValues", [value])], name
    assert [name for name, one in parameters.items() if "Default" not in one and name not in values] == []


def test_a_name_that_stands_in_two_parts_is_noticed():
    with pytest.raises(ValueError, match=r"gateway\.yaml: .*Firewall"):
        merged(("gateway", "gateway"))


@pytest.mark.parametrize("part", PARTS)
def test_no_name_stands_twice_in_a_part(part: str):
    """YAML would take the last one and say nothing."""
    tree = yaml.compose((ROOT / "infra" / f"{part}.yaml").read_text("utf-8"))
    for mapping in mappings(tree):
        keys = [key.value for key, _ in mapping.value]
        assert sorted(keys) == sorted(set(keys)), mapping.start_mark


def mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from mappings(value)


# ---- the zip ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def names(package: Path) -> list[str]:
    with ZipFile(package / "deployment.zip") as archive:
        return archive.namelist()


def test_the_zip_holds_the_app_its_data_and_the_pinned_libraries_only(names: list[str]):
    own = {name.split("/")[0] for name in names if not name.endswith("/")}
    pinned = (
        line.split("==")[0] for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "==" in line
    )
    folders = {"phonenumberslite": "phonenumbers", "dnspython": "dns", "cffi": "cffi"}
    expected = {"app.py", "chalice", "chalicelib", "typing_extensions.py", "__pycache__"}
    expected |= {folders.get(name, name.replace("-", "_")) for name in pinned}
    unexpected = {name for name in own - expected if not name.endswith(".dist-info") and not name.endswith(".so")}
    assert unexpected == set()
    assert {
        "chalicelib/domain/policy/calendars/CN.json",
        *(f"chalicelib/domain/policy/{kind}/1.json" for kind in ("rules", "operating")),
    } <= set(names)
    assert "chalicelib/notices/receipt/zh-CN.html" in names


def test_the_zip_holds_no_tests_no_local_system_no_tools_and_no_settings(names: list[str]):
    parts = {part for name in names for part in name.lower().split("/")}
    assert parts & {"tests", "infra", "moto", "pytest", "boto3", "botocore", ".env", ".chalice", ".git"} == set()


def test_the_zip_holds_nothing_that_is_for_readers_only(names: list[str]):
    assert [name for name in names if name.startswith("chalicelib/") and name.endswith(".md")] == []


def test_what_nothing_comes_to_is_left_out_and_everything_runs_without_it(names: list[str]):
    assert {name.split("/")[0] for name in names} & {*UNUSED} == set()
    own = os.environ | {"REDRESS_TABLE": "t"}
    subprocess.run([sys.executable, "-c", WITHOUT, *UNUSED], cwd=ROOT, env=own, check=True)


def test_the_zip_is_made_for_the_machines_it_runs_on(package: Path, names: list[str]):
    libraries = [name for name in names if name.endswith(".so")]
    assert libraries
    with ZipFile(package / "deployment.zip") as archive:
        assert {name: archive.read(name)[18] for name in libraries} == dict.fromkeys(libraries, AARCH64)


def test_the_zip_holds_every_module_compiled_for_its_runtime_so_that_no_start_compiles(package: Path, names: list[str]):
    with ZipFile(package / "deployment.zip") as archive:
        flags = {name: archive.read(name)[4:8] for name in names if name.endswith(".pyc")}
    assert {cache_from_source(name) for name in names if name.endswith(".py")} == set(flags)
    assert set(flags.values()) == {b"\x01\0\0\0"}  # by a hash that nobody compares with the source


def test_whoever_runs_the_functions_may_read_the_zip_and_the_same_files_make_the_same_one(package: Path):
    with ZipFile(package / "deployment.zip") as archive:
        assert {(one.external_attr >> 16, one.date_time[0]) for one in archive.infolist()} == {(0o644, 1980)}


def test_the_zip_is_small_enough_to_start_quickly(package: Path):
    megabytes = (package / "deployment.zip").stat().st_size / 1e6
    assert megabytes < 16, f"{megabytes:.1f} MB"


def test_what_a_run_that_was_killed_left_half_written_is_not_packaged(tmp_path: Path):
    project, to = tmp_path / "project", tmp_path / "copy"
    shutil.copytree(ROOT / ".chalice", project / ".chalice")
    left = project / ".chalice" / "deployments" / "abc-python3.11.zip"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"PK")
    for file in ("app.py", "requirements.txt", "chalicelib/x.py", "chalicelib/__pycache__/x.pyc", "tests/y.py"):
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).touch()
    copy_project(project, to)
    copied = {str(file.relative_to(to)) for file in to.rglob("*") if file.is_file()}
    policies = {f".chalice/{file.name}" for file in (ROOT / ".chalice").iterdir() if file.is_file()}
    assert copied == policies | {"app.py", "requirements.txt", "chalicelib/x.py"}
