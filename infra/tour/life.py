"""One complaint's life, step by step: a cracked kettle, a plan that does not please, a better one, satisfaction."""

from infra.tour import views, words
from infra.tour.calls import Line
from infra.tour.parties import Party
from infra.tour.show import Page, china
from infra.tour.story import Story
from infra.tour.words import CONSUMER


def walk(page: Page, loud: Line, quiet: Line) -> None:
    """The whole story. Raises Refused or NoAnswer where it cannot go on."""
    story = Story(page, loud, quiet)
    page.title("A complaint's life, as each party sees it", f"API {loud.api} · desk {loud.desk}")
    filed(story)
    for step in STEPS:
        step(story)
        story.show_letters(quiet)
    page.ending(f"Complaint {story.complaint_id} is closed as satisfied.")


def filed(story: Story) -> None:
    story.page.section(
        "The storefront",
        f"files {CONSUMER}'s complaint",
        "One call does it (3.1). Customer service has 24 hours to acknowledge it (4.1c).",
    )
    contact = {"name": CONSUMER, "phone": "+8613800138000", "email": story.email}
    body = words.KETTLE | {"order_number": story.order, "contact": contact}
    receipt = story.shop.post("/v1/complaints", body)
    story.complaint_id = receipt["complaint_id"]
    story.consumer = Party(story.loud, CONSUMER, token=receipt["consumer_token"])
    story.page.stages(receipt["stage"], 1)
    story.page.facts(
        {
            "due": f"{china(receipt['acknowledge_by'])} ({receipt['acknowledge_by']})",
            "product": body["product_name"],
            "words": body["description"],
            "receipt": f"complaint {story.complaint_id}, a link and a token for {CONSUMER} alone",
        }
    )


def told(story: Story) -> None:
    story.page.section(CONSUMER, "gets the receipt by e-mail", "A reaction to what happened; settling waits for it.")
    story.show_letters(story.loud)


def queued(story: Story) -> None:
    story.page.section(
        "cs.lin", "signs in and sees the queue", "Customer service has it first; soonest due comes first."
    )
    items = story.lin.get("/v1/complaints?stage=received&limit=5")["items"]
    if story.complaint_id not in [one["complaint_id"] for one in items]:
        story.page.remark("Others are due sooner; this one is found by its order number.")
        items += story.lin.get(f"/v1/complaints?order_number={story.order}")["items"]
    columns = ("complaint", "product", "category", "due")
    story.page.table(columns, [views.in_queue(one) for one in items], marked=story.complaint_id)


def acknowledged(story: Story) -> None:
    why = "It is accepted (4.1c). The investigation is due 3 working days after receipt (4.2c)."
    story.page.section("cs.lin", "takes it and acknowledges it", why)
    story.lin.post(f"{story.path}/assignment", {"assignee": "cs.lin"})
    story.act(story.lin, "acknowledgement", {"message": words.MESSAGE}, message=words.MESSAGE)


def noted(story: Story) -> None:
    story.page.section("cs.lin", "leaves a note for colleagues", f"{CONSUMER} will not see it.")
    note = story.lin.post(f"{story.path}/notes", {"text": words.INNER_NOTE, "public": False})
    story.page.facts({"note": note["text"], "author": note["author"]})


def investigated(story: Story) -> None:
    why = "Refused unless it is complete (4.2b). Then there are 2 working days for a plan (4.3b)."
    story.page.section("cs.lin", "hands in the investigation report", why)
    facts = {name.replace("_", " "): words.REPORT[name] for name in ("findings", "root_cause", "conclusion")}
    story.act(story.lin, "investigation-report", words.REPORT, **facts)


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


STEPS = (
    told,
    queued,
    acknowledged,
    noted,
    investigated,
    planned,
    objected,
    adjusted,
    compared,
    satisfied,
    remembered,
)
