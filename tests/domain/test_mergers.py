"""Two complaints that are handled as one: what goes along, what is told, the way out, and back to where it stood."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.complaint import events, mergers, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import LegalReview, Merger
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.vocabulary.refusals import said
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import (
    ALLERGY,
    CRACKED,
    FAKE,
    FRIDAY,
    KETTLE,
    LEAD,
    LIN,
    MANAGEMENT,
    NUMBER,
    PHOTOGRAPH,
    REPORT,
    WANG,
    WAY_TO,
    Story,
    policy_with,
    story_in,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OTHER = "AAAAA-AAAAA"
OPEN = [stage for stage, facts in STAGES.items() if facts.open]


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def closed(outcome: Outcome = Outcome.WITHDRAWN, at: datetime = FRIDAY, *, agreed: bool = False) -> events.OtherClosed:
    return events.OtherClosed(of=OTHER, outcome=outcome, closed_at=at, agreed=agreed)


def due(complaint: Complaint) -> datetime:
    assert complaint.deadline is not None
    return complaint.deadline.due_at


# ---- closed with a pointer, and opened again by the consumer ---------------------------------------------------------


def test_a_merged_complaint_closes_with_a_pointer_and_is_not_reopened_while_the_other_one_is_open():
    story = Story().do(Action.MERGE)
    assert (story.complaint.outcome, story.complaint.merged_into) == (Outcome.MERGED, OTHER)
    assert story.entries[-1].event.public_face() == {"into": OTHER}
    for who in (LIN, LEAD):
        with pytest.raises(NotAllowed, match="merged_together other=AAAAA-AAAAA"):
            story.do(Action.REOPEN, who)
    with pytest.raises(NotAllowed, match="merged_together"):
        story.do(Action.REOPEN, WANG)


def test_it_is_reopened_within_30_days_of_the_closure_of_the_other_one():
    story = Story().do(Action.MERGE)
    closure = FRIDAY + timedelta(days=40)  # Wednesday 18 November
    story.now = closure + timedelta(hours=5)  # however late that is noticed
    story.found(closed(at=closure))
    assert (story.complaint.merged_into, story.complaint.other_closed_at) == (OTHER, closure)
    story.now = china(12, 19)
    with pytest.raises(NotAllowed, match="merged_too_late") as refusal:
        story.do(Action.REOPEN)
    assert "2026年12月18日（星期五）24:00，现已过期" in said(refusal.value, "zh-CN")
    story.now -= timedelta(seconds=1)
    complaint = story.do(Action.REOPEN).complaint
    assert (complaint.stage, complaint.outcome, complaint.round) == (Stage.RECEIVED, None, 2)
    assert (complaint.merged, complaint.merged_into, complaint.other_closed_at) == (None, None, None)
    assert story.entries[-1].event.out_of == OTHER  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", [WANG, LIN, LEAD])
def test_whoever_accepted_the_plan_of_the_other_one_has_agreed_for_both_and_reopens_that_one(who: Actor):
    story = Story().do(Action.MERGE).found(closed(Outcome.SATISFIED, agreed=True))
    with pytest.raises(NotAllowed, match="merged_and_agreed other=AAAAA-AAAAA") as refusal:
        story.do(Action.REOPEN, who)
    assert "通过那件投诉的链接" in said(refusal.value, "zh-CN")
    assert "to take that one up again" in said(refusal.value, "en")


def test_where_the_other_one_is_reopened_both_are_handled_again():
    story = Story().do(Action.MERGE).found(closed(Outcome.SATISFIED, agreed=True), events.OtherReopened(of=OTHER))
    assert (story.complaint.other_closed_at, story.complaint.other_agreed) == (None, False)
    with pytest.raises(NotAllowed, match="merged_together"):
        story.do(Action.REOPEN, LIN)


def test_where_it_points_at_moves_with_the_other_one_of_which_nothing_is_known_then():
    story = Story().do(Action.MERGE).found(closed(), events.MergerMoved(into="BBBBB-BBBBB"))
    assert (story.complaint.merged_into, story.complaint.other_closed_at) == ("BBBBB-BBBBB", None)
    with pytest.raises(NotAllowed, match="merged_together other=BBBBB-BBBBB"):
        story.do(Action.REOPEN, LIN)


IN_EACH_LANGUAGE = {
    "zh-CN": ("合并处理", "客服", "2026年11月9日（星期一）24:00"),
    "zh-TW": ("合併處理", "客服", "2026年11月9日（星期一）24:00"),
    "en": ("together with", "customer service", "the end of Monday, 9 November 2026 (midnight, China time)"),
}


@pytest.mark.parametrize("locale", IN_EACH_LANGUAGE)
@pytest.mark.parametrize(
    "action", [Action.GIVE_INFORMATION, Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN, Action.WITHDRAW]
)
def test_who_writes_to_a_merged_complaint_is_told_in_their_language_where_it_is_handled_and_what_they_can_do(
    locale: Any, action: Action
):
    together, whom, until = IN_EACH_LANGUAGE[locale]
    story = Story(KETTLE.model_copy(update={"locale": locale})).do(Action.MERGE)

    def refused() -> str:
        with pytest.raises(NotAllowed) as refusal:
            story.do(action, WANG)
        return said(refusal.value, locale)

    for words in (together, OTHER, whom):
        assert words in refused()
    assert until not in refused(), "nothing yet"
    story.found(closed())
    for words in (together, OTHER, whom, until):
        assert words in refused()
    story.found(events.OtherReopened(of=OTHER))
    assert until not in refused()


def test_it_is_told_of_who_has_agreed_who_has_reopened_too_often_and_who_is_too_late_as_well():
    for words, story in (
        ("merged_and_agreed", Story().do(Action.MERGE).found(closed(agreed=True))),
        ("merged_too_often .* times=3", often_reopened().do(Action.MERGE).found(closed())),
        ("merged_too_late", Story().do(Action.MERGE).found(closed(at=FRIDAY - timedelta(days=40)))),
    ):
        with pytest.raises(NotAllowed, match=words):
            story.do(Action.GIVE_INFORMATION, LIN)


def often_reopened() -> Story:
    story = Story()
    for _ in range(3):
        story.do(Action.WITHDRAW).do(Action.REOPEN)
    return story


def test_of_mergers_a_refusal_names_what_there_is_to_undo_and_no_reopening_beside_the_other_one():
    def named(story: Story) -> set[str]:
        with pytest.raises(NotAllowed) as refusal:
            story.do(Action.WITHDRAW)
        return {"undo_merger", "reopen"} & set(refusal.value.extra["allowed"])

    assert named(story_in(Stage.CLOSED)) == {"reopen"}
    story = Story().do(Action.MERGE)
    assert named(story) == {"undo_merger"}
    assert named(story.found(closed())) == {"reopen"}
    assert named(Story().do(Action.MERGE).found(closed(agreed=True))) == set()
    assert named(story.do(Action.REOPEN).do(Action.WITHDRAW)) == {"reopen"}


def test_no_complaint_is_merged_into_itself_however_its_id_is_said():
    with pytest.raises(Invalid):
        Story().do(Action.MERGE, submission=Merger(into=NUMBER.lower().replace("-", "")))


# ---- undone ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", OPEN)
def test_undone_at_once_a_merger_leaves_the_complaint_as_it_was(stage: Stage):
    story = story_in(stage)
    before = story.complaint
    after = story.do(Action.MERGE).do(Action.UNDO_MERGER).complaint
    clock = before.stage_clock
    assert clock is not None
    anew = after.stage_clock
    assert anew is not None
    mine = clock.model_copy(update={"number": after.seq, "rang_at": anew.rang_at})
    assert after == before.model_copy(
        update={
            "clocks": (mine,),
            "version": before.version + 2,
            **{name: getattr(after, name) for name in ("seq", "chain", "closures", "took_part")},
        }
    )
    assert first_broken_link(story.entries) is None
    assert fold(story.entries) == after


def test_customer_service_alone_undoes_it_and_only_what_is_merged():
    merged = Story().do(Action.MERGE)
    for who in (WANG, MANAGEMENT):
        with pytest.raises(Forbidden):
            merged.do(Action.UNDO_MERGER, who)
    with pytest.raises(NotAllowed, match="not_merged"):
        story_in(Stage.CLOSED).do(Action.UNDO_MERGER)
    with pytest.raises(NotAllowed, match="stage_forbids"):
        Story().do(Action.UNDO_MERGER)


def test_it_is_not_undone_once_the_other_one_has_closed():
    with pytest.raises(NotAllowed, match="merger_over") as refusal:
        Story().do(Action.MERGE).found(closed()).do(Action.UNDO_MERGER)
    assert Action.UNDO_MERGER not in refusal.value.extra["allowed"]


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING])
def test_a_merger_buys_no_time(stage: Stage):
    story = story_in(stage)
    before = due(story.complaint)
    story.do(Action.MERGE)
    story.now += timedelta(hours=20)
    assert due(story.do(Action.UNDO_MERGER).complaint) == before
    assert story.complaint.breaches == ()


@pytest.mark.parametrize("days", [0, 5])
def test_nor_does_it_buy_time_to_read_what_the_consumer_wrote(days: int):
    """Five days later it is missed, once; and while it is unread nothing lapses."""
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.GIVE_INFORMATION)
    words = story.complaint.words_clock
    assert words is not None
    story.do(Action.MERGE)
    story.now += timedelta(days=days, hours=1)
    complaint = story.do(Action.UNDO_MERGER).complaint
    again = complaint.words_clock
    assert again is not None
    assert (again.name, again.since, again.due_at) == (words.name, words.since, words.due_at)
    assert complaint.stage_clock is not None
    assert complaint.stage_clock.waiting_since == story.now
    missed = [(words.name, words.due_at)] if days else []
    assert [(one.clock, one.due_at) for one in complaint.breaches] == missed
    story.do(Action.MERGE).do(Action.UNDO_MERGER)
    assert [(one.clock, one.due_at) for one in story.complaint.breaches] == missed
    story.now += timedelta(days=60)
    assert story.ring().complaint.stage == Stage.AWAITING_CONSUMER
    assert fold(story.entries) == story.complaint


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING])
def test_what_became_due_meanwhile_is_a_breach_at_once_and_nobody_is_told_of_alarms_gone_by(stage: Stage):
    story = story_in(stage)
    before = due(story.complaint)
    story.do(Action.MERGE)
    story.now += timedelta(days=31, hours=1)
    known = len(story.entries)
    complaint = story.do(Action.UNDO_MERGER).complaint
    assert [entry.kind for entry in story.entries[known:]] == ["MergerUndone", "DeadlineMissed"]
    assert [(one.due_at, one.recorded_at, one.stage) for one in complaint.breaches] == [(before, story.now, stage)]
    known = len(story.entries)
    assert story.ring().entries[known:] == []
    story.now += timedelta(days=1)  # and then it is escalated as any that is late
    assert [entry.kind for entry in story.ring().entries[known:]] == ["Escalated"]


def test_a_breach_from_before_the_merger_is_not_raised_again():
    story = story_in(Stage.PLANNING)
    story.now += timedelta(days=8)
    story.ring()
    assert len(story.complaint.breaches) == 1
    story.do(Action.MERGE)
    story.now += timedelta(days=5)
    complaint = story.do(Action.UNDO_MERGER).ring().complaint
    assert len(complaint.breaches) == 1


def test_a_reminder_that_is_yet_to_come_still_comes_and_once():
    story = Story().do(Action.MERGE)
    story.now += timedelta(hours=2)
    story.do(Action.UNDO_MERGER)
    story.now += timedelta(hours=20)
    assert [entry.kind for entry in story.ring().entries].count("ReminderRaised") == 1
    story.do(Action.MERGE).do(Action.UNDO_MERGER)
    assert [entry.kind for entry in story.ring().entries].count("ReminderRaised") == 1


def test_the_consumer_who_could_not_answer_meanwhile_has_the_time_that_was_left():
    story = story_in(Stage.AWAITING_CONSUMER)  # 15 days from Friday the 9th: until the 24th, 24:00
    assert due(story.complaint) == china(10, 27), "the 24th is a Saturday, the period ends on Monday"
    story.now = china(10, 19, 9)
    story.do(Action.MERGE)
    story.now = china(11, 23, 9)
    complaint = story.do(Action.UNDO_MERGER).complaint
    assert complaint.stage_clock is not None
    assert complaint.stage_clock.waits == ((china(10, 19, 9), china(11, 23, 9)),)
    assert due(complaint) == china(12, 1), "25 working days later"
    assert complaint.plan_in_force is not None
    assert story.do(Action.ACCEPT_PLAN, WANG).complaint.outcome is Outcome.SATISFIED


def test_it_lapses_by_the_new_time_and_not_by_the_old_one():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now = china(10, 19, 9)
    story.do(Action.MERGE)
    story.now = china(11, 23, 9)
    story.do(Action.UNDO_MERGER)
    assert story.ring().complaint.stage is Stage.AWAITING_CONSUMER
    story.now = china(12, 1)
    complaint = story.ring().complaint
    assert (complaint.outcome, complaint.closed_at) == (Outcome.NO_RESPONSE, story.now)


def test_a_question_that_waited_for_the_consumer_waited_until_the_merger():
    story = story_in(Stage.INVESTIGATING)
    before = due(story.complaint)  # Tuesday the 13th, 24:00
    story.now = china(10, 12, 9)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 13, 9)
    story.do(Action.MERGE)
    story.now = china(10, 14, 9)
    complaint = story.do(Action.UNDO_MERGER).complaint
    assert due(complaint) == before + timedelta(days=1)
    assert complaint.stage_clock is not None
    assert (complaint.stage_clock.waiting_since, complaint.open_request) == (None, None)


def test_what_a_department_was_asked_before_the_merger_it_is_asked_again_and_the_round_is_the_same():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.MERGE).do(Action.UNDO_MERGER)
    assert [one.status for one in story.complaint.inquiries] == ["dispensed", "open"]
    assert story.complaint.round == 1


def test_so_is_one_that_was_asked_while_the_plan_was_made_and_nothing_that_had_been_dispensed_with_before():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.do(Action.REPORT, submission=REPORT.model_copy(update={"without_inquiries": "照片已足够"}))
    story.do(Action.ASK).do(Action.MERGE).do(Action.UNDO_MERGER)
    assert [one.status for one in story.complaint.inquiries] == ["dispensed", "dispensed", "open"]


def test_a_file_that_the_consumer_adds_while_it_is_merged_is_read_before_the_plan_can_lapse():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.MERGE)
    story.now += timedelta(hours=2)
    story.found(PHOTOGRAPH)
    story.now += timedelta(days=20)
    story.do(Action.UNDO_MERGER)
    assert story.complaint.words_clock is not None
    assert story.complaint.words_clock.since == story.now
    story.now += timedelta(days=20)
    assert story.ring().complaint.outcome is None


def test_one_that_staff_added_or_that_was_there_before_is_not():
    for before, found in (([], PHOTOGRAPH.model_copy(update={"added_by": "staff"})), ([PHOTOGRAPH], None)):
        story = story_in(Stage.PLANNING)
        for one in before:
            story.found(one)
        story.do(Action.PROPOSE_PLAN)
        story.now += timedelta(hours=1)
        story.do(Action.MERGE)
        if found:
            story.found(found)
        assert story.do(Action.UNDO_MERGER).complaint.words_clock is None


def test_more_time_that_was_given_stays_given_once():
    story = story_in(Stage.INVESTIGATING).do(Action.EXTEND)
    before = due(story.complaint)
    story.do(Action.MERGE)
    story.now += timedelta(hours=1)
    assert due(story.do(Action.UNDO_MERGER).complaint) == before
    with pytest.raises(NotAllowed, match="extended_already"):
        story.do(Action.EXTEND)


def test_a_storm_meanwhile_counts_for_it_too():
    story = story_in(Stage.INVESTIGATING).do(Action.MERGE)
    story.counted_anew(policy_with(extra_holidays=["2026-10-12"]))
    story.now += timedelta(hours=1)
    assert due(story.do(Action.UNDO_MERGER).complaint) == china(10, 15)
    story.counted_anew(policy_with(extra_holidays=["2026-10-12", "2026-10-13"]))
    assert due(story.complaint) == china(10, 16)


MAKE_UP_SATURDAY = china(10, 10, 10)


def over_a_make_up_weekend(stage: Stage, at: datetime, merged: datetime, undone: datetime) -> Story:
    """A complaint that came to a stage, was merged, and goes on."""
    story = Story(at=at)
    for action in WAY_TO[stage]:
        story.do(action)
    story.now = merged
    story.do(Action.MERGE)
    story.now = undone
    return story.do(Action.UNDO_MERGER)


@pytest.mark.parametrize(
    ("stage", "begun"), [(Stage.INVESTIGATING, china(10, 8, 10)), (Stage.PLANNING, china(10, 9, 10))]
)
@pytest.mark.parametrize("undone", [MAKE_UP_SATURDAY, china(10, 11, 10), china(10, 12, 23), china(10, 13, 10)])
def test_a_make_up_saturday_that_passes_while_it_is_merged_is_worked_all_the_same(
    stage: Stage, begun: datetime, undone: datetime
):
    story = over_a_make_up_weekend(stage, begun, china(10, 9, 18), undone)
    assert due(story.complaint) == china(10, 13), "Friday or not, the Saturday and Monday count, the Sunday does not"
    missed = [(one.due_at, one.recorded_at) for one in story.complaint.breaches]
    assert missed == ([(china(10, 13), undone)] if undone > china(10, 13) else [])
    story.now = china(10, 20)
    assert len(story.ring().complaint.breaches) == 1
    assert fold(story.entries) == story.complaint


@pytest.mark.parametrize(
    ("undone", "ends"),
    [
        (china(10, 9, 10), china(10, 11)),  # a day later: the Saturday is worked, it ends there
        (MAKE_UP_SATURDAY, china(10, 13)),  # two days later is Sunday: on Monday
        (china(10, 11, 10), china(10, 13)),
        (china(10, 12, 10), china(10, 14)),
    ],
)
def test_the_days_that_the_consumer_could_not_answer_over_a_make_up_weekend_are_given_back(
    undone: datetime, ends: datetime
):
    story = over_a_make_up_weekend(Stage.AWAITING_CONSUMER, china(9, 24, 10), china(10, 8, 10), undone)
    assert due(story.complaint) == ends, "the 15 days ended on Friday the 9th"
    story.now = ends
    assert story.ring().complaint.outcome is Outcome.NO_RESPONSE


def test_a_question_that_waited_on_a_make_up_saturday_is_given_back_its_working_time():
    story = Story(at=china(10, 8, 10)).do(Action.ACKNOWLEDGE)
    story.now = china(10, 9, 10)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 10, 12)
    story.do(Action.MERGE)
    story.now = china(10, 12, 9)
    assert due(story.do(Action.UNDO_MERGER).complaint) == china(10, 14, 2), "26 hours of Friday and Saturday"


def test_words_that_waited_over_a_make_up_weekend_are_missed_on_its_saturday():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.GIVE_INFORMATION).do(Action.MERGE)  # on Friday the 9th
    story.now = china(10, 11, 10)
    complaint = story.do(Action.UNDO_MERGER).complaint
    assert [(one.due_at, one.recorded_at) for one in complaint.breaches] == [(china(10, 11), story.now)]
    assert complaint.stage_clock is not None
    assert complaint.stage_clock.waiting_since == story.now


def test_what_follows_it_is_named_where_it_is_open_again():
    story = Story().found(events.ComplaintJoined(taken=parts.TakenIn(complaint_id=OTHER)))
    story.do(Action.MERGE, submission=Merger(into="BBBBB-BBBBB")).do(Action.UNDO_MERGER)
    assert [entry.enters.followed_by for entry in story.entries[-2:] if entry.enters] == [(OTHER,), (OTHER,)]


def approved() -> Story:
    """Law is involved, and legal has approved the draft of the plan."""
    return in_law().do(Action.DRAFT_PLAN).do(Action.REVIEW)


def in_law() -> Story:
    return story_in(Stage.PLANNING).found(events.LegalIssueRaised(why="customer_service"))


def test_a_draft_that_legal_approved_before_the_merger_can_go_out_when_it_is_undone():
    story = approved()
    before = story.complaint.plan_draft
    story.do(Action.MERGE)
    story.now += timedelta(hours=1)
    assert story.complaint.plan_draft is None
    story.do(Action.UNDO_MERGER)
    assert (story.complaint.plan_draft, story.complaint.legally_approved) == (before, True)
    assert fold(story.entries) == story.complaint
    assert story.do(Action.PROPOSE_PLAN).complaint.stage is Stage.AWAITING_CONSUMER


def test_a_draft_that_nobody_had_read_is_read_then_under_the_number_it_had():
    story = in_law().do(Action.DRAFT_PLAN)
    number = story.entries[-1].seq
    story.do(Action.MERGE).do(Action.UNDO_MERGER).do(Action.REVIEW, submission=review_of(number))
    assert story.do(Action.PROPOSE_PLAN).complaint.stage is Stage.AWAITING_CONSUMER


def review_of(draft: int) -> LegalReview:
    return LegalReview(approved=True, advice="可以。", draft=draft)


def test_an_issue_that_is_raised_while_it_is_merged_ends_the_draft_too():
    story = approved().do(Action.MERGE).found(events.LegalIssueRaised(why="merger", of=OTHER))
    story.do(Action.UNDO_MERGER)
    assert story.complaint.plan_draft is None
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        story.do(Action.PROPOSE_PLAN)


def test_a_merged_complaint_that_is_reopened_is_drafted_anew():
    story = approved().do(Action.MERGE).found(closed()).do(Action.REOPEN)
    assert (story.complaint.stage, story.complaint.plan_draft) == (Stage.PLANNING, None)


def test_whoever_has_nothing_merged_into_it_has_nothing_of_that_in_its_entries():
    story = story_in(Stage.CLOSED).do(Action.REOPEN)
    assert all("followed_by" not in entry.model_dump_json(exclude_none=True) for entry in story.entries)


# ---- what goes along -------------------------------------------------------------------------------------------------


def test_a_legal_issue_and_a_danger_go_along_once():
    plain, false, allergy = Story(), Story(FAKE), Story(ALLERGY)
    assert mergers.issues(plain.complaint, false.complaint) == []
    (raised,) = mergers.issues(false.complaint, plain.complaint)
    assert (raised.why, raised.of) == ("merger", NUMBER)
    plain.found(raised)
    assert plain.complaint.legal_issue
    assert mergers.issues(false.complaint, plain.complaint) == []
    (found,) = mergers.issues(allergy.complaint, plain.complaint)
    assert (found.tier, found.of, found.words) == ("act", NUMBER, ())
    assert mergers.issues(allergy.complaint, plain.found(found).complaint) == []
    assert plain.complaint.safety is not None
    assert (plain.complaint.safety.tier, plain.complaint.safety.of) == ("act", NUMBER)
    assert plain.complaint.numbers(["safety_call"]) == (), "what is to be done stays with the merged one"


def test_what_legal_has_read_of_the_other_one_says_nothing_of_a_legal_issue_that_is_merged_into_it():
    other = story_in(Stage.PLANNING).found(events.LegalIssueRaised(why="customer_service"))
    other.do(Action.DRAFT_PLAN).do(Action.REVIEW)
    assert other.complaint.legally_approved
    (raised,) = mergers.issues(Story(FAKE).complaint, other.complaint)
    assert not other.found(raised).complaint.legally_approved
    assert mergers.issues(Story(FAKE).complaint, other.complaint) == []


def test_what_law_is_involved_in_is_not_merged_into_one_whose_plan_is_out_unread():
    out = story_in(Stage.AWAITING_CONSUMER).complaint
    assert "plan_not_read_by_legal" in str(mergers.why_not(Story(FAKE).complaint, out))
    assert mergers.why_not(Story().complaint, out) is None
    assert mergers.why_not(out, Story(FAKE).complaint) is None


def test_no_more_are_merged_into_one_than_its_record_holds():
    story = Story()
    for number in range(mergers.MOST_TAKEN_IN):
        assert mergers.why_not(Story().complaint, story.complaint) is None
        story.found(events.ComplaintJoined(taken=parts.TakenIn(complaint_id=f"AAAAA-AAAA{number}")))
    assert "most_merged" in str(mergers.why_not(Story().complaint, story.complaint))
    assert "most_merged" in str(mergers.why_not(story.complaint, Story().complaint))


def received(evidence_id: str = "1") -> events.EvidenceReceived:
    facts: dict[str, Any] = {"content_type": "image/jpeg", "size": 900, "sha256": "ab" * 32, "added_by": "consumer"}
    return events.EvidenceReceived(evidence_id=evidence_id, file_name="裂缝.jpg", **facts)


def test_files_that_are_there_go_along_without_their_names_and_can_be_cited():
    merged = Story().do(Action.ADD_EVIDENCE, WANG).do(Action.ADD_EVIDENCE, WANG).found(received())
    story = story_in(Stage.INVESTIGATING)
    (joined,) = mergers.taking_in(story.complaint, merged.complaint)
    story.found(joined)
    assert mergers.taking_in(story.complaint, merged.complaint) == []
    assert [file.evidence_id for file in story.complaint.taken_files] == [f"{NUMBER}.1"]
    assert mergers.whose(f"{NUMBER}.1") == (NUMBER, "1")
    assert story.entries[-1].words is None, "they go when the words of the other are erased"
    with pytest.raises(Invalid):
        story.do(Action.REPORT, submission=REPORT.model_copy(update={"evidence": (f"{NUMBER}.2",)}))
    story.do(Action.REPORT, submission=REPORT.model_copy(update={"evidence": (f"{NUMBER}.1",)}))
    assert story.complaint.stage is Stage.PLANNING


def test_a_file_that_comes_later_and_one_that_is_gone_are_noted_too():
    merged, story = Story().found(received()), Story()
    story.found(*mergers.taking_in(story.complaint, merged.complaint))
    merged.found(received("order"))
    story.found(*mergers.taking_in(story.complaint, merged.complaint))
    assert [file.evidence_id for file in story.complaint.taken_files] == [f"{NUMBER}.1", f"{NUMBER}.order"]
    erased = merged.complaint.model_copy(update={"evidence_files": ()})
    story.found(*mergers.taking_in(story.complaint, erased))
    assert (len(story.complaint.taken_in), story.complaint.taken_files) == (1, ())
    story.found(events.ComplaintParted(complaint_id=NUMBER))
    assert story.complaint.taken_in == ()


# ---- what is told ----------------------------------------------------------------------------------------------------


def as_other(story: Story) -> Complaint:
    return story.complaint.model_copy(update={"complaint_id": OTHER})


def test_a_merged_complaint_learns_of_plan_and_closure_once_each():
    merged, other = Story().do(Action.MERGE), story_in(Stage.PLANNING)

    def learn(*, same_contact: bool = False) -> list[str]:
        news = mergers.news(merged.complaint, as_other(other), same_contact=same_contact)
        merged.found(*news) if news else None
        return [type(one).__name__ for one in news]

    assert learn() == []
    other.do(Action.PROPOSE_PLAN)
    assert (learn(), learn()) == (["OtherPlanProposed"], [])
    assert merged.entries[-1].event.public_face() == {"of": OTHER} | (other.entries[-1].event.public_face() or {})
    other.do(Action.OBJECT_TO_PLAN)
    assert learn() == []
    other.do(Action.PROPOSE_PLAN)
    assert learn() == ["OtherPlanProposed"]
    other.do(Action.ACCEPT_PLAN, WANG)
    assert (learn(same_contact=True), learn()) == (["OtherClosed"], [])
    assert merged.entries[-1].event.public_face() == {"of": OTHER, "outcome": "satisfied"}
    assert merged.complaint.other_agreed
    other.do(Action.REOPEN)
    assert (learn(), learn()) == (["OtherReopened"], [])
    other.do(Action.WITHDRAW)
    assert learn() == ["OtherClosed"]


@pytest.mark.parametrize(
    ("end", "by", "same_contact", "agreed"),
    [
        (Action.ACCEPT_PLAN, WANG, True, True),
        (Action.ACCEPT_PLAN, WANG, False, False),
        (Action.ACCEPT_PLAN, LIN, True, False),  # recorded by staff
        (Action.WITHDRAW, WANG, True, False),
    ],
)
def test_only_who_accepted_the_other_plan_in_person_has_agreed(
    end: Action, by: Actor, same_contact: bool, agreed: bool
):
    other = story_in(Stage.AWAITING_CONSUMER).do(end, by)
    news = mergers.news(Story().do(Action.MERGE).complaint, as_other(other), same_contact=same_contact)
    assert [one.agreed for one in news if isinstance(one, events.OtherClosed)] == [agreed]


def test_of_a_plan_that_was_taken_back_before_it_was_told_nothing_is_told():
    other = story_in(Stage.AWAITING_CONSUMER).do(Action.WITHDRAW, WANG)
    news = mergers.news(Story().do(Action.MERGE).complaint, as_other(other), same_contact=False)
    assert [type(one).__name__ for one in news] == ["OtherClosed"]


def test_a_complaint_that_points_elsewhere_by_now_learns_everything_of_that_one():
    merged = Story().do(Action.MERGE).found(closed())
    other = story_in(Stage.AWAITING_CONSUMER).complaint.model_copy(update={"complaint_id": "BBBBB-BBBBB"})
    news = mergers.news(merged.complaint, other, same_contact=False)
    assert [type(one).__name__ for one in news] == ["MergerMoved", "OtherPlanProposed"]


def test_who_agreed_by_a_contact_that_was_wrong_has_not_agreed():
    closed = events.OtherClosed(of="AAAAA-AAAAA", outcome=Outcome.SATISFIED, closed_at=FRIDAY, agreed=True)
    story = Story().do(Action.MERGE).found(closed)
    with pytest.raises(NotAllowed):
        story.do(Action.REOPEN)
    assert story.do(Action.CORRECT_CONTACT).do(Action.REOPEN).complaint.stage == Stage.RECEIVED


@pytest.mark.parametrize("closing", [Action.WITHDRAW, Action.MERGE])
def test_a_department_that_was_asked_is_asked_again_where_the_complaint_goes_on_without_its_answer(closing: Action):
    """However often: no report goes without it, and it is asked once at a time."""
    story = story_in(Stage.INVESTIGATING).do(Action.ASK)
    asked = list(story.complaint.open_inquiries)
    for _ in range(2):
        story.do(closing)
        assert story.complaint.open_inquiries == ()
        story.do(Action.REOPEN if closing is Action.WITHDRAW else Action.UNDO_MERGER)
        again = story.complaint.open_inquiries
        assert [(one.department, one.question) for one in again] == [(one.department, one.question) for one in asked]
    with pytest.raises(NotAllowed, match="inquiries_open"):
        story.do(Action.REPORT)
