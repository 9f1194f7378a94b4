"""Published policies: read by every container in time, pinned for ever, and no outage of the list stops the house."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from chalicelib.adapters import store
from chalicelib.casework import rules
from chalicelib.casework.rules import AHEAD, KEPT, Shelf
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Stale, Unavailable
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from tests.hearing import Heard, hearing
from tests.house import FRIDAY, KETTLE, House, refused
from tests.published import publish, withdraw

READ = "dynamodb:Query"
SECOND = timedelta(seconds=1)
RULES, OPERATING = versions.packaged(Rules)[1], versions.packaged(Operating)[1]
MONDAY = date(2026, 10, 12)


def next_rules(version: int = 3, after: timedelta = AHEAD, **changes: Any) -> Rules:
    """Rules that give the consumer longer to reopen, from some time after Friday on."""
    return RULES.model_copy(
        update={"version": version, "effective_from": FRIDAY + after, "reopening_days": 60} | changes
    )


def next_operating(version: int = 2, after: timedelta = AHEAD, **changes: Any) -> Operating:
    return OPERATING.model_copy(update={"version": version, "effective_from": FRIDAY + after} | changes)


def down(call: str, moment: str) -> None:
    if (call, moment) == (READ, "before"):
        raise ConnectionError("DynamoDB is down")


# ---- containers ----------------------------------------------------------------------------------------------------


def test_every_container_goes_over_to_a_new_version_at_its_second_however_old_its_list(house: House):
    containers = [Shelf() for _ in range(6)]
    for minutes, container in enumerate(containers):
        container.in_force(FRIDAY - timedelta(minutes=minutes))
    publish(next_rules(), FRIDAY)
    for seconds in range(0, 660, 30):
        now = FRIDAY + timedelta(seconds=seconds)
        assert {one.in_force(now).version for one in containers} == {3 if seconds >= 600 else 1}, seconds
    assert {one.in_force(FRIDAY + AHEAD - SECOND).version for one in containers} == {1}


def test_a_list_is_kept_five_minutes_by_the_clock_of_the_house(house: House):
    container = Shelf()
    with house.counting() as calls:
        for after in (timedelta(), KEPT - SECOND):
            container.in_force(FRIDAY + after)
    assert calls == [READ]
    with house.counting() as calls:
        container.version(1, FRIDAY + KEPT)
        container.in_force(FRIDAY)  # a clock that went back
    assert calls == [READ] * 2


def test_a_document_is_read_once_and_a_policy_made_once(house: House):
    publish(next_rules(), FRIDAY)
    container, later = Shelf(), FRIDAY + AHEAD
    first = container.in_force(later)
    assert container.version(3, later + timedelta(days=1)) is first
    assert container.version(1, later) is container.version(1, later + timedelta(days=1))


def test_a_version_that_a_complaint_has_pinned_and_the_list_does_not_have_is_read_at_once(house: House):
    container = Shelf()
    container.in_force(FRIDAY)
    publish(next_rules(), FRIDAY)
    with house.counting() as calls:
        assert container.version(3, FRIDAY).reopening_days == 60
    assert calls == [READ]
    with pytest.raises(Unavailable):
        container.version(4, FRIDAY)


def test_a_complaint_keeps_the_version_it_was_filed_under(house: House):
    before = house.file()["complaint_id"]
    publish(next_rules(reopening_days=1), FRIDAY)
    house.now += AHEAD
    after = house.file()["complaint_id"]
    pinned = [house.get(f"/v1/complaints/{one}", "cs.lin").json["policy_version"] for one in (before, after)]
    assert pinned == [1, 3]


def test_operating_data_are_those_in_force_whatever_version_is_pinned(house: House):
    number = house.file(category="after_sales_service")["complaint_id"]
    asks = {"after_sales_service": {"department": "legal", "question": "请核查。"}}
    publish(Operating.model_validate(dict(next_operating()) | {"routing": asks}), FRIDAY)
    house.now += AHEAD
    house.do(number, "acknowledgement", {})
    case = store.load_with_entries(number, Complaint)
    assert case is not None
    (opened,) = (entry for entry in case.entries if entry.kind == "InquiryOpened")
    assert (opened.data["inquiry"]["department"], opened.data["operating"]) == ("legal", 2)
    assert house.get(f"/v1/complaints/{number}", "cs.lin").json["policy_version"] == 1


def test_a_day_off_that_a_later_number_takes_back_is_worked_again(house: House):
    publish(next_operating(extra_holidays=(MONDAY,)), FRIDAY)
    publish(next_operating(3, 2 * AHEAD, extra_working_days=(MONDAY,)), FRIDAY)
    worked = [rules.in_force(FRIDAY + n * AHEAD).calendar.is_working_day(MONDAY) for n in range(3)]
    assert worked == [True, False, True]


def test_in_force_is_the_last_announced_that_has_come(house: House):
    publish(next_rules(3, timedelta(days=9)), FRIDAY)
    publish(next_rules(4, timedelta(days=2)), FRIDAY)
    assert [rules.in_force(FRIDAY + timedelta(days=days)).version for days in (1, 2, 8, 9)] == [1, 4, 4, 4]


# ---- the list ------------------------------------------------------------------------------------------------------


def test_of_two_who_publish_the_same_number_one_does(house: House):
    publish(next_rules(reopening_days=10), FRIDAY)
    with pytest.raises(Stale):
        publish(next_rules(reopening_days=20), FRIDAY)
    assert rules.version(3, FRIDAY).reopening_days == 10


def test_what_is_withdrawn_before_its_time_is_never_in_force_in_any_container(house: House):
    publish(next_rules(3, 2 * AHEAD), FRIDAY)
    containers = [Shelf() for _ in range(6)]
    for minutes, container in enumerate(containers):
        assert container.in_force(FRIDAY + timedelta(minutes=minutes)).version == 1
    withdraw(next_rules(), FRIDAY + AHEAD)
    for seconds in range(0, 1_200, 60):
        now = FRIDAY + AHEAD + timedelta(seconds=seconds)
        assert {one.in_force(now).version for one in containers} == {1}, seconds


def test_what_was_withdrawn_stays_readable_and_says_so(house: House):
    publish(next_rules(), FRIDAY)
    withdraw(next_rules(), FRIDAY + SECOND)
    assert rules.version(3, FRIDAY).reopening_days == 60
    known = rules.announced(FRIDAY)
    assert [one.number for one in known] == [1, 2, 3]
    assert known[2].withdrawn_at == FRIDAY + SECOND
    with pytest.raises(Stale):
        withdraw(next_rules(), FRIDAY + AHEAD)


def test_a_version_says_who_made_it_when_and_what_exactly(house: House):
    first, second, third = (*rules.announced(FRIDAY), rules.operating_numbered(1, FRIDAY))
    assert (first.announced_at, first.amendment, first.beside) == (None, None, 1)
    assert first.hash == third.hash != second.hash  # the same two documents
    publish(next_rules(), FRIDAY, amendment="amendment_1", beside=1, hash="ab" * 32)
    third = rules.rules_numbered(3, FRIDAY)
    assert (third.announced_at, third.amendment, third.hash) == (FRIDAY, "amendment_1", "ab" * 32)


def test_the_list_as_it_is_now_is_asked_for_whatever_was_read_before(house: House):
    container = Shelf()
    container.announced(Rules, FRIDAY)
    publish(next_rules(), FRIDAY)
    assert len(container.announced(Rules, FRIDAY + SECOND)) == 2
    assert len(container.announced(Rules, FRIDAY + SECOND, at_once=True)) == 3
    with hearing() as heard, house.interfering(down):
        assert len(container.announced(Rules, FRIDAY + 2 * KEPT)) == 3
        with pytest.raises(Unavailable):
            container.announced(Rules, FRIDAY, at_once=True)
    assert unread(heard) == 2


def test_what_is_published_is_stored_without_its_nulls(house: House):
    publish(next_rules(), FRIDAY)
    (item,) = (item for item in house.items() if item["pk"]["S"] == "POLICY")
    assert item["sk"]["S"] == "VERSION#0003"
    assert "null" not in item["document"]["S"]
    assert item["published_at"]["S"] == "2026-10-09T07:40:00Z"


# ---- the list cannot be read ---------------------------------------------------------------------------------------


def unread(heard: Heard) -> int:
    """How often the figure was told that an alarm watches."""
    return sum(line.get("PolicyUnread", 0) for line in heard.lines)


def test_if_the_list_cannot_be_read_the_kept_one_goes_on_and_it_is_tried_again_after_a_minute(house: House):
    publish(next_rules(), FRIDAY)
    container = Shelf()
    container.in_force(FRIDAY)
    late = FRIDAY + AHEAD
    with hearing() as heard, house.interfering(down), house.counting() as calls:
        assert container.in_force(late).version == 3
        assert container.version(1, late + timedelta(seconds=59)).version == 1
        assert container.in_force(late + timedelta(seconds=60)).version == 3
    assert (calls, unread(heard)) == ([READ] * 2, 2)
    with house.counting() as calls:
        container.in_force(late + timedelta(seconds=120))
        container.in_force(late + timedelta(seconds=120) + KEPT - SECOND)
    assert calls == [READ]


def test_a_container_that_has_never_read_the_list_goes_on_by_what_is_packaged(house: House):
    with hearing() as heard, house.interfering(down):
        assert house.post("/v1/complaints", KETTLE, "storefront").status == 201
    assert unread(heard) == 1
    assert rules.in_force(house.now).version == 1


def test_a_version_it_does_not_know_then_is_not_guessed(house: House):
    publish(next_rules(), FRIDAY)
    house.now += AHEAD
    number = house.file()["complaint_id"]
    rules.forget()
    with house.interfering(down):
        with pytest.raises(Unavailable):
            rules.version(3, house.now)
        refused(house.do(number, "acknowledgement", {}), 503, "unavailable")
    assert house.do(number, "acknowledgement", {}).status == 200


@pytest.mark.parametrize("page", [0, 1])
def test_it_may_fail_at_any_page_of_the_list(house: House, page: int):
    for number in (3, 4, 5, 6):
        publish(next_rules(number, legal_basis=("长" * 200,) * 500), FRIDAY)
    container, calls = Shelf(), count()

    def fail(call: str, moment: str) -> None:
        if (call, moment) == (READ, "before") and next(calls) == page:
            raise ConnectionError("DynamoDB is down")

    with hearing() as heard, house.interfering(fail):
        container.in_force(FRIDAY)
    assert unread(heard) == 1
    with house.counting() as calls_made:
        assert container.in_force(FRIDAY + AHEAD).version == 6
    assert calls_made == [READ] * 2


def test_a_document_of_newer_code_that_is_not_understood_keeps_no_other_from_holding(house: House):
    for number in (3, 4):
        publish(next_rules(number), FRIDAY)
    key = {"pk": {"S": "POLICY"}, "sk": {"S": "VERSION#0004"}}
    boto3.client("dynamodb").update_item(
        TableName=house.environment["REDRESS_TABLE"],
        Key=key,
        UpdateExpression="SET document = :newer",
        ExpressionAttributeValues={":newer": {"S": '{"version": 4, "interpreter": "oracle"}'}},
    )
    beside = key | {"sk": {"S": "RULING#0001"}}
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=beside)
    with hearing() as heard:
        assert Shelf().in_force(FRIDAY + AHEAD).version == 3
    assert unread(heard) == 1
    assert heard.about("a published policy is not understood")[0]["version"] == 4


@pytest.mark.parametrize(
    "odd",
    [
        {"sk": {"S": "VERSION#abc"}},
        {"sk": {"S": "VERSION#0004"}, "document": {"N": "4"}},
        {"sk": {"S": "VERSION#0004"}},
        {"sk": {"S": "VERSION#0004"}, "document": {"S": versions.written(next_rules(7))}},
    ],
)
def test_an_item_that_is_no_document_keeps_no_other_from_holding(house: House, odd: dict[str, Any]):
    publish(next_rules(), FRIDAY)
    item = {"pk": {"S": "POLICY"}} | odd
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=item)
    with hearing() as heard:
        assert Shelf().in_force(FRIDAY + AHEAD).version == 3
    assert unread(heard) == 1


def test_a_complaint_under_a_version_that_is_not_understood_here_waits_for_newer_code(house: House):
    number = house.file()["complaint_id"]
    head = next(item for item in house.items() if item["sk"]["S"] == "HEAD")
    newer = {"head": {"S": head["head"]["S"].replace('"policy_version":1', '"policy_version":9')}}
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=head | newer)
    refused(house.do(number, "acknowledgement", {}), 503, "unavailable")
