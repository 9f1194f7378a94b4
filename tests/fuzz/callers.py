"""Everybody who calls: nobody at all, two storefronts, staff of each department, the consumers of what was filed."""

import math
import random
import time
import zlib

from chalicelib.web import APIS
from chalicelib.web.door import Operation
from infra.local.staff import STAFF_PASSWORD, STOREFRONTS
from tests.running import System

from .rights import CALLERS, MEMBERS, NOBODY, OTHER_SHOP, OWNER, REPLACED, SHOP, STRANGER, may

OPERATIONS = {one.name: one for api in APIS for one in api.operations}
OFTEN = 0.7
"""How often the caller is one who may: the others are turned away at the door, and never come to anything deeper."""


class Callers:
    """Their credentials, and who they belong to. Consumers are added as their complaints are filed."""

    def __init__(self, system: System) -> None:
        self.shops = tuple(_enter(system, name, secret) for name, secret in STOREFRONTS.items())
        self._tokens: dict[str, str] = {}
        for name in MEMBERS:
            answer = system.call("POST", "/v1/sign-in", {"username": name, "password": STAFF_PASSWORD})
            self._tokens[name] = str(answer.json()["access_token"])
        self._names = {token: name for name, token in self._tokens.items()}
        self._consumers: dict[str, str] = {}  # token by complaint
        self._complaints: dict[str, str] = {}  # complaint by token
        self._replaced: dict[str, str] = {}  # token by complaint
        self._worthless_from: dict[str, float] = {}  # seconds since 1970, by token
        self._filers: dict[str, str] = {}  # token of whoever filed it, by complaint

    def filed(self, complaint_id: str, consumer_token: str | None, by: str | None) -> None:
        """One more consumer, whose complaint was filed by the owner of a token; whoever files by phone has no token."""
        if consumer_token:
            self._consumers[complaint_id] = consumer_token
            self._complaints[consumer_token] = complaint_id
        self._filers[complaint_id] = by or ""

    def replaced(self, complaint_id: str) -> None:
        """What its consumer shows is worth nothing from now on."""
        if token := self._consumers.pop(complaint_id, None):
            self._replaced[complaint_id] = token
            self._worthless_from[token] = time.time()

    def choose(self, operation: Operation, request: object) -> str:
        """Whose turn it is: the same for the same request, so that what goes wrong can be tried again."""
        turn = random.Random(zlib.crc32(repr(request).encode("utf-8", "backslashreplace")))
        able = [who for who in CALLERS if may(operation.name, who)]
        return turn.choice(able if able and turn.random() < OFTEN else CALLERS)

    def token(self, name: str, complaint_id: object) -> str | None:
        """What they show for it; nothing, if they have nothing yet. Of two storefronts either may be the other one."""
        if name in (SHOP, OTHER_SHOP):
            first, second = self.shops
            filed_by_second = self._filers.get(str(complaint_id)) == second
            return second if filed_by_second == (name == SHOP) else first
        if name == OWNER:
            return self._consumers.get(str(complaint_id)) or self.token(STRANGER, complaint_id)
        if name == STRANGER:
            return next((token for of, token in reversed(self._consumers.items()) if of != complaint_id), None)
        if name == REPLACED:
            return self._replaced.get(str(complaint_id)) or next(iter(self._replaced.values()), None)
        return self._tokens.get(name)

    def whose(self, token: str, complaint_id: str, at: float = math.inf) -> str:
        """Who shows this token about a complaint, at which second since 1970: nobody, if it was given to nobody."""
        if at > self._worthless_from.get(token, math.inf):
            return REPLACED
        if token in self._complaints:
            return OWNER if self._complaints[token] == complaint_id else STRANGER
        if token in self.shops:
            return SHOP if self._filers.get(complaint_id) == token else OTHER_SHOP
        return self._names.get(token, NOBODY)

    def was_filed_by(self, complaint_id: str, token: str) -> bool:
        return self._filers.get(complaint_id) == token

    def secrets_of_others(self, token: str, text: str) -> list[str]:
        """The tokens in a text that open to a consumer what somebody else than the owner of this one filed."""
        return [it for it, of in list(self._complaints.items()) if it in text and not self.was_filed_by(of, token)]


def _enter(system: System, name: str, secret: str) -> str:
    grant = f"grant_type=client_credentials&client_id={name}&client_secret={secret}".encode()
    return str(system.call("POST", f"{system.desk}/oauth2/token", grant).json()["access_token"])
