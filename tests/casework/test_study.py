"""Each working morning it is known who has to study what: who came is told, who forgets is reminded, who is late is
named (8.2). And where the rules say so, whoever has not studied has no turn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from chalicelib.adapters import roster, store, studies
from chalicelib.casework import rules, study, study_rounds
from chalicelib.casework.rounds import ROUNDS, make
from chalicelib.domain.governance.study import Asked, Confirmation, Study
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.policy.rules import Rules, StudyRules
from infra.local.staff import STAFF
from tests import published
from tests.house import House

from .mailroom import Mailroom, mails_to, plain, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNINGS = [one for one in ROUNDS if one.name == "study"]
HE = people.staff("quality.he", frozenset({"quality"}))
HERE = {name: STAFF[name] for name in ("quality.he", "cs.lin", "cs.chen", "cs.lead")}
"""Who works in this small house."""


@pytest.fixture
def room(house: House) -> Mailroom:
    for name in STAFF.keys() - HERE.keys():
        house.dismiss(name)
    return Mailroom(house)


def morning(house: House, room: Mailroom, day: int, month: int = 10) -> None:
    """Eight o'clock on a day of 2026, and what follows."""
    house.now = datetime(2026, month, day, 8, tzinfo=SHANGHAI)
    roster.forget()
    make(house.now, MORNINGS)
    room.settle()


def mails(name: str) -> list[str]:
    return [str(one["subject"]) for one in mails_to(f"{name}@staff.example") if "制度" in one["subject"]]


def studied(name: str, version: int, *departments: str) -> None:
    """They have, for these departments."""
    groups = tuple(people.Role(one) for one in departments)
    one = Confirmation(at=datetime(2026, 10, 12, tzinfo=SHANGHAI), hash="0" * 64, departments=groups, number=1)
    before = studies.of(version, name) or Study(version=version, person=name, operating=1)
    more = {"confirmations": (*before.confirmations, one), "edition": before.edition + 1}
    studies.keep(before.model_copy(update=more), one.at)


def standings(version: int, now: datetime) -> dict[str, str]:
    return {one.known.person: one.state for one in study_rounds.of_version(str(version), now)}


def into(house: House, name: str, group: str) -> None:
    boto3.client("cognito-idp").admin_add_user_to_group(UserPoolId=house.pool_id, Username=name, GroupName=group)


# ---- mornings --------------------------------------------------------------------------------------------------------


def test_on_the_first_morning_everybody_is_told_what_to_study_and_by_when(house: House, room: Mailroom):
    morning(house, room, 12)
    (mail,) = mails_to("quality.he@staff.example")
    text = plain(mail)
    assert mail["subject"] == "【制度学习】请学习投诉处理制度"
    assert "- 第1版：2026年10月19日（星期一）24:00前" in text
    assert "- 第2版：2026年10月19日（星期一）24:00前" in text
    assert all(len(mails(name)) == 1 for name in HERE)
    assert set(standings(1, house.now).values()) == {"due"}


def test_who_forgets_is_reminded_three_working_days_before_and_one_and_then_named(house: House, room: Mailroom):
    for name, groups in HERE.items():
        if name != "quality.he":
            studied(name, 1, *groups)
            studied(name, 2, *groups)
    for day in (12, 13, 14, 15, 16):
        morning(house, room, day)
    assert mails("quality.he") == ["【制度学习】请学习投诉处理制度", *["【到期提醒】投诉处理制度尚未学习"] * 2]
    assert mails("cs.lin") == []
    assert [one for one in told("supervisor") if "unstudied" in one[0]] == []
    for day in (19, 20, 21, 22, 23):
        morning(house, room, day)
    assert len(mails("quality.he")) == 3
    ((_, text),) = [one for one in told("supervisor") if "unstudied" in one[0]]
    assert "共2项" in text
    assert "- quality.he：第1版，2026年10月19日（星期一）24:00到期" in text
    assert standings(1, house.now)["quality.he"] == "overdue"
    morning(house, room, 26)
    assert len([one for one in told("supervisor") if "unstudied" in one[0]]) == 2, "once a week"


def test_a_morning_that_is_made_again_tells_nobody_twice(house: House, room: Mailroom):
    for _ in range(3):
        morning(house, room, 12)
        store.set_mark("round study", "2026-10-01T00:00:00Z")
    assert mails("cs.lin") == ["【制度学习】请学习投诉处理制度"]


def test_whoever_dies_over_a_morning_has_it_made_as_a_whole(house: House, room: Mailroom):
    house.now = datetime(2026, 10, 12, 8, tzinfo=SHANGHAI)
    assert max(house.deaths(lambda: make(house.now, MORNINGS), "after")) < 50
    room.settle()
    assert {len(mails(name)) for name in HERE} == {1}
    assert len(studies.staff()) == len(HERE)


def test_who_joins_has_days_of_their_own_and_who_leaves_is_on_no_list(house: House, room: Mailroom):
    morning(house, room, 12)
    house.hire("cs.sun")
    house.dismiss("cs.chen")
    morning(house, room, 15)
    known = {one.known.person: one for one in study_rounds.of_version("1", house.now)}
    assert "cs.chen" not in known
    assert known["cs.sun"].known.since == house.now
    assert known["cs.sun"].due_at == datetime(2026, 10, 23, tzinfo=SHANGHAI)
    assert known["cs.lin"].due_at == datetime(2026, 10, 20, tzinfo=SHANGHAI)


def test_who_comes_into_another_department_studies_for_that_one_too(house: House, room: Mailroom):
    morning(house, room, 12)
    studied("quality.he", 1, "quality")
    studied("quality.he", 2, "quality")
    into(house, "quality.he", "legal")
    morning(house, room, 19)
    assert mails("quality.he")[-1] == "【制度学习】请学习投诉处理制度"
    (known,) = [one for one in study_rounds.of_version("1", house.now) if one.known.person == "quality.he"]
    assert (known.state, known.due_at) == ("due", datetime(2026, 10, 27, tzinfo=SHANGHAI))
    studied("quality.he", 1, "quality", "legal")
    assert standings(1, house.now)["quality.he"] == "studied"


def test_who_only_leaves_a_department_has_nothing_new_to_study(house: House, room: Mailroom):
    morning(house, room, 12)
    boto3.client("cognito-idp").admin_remove_user_from_group(
        UserPoolId=house.pool_id, Username="cs.lead", GroupName="supervisor"
    )
    morning(house, room, 13)
    assert studies.known("cs.lead") == studies.Known(
        "cs.lead", (people.Role.CUSTOMER_SERVICE,), datetime(2026, 10, 12, 8, tzinfo=SHANGHAI)
    )


def test_a_pool_that_does_not_answer_strikes_nobody(house: House, room: Mailroom):
    def refuse(call: str, moment: str) -> None:
        if call == "cognito-idp:ListUsersInGroup":
            raise ConnectionError("it is down")

    morning(house, room, 12)
    with house.interfering(refuse), pytest.raises(ConnectionError):
        morning(house, room, 13)
    assert len(studies.staff()) == len(HERE)


def test_who_has_studied_before_the_notice_is_delivered_is_not_told(house: House, room: Mailroom):
    house.now = datetime(2026, 10, 12, 8, tzinfo=SHANGHAI)
    make(house.now, MORNINGS)
    for number in (1, 2):
        studied("quality.he", number, "quality")
    room.settle()
    assert mails("quality.he") == []


def test_a_version_announced_is_due_so_many_days_after_and_one_withdrawn_never(house: House, room: Mailroom):
    morning(house, room, 12)
    third = versions.packaged(Rules)[2].model_copy(
        update={"version": 3, "effective_from": datetime(2026, 12, 20, tzinfo=SHANGHAI)}
    )
    announced = datetime(2026, 10, 20, 15, tzinfo=SHANGHAI)
    published.publish(third, announced)
    morning(house, room, 21)
    due = {one.version: one.due_at for one in study_rounds.owed("quality.he", house.now)}
    assert due[3] == datetime(2026, 10, 28, tzinfo=SHANGHAI)
    published.withdraw(third, house.now)
    assert standings(3, house.now)["quality.he"] == "not_needed"
    assert [one.version for one in study_rounds.owed("quality.he", house.now)] == [1, 2]


def third(effect: datetime) -> Rules:
    return versions.packaged(Rules)[2].model_copy(update={"version": 3, "effective_from": effect})


def test_a_version_that_another_takes_the_place_of_before_it_is_due_need_not_be_studied(house: House, room: Mailroom):
    """The third begins on the last day of the first, and the second, which was to come in December, never begins."""
    soon = third(datetime(2026, 10, 18, tzinfo=SHANGHAI))
    published.publish(soon, datetime(2026, 10, 9, 15, tzinfo=SHANGHAI))
    studied("cs.lin", 1, "customer_service")
    morning(house, room, 12)
    (mail,) = mails_to("quality.he@staff.example")
    text = plain(mail)
    assert "第3版" in text
    assert "第1版" not in text
    assert "第2版" not in text
    assert [one.version for one in study_rounds.owed("quality.he", house.now)] == [3]
    assert standings(1, house.now) == dict.fromkeys(HERE, "not_needed") | {"cs.lin": "studied"}
    shown = study.shown("1", HE, house.now)
    assert (shown.needed, shown.due_at) == (False, None)
    assert read(house), "whoever wants to may"
    published.withdraw(soon, house.now)
    assert [one.version for one in study_rounds.owed("quality.he", house.now)] == [1, 2]


def test_a_version_that_ends_after_it_is_due_is_studied(house: House, room: Mailroom):
    published.publish(third(datetime(2026, 10, 21, tzinfo=SHANGHAI)), datetime(2026, 10, 9, 15, tzinfo=SHANGHAI))
    morning(house, room, 12)
    assert [one.version for one in study_rounds.owed("quality.he", house.now)] == [1, 3]


# ---- a thousand people, and one in two places ------------------------------------------------------------------------


def read(house: House, version: int = 1) -> tuple[Asked, ...]:
    """He opens every chapter, and looks at the questions."""
    for section in SECTIONS:
        study.open_section(str(version), section, HE, house.now)
    return study.shown(str(version), HE, house.now).asked


def test_opening_a_chapter_and_a_try_cost_one_write_each_whoever_else_studies(house: House):
    for n in range(40):
        studied(f"cs.{n}", 1, "customer_service")
    questions = read(house)
    with house.counting() as calls:
        study.open_section("1", "4", HE, house.now)
    assert calls == ["dynamodb:GetItem", "dynamodb:PutItem"]
    with house.counting() as calls:
        assert study.take("1", {one.id: one.right for one in questions}, HE, house.now, None).one.passed
    assert calls == ["dynamodb:GetItem", "dynamodb:PutItem"]


def test_of_two_tries_at_the_same_moment_one_counts(house: House):
    questions = read(house)
    answers = {one.id: one.right for one in questions}
    happened: Iterator[Any] = iter([lambda: study.take("1", answers, HE, house.now, None)])

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:PutItem", "before") and (first := next(happened, None)):
            first()

    with house.interfering(interfere), pytest.raises(NotAllowed, match="studied_already version=1"):
        study.take("1", answers, HE, house.now, None)
    known = studies.of(1, HE.id)
    assert known is not None
    assert (known.tried, len(known.confirmations)) == (1, 1)


def test_the_questions_stay_those_of_the_pool_from_which_they_were_drawn(house: House):
    questions = read(house)
    operating = rules.in_force(house.now).operating
    fewer = operating.model_copy(update={"version": 2, "effective_from": house.now, "quiz": operating.quiz[:9]})
    published.publish(fewer, house.now)
    assert study.shown("1", HE, house.now).asked == questions
    wrong = {one.id: next(name for name in one.choices if name != one.right) for one in questions}
    assert study.take("1", wrong, HE, house.now, None).one.right == 0
    again = study.shown("1", HE, house.now).asked
    assert {one.id for one in again} <= {one.id for one in fewer.quiz}


def test_the_confirmation_keeps_the_hash_of_the_very_version(house: House):
    questions = read(house, 2)
    study.take("2", {one.id: one.right for one in questions}, HE, house.now, None)
    known = studies.of(2, HE.id)
    assert known is not None
    assert [one.hash for one in known.confirmations] == [rules.rules_numbered(2, house.now).hash]
    assert len(known.confirmations[0].hash) == 64


# ---- who has none ----------------------------------------------------------------------------------------------------


def strict(house: House) -> None:
    """The rules in force say that whoever has not studied them is given no new complaint."""
    version = versions.packaged(Rules)[2].model_copy(
        update={"version": 3, "effective_from": house.now, "study": StudyRules(unstudied_get_none=True)}
    )
    published.publish(version, house.now)


def holder(house: House, room: Mailroom, order: str) -> Any:
    number = house.file(order_number=order)["complaint_id"]
    room.settle()
    return house.get(f"/v1/complaints/{number}", "cs.lead").json["assignee"]


def test_where_the_rules_say_so_whoever_has_not_studied_is_given_no_new_complaint(house: House, room: Mailroom):
    strict(house)
    assert holder(house, room, "E1") is None
    studied("cs.lin", 3, "customer_service")
    studied("cs.chen", 3, "legal")  # for another department
    studied("cs.lead", 2, "customer_service", "supervisor")  # another version
    assert [holder(house, room, f"E{n}") for n in (2, 3)] == ["cs.lin", "cs.lin"]


def test_by_the_rules_as_they_are_everybody_has_a_turn(house: House, room: Mailroom):
    assert holder(house, room, "E1") is not None


def test_mornings_are_those_of_working_days():
    assert [one.name for one in MORNINGS] == ["study"]
    assert timedelta(hours=8) == timedelta(hours=MORNINGS[0].when.at[0].hour)
