"""Today: what waits for whoever has signed in."""

from chalicelib.domain.ground.people import STAFF
from chalicelib.web.door import Answer, Call

from .door import Console
from .page import page

today = Console(__name__)


@today.operation("GET", "/console", who=STAFF, answers={200: str})
def show_today(call: Call) -> Answer:
    """What waits for whoever has signed in, as links to where it is."""
    return page(call, "today.html")
