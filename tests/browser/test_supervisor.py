"""A day of a supervisor, and the pages by which a day begins: nobody is shut out of them."""

from datetime import timedelta

from tests.house import PLAN, REPORT
from tests.system.cast import Cast

from . import looks
from .devices import Device


def test_a_supervisor_gives_away_what_nobody_has_and_more_time_to_what_is_late(desktop: Device, cast: Cast) -> None:
    late, nobodys = cast.file(), cast.file(product_name="台灯")
    late.do("assignment", {"assignee": "cs.lead"}, by="cs.lead")
    nobodys.do("assignment", {"assignee": None}, by="cs.lead")
    late.do("acknowledgement")
    cast.be(cast.now() + timedelta(days=6))

    desktop.sign_in(cast.token("cs.lead"))
    page = desktop.open("/console")
    looks.check(page)
    page.get_by_role("link", name="Board").click()
    page.get_by_role("heading", level=1, name="Board").wait_for()
    looks.check(page)

    page.get_by_role("checkbox", name=nobodys.complaint_id).check()
    page.get_by_label("Give those picked to").select_option("cs.chen")
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("row", name=nobodys.complaint_id).wait_for()
    looks.check(page)

    page = desktop.open("/console/board")
    assert page.get_by_role("checkbox", name=nobodys.complaint_id).count() == 0
    page.get_by_role("row", name="cs.lead").get_by_role("link").last.click()
    page.get_by_role("heading", level=1, name="Queue").wait_for()
    page.get_by_role("link", name=late.complaint_id).click()
    page.get_by_role("link", name="Extend the time").first.click()
    page.get_by_label("Working days").fill("2")
    page.get_by_label("Reason").fill("等供货商的检测报告")
    page.get_by_role("button", name="Extend and tell the consumer").click()
    page.get_by_text("The time is extended").wait_for()
    seen = cast.call("GET", f"/v1/complaints/{late.complaint_id}", cast.token("cs.lead")).body
    assert seen["deadline"]["overdue"] is False


def test_lists_of_departments_and_help_are_for_everybody(phone: Device, cast: Cast) -> None:
    case = cast.file(category="false_advertising")
    case.do("acknowledgement")
    case.do("inquiries/1/answer", {"assessment": "构成虚假宣传。"}, by="legal.xu")
    case.do("investigation-report", REPORT)
    case.do("plan-draft", PLAN)
    phone.sign_in(cast.token("legal.xu"))
    for path in ("", "/departments/legal", "/departments/logistics", "/help"):
        page = phone.open(f"/console{path}")
        looks.check(page)
