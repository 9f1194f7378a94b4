"""What consumers think of an amendment that is announced (8.1): a form for each, on the page of their complaint."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework import rules
from chalicelib.domain.governance.amendment import Opinion
from chalicelib.domain.policy.announced import standing

from .acts import Act, Form, longest


class Asked(NamedTuple):
    """Version `number` will be in force from `until` on; so long opinions are heard. `url`: of its page."""

    number: int
    until: datetime
    url: str
    form: Form


def asked(prefix: str, locale: str, now: datetime) -> Iterator[Asked]:
    """Those that the policy's own amendments ask for now; a packaged version has none."""
    known = rules.announced(now)
    for one in known:
        if one.amendment and standing(one, known, now).state == "to_come":
            act = Act(one.amendment, "opinions", Opinion, "text")
            post = f"{prefix}/v1/policy/amendments/{one.amendment}/opinions"
            url = f"{prefix}/policy/versions/{one.number}?lang={locale}"
            yield Asked(one.number, one.effective_from, url, Form(act, post, {}, longest(Opinion, "text"), False))
