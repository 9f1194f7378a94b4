"""What concerns whoever has signed in, in one place: their sheet, training, breaches to answer, study, measures."""

from chalicelib.casework import audits, hearings, measures, training, waiting
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.places import page_of
from chalicelib.web.console.supervision.hearings import act_of
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from .sheets import named
from .training import topic
from .waits import newest_sheet, of_others

mine = Console(__name__)
LINES = 10
"""Of each; a list of its own has the rest."""


@mine.operation("GET", "/console/mine", who=STAFF, answers={200: str})
def show_mine(call: Call) -> Answer:
    """One's own, each part with where the whole of it is. Nobody else can open this page of somebody's."""
    say, name = speech(call), call.actor.id
    newest = newest_sheet(call)
    return page(
        call,
        "people/mine.html",
        say,
        now=call.now,
        sheet=newest,
        quarter=named(newest.quarter, say) if newest else "",
        trainings=training.owed(name)[:LINES],
        topic=lambda one: topic(one.topic, say),
        hearings=hearings.of_person(name, call.actor, LINES, None)[0],
        study=waiting.to_study(call.actor, call.now),
        measures=measures.owed(name, LINES, None)[0],
        findings=audits.findings_of(name, LINES, None)[0],
        severity=lambda one: spoken.SEVERITIES[one.severity][say.locale],
        page_of=page_of,
        act_of=lambda one: act_of(one, call),
        called=lambda record: _called(record, say),
        others=[*of_others(call, say)],
    )


def _called(record: str, say: Speech) -> str:
    """A complaint by its number, an audit by its quarter."""
    period = record.removeprefix("audit_").partition("-")[0]
    return named(period, say) if record.startswith("audit_") else record
