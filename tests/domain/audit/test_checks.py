"""6.3: the rules of the machine on whole lives: they never fail, a life as it should be breaks none, and whatever
becomes of a complaint breaks only what people can miss."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from chalicelib.domain.audit import checks
from chalicelib.domain.audit.evidence import Evidence, Unreadable
from chalicelib.domain.audit.verdicts import NOT_APPLICABLE, Verdict, broken, together, undecided
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import Filing
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.supervision.lines import LINE
from chalicelib.domain.vocabulary.stages import Stage
from tests.domain.cases import ALLERGY, CRACKED, FAKE, KETTLE, LEAD, POLICY, WANG, Story, changed, policy_with
from tests.domain.test_lines import STEPS, lived
from tests.domain.test_sequences import IN_ANY_CASE

from .closures import OTHER_PLAN, altered, closed, closed_for_caller, dropped, later, says, seen, seqs

FILINGS = sampled_from([KETTLE, CRACKED, ALLERGY, FAKE])
CAN_BE_MISSED = {
    *("3.2-merged", "3.3-called", "3.3-danger", "4.1c-in_time", "4.1c-told", "4.2b-in_time", "4.2c-in_time"),
    *("4.3a-followed", "4.3b-in_time", "4.4a-call", "4.4b-adjusted", "4.5a-at_once", "6.2-asked"),
}
"""What the house does not see to by itself: all else it refuses, or does."""
BY_PEOPLE = [one for one in sorted(IN_ANY_CASE | dict.fromkeys(LIFECYCLE.actions)) if one not in ("file", "lapse")]


def at_once(filing: Filing, steps: list[tuple[Any, int]]) -> Story:
    """A life without delay, in which each plan says something of its own; what cannot be done is not done."""
    story = Story(filing)
    for number, (deed, part) in enumerate(steps):
        later(story, minutes=1)
        plan = OTHER_PLAN.model_copy(update={"summary": f"方案{number}"})
        who = LEAD if story.complaint.review_requested_at and deed == Action.PROPOSE_PLAN else None
        submission = {**IN_ANY_CASE, Action.PROPOSE_PLAN: plan}.get(deed)
        try:
            story.do(deed, who, submission, part=str(part))
        except (Forbidden, NotAllowed, NotFound, Invalid):
            continue
    return story


GOOD_WAY = [Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN]


@settings(max_examples=40)
@given(FILINGS, lists(tuples(sampled_from([*BY_PEOPLE, *GOOD_WAY * 5]), integers(1, 2)), min_size=6, max_size=40))
def test_a_life_without_delay_of_which_everybody_is_told_breaks_no_rule(filing: Filing, steps: list[tuple[Any, int]]):
    story = at_once(filing, [*steps, *((one, 1) for one in GOOD_WAY)])
    for closure in range(1, story.complaint.closures + 1):
        found = checks.run(seen(story, closure))
        assert [one for one in found if one.verdict.says == "broken"] == []


@settings(max_examples=40)
@given(FILINGS, STEPS)
def test_whatever_becomes_of_a_complaint_no_rule_fails_and_only_what_people_can_miss_is_broken(
    filing: Filing, steps: Any
):
    story = lived(filing, steps)
    story.policy = POLICY
    for closure in range(1, story.complaint.closures + 1):
        found = checks.run(seen(story, closure))
        assert {one.rule for one in found if one.verdict.says == "broken"} <= CAN_BE_MISSED
        bare = Evidence(tuple(story.entries), closure, POLICY, story.now)
        assert [one.rule for one in checks.run(bare)] == [one.rule for one in found]


def test_each_closure_is_looked_at_by_itself():
    story = closed_for_caller(call=None)
    later(story, days=3).do(Action.REOPEN, WANG)
    later(story, hours=1).do(Action.PROPOSE_PLAN, LEAD, OTHER_PLAN).do(Action.ACCEPT_PLAN, WANG)
    assert says("4.4a-call", seen(story, 1)) == "broken"
    assert says("4.4a-call", seen(story, 2)) == "not_applicable"
    assert says("4.1c-in_time", seen(story, 2)) == "not_applicable"


def test_what_became_of_a_promise_after_the_closure_is_known_to_who_looks_later():
    story = closed()
    assert says("4.3a-followed", seen(story)) == "undecided"
    later(story, hours=1).do(Action.COMPLETE_FOLLOW_UP)
    assert says("4.3a-followed", seen(story)) == "holds"


def test_a_due_time_that_a_storm_moved_was_not_missed():
    story = Story()
    later(story, days=6).do(Action.ACKNOWLEDGE)
    story.do(Action.REPORT).do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)
    assert says("4.2c-in_time", seen(story)) == "broken"
    story.counted_anew(policy_with(extra_holidays=(date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 14))))
    assert says("4.2c-in_time", seen(story)) == "holds"


def test_where_a_notice_failed_a_call_tells_it():
    story = closed_for_caller()
    failed = [one._replace(fared="failed") if one.kind == "plan" else one for one in seen(story).notices or ()]
    assert says("4.3b-told", seen(story, notices=failed)) == "holds"
    silent = closed()
    failed = [one._replace(fared="failed") if one.kind == "plan" else one for one in seen(silent).notices or ()]
    assert says("4.3b-told", seen(silent, notices=failed)) == "undecided"
    assert says("4.3b-told", seen(later(silent, days=2), notices=failed)) == "broken"


def test_a_notice_that_went_out_after_the_due_time_did_not_keep_the_promise():
    story = closed()
    late = story.entries[0].at + timedelta(hours=24)
    notices = [
        one._replace(sent_at=late) if one.kind == "acknowledgement" else one for one in seen(story).notices or ()
    ]
    assert says("4.1c-told", seen(story, notices=notices)) == "broken"


def test_a_fault_names_the_entries_that_show_it():
    story = closed()
    entries = altered(story, "InvestigationReported", actor=WANG)
    assert seqs("5.1-handler", seen(story, entries=entries)) == (3,)


def test_of_entries_that_make_no_complaint_nothing_can_be_said_but_that():
    story = closed()
    unknown = [changed(one, kind="InvestigationReported") if one.seq == 4 else one for one in story.entries]
    said = {one.rule: one.verdict.says for one in checks.run(Evidence(unknown, 1, POLICY, story.now))}
    assert {rule for rule, verdict in said.items() if verdict == "broken"} == {"4.5b-chain", "4.5b-fold"}
    assert {verdict for rule, verdict in said.items() if not rule.startswith("4.5b-")} == {"undecided"}


@pytest.mark.parametrize("closure", [0, 2])
def test_a_closure_that_there_is_not_is_refused(closure: int):
    with pytest.raises(Unreadable):
        checks.run(Evidence(tuple(closed().entries), closure, POLICY, closed().now))


def test_the_line_says_what_is_broken_and_what_nobody_knows_by_then_and_reads_back():
    story = closed_for_caller(call=None)
    evidence = seen(story, reachable=False)
    line = checks.line_of(evidence, checks.run(evidence))
    assert (line.broken, line.undecided) == (("4.1b-fields",), ("4.3a-followed", "4.4a-call", "6.2-asked"))
    assert (line.closure, line.catalogue, line.planner) == (1, checks.NUMBER, "cs.lin")
    assert line.seq == next(entry.seq for entry in story.entries if entry.enters and entry.enters.stage == Stage.CLOSED)
    assert LINE.validate_json(line.model_dump_json(exclude_none=True)) == line


def test_one_broken_breaks_all_and_one_that_nobody_knows_leaves_all_open():
    holds = Verdict("holds", (1,))
    assert together([]) == NOT_APPLICABLE
    assert together([NOT_APPLICABLE, holds]) == holds
    assert together([holds, undecided(2)]) == undecided(2)
    assert together([undecided(2), broken(3), broken(3, 4)]) == broken(3, 4)


def test_a_complaint_closed_without_its_work_breaks_what_was_left_out():
    story = closed()
    left_out = seen(story, entries=dropped(story, "InvestigationReported"))
    assert {"4.2b-order", "4.2c-report"} <= {one.rule for one in checks.run(left_out) if one.verdict.says == "broken"}
