"""7.2: the policy is looked over every twelve months and where too much was late; who is told, and what is recorded."""

import hashlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import figures, registers
from chalicelib.casework import interpretations, policy_reviews, rules
from chalicelib.casework.commit import commit
from chalicelib.casework.rounds import Round, make
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance.reviews import after_months
from chalicelib.domain.policy import timetable, versions
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.policy.timetable import When
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.figures import Document, Figure
from tests.examples import EXAMPLES
from tests.house import House, refused
from tests.published import publish, withdraw

from . import amending
from .mailroom import Mailroom, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATH = "/v1/policy/reviews"
BODY = EXAMPLES["review_policy"].body
NINE = When(timetable.every_working_day, (time(9),))
REMIND = Round("policy review", NINE, policy_reviews.remind, "latest")


@pytest.fixture
def room(house: House) -> Mailroom:
    figures.put(
        figures.key_of_day(date(2026, 12, 1)), b"{}\n"
    )  # the house's first day, on which version 2 takes effect
    return Mailroom(house)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def reported(first: date, breaches: float | None, edition: int = 1, late: int = 0) -> None:
    """A monthly report in which so many breaches came to a hundred closures, computed on the third."""
    now = at(after_months(first, 1) + timedelta(days=2 + late))
    period = documents.period_of("monthly", first)
    name = report.name_of(period, edition)
    made = Document(
        report_id=name,
        period=period,
        edition=edition,
        computed_at=now,
        as_of=now.date() - timedelta(days=1),
        definitions=1,
        policy_versions=(2,),
        figures={"M16": Figure(n=120, value=breaches, unit="per_100"), "M01": Figure(n=130, value=130)},
    )
    hashed = documents.hash_of(made)
    figures.put(figures.key_of_report(name, hashed, "document.json"), documents.as_bytes(made))
    event = report.ReportComputed(period=period, edition=edition, hash=hashed, as_of=made.as_of, closures=120)
    commit(None, [report.computed(event, now)], now, rules.in_force(now))


def letters(room: Mailroom) -> dict[str, list[str]]:
    """What management and legal were told of it so far, by their first lines."""
    room.settle()
    return {
        who: [text.partition("\n")[0] for subject, text in told(who) if "policy_review" in subject]
        for who in ("management", "legal")
    }


def to_both(*lines: str) -> dict[str, list[str]]:
    return {"management": [*lines], "legal": [*lines]}


def live_through(room: Mailroom, first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        room.house.now = at(first + timedelta(days=number))
        make(room.house.now, [REMIND])


def announce_third(house: House) -> Rules:
    update = {"version": 3, "effective_from": house.now + timedelta(days=9)}
    third = versions.packaged(Rules)[2].model_copy(update=update)
    publish(third, house.now)
    return third


# ---- who is told -----------------------------------------------------------------------------------------------------


def test_thirty_days_before_a_year_is_over_management_and_legal_are_reminded_once(room: Mailroom) -> None:
    live_through(room, date(2027, 10, 28), date(2027, 10, 31))
    assert letters(room) == to_both()
    live_through(room, date(2027, 11, 1), date(2027, 11, 12))
    assert letters(room) == to_both("【制度评估提醒】请在2027年12月1日（星期三）前完成")


def test_once_it_is_late_they_are_told_each_week_until_it_is_held(house: House, room: Mailroom) -> None:
    live_through(room, date(2027, 12, 2), date(2027, 12, 17))
    late = "【已逾期】制度评估应在2027年12月1日（星期三）前完成"
    assert letters(room)["management"] == [late] * 3
    assert house.post(PATH, BODY, "management.zhou").json["late"] is True
    live_through(room, date(2027, 12, 20), date(2027, 12, 31))
    assert letters(room)["management"] == [late] * 3


def test_two_months_with_too_many_breaches_have_it_held_sooner(house: House, room: Mailroom) -> None:
    reported(date(2027, 1, 1), 12.5)
    reported(date(2027, 2, 1), 10.5)
    live_through(room, date(2027, 3, 3), date(2027, 3, 8))
    subject = "【制度提前评估】连续两个月逾期过多，请在2027年4月2日（星期五）前完成评估"
    assert letters(room) == to_both(subject)
    (text,) = [text for subject, text in told("management") if "policy_review_called" in subject]
    assert "根据2027年1月月报和2027年2月月报，连续两个月每100件办结的逾期次数都超过10次" in text
    due = house.get(PATH, "audit.qin").json["next_due"]
    months = ["2027-01-01", "2027-02-01"]
    assert due == {"on": "2027-04-02", "reminded_on": "2027-03-03", "months": months, "overdue": False}
    held = house.post(PATH, BODY | {"decision": "revise"}, "management.zhou").json
    assert (held["cause"], held["due_on"], held["late"]) == ("breaches", "2027-04-02", False)
    assert house.get(PATH, "audit.qin").json["next_due"]["months"] == []


def test_a_late_edition_of_what_was_looked_at_calls_for_no_other_review(house: House, room: Mailroom) -> None:
    reported(date(2027, 1, 1), 12.5)
    reported(date(2027, 2, 1), 10.5)
    house.now = at(date(2027, 3, 9))
    house.post(PATH, BODY, "management.zhou")
    reported(date(2027, 2, 1), 10.6, edition=2, late=20)
    house.now = at(date(2027, 3, 24))
    assert house.get(PATH, "audit.qin").json["next_due"]["on"] == "2028-03-09"


def test_a_house_that_is_new_has_a_year(house: House) -> None:
    assert house.get(PATH, "audit.qin").json["next_due"]["on"] == "2027-10-09"


# ---- the record ------------------------------------------------------------------------------------------------------


def test_a_review_records_what_there_was_to_look_at(house: House, room: Mailroom) -> None:
    house.now = at(date(2027, 2, 1))
    for _ in range(2):
        house.post("/v1/policy/interpretations", EXAMPLES["interpret_policy"].body, "cs.lin")
    for first, breaches in ((date(2026, 12, 1), 3.5), (date(2027, 1, 1), None)):
        reported(first, breaches)
    house.now = at(date(2027, 2, 10))
    announce_third(house)
    answer = house.post(PATH, BODY, "management.zhou")
    assert (answer.status, answer.headers["location"]) == (201, f"{PATH}/1")
    inputs = answer.json["inputs"]
    assert (inputs["since"], inputs["version"], inputs["to_come"]) == ("2026-11-30T16:00:00Z", 2, [3])
    assert [(one["report_id"], one["figures"]) for one in inputs["months"]] == [
        ("report_monthly-2026-12-1", {"M01": 130.0, "M16": 3.5}),
        ("report_monthly-2027-01-1", {"M01": 130.0}),
    ]
    assert (inputs["interpretations"], inputs["to_review"]) == ([1, 2], [1, 2])
    assert answer.json["cause"] == "by_choice"
    house.pass_time(days=1)
    second = house.post(PATH, BODY, "management.wu").json
    assert (second["number"], second["inputs"]["since"]) == (2, answer.json["at"])
    assert second["inputs"]["interpretations"] == []
    assert len(second["inputs"]["months"]) == 2, "the last ones, where none was made since"


def test_it_is_kept_as_it_was_written_and_its_hash_says_so(house: House) -> None:
    answer = house.post(PATH, BODY, "management.zhou").json
    kept = registers.texts("POLICY_REVIEWS", [1])[1]
    assert hashlib.sha256(kept.encode()).hexdigest() == answer["hash"]
    house.pass_time(days=400)
    assert house.get(f"{PATH}/1", "cs.lead").json == answer
    assert house.get(PATH, "audit.qin").json["items"] == [answer]


def test_the_same_request_twice_is_one_review_and_two_at_once_are_two(house: House) -> None:
    first = house.post(PATH, BODY, "management.zhou", Idempotency_Key="once")
    again = house.post(PATH, BODY, "management.zhou", Idempotency_Key="once")
    assert (again.text, again.headers["idempotency-replayed"]) == (first.text, "true")
    with house.meanwhile(lambda: house.post(PATH, BODY, "management.wu")):
        assert house.post(PATH, BODY, "management.zhou").json["number"] == 3
    listed = house.get(f"{PATH}?limit=2", "audit.qin").json
    assert [one["number"] for one in listed["items"]] == [3, 2]
    rest = house.get(f"{PATH}?limit=2&cursor={listed['next_cursor']}", "audit.qin").json
    assert [one["number"] for one in rest["items"]] == [1]
    assert refused(house.get(f"{PATH}/4", "audit.qin"), 404, "not_found")["reason"] == "policy_review_unknown"


# ---- interpretations, when a version is announced --------------------------------------------------------------------


def test_customer_service_is_told_once_what_is_to_be_looked_at_with_a_version(house: House, room: Mailroom) -> None:
    interpretations.tell_of_version(3, house.now)
    house.post("/v1/policy/interpretations", EXAMPLES["interpret_policy"].body, "cs.lin")
    announce_third(house)
    for _ in range(2):
        interpretations.tell_of_version(3, house.now)
    room.settle()
    (text,) = [text for subject, text in told("customer_service") if "interpretations_to_review" in subject]
    assert text.startswith("【请复核制度解释】制度第3版已公示\n")
    assert "- 第1号解释（第4.2c条）" in text.splitlines()
    assert EXAMPLES["interpret_policy"].body["ruling"] not in text


def test_where_the_version_was_withdrawn_before_anybody_was_told_there_is_nothing_to_look_at(
    house: House, room: Mailroom
) -> None:
    house.post("/v1/policy/interpretations", EXAMPLES["interpret_policy"].body, "cs.lin")
    third = announce_third(house)
    interpretations.tell_of_version(3, house.now)
    withdraw(third, house.now)
    room.settle()
    assert [one for one in told("customer_service") if "interpretations_to_review" in one[0]] == []


def test_the_announcement_of_an_amendment_tells_them_and_one_of_operating_data_does_not(
    house: House, room: Mailroom
) -> None:
    house.post("/v1/policy/interpretations", EXAMPLES["interpret_policy"].body, "cs.lin")
    amending.announced(house.now, amending.HOLIDAY)
    room.settle()
    assert [one for one in told("customer_service") if "interpretations_to_review" in one[0]] == []
    amending.announced(house.now)
    room.settle()
    assert len([one for one in told("customer_service") if "interpretations_to_review" in one[0]]) == 1


def test_a_review_names_the_amendments_since_the_last_and_what_was_said_of_them(house: House, room: Mailroom) -> None:
    house.now = at(date(2026, 12, 2))
    amending.announced(house.now)
    house.pass_time(days=1)
    amending.do("amendment_1", governance.Opinion(text="太短了。"), house.now, amending.LEAD)
    amending.draft(house.now, amending.HOLIDAY)
    first = house.post(PATH, BODY, "management.zhou").json["inputs"]
    named = [(one["amendment_id"], one["stage"], one["number"], one["unanswered"]) for one in first["amendments"]]
    assert named == [("amendment_1", "announced", 3, 1), ("amendment_2", "draft", None, 0)]
    house.pass_time(days=1)
    amending.do("amendment_2", governance.Withdrawal(), house.now)
    second = house.post(PATH, BODY, "management.zhou").json["inputs"]
    assert [(one["amendment_id"], one["stage"]) for one in second["amendments"]] == [("amendment_2", "withdrawn")]
