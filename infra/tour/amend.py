"""How the policy is amended, step by step: drafted, tried on what was, decided by others, announced, in force."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from infra.tour import words
from infra.tour.calls import Line, Refused
from infra.tour.month import set_clock
from infra.tour.parties import staff
from infra.tour.show import CHINA, Page, china_from

DAY = timedelta(days=1)
TRIED = 30  # days
NOTICE = timedelta(days=7)
MORNING = timedelta(hours=9)
"""After midnight: nobody is woken to be told of it."""
LISTED = "/v1/policy/amendments"
HOURS, OTHER_HOURS = 12, 24
WAITED = 30  # times that all is let settle


class Amending:
    """Who takes part, and where the amendment stands."""

    def __init__(self, page: Page, loud: Line, quiet: Line) -> None:
        self.page, self.quiet = page, quiet
        self.xu, self.zhou, self.chen = (staff(loud, who) for who in ("legal.xu", "management.zhou", "cs.chen"))
        self.reader = staff(quiet, "legal.xu")
        self.name, self._told = "", 0

    @property
    def path(self) -> str:
        return f"{LISTED}/{self.name}"

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.quiet.at_desk("tour", "GET", "/clock").body["now"])

    def stands(self, **facts: object) -> Mapping[str, Any]:
        """Where it stands, in English."""
        state: Mapping[str, Any] = self.reader.get(f"{self.path}?lang=en")
        self.page.facts({"amendment": self.name, "stage": state["stage"], **facts})
        return state

    def show_slips(self) -> None:
        """What staff were told of it since the last look."""
        self.quiet.settle()
        sent = [one for one in self.quiet.outbox() if one["complaint_id"] == self.name]
        for one in sent[self._told :]:
            self.page.slip(one)
        self._told = len(sent)


def walk(page: Page, loud: Line, quiet: Line) -> None:
    """The whole way of one amendment. Raises Refused or NoAnswer where it cannot go on."""
    page.title("How the policy is amended", f"API {loud.api} · desk {loud.desk}")
    story = Amending(page, loud, quiet)
    base = _latest(quiet)
    _draft(story, base)
    _replay(story)
    _decide(story)
    effective_from, number = _announce(story, base)
    _hear(story)
    _come_into_force(story, effective_from, number)
    page.ending(f"Version {number} of the policy is in force: {loud.api}/policy/versions/{number}")


def _latest(line: Line) -> Mapping[str, Any]:
    """The latest version that was announced, in force or to come, as anybody reads it."""
    listed = line.call("tour", "GET", "/v1/policy/versions?limit=100").body["items"]
    number = max(one["number"] for one in listed if one["state"] != "withdrawn")
    found: Mapping[str, Any] = line.call("tour", "GET", f"/v1/policy/versions/{number}?lang=en").body
    return found


def _draft(story: Amending, base: Mapping[str, Any]) -> None:
    why = f"A merge patch (RFC 7396) on version {base['number']}, the latest that is announced."
    story.page.section("legal.xu", "drafts an amendment", why)
    hours = OTHER_HOURS if base["rules"]["clocks"]["received"].get("hours") == HOURS else HOURS
    changes = {"clocks": {"received": {"hours": hours}}}
    about = words.AMENDMENT | {"summary": words.AMENDMENT["summary"].format(hours=hours), "changes": changes}
    story.name = str(story.xu.post(LISTED, about)["amendment_id"])
    state = story.stands(changes=changes)
    for one in state["diff"]:
        story.page.remark(one["words"])
    story.page.facts({"concerned": ", ".join(state["concerned"]), "hash": state["hash"]})


def _replay(story: Amending) -> None:
    why = "Before it is submitted it is tried on what was: which due dates would move, what would be late."
    story.page.section("legal.xu", f"tries it on the last {TRIED} days", why)
    today = story.now.astimezone(CHINA).date()
    story.xu.post(f"{story.path}/replay", {"from": str(today - TRIED * DAY), "to": str(today)})
    for _ in range(WAITED):
        story.quiet.settle()
        found = story.reader.get(f"{story.path}/replay")
        if found["state"] != "running":
            break
    story.page.facts({"state": found["state"], **(found["sum"] or {})})


def _decide(story: Amending) -> None:
    story.page.section("legal.xu", "submits it", "It touches staff, so it says how they were consulted.")
    held = words.CONSULTATION | {"held_on": str(story.now.astimezone(CHINA).date())}
    submitted = story.xu.post(f"{story.path}/submission", {"consultation": held})
    story.stands()
    story.show_slips()
    why = "Whoever drafted, changed or submitted it may not; and what is approved is this hash."
    story.page.section("management.zhou", "approves it", why)
    try:
        story.xu.post(f"{story.path}/approval", {"approved": True})
    except Refused as refused:
        story.page.remark(str(refused))
    story.zhou.post(f"{story.path}/approval", {"approved": True, "hash": submitted["hash"]})
    story.stands(hash=submitted["hash"])
    story.show_slips()


def _announce(story: Amending, base: Mapping[str, Any]) -> tuple[datetime, int]:
    """From when on it is in force, and as which version."""
    why = "Seven days before it takes effect at least (15 if it is major). All of staff are told, in words."
    story.page.section("legal.xu", "announces it", why)
    earliest = max(story.now + NOTICE, datetime.fromisoformat(base["effective_from"]))
    midnight = datetime.combine(earliest.astimezone(CHINA).date() + DAY, time.min, CHINA)
    made = story.xu.post(f"{story.path}/announcement", {"effective_from": midnight.isoformat()})["policy_version"]
    story.stands(version=made["number"], **{"in force": china_from(made["effective_from"])})
    story.show_slips()
    return datetime.fromisoformat(made["effective_from"]), int(made["number"])


def _hear(story: Amending) -> None:
    story.page.section("cs.chen", "says what they think of it", "So may anybody of staff, storefronts and consumers.")
    given = story.chen.post(f"{story.path}/opinions", {"text": words.SAID_OF_IT})
    story.page.remark(words.SAID_OF_IT)
    story.xu.post(f"{story.path}/opinions/{given['number']}/answer", {"text": words.ANSWERED})
    story.page.remark(words.ANSWERED)
    story.show_slips()


def _come_into_force(story: Amending, effective_from: datetime, number: int) -> None:
    why = "The desk's clock is moved to that second. Complaints of before keep the version under which they began."
    story.page.section("the clock", "comes to the effect", why)
    set_clock(story.quiet, effective_from)
    story.quiet.settle()
    state = story.stands()
    policy = story.quiet.call("anybody", "GET", "/v1/policy").body
    story.page.facts({"in force": f"version {policy['number']}", "in force at": china_from(state["in_force_at"])})
    page = story.quiet.call("anybody", "GET", f"/policy/versions/{number}?lang=en")
    if page.status != 200:
        raise Refused(page)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    story.page.remark(f"/policy/versions/{number}: {' '.join(heading[1].split()) if heading else '—'}")
    set_clock(story.quiet, effective_from + MORNING)
    story.show_slips()
