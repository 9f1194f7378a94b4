"""What alarms staff, and is told together where it is too much; and the product that endangers several."""

from datetime import timedelta

import pytest

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.telling.letters import Letter, to_staff
from chalicelib.domain.telling.notices import is_alarm, not_before, notices_of
from chalicelib.domain.telling.outdated import outdated

from .cases import ALLERGY, FRIDAY, LIN, POLICY, Story

REPEATED = events.DangerRepeated(complaints=("3ZT8P-QN6WA", "9WQ4C-RT7MB"), days=30)


def lower(story: Story) -> Story:
    return story.do(Action.TRIAGE, LIN, submissions.Triage(tier="none", reason="已核实，并无危险。"))


def test_a_danger_and_what_it_asks_for_alarm_and_so_does_what_nobody_has_done():
    story = Story(ALLERGY)
    assert [entry.kind for entry in story.entries if is_alarm(entry)] == ["DangerFound", *["SafetyTaskBegun"] * 2]
    story.now += timedelta(hours=3)
    known = len(story.entries)
    assert {entry.kind for entry in story.ring().entries[known:] if is_alarm(entry)} == {
        "ReminderRaised",
        "DeadlineMissed",
    }


def test_an_ordinary_deadline_is_no_alarm():
    story = Story()
    story.now += timedelta(days=3)
    assert "DeadlineMissed" in [entry.kind for entry in story.ring().entries]
    assert [entry.kind for entry in story.entries if is_alarm(entry)] == []


def test_quality_and_management_are_told_at_once_that_a_product_endangers_several():
    story = Story(ALLERGY).found(REPEATED)
    found = story.entries[-1]
    told = [(key.audience, key.kind) for key in notices_of(found)]
    assert told == [("quality", "product_danger"), ("management", "product_danger")]
    assert not_before(found) == FRIDAY
    assert is_alarm(found)
    letter = to_staff("product_danger", Letter(story.complaint, found, "", POLICY, "en"))
    assert (letter["number"], letter["days"], letter["complaints"]) == (3, 30, ["3ZT8P-QN6WA", "9WQ4C-RT7MB"])


def test_what_others_have_said_of_the_product_is_known_and_is_no_news_once_it_is_lowered():
    story = Story(ALLERGY).found(REPEATED)
    found = story.entries[-1]
    assert story.complaint.safety
    assert story.complaint.safety.same_product == REPEATED.complaints
    assert not outdated(found, story.complaint)
    assert outdated(found, lower(story).complaint)


def test_the_numbers_have_defaults_in_operating_data_that_do_not_name_them():
    operating = Operating(version=1, effective_from=FRIDAY)
    assert operating.alarms.model_dump() == {"singles": 10, "within_minutes": 60, "then_every_minutes": 15}
    assert operating.product_danger.model_dump() == {"complaints": 2, "within_days": 30}


@pytest.mark.parametrize("wrong", [{"singles": 0}, {"singles": 31}, {"then_every_minutes": 1}])
def test_an_alarm_that_is_never_told_or_all_the_time_is_no_rule(wrong: dict[str, int]):
    with pytest.raises(ValueError, match=r"(less|greater) than or equal"):
        Operating.model_validate({"version": 1, "effective_from": FRIDAY, "alarms": wrong})
