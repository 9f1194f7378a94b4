"""Exported lines as an engine of SQL sees them: DuckDB, by the table of the template and the questions beside it."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from chalicelib.domain.supervision.figures import SHOWN_FROM, Figure
from infra.packaging import HERE
from infra.resources import load_resources

QUERIES = HERE / "queries"
TYPES = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "array<string>": "VARCHAR[]",
    "map<string,bigint>": "MAP(VARCHAR, BIGINT)",
    "map<string,string>": "MAP(VARCHAR, VARCHAR)",
}
"""What a type of Glue is called in DuckDB."""


def columns() -> dict[str, str]:
    """The columns of the template's table and their types, without the day by which it is partitioned."""
    table = load_resources(HERE / "analysis.yaml")["Resources"]["LinesTable"]["Properties"]["TableInput"]
    return {one["Name"]: one["Type"] for one in table["StorageDescriptor"]["Columns"]}


class Lake:
    """Files below `folder`, as they are below `lines/` in the bucket: `day=2026-10-09/lines.jsonl.gz`."""

    def __init__(self, folder: Path) -> None:
        self._engine = duckdb.connect()
        typed = ", ".join(f"'{name}': '{TYPES[kind]}'" for name, kind in columns().items())
        self._engine.execute(
            f"CREATE VIEW lines AS SELECT * FROM read_json('{folder}/*/*.gz', format='newline_delimited', "
            f"columns={{{typed}}}, hive_partitioning=true, hive_types={{'day': VARCHAR}})"
        )

    def ask(self, measure: str, first: date, last: date, as_of: date | None = None) -> list[dict[str, Any]]:
        """The rows that one of the questions is answered with, for the days from `first` to `last`, as it was known at
        the end of the day `as_of`."""
        asked = (first, as_of or last, first, last)
        return self.rows((QUERIES / f"{measure}.sql").read_text("utf-8"), *map(str, asked))

    def rows(self, sql: str, *parameters: str) -> list[dict[str, Any]]:
        found = self._engine.execute(sql, parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


NAMES = {"M04": ("stage", "round"), "M13": ("cause", "party")}
"""Of which columns the key of a row of a figure is made, with a space between them."""
SHOWN = {"M13": 20}
"""From how many on more is said than how many, where that is not the usual."""
Answer = list[dict[str, Any]]


def published(measure: str, figure: Figure) -> Answer:
    """What a report says of M03, M04 or M13, in the shape and order of the answers to the same question."""
    if measure not in NAMES:
        return [{"n": figure.n, "share": figure.value}]
    keys = [dict(zip(NAMES[measure], row.key.split(" "), strict=True)) for row in figure.rows]
    rows = [key | {"n": row.n} | row.values for key, row in zip(keys, figure.rows, strict=True)]
    return rows if measure == "M13" else sorted(rows, key=lambda row: (row["stage"], int(row["round"])))


def differences(measure: str, said: Answer, answered: Answer) -> list[str]:
    """Where a report and the engine say different things. Of too few a report says how many, no more; and of a table
    that is longer than it shows, its beginning."""
    found = [f"{len(said)} rows, and {len(answered)}"] if len(said) > len(answered) else []
    for ours, theirs in zip(said, answered, strict=False):
        few = theirs["n"] < SHOWN.get(measure, SHOWN_FROM)
        both = [name for name in theirs if name in ours and not (few and ours[name] is None)]
        found += [f"{name}: {ours} and {theirs}" for name in both if str(ours[name]) != str(theirs[name])]
    return found
