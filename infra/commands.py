"""What the commands have in common that work on records: which deployment, how they speak, what they say of faults."""

import argparse
from collections.abc import Callable, Sequence

from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import track

from infra import terminal
from infra.deployment import Deployment, Failed, entered

Reach = Callable[[argparse.Namespace], Deployment]
Pause = Callable[[float], object]


def parser(name: str, about: str, more: str) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(f"python -m infra.{name}", description=about, epilog=more, formatter_class=raw)
    made.add_argument("--stack", default="redress-prod", metavar="NAME", help="the CloudFormation stack (redress-prod)")
    local = "instead, the local system's AWS port, such as http://127.0.0.1:5000"
    made.add_argument("--endpoint-url", metavar="URL", help=local)
    return made


def run(asked: argparse.Namespace, reach: Reach, work: Callable[[Deployment], int], rights: str) -> int:
    """The exit code of a command's `work`. `rights`: the section of infra/README.md that says which it takes."""
    try:
        house = reach(asked)
        with entered(house):
            return work(house)
    except Failed as why:
        say(str(why), alarming=True)
    except (BotoCoreError, ClientError) as fault:
        hint = "Does `make run` run?" if asked.endpoint_url else "Look at --stack, AWS_PROFILE and AWS_DEFAULT_REGION."
        say(f"{fault} {hint} The rights it takes: infra/README.md, {rights}.", alarming=True)
    except KeyboardInterrupt:
        say("Stopped. What was not done is as it was, what was begun is harmless: run it again.", alarming=True)
        return 130
    return 1


def each(names: Sequence[str], do: Callable[[str], bool], what: str) -> int:
    """Does it with each, with a bar where there are many; how many it said False of, or AWS failed at."""

    def try_it(name: str) -> bool:
        try:
            return do(name)
        except (BotoCoreError, ClientError) as fault:
            say(f"{name}: {fault}", alarming=True)
            return False

    console = terminal.console()
    quiet = len(names) < 2 or not console.is_terminal
    return sum(not try_it(name) for name in track(names, what, console=console, transient=True, disable=quiet))


def say(line: str, alarming: bool = False) -> None:
    terminal.console(stderr=alarming).print(line, style="bold red" if alarming else "", soft_wrap=True)
