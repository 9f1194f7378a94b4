"""The bench still runs. Its figures are no concern of a test."""

import subprocess
import sys
from pathlib import Path

from tests.bench.__main__ import PARTS as PARTS_OF_THE_BENCH
from tests.bench.page import put
from tests.running import ROOT

PARTS = (
    "CPU of each handler, warm, beside its bare boto3 calls",
    "The console's pages on the server, beside their JSON",
    "Cold start: a whole process to its first answer",
    "A page of 25 of a queue, as the table fills",
    "The app on the local tables, one thread",
    "What a complaint costs: list prices of AWS in us-east-1, in US cents",
    "What each function does in a good life and in a bad one",
    "Lines written for a closure, and what that costs in US cents",
    "A month of ",
    "What supervision costs in a month of ",
)


def test_a_quick_run_of_the_bench_writes_something_about_each_part(tmp_path: Path):
    results = tmp_path / "RESULTS.md"
    parts = [part for part in PARTS_OF_THE_BENCH if part != "browser"]  # see tests/browser
    command = [sys.executable, "-m", "tests.bench", "--quick", "--only", *parts, "--out", str(results)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    page = results.read_text(encoding="utf-8")
    for part in PARTS:
        [own] = [one for one in page.split("\n## ") if one.startswith(part)]
        assert own.count("\n| ") > 1, own


def test_a_part_of_the_results_is_written_anew_and_the_others_stay_as_they_are(tmp_path: Path):
    page = tmp_path / "RESULTS.md"
    for part in ("# What it costs\n\nMuch.\n\n## Cold\n\n- 1 s\n", "# What it withstands\n\n2 faults.\n"):
        put(page, part)
    put(page, "# What it costs\n\nLittle.\n")
    assert page.read_text(encoding="utf-8") == "# What it costs\n\nLittle.\n\n# What it withstands\n\n2 faults.\n"
    put(page, "# What it withstands\n\nNo faults.\n")
    assert page.read_text(encoding="utf-8") == "# What it costs\n\nLittle.\n\n# What it withstands\n\nNo faults.\n"
