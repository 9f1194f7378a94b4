"""Every state of a life that the page tells apart, looked at: nobody is shut out of any, in light or dark."""

import pytest

from chalicelib.adapters.store import Case
from chalicelib.domain.ground.people import NOBODY
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.web.door import Call
from chalicelib.web.pages.content import ContentQuery, content
from chalicelib.web.pages.page import render
from tests.domain.cases import NUMBER, WANG
from tests.house import House
from tests.web.piece import LIVES

from . import looks
from .devices import Device


@pytest.fixture(scope="module")
def pieces(lasting_house: House) -> dict[str, str]:
    """Of each life what its consumer is sent, in one language after the other."""
    written = {}
    for at, (life, told) in enumerate(LIVES.items()):
        story = told()
        case = Case(story.complaint, NOBODY, story.entries)
        call = Call(WANG, story.now, 0, {"complaint_id": NUMBER})
        written[life] = render("content.html", **content(case, call, ContentQuery(lang=LOCALES[at % 3])))
    return written


def test_nobody_is_shut_out_in_any_state_of_a_life(phone: Device, pieces: dict[str, str]) -> None:
    page, faults = phone.open("/track"), []
    page.route("**/evidence/*", lambda route: route.fulfill(json={"url": "data:,"}))
    for life, piece in pieces.items():
        page.evaluate("piece => { place(piece); all('details').forEach(one => one.open = 1) }", piece)
        found = [*looks.axe(page), *looks.too_wide(page)]
        page.emulate_media(color_scheme="dark")
        found += looks.axe(page, ["color-contrast"])
        page.emulate_media(color_scheme="light")
        faults += [f"{life}: {one}" for one in found]
    assert not faults, "\n".join(faults)
