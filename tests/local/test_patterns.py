"""Event patterns mean what EventBridge and Lambda's filters say."""

import pytest

from infra.aws.patterns import matches
from infra.resources import load_resources

RECORD = {
    "eventName": "INSERT",
    "n": 1,
    "none": None,
    "dynamodb": {"Keys": {"sk": {"S": "EVENT#01"}}, "tags": ["a", "b"]},
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
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVENT#"}]}}}}, True),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "HEAD"}, {"suffix": "01"}]}}}}, True),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": ""}]}}}}, False),
        ({"dynamodb": {"tags": ["b", "c"]}}, True),
        ({"dynamodb": {"NewImage": {"x": [{"exists": False}]}}}, True),
        ({"absent": [{"exists": True}]}, False),
        ({"eventName": [{"anything-but": ["REMOVE"]}]}, True),
        ({"eventName": [{"anything-but": "INSERT"}]}, False),
        ({"eventName": [{"equals-ignore-case": "insert"}]}, True),
        ({"eventName": {"deeper": ["x"]}}, False),
    ],
)
def test_a_pattern_matches_or_not(pattern, expected):
    assert matches(pattern, RECORD) is expected


def test_an_operator_nobody_here_knows_is_an_error():
    with pytest.raises(ValueError, match="wildcard"):
        matches({"eventName": [{"wildcard": "I*"}]}, RECORD)


def test_the_filters_of_the_template_can_be_read():
    assert any("FilterCriteria" in one.get("Properties", {}) for one in load_resources()["Resources"].values())
