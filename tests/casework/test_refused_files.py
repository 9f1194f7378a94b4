"""4.2b: whoever sent a file that is not taken is told, once for what comes within minutes, and what to do instead."""

from typing import Any

import pytest

import app
from chalicelib.domain.vocabulary.spoken import REFUSALS
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.files import REFUSED
from tests.house import House
from tests.web.uploads import upload

from .mailroom import Mailroom, mails_to, notices, plain, texts, token_for

WANG = "wang@example.cn"
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
PROGRAM, MACROS = REFUSED["a program of Windows"][1], REFUSED["a letter with macros"][1]


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def five_minutes_later(house: House, room: Mailroom) -> None:
    room.settle()
    house.pass_time(minutes=5)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    room.settle()


def told(house: House, receipt: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [one for one in notices(house, receipt["complaint_id"]) if one[1].endswith("file_refused")]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-CN", "有3个未能接收"),
        ("zh-TW", "有3個未能接收"),
        ("en", "3 of the files you added to your complaint could not be accepted"),
    ],
)
def test_the_consumer_is_told_once_how_many_were_not_taken_and_what_to_do(
    house: House, room: Mailroom, locale: Any, said: str
):
    receipt = house.file(locale=locale)
    for content in (PROGRAM, MACROS, MACROS):
        upload(house, receipt, content=content, file_name="我的秘密.exe")
    room.settle()
    before = len(mails_to(WANG))
    five_minutes_later(house, room)
    (letter,) = mails_to(WANG)[before:]
    text = plain(letter)
    assert said in text
    assert REFUSALS["program"][locale] in text
    assert REFUSALS["macros"][locale] in text
    assert "秘密" not in text + str(letter["Subject"]), "nobody's own words go into mails"
    assert told(house, receipt) == [("consumer", "file_refused", "sent")]


def test_what_is_refused_later_is_told_again(house: House, room: Mailroom):
    receipt = house.file()
    for _ in range(2):
        upload(house, receipt, content=PROGRAM)
        five_minutes_later(house, room)
    assert told(house, receipt) == [("consumer", "file_refused", "sent")] * 2
    assert ["有1个未能接收" in plain(one) for one in mails_to(WANG)[-2:]] == [True, True]


def test_what_the_storefront_sent_is_told_to_its_consumer(house: House, room: Mailroom):
    receipt = house.file()
    upload(house, receipt, "storefront", content=PROGRAM)
    five_minutes_later(house, room)
    assert told(house, receipt) == [("consumer", "file_refused", "sent")]


def test_who_has_no_mail_is_told_by_text_with_the_code(house: House, room: Mailroom):
    receipt = house.file(contact=PHONE_ONLY)
    upload(house, receipt, content=PROGRAM)
    five_minutes_later(house, room)
    assert "有1个文件未能接收" in texts()[-1][1]
    assert token_for(house, receipt["complaint_id"], texts()[-1][1]) == receipt["consumer_token"]


def test_a_member_of_staff_is_told_of_their_own(house: House, room: Mailroom):
    receipt = house.file()
    room.settle()
    before = len(mails_to(WANG))
    upload(house, receipt, "quality.he", content=MACROS, file_name="检测.docx")
    five_minutes_later(house, room)
    assert told(house, receipt) == [("person/quality.he", "own_file_refused", "sent")]
    assert len(mails_to(WANG)) == before
