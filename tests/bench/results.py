"""What a part of the bench found: a table with remarks, on the console and in RESULTS.md."""

from dataclasses import dataclass, field

from rich.table import Table


@dataclass
class Results:
    """`head` ends with "aim" and an empty column where rows have aims."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, *cells: str, aim: float | None = None, got: float = 0.0, unit: str = "×") -> None:
        """One row. `aim` is what `got` may not exceed."""
        row = [name, *cells]
        if aim is not None:
            row += [f"≤ {aim:g} {unit}", "met" if got <= aim else "missed"]
            if got > aim:
                self.missed.append(f"{self.title}, {name}: {got:.2f} {unit}, {got / aim - 1:.0%} above {aim:g} {unit}")
        self.rows.append(row + [""] * (len(self.head) - len(row)))

    def table(self) -> Table:
        table = Table(title=self.title, title_justify="left", caption="\n".join(self.remarks), caption_justify="left")
        for number, name in enumerate(self.head):
            table.add_column(name, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        rule = "|---|" + "---:|" * (len(self.head) - 1)
        lines = ["| " + " | ".join(row) + " |" for row in [self.head, *self.rows]]
        return "\n".join([f"## {self.title}", "", *self.remarks, "", lines[0], rule, *lines[1:], ""])
