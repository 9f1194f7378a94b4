"""Other kinds of records live in the house as complaints do: an errand is walked through its life by the same verbs."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis.strategies import from_regex, text

import app
from chalicelib.adapters import mail, outbox, store
from chalicelib.casework import records, rules
from chalicelib.casework.act import act
from chalicelib.casework.commit import commit
from chalicelib.casework.once import Done, idempotency
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import IdempotencyMismatch, NotAllowed, NotFound, Stale
from chalicelib.domain.telling.notices import NoticeKey, person
from infra.aws.functions import scheduled_event
from tests.house import FRIDAY, House

from .errand import Errand, Finish, Stage, evolve, give, kind
from .mailroom import HARD, Mailroom, mail_event, mails, notices, told

NAME = "errand_2026-7"
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
CHEN = people.staff("cs.chen", frozenset({"customer_service"}))
FETCHED = Finish(note="已取回样品")


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """There are errands; what reacted to them."""
    reacted: list[str] = []
    with records.added("errand", kind(reacted)):
        yield reacted


@pytest.fixture
def errand(house: House, seen: list[str]) -> Errand:
    """林 sends 陈 for the sample."""
    return commit(None, give(NAME, "cs.chen", "去仓库取样品", LIN, house.now), house.now, rules.in_force(house.now))


def finish(house: House, note: Finish = FETCHED, seen: set[int] | None = None, key: str | None = None) -> Done[Errand]:
    once = idempotency("cs.chen", key, note.model_dump_json().encode(), house.now) if key else None
    return act(NAME, note, CHEN, house.now, seen=seen, idempotency=once)


def test_it_is_saved_chained_and_read_as_what_it_is(house: House, errand: Errand):
    done = finish(house)
    found = store.load_with_entries(NAME, Errand)
    assert found
    assert found.state == done.state
    assert [entry.kind for entry in found.entries] == ["ErrandGiven", "ErrandFinished"]
    assert first_broken_link(found.entries) is None
    assert evolve(errand, found.entries[1]) == found.state
    assert {item["pk"]["S"] for item in house.items()} == {f"RECORD#{NAME}"}


def test_who_is_overtaken_decides_anew_and_who_named_a_version_is_told(house: House, errand: Errand):
    with house.meanwhile(lambda: finish(house, Finish(note="我也取了"))), pytest.raises(NotAllowed) as refusal:
        finish(house)
    assert "record=errand stage=done" in str(refusal.value)
    with pytest.raises(Stale):
        finish(house, seen={1})


def test_the_same_request_is_answered_again_and_another_one_refused(house: House, errand: Errand):
    first = finish(house, key="k-1")
    again = finish(house, key="k-1")
    assert again.replayed
    assert again.state == first.state
    with pytest.raises(IdempotencyMismatch):
        finish(house, Finish(note="别的"), key="k-1")


def test_one_person_is_told_and_a_bounce_comes_back_to_the_record(house: House, errand: Errand, seen: list[str]):
    room = Mailroom(house)
    room.settle()
    assert notices(house, NAME) == [(person("cs.chen"), "errand_given", "sent")]
    (letter,) = mails()
    assert letter["Subject"] == f"errand_given {NAME}"
    given_notice = next(item for item in house.items() if item["sk"]["S"].startswith("NOTICE#"))
    assert app.mail_events(mail_event(house, "Bounce", given_notice, **HARD), None) == 1
    room.settle()
    found = store.load(NAME, Errand)
    assert found
    assert found.state.returned == (1,)
    assert seen == [f"{NAME} ErrandGiven", f"{NAME} ErrandReturned"]


@pytest.mark.parametrize("by", ["clock", "sweep", "both"])
def test_it_rings_once_by_the_clock_or_the_sweep_and_its_supervisor_is_told(house: House, errand: Errand, by: str):
    room = Mailroom(house)
    room.settle()
    house.now = FRIDAY + timedelta(hours=4)
    if by != "sweep":
        alarm = {"record": NAME, "clock": 1, "idle": 0, "at": "2026-10-09T11:40:00Z"}
        assert app.ring(alarm, None)["at"] is None
    if by != "clock":
        assert app.sweep(scheduled_event("sweep", "us-east-1", house.now), None)["failed"] == 0
    room.settle()
    found = store.load_with_entries(NAME, Errand)
    assert found
    assert [entry.kind for entry in found.entries] == ["ErrandGiven", "ErrandLate"]
    assert [subject for subject, _ in told("supervisor")] == [f"[Redress] errand_late {NAME}"]


def test_its_clock_is_set_and_stopped_by_its_entries(house: House, errand: Errand):
    room = Mailroom(house)
    with house.counting() as calls:
        room.react()
    assert any(call.endswith(":StartExecution") for call in calls)
    finish(house)
    with house.counting() as calls:
        room.react()
    assert any(call.endswith(":StopExecution") for call in calls)


def test_what_is_over_is_not_told(house: House, errand: Errand):
    room = Mailroom(house)
    room.react()
    finish(house)
    room.settle()
    assert notices(house, NAME) == [(person("cs.chen"), "errand_given", "outdated")]
    assert mails() == []


def test_a_consumer_sees_none_of_it_and_without_its_row_nobody_knows_the_kind(house: House, errand: Errand):
    with pytest.raises(NotFound):
        act(NAME, FETCHED, people.consumer(NAME), house.now, seen=None, idempotency=None)
    with pytest.raises(KeyError):
        records.kind_of("stranger_2026Q4")
    with pytest.raises(ValueError, match="already"), records.added("errand", kind([])):
        pass


def test_the_stage_is_the_lifecycles_own(errand: Errand):
    assert errand.stage == Stage.GIVEN


@given(from_regex(r"[A-Za-z0-9._@+-]{1,128}", fullmatch=True) | text("王芳é𠮷.@-_", min_size=1, max_size=32))
@example("." * 128)
@example("-" * 128)
@example("王芳" * 20)
@example("_-.@+" * 25)
def test_a_notice_to_a_person_is_known_again_whatever_their_name(name: str):
    key = NoticeKey(NAME, 12, person(name), "errand_given")
    assert outbox.key_of(outbox.item_key(key)) == key
    assert outbox.parse(json.dumps(key._asdict())) == key
    tag = mail.tag_of(key)
    assert mail.notice_of(NAME, tag) == key
    assert tag.replace("-", "").replace("_", "").isalnum()
    assert tag.isascii()
    assert len(tag) <= 256
