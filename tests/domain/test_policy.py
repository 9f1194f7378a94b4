"""1.1, 7.1: the policy is versioned data."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from chalicelib.domain.policy import policies
from chalicelib.domain.policy.policies import Clock, Policy
from chalicelib.domain.vocabulary.stages import STAGES, Stage

from .cases import FRIDAY, POLICY


def test_version_1_is_the_seed_policy_and_in_force():
    seed = policies.in_force(FRIDAY)
    assert (seed.version, seed.interpreter) == (1, "customer_service")
    assert "中华人民共和国消费者权益保护法" in seed.legal_basis
    assert "中华人民共和国电子商务法" in seed.legal_basis
    assert seed is policies.version(1)


def test_a_version_that_was_never_published_is_not_there():
    with pytest.raises(KeyError):
        policies.version(99)


def test_every_open_stage_has_a_clock_and_no_closed_one():
    assert set(POLICY.clocks) == {stage for stage, facts in STAGES.items() if facts.open} | {"inquiry"}
    assert POLICY.due(Stage.CLOSED, FRIDAY, FRIDAY) is None


def test_a_policy_without_a_clock_for_an_open_stage_is_refused():
    less = POLICY.model_dump(mode="json")
    del less["clocks"]["planning"]
    with pytest.raises(ValidationError, match="exactly the open stages"):
        Policy.model_validate(less)


@pytest.mark.parametrize("lengths", [{}, {"hours": 1, "days": 1}])
def test_a_clock_has_one_length(lengths: dict[str, int]):
    with pytest.raises(ValidationError, match="one length"):
        Clock(starts="entry", **lengths)


def test_the_policy_may_add_a_storm_closure_and_close_at_six():
    stormy = Policy.model_validate(
        POLICY.model_dump(mode="json") | {"extra_holidays": ["2026-10-12"], "close_of_business": "18:00"}
    )
    due = stormy.due(Stage.INVESTIGATING, FRIDAY, FRIDAY + timedelta(hours=1))
    assert due is not None
    assert due.at == datetime(2026, 10, 14, 10, tzinfo=UTC)  # Wednesday 18:00 in Shanghai
    assert not stormy.calendar.is_working_day(date(2026, 10, 12))


def test_a_storm_closure_holds_for_complaints_that_pinned_an_earlier_version():
    later = POLICY.model_copy(update={"version": 2, "extra_holidays": (date(2026, 10, 12),)})
    both = policies.with_everyones_days([POLICY, later])
    assert not both[1].calendar.is_working_day(date(2026, 10, 12))
    assert both[1].clocks == POLICY.clocks


def test_a_due_date_in_a_year_whose_notice_is_not_known_is_provisional():
    due = POLICY.due(Stage.INVESTIGATING, *[datetime(2026, 12, 30, 4, tzinfo=UTC)] * 2)
    assert due is not None
    assert due.provisional
