"""`python -m infra.tour`: walks one complaint, a file of them, or an amendment through the running local system."""

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.options import HOST, PORTS
from infra.terminal import console
from infra.tour import amend, life, many, month, report, rows, show, summary
from infra.tour.calls import Line, NoAnswer, Refused

ABOUT = """\
Walks one complaint through its life against the running local system (`make run`) and prints, step by step, what each
party sees. With --file, files and settles every row of a CSV file instead; every third consumer objects once. With
--report too, the clock is moved through a month in which they come in: people take their time, consumers say how it
was, and the month's report is read, issued, and laid into the folder. With --amend, the policy is amended: drafted,
tried on the last month, approved, announced, and the clock moved to the second from which on it is in force."""

VARIABLES = """\
environment:
  REDRESS_API_PORT    port of the API (8000)
  REDRESS_DESK_PORT   port of the desk (8001)
  NO_COLOR            set to anything: no colours

exit code: 0 when every complaint ended closed as satisfied, every consumer got one receipt, and there is the report
that was asked for; 1 otherwise"""

START = "Start the system in another terminal with `make run`, then try again."


def main(given: list[str] | None = None) -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without UTF-8 gets question marks
    arguments = _parser().parse_args(given)
    try:
        if arguments.amend:
            if arguments.file or arguments.report:
                return _fail("An amendment is a tour of its own: leave --file and --report out.")
            return _amend(arguments)
        if not arguments.file:
            return (
                _fail("A report is of a file of complaints: name one with --file.")
                if arguments.report
                else _one(arguments)
            )
        return _month(arguments) if arguments.report else _many(arguments)
    except rows.BadFile as fault:
        return _fail(str(fault))
    except NoAnswer as fault:
        return _fail(f"The local system cannot be reached: {fault}. {START}")
    except Refused as fault:
        return _fail(f"The tour ends here. {fault}")
    except KeyboardInterrupt:
        _fail("Stopped.")
        return 130


def _one(arguments: argparse.Namespace) -> int:
    page = show.Page(console())
    quiet = Line(arguments.api, arguments.desk)
    quiet.look_for_both()
    life.walk(page, Line(arguments.api, arguments.desk, page.call), quiet)
    return 0


def _amend(arguments: argparse.Namespace) -> int:
    page = show.Page(console())
    quiet = Line(arguments.api, arguments.desk)
    quiet.look_for_both()
    amend.walk(page, Line(arguments.api, arguments.desk, page.call), quiet)
    return 0


def _many(arguments: argparse.Namespace) -> int:
    found = rows.read(arguments.file, arguments.limit)
    Line(arguments.api, arguments.desk).look_for_both()
    screen = console()
    page = show.Page(screen)
    page.title(f"{len(found)} complaints from {arguments.file.name}", f"API {arguments.api} · desk {arguments.desk}")
    result = many.carry_through(screen, lambda: Line(arguments.api, arguments.desk), found, arguments.workers)
    summary.show(page, result)
    return 0 if result.complete else 1


def _month(arguments: argparse.Namespace) -> int:
    found = rows.read(arguments.file, arguments.limit)
    line = Line(arguments.api, arguments.desk)
    line.look_for_both()
    if (fault := report.room_in(arguments.report)) is not None:
        return _fail(fault)
    screen = console()
    page = show.Page(screen)
    ahead = month.month_ahead(line)
    page.title(f"{len(found)} complaints in {ahead.first:%Y-%m}", f"API {arguments.api} · desk {arguments.desk}")
    new_line = partial(Line, arguments.api, arguments.desk)
    result = month.live_through(screen, new_line, ahead, found, arguments.workers)
    summary.show(page, result)
    return 0 if report.read(page, line, ahead, arguments.report) and result.complete else 1


def _fail(message: str) -> int:
    console(stderr=True).print(message, style="bold red", soft_wrap=True)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m infra.tour",
        description=ABOUT,
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--file", type=Path, metavar="CSV", help="a CSV file in UTF-8 with the columns product and text"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FOLDER", help="live through a month with the file, and write its report there"
    )
    parser.add_argument("--amend", action="store_true", help="amend the policy, until the new version is in force")
    parser.add_argument("--limit", type=_count, metavar="ROWS", help="the first rows of the file only")
    parser.add_argument("--workers", type=_count, default=4, metavar="N", help="how many complaints at once (4)")
    for name, called in (("api", "API"), ("desk", "desk")):
        where = f"http://{HOST}:{os.environ.get(variable := f'REDRESS_{name.upper()}_PORT') or PORTS[variable]}"
        parser.add_argument(
            f"--{name}", type=_base, default=where, metavar="URL", help=f"where the {called} is ({where})"
        )
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise argparse.ArgumentTypeError(f"not a number above zero: {text}")
    return int(text[:9])


def _base(text: str) -> str:
    """A base URL without a slash at its end."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is none
        sound = None
    if not sound:
        raise argparse.ArgumentTypeError(f"not a URL like http://{HOST}:8000: {text}")
    return text.rstrip("/")


if __name__ == "__main__":
    raise SystemExit(main())
