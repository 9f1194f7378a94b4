"""The second half of the story: what is done about it, until the last promise is kept, and what remains on record."""

from infra.tour import views, words
from infra.tour.show import china
from infra.tour.story import Story
from infra.tour.words import CONSUMER


def planned(story: Story) -> None:
    why = "Method, time needed and follow-up measures, or it is refused (4.3a)."
    story.page.section("cs.lin", "proposes a plan", why)
    plan = words.REPLACEMENT
    story.act(story.lin, "resolution-plan", plan, plan=plan["summary"], **views.promises(plan))


def objected(story: Story) -> None:
    why = "The opinion is recorded and a new round begins, with a clock of its own (4.4b)."
    story.page.section(CONSUMER, "opens the link, reads the plan and objects", why)
    seen = story.consumer.get(story.path)
    story.page.facts({"reads": f"{seen['stage_name']}: {seen['resolution_plan']['summary']}"})
    story.act(story.consumer, "feedback", {"satisfied": False, "opinion": words.OPINION}, opinion=words.OPINION)


def adjusted(story: Story) -> None:
    story.page.section("cs.lin", "adjusts the plan", f"{CONSUMER} did not ask for another kettle, but for the money.")
    plan = words.REFUND
    story.act(story.lin, "resolution-plan", plan, plan=plan["summary"], **views.promises(plan))


def compared(story: Story) -> None:
    why = "The same address for both; the credential decides what is in the answer."
    story.page.section(f"cs.lin and {CONSUMER}", "look at the complaint", why)
    inside, outside = story.lin.get(story.path), story.consumer.get(story.path)
    story.page.table(("", "cs.lin sees", f"{CONSUMER} sees"), views.side_by_side(inside, outside))


def satisfied(story: Story) -> None:
    story.page.section(CONSUMER, "is satisfied", "The complaint is closed at once (4.5a).")
    after = story.act(story.consumer, "feedback", {"satisfied": True})
    story.page.facts({"reads": after["stage_name"], "outcome": after["outcome"], "closed": china(after["closed_at"])})


def kept(story: Story) -> None:
    why = f"The closure does not end what was promised (4.3a). {CONSUMER} is told when the last of it is done."
    story.page.section("cs.lin", "keeps the promises", why)
    for promise in story.lin.get(story.path)["follow_ups"]:
        story.lin.post(f"{story.path}/follow-ups/{promise['number']}/completion", {})
        story.page.facts({"done": promise["measure"], "was due": china(promise["due_at"])})


def listed(story: Story) -> None:
    why = "Each notice once, by which channel, and what became of it; addresses are masked."
    story.page.section("cs.lin", "looks up who was told", why)
    notices = story.lin.get(f"{story.path}/notices?limit=100")["items"]
    story.page.table(("event", "notice", "to", "state", "by"), (views.notice(one) for one in notices))


def remembered(story: Story) -> None:
    why = "Nothing is ever changed or taken out: each event carries the hash of the one before it (4.5b)."
    story.page.section("cs.lin", "reads the timeline", why)
    entries = story.lin.get(f"{story.path}/timeline?limit=100")["items"]
    columns = ("", "in China", "what happened", "by", "enters", "public", "previous", "hash")
    story.page.table(columns, (views.entry(one) for one in entries))
    broken = views.broken_link(entries)
    whole = f"The chain holds: {len(entries)} events, each linked to the one before."
    story.page.remark(
        whole if broken is None else f"The chain is broken at event {broken}.", alarming=broken is not None
    )
    shown = story.consumer.get(f"{story.path}/timeline?limit=100")["items"]
    story.page.remark(f"{CONSUMER} sees {len(shown)} of them, without the names of staff.")
