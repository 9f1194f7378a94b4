"""Amendments on the screen (7, 8.1): from a form to force, with what stands against it said where it is typed."""

from datetime import date
from typing import Any

import pytest

from chalicelib.adapters import replays
from chalicelib.adapters.replays import Progress
from chalicelib.casework import rules
from chalicelib.casework.commit import commit
from chalicelib.domain.governance import changes, decisions
from chalicelib.domain.governance.amendment import LIFECYCLE, Action
from chalicelib.domain.governance.tally import Affected, Clocks, Day, Move, Outcome, Pair
from chalicelib.web.console import forms
from tests.casework import amending
from tests.examples import AMENDMENT
from tests.house import Answer, House
from tests.rights import STAFF
from tests.web.amended import BOSS, CONSULTED, LEGAL, SUM, data_in, done, draft, rules_in
from tests.web.piece import read

from .acted import do
from .filled import sent

LISTED = "/console/policy/amendments"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def fill(house: House, path: str, rule: str, typed: dict[str, Any], who: str = LEGAL) -> Answer:
    """Sends the form of a rule, with this typed over what it begins with."""
    shown = house.look(f"{path}?rule={rule}", who)
    assert shown.status == 200, shown.text
    form = read(shown.text).one("form", id="do")
    before = {name: [*values] for name, values in sent(form).fields.items()}
    said = {name: [*values] for name, values in forms.sent_of(typed).fields.items()}
    return house.submit(path, who, before | said)


ABOUT = {"summary": "受理时限缩短为12小时", "reasons": "多数投诉半天之内即可受理。", "impact": "normal"}


def test_an_amendment_is_begun_with_a_form_of_a_rule_and_goes_on_with_another(house: House) -> None:
    begun = fill(house, f"{LISTED}/new", "clocks.received", {"rule": {"length": 12}, "staff_impact": "true", **ABOUT})
    assert begun.status == 303, begun.text
    there = begun.headers["location"].partition("?")[0]
    page = house.look(there, LEGAL).text
    assert "24小时 → 12小时" in page
    more = fill(house, f"{there}/changes", "link_days", {"rule": 90})
    assert (more.status, more.headers["location"]) == (303, f"{there}?done=change_amendment#main")
    page = house.look(there, LEGAL).text
    assert "180天 → 90天" in page
    assert "24小时 → 12小时" in page
    assert "消费者" in page


def test_what_makes_no_rule_is_said_beside_what_was_typed(house: House) -> None:
    answer = fill(house, f"{LISTED}/new", "clocks.received", {"rule": {"length": 5000}, **ABOUT, "summary": "改得太长"})
    assert answer.status == 422
    form = read(answer.text).one("form", id="do")
    assert form.one("input", name="rule.length").given["value"] == "5000"
    assert form.one("input", name="rule.length").given["aria-invalid"] == "true"
    assert "改得太长" in answer.text
    same = fill(house, f"{LISTED}/new", "clocks.received", ABOUT)
    assert same.status == 422, "nothing of the policy would be different"


def test_what_nobody_has_seen_as_it_is_now_is_not_changed(house: House) -> None:
    there = f"{LISTED}/{rules_in(house, 'draft')}"
    shown = read(house.look(f"{there}/changes?rule=link_days", LEGAL).text).one("form", id="do")
    do(house, there, "change_amendment", LEGAL, {"summary": "另一个说法"})
    fields = {name: [*values] for name, values in sent(shown).fields.items()}
    answer = house.submit(f"{there}/changes", LEGAL, fields | {"rule": ["33"]})
    assert answer.status == 412
    assert read(answer.text).one("input", name="rule").given["value"] == "33"


def test_rules_go_from_a_draft_over_a_return_into_an_announcement_with_an_answered_opinion(house: House) -> None:
    name = rules_in(house, "draft")
    there = f"{LISTED}/{name}"
    assert "先" in house.look(there, LEGAL).text
    assert do(house, there, "replay_amendment", LEGAL).status == 303
    try_out_ends(house, name)
    answer = do(house, there, "submit_amendment", LEGAL)
    assert answer.status == 409, "staff were not consulted"
    held = {"held_on": "2026-10-08", "participants": "客服部", "outcome": "同意"}
    assert do(house, there, "submit_amendment", LEGAL, {"consultation": held}).status == 303
    assert "act=approve_amendment" not in house.look(there, LEGAL).text
    returned = do(house, there, "approve_amendment", BOSS, {"approved": "false"})
    assert returned.status == 422, "who returns it says why"
    assert do(house, there, "approve_amendment", BOSS, {"approved": "false", "reasons": "太紧。"}).status == 303
    assert "太紧。" in house.look(there, LEGAL).text
    assert do(house, there, "submit_amendment", LEGAL, {"consultation": held}).status == 303
    assert do(house, there, "approve_amendment", BOSS, {"approved": "true"}).status == 303
    assert do(house, there, "announce_amendment", LEGAL).status == 303
    assert do(house, there, "give_opinion", "quality.he", {"text": "12小时对周末值班太紧。"}).status == 303
    assert do(house, there, "answer_opinion", LEGAL, {"text": "周末照常值班。"}, part="1").status == 303
    for page in (there, f"{there}/opinions"):
        text = house.look(page, "audit.qin").text
        assert "12小时对周末值班太紧。" in text
        assert "周末照常值班。" in text
    assert do(house, there, "withdraw_amendment", LEGAL, {"reason": "再议。"}).status == 303


def try_out_ends(house: House, name: str) -> None:
    state = amending.state_of(name)
    assert state.replay
    span = state.replay.first, state.replay.last
    ended = decisions.replay_finished(state, *span, state.hash, SUM, house.now)
    commit(state, ended, house.now, rules.in_force(house.now))


def test_only_what_was_read_is_approved(house: House) -> None:
    there = f"{LISTED}/{data_in(house, 'submitted')}"
    form = read(house.look(f"{there}?act=confirm_amendment", BOSS).text).one("form", id="do")
    fields = {name: [*values] for name, values in sent(form).fields.items()}
    assert len(fields["hash"][0]) == 64
    other = {**fields, "hash": ["0" * 64], "approved": ["true"]}
    assert house.submit(f"{there}/acts/confirm_amendment", BOSS, other).status == 409
    assert house.submit(f"{there}/acts/confirm_amendment", BOSS, {**fields, "approved": ["true"]}).status == 303


def test_where_another_version_came_between_its_page_says_what_is_different_now_and_goes_on(house: House) -> None:
    there = f"{LISTED}/{data_in(house, 'draft')}"
    data_in(house, "announced")
    page = house.look(there, LEGAL)
    assert "rebase_amendment" in page.text
    assert do(house, there, "submit_amendment", LEGAL).status == 409
    assert do(house, there, "rebase_amendment", LEGAL).status == 303
    assert "rebase_amendment" not in house.look(there, LEGAL).text
    assert do(house, there, "submit_amendment", LEGAL).status == 303


def test_the_complaints_that_a_replay_finds_affected_are_links(house: House) -> None:
    name = rules_in(house, "draft")
    do(house, f"{LISTED}/{name}", "replay_amendment", LEGAL)
    state = amending.state_of(name)
    assert state.replay
    outcome = Outcome(
        complaints=2,
        affected=1,
        clocks={"received": Clocks(clocks=2, earlier=1, breaches=Pair(base=0, draft=1), more=1)},
        alarms={"reminder": Pair(base=1, draft=2)},
        gates={"legal": Pair(base=1, draft=0)},
        days={date(2026, 10, 9): Day()},
        most_affected=(
            Affected(
                complaint_id="20261009-AAAAA-00001",
                category="delivery",
                due_dates_moved=1,
                breaches_more=1,
                breaches_fewer=0,
                alarms=1,
                gates=("legal",),
                moves=(Move(clock="received", ladder="received", base=house.now, draft=house.now),),
            ),
        ),
    )
    _, file = replays.progress(name, state.replay)
    replays.mark(
        name, state.replay, Progress(begun_at=house.now, marked_at=house.now, day=None, place="", outcome=outcome), file
    )
    page = read(house.look(f"{LISTED}/{name}/replay", "audit.qin").text)
    assert page.one("a", href="/console/complaints/20261009-AAAAA-00001")
    assert "客服确认受理" in page.text


def test_who_may_not_by_the_api_may_not_by_the_form(house: House) -> None:
    name = data_in(house, "submitted")
    before, kept = amending.state_of(name), house.items_kept()
    for action in ("confirm_amendment", "withdraw_amendment"):
        for group in sorted(STAFF - LIFECYCLE.who(Action(action))):
            answer = house.submit(f"{LISTED}/{name}/acts/{action}", group, {"approved": "true"})
            assert answer.status in (403, 409), (group, action)
    assert (amending.state_of(name), house.items_kept()) == (before, kept)


def test_the_list_is_of_a_stage_and_whoever_may_draft_begins_one(house: House) -> None:
    name = data_in(house, "submitted")
    assert name in house.look(f"{LISTED}?stage=submitted", "logistics.gao").text
    assert name not in house.look(f"{LISTED}?stage=draft", "logistics.gao").text
    assert "/new" not in house.look(LISTED, "logistics.gao").text
    assert "/new" in house.look(LISTED, LEGAL).text


def test_all_that_is_confirmed_stands_on_the_page_in_words(house: House) -> None:
    listed = changes.plain(rules.operating_numbered(1, house.now).document)["canned_words"]
    other = {**listed[0], "text": f"{listed[0]['text']} 谢谢您的耐心。"}
    body = AMENDMENT | {"changes": {"canned_words": [other, *listed[1:]]}}
    there = f"{LISTED}/{draft(house, body)['amendment_id']}"
    for who in (LEGAL, BOSS):
        page = read(house.look(there, who).text).one("details", open="")
        assert "谢谢您的耐心。" in page.text
        assert listed[0]["text"].splitlines()[0] in page.text


def test_operating_data_are_not_asked_what_holds_for_rules_alone(house: House) -> None:
    new = read(house.look(f"{LISTED}/new?rule=product_danger.within_days", LEGAL).text).one("form", id="do")
    assert not [one for name in ("impact", "staff_impact") for one in new.all("input", name=name)]
    typed = {"rule": 17, "summary": "改为17天", "reasons": "更早发现。", "impact": "major"}
    begun = fill(house, f"{LISTED}/new", "product_danger.within_days", typed)
    assert begun.status == 303, begun.text
    there = begun.headers["location"].partition("?")[0]
    assert amending.state_of(there.rpartition("/")[2]).impact == "normal"
    for act, name in (("change_amendment", "impact"), ("submit_amendment", "consultation.outcome")):
        assert f'name="{name}"' not in house.look(f"{there}?act={act}", LEGAL).text
    rule = f"{LISTED}/{rules_in(house, 'draft')}"
    assert 'name="impact"' in house.look(f"{rule}?act=change_amendment", LEGAL).text


def test_an_amendment_goes_on_only_from_the_version_whose_difference_was_on_the_screen(house: House) -> None:
    there = f"{LISTED}/{data_in(house, 'draft')}"
    data_in(house, "announced")
    form = read(house.look(f"{there}?act=rebase_amendment", LEGAL).text).one("form", id="do")
    seen = {name: [*values] for name, values in sent(form).fields.items()}
    data_in(house, "announced")
    refused = house.submit(f"{there}/acts/rebase_amendment", LEGAL, seen)
    assert refused.status == 409
    again = read(refused.text).one("form", id="do")
    assert int(sent(again).one("base")) == int(seen["base"][0]) + 1
    fields = {name: [*values] for name, values in sent(again).fields.items()}
    assert house.submit(f"{there}/acts/rebase_amendment", LEGAL, fields).status == 303


def test_what_somebody_typed_does_not_turn_the_sentence_that_it_stands_in(house: House) -> None:
    body = AMENDMENT | {"summary": "تعديل المهلة", "changes": {"product_danger": {"within_days": 365}}}
    name = str(draft(house, body)["amendment_id"])
    done(house, name, "submission", CONSULTED)
    assert "<bdi>تعديل المهلة</bdi>" in house.look("/console", BOSS).text
