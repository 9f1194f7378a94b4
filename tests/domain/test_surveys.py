"""6.2: consumers are asked how it was, answer or decline, and low answers are looked into by somebody else."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.complaint import events, faces
from chalicelib.domain.complaint.decisions import erase_words
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Feedback, MadeCall, Reopening, SurveyAnswer, Withdrawal
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed
from chalicelib.domain.ground.people import staff
from chalicelib.domain.supervision.account import lines_of
from chalicelib.domain.supervision.lines import Line, Surveyed, TaskEnded
from chalicelib.domain.telling.notices import can_be_told_at, notices_of
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import Stage

from .cases import FRIDAY, LEAD, LIN, MANAGEMENT, POLICY, WANG, Story, asked, story_in

MONDAY = datetime(2026, 10, 12, 2, tzinfo=UTC)  # 10:00 in Shanghai, three days after Friday the 9th
GOOD = SurveyAnswer(overall=5, solved="yes", fair=5, easy=4, informed=5)
LOW = SurveyAnswer(overall=2, solved="partly", fair=3, easy=3, informed=1, words="等了很久，没有人回电话。")
OTHER_LEAD = staff("cs.boss", frozenset({"customer_service", "supervisor"}))
AUDITOR = staff("audit.qin", frozenset({"audit"}))


def surveyed(story: Story) -> list[tuple[str, int]]:
    return [(line.what, line.closure) for line in lines_of(story.entries, POLICY) if isinstance(line, Surveyed)]


def state(story: Story) -> str:
    survey = story.complaint.survey
    return survey.state if survey else "none"


# ---- being asked -----------------------------------------------------------------------------------------------------


def test_on_the_third_day_after_a_closure_at_ten_the_consumer_is_asked():
    story = story_in(Stage.CLOSED)
    assert state(story) == "planned"
    story.now = MONDAY - timedelta(seconds=1)
    assert state(story.ring()) == "planned"
    story.now = MONDAY
    assert state(story.ring()) == "due"
    assert state(asked(story_in(Stage.CLOSED))) == "open"


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING])
def test_whoever_withdraws_before_there_is_a_plan_is_not_asked(stage: Stage):
    story = story_in(stage).do(Action.WITHDRAW, WANG, Withdrawal())
    assert (state(story), story.complaint.clocks) == ("none", ())


def test_whoever_withdraws_after_a_plan_is_asked_and_whoever_does_not_answer_it_too():
    assert state(story_in(Stage.AWAITING_CONSUMER).do(Action.WITHDRAW, WANG)) == "planned"
    objected = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN, WANG).do(Action.WITHDRAW, WANG)
    assert state(objected) == "planned"
    silent = story_in(Stage.AWAITING_CONSUMER)
    silent.now += timedelta(days=20)
    silent.ring()
    assert [one.state for one in silent.complaint.surveys] == ["planned"]


def test_what_is_merged_has_no_survey():
    assert state(story_in(Stage.AWAITING_CONSUMER).do(Action.MERGE)) == "none"


def test_nobody_is_asked_at_night_however_late_it_is_found_due():
    story = asked(story_in(Stage.CLOSED))
    sent = story.entries[-1]
    night = datetime(2026, 10, 12, 15, tzinfo=UTC)  # 23:00 in Shanghai
    assert can_be_told_at(sent, night, POLICY) == datetime(2026, 10, 13, 0, tzinfo=UTC)


def test_one_reminder_comes_after_four_days_and_after_fourteen_it_is_over():
    story = asked(story_in(Stage.CLOSED))
    known = len(story.entries)
    story.now = MONDAY + timedelta(days=13)
    story.ring()
    raised = story.entries[known:]
    told = [(entry.kind, key.kind, key.audience) for entry in raised for key in notices_of(entry)]
    assert ("ReminderRaised", "survey_reminder", "consumer") in told
    reminder = next(entry.event for entry in raised if ("survey_reminder" in str(notices_of(entry))))
    assert isinstance(reminder, events.ReminderRaised)
    assert reminder.alarm.moment == MONDAY + timedelta(days=4)
    story.now = datetime(2026, 10, 26, 15, 59, 59, tzinfo=UTC)
    assert state(story.ring()) == "open"
    story.now += timedelta(seconds=1)  # 24:00 of the fourteenth day
    assert state(story.ring()) == "expired"
    with pytest.raises(NotAllowed, match="survey_over"):
        story.do(Action.ANSWER_SURVEY)


# ---- answering -------------------------------------------------------------------------------------------------------


def test_before_they_are_asked_nobody_answers():
    story = story_in(Stage.CLOSED)
    with pytest.raises(NotAllowed, match="survey_not_yet"):
        story.do(Action.ANSWER_SURVEY)
    with pytest.raises(NotAllowed, match="stage_forbids"):
        story_in(Stage.PLANNING).do(Action.ANSWER_SURVEY)
    with pytest.raises(NotAllowed, match="no_survey"):
        story_in(Stage.PLANNING).do(Action.WITHDRAW, WANG).do(Action.ANSWER_SURVEY)


def test_an_answer_can_be_changed_for_twelve_hours_as_a_new_entry():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW)
    story.now += timedelta(hours=11)
    story.do(Action.ANSWER_SURVEY, WANG, GOOD)
    answers = [entry.event for entry in story.entries if isinstance(entry.event, events.SurveyAnswered)]
    assert [(one.first, one.answer.overall) for one in answers] == [(True, 2), (False, 5)]
    assert story.complaint.survey is not None
    assert story.complaint.survey.answer == GOOD
    story.now += timedelta(hours=1)
    with pytest.raises(NotAllowed, match="survey_answered hours=12"):
        story.do(Action.ANSWER_SURVEY, WANG, LOW)


def test_all_five_questions_are_answered_or_none_and_declined():
    with pytest.raises(ValueError, match="question_unanswered"):
        SurveyAnswer(overall=5)
    with pytest.raises(ValueError, match="declined_and_answered"):
        SurveyAnswer(decline=True, overall=5)
    with pytest.raises(ValueError, match="declined_and_answered"):
        SurveyAnswer(decline=True, words="不要再问了。")


def test_on_the_phone_somebody_asks_who_did_not_take_part():
    story = asked(story_in(Stage.CLOSED))
    for handler in (LIN,):
        with pytest.raises(Forbidden, match="took_part"):
            story.do(Action.ANSWER_SURVEY, handler, GOOD.model_copy(update={"channel": "phone"}))
    story.do(Action.CALL, OTHER_LEAD, MadeCall(about="survey", reached=True))
    story.do(Action.ANSWER_SURVEY, OTHER_LEAD, GOOD.model_copy(update={"channel": "phone"}))
    assert story.complaint.survey is not None
    assert story.complaint.survey.by_phone
    assert not story.complaint.is_measured("cs.boss"), "who asks them has no part in it"
    with pytest.raises(Invalid):
        asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, GOOD.model_copy(update={"channel": "phone"}))


def test_what_consumers_have_answered_themselves_no_staff_changes():
    by_phone = GOOD.model_copy(update={"channel": "phone"})
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW)
    with pytest.raises(NotAllowed, match="survey_answered_themselves"):
        story.do(Action.ANSWER_SURVEY, OTHER_LEAD, by_phone)
    recorded = asked(story_in(Stage.CLOSED))
    recorded.do(Action.ANSWER_SURVEY, OTHER_LEAD, by_phone.model_copy(update={"overall": 4}))
    recorded.do(Action.ANSWER_SURVEY, OTHER_LEAD, by_phone)  # what was recorded wrongly
    recorded.do(Action.ANSWER_SURVEY, WANG, LOW)
    with pytest.raises(NotAllowed, match="survey_answered_themselves"):
        recorded.do(Action.ANSWER_SURVEY, OTHER_LEAD, by_phone)


def test_whoever_had_it_took_part_though_they_did_nothing():
    story = asked(story_in(Stage.PLANNING).do(Action.ASSIGN).do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN))
    with pytest.raises(Forbidden, match="took_part"):
        story.do(Action.ANSWER_SURVEY, staff("cs.chen", frozenset({"customer_service"})), GOOD)


def test_words_of_danger_in_an_answer_are_found():
    story = asked(story_in(Stage.CLOSED))
    burnt = GOOD.model_copy(update={"words": "换来的水壶冒烟着火了，手被烫伤。"})
    story.do(Action.ANSWER_SURVEY, WANG, burnt)
    assert story.complaint.safety is not None
    assert story.complaint.safety.tier == "act"
    assert story.complaint.clock("safety_call")


def test_whoever_declines_is_not_asked_any_more_and_that_is_no_answer():
    story = asked(story_in(Stage.CLOSED)).do(Action.DECLINE_SURVEY, WANG)
    assert (state(story), story.complaint.numbers(["survey_answer"])) == ("declined", ())
    with pytest.raises(NotAllowed, match="survey_over"):
        story.do(Action.ANSWER_SURVEY)
    assert surveyed(story) == [("sent", 1), ("opted_out", 1)]


# ---- reopened, erased ------------------------------------------------------------------------------------------------


def test_a_reopening_voids_it_and_the_next_closure_has_its_own():
    story = asked(story_in(Stage.CLOSED))
    sent = story.entries[-1]
    assert not outdated(sent, story.complaint)
    story.do(Action.REOPEN, WANG, Reopening(reason="还是裂的。"))
    assert [one.state for one in story.complaint.surveys] == ["void"]
    assert outdated(sent, story.complaint)
    assert story.complaint.numbers(["survey", "survey_answer"]) == ()
    story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG, Feedback(satisfied=True))
    assert [(one.closure, one.state) for one in story.complaint.surveys] == [(1, "void"), (2, "planned")]
    assert surveyed(story) == [("sent", 1), ("voided", 1)]


def test_reopened_before_anybody_was_asked_it_is_void_and_counted_nowhere():
    story = story_in(Stage.CLOSED).do(Action.REOPEN)
    story.now = MONDAY
    assert [one.state for one in story.ring().complaint.surveys] == ["void"]
    assert surveyed(story) == []


def test_a_survey_keeps_no_words_from_being_erased_and_nobody_is_asked_afterwards():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.WITHDRAW, WANG)
    (entry,) = erase_words(story.complaint, story.now, story.policy)
    story._happened([entry])
    assert (entry.sets_clock[1], story.complaint.clocks) == ((5,), ())
    assert [one.state for one in story.complaint.surveys] == ["void"]
    assert fold(story.entries[:-1]).clocks


def test_a_low_answer_that_waits_to_be_looked_into_keeps_its_words():
    story = asked(story_in(Stage.AWAITING_CONSUMER).do(Action.WITHDRAW, WANG)).do(Action.ANSWER_SURVEY, WANG, LOW)
    with pytest.raises(NotAllowed, match="clocks_running"):
        erase_words(story.complaint, story.now, story.policy)
    story.do(Action.REVIEW_SURVEY)
    (entry,) = erase_words(story.complaint, story.now, story.policy)
    story._happened([entry])
    answer = story.complaint.surveys[0].answer
    assert answer is not None
    assert (answer.overall, answer.words) == (2, "[已删除 erased]")


# ---- low answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "low"),
    [
        (GOOD, False),
        (GOOD.model_copy(update={"overall": 3, "solved": "partly"}), False),
        (GOOD.model_copy(update={"overall": 2}), True),
        (GOOD.model_copy(update={"solved": "no"}), True),
    ],
)
def test_two_or_less_or_not_solved_is_low_and_a_task_of_two_working_days(answer: SurveyAnswer, low: bool):
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, answer)
    clock = story.complaint.clock("survey_review 1")
    assert (clock is not None) == low
    if clock:
        assert (clock.held_by, clock.due_at) == ("supervisor", datetime(2026, 10, 14, 16, tzinfo=UTC))


def test_a_low_answer_that_is_changed_need_not_be_looked_into():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW).do(Action.ANSWER_SURVEY, WANG, GOOD)
    assert story.complaint.survey_to_review is None
    assert story.complaint.clock("survey_review 1") is None
    assert [line.ended for line in tasks(story)] == ["stopped"]


def tasks(story: Story) -> list[TaskEnded]:
    found: list[Line] = lines_of(story.entries, POLICY)
    return [line for line in found if isinstance(line, TaskEnded) and line.ladder == "survey_review"]


def test_somebody_who_did_not_handle_it_looks_into_it_and_says_what_it_is_about():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.ASSIGN, LEAD).do(Action.ACCEPT_PLAN, WANG)
    story = asked(story).do(Action.ANSWER_SURVEY, WANG, LOW)
    with pytest.raises(Forbidden, match="reviews_own_work"):
        story.do(Action.REVIEW_SURVEY, staff("cs.chen", frozenset({"customer_service", "supervisor"})))
    story.do(Action.REVIEW_SURVEY, OTHER_LEAD)
    survey = story.complaint.survey
    assert survey is not None
    assert survey.reviewed is not None
    assert (survey.reviewed.by, survey.reviewed.review.fault) == ("cs.boss", "process")
    assert [line.ended for line in tasks(story)] == ["done"]
    with pytest.raises(NotAllowed, match="no_low_answer"):
        story.do(Action.REVIEW_SURVEY, OTHER_LEAD)


def test_it_is_looked_into_though_the_complaint_is_reopened_meanwhile():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW).do(Action.REOPEN)
    assert story.complaint.clock("survey_review 1")
    assert story.do(Action.REVIEW_SURVEY, MANAGEMENT).complaint.surveys[0].reviewed


def test_what_is_late_about_it_is_told_to_supervisors_and_not_to_whoever_has_the_complaint():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW)
    story.now += timedelta(days=6)
    known = len(story.entries)
    raised: list[Entry] = [one for one in story.ring().entries[known:] if "survey_review" in str(one.data)]
    told = {(one.kind, key.audience) for one in raised for key in notices_of(one)}
    assert told == {("ReminderRaised", "supervisor"), ("DeadlineMissed", "supervisor"), ("Escalated", "management")}


# ---- who reads the words ---------------------------------------------------------------------------------------------


def test_whoever_is_measured_by_it_reads_no_word_of_it_nor_does_staff_without_oversight():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW).do(Action.REVIEW_SURVEY, MANAGEMENT)
    answered, reviewed = story.entries[-2:]
    readers = {one.id: faces.may_read_words(story.complaint, one) for one in (LIN, LEAD, MANAGEMENT, AUDITOR, WANG)}
    assert readers == {"cs.lin": False, "cs.lead": True, "management.zhou": True, "audit.qin": True, WANG.id: True}
    for entry in (answered, reviewed):
        assert faces.depends(entry)
        assert faces.as_read_by(entry, story.complaint, LIN).words is None
        assert faces.as_read_by(entry, story.complaint, AUDITOR) == entry
        assert entry.event.public_face() is None


def test_a_low_answer_looked_into_after_the_next_closure_is_lined_with_the_closure_that_it_is_about():
    story = asked(story_in(Stage.CLOSED)).do(Action.ANSWER_SURVEY, WANG, LOW).do(Action.REOPEN)
    story.do(Action.ASSIGN, LEAD).do(Action.PROPOSE_PLAN)
    story.do(Action.ACCEPT_PLAN, WANG).do(Action.REVIEW_SURVEY, MANAGEMENT)
    found = [line for line in lines_of(story.entries, POLICY) if isinstance(line, Surveyed)]
    assert [(line.what, line.closure, line.planner) for line in found if line.what in ("answered", "reviewed")] == [
        ("answered", 1, "cs.lin"),
        ("reviewed", 1, "cs.lin"),
    ]
    assert {(line.closed_day, line.later_round) for line in found} == {(FRIDAY.date(), False)}


def test_what_becomes_of_a_survey_is_lined_with_its_closure():
    story = asked(story_in(Stage.CLOSED)).found(events.SurveyUndelivered(closure=1))
    story.do(Action.ANSWER_SURVEY, WANG, LOW).do(Action.REVIEW_SURVEY, MANAGEMENT)
    found = [line for line in lines_of(story.entries, POLICY) if isinstance(line, Surveyed)]
    assert [line.what for line in found] == ["sent", "undelivered", "answered", "reviewed"]
    assert {(line.closed_day, line.outcome, line.later_round, line.planner) for line in found} == {
        (FRIDAY.date(), "satisfied", False, "cs.lin")
    }
    assert (found[2].overall, found[2].solved, found[2].is_low, found[3].fault) == (2, "partly", True, "process")
