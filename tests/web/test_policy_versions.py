"""The policy by its versions, for anyone to read (1.1, 7.1, 8.1): what is in force, what is to come, what was."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters import policies, store
from chalicelib.casework import rules
from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import Question
from chalicelib.domain.policy.rules import Rules
from tests import published
from tests.house import FRIDAY, House, refused

VERSIONS = "/v1/policy/versions"
IN_DECEMBER = FRIDAY + timedelta(days=60)
EFFECT = FRIDAY + timedelta(days=80)


def third(hours: int = 12, number: int = 3, effective_from: datetime = EFFECT) -> Rules:
    """Version 2, but acknowledged in fewer hours."""
    clocks = {"received": {"starts": "receipt", "hours": hours}}
    second = versions.packaged(Rules)[2].model_dump(mode="json", exclude_none=True)
    changed = {"version": number, "effective_from": effective_from, "clocks": second["clocks"] | clocks}
    return Rules.model_validate(second | changed)


def states(house: House) -> dict[int, str]:
    return {one["number"]: one["state"] for one in house.get(VERSIONS).json["items"]}


def test_whoever_asks_reads_the_policy_in_force_without_an_account(house: House) -> None:
    answer = house.get("/v1/policy")
    assert (answer.status, answer.json["number"], answer.json["state"]) == (200, 1, "in_force")
    assert answer.json["rules"]["clocks"]["received"] == {"starts": "receipt", "hours": 24}
    assert answer.json["announced_at"] is answer.json["amendment_id"] is None
    house.now = IN_DECEMBER
    assert house.get("/v1/policy").json["number"] == 2


def test_versions_pass_from_to_come_over_in_force_to_superseded_by_time_alone(house: House) -> None:
    published.publish(third(), IN_DECEMBER, amendment="amendment_1")
    assert states(house) == {3: "to_come", 2: "to_come", 1: "in_force"}
    house.now = EFFECT - timedelta(seconds=1)
    assert states(house) == {3: "to_come", 2: "in_force", 1: "superseded"}
    house.now = EFFECT
    assert states(house) == {3: "in_force", 2: "superseded", 1: "superseded"}
    second, now = house.get(f"{VERSIONS}/2").json, house.get("/v1/policy").json
    assert second["superseded_at"] == written(EFFECT)
    assert (now["number"], now["amendment_id"], now["announced_at"]) == (3, "amendment_1", written(IN_DECEMBER))


def test_what_was_withdrawn_stays_readable_and_is_nobodys_base(house: House) -> None:
    published.publish(third(), IN_DECEMBER)
    published.withdraw(third(), IN_DECEMBER + timedelta(hours=1))
    fourth = third(20, 4, EFFECT + timedelta(days=9))
    published.publish(fourth, IN_DECEMBER + timedelta(hours=2))
    house.now = fourth.effective_from
    assert states(house) == {4: "in_force", 3: "withdrawn", 2: "superseded", 1: "superseded"}
    gone = house.get(f"{VERSIONS}/3").json
    assert gone["withdrawn_at"] == written(IN_DECEMBER + timedelta(hours=1))
    assert gone["rules"]["clocks"]["received"]["hours"] == 12
    (changed,) = house.get(f"{VERSIONS}/4").json["diff"]
    assert (changed["before"], changed["after"]) == (24, 20)
    assert house.get(f"{VERSIONS}/2").json["superseded_at"] == written(fourth.effective_from)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lang": "zh-CN"}, "24小时 → 12小时"),
        ({"lang": "zh-TW"}, "24小時 → 12小時"),
        ({"lang": "en"}, "24 hours → 12 hours"),
        ({}, "24小时 → 12小时"),
    ],
)
def test_what_a_version_changes_is_said_in_the_readers_language(house: House, asked: dict[str, str], said: str) -> None:
    published.publish(third(), IN_DECEMBER)
    query = "".join(f"?lang={one}" for one in asked.values())
    answer = house.get(f"{VERSIONS}/3{query}")
    (changed,) = answer.json["diff"]
    assert said in changed["words"]
    assert (changed["clause"], changed["path"]) == ("4.1c", "clocks.received.hours")
    assert answer.headers["content-language"] == asked.get("lang", "zh-CN")


def test_the_browser_says_the_language_where_the_query_does_not(house: House) -> None:
    answer = house.get(f"{VERSIONS}/2", Accept_Language="zh-HK, en;q=0.5")
    assert answer.headers["content-language"] == "zh-TW"
    assert "Accept-Language" in answer.headers["vary"]


def test_a_version_says_every_clause_in_words_that_are_the_pages_own(house: House) -> None:
    chapters = house.get(f"{VERSIONS}/2?lang=zh-CN").json["words"]
    assert [one["chapter"] for one in chapters] == [*"12345678", "counting"]
    clauses = {clause["clause"]: clause["sentences"] for chapter in chapters for clause in chapter["clauses"]}
    assert {"1.1", "4.1c", "4.4b", "7.2", "8.3", "counting"} <= clauses.keys()
    assert all(sentence and "<" not in sentence for said in clauses.values() for sentence in said)
    house.now = IN_DECEMBER
    page = house.get("/policy").text
    assert all(chapter["heading"] in page for chapter in chapters)


def test_anybody_can_compute_the_hash_anew(house: House) -> None:
    version = house.get(f"{VERSIONS}/2").json
    said = {name: one for name, one in version["rules"].items() if name not in ("version", "effective_from")}
    assert hashlib.sha256(canonical(said)).hexdigest() == version["digests"]["rules"]
    assert hashlib.sha256(canonical(version["digests"])).hexdigest() == version["hash"]


def test_a_list_goes_on_where_its_page_ends(house: House) -> None:
    published.publish(third(), IN_DECEMBER)
    first = house.get(f"{VERSIONS}?limit=2").json
    assert [one["number"] for one in first["items"]] == [3, 2]
    last = house.get(f"{VERSIONS}?limit=2&cursor={first['next_cursor']}").json
    assert [one["number"] for one in last["items"]] == [1]
    assert last["next_cursor"] is None
    refused(house.get(f"{VERSIONS}?cursor={first['next_cursor']}x"), 400, "malformed")


@pytest.mark.parametrize("number", ["0", "3", "-1", "two", "²", "２", "00002", "99999", "1.0", "%20", "__proto__"])
def test_what_is_the_number_of_no_version_is_not_there(house: House, number: str) -> None:
    assert refused(house.get(f"{VERSIONS}/{number}"), 404, "not_found")["reason"] == "version_unknown"


def test_a_version_that_another_container_announced_is_read_at_once_by_whoever_has_its_number(house: House) -> None:
    assert house.get(f"{VERSIONS}/2").status == 200  # the list is read
    store.transact([policies.publication(Announced(third(), FRIDAY))])
    assert house.get(f"{VERSIONS}/3").json["number"] == 3


def test_what_is_known_is_read_from_the_table_once_however_many_ask(house: House) -> None:
    house.get("/v1/policy")
    with house.counting() as calls:
        for path in ("/v1/policy", VERSIONS, f"{VERSIONS}/1", f"{VERSIONS}/2"):
            assert house.get(path).status == 200
    assert calls == []


def with_a_question() -> Operating:
    said: Any = {"zh-CN": "受理要多久？", "zh-TW": "受理要多久？", "en": "How long?"}
    right: Any = dict.fromkeys(said, "SECRET-RIGHT")
    wrong: Any = tuple(dict.fromkeys(said, f"SECRET-WRONG-{n}") for n in range(2))
    question = Question(id="how_long", section="4", asks=said, right=right, wrong=wrong)
    packaged = versions.packaged(Operating)[1]
    return packaged.model_copy(update={"version": 2, "effective_from": FRIDAY, "quiz": (question,)})


def test_staff_read_the_operating_data_but_no_answer_of_the_quiz(house: House) -> None:
    published.publish(with_a_question(), FRIDAY - timedelta(minutes=11))
    answer = house.get("/v1/policy/operating", "quality.he")
    assert (answer.json["number"], answer.json["effective_from"]) == (2, written(FRIDAY))
    (question,) = answer.json["operating"]["quiz"]
    assert question == {"id": "how_long", "section": "4", "asks": {**question["asks"]}}
    assert question["asks"]["en"] == "How long?"
    assert "SECRET" not in answer.text


def test_operating_data_are_nothing_for_whoever_is_not_of_staff(house: House) -> None:
    token = house.file()["consumer_token"]
    refused(house.get("/v1/policy/operating"), 401, "unauthenticated")
    refused(house.get("/v1/policy/operating", "storefront"), 403, "forbidden")
    refused(house.get("/v1/policy/operating", token=token), 403, "forbidden")


def test_where_the_list_cannot_be_read_what_is_known_is_shown_all_the_same(house: House) -> None:
    def out_of_reach(call: str, moment: str) -> None:
        raise ConnectionError(call)

    rules.forget()
    with house.interfering(out_of_reach):
        assert house.get("/v1/policy").json["number"] == 1
        refused(house.get(f"{VERSIONS}/7"), 503, "unavailable")
