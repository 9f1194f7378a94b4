"""A sheet is shown to the person first, who may contest its items; another person answers with reasons; it is final."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, Refusal
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.supervision import sheet
from chalicelib.domain.supervision.sheet import ANSWERERS, LIFECYCLE, Answer, Comment, Contest, Reply, Sheet, SheetShown
from tests.domain.cases import POLICY

SHANGHAI = ZoneInfo("Asia/Shanghai")
THURSDAY = datetime(2026, 11, 5, 9, tzinfo=SHANGHAI)
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
WANG = people.staff("cs.wang", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
QIN = people.staff("audit.qin", frozenset({"audit"}))


def shown(person: str = "cs.lin", at: datetime = THURSDAY, *, left: bool = False) -> Sheet:
    event = SheetShown(person=person, quarter="2026Q3", hash="ab", as_of=date(2026, 11, 4), left=left)
    return sheet.evolve(None, sheet.shown(event, at, POLICY))


def comment(*items: Any) -> Comment:
    return Comment(text="这一季我带新人。", contested=tuple(Contest(item=one, reasons="系统停机") for one in items))


def answer(*numbers: int, upheld: bool = True) -> Answer:
    return Answer(answers=tuple(Reply(number=one, upheld=upheld, reasons="停机属实。") for one in numbers))


def after(state: Sheet, handed_in: Any, actor: Actor, at: datetime = THURSDAY) -> Sheet:
    for entry in sheet.decide(state, handed_in, actor, at, POLICY, None):
        state = sheet.evolve(state, entry)
    return state


def rung(state: Sheet, until: datetime) -> tuple[Sheet, list[tuple[str, str]]]:
    """What rings until a moment, and when it was to."""
    found = []
    while (alarm := sheet.next_alarm(state, POLICY, None)) and alarm.moment <= until:
        for entry in sheet.due_alarms(state, alarm.moment, POLICY):
            state = sheet.evolve(state, entry)
            found.append((entry.kind, f"{alarm.moment.astimezone(SHANGHAI):%m-%d %H:%M}"))
    return state, found


def test_who_says_nothing_is_reminded_on_the_last_day_and_then_it_is_final() -> None:
    state, found = rung(shown(), THURSDAY + timedelta(days=60))
    assert found == [("DutyReminded", "11-11 21:00"), ("SheetCommentsEnded", "11-13 00:00")]
    assert (state.stage, state.comments_until) == ("final", None)
    assert state.final_at


def test_what_is_contested_is_answered_and_then_it_is_final_when_the_days_are_over() -> None:
    state = after(shown(), comment("breaches", "objections"), LIN)
    assert state.stage == "contested"
    state = after(state, answer(2, upheld=False), LEAD)
    assert [one.number for one in state.unanswered] == [1]
    state = after(state, answer(1), ZHOU)
    assert state.stage == "shown"  # the person has days left
    state, found = rung(state, THURSDAY + timedelta(days=60))
    assert [kind for kind, _ in found] == ["DutyReminded", "SheetCommentsEnded"]
    assert state.stage == "final"
    assert [(one.item, one.answer and one.answer.upheld, one.answer and one.answer.by) for one in state.contested] == [
        ("breaches", True, "management.zhou"),
        ("objections", False, "cs.lead"),
    ]


def test_an_answer_that_is_late_is_told_and_a_day_later_to_management_and_makes_it_final_however_late() -> None:
    state, found = rung(after(shown(), comment("breaches"), LIN), THURSDAY + timedelta(days=30))
    at_the_end = {"SheetCommentsEnded", "DutyMissed"}
    assert [kind for kind, _ in found][:2] == ["DutyReminded", "DutyReminded"]
    assert {kind for kind, _ in found[2:4]} == at_the_end
    assert [kind for kind, _ in found[4:]] == ["DutyEscalated"]
    assert state.stage == "contested"
    with pytest.raises(NotAllowed, match="comments_over"):
        after(state, comment(), LIN, THURSDAY + timedelta(days=30))
    state = after(state, answer(1), LEAD, THURSDAY + timedelta(days=30))
    assert (state.stage, state.duties) == ("final", ())
    assert sheet.next_alarm(state, POLICY, None) is None


def test_over_new_year_the_days_are_working_days() -> None:
    until = shown(at=datetime(2026, 12, 30, 9, tzinfo=SHANGHAI)).comments_until
    assert until
    days = (datetime(2026, 12, 31, tzinfo=SHANGHAI) + timedelta(n) for n in range(30))
    working = [day for day in days if POLICY.calendar.is_working_day(day.date())]
    assert until == working[4] + timedelta(days=1)


def test_of_who_left_it_is_final_at_once_and_no_clock_runs() -> None:
    state = shown(left=True)
    assert (state.stage, state.left, sheet.next_alarm(state, POLICY, None)) == ("final", True, None)


# ---- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LIN, WANG, LEAD, ZHOU, QIN], ids=lambda actor: actor.id)
@pytest.mark.parametrize("stage", ["shown", "contested", "final"])
@pytest.mark.parametrize("action", ["comment", "answer"])
def test_stage_by_action_by_person(stage: str, action: str, actor: Actor) -> None:
    state = {
        "shown": shown(),
        "contested": after(shown(), comment("breaches"), LIN),
        "final": rung(shown(), THURSDAY + timedelta(days=60))[0],
    }[stage]
    handed_in = {"comment": comment("objections"), "answer": answer(1)}[action]
    expected = {
        ("shown", "answer"): "sheet_stage_forbids",
        ("final", "comment"): "sheet_stage_forbids",
        ("final", "answer"): "sheet_stage_forbids",
        ("shown", "comment"): None if actor is LIN else "sheet_of_another",
        ("contested", "comment"): None if actor is LIN else "sheet_of_another",
        ("contested", "answer"): None if actor in (LEAD, ZHOU) else "role_not_open",
    }[stage, action]
    if expected is None:
        assert after(state, handed_in, actor).seq > state.seq
        return
    with pytest.raises(Refusal) as refused:
        after(state, handed_in, actor)
    assert refused.value.reason == expected


def test_a_supervisor_does_not_answer_what_they_contest_themselves() -> None:
    state = after(shown("cs.lead"), comment("breaches"), LEAD)
    with pytest.raises(Forbidden, match="own_sheet"):
        after(state, answer(1), LEAD)
    assert not after(state, answer(1), ZHOU).unanswered


@pytest.mark.parametrize(
    ("actor", "contested", "final"), [(LEAD, True, True), (ZHOU, True, True), (WANG, False, False)]
)
def test_the_person_reads_it_first_others_when_it_is_contested_or_final(
    actor: Actor, contested: bool, final: bool
) -> None:
    state = shown()
    assert state.is_open_to(LIN)
    assert not state.is_open_to(actor)
    assert not after(state, comment(), LIN).is_open_to(actor)
    assert after(state, comment("breaches"), LIN).is_open_to(actor) is contested
    assert rung(state, THURSDAY + timedelta(days=60))[0].is_open_to(actor) is final


def test_nobody_outside_who_is_called_the_same_reads_it() -> None:
    assert not shown("shop").is_open_to(people.storefront("shop"))


# ---- what is wrong ---------------------------------------------------------------------------------------------------


def test_an_item_is_not_contested_again_before_it_is_answered() -> None:
    state = after(shown(), comment("breaches"), LIN)
    for again in (comment("breaches"), comment("objections", "objections")):
        with pytest.raises(Invalid) as refused:
            after(state, again, LIN)
        assert [fault.code for fault in refused.value.faults] == ["contested_already"]
    state = after(state, answer(1), LEAD)
    assert after(state, comment("breaches"), LIN).stage == "contested"


@pytest.mark.parametrize("numbers", [(2,), (1, 1)])
def test_only_what_is_contested_is_answered_and_once(numbers: tuple[int, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        after(after(shown(), comment("breaches"), LIN), answer(*numbers), LEAD)
    assert [fault.code for fault in refused.value.faults] == ["not_contested"]


def test_there_is_an_end_to_comments_and_to_what_is_contested() -> None:
    state = shown()
    for _ in range(sheet.MOST_COMMENTS):
        state = after(state, comment(), LIN)
    with pytest.raises(NotAllowed, match="too_many_sheet_comments most=20"):
        after(state, comment(), LIN)
    state = shown()
    items = ("breaches", "objections", "satisfied", "closures")
    for number in range(5):
        state = after(state, comment(*items), LIN)
        state = after(state, answer(*(4 * number + one for one in (1, 2, 3, 4))), LEAD)
    with pytest.raises(NotAllowed, match="too_many_contested most=20"):
        after(state, comment("breaches"), LIN)


def test_whom_no_notice_reaches_is_written_down_once_for_each() -> None:
    state = shown()
    for entry in sheet.unreached(state, 1, THURSDAY):
        state = sheet.evolve(state, entry)
    assert (state.untold, sheet.unreached(state, 1, THURSDAY)) == ((1,), [])


# ---- in any order ----------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just(LIN), st.sampled_from([comment(), comment("breaches"), comment("objections", "satisfied")])),
        st.tuples(st.sampled_from([LEAD, ZHOU, WANG]), st.sampled_from([answer(1), answer(2, 3), answer(1, 2)])),
        st.tuples(st.none(), st.sampled_from([timedelta(hours=9), timedelta(days=3), timedelta(days=9)])),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_is_done_in_whatever_order_it_ends_final_with_everything_answered(steps: Any) -> None:
    event = SheetShown(person="cs.lin", quarter="2026Q3", hash="ab", as_of=date(2026, 11, 4))
    entries, now = [sheet.shown(event, THURSDAY, POLICY)], THURSDAY
    state = sheet.evolve(None, entries[0])

    def follow(made: Any) -> None:
        nonlocal state
        for entry in made:
            entries.append(entry)
            state = sheet.evolve(state, entry)

    for actor, what in steps:
        if actor is None:
            now += what
            continue
        with suppress(Refusal):
            follow(sheet.decide(state, what, actor, now, POLICY, None))
        assert (state.stage == "contested") == bool(state.unanswered)
    follow(sheet.due_alarms(state, now, POLICY))
    if state.unanswered:
        follow(sheet.decide(state, answer(*(one.number for one in state.unanswered)), LEAD, now, POLICY, None))
    follow(sheet.due_alarms(state, now + timedelta(days=40), POLICY))
    assert (state.stage, state.unanswered, sheet.next_alarm(state, POLICY, None)) == ("final", (), None)
    assert first_broken_link(entries) is None


def test_only_supervisors_and_management_answer() -> None:
    assert LIFECYCLE.who(sheet.Action.ANSWER) == ANSWERERS
