"""What waits for whom: Today, the lists of departments, the board of supervisors; and help."""

import html
import json
import re
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.casework import queues
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console import guide, today, together
from chalicelib.web.languages import NATIVE
from tests.casework.mailroom import Mailroom
from tests.examples import example
from tests.house import FRIDAY, PLAN, REPORT, House
from tests.web.examples import a_review
from tests.web.piece import read

from .filled import speech

TILE = re.compile(r'<li><a href="/console/queue\?([^"]*)"(?: class="\w+")?><b>(\d+)\+?</b> ([^<]*)</a>')
MEASURE = {"what": "质检增加一名复核人员。", "owner": "quality.he", "due": "2026-12-31", "moves": "M14"}
EVERYBODY = ["cs.lin", "cs.lead", "quality.he", "logistics.gao", "legal.xu", "management.zhou", "audit.qin"]


@pytest.fixture
def house(house: House) -> House:
    house.now = FRIDAY
    return house


def tiles(house: House, who: str) -> dict[str, int]:
    """What Today counts, by the query of the queue that it links to."""
    answer = house.look("/console", who)
    assert answer.status == 200, answer.text
    return {html.unescape(view): int(number) for view, number, _ in TILE.findall(answer.text)}


def give(house: House, complaint_id: str, who: str) -> str:
    assert house.do(complaint_id, "assignment", {"assignee": who}, "cs.lead").status == 200
    return complaint_id


def a_morning(house: House) -> dict[str, str]:
    """Complaints in all kinds of states, by what is the matter with them."""
    house.now = FRIDAY - timedelta(hours=30)
    late = give(house, house.file()["complaint_id"], "cs.lin")
    house.now = FRIDAY - timedelta(hours=20)
    today = give(house, house.file()["complaint_id"], "cs.lin")
    house.now = FRIDAY
    asked = house.bring_to("investigating")["complaint_id"]
    for department in ("quality", "logistics", "legal"):
        house.do(asked, "inquiries", {"department": department, "question": "请核查。"})
    legal = house.bring_to("investigating", category="false_advertising")["complaint_id"]
    house.do(legal, "inquiries/1/answer", {"assessment": "构成虚假宣传。"}, "legal.xu")
    house.do(legal, "investigation-report", REPORT)
    house.do(legal, "plan-draft", PLAN)
    promised = house.bring_to("closed")["complaint_id"]
    burnt = house.file(description="水壶漏电，手被烫伤了，起了水泡。")["complaint_id"]
    answers = house.bring_to("investigating")
    give(house, answers["complaint_id"], "cs.lin")
    house.do(answers["complaint_id"], "information-requests", {"question": "裂纹在哪里？"})
    told = house.post(
        f"/v1/complaints/{answers['complaint_id']}/information", {"text": "底部。"}, token=answers["consumer_token"]
    )
    assert told.status == 201, told.text
    known = {"late": late, "today": today, "asked": asked, "legal": legal, "promised": promised, "burnt": burnt}
    return known | {"answers": answers["complaint_id"]}


def test_a_draft_that_legal_refused_waits_for_whoever_has_the_complaint_until_it_is_written_again(house: House) -> None:
    number = give(house, house.bring_to("investigating", category="false_advertising")["complaint_id"], "cs.lin")
    house.do(number, "inquiries/1/answer", {"assessment": "构成虚假宣传。"}, "legal.xu")
    house.do(number, "investigation-report", REPORT)
    house.do(number, "plan-draft", PLAN)
    view = "assignee=cs.lin&returned=true"
    assert tiles(house, "cs.lin")[view] == 0
    house.do(number, "legal-review", {"approved": False, "advice": "赔偿不足"}, "legal.xu")
    assert tiles(house, "cs.lin")[view] == 1
    [line] = house.get(f"/v1/complaints?{view}", "cs.lin").json["items"]
    assert (line["complaint_id"], "returned" in line["marks"]) == (number, True)
    assert [one["complaint_id"] for one in house.get("/v1/complaints?returned=true", "cs.lead").json["items"]] == [
        number
    ]
    assert "草稿被法务退回" in house.look("/console", "cs.lin").text
    house.do(number, "plan-draft", PLAN | {"summary": "我们退还三倍价款。"})
    assert tiles(house, "cs.lin")[view] == 0


def test_each_count_is_that_of_the_queue_to_which_it_leads(house: House) -> None:
    a_morning(house)
    for who in EVERYBODY:
        for view, number in tiles(house, who).items():
            listed = house.get(f"/v1/complaints?{view}&limit=100", who)
            assert (listed.status, len(listed.json["items"])) == (200, number), (who, view)
            assert house.look(f"/console/queue?{view}", who).text.count("<tr data-line=") == number, (who, view)


def test_what_presses_stands_on_today_for_those_whom_it_concerns(house: House) -> None:
    known = a_morning(house)
    lin = tiles(house, "cs.lin")
    assert lin["assignee=cs.lin&overdue=true"] == 1
    assert lin["assignee=cs.lin&overdue=false&due=today"] == 1
    assert lin["assignee=cs.lin&answered=true"] == 1
    assert lin["assignee=cs.lin"] == 3
    assert lin["department=customer_service&task=safety"] == 1
    assert tiles(house, "legal.xu") == {
        "department=legal&overdue=true&task=inquiry": 0,
        "department=legal&task=inquiry": 1,
        "task=review": 1,
    }
    assert tiles(house, "cs.lead")["assignee=none"] == tiles(house, "cs.lin")["assignee=none"]
    assert tiles(house, "audit.qin") == {}
    text = house.look("/console", "cs.lin").text
    assert text.index(known["late"]) < text.index(known["today"])
    assert '<b class="late">' in text
    assert "逾期" in text or "overdue" in text


def test_who_missed_a_due_time_is_pointed_to_what_they_may_say(house: House) -> None:
    complaint_id = house.heard()["complaint_id"]
    assert f"/console/complaints/{complaint_id}?act=state_case&amp;part=1" in house.look("/console", "cs.lin").text
    assert complaint_id not in house.look("/console", "cs.chen").text
    decided = house.heard("state_case")["complaint_id"]
    assert (
        f"/console/complaints/{decided}?act=decide_hearing&amp;part=1" in house.look("/console", "management.zhou").text
    )


def test_what_waits_of_clauses_6_to_8_is_named_to_whom_it_waits_for(house: House) -> None:
    review = f"/console/management-reviews/{a_review(house)}"
    assert f'href="{review}"' in house.look("/console", "management.zhou").text
    assert review not in house.look("/console", "cs.lead").text, "management holds it"
    steps = {**example("hold_management_review").body, "measures": [MEASURE]}
    assert house.post(f"{review.replace('console', 'v1')}/minutes", steps, "management.zhou").status == 200
    assert review not in house.look("/console", "management.zhou").text
    assert MEASURE["what"] in house.look("/console", "quality.he").text
    assert MEASURE["what"] not in house.look("/console", "cs.lin").text


@pytest.mark.parametrize(
    ("who", "most"), [("cs.lin", 16), ("cs.lead", 30), ("legal.xu", 14), ("audit.qin", 11), ("management.zhou", 23)]
)
def test_today_costs_a_call_a_count_and_few_for_clauses_6_to_8_whatever_stands_in_the_queues(
    house: House, who: str, most: int
) -> None:
    a_morning(house)
    house.look("/console", who)
    with house.counting() as calls:
        text = house.look("/console", who).text
    assert len(calls) <= most, calls
    assert unread(text) == []


def test_what_today_needs_is_asked_at_the_same_time(house: House) -> None:
    """Eight questions wait for each other's beginning: one after the other, none would come to its end."""
    house.look("/console", "cs.lead")
    all_of_them, met = Barrier(together.AT_ONCE), count()

    def interfere(call: str, moment: str) -> None:
        if moment == "before" and next(met) < together.AT_ONCE:
            all_of_them.wait(10)

    with house.interfering(interfere):
        assert unread(house.look("/console", "cs.lead").text) == []


def unread(text: str) -> list[str]:
    """What is said of the parts that could not be read."""
    return [one.text for one in read(text).all("p") if one.given.get("class") == "refusal"]


def test_of_what_somebody_has_more_than_a_page_holds_each_count_is_read_by_itself(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_morning(house)
    known = tiles(house, "cs.lin")
    monkeypatch.setattr(queues, "MOST_READ", 1)
    few = tiles(house, "cs.lin")
    assert (few["assignee=cs.lin"], few["assignee=cs.lin&overdue=true"]) == (3, 1)
    assert few.keys() == known.keys()


def test_a_department_sees_what_it_has_to_do_and_is_led_there(house: House) -> None:
    known = a_morning(house)
    legal = html.unescape(house.look("/console/departments/legal", "legal.xu").text)
    assert re.search(rf"/console/complaints/{known['asked']}\?view=[^\"]*&act=answer_inquiry&part=3", legal)
    assert re.search(
        rf"/console/complaints/{known['legal']}\?view=task%3Dreview[^\"]*&act=review\"", legal
    ) or re.search(rf"/console/complaints/{known['legal']}\?[^\"]*&act=review\"", legal)
    quality = house.look("/console/departments/quality", "quality.he").text
    assert known["burnt"] in quality
    assert "act=assess_safety" in quality
    own = house.look("/console/departments/customer_service", "cs.lin").text
    assert known["promised"] in own
    assert "act=complete_follow_up" in own


def test_logistics_sees_whose_delivery_is_to_be_kept_current(house: House) -> None:
    complaint_id = house.file(category="delivery", description="一直没有送到。")["complaint_id"]
    other = house.file()["complaint_id"]
    text = house.look("/console/departments/logistics", "logistics.gao").text
    assert complaint_id in text
    assert other not in text


def test_of_no_department_there_is_no_list(house: House) -> None:
    answer = house.look("/console/departments/kitchen", "cs.lin")
    assert (answer.status, answer.headers["location"]) == (303, "/console")


def test_a_supervisor_sees_who_has_how_much_and_gives_away_what_nobody_has(house: House) -> None:
    known = a_morning(house)
    board = html.unescape(house.look("/console/board", "cs.lead").text)
    assert 'href="/console/queue?assignee=cs.lin"' in board
    assert 'href="/console/queue?assignee=cs.lin&overdue=true" class="late">1<' in board
    assert 'href="/console/queue?stage=received&assignee=cs.lin">2<' in board
    assert f'name="id" value="{known["burnt"]}"' in board
    assert f'name="id" value="{known["late"]}"' not in board
    assert re.search(rf"/console/complaints/{known['late']}\?[^\"]*&act=extend", board)
    fields = {"_view": "assignee=none", "id": [known["burnt"], known["asked"]], "assignee": "cs.chen", "act": "assign"}
    given = house.submit("/console/bulk", "cs.lead", fields)
    assert given.status == 200, given.text
    after = html.unescape(house.look("/console/board", "cs.lead").text)
    assert f'name="id" value="{known["burnt"]}"' not in after
    assert 'href="/console/queue?assignee=cs.chen">2<' in after


def test_what_is_left_to_the_supervisor_says_so(house: House) -> None:
    for name in ("cs.lin", "cs.chen", "cs.lead"):
        house.call(name, "张伟")
    left, other = (house.file(description=words)["complaint_id"] for words in ("客服张伟骂人。", "杯子碎了。"))
    house.take_off_duty("cs.lin", "cs.chen", "cs.lead")
    Mailroom(house).settle()
    rows = house.look("/console/board", "cs.lead").text.split("<li data-line=")
    says = {row[1:12]: "留给主管分派" in row for row in rows[1:]}
    assert (says[left], says[other]) == (True, False)


def test_the_board_has_ten_people_a_page(house: House) -> None:
    house.hire(*(f"cs.new{number:02}" for number in range(12)))
    first, second = (house.look(f"/console/board?page={page}", "cs.lead").text for page in (1, 2))
    assert "/console/queue?assignee=cs.new" not in second or first != second
    assert 'href="/console/board?page=2" aria-current="page"' in second
    assert 'href="/console/board?page=2" aria-current="page"' in house.look("/console/board?page=99", "cs.lead").text
    with house.counting() as calls:
        house.look("/console/board", "cs.lead")
    assert len(calls) <= 40, calls


def test_only_who_leads_sees_the_board(house: House) -> None:
    assert house.look("/console/board", "management.zhou").status == 200
    for who in ("cs.lin", "quality.he", "audit.qin"):
        assert house.look("/console/board", who).status == 403, who


# ---- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", NATIVE)
def test_help_says_who_may_do_what_as_the_lifecycle_does(house: House, locale: Locale) -> None:
    cookie = f"{house.signed_in('legal.xu')['Cookie']}; redress-language={locale}"
    text = house.look("/console/help", "legal.xu", Cookie=cookie).text
    own, others = text.split('<h2 id="rights">')[1].split('<h2 id="records">')[0].split("<h2>")
    may = {action for action in LIFECYCLE.actions if LIFECYCLE.who(action) & {Role.LEGAL}}
    staff = {action for action in LIFECYCLE.actions if LIFECYCLE.who(action) & STAFF}
    assert own.count('<tr><th scope="row">') == len(may)
    assert others.count('<tr><th scope="row">') == len(staff - may)
    assert Action.REVIEW in may
    assert spoken.DEPARTMENTS["legal"][locale] in own
    assert 'id="keys"' in text


@pytest.mark.parametrize("locale", NATIVE)
def test_help_says_who_may_do_what_of_clauses_6_to_8_as_their_lifecycles_do(house: House, locale: Locale) -> None:
    cookie = f"{house.signed_in('management.zhou')['Cookie']}; redress-language={locale}"
    text = house.look("/console/help", "management.zhou", Cookie=cookie).text
    records = text.split('<h2 id="records">')[1]
    for part, lifecycle in guide.RECORDS.items():
        rows = records.partition(f'<h3 id="of-{part}">')[2]
        named = {one for one in lifecycle.actions if lifecycle.who(one) & STAFF and guide.called(one, speech(locale))}
        assert rows.partition("</table>")[0].count('<tr><th scope="row">') == len(named), part
    held = re.search(rf'<th scope="row">{guide.called("hold_review", speech(locale))}</th><td>([^<]*)<span', records)
    assert held, "management itself may"


def test_what_does_not_answer_is_named_and_leaves_all_else_of_today_its_place(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    review = a_review(house)
    house.look("/console", "management.zhou")

    def look(deadly: str) -> str:
        """Today, where nothing of a service is answered."""

        def silent(call: str, moment: str) -> None:
            if moment == "before" and call.startswith(deadly):
                raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

        with house.interfering(silent):
            answer = house.look("/console", "management.zhou")
        assert answer.status == 200
        return answer.text

    said = speech()
    named = {name: str(said(f"common.nav.{name}")) for name in ("queue", *today.WAITING)}
    files = look("s3:")
    [nothing], [some] = unread(look("")), unread(files)
    assert "、".join(named[one] for one in ("queue", *list(today.WAITING)[:1])) in nothing
    assert named["alerts"] in some
    assert named["queue"] not in some
    assert review in files, "what was read stands"
    entries = [json.loads(one.message) for one in caplog.records if "a part of a page was not read" in one.message]
    assert all(one["request_id"] for one in entries)
    monkeypatch.setattr(together, "PATIENCE", -1)
    [impatient] = unread(look(""))
    assert all(one in impatient for one in named.values()), "nobody waits for those after it"
    for locale in NATIVE:
        assert "{parts}" not in speech(locale)("desk.unread", parts="x")
