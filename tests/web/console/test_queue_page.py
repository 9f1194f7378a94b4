"""The queue as staff see it: by when each is due in words, views that are links, what comes next, the table of it."""

import csv
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.parts import Deadline
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console import lines, page, view
from chalicelib.web.pages.speech import Speech
from tests.house import FRIDAY, House

ID = re.compile(r'data-line="([^"]+)"')


def listed(house: House, query: str = "", who: str = "cs.lin") -> list[str]:
    """The complaints on a page of a view."""
    answer = house.look(f"/console/queue{query}", who)
    assert answer.status == 200, answer.text
    return ID.findall(answer.text)


def said(locale: Locale) -> Speech:
    return Speech(locale, "Asia/Shanghai", page.words)


def summary(**changes: object) -> Summary:
    deadline = Deadline(stage=Stage.RECEIVED, due_at=FRIDAY, provisional=False)
    known = {
        "complaint_id": "7K2M9-XD4FQ",
        "order_number": "E1",
        "product_name": "电热水壶",
        "category": "product_quality",
        "channel": "web",
        "stage": "received",
        "round": 1,
        "department": Role.CUSTOMER_SERVICE,
        "received_at": FRIDAY - timedelta(days=1),
        "deadline": deadline,
        "version": 1,
    }
    return Summary.model_validate(known | changes)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"hours": 23, "minutes": 59}, "还有23小时"),
        ({"minutes": 59}, "不到1小时"),
        ({"days": 3, "hours": 5}, "还有3天"),
        ({"minutes": 0}, "刚刚逾期"),
        ({"hours": -5}, "已逾期5小时"),
        ({"days": -2}, "已逾期2天"),
    ],
)
def test_how_long_is_left_is_said_in_words(before: dict[str, int], words: str) -> None:
    now = FRIDAY - timedelta(**before)
    (line,) = lines.lines_of([summary()], said("zh-CN"), now)
    assert line.due == words
    assert line.is_late == ("逾期" in words)


def test_a_clock_that_stands_still_is_never_late() -> None:
    waits = Deadline(stage=Stage.PLANNING, due_at=FRIDAY, provisional=True, waiting_since=FRIDAY, waiting_for="answer")
    say = said("en")
    (line,) = lines.lines_of([summary(deadline=waits)], say, FRIDAY + timedelta(days=9))
    assert (line.due, line.is_late) == ("Clock stopped: the consumer is to answer", False)
    assert line.marks == ("Due time provisional",)


def test_marks_are_said_in_words_a_danger_by_what_it_asks_for() -> None:
    say = said("zh-CN")
    (line,) = lines.lines_of([summary(marks=("safety", "legal", "bounced"), tier="act")], say, FRIDAY)
    assert line.marks == ("安全：须立即处理", "法律", "通知未送达，请致电")


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize(
    "task", ["inquiry 2", "words 3", "follow_up 1", "review 1", "survey_review 9", "safety_call 4"]
)
def test_what_a_department_has_to_do_is_named(task: str, locale: Locale) -> None:
    (line,) = lines.lines_of([summary(task=task)], said(locale), FRIDAY)
    assert line.task
    assert re.match(view.PLACE, line.place)


def test_soonest_due_come_first_at_the_cost_of_the_api(house: House) -> None:
    house.file(order_number="E1", product_name="<b>壶</b>")
    house.pass_time(hours=1)
    house.file(order_number="E2")
    with house.counting() as page_calls:
        answer = house.look("/console/queue", "cs.lin")
    with house.counting() as api_calls:
        known = house.get("/v1/complaints", "cs.lin").json["items"]
    assert ID.findall(answer.text) == [one["complaint_id"] for one in known]
    assert [one for one in page_calls if one.startswith("dynamodb")] == api_calls
    assert "&lt;b&gt;壶" in answer.text
    assert "王芳" not in answer.text


def test_a_view_is_a_link_that_leaves_out_what_it_does_not_know(house: House) -> None:
    house.file(order_number="E1")
    mine = house.file(order_number="E2")["complaint_id"]
    assert house.do(mine, "assignment", {"assignee": "cs.chen"}).status == 200
    assert listed(house, "?assignee=cs.chen&utm=1&stage=&category=nonsense") == [mine]
    assert listed(house, "?assignee=cs.chen&assignee=cs.lin") == [mine]
    assert len(listed(house, "?words=nothing")) == 2
    both = house.look("/console/queue?category=delivery,other&assignee=cs.lin&assignee=none", "cs.lin").text
    assert re.findall(r'value="([^"]+)" checked', both) == ["none", "cs.lin", "delivery", "other"]
    chosen = house.look("/console/queue?assignee=cs.chen", "cs.chen").text
    assert 'href="/console/queue?assignee=cs.chen" aria-current="page">' in chosen
    assert "没有投诉" in house.look("/console/queue?overdue=true", "cs.lin").text


def test_a_page_holds_25_and_leads_to_the_next(house: House) -> None:
    for number in range(26):
        house.file(order_number=f"E{number}")
    answer = house.look("/console/queue?stage=received", "cs.lin")
    assert len(ID.findall(answer.text)) == 25
    (following,) = re.findall(r'href="([^"]+)" rel="next"', answer.text)
    assert len(ID.findall(house.look(following.replace("&amp;", "&"), "cs.lin").text)) == 1


def test_words_are_looked_for_and_stand_in_no_address(house: House) -> None:
    house.file(order_number="E1", description="收到就是裂的")
    lamp = house.file(order_number="E2", description="台灯不亮，王芳电话")["complaint_id"]
    answer = house.submit("/console/queue", "cs.lin", {"_view": "stage=received", "words": "不亮"})
    assert ID.findall(answer.text) == [lamp]
    assert not [one for one in re.findall(r'(?:href|action)="([^"]*)"', answer.text) if "%E4" in one or "不亮" in one]
    assert "view=stage%3Dreceived" in answer.text
    blank = house.submit("/console/queue", "cs.lin", {"_view": "stage=received", "words": " "})
    assert (blank.status, blank.headers["location"]) == (303, "/console/queue?stage=received")


def test_after_each_complaint_comes_the_next_of_its_view(house: House) -> None:
    for number in range(3):
        house.file(order_number=f"E{number}")
        house.pass_time(minutes=5)
    first, second, third = listed(house)
    visited = []
    place: str | None = None
    for _ in range(3):
        asked = f"/console/next?view=stage%3Dreceived{f'&place={place}' if place else ''}"
        to = urlsplit(house.look(asked, "cs.lin").headers["location"])
        visited.append(to.path.rsplit("/", 1)[-1])
        query = parse_qs(to.query)
        assert query["view"] == ["stage=received"]
        place = query["place"][0].replace("#", "%23").replace("+", "%2B")
    assert visited == [first, second, third]
    last = house.look(f"/console/next?view=stage%3Dreceived&place={place}", "cs.lin").headers["location"]
    assert last == "/console/queue?stage=received&done=last"
    assert "已是此视图的最后一件" in house.look(last, "cs.lin").text


def test_what_has_moved_on_is_not_the_next_of_itself(house: House) -> None:
    (first, second) = (house.file(order_number=f"E{number}")["complaint_id"] for number in range(2))
    first, second = listed(house)
    (address,) = re.findall(rf'/console/complaints/{first}\?([^"]+)', house.look("/console/queue", "cs.lin").text)
    house.do(first, "acknowledgement")
    onwards = house.look(f"/console/next?{address.replace('&amp;', '&')}", "cs.lin").headers["location"]
    assert urlsplit(onwards).path == f"/console/complaints/{second}"


def test_a_place_that_is_none_is_as_if_it_were_not_there(house: House) -> None:
    only = house.file()["complaint_id"]
    for place in ("~", "2026%23x", ""):
        onwards = house.look(f"/console/next?view=banana&place={place}", "cs.lin")
        assert (onwards.status, urlsplit(onwards.headers["location"]).path) == (303, f"/console/complaints/{only}")


def test_the_table_of_a_view_is_safe_for_spreadsheets_and_has_nothing_of_the_consumer(house: House) -> None:
    complaint_id = house.file(product_name="=1+1", description="我的电话 13800138000")["complaint_id"]
    answer = house.look("/console/queue.csv?stage=received", "cs.lin")
    assert answer.headers["content-disposition"] == 'attachment; filename="queue-20261009-0740.csv"'
    assert answer.text.startswith("\ufeff投诉,订单号,")
    (line,) = csv.DictReader(answer.text[1:].splitlines())
    assert line["投诉"] == complaint_id
    assert line["商品"] == "'=1+1"
    assert line["期限"] == "2026-10-10 15:40:00"
    assert not {"王芳", "13800138000", "wang@example.cn"} & {one for one in line.values() if one}
    assert "13800138000" not in answer.text


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "stage": st.sampled_from(["received", "closed"]),
            "assignee": st.sampled_from(["cs.lin", "none", "cs.lin,none"]),
            "category": st.sampled_from(["delivery", "delivery,other"]),
            "overdue": st.sampled_from(["true", "false"]),
            "legal": st.just("true"),
            "order_number": st.text("E1-&=号 ", min_size=1).filter(str.strip).map(str.strip),
        },
    )
)
def test_a_view_is_written_in_one_way_and_read_as_the_same(fields: dict[str, str]) -> None:
    asked = view.of_fields(fields)
    assert view.view_of(view.written(asked)) == asked
    assert view.written(view.view_of(view.written(asked))) == view.written(asked)


@given(st.text())
def test_whatever_stands_in_an_address_is_a_view(text: str) -> None:
    assert view.view_of(text).words is None
