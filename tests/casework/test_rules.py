"""Published policies: read by every container in time, pinned for ever, and no outage of the list stops the house."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from chalicelib.adapters import policies, store
from chalicelib.casework import rules
from chalicelib.casework.rules import AHEAD, KEPT, Shelf
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Invalid, Stale, Unavailable
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Clock, Rules
from tests.hearing import Heard, hearing
from tests.house import FRIDAY, KETTLE, House, Killed, refused

READ = "dynamodb:Query"
SECOND = timedelta(seconds=1)
RULES, OPERATING = versions.packaged(Rules)[1], versions.packaged(Operating)[1]
MONDAY = date(2026, 10, 12)
ENDLESS = Clock.model_construct(starts="receipt", hours=10**9)


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
    rules.publish(next_rules(), FRIDAY)
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
    rules.publish(next_rules(), FRIDAY)
    container, later = Shelf(), FRIDAY + AHEAD
    first = container.in_force(later)
    assert container.version(3, later + timedelta(days=1)) is first
    assert container.version(1, later) is container.version(1, later + timedelta(days=1))


def test_a_version_that_a_complaint_has_pinned_and_the_list_does_not_have_is_read_at_once(house: House):
    container = Shelf()
    container.in_force(FRIDAY)
    rules.publish(next_rules(), FRIDAY)
    with house.counting() as calls:
        assert container.version(3, FRIDAY).reopening_days == 60
    assert calls == [READ]
    with pytest.raises(Unavailable):
        container.version(4, FRIDAY)


def test_a_complaint_keeps_the_version_it_was_filed_under(house: House):
    before = house.file()["complaint_id"]
    rules.publish(next_rules(reopening_days=1), FRIDAY)
    house.now += AHEAD
    after = house.file()["complaint_id"]
    pinned = [house.get(f"/v1/complaints/{one}", "cs.lin").json["policy_version"] for one in (before, after)]
    assert pinned == [1, 3]


def test_operating_data_are_those_in_force_whatever_version_is_pinned(house: House):
    number = house.file(category="after_sales_service")["complaint_id"]
    asks = {"after_sales_service": {"department": "legal", "question": "请核查。"}}
    rules.publish(Operating.model_validate(dict(next_operating()) | {"routing": asks}), FRIDAY)
    house.now += AHEAD
    house.do(number, "acknowledgement", {})
    case = store.load_with_entries(number, Complaint)
    assert case is not None
    (opened,) = (entry for entry in case.entries if entry.kind == "InquiryOpened")
    assert (opened.data["inquiry"]["department"], opened.data["operating"]) == ("legal", 2)
    assert house.get(f"/v1/complaints/{number}", "cs.lin").json["policy_version"] == 1


def test_a_day_off_that_a_later_number_takes_back_is_worked_again(house: House):
    rules.publish(next_operating(extra_holidays=(MONDAY,)), FRIDAY)
    rules.publish(next_operating(3, 2 * AHEAD, extra_working_days=(MONDAY,)), FRIDAY)
    worked = [rules.in_force(FRIDAY + n * AHEAD).calendar.is_working_day(MONDAY) for n in range(3)]
    assert worked == [True, False, True]


def test_in_force_is_the_latest_that_has_come(house: House):
    rules.publish(next_rules(3, timedelta(days=9)), FRIDAY)
    rules.publish(next_rules(4, timedelta(days=2)), FRIDAY)
    assert [rules.in_force(FRIDAY + timedelta(days=days)).version for days in (1, 2, 8, 9)] == [1, 4, 4, 3]


# ---- publication ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [next_rules, next_operating])
def test_nothing_takes_effect_earlier_than_ten_minutes_after_its_publication(
    house: House, document: Callable[..., Any]
):
    with pytest.raises(Invalid, match="effective_from"):
        rules.publish(document(after=AHEAD - SECOND), FRIDAY)
    rules.publish(document(), FRIDAY)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_numbers_follow_each_other(house: House, number: int):
    with pytest.raises(Stale, match="following=3"):
        rules.publish(next_rules(number), FRIDAY)
    rules.publish(next_rules(3), FRIDAY)
    rules.publish(next_operating(2), FRIDAY)
    rules.publish(next_rules(4), FRIDAY)


def test_of_two_who_publish_the_same_number_one_does(house: House):
    first, second = next_rules(reopening_days=10), next_rules(reopening_days=20)

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:PutItem", "before"):
            house.interfere = lambda call, moment: None
            Shelf().publish(first, FRIDAY)

    with house.interfering(interfere), pytest.raises(Stale):
        rules.publish(second, FRIDAY)
    assert rules.version(3, FRIDAY).reopening_days == 10


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_publication_that_dies_at_any_call_has_been_made_or_has_not(house: House, moment: str):
    for number in count():
        try:
            with house.killed_at(number, moment):
                Shelf().publish(next_rules(), FRIDAY)
        except Killed:
            continue
        except Stale:
            pass
        break
    assert [(one.kind, one.version) for one in policies.published()] == [(Rules, 3)]
    assert Shelf().in_force(FRIDAY + AHEAD) == Shelf().version(3, FRIDAY + AHEAD)


def test_what_is_published_is_stored_without_its_nulls(house: House):
    rules.publish(next_rules(), FRIDAY)
    (item,) = (item for item in house.items() if item["pk"]["S"] == "POLICY")
    assert item["sk"]["S"] == "VERSION#0003"
    assert "null" not in item["document"]["S"]
    assert item["published_at"]["S"] == "2026-10-09T07:40:00Z"


# ---- the list cannot be read ---------------------------------------------------------------------------------------


def unread(heard: Heard) -> int:
    """How often the figure was told that an alarm watches."""
    return sum(line.get("PolicyUnread", 0) for line in heard.lines)


def test_if_the_list_cannot_be_read_the_kept_one_goes_on_and_it_is_tried_again_after_a_minute(house: House):
    rules.publish(next_rules(), FRIDAY)
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
    rules.publish(next_rules(), FRIDAY)
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
        rules.publish(next_rules(number, legal_basis=("长" * 200,) * 500), FRIDAY)
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
        rules.publish(next_rules(number), FRIDAY)
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
    rules.publish(next_rules(), FRIDAY)
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


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        *(("country", "ZZ"), ("time_zone", "Mars/Base")),
        *(("link_days", 10**9), ("reopening_days", -5), ("version", -1), ("version", 10**30)),
        ("document", {"legal_basis": ("长" * 200,) * 600}),
        ("effective_from", (FRIDAY + AHEAD).replace(tzinfo=None)),
        ("clocks.received.hours", {"clocks": RULES.clocks | {"received": ENDLESS}}),
    ],
)
def test_what_could_not_be_kept_or_used_is_not_published(house: House, field: str, nonsense: Any):
    changes = nonsense if isinstance(nonsense, dict) else {field: nonsense}
    with pytest.raises(Invalid) as refusal:
        rules.publish(next_rules().model_copy(update=changes), FRIDAY)
    assert [fault.field for fault in refusal.value.faults] == [field]
    rules.publish(next_rules(), FRIDAY)
    assert Shelf().in_force(FRIDAY + AHEAD).version == 3
