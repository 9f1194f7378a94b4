"""Everybody who calls: nobody at all, the storefront, staff of each department, and the consumers of what was filed."""

import math
import random
import time
import zlib

from chalicelib.web import APIS
from chalicelib.web.api import Operation
from infra.local.staff import STAFF_PASSWORD
from tests.running import System

from .rights import CALLERS, MEMBERS, NOBODY, OTHER_SHOP, OWNER, REPLACED, SHOP, STRANGER, may

OPERATIONS = {one.name: one for api in APIS for one in api.operations}
OFTEN = 0.7
"""How often the caller is one who may: the others are turned away at the door, and never come to anything deeper."""
SHOP_ENTERS = b"grant_type=client_credentials&client_id=storefront&client_secret=storefront-local"


class Callers:
    """Their credentials, and who they belong to. Consumers are added as their complaints are filed."""

    def __init__(self, system: System) -> None:
        shop = system.call("POST", f"{system.desk}/oauth2/token", SHOP_ENTERS)
        self._tokens = dict.fromkeys((SHOP, OTHER_SHOP), str(shop.json()["access_token"]))
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
        """What they show for it; nothing, if they have nothing yet."""
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
        if token in self._names and self._filers.get(complaint_id) == token == self._tokens[SHOP]:
            return SHOP
        return self._names.get(token, NOBODY)
