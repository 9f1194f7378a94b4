"""A management review is held, its measure carried out, by keyboard alone."""

from datetime import date

import boto3
import pytest
from playwright.sync_api import Page, expect

from chalicelib.casework import review_inputs, rules
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.management_review import AuditLookedAt, Inputs, Performance, TrainingLookedAt
from tests.house import open_house
from tests.local.test_desk import aws
from tests.system.cast import Cast
from tests.web.test_review_document import BEFORE, FIGURES

from . import looks
from .devices import Device

NAME = "review_2026H1"


@pytest.fixture(scope="module")
def prepared(cast: Cast, keys_server: str) -> None:
    """A review that is to be held, as the house would have prepared it in July: made in a house beside the running
    system, and carried over."""
    now = cast.now()
    inputs = Inputs(
        review_id=NAME,
        half=period_of("half_yearly", date(2026, 6, 1)),
        prepared_at=now,
        policy_version=1,
        performance=Performance(report_id="report_half_yearly-2026-H1-1", hash="ab", figures=FIGURES, before=BEFORE),
        audits=(
            AuditLookedAt(
                audit_id="audit_2026Q2-1",
                stage="published",
                period="2026Q2",
                findings={"major": 2, "minor": 3},
                open=1,
                size=46,
                deviating=2,
                limit="13.2",
                supported=False,
            ),
        ),
        training=(TrainingLookedAt(topic="conduct", given=3, done=2, late=1),),
    )
    with pytest.MonkeyPatch.context() as patch, open_house(patch, keys_server) as house:
        house.now = now
        review_inputs.lay_down(inputs, now, rules.in_force(now))
        items = house.items(lambda item: item.hash_key.value == f"RECORD#{NAME}")
        bucket, table = (house.environment[f"REDRESS_{one}"] for one in ("FIGURES_BUCKET", "TABLE"))
        s3 = boto3.client("s3")
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="reports/")["Contents"]]
        files = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
    for key, content in files.items():
        aws(cast.system, "s3").put_object(Bucket=bucket, Key=key, Body=content)
    for item in items:
        aws(cast.system, "dynamodb").put_item(TableName=table, Item=item)
    cast.system.settle()


def reach(page: Page, within: str, name: str) -> None:
    """As somebody without a pointer does: on and on by Tab, until what is named has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches(" + repr(within) + ")") and name in str(
            page.evaluate("document.activeElement.textContent || document.activeElement.name")
        ):
            return
    raise AssertionError(f"no way by Tab to {name}")


@pytest.mark.usefixtures("prepared")
def test_a_management_review_is_held_by_keyboard_alone_and_its_measure_carried_out(
    desktop: Device, phone: Device, cast: Cast
) -> None:
    desktop.sign_in(cast.token("management.zhou"))
    page = desktop.open("/console")
    reach(page, "main a", "management review of the first half")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{NAME}")
    looks.check(page)

    reach(page, ".acts a", "Record that it was held")
    page.keyboard.press("Enter")
    page.wait_for_url("**act=hold_review#doing")
    looks.check(page)
    for who in ("management.zhou", "quality.he"):
        page.locator(f"#do [name=participants][value='{who}']").focus()
        page.keyboard.press("Space")
    reach(page, "#do [name=text]", "")
    page.keyboard.type("Quality answers late.")
    reach(page, "#do [name='measures.0.what']", "")
    page.keyboard.type("One more person reviews.")
    reach(page, "#do [name='measures.0.owner']", "")
    page.keyboard.type("cs.lead")
    reach(page, "#do [name='measures.0.due']", "")
    page.keyboard.type("12312026")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=hold_review#main")
    looks.check(page)
    expect(page.locator("#decisions")).to_contain_text("One more person reviews.")

    phone.sign_in(cast.token("cs.lead"))
    theirs = phone.open(f"/console/management-reviews/{NAME}?act=finish_measure&part=1")
    looks.check(theirs)
    theirs.locator("#do [name=note]").fill("已到岗。")
    theirs.locator("#do .sends button").click()
    theirs.wait_for_url("**done=finish_measure#main")
    expect(theirs.locator("#decisions")).to_contain_text("已到岗。")
    listed = phone.open("/console/management-reviews")
    expect(listed.get_by_role("row").filter(has_text="已完成")).to_be_visible()
    looks.check(listed)
    looks.check(phone.open(f"/console/management-reviews/{NAME}/print"))
