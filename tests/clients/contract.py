"""The contract as a client finds it: the document, where it says that the API is, and a token from where it says that
storefronts get theirs."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from tests.running import System

from .tools import Failed

ASKED = {"grant_type": "client_credentials", "client_id": "storefront", "client_secret": "storefront-local"}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Contract:
    text: str
    server: str
    api: str
    token: str


def of(system: System) -> Contract:
    """Failed if it leads elsewhere than to this system, or to no token."""
    text = system.call("GET", "/v1/openapi.json").body.decode()
    document = json.loads(text)
    server = next((one["url"] for one in document.get("servers", ())), "")
    if urlsplit(urljoin(system.api, server)).netloc != urlsplit(system.api).netloc or not urlsplit(server).netloc:
        raise Failed(f"`servers` of the contract says {server or 'nothing'}, and the API is at {system.api}")
    return Contract(text, server, system.api, _token(system, document))


def _token(system: System, document: dict[str, Any]) -> str:
    url = document["components"]["securitySchemes"]["storefront"]["flows"]["clientCredentials"]["tokenUrl"]
    reply = system.call("POST", urljoin(system.api, url), urlencode(ASKED).encode(), Content_Type=FORM)
    if reply.status != 200:
        raise Failed(f"`tokenUrl` of the contract is {url}, which answers {reply.status} instead of a token")
    return str(reply.json()["access_token"])
