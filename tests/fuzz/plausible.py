"""Values that get past the first check, so that what lies behind it is reached too."""

import unicodedata
from typing import Any
from zlib import crc32

from hypothesis import strategies

PHONES = strategies.one_of(
    strategies.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True),
    strategies.from_regex(r"\+86 ?1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True),
)
EMAILS = strategies.from_regex(r"[a-z0-9]{1,12}([.+-][a-z0-9]{1,8})?@[a-z]{2,12}\.(cn|com|net)", fullmatch=True)

HOSTILE: dict[str, tuple[str, ...]] = {
    "phone": (
        "\u202a+86 138\u2011 0013 8000\u202c",
        "tel:+86-138-0013-8000",
        "（+８６）１３８００１３８０００",
        "18412345678-1234",
        "18412345678转801",
        "010-62345678",
        "400-820-8820",
        "+19005551234",
        "+88161234567",
        "+8613800138000;ext=1\r\nBcc: x@example.cn",
    ),
    "email": (
        "\ufeffwang＠example.cn\u200b",
        "mailto:wang@example.cn",
        "=?utf-8?q?a=0Ab?=@example.cn",
        "a=2Cb@example.cn",
        "wang@example.cn\r\nBcc: x@example.cn",
        '"wang, lin"@example.cn',
    ),
}
"""What contact lists, privacy numbers and attackers put into a contact: kept as what it is, or refused, never a 500."""


def made_visible(value: Any) -> Any:
    """The same, its texts trimmed as the house trims them, and with something to see in each.

    A schema cannot say "visible": without this, most of what it generates would be refused for that alone.
    """
    if isinstance(value, dict):
        return {name: made_visible(one) for name, one in value.items()}
    if isinstance(value, list):
        return [made_visible(one) for one in value]
    return _visible(value) if isinstance(value, str) else value


def with_known(values: dict[str, Any], known: dict[str, list[str]], *more: object) -> dict[str, Any]:
    """The same, half of the time with names that exist in the fields that ask for one; `more` decides with them."""
    turn = _turn((values, more))
    if turn % 2:
        return values
    asked = [field for field in values if field in known and isinstance(values[field], str)]
    return values | {field: known[field][turn // 2 % len(known[field])] for field in asked}


def with_sense(body: dict[str, Any], *more: object) -> dict[str, Any]:
    """The same, but half of the time nobody objects to a plan without a word, and changes are of a policy: a schema can
    say neither."""
    if not _turn((body, more)) % 2:
        return body
    wordless = body.get("satisfied") is False and not body.get("opinion")
    told = {"satisfied": True} if wordless else {}
    changed = {"changes": {"told_together_minutes": _turn(body) % 60}} if body.get("changes") is not None else {}
    return body | told | changed


def as_pasted(body: dict[str, Any], *more: object) -> dict[str, Any]:
    """The same, but a third of the time its contact is as people paste it, or as attackers write it."""
    turn = _turn((body, more))
    if not isinstance(contact := body.get("contact"), dict) or turn % 3:
        return body
    pasted = {way: values[turn // 3 % len(values)] for way, values in HOSTILE.items() if contact.get(way)}
    return body | {"contact": contact | pasted}


def is_pasted(body: Any) -> bool:
    """Whether its contact is of these."""
    contact = body.get("contact") if isinstance(body, dict) else None
    return isinstance(contact, dict) and any(contact.get(way) in values for way, values in HOSTILE.items())


def in_time(headers: Any, *more: object) -> None:
    """Takes away half of the versions that a change is bound to: hardly one made up is the one that is there."""
    if headers and _turn(more) % 2:
        headers.pop("If-Match", None)


def _turn(values: object) -> int:
    """By chance, but always the same for the same."""
    return crc32(repr(values).encode("utf-8", "backslashreplace"))


def _visible(text: str) -> str:
    text = text.strip()
    if any(unicodedata.category(mark)[0] in "LNPS" for mark in text):
        return text
    return "字" + text[1:]
