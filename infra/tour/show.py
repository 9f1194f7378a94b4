"""How the tour looks: sections, one line a call, facts in two columns, letters in frames, times in China's.

Whatever came over the wire is shown as `Text`, never as markup: a complaint's words must not paint the screen.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from rich import box
from rich.cells import set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from chalicelib.domain.vocabulary.stages import Stage
from infra.tour.calls import Reply

CHINA = ZoneInfo("Asia/Shanghai")
INDENTED = (0, 0, 0, 4)


def china(instant: str) -> str:
    """When it is in China, by the clock on the wall there: midnight is the end of the day before, as the law has it."""
    local = datetime.fromisoformat(instant).astimezone(CHINA)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{local - timedelta(days=1):%a %Y-%m-%d} 24:00 in China"
    return f"{local:%a %Y-%m-%d %H:%M} in China"


def china_from(instant: str) -> str:
    """The same of what begins: midnight is when its day begins."""
    return f"{datetime.fromisoformat(instant).astimezone(CHINA):%a %Y-%m-%d %H:%M} in China"


def due(deadline: Mapping[str, Any] | None) -> str:
    """A deadline of the contract, for people, in both times."""
    if deadline is None:
        return "none: no clock runs any more"
    marks = [mark for mark in ("provisional", "overdue") if deadline[mark]]
    return f"{china(deadline['due_at'])} ({deadline['due_at']})" + "".join(f", {mark}" for mark in marks)


class Page:
    """What the tour writes on."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sections = 0

    def title(self, text: str, below: str) -> None:
        self._console.print(Text(text, style="bold"))
        self._console.print(Text(below, style="dim"))

    def section(self, who: str, does: str, why: str) -> None:
        """A new step: who acts, what they do, and what it is for."""
        self._sections += 1
        heading = Text(f"{self._sections}  ").append(who, style="bold cyan").append(f" {does}", "bold")
        self._console.print()
        self._console.print(Rule(heading, align="left", style="dim"))
        self._console.print(Padding(Text(why, style="italic"), INDENTED, expand=False))

    def call(self, reply: Reply) -> None:
        """One line: who called what, and how it ended."""
        line = Text(" " * 4).append(set_cell_size(reply.by, max(12, len(reply.by) + 1)), style="cyan")
        line.append(f"{reply.method:<5}").append(f"{unquote(reply.path)} → ")
        self._console.print(line.append(str(reply.status), style="green" if reply.status < 400 else "bold red"))

    def facts(self, facts: Mapping[str, object]) -> None:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", min_width=12)
        grid.add_column(overflow="fold")
        for name, value in facts.items():
            grid.add_row(Text(name), Text(str(value)))
        self._console.print(Padding(grid, INDENTED, expand=False))

    def stages(self, now: str, round: int) -> None:
        """The stages in a row, with the present one marked."""
        line = Text().append(f"round {round}  ", "dim")
        for stage in Stage:
            line.append(f"[{stage}]" if stage == now else f" {stage} ", style="bold green" if stage == now else "dim")
        self._console.print(Padding(line, INDENTED, expand=False))

    def letter(self, letter: Mapping[str, Any], width: int = 84) -> None:
        subject = f"Subject: {letter['subject']}\n" if letter["subject"] else ""
        body = Text().append(f"To: {letter['to']}\n{subject}\n", "dim")
        body.append("\n".join(_shortened(line) for line in letter["text"].strip().splitlines()))
        frame = Panel(body, title=f"{letter['channel']} in the outbox", title_align="left", width=width, style="")
        self._console.print(Padding(frame, INDENTED, expand=False))

    def slip(self, message: Mapping[str, Any]) -> None:
        """A message to staff: to whom, by which channel, and what about."""
        to = message["to"].rpartition("-")[2] if message["channel"] == "topic" else message["to"]
        about = message["text"].partition("\n")[0] if message["channel"] == "topic" else message["subject"]
        self.remark(f"{message['channel']} to {to}: {about}")

    def table(self, columns: Iterable[str], rows: Iterable[Iterable[object]], marked: str | None = None) -> None:
        """Rows under columns; the row that begins with `marked` stands out."""
        table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
        for column in columns:
            table.add_column(Text(column), overflow="fold")
        for row in rows:
            cells = [Text(str(cell)) for cell in row]
            table.add_row(*cells, style="bold" if marked == cells[0].plain else None)
        self._console.print(Padding(table, INDENTED, expand=False))

    def remark(self, text: str, alarming: bool = False) -> None:
        self._console.print(Padding(Text(text, style="bold red" if alarming else ""), INDENTED, expand=False))

    def ending(self, text: str) -> None:
        self._console.print()
        self._console.print(Text(text, style="bold green"))


def _shortened(line: str, longest: int = 110) -> str:
    """A line without the tail of a long link, whose token nobody can read anyway."""
    return line if len(line) <= longest or "#token=" not in line else line[: line.index("#token=") + 12] + "…"
