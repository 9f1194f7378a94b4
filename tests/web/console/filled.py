"""What a browser sends of a form as it stands."""

from typing import Any

from chalicelib.web.console import forms, page
from chalicelib.web.console.door import Sent
from chalicelib.web.pages.speech import Speech
from tests.web.piece import Element, read

WRITTEN = '<form>{% from "fields.html" import fields, faulty %}{{ faulty(list, "!") }}{{ fields(list) }}</form>'
"""A form alone, with what is wrong with it."""


def speech(locale: Any = "zh-CN") -> Speech:
    return Speech(locale, "Asia/Shanghai", page.words)


def form(fields: list[forms.Field]) -> Element:
    return read(page.environment().from_string(WRITTEN).render(list=fields))


def sent(form: Element) -> Sent:
    """Without the buttons, of which only the one that was pressed is sent."""
    found: dict[str, list[str]] = {}
    for one in form:
        if (name := one.given.get("name")) and (value := _value(one)) is not None:
            found.setdefault(name, []).append(value)
    return Sent(fields=found)


def _value(one: Element) -> str | None:
    if one.tag == "select":
        chosen = [option for option in one.all("option") if "selected" in option.given] or one.all("option")
        return chosen[0].given["value"]
    if one.tag == "textarea":
        return one.raw.removeprefix("\n")
    if one.tag == "input" and one.given.get("type") in ("checkbox", "radio"):
        return one.given.get("value", "on") if "checked" in one.given else None
    return one.given["value"] if one.tag == "input" else None
