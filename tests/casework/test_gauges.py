"""The figures that alarms watch are told, as CloudWatch reads them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

import app
from chalicelib.casework import rules
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from infra.packaging import merged
from tests.hearing import Heard, hearing
from tests.house import House

from .mailroom import Mailroom, refusing


@pytest.fixture
def heard() -> Iterator[Heard]:
    with hearing() as heard:
        yield heard


def run(house: House, function: str) -> None:
    getattr(app, function.replace("-", "_"))(scheduled_event(function, REGION, house.now), None)


def test_a_figure_is_a_line_that_cloudwatch_understands(house: House, heard: Heard):
    run(house, "sweep")
    line = next(line for line in heard.lines if "Overdue" in line)
    (about,) = line["_aws"]["CloudWatchMetrics"]
    assert about == {
        "Namespace": "Redress",
        "Dimensions": [["Table"]],
        "Metrics": [{"Name": "Overdue", "Unit": "Count"}],
    }
    assert line["Table"] == house.environment["REDRESS_TABLE"]
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000, "milliseconds of the machine, not of the house"


def test_what_is_overdue_is_counted_once_for_each_stage_and_task(house: House, heard: Heard):
    kettle = house.file(category="product_quality")["complaint_id"]
    house.do(kettle, "acknowledgement", {})
    house.file()
    Mailroom(house).react()
    run(house, "sweep")
    assert heard.figures()["Overdue"] == 0
    house.now += timedelta(days=5)
    run(house, "sweep")
    assert heard.figures()["Overdue"] == 3, "an acknowledgement, an investigation, an inquiry"


def test_a_plan_that_waits_for_the_consumer_is_nobodys_delay(house: House, heard: Heard):
    house.bring_to("awaiting_consumer")
    house.now += timedelta(days=20)
    run(house, "sweep")
    assert heard.figures()["Overdue"] == 0


def test_an_alarm_that_no_clock_rang_in_time_is_counted_until_it_is_rung(house: House, heard: Heard):
    house.file()
    house.now += timedelta(hours=20, minutes=5)
    run(house, "sweep")
    assert heard.figures()["RungLate"] == 1
    run(house, "sweep")
    assert heard.figures() | {"Overdue": 0} == {"RungLate": 0, "NotRung": 0, "Overdue": 0}


def test_the_days_left_of_the_calendar_are_told_every_day(house: House, heard: Heard):
    run(house, "rounds")
    assert heard.figures()["CalendarDaysLeft"] == 83  # from the 9th of October to the end of 2026


def put_off_a_notice(house: House) -> None:
    """The mail system is paused, and a receipt waits for it."""
    house.file()
    room = Mailroom(house)
    room.react()
    with house.interfering(refusing("sesv2", "SendingPausedException", "Sending is paused.")):
        room.deliver(receives=3)


def test_a_notice_that_has_to_wait_for_its_sender_is_counted(house: House, heard: Heard):
    put_off_a_notice(house)
    assert heard.figures()["NoticesPutOff"] == 1


def no_list_of_policies(house: House) -> None:
    """A container that has just started cannot read what is published."""
    rules.forget()

    def down(call: str, moment: str) -> None:
        raise ConnectionError("DynamoDB is down")

    with house.interfering(down):
        rules.in_force(house.now)


def test_that_the_policy_could_not_be_read_is_counted(house: House, heard: Heard):
    no_list_of_policies(house)
    assert heard.figures()["PolicyUnread"] == 1


def test_every_figure_that_an_alarm_watches_is_told_and_the_other_way_round(house: House, heard: Heard):
    put_off_a_notice(house)
    no_list_of_policies(house)
    for function in ("sweep", "rounds"):
        run(house, function)
    watched = {
        one["Properties"]["MetricName"]
        for one in merged()["Resources"].values()
        if one.get("Type") == "AWS::CloudWatch::Alarm" and one["Properties"].get("Namespace") == "Redress"
    }
    assert watched == heard.figures().keys()
