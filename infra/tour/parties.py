"""Who calls: each with a credential of its own, which is renewed when it is no longer taken."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from infra.tour.calls import Line, Refused, Reply, granted

STOREFRONT = {"grant_type": "client_credentials", "client_id": "storefront", "client_secret": "storefront-local"}
PASSWORD = "Redress-local-1"


class Party:
    """Somebody who calls the API. `admit` gets a new credential; the consumer's own token cannot be had again."""

    def __init__(self, line: Line, name: str, admit: Callable[[], str] | None = None, token: str = "") -> None:
        self.line, self.name = line, name
        self._admit, self._token = admit, token

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer's body. Safe to repeat on the wire: each call has an idempotency key. Raises Refused."""
        return self._call("POST", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._call("PUT", path, json=body)

    def text(self, path: str) -> str:
        """What is no JSON: a document, a table. Raises Refused."""
        reply = self._reply("GET", path)
        if reply.status != 200:
            raise Refused(reply)
        return reply.text

    def sign_in(self) -> None:
        if self._admit:
            self._token = self._admit()

    def _call(self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any) -> Any:
        return granted(self._reply(method, path, headers, **sent)).body

    def _reply(self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any) -> Reply:
        if not self._token:
            self.sign_in()
        for last in (self._admit is None, True):  # a token expires after an hour: one new one, then the answer stands
            carried = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
            reply = self.line.call(self.name, method, path, headers=carried, **sent)
            if reply.status != 401 or last:
                break
            self.sign_in()
        return reply


def storefront(line: Line) -> Party:
    """The shop, which gets its token with a secret of its own."""
    return Party(
        line,
        "storefront",
        lambda: line.at_desk("storefront", "POST", "/oauth2/token", data=STOREFRONT).body["access_token"],
    )


def staff(line: Line, user: str) -> Party:
    """A member of staff, who signs in with a password."""

    def admit() -> str:
        credentials = {"username": user, "password": PASSWORD}
        return str(granted(line.call(user, "POST", "/v1/sign-in", json=credentials)).body["access_token"])

    return Party(line, user, admit)
