"""Two storefronts beside each other: what one filed is not there for the other, and nothing that one was given, be it
an id, a file, an idempotency key or a cursor, means anything in the other's hands.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

from tests.examples import EXAMPLES, KETTLE
from tests.running import Reply, System

from .callers import Callers

OFFER = EXAMPLES["offer_evidence"].body
OTHER_ORDER = KETTLE | {"order_number": "E20261009-0043"}


class Trespass(NamedTuple):
    """What is wrong, with which operation; how to do it again, and what came back."""

    what: str
    operation: str
    again: str
    answer: Reply


def trespasses(system: System, callers: Callers) -> Iterator[Trespass]:
    """What either of the two storefronts got that is the other's."""
    for own, other in (callers.shops, callers.shops[::-1]):
        yield from Neighbours(system, callers, own, other).trespasses()


class Neighbours:
    """`own` filed a complaint, with a file; `other` knows all that `own` sent and was told."""

    def __init__(self, system: System, callers: Callers, own: str, other: str) -> None:
        self._system, self._callers, self._own, self._other = system, callers, own, other
        self._filed = self._post(own, "/v1/complaints", KETTLE, uuid4().hex)
        callers.filed(self._filed.json()["complaint_id"], self._filed.json()["consumer_token"], by=own)

    def trespasses(self) -> Iterator[Trespass]:
        path = f"/v1/complaints/{self._filed.json()['complaint_id']}"
        files_key = uuid4().hex
        offered = self._post(self._own, f"{path}/evidence", OFFER, files_key)
        yield from self._expect(offered, {201}, "a storefront may not add a file to what it filed", "offer_evidence")
        file = f"{path}/evidence/{offered.json().get('evidence_id', '1')}"
        for method, address, body, status, operation in (
            ("GET", path, None, {404}, "show_complaint"),
            ("GET", f"{path}/timeline", None, {403, 404}, "show_timeline"),
            ("GET", f"{path}/notices", None, {403, 404}, "show_notices"),
            ("GET", file, None, {403, 404}, "show_evidence"),
            ("POST", f"{path}/evidence", OFFER, {404}, "offer_evidence"),
            ("POST", f"{path}/link", EXAMPLES["replace_link"].body, {404}, "replace_link"),
        ):
            answer = self._call(self._other, method, address, body, files_key)
            what = f"what another storefront filed is answered {answer.status}"
            yield from self._expect(answer, status, what, operation)
        yield from self._keys()
        yield from self._lists()

    def _keys(self) -> Iterator[Trespass]:
        """The key of one is new in the hands of the other, with the same body and with another one."""
        for body in (KETTLE, OTHER_ORDER):
            key = uuid4().hex
            known = self._post(self._own, "/v1/complaints", KETTLE, key)
            answer = self._post(self._other, "/v1/complaints", body, key)
            filed_by = [(known, self._own)]
            if is_new := answer.status == 201 and answer.json()["complaint_id"] != known.json()["complaint_id"]:
                filed_by.append((answer, self._other))
            for one, who in filed_by:
                self._callers.filed(one.json()["complaint_id"], one.json()["consumer_token"], by=who)
            what = "the idempotency key of another storefront is not as good as new"
            yield from self._expect(answer, {201} if is_new else set(), what, "file_complaint")

    def _lists(self) -> Iterator[Trespass]:
        """Where storefronts may list what they filed, none of it is the other's, whosever cursor it comes with."""
        mine = self._call(self._own, "GET", "/v1/complaints?limit=1")
        if mine.status == 403:
            return
        cursor = mine.json().get("next_cursor")
        for query in ("limit=100", *([f"limit=100&cursor={cursor}"] if cursor else [])):
            answer = self._call(self._other, "GET", f"/v1/complaints?{query}")
            listed = [one["complaint_id"] for one in answer.json().get("items", ())]
            strange = [one for one in listed if not self._callers.was_filed_by(one, self._other)]
            what = f"a storefront is shown what another filed: {strange[:3]}"
            yield from self._expect(answer, set() if strange else {200, 400}, what, "list_complaints")

    def _expect(self, answer: Reply, statuses: set[int], what: str, operation: str) -> Iterator[Trespass]:
        """Nothing, if the last request is answered so; else what is wrong."""
        if answer.status not in statuses:
            yield Trespass(what, operation, self._again, answer)

    def _post(self, token: str, path: str, body: Any, key: str) -> Reply:
        return self._call(token, "POST", path, body, key)

    def _call(self, token: str, method: str, path: str, body: Any = None, key: str = "") -> Reply:
        who = "the storefront that filed it" if token == self._own else "the other storefront"
        self._again = f"{method} {path} {body or ''}, by {who}"
        headers = {"Idempotency_Key": key} if key and method == "POST" else {}
        return self._system.call(method, path, body, Authorization=f"Bearer {token}", **headers)
