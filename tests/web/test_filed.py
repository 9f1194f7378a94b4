"""A storefront finds its own complaints, and nobody else's: by order, by what it calls them, by what changed since."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.adapters.filed import SHARDS
from chalicelib.adapters.places import tasks_of
from chalicelib.casework import file as filing
from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import NOBODY, storefront
from tests.house import FRIDAY, KETTLE, House, forget, refused

from .uploads import OFFER, upload

OTHER = "another-shop"
TO_ITSELF = {"campaign": "双十一", "store.no": "9"}


@pytest.fixture(scope="module")
def shops(lasting_house: House) -> Iterator[House]:
    """A house with two storefronts."""
    known = lasting_house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDRESS_STOREFRONT_CLIENT_IDS", f"{known},{OTHER}")
        forget()
        yield lasting_house


@pytest.fixture
def house(shops: House) -> House:
    shops.now = max(shops.now, FRIDAY) + timedelta(hours=1)
    return shops


def token(house: House, who: str) -> str:
    if who == OTHER:
        return house.pool_token(**(house.claims("storefront") | {"client_id": OTHER}))
    return house.token(who)


def file(house: House, who: str = "storefront", **changes: Any) -> str:
    answer = house.post("/v1/complaints", KETTLE | changes, token=token(house, who))
    assert answer.status == 201, answer.text
    return str(answer.json["complaint_id"])


def page(house: House, query: str = "", who: str = "storefront") -> Any:
    answer = house.get(f"/v1/complaints?{query}", token=token(house, who))
    assert answer.status == 200, answer.text
    return answer.json


def found(house: House, query: str = "", who: str = "storefront") -> list[str]:
    return [one["complaint_id"] for one in page(house, query, who)["items"]]


def since(house: House) -> str:
    return f"updated_since={written(house.now)}"


# ---- its list ------------------------------------------------------------------------------------------------------


def test_a_line_says_what_a_shop_needs_and_nobody_s_name(house: House) -> None:
    number = file(house, external_ref="AS-1", metadata=TO_ITSELF)
    [line] = page(house, "external_ref=AS-1")["items"]
    now = written(house.now)
    assert line == {
        "view": "storefront",
        "complaint_id": number,
        **{name: KETTLE[name] for name in ("order_number", "product_name", "category")},
        "external_ref": "AS-1",
        "metadata": TO_ITSELF,
        "stage": "received",
        "round": 1,
        "outcome": None,
        "received_at": now,
        "updated_at": now,
        "closed_at": None,
        "deadline": {
            "stage": "received",
            "due_at": written(house.now + timedelta(days=1)),
            "provisional": False,
            "overdue": False,
            "waiting_since": None,
            "waiting_for": None,
        },
    }


def test_what_it_asks_for_is_what_it_called_it_to_the_letter(house: House) -> None:
    one, other = file(house, external_ref="as/7 甲"), file(house, external_ref="AS/7 甲")
    assert found(house, f"external_ref={quote('as/7 甲')}") == [one]
    assert found(house, f"external_ref={quote('AS/7 甲')}") == [other]
    assert found(house, "external_ref=AS-unknown") == []


def test_of_an_order_it_sees_its_own_whatever_others_filed(house: House) -> None:
    own = [file(house, order_number="E-77", external_ref="AS-77"), file(house, order_number="e-77")]
    theirs = file(house, OTHER, order_number="E-77", external_ref="AS-77")
    staff = house.post("/v1/complaints", KETTLE | {"order_number": "E-77", "channel": "phone"}, "cs.lin")
    assert staff.status == 201
    assert sorted(found(house, "order_number=E-77")) == sorted(own)
    assert found(house, "order_number=E-77", OTHER) == [theirs]
    assert found(house, "external_ref=AS-77", OTHER) == [theirs]
    assert found(house, "order_number=E-77&external_ref=AS-77") == [own[0]]
    assert len(found(house, "order_number=E-77", "cs.lin")) == 4


def test_the_list_goes_on_from_where_a_copy_is_and_each_is_there_once(house: House) -> None:
    begun = since(house)
    numbers = []
    for _ in range(5):
        numbers.append(file(house))
        house.pass_time(minutes=1)
    file(house, OTHER)
    first = page(house, f"{begun}&limit=2")
    assert [one["complaint_id"] for one in first["items"]] == numbers[:2]
    house.do(numbers[0], "notes", {"text": "已联系仓库。", "public": True})
    rest, cursor = [], first["next_cursor"]
    while cursor:
        following = page(house, f"{begun}&limit=2&cursor={quote(cursor)}")
        rest += [one["complaint_id"] for one in following["items"]]
        cursor = following["next_cursor"]
    assert rest == [*numbers[2:], numbers[0]], "what has changed meanwhile comes again, at the end"
    assert found(house, "limit=5") == [numbers[0], *numbers[:1:-1], numbers[1]], "by itself it begins with the latest"


def test_only_what_a_consumer_may_see_moves_it(house: House) -> None:
    number = file(house)
    house.pass_time(minutes=1)
    later = since(house)
    house.do(number, "notes", {"text": "先问仓库。"})
    house.do(number, "assignment", {"assignee": "cs.chen"})
    assert found(house, later) == []
    assert house.do(number, "acknowledgement", {}).status == 200
    [line] = page(house, later)["items"]
    assert (line["complaint_id"], line["stage"], line["updated_at"]) == (number, "investigating", written(house.now))


def test_pages_of_one_order_are_walked_too(house: House) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(file(house, order_number="E-88"))
        house.pass_time(minutes=1)
    first = page(house, "order_number=E-88&limit=2")
    last = page(house, f"order_number=E-88&limit=2&cursor={quote(first['next_cursor'])}")
    assert [one["complaint_id"] for one in first["items"] + last["items"]] == numbers[::-1]
    assert last["next_cursor"] is None


def test_a_page_costs_the_same_whatever_there_is(house: House) -> None:
    file(house, external_ref="AS-9")
    page(house)
    for query, reads in (("limit=1", SHARDS), ("external_ref=AS-9", 1), ("order_number=E-88", 1)):
        with house.counting() as calls:
            page(house, query)
        assert calls == ["dynamodb:Query"] * reads + ["dynamodb:BatchGetItem"], query


# ---- what it may not ask -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["stage=received", "assignee=cs.lin", "overdue=true", "safety=true", "task=inquiry"])
def test_it_does_not_ask_as_staff_do(house: House, query: str) -> None:
    answer = house.get(f"/v1/complaints?{query}", "storefront")
    refused(answer, 422, "invalid", field=query.partition("=")[0])
    assert answer.json["errors"][0]["code"] == "of_staff_only"


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-10-09", "1760000000"]
)
def test_what_is_no_moment_of_ours_is_named(house: House, since: str) -> None:
    refused(
        house.get(f"/v1/complaints?updated_since={quote(since)}", "storefront"), 422, "invalid", field="updated_since"
    )


@pytest.mark.parametrize("query", ["external_ref=AS-1", "updated_since=2026-10-09T00:00:00Z"])
def test_nor_do_staff_ask_as_it_does(house: House, query: str) -> None:
    answer = house.get(f"/v1/complaints?{query}", "cs.lin")
    refused(answer, 422, "invalid", field=query.partition("=")[0])
    assert answer.json["errors"][0]["code"] == "of_storefronts_only"


def test_a_cursor_is_good_for_that_list_of_that_shop_only(house: House) -> None:
    for _ in range(2):
        file(house)
    cursor = quote(page(house, "limit=1")["next_cursor"])
    refused(house.get(f"/v1/complaints?{since(house)}&cursor={cursor}", "storefront"), 400, "malformed")
    refused(house.get(f"/v1/complaints?cursor={cursor}", token=token(house, OTHER)), 400, "malformed")
    refused(house.get(f"/v1/complaints?cursor={cursor[:-2]}AA", "storefront"), 400, "malformed")


def test_a_complaint_that_staff_filed_is_in_no_shop_s_list(house: House) -> None:
    begun = since(house)
    phoned = house.post("/v1/complaints", KETTLE | {"channel": "phone", "external_ref": "AS-5"}, "cs.lin")
    assert phoned.status == 201
    assert found(house, begun) == found(house, "external_ref=AS-5") == []


# ---- what it does for its customer -----------------------------------------------------------------------------------


def test_a_customer_at_the_counter_gets_a_photograph_added_and_a_fresh_link(house: House) -> None:
    """The shop has nothing but the number of the order: it finds the complaint, adds what the customer brings, and
    hands over a link, by which they see it; another shop can do none of it."""
    receipt = house.file(order_number="E-99")
    [line] = page(house, "order_number=E-99")["items"]
    assert line["complaint_id"] == receipt["complaint_id"]
    path = f"/v1/complaints/{line['complaint_id']}"
    stranger = token(house, OTHER)
    for resource, body in (("evidence", OFFER), ("link", {})):
        refused(house.do(receipt["complaint_id"], resource, body, None, token=stranger), 404, "not_found")
    refused(house.get(path, token=stranger), 404, "not_found")
    number = upload(house, receipt, "storefront")
    link = house.post(f"{path}/link", {}, "storefront").json
    assert link["tracking_url"].endswith(f"#token={link['consumer_token']}")
    seen = house.get(path, token=link["consumer_token"]).json
    assert [(one["evidence_id"], one["added_by"]) for one in seen["evidence"]] == [(number, "consumer")]
    assert house.get(f"{path}/evidence/{number}", token=link["consumer_token"]).status == 302
    refused(house.get(path, token=receipt["consumer_token"]), 401, "unauthenticated")


# ---- what it keeps beside it ---------------------------------------------------------------------------------------


def test_what_a_shop_keeps_beside_a_complaint_is_for_itself_and_staff(house: House) -> None:
    receipt = house.file(metadata=TO_ITSELF)
    path = f"/v1/complaints/{receipt['complaint_id']}"
    assert house.get(path, "storefront").json["metadata"] == TO_ITSELF
    assert house.get(path, "cs.lin").json["metadata"] == house.get(path, "quality.he").json["metadata"] == TO_ITSELF
    theirs = house.get(path, token=receipt["consumer_token"])
    assert theirs.json["metadata"] is None
    assert "双十一" not in theirs.text
    assert "双十一" not in house.get(f"{path}/timeline", token=receipt["consumer_token"]).text
    shown = house.look(f"/console/complaints/{receipt['complaint_id']}", "cs.lin").text
    assert "campaign: 双十一" in shown
    assert house.get(f"/v1/complaints/{file(house)}", "storefront").json["metadata"] == {}


@pytest.mark.parametrize(
    ("metadata", "field", "code"),
    [
        ({"two words": "1"}, "metadata.two words", "not_a_metadata_name"),
        ({"电话": "1"}, "metadata.电话", "not_a_metadata_name"),
        ({"a ": "1", "a": "2"}, "metadata.a ", "not_a_metadata_name"),
        ({"a": "\ud800"}, "metadata.a", "not_text"),
        ({"a" * 41: "1"}, f"metadata.{'a' * 41}", "too_long"),
        ({"a": ""}, "metadata.a", "missing"),
        ({"a": "x" * 501}, "metadata.a", "too_long"),
        ({"a": 1}, "metadata.a", "not_text"),
        ({f"a{n}": "1" for n in range(21)}, "metadata", "too_many"),
        (["a"], "metadata", "not_an_object"),
    ],
)
def test_metadata_is_twenty_short_texts_by_name(house: House, metadata: Any, field: str, code: str) -> None:
    answer = house.post("/v1/complaints", KETTLE | {"metadata": metadata}, "storefront")
    refused(answer, 422, "invalid", field=field)
    assert answer.json["errors"][0]["code"] == code


# ---- what it costs -------------------------------------------------------------------------------------------------


def test_a_line_is_small_however_much_is_kept_beside_a_complaint(house: House) -> None:
    known = {name: value for name, value in KETTLE.items() if name != "contact"}
    many = {f"name{n}": "字" * 500 for n in range(20)}
    asked = submissions.Filing.model_validate(known | {"metadata": many})
    complaint = filing.file(asked, NOBODY, storefront(OTHER), house.now, None).state
    lines = [task for task in tasks_of(complaint) if task.name.startswith("shop")]
    assert [task.name for task in lines] == ["shop", "shop external"]
    assert all(len(repr(task)) < 300 for task in lines)
