"""Anyone may ask whether the house stands."""

import boto3
import pytest

from infra.aws import REGION
from tests.house import House, forget, refused


def test_health_tells_the_version_the_calendars_reach_and_that_the_table_is_there(house: House) -> None:
    answer = house.get("/v1/health")
    assert answer.status == 200
    health = answer.json
    assert (health["status"], health["table"], health["now"]) == ("ok", "reachable", "2026-10-09T07:40:00Z")
    assert health["calendar"]["first_year"] <= 2026 <= health["calendar"]["last_year"]
    assert health["version"]


def test_health_without_the_table_is_a_problem_that_tells_the_same(house: House) -> None:
    well = house.get("/v1/health").json
    dynamodb, table = boto3.client("dynamodb", region_name=REGION), house.environment["REDRESS_TABLE"]
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=table)
    answer = house.get("/v1/health")
    problem = refused(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert problem["table"] == "unreachable"
    assert {name: problem[name] for name in ("version", "calendar", "now")} == {
        name: well[name] for name in ("version", "calendar", "now")
    }


def test_health_while_the_database_is_out_of_reach_answers_soon(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    forget()
    refused(house.get("/v1/health"), 503, "unavailable")
