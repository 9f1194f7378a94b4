"""The two kinds of door: resources for programs, pages for people; what holds for every page."""

from hashlib import sha256

import pytest

from chalicelib.web import PAGES
from tests.house import House

from .examples import path_of, ready_for

FOR_ALL = [one.name for door in PAGES for one in door.operations if one.who is None]
OF_CONSUMERS = [one.name for door in PAGES for one in door.operations if one.who is not None]
BY_CHAT = {"from": "singlemessage", "isappinstalled": "0", "lang": "tlh", "round": "no number"}


@pytest.mark.parametrize("name", FOR_ALL)
def test_what_a_chat_program_adds_to_a_link_is_nobodys_fault(lasting_house: House, name: str) -> None:
    query = "&".join(f"{key}={value}" for key, value in BY_CHAT.items())
    plain, odd = (lasting_house.get(path_of(name, "7K2M9-XD4FQ") + more) for more in ("", f"?{query}"))
    assert odd.status == 200
    assert odd.text == plain.text


@pytest.mark.parametrize("name", FOR_ALL)
def test_a_page_for_all_is_kept_for_five_minutes_and_then_asked_for_by_its_tag(lasting_house: House, name: str) -> None:
    answer = lasting_house.get(path_of(name, "7K2M9-XD4FQ"))
    assert answer.headers["cache-control"] == "public, max-age=300"
    tag = answer.headers["etag"]
    assert tag == f'"{sha256(answer.text.encode()).hexdigest()[:16]}"'
    again = lasting_house.get(path_of(name, "7K2M9-XD4FQ"), **{"If-None-Match": tag})
    assert (again.status, again.text) == (304, "")
    assert lasting_house.get(path_of(name, "7K2M9-XD4FQ"), **{"If-None-Match": '"of before"'}).status == 200


@pytest.mark.parametrize("name", OF_CONSUMERS)
def test_what_is_somebodys_is_kept_nowhere(lasting_house: House, name: str) -> None:
    receipt = ready_for(lasting_house, name)
    answer = lasting_house.get(path_of(name, receipt["complaint_id"]), token=receipt["consumer_token"])
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")


def test_a_refusal_is_a_page_to_people_and_a_problem_to_their_scripts(lasting_house: House) -> None:
    to_people = lasting_house.get("/track/7K2M9-XD4FQ/content", Accept="text/html,*/*;q=0.8")
    assert to_people.headers["content-type"] == "text/html; charset=utf-8"
    assert to_people.headers["x-request-id"] in to_people.text
    assert "style-src 'sha256-" in to_people.headers["content-security-policy"]
    to_script = lasting_house.get("/track/7K2M9-XD4FQ/content", Accept="*/*")
    assert to_script.headers["content-type"] == "application/problem+json"
    assert (to_people.status, to_script.status, to_script.json["reason"]) == (401, 401, "token_missing")
