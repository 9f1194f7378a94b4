"""What a draft of the policy would have meant for past complaints (7.2): in figures, and those it affects most."""

from functools import partial

from chalicelib.casework import replays
from chalicelib.domain.governance import sayings
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.console import names
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .amendments import ONE

replayed = Console(__name__)


@replayed.operation("GET", ONE + "/replay", who=STAFF, answers={200: str})
def show_replay_page(call: Call) -> Answer:
    """The last replay of an amendment, finished or not: how far it has come, what it has found, and each of the
    complaints that are affected most."""
    say, found = speech(call), replays.shown(call.path["amendment_id"], call.actor)
    clocks = [(_ladder(one, say), row) for one, row in sorted(found.outcome.clocks.items())]
    return page(
        call, "policy/replay.html", say, found=found, clocks=clocks, ladder=partial(_ladder, say=say), named=names.named
    )


def _ladder(ladder: str, say: Speech) -> str:
    """What is to be done in time, for which alarms of a ladder are raised."""
    known = sayings.Tongue(say.locale).words["names"]
    return str(known.get(f"clocks.{ladder}") or known.get(f"ladders.{ladder}") or ladder)
