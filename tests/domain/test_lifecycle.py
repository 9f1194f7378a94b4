"""3.2, 5.1: the lifecycle is one sound table, and every stage × action × role is as it says."""

import pytest

from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.vocabulary.stages import Stage
from tests.rights import OPERATION, roles

from .cases import HEARING, LIN, NUMBER, SUBMISSIONS, story_for, story_in

ANYONE = frozenset({Role.CONSUMER})
BY_PEOPLE = [action for action in Action if action not in (Action.FILE, Action.LAPSE)]
PAIRS = [(stage, action) for stage in Stage for action in BY_PEOPLE]

# Written out by hand: where each action leads from each stage. What has no entry is refused.
LEADS_TO_TABLE = """
                      received       investigating      planning           awaiting_consumer  closed
acknowledge           investigating  -                  -                  -                  -
report                -              planning           -                  -                  -
draft_plan            -              -                  planning           -                  -
propose_plan          -              -                  awaiting_consumer  -                  -
accept_plan           -              -                  -                  closed             -
object_to_plan        -              -                  -                  planning           -
request_review        -              -                  -                  planning           planning
withdraw              closed         closed             closed             closed             -
merge                 closed         closed             closed             closed             -
undo_merger           -              -                  -                  -                  received
reopen                -              -                  -                  -                  planning
assign                received       investigating      planning           awaiting_consumer  -
extend                received       investigating      planning           awaiting_consumer  -
ask                   -              investigating      planning           -                  -
answer_inquiry        -              investigating      planning           -                  -
review                -              -                  planning           -                  -
request_information   -              investigating      planning           -                  -
give_information      received       investigating      planning           awaiting_consumer  -
read_information      -              -                  -                  awaiting_consumer  -
update_delivery       received       investigating      planning           awaiting_consumer  closed
complete_follow_up    -              -                  planning           awaiting_consumer  closed
add_evidence          received       investigating      planning           awaiting_consumer  closed
triage                received       investigating      planning           awaiting_consumer  closed
assess_safety         received       investigating      planning           awaiting_consumer  closed
tell_authority        received       investigating      planning           awaiting_consumer  closed
take_interim_measure  received       investigating      planning           awaiting_consumer  closed
call                  received       investigating      planning           awaiting_consumer  closed
note                  received       investigating      planning           awaiting_consumer  closed
retract_note          received       investigating      planning           awaiting_consumer  closed
retract_evidence      received       investigating      planning           awaiting_consumer  closed
replace_link          received       investigating      planning           awaiting_consumer  closed
correct_contact       received       investigating      planning           awaiting_consumer  closed
view_contact          received       investigating      planning           awaiting_consumer  closed
answer_survey         -              -                  -                  -                  closed
decline_survey        -              -                  -                  -                  closed
review_survey         -              -                  planning           awaiting_consumer  closed
state_case            received       investigating      planning           awaiting_consumer  closed
decide_hearing        received       investigating      planning           awaiting_consumer  closed
object_to_decision    received       investigating      planning           awaiting_consumer  closed
"""
STAGES_ABOVE, *LINES = [line.split() for line in LEADS_TO_TABLE.strip().splitlines()]
LEADS_TO = {
    (stage, line[0]): target
    for line in LINES
    for stage, target in zip(STAGES_ABOVE, line[1:], strict=True)
    if target != "-"
}


@pytest.mark.parametrize(("stage", "action"), PAIRS)
def test_each_action_leads_where_the_policy_says_or_is_refused_with_what_is_allowed(stage: Stage, action: Action):
    story = story_for(stage, action)
    if target := LEADS_TO.get((stage, action)):
        assert story.do(action).complaint.stage == target
        return
    with pytest.raises(NotAllowed) as refusal:
        story.do(action)
    assert set(refusal.value.extra["allowed"]) == {name for at, name in LEADS_TO if at == stage} - {
        "undo_merger",
        "request_review",
        "answer_survey",
        "decline_survey",
        "review_survey",
        *HEARING,
    }


LAPSE = ("awaiting_consumer", "lapse")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", OPERATION)
def test_only_those_the_policy_makes_responsible_may_act(action: str, role: Role):
    stage = next(stage for stage, name in reversed(LEADS_TO) if name == action)
    actor = {
        Role.CONSUMER: people.consumer(NUMBER),
        Role.STOREFRONT: people.storefront("web-shop"),
        Role.SYSTEM: people.CLOCK,
    }.get(role) or people.staff("someone", frozenset({role}))
    story = story_for(Stage(stage), Action(action))
    if role in roles(action, asked="quality"):
        known = len(story.entries)
        story.do(Action(action), actor)
        assert story.entries[known].actor == actor
    else:
        with pytest.raises(Forbidden):
            story.do(Action(action), actor)


def test_every_action_has_its_artefact_and_its_row():
    assert set(SUBMISSIONS) == set(BY_PEOPLE) == {Action(name) for name in OPERATION}
    assert {(str(step.source), str(step.action)) for step in LIFECYCLE.table if step.source} == {*LEADS_TO, LAPSE}


def test_a_member_of_staff_without_a_known_group_may_nothing():
    stranger = people.staff("nobody", frozenset({"gardeners"}))
    assert stranger.roles == frozenset()
    with pytest.raises(Forbidden):
        story_in(Stage.RECEIVED).do(Action.NOTE, stranger)


def test_only_the_clock_lets_a_complaint_lapse_and_the_clock_does_nothing_else_by_itself():
    assert LIFECYCLE.step(Stage.AWAITING_CONSUMER, Action.LAPSE, people.CLOCK).target == Stage.CLOSED
    with pytest.raises(Forbidden):
        LIFECYCLE.step(Stage.AWAITING_CONSUMER, Action.LAPSE, LIN)
    assert [(str(step.source), step.action) for step in LIFECYCLE.table if Role.SYSTEM in step.who] == [LAPSE]
    assert not people.CLOCK.roles & STAFF


def test_stages_have_a_name_in_each_language():
    for facts in LIFECYCLE.stages.values():
        assert set(facts.names) == {"zh-CN", "zh-TW", "en"}


def step(source: Stage | None, target: Stage, action: Action = Action.NOTE, who: frozenset[Role] = ANYONE) -> Step:
    return Step(source, action, target, who)


def stages(**opened: bool) -> dict[Stage, StageFacts]:
    return {Stage(name): StageFacts(Role.CUSTOMER_SERVICE, open, {}) for name, open in opened.items()}


@pytest.mark.parametrize(
    ("table", "known", "complaint"),
    [
        ([step(None, Stage.RECEIVED)], stages(received=False, closed=False), "no way leads to"),
        ([step(None, Stage.PLANNING)], stages(received=False), "not described"),
        ([step(None, Stage.RECEIVED)], stages(received=True), "nothing leads out of"),
        ([step(None, Stage.RECEIVED)] * 2, stages(received=False), "more than one row"),
        ([step(None, Stage.RECEIVED, who=frozenset())], stages(received=False), "nobody"),
    ],
)
def test_an_unsound_table_is_refused_when_it_is_loaded(
    table: list[Step], known: dict[Stage, StageFacts], complaint: str
):
    with pytest.raises(ValueError, match=complaint):
        Lifecycle("complaint", known, tuple(table))


def test_the_table_as_people_read_it():
    assert LIFECYCLE.heading == ("action", *Stage, "who may")
    rows = {row[0]: row[1:] for row in LIFECYCLE.rows()}
    assert list(rows) == list(LIFECYCLE.actions)
    assert rows["file"] == ("→ received", "–", "–", "–", "–", "customer_service, storefront")
    assert rows["report"] == ("–", "→ planning", "–", "–", "–", "customer_service")
    assert rows["ask"] == ("–", "stays", "stays", "–", "–", "customer_service")
    assert rows["withdraw"] == (*["→ closed"] * 4, "–", "consumer, customer_service")


def test_who_may_do_something_in_some_stage_is_asked_of_the_table():
    assert LIFECYCLE.who(Action.EXTEND) == {"supervisor", "management"}
    assert LIFECYCLE.who(Action.FILE) == {"storefront", "customer_service"}


def test_what_does_not_exist_yet_can_only_be_filed():
    with pytest.raises(NotAllowed) as refusal:
        LIFECYCLE.step(None, Action.NOTE, LIN)
    assert refusal.value.extra["allowed"] == []
