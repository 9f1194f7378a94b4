"""Acts of staff in a real browser: nothing typed is lost, nobody is overwritten, the consumer reads what was shown."""

from playwright.sync_api import Page

from tests.examples import REPORT
from tests.system.cast import Case, Cast

from .devices import Device


def opened(device: Device, case: Case, action: str = "", **more: str) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in {"act": action, **more}.items() if value)
    return device.open(f"/console/complaints/{case.complaint_id}?{asked}")


def send(page: Page) -> None:
    page.locator("#doing .sends button").first.click()


def test_look(desktop: Device, phone: Device, cast: Cast) -> None:
    case = cast.file()
    case.do("acknowledgement", {})
    case.do("inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    desktop.sign_in(cast.token("cs.lin"))
    phone.sign_in(cast.token("cs.lin"))
    for device, name in ((desktop, "d"), (phone, "p")):
        page = opened(device, case)
        page.screenshot(path=f"/work/tmp/acts-{name}-report.png", full_page=True)
    case.do("inquiries/1/answer", {"assessment": "薄", "recommended_solution": "退"}, by="quality.he")
    case.do("investigation-report", REPORT)
    for device, name in ((desktop, "d"), (phone, "p")):
        page = opened(device, case)
        page.screenshot(path=f"/work/tmp/acts-{name}-plan.png", full_page=True)
