"""When a text may go out: nobody is woken by one, but for a promise that nothing else keeps before the morning."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, sampled_from

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Filing
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.notices import texted_from
from chalicelib.domain.vocabulary.stages import Stage

from .cases import ALLERGY, KETTLE, POLICY, Story, changed, story_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROMISES = {"interim_measure"} | {
    "acknowledgement",
    "plan",
    "adjusted_plan",
    "information_request",
    "closure",
    "other_plan",
    "other_closed",
}
FROM = datetime(2026, 10, 9, tzinfo=SHANGHAI)
MOMENTS = integers(0, 7 * 24 * 60 * 60).map(lambda seconds: FROM + timedelta(seconds=seconds))
LED_ON = next(entry for entry in story_in(Stage.INVESTIGATING).entries if entry.enters and entry.seq > 1)


def in_time(kept: int, moment: datetime) -> Entry:
    """Something that led on to another stage at a moment, so many minutes before the stage was due."""
    assert LED_ON.enters
    due = LED_ON.enters.model_copy(update={"was_due_at": moment + timedelta(minutes=kept)})
    return changed(LED_ON, at=moment, enters=due)


def awake(moment: datetime) -> bool:
    return time(8) <= moment.astimezone(SHANGHAI).time() <= time(21)


def test_what_keeps_a_promise_is_acknowledgement_plan_question_closure_and_what_to_do_in_danger():
    assert {kind for kind, facts in NOTICES.items() if facts.keeps_promise} == PROMISES


@given(kind=sampled_from(sorted(NOTICES)), now=MOMENTS, kept=integers(-60, 60 * 24), mailed=booleans())
def test_no_text_goes_out_at_night_but_what_keeps_a_promise_that_ends_before_the_morning_and_no_mail_keeps(
    kind: str, now: datetime, kept: int, mailed: bool
):
    goes = texted_from(kind, in_time(kept, now), now, POLICY, mailed=mailed)
    morning = datetime.combine(now.date() + timedelta(days=now.time() > time(21)), time(8), SHANGHAI)
    promised = kind in PROMISES and not mailed and kept >= 0 and now + timedelta(minutes=kept) < morning
    if awake(now) or promised:
        assert goes == now
    else:
        assert goes == morning


@pytest.mark.parametrize(
    ("action", "stage", "what"),
    [
        (Action.ACKNOWLEDGE, Stage.RECEIVED, "acknowledgement"),
        (Action.PROPOSE_PLAN, Stage.PLANNING, "plan"),
        (Action.ACCEPT_PLAN, Stage.AWAITING_CONSUMER, "closure"),
    ],
)
def test_what_leads_on_is_promised_by_when_the_stage_was_due_that_it_ends(action: Action, stage: Stage, what: str):
    story = story_in(stage)
    clock = story.complaint.stage_clock
    assert clock
    story.now = clock.due_at - timedelta(minutes=1)
    story.do(action)
    led = next(entry for entry in reversed(story.entries) if entry.enters)
    assert led.enters
    assert led.enters.was_due_at == clock.due_at
    late_at_night = not awake(story.now)
    goes = texted_from(what, led, story.now, POLICY, mailed=False)
    assert goes == story.now
    assert (texted_from(what, led, story.now, POLICY, mailed=True) > story.now) == late_at_night


def test_a_question_wakes_nobody_since_the_time_to_answer_it_never_ends_before_the_morning():
    story = story_in(Stage.INVESTIGATING)
    story.now = datetime(2026, 10, 9, 23, tzinfo=SHANGHAI)
    asked = story.do(Action.REQUEST_INFORMATION).entries[-1]
    assert awake(texted_from("information_request", asked, story.now, POLICY, mailed=False))
    clock = asked.sets_clock[0]
    assert clock
    soon = {"clock": clock.model_copy(update={"due_at": story.now + timedelta(hours=1)}).model_dump(mode="json")}
    sooner = changed(asked, data=asked.data | soon)
    assert texted_from("information_request", sooner, story.now, POLICY, mailed=False) == story.now


def test_a_complaint_is_in_its_first_stage_without_one_before_it():
    first = Story().entries[0]
    assert first.enters
    assert first.enters.was_due_at is None


@pytest.mark.parametrize(("filing", "at_once"), [(ALLERGY, True), (KETTLE, False)])
def test_what_to_do_in_danger_is_texted_at_night_even_where_mail_goes(filing: Filing, at_once: bool):
    story = Story(filing)
    story.now = datetime(2026, 10, 10, 2, 30, tzinfo=SHANGHAI)
    measure = story.do(Action.TAKE_INTERIM_MEASURE).entries[-1]
    morning = datetime(2026, 10, 10, 8, tzinfo=SHANGHAI)
    goes = texted_from("interim_measure", measure, story.now, POLICY, mailed=True)
    assert goes == (story.now if at_once else morning)
