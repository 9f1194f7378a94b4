"""What was typed is not lost when a session ends before it is sent, or something fails; and it is nobody else's."""

from html import unescape
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.staff import STAFF_PASSWORD
from tests.house import Answer, House, refused
from tests.web.test_sign_in_steps import make

from .test_doing import at, hidden
from .test_sign_in import SIGN_IN, cookie_of, send

WORDS = '客户来电补充：壶底先裂了一条细缝，\n随后整圈脱落。"><script>alert(1)</script>'
GONE = {"Cookie": ""}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def fields_of(answer: Answer, name: str) -> dict[str, list[str]]:
    """What each hidden field of a form of the page holds, that is found by something in it."""
    form = next(one for one in answer.text.split("<form")[1:] if name in one).split("</form>")[0]
    found: dict[str, list[str]] = {}
    for field in form.split('<input type="hidden" name="')[1:]:
        said, _, rest = field.partition('" value="')
        found.setdefault(unescape(said), []).append(unescape(rest.split('">')[0]))
    return found


def of_note(house: House, who: str = "cs.lin", text: str = WORDS) -> tuple[str, dict[str, Any]]:
    """Where the form of a note is sent, and what somebody has typed into it."""
    complaint_id = house.file()["complaint_id"]
    begun = hidden(house.look(at(complaint_id, "note"), who))
    return f"/console/complaints/{complaint_id}/acts/note", {**begun, "text": text}


def notes(house: House, path: str) -> list[str]:
    items = house.get(f"/v1/complaints/{path.split('/')[3]}/timeline", "cs.lin").json["items"]
    return [one["details"]["note"]["text"] for one in items if one["type"] == "NoteAdded"]


def signed_in_again(house: House, answer: Answer, who: str, **steps: str) -> Answer:
    return send(
        house, SIGN_IN, {**fields_of(answer, 'name="step"'), "username": who, "password": STAFF_PASSWORD} | steps
    )


def test_a_form_whose_session_has_ended_is_sent_again_by_whoever_signs_in_again(house: House) -> None:
    path, typed = of_note(house)
    late = house.submit(path, "cs.lin", typed, **GONE)
    assert (late.status, "set-cookie" in late.headers) == (401, False)
    assert 'value="cs.lin"' in late.text
    assert "<script>alert" not in late.text
    again = signed_in_again(house, late, "cs.lin")
    assert again.status == 200
    assert notes(house, path) == [], "nothing is done before they say so"
    kept = fields_of(again, "data-draft")
    assert kept["text"] == [WORDS]
    done = house.submit(path, "cs.lin", kept, Cookie=cookie_of(again))
    assert (done.status, notes(house, path)) == (303, [WORDS])
    assert house.submit(path, "cs.lin", kept, Cookie=cookie_of(again)).status == 303
    assert notes(house, path) == [WORDS], "it is done once"


def test_somebody_else_who_signs_in_there_does_not_read_it_nor_send_it(house: House) -> None:
    path, typed = of_note(house)
    late = house.submit(path, "cs.lin", typed, **GONE)
    other = signed_in_again(house, late, "quality.he")
    assert (other.status, other.headers["location"]) == (303, "/console")
    assert "细缝" not in other.text
    for who in ("quality.he", "cs.wang", "cs.lead"):
        taken = house.submit(path, who, typed, Accept="*/*")
        assert refused(taken, 403, "forbidden")["reason"] == "form_of_another"
        assert "细缝" not in house.submit(path, who, typed).text
    assert notes(house, path) == []


def test_it_goes_along_through_wrong_passwords_and_a_second_factor(house: House) -> None:
    make(house, "cs.yun")
    first = send(house, SIGN_IN, {"username": "cs.yun", "password": STAFF_PASSWORD})
    assert fields_of(first, 'name="step"')["step"] == ["new_password"]
    path, typed = of_note(house)
    late = house.submit(path, "cs.lin", typed | {"_who": "cs.yun"}, **GONE)
    wrong = signed_in_again(house, late, "cs.yun", password="S3cret-that-is-wrong")
    assert wrong.status == 401
    asked = signed_in_again(house, wrong, "cs.yun")
    assert fields_of(asked, 'name="step"')["kept.text"] == [WORDS]
    own = {"username": "cs.yun", "new_password": "Bridges-3-over", "repeated": "Bridges-3-over"}
    again = send(house, SIGN_IN, fields_of(asked, 'name="step"') | own)
    assert fields_of(again, "data-draft")["text"] == [WORDS]


def test_a_whole_form_of_many_fields_goes_along(house: House) -> None:
    path, typed = of_note(house)
    many = typed | {f"methods.{number}.detail": "长" * 20 for number in range(950)}
    late = house.submit(path, "cs.lin", many, **GONE)
    assert late.status == 401
    again = signed_in_again(house, late, "cs.lin")
    assert fields_of(again, "data-draft") == {name: [one] for name, one in many.items()}


@pytest.mark.parametrize("to", ["/console/sign-out", "https://evil.example/", "//evil.example", "/v1/complaints", ""])
def test_what_goes_along_is_sent_nowhere_but_where_forms_are(house: House, to: str) -> None:
    forged = {"username": "cs.lin", "password": STAFF_PASSWORD, "kept_to": to, "kept._who": "cs.lin", "kept.text": "x"}
    answer = send(house, SIGN_IN, forged)
    assert (answer.status, answer.headers["location"]) == (303, "/console")


def test_a_form_of_nobody_leads_to_the_sign_in_and_a_script_is_told(house: House) -> None:
    path, typed = of_note(house)
    del typed["_who"]
    assert house.submit(path, "cs.lin", typed, **GONE).status == 303
    refused(house.submit(path, "cs.lin", typed | {"_who": "cs.lin"}, Accept="*/*", **GONE), 401, "unauthenticated")


@pytest.mark.parametrize("page", ["/console/complaints/new", "/console/queue"])
def test_other_forms_say_whose_they_are_too(house: House, page: str) -> None:
    house.file()
    forms = house.look(page, "cs.lin").text.split("<form")
    assert [one for one in forms if 'name="_key"' in one and 'name="_who" value="cs.lin"' in one]


@pytest.mark.parametrize(
    ("path", "typed"), [("search", {"q": "13800138000"}), ("queue", {"_view": "", "words": "壶底"})]
)
def test_what_was_looked_for_as_the_session_ended_is_looked_for_after_signing_in(
    house: House, path: str, typed: dict[str, str]
) -> None:
    house.file()
    form = next(
        one
        for one in house.look("/console/queue", "cs.lin").text.split("<form")
        if f'action="/console/{path}"' in one and f'name="{[*typed][-1]}"' in one
    )
    assert 'name="_who" value="cs.lin"' in form
    late = house.submit(f"/console/{path}", "cs.lin", {"_who": "cs.lin", **typed}, **GONE)
    again = signed_in_again(house, late, "cs.lin")
    kept = fields_of(again, f'action="/console/{path}#doing"')
    assert kept["_who"] == ["cs.lin"]
    assert kept[[*typed][-1]] == [[*typed.values()][-1]]
    assert house.submit(f"/console/{path}", "cs.lin", kept, Cookie=cookie_of(again)).status in (200, 303)


def test_what_did_not_get_through_may_be_sent_once_more(house: House) -> None:
    path, typed = of_note(house)

    def fail(call: str, moment: str) -> None:
        if call == "dynamodb:TransactWriteItems":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "TransactWriteItems")

    with house.interfering(fail):
        answer = house.submit(path, "cs.lin", typed)
    assert answer.status in (429, 503)
    kept = fields_of(answer, "data-draft")
    assert {name: one for name, (one,) in kept.items()} == typed
    assert house.submit(path, "cs.lin", kept).status == 303
    assert notes(house, path) == [WORDS]


@pytest.mark.parametrize("part", ["9", "x", "0"])
def test_what_was_typed_about_a_part_that_is_not_there_is_shown_again(house: House, part: str) -> None:
    path, typed = of_note(house, "quality.he")
    about = path.replace("acts/note", "acts/answer_inquiry")
    answer = house.submit(about, "quality.he", {**typed, "_part": part, "assessment": WORDS})
    assert answer.status in (404, 409)
    assert "随后整圈脱落" in answer.text
    assert house.submit("/console/complaints/00000-00000/acts/note", "quality.he", typed).status == 404
