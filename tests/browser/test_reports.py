"""A month's report as people work with it (6.1): read, a bottleneck followed to its cases, a measure decided, carried
out, and seen in the next report with the figure beside it."""

import boto3
import pytest
from playwright.sync_api import Browser, expect

from chalicelib.domain.supervision.figures import Figure
from tests.house import open_house
from tests.local.test_desk import aws
from tests.system.cast import Cast, china
from tests.web.reported import FIGURES, MONTH, SEPTEMBER, laid_down

from . import looks
from .conftest import held
from .devices import PHONE, Device

MONDAY, TUESDAY = china(11, 2, 10), china(11, 3, 10)
WORSE = Figure(n=143, value=0.71, unit="share", rows=FIGURES["M14"].rows)


class Months:
    """Two months' reports made by hand, laid down in the running system when it is time for each."""

    def __init__(self, cast: Cast, keys_server: str) -> None:
        self.cast, self.ids = cast, [cast.file().complaint_id for _ in range(3)]
        spent = {one: {"investigating": 86_400 * days} for one, days in zip(self.ids, (2, 9, 4), strict=True)}
        cases = {"M03": self.ids, "M14": self.ids[:2], "M15": self.ids}
        september = MONTH.model_copy(
            update={
                "report_id": "report_monthly-2026-09-1",
                "period": SEPTEMBER,
                "edition": 1,
                "reason": None,
                "computed_at": china(10, 9, 9),
                "as_of": china(10, 8).date(),
                "figures": dict(FIGURES) | {"M14": WORSE},
            }
        )
        with pytest.MonkeyPatch.context() as patch, open_house(patch, keys_server) as house:
            for one in (september, MONTH):
                laid_down(cases, one, spent)
            self.items = house.items(lambda item: "RECORD#report_" in item.hash_key.value)
            self.bucket, self.table = (house.environment[f"REDRESS_{one}"] for one in ("FIGURES_BUCKET", "TABLE"))
            s3 = boto3.client("s3")
            keys = [one["Key"] for one in s3.list_objects_v2(Bucket=self.bucket, Prefix="reports/")["Contents"]]
            self.files = {key: s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}

    def lay_down(self, name: str) -> None:
        for key, content in self.files.items():
            if f"/{name}/" in key:
                aws(self.cast.system, "s3").put_object(Bucket=self.bucket, Key=key, Body=content)
        for item in self.items:
            if item["pk"]["S"] == f"RECORD#{name}":
                aws(self.cast.system, "dynamodb").put_item(TableName=self.table, Item=item)
        self.cast.line.settle()


@pytest.fixture(scope="module")
def months(cast: Cast, keys_server: str) -> Months:
    cast.begin_anew(MONDAY)
    return Months(cast, keys_server)


def test_a_bottleneck_is_followed_to_its_cases_and_a_measure_to_the_next_report(
    desktop: Device, phone: Device, browser: Browser, cast: Cast, months: Months
) -> None:
    months.lay_down("report_monthly-2026-09-1")
    desktop.sign_in(cast.token("cs.lead"))
    page = desktop.open("/console/reports")
    looks.check(page)
    page.get_by_role("link", name="September 2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Complaints in September 2026")
    expect(page.locator(".sentence")).to_contain_text("The bottleneck is “Investigation” while it waits for quality")
    expect(page.locator("figure svg[role=img]")).to_have_count(5)
    looks.check(page)

    page.get_by_role("link", name="The complaints in it, the longest first").click()
    listed = page.locator("main ol li")
    expect(listed.first).to_contain_text(f"9 d {months.ids[1]}")
    looks.check(page)
    listed.first.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(months.ids[1])
    page.go_back()
    page.get_by_role("link", name="Complaints in September 2026").click()

    page.get_by_role("link", name="Decide a measure for this figure: Inquiries answered in time").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Text").fill("九月质检只有两人在岗。")
    page.get_by_label("What is done").fill("质检每天上午先答复超过一天的协查。")
    page.get_by_label("By whom").select_option("quality.he")
    page.get_by_label("Until").fill("2026-11-30")
    expect(page.get_by_label("The figure it is to move")).to_have_value("M14")
    looks.check(page)
    page.get_by_role("button", name="Save the comment").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The comment is saved.")
    expect(page.locator("#steps")).to_contain_text("71.0%")

    phone.sign_in(cast.token("management.zhou"))
    page = phone.open("/console/reports/report_monthly-2026-09-1")
    page.get_by_role("link", name="发布报告").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_have_text("报告已发布。")

    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as plain:
        plain.sign_in(cast.token("quality.he"))
        page = plain.open("/console/measures")
        page.get_by_role("link", name="登记完成").click()
        page.locator("#do [name=note]").fill("已改为每天上午先答复。")
        page.get_by_role("button", name="登记完成").click()
        expect(page.get_by_role("status")).to_contain_text("已登记完成")

    cast.be(TUESDAY)
    months.lay_down(MONTH.report_id)
    page = desktop.open("/console/reports")
    page.get_by_role("link", name="October 2026 · edition 2").click()
    step = page.locator("#steps tbody tr")
    expect(step).to_contain_text("71.0%")
    expect(step).to_contain_text("86.0%")
    expect(step).to_contain_text("已改为每天上午先答复。")
    expect(step).to_contain_text("Done on Monday, 2 November 2026")


def test_measures_and_alerts_are_for_everybody(phone: Device, cast: Cast, months: Months) -> None:
    phone.sign_in(cast.token("cs.lead"))
    for path in ("measures?owner=quality.he", "alerts", "reports/report_monthly-2026-09-1/cases?measure=M03"):
        looks.check(phone.open(f"/console/{path}"))
