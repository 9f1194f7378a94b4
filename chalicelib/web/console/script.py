"""The script of the console, kept for good by its address."""

from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import FOR_GOOD, Pages, for_all, version_of

from . import page

assets = Pages(__name__)


@assets.operation("GET", "/pages/{version}/console.js", who=None, answers={200: str})
def show_console_script(call: Call) -> Answer:
    """What pages of the console do in the browser: nothing that cannot be done without it, but files."""
    text = page.script()
    kept = FOR_GOOD if call.path["version"] == version_of(text) else {}
    return for_all(call, text, {"Content-Type": "text/javascript; charset=utf-8", **kept})
