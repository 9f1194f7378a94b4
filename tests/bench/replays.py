"""A draft of the policy is tried on many complaints: how many a second, and whether memory grows with their number.

`python -m tests.bench.replays --complaints 100000`, in a process of its own. The job is that which is deployed, mark by
mark. What stands in the table is made up: a hundred lives of a quarter, each entry read from its JSON as it is kept,
under as many numbers as are asked for. What AWS takes is left out, and said beside it.
"""

import argparse
import resource
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from time import process_time
from typing import Any
from unittest.mock import patch

from rich.console import Console

from chalicelib.adapters import figures, items, lines, store
from chalicelib.adapters import replays as marks
from chalicelib.adapters.items import Item
from chalicelib.adapters.store import Case
from chalicelib.casework import replays
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import PlanDraft
from chalicelib.domain.governance import changes, decisions, evolution
from chalicelib.domain.governance.amendment import Amendment, Proposal, Replaying
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import NOBODY
from chalicelib.domain.supervision.lines import Received
from tests.adapters.test_settings import GOOD
from tests.domain import cases
from tests.domain.cases import POLICY, Story

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
LIVES = 100
GOOD_WAY = (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN)
ON_THE_WAY = (Action.REQUEST_INFORMATION, Action.GIVE_INFORMATION, Action.EXTEND, Action.NOTE, Action.ASSIGN)
TWELVE_HOURS = {"clocks": {"received": {"hours": 12}, "planning": {"working_days": 1}}}
LEGAL = people.staff("legal.xu", frozenset({"legal"}))

console = Console()


def life(seed: int) -> list[Item]:
    """The entries of a complaint as the table keeps them: mostly in time, now and then late, answered or not."""
    chance = Random(seed)
    begun = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24 * 90))
    story = Story(chance.choice([cases.KETTLE, cases.KETTLE, cases.CRACKED, cases.ALLERGY, cases.FAKE]), begun)
    for step in (*GOOD_WAY, Action.ACCEPT_PLAN):
        for action in chance.sample(ON_THE_WAY, chance.randrange(3)):
            _try(story, action, chance.randrange(1, 10))
        if story.complaint.legal_issue and step is Action.PROPOSE_PLAN:
            _try(story, Action.DRAFT_PLAN, 1, submission=PlanDraft(**dict(cases.PLAN)))
            _try(story, Action.REVIEW, chance.randrange(30))
        more = {Action.REPORT: cases.REPORT.model_copy(update={"without_inquiries": "照片已足够"})}.get(step)
        _try(story, step, chance.choice([3, 10, 20, 30, 60, 200]), submission=more)
    _try(story, Action.WITHDRAW, 24)
    story.now = max(story.now, NOW)
    story.ring()
    return [items.entry_item(entry) for entry in story.entries]


def _try(story: Story, action: Action, hours: int, **more: Any) -> None:
    story.now += timedelta(hours=hours)
    story.ring()
    try:
        story.do(action, **more)
    except Refusal:
        return


class Table:
    """So many complaints, evenly over the days, which live one of some lives each."""

    def __init__(self, many: int, said: Any) -> None:
        self.many, self.lives = many, [life(seed) for seed in range(LIVES)]
        self.days = (LAST - FIRST).days + 1
        self.state, self.files, self.queued, self.said = (
            started(),
            dict[str, figures.Found](),
            [started().amendment_id],
            said,
        )

    def of_kind(self, day: date, kind: str, after: str = "") -> Iterator[tuple[str, Received]]:
        first = int(after) + self.days if after else (day - FIRST).days
        for number in range(first, self.many, self.days):
            about = {"category": "delivery", "channel": "web", "locale": "zh-CN", "policy_version": 1}
            at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
            yield str(number), Received.model_validate({"id": f"C{number:06}", "seq": 1, "at": at, "day": day} | about)

    def timeline(self, record: str, after: int, limit: int) -> Iterator[Any]:
        return map(items.as_entry, self.lives[int(record[1:]) % LIVES])

    def load(self, name: str, state: Any) -> Any:
        return Case(self.state, NOBODY, [])

    def replace(self, key: str, content: bytes, instead_of: Any) -> None:
        self.files[key] = figures.Found(content, "")
        self.said(marks.Progress.model_validate_json(content).outcome.complaints)

    def commit(self, before: Amendment, entries: Iterable[Any], *more: Any) -> None:
        for entry in entries:
            self.state = evolution.evolve(self.state, entry)


def started() -> Amendment:
    """A draft whose replay has begun."""
    hashed = changes.hash_of(changes.whole(cases.RULES, TWELVE_HOURS), cases.OPERATING)
    proposal = Proposal.model_validate(
        {"summary": "时限", "reasons": "更快", "impact": "normal", "staff_impact": True, "document": "rules", "base": 1}
        | {"beside": 1, "changes": TWELVE_HOURS, "hash": hashed}
    )
    state = evolution.evolve(None, decisions.drafted("amendment_1", proposal, LEGAL, NOW))
    [begun] = decisions.decide(state, Replaying(**{"from": FIRST, "to": LAST}), LEGAL, NOW, POLICY)
    return evolution.evolve(state, begun)


def run(many: int, said: Any) -> dict[str, float]:
    """CPU seconds, complaints a second, megabytes at most."""
    table = Table(many, said)
    pair = replays.Pair(POLICY, replays.Policy.of(changes.whole(cases.RULES, TWELVE_HOURS), cases.OPERATING))
    with ExitStack() as stack:
        instead = stack.enter_context
        instead(patch.object(lines, "of_kind", table.of_kind))
        instead(patch.object(store, "timeline", table.timeline))
        instead(patch.object(store, "load", table.load))
        instead(patch.object(figures, "get", table.files.get))
        instead(patch.object(figures, "replace", table.replace))
        instead(patch.object(marks, "queue", table.queued.append))
        instead(patch.object(replays, "commit", table.commit))
        instead(patch.object(replays.Pair, "of", lambda *_: pair))
        instead(patch.object(replays.rules, "in_force", lambda now: POLICY))
        began, held = process_time(), memory()
        while table.queued:
            assert replays.go_on([{"messageId": "m", "body": table.queued.pop()}], NOW) == []
        took = process_time() - began
    replay = table.state.replay
    assert replay and replay.sum and replay.sum.complaints == many  # noqa: PT018
    [file] = table.files.values()
    entries = sum(map(len, table.lives)) / LIVES
    return {
        "seconds": took,
        "a_second": many / took,
        "mb_before": held,
        "mb": memory(),
        "mark": len(file.content),
        "entries": entries,
    }


def memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(every: int, done: int) -> None:
    if done % every == 0:
        console.print(f"{done} complaints, {process_time():.0f} s of CPU, {memory():.0f} MB")


def _asked() -> int:
    parser = argparse.ArgumentParser("python -m tests.bench.replays", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--complaints", type=int, default=100_000, metavar="N", help="how many (100000; 15 minutes)")
    return int(parser.parse_args().complaints)


if __name__ == "__main__":
    with patch.dict("os.environ", GOOD):
        console.print(run(_asked(), partial(_say, 1_000)))
