"""Records are rebuilt and words are erased on the running system, by its AWS port alone, as they are on AWS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infra.deployment import LOCAL_REGION, LOCAL_STACK
from tests.house import KETTLE
from tests.running import PATIENCE, ROOT, System, running_system

from .test_redrive import filed


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with running_system() as running:
        yield running


@pytest.fixture
def table(system: System) -> Any:
    session = boto3.Session("local", "local", region_name=LOCAL_REGION)
    return session.resource("dynamodb", endpoint_url=system.aws).Table(f"{LOCAL_STACK}-Table")


def ordered(system: System, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", f"infra.{command}", "--endpoint-url", system.aws, *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REDRESS_", "AWS_"))}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE)


def test_a_harmed_head_is_found_among_all_and_mended(system: System, table: Any) -> None:
    number = filed(system)
    key = {"pk": f"RECORD#{number}", "sk": "HEAD"}
    table.update_item(Key=key, UpdateExpression="SET queue_pk = :no", ExpressionAttributeValues={":no": "nowhere"})
    told = ordered(system, "rebuild", "--all", "--check")
    assert (told.returncode, f"{number}: queue_pk: differs" in told.stdout, told.stderr) == (1, True, "")
    assert ordered(system, "rebuild", number).returncode == 1
    assert ordered(system, "rebuild", "--all").returncode == 0


def test_the_words_of_a_closed_complaint_are_gone(system: System, table: Any) -> None:
    number = filed(system)
    refused = ordered(system, "erase", number)
    assert (refused.returncode, "Close it first" in refused.stderr) == (1, True)
    signed = {"username": "cs.lin", "password": "Redress-local-1"}
    token = system.call("POST", "/v1/sign-in", signed).json()["access_token"]
    path = f"/v1/complaints/{number}"
    assert system.call("POST", f"{path}/withdrawal", {}, Authorization=f"Bearer {token}").status == 200
    system.settle()
    done = ordered(system, "erase", number)
    assert (done.returncode, done.stderr) == (0, "")
    system.settle()
    view = system.call("GET", path, Authorization=f"Bearer {token}").json()
    assert (view["stage"], view["contact"]["name"]) == ("closed", "")
    kept = [item for item in table.scan()["Items"] if number in item["pk"] + item["sk"]]
    assert not any(str(words) in str(kept) for words in (*KETTLE["contact"].values(), KETTLE["description"]))
    assert ordered(system, "rebuild", number).returncode == 0


@pytest.mark.parametrize("command", ["rebuild", "erase"])
def test_without_a_running_system_one_line_says_what_to_do(command: str) -> None:
    nowhere = System("", "http://127.0.0.1:9", "", None)  # type: ignore[arg-type]
    told = ordered(nowhere, command, "7K2M9-XD4FQ")
    assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (1, "", 1)
    assert "make run" in told.stderr
