"""What consumers think of an amendment that is announced (8.1): a form for each, on the page of their complaint."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.casework import amendments, rules
from chalicelib.domain.governance.amendment import Opinion
from chalicelib.domain.policy.announced import standing

from .acts import Act, Form, longest


class Asked(NamedTuple):
    """Version `number` will be in force from `until` on; so long opinions are heard. `url`: of its page. Who has said
    it is given no `form`."""

    number: int
    until: datetime
    url: str
    form: Form | None


def asked(complaint_id: str, prefix: str, locale: str, now: datetime) -> Iterator[Asked]:
    """Those that the policy's own amendments ask for now; a packaged version has none. Whether it was said is looked up
    only while something is asked."""
    known = rules.announced(now)
    coming = [(one, one.amendment) for one in known if one.amendment and standing(one, known, now).state == "to_come"]
    said = amendments.said_by(complaint_id) if coming else ()
    for one, name in coming:
        url = f"{prefix}/policy/versions/{one.number}?lang={locale}"
        yield Asked(one.number, one.effective_from, url, None if name in said else _form(prefix, name))


def _form(prefix: str, name: str) -> Form:
    post = f"{prefix}/v1/policy/amendments/{name}/opinions"
    return Form(Act(name, "opinions", Opinion, "text"), post, {}, longest(Opinion, "text"), False)
