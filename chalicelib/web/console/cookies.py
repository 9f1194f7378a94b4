"""What a browser keeps for the console."""

from http.cookies import CookieError, SimpleCookie


def cookies(header: str) -> dict[str, str]:
    """By name; what is spelt otherwise is not there."""
    try:
        return {name: one.value for name, one in SimpleCookie(header).items()}
    except CookieError:
        return {}
