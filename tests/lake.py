"""Exported lines as an engine of SQL sees them: DuckDB, by the table of the template and the questions beside it."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

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

    def ask(self, measure: str, first: date, last: date) -> list[dict[str, Any]]:
        """The rows that one of the questions is answered with, for the days from `first` to `last`."""
        return self.rows((QUERIES / f"{measure}.sql").read_text("utf-8"), str(first), str(last))

    def rows(self, sql: str, *parameters: str) -> list[dict[str, Any]]:
        found = self._engine.execute(sql, parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
