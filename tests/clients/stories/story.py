"""A shop's first afternoon, by the client that openapi-python-client makes."""

import os
from http import HTTPStatus
from typing import TypeVar

from redress import AuthenticatedClient, Client, models
from redress.api.casework import acknowledge, assign
from redress.api.complaints import file_complaint, list_complaints, show_complaint, show_timeline
from redress.api.entrance import sign_in
from redress.types import UNSET, Unset

T = TypeVar("T")


def by(token: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=os.environ["REDRESS_API"], token=token, raise_on_unexpected_status=True)


def is_a(kind: type[T], answer: object) -> T:
    assert isinstance(answer, kind), f"{answer!r} instead of a {kind.__name__}"
    return answer


def complaint(number: int, phone: str = "13800138000") -> models.ComplaintBody:
    return models.ComplaintBody(
        order_number=f"PYTHON-{number}",
        product_name="电热水壶 1.7L",
        description="收到就是裂的，倒水会漏。",
        contact=models.ContactBody(name="王芳", phone=phone),
        channel=models.Channel.WEB,
        category=models.Category.PRODUCT_QUALITY,
    )


def main() -> None:
    shop = by(os.environ["REDRESS_TOKEN"])
    filed = [is_a(models.Receipt, file_complaint.sync(client=shop, body=complaint(number))) for number in (1, 2, 3)]
    assert {one.stage for one in filed} == {models.Stage.RECEIVED}
    complaint_id = filed[0].complaint_id
    read = is_a(models.PublicView, show_complaint.sync(complaint_id, client=shop))
    assert read.category == models.Category.PRODUCT_QUALITY
    assert read.deadline is not None
    assert read.deadline.due_at == filed[0].acknowledge_by

    page_through(shop)
    lin = by(token_of("cs.lin"))
    be_late(lin, complaint_id)
    be_wrong(shop)
    happened = is_a(models.TimelinePage, show_timeline.sync(complaint_id, client=lin))
    assert len(happened.items) >= 2


def token_of(name: str) -> str:
    body = models.SignInBody(username=name, password="Redress-local-1")
    nobody = Client(base_url=os.environ["REDRESS_API"])
    return is_a(models.SessionView, sign_in.sync(client=nobody, body=body)).access_token


def page_through(shop: AuthenticatedClient) -> None:
    """Its own list, newest first."""
    met: set[str] = set()
    cursor: str | Unset = UNSET
    for _ in range(3):
        page = is_a(models.ComplaintPage, list_complaints.sync(client=shop, limit=1, cursor=cursor))
        met |= {is_a(models.StorefrontView, one).complaint_id for one in page.items}
        cursor = page.next_cursor or UNSET
    assert len(met) == 3, met


def be_late(lin: AuthenticatedClient, complaint_id: str) -> None:
    """What was read goes stale."""
    whole = show_complaint.sync_detailed(complaint_id, client=lin)
    seen = whole.headers["ETag"]
    is_a(models.StaffView, whole.parsed)
    body = models.Acknowledgement(message="已受理，我们马上调查。")
    taken = is_a(models.StaffView, acknowledge.sync(complaint_id, client=lin, body=body, if_match=seen))
    assert taken.stage == models.Stage.INVESTIGATING
    asked = models.Assignment(assignee="cs.chen")
    refused = assign.sync_detailed(complaint_id, client=lin, body=asked, if_match=seen)
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    assert is_a(models.Problem, refused.parsed).code == "stale"


def be_wrong(shop: AuthenticatedClient) -> None:
    """What is wrong is said field by field."""
    refused = file_complaint.sync_detailed(client=shop, body=complaint(4, phone="1"))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    faults = is_a(models.Problem, refused.parsed).errors
    assert faults
    assert not isinstance(faults, Unset)
    assert faults[0].field == "contact.phone"


if __name__ == "__main__":
    main()
