"""`make rebuild`: what stands in the table beside the entries of a record is what they say, or is mended.

So are the lines that supervision counts of it."""

import argparse
from contextlib import suppress
from datetime import datetime

from chalicelib import wallclock
from chalicelib.adapters import upkeep
from chalicelib.casework import rebuild as casework
from chalicelib.casework.lines import rebuild_lines
from chalicelib.casework.rebuild import Finding
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.vocabulary import refusals
from infra import commands
from infra.commands import Reach, say
from infra.deployment import Deployment, reach

ABOUT = """\
Folds the entries of records and compares what they make with what stands beside them: the head, its places in the
indexes (queue, assignee, order, alarm), the tasks of departments; and the lines that figures are made of. What differs
is named, and mended if nobody has changed the record meanwhile. A broken chain of entries is reported and never mended,
and no lines are made of it."""

MORE = """\
environment: AWS_PROFILE, AWS_DEFAULT_REGION and what else boto3 reads

exit code: 0 when all is as it should be and was, 1 when anything differed (mended or not), is broken or could not be
looked at; each has a line that says what"""


def main(given: list[str] | None = None, reach: Reach = reach) -> int:
    """The command. `reach` finds the deployment that the arguments name."""
    options = _parser()
    asked = options.parse_args(given)
    if bool(asked.records) == asked.all:
        options.error("name the records, or --all of them")
    return commands.run(asked, reach, lambda house: _rebuild(asked, house), "Rebuilding")


def _rebuild(asked: argparse.Namespace, house: Deployment) -> int:
    names = list(dict.fromkeys(upkeep.records() if asked.all else map(_name, asked.records)))
    odd = commands.each(names, lambda name: _look_at(name, check=asked.check), "records")
    say(f"{len(names)} looked at, {odd} not as they should be" if odd else f"{len(names)} looked at, nothing differs")
    return 1 if odd else 0


def _name(text: str) -> str:
    """The name of a record: an id of a complaint may be typed as it was said, other names are what they are."""
    with suppress(ValueError):
        return read_id(text)
    return text


def _look_at(name: str, *, check: bool) -> bool:
    """Whether all of it was as it should be."""
    try:
        finding = _found(name, wallclock.now(), check=check)
    except Refusal as refusal:
        say(f"{name}: {refusals.said(refusal, 'en')}", alarming=True)
        return False
    except (LookupError, ValueError) as fault:
        say(f"{name}: it cannot be looked at ({type(fault).__name__}): by a later version of the code?", alarming=True)
        return False
    if not finding.is_sound:
        say(f"{name}: {_told(finding)}", alarming=bool(finding.broken))
    return finding.is_sound


def _found(name: str, now: datetime, *, check: bool) -> Finding:
    """What was found of the record, and if it is whole of its lines."""
    finding = casework.rebuild(name, now, check=check)
    if finding.broken:
        return finding
    made = rebuild_lines(name, now, check=check)
    return finding._replace(differing=finding.differing + made.differing, mended=finding.mended or made.mended)


def _told(finding: Finding) -> str:
    if finding.broken:
        return f"{finding.broken}. Nothing was mended: infra/README.md, Rebuilding, says what to do."
    return f"{', '.join(finding.differing)}: " + ("mended" if finding.mended else "differs")


def _parser() -> argparse.ArgumentParser:
    parser = commands.parser("rebuild", ABOUT, MORE)
    parser.add_argument("records", nargs="*", metavar="ID", help="records by their names, such as 7K2M9-XD4FQ")
    parser.add_argument(
        "--all", action="store_true", help="all records; reads the whole table, which costs by its size"
    )
    parser.add_argument("--check", action="store_true", help="report only; change nothing")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
