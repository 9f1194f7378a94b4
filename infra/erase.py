"""`make erase`: what anybody typed about a complaint, who its consumer was and the files of it go for good."""

import argparse
import time
from datetime import datetime, timedelta

from chalicelib import wallclock
from chalicelib.casework import erase as casework
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.vocabulary import refusals
from infra import commands
from infra.commands import Pause, Reach, say
from infra.deployment import Deployment, reach

ABOUT = """\
Erases the words of complaints, for good: what anybody typed, the contact, the hashes by which it was recognised, the
masked addresses of notices, the files with all their versions. The consumer's link ends. Stages, times, categories,
amounts and breaches stay, and the chain of entries verifies as before.

Whoever had read the words a moment before may still be at work, so it waits a minute and a half, and goes over all once
more. It can be stopped and run again at any time."""

MORE = """\
environment: AWS_PROFILE, AWS_DEFAULT_REGION and what else boto3 reads

exit code: 0 when the words of all of them are gone, 1 otherwise, and it says why

What outlives it, and for how long: infra/README.md, Erasing."""


def main(given: list[str] | None = None, reach: Reach = reach, pause: Pause = time.sleep) -> int:
    """The command. `reach` finds the deployment that the arguments name, `pause` waits for so many seconds."""
    asked = _parser().parse_args(given)
    return commands.run(asked, reach, lambda house: _erase(house, asked.complaints, pause), "Erasing")


def _erase(house: Deployment, complaints: list[str], pause: Pause) -> int:
    fresh: list[str] = []

    def erase(complaint_id: str) -> bool:
        since = _erase_one(complaint_id)
        if since and wallclock.now() - since < timedelta(seconds=house.longest):
            fresh.append(complaint_id)
        return since is not None

    left = commands.each(list(dict.fromkeys(complaints)), erase, "complaints")
    if fresh:
        say(f"{house.longest} seconds, until whoever had read the words is done …")
        pause(house.longest)
        left += commands.each(fresh, lambda complaint_id: _erase_one(complaint_id) is not None, "once more")
    say(f"{left} left, for the reasons above." if left else "Erased.", alarming=bool(left))
    return 1 if left else 0


def _erase_one(complaint_id: str) -> datetime | None:
    """Since when it has no words; None if it still has."""
    try:
        return casework.erase(complaint_id, wallclock.now())
    except Refusal as refusal:
        say(f"{complaint_id}: {refusals.said(refusal, 'en')}", alarming=True)
        return None
    except ValueError:
        say(f"{complaint_id}: its state cannot be read. `make rebuild ARGS={complaint_id}` mends it.", alarming=True)
        return None


def _parser() -> argparse.ArgumentParser:
    parser = commands.parser("erase", ABOUT, MORE)
    parser.add_argument("complaints", nargs="+", type=_complaint, metavar="ID", help="complaints, such as 7K2M9-XD4FQ")
    return parser


def _complaint(text: str) -> str:
    try:
        return read_id(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} {fault}") from None


if __name__ == "__main__":
    raise SystemExit(main())
