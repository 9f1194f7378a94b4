"""8.1: an amendment is drafted, tried, decided by others, announced in time: pair by pair, and its guards."""

from datetime import date, timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from chalicelib.adapters import amendments, items
from chalicelib.domain.governance import amendment, decisions, notice
from chalicelib.domain.governance.amendment import DRAFTERS, LIFECYCLE, Action, Document, Stage
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound, Refusal, StaleHash
from chalicelib.domain.ground.people import STAFF, Actor, Role
from chalicelib.domain.ground.record import Submission

from .lives import (
    ANOTHER,
    FIRST,
    HANDED_IN,
    HASH,
    HE,
    HELD,
    LAST,
    LEAD,
    LIN,
    MONDAY,
    OTHER,
    POLICY,
    QIAN,
    REPLAYING,
    SHOP,
    SUM,
    WANG,
    WU,
    XIE,
    ZHOU,
    Life,
    life_in,
    proposal,
    someone,
)

# Written out by hand: where each action leads from each stage. What has no entry is refused.
LEADS_TO_TABLE = """
                   draft      submitted  returned   approved   announced  in_force   superseded  withdrawn
change_amendment   draft      draft      draft      draft      -          -          -           -
replay_amendment   draft      -          returned   -          -          -          -           -
submit_amendment   submitted  -          submitted  -          -          -          -           -
approve_amendment  -          approved   -          -          -          -          -           -
confirm_amendment  -          approved   -          -          -          -          -           -
announce_amendment -          -          -          announced  -          -          -           -
give_opinion       -          -          -          -          announced  -          -           -
answer_opinion     -          -          -          -          announced  in_force   superseded  -
withdraw_amendment withdrawn  withdrawn  withdrawn  withdrawn  withdrawn  -          -           -
"""
STAGES, *LINES = [line.split() for line in LEADS_TO_TABLE.strip().splitlines()]
LEADS_TO = {
    (stage, line[0]): target for line in LINES for stage, target in zip(STAGES, line[1:], strict=True) if target != "-"
}
WRITERS = {Role.CUSTOMER_SERVICE, Role.LEGAL, Role.SUPERVISOR, Role.MANAGEMENT}
WHO = {
    **dict.fromkeys((line[0] for line in LINES), WRITERS),
    "approve_amendment": {Role.MANAGEMENT},
    "give_opinion": {*STAFF, Role.STOREFRONT, Role.CONSUMER},
}
OTHERS = {"rules": "confirm_amendment", "operating": "approve_amendment"}
PAIRS = [
    (document, stage, action)
    for document in get_args(Document)
    for stage in Stage
    for action in HANDED_IN
    if action != OTHERS[document]
]


def refused(life: Life, handed_in: Submission, actor: Actor) -> Refusal | None:
    try:
        life.do(handed_in, actor, part="1")
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("document", "stage", "action"), PAIRS)
def test_each_action_leads_where_the_policy_says_and_is_of_those_who_may(
    document: Document, stage: Stage, action: Action
):
    at_hand = life_in(stage, document)
    if action == Action.SUBMIT and stage == Stage.DRAFT:
        at_hand.replayed()
    handed_in = proposal(document, hash=ANOTHER) if action == Action.CHANGE else HANDED_IN[action]
    for role in Role:
        life, actor = at_hand.copy(), someone(role)
        foretold = action in decisions.may(life.state, actor, life.now, POLICY)
        refusal = refused(life, handed_in, actor)
        assert foretold is (refusal is None)
        if (stage, action) not in LEADS_TO:
            assert isinstance(refusal, NotAllowed)
            column = {name for at, name in LEADS_TO if at == stage}
            assert set(refusal.extra["allowed"]) == column - {OTHERS[document]}
        elif role in WHO[action]:
            assert life.state.stage == LEADS_TO[stage, action]
            assert [entry.actor for entry in life.entries[len(at_hand.entries) :]] == [actor]
        else:
            assert isinstance(refusal, Forbidden)
            assert life.entries == at_hand.entries


def test_the_table_by_hand_is_the_whole_table():
    by_people = {(str(step.source), str(step.action)) for step in LIFECYCLE.table if step.who != {Role.SYSTEM}}
    assert {pair for pair in by_people if pair[0] != "None"} == {*LEADS_TO}
    assert LIFECYCLE.open == (Stage.SUBMITTED, Stage.ANNOUNCED)
    assert set(amendment.Action) - {*HANDED_IN} == {"draft_amendment", "finish_replay", "take_effect", "supersede"}


@pytest.mark.parametrize("role", Role)
def test_who_may_draft(role: Role):
    if role in DRAFTERS:
        life = Life(proposal(), someone(role))
        assert (life.state.author, life.state.hands, life.state.version) == (f"{role}.someone", (f"{role}.someone",), 1)
    else:
        with pytest.raises(Forbidden):
            Life(proposal(), someone(role))


# ---- four eyes -------------------------------------------------------------------------------------------------------


def test_nobody_decides_about_what_they_drafted_changed_or_submitted_ever():
    life = Life(proposal(), ZHOU)
    life.do(proposal(hash=ANOTHER), QIAN).do(proposal(), LIN).replayed().do(amendment.Submitting(), WU)
    assert life.state.hands == ("management.zhou", "management.qian", "legal.lin", "cs.wu")
    for touched in (ZHOU, QIAN):
        for approved in (True, False):
            with pytest.raises(Forbidden, match="own_amendment"):
                life.do(amendment.Approval(approved=approved, reasons="自己看过"), touched)
    life.do(amendment.Approval(approved=True, hash=HASH), people.staff("management.sun", frozenset({"management"})))
    assert (life.state.stage, life.state.decisions[0].by) == ("approved", "management.sun")


def test_who_returned_it_may_approve_the_second_draft_and_who_submitted_the_first_may_not():
    life = Life(proposal()).replayed().do(amendment.Submitting(), ZHOU)
    life.do(amendment.Approval(approved=False, reasons="多出十二次超期"), QIAN)
    life.do(proposal(hash=ANOTHER), LIN).replayed().do(amendment.Submitting(), WU)
    with pytest.raises(Forbidden, match="own_amendment"):
        life.do(amendment.Approval(approved=True), ZHOU)
    life.do(amendment.Approval(approved=True), QIAN)
    assert [(one.approved, one.hash) for one in life.state.decisions] == [(False, HASH), (True, ANOTHER)]


def test_operating_data_are_confirmed_by_a_second_person_who_need_not_be_of_management():
    life = Life(proposal("operating")).do(amendment.Submitting(), LIN)
    with pytest.raises(Forbidden, match="own_amendment"):
        life.do(amendment.Approval(approved=True), LIN)
    assert Action.CONFIRM in decisions.may(life.state, HE, life.now, POLICY)
    assert Action.APPROVE not in decisions.may(life.state, ZHOU, life.now, POLICY)
    assert life.do(amendment.Approval(approved=True), HE).state.stage == "approved"


def test_rules_are_not_confirmed_in_the_way_of_operating_data():
    life = life_in(Stage.SUBMITTED)
    with pytest.raises(Forbidden, match="role_not_open"):
        life.do(amendment.Confirmation(approved=True), HE)


def test_an_approval_is_of_exactly_what_was_read():
    life = life_in(Stage.SUBMITTED)
    with pytest.raises(StaleHash, match="hash_of_another"):
        life.do(amendment.Approval(approved=True, hash=ANOTHER), ZHOU)
    life.do(amendment.Approval(approved=True, hash=HASH), ZHOU)
    assert life.state.decisions[-1].hash == HASH


def test_who_returns_it_says_why():
    with pytest.raises(ValidationError, match="reasons_needed"):
        amendment.Approval(approved=False)
    life = life_in(Stage.RETURNED)
    assert (life.state.stage, life.state.decisions[-1].reasons) == ("returned", "十二小时太紧")


def test_a_change_after_the_submission_makes_it_a_draft_again():
    for stage in (Stage.SUBMITTED, Stage.APPROVED):
        state = life_in(stage).do(proposal(hash=ANOTHER, summary="改为十小时"), HE).state
        assert (state.stage, state.hash, state.summary, state.running) == ("draft", ANOTHER, "改为十小时", None)
        assert (state.submitted_at, state.submitted_by, state.hands) == (None, None, ("legal.lin", "cs.wu", "legal.he"))


# ---- replay ----------------------------------------------------------------------------------------------------------


def test_rules_are_tried_on_what_was_before_they_are_submitted_and_exactly_as_they_are():
    life = Life(proposal())
    with pytest.raises(NotAllowed, match="replay_needed"):
        life.do(amendment.Submitting(), LIN)
    life.do(REPLAYING, LIN)
    with pytest.raises(NotAllowed, match="replay_needed"):
        life.do(amendment.Submitting(), LIN)
    life.add(decisions.replay_finished(life.state, FIRST, LAST, HASH, SUM, life.now))
    life.do(proposal(hash=ANOTHER), LIN)
    assert life.state.replay is not None
    assert (life.state.replay.hash, life.state.replay.sum) == (HASH, SUM)
    with pytest.raises(NotAllowed, match="replay_needed"):
        life.do(amendment.Submitting(), LIN)
    assert life.replayed().do(amendment.Submitting(), LIN).state.stage == "submitted"


def test_other_words_about_the_same_changes_need_no_other_replay():
    life = Life(proposal()).replayed().do(proposal(summary="受理提速"), LIN)
    assert life.do(amendment.Submitting(), LIN).state.stage == "submitted"


def test_operating_data_need_no_replay_and_one_that_runs_ends_with_the_draft():
    life = Life(proposal("operating")).do(REPLAYING, LIN)
    clock = life.entries[-1].seq
    life.do(amendment.Submitting(), LIN)
    assert life.state.replay is None
    assert life.entries[-1].sets_clock[1] == (clock,)
    assert decisions.replay_finished(life.state, FIRST, LAST, HASH, SUM, life.now) == []


def test_one_replay_runs_at_a_time_until_it_is_finished_or_what_it_is_of_has_changed():
    life = Life(proposal()).do(REPLAYING, LIN)
    with pytest.raises(NotAllowed, match="replay_runs"):
        life.do(REPLAYING, HE)
    life.do(proposal(reasons="说明得更清楚"), LIN)
    assert life.state.replay is not None
    life.do(proposal(hash=ANOTHER), LIN)
    assert life.state.replay is None
    life.do(REPLAYING, HE)
    assert decisions.replay_finished(life.state, FIRST, LAST, HASH, SUM, life.now) == []
    life.add(decisions.replay_finished(life.state, FIRST, LAST, ANOTHER, SUM, life.now))
    assert life.state.replayed
    assert decisions.replay_finished(life.state, FIRST, LAST, ANOTHER, SUM, life.now) == []
    assert life.do(REPLAYING, LIN).state.replay_clock == (life.state.seq,)


def test_a_replay_is_of_days_that_have_begun_in_their_order():
    life = Life(proposal())
    for first, last, fault in (
        ("2026-10-02", "2026-10-01", "ends_before_it_begins"),
        ("2026-11-01", "2026-11-03", "day_not_begun"),
    ):
        with pytest.raises(Invalid) as refusal:
            life.do(amendment.Replaying.model_validate({"from": first, "to": last}), LIN)
        assert [(one.field, one.code) for one in refusal.value.faults] == [("to", fault)]
    life.do(amendment.Replaying.model_validate({"from": "2026-11-02", "to": "2026-11-02"}), LIN)


@pytest.mark.parametrize("said", ["20261001", "2026-10-01T00:00:00Z", 1_790_000_000, None, "", "2026-02-30", True])
def test_a_day_is_written_as_a_day(said: object):
    with pytest.raises(ValidationError, match="not_a_day"):
        amendment.Replaying.model_validate({"from": said, "to": "2026-10-01"})


@pytest.mark.parametrize(
    "said",
    ["2026-11-27", "2026-11-27T08:00:00", 1_790_000_000, "", "2026-13-27T08:00:00Z", "2026-11-27T08:00:00+25:00"],
)
def test_a_moment_is_written_with_its_zone(said: object):
    with pytest.raises(ValidationError, match="not_a_moment"):
        amendment.Announcing.model_validate({"effective_from": said})


def test_a_moment_is_taken_to_the_second():
    said = amendment.Announcing.model_validate({"effective_from": "2026-11-27T08:00:00.25+08:00"})
    assert said.effective_from is not None
    assert said.effective_from.isoformat() == "2026-11-27T00:00:00+00:00"


# ---- consultation ----------------------------------------------------------------------------------------------------


def test_what_touches_staff_is_submitted_with_how_they_were_consulted():
    life = Life(proposal(staff_impact=True)).replayed()
    with pytest.raises(NotAllowed, match="consultation_needed"):
        life.do(amendment.Submitting(), LIN)
    tomorrow = HELD.model_copy(update={"held_on": date(2026, 11, 3)})
    with pytest.raises(Invalid) as refusal:
        life.do(amendment.Submitting(consultation=tomorrow), LIN)
    assert [(one.field, one.code) for one in refusal.value.faults] == [("consultation.held_on", "day_not_begun")]
    life.do(amendment.Submitting(consultation=HELD), LIN)
    assert life.state.consultation is not None
    assert life.state.consultation.outcome == "同意，排班另议"
    assert "同意" not in str(life.entries[-1].data)


def test_operating_data_are_submitted_without():
    assert Life(proposal("operating", staff_impact=True)).do(amendment.Submitting(), LIN).state.stage == "submitted"


# ---- announcement ----------------------------------------------------------------------------------------------------


def announced_at(life: Life, after: timedelta) -> Life:
    return life.do(amendment.Numbered(number=3, effective_from=life.now + after), LIN)


@pytest.mark.parametrize(("impact", "days"), [("normal", 7), ("major", 15)])
def test_rules_are_announced_so_many_days_before(impact: str, days: int):
    life = Life(proposal(impact=impact)).replayed().do(amendment.Submitting(), WU)
    life.do(amendment.Approval(approved=True), ZHOU)
    with pytest.raises(Invalid) as refusal:
        announced_at(life, timedelta(days=days, seconds=-1))
    fault = refusal.value.faults[0]
    assert (fault.field, fault.code, fault.values["days"]) == ("effective_from", "too_soon_after_notice", days)
    assert fault.values["first"] == MONDAY + timedelta(days=days)
    state = announced_at(life, timedelta(days=days)).state
    assert (state.stage, state.number, state.announced_by) == ("announced", 3, "legal.lin")
    assert state.effective_from == MONDAY + timedelta(days=days)


def test_operating_data_ten_minutes_before():
    life = life_in(Stage.APPROVED, "operating")
    with pytest.raises(Invalid) as refusal:
        announced_at(life, timedelta(minutes=10, seconds=-1))
    assert [(one.code, one.values) for one in refusal.value.faults] == [("too_soon", {"minutes": 10})]
    assert announced_at(life, timedelta(minutes=10)).state.stage == "announced"


def test_not_more_than_a_year_before():
    with pytest.raises(Invalid, match="fields_faulty") as refusal:
        announced_at(life_in(Stage.APPROVED), timedelta(days=367))
    assert [one.code for one in refusal.value.faults] == ["day_too_far"]


def test_rules_come_into_force_as_a_day_begins_and_operating_data_as_soon_as_they_may():
    rules, operating = life_in(Stage.APPROVED).state, life_in(Stage.APPROVED, "operating").state
    midnight = MONDAY.replace(hour=0, minute=0)
    assert notice.usual(rules, MONDAY, POLICY) == midnight + timedelta(days=8)
    assert notice.usual(rules, midnight, POLICY) == midnight + timedelta(days=7)
    assert notice.usual(operating, MONDAY.replace(microsecond=1), POLICY) == MONDAY + timedelta(minutes=10, seconds=1)
    assert notice.usual(operating, MONDAY, POLICY) == notice.earliest(operating, MONDAY, POLICY)


# ---- withdrawal ------------------------------------------------------------------------------------------------------


def test_what_is_announced_is_withdrawn_until_ten_minutes_before_it_holds():
    life = life_in(Stage.ANNOUNCED)
    last = life.effective_from - timedelta(minutes=10)
    late = life.copy().at(last)
    assert Action.WITHDRAW not in decisions.may(late.state, LIN, late.now, POLICY)
    with pytest.raises(NotAllowed, match="too_late_to_withdraw minutes=10"):
        late.do(amendment.Withdrawal(), LIN)
    with pytest.raises(NotAllowed, match="amendment_stage_forbids amendment_stage=in_force"):
        life.copy().at(life.effective_from).do(amendment.Withdrawal(), LIN)
    clock = life.state.running
    life.at(last - timedelta(seconds=1)).do(amendment.Withdrawal(reason="节前不改"), LEAD)
    assert clock is not None
    assert (life.state.stage, life.state.running, life.state.withdrawn_at) == ("withdrawn", None, life.now)
    assert life.entries[-1].sets_clock == (None, (clock.clock,))
    assert life.entries[-1].data["number"] == 3


# ---- opinions --------------------------------------------------------------------------------------------------------


def test_a_consumer_has_one_opinion_a_complaint_and_others_have_twenty():
    life = life_in(Stage.ANNOUNCED)
    opinion = amendment.Opinion(text="夜里不必")
    assert Action.GIVE_OPINION not in decisions.may(life.state, WANG, life.now, POLICY)
    with pytest.raises(NotAllowed, match="opinion_given_already"):
        life.do(opinion, WANG)
    life.do(opinion, OTHER)
    for one in (SHOP, XIE):
        for _ in range(20):
            life.do(opinion, one)
        with pytest.raises(NotAllowed, match="too_many_opinions_of_one most=20"):
            life.do(opinion, one)
    assert [one.number for one in life.state.opinions] == list(range(1, 43))


def test_a_thousand_opinions_are_the_most():
    life = life_in(Stage.ANNOUNCED)
    held = life.state.opinions[0]
    opinions = tuple(held.model_copy(update={"number": number}) for number in range(1, 1_001))
    life.state = life.state.model_copy(update={"opinions": opinions})
    with pytest.raises(NotAllowed, match="too_many_opinions most=1000"):
        life.do(amendment.Opinion(text="再说一句"), OTHER)


def test_a_thousand_answered_opinions_find_room_beside_long_changes_and_twenty_returns():
    state = life_in(Stage.ANNOUNCED).state
    held = state.opinions[0].model_copy(update={"seq": 1_020, "answer_seq": 2_040, "by": SHOP})
    opinions = tuple(held.model_copy(update={"number": number}) for number in range(1, 1_001))
    returned = amendment.Decision(at=MONDAY, by="x" * 128, approved=False, hash=HASH, reasons="严" * 2_000)
    long = {"opinions": opinions, "decisions": 20 * (returned,), "changes": {"title": "严" * 33_000}}
    head, _ = items.head_items(amendments.head_of(state.model_copy(update=long)), None, frozenset())
    assert len(head["head"]["S"].encode()) < items.LARGEST_HEAD / 2


def test_an_opinion_is_answered_once_and_an_unknown_one_never():
    life, answer = life_in(Stage.ANNOUNCED), amendment.OpinionAnswer(text="由值班组受理")
    for part in ("2", "0", "01", "x", None):
        with pytest.raises(NotFound, match="opinion_unknown"):
            life.do(answer, LIN, part)
    life.do(answer, LIN, "1")
    assert (life.state.opinions[0].answer_seq, life.state.unanswered) == (life.state.seq, ())
    with pytest.raises(NotAllowed, match="opinion_answered number=1"):
        life.do(answer, WU, "1")


def test_an_opinion_that_is_erased_wants_no_answer_and_its_clock_ends():
    life = life_in(Stage.IN_FORCE)
    clock = life.state.running
    life.add(decisions.opinion_erased(life.state, 1, life.now))
    assert clock is not None
    assert (life.state.running, life.state.unanswered) == (None, ())
    assert life.entries[-1].sets_clock == (None, (clock.clock,))
    assert decisions.opinion_erased(life.state, 1, life.now) == decisions.opinion_erased(life.state, 2, life.now) == []
    with pytest.raises(NotAllowed, match="opinion_erased number=1"):
        life.do(amendment.OpinionAnswer(text="迟了"), LIN, "1")
    given = next(entry for entry in life.entries if entry.kind == "OpinionGiven")
    gone = [entry.without_words() if entry == given else entry for entry in life.entries]
    assert first_broken_link(gone) is None


# ---- what the house finds out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_only_what_is_in_force_is_superseded(stage: Stage):
    life = life_in(stage)
    entries = decisions.superseded(life.state, 4, life.now)
    assert bool(entries) is (stage == Stage.IN_FORCE)
    if entries:
        assert life.add(entries).state.superseded_by == 4
        assert decisions.superseded(life.state, 5, life.now) == []


def test_answers_are_owed_still_when_another_version_is_in_force():
    life = life_in(Stage.SUPERSEDED)
    assert life.state.running is not None
    life.do(amendment.OpinionAnswer(text="已改"), LIN, "1")
    assert life.state.running is None


def test_that_the_author_was_not_reached_is_put_down_once():
    life = life_in(Stage.RETURNED)
    version = life.state.version
    life.add(decisions.unreached(life.state, 5, life.now))
    assert (life.state.untold, life.state.version) == ((5,), version)
    assert decisions.unreached(life.state, 5, life.now) == []


def test_what_a_patch_takes_away_is_kept_as_such():
    life = Life(proposal(changes={"close_of_business": None, "clocks": {"received": None}}))
    assert life.entries[0].event.changes == {"close_of_business": None, "clocks": {"received": None}}
    kept = life.state.model_dump_json(exclude_none=True)
    assert amendment.Amendment.model_validate_json(kept) == life.state
