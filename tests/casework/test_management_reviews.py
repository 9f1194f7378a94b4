"""6: twice a year the house prepares a management review, tells management, and follows what was decided."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.casework import days, review_inputs
from chalicelib.casework.review_letters import KINDS, TELLS, values
from chalicelib.casework.rounds import ROUNDS, make
from chalicelib.casework.words import fill
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.policy import duties
from chalicelib.domain.supervision import improvement
from chalicelib.domain.supervision import management_review as reviews
from chalicelib.domain.telling.notices import notices_of
from chalicelib.domain.vocabulary.terms import Locale
from tests.domain.cases import POLICY
from tests.domain.supervision.test_management_review import ZHOU, Story, china, minutes
from tests.house import House, refused

from .mailroom import Mailroom, mails_to, plain, told
from .told import LOCALES

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALF_YEARLY = [one for one in ROUNDS if one.name in ("half-yearly report", "management review")]
PATH = "/v1/management-reviews/review_2026H1"
MINUTES = {
    "held_on": "2026-07-06",
    "participants": ["management.zhou", "cs.lead"],
    "text": "投诉总量平稳；质检答复偏慢。",
    "measures": [{"what": "质检增加一名复核人员。", "owner": "quality.he", "due": "2026-09-30", "moves": "M14"}],
}


@pytest.fixture
def room(house: House) -> Mailroom:
    """The house on the third working day of July, and in June some days of it were closed."""
    for day in (date(2026, 6, 29), date(2026, 6, 30)):
        days.close_day(day)
    room = Mailroom(house)
    house.now = datetime(2026, 7, 3, 9, tzinfo=SHANGHAI)
    make(house.now, HALF_YEARLY)
    room.settle()
    return room


def test_it_is_prepared_once_with_all_that_there_is_and_management_is_told(house: House, room: Mailroom):
    make(house.now + timedelta(hours=1), HALF_YEARLY)
    [listed] = house.get("/v1/management-reviews", "management.wu").json["items"]
    assert (listed["review_id"], listed["stage"], listed["half"]) == ("review_2026H1", "prepared", "2026-H1")
    view = house.get(PATH, "audit.qin").json
    assert view["inputs"]["performance"]["report_id"] == "report_half_yearly-2026-H1-1"
    assert {"M01", "M16", "M20"} <= view["inputs"]["performance"]["figures"].keys()
    assert len([one for one in told("management") if "review_prepared" in one[0]]) == 1
    refused(house.get(PATH, "cs.lin"), 403, "forbidden")


def test_it_is_held_its_measure_done_and_then_it_is_closed(house: House, room: Mailroom):
    house.now = datetime(2026, 7, 6, 15, tzinfo=SHANGHAI)
    strange = {**MINUTES, "participants": ["management.zhou", "nobody.here"]}
    problem = refused(house.post(f"{PATH}/minutes", strange, "management.zhou"), 422, "invalid")
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [("participants.1", "not_of_staff")]
    held = house.post(f"{PATH}/minutes", MINUTES, "management.zhou").json
    assert (held["stage"], held["measures"][0]["owner"], held["allowed"]) == ("held", "quality.he", ["finish_measure"])
    room.settle()
    [mail] = [one for one in mails_to("quality.he@staff.example") if "【改进措施】" in one["subject"]]
    assert "review_2026H1" in plain(mail)
    [own] = house.get("/v1/measures", "quality.he").json["items"]
    assert (own["record"], own["number"]) == ("review_2026H1", 1)
    done = house.post(f"{PATH}/measures/1/completion", {"note": "已到岗。"}, "quality.he")
    assert done.json["done_by"] == "quality.he"
    assert house.get(PATH, "cs.lead").json["stage"] == "closed"
    assert house.get("/v1/measures", "quality.he").json["items"] == []


def test_what_was_decided_the_last_time_is_looked_at_the_next_time(house: House, room: Mailroom):
    house.now = datetime(2026, 7, 6, 15, tzinfo=SHANGHAI)
    house.post(f"{PATH}/minutes", MINUTES, "management.zhou")
    house.now = datetime(2027, 1, 8, 9, tzinfo=SHANGHAI)
    review_inputs.prepare(house.now, house.now)
    inputs = house.get("/v1/management-reviews/review_2026H2", "cs.lead").json["inputs"]
    assert [(one["record"], one["number"], one["done_at"]) for one in inputs["actions"]] == [("review_2026H1", 1, None)]


@pytest.mark.parametrize("lang", LOCALES)
def test_it_is_a_document_to_read_and_print(house: House, room: Mailroom, lang: str):
    house.now = datetime(2026, 7, 6, 15, tzinfo=SHANGHAI)
    house.post(f"{PATH}/minutes", MINUTES | {"text": "<b>增加</b>人手"}, "management.zhou")
    page = house.get(f"{PATH}.html?lang={lang}", "management.wu")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{lang}">' in page.text
    assert "&lt;b&gt;增加&lt;/b&gt;人手" in page.text
    assert "report_half_yearly-2026-H1-1" in page.text
    assert not [key for key in ("mr.", "{", "None") if key in page.text.partition("</style>")[2]]


def test_of_a_half_year_before_the_house_there_is_none(house: House):
    days.close_day(date(2026, 7, 1))
    now = datetime(2026, 7, 3, 9, tzinfo=SHANGHAI)
    review_inputs.prepare(now, now)
    assert house.get("/v1/management-reviews", "cs.lead").json["items"] == []


def test_whoever_dies_while_it_is_prepared_leaves_none_or_one(house: House):
    days.close_day(date(2026, 6, 30))
    now = datetime(2026, 7, 3, 9, tzinfo=SHANGHAI)
    house.now = now
    assert max(house.deaths(lambda: review_inputs.prepare(now, now), "after")) < 30
    assert len(house.get("/v1/management-reviews", "cs.lead").json["items"]) == 1


def lived() -> Iterator[tuple[Entry, reviews.ManagementReview]]:
    """A review that is held late, with a measure that nobody carries out and whose owner is not reached."""
    story = Story()
    story.ring(china(8, 4))
    story.do(minutes(date(2026, 8, 5), "quality.he"), ZHOU, china(8, 5))
    story.ring(china(12, 20))
    number = next(one.seq for one in story.entries if one.kind == "MeasureDecided")
    story.add(reviews.unreached(story.state, 1, number, china(12, 21)))
    return ((entry, story.state) for entry in story.entries)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_notice_of_it_is_there_in_every_language_without_a_word_that_somebody_typed(locale: Locale):
    found = {key.kind: one for one in lived() for key in notices_of(one[0], TELLS)}
    assert found.keys() == KINDS.keys()
    for kind, (entry, state) in found.items():
        words = fill(kind, locale, **values(entry, state, locale, POLICY.time_zone))
        assert len(words.subject) < 100, kind
        assert "增加复核人员" not in words.text + words.html
        assert "review_2026H1" in words.text
        assert "{{" not in words.text


def test_every_event_of_it_says_who_is_told():
    kinds = {reviews.ReviewPrepared, reviews.ReviewHeld, *improvement.EVENTS, *duties.ALARMS.values()}
    assert set(TELLS) == kinds
