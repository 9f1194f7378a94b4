"""The tour, as a newcomer runs it, against a system of its own."""

import csv
import io
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console

from chalicelib.domain.policy.causes import packaged_causes
from chalicelib.domain.vocabulary.terms import ResponsibleParty
from infra.tour import many, month, parties, report, rows
from infra.tour.calls import Line, Refused
from infra.tour.journey import Journey
from infra.tour.summary import Summary
from infra.tour.views import GENESIS, broken_link
from tests.running import PATIENCE, ROOT, System, free_ports, running_system, stop

REAL_TEXTS = ROOT.parent / "shared" / "data" / "complaints_zh.csv"
MODERATE = 24
"""Rows of the real file to go through here; `make tour` with `--file` takes them all."""

NASTY = {
    "emoji": "壶😡🔥👨‍👩‍👧‍👦裂了‼️",
    "quotes": "er sagte: \"kaputt\", 'kaputt', „kaputt“, `kaputt`",
    "right-to-left": "الغلاية مكسورة \u202eتماما\u202c وتسرب الماء",
    "formula": '=HYPERLINK("http://127.0.0.1/","click")\t+1-2@SUM(A1)',
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "template": "{{ 7*7 }} {% for x in y %} ${7*7} #{7*7} %(name)s {0} [bold red]loud[/] [/]",
    "query": "'; DROP TABLE complaints; -- \\",
    "lines": "first\r\nsecond\n\nthird\twith a tab",
    "wide": "𠮷野家的壶 ｆｕｌｌｗｉｄｔｈ Z̷͎̈a̶͇̕l̵̰̈g̷̣̈o̵̺̊ ﷽",
    "5000 characters": "裂" * 5000,
}


def tour(system: System | None, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, on a system or on whatever the environment says."""
    where = ["--api", system.api, "--desk", system.desk] if system else []
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    command = [sys.executable, "-m", "infra.tour", *where, *arguments]
    settings = {**inherited, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, encoding="utf-8", timeout=PATIENCE)


def written(path: Path, products: dict[str, str]) -> Path:
    """A CSV file with these products and texts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("product", "text"), *products.items()])
    return path


def figures(output: str) -> dict[str, str]:
    """The summary's figures by name."""
    pairs = (line.strip().partition("  ") for line in output.splitlines() if line.startswith("    "))
    return {name: value.strip() for name, _, value in pairs}


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with running_system() as running:
        yield running


@pytest.fixture(scope="module")
def told(system: System) -> subprocess.CompletedProcess[str]:
    """The tour of one complaint, as it is without a terminal."""
    return tour(system)


# ---- one complaint ---------------------------------------------------------------------------------------------------


def test_one_complaint_is_told_from_its_filing_to_its_closure(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stderr == ""
    for shown in (
        "POST /v1/complaints → 201",
        "我们已收到您的投诉",
        "SHA-256",
        "signs in and sees the queue",
        "sees what the shop knows of the order",
        "topic to QualityTopic: 【请协助调查】",
        "inquiry 1",
        "investigation reported",
        "plan objected to",
        "王芳 sees",
        "24:00 in China",
        "sms in the outbox",
        "处理方案的后续措施已完成",
        "inquiry answered",
        "The chain holds: ",
        "is closed as satisfied, and what was promised is done.",
    ):
        assert shown in told.stdout
    for stage in ("received", "investigating", "planning", "awaiting_consumer", "closed"):
        assert f"[{stage}]" in told.stdout


def test_the_consumer_is_never_shown_to_see_what_is_internal(told: subprocess.CompletedProcess[str]) -> None:
    lines = [one.strip() for one in told.stdout.splitlines()]
    for internal in ("contact ", "assignee ", "report ", "inquiries "):
        assert next(one for one in lines if one.startswith(internal)).endswith("—")


def test_without_a_terminal_nothing_is_painted(told: subprocess.CompletedProcess[str]) -> None:
    assert "\x1b" not in told.stdout


def test_a_terminal_that_wants_no_colours_gets_none(system: System) -> None:
    painted = tour(system, FORCE_COLOR="1").stdout
    plain = tour(system, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[1;32m" in painted
    assert "\x1b[1;32m" not in plain


def test_a_token_that_is_no_longer_taken_is_renewed_once(system: System) -> None:
    line = Line(system.api, system.desk)
    fresh = parties.staff(line, "cs.lin")
    admitted = Counter[str]()

    def admit() -> str:
        admitted["times"] += 1
        return str(line.call("cs.lin", "POST", "/v1/sign-in", json=credentials).body["access_token"])

    credentials = {"username": "cs.lin", "password": parties.PASSWORD}
    assert parties.Party(line, "cs.lin", admit, token="expired").get("/v1/complaints?limit=1")["items"] is not None
    assert admitted["times"] == 1
    with pytest.raises(Refused, match="401"):
        parties.Party(line, "stranger", lambda: "never valid").get("/v1/complaints")
    with pytest.raises(Refused, match="401"):
        parties.Party(line, "consumer", token="never valid").get("/v1/complaints/AAAAA-AAAAA")
    assert fresh.get("/v1/complaints?limit=1")["items"] is not None


# ---- a file of complaints --------------------------------------------------------------------------------------------


def test_nasty_words_get_through_unchanged(system: System, tmp_path: Path) -> None:
    done = tour(system, "--file", str(written(tmp_path / "nasty.csv", NASTY)))
    assert done.returncode == 0, done.stdout + done.stderr
    found = figures(done.stdout)
    assert found["rows"] == found["closed as satisfied"] == str(len(NASTY))
    assert found["adapted"] == "nothing"
    lin = parties.staff(Line(system.api, system.desk), "cs.lin")
    closed = lin.get("/v1/complaints?stage=closed&limit=100")["items"]
    kept = {one["product_name"]: lin.get(f"/v1/complaints/{one['complaint_id']}")["description"] for one in closed}
    assert {name: kept.get(name) for name in NASTY} == NASTY


def test_what_could_not_be_filed_is_adapted_and_said_so(system: System, tmp_path: Path) -> None:
    unfit = {"long": "裂" * 5001, "\x1b[31mred": "bell\x07 nul\x00", "": "裂了", "壶" * 201: "\u200b"}
    done = tour(system, "--file", str(written(tmp_path / "unfit.csv", unfit)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert figures(done.stdout)["adapted"] == "4 rows"
    assert "cut to 5000 characters" in done.stdout
    assert "\x1b" not in done.stdout


def test_every_third_consumer_objects_once_and_each_gets_one_receipt(system: System, tmp_path: Path) -> None:
    done = tour(system, "--file", str(written(tmp_path / "ten.csv", {f"壶 {n}": "裂了" for n in range(10)})))
    found = figures(done.stdout)
    assert (done.returncode, found["objections"], found["failed"]) == (0, "3", "0")
    assert found["receipts"] == "10 of 10 in the outbox, each once"
    told = [line.partition(",")[0] for line in done.stdout.splitlines()]
    assert told.index("0 of 10 complaints") < told.index("10 of 10 complaints") < told.index("notices on their way")


@pytest.mark.parametrize(("total", "line"), [(7, "2 of 7 complaints"), (None, "complaints")])
def test_without_a_terminal_a_line_every_few_seconds_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, total: int | None, line: str
) -> None:
    monkeypatch.setattr(many, "EVERY", 0.001)
    paper = io.StringIO()
    with many.progress(Console(file=paper), "complaints", total) as advance:
        advance()
        advance()
        for _ in range(10_000):
            if paper.getvalue().count(f"{line}, ") > 3:
                break
            threading.Event().wait(0.01)
    assert paper.getvalue().count(f"{line}, ") > 3


if REAL_TEXTS.exists():  # they are not part of the project

    def test_real_texts_get_through(system: System) -> None:
        done = tour(system, "--file", str(REAL_TEXTS), "--limit", str(MODERATE))
        assert done.returncode == 0, done.stdout + done.stderr
        assert figures(done.stdout)["closed as satisfied"] == str(MODERATE)


def test_where_law_is_involved_legal_approves_each_plan(system: System, tmp_path: Path) -> None:
    rows = {"假货": "宣传和实物不符，是假的", "面霜": "用后过敏红肿", "壶": "倒水漏电"}
    done = tour(system, "--file", str(written(tmp_path / "law.csv", rows)))
    found = figures(done.stdout)
    assert (done.returncode, found["closed as satisfied"], found["objections"]) == (0, "3", "1")


# ---- an amendment of the policy --------------------------------------------------------------------------------------


def test_the_policy_is_amended_until_the_new_version_is_in_force() -> None:
    """On a system of its own, in a week in which nothing else is due."""
    with running_system(REDRESS_CLOCK="2026-12-02T02:00:00Z") as system:
        done = tour(system, "--amend")
        read = Line(system.api, system.desk).call("anybody", "GET", "/v1/policy/versions/3").body
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in (
        "(4.1c): ",
        "finished",
        "approval → 403",
        "approval → 200",
        "topic to AuditTopic: 【制度公示】第3版将于",
        "topic to AuditTopic: 【制度生效】第3版已生效",
        "/policy/versions/3: ",
    ):
        assert shown in done.stdout
    assert f"Version 3 of the policy is in force: {system.api}/policy/versions/3" in done.stdout
    assert (read["state"], read["amendment_id"]) == ("in_force", "amendment_1")


def test_an_amendment_is_a_tour_of_its_own(tmp_path: Path) -> None:
    assert "a tour of its own" in tour(None, "--amend", "--report", str(tmp_path)).stderr


# ---- trouble ---------------------------------------------------------------------------------------------------------


def test_without_a_running_system_one_line_says_what_to_do() -> None:
    api, desk = map(str, free_ports(2))
    told = tour(None, REDRESS_API_PORT=api, REDRESS_DESK_PORT=desk)
    assert (told.returncode, told.stdout) == (1, "")
    assert "make run" in told.stderr
    assert desk in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_something_else_at_the_address_is_not_taken_for_redress(system: System) -> None:
    told = tour(None, "--api", system.api, "--desk", system.aws)
    assert told.returncode == 1
    assert "not as a healthy Redress does" in told.stderr


def test_a_system_that_goes_away_ends_the_run_with_a_summary(tmp_path: Path) -> None:
    file = written(tmp_path / "many.csv", {f"壶 {n}": "裂了" for n in range(80)})
    with running_system() as system:
        command = [sys.executable, "-u", "-m", "infra.tour", "--api", system.api, "--desk", system.desk]
        with subprocess.Popen(
            [*command, "--file", str(file)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        ) as running:
            assert running.stdout
            begun = [running.stdout.readline() for _ in range(3)]
            assert begun[-1] == "0 of 80 complaints, 0 s\n", "it says so at once"
            stop(system.process)
            rest = running.stdout.read()
    assert running.returncode == 1
    found = figures(rest)
    assert int(found["not tried"]) > 0
    assert found["receipts"] == "could not be looked for"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"product,text\n", "no rows"),
        (b"product,words\n\xe5\xa3\xb6,x\n", "no column text"),
        ("product,text\n壶,裂了\n".encode("gbk"), "not UTF-8"),
        (b'product,text\nkettle,"cracked\n', "line 2"),
    ],
)
def test_a_bad_file_is_told_in_one_line(content: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    told = tour(None, "--file", str(file))
    assert (told.returncode, told.stdout) == (1, "")
    assert says in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in tour(None, "--file", str(tmp_path / "nowhere.csv")).stderr


@pytest.mark.parametrize("wrong", [("--workers", "0"), ("--limit", "x"), ("--api", "localhost:8000")])
def test_a_wrong_option_is_named(wrong: tuple[str, str]) -> None:
    told = tour(None, *wrong)
    assert told.returncode == 2
    assert wrong[0] in told.stderr
    assert "Traceback" not in told.stderr


# ---- without a system ------------------------------------------------------------------------------------------------


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_bytes('Text ,id,Product\r\n"裂了，""真的""",7,壶\r\n\r\n,,\r\n漏,8,杯\r\n'.encode("utf-8-sig"))
    assert [(row.number, row.product, row.text) for row in rows.read(file)] == [
        (1, "壶", '裂了，"真的"'),
        (2, "杯", "漏"),
    ]


@pytest.mark.parametrize(("receipts", "complete"), [({"A": 1}, True), ({"A": 2}, False), ({}, False), (None, False)])
def test_a_run_is_complete_when_each_consumer_has_one_receipt(receipts: dict[str, int] | None, complete: bool) -> None:
    journey = Journey(rows.adapt(1, "壶", "裂了"), complaint_id="A", satisfied=True)
    assert Summary(1, [journey], 1.0, receipts).complete is complete
    assert not Summary(2, [journey], 1.0, receipts).complete


def test_an_event_that_does_not_follow_the_one_before_it_is_found() -> None:
    chain = [{"seq": 1, "previous": GENESIS, "hash": "a"}, {"seq": 2, "previous": "a", "hash": "b"}]
    assert broken_link(chain) is None
    assert broken_link([chain[0], chain[1] | {"previous": "x"}]) == 2
    assert broken_link(chain[1:]) == 2


# ---- a month of it ---------------------------------------------------------------------------------------------------


def test_a_report_is_of_a_file(tmp_path: Path) -> None:
    done = tour(None, "--report", str(tmp_path))
    assert (done.returncode, done.stderr.strip()) == (1, "A report is of a file of complaints: name one with --file.")


def test_where_no_report_can_be_laid_is_said_before_a_month_is_lived_through(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"a file")
    assert report.room_in(taken) == f"{taken} cannot take a report: File exists. Name another folder."
    assert report.room_in(tmp_path / "new" / "folder") is None
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_what_a_supervisor_says_of_the_month_is_true_of_it() -> None:
    for value, said in ((0.786, "部门协查按时率：79%。"), (None, "部门协查按时率：件数太少，暂不计算。")):
        assert said in report.comment_on({"figures": {"M14": {"value": value}}})


def test_whatever_the_words_point_to_is_a_cause_of_the_policy_and_somebodys_responsibility() -> None:
    parties = get_args(ResponsibleParty)
    for code, party, _ in rows.CAUSES:
        assert code in packaged_causes()
        assert party in parties
    found = [
        rows.adapt(number, "壶", text).coded for number, text in ((1, "假货"), (5, "快递太慢"), (11, "裂了"), (2, "…1"))
    ]
    assert [one["cause_code"] for one in found] == [
        "product.counterfeit",
        "delivery.late",
        "consumer.changed_mind",
        "undetermined",
    ]
    assert [one["verdict"] for one in found] == ["founded", "partly_founded", "unfounded", "undetermined"]


@pytest.mark.parametrize(
    ("first", "begun", "end", "half_days"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 1), 62),
        (date(2026, 2, 1), date(2026, 2, 6), date(2026, 3, 1), 46),
    ],
)
def test_a_month_is_lived_through_to_its_last_afternoon(first: date, begun: date, end: date, half_days: int) -> None:
    ahead = month.Month(first, begun)
    assert (ahead.end, len(ahead.half_days)) == (end, half_days)
    assert ahead.half_days[0].date() == begun
    assert ahead.half_days[-1].date() == end - timedelta(days=1)
