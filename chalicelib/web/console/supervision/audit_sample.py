"""The sample of an audit (6.3): how it was drawn, by what, and whether it comes out again; what anybody needs to see
that for themselves."""

from chalicelib.casework import audits as casework
from chalicelib.domain.audit import readers
from chalicelib.domain.ground.errors import NotFound
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.reporting.reading import words

from .audit_names import names
from .audits import ONE

audit_sample = Console(__name__)
STEPS = range(1, 6)


@audit_sample.operation("GET", ONE + "/sample", who=readers.ALL_OF_IT, answers={200: str})
def show_audit_sample(call: Call) -> Answer:
    """By what a sample was drawn, drawn again as the page is made, and what came or went since."""
    say = speech(call)
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    read = casework.sample(state, call.now)
    again = casework.recompute(state)
    return page(
        call,
        "supervision/audit_sample.html",
        say,
        audit=state,
        sample=read.sample,
        changed=read.changed,
        recorded=casework.recorded(state, call.now),
        again=again,
        steps=[words(say.locale)[f"audit.method.{one}"].format(planned=again.planned) for one in STEPS],
        **names(say),
    )


@audit_sample.operation("GET", ONE + "/sample/{file}", who=readers.ALL_OF_IT, answers={200: str})
def download_audit_sample(call: Call) -> Answer:
    """What it was drawn of, for whoever draws it again: the ids of the population, or the document of the sample."""
    state = casework.shown(call.path["audit_id"], call.actor, call.now).state
    found = casework.sample_documents(state).get(call.path["file"])
    if found is None:
        raise NotFound("page_unknown")
    kind, content = found
    name = f"{state.audit_id}-{call.path['file']}"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(200, content.decode(), headers)
