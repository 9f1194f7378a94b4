"""What alarms watch of the house itself, the house tells: under that name, and with those dimensions."""

import json
import logging
from typing import Any

from chalicelib.casework.gauges import measure
from chalicelib.log import NAMESPACE
from infra.packaging import merged
from tests.house import House

ALARM = "AWS::CloudWatch::Alarm"


class Heard(logging.Handler):
    """The lines of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(record.getMessage()))


def told(**figures: int) -> list[dict[str, Any]]:
    logger, heard = logging.getLogger("redress"), Heard()
    logger.addHandler(heard)
    try:
        measure(**figures)
    finally:
        logger.removeHandler(heard)
    return heard.lines


def test_what_alarms_watch_of_the_house_has_the_dimensions_under_which_it_is_told(house: House):
    alarms = (
        one["Properties"] for one in merged()["Resources"].values() if one.get("Type") == "AWS::CloudWatch::Alarm"
    )
    own = {one["MetricName"]: one["Dimensions"] for one in alarms if one.get("Namespace") == NAMESPACE}
    assert own
    for name, dimensions in own.items():
        (line,) = told(**{name: 1})
        (about,) = line["_aws"]["CloudWatchMetrics"]
        assert (about["Namespace"], about["Metrics"]) == (NAMESPACE, [{"Name": name, "Unit": "Count"}])
        assert about["Dimensions"] == [[one["Name"] for one in dimensions]], name
        assert [one["Value"] for one in dimensions] == [{"Ref": "Table"}]
        assert [line[one["Name"]] for one in dimensions] == [house.environment["REDRESS_TABLE"]]
