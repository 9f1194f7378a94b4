"""The token endpoint of the user pool's domain, which moto lacks: client credentials."""

import base64
import binascii
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

from joserfc import jwt
from moto.cognitoidp.models import CognitoIdpUserPool

from infra.aws.answers import Answer, json_answer

LIFETIME = 3600
NO_STORE = ("Cache-Control", "no-store")


@dataclass(frozen=True)
class TokenEndpoint:
    """`clients`: what the pool calls each, by the name and the secret by which it makes itself known here."""

    pool: CognitoIdpUserPool
    issuer: str
    clients: Mapping[tuple[str, str], str]
    scopes: tuple[str, ...]

    def answer(self, form: bytes, authorization: str | None) -> Answer:
        """RFC 6749, section 4.4: an access token, or an error in its words."""
        fields = {name: values[-1] for name, values in parse_qs(form.decode("utf-8", "replace")).items()}
        client_id = self.clients.get(_credentials(fields, authorization))
        if client_id is None:
            challenge = ("WWW-Authenticate", 'Basic realm="tokens"')
            return json_answer(401, {"error": "invalid_client"}, NO_STORE, challenge)
        if fields.get("grant_type") != "client_credentials":
            return json_answer(400, {"error": "unsupported_grant_type"}, NO_STORE)
        asked = fields.get("scope", "").split() or list(self.scopes)
        if not set(asked) <= set(self.scopes):
            return json_answer(400, {"error": "invalid_scope"}, NO_STORE)
        content = {"access_token": self.token(client_id, asked), "expires_in": LIFETIME, "token_type": "Bearer"}
        return json_answer(200, content, NO_STORE)

    def token(self, client_id: str, scopes: list[str]) -> str:
        """An access token as Cognito makes them for machines, stamped with the machine's time and the pool's key."""
        now = int(time.time())
        claims = {
            "sub": client_id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "auth_time": now,
            "iss": self.issuer,
            "exp": now + LIFETIME,
            "iat": now,
            "version": 2,
            "jti": str(uuid.uuid4()),
            "client_id": client_id,
        }
        key = self.pool.json_web_key
        return jwt.encode({"kid": "dummy", "alg": "RS256"}, claims, key)  # the key id in moto's key set


def _credentials(fields: Mapping[str, str], authorization: str | None) -> tuple[str, str]:
    """The client's name and secret, from HTTP Basic if that was used."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id", ""), fields.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
