"""What a member of staff does by the form that is open on a page: as it stands, with what they type."""

from collections.abc import Mapping
from typing import Any

from chalicelib.web.console import forms
from tests.house import Answer, House
from tests.web.piece import Element, read

from .filled import sent


def opened(house: House, page: str, act: str, who: str, part: str = "") -> Element:
    """The form of an action, as the page has it. `page`: its address, which may have a query."""
    asked = f"act={act}{part and f'&part={part}'}"
    answer = house.look(f"{page}{'&' if '?' in page else '?'}{asked}", who)
    assert answer.status == 200, answer.text
    return read(answer.text).one("form", id="do")


def do(house: House, page: str, act: str, who: str, typed: Mapping[str, Any] = {}, part: str = "") -> Answer:
    """Sends it with what is typed, as a body of the API would have it; what the form begins with stays elsewhere."""
    form = opened(house, page, act, who, part)
    before = {name: [*values] for name, values in sent(form).fields.items()}
    said = {name: [*values] for name, values in forms.sent_of(typed).fields.items()}
    return house.submit(form.given["action"].partition("#")[0], who, before | said)
