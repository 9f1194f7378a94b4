"""Our own page on what becomes of personal data (PIPL 17), for anyone: receipts name it, where no other is set.

It is in three languages at once, so that it needs neither script nor query, and is made once in a process: no call of
AWS, nothing of anybody. What it says of time are the settings; what it says of rights is the law's.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from chalice.app import Blueprint, Response

from chalicelib import log
from chalicelib.settings import settings

from .browsers import ALWAYS

PATH = "/privacy"
PAGE = Path(__file__).parent / "pages" / "privacy.html"

privacy = Blueprint(__name__)


@privacy.route(PATH, methods=["GET"], content_types=[], name="privacy")
def show_privacy() -> Response:
    """Anybody's to read."""
    house = settings()
    page, style = _page(house.operator, house.contact, house.evidence_days)
    asked = privacy.current_request
    request_id = str(asked.context.get("requestId") or getattr(asked.lambda_context, "aws_request_id", ""))
    with log.following(request_id=request_id):
        log.note("request", operation="show_privacy", status=200)
    own = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=300",
        "Content-Security-Policy": f"default-src 'none'; style-src '{style}'; base-uri 'none'; frame-ancestors 'none'",
        "X-Request-Id": request_id,
    }
    return Response(body=page, status_code=200, headers={**ALWAYS, **own})


@cache
def _page(operator: str, contact: str, days: int) -> tuple[str, str]:
    """The page, and what the browser knows its style by."""
    from jinja2 import Environment, StrictUndefined  # of all that answers, this alone needs it

    made = Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE.read_text("utf-8"))
    page = made.render(operator=operator, contact=contact, days=days)
    style = page.partition("<style>")[2].partition("</style>")[0]
    return page, f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
