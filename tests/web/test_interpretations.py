"""7.1 over HTTP: customer service interprets the policy, everybody of staff reads it, reports cite it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import policies, registers, store
from chalicelib.casework import interpretations as casework
from chalicelib.casework import rules
from chalicelib.domain.governance.interpretations import Interpretation, Reviewed
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.rules import Rules
from tests.examples import EXAMPLES, REPORT
from tests.house import FRIDAY, House, refused
from tests.published import publish, withdraw

PATH = "/v1/policy/interpretations"
RULING: dict[str, Any] = EXAMPLES["interpret_policy"].body
KEEP = {"decision": "keep", "reasons": "新版本没有改动这一条。"}


@pytest.fixture
def house(house: House) -> House:
    house.now = FRIDAY
    return house


def numbers(house: House, query: str = "") -> list[int]:
    return [one["number"] for one in house.get(f"{PATH}{query}", "audit.qin").json["items"]]


def announce_third(house: House) -> Rules:
    update = {"version": 3, "effective_from": house.now + timedelta(days=7)}
    third = versions.packaged(Rules)[2].model_copy(update=update)
    publish(third, house.now)
    return third


def test_customer_service_says_what_a_clause_means_and_all_of_staff_read_it(house: House) -> None:
    answer = house.post(PATH, RULING, "cs.lin")
    assert (answer.status, answer.headers["location"]) == (201, f"{PATH}/1")
    assert answer.json == RULING | {
        "number": 1,
        "as_given": RULING["ruling"],
        "policy_version": 1,
        "given_at": "2026-10-09T07:40:00Z",
        "given_by": "cs.lin",
        "state": "holds",
        "reviews": [],
        "version": 1,
    }
    assert house.get(f"{PATH}/1", "logistics.gao").json == answer.json
    assert house.get(PATH, "quality.he").json == {"items": [answer.json], "next_cursor": None}


def test_it_holds_from_today_unless_it_says_otherwise(house: House) -> None:
    house.now = FRIDAY.replace(hour=17)  # Saturday in Shanghai
    body = {name: RULING[name] for name in ("clause", "question", "ruling")}
    assert house.post(PATH, body, "cs.lin").json["holds_from"] == "2026-10-10"


def test_they_are_listed_the_newest_first_page_by_page_and_by_clause(house: House) -> None:
    for clause in ("4.2c", "4.1c", "4.2c", "4.2c"):
        assert house.post(PATH, RULING | {"clause": clause}, "cs.lin").status == 201
    assert numbers(house) == [4, 3, 2, 1]
    first = house.get(f"{PATH}?clause=4.2c&limit=2", "cs.lin").json
    assert [one["number"] for one in first["items"]] == [4, 3]
    rest = house.get(f"{PATH}?clause=4.2c&limit=2&cursor={first['next_cursor']}", "cs.lin").json
    assert ([one["number"] for one in rest["items"]], rest["next_cursor"]) == ([1], None)
    refused(house.get(f"{PATH}?cursor={first['next_cursor']}", "cs.lin"), 400, "malformed")
    refused(house.get(f"{PATH}?clause=9.9", "cs.lin"), 422, "invalid", field="clause")


def test_a_page_of_long_ones_ends_early_and_goes_on_where_it_ended(house: House) -> None:
    """As long as they can be, with every review that there is room for."""
    looked_at = {"at": FRIDAY, "by": "cs.lin", "version": 1, "decision": "revise"}
    review = Reviewed.model_validate(looked_at | {"reasons": "因" * 2000, "ruling": "解" * 3000})
    for number in range(1, 6):
        said = {"clause": "4.2c", "question": "问" * 1000, "as_given": "解" * 3000, "holds_from": FRIDAY.date()}
        given = {"number": number, "version": 1, "known": 1, "at": FRIDAY, "by": "cs.lin", "reviews": [review] * 20}
        one = Interpretation.model_validate(said | given)
        registers.put(casework.REGISTER, number, one.model_dump_json(exclude_none=True), None, FRIDAY, 1)
    pages, cursor = [], ""
    while not pages or cursor:
        answer = house.get(f"{PATH}?limit=100{cursor}", "audit.qin")
        assert len(answer.text.encode()) < 1_000_000
        pages.append([one["number"] for one in answer.json["items"]])
        cursor = answer.json["next_cursor"] and f"&cursor={answer.json['next_cursor']}"
    assert pages == [[5, 4], [3, 2], [1]]


def test_with_a_version_that_is_announced_they_are_to_be_looked_at_again(house: House) -> None:
    for _ in range(3):
        house.post(PATH, RULING, "cs.lin")
    announce_third(house)
    assert numbers(house, "?state=to_review") == [3, 2, 1]
    kept = house.post(f"{PATH}/1/review", KEEP, "cs.chen")
    assert (kept.status, kept.json["state"], kept.json["version"]) == (200, "holds", 2)
    assert [(one["decision"], one["version"], one["by"]) for one in kept.json["reviews"]] == [("keep", 3, "cs.chen")]
    revised = house.post(f"{PATH}/2/review", EXAMPLES["review_interpretation"].body, "cs.lin").json
    assert (revised["ruling"], revised["as_given"]) == ("不顺延，并由主管督促该部门。", RULING["ruling"])
    ended = house.post(f"{PATH}/3/review", {"decision": "end", "reasons": "已写入制度。"}, "cs.lin").json
    assert ended["state"] == "ended"
    problem = refused(house.post(f"{PATH}/3/review", KEEP, "cs.lin"), 409, "not_allowed")
    assert (problem["reason"], problem["values"]) == ("interpretation_ended", {"number": 3})
    assert (numbers(house, "?state=to_review"), numbers(house, "?state=ended")) == ([], [3])


def test_what_is_looked_at_with_a_version_counts_for_it_wherever_that_was_announced(house: House) -> None:
    house.post(PATH, RULING, "cs.lin")
    third = versions.packaged(Rules)[2].model_copy(update={"version": 3, "effective_from": FRIDAY + timedelta(days=7)})
    assert house.get(f"{PATH}/1", "cs.lin").json["state"] == "holds"  # this container has read the list
    store.transact([policies.publication(Announced(third, FRIDAY))])
    looked_at = house.post(f"{PATH}/1/review", KEEP, "cs.lin").json
    assert (looked_at["state"], looked_at["reviews"][0]["version"]) == ("holds", 3)
    assert house.post(PATH, RULING, "cs.lin").json["state"] == "holds"
    rules.forget()
    assert numbers(house, "?state=holds") == [2, 1]


def test_with_a_version_that_was_withdrawn_nothing_is_to_be_looked_at(house: House) -> None:
    house.post(PATH, RULING, "cs.lin")
    third = announce_third(house)
    withdraw(third, house.now)
    assert numbers(house, "?state=to_review") == []


def test_the_same_request_twice_is_one_interpretation_and_one_review(house: House) -> None:
    first = house.post(PATH, RULING, "cs.lin", Idempotency_Key="given")
    review = house.post(f"{PATH}/1/review", KEEP, "cs.lin", Idempotency_Key="kept")
    house.post(f"{PATH}/1/review", {"decision": "end", "reasons": "已写入制度。"}, "cs.lin")
    kept = house.items_kept()
    for body, path, key, before in ((RULING, PATH, "given", first), (KEEP, f"{PATH}/1/review", "kept", review)):
        again = house.post(path, body, "cs.lin", Idempotency_Key=key)
        assert (again.status, again.text) == (before.status, before.text)
        assert again.headers["idempotency-replayed"] == "true"
    another = house.post(PATH, RULING | {"clause": "1.1"}, "cs.lin", Idempotency_Key="given")
    refused(another, 422, "idempotency_mismatch")
    assert house.items_kept() == kept


def test_two_who_give_one_at_the_same_moment_give_two(house: House) -> None:
    with house.meanwhile(lambda: house.post(PATH, RULING | {"clause": "7.1"}, "cs.chen")):
        assert house.post(PATH, RULING, "cs.lin").json["number"] == 2
    assert numbers(house) == [2, 1]


def test_of_two_who_look_at_one_at_the_same_moment_the_second_decides_on_what_the_first_left(house: House) -> None:
    house.post(PATH, RULING, "cs.lin")
    end = {"decision": "end", "reasons": "已写入制度。"}
    with house.meanwhile(lambda: house.post(f"{PATH}/1/review", end, "cs.chen")):
        refused(house.post(f"{PATH}/1/review", KEEP, "cs.lin"), 409, "not_allowed")
    assert len(house.get(f"{PATH}/1", "cs.lin").json["reviews"]) == 1


def test_whoever_dies_over_one_leaves_it_done_or_not_and_repeats_it_once(house: House) -> None:
    def give() -> None:
        assert house.post(PATH, RULING, "cs.lin", Idempotency_Key="dies").status == 201

    for moment in ("before", "after"):
        assert len(list(house.deaths(give, moment))) > 0
    assert numbers(house) == [1]


@pytest.mark.parametrize("number", ["2", "0", "x", "1e3", "９", "99999999999999999999"])
def test_one_that_is_not_there_is_unknown(house: House, number: str) -> None:
    house.post(PATH, RULING, "cs.lin")
    assert refused(house.get(f"{PATH}/{number}", "cs.lin"), 404, "not_found")["reason"] == "interpretation_unknown"


@pytest.mark.parametrize(
    ("field", "value"),
    [("clause", "4.2"), ("holds_from", "20261012"), ("holds_from", 5), ("question", " "), ("ruling", "a" * 3001)],
)
def test_what_is_no_interpretation_is_refused_by_field(house: House, field: str, value: Any) -> None:
    refused(house.post(PATH, RULING | {field: value}, "cs.lin"), 422, "invalid", field=field)


# ---- reports ---------------------------------------------------------------------------------------------------------


def test_a_report_cites_interpretations_and_staff_see_which(house: House) -> None:
    house.post(PATH, RULING, "cs.lin")
    complaint_id = house.bring_to("investigating")["complaint_id"]
    body = REPORT | {"interpretations": [1, 1], "without_inquiries": "照片已足以判断。"}
    answer = house.do(complaint_id, "investigation-report", body)
    assert answer.status == 200, answer.text
    assert answer.json["investigation_report"]["interpretations"] == [1]
    assert house.get(f"/v1/complaints/{complaint_id}", "legal.xu").json["investigation_report"]["interpretations"] == [
        1
    ]


def test_a_report_cites_none_that_is_not_there(house: House) -> None:
    house.post(PATH, RULING, "cs.lin")
    complaint_id = house.bring_to("investigating")["complaint_id"]
    body = REPORT | {"interpretations": [1, 7], "without_inquiries": "照片已足以判断。"}
    problem = refused(house.do(complaint_id, "investigation-report", body), 422, "invalid", field="interpretations.1")
    assert problem["errors"][0]["code"] == "unknown_interpretation"
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["stage"] == "investigating"


def test_a_report_that_cites_none_costs_nothing_more(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    with house.counting() as calls:
        house.do(complaint_id, "investigation-report", REPORT | {"without_inquiries": "照片已足以判断。"})
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
