"""One complaint's life, step by step: a cracked kettle, a plan that does not please, a better one, satisfaction."""

from infra.tour import findings, remedy
from infra.tour.calls import Line
from infra.tour.show import Page
from infra.tour.story import Story

STEPS = (
    findings.told,
    findings.photographed,
    findings.queued,
    findings.verified,
    findings.acknowledged,
    findings.answered,
    findings.noted,
    findings.investigated,
    remedy.planned,
    remedy.objected,
    remedy.adjusted,
    remedy.compared,
    remedy.satisfied,
    remedy.kept,
    remedy.listed,
    remedy.remembered,
)


def walk(page: Page, loud: Line, quiet: Line) -> None:
    """The whole story. Raises Refused or NoAnswer where it cannot go on."""
    story = Story(page, loud, quiet)
    page.title("A complaint's life, as each party sees it", f"API {loud.api} · desk {loud.desk}")
    findings.filed(story)
    for step in STEPS:
        step(story)
        story.show_letters(quiet)
    page.ending(f"Complaint {story.complaint_id} is closed as satisfied, and what was promised is done.")
