"""Queues by what a complaint is marked with, who has it, what it is about: what each shows, and what each costs."""

import json
from typing import Any

import boto3
import pytest

import app
from chalicelib.adapters import places
from chalicelib.casework import queues, read
from chalicelib.casework.queues import Count, Filters
from chalicelib.casework.rebuild import rebuild
from tests.casework.mailroom import HARD, Mailroom, mail_event
from tests.house import PLAN, REPORT, House, refused

QUERY = "dynamodb:Query"
DANGER = {"description": "插头冒烟，手被烫伤了。" * 12}
MAIL_ONLY = {"contact": {"name": "林", "email": "lin@example.cn"}}
MARKS = ("safety", "legal", "answered", "bounced")


def filed(house: House, **changes: Any) -> str:
    return str(house.file(**changes)["complaint_id"])


def ids(house: House, query: str) -> list[str]:
    found = house.get(f"/v1/complaints?limit=100&{query}", "cs.lin")
    assert found.status == 200, found
    return [line["complaint_id"] for line in found.json["items"]]


def line(house: House, complaint_id: str) -> Any:
    return next(
        one
        for one in house.get("/v1/complaints?limit=100", "cs.lin").json["items"]
        if one["complaint_id"] == complaint_id
    )


def advertised(house: House) -> str:
    return filed(house, category="false_advertising")


def asked_and_answered(house: House) -> str:
    receipt = house.bring_to("investigating")
    house.do(receipt["complaint_id"], "information-requests", {"question": "请提供批号。"})
    told = {"text": "批号是 0042。"}
    path = f"/v1/complaints/{receipt['complaint_id']}/information"
    assert house.post(path, told, token=receipt["consumer_token"]).status == 201
    return str(receipt["complaint_id"])


def bounced(house: House) -> str:
    """A complaint whose receipt came back, with no other way to its consumer."""
    room = Mailroom(house)
    number = filed(house, **MAIL_ONLY)
    room.settle()
    own = (item for item in house.items() if item["pk"]["S"] == f"RECORD#{number}")
    mailed = next(item for item in own if item["sk"]["S"].endswith("#receipt#consumer"))
    app.mail_events(mail_event(house, "Bounce", mailed, **HARD), None)
    room.settle()
    return number


# ---- marks -----------------------------------------------------------------------------------------------------------


def test_a_line_begins_with_what_was_complained_of_and_says_how_dangerous_it_is(house: House) -> None:
    found = line(house, filed(house, **DANGER))
    assert (found["excerpt"], found["marks"], found["tier"]) == (DANGER["description"][:100], ["safety"], "act")


@pytest.mark.parametrize(
    ("mark", "marked"),
    [
        ("safety", lambda house: filed(house, **DANGER)),
        ("legal", advertised),
        ("answered", asked_and_answered),
        ("bounced", bounced),
    ],
)
def test_each_mark_has_a_queue_that_costs_one_round_trip(house: House, mark: str, marked: Any) -> None:
    number, other = marked(house), filed(house, order_number="E-9")
    assert mark in line(house, number)["marks"]
    assert mark not in line(house, other)["marks"]
    with house.counting() as calls:
        assert ids(house, f"{mark}=true") == [number]
    assert calls == [QUERY]
    house.do(number, "withdrawal")
    assert ids(house, f"{mark}=true") == ([number] if mark == "bounced" else [])


def test_whom_a_notice_did_not_reach_is_called_and_stands_there_no_more(house: House) -> None:
    number = bounced(house)
    house.do(number, "withdrawal")
    house.do(number, "calls", {"about": "notice", "reached": True})
    assert ids(house, "bounced=true") == []


def test_several_marks_are_all_of_them_and_other_filters_narrow_them(house: House) -> None:
    both = filed(house, category="false_advertising", **DANGER)
    filed(house, **DANGER)
    advertised(house)
    house.do(both, "assignment", {"assignee": "cs.chen"})
    for query, expected in [
        ("safety=true&legal=true", [both]),
        ("safety=true&legal=true&assignee=cs.chen", [both]),
        ("legal=true&assignee=cs.chen&stage=received", [both]),
        ("safety=true&stage=investigating", []),
        ("safety=true&legal=true&order_number=E20261009-0042", [both]),
        ("safety=true&overdue=true", []),
    ]:
        assert ids(house, query) == expected, query


def test_the_pages_of_a_mark_are_the_whole_list_and_nothing_twice(house: House) -> None:
    numbers = {filed(house, order_number=f"E-{n}", **DANGER) for n in range(5)}
    seen, cursor = [], ""
    while cursor is not None:
        found = house.get(f"/v1/complaints?safety=true&limit=2{cursor and '&cursor=' + cursor}", "cs.lin").json
        seen += [one["complaint_id"] for one in found["items"]]
        cursor = found["next_cursor"]
    assert (sorted(seen), len(seen)) == (sorted(numbers), 5)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("value", ["false", "", "yes"])
def test_there_is_no_asking_for_what_has_no_mark(house: House, mark: str, value: str) -> None:
    refused(house.get(f"/v1/complaints?{mark}={value}", "cs.lin"), 422, "invalid", field=mark)


# ---- who has it, what it is about ------------------------------------------------------------------------------------


def test_nobodys_and_those_of_several_are_one_list_soonest_due_first(house: House) -> None:
    first = filed(house)
    numbers = {}
    for name in ("cs.chen", "cs.lin", "cs.lead"):
        house.pass_time(minutes=1)
        numbers[name] = filed(house)
        house.do(numbers[name], "assignment", {"assignee": name})
    assert ids(house, "assignee=none") == [first]
    assert ids(house, "assignee=cs.lead,cs.chen") == [numbers["cs.chen"], numbers["cs.lead"]]
    with house.counting() as calls:
        assert ids(house, "assignee=cs.lin,none") == [first, numbers["cs.lin"]]
    assert calls == [QUERY, QUERY]
    house.do(first, "withdrawal")
    assert ids(house, "assignee=none") == []
    assert ids(house, "assignee=none&stage=closed") == [first]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("assignee=,", "assignee", "missing"),
        ("assignee=" + ",".join(f"cs.{n}" for n in range(11)), "assignee", "too_many"),
        ("category=delivery,kettles", "category", "not_listed"),
        ("category=,", "category", "not_listed"),
    ],
)
def test_what_nobody_can_mean_is_refused(house: House, query: str, field: str, code: str) -> None:
    answer = house.get(f"/v1/complaints?{query}", "cs.lin")
    refused(answer, 422, "invalid", field=field)
    assert answer.json["errors"][0]["code"] == code


def test_categories_and_words_are_looked_for_in_what_is_read(house: House) -> None:
    late, other = filed(house, category="delivery"), filed(house, category="other", product_name="Ｌａｍｐ 2")
    filed(house)
    assert set(ids(house, "category=delivery,other")) == {late, other}
    assert ids(house, "category=delivery&stage=received") == [late]
    page, cursor = read.queue(Filters(words="LAMP 裂的"), house.now, 25, None)
    assert ([one.complaint_id for one in page], cursor) == ([other], None)


def test_a_page_ends_early_after_so_many_lines_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST_READ", 4)
    for _ in range(9):
        filed(house)
        house.pass_time(minutes=1)
    last = filed(house, category="other")
    sizes, seen, cursor = [], [], None
    while True:
        page, cursor = read.queue(Filters(category="other"), house.now, 25, cursor)
        sizes.append(len(page))
        seen += [one.complaint_id for one in page]
        if cursor is None:
            break
    assert (sizes, seen) == ([0, 0, 1], [last])


# ---- how many --------------------------------------------------------------------------------------------------------


def test_counts_cost_a_round_trip_a_place_and_end_at_a_hundred(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST_COUNTED", 2)
    for number in (1, 2, 3):
        filed(house, **DANGER)
        if number == 1:
            house.do(filed(house), "assignment", {"assignee": "cs.chen"})
    for filters, expected, trips in [
        (Filters(safety=True), Count(2, more=True), 1),
        (Filters(assignee="cs.chen"), Count(1), 1),
        (Filters(assignee="none"), Count(2, more=True), 1),
        (Filters(assignee="none,cs.lin"), Count(2, more=True), 1),
        (Filters(assignee="cs.chen", overdue=True), Count(0), 1),
        (Filters(task="inquiry"), Count(0), 3),
        (Filters(category="delivery", assignee="cs.chen"), Count(0), 1),
        (Filters(), Count(2, more=True), 1),
    ]:
        with house.counting() as calls:
            assert read.count(filters, house.now) == expected, filters
        assert calls == [QUERY] * trips, filters


# ---- what the table had before ---------------------------------------------------------------------------------------


def test_a_line_of_before_has_no_marks_and_is_mended(house: House) -> None:
    """Heads were written without them, and nothing stood beside them."""
    number = filed(house, **DANGER)
    table = boto3.resource("dynamodb").Table(house.environment["REDRESS_TABLE"])
    key = {"pk": f"RECORD#{number}", "sk": "HEAD"}
    old = json.loads(table.get_item(Key=key)["Item"]["summary"])
    for name in ("excerpt", "marks", "tier"):
        old.pop(name)
    table.update_item(
        Key=key,
        UpdateExpression="SET summary = :old REMOVE assignee_pk",
        ExpressionAttributeValues={":old": json.dumps(old)},
    )
    table.delete_item(Key=key | {"sk": "TASK#mark safety"})
    found = line(house, number)
    assert (found["excerpt"], found["marks"], found["tier"]) == ("", [], None)
    assert ids(house, "safety=true") == ids(house, "assignee=none") == []
    differing = rebuild(number, house.now, check=False).differing
    assert differing == ("assignee_pk", "summary", "TASK#mark safety")
    assert ids(house, "safety=true") == ids(house, "assignee=none") == [number]


# ---- what legal has to read (5.4) ------------------------------------------------------------------------------------


def test_legal_has_the_drafts_to_read_due_when_the_plan_is_until_it_has_given_its_word(house: House) -> None:
    number = filed(house)
    house.do(number, "acknowledgement", {"legal_issue": True})
    house.do(number, "investigation-report", REPORT)
    assert ids(house, "task=review") == []
    house.do(number, "plan-draft", PLAN)
    [found] = house.get("/v1/complaints?task=review&department=legal", "legal.xu").json["items"]
    view = house.get(f"/v1/complaints/{number}", "legal.xu").json
    assert (found["complaint_id"], found["department"]) == (number, "legal")
    assert found["task"] == f"review {view['plan_draft']['number']}"
    assert found["deadline"] == view["deadline"]
    with house.counting() as calls:
        assert ids(house, "task=review") == [number]
    assert calls == [QUERY]
    house.do(number, "legal-review", {"approved": False, "advice": "赔偿不足"}, "legal.xu")
    assert ids(house, "task=review") == []
    house.do(number, "plan-draft", PLAN | {"summary": "我们退还三倍价款。"})
    assert ids(house, "task=review") == [number]


def test_where_law_is_not_involved_a_draft_waits_for_nobody(house: House) -> None:
    number = str(house.bring_to("planning")["complaint_id"])
    house.do(number, "plan-draft", PLAN)
    assert ids(house, "task=review") == []


def test_the_marks_that_have_places_are_the_filters_there_are() -> None:
    assert set(places.PLACED) == set(MARKS) <= set(Filters._fields)
