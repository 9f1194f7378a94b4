"""Danger: seen in whatever the consumer says, raised and lowered by hand, with tasks and clocks of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    AuthorityReport,
    EvidenceOffer,
    Feedback,
    Filing,
    Information,
    MadeCall,
    Reopening,
    SafetyAssessment,
    Submission,
    Triage,
    Withdrawal,
)
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling.notices import can_be_told_at, notices_of
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import Stage

from .cases import ALLERGY, FAKE, FRIDAY, KETTLE, LEAD, LIN, POLICY, QUALITY, WANG, Story, story_in

POISONED = "孩子今天住院了，食物中毒"
REACHED = MadeCall(about="safety", reached=True)
NIGHT = datetime(2026, 10, 9, 18, 30, tzinfo=UTC)  # 02:30 on Saturday in Shanghai


def tier(complaint: Complaint) -> str | None:
    return complaint.safety and complaint.safety.tier


def tasks(story: Story) -> dict[str, timedelta]:
    """What is to be done about a danger, and how long from now on there is for it."""
    return {one.name: one.due_at - story.now for one in story.complaint.clocks if one.name.startswith("safety")}


def assessed(harmed: str, *authorities: str) -> SafetyAssessment:
    said = {"harmed": harmed, "stop_selling": False, "report_to": authorities, "note": "检测中。"}
    return SafetyAssessment.model_validate(said)


def lowered(to: str = "none") -> Triage:
    return Triage.model_validate({"tier": to, "reason": "来电核实：是玩笑话。"})


# ---- seen, whatever it is said in, whenever --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "action", "submission", "actor"),
    [
        (Stage.RECEIVED, Action.GIVE_INFORMATION, Information(text=POISONED), WANG),
        (Stage.INVESTIGATING, Action.GIVE_INFORMATION, Information(text=POISONED), LIN),
        (Stage.AWAITING_CONSUMER, Action.OBJECT_TO_PLAN, Feedback(satisfied=False, opinion=POISONED), WANG),
        (Stage.AWAITING_CONSUMER, Action.ACCEPT_PLAN, Feedback(satisfied=True, opinion=POISONED), WANG),
        (Stage.CLOSED, Action.REOPEN, Reopening(reason=POISONED), WANG),
        (Stage.PLANNING, Action.WITHDRAW, Withdrawal(reason=POISONED), WANG),
        (
            Stage.CLOSED,
            Action.ADD_EVIDENCE,
            EvidenceOffer(file_name="病历.jpg", content_type="image/jpeg", size=9, description=POISONED),
            WANG,
        ),
    ],
)
def test_danger_is_seen_in_everything_the_consumer_says_whenever(
    stage: Stage, action: Action, submission: Submission, actor: Actor
):
    story = story_in(stage).do(action, actor, submission)
    assert tier(story.complaint) == "act"
    assert tasks(story)["safety_call"] == timedelta(hours=2)


def test_a_filing_is_looked_at_at_once_and_names_the_numbers_of_the_lists():
    story = Story(KETTLE.model_copy(update={"product_name": "酸奶", "description": POISONED}))
    found = story.entries[1]
    assert (found.kind, found.data["tier"], found.data["operating"]) == ("DangerFound", "act", 1)
    assert found.actor.id == "house"
    assert story.complaint.safety
    assert (story.complaint.safety.by, story.complaint.safety.since) == ("system", FRIDAY)


def test_what_staff_write_of_a_file_is_no_word_of_the_consumer():
    offer = EvidenceOffer(file_name="a.jpg", content_type="image/jpeg", size=9, description=POISONED)
    assert story_in(Stage.PLANNING).do(Action.ADD_EVIDENCE, LIN, offer).complaint.safety is None


def test_what_is_harmless_has_no_mark():
    assert Story().complaint.safety is None


def test_the_same_words_again_raise_nothing_and_are_written_once():
    story = Story(ALLERGY)
    known = len(story.entries)
    story.do(Action.GIVE_INFORMATION, submission=Information(text=ALLERGY.description))
    assert [entry.kind for entry in story.entries[known:]] == ["InformationGiven"]


def test_a_word_that_was_one_to_look_at_is_one_of_harm_by_what_stands_around_it_later():
    story = Story(KETTLE.model_copy(update={"product_name": "椅子", "description": "说明书写着有爆炸的危险。"}))
    assert tier(story.complaint) == "look"
    story.now += timedelta(hours=1)
    story.do(Action.GIVE_INFORMATION, submission=Information(text="今天插头爆炸"))
    assert tier(story.complaint) == "act"
    story.do(Action.TRIAGE, LEAD, lowered())
    story.do(Action.GIVE_INFORMATION, submission=Information(text="有爆炸的危险"))
    assert tier(story.complaint) == "none", "the same word in a lower tier says nothing new"


def test_new_words_of_harm_after_the_call_ask_for_another_one_and_the_same_words_do_not():
    story = Story(ALLERGY).do(Action.CALL, LIN, REACHED).do(Action.ASSESS_SAFETY, QUALITY, assessed("none"))
    story.now += timedelta(hours=6)
    story.do(Action.GIVE_INFORMATION, submission=Information(text=ALLERGY.description))
    assert tasks(story) == {}
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert set(tasks(story)) == {"safety_call", "safety_assessment"}
    assert tasks(story)["safety_call"] == timedelta(hours=2)
    assert [key.kind for entry in story.entries[-3:] for key in notices_of(entry)] == [
        *["safety_call"] * 3,
        "safety_assessment",
    ], "management knows of the danger"


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_whoever_lowers_it_has_the_last_word_about_the_words_found_so_far():
    story = Story(ALLERGY).do(Action.TRIAGE, LIN, lowered())
    assert (tier(story.complaint), tasks(story)) == ("none", {})
    assert story.complaint.safety
    assert story.complaint.safety.by == "cs.lin"
    story.do(Action.GIVE_INFORMATION, submission=Information(text=ALLERGY.description))
    assert tier(story.complaint) == "none"
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert tier(story.complaint) == "act", "these are other words"
    assert set(tasks(story)) == {"safety_call", "safety_assessment"}


def test_raised_by_hand_it_asks_for_the_same_as_by_words():
    story = Story().do(Action.TRIAGE, QUALITY, lowered("act"))
    assert (tier(story.complaint), set(tasks(story))) == ("act", {"safety_call", "safety_assessment"})
    assert [(key.audience, key.kind) for key in notices_of(story.entries[1])] == [("management", "safety")]


@pytest.mark.parametrize(
    ("by_hand", "task", "time"),
    [
        ("look", "safety_look", timedelta(days=1, hours=8, minutes=20)),  # the make-up Saturday, which ends at 24:00
        ("skin", "safety_skin", timedelta(days=3, hours=8, minutes=20)),
        ("privacy", "safety_privacy", timedelta(hours=24)),
    ],
)
def test_each_tier_has_its_own_time(by_hand: str, task: str, time: timedelta):
    assert tasks(Story().do(Action.TRIAGE, LEAD, lowered(by_hand))) == {task: time}


def test_the_call_is_due_in_two_hours_day_and_night_and_the_assessment_in_a_working_day():
    story = Story()
    story.now = NIGHT
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert tasks(story) == {
        "safety_call": timedelta(hours=2),
        "safety_assessment": datetime(2026, 10, 12, 16, tzinfo=UTC) - NIGHT,
    }


def test_who_leaves_it_where_it_is_has_looked_into_it():
    story = Story().do(Action.TRIAGE, LEAD, lowered("look"))
    since = story.complaint.safety and story.complaint.safety.since
    story.now += timedelta(hours=1)
    story.do(Action.TRIAGE, QUALITY, lowered("look"))
    assert (tier(story.complaint), tasks(story)) == ("look", {})
    assert story.complaint.safety
    assert story.complaint.safety.since == since


@pytest.mark.parametrize(("story", "to"), [(Story(), "none"), (Story(ALLERGY), "act")])
def test_a_tier_in_which_it_is_already_is_refused_where_only_a_call_or_nothing_would_do(story: Story, to: str):
    with pytest.raises(NotAllowed, match="already"):
        story.do(Action.TRIAGE, LIN, lowered(to))


def test_a_higher_tier_takes_the_place_of_what_a_lower_one_asked_for():
    story = Story().do(Action.TRIAGE, LEAD, lowered("look"))
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert set(tasks(story)) == {"safety_call", "safety_assessment"}
    story.do(Action.TRIAGE, LEAD, lowered("skin"))
    assert set(tasks(story)) == {"safety_skin"}


def test_personal_data_in_wrong_hands_are_seen_to_beside_a_danger():
    story = Story().do(Action.TRIAGE, LEAD, lowered("privacy"))
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert set(tasks(story)) == {"safety_privacy", "safety_call", "safety_assessment"}
    assert set(tasks(story.do(Action.CALL, LIN, REACHED))) == {"safety_assessment"}


# ---- what is done about it -------------------------------------------------------------------------------------------


def test_a_call_that_reached_the_consumer_ends_its_clock_and_one_that_did_not_is_on_record():
    story = Story(ALLERGY)
    story.do(Action.CALL, LIN, MadeCall(about="safety", reached=False))
    story.do(Action.CALL, LIN, MadeCall(about="notice", reached=True))
    assert "safety_call" in tasks(story)
    story.now += timedelta(minutes=10)
    story.do(Action.CALL, QUALITY, REACHED)
    assert set(tasks(story)) == {"safety_assessment"}
    assert story.complaint.safety
    assert story.complaint.safety.called_at == story.now
    assert [entry.actor.id for entry in story.entries if entry.kind == "ConsumerCalled"] == [
        *("cs.lin", "cs.lin", "quality.he")
    ]


def test_an_assessment_ends_its_clock_and_each_authority_has_its_own():
    story = Story(ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, assessed("minor", "cosmetics", "food"))
    assert set(tasks(story)) == {*("safety_call", "safety_report_cosmetics cosmetics", "safety_report_at_once food")}
    assert tasks(story)["safety_report_at_once food"] == timedelta(hours=4)
    told = AuthorityReport(authority="food", reference="2026-17")
    story.do(Action.TELL_AUTHORITY, QUALITY, told)
    assert set(tasks(story)) == {"safety_call", "safety_report_cosmetics cosmetics"}
    assert story.complaint.safety
    assert [one.report for one in story.complaint.safety.reports] == [told]


@pytest.mark.parametrize(("harmed", "days"), [("none", 30), ("minor", 30), ("serious", 15), ("death", 3)])
def test_what_a_cosmetic_did_is_reported_the_sooner_the_worse_it_is(harmed: str, days: int):
    story = Story(ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, assessed(harmed, "cosmetics"))
    (due,) = [time for name, time in tasks(story).items() if name.endswith(" cosmetics")]
    assert timedelta(days=days) <= due < timedelta(days=days + 3), "to the end of that day, or of the next working day"


@pytest.mark.parametrize("harmed", ["serious", "death"])
def test_death_and_serious_injury_go_to_the_market_regulator_whether_named_or_not(harmed: str):
    story = Story(ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, assessed(harmed))
    assert "safety_report_market market_regulator" in tasks(story)


@pytest.mark.parametrize(("harmed", "raised"), [("minor", False), ("serious", True), ("death", True)])
def test_what_is_assessed_as_grave_is_in_act_by_quality_and_the_consumer_is_called(harmed: str, raised: bool):
    story = Story().do(Action.TRIAGE, LEAD, lowered("skin")).do(Action.ASSESS_SAFETY, QUALITY, assessed(harmed))
    assert tier(story.complaint) == ("act" if raised else "skin")
    assert ("safety_call" in tasks(story)) == raised
    assert "safety_assessment" not in tasks(story), "that has been done"
    assert story.complaint.safety
    assert story.complaint.safety.by == ("quality.he" if raised else "cs.lead")
    told = [key.audience for entry in story.entries[-4:] for key in notices_of(entry) if key.kind == "safety"]
    assert told == (["management"] if raised else [])


def test_the_last_assessment_counts_and_asks_for_no_report_twice():
    story = Story(ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, assessed("minor", "cosmetics", "market_regulator"))
    story.do(Action.TELL_AUTHORITY, QUALITY, AuthorityReport(authority="market_regulator"))
    story.do(Action.ASSESS_SAFETY, QUALITY, assessed("death", "cosmetics"))
    assert set(tasks(story)) == {"safety_call", "safety_report_cosmetics_death cosmetics"}


def test_what_turns_out_worse_after_it_was_reported_is_reported_anew_and_what_turns_out_less_bad_is_not():
    story = Story(ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, assessed("minor", "cosmetics", "food"))
    for authority in ("cosmetics", "food"):
        story.do(Action.TELL_AUTHORITY, QUALITY, AuthorityReport.model_validate({"authority": authority}))
    story.do(Action.ASSESS_SAFETY, QUALITY, assessed("none", "cosmetics", "food"))
    assert set(tasks(story)) == {"safety_call"}
    story.do(Action.ASSESS_SAFETY, QUALITY, assessed("death", "cosmetics", "food"))
    assert set(tasks(story)) == {
        "safety_call",
        "safety_report_cosmetics_death cosmetics",
        "safety_report_market market_regulator",
    }


def test_legal_reads_the_plan_only_where_somebody_was_harmed_and_false_advertising_keeps_its_gate():
    story = Story(ALLERGY)
    assert not story.complaint.legal_issue
    assert not story.do(Action.ASSESS_SAFETY, QUALITY, assessed("none")).complaint.legal_issue
    assert story.do(Action.ASSESS_SAFETY, QUALITY, assessed("minor")).complaint.legal_issue
    dangerous_lie = FAKE.model_copy(update={"description": POISONED})
    assert Story(dangerous_lie).complaint.legal_issue


def test_what_is_to_be_done_goes_on_whatever_becomes_of_the_complaint():
    story = Story(ALLERGY).do(Action.WITHDRAW)
    assert set(tasks(story)) == {"safety_call", "safety_assessment"}
    story.do(Action.CALL, LIN, REACHED).do(Action.ASSESS_SAFETY, QUALITY, assessed("none"))
    assert (tasks(story), story.complaint.clocks) == ({}, ())
    assert fold(story.entries) == story.complaint


def test_interim_measures_are_told_to_the_consumer_before_the_report():
    measure = Story(ALLERGY).do(Action.TAKE_INTERIM_MEASURE).entries[-1]
    assert [(key.audience, key.kind) for key in notices_of(measure)] == [("consumer", "interim_measure")]
    assert measure.event.public_face() == {"text": "请先停用水壶，我们上门取件。"}


# ---- the ladders -----------------------------------------------------------------------------------------------------


def test_a_call_that_is_not_made_is_reminded_of_missed_and_escalated_in_the_middle_of_the_night():
    story = Story()
    story.now = NIGHT
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    story.now += timedelta(hours=4)
    known = len(story.entries)
    alarms = [entry for entry in story.ring().entries[known:] if entry.event.alarm.clock == "safety_call"]  # type: ignore[attr-defined]
    assert [(one.kind, one.event.alarm.moment - NIGHT) for one in alarms] == [  # type: ignore[attr-defined]
        ("ReminderRaised", timedelta(hours=1)),
        ("DeadlineMissed", timedelta(hours=2)),
        ("Escalated", timedelta(hours=4)),
    ]
    told = [sorted({key.audience for key in notices_of(one)}) for one in alarms]
    assert told == [
        ["assignee", "customer_service", "supervisor"],
        ["assignee", "customer_service", "management", "supervisor"],
        ["management"],
    ]
    assert all(can_be_told_at(one, one.at, POLICY) == one.at for one in alarms), "nobody sleeps through it"


def test_an_assessment_that_is_late_waits_for_the_morning_to_be_told():
    story = Story(ALLERGY)
    story.now = FRIDAY + timedelta(days=3)
    late = [one for one in story.ring().entries if one.kind == "DeadlineMissed"]
    (missed,) = [one for one in late if one.event.alarm.clock == "safety_assessment"]  # type: ignore[attr-defined]
    assert missed.event.held_by == "quality"  # type: ignore[attr-defined]
    midnight = missed.event.alarm.moment  # type: ignore[attr-defined]
    assert can_be_told_at(missed, midnight, POLICY) == midnight + timedelta(hours=8)


def test_nobody_is_asked_to_call_who_was_called_and_no_alarm_is_told_of_a_danger_that_is_none():
    story = Story(ALLERGY)
    found, call, assessment = story.entries[1:]
    assert [outdated(one, story.complaint) for one in (found, call, assessment)] == [False, False, False]
    story.do(Action.CALL, LIN, REACHED)
    assert [outdated(one, story.complaint) for one in (found, call, assessment)] == [False, True, False]
    story.do(Action.TRIAGE, LIN, lowered())
    assert [outdated(one, story.complaint) for one in (found, call, assessment)] == [True, True, True]


def test_a_call_that_is_asked_for_once_more_is_told_by_itself():
    story = Story(ALLERGY)
    first = story.entries[2]
    story.now += timedelta(minutes=5)
    story.do(Action.CALL, LIN, REACHED)
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    again = next(one for one in reversed(story.entries) if one.data.get("task") == "safety_call")
    assert [outdated(one, story.complaint) for one in (first, again)] == [True, False]


def test_a_danger_that_came_with_a_merger_is_its_own_once_its_own_consumer_says_so():
    story = Story().found(events.DangerFound(tier="act", raises=True, of="AAAAA-AAAAA"))
    assert story.complaint.safety
    assert story.complaint.safety.of == "AAAAA-AAAAA"
    story.do(Action.GIVE_INFORMATION, submission=Information(text=POISONED))
    assert story.complaint.safety.of is None
    assert set(tasks(story)) == {"safety_call", "safety_assessment"}


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_danger_is_seen_in_whatever_language_it_is_said(locale: str):
    said = "热水壶漏電，手被燙傷 and my son was in hospital"
    filing = Filing.model_validate(KETTLE.model_dump() | {"locale": locale, "description": said})
    assert tier(Story(filing).complaint) == "act"
