"""The table: one transaction to write, one round trip to read, and never a scan."""

from datetime import datetime, timedelta
from itertools import islice

import pytest

from chalicelib.adapters import items, outbox, places, queues, store
from chalicelib.adapters.items import CONTACT, PART, Idempotency
from chalicelib.adapters.places import queue_of, queue_of_order, queue_of_tasks
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.parts import FollowUp
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Stale, TooLarge, Unavailable
from chalicelib.domain.ground.people import Contact, Role
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.domain.vocabulary.stages import Stage
from tests.domain.cases import CRACKED, KETTLE, NUMBER, REPORT, Story, story_in
from tests.house import House

WANG = Contact(name="王芳", phone="+8613800138000")
RECEIPT = NoticeKey(NUMBER, 1, "consumer", "receipt")
WITHOUT_ANSWER = REPORT.model_copy(update={"without_inquiries": "照片已足够"})


def save(before: Complaint | None, after: Complaint, entries: list[Entry], now: datetime, **beside: object) -> None:
    """As the house does it, but for the alarm."""
    tasks = (places.tasks_of(before) if before else [], places.tasks_of(after))
    told = store.Beside(tasks, **beside)  # type: ignore[arg-type]
    store.write(places.head_of(after), entries, now, seen=before.seq if before else 0, beside=told)


def saved(story: Story, **rest: object) -> Story:
    save(None, story.complaint, story.entries, story.now, contact=WANG, **rest)  # type: ignore[arg-type]
    return story


def test_what_was_saved_is_what_is_loaded(house: House):
    story = saved(story_in(Stage.CLOSED))
    loaded = store.load(NUMBER, Complaint)
    assert loaded == (story.complaint, WANG, [], False)
    assert store.load_with_entries(NUMBER, Complaint) == (story.complaint, WANG, story.entries, False)


def test_a_notice_is_read_with_all_that_it_is_about_in_one_round_trip(house: House):
    story = saved(story_in(Stage.CLOSED))
    assert store.matter(RECEIPT, Complaint) is None, "it was never queued"
    outbox.queue(RECEIPT, story.now, story.now)
    with house.counting() as calls:
        matter = store.matter(RECEIPT, Complaint)
    assert matter is not None
    assert matter[1:] == (story.complaint, WANG, story.entries[0])
    assert (matter.notice.key, matter.notice.state) == (RECEIPT, "queued")
    assert calls == ["dynamodb:BatchGetItem"]


def lines(department: Role, ladder: str = "inquiry") -> list[str | None]:
    """What stands in the queue of a department."""
    partition = queue_of_tasks(department, ladder)  # type: ignore[arg-type]
    return [summary.task for summary in queues.queue([partition], " ", "~", 25)]


def test_what_a_department_has_to_do_stands_in_its_queue_for_as_long_as_it_is_open(house: House):
    story = saved(Story(CRACKED))
    for action, expected in ((Action.ACKNOWLEDGE, ["inquiry 1"]), (Action.NOTE, ["inquiry 1"]), (Action.REPORT, [])):
        before, known = story.complaint, len(story.entries)
        story.do(action, submission=WITHOUT_ANSWER if action is Action.REPORT else None)
        save(before, story.complaint, story.entries[known:], story.now)
        assert lines(Role.QUALITY) == expected


def test_promised_measures_stand_in_the_queue_of_customer_service_after_the_closure(house: House):
    story = saved(story_in(Stage.CLOSED))
    assert lines(Role.CUSTOMER_SERVICE, "follow_up") == ["follow_up 1"]
    before, known = story.complaint, len(story.entries)
    story.do(Action.COMPLETE_FOLLOW_UP)
    save(before, story.complaint, story.entries[known:], story.now)
    assert lines(Role.CUSTOMER_SERVICE, "follow_up") == []


def test_what_was_never_saved_is_not_there(house: House):
    assert store.load(NUMBER, Complaint) is None
    assert store.load_with_entries(NUMBER, Complaint) is None
    assert store.matter(RECEIPT, Complaint) is None
    assert store.load_idempotency("key") is None


def test_more_records_than_one_call_reads_are_read_in_several(house: House):
    story = saved(Story())
    asked = [f"{number:05}-AAAAA" for number in range(store.KEYS_AT_ONCE)]
    assert store.load_all([*asked, NUMBER], Complaint) == {NUMBER: story.complaint}


def test_a_complaint_is_never_filed_twice_under_one_number(house: House):
    saved(Story())
    with pytest.raises(Stale):
        saved(Story())


def test_of_two_saves_on_the_same_version_one_wins_and_the_other_writes_nothing(house: House):
    before = saved(Story()).complaint
    lin, chen = Story().do(Action.ACKNOWLEDGE), Story().do(Action.NOTE)
    save(before, lin.complaint, lin.entries[1:], lin.now)
    items = house.items()
    with pytest.raises(Stale):
        save(before, chen.complaint, chen.entries[1:], chen.now)
    assert house.items() == items


def test_a_request_is_recorded_in_the_same_transaction_and_only_once(house: House):
    story = Story()
    request = Idempotency("key", "fingerprint", int((story.now + timedelta(hours=24)).timestamp()))
    saved(story, idempotency=request)
    assert store.load_idempotency("key") == request._replace(record=NUMBER, first_seq=1, last_seq=1)
    items = house.items()
    again = story_in(Stage.INVESTIGATING)
    with pytest.raises(Stale):
        save(story.complaint, again.complaint, again.entries[1:], story.now, idempotency=request)
    assert house.items() == items
    late = story.now + timedelta(hours=24)
    save(story.complaint, again.complaint, again.entries[1:], late, idempotency=request)


def grown(story: Story, words: str) -> Complaint:
    """The complaint with so many words as nobody can hand in at once, and the next number."""
    measure = FollowUp(number=1, measure=words, due_at=story.now)
    changes = {"follow_ups": (measure,) * 40, "seq": story.complaint.seq + 1}
    return story.complaint.model_copy(update=changes)


def next_entry(story: Story) -> list[Entry]:
    return [entry.model_copy(update={"seq": story.complaint.seq + 1}) for entry in Story().do(Action.NOTE).entries[1:]]


def test_what_is_too_long_for_a_head_is_kept_apart_and_loaded_with_it(house: House):
    story = saved(story_in(Stage.CLOSED))
    long = grown(story, "裂" * 5_000)
    save(story.complaint, long, next_entry(story), story.now)
    outbox.queue(RECEIPT, story.now, story.now)
    with house.counting() as calls:
        loaded, with_entries, matter = (
            store.load(NUMBER, Complaint),
            store.load_with_entries(NUMBER, Complaint),
            store.matter(RECEIPT, Complaint),
        )
    assert loaded
    assert with_entries
    assert matter
    assert loaded.state.kept_apart == with_entries.state.kept_apart == matter.state.kept_apart != frozenset()
    assert [one.state.model_dump() for one in (loaded, with_entries, matter)] == [long.model_dump()] * 3
    assert calls == ["dynamodb:BatchGetItem"] * 2 + ["dynamodb:Query"] + ["dynamodb:BatchGetItem"] * 3


def test_what_is_kept_apart_is_written_once(house: House):
    story = saved(story_in(Stage.CLOSED))
    first = grown(story, "裂" * 5_000)
    save(story.complaint, first, next_entry(story), story.now)
    parts = [item for item in house.items() if item["sk"]["S"].startswith(PART)]
    loaded = store.load(NUMBER, Complaint)
    assert loaded
    assert {PART + digest for digest in loaded.state.kept_apart} == {part["sk"]["S"] for part in parts}
    head = places.head_of(loaded.state)
    assert items.head_items(head, None, loaded.state.kept_apart)[1] == []
    assert items.head_items(head, None)[1] == parts


def test_a_part_that_is_not_there_is_said_and_tried_again(house: House):
    """It has just been erased, or has been lost: nothing is decided on half a record."""
    story = saved(story_in(Stage.CLOSED))
    save(story.complaint, grown(story, "裂" * 5_000), next_entry(story), story.now)
    for part in (item for item in house.items() if item["sk"]["S"].startswith(PART)):
        key = {name: part[name] for name in ("pk", "sk")}
        store.client("dynamodb").delete_item(TableName=house.environment["REDRESS_TABLE"], Key=key)
    with pytest.raises(Unavailable, match="record_incomplete"):
        store.load(NUMBER, Complaint)


def test_a_record_to_which_too_much_has_happened_is_refused_before_it_is_written(house: House):
    """Nothing that is written makes it so, only what happens thousands of times."""
    story = saved(Story())
    items_before = house.items()
    often = grown(story, "裂").model_copy(update={"unreached": tuple(f"{n:08}" for n in range(40_000))})
    with pytest.raises(TooLarge):
        save(story.complaint, often, next_entry(story), story.now)
    assert house.items() == items_before


def test_of_a_long_record_the_beginning_is_read_in_two_round_trips(house: House):
    story = saved(Story())
    short = store.load_beginning(NUMBER, Complaint)
    assert short == store.load_with_entries(NUMBER, Complaint)
    complaint = story.complaint
    for _ in range(6):
        for _ in range(50):
            story.do(Action.NOTE)
        save(complaint, story.complaint, story.entries[complaint.seq :], story.now)
        complaint = story.complaint
    with house.counting() as calls:
        found = store.load_beginning(NUMBER, Complaint)
    assert calls == ["dynamodb:Query", "dynamodb:BatchGetItem"]
    assert found
    assert found.cut
    assert (found.state, found.contact) == (story.complaint, WANG)
    assert found.entries == story.entries[: store.BEGINNING - 1], "and the contact"


def test_of_a_long_record_the_end_is_read_in_one_round_trip_and_what_was_before_in_two(house: House):
    story = saved(Story())
    short = store.load_end(NUMBER, Complaint)
    assert short == store.load_with_entries(NUMBER, Complaint)
    complaint = story.complaint
    for _ in range(6):
        for _ in range(50):
            story.do(Action.NOTE)
        save(complaint, story.complaint, story.entries[complaint.seq :], story.now)
        complaint = story.complaint
    with house.counting() as calls:
        found = store.load_end(NUMBER, Complaint)
    assert calls == ["dynamodb:Query"]
    assert found
    assert (found.state, found.cut) == (story.complaint, True)
    assert found.entries == story.entries[-store.BEGINNING + 1 :], "and the head"
    first = found.entries[0].seq
    with house.counting() as calls:
        before = store.load_end(NUMBER, Complaint, first)
    assert calls == ["dynamodb:Query", "dynamodb:BatchGetItem"]
    assert before
    assert (before.state, before.cut, before.entries) == (story.complaint, False, story.entries[: first - 1])
    for odd in (1, 0, -7, 10**12):
        at = store.load_end(NUMBER, Complaint, odd)
        assert at, "the record is there, whatever is asked for"
        assert at.state == story.complaint


def test_contact_details_are_in_one_item_only(house: House):
    story = saved(story_in(Stage.CLOSED))
    holders = [item["sk"]["S"] for item in house.items() if "王芳" in str(item) or "13800138000" in str(item)]
    assert holders == [CONTACT]
    assert len(house.items()) == 2 + len(story.entries) + len(places.tasks_of(story.complaint))


def test_a_timeline_page_goes_on_where_the_one_before_ended(house: House):
    story = Story()
    for _ in range(5):
        story.do(Action.NOTE)
    saved(story.do(Action.ACKNOWLEDGE))
    assert [entry.seq for entry in islice(store.timeline(NUMBER, 2, 3), 3)] == [3, 4, 5]
    assert list(store.timeline(NUMBER, 7, 3)) == []


def filed(number: str, hours: float) -> Summary:
    """A complaint with this number, filed some hours after Friday afternoon."""
    story = Story(at=Story().now + timedelta(hours=hours))
    entries = [entry.model_copy(update={"record": number}) for entry in story.entries]
    complaint = story.complaint.model_copy(update={"complaint_id": number})
    save(None, complaint, entries, story.now, contact=WANG)
    return Summary.of(complaint)


def test_queues_are_in_order_of_their_due_times_whatever_partitions_they_come_from(house: House):
    third, first = filed("CCCCC-CCCCC", 3), filed("AAAAA-AAAAA", 1)
    closed = saved(story_in(Stage.INVESTIGATING)).complaint
    received, investigating = (queue_of(Role.CUSTOMER_SERVICE, s) for s in (Stage.RECEIVED, Stage.INVESTIGATING))
    assert list(queues.queue([received], " ", "~", 10)) == [first, third]
    assert list(queues.queue([investigating, received], " ", "~", 1)) == [first, third, Summary.of(closed)]
    assert len(list(queues.queue([queue_of_order(KETTLE.order_number)], " ", "~", 10))) == 3
    assert list(queues.queue([], " ", "~", 10)) == []


def test_each_question_costs_one_round_trip(house: House):
    saved(story_in(Stage.AWAITING_CONSUMER))
    received = queue_of(Role.CUSTOMER_SERVICE, Stage.AWAITING_CONSUMER)
    questions = {
        "dynamodb:BatchGetItem": [
            lambda: store.load(NUMBER, Complaint),
            lambda: store.matter(RECEIPT, Complaint),
            lambda: store.load_idempotency("key"),
        ],
        "dynamodb:Query": [
            lambda: store.load_with_entries(NUMBER, Complaint),
            lambda: next(store.timeline(NUMBER, 0, 10)),
            lambda: list(queues.queue([received], " ", "~", 10)),
            lambda: store.notices(NUMBER),
        ],
    }
    for call, asked in questions.items():
        for ask in asked:
            with house.counting() as calls:
                ask()
            assert calls == [call]
