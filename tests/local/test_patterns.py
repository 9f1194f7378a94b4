"""Event patterns mean what EventBridge and Lambda's filters say."""

import json

import pytest

from infra.aws.patterns import matches, read
from infra.resources import load_resources

RECORD = {
    "eventName": "INSERT",
    "n": 1,
    "none": None,
    "dynamodb": {"Keys": {"sk": {"S": "ENTRY#01"}}, "tags": ["a", "b"]},
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"eventName": ["MODIFY", "INSERT"]}, True),
        ({"eventName": ["MODIFY"]}, False),
        ({"eventName": ["INSERT"], "n": [2]}, False),
        ({"n": ["1"]}, False),
        ({"none": [None]}, True),
        ({"absent": [None]}, False),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "ENTRY#"}]}}}}, True),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "HEAD"}, {"suffix": "01"}]}}}}, True),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": ""}]}}}}, False),
        ({"dynamodb": {"tags": ["b", "c"]}}, True),
        ({"dynamodb": {"NewImage": {"x": [{"exists": False}]}}}, True),
        ({"absent": [{"exists": True}]}, False),
        ({"eventName": [{"anything-but": ["REMOVE"]}]}, True),
        ({"eventName": [{"anything-but": "INSERT"}]}, False),
        ({"eventName": [{"equals-ignore-case": "insert"}]}, True),
        ({"eventName": {"deeper": ["x"]}}, False),
        ({"n": [{"numeric": [">", 0, "<=", 1]}]}, True),
        ({"n": [{"numeric": [">", 1]}]}, False),
        ({"eventName": [{"wildcard": "I*T"}]}, True),
        ({"$or": [{"n": [2]}, {"eventName": ["INSERT"]}]}, True),
        ({"$or": [{"n": [2]}, {"eventName": [{"prefix": "M"}]}]}, False),
    ],
)
def test_a_pattern_matches_or_not(pattern, expected):
    assert matches(read(json.dumps(pattern)), RECORD) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": [{"prefx": "I"}]},
        {"a": {"b": [1, {"prefx": "I"}]}},
        {"$or": [{"a": [1]}, {"b": [{"prefx": "I"}]}]},
    ],
)
def test_an_operator_that_aws_does_not_know_is_refused_wherever_it_stands(pattern):
    with pytest.raises(ValueError, match="prefx"):
        read(json.dumps(pattern))


def test_the_filters_of_the_template_can_be_read():
    assert any("FilterCriteria" in one.get("Properties", {}) for one in load_resources()["Resources"].values())
