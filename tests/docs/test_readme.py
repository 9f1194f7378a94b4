"""The README says what the code does."""

import re
from pathlib import Path

from chalicelib.domain.complaint.lifecycle import LIFECYCLE
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.telling import notices
from chalicelib.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table that begins with a heading row, cell by cell."""
    lines = README[README.index(heading) :].splitlines()[2:]
    table = lines[: next(n for n, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_lifecycle_table_is_the_one_in_use():
    heading = "| " + " | ".join(LIFECYCLE.heading) + " |"
    assert rows(heading) == [list(row) for row in LIFECYCLE.rows()]


def test_the_notices_are_those_of_the_table():
    listed = [(row[0].strip("`"), row[2]) for row in rows("| notice | told of | to |")]
    expected: dict[str, list[str]] = {}
    for told in notices.TABLE.values():
        for row in told:
            expected.setdefault(row.kind, []).append(row.audience)
    expected |= {"digest": ["every department"], "calendar_warning": ["management"]}
    assert listed == [(kind, ", ".join(dict.fromkeys(expected[kind]))) for kind in notices.KINDS]


def test_the_clocks_are_those_of_the_policy():
    said = {"hours": "{} hours, around the clock", "working_days": "{} working days", "days": "{} days"}
    expected = [
        [
            stage,
            next(
                words.format(n).replace("1 working days", "1 working day")
                for name, words in said.items()
                if (n := getattr(clock, name))
            ),
        ]
        for stage, clock in versions.packaged(Rules)[1].clocks.items()
    ]
    assert [row[:2] for row in rows("| stage | its clock | counted from | alarms |")] == expected


def test_the_settings_are_those_the_code_reads():
    listed = rows("| variable | what it is |")
    assert listed == [[f"`REDRESS_{name.upper()}`", field.description] for name, field in Settings.model_fields.items()]


def test_every_clause_names_a_test_that_is_there():
    for clause, _, shown in rows("| clause | obligation | shown by |"):
        path, name = shown.strip("`").split("::")
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), clause


def test_every_make_target_that_is_named_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) - {"up"} <= targets


def test_every_file_that_is_named_is_there():
    named = re.findall(r"`((?:chalicelib|infra|tests)/[\w/.]+)`", README)
    assert named
    for name in named:
        assert (ROOT / name).exists(), name
