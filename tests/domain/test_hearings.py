"""8.3: whoever answers for something is heard, another person decides, they may object, and a third decides that."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.decisions import erase_words
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.heard import hints, to_open
from chalicelib.domain.complaint.hearings import DECIDE, OBJECT, STATE, Hearing, HearingDecision, HearingObjection
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Assignment
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import link
from chalicelib.domain.ground.errors import Forbidden, NotAllowed, NotFound, Refusal
from chalicelib.domain.ground.people import CLOCK, HOUSE, Actor, Role
from chalicelib.domain.ground.record import GENESIS, Alarm, ClockSetting, Event
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.account import lines_of
from chalicelib.domain.telling.notices import notices_of
from chalicelib.domain.vocabulary.ladders import Hearings
from chalicelib.domain.vocabulary.stages import Stage

from .cases import CRACKED, LEAD, POLICY, WANG, Story, heard, missed_by_lin, policy_with, story_for, story_in

MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
WU = people.staff("cs.wu", frozenset({"customer_service"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
QIAN = people.staff("management.qian", frozenset({"management"}))
SAID = hearings.Statement(text="当天系统停了四个小时。")
TALK = HearingDecision(measure="talk", reasons="时间确实不够，仍应提前说明。")
CLEARED = HearingDecision(measure="not_attributable", reasons="系统停机所致。")
NO = HearingObjection(text="我在中午已经报告过。")
DAYS = {"hearing": 3, "hearing_decision": 5, "hearing_objection": 5}


def sets(ladder: Hearings, name: str) -> ClockSetting:
    return ClockSetting(name=name, due_at=MONDAY + timedelta(days=DAYS[ladder]))


class Heard:
    """The hearings of a record, as they go on."""

    def __init__(self, *people: str) -> None:
        self.known: tuple[Hearing, ...] = ()
        self.seqs = count(1)
        for number, person in enumerate(people, start=1):
            self.happens(hearings.opened(number, person, ("many_open",), sets), HOUSE)

    def happens(self, event: Event, actor: Actor) -> "Heard":
        entry = link("7K2M9-XD4FQ", next(self.seqs), GENESIS, event, actor, MONDAY, None)
        self.known = hearings.evolve(self.known, entry)
        return self

    def state(self, actor: Actor = LIN, number: int = 1) -> "Heard":
        hearing = hearings.require(self.known, number, STATE, actor, [])
        return self.happens(hearings.stated(hearing, SAID, sets), actor)

    def decide(self, actor: Actor = ZHOU, it: HearingDecision = TALK) -> "Heard":
        return self.happens(hearings.decided(hearings.require(self.known, 1, DECIDE, actor, []), it, sets), actor)

    def object(self, actor: Actor = LIN) -> "Heard":
        return self.happens(hearings.objected(hearings.require(self.known, 1, OBJECT, actor, []), NO, sets), actor)

    def wait(self) -> "Heard":
        hearing = self.first
        name = "hearing 1" if hearing.stage == "hearing" else "hearing_objection 1"
        alarm = Alarm(
            number=1, kind="expire", clock=name, stage="closed", due_at=MONDAY, moment=MONDAY, tell=(), tell_from=MONDAY
        )
        return self.happens(hearings.ended(hearing, alarm, sets), CLOCK)

    @property
    def first(self) -> Hearing:
        return self.known[0]


def test_they_are_heard_it_is_decided_and_after_their_objection_another_decides_for_good():
    heard = Heard("cs.lin")
    assert (heard.first.stage, heard.first.hints, heard.first.clock) == ("hearing", ("many_open",), 1)
    assert heard.state().first.stage == "deciding"
    assert heard.decide().first.stage == "decided"
    assert heard.object().first.stage == "objected"
    assert heard.decide(QIAN, CLEARED).first.stage == "final"
    assert (heard.first.measure, heard.first.clock, heard.first.due_at) == ("not_attributable", None, None)
    assert [one.by for one in heard.first.decisions] == ["management.zhou", "management.qian"]


def test_whoever_does_not_speak_has_been_heard_and_whoever_does_not_object_has_agreed():
    heard = Heard("cs.lin").wait()
    assert (heard.first.stage, heard.first.statement, heard.first.clock) == ("deciding", None, 2)
    assert heard.decide().wait().first.stage == "final"


def test_where_there_is_nothing_to_answer_for_nobody_need_wait_for_an_objection():
    assert Heard("cs.lin").state().decide(it=CLEARED).first.stage == "final"


def test_each_clock_stops_the_one_before():
    heard = Heard("cs.lin")
    spoken = hearings.stated(heard.first, SAID, sets)
    assert (spoken.stops, spoken.clock and spoken.clock.name) == ((1,), "hearing_decision 1")
    decided = hearings.decided(heard.state().first, TALK, sets)
    assert (decided.stops, decided.clock and decided.clock.name) == ((2,), "hearing_objection 1")


@pytest.mark.parametrize(
    ("stage", "action", "actor", "reason"),
    [
        ("hearing", STATE, WU, "hearing_of_another"),
        ("hearing", STATE, ZHOU, "hearing_of_another"),
        ("hearing", DECIDE, ZHOU, "not_heard_yet"),
        ("hearing", OBJECT, LIN, "nothing_to_object_to"),
        ("deciding", STATE, LIN, "heard_already"),
        ("deciding", DECIDE, LIN, "own_hearing"),
        ("deciding", OBJECT, LIN, "nothing_to_object_to"),
        ("decided", STATE, LIN, "heard_already"),
        ("decided", DECIDE, QIAN, "hearing_decided"),
        ("decided", OBJECT, WU, "hearing_of_another"),
        ("objected", DECIDE, ZHOU, "another_decides"),
        ("objected", OBJECT, LIN, "nothing_to_object_to"),
        ("final", DECIDE, QIAN, "hearing_decided"),
        ("final", OBJECT, LIN, "nothing_to_object_to"),
    ],
)
def test_nobody_does_what_is_anothers_or_is_not_their_turn(stage: str, action: str, actor: Actor, reason: str):
    heard = Heard("cs.lin")
    steps = (heard.state, heard.decide, heard.object, lambda: heard.decide(QIAN))
    for step in steps:
        if heard.first.stage != stage:
            step()
    assert heard.first.stage == stage
    with pytest.raises((Forbidden, NotAllowed), match=reason):
        hearings.require(heard.known, "1", action, actor, [])


def test_what_nobody_is_heard_about_is_unknown():
    for action, actor in ((STATE, ZHOU), (DECIDE, ZHOU)):
        with pytest.raises(NotFound, match="hearing_unknown"):
            hearings.require(Heard("cs.lin").known, 2, action, actor, [])
    for number in (1, 2):
        with pytest.raises(Forbidden, match="hearing_of_another"):
            hearings.require(Heard("cs.lin").known, number, STATE, WU, [])


def test_of_what_turned_out_to_be_none_nothing_follows_until_it_is_one_again():
    heard = Heard("cs.lin", "cs.wu").state().decide()
    heard.known = hearings.voided(heard.known, {1})
    assert (heard.first.stage, heard.first.measure, heard.first.clock) == ("final", None, None)
    assert heard.known[1].stage == "hearing"
    with pytest.raises(NotAllowed, match="hearing_void"):
        hearings.require(heard.known, 1, OBJECT, LIN, [])
    anew = heard.happens(hearings.opened(1, "cs.lin", (), sets), HOUSE).known
    assert [(one.number, one.stage, one.void) for one in anew] == [(2, "hearing", False), (1, "hearing", False)]


def test_the_four_readers_and_nobody_else():
    roles = {role: people.staff("somebody", frozenset({role})) for role in people.STAFF}
    may = {role for role, actor in roles.items() if hearings.may_be_read("cs.lin", actor)}
    assert may == {Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT}
    assert hearings.may_be_read("cs.lin", LIN)
    for other in (WU, people.consumer("7K2M9-XD4FQ"), people.consumer("cs.lin"), people.storefront("cs.lin")):
        assert not hearings.may_be_read("cs.lin", other)


@given(st.lists(st.tuples(st.sampled_from([STATE, DECIDE, OBJECT, "wait"]), st.sampled_from([LIN, WU, ZHOU, QIAN]))))
def test_in_whatever_order_nobody_decides_about_themselves_nor_twice(steps: list[tuple[str, Actor]]):
    heard = Heard("management.zhou")
    for action, actor in steps:
        try:
            if action == STATE:
                heard.state(actor)
            elif action == DECIDE:
                heard.decide(actor)
            elif action == OBJECT:
                heard.object(actor)
            elif heard.first.waits_for_person:
                heard.wait()
        except Refusal:
            continue
    deciders = [one.by for one in heard.first.decisions]
    assert "management.zhou" not in deciders
    assert len(set(deciders)) == len(deciders) <= 2
    assert (heard.first.clock is None) == (heard.first.stage == "final")


# ---- of a complaint --------------------------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")


def told(story: Story, kind: str) -> list[tuple[str, str]]:
    return [(key.audience, key.kind) for entry in story.entries if entry.kind == kind for key in notices_of(entry)]


def test_whoever_had_it_when_it_was_missed_has_three_working_days_and_is_reminded_on_the_last():
    story = missed_by_lin()  # on Saturday the 10th, a working day, at 16:40
    (hearing,) = story.complaint.hearings
    assert (hearing.person, hearing.hints) == ("cs.lin", ("system_down",)), "it rang an hour late"
    assert hearing.due_at == datetime(2026, 10, 15, tzinfo=SHANGHAI)
    story.now = datetime(2026, 10, 14, 9, tzinfo=SHANGHAI)
    assert told(story.ring(), "HearingReminded") == [("person/cs.lin", "hearing_reminder")]
    story.now = datetime(2026, 10, 15, tzinfo=SHANGHAI)
    assert told(story.ring(), "HearingEnded") == [("management", "hearing_to_decide")]
    assert story.complaint.hearings[0].due_at == datetime(2026, 10, 23, tzinfo=SHANGHAI)
    story.now = datetime(2026, 10, 26, 12, tzinfo=SHANGHAI)
    told_late = told(story.ring(), "DecisionAwaited")
    assert told_late.count(("management", "hearing_late")) == 3
    assert ("supervisor", "hearing_late") in told_late
    breaches = [one.clock for one in story.complaint.breaches]
    assert not any(clock.startswith("hearing") for clock in breaches), "a late decision is no breach of the complaint"


def test_it_goes_on_whatever_becomes_of_the_complaint():
    story = missed_by_lin().do(Action.WITHDRAW, WANG)
    assert story.complaint.clock("hearing 1")
    merged = missed_by_lin().do(Action.MERGE)
    assert merged.do(Action.STATE).complaint.hearings[0].stage == "deciding"
    assert fold(merged.entries) == merged.complaint


def test_a_breach_that_the_calendar_takes_back_is_answered_by_nobody_until_it_stands_again():
    story = story_in(Stage.INVESTIGATING).do(Action.ASSIGN, LEAD, Assignment(assignee="cs.lin"))
    story.now = datetime(2026, 10, 14, 9, tzinfo=SHANGHAI)
    story.ring()
    heard(story)
    assert [one.stage for one in story.complaint.hearings] == ["hearing"]
    story.counted_anew(policy_with(extra_holidays=("2026-10-12", "2026-10-13")))
    (hearing,) = story.complaint.hearings
    assert (hearing.void, hearing.stage, story.complaint.clock("hearing 1")) == (True, "final", None)
    story.counted_anew(POLICY)
    recounted = story.entries[-1]
    assert to_open(story.complaint, recounted) == [1]


def test_words_are_erased_once_nobody_is_heard_any_more_and_what_was_decided_stays():
    story = story_for(Stage.CLOSED, Action.DECIDE).do(Action.COMPLETE_FOLLOW_UP)
    with pytest.raises(NotAllowed, match="clocks_running"):
        erase_words(story.complaint, story.now, POLICY)
    story.do(Action.DECIDE, submission=CLEARED)
    erased = fold([*story.entries, *erase_words(story.complaint, story.now, POLICY)])
    (hearing,) = erased.hearings
    assert (hearing.measure, hearing.statement, hearing.decisions[0].reasons) == ("not_attributable", ERASED, ERASED)


def test_nobody_who_is_heard_or_decides_takes_part_in_the_work():
    story = story_for(Stage.RECEIVED, Action.OBJECT)
    assert "management.zhou" not in story.complaint.took_part


def test_what_speaks_for_them_is_found():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.now = datetime(2026, 10, 13, 22, 30, tzinfo=SHANGHAI)
    story.do(Action.ASSIGN, LEAD, Assignment(assignee="cs.lin"))
    story.now = datetime(2026, 10, 14, tzinfo=SHANGHAI)
    story.ring()
    breach = next(one for one in story.complaint.breaches if one.held_by == "cs.lin")
    assert {*hints(story.complaint, breach, 31, POLICY)} == {"assigned_late", "department_late", "many_open"}
    assert {*hints(story.complaint, breach, 30, POLICY)} == {"assigned_late", "department_late"}


def test_a_decision_is_a_line_of_a_department_and_of_nobody():
    story = story_for(Stage.RECEIVED, Action.OBJECT)
    (line,) = [one for one in lines_of(story.entries, POLICY) if isinstance(one, lines.Heard)]
    assert (line.department, line.measure, line.final) == ("customer_service", "talk", False)
    assert "cs.lin" not in line.model_dump_json()


def test_what_is_offered_is_the_next_of_what_would_be_taken() -> None:
    every = {STATE, OBJECT, DECIDE}

    def offered(heard: Heard) -> list[str | None]:
        return [hearings.next_of(heard.first, actor, every) for actor in (LIN, WU, ZHOU, QIAN)]

    assert offered(Heard("cs.lin")) == [STATE, None, None, None]
    decided = Heard("cs.lin").state().decide(ZHOU)
    assert offered(decided) == [OBJECT, None, None, None]
    assert offered(decided.object()) == [None, DECIDE, None, DECIDE], "whoever decided first does not decide again"
    assert hearings.next_of(decided.first, WU, {STATE, OBJECT}) is None, "what their role does not open"
