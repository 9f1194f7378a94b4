"""`make redrive`: what was given up goes back to work, once its cause is mended; with `--dry-run`, what there is."""

import argparse
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import track

from chalicelib.domain.ground.ids import read_id
from infra.dead_letters import HELD, TRAYS, Letter, Tray, delete, held, in_other_hands
from infra.deployment import Deployment, Failed, reach
from infra.reactions import react_to
from infra.terminal import console

RATE = 20  # letters a second at most: what they go back to has other work too
NAMES = tuple(tray.name for tray in TRAYS)

ABOUT = """\
Dead letters go back to work. Run it when what made them fail is mended. A letter is deleted after it was taken, never
before; what happens twice by that has one effect. While it works on a queue, nobody else sees its letters.

  notices, evidence, orders, replays   go back into the queue they came from
  react          its events are fetched again from the table's stream, which keeps them for 24 hours
  mail-events    what the mail system reported is handed over again
  clock          rings once; what comes after that is rung by the sweep, which needs no clock"""

MORE = """\
environment: AWS_PROFILE, AWS_DEFAULT_REGION and what else boto3 reads

exit code: 0 when nothing is left (with --dry-run: when all could be looked at), 1 otherwise, and it says why"""

Reach = Callable[[argparse.Namespace], Deployment]
Pause = Callable[[float], object]


def main(given: list[str] | None = None, reach: Reach = reach, pause: Pause = time.sleep) -> int:
    """The command. `reach` finds the deployment that the arguments name, `pause` waits for so many seconds."""
    asked = _parser().parse_args(given)
    try:
        house = reach(asked)
        left = _complaints(house, asked) if asked.complaint else _queues(house, asked, pause)
    except (BotoCoreError, ClientError) as fault:
        hint = "Does `make run` run?" if asked.endpoint_url else "Look at --stack, AWS_PROFILE and AWS_DEFAULT_REGION."
        _say(f"{fault} {hint} The rights it takes: infra/README.md, Dead letters.", alarming=True)
        return 1
    except KeyboardInterrupt:
        _say("Stopped. What was not done is where it was: run it again.", alarming=True)
        return 130
    return 1 if left else 0


def _complaints(house: Deployment, asked: argparse.Namespace) -> int:
    """How many could not be done."""
    left = 0
    for complaint_id in asked.complaint:
        try:
            _say(f"{complaint_id}: {react_to(house, complaint_id, dry_run=asked.dry_run)}")
        except Failed as why:
            _say(f"{complaint_id}: {why}", alarming=True)
            left += 1
    return left


def _queues(house: Deployment, asked: argparse.Namespace, pause: Pause) -> int:
    """How many letters are left that should not be; a queue that is not there counts as one."""
    left = 0
    for tray in (tray for tray in TRAYS if tray.name in asked.only):
        try:
            left += _queue(house, tray, asked, pause)
        except Failed as why:
            _say(f"{tray.name}: {why}", alarming=True)
            left += 1
    if left:
        _say(f"{left} left, for the reasons above. Run it again then; --drop deletes what is of no use.", alarming=True)
    elif not asked.dry_run:
        _say("Nothing is left.")
    return left


def _queue(house: Deployment, tray: Tray, asked: argparse.Namespace, pause: Pause) -> int:
    elsewhere = in_other_hands(house, tray.queue)
    with held(house, tray.queue) as letters:
        found = len(letters)
        if asked.dry_run:
            lines = [f"{letter_id}  {tray.ids(letter)}" for letter_id, letter in letters.items()]
        else:
            lines = _give_back(house, tray, letters, asked.drop, pause)
    _say(f"{tray.name}: {found} found" + ("" if asked.dry_run else f", {found - len(letters)} done"))
    for line in lines:
        _say(f"  {line}")
    if elsewhere:
        _say(f"  {elsewhere} in other hands: another run, or one that was killed. Look again in {HELD // 60} minutes")
    return elsewhere + (0 if asked.dry_run else len(letters))


def _give_back(house: Deployment, tray: Tray, letters: dict[str, Letter], drop: list[str], pause: Pause) -> list[str]:
    """Each in turn; a line for each of which there is more to say than that it is done."""
    lines, terminal = [], console()
    quiet = not terminal.is_terminal
    for letter_id, letter in track(list(letters.items()), tray.name, console=terminal, transient=True, disable=quiet):
        try:
            said = "dropped" if letter_id in drop else tray.go_back(house, letter["Body"])
            delete(house, tray.queue, letters, letter_id)
        except (Failed, ClientError, BotoCoreError) as why:
            said = f"left: {why}"
        except (ValueError, LookupError, TypeError, AttributeError) as fault:
            said = f"left: it cannot be read ({type(fault).__name__})"
        if said:
            lines.append(f"{letter_id}  {tray.ids(letter)}  {said}")
        pause(1 / RATE)
    return lines


def _say(line: str, alarming: bool = False) -> None:
    console(stderr=alarming).print(line, style="bold red" if alarming else "", soft_wrap=True)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m infra.redrive", description=ABOUT, epilog=MORE, formatter_class=raw)
    option = parser.add_argument
    option("--stack", default="redress-prod", metavar="NAME", help="the CloudFormation stack (redress-prod)")
    option("--endpoint-url", metavar="URL", help="instead, the local system's AWS port, such as http://127.0.0.1:5000")
    option("--dry-run", action="store_true", help="list how many there are and what they are about; change nothing")
    option("--only", type=_kinds, default=NAMES, metavar="QUEUES", help=f"some of {','.join(NAMES)}")
    forgotten = "react again to all events of these complaints, when the stream has forgotten them; touches no letter"
    option("--complaint", type=_complaint, nargs="+", metavar="ID", help=forgotten)
    option("--drop", nargs="+", default=[], metavar="LETTER", help="delete these letters instead of giving them back")
    return parser


def _kinds(text: str) -> list[str]:
    chosen = text.split(",")
    if unknown := set(chosen) - set(NAMES):
        raise argparse.ArgumentTypeError(f"no such queue: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return chosen


def _complaint(text: str) -> str:
    try:
        return read_id(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} {fault}") from None


if __name__ == "__main__":
    raise SystemExit(main())
