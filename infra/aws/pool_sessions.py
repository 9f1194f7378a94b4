"""Signing in step by step as Cognito has it: a session is of one person, codes are looked at, a refresh token ends."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any
from unittest.mock import patch

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import NotAuthorizedError
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.cognitoidp.utils import verify_totp
from moto.core.responses import ActionResult, EmptyResult

_initiate_auth = models.CognitoIdpBackend.initiate_auth
_respond = models.CognitoIdpBackend.respond_to_auth_challenge
_verify = models.CognitoIdpBackend.verify_software_token


def install() -> Callable[[], None]:
    """Make moto do so; gives what undoes it."""
    undo = ExitStack()
    for owner, name, own in (
        (models, "get_cognito_idp_user_pool_enable_totp", lambda: True),
        (models, "verify_totp", partial(verify_totp, valid_window=1)),  # a code takes its time on the way
        (models.CognitoIdpBackend, "initiate_auth", _initiate),
        (models.CognitoIdpBackend, "respond_to_auth_challenge", _respond_by_session),
        (models.CognitoIdpBackend, "verify_software_token", _verify_by_session),
    ):
        undo.enter_context(patch.object(owner, name, own))
    undo.enter_context(patch.object(CognitoIdpResponse, "revoke_token", _revoke_token, create=True))
    return undo.close


def _initiate(backend: models.CognitoIdpBackend, client_id: str, auth_flow: str, parameters: dict[str, str]) -> Any:
    """moto goes on renewing for whoever is disabled, and fails for whoever is not there any more."""
    for pool in backend.user_pools.values():
        _, username, _ = pool.refresh_tokens.get(parameters.get("REFRESH_TOKEN", "")) or (None, None, None)
        user = pool._get_user(username) if username else None
        if username and (user is None or not user.enabled):
            raise NotAuthorizedError("User is disabled.")
    return _initiate_auth(backend, client_id, auth_flow, parameters)


def _respond_by_session(
    backend: models.CognitoIdpBackend, session: str, client_id: str, challenge_name: str, responses: dict[str, str]
) -> Any:
    """moto believes whoever says whose session it is, and takes one that has ended for a resource."""
    whose, _ = backend.sessions.get(session, (None, None))
    if whose is None or responses.get("USERNAME") != whose:
        raise NotAuthorizedError("Invalid session for the user.")
    return _respond(backend, session, client_id, challenge_name, responses)


def _verify_by_session(backend: models.CognitoIdpBackend, access_token: str, session: str, *more: str) -> Any:
    if session and session not in backend.sessions:
        raise NotAuthorizedError("Invalid session for the user.")
    return _verify(backend, access_token, session, *more)


def _revoke_token(response: CognitoIdpResponse) -> ActionResult:
    """RevokeToken, which moto lacks. Of a token that there is not, Cognito says nothing."""
    token = response._get_param("Token")
    for pool in response.backend.user_pools.values():
        if token in pool.refresh_tokens:
            pool.refresh_tokens[token] = None
    return EmptyResult()
