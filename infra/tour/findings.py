"""The first half of the story: a complaint is filed, and what happened is found out."""

from infra.tour import views, words
from infra.tour.parties import Party
from infra.tour.show import china
from infra.tour.story import Story
from infra.tour.words import CONSUMER, PHONE


def filed(story: Story) -> None:
    story.page.section(
        "The storefront",
        f"files {CONSUMER}'s complaint",
        "One call does it (3.1). Customer service has 24 hours to acknowledge it (4.1c).",
    )
    contact = {"name": CONSUMER, "phone": PHONE, "email": story.email}
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
    why = "A reaction to what happened; settling waits for it. Whoever's turn it is has the complaint."
    story.page.section(CONSUMER, "gets the receipt by e-mail", why)
    story.show_letters(story.loud)


def photographed(story: Story) -> None:
    why = "By a form for this one file, good for 15 minutes. It counts once it is there, as what it is."
    story.page.section(CONSUMER, "adds a photo", why)
    offered = story.consumer.post(f"{story.path}/evidence", words.PHOTO_OFFER)
    story.photo = offered["evidence_id"]
    story.loud.upload(CONSUMER, offered["upload"], words.PHOTO)
    story.quiet.settle()
    (kept,) = story.consumer.get(story.path)["evidence"]
    story.page.facts({"file": f"{kept['file_name']}, {kept['size']} bytes", "SHA-256": kept["sha256"]})


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


def verified(story: Story) -> None:
    why = "The shop's order system was asked in the background (4.2b); the answer is kept as evidence."
    story.page.section("cs.lin", "sees what the shop knows of the order", why)
    story.page.facts(views.order(story.lin.get(story.path)["order_check"]))


def acknowledged(story: Story) -> None:
    why = "It is accepted (4.1c). The investigation is due 3 working days after receipt (4.2c)."
    story.page.section("cs.lin", "takes it and acknowledges it", why)
    story.lin.post(f"{story.path}/assignment", {"assignee": "cs.lin"})
    story.act(story.lin, "acknowledgement", {"message": words.MESSAGE}, message=words.MESSAGE)


def answered(story: Story) -> None:
    why = "Asked by the acknowledgement itself (4.2a); its own clock ends with the next working day (5.2)."
    story.page.section("quality.he", "answers quality's inquiry", why)
    items = story.he.get("/v1/complaints?department=quality&task=inquiry&limit=100")["items"]
    mine = [views.task(one) for one in items if one["complaint_id"] == story.complaint_id]
    story.page.table(("complaint", "task", "product", "due"), mine, marked=story.complaint_id)
    inquiry = story.he.post(f"{story.path}/inquiries/1/answer", words.ASSESSMENT)
    names = ("question", "assessment", "recommended_solution")
    story.page.facts({name.replace("_", " "): inquiry[name] for name in names})


def noted(story: Story) -> None:
    story.page.section("cs.lin", "leaves a note for colleagues", f"{CONSUMER} will not see it.")
    note = story.lin.post(f"{story.path}/notes", {"text": words.INNER_NOTE, "public": False})
    story.page.facts({"note": note["text"], "author": note["author"]})


def investigated(story: Story) -> None:
    why = "Refused unless it is complete and quality was heard (4.2b). Then 2 working days for a plan (4.3b)."
    story.page.section("cs.lin", "hands in the investigation report", why)
    report = words.REPORT | {"evidence": [story.photo]}
    facts = {name.replace("_", " "): report[name] for name in ("findings", "root_cause", "conclusion")}
    story.act(story.lin, "investigation-report", report, **facts, evidence=words.PHOTO_OFFER["file_name"])
