"""Whoever is told of something by an alarm can read what to do; whatever can fail is watched."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.log import NAMESPACE

from .test_package import FUNCTIONS, of_type

QUEUES, FUNCTION, CLOCK = ("QueueName",), ("FunctionName",), ("StateMachineArn",)
API, TABLE, EVERYTHING = ("ApiName", "Stage"), ("TableName",), ()
INDEX = (*TABLE, "GlobalSecondaryIndexName")
PUBLISHED: dict[str, dict[str, list[tuple[str, ...]]]] = {
    # What AWS tells, and by which dimensions: with others an alarm sees nothing, for ever.
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible": [QUEUES], "ApproximateAgeOfOldestMessage": [QUEUES]},
    "AWS/Lambda": {
        "Errors": [FUNCTION],
        "Invocations": [FUNCTION],
        "IteratorAge": [FUNCTION],
        "Throttles": [EVERYTHING],
    },
    "AWS/States": {
        name: [CLOCK]
        for name in (
            *("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsAborted"),
            *("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled"),
        )
    },
    "AWS/DynamoDB": {
        "ReadThrottleEvents": [TABLE, INDEX],
        "WriteThrottleEvents": [TABLE, INDEX],
        "ConsumedReadCapacityUnits": [TABLE],
        "ConsumedWriteCapacityUnits": [TABLE],
    },
    "AWS/WAFV2": {"BlockedRequests": [("Region", "Rule", "WebACL")]},
    "AWS/ApiGateway": {name: [API] for name in ("Count", "4XXError", "5XXError", "Latency")},
    "AWS/SES": {
        name: [EVERYTHING]
        for name in (
            *("Send", "Delivery", "Bounce", "Complaint"),
            *("Reputation.BounceRate", "Reputation.ComplaintRate"),
        )
    },
}
COUNTED = {"Fn::Sub": "Redress/${AWS::StackName}"}
"""Where what is counted in the gateway's log is told."""
README = (Path(__file__).parents[2] / "infra" / "README.md").read_text("utf-8")
HEADINGS = set(re.findall(r"^#+ (.+)$", README, re.MULTILINE))


@pytest.fixture(scope="module")
def alarms(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in of_type(template, "AWS::CloudWatch::Alarm").items()}


def dimensions(alarm: dict[str, Any]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Namespace, metric, and dimensions as they stand in the template."""
    single = [alarm] if "MetricName" in alarm else []
    parts = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    return [(one["Namespace"], one["MetricName"], one.get("Dimensions", [])) for one in (*single, *parts)]


def watched(alarm: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Namespace, metric, and what it is about."""
    return [(*what, json.dumps([one["Value"] for one in about])) for *what, about in dimensions(alarm)]


def drawn(widget: dict[str, Any]) -> Iterator[list[str]]:
    """The rows of a widget: namespace, metric, and names and values of dimensions. A dot is what stands above it."""
    above: list[str] = []
    for row in widget["properties"].get("metrics", ()):
        said = [one for one in row if isinstance(one, str)]
        above = above if said == ["..."] else [above[n] if one == "." else one for n, one in enumerate(said)]
        if above:
            yield above


def things(template: dict[str, Any]) -> dict[str, list[Any]]:
    """By dimension, what its value may be."""
    api = template["Resources"]["RestAPI"]["Properties"]
    (table,) = of_type(template, "AWS::DynamoDB::Table").values()
    firewalls = [one["Properties"] for one in of_type(template, "AWS::WAFv2::WebACL").values()]

    def refs(kind: str) -> list[Any]:
        return [{"Ref": name} for name in of_type(template, kind)]

    assert api["DefinitionBody"]["info"]["title"] == {"Fn::Sub": "${AWS::StackName}"}
    return {
        "QueueName": [{"Fn::GetAtt": [name, "QueueName"]} for name in of_type(template, "AWS::SQS::Queue")],
        "FunctionName": refs("AWS::Serverless::Function"),
        "StateMachineArn": refs("AWS::StepFunctions::StateMachine"),
        "TableName": refs("AWS::DynamoDB::Table"),
        "GlobalSecondaryIndexName": [one["IndexName"] for one in table["Properties"]["GlobalSecondaryIndexes"]],
        "ApiName": [{"Ref": "AWS::StackName"}],
        "Stage": [api["StageName"]],
        "Region": [{"Ref": "AWS::Region"}],
        "Rule": ["ALL"],
        "WebACL": [acl["Name"] for acl in firewalls if acl["VisibilityConfig"]["MetricName"] == acl["Name"]],
    }


def test_every_alarm_watches_what_aws_tells_of_something_that_there_is(
    template: dict[str, Any], alarms: dict[str, dict[str, Any]]
):
    known = things(template)
    for name, alarm in alarms.items():
        for namespace, metric, about in dimensions(alarm):
            if namespace not in (NAMESPACE, COUNTED):  # what the house tells itself: tests/casework/test_figures.py
                assert tuple(one["Name"] for one in about) in PUBLISHED[namespace][metric], name
                assert [one for one in about if one["Value"] not in known[one["Name"]]] == [], name


def test_the_page_shows_what_is_told(template: dict[str, Any]):
    (page,) = of_type(template, "AWS::CloudWatch::Dashboard").values()
    rows = [row for one in json.loads(page["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"] for row in drawn(one)]
    assert len(rows) > 20
    for namespace, metric, *about in rows:
        published = [("Table",)] if namespace == NAMESPACE else PUBLISHED[namespace][metric]
        assert tuple(about[::2]) in published, metric


def test_what_table_or_index_holds_back_raises_an_alarm(template: dict[str, Any], alarms: dict[str, dict[str, Any]]):
    indexes = [[{"Ref": "Table"}, index] for index in things(template)["GlobalSecondaryIndexName"]]
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        (alarm,) = (one for one in alarms.values() if metric in json.dumps(one))
        assert [[one["Value"] for one in about] for _, _, about in dimensions(alarm)] == [[{"Ref": "Table"}], *indexes]
        (sum_of_it,) = [one["Expression"] for one in alarm["Metrics"] if "Expression" in one]
        ids = [one["Id"] for one in alarm["Metrics"] if "MetricStat" in one]
        assert sum_of_it == " + ".join(f"FILL({one}, 0)" for one in ids)


def test_texts_that_do_not_arrive_raise_an_alarm_whatever_country_they_go_to(alarms: dict[str, dict[str, Any]]):
    """SNS tells the rate by country and kind of text, so that an alarm on one of them would miss the others."""
    (arrived,) = alarms["TextsAlarm"]["Metrics"]
    assert arrived["Expression"] == 'SELECT AVG(SMSSuccessRate) FROM "AWS/SNS"'
    assert arrived["Period"] <= 3 * 3600, "a query looks no further back"
    assert alarms["TextsAlarm"]["ComparisonOperator"] == "LessThanThreshold"


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


def test_bursts_of_401_403_and_429_raise_an_alarm_whoever_answers_them(
    template: dict[str, Any], alarms: dict[str, dict[str, Any]]
):
    """The gateway's log has every answer: those of the function, of its own throttle, and of the firewall."""
    access = json.loads(template["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]["Format"])
    assert access["status"] == "$context.status", "a string, and so the filters ask for one"
    counted = {}
    for one in of_type(template, "AWS::Logs::MetricFilter").values():
        (told,) = one["Properties"]["MetricTransformations"]
        assert (one["Properties"]["LogGroupName"], told["MetricNamespace"]) == ({"Ref": "GatewayLog"}, COUNTED)
        assert told["MetricValue"] == "1"
        counted[one["Properties"]["FilterPattern"]] = told["MetricName"]
    assert counted.keys() == {f'{{ $.status = "{status}" }}' for status in (401, 403, 429)}
    watching = {one["MetricName"] for one in alarms.values() if one.get("Namespace") == COUNTED}
    assert watching == set(counted.values())


def test_requests_that_the_firewall_blocks_raise_an_alarm(alarms: dict[str, dict[str, Any]]):
    (firewall,) = (one for one in alarms.values() if one.get("MetricName") == "BlockedRequests")
    assert (firewall["Namespace"], firewall["Statistic"]) == ("AWS/WAFV2", "Sum")


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
