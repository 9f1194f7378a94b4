"""Pages of other origins: a shop's own, listed in the settings, and one that nobody has listed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from infra.tour.parties import PASSWORD
from tests.house import PLAN, REPORT
from tests.system.cast import Case, Cast
from tests.web.uploads import JPEG

from . import elsewhere
from .devices import Device
from .elsewhere import Heard
from .test_entry import texted

UPLOAD = {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": len(JPEG)}
BLOCKED = "blocked by CORS policy"
KEPT = "net::ERR_FAILED"


@pytest.fixture
def page(desktop: Device, shop: str) -> Page:
    """A page of the shop."""
    return desktop.open(f"{shop}/after-sales")


@pytest.fixture
def stranger(desktop: Device) -> Iterator[Page]:
    """A page of an origin that is not listed."""
    with elsewhere.site() as origin:
        yield desktop.open(origin)


def call(page: Page, api: str, method: str, path: str, token: str = "", body: Any = None, **headers: str) -> Heard:
    how: dict[str, Any] = {"method": method, "headers": {one.replace("_", "-"): said for one, said in headers.items()}}
    if token:
        how["headers"]["Authorization"] = f"Bearer {token}"
    if body is not None:
        how["headers"]["Content-Type"] = "application/json"
        how["body"] = json.dumps(body)
    return elsewhere.ask(page, api + path, **how)


def with_evidence(cast: Cast) -> tuple[Case, str]:
    case = cast.file()
    return case, case.upload(JPEG, by="consumer")


def test_a_shops_page_shows_a_complaint_and_answers_for_its_consumer(desktop: Device, page: Page, cast: Cast) -> None:
    case, code = texted(cast, "13800138009")
    api, path = desktop.api, f"/v1/complaints/{case.complaint_id}"
    let_in = call(page, api, "POST", f"{path}/session", body={"code": code})
    token = json.loads(let_in.body)["consumer_token"]
    for resource, body in (("acknowledgement", {}), ("investigation-report", REPORT), ("resolution-plan", PLAN)):
        case.do(resource, body)
    shown = call(page, api, "GET", path, token)
    tag = shown.headers["etag"]
    assert (shown.status, json.loads(shown.body)["stage"]) == (200, "awaiting_consumer")
    again = call(page, api, "GET", path, token, If_None_Match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    desktop.expects("status of 412")
    stale = call(
        page, api, "POST", f"{path}/feedback", token, {"satisfied": True}, If_Match='"1"', Idempotency_Key="k1"
    )
    assert (stale.status, json.loads(stale.body)["request_id"]) == (412, stale.headers["x-request-id"])
    done = call(page, api, "POST", f"{path}/feedback", token, {"satisfied": True}, If_Match=tag, Idempotency_Key="k2")
    assert (done.status, json.loads(done.body)["stage"]) == (200, "closed")
    more = call(page, api, "POST", f"{path}/feedback", token, {"satisfied": True}, If_Match=tag, Idempotency_Key="k2")
    assert (more.status, more.headers["idempotency-replayed"]) == (200, "true")


def test_it_uploads_a_photograph_to_the_bucket_and_shows_it_also_by_redirect(
    desktop: Device, page: Page, cast: Cast
) -> None:
    case = cast.file()
    files = f"/v1/complaints/{case.complaint_id}/evidence"
    offered = json.loads(call(page, desktop.api, "POST", files, case.token, UPLOAD).body)
    upload = offered["upload"]
    assert upload["url"].startswith(cast.system.aws)
    sent = elsewhere.ask(page, upload["url"], method="POST", form=upload["fields"], file=[*JPEG])
    assert sent.status == 204
    cast.line.settle()
    one = f"{files}/{offered['evidence_id']}"
    redirected = call(page, desktop.api, "GET", one, case.token)
    assert (redirected.status, redirected.body) == (200, JPEG), "the bucket sees Origin: null, and answers anybody"
    assert redirected.url.startswith(cast.system.aws)
    link = json.loads(call(page, desktop.api, "GET", f"{one}?redirect=false", case.token).body)["url"]
    assert elsewhere.ask(page, link).body == JPEG


def test_a_tool_of_staff_signs_in_files_and_reads_who_one_is(desktop: Device, page: Page, cast: Cast) -> None:
    entered = call(page, desktop.api, "POST", "/v1/sign-in", body={"username": "cs.lin", "password": PASSWORD})
    token = json.loads(entered.body)["access_token"]
    assert json.loads(call(page, desktop.api, "GET", "/v1/me", token).body)["name"] == "cs.lin"
    filing = cast.file().filing | {"channel": "phone"}
    filed = call(page, desktop.api, "POST", "/v1/complaints", token, filing, Idempotency_Key="phone-1")
    assert (filed.status, filed.headers["location"]) == (
        201,
        f"/v1/complaints/{json.loads(filed.body)['complaint_id']}",
    )


def test_a_page_that_is_not_listed_reads_nothing_of_the_api_and_changes_nothing(
    desktop: Device, stranger: Page, cast: Cast
) -> None:
    case = cast.file()
    path = f"/v1/complaints/{case.complaint_id}"
    desktop.expects(BLOCKED)
    desktop.expects(KEPT)
    assert call(stranger, desktop.api, "GET", "/v1/health").status == 0
    assert call(stranger, desktop.api, "GET", path, case.token).status == 0
    assert call(stranger, desktop.api, "POST", f"{path}/withdrawal", case.token, {}).status == 0
    assert json.loads(cast.call("GET", path, case.token).text)["stage"] == "received"


def test_whoever_has_a_link_to_a_file_may_show_it_and_hears_nothing_of_an_upload(
    desktop: Device, stranger: Page, cast: Cast
) -> None:
    case, number = with_evidence(cast)
    files = f"/v1/complaints/{case.complaint_id}/evidence"
    link = cast.call("GET", f"{files}/{number}?redirect=false", case.token).body["url"]
    assert elsewhere.ask(stranger, link).body == JPEG
    upload = cast.call("POST", files, case.token, json=UPLOAD).body["upload"]
    desktop.expects(BLOCKED)
    desktop.expects(KEPT)
    assert elsewhere.ask(stranger, upload["url"], method="POST", form=upload["fields"], file=[*JPEG]).status == 0
