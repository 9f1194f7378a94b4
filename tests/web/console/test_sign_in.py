"""The way in and out of the console: steps, cookies, where one comes out, and what a session does when it runs out."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from chalicelib.adapters import aws
from chalicelib.web.console.cookies import WORKING_DAY
from infra.aws import REGION
from infra.local.staff import STAFF_PASSWORD
from infra.resources import load_resources
from tests.hearing import hearing
from tests.house import Answer, House
from tests.totp import code, no_code
from tests.web.test_sign_in_steps import OWN, demand_codes, make

LIN = {"username": "cs.lin", "password": STAFF_PASSWORD}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
SIGN_IN = "/console/sign-in"


def send(house: House, path: str, fields: Mapping[str, str] = {}, **headers: str) -> Answer:
    """A form, sent by somebody of whom nothing is known."""
    return house.submit(path, "cs.lin", fields, **{"Cookie": "", **headers})


def kept(answer: Answer) -> dict[str, str]:
    """The cookies that it sets, with all that is said of each."""
    return {
        one.split("=")[0]: one for one in re.findall(r"['\[]((?:__Host-)?redress[^']*)", answer.headers["set-cookie"])
    }


def cookie_of(answer: Answer) -> str:
    return "; ".join(one.split(";")[0] for one in kept(answer).values())


def hidden(answer: Answer) -> dict[str, str]:
    return dict(HIDDEN.findall(answer.text))


# ---- in --------------------------------------------------------------------------------------------------------------


def test_whoever_signs_in_comes_out_where_they_wanted_to_be(lasting_house: House) -> None:
    house = lasting_house
    sent_away = house.get("/console?from=mail", Accept="text/html", Host="localhost")
    assert sent_away.status == 303
    form = house.get(sent_away.headers["location"], Accept="text/html", Host="localhost")
    assert hidden(form)["next"] == "/console?from=mail"
    let_in = send(house, SIGN_IN, hidden(form) | LIN)
    assert (let_in.status, let_in.headers["location"]) == (303, "/console?from=mail")
    seen = house.get("/console", Accept="text/html", Host="localhost", Cookie=cookie_of(let_in))
    assert (seen.status, "<b>cs.lin</b>" in seen.text) == (200, True)


def test_the_cookies_are_for_the_server_alone(lasting_house: House) -> None:
    here = kept(send(lasting_house, SIGN_IN, LIN))
    assert {name: one.partition("; ")[2] for name, one in here.items()} == {
        "redress": "Path=/; Max-Age=3600; HttpOnly; SameSite=Lax",
        "redress-again": f"Path=/; Max-Age={WORKING_DAY}; HttpOnly; SameSite=Lax",
    }
    shop = {"Host": "complaints.shop.example", "Origin": "https://complaints.shop.example"}
    there = kept(send(lasting_house, SIGN_IN, LIN, **shop))
    assert {name: one.partition("; ")[2][-31:] for name, one in there.items()} == dict.fromkeys(
        ("__Host-redress", "__Host-redress-again"), "; HttpOnly; SameSite=Lax; Secure"[-31:]
    )


def test_a_refresh_token_lasts_as_long_as_its_cookie_and_an_access_token_a_quarter_of_an_hour() -> None:
    client = load_resources()["Resources"]["StaffClient"]["Properties"]
    units = {"minutes": 60, "hours": 3600}
    lasts = {name: client[f"{name}Validity"] * units[unit] for name, unit in client["TokenValidityUnits"].items()}
    assert (lasts["RefreshToken"], lasts["AccessToken"]) == (WORKING_DAY, 900)


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example/console", "//evil.example/console", "/\\evil.example", "/console\\@evil.example"),
        *("/v1/complaints", "/console/../v1/complaints", "console", "", "/console/nowhere/at/all", "/consoles"),
        *("/console\r\nSet-Cookie: a=b", "/console?" + "a" * 2000, "javascript:alert(1)", "/console/sign-in/../x"),
    ],
)
def test_whoever_signs_in_is_sent_nowhere_else(lasting_house: House, wanted: str) -> None:
    let_in = send(lasting_house, SIGN_IN, LIN | {"next": wanted})
    assert (let_in.status, let_in.headers["location"]) == (303, "/console")


def test_a_form_that_comes_too_late_leads_back_to_the_page_on_which_it_was(lasting_house: House) -> None:
    page = "http://localhost/console?of=mine"
    answer = send(lasting_house, "/console/search", {"q": "x"}, Referer=page)
    if answer.status == 303:  # as soon as there is a search
        assert parse_qs(urlsplit(answer.headers["location"]).query) == {"next": ["/console?of=mine"]}


def test_an_unknown_user_and_a_wrong_password_look_the_same(lasting_house: House) -> None:
    wrong = send(lasting_house, SIGN_IN, LIN | {"password": "S3cret-that-is-wrong"})
    nobody = send(lasting_house, SIGN_IN, {"username": "cs.nobody", "password": "S3cret-that-is-wrong"})
    assert wrong.status == nobody.status == 401
    assert wrong.text.replace("cs.lin", "cs.nobody") == nobody.text
    assert 'role="alert"' in wrong.text
    assert "S3cret" not in wrong.text
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    "fields", [{}, {"username": "cs.lin"}, {"step": "totp"}, {"step": "x"}, {"username": "a" * 200}]
)
def test_a_form_with_holes_is_shown_again(lasting_house: House, fields: dict[str, str]) -> None:
    answer = send(lasting_house, SIGN_IN, fields)
    assert (answer.status, 'role="alert"' in answer.text) == (422, True)


def test_too_many_sign_ins_are_told_when_to_come_again(lasting_house: House) -> None:
    def refuse(call: str, moment: str) -> None:
        kind = aws.client("cognito-idp").exceptions.TooManyRequestsException
        raise kind({"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "InitiateAuth")

    with lasting_house.interfering(refuse):
        answer = send(lasting_house, SIGN_IN, LIN)
    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    assert "30" in answer.text


def test_no_log_has_anything_of_a_sign_in_but_that_there_was_one(lasting_house: House) -> None:
    secret = "S3cret-that-is-wrong"
    with hearing() as heard:
        for fields in (
            {"username": secret, "password": secret, "next": f"/console/{secret}"},
            {"step": "totp", "username": secret, "session": secret, "totp": "123456"},
            {"step": "new_password", "username": "cs.lin", "session": secret, "new_password": secret},
        ):
            send(lasting_house, SIGN_IN, fields)
        lasting_house.get(f"{SIGN_IN}?next={secret}", Host="localhost")
        lasting_house.look(f"/console/{secret}", "cs.lin")
        lasting_house.look("/console", "cs.lin", Cookie=f"redress={secret}; redress-again={secret}")
        send(lasting_house, "/console/sign-out", Cookie=f"redress-again={secret}")
    assert heard.lines
    assert "S3cret" not in str(heard.lines)


# ---- the first time --------------------------------------------------------------------------------------------------


def test_the_first_sign_in_goes_by_a_new_password_and_an_app(house: House) -> None:
    make(house, "cs.mei")
    demand_codes(house, "ON")
    first = send(house, SIGN_IN, {"username": "cs.mei", "password": STAFF_PASSWORD, "next": "/console?of=mine"})
    assert (first.status, hidden(first)["step"]) == (200, "new_password")
    mei = {"username": "cs.mei"}
    differ = send(house, SIGN_IN, hidden(first) | mei | {"new_password": OWN, "repeated": OWN + "x"})
    assert (differ.status, hidden(differ)["step"]) == (422, "new_password")
    simple = send(house, SIGN_IN, hidden(differ) | mei | {"new_password": "kettle", "repeated": "kettle"})
    assert (simple.status, hidden(simple)["step"]) == (422, "new_password")
    second = send(house, SIGN_IN, hidden(simple) | mei | {"new_password": OWN, "repeated": OWN})
    assert (second.status, hidden(second)["step"]) == (200, "totp_setup")
    secret = hidden(second)["secret"]
    assert f"otpauth://totp/Redress:cs.mei?secret={secret}&amp;issuer=Redress" in second.text
    wrong = send(house, SIGN_IN, hidden(second) | mei | {"totp": no_code(secret)})
    assert (wrong.status, hidden(wrong)) == (401, hidden(second))
    shown = code(secret)
    let_in = send(house, SIGN_IN, hidden(wrong) | mei | {"totp": f"{shown[:3]} {shown[3:]}"})
    assert (let_in.status, let_in.headers["location"]) == (303, "/console?of=mine")

    again = send(house, SIGN_IN, {"username": "cs.mei", "password": OWN})
    assert hidden(again)["step"] == "totp"
    assert send(house, SIGN_IN, hidden(again) | mei | {"totp": code(secret)}).status == 303


def test_a_sign_in_that_took_too_long_begins_again(lasting_house: House) -> None:
    late = {"step": "totp", "session": "s" * 20, "username": "cs.lin", "totp": "123456", "next": "/console"}
    answer = send(lasting_house, SIGN_IN, late)
    assert (answer.status, hidden(answer)["step"], hidden(answer)["next"]) == (401, "password", "/console")


# ---- on and out ------------------------------------------------------------------------------------------------------


def expired(house: House) -> str:
    claims = house.claims("cs.lin")
    return house.pool_token(**(claims | {"iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600}))


@pytest.mark.parametrize("before", [expired, lambda house: "", lambda house: "nonsense"])
def test_a_session_that_has_run_out_is_renewed_by_the_way(house: House, before: Callable[[House], str]) -> None:
    again = kept(send(house, SIGN_IN, LIN))["redress-again"].split(";")[0]
    answer = house.look("/console", "cs.lin", Cookie=f"redress={before(house)}; {again}")
    assert answer.status == 200
    renewed = kept(answer)
    assert list(renewed) == ["redress"]
    with house.counting() as calls:
        assert house.look("/console", "cs.lin", Cookie=f"{cookie_of(answer)}; {again}").status == 200
    assert not any(call.startswith("cognito") for call in calls), "a session that is good asks nobody"


def test_signing_out_ends_the_session_in_the_pool_and_in_the_browser(house: House) -> None:
    let_in = send(house, SIGN_IN, LIN)
    gone = send(house, "/console/sign-out", Cookie=cookie_of(let_in))
    assert (gone.status, gone.headers["location"], gone.headers["clear-site-data"]) == (303, SIGN_IN, '"storage"')
    assert [one.split("; ")[0] for one in kept(gone).values()] == ["redress=", "redress-again=", "redress-left=1"]
    said = house.get(SIGN_IN, Accept="text/html", Host="localhost", Cookie="redress-left=1")
    assert "data-signed-out" in said.text
    assert "redress-left=;" in said.headers["set-cookie"]
    assert "data-signed-out" not in house.get(SIGN_IN, Accept="text/html", Host="localhost").text
    again = kept(let_in)["redress-again"].split(";")[0]
    assert house.look("/console", "cs.lin", Cookie=again).status == 303


def test_whoever_wants_to_go_goes_though_the_pool_does_not_answer(house: House) -> None:
    let_in = send(house, SIGN_IN, LIN)

    def silent(call: str, moment: str) -> None:
        raise TimeoutError

    with house.interfering(silent):
        gone = send(house, "/console/sign-out", Cookie=cookie_of(let_in))
    assert (gone.status, len(kept(gone))) == (303, 3)
    assert send(house, "/console/sign-out").status == 303


@pytest.mark.parametrize("who", ["storefront", "consumer"])
def test_a_cookie_is_good_for_staff_alone(house: House, who: str) -> None:
    token: Any = house.file()["consumer_token"] if who == "consumer" else house.token(who)
    assert house.look("/console", "cs.lin", Cookie=f"redress={token}").status == 303


@pytest.mark.parametrize("gone", ["disable", "dismiss"])
def test_whoever_was_let_go_is_out_as_soon_as_the_session_runs_out(house: House, gone: str) -> None:
    house.hire("cs.gone")
    named = {"UserPoolId": house.pool_id, "Username": "cs.gone"}
    boto3.client("cognito-idp", region_name=REGION).admin_set_user_password(**named, Password=OWN, Permanent=True)
    let_in = send(house, SIGN_IN, {"username": "cs.gone", "password": OWN})
    again = kept(let_in)["redress-again"].split(";")[0]
    assert house.look("/console", "cs.lin", Cookie=again).status == 200
    getattr(house, gone)("cs.gone")
    assert house.look("/console", "cs.lin", Cookie=again).status == 303


# ---- language, and nothing -------------------------------------------------------------------------------------------


def test_the_language_is_chosen_on_any_page_and_kept(lasting_house: House) -> None:
    form = {"language": "zh-TW"}
    chosen = send(lasting_house, "/console/language", form, Referer="http://localhost/console/sign-in?next=%2Fconsole")
    assert (chosen.status, chosen.headers["location"]) == (303, "/console/sign-in?next=%2Fconsole")
    page = lasting_house.get(SIGN_IN, Accept="text/html", Host="localhost", Cookie=cookie_of(chosen))
    assert '<html lang="zh-TW">' in page.text
    assert "使用者名稱" in page.text
    away = send(lasting_house, "/console/language", {"language": "en"}, Referer="https://evil.example/console/help")
    assert away.headers["location"] == "/console"
    unknown = send(lasting_house, "/console/language", {"language": "tlh"})
    assert (unknown.status, "set-cookie" in unknown.headers) == (303, False)


def test_where_no_page_is_it_is_said_so_with_the_id_to_quote(lasting_house: House) -> None:
    answer = lasting_house.look("/console/nowhere", "cs.lin")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert answer.headers["x-request-id"] in answer.text
