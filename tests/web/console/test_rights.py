"""Who may open which page and send which form: every page, walked with every kind of caller and from everywhere."""

import re
from collections.abc import Mapping

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web import CONSOLE
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.console import page
from chalicelib.web.door import Operation
from tests.examples import OWNER, example
from tests.house import Answer, House
from tests.rights import PAGES, STAFF, roles
from tests.web.examples import Receipt

from .test_doing import TAKES_NO_PART, at, hidden, made_ready, operation_of, typed, version

ALL = {operation.name: operation for door in CONSOLE for operation in door.operations}
OF_STAFF = [name for name, one in ALL.items() if one.who is not None]
FORMS = [name for name, one in ALL.items() if one.method != "GET"]
NAMED = {"version": "0", "place": "nowhere", "department": "quality", "evidence_id": "1", "action": "note"}
ELSEWHERE: dict[str, Mapping[str, str]] = {
    "another site": {"Origin": "https://evil.example"},
    "another site under our name": {"Origin": "http://localhost.evil.example"},
    "the same name over another scheme": {"Origin": "https://localhost"},
    "another port of this machine": {"Origin": "http://localhost:8001"},
    "a page without a name": {"Origin": "null"},
    "no page": {"Origin": ""},
    "a page of ours, says one line, and another site, says the next": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "the line of addresses": {"Sec-Fetch-Site": "none"},
}
HTML = {"Accept": "text/html", "Host": "localhost"}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def receipt(house: House) -> Receipt:
    return house.file()


def path_of(one: Operation, complaint_id: str) -> str:
    named = NAMED | {"complaint_id": complaint_id}
    return re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], "1"), one.path)


def ask(house: House, name: str, receipt: Receipt, cookie: str, **headers: str) -> Answer:
    """As a script would, which is told why not."""
    one, own = ALL[name], {"Accept": "*/*", "Cookie": cookie, **headers}
    path = path_of(one, str(receipt["complaint_id"]))
    return house.look(path, "cs.lin", **own) if one.method == "GET" else house.submit(path, "cs.lin", **own)


def reason(answer: Answer) -> str:
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return str(answer.json["reason"]) if is_problem else ""


def test_the_table_names_every_page_and_nothing_else() -> None:
    assert set(PAGES) == set(ALL)


@pytest.mark.parametrize("name", OF_STAFF)
def test_each_page_is_open_to_whom_the_table_says(house: House, receipt: Receipt, name: str) -> None:
    for group in sorted(STAFF):
        answer = ask(house, name, receipt, f"redress={house.token(group)}")
        if PAGES[name] & {"staff", group}:
            assert reason(answer) != "role_not_open", group
            assert answer.status not in (401, 500), (group, answer)
        else:
            assert (answer.status, reason(answer)) == (403, "role_not_open"), (group, answer)


@pytest.mark.parametrize("name", OF_STAFF)
def test_nobody_else_gets_in_by_whatever_cookie_or_header(house: House, receipt: Receipt, name: str) -> None:
    lin, kept = house.token("cs.lin"), house.items_kept()
    groupless = house.pool_token(**(house.claims("cs.lin") | {"cognito:groups": ["interns"]}))
    cookies = {
        "none": "",
        "a consumer's": f"redress={receipt['consumer_token']}",
        "a storefront's": f"redress={house.token('storefront')}",
        "nonsense": "redress=nonsense; redress-again=nonsense",
        "the name that is for https": f"__Host-redress={lin}",
        "the access token where the other stands": f"redress-again={lin}",
    }
    for kind, cookie in cookies.items():
        assert ask(house, name, receipt, cookie).status == 401, kind
        sent_away = ask(house, name, receipt, cookie, Accept="text/html")
        assert sent_away.status == 303, kind
        assert sent_away.headers["location"].startswith("/console/sign-in"), kind
    assert ask(house, name, receipt, "", Authorization=f"Bearer {lin}").status == 401, "a bearer token opens no page"
    assert reason(ask(house, name, receipt, f"redress={groupless}")) == "role_not_open"
    assert house.items_kept() == kept


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_elsewhere_does_nothing(house: House, receipt: Receipt, name: str) -> None:
    before = house.items()
    for where, headers in ELSEWHERE.items():
        answer = ask(house, name, receipt, house.signed_in("cs.lin")["Cookie"], **headers)
        assert (answer.status, reason(answer)) == (403, "form_from_elsewhere"), where
        assert "set-cookie" not in answer.headers, where
    assert house.items() == before


def test_a_form_of_ours_behind_a_proxy_counts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"Host": "abc.execute-api.eu-central-1.amazonaws.com", "Origin": "https://staff.shop.example"}
    assert house.submit("/console/language", "cs.lin", {"language": "en"}, **there).status == 403
    house.set(monkeypatch, REDRESS_PAGE_ORIGINS="https://staff.shop.example, https://other.shop.example")
    chosen = house.submit(
        "/console/language", "cs.lin", {"language": "en"}, **there, Referer="https://staff.shop.example/console/help"
    )
    assert (chosen.status, chosen.headers["location"]) == (303, "/console/help")


def test_the_api_knows_no_cookies(house: House) -> None:
    assert house.send("GET", "/v1/complaints", **house.signed_in("cs.lin")).status == 401


@pytest.mark.parametrize("action", [*ACTIONS])
def test_each_action_is_open_to_whom_it_is_open_anywhere(house: House, action: Action) -> None:
    complaint_id, content = made_ready(house, action)
    usual = example(operation_of(action)).who
    who = TAKES_NO_PART.get(action, "cs.lin" if usual == OWNER else usual)
    fields = hidden(house.look(at(complaint_id, action), who)) | typed(content) | {"_preview": ""}
    seen, kept = version(house, complaint_id), house.items_kept()
    for group in sorted(STAFF - roles(action, asked="quality")):
        answer = house.submit(f"/console/complaints/{complaint_id}/acts/{action}", group, fields)
        assert answer.status == 403, (group, answer.text)
    assert (version(house, complaint_id), house.items_kept()) == (seen, kept)


def test_the_menu_has_what_is_open_and_no_template_asks_for_a_role(house: House) -> None:
    for who in ("logistics.gao", "management.zhou", "cs.lead"):
        menu = house.look("/console", who).text.partition("</nav>")[0]
        for path in re.findall(r'href="(/console/[^"]+)"', menu):
            assert house.look(path, who).status == 200, (who, path)
    assert 'href="/console/reports"' not in house.look("/console", "logistics.gao").text
    asks = re.compile(r"actor\.roles|belongs_to\(\"|(?<![\w.])may\(\"")
    assert not [one for one in (page.HERE / "templates").rglob("*.html") if asks.search(one.read_text("utf-8"))]
