"""Days are closed, reports are computed, commented, issued, made anew; whoever dies on the way is made up for."""

from datetime import date, datetime
from itertools import count
from typing import Any, get_args
from zoneinfo import ZoneInfo

import boto3
import pytest

from chalicelib.adapters import figures, lines, roster, store
from chalicelib.casework import close, compute, days, reports, rounds, rules
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Stale, Unavailable
from chalicelib.domain.supervision import documents
from chalicelib.domain.supervision.figures import Document, Listing
from chalicelib.domain.supervision.report import Report
from chalicelib.domain.supervision.sums import Sum
from tests.house import PLAN, REPORT, House, Killed

from .mailroom import HARD, Mailroom, mail_event, mails_to, notices, plain, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
OCTOBER, AGAIN = "report_monthly-2026-10-1", "report_monthly-2026-10-2"
OF_REPORTS = [one for one in rounds.ROUNDS if "report" in one.name or one.name == "daily close"]
AUDIT = people.staff("audit.qin", frozenset({"audit"}))
TWELFTH = date(2026, 10, 12)
STEPS: tuple[tuple[str, Any], ...] = (
    ("acknowledgement", {}),
    ("investigation-report", REPORT),
    ("resolution-plan", PLAN),
    ("feedback", {"satisfied": True}),
)


def china(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def live(house: House, steps: int = 4) -> str:
    """A complaint goes through, ten minutes a step; its number."""
    number = str(house.file()["complaint_id"])
    for resource, body in STEPS[:steps]:
        house.pass_time(minutes=10)
        assert house.do(number, resource, body).status == 200
    return number


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def make(house: House, at: datetime) -> dict[str, int]:
    """Whatever round of these is due."""
    house.now = at
    rules.forget()
    return rounds.make(at, OF_REPORTS)


def october(house: House) -> list[str]:
    """Seven complaints close in October and one stays open; the report is computed on 3 November. Their numbers."""
    return house.begun(_october)


def _october(house: House) -> list[str]:
    room, numbers = Mailroom(house), []
    for day in range(12, 19):
        house.now = china(10, day)
        numbers.append(live(house))
    numbers.append(live(house, steps=1))
    room.settle()
    compute.monthly(china(11, 3, 8), china(11, 3, 8))
    house.now = china(11, 3, 8)
    room.settle()
    return numbers


def state_of(name: str) -> Report:
    found = store.load(name, Report)
    assert found
    return found.state


def document_of(name: str) -> Document:
    return reports.document_of(state_of(name))


def commented(house: House, due: str = "2026-11-20", owner: str = "quality.he", name: str = OCTOBER) -> None:
    measure = {"what": "质检每日两次处理协查", "owner": owner, "due": due, "moves": "M05"}
    body = {"text": "延误集中在等待质检答复。", "measures": [measure]}
    answer = house.post(f"/v1/reports/{name}/comments", body, "cs.lead")
    assert answer.status == 200, answer.text


# ---- the close -------------------------------------------------------------------------------------------------------


def closed(day: date) -> tuple[int, Sum]:
    kept = days.Days([day])
    return kept[day], kept.sources[day][0]  # type: ignore[return-value]


def test_a_day_that_is_over_is_the_sum_of_its_lines_and_exported(house: House, room: Mailroom):
    house.now = china(10, 12)
    live(house)
    room.settle()
    close.close(china(10, 13, 1), china(10, 13, 1))
    assert closed(TWELFTH) == (Sum.of(lines.of_day(TWELFTH)), 1)
    assert figures.get(figures.key_of_lines(TWELFTH))


def test_closing_a_day_again_makes_no_other_edition(house: House, room: Mailroom):
    house.now = china(10, 12)
    live(house)
    room.settle()
    for _ in range(3):
        close.close(china(10, 13, 1), china(10, 13, 1))
    assert closed(TWELFTH)[1] == 1


def test_a_line_that_comes_late_makes_another_edition_of_its_day_and_the_mark_goes(house: House, room: Mailroom):
    house.now = china(10, 12)
    live(house)
    room.settle()
    live(house)
    close.close(china(10, 13, 1), china(10, 13, 1))
    house.now = china(10, 13, 10)
    room.settle()
    assert [day for day, _ in lines.late_days()] == [TWELFTH]
    close.close(china(10, 14, 1), china(10, 14, 1))
    sum_, edition = closed(TWELFTH)
    assert (sum_, edition) == (Sum.of(lines.of_day(TWELFTH)), 2)
    assert lines.late_days() == []


def test_whoever_replaces_the_sum_of_a_day_has_seen_the_one_before(house: House):
    days.close_day(TWELFTH)
    seen = figures.get(figures.key_of_day(TWELFTH))
    figures.replace(figures.key_of_day(TWELFTH), b'[2, "x"]\n{}', seen)
    with pytest.raises(Stale):
        figures.replace(figures.key_of_day(TWELFTH), b'[2, "y"]\n{}', seen)


# ---- the report ------------------------------------------------------------------------------------------------------


def test_a_report_says_what_its_lines_say_and_which_cases_are_behind_each_figure(house: House):
    numbers = october(house)
    state, document = state_of(OCTOBER), document_of(OCTOBER)
    assert (document.figures["M01"].n, document.figures["M06"].n) == (8, 7)
    assert document.figures["M06"].values["open"] == 1
    assert documents.hash_of(document) == state.hash
    page, cursor = reports.cases(OCTOBER, "M06", AUDIT, house.now, 5, None)
    rest, last = reports.cases(OCTOBER, "M06", AUDIT, house.now, 5, cursor)
    assert sorted([*page, *rest]) == sorted(numbers[:7])
    assert (len(page), last) == (5, None)
    assert reports.cases(OCTOBER, "M19", AUDIT, house.now, 5, None) == ([], None)


def test_a_list_of_nobody_is_not_kept_and_one_that_is_lost_is_told_from_it(house: House):
    october(house)
    folder = state_of(OCTOBER).folder
    assert figures.get(figures.key_of_report(*folder, "cases/M19")) is None
    assert reports.cases(OCTOBER, "M19", AUDIT, house.now, 5, None) == ([], None)
    lost = figures.key_of_report(*folder, "cases/M06")
    boto3.client("s3").delete_object(Bucket=house.environment["REDRESS_FIGURES_BUCKET"], Key=lost)
    with pytest.raises(Unavailable, match="document_missing"):
        reports.cases(OCTOBER, "M06", AUDIT, house.now, 5, None)


def test_what_is_counted_beside_a_figure_is_drilled_to_its_cases_too(house: House):
    numbers = october(house)
    assert reports.cases(OCTOBER, "M06.open", AUDIT, house.now, 5, None) == ([numbers[7]], None)
    over = reports.cases(OCTOBER, "M08.over", AUDIT, house.now, 50, None)[0]
    assert len(over) == document_of(OCTOBER).figures["M08"].values["plans_over"] == 7
    answer = house.get(f"/v1/reports/{OCTOBER}/cases?measure=M12.promises", "cs.lead")
    assert (answer.status, answer.json["items"]) == (200, [])
    assert house.get(f"/v1/reports/{OCTOBER}/cases?measure=M12.else", "cs.lead").status == 422
    assert set(document_of(OCTOBER).cases) == set(get_args(Listing))


def test_its_table_has_a_row_for_each_closure(house: House):
    numbers = october(house)
    answer = house.get(f"/v1/reports/{OCTOBER}.csv", "cs.lead")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = answer.text.splitlines()
    assert head.startswith("\ufeffcomplaint_id,")
    assert sorted(row.split(",")[0] for row in rows) == sorted(numbers[:7])


def test_a_table_too_long_for_an_answer_is_led_to(house: House, monkeypatch: pytest.MonkeyPatch):
    october(house)
    monkeypatch.setattr(reports, "FEW", 3)
    answer = house.get(f"/v1/reports/{OCTOBER}.csv", "cs.lead")
    assert answer.status == 302
    assert "rows.csv.gz" in answer.headers["location"]


def test_it_is_there_as_a_document_in_the_language_that_is_asked_for(house: House):
    october(house)
    for locale in ("zh-CN", "zh-TW", "en"):
        answer = house.get(f"/v1/reports/{OCTOBER}.html?lang={locale}", "management.zhou")
        assert answer.status == 200
        assert f'lang="{locale}"' in answer.text
        assert "content-security-policy" in answer.headers


def test_its_entries_are_chained_and_it_is_told_of_once(house: House, room: Mailroom):
    october(house)
    room.settle()
    found = store.load_with_entries(OCTOBER, Report)
    assert found
    assert [entry.kind for entry in found.entries] == ["ReportComputed"]
    assert first_broken_link(found.entries) is None
    assert notices(house, OCTOBER) == [("supervisor", "report_computed", "sent")]
    compute.monthly(china(11, 3, 8), china(11, 3, 9))
    room.settle()
    assert notices(house, OCTOBER) == [("supervisor", "report_computed", "sent")]
    assert store.load(AGAIN, Report) is None


def test_a_month_without_closures_is_a_report_too(house: House):
    compute.monthly(china(11, 3, 8), china(11, 3, 8))
    document = document_of(OCTOBER)
    assert {figure.n for figure in document.figures.values()} == {0}
    assert document.figures["M05"].value is None


def test_each_kind_is_made_when_it_is_time_and_what_was_missed_for_three_days_is_made_up(house: House, room: Mailroom):
    make(house, china(10, 9, 9))
    house.now = china(10, 9, 10)
    number = live(house)
    room.settle()
    made = make(house, china(10, 13, 9))
    assert made == {
        "daily close": 4,
        "daily report": 4,
        "weekly report": 1,
        "monthly report": 0,
        "half-yearly report": 0,
    }
    assert reports.cases("report_daily-2026-10-09-1", "M01", AUDIT, house.now, 5, None) == ([number], None)
    for day, opened in ((9, 1), (10, 0), (11, 0), (12, 0)):
        document = document_of(f"report_daily-2026-10-{day:02}-1")
        assert (document.figures["M01"].n, document.as_of) == (opened, date(2026, 10, day))
    assert document_of("report_weekly-2026-W41-1").figures["M01"].n == 1


def test_the_half_year_is_reported_on_its_second_working_day(house: House):
    now = datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)
    (row,) = [one for one in OF_REPORTS if one.name == "half-yearly report"]
    occasion = row.when.latest(now, rules.in_force(now))
    assert occasion
    day = occasion.astimezone(SHANGHAI).date()
    assert date(2027, 1, 3) <= day <= date(2027, 1, 8)
    assert documents.before(documents.period_of("half_yearly", day)).name == "2026-H2"


def test_what_was_open_is_what_was_open_when_the_day_ended_though_it_has_closed_since(house: House, room: Mailroom):
    house.now = china(10, 30, 20)
    number = live(house, steps=2)
    later = live(house, steps=1)
    room.settle()
    house.now = china(11, 2, 9)
    for resource, body in STEPS[2:]:
        assert house.do(number, resource, body).status == 200
    assert house.do(later, "investigation-report", REPORT).status == 200
    house.file()
    room.settle()
    found = compute.open_at_end_of(date(2026, 10, 31), house.now, rules.in_force(house.now))
    assert {(one.id, str(one.stage)) for one in found} == {(number, "planning"), (later, "investigating")}


def test_complaints_that_close_while_a_report_is_computed_are_the_next_ones(house: House, room: Mailroom):
    house.now = china(11, 4)
    first, second = live(house, steps=4), live(house, steps=3)
    room.settle()
    house.now = china(11, 5, 1)

    def close_one(call: str, moment: str) -> None:
        if call == "s3:ListObjectsV2" and moment == "before":
            house.interfere = lambda call, moment: None
            assert house.do(second, *STEPS[3]).status == 200
            room.react()

    with house.interfering(close_one):
        compute.daily(china(11, 5, 1), china(11, 5, 1))
    assert reports.cases("report_daily-2026-11-04-1", "M06", AUDIT, house.now, 9, None) == ([first], None)
    assert lines.late_days() == []
    compute.daily(china(11, 6, 1), china(11, 6, 1))
    assert reports.cases("report_daily-2026-11-05-1", "M06", AUDIT, house.now, 9, None) == ([second], None)


# ---- another edition -------------------------------------------------------------------------------------------------


def test_late_events_make_another_edition_that_says_why_and_the_first_one_stays(house: House, room: Mailroom):
    october(house)
    before = document_of(OCTOBER)
    house.now = china(10, 30)
    live(house)
    house.now = china(11, 5)
    room.settle()
    close.close(china(11, 6, 1), china(11, 6, 1))
    room.settle()
    second = document_of(AGAIN)
    assert document_of(OCTOBER) == before
    assert (second.edition, second.as_of, second.figures["M06"].n) == (2, before.as_of, 8)
    assert second.reason
    assert "2026-10-30" in second.reason
    assert second.figures["M06"].values["open"] == before.figures["M06"].values["open"]
    assert ("management", "report_edition", "queued") in notices(house, AGAIN), "it is night"
    house.now = china(11, 6, 8)
    room.sweep()
    assert ("management", "report_edition", "sent") in notices(house, AGAIN)
    close.close(china(11, 7, 1), china(11, 7, 1))
    assert store.load("report_monthly-2026-10-3", Report) is None


def test_a_late_day_that_changes_no_figure_makes_none(house: House):
    october(house)
    lines.mark_late(TWELFTH, china(11, 5))
    close.close(china(11, 6, 1), china(11, 6, 1))
    assert store.load(AGAIN, Report) is None
    assert lines.late_days() == []


def test_a_line_that_comes_while_a_report_is_computed_stops_it_and_it_is_made_the_next_hour(
    house: House, room: Mailroom
):
    house.now = china(10, 30)
    live(house)
    house.now = china(11, 3, 8)

    listings = count(1)

    def late(call: str, moment: str) -> None:
        """After the marks were read: the first listing of days only says whether there is anything to report."""
        if (call, moment) == ("s3:ListObjectsV2", "before") and next(listings) == 2:
            house.interfere = lambda call, moment: None
            room.react()

    days.close_day(date(2026, 10, 30))
    with house.interfering(late), pytest.raises(days.ClosedMeanwhile):
        compute.monthly(china(11, 3, 8), china(11, 3, 8))
    compute.monthly(china(11, 3, 8), china(11, 3, 9))
    assert document_of(OCTOBER).figures["M06"].n == 1


# ---- people ----------------------------------------------------------------------------------------------------------


def test_it_is_commented_and_issued_and_management_is_told(house: House, room: Mailroom):
    october(house)
    refused = house.post(f"/v1/reports/{OCTOBER}/issue", {}, "management.zhou")
    assert (refused.status, refused.json["reason"], refused.json["allowed"]) == (
        409,
        "report_stage_forbids",
        ["comment"],
    )
    commented(house)
    shown = house.post(f"/v1/reports/{OCTOBER}/issue", {}, "management.zhou", If_Match='"3"').json
    room.settle()
    assert (shown["stage"], shown["issued_by"]) == ("issued", "management.zhou")
    assert shown["comments"][0]["text"] == "延误集中在等待质检答复。"
    assert {one for one in notices(house, OCTOBER) if one[1] == "report_issued"} == {
        ("management", "report_issued", "sent"),
        ("supervisor", "report_issued", "sent"),
    }
    again = house.post(f"/v1/reports/{OCTOBER}/comments", {"text": "再补一句"}, "cs.lead")
    assert (again.status, again.json["reason"]) == (409, "report_stage_forbids")


def test_a_measure_is_its_owners_to_do_is_reminded_of_late_escalated_and_done(house: House, room: Mailroom):
    october(house)
    commented(house, due="2026-11-06")
    room.settle()
    (mine,) = house.get("/v1/measures", "quality.he").json["items"]
    assert (mine["number"], mine["moves"], mine["what"]) == (1, "M05", "质检每日两次处理协查")
    (letter,) = mails_to(str(roster.email_of("quality.he", house.now)))
    assert "要改善的指标：按原定期限完成率。" in plain(letter)
    for at, kinds in (
        (china(11, 4, 21), ["measure_given", "measure_reminder"]),
        (china(11, 7, 0), ["measure_given", "measure_reminder"]),
        (china(11, 7, 9), ["measure_given", "measure_reminder", "measure_late", "measure_late"]),
        (china(11, 12, 9), ["measure_given", "measure_reminder", *["measure_late"] * 3]),
    ):
        house.now = at
        room.sweep()
        sent = [kind for _, kind, state in notices(house, OCTOBER) if kind.startswith("measure") and state == "sent"]
        assert sorted(sent) == sorted(kinds), at
    assert house.get("/v1/measures", "quality.he").json["items"][0]["missed"] is True
    done = house.post(f"/v1/reports/{OCTOBER}/measures/1/completion", {"note": "已改"}, "quality.he")
    assert (done.status, done.json["done_by"]) == (200, "quality.he")
    assert house.get("/v1/measures", "quality.he").json["items"] == []
    again = house.post(f"/v1/reports/{OCTOBER}/measures/1/completion", {"note": "已改"}, "quality.he")
    assert (again.status, again.json["reason"]) == (409, "improvement_done")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"owner": "nobody.here"}, "measures.0.owner", "not_of_staff"),
        ({"due": "2026-11-03"}, "measures.0.due", "day_passed"),
        ({"due": "2028-01-01"}, "measures.0.due", "day_too_far"),
        ({"moves": "M99"}, "measures.0.moves", "not_listed"),
        ({"moves": "M18"}, "measures.0.moves", "not_listed"),
    ],
)
def test_a_measure_that_nobody_can_carry_out_is_refused(house: House, changes: dict[str, str], field: str, code: str):
    october(house)
    measure = {"what": "质检每日两次", "owner": "quality.he", "due": "2026-11-20", "moves": "M05"} | changes
    answer = house.post(f"/v1/reports/{OCTOBER}/comments", {"text": "延误", "measures": [measure]}, "cs.lead")
    assert answer.status == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]
    assert state_of(OCTOBER).comments == ()


def test_the_next_report_shows_the_measure_with_its_figure_of_then_and_of_now(house: House, room: Mailroom):
    october(house)
    commented(house)
    house.now = china(11, 18)
    assert house.post(f"/v1/reports/{OCTOBER}/measures/1/completion", {"note": "已改"}, "cs.lead").status == 200
    for day in range(19, 26):
        house.now = china(11, day)
        live(house)
    room.settle()
    compute.monthly(china(12, 2, 8), china(12, 2, 8))
    (shown,) = house.get("/v1/reports/report_monthly-2026-11-1", "cs.lead").json["measures"]
    assert (shown["record"], shown["number"], shown["note"]) == (OCTOBER, 1, "已改")
    assert (shown["before"]["value"], shown["now"]["value"]) == (1.0, 1.0)
    compute.monthly(datetime(2027, 1, 5, 8, tzinfo=SHANGHAI), datetime(2027, 1, 5, 8, tzinfo=SHANGHAI))
    assert len(reports.read("report_monthly-2026-12-1", AUDIT, china(12, 2)).measures) == 1, "a whole month with it"
    compute.monthly(datetime(2027, 2, 2, 8, tzinfo=SHANGHAI), datetime(2027, 2, 2, 8, tzinfo=SHANGHAI))
    assert reports.read("report_monthly-2027-01-1", AUDIT, china(12, 2)).measures == ()


def test_an_owner_who_is_not_reached_is_the_supervisors_to_tell(house: House, room: Mailroom):
    import app

    october(house)
    commented(house)
    room.settle()
    given = next(one for one in house.items() if "#measure_given#" in one["sk"]["S"])
    assert app.mail_events(mail_event(house, "Bounce", given, **HARD), None) == 1
    room.settle()
    assert ("supervisor", "measure_untold", "sent") in notices(house, OCTOBER)
    assert any("measure_untold" in subject for subject, _ in told("supervisor"))


def test_the_newest_report_of_a_kind_comes_first(house: House):
    for day in (9, 10, 11):
        compute.daily(china(10, day, 1), china(10, day, 1))
    first = house.get("/v1/reports?kind=daily&limit=2", "audit.qin").json
    assert [one["period"] for one in first["items"]] == ["2026-10-10", "2026-10-09"]
    rest = house.get(f"/v1/reports?kind=daily&limit=2&cursor={first['next_cursor']}", "audit.qin").json
    assert ([one["period"] for one in rest["items"]], rest["next_cursor"]) == (["2026-10-08"], None)
    assert house.get("/v1/reports", "audit.qin").json == {"items": [], "next_cursor": None}


# ---- whoever dies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_at_any_call_of_the_close_does_it_again(house: House, room: Mailroom, moment: str):
    house.now = china(10, 12)
    live(house)
    room.settle()
    compute.daily(china(10, 13, 1), china(10, 13, 1))
    house.now = china(10, 12)
    live(house)
    house.now = china(10, 13, 10)
    room.settle()
    again = house.remembered()
    close.close(china(10, 14, 1), china(10, 14, 1))
    expected = document_of("report_daily-2026-10-12-2")
    again()
    deaths = 0
    for _ in house.deaths(lambda: close.close(china(10, 14, 1), china(10, 14, 1)), moment):
        deaths += 1
        assert len(lines.late_days()) == 1 or moment == "after", "the mark goes last"
    assert deaths > 20
    assert closed(TWELFTH) == (Sum.of(lines.of_day(TWELFTH)), 2)
    assert document_of("report_daily-2026-10-12-2").figures == expected.figures
    assert store.load("report_daily-2026-10-12-3", Report) is None
    assert lines.late_days() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_at_any_call_of_the_computing_does_it_again(house: House, room: Mailroom, moment: str):
    house.now = china(10, 12)
    number = live(house)
    room.settle()
    make(house, china(10, 12, 23))
    house.now = china(10, 13, 1)
    deaths = 0
    for _ in house.deaths(lambda: rounds.make(house.now, OF_REPORTS), moment):
        deaths += 1
        rules.forget()
    assert deaths > 40
    room.settle()
    assert reports.cases("report_daily-2026-10-12-1", "M06", AUDIT, house.now, 5, None) == ([number], None)
    assert store.load("report_daily-2026-10-12-2", Report) is None


def test_an_interrupted_export_leaves_the_day_open_and_is_done_again(house: House, room: Mailroom):
    house.now = china(10, 12)
    live(house)
    room.settle()
    with house.killed_at(9, "before"), pytest.raises(Killed):
        close.close(china(10, 13, 1), china(10, 13, 1))
    assert figures.get(figures.key_of_day(TWELFTH)) is None
    close.close(china(10, 13, 1), china(10, 13, 2))
    assert figures.get(figures.key_of_lines(TWELFTH))
    assert closed(TWELFTH)[1] == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_a_comment_or_a_notice_of_a_report_loses_nothing(house: House, room: Mailroom, moment: str):
    october(house)
    room.settle()
    body = {"text": "延误", "measures": [{"what": "改", "owner": "cs.chen", "due": "2026-11-20", "moves": "M05"}]}

    def comment() -> None:
        answer = house.post(f"/v1/reports/{OCTOBER}/comments", body, "cs.lead", Idempotency_Key="once")
        assert answer.status == 200, answer.text

    assert list(house.deaths(comment, moment))
    assert len(state_of(OCTOBER).measures) == 1
    seen = set(room.seen)

    def follow() -> None:
        room.seen = set(seen)
        room.react()

    assert list(house.deaths(follow, moment))
    room.settle()
    given = [one for one in notices(house, OCTOBER) if one[1] == "measure_given"]
    assert given == [("person/cs.chen", "measure_given", "sent")]


def test_it_is_all_json_that_anybody_can_read(house: House):
    october(house)
    shown = house.get(f"/v1/reports/{OCTOBER}", "audit.qin")
    body = shown.json
    assert {"report_id", "kind", "period", "edition", "stage", "hash", "figures"} <= body.keys()
    assert (body["kind"], body["period"], body["edition"], body["stage"]) == ("monthly", "2026-10", 1, "computed")
    assert {"n", "ripe", "value", "rows"} <= body["figures"]["M03"].keys()
    assert body["figures"]["M07"]["ripe"] is False
    assert body["allowed"] == []
    assert shown.headers["etag"].startswith('"1-')
