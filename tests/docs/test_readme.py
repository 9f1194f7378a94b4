"""The README says what the code does, and what was measured; and so do those of the rooms."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.casework import amendment_letters, audit_letters, report_letters, review_letters, sheet_letters
from chalicelib.domain.audit import audit
from chalicelib.domain.complaint.lifecycle import LIFECYCLE
from chalicelib.domain.governance import amendment
from chalicelib.domain.ground.errors import STATUSES
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import SAFETY_CLOCKS, Rules
from chalicelib.domain.telling import kinds, notices
from chalicelib.domain.vocabulary import refusals
from chalicelib.settings import Settings
from infra.local.options import PORTS

from .documents import DOCUMENTS, ROOT, files_named_in, found, rows, text_of

README = "README.md"
DOMAIN, NOTICES, RESULTS = "chalicelib/domain/README.md", "chalicelib/notices/README.md", "tests/bench/RESULTS.md"
OF_THE_HOUSE = {
    "more": ["consumer"],
    "lost_link": ["consumer"],
    "digest": ["every department"],
    "safety_more": ["whoever is told of dangers"],
    "returned": ["supervisor"],
    "rising": ["quality", "management"],
    "got_worse": ["supervisor"],
    "study_asked": ["person"],
    "study_reminder": ["person"],
    "unstudied": ["supervisor"],
    "training_given": ["person"],
    "training_reminder": ["person"],
    "training_late": ["supervisor"],
    "training_to_confirm": ["supervisor"],
    "interpretations_to_review": ["customer_service"],
    "policy_review_due": ["management", "legal"],
    "policy_review_called": ["management", "legal"],
    "policy_review_findings": ["management", "legal"],
    "policy_review_late": ["management", "legal"],
    "audit_missing": ["audit", "management"],
    "audit_left": ["supervisor", "management"],
    "webhook_given_up": ["supervisor", "whom the shop names"],
    "webhook_disabled": ["supervisor", "whom the shop names"],
    "calendar_warning": ["management"],
}
"""Kinds of notices that no event leads to."""
ELSEWHERE = {"sam.json", "parameters.json", "evidence/"}
"""What is made by `make package`, or is a place in the bucket."""


# ---- what every document names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_is_there(document: str):
    assert {name for name in files_named_in(document) - ELSEWHERE if not found(name)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_is_there(document: str):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    |&& )make ([a-z][a-z-]*)", text_of(document), re.MULTILINE)) <= targets


def test_the_documents_are_all_there_are():
    there = {str(path.relative_to(ROOT)) for path in ROOT.glob("[!.]*/**/*.md") if "build" not in path.parts}
    assert there | {README, "CHANGELOG.md"} == {*DOCUMENTS, RESULTS}


# ---- README.md -------------------------------------------------------------------------------------------------------


def test_the_readme_is_read_in_five_minutes():
    assert len(text_of(README).splitlines()) < 150


def test_the_readme_leads_to_every_other_document():
    assert {one for one in DOCUMENTS if f"`{one}`" not in text_of(README)} == {README}


def test_the_ports_are_those_of_the_local_system():
    assert {row[2].strip("`"): int(row[1]) for row in rows(README, "| `make run` listens on |")} == PORTS


def measured(section: str, row: str, column: int) -> str:
    """A cell of a table in the results, found by what its row begins with."""
    text = text_of(RESULTS)
    begins = text.index(f"\n## {section}")
    lines = text[begins : text.find("\n## ", begins + 1)].splitlines()
    (line,) = (line for line in lines if line.startswith(f"| {row} |"))
    return line.split("|")[column].strip()


CPU, COLD, PAGE = "CPU of each handler", "Cold start", "A page of 25"
FUZZ = re.compile(r"minutes, seed \d+: (\d+ requests, \w+ faults)")
FIGURES = {
    "AWS for a complaint that goes well": [
        measured("What a complaint costs", "altogether", 3),
        measured("What a complaint costs", "AWS calls", 2),
    ],
    "AWS for one that goes badly": [
        measured("What a complaint costs", "altogether", 7),
        measured("What a complaint costs", "AWS calls", 6),
    ],
    "filing a complaint": [measured(CPU, "api: file_complaint", 2), measured(CPU, "api: file_complaint", 3)],
    "a page of a queue": [
        *(measured(PAGE, f"{filled} | one stage", column) for filled in ("1,000", "100,000") for column in (3, 4)),
    ],
    "cold start": [measured(COLD, "api", 4), measured(COLD, "the floor and all libraries of a filing", 4)],
    "the local system over HTTP": [measured("The running local system", "filings a second, 4 clients at once", 2)],
    "ten minutes of requests": [*FUZZ.findall(text_of(RESULTS))],
}


def test_the_figures_are_those_that_were_measured():
    said = {row[0]: row[1] for row in rows(README, "| what | figure |")}
    assert len(said) == len(FIGURES)
    for what, expected in FIGURES.items():
        (figure,) = (figure for name, figure in said.items() if name.startswith(what))
        assert expected
        assert [one for one in expected if not re.search(rf"(?<![\d.]){re.escape(one)}(?![\d.])", figure)] == [], what


# ---- the rooms -------------------------------------------------------------------------------------------------------


def clocks() -> list[tuple[str, str]]:
    """How long each stage may take by the first version of the policy, what it does not name included, in words."""
    lengths = versions.packaged(Rules)[1].model_dump(mode="json")["clocks"]
    return in_words({name: clock for name, clock in lengths.items() if name not in SAFETY_CLOCKS})


def in_words(lengths: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    said = {"hours": "{} hours, around the clock", "working_days": "{} working days", "days": "{} days"}
    return [
        (stage, said[unit].format(clock[unit]).replace("1 working days", "1 working day"))
        for stage, clock in lengths.items()
        for unit in said
        if clock.get(unit)
    ]


def test_the_clocks_are_those_of_the_policy():
    listed = rows(DOMAIN, "| stage | its clock | counted from | alarms |")
    assert [(row[0], row[1]) for row in listed] == clocks()
    life = text_of(README).partition("## The life of a complaint")[2].replace("\n", " ")
    assert [length for stage, length in clocks() if stage != "inquiry" and length not in life] == []


def test_the_clocks_of_dangers_are_those_that_every_policy_has():
    listed = rows(DOMAIN, "| clock of a danger | its length | set by | alarms |")
    lengths = {name: clock.model_dump() for name, clock in SAFETY_CLOCKS.items()}
    assert [(row[0], row[1]) for row in listed] == in_words(lengths)


def test_the_lifecycle_tables_are_those_in_use():
    for lifecycle in (LIFECYCLE, amendment.LIFECYCLE, audit.LIFECYCLE):
        heading = "| " + " | ".join(lifecycle.heading) + " |"
        assert rows(DOMAIN, heading) == [list(row) for row in lifecycle.rows()]


def test_the_codes_of_refusals_are_listed_as_they_are_explained():
    words = refusals.sentences("en").codes
    listed = rows("chalicelib/README.md", "| code | status | what it means | what to do |")
    explained = [[f"`{code}`", str(STATUSES[code]), words[code].means, words[code].do] for code in words]
    assert sorted(listed) == sorted(explained)


def test_every_module_of_the_domain_is_in_the_table_of_its_room():
    room, listed = "", set()
    for row in rows(DOMAIN, "| room | module | what it says |"):
        room = row[0].strip("`") or room
        listed |= {room + name.strip(" `") for name in row[1].split(",")}
    domain = ROOT / "chalicelib" / "domain"
    modules = {str(path.relative_to(domain).with_suffix("")) for path in domain.glob("*/*.py")}
    assert listed == {module for module in modules if not module.endswith("__init__")}


def test_every_clause_names_a_test_that_is_there():
    clauses = rows(DOMAIN, "| clause | obligation | shown by |")
    assert len(clauses) > 30
    for clause, _, shown in clauses:
        path, name = shown.strip("`").split("::")
        assert f"def {name}(" in text_of(path), clause


def test_the_settings_are_those_the_code_reads():
    listed = rows("chalicelib/README.md", "| variable | what it is |")
    assert listed == [[f"`REDRESS_{name.upper()}`", field.description] for name, field in Settings.model_fields.items()]


def test_the_notices_are_those_of_the_table():
    listed = [(row[0].strip("`"), row[2]) for row in rows(NOTICES, "| notice | told of | to |")]
    expected: dict[str, list[Any]] = {}
    for told in notices.TABLE.values():
        for row in told:
            name = row.audience.__name__ if callable(row.audience) else row.audience
            expected.setdefault(row.kind, []).append(name)
    expected |= OF_THE_HOUSE
    assert listed == [(kind, ", ".join(dict.fromkeys(expected[kind]))) for kind in kinds.NOTICES]


@pytest.mark.parametrize(
    ("record", "letters"),
    [
        ("a report", report_letters),
        ("an amendment", amendment_letters),
        ("an audit", audit_letters),
        ("a sheet", sheet_letters),
        ("a management review", review_letters),
    ],
)
def test_the_notices_of_other_records_are_those_of_their_table(record: str, letters: Any):
    listed = [(row[0].strip("`"), row[2]) for row in rows(NOTICES, f"| notice of {record} | told of | to |")]
    expected: dict[str, list[str]] = {kind: [] for kind in letters.KINDS}
    for row in (row for told in letters.TELLS.values() for row in told):
        expected[row.kind].append(row.audience.__name__ if callable(row.audience) else str(row.audience))
    assert listed == [(kind, ", ".join(dict.fromkeys(whom))) for kind, whom in expected.items()]


# ---- how to add something --------------------------------------------------------------------------------------------


def example() -> list[tuple[str, str]]:
    """The lines that show how a notice is added, each with the file that was named last before it."""
    shown, file = [], ""
    for line in text_of(NOTICES).partition("## To add a notice")[2].splitlines():
        if line.startswith("    "):
            shown.append((file, line.strip()))
        for name in re.findall(r"`([^`]+\.(?:py|txt|html))`", line):
            file = name if "/" in name else f"chalicelib/notices/extension/{name}"
    return shown


def test_every_line_of_the_example_of_a_notice_stands_where_it_is_said_to():
    assert len({file for file, _ in example()}) == 10
    assert [(file, line) for file, line in example() if line not in text_of(file)] == []


def test_what_has_to_be_done_for_something_new_names_tables_that_are_there():
    """`TABLE` of `telling/notices.py` and the like: names in capitals are names in the files of the same paragraph."""
    sections = text_of("tests/README.md").partition("## To add something")[2].partition("\n## ")[0]
    checked = 0
    for paragraph in re.split(r"\n(?=\d\. |\| |- )|\n\n", sections):
        files = re.findall(r"`([\w/.]+\.py)`", paragraph)
        named = set(re.findall(r"`(_?[A-Z]{2}[A-Z_]+)`", paragraph))
        folders = ("", "chalicelib/", "chalicelib/domain/complaint/", "tests/")
        texts = [text_of(folder + name) for name in files for folder in folders if (ROOT / folder / name).is_file()]
        assert [name for name in named if not any(re.search(rf"^{name}\b", text, re.MULTILINE) for text in texts)] == []
        checked += len(named)
    assert checked >= 10
