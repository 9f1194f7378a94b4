"""Who is calling: one function for staff, storefronts and consumers, the same wherever it runs.

Staff and storefronts bring an access token of the user pool (RS256, checked against the pool's key set); consumers
bring the token of their complaint, "rt1.<id>.<edition>.<MAC>" by our own keys. Whatever does not check out is nobody.

A consumer's token says whose it is and which of the links that there were, and nothing of time: how long it opens the
complaint follows from the complaint itself (`domain/complaint/links.py`).
"""

import re
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, TypeGuard

from chalicelib import log
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Unauthenticated, Unavailable
from chalicelib.domain.ground.ids import ALPHABET, read_code
from chalicelib.domain.ground.people import Actor
from chalicelib.settings import settings

from . import signing

if TYPE_CHECKING:
    from joserfc.jwk import Key

POOL_ALGORITHM = "RS256"
SCOPE = "complaints/submit"
OURS = "rt1."
"""How a consumer's token begins, and nobody else's."""
CONSUMER = re.compile(rf"rt1\.([{ALPHABET}]{{5}}-[{ALPHABET}]{{5}})\.(0|[1-9][0-9]{{0,7}})\.([A-Za-z0-9_-]{{22}})")
"""The token of a complaint's consumer: the id as it is written, the edition, the MAC. At most 47 characters."""
USERNAME = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff]{1,128}")
"""As the user pool has them: no blanks, nothing that cannot be written down."""
REFRESH_KEYS_AFTER = timedelta(minutes=1)
NOT_FETCHED = "the key set of the user pool was not fetched"


class PoolKeys:
    """The key set of the user pool: fetched once, again when an unknown key id appears, at most once a minute.

    What fails is tried again at once, then after 1, 2, 4 … seconds, at most a minute. Known keys go on working.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: tuple[Key, ...] = ()
        self._ask_again_at: datetime | None = None
        self._failed = 0  # times in a row
        self._asking = Lock()  # one process may answer several requests at once

    def key(self, kid: str, at: datetime) -> "Key":
        """Raises Unauthenticated for a key the pool does not have, Unavailable while the pool cannot be asked."""
        found = self._find(kid)
        if found is None:
            with self._asking:
                found = self._find(kid) or self._ask_for(kid, at)
        if found is None and self._failed:
            raise Unavailable("keys_not_fetched")
        if found is None:
            raise Unauthenticated("credentials_invalid")
        return found

    def _find(self, kid: str) -> "Key | None":
        return next((key for key in self._keys if key.kid == kid), None)

    def _ask_for(self, kid: str, at: datetime) -> "Key | None":
        if self._ask_again_at and at < self._ask_again_at:
            return None
        if keys := self._fetch() or self._fetch():
            self._keys, self._failed, wait = keys, 0, REFRESH_KEYS_AFTER
        else:
            wait = min(timedelta(seconds=2**self._failed), REFRESH_KEYS_AFTER)
            self._failed = min(self._failed + 1, 6)  # 64 seconds are more than the most
        self._ask_again_at = at + wait
        return self._find(kid)

    def _fetch(self) -> "tuple[Key, ...]":
        """The keys there are; none if it is out of reach, or something else than a key set answers there."""
        import urllib3
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        status = None
        try:
            answer = urllib3.request("GET", self._url, timeout=3.0, retries=False)
            status = answer.status
            if status == 200 and (keys := tuple(KeySet.import_key_set(answer.json()))):
                return keys
        except (urllib3.exceptions.HTTPError, JoseError, LookupError, TypeError, ValueError, RecursionError):
            log.fault(NOT_FETCHED, status=status)
        else:
            log.fault(NOT_FETCHED, status=status)
        return ()


@cache
def _pool_keys(url: str) -> PoolKeys:
    return PoolKeys(url)


def caller(token: str, machine_time: datetime) -> Actor:
    """Who a bearer token belongs to. Raises Unauthenticated, or Unavailable if the pool's keys cannot be had.

    The pool's tokens expire by `machine_time`, which stamped them.
    """
    if own := CONSUMER.fullmatch(token):
        return _consumer(*own.groups())
    if token.startswith(OURS):
        raise Unauthenticated("link_not_whole")
    algorithm, kid = _header(token)
    if algorithm == POOL_ALGORITHM and kid:
        return _pool_member(token, _pool_keys(settings().pool_keys_url).key(kid, machine_time), machine_time)
    raise Unauthenticated("credentials_invalid")


def consumer_token(complaint_id: str, edition: int) -> str:
    """The token of a complaint's consumer; the same for the same edition, for as long as the key is the same."""
    return f"rt1.{complaint_id}.{edition}.{signing.seal('token', complaint_id, str(edition))}"


def consumer_code(complaint_id: str, edition: int) -> str:
    """What a text message has instead of the token, for people to type; of a MAC of its own."""
    return signing.code("code", complaint_id, str(edition))


def is_code(typed: str, complaint_id: str, edition: int) -> bool:
    """Whether it is the code of a complaint's link of that edition."""
    return signing.is_code(read_code(typed), "code", complaint_id, str(edition))


def tracking_url(complaint_id: str, token: str, api: str) -> str:
    """The consumer's link. The token is in the fragment, which browsers keep out of requests, logs and referrers.

    `api`: the id of our own API by API Gateway, for whoever serves a request; the setting may leave a place for it.
    """
    return f"{settings().tracking_url.replace('{api}', api)}/{complaint_id}#token={token}"


def _header(token: str) -> tuple[str, str]:
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, RecursionError):  # the last of a header of a thousand brackets
        raise Unauthenticated("credentials_invalid") from None
    return str(header.get("alg", "")), str(header.get("kid", ""))


def _consumer(complaint_id: str, edition: str, mac: str) -> Actor:
    if not signing.is_sealed(mac, "token", complaint_id, edition):
        raise Unauthenticated("link_not_whole")
    return people.consumer(complaint_id, int(edition))


def _pool_member(token: str, key: "Key", machine_time: datetime) -> Actor:
    from joserfc import jwt
    from joserfc.errors import JoseError

    rules = jwt.JWTClaimsRegistry(
        now=int(machine_time.timestamp()),
        leeway=5,
        iss={"essential": True, "value": settings().issuer},
        exp={"essential": True},
        token_use={"essential": True, "value": "access"},
    )
    try:
        claims = jwt.decode(token, key, algorithms=[POOL_ALGORITHM]).claims
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, RecursionError):  # claims of any shape
        raise Unauthenticated("credentials_invalid") from None
    client_id, username, groups = claims.get("client_id"), claims.get("username"), claims.get("cognito:groups", [])
    if client_id == settings().staff_client_id and _is_name(username) and _are_names(groups):
        return people.staff(username, frozenset(groups))
    scope = claims.get("scope")
    if client_id in settings().storefront_client_ids and isinstance(scope, str) and SCOPE in scope.split():
        return people.storefront(client_id)
    raise Unauthenticated("credentials_invalid")


def _is_name(claim: object) -> TypeGuard[str]:
    return isinstance(claim, str) and USERNAME.fullmatch(claim) is not None


def _are_names(claim: object) -> TypeGuard[list[str]]:
    return isinstance(claim, list) and all(isinstance(name, str) for name in claim)
