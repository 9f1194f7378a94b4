"""7.1: what the policy means where that was asked, and whether it still holds once another version is announced."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.domain.governance.interpretations import (
    CLAUSES,
    MOST_REVIEWS,
    Interpretation,
    InterpretationReview,
    Ruling,
    reviewed,
)
from chalicelib.domain.ground.errors import NotAllowed

NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
GIVEN = Interpretation(
    number=4,
    clause="4.2c",
    question="部门拒绝答复的，3个工作日是否顺延？",
    as_given="不顺延。",
    holds_from=date(2026, 10, 12),
    version=1,
    known=2,
    at=NOW,
    by="cs.lin",
)


def review(one: Interpretation, decision: str, latest: int, **more: Any) -> Interpretation:
    handed_in = InterpretationReview.model_validate({"decision": decision, "reasons": "已讨论。", **more})
    return reviewed(one, handed_in, "cs.lead", NOW, latest)


def test_it_holds_until_a_version_is_announced_that_whoever_gave_it_did_not_know() -> None:
    assert [GIVEN.standing(latest) for latest in (1, 2, 3)] == ["holds", "holds", "to_review"]


def test_kept_it_says_what_it_said_and_revised_what_it_says_now() -> None:
    kept = review(GIVEN, "keep", 3)
    revised = review(kept, "revise", 4, ruling="不顺延，由主管督促。")
    assert (kept.ruling, revised.ruling, revised.as_given) == ("不顺延。", "不顺延，由主管督促。", "不顺延。")
    assert [kept.standing(3), kept.standing(4), revised.standing(4)] == ["holds", "to_review", "holds"]
    assert review(revised, "keep", 5).ruling == "不顺延，由主管督促。"


def test_ended_it_stays_readable_and_is_looked_at_no_more() -> None:
    ended = review(GIVEN, "end", 3)
    assert (ended.standing(9), ended.ruling) == ("ended", "不顺延。")
    with pytest.raises(NotAllowed, match="interpretation_ended number=4"):
        review(ended, "keep", 4)


def test_a_version_that_was_withdrawn_after_a_review_leaves_nothing_to_look_at() -> None:
    assert review(GIVEN, "keep", 3).standing(2) == "holds"


def test_it_is_looked_at_so_often_at_most() -> None:
    one = GIVEN
    for _ in range(MOST_REVIEWS):
        one = review(one, "keep", 3)
    with pytest.raises(NotAllowed, match=f"too_many_interpretation_reviews most={MOST_REVIEWS}"):
        review(one, "keep", 3)


def test_of_each_edition_it_is_known_what_it_said_then() -> None:
    revised = review(review(GIVEN, "revise", 3, ruling="另行规定。"), "end", 4)
    assert [revised.at_edition(edition).ruling for edition in (1, 2, 3)] == ["不顺延。", "另行规定。", "另行规定。"]
    assert [revised.at_edition(edition).ended for edition in (1, 2, 3)] == [False, False, True]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"decision": "revise", "reasons": "改"}, "revised_ruling_needed"),
        ({"decision": "keep", "reasons": "留", "ruling": "另"}, "ruling_not_revised"),
        ({"decision": "end", "reasons": "废", "ruling": "另"}, "ruling_not_revised"),
    ],
)
def test_a_review_says_what_is_revised_and_only_that(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        InterpretationReview.model_validate(wrong)


def test_it_is_of_a_clause_of_the_policy() -> None:
    assert (CLAUSES[0], CLAUSES[-1], len(CLAUSES)) == ("1.1", "8.3", 31)
    for clause in ("4.2", "9.1", "4.2d", ""):
        with pytest.raises(ValidationError, match="clause"):
            Ruling.model_validate({"clause": clause, "question": "为何？", "ruling": "如此。"})
