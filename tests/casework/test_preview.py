"""What the consumer would read is shown before it goes out, and is what they get."""

import re

import pytest

from chalicelib.casework import preview
from chalicelib.casework.preview import HIDDEN, foreseen
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import staff
from chalicelib.domain.telling.notices import TABLE
from chalicelib.web.bodies import ACTIONS
from tests.examples import PLAN, REJECTION, example
from tests.house import House

from .mailroom import Mailroom, mails_to, plain, texts

LIN = staff("cs.lin", frozenset({"customer_service"}))
TOKEN = re.compile(r"#token=[^&\s]+")
CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z])")


def test_a_plan_arrives_as_it_was_shown(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    plan = submissions.ResolutionPlan.model_validate(PLAN)
    with house.counting() as calls:
        mail, text = foreseen(complaint_id, plan, LIN, house.now)
    assert calls == ["dynamodb:BatchGetItem"]
    assert (mail.channel, text.channel, mail.locale) == ("email", "sms", "zh-CN")

    house.do(complaint_id, "resolution-plan", PLAN)
    Mailroom(house).settle()
    sent = mails_to("wang@example.cn")[-1]
    assert mail.subject == sent["Subject"]
    assert mail.text == TOKEN.sub(f"#token={HIDDEN}", plain(sent)).strip()
    assert text.text == CODE.sub(HIDDEN, texts()[-1][1])
    assert f"#token={HIDDEN}&round=1" in mail.text


def test_a_rejection_is_shown_with_its_reasons_and_the_ways_outside(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    mail, _ = foreseen(complaint_id, submissions.ResolutionPlan.model_validate(REJECTION), LIN, house.now)
    assert REJECTION["reasons"] in mail.text
    assert "12315" in mail.text


def test_nothing_is_saved_and_nothing_is_told(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    before = house.items()
    foreseen(complaint_id, submissions.ResolutionPlan.model_validate(PLAN), LIN, house.now)
    assert house.items() == before


def test_whom_no_message_reaches_is_to_be_called(house: House) -> None:
    landline = {"name": "王芳", "phone": "021-61234567"}
    complaint_id = house.bring_to("investigating", contact=landline)["complaint_id"]
    (call,) = foreseen(complaint_id, submissions.InformationRequest(question="批号是多少？"), LIN, house.now)
    assert call.channel == "call"
    assert "批号是多少？" in call.text


def test_what_would_be_refused_is_refused_before_it_is_shown(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    with pytest.raises(NotAllowed, match="stage_forbids"):
        foreseen(complaint_id, submissions.ResolutionPlan.model_validate(PLAN), LIN, house.now)


def test_a_note_that_is_not_public_tells_nobody(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    assert foreseen(complaint_id, submissions.Note(text="很着急。"), LIN, house.now) == []
    assert foreseen(complaint_id, submissions.Note(text="已联系仓库。", public=True), LIN, house.now)


def test_what_can_be_foreseen_is_what_staff_do_that_consumers_are_told_of() -> None:
    told = {kind.__name__ for kind, rows in TABLE.items() if any(row.audience == "consumer" for row in rows)}
    assert {"PlanProposed", "InformationRequested"} <= told
    assert set(ACTIONS) >= preview.FORESEEN >= preview.ALWAYS_FORESEEN
    assert preview.FORESEEN.isdisjoint({Action.REPLACE_LINK, Action.CORRECT_CONTACT, Action.RETRACT_NOTE})


@pytest.mark.parametrize(
    ("stage", "operation", "kind"),
    [
        ("received", "acknowledge", submissions.Acknowledgement),
        ("received", "take_interim_measure", submissions.InterimMeasure),
        ("received", "withdraw", submissions.Withdrawal),
    ],
)
def test_other_acts_are_foreseen_too(house: House, stage: str, operation: str, kind: type) -> None:
    complaint_id = house.bring_to(stage)["complaint_id"]
    assert foreseen(complaint_id, kind.model_validate(example(operation).body), LIN, house.now)
