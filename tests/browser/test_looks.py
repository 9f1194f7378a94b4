"""What looks at pages sees what is wrong with them."""

import pytest

from . import looks
from .devices import Device

PAGE = (
    "<!doctype html><html lang=zh-CN><meta name=viewport content='width=device-width'><title>页</title><main>{}</main>"
)
FAULTS = {
    "<h1>投诉</h1><p style='color: #ccc; background: #fff'>看不清</p>": "light, 360 px at 100 %: color-contrast",
    "<h1>投诉</h1><input>": "dark, 360 px at 200 %: label: Form elements must have labels",
    "<h1>投诉</h1><div style='width: 300px'>太宽</div>": "360 px at 200 %: wider than the screen: <div",
    "<h1>投诉</h1><p>\ue123</p>": "no glyph for \ue123",
}


@pytest.mark.parametrize("body", FAULTS)
def test_what_shuts_somebody_out_is_said_in_words(phone: Device, body: str) -> None:
    page = phone.open("about:blank")
    page.set_content(PAGE.format(body))
    with pytest.raises(AssertionError, match="is not for everybody") as told:
        looks.check(page)
    assert FAULTS[body] in str(told.value)


def test_a_page_that_is_for_everybody_passes(phone: Device) -> None:
    page = phone.open("about:blank")
    page.set_content(PAGE.format("<h1>投诉 Your complaint 您的權利</h1>"))
    looks.check(page)


@pytest.mark.parametrize("script", ["console.error('broken')", "setTimeout(() => missing())"])
def test_an_error_on_a_page_fails_its_test_if_it_is_not_expected(phone: Device, script: str) -> None:
    page = phone.open("/privacy")
    page.evaluate(script)
    page.wait_for_timeout(50)
    (fault,) = phone.faults
    with pytest.raises(AssertionError, match="the browser complains"):
        phone.judge()
    phone.expects("broken" if "broken" in fault else "missing is not defined")
    phone.judge()
    phone.expects("status of 401")
    with pytest.raises(AssertionError, match="expected to complain"):
        phone.judge()
    phone.faults.append("status of 401")


def test_nobody_outside_this_machine_is_asked(phone: Device) -> None:
    page = phone.open("about:blank")
    phone.expects("ERR_NAME_NOT_RESOLVED")
    page.set_content(PAGE.format("<img alt='' src='http://elsewhere.example/seen.png'>"))
    page.wait_for_load_state("networkidle")
    assert phone.elsewhere() == ["http://elsewhere.example/seen.png"]
