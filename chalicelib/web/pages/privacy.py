"""Our own page on what becomes of personal data (PIPL 17), for anyone: receipts name it, where no other is set.

It is in three languages at once, so that it needs neither script nor query, and is made once in a process: no call of
AWS, nothing of anybody. What it says of time are the settings; what it says of rights is the law's.
"""

from functools import cache

from chalicelib.domain.vocabulary import spoken
from chalicelib.settings import settings
from chalicelib.web import languages
from chalicelib.web.door import Answer, Call
from chalicelib.web.markup import secured

from .page import Pages, for_all, render

privacy = Pages(__name__)


@privacy.operation("GET", "/privacy", who=None, answers={200: str})
def show_privacy(call: Call) -> Answer:
    """What becomes of personal data, for anyone to read."""
    house = settings()
    page = _page(house.operator, house.contact, house.evidence_days)
    return for_all(call, page, secured(page))


@cache
def _page(operator: str, contact: str, days: int) -> str:
    kept = {locale: spoken.long_period(days, locale) for locale in languages.NATIVE}
    return render("privacy.html", operator=operator, contact=contact, kept=kept)
