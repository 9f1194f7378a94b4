"""Who of staff is named in what a consumer says."""

import pytest

from chalicelib.domain.complaint.naming import Colleague, named_in
from chalicelib.domain.complaint.sayings import said
from chalicelib.domain.complaint.submissions import Feedback

from .cases import SUBMISSIONS, WANG, Action, Stage, Story, story_in

STAFF = [
    Colleague("cs.lin", "林小燕"),
    Colleague("cs.chen", "陈"),
    Colleague("cs.lead", "Amy Wong"),
    Colleague("li-na", " "),
    Colleague("cs.li"),
]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("客服cs.lin态度很差", ["cs.lin"]),
        ("ＣＳ．ＬＩＮ 一直不回", ["cs.lin"]),
        ("It was cs.lin.", ["cs.lin"]),
        ("写信给cs.lin@shop.example也没用", ["cs.lin"]),
        ("那位林小燕说不能退", ["cs.lin"]),
        ("the one called amy  wong, and CS.LI", ["cs.lead", "cs.li"]),
        ("Li-Na was rude", ["li-na"]),
        ("cs.lin.b and xcs.lin, cs.lin_2, cs.lin.2", []),
        ("cs.line, cs-lin, cslin", []),
        ("陈旧的包装，林小姐", []),
        ("Tammy Wong, Amy Wonga, Amy, Wong", []),
        ("", []),
    ],
)
def test_by_user_name_as_a_word_and_by_name_wherever_chinese_stands(words: str, names: list[str]):
    assert named_in(words, STAFF) == names


def test_whatever_the_consumer_says_is_looked_at_and_nothing_that_staff_say():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.GIVE_INFORMATION, WANG).do(Action.NOTE)
    story.do(Action.OBJECT_TO_PLAN, WANG).do(Action.WITHDRAW, WANG).do(Action.REOPEN, WANG)
    words = {entry.kind: text for entry in story.entries if (text := said(entry))}
    assert set(words) == {
        *("ComplaintFiled", "InformationGiven", "PlanObjectedTo", "ComplaintWithdrawn", "ComplaintReopened"),
    }
    assert words["ComplaintReopened"] == SUBMISSIONS[Action.REOPEN].reason  # type: ignore[attr-defined]
    kind = story_in(Stage.AWAITING_CONSUMER).do(
        Action.ACCEPT_PLAN, WANG, Feedback(satisfied=True, opinion="谢谢林小燕")
    )
    assert said(kind.entries[-2]) == "谢谢林小燕"


def test_a_text_as_long_as_may_be_is_looked_through_at_once():
    many = [Colleague(f"cs.{number}", f"Name {number}") for number in range(300)]
    assert named_in("a" * 5_000, many) == []
    assert isinstance(Story().complaint.named, tuple)
