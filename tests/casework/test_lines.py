"""Lines come into the table once, however their entries come; days that are over are marked; all can be made anew."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

import boto3
import pytest

import app
from chalicelib.adapters import lines, store
from chalicelib.adapters.items import as_entry
from chalicelib.casework import records as registered
from chalicelib.casework import rules
from chalicelib.casework.erase import erase
from chalicelib.casework.lines import rebuild_lines, write_lines
from chalicelib.casework.react import react
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.supervision.account import day_of, lines_of, may_give
from chalicelib.domain.supervision.lines import LINE, Line, Repeated
from tests.house import KETTLE, PLAN, REPORT, House

from .errand import give, kind
from .mailroom import Mailroom
from .streams import run

Item = dict[str, Any]
QUERY, READ = "dynamodb:Query", "dynamodb:BatchGetItem"


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def lived(house: House, room: Mailroom) -> str:
    """A complaint with most of what is counted; everything that follows from it has happened."""
    number = str(house.file(category="product_quality")["complaint_id"])
    room.settle()
    house.pass_time(hours=2)
    house.do(number, "acknowledgement", {})
    house.do(number, "inquiries/1/answer", {"assessment": "有裂纹"}, "quality.he")
    house.do(number, "investigation-report", REPORT)
    room.settle()
    house.pass_time(hours=30)
    house.do(number, "resolution-plan", PLAN)
    house.do(number, "feedback", {"satisfied": True})
    house.do(number, "follow-ups/1/completion", {"note": "已回访"})
    room.settle()
    return number


def items(house: House) -> list[Item]:
    """The lines in the table that entries alone give, as they stand there; not the marks, nor what the machine's rules
    say, which look at notices too (`test_checks`)."""
    found = [item for item in house.items() if item["pk"]["S"].startswith("LINES#") and "line" in item]
    return [item for item in found if not item["sk"]["S"].startswith("tested#")]


def in_order(made: list[Line]) -> list[Line]:
    return sorted(made, key=lambda line: (line.id, line.seq, line.kind, line.nth))


def written(house: House, number: str | None = None) -> list[Line]:
    found = [LINE.validate_json(item["line"]["S"]) for item in items(house)]
    return in_order([line for line in found if number in (line.id, None)])


def as_entries_say(house: House, number: str) -> list[Line]:
    entries = list(store.timeline(number, 0, 100))
    return in_order(lines_of(entries, rules.version(entries[0].data["policy_version"], house.now)))


def records(house: House) -> list[dict[str, Any]]:
    """Everything that the stream has ever delivered."""
    return Mailroom(house).records()


def only_lines(records: list[dict[str, Any]], now: datetime) -> list[str]:
    return react(records, now, lambda entry: (write_lines,))


# ---- written ---------------------------------------------------------------------------------------------------------


def test_what_the_house_has_counted_is_what_the_entries_say(house: House, room: Mailroom):
    number = lived(house, room)
    assert written(house, number) == as_entries_say(house, number)
    kinds = {line.kind for line in written(house, number)}
    assert kinds == {"received", "stage", "inquiry", "answer", "closed", "task"}


def test_a_day_is_read_whole_from_its_shards_and_holds_nothing_of_another(house: House, room: Mailroom):
    numbers = [house.file()["complaint_id"] for _ in range(12)]
    room.react()
    house.pass_time(days=1)
    house.file()
    room.react()
    found = list(lines.of_day(date(2026, 10, 9)))
    assert sorted(line.id for line in found if line.kind == "received") == sorted(numbers)
    shards = {item["pk"]["S"].rpartition("#")[2] for item in items(house)}
    assert len(shards) > 1
    assert all(
        item["pk"]["S"] == f"LINES#{line.day}#{crc32(line.id.encode()) % 8}"
        for item in items(house)
        for line in [LINE.validate_json(item["line"]["S"])]
    )


def test_a_line_holds_no_word_no_contact_and_no_order_number(house: House, room: Mailroom):
    lived(house, room)
    kept = str(items(house))
    for said in (KETTLE["order_number"], KETTLE["product_name"], KETTLE["description"], *KETTLE["contact"].values()):
        assert said not in kept
    assert not [said for said in ("有裂纹", "已回访", REPORT["findings"], PLAN["summary"]) if said in kept]


def test_lines_are_kept_as_long_as_the_policy_says(house: House, room: Mailroom):
    house.file()
    room.react()
    (item, *_) = items(house)
    ends = datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
    assert ends.date() - date(2026, 10, 9) == timedelta(days=rules.in_force(house.now).statistics_days + 1)


def test_ten_thousand_stream_records_that_come_again_change_nothing_and_add_nothing(house: House, room: Mailroom):
    """Most of what a stream brings nobody counts."""
    lived(house, room)
    known, before = records(house), written(house)
    uncounted = [one for one in known if not may_give(as_entry(one["dynamodb"]["NewImage"]))]
    again = known * 40
    again += uncounted * ((10_000 - len(again)) // len(uncounted) + 1)
    assert len(again) > 10_000
    assert only_lines(again, house.now) == []
    assert written(house) == before


def test_lines_come_to_the_same_whatever_comes_first_twice_or_never_before(house: House, room: Mailroom):
    number = lived(house, room)
    right = written(house, number)
    for item in items(house):
        drop(house, item)
    backwards = records(house)[::-1]
    assert only_lines(backwards[: len(backwards) // 2 + 2], house.now) == []
    assert only_lines(backwards[len(backwards) // 2 :], house.now) == []
    assert written(house, number) == right


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_at_any_call_leaves_nothing_that_the_next_delivery_does_not_put_right(
    house: House, room: Mailroom, moment: str
):
    number = lived(house, room)
    house.pass_time(days=2)
    right, all_days = written(house, number), {line.day for line in written(house, number)}
    for item in items(house):
        drop(house, item)
    with house.counting() as calls:
        only_lines(records(house), house.now)
    for dies_at in range(len(calls)):
        for item in [item for item in house.items() if item["pk"]["S"].startswith("LINES#")]:
            drop(house, item)
        left = iter(range(dies_at + 1))

        def interfere(call: str, when: str, left: Any = left) -> None:
            if when == moment and next(left, None) == dies_at:  # noqa: B023
                raise TimeoutError

        with house.interfering(interfere):
            again = only_lines(records(house), house.now)
        assert (
            only_lines([one for one in records(house) if one["dynamodb"]["SequenceNumber"] in again], house.now) == []
        )
        assert written(house, number) == right
        assert {day for day, _ in lines.late_days()} == all_days


def drop(house: House, item: Item) -> None:
    key = {name: item[name] for name in ("pk", "sk")}
    boto3.client("dynamodb").delete_item(TableName=house.environment["REDRESS_TABLE"], Key=key)


def spoil(house: House, item: Item) -> None:
    """It says something else."""
    other = LINE.validate_json(item["line"]["S"]).model_copy(update={"at": datetime(2026, 1, 1, tzinfo=UTC)})
    changed = item | {"line": {"S": other.model_dump_json(exclude_none=True)}}
    boto3.client("dynamodb").put_item(TableName=house.environment["REDRESS_TABLE"], Item=changed)


# ---- late ------------------------------------------------------------------------------------------------------------


def test_a_day_that_is_over_is_marked_when_a_line_of_it_comes_after_all(house: House, room: Mailroom):
    house.file()
    room.react()
    assert lines.late_days() == [], "the day is not over"
    house.file()
    house.now = datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC)
    only_lines(room.records(), house.now)
    assert lines.late_days() == []
    only_lines(records(house), datetime(2026, 10, 9, 16, tzinfo=UTC))
    assert [day for day, _ in lines.late_days()] == [date(2026, 10, 9)]


def test_a_mark_goes_only_with_the_line_that_was_counted_and_stays_for_one_that_comes_meanwhile(house: House):
    day = date(2026, 10, 9)
    lines.mark_late(day, house.now)
    ((known, stamp),) = lines.late_days()
    lines.mark_late(day, house.now)  # within the same second
    lines.clear_late(known, stamp)
    ((_, other),) = lines.late_days()
    assert other != stamp
    lines.clear_late(day, other)
    lines.clear_late(day, other)
    assert lines.late_days() == []


def test_late_days_come_the_earliest_first(house: House):
    for day in (date(2026, 10, 9), date(2025, 12, 31), date(2026, 1, 1)):
        lines.mark_late(day, house.now)
    assert [day for day, _ in lines.late_days()] == [date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 9)]


# ---- made anew -------------------------------------------------------------------------------------------------------


def test_what_is_there_is_left_as_it_is_and_costs_two_reads(house: House, room: Mailroom):
    number = lived(house, room)
    with house.counting() as calls:
        assert rebuild_lines(number, house.now, check=False).is_sound
    assert calls == [QUERY, READ]


@pytest.mark.parametrize("harm", [drop, spoil])
def test_a_line_that_is_missing_or_says_something_else_is_named_and_put_right(
    house: House, room: Mailroom, harm: Callable[[House, Item], None]
):
    number = lived(house, room)
    house.pass_time(days=3)
    right = written(house, number)
    (closed,) = [item for item in items(house) if item["sk"]["S"].startswith(f"closed#{number}")]
    harm(house, closed)
    harmed, name = items(house), f"line closed {int(closed['sk']['S'].split('#')[2])}"
    told = rebuild_lines(number, house.now, check=True)
    assert (told.differing, told.mended) == ((name,), False)
    assert items(house) == harmed
    done = rebuild_lines(number, house.now, check=False)
    assert (done.differing, done.mended) == ((name,), True)
    assert written(house, number) == right
    assert [day for day, _ in lines.late_days()] == [day_of(house.now - timedelta(days=3), rules.in_force(house.now))]
    assert rebuild_lines(number, house.now, check=True).is_sound


def test_lines_whose_time_is_over_are_not_brought_back(house: House, room: Mailroom):
    number = lived(house, room)
    for item in items(house):
        drop(house, item)
    house.pass_time(days=1_100)
    assert rebuild_lines(number, house.now, check=False).is_sound
    assert items(house) == []


def test_what_is_erased_keeps_the_lines_it_has_and_gets_those_that_are_missing(house: House, room: Mailroom):
    number = lived(house, room)
    house.pass_time(days=60)
    room.sweep()
    erase(number, house.now)
    room.settle()
    before = items(house)
    assert KETTLE["product_id"] in str(before)
    assert only_lines(records(house), house.now) == []
    assert items(house) == before
    (closed,) = [item for item in before if item["sk"]["S"].startswith(f"closed#{number}")]
    drop(house, closed)
    assert rebuild_lines(number, house.now, check=False).mended
    (again,) = [item for item in items(house) if item["sk"] == closed["sk"]]
    line, bare = (LINE.validate_json(item["line"]["S"]) for item in (closed, again))
    assert bare == line.model_copy(update={"product": None, "seller": None, "carrier": None})
    assert [item for item in items(house) if item != again] == [item for item in before if item != closed]


def test_records_of_other_kinds_have_no_lines(house: House):
    with registered.added("errand", kind([])):
        give("errand_1", "cs.lin", "买灯泡", people.staff("cs.chen", frozenset({"customer_service"})), house.now)
        assert rebuild_lines("errand_1", house.now, check=True).is_sound


def test_a_record_that_is_not_there_is_told(house: House):
    with pytest.raises(NotFound):
        rebuild_lines("AAAAA-AAAAA", house.now, check=True)


# ---- who complains again ---------------------------------------------------------------------------------------------

WANG = {"name": "王芳", "phone": "13800138000"}
MING = {"name": "王明", "email": "ming@example.cn"}


def repeats(house: House) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.id, line.by) for line in written(house) if isinstance(line, Repeated)]


@pytest.mark.parametrize(
    ("again", "by"),
    [
        ({"contact": MING}, ("order",)),
        ({"contact": WANG, "order_number": "E-other"}, ("contact",)),
        ({"contact": WANG}, ("order", "contact")),
    ],
)
def test_of_two_that_belong_together_the_later_is_a_repeat_and_says_by_what(
    house: House, room: Mailroom, again: dict[str, Any], by: tuple[str, ...]
):
    house.file(contact=WANG)
    room.react()
    house.pass_time(days=1)
    second = house.file(**again)["complaint_id"]
    room.react()
    assert repeats(house) == [(second, by)]
    only_lines(records(house), house.now)
    assert repeats(house) == [(second, by)]


@pytest.mark.parametrize("late", [False, True], ids=["as they came", "the later one's stream record comes first"])
def test_the_later_one_is_the_repeat_whichever_is_reacted_to_first(house: House, room: Mailroom, late: bool):
    first = house.file(contact=WANG)["complaint_id"]
    house.pass_time(microseconds=1)
    second = house.file(contact=WANG, order_number="E-other")["complaint_id"]
    for record in sorted(
        room.records(), key=lambda one: one["dynamodb"]["NewImage"]["pk"]["S"].endswith(first) == late
    ):
        run(app.react, [record])
    room.react()
    assert repeats(house) == [(second, ("contact",))]


def test_whoever_is_known_by_other_contact_details_later_is_a_repeat_from_then_on(house: House, room: Mailroom):
    house.file(contact=WANG)
    house.pass_time(days=1)
    second = house.file(contact=MING, order_number="E-other")["complaint_id"]
    room.react()
    assert repeats(house) == []
    house.do(second, "contact", {"reason": "号码写错了。", "contact": WANG})
    room.react()
    assert repeats(house) == [(second, ("contact",))]
