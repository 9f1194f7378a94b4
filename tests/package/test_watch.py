"""Whoever is told of something by an alarm can read what to do; whatever can fail is watched."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .test_package import FUNCTIONS, of_type

README = (Path(__file__).parents[2] / "infra" / "README.md").read_text()
HEADINGS = set(re.findall(r"^#+ (.+)$", README, re.MULTILINE))


@pytest.fixture(scope="module")
def alarms(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in of_type(template, "AWS::CloudWatch::Alarm").items()}


def watched(alarm: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Namespace, metric, and what it is about."""
    single = [alarm] if "MetricName" in alarm else []
    parts = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    return [
        (one["Namespace"], one["MetricName"], json.dumps([value["Value"] for value in one.get("Dimensions", ())]))
        for one in (*single, *parts)
    ]


def test_every_alarm_says_what_is_wrong_and_names_the_section_that_says_what_to_do(alarms: dict[str, dict[str, Any]]):
    for name, alarm in alarms.items():
        said = re.fullmatch(r"(.{20,}) Do: infra/README\.md, (.+)\.", alarm["AlarmDescription"])
        assert said, name
        assert said[2] in HEADINGS, f"{name}: {said[2]}"


def test_every_alarm_reaches_operations_and_says_what_silence_means(alarms: dict[str, dict[str, Any]]):
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "OperationsTopic"}], name
        assert "TreatMissingData" in alarm, name
        seconds = alarm.get("Period", 300) * alarm["EvaluationPeriods"]
        assert seconds <= (86400 if alarm.get("Period", 300) < 3600 else 7 * 86400), name


def test_every_dead_letter_raises_an_alarm(template: dict[str, Any], alarms: dict[str, dict[str, Any]]):
    queues = {name for name in of_type(template, "AWS::SQS::Queue") if name.endswith("DeadLetters")}
    names = {about for alarm in alarms.values() for _, metric, about in watched(alarm) if metric.endswith("Visible")}
    assert names == {json.dumps([{"Fn::GetAtt": [queue, "QueueName"]}]) for queue in queues}


def test_every_function_that_fails_raises_an_alarm(template: dict[str, Any], alarms: dict[str, dict[str, Any]]):
    functions = of_type(template, "AWS::Serverless::Function")
    assert len(functions) == len(FUNCTIONS) + 1
    failing = {about for alarm in alarms.values() for _, metric, about in watched(alarm) if metric == "Errors"}
    assert failing == {json.dumps([{"Ref": function}]) for function in functions}


def test_the_page_is_readable_and_shows_every_alarm(template: dict[str, Any], alarms: dict[str, dict[str, Any]]):
    (page,) = of_type(template, "AWS::CloudWatch::Dashboard").values()
    body = page["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]
    (board,) = [one for one in widgets if one["type"] == "alarm"]
    assert sorted(board["properties"]["alarms"]) == sorted(f"${{{name}.Arn}}" for name in alarms)
    assert set(re.findall(r"\$\{(\w+)", body)) <= template["Resources"].keys() | {"AWS"}
