"""How the user pool lets staff in: by name and password, then by whatever more it asks for, and out again.

None of these calls needs rights in AWS: whoever knows the password makes them. What the pool asks for is a
`Challenged`; its session is good for a few minutes (`AuthSessionValidity`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib import log
from chalicelib.domain.ground.errors import Challenged, FieldFault, Invalid, Throttled, Unauthenticated
from chalicelib.settings import settings

from .aws import client

LEAST_PASSWORD = 12
"""Characters, by the policy of the user pool, which asks for four kinds of them."""
SETTING_UP = "setup."
"""How a session begins by which an app is set up; no session of the pool's has a point in it so early."""

Tokens = dict[str, Any]


def sign_in(username: str, password: str) -> Tokens:
    """Raises Unauthenticated, alike for a wrong password and for a user who is not there or is disabled, or whose
    password operations have reset, which Cognito says of whoever is there; Throttled; Challenged, if the password is
    right and does not suffice.
    """
    parameters = {"USERNAME": username, "PASSWORD": password}
    return _let_in(_ask(client("cognito-idp").initiate_auth, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters))


def refresh(refresh_token: str) -> Tokens:
    """A new access token for a refresh token. Raises Unauthenticated, Throttled."""
    parameters = {"REFRESH_TOKEN": refresh_token}
    return _let_in(_ask(client("cognito-idp").initiate_auth, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters))


def choose_password(username: str, session: str, password: str) -> Tokens:
    """Instead of the first one. Raises Invalid for one that the pool does not take, else as `sign_in` does."""
    too_simple = Invalid([FieldFault("new_password", "password_too_simple", {"least": LEAST_PASSWORD})])
    if any(mark.isspace() for mark in password):
        raise too_simple
    try:
        return _respond("NEW_PASSWORD_REQUIRED", session, {"USERNAME": username, "NEW_PASSWORD": password})
    except client("cognito-idp").exceptions.InvalidPasswordException:
        raise too_simple from None


def show_code(username: str, session: str, code: str) -> Tokens:
    """The code of an app, whose first one shows that it is set up. Raises as `sign_in` does."""
    if not session.startswith(SETTING_UP):
        return _respond("SOFTWARE_TOKEN_MFA", session, {"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": code})
    verify, session = client("cognito-idp").verify_software_token, session.removeprefix(SETTING_UP)
    with _in_our_words(begun=True):
        verified = verify(Session=session, UserCode=code)
    if verified["Status"] != "SUCCESS":
        raise Unauthenticated("second_factor_wrong")
    return _respond("MFA_SETUP", verified["Session"], {"USERNAME": username})


def revoke(refresh_token: str) -> None:
    """It gives no access token any more; nor does one that was none before."""
    cognito = client("cognito-idp")
    refused = cognito.exceptions
    try:
        cognito.revoke_token(Token=refresh_token, ClientId=settings().staff_client_id)
    except (refused.InvalidParameterException, refused.UnsupportedTokenTypeException, refused.UnauthorizedException):
        log.note("a session to end was none")


def _respond(challenge: str, session: str, answers: Mapping[str, str]) -> Tokens:
    respond = client("cognito-idp").respond_to_auth_challenge
    told = {"ChallengeName": challenge, "Session": session, "ChallengeResponses": answers}
    return _let_in(_ask(respond, begun=True, **told))


def _ask(call: Callable[..., Mapping[str, Any]], *, begun: bool = False, **what: Any) -> Mapping[str, Any]:
    with _in_our_words(begun=begun):
        return call(ClientId=settings().staff_client_id, **what)


def _let_in(answer: Mapping[str, Any]) -> Tokens:
    """The tokens, if that was all. Raises Challenged."""
    if "AuthenticationResult" in answer:
        return dict(answer["AuthenticationResult"])
    match answer.get("ChallengeName"):
        case "NEW_PASSWORD_REQUIRED":
            raise Challenged("password_to_choose", challenge="new_password", session=answer["Session"])
        case "SOFTWARE_TOKEN_MFA":
            raise Challenged("second_factor_asked_for", challenge="totp", session=answer["Session"])
        case "MFA_SETUP":
            with _in_our_words(begun=True):
                app = client("cognito-idp").associate_software_token(Session=answer["Session"])
            session, secret = f"{SETTING_UP}{app['Session']}", app["SecretCode"]
            raise Challenged("second_factor_to_set_up", challenge="totp_setup", session=session, secret=secret)
    log.fault("the user pool asks for what nobody answers", challenge=str(answer.get("ChallengeName")))
    raise Unauthenticated("further_step_needed")


@contextmanager
def _in_our_words(*, begun: bool) -> Iterator[None]:
    """What the user pool refuses. `begun`: the password was right, so that more may be told."""
    from botocore.exceptions import ParamValidationError

    refused = client("cognito-idp").exceptions
    no = Unauthenticated("sign_in_over" if begun else "not_let_in")
    try:
        yield
    except (refused.CodeMismatchException, refused.ExpiredCodeException, refused.EnableSoftwareTokenMFAException):
        raise Unauthenticated("second_factor_wrong") from None
    except (
        refused.NotAuthorizedException,
        refused.UserNotFoundException,
        refused.UserNotConfirmedException,
        refused.PasswordResetRequiredException,
        ParamValidationError,  # what cannot be a session of the pool's
    ):
        raise no from None
    except refused.InvalidParameterException:  # such as no user name can be; or the client is not set up for this
        log.fault("the user pool does not take a sign-in")
        raise no from None
    except refused.TooManyRequestsException:
        raise Throttled("too_many_sign_ins", retry_after=30) from None
